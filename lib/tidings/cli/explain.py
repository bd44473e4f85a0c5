"""The command explain: where a number comes from."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidings.cli.options import Parameters, Tenant, locate_outputs
from tidings.cli.terminal import print_text
from tidings.errors import MetricError, UsageError
from tidings.language.english import counted

if TYPE_CHECKING:
    from tidings.review.explain import Explanation, Line

Outputs = Annotated[str, typer.Option(help="Folder of the reports, one of which may have recorded it.")]

_ROWS_SHOWN = 20
_LINES_SHOWN = 40


def explain(
    tenant: Tenant,
    number: Annotated[str, typer.Option(help="Its recorded name, such as activity.new_users.")],
    period: Annotated[str, typer.Option(help="2026-W46, 2026-11a, 2026-11, a range, or latest.")] = "latest",
    where: Annotated[
        list[str] | None, typer.Option(help="Of a table only these lines: day=2026-11-10, agent=Ana.")
    ] = None,
    rows: Annotated[str, typer.Option(help="A CSV file for all the rows; without it, 20 are shown.")] = "",
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
    unfinished: Annotated[bool, typer.Option(help="Allow a period that is not over yet.")] = False,
) -> None:
    """Show where a number comes from: definition, SQL, rows, and the same number counted by plain Python.

    Exit status: 0 both are the same, 1 they differ, or there is no such number.
    """
    from tidings.metrics.edition import load_edition
    from tidings.review.explain import explain as find
    from tidings.review.explain import in_words, read_recorded, refuse_number_of_notebook, write_rows

    folder = locate_outputs(outputs)
    edition = load_edition(tenant, period, parameters, unfinished=unfinished)
    refuse_number_of_notebook(edition, number, folder)
    explanation = find(edition, number, _read_where(where or []))
    for text in (
        _heading(explanation),
        *(f"SQL ({explanation.engine}):\n{query}" for query in explanation.queries),
        _rows_in_words(explanation),
        _lines_in_words(explanation),
    ):
        print_text(f"{text}\n")
    if rows:
        write_rows(explanation, Path.cwd() / rows)
        print_text(f"{counted(len(explanation.rows), 'row')}: {Path.cwd() / rows}")
    if not explanation.agrees:
        raise MetricError(
            "plain Python counts from these rows another number than was computed",
            where=f"number {number}, tenant {tenant}, period {edition.period.key}",
            remedy="trust neither, and report it with this output: one of the two counts is wrong",
        )
    print_text("Both are the same.")
    if (recorded := read_recorded(edition, number, folder)) and not explanation.is_value(recorded[0]):
        print_text(
            f"The report in {folder} recorded {in_words(recorded[0])}: the data, the parameters or the "
            "library have changed since it was made."
        )


def _read_where(given: list[str]) -> dict[str, str]:
    for condition in given:
        if "=" not in condition:
            raise UsageError(
                f"{condition!r} chooses no line",
                where="option --where",
                remedy="write column=value, such as day=2026-11-10",
            )
    return {column: value for column, _, value in (condition.partition("=") for condition in given)}


def _heading(explanation: "Explanation") -> str:
    from tidings.review.explain import in_words

    edition, metric = explanation.edition, explanation.metric
    lines = [
        f"{explanation.name}: {metric.label}",
        f"Tenant {edition.tenant.id}, period {edition.period.key}, {edition.period.zone.key}",
        metric.definition,
    ]
    if not metric.is_table:
        [line] = explanation.lines
        lines.append(f"Value: {in_words(line.computed[0] if line.computed else None)}")
        if metric.compared:
            lines.append(f"In the period before: {in_words(explanation.previous)}")
    return "\n".join(lines)


def _rows_in_words(explanation: "Explanation") -> str:
    """The first of the rows, in columns; a column without a value in them is left out."""
    from tidings.review.explain import in_words

    count, first = len(explanation.rows), explanation.rows[:_ROWS_SHOWN]
    if not first:
        return "No row counts."
    columns = [name for name in explanation.columns if any(row[name] is not None for row in first)]
    cells = [[in_words(row[name]) if row[name] is not None else "" for name in columns] for row in first]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    table = "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in (columns, *cells)
    )
    more = (
        f", of which these are the first {len(first)} (all of them: ROWS=file.csv)"
        if count > len(first)
        else ""
    )
    return f"{counted(count, 'row counts', 'rows count')}{more}; instants are in UTC:\n{table}"


def _lines_in_words(explanation: "Explanation") -> str:
    """Each line with both numbers: those that differ before the others."""
    metric = explanation.metric
    lines = sorted(explanation.lines, key=lambda line: line.agrees)
    more = len(lines) - _LINES_SHOWN
    told = [_line_in_words(line) for line in lines[:_LINES_SHOWN]]
    if more > 0:
        told.append(f"and {counted(more, 'more line')}: choose some with DAY=, AGENT= or WHERE=column=value")
    head = f"{', '.join(metric.columns)}: computed, and " if metric.is_table else "Computed, and "
    return f"{head}counted by plain Python from these rows:\n" + "\n".join(told)


def _line_in_words(line: "Line") -> str:
    from tidings.review.explain import in_words

    place = ", ".join(map(in_words, line.place))
    computed, counted = (
        "no such line" if values is None else ", ".join("none" if v is None else in_words(v) for v in values)
        for values in (line.computed, line.counted)
    )
    verdict = f"{computed} and {counted}" if line.agrees else f"{computed} but {counted}"
    return f"  {place}: {verdict}" if place else f"  {verdict}"

"""The commands of the review: review, diff, export, history. The command line registers them."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text
from upath import UPath

from tidings.cli.files import put
from tidings.cli.terminal import print_table, print_text
from tidings.errors import ReportError
from tidings.language.english import counted
from tidings.project import locate_folder, project_folder

Parameters = Annotated[str, typer.Option(help="Folder of the tenants' files.")]
Outputs = Annotated[str, typer.Option(help="Folder of the reports and their history.")]
PeriodName = Annotated[str, typer.Option(help="2026-W46, 2026-11a, 2026-11, a range; or latest.")]

_MOST_ROWS = 40
_SECONDS = 3600


def review(
    period: Annotated[
        str, typer.Option(help="Only this one, by its name; the newest of each tenant, if not given.")
    ] = "",
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
) -> None:
    """Show all tenants of a batch on one page, the worst first: outputs/review.html."""
    import nbformat

    from tidings.notebook.execute import execute
    from tidings.review.page import render_page
    from tidings.tenants.tenant import SERVICES

    root, folder = project_folder(), locate_folder(outputs, project_folder())
    if not folder.is_dir():
        raise ReportError("there is no such folder", where=f"folder {folder}", remedy="make reports first")
    given = {"outputs": str(folder), "parameters": str(locate_folder(parameters, root)), "period": period}
    with TemporaryDirectory(prefix="tidings-review-") as draft:
        notebook = execute(
            root / "notebooks" / "review.ipynb",
            Path(draft) / "review.ipynb",
            given,
            SERVICES,
            seconds=_SECONDS,
        )
    put(folder / "review.ipynb", nbformat.writes(notebook).encode())
    put(folder / "review.html", render_page(notebook).encode())
    print_text(f"review: {folder / 'review.html'}")


def diff(
    tenant: Annotated[str, typer.Argument(help="A tenant's id.")],
    period: PeriodName = "latest",
    against: Annotated[
        str,
        typer.Option(
            help="Another period; earlier: as it was before it was made anew; or a version's first digits. "
            "The period before, if not given."
        ),
    ] = "",
    everything: Annotated[bool, typer.Option("--all", help="Every value, and not the first 40.")] = False,
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
) -> None:
    """Show in which recorded values two editions differ, or one before and after it was made anew."""
    from tidings.periods import clock
    from tidings.periods.period import parse_period
    from tidings.review import differences
    from tidings.review.history import update_history
    from tidings.tenants.tenant import load_tenant

    root, folder = project_folder(), locate_folder(outputs, project_folder())
    owner = load_tenant(tenant, locate_folder(parameters, root))
    wanted = parse_period(period, owner, clock.now())
    other = against or wanted.previous().key
    update_history(folder, {wanted.key, other})
    before, after = differences.choose_versions(folder, owner.id, wanted.key, other)
    found = differences.compare(folder, before, after)
    if found.empty:
        print_text(f"{before} and {after} recorded the same")
        return
    print_table(_as_table(found if everything else found.head(_MOST_ROWS), (before, after)))
    if not everything and len(found) > _MOST_ROWS:
        print_text(f"and {len(found) - _MOST_ROWS:,} more: --all, or ALL=1, shows them")
    if before.period == after.period:
        print_text(f"restated: {'; '.join(differences.say(found))}")


def export(
    form: Annotated[str, typer.Option("--format", help="csv, parquet or xlsx.")] = "csv",
    tenant: Annotated[str, typer.Option(help="Only this tenant, by its id.")] = "",
    period: Annotated[str, typer.Option(help="Only this period, by its name.")] = "",
    to: Annotated[str, typer.Option(help="The file; outputs/history.<format>, if not given.")] = "",
    outputs: Outputs = "outputs",
) -> None:
    """Write the recorded values of all editions, or of some, as a file for other programs."""
    from tidings.review.export import export as write
    from tidings.review.history import read_history, update_history

    folder = locate_folder(outputs, project_folder())
    periods = {period} if period else None
    update_history(folder, periods)
    frame = read_history(folder, tenant=tenant or None, periods=periods)
    if frame.empty:
        raise ReportError(
            "nothing was recorded",
            where=" ".join(filter(None, (tenant, period))) or f"folder {folder}",
            remedy="see make status for the reports that there are",
        )
    if to:
        file = Path.cwd() / to
    elif isinstance(folder, Path):
        file = folder / f"history.{form}"
    else:
        raise ReportError(
            "is in an object store, where no file is written beside the reports",
            where=f"folder {folder}",
            remedy="say where to with TO=, a file of this machine",
        )
    write(frame, file, form)
    print_text(f"{counted(len(frame), 'value')}: {file}")


def history(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Read every executed notebook again.")] = False,
    outputs: Outputs = "outputs",
) -> None:
    """Bring the history of recorded values up to date with the reports that there are."""
    from tidings.review.history import rebuild_history, update_history

    folder = locate_folder(outputs, project_folder())
    count = rebuild_history(folder) if rebuild else update_history(folder)
    print_text(f"{counted(count, 'edition')} {'in' if rebuild else 'added to'} the history")


def add_to_history(outputs: Path | UPath, periods: set[str]) -> None:
    """Keep what new reports of these periods have recorded, before a later making replaces them.

    Raises
    ------
    ReportError
        See `tidings.review.history.update_history`.
    """
    if periods:  # else it is not worth the second that the import takes
        from tidings.review.history import update_history

        update_history(outputs, periods)


def _as_table(found, versions) -> Table:
    """The differences for people: what, where, before, after, change."""
    import pandas as pd

    from tidings.language import numbers
    from tidings.review.differences import ENGLISH, label, show, show_change

    before, after = versions
    named = before.period != after.period
    table = Table()
    for head in (
        "Value",
        "Where",
        before.period if named else before.digest[:8],
        after.period if named else after.digest[:8],
        "Change",
    ):
        is_text = head in ("Value", "Where")
        table.add_column(head, overflow="fold", justify="left" if is_text else "right", no_wrap=not is_text)
    keys = [
        key for key in found.columns if key not in ("name", "measure", "day", "before", "after", "change")
    ]
    for row in found.to_dict("records"):
        name, measure = row["name"], None if pd.isna(row["measure"]) else row["measure"]
        day = "" if pd.isna(row["day"]) else numbers.day(row["day"], ENGLISH)
        where = [day, *(str(row[key]) for key in keys if not pd.isna(row[key]))]
        cells = (
            label(name, measure),
            ", ".join(filter(None, where)),
            show(row["before"], name, measure),
            show(row["after"], name, measure),
            show_change(row["before"], row["after"], name, measure),
        )
        table.add_row(*map(Text, cells))
    return table

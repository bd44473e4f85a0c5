"""A batch read back: a line for each tenant, the worst first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import pandas as pd
from upath import UPath

from tidings.errors import ParametersError
from tidings.periods import clock
from tidings.project import locate_folder, project_folder
from tidings.reports import editions as reports
from tidings.review.differences import list_restated, list_restated_after_mailing
from tidings.review.editions import ListedEdition, first_day, kind, list_editions, list_newest
from tidings.review.history import EDITION, read_history, recorded_periods, update_history
from tidings.review.lines import (
    HEADLINES,
    SERIES,
    SERIES_LENGTH,
    Delivered,
    Deliveries,
    Line,
    Review,
    Run,
)
from tidings.review.notebooks import read_error
from tidings.review.spread import Spread, measure_spread, signed
from tidings.review.standing import STATES, Finding, State
from tidings.tenants.tenant import tenant_ids

_BROKEN_RULES = ("ContractError", "MetricError")


def open_review(
    outputs: str | Path | UPath = "outputs",
    period: str = "",
    *,
    parameters: str | Path | UPath | None = None,
    deliveries: Deliveries | None = None,
) -> Review:
    """Read a batch back; what the history does not have is read from executed notebooks, and kept there.

    Parameters
    ----------
    outputs : str, Path or UPath
        The folder of ``<tenant>/<period>/``; text is relative to the project.
    period : str, optional
        Only editions of this one, by its key; without it, the newest edition of each tenant.
    parameters : str, Path or UPath, optional
        The folder of the tenants' files: each of these should have an edition, and by the file it is known
        whether its mail waits for a review; text is relative to the project.
    deliveries : mapping, optional
        What became of messages.
    """
    root = project_folder()
    folder = locate_folder(outputs, root) if isinstance(outputs, str) else outputs
    files = locate_folder(parameters, root) if isinstance(parameters, str) else parameters
    editions = list_editions(folder, [period], files) if period else list_newest(folder, files)
    periods = {edition.period for edition in editions} | ({period} if period else set())
    update_history(folder, periods)
    recorded = _read_recorded(folder, periods, editions)
    series = _read_series(folder, periods)
    run, restated = read_run(folder), list_restated(folder, periods)
    sent = {key: each.digests for key, each in (deliveries or {}).items() if key[1] in periods}
    misled = list_restated_after_mailing(folder, sent)
    errors = _errors_of(run, period)
    lines = []
    for edition in editions:
        line = _describe(edition, recorded.get((edition.tenant, edition.period)), errors.get(edition.tenant))
        found = series.get((edition.tenant, kind(edition.period)), ("", ()))
        until = tuple(pair for pair in found[1] if first_day(pair[0]) <= first_day(edition.period))
        line = replace(line, series_name=found[0], series=until[-SERIES_LENGTH:])
        if deliveries is not None:
            line = replace(line, delivered=deliveries.get((line.tenant, line.period), Delivered({})))
        if said := misled.get((line.tenant, line.period)):
            line = _add(line, State.REVIEW, "restated", f"Mailed, and restated since: {'; '.join(said)}.")
        elif said := restated.get((line.tenant, line.period)):
            line = _add(line, State.NOTE, "restated", f"Restated: {'; '.join(said)}.")
        lines.append(line)
    lines = _mark_late(lines) if not period else lines
    lines += _list_absent(lines, period, _list_tenants(files), series, errors, run)
    spreads = {
        name: measure_spread({line.tenant: (line.values.get(name), line.before.get(name)) for line in lines})
        for name in HEADLINES
    }
    lines = [_tell_outlier(line, spreads) for line in lines]
    lines.sort(key=lambda line: (line.state.rank, -len(line.findings), line.tenant))
    return Review(period, tuple(lines), spreads, clock.now(), run)


def read_run(outputs: Path | UPath) -> Run | None:
    """What the batch that ran last has written; None where there is nothing that can be read."""
    try:
        about = reports.read_run(outputs)
        editions = tuple(each for each in about["editions"] if isinstance(each, dict) and "tenant" in each)
        return Run(datetime.fromisoformat(about["begun"]), about["ended"] is not None, editions)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _list_tenants(parameters: Path | UPath | None) -> list[str]:
    """The ids of all tenants that have a file; none where the folder cannot be read."""
    try:
        return tenant_ids(parameters) if parameters else []
    except ParametersError:
        return []


@dataclass
class _Recorded:
    """What the history has of an edition."""

    numbers: dict[str, float] = field(default_factory=dict)
    seconds: float | None = None
    picture: bytes | None = None


def _read_recorded(
    outputs: Path | UPath, periods: set[str], editions: Sequence[ListedEdition]
) -> dict[tuple[str, str], _Recorded]:
    """The recorded headlines of each edition, of the very version that lies in the outputs."""
    names = [*HEADLINES, *(f"{name}.previous" for name in HEADLINES), EDITION]
    columns = ["name", "value", "seconds", "picture"]
    frame = read_history(outputs, periods=periods, names=names, columns=columns, every_version=True)
    lying = {(edition.tenant, edition.period, edition.digest) for edition in editions}
    recorded: dict[tuple[str, str], _Recorded] = {}
    for row in frame.to_dict("records"):
        if (row["tenant"], row["period"], row["digest"]) not in lying:
            continue
        each = recorded.setdefault((row["tenant"], row["period"]), _Recorded())
        if row["name"] == EDITION:
            each.seconds = None if pd.isna(row["seconds"]) else row["seconds"]
            each.picture = row["picture"]
        elif not pd.isna(row["value"]):
            each.numbers[row["name"]] = row["value"]
    return recorded


def _read_series(
    outputs: Path | UPath, periods: set[str]
) -> dict[tuple[str, str], tuple[str, tuple[tuple[str, float], ...]]]:
    """The last periods' numbers of each tenant and kind of period, and which numbers they are."""
    there, wanted = sorted(recorded_periods(outputs), key=first_day), set()
    for period in periods:
        alike = [one for one in there if kind(one) == kind(period) and first_day(one) <= first_day(period)]
        wanted.update(alike[-SERIES_LENGTH:])
    frame = read_history(outputs, periods=wanted, names=SERIES, columns=["name", "value"])
    found: dict[tuple[str, str], dict[str, dict[str, float]]] = {}
    for tenant, period, name, value in zip(
        *(frame[c] for c in ("tenant", "period", "name", "value")), strict=True
    ):
        if not pd.isna(value):
            found.setdefault((tenant, kind(period)), {}).setdefault(name, {})[period] = value
    series = {}
    for key, numbers in found.items():
        name = min(numbers, key=SERIES.index)
        series[key] = (
            name,
            tuple((period, numbers[name][period]) for period in sorted(numbers[name], key=first_day)),
        )
    return series


def _errors_of(run: Run | None, period: str) -> dict[str, tuple[datetime, str]]:
    """Why editions failed in the last run, if that was of this period, by tenant."""
    if run is None:
        return {}
    known = {each.get("period") for each in run.editions if each.get("state") != "failed"}
    named = {period, *(() if period and known and period not in known else ("latest",))}
    return {
        str(each["tenant"]): (run.begun, str(each.get("error") or ""))
        for each in run.editions
        if each.get("state") == "failed" and (not period or each.get("period") in named)
    }


def _describe(
    edition: ListedEdition,
    recorded: _Recorded | None,
    error: tuple[datetime, str] | None,
) -> Line:
    """What the files of an edition say of it."""
    line = Line(edition.tenant, edition.period, State.CLEAN, links=_links(edition))
    if recorded is not None:
        before = {
            name.removesuffix(".previous"): value
            for name, value in recorded.numbers.items()
            if name.endswith(".previous")
        }
        line = replace(
            line, values=recorded.numbers, before=before, seconds=recorded.seconds, picture=recorded.picture
        )
    if edition.has_failed or edition.digest is None:
        name, message = read_error(edition.files.failed)
        said = error[1] if error and error[1] else message or "see failed.ipynb"
        state = State.REFUSED if name in _BROKEN_RULES else State.FAILED
        more = (Finding("", "What is shown here is of an earlier run."),) if edition.digest else ()
        return replace(line, state=state, findings=(Finding(name, said), *more))
    if recorded is None:
        return replace(
            line,
            state=State.FAILED,
            findings=(Finding("", "report.ipynb is not the file that was made: make the report again."),),
        )
    if edition.verdict and edition.verdict.state in STATES:
        findings = tuple(Finding(each.check, each.sentence) for each in edition.verdict.findings)
        line = replace(line, state=STATES[edition.verdict.state], findings=findings)
    if edition.held:
        known = {
            each for found in line.findings for each in (found.sentence, f"{found.check}: {found.sentence}")
        }
        reasons = tuple(Finding("", reason) for reason in edition.held if reason not in known)
        worst = min(line.state, State.HELD, key=lambda state: state.rank)
        line = replace(line, state=worst, findings=(*reasons, *line.findings))
    return line


def _links(edition: ListedEdition) -> dict[str, str]:
    files, place = edition.files, f"{quote(edition.tenant, safe='')}/{quote(edition.period, safe='')}"
    # What was made before messages were shown as pages has the message alone.
    mail = files.message_page if files.message_page.name in edition.made else files.message
    there = {"page": files.page, "mail": mail, "notebook": files.notebook} if edition.digest else {}
    there |= {"failed": files.failed} if edition.has_failed else {}
    return {what: f"{place}/{path.name}" for what, path in there.items()}


def _add(line: Line, state: State, check: str, sentence: str) -> Line:
    """The line with one more finding, which may make it worse."""
    worst = min(line.state, state, key=lambda one: one.rank)
    return replace(line, state=worst, findings=(*line.findings, Finding(check, sentence)))


def _mark_late(lines: Sequence[Line]) -> list[Line]:
    """The lines of tenants whose newest edition is not of the newest period of its kind are missing one."""
    newest: dict[str, str] = {}
    for line in lines:
        known = newest.setdefault(kind(line.period), line.period)
        newest[kind(line.period)] = max(known, line.period, key=first_day)
    return [
        line
        if line.period == newest[kind(line.period)]
        else _add(line, State.MISSING, "", f"No report of {newest[kind(line.period)]}: this is its last one.")
        for line in lines
    ]


def _list_absent(
    lines: Sequence[Line],
    period: str,
    tenants: Iterable[str],
    series: Mapping[tuple[str, str], tuple[str, tuple[tuple[str, float], ...]]],
    errors: Mapping[str, tuple[datetime, str]],
    run: Run | None,
) -> list[Line]:
    """A line for each tenant without an edition: it failed before there was a notebook, or is missing."""
    there, known = {line.tenant for line in lines}, set(tenants)
    if period:
        had = {tenant for (tenant, each), _ in series.items() if each == kind(period)}
        expected = had & known if known else had
    else:
        expected = known
    is_running = run is not None and not run.is_over
    absent = []
    for tenant in sorted((expected | set(errors)) - there):
        if tenant in errors:
            absent.append(Line(tenant, period, State.FAILED, (Finding("", errors[tenant][1]),)))
        elif is_running:
            absent.append(
                Line(tenant, period, State.WAITING, (Finding("", "Not made yet: a batch is running."),))
            )
        else:
            absent.append(
                Line(
                    tenant,
                    period,
                    State.MISSING,
                    (Finding("", f"No report{f' of {period}' if period else ''} was made."),),
                )
            )
    return absent


def _tell_outlier(line: Line, spreads: Mapping[str, Spread]) -> Line:
    for name, spread in spreads.items():
        if line.tenant in spread.outliers:
            assert spread.low is not None, "where there are outliers there are quartiles"
            assert spread.high is not None, "and these are two"
            line = _add(
                line,
                State.NOTE,
                "outlier",
                f"{HEADLINES[name]} {signed(spread.outliers[line.tenant])}; of all tenants, half lie between "
                f"{signed(spread.low)} and {signed(spread.high)}.",
            )
    return line

"""The reviewer's view: a batch of executed reports read back, every tenant at a glance."""

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pandas as pd

from tidings.metrics import METRICS
from tidings.notebook.scraps import EDITION, recorded
from tidings.project import project_folder
from tidings.reports.report import FAILED, NOTEBOOK

_HEADLINES = [compute.metric for compute in METRICS if not compute.metric.is_table]


def editions(outputs: str = "outputs", period: str | None = None) -> pd.DataFrame:
    """The headline numbers of every finished edition.

    Parameters
    ----------
    outputs : str
        The folder of ``<tenant>/<period>/``, relative to the project's folder.
    period : str, optional
        Only this one.

    Returns
    -------
    pandas.DataFrame
        Indexed by tenant and period; a column for each headline number, missing where the tenant lacks
        the service or the source the data.
    """
    rows = {place: _headlines(path, "") for place, path in _found(outputs, period, NOTEBOOK)}
    return _frame(rows)


def changes(outputs: str = "outputs", period: str | None = None) -> pd.DataFrame:
    """How far each headline number is from the period before, as a share of it; shaped like `editions`."""
    now = editions(outputs, period).apply(pd.to_numeric, errors="coerce")
    before = _frame(
        {place: _headlines(path, ".previous") for place, path in _found(outputs, period, NOTEBOOK)}
    )
    before = before.apply(pd.to_numeric, errors="coerce")
    return (now - before) / before.where(before != 0)


def failures(outputs: str = "outputs", period: str | None = None) -> pd.DataFrame:
    """The editions whose last run failed, with the name of the error.

    Returns
    -------
    pandas.DataFrame
        Indexed by tenant and period; columns ``error`` and ``message``.
    """
    rows = {place: _error(path) for place, path in _found(outputs, period, FAILED)}
    return _frame(rows, columns=["error", "message"])


def _found(outputs: str, period: str | None, name: str) -> Iterator[tuple[tuple[str, str], Path]]:
    for path in sorted((project_folder() / outputs).glob(f"*/{period or '*'}/{name}")):
        yield (path.parent.parent.name, path.parent.name), path


def _headlines(path: Path, suffix: str) -> dict:
    values = recorded(nbformat.read(path, as_version=4))
    services = set(values[EDITION]["services"])
    shown = [metric for metric in _HEADLINES if set(metric.services) <= services]
    return {metric.name: values.get(f"{metric.name}{suffix}") for metric in shown}


def _error(path: Path) -> dict[str, str]:
    cells = nbformat.read(path, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    error = next(output for output in outputs if output.output_type == "error")
    return {"error": error.ename, "message": error.evalue}


def _frame(rows: dict, columns: list[str] | None = None) -> pd.DataFrame:
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=None if rows else columns)
    frame.index = pd.MultiIndex.from_tuples(list(rows), names=["tenant", "period"]) if rows else frame.index
    return frame

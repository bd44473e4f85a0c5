"""The reviewer's view: a batch of executed reports read back, every tenant at a glance."""

import pandas as pd
from nbformat import NotebookNode

from tidings.metrics import METRICS
from tidings.notebook.scraps import EDITION, recorded
from tidings.project import locate_folder, project_folder
from tidings.reports.editions import find_notebooks

_HEADLINES = [compute.metric for compute in METRICS if not compute.metric.is_table]


def editions(outputs: str = "outputs", period: str | None = None) -> pd.DataFrame:
    """The headline numbers of every finished edition.

    Parameters
    ----------
    outputs : str
        The folder that reports went to: relative to the project's, absolute, or an address.
    period : str, optional
        Only this one.

    Returns
    -------
    pandas.DataFrame
        Indexed by tenant and period; a column for each headline number, missing where the tenant lacks
        the service or the source the data.
    """
    return _tabulate(_headlines(outputs, period, ""))


def changes(outputs: str = "outputs", period: str | None = None) -> pd.DataFrame:
    """How far each headline number is from the period before, as a share of it; shaped like `editions`."""
    now = editions(outputs, period).apply(pd.to_numeric, errors="coerce")
    before = _tabulate(_headlines(outputs, period, ".previous")).apply(pd.to_numeric, errors="coerce")
    return (now - before) / before.where(before != 0)


def failures(outputs: str = "outputs", period: str | None = None) -> pd.DataFrame:
    """The editions whose last run failed, with the name of the error.

    Returns
    -------
    pandas.DataFrame
        Indexed by tenant and period; columns ``error`` and ``message``.
    """
    rows = {}
    for tenant, key, notebook in find_notebooks(
        locate_folder(outputs, project_folder()), period, failed=True
    ):
        shown = [output for cell in notebook.cells for output in cell.get("outputs", ())]
        error = next(output for output in shown if output.output_type == "error")
        rows[tenant, key] = {"error": error.ename, "message": error.evalue}
    return _tabulate(rows, columns=["error", "message"])


def _headlines(outputs: str, period: str | None, suffix: str) -> dict[tuple[str, str], dict]:
    """The headline numbers that each finished edition shows, as they are recorded with a suffix."""
    return {
        (tenant, key): _read_headlines(notebook, suffix)
        for tenant, key, notebook in find_notebooks(locate_folder(outputs, project_folder()), period)
    }


def _read_headlines(notebook: NotebookNode, suffix: str) -> dict:
    values = recorded(notebook)
    services = set(values[EDITION]["services"])
    shown = [metric for metric in _HEADLINES if set(metric.services) <= services]
    return {metric.name: values.get(f"{metric.name}{suffix}") for metric in shown}


def _tabulate(rows: dict[tuple[str, str], dict], columns: list[str] | None = None) -> pd.DataFrame:
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=None if rows else columns)
    frame.index = pd.MultiIndex.from_tuples(list(rows), names=["tenant", "period"]) if rows else frame.index
    return frame

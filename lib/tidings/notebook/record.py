"""The record: every number of an edition, kept in the executed notebook under its published name.

The one module that knows scrapbook, which writes and reads the record.
"""

from importlib.metadata import version
from typing import Any

import nbformat
import pandas as pd
import scrapbook
from IPython.display import display
from scrapbook.schemas import GLUE_PAYLOAD_FMT
from scrapbook.scraps import Scrap, scrap_to_payload

from tidings.errors import ReportError
from tidings.metrics import Result
from tidings.metrics.edition import Edition
from tidings.metrics.highlights import sentences
from tidings.metrics.invariants import check_numbers
from tidings.metrics.observations import OBSERVATIONS, observe
from tidings.metrics.results import edition_results, metrics_of

EDITION = "report.edition"
HIGHLIGHTS = "report.highlights"


def record(edition: Edition) -> None:
    """Compute every number of the tenant's services, and record it, whatever the layout shows.

    Raises
    ------
    MetricError
        Numbers contradict each other: nothing is recorded then.
    """
    results = edition_results(edition)
    check_numbers(results)
    _glue(EDITION, _about(edition))
    for result in results:
        _glue_result(result)
    _glue(HIGHLIGHTS, sentences(results, edition))
    _glue(OBSERVATIONS, observe(edition))


def recorded(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    """What an executed notebook has recorded: name → number, text, list, dict or data frame.

    Raises
    ------
    ReportError
        The notebook recorded no edition.
    """
    scraps = {name: scrap.data for name, scrap in scrapbook.models.Notebook(notebook).scraps.items()}
    if EDITION not in scraps:
        raise ReportError(
            "the notebook recorded no numbers",
            where="report.ipynb",
            remedy="keep the cell record(edition) after open_edition, and execute the notebook",
        )
    return scraps


def expected_names(services: tuple[str, ...]) -> set[str]:
    """The names that a report of these services records, if its source gives every table."""
    metrics = [compute.metric for compute in metrics_of(services)]
    before = {f"{metric.name}.previous" for metric in metrics if not metric.is_table}
    return {EDITION, HIGHLIGHTS, OBSERVATIONS} | {metric.name for metric in metrics} | before


def _about(edition: Edition) -> dict[str, Any]:
    return {
        "tenant": edition.tenant.id,
        "period": edition.period.key,
        "start": edition.period.start.isoformat(),
        "end": edition.period.end.isoformat(),
        "time_zone": edition.tenant.time_zone,
        "services": list(edition.tenant.services),
        "version": version("tidings"),
    }


def _glue_result(result: Result) -> None:
    name = result.metric.name
    _glue(name, result.value)
    if not result.metric.is_table:
        _glue(f"{name}.previous", result.previous)


def _glue(name: str, value: Any) -> None:
    if value is None:
        _glue_null(name)
    else:
        scrapbook.glue(name, value, encoder=_encoder(value))


def _glue_null(name: str) -> None:
    """Record null, which scrapbook's schema forbids: as JSON text, which it decodes to None on reading."""
    payload = scrap_to_payload(Scrap(name, "null", "json"))
    about = {"scrapbook": {"name": name, "data": True, "display": False}}
    display({GLUE_PAYLOAD_FMT.format(encoder="json"): payload}, metadata=about, raw=True)


def _encoder(value: Any) -> str:
    if isinstance(value, pd.DataFrame):
        return "pandas"
    return "text" if isinstance(value, str) else "json"

"""What a notebook begins with: opening its edition, and declaring metrics of its own. Both record."""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

import ibis.expr.types as ir
from IPython import get_ipython
from IPython.display import display

from tidings.charts.frame import header
from tidings.errors import MetricError
from tidings.metrics import METRICS, Result
from tidings.metrics.edition import ORDERED, Edition, load_edition
from tidings.metrics.expression import Expression
from tidings.metrics.expression import expression as declare_expression
from tidings.metrics.goals import check_goals
from tidings.metrics.metric import metric as declare_metric
from tidings.metrics.scope import Scope
from tidings.notebook.figures import show_figures_as_parts
from tidings.notebook.origin import engine_metadata
from tidings.notebook.record import record, record_result
from tidings.sources.engines.table import ENGINES

CHOSEN = "TIDINGS_TENANT"
"""The environment variable that says whose edition a notebook opens which is executed by hand."""


def open_edition(
    tenant: str, period: str = "latest", parameters: str = "parameters", *, unfinished: bool = False
) -> Edition:
    """Open a tenant's edition: compute, check and record all its numbers, and show whose report it is.

    No other cell is needed for a report to be complete; those that follow only choose what readers see. From
    here on figures of matplotlib, Plotly and Altair are shown as parts of the report.
    Outside of a notebook, nothing is recorded.

    Parameters
    ----------
    tenant : str
        A tenant's id: the stem of a file in ``parameters``. Where ``TIDINGS_TENANT`` names another, as
        ``make lab TENANT=`` has it, that one's edition is opened; in a report that is ordered it is not read.
    period : str
        ``2026-W46``, ``2026-11a``, ``2026-11b``, ``2026-11``, a range, or ``latest``.
    parameters : str
        The folder of the tenants' files, relative to the project's folder.
    unfinished : bool
        Whether a period that is not over yet may be opened.

    Raises
    ------
    ReportError
        A report is being executed that was ordered for another tenant or another period.
    MetricError
        Numbers contradict each other: nothing is recorded then.
    TidingsError
        The parameters, the period, the source or its data are wrong.
    """
    if ORDERED not in os.environ:
        tenant = os.environ.get(CHOSEN) or tenant
    edition = load_edition(tenant, period, parameters, unfinished=unfinished)
    check_goals(edition.tenant)
    if shell := get_ipython():
        show_figures_as_parts(shell)
        # first, since JupyterLab shows no more than fifty of a cell's outputs, and the record has more
        display(header(edition), metadata=engine_metadata(edition))
        record(edition)
        _say_unverified(edition)
    return edition


def _say_unverified(edition: Edition) -> None:
    """Print, for those who read the notebook, that its engine is one that was only to be tried."""
    name, _ = edition.source.engine
    if not ENGINES[name].is_equal:
        print(
            f"Nothing shows that {name} gives the same numbers as other engines: compare them with your own."
        )


def expression(
    *, both_periods: bool = False, absent: dict[str, Any] | None = None
) -> Callable[[Callable[[Scope], ir.Table]], Expression]:
    """Declare a query in a notebook, which metrics may share: see `tidings.metrics.expression.expression`.

    It is compiled each time, since what its cell refers to may have changed.
    """
    return declare_expression(both_periods=both_periods, absent=absent, kept=False)


def metric(name: str, label: str, **declaration: Any) -> Callable[[Callable], Callable[[Edition], Result]]:
    """Declare a metric in a notebook; charts show it like any other.

    It is recorded under its name when it is first computed for the notebook's edition. Its docstring is the
    definition that readers see.

    Parameters
    ----------
    name : str
        ``<section>.<value>``, in small letters; not the name of a published metric.
    label : str
        The name that readers see.
    **declaration
        ``unit``, ``columns`` and more: see `tidings.metrics.metric.metric`.

    Raises
    ------
    MetricError
        The name is taken, or the declaration is wrong.
    """
    if name in {compute.metric.name for compute in METRICS} or name.startswith("report."):
        raise MetricError(
            "this name is taken: what is published under it must not change its meaning",
            where=f"metric {name}",
            remedy="choose another name, such as one that begins with the team's: team.value",
        )

    def declare(function: Callable) -> Callable[[Edition], Result]:
        declared = declare_metric(name, label, **declaration)(function)

        def recorded_result(edition: Edition) -> Result:
            result = declared(edition)
            is_notebooks_own = edition.later is edition  # and not the one before, with which it is compared
            if is_notebooks_own and result.available and get_ipython() is not None:
                record_result(result)
            return result

        @wraps(declared)
        def result(edition: Edition) -> Result:
            return edition.cached(recorded_result)

        return result

    return declare

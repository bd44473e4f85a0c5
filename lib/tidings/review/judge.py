"""The judge that reports are made with: the gate, and what it needs to know of earlier editions.

Whoever has it made judge nothing imports nothing for it: the gate is imported when the first notebook comes,
or where there is time for it before that.
"""

from typing import TYPE_CHECKING

from tidings.periods import clock
from tidings.reports.order import Order

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from tidings.review.gate import Verdict


def judge_edition(notebook: "NotebookNode", order: Order) -> "Verdict":
    """Judge the notebook that was executed for an order, by the earlier editions in the order's outputs."""
    from tidings.review.gate import earlier_observations, judge_notebook

    earlier = earlier_observations(order.tenant, order.period, order.outputs)
    return judge_notebook(notebook, order.tenant, order.period, earlier, clock.now())


def import_review() -> None:
    """Import what judges an edition, and what keeps its values, before they are needed."""
    import pyarrow.dataset  # noqa: F401  by which the history is read

    import tidings.review.gate
    import tidings.review.history  # noqa: F401

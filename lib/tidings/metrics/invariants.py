"""The gate: numbers that contradict each other are never shown."""

from collections.abc import Iterable, Iterator
from math import isclose
from typing import Any, Protocol

from tidings.errors import MetricError
from tidings.metrics import Metric


class Named(Protocol):
    """A metric's value: a result, or what a notebook has recorded of one."""

    @property
    def metric(self) -> Metric:
        """What was computed."""

    @property
    def value(self) -> Any:
        """The number, the text or the frame."""

    @property
    def previous(self) -> Any:
        """The same of the period before; None where it has none."""


_NAME = dict[str, Named]


def check_numbers(results: Iterable[Named]) -> None:
    """See that the numbers of an edition agree with each other.

    Raises
    ------
    MetricError
        With each contradiction and the two numbers.
    """
    by_name = {result.metric.name: result for result in results}
    broken = [sentence for check in _CHECKS for sentence in check(by_name)]
    if broken:
        raise MetricError(
            "; ".join(broken),
            where="the numbers of this edition",
            remedy="this is a fault of the source's data or of a metric: nothing is sent until it is found",
        )


def _activity(results: _NAME) -> Iterator[str]:
    if "activity.total_messages" not in results:
        return
    total = results["activity.total_messages"].value
    peak = results["activity.peak_volume"].value
    incoming = results["activity.incoming_messages"].value["incoming_messages"].sum()
    daily_peak = results["activity.max_messages_per_minute"].value["max_messages_per_minute"].max()
    conversations = results["activity.total_conversations"].value
    by_day = results["activity.conversations"].value["conversations"]
    if peak > total:
        yield f"the peak minute ({peak}) has more messages than the period ({total})"
    if peak != daily_peak:
        yield f"the peak ({peak}) is not the highest of the days' peaks ({daily_peak})"
    if incoming > total:
        yield f"there are more incoming messages ({incoming}) than messages ({total})"
    if not by_day.max() <= conversations <= by_day.sum():
        yield f"the period's conversations ({conversations}) do not fit the days' ({by_day.sum()} in all)"


def _chatbot(results: _NAME) -> Iterator[str]:
    yield from _shares(results, "chatbot.intents", "chatbot.languages")
    if {"chatbot.languages", "activity.active_users"} <= results.keys():
        languages, users = results["chatbot.languages"], results["activity.active_users"]
        spoken, active = languages.value["users"].sum(), users.value
        if spoken != active:
            yield f"the users of all languages ({spoken}) are not the active users ({active})"
        if languages.previous is not None and (spoken := languages.previous["users"].sum()) != users.previous:
            yield f"the users of all languages before ({spoken}) are not the active users ({users.previous})"


def _contact_center(results: _NAME) -> Iterator[str]:
    if "contact_center.total_conversations" not in results:
        return
    yield from _shares(results, "contact_center.closing_reasons")
    total = results["contact_center.total_conversations"].value
    outcomes = results["contact_center.handled_vs_missed"].value[["handled", "missed", "other"]]
    unique = results["contact_center.unique_conversations"].value
    *steps, end = results["contact_center.reconciliation"].value["conversations"]
    if outcomes.sum().sum() != total:
        yield f"handled, missed and other ({outcomes.sum().sum()}) are not the total ({total})"
    if unique > total:
        yield f"there are more unique conversations ({unique}) than assignments ({total})"
    if sum(steps) != end or end != total:
        yield f"the agents' reconciliation ends at {sum(steps)}, not at the total ({total})"
    if min(steps) < 0:
        yield f"the agents' reconciliation has a negative step ({min(steps)})"


def _shares(results: _NAME, *names: str) -> Iterator[str]:
    """The shares of a ranking add up to 1, and so do those of the one before."""
    for name in filter(results.__contains__, names):
        ranking = results[name]
        for recorded_name, table in ((name, ranking.value), (f"{name}.previous", ranking.previous)):
            share = 1 if table is None or table.empty else table["share"].sum()
            if not isclose(share, 1):
                yield f"the shares of {recorded_name} add up to {share}, not 1"


def _ratios(results: _NAME) -> Iterator[str]:
    """Each ratio is that of the two numbers beside it."""
    for name, part, whole in _RATIOS:
        if {name, part, whole} <= results.keys():
            above, below = results[part].value, results[whole].value
            ratio = results[name].value
            if (ratio is None) != (below == 0) or (below and not isclose(ratio, above / below)):
                yield f"{name} ({ratio}) is not {above} of {below}"


def _agents(results: _NAME) -> Iterator[str]:
    for what in ("minutes", "hours"):
        total, daily = (results.get(f"contact_center.agent_{what}{kind}") for kind in ("", "_daily"))
        if total and daily and not isclose(total.value[what].sum(), daily.value[what].sum(), abs_tol=1e-6):
            yield f"the agents' daily {what} do not add up to their total"


_RATIOS = (
    (
        "activity.average_messages_per_conversation",
        "activity.total_messages",
        "activity.total_conversations",
    ),
    (
        "contact_center.missed_share",
        "contact_center.missed_conversations",
        "contact_center.total_conversations",
    ),
    (
        "contact_center.automated_share",
        "contact_center.automated_resolutions",
        "activity.total_conversations",
    ),
)
_CHECKS = (_activity, _chatbot, _contact_center, _ratios, _agents)

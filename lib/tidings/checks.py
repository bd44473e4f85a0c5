"""The gate: numbers that contradict each other are never shown."""

from collections.abc import Iterator

from tidings.errors import MetricError
from tidings.metrics import Result

_NAME = dict[str, Result]


def check_numbers(results: list[Result]) -> None:
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
    threads = results["activity.total_conversations"].value
    by_day = results["activity.conversations"].value["conversations"]
    if peak > total:
        yield f"the peak minute ({peak}) has more messages than the period ({total})"
    if peak != daily_peak:
        yield f"the peak ({peak}) is not the highest of the days' peaks ({daily_peak})"
    if incoming > total:
        yield f"there are more incoming messages ({incoming}) than messages ({total})"
    if not by_day.max() <= threads <= by_day.sum():
        yield f"the period's conversations ({threads}) do not fit the days' ({by_day.sum()} in all)"


_CHECKS = (_activity,)

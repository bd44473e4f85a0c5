"""Checks of how much there is: counts beside those of the weeks before, and messages that are all alike."""

from collections.abc import Iterator
from math import sqrt
from statistics import mean, median

from tidings.language.english import counted
from tidings.review.gate.check import Finding, Severity, check
from tidings.review.gate.evidence import Evidence

_MADS = 6
_REVIEW_DEVIATIONS, _HOLD_DEVIATIONS = 5, 6  # of a count that varies by chance alone
_FEW_MESSAGES = 20


@check("volume", Severity.REVIEW, Severity.HOLD, parameters=("volume_review", "volume_hold"))
def volume(evidence: Evidence) -> Iterator[Finding]:
    """Messages, conversations and assignments are about as many as in the last eight periods.

    A count is usual within six median absolute deviations of their median, within 40 % of it, and within
    what chance alone does to small counts. Others are reviewed, single days beside their weekday too; where
    the sum and most days are off by more than 60 %, the edition is held. Holidays are left out.
    """
    review, hold = evidence.tenant.gate.volume_review, evidence.tenant.gate.volume_hold
    for table in ("messages", "conversations", "assignments"):
        counts, totals = evidence.rows_by_day(table), evidence.totals_before(table)
        usual_days = {day: evidence.weekdays_before(table, day) for day in evidence.days if day in counts}
        if len(totals) < 2 or not usual_days:
            continue
        dispersion = evidence.dispersion(table)
        if table == "messages":  # they come in conversations, at least by as many at a time
            dispersion = max(dispersion, _messages_a_conversation(evidence))
        total = sum(counts[day] for day in usual_days)
        usual = median(totals) * len(usual_days) / len(evidence.period.days)
        change = f": {(total - usual) / usual:+.0%}" if usual else ""
        sentence = f"{counted(total, table.removesuffix('s'))}, where {usual:,.0f} are usual{change}"
        off = [day for day, before in usual_days.items() if before and _is_off(counts[day], before, hold)]
        are_most_off = 2 * len(off) > len(usual_days)
        if are_most_off and _is_unusual(total, usual, totals, hold, _HOLD_DEVIATIONS, dispersion):
            yield Finding(f"{sentence}, and as far on most days", Severity.HOLD, table=table)
        elif _is_unusual(total, usual, totals, review, _REVIEW_DEVIATIONS, dispersion):
            yield Finding(sentence, table=table)
        else:
            for day, before in usual_days.items():
                if len(before) < 2:
                    continue
                middle = median(before)
                if _is_unusual(counts[day], middle, before, review, _REVIEW_DEVIATIONS, dispersion):
                    yield Finding(
                        f"{counted(counts[day], table.removesuffix('s'))} on {day:%a %d %B}, "
                        f"where {middle:,.0f} are usual then",
                        table=table,
                        example=day.isoformat(),
                    )


@check("one value", Severity.REVIEW, parameters=("one_value",))
def one_value(evidence: Evidence) -> Iterator[Finding]:
    """Messages are of more than one minute and one user, and the incoming ones are the users'."""
    spoken, recorded = evidence.observed.get("spoken"), evidence.recorded
    total = sum(
        evidence.observed.get("days", {}).get("messages", {}).get(str(day), 0) for day in evidence.period.days
    )
    if not evidence.tenant.gate.one_value or not spoken or total < _FEW_MESSAGES:
        return
    if spoken["first"][:16] == spoken["last"][:16]:
        yield Finding(f"all {total:,} messages are of one minute", table="messages", example=spoken["first"])
    if recorded.get("activity.active_users") == 1 and recorded.get("activity.active_users.previous") != 1:
        yield Finding(f"all {total:,} messages are of one user", table="messages", column="user_id")
    if spoken["incoming"] and spoken["of_others"] == spoken["incoming"]:
        yield Finding(
            f"none of the {spoken['incoming']:,} incoming messages has user as its sender",
            table="messages",
            column="sender",
        )


def _is_unusual(
    count: int, usual: float, before: list[int], share: float | None, deviations: int, dispersion: float
) -> bool:
    """Whether a count is farther from what is usual than a share of it, its spread and chance explain."""
    spread = median(abs(each - median(before)) for each in before)
    chance = deviations * sqrt(max(usual, mean(before), 1) * dispersion)
    return share is not None and abs(count - usual) > max(_MADS * spread, share * usual, chance)


def _is_off(count: int, before: list[int], share: float | None) -> bool:
    """Whether a day's count is off by a share from what is usual on that weekday."""
    return share is not None and abs(count - median(before)) > share * median(before)


def _messages_a_conversation(evidence: Evidence) -> float:
    messages = evidence.recorded.get("activity.total_messages.previous") or 0
    conversations = evidence.recorded.get("activity.total_conversations.previous") or 0
    return messages / conversations if conversations else 1.0

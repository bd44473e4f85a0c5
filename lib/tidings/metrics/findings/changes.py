"""Changes of the headline numbers since the period before."""

from collections.abc import Iterator
from dataclasses import dataclass

from babel import Locale

from tidings.language.numbers import percent, quantity
from tidings.language.sentences import say
from tidings.metrics.comparison import Comparison, earlier_days
from tidings.metrics.findings.finding import Cause, Finding, Kind, candidate
from tidings.metrics.findings.recorded import Recorded
from tidings.metrics.findings.score import FEWEST, PERIOD, PLAIN, score_change

_MESSAGES = "activity.total_messages"

CAUSES = {
    "activity.new_users": Cause.TRAFFIC,
    "activity.active_users": Cause.TRAFFIC,
    _MESSAGES: Cause.TRAFFIC,
    "activity.total_conversations": Cause.TRAFFIC,
    "activity.average_messages_per_conversation": Cause.LENGTH,
    "contact_center.total_conversations": Cause.DEMAND,
    "contact_center.total_messages": Cause.DEMAND,
    "contact_center.average_conversation_minutes": Cause.TALK,
}
"""The headline numbers whose changes are told, and what lies behind them."""

_DAYS = {
    Cause.TRAFFIC: ("activity.incoming_messages", ("incoming_messages",)),
    Cause.DEMAND: ("contact_center.handled_vs_missed", ("handled", "missed", "other")),
}
_HALF = 0.5


@dataclass(frozen=True)
class Change:
    """A headline number's change that is news.

    Attributes
    ----------
    part : float
        By which part of the earlier number it changed: 0.12 is 12% more.
    score : float
        How unusual that is.
    comparison : Comparison
        The two numbers and the days of both.
    """

    part: float
    score: float
    comparison: Comparison

    @property
    def is_more(self) -> bool:
        """Whether the number is larger than before."""
        return self.part > 0


@candidate(Kind.CHANGE)
def changes(recorded: Recorded) -> Iterator[Finding]:
    """Sums, counts and averages that are a tenth larger or smaller than before, beyond chance.

    A change of which one day makes more than half, now or before, is not that of the period, and not told.
    """
    for name, cause in CAUSES.items():
        change = change_of(recorded, name)
        if change and not _is_of_a_day(recorded, cause, change):
            words = _say_change(name, change.is_more, recorded.locale, **_places(recorded, name, change))
            yield Finding(name, change.score, *words, cause)


@candidate(Kind.CHANGE)
def little_change(recorded: Recorded) -> Iterator[Finding]:
    """That the messages are about as many as before: told only where the section has no other news."""
    comparison = recorded.comparison(_MESSAGES)
    if comparison is None or comparison.change is None or comparison.before < FEWEST:
        return
    if abs(comparison.change) < PERIOD:
        change = Change(comparison.change, PLAIN, comparison)
        places = _places(recorded, _MESSAGES, change)
        sentence = say("Messages changed little: {now}, from {before}.", recorded.locale, **places)
        headline = say("messages changed little", recorded.locale)
        yield Finding(_MESSAGES, change.score, sentence, headline, Cause.TRAFFIC)


def _is_of_a_day(recorded: Recorded, cause: Cause, change: Change) -> bool:
    """Whether less than half of a change is left without one day and its weekday in the period before."""
    name, columns = _DAYS.get(cause, ("", ()))
    found = earlier_days(recorded.results[name]) if name in recorded.results else None
    if found is None:
        return False
    now, before = (
        table[list(columns)].sum(axis=1, skipna=False) for table in (recorded.table(name), found[0])
    )
    now = now.where(before.notna())
    left = (now.sum() - now) / (before.sum() - before) - 1
    is_shown = before.sum() > 0 and (now.sum() / before.sum() - 1) / change.part >= _HALF
    return bool(is_shown and (left / change.part < _HALF).any())


def change_of(recorded: Recorded, name: str) -> Change | None:
    """How a headline number has changed; None where that is no news.

    Nothing is said where nothing may be compared, where few things were counted, and where the change is less
    than a tenth or may well be chance.
    """
    comparison = recorded.comparison(name)
    if comparison is None or comparison.change is None:
        return None
    now, before = _counted(recorded, name)
    if before < FEWEST:
        return None
    score = score_change(1 + comparison.change, (now, before))
    return Change(comparison.change, score, comparison) if score else None


def _counted(recorded: Recorded, name: str) -> tuple[float, float]:
    """How many things a number and the one before were counted from."""
    if name == "activity.average_messages_per_conversation":
        name = "activity.total_conversations"
    if recorded.results[name].metric.unit != "minutes":
        return recorded.number(name), recorded.before(name)
    total, missed = "contact_center.total_conversations", "contact_center.missed_conversations"
    return (
        recorded.number(total) - recorded.number(missed),
        recorded.before(total) - recorded.before(missed),
    )


def _places(recorded: Recorded, name: str, change: Change) -> dict[str, str]:
    """The numbers of a change as a sentence has them: both per day where the periods differ in length."""
    locale, unit = recorded.locale, recorded.results[name].metric.unit
    now, before = recorded.number(name), change.comparison.before
    places = {"change": percent(abs(change.part), locale)}
    if not change.comparison.per_day:
        return places | {"now": quantity(now, unit, locale), "before": quantity(before, unit, locale)}
    days_now, days_before = change.comparison.days
    return places | {
        "now": say("{number} a day", locale, number=quantity(now / days_now, unit, locale)),
        "before": say("{number} a day", locale, number=quantity(before / days_before, unit, locale)),
    }


def _say_change(name: str, is_more: bool, locale: Locale, **places: str) -> tuple[str, str]:
    """The sentence of a change, and its headline."""
    match name, is_more:
        case "activity.new_users", True:
            return (
                say("New users rose {change} to {now}, from {before}.", locale, **places),
                say("new users up {change}", locale, **places),
            )
        case "activity.new_users", False:
            return (
                say("New users fell {change} to {now}, from {before}.", locale, **places),
                say("new users down {change}", locale, **places),
            )
        case "activity.active_users", True:
            return (
                say("Active users rose {change} to {now}, from {before}.", locale, **places),
                say("active users up {change}", locale, **places),
            )
        case "activity.active_users", False:
            return (
                say("Active users fell {change} to {now}, from {before}.", locale, **places),
                say("active users down {change}", locale, **places),
            )
        case "activity.total_messages", True:
            return (
                say("Messages rose {change} to {now}, from {before}.", locale, **places),
                say("messages up {change}", locale, **places),
            )
        case "activity.total_messages", False:
            return (
                say("Messages fell {change} to {now}, from {before}.", locale, **places),
                say("messages down {change}", locale, **places),
            )
        case "activity.total_conversations", True:
            return (
                say("Conversations rose {change} to {now}, from {before}.", locale, **places),
                say("conversations up {change}", locale, **places),
            )
        case "activity.total_conversations", False:
            return (
                say("Conversations fell {change} to {now}, from {before}.", locale, **places),
                say("conversations down {change}", locale, **places),
            )
        case "activity.average_messages_per_conversation", True:
            return (
                say(
                    "Conversations grew {change} longer: {now} messages each, from {before}.",
                    locale,
                    **places,
                ),
                say("conversations {change} longer", locale, **places),
            )
        case "activity.average_messages_per_conversation", False:
            return (
                say(
                    "Conversations grew {change} shorter: {now} messages each, from {before}.",
                    locale,
                    **places,
                ),
                say("conversations {change} shorter", locale, **places),
            )
        case "contact_center.total_conversations", True:
            return (
                say(
                    "Conversations in the contact center rose {change} to {now}, from {before}.",
                    locale,
                    **places,
                ),
                say("contact center conversations up {change}", locale, **places),
            )
        case "contact_center.total_conversations", False:
            return (
                say(
                    "Conversations in the contact center fell {change} to {now}, from {before}.",
                    locale,
                    **places,
                ),
                say("contact center conversations down {change}", locale, **places),
            )
        case "contact_center.total_messages", True:
            return (
                say(
                    "Messages in the contact center rose {change} to {now}, from {before}.", locale, **places
                ),
                say("contact center messages up {change}", locale, **places),
            )
        case "contact_center.total_messages", False:
            return (
                say(
                    "Messages in the contact center fell {change} to {now}, from {before}.", locale, **places
                ),
                say("contact center messages down {change}", locale, **places),
            )
        case _, True:
            return (
                say(
                    "Agents took {change} longer for a conversation: {now}, from {before}.", locale, **places
                ),
                say("conversations with agents {change} longer", locale, **places),
            )
        case _:
            return (
                say(
                    "Agents took {change} less time for a conversation: {now}, from {before}.",
                    locale,
                    **places,
                ),
                say("conversations with agents {change} shorter", locale, **places),
            )

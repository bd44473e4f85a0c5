"""How long people waited for an agent: by how much longer than before, and on which day the longest."""

from collections.abc import Iterator

from babel import Locale

from tidings.language.numbers import minutes, percent
from tidings.language.sentences import say
from tidings.metrics.findings.changes import change_of
from tidings.metrics.findings.finding import Cause, Finding, Kind, candidate
from tidings.metrics.findings.recorded import Recorded
from tidings.metrics.findings.score import DAY_OF_WAITS, FEWEST_OF_A_DAY, PLAIN, find_worst, score_day

_AVERAGE, _DAILY = "contact_center.average_wait_minutes", "contact_center.wait_time"
_OUTCOMES = "contact_center.handled_vs_missed"


@candidate(Kind.WAIT)
def waits(recorded: Recorded) -> Iterator[Finding]:
    """The average wait, its change where that is news, and the day on which people waited longest."""
    average = recorded.number(_AVERAGE)
    if average is None:
        return
    locale = recorded.locale
    answered, daily = recorded.by_day(_OUTCOMES, "handled"), recorded.by_day(_DAILY, "average_minutes")
    waited = {day: daily[day] for day in daily if answered[day] >= FEWEST_OF_A_DAY}
    longest = find_worst(waited, average)
    places, of_day = {"average": minutes(average, locale)}, 0.0
    if longest:
        others = [wait for day, wait in waited.items() if day != longest]
        of_day = score_day(waited[longest], others, DAY_OF_WAITS, answered[longest])
        places |= {"day": recorded.name_day(longest), "longest": minutes(waited[longest], locale)}
    change = change_of(recorded, _AVERAGE)
    if change:
        before = minutes(change.comparison.before, locale)
        places |= {"change": percent(abs(change.part), locale), "before": before}
        words = _say_change(change.is_more, bool(longest), locale, **places)
    else:
        words = _say_level(bool(longest), locale, **places)
    yield Finding(_AVERAGE, max(of_day, change.score if change else 0, PLAIN), *words, Cause.WAIT)


def _say_change(is_more: bool, has_longest: bool, locale: Locale, **places: str) -> tuple[str, str]:
    if is_more and has_longest:
        sentence = say(
            "Waits rose {change} to {average}, from {before}; longest on {day}: {longest}.", locale, **places
        )
    elif is_more:
        sentence = say("Waits rose {change} to {average}, from {before}.", locale, **places)
    elif has_longest:
        sentence = say(
            "Waits fell {change} to {average}, from {before}; longest on {day}: {longest}.", locale, **places
        )
    else:
        sentence = say("Waits fell {change} to {average}, from {before}.", locale, **places)
    if is_more:
        return sentence, say("waits up {change}", locale, **places)
    return sentence, say("waits down {change}", locale, **places)


def _say_level(has_longest: bool, locale: Locale, **places: str) -> tuple[str, str]:
    if has_longest:
        return (
            say("Waits were longest on {day}: {longest}, against {average} on average.", locale, **places),
            say("waits of {longest} on {day}", locale, **places),
        )
    return (
        say("People waited {average} for an agent on average.", locale, **places),
        say("waits of {average}", locale, **places),
    )

"""Goals that are not met, or met again."""

from collections.abc import Iterator

from tidings.language.numbers import quantity
from tidings.language.sentences import say
from tidings.metrics.findings.finding import Cause, Finding, Kind, candidate
from tidings.metrics.findings.recorded import Recorded
from tidings.metrics.findings.score import HIGHEST
from tidings.metrics.goals import is_met, write_limit

_SINCE, _STILL, _AGAIN = HIGHEST, HIGHEST - 1, HIGHEST - 2  # who set a goal wants to know of it first

_CAUSES = {
    "contact_center.missed_share": Cause.MISSED,
    "contact_center.missed_conversations": Cause.MISSED,
    "contact_center.average_wait_minutes": Cause.WAIT,
    "chatbot.automated_share": Cause.AUTOMATION,
    "chatbot.unrecognised_share": Cause.RECOGNITION,
}


@candidate(Kind.GOAL)
def goals(recorded: Recorded) -> Iterator[Finding]:
    """Each goal that is not met, whether it was before or not, and each that is met again."""
    locale = recorded.locale
    for goal in recorded.edition.tenant.goals:
        if goal.name not in recorded.results:
            continue
        result = recorded.results[goal.name]
        unit = result.metric.unit
        now, before = (is_met(goal, value, unit, locale) for value in (result.value, result.previous))
        places = {
            "name": result.label,
            "value": quantity(result.value, unit, locale),
            "before": quantity(result.previous, unit, locale),
            "limit": write_limit(goal, unit, locale),
        }
        if now is False and before:
            score = _SINCE
            sentence = say(
                "The goal for {name}, {limit}, is no longer met: {value}, after {before}.", locale, **places
            )
        elif now is False:
            score = _STILL
            sentence = say("The goal for {name}, {limit}, is not met: {value}.", locale, **places)
        elif now and before is False:
            score = _AGAIN
            sentence = say(
                "The goal for {name}, {limit}, is met again: {value}, after {before}.", locale, **places
            )
        else:
            continue
        headline = say("{name} {value}, goal {limit}", locale, **places)
        yield Finding(goal.name, score, sentence, headline, _CAUSES.get(goal.name, goal))

"""The busiest minute, where it is far out of line."""

from collections.abc import Iterator
from datetime import datetime
from math import floor
from statistics import median

from tidings.language.numbers import number
from tidings.language.sentences import say
from tidings.metrics.findings.finding import Finding, Kind, candidate
from tidings.metrics.findings.recorded import Recorded
from tidings.metrics.findings.score import FEWEST, MINUTE, OUT_OF_LINE, score_day

_DAILY = "activity.max_messages_per_minute"
_PEAK, _PEAK_TIME = "activity.peak_volume", "activity.peak_time"
_ABOVE_BEFORE = 1.5


@candidate(Kind.MINUTE)
def outlying_minute(recorded: Recorded) -> Iterator[Finding]:
    """The busiest minute, where it is far above those of the other days and of the period before."""
    volume, moment = recorded.number(_PEAK), recorded.number(_PEAK_TIME)
    if not volume or volume < FEWEST:
        return
    instant = datetime.fromisoformat(moment)
    others = [
        peak
        for day, peak in recorded.by_day(_DAILY, "max_messages_per_minute").items()
        if day != instant.date()
    ]
    score, before = score_day(volume, others, MINUTE), recorded.before(_PEAK)
    if score < OUT_OF_LINE or (before and volume < _ABOVE_BEFORE * before):
        return
    locale, typical = recorded.locale, median(others)
    places = {
        "moment": recorded.name_moment(instant),
        "count": number(volume, locale),
        "typical": number(floor(typical + 0.5), locale),
    }
    sentence = say(
        "The busiest minute was {moment}: {count} messages; on a typical day the busiest has {typical}.",
        locale,
        **places,
    )
    headline = say("{count} messages in a minute", locale, **places)
    yield Finding(_PEAK, score, sentence, headline, instant.date())

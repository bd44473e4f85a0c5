"""Days and minutes that are far out of line, and the busiest day where none is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import floor, isclose
from statistics import median

from tidings.language.numbers import number
from tidings.language.sentences import join, say, say_count
from tidings.metrics.comparison import earlier_days
from tidings.metrics.findings.finding import Cause, Finding, Kind, candidate
from tidings.metrics.findings.recorded import Recorded
from tidings.metrics.findings.score import DAY, FEWEST, NEWS, OUT_OF_LINE, PLAIN, score_day

_INCOMING, _TOTAL = "activity.incoming_messages", "activity.total_messages"
_OUTCOMES = "contact_center.handled_vs_missed"
_COLUMNS = {_INCOMING: ("incoming_messages",), _OUTCOMES: ("handled", "missed", "other")}
_FEWEST_DAYS, _MOST_DAYS = 3, 3
_ALIKE = 0.25


@dataclass(frozen=True)
class _Outlier:
    """A day out of line: its number, what is typical, and how unusual it is."""

    day: date
    value: float
    typical: float
    score: float


@candidate(Kind.DAY)
def outlying_day(recorded: Recorded) -> Iterator[Finding]:
    """The day that is farthest out of line with working days, and with its weekday in the period before.

    Where it is the same day for the messages and for the contact center, the messages tell of it.
    """
    farthest = {}
    for name in [name for name in _COLUMNS if name in recorded.results]:
        found = [outlier for outlier in _find_outliers(recorded, name) if outlier.score >= OUT_OF_LINE]
        if found:
            farthest[name] = max(found, key=lambda outlier: outlier.score)
    told = {outlier.day: name for name, outlier in reversed(farthest.items())}
    for day, name in told.items():
        words = _say_messages if name == _INCOMING else _say_conversations
        yield Finding(name, farthest[name].score, *words(farthest[name], recorded), day)


def _find_outliers(recorded: Recorded, name: str) -> Iterator[_Outlier]:
    """Each day beside the working days; a day of the weekend only where it has more than they.

    Left out are holidays, a day that is not over, days before the data begin, those after the last event, of
    which a silence tells, and a day that is about like its weekday in the period before.
    """
    weekend = recorded.edition.tenant.weekend
    values, earlier = _of_whole_days(recorded, name), _earlier(recorded, name)
    for day, value in values.items():
        others = [other for when, other in values.items() if when != day and when.weekday() not in weekend]
        typical = median(others) if len(others) >= _FEWEST_DAYS else 0
        is_quiet_weekend = day.weekday() in weekend and value < typical
        is_as_before = day in earlier and isclose(value, earlier[day], rel_tol=_ALIKE)
        if typical and max(value, 2 * typical) >= FEWEST and not is_quiet_weekend and not is_as_before:
            yield _Outlier(day, value, typical, score_day(value, others, DAY))


def _of_whole_days(recorded: Recorded, name: str) -> dict[date, float]:
    values = recorded.by_day(name, *_COLUMNS[name])
    busy = [day for day, value in values.items() if value]
    if not busy:
        return {}
    period, holidays = recorded.edition.period, recorded.edition.tenant.holidays
    first = busy[0] if recorded.results[name].previous is None else period.days[0]
    cut_off = period.days[-1] if period.until else None
    return {
        day: value
        for day, value in values.items()
        if first <= day <= busy[-1] and day != cut_off and day not in holidays
    }


def _earlier(recorded: Recorded, name: str) -> dict[date, float]:
    """What the same weekdays had in the period before."""
    found = earlier_days(recorded.results[name])
    if found is None:
        return {}
    table = found[0].dropna()
    return dict(zip(table["day"].dt.date, table[list(_COLUMNS[name])].sum(axis=1), strict=True))


def _say_messages(outlier: _Outlier, recorded: Recorded) -> tuple[str, str]:
    """A day's messages beside those of a typical day."""
    locale, places = recorded.locale, _places(outlier, recorded)
    headline = say("{count} messages from users on {day}", locale, **places)
    if not outlier.value:
        sentence = say(
            "No user wrote on {day}; a typical working day has {typical} messages.", locale, **places
        )
        return sentence, say("no messages on {day}", locale, **places)
    if outlier.value < outlier.typical:
        return say(
            "Users sent only {count} messages on {day}; a typical working day has {typical}.",
            locale,
            **places,
        ), headline
    return say(
        "Users sent {count} messages on {day}, {times} times a typical working day’s {typical}.",
        locale,
        **places,
    ), headline


def _say_conversations(outlier: _Outlier, recorded: Recorded) -> tuple[str, str]:
    """A day's conversations with the contact center beside those of a typical day."""
    locale, places = recorded.locale, _places(outlier, recorded)
    headline = say("{count} contact center conversations on {day}", locale, **places)
    if not outlier.value:
        sentence = say(
            "The contact center had no conversation on {day}; a typical working day has {typical}.",
            locale,
            **places,
        )
        return sentence, say("nothing for the contact center on {day}", locale, **places)
    if outlier.value < outlier.typical:
        return say(
            "The contact center had only {count} conversations on {day}; "
            "a typical working day has {typical}.",
            locale,
            **places,
        ), headline
    return say(
        "The contact center had {count} conversations on {day}, "
        "{times} times a typical working day’s {typical}.",
        locale,
        **places,
    ), headline


def _places(outlier: _Outlier, recorded: Recorded) -> dict[str, str]:
    locale = recorded.locale
    return {
        "day": recorded.name_day(outlier.day),
        "count": number(outlier.value, locale),
        "typical": number(floor(outlier.typical + 0.5), locale),
        "times": number(outlier.value / outlier.typical, locale),
    }


@candidate(Kind.MOST)
def busiest_day(recorded: Recorded) -> Iterator[Finding]:
    """The day on which users wrote most, or the few that had as many: news only where nothing else is."""
    daily = recorded.by_day(_INCOMING, "incoming_messages")
    most, total = max(daily.values(), default=0), sum(daily.values())
    if not total:
        yield from _say_one_way(recorded)
        return
    locale, first = recorded.locale, [day for day, value in daily.items() if value == most]
    places = {
        "most": number(most, locale),
        "total": number(total, locale),
        "days": join([recorded.name_day(day) for day in first[:_MOST_DAYS]], locale),
        "n": number(len(first), locale),
    }
    headline = say("busiest on {days}", locale, **places)
    if most == total:
        sentence = say_count(
            "Users sent one message, on {days}.",
            "Users sent {count} messages, all on {days}.",
            int(total),
            locale,
            **places,
        )
    elif len(first) == 1:
        sentence = say("Users wrote most on {days}: {most} of {total} messages.", locale, **places)
    elif len(first) <= _MOST_DAYS:
        sentence = say_count(
            "Users wrote most on {days} alike, one message each.",
            "Users wrote most on {days} alike, {count} messages each.",
            int(most),
            locale,
            **places,
        )
    else:
        sentence = say(
            "No day was the busiest: {n} days had {most} of {total} messages each.", locale, **places
        )
        headline = say("no busiest day", locale)
    yield Finding(_INCOMING, PLAIN, sentence, headline, Cause.TRAFFIC)


def _say_one_way(recorded: Recorded) -> Iterator[Finding]:
    """That there are messages, and none of them from users."""
    total, locale = recorded.number(_TOTAL), recorded.locale
    if total:
        sentence = say_count(
            "Users wrote nothing; the only message was sent to them.",
            "Users wrote nothing; all {count} messages were sent to them.",
            total,
            locale,
        )
        yield Finding(_INCOMING, NEWS, sentence, say("users wrote nothing", locale), Cause.TRAFFIC)

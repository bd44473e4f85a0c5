"""Names that came up in a ranking, or fell back, since the period before."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import pandas as pd
from babel import Locale

from tidings.language.languages import name_language
from tidings.language.numbers import average, is_missing, number, percent
from tidings.language.sentences import quote, say, say_count
from tidings.metrics.comparison import days_of_both
from tidings.metrics.findings.finding import Cause, Finding, Kind, candidate
from tidings.metrics.findings.recorded import Recorded
from tidings.metrics.findings.score import FEWEST, NAME, score_change

_LANGUAGES = "chatbot.languages"
_CAUSES = {
    "chatbot.intents": Cause.INTENTS,
    _LANGUAGES: Cause.LANGUAGES,
    "contact_center.closing_reasons": Cause.REASONS,
}
_TIMES, _POINT = 2, 0.01


@dataclass(frozen=True)
class _Place:
    """What a ranking has of a name: its count and its share, and how many days the period has."""

    count: int
    share: float
    days: int


@dataclass(frozen=True)
class _Shift:
    """A name whose place in a ranking is another than before, and how unusual that is."""

    name: str
    now: _Place
    before: _Place
    score: float


@candidate(Kind.SHIFT)
def shifts(recorded: Recorded) -> Iterator[Finding]:
    """The intent, the language and the closing reason that came up or fell back the most unusually.

    Its count and its share have both at least doubled, or halved, beyond chance, and the share by a point or
    more: a busier period is not news of a name, nor is a name of few. Where the periods have different
    numbers of days, counts are compared per day, and of users nothing but the shares.
    """
    for name, cause in _CAUSES.items():
        found = list(_find_shifts(recorded, name))
        if found:
            shift, locale = max(found, key=lambda shift: shift.score), recorded.locale
            shown = name_language(shift.name, locale) if name == _LANGUAGES else quote(shift.name, locale)
            words = _say(shown, shift, recorded.results[name].metric.unit, locale)
            yield Finding(name, shift.score, *words, cause)


def _find_shifts(recorded: Recorded, name: str) -> Iterator[_Shift]:
    """Each name that came up or fell back, by the order of names."""
    tables = recorded.table(name), recorded.before(name)
    if tables[1] is None or min(table.iloc[:, 1].sum() for table in tables) < FEWEST:
        return
    unit, days = recorded.results[name].metric.unit, days_of_both(recorded.edition)
    now, before = map(_places, tables, days)
    nowhere_now, nowhere_before = (_Place(0, 0.0, count) for count in days)
    for shown in sorted(now.keys() | before.keys()):
        places = now.get(shown, nowhere_now), before.get(shown, nowhere_before)
        if score := _score(*places, unit):
            yield _Shift(shown, *places, score)


def _places(ranking: pd.DataFrame, days: int) -> dict[str, _Place]:
    """The place of each name of a ranking; a missing name is none."""
    rows = ranking.itertuples(index=False, name=None)
    return {name: _Place(int(count), share, days) for name, count, share in rows if not is_missing(name)}


def _score(now: _Place, before: _Place, unit: str) -> float:
    """Score how a name's place has changed; 0 where that is no news."""
    changes = [_divide(now.share, before.share)]
    if unit != "users" or now.days == before.days:
        changes.append(_divide(now.count / now.days, before.count / before.days))
    change = min(changes) if min(changes) > 1 else min(max(changes), 1)  # no change, where they contradict
    is_large = change >= _TIMES or change <= 1 / _TIMES
    if not is_large or abs(now.share - before.share) < _POINT or max(now.count, before.count) < FEWEST:
        return 0.0
    return score_change(change, (now.count, before.count), NAME)


def _divide(now: float, before: float) -> float:
    return now / before if before else inf


def _say(shown: str, shift: _Shift, unit: str, locale: Locale) -> tuple[str, str]:
    """The sentence of a shift, and its headline."""
    is_alike = shift.now.days == shift.before.days
    now, counted = _write(shift.now, unit, is_alike, locale)
    before, counted_before = _write(shift.before, unit, is_alike, locale)
    if not shift.before.count:
        sentence = say("{name} came up: {now}, from none.", locale, name=shown, now=counted)
    elif not shift.now.count:
        sentence = say("{name} has gone: none, from {before}.", locale, name=shown, before=counted_before)
        return sentence, say("{name} has gone", locale, name=shown)
    elif shift.now.share > shift.before.share:
        sentence = say(
            "{name} came up: {now}, from {before}.", locale, name=shown, now=counted, before=before
        )
    else:
        sentence = say(
            "{name} fell back: {now}, from {before}.", locale, name=shown, now=counted, before=before
        )
        return sentence, say("{name} down to {now}", locale, name=shown, now=now)
    return sentence, say("{name} up to {now}", locale, name=shown, now=now)


def _write(place: _Place, unit: str, is_alike: bool, locale: Locale) -> tuple[str, str]:
    """The number of a name's place, bare and with what was counted: as it can be compared."""
    match unit, is_alike:
        case "messages", True:
            counted = say_count("{count} message", "{count} messages", place.count, locale)
        case "users", True:
            counted = say_count("{count} user", "{count} users", place.count, locale)
        case "conversations", True:
            counted = say_count("{count} conversation", "{count} conversations", place.count, locale)
        case "users", False:
            share = percent(place.share, locale)
            return share, say("{share} of users", locale, share=share)
        case _:
            rate = average(place.count / place.days, locale)
            each = say("{number} a day", locale, number=rate)
            if unit == "messages":
                return each, say("{number} messages a day", locale, number=rate)
            return each, say("{number} conversations a day", locale, number=rate)
    return number(place.count, locale), counted

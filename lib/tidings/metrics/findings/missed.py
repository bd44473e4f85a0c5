"""Conversations that nobody answered: how many, on which day the most, and since when."""

from collections.abc import Iterator
from datetime import date

from tidings.language.numbers import number, percent
from tidings.language.sentences import say, say_count
from tidings.metrics.findings.finding import Cause, Finding, Kind, candidate
from tidings.metrics.findings.fractions import one_in
from tidings.metrics.findings.recorded import Recorded
from tidings.metrics.findings.score import (
    FEWEST,
    FEWEST_OF_A_DAY,
    MISSED,
    PLAIN,
    find_worst,
    score_change,
    score_share,
)

_TOTAL, _MISSED = "contact_center.total_conversations", "contact_center.missed_conversations"
_SHARE, _DAILY = "contact_center.missed_share", "contact_center.handled_vs_missed"


@candidate(Kind.MISSED)
def missed(recorded: Recorded) -> Iterator[Finding]:
    """The share of the conversations that was missed, its worst day, and its change where that is news."""
    total, count, share = (recorded.number(name) for name in (_TOTAL, _MISSED, _SHARE))
    if not total or share is None:
        return
    locale = recorded.locale
    if not count:
        yield _say_none(recorded, total)
        return
    level, change = score_share(count, total, MISSED), _score_change(recorded)
    is_change_seen = change and percent(share, locale) != percent(recorded.before(_SHARE), locale)
    words = _say_change if is_change_seen else _say_level
    yield Finding(_SHARE, max(level, change, PLAIN), *words(recorded, count, total, share), Cause.MISSED)


def _say_none(recorded: Recorded, total: int) -> Finding:
    """That none was missed; or that none was answered either."""
    locale = recorded.locale
    if sum(recorded.by_day(_DAILY, "handled").values()):
        sentence = say("No conversation was missed, of {total}.", locale, total=number(total, locale))
        return Finding(_SHARE, PLAIN, sentence, say("no conversation missed", locale), Cause.MISSED)
    sentence = say_count(
        "The only conversation has not been answered by an agent.",
        "None of the {count} conversations has been answered by an agent.",
        total,
        locale,
    )
    score = score_share(total, total, MISSED)
    return Finding(_DAILY, score, sentence, say("no conversation answered", locale), Cause.MISSED)


def _score_change(recorded: Recorded) -> float:
    """Score a missed share beside the one before; 0 where there is none, or few were missed."""
    comparison, before = recorded.comparison(_SHARE), recorded.before(_MISSED)
    count = recorded.number(_MISSED)
    if comparison is None or comparison.change is None or not before or max(count, before) < FEWEST:
        return 0.0
    return score_change(1 + comparison.change, (count, before))


def _worst_day(recorded: Recorded) -> tuple[date, float] | None:
    """The day of which the greatest share was missed, and the share; None where none stands out."""
    missed = recorded.by_day(_DAILY, "missed")
    total = recorded.by_day(_DAILY, "handled", "missed", "other")
    shares = {day: missed[day] / total[day] for day in missed if total[day] >= FEWEST_OF_A_DAY}
    day = find_worst(shares, recorded.number(_SHARE))
    return (day, shares[day]) if day else None


def _say_level(recorded: Recorded, count: int, total: int, share: float) -> tuple[str, str]:
    """How many were missed, and on which day the most; as a fraction where one is near enough."""
    locale, worst, n = recorded.locale, _worst_day(recorded), one_in(share, recorded.locale)
    places = _places(recorded, count, total, share)
    if n and worst:
        sentence = say(
            "One in {n} conversations was missed ({missed} of {total}), worst on {day} ({worst}).",
            locale,
            n=n,
            **places,
        )
    elif n:
        sentence = say("One in {n} conversations was missed ({missed} of {total}).", locale, n=n, **places)
    elif worst:
        sentence = say(
            "{share} of conversations were missed ({missed} of {total}), worst on {day} ({worst}).",
            locale,
            **places,
        )
    else:
        sentence = say("{share} of conversations were missed ({missed} of {total}).", locale, **places)
    if n:
        return sentence, say("one in {n} missed", locale, n=n)
    return sentence, say("{share} missed", locale, **places)


def _say_change(recorded: Recorded, count: int, total: int, share: float) -> tuple[str, str]:
    """From which share to which it changed, and on which day the most were missed."""
    locale, worst = recorded.locale, _worst_day(recorded)
    before = recorded.before(_SHARE)
    places = _places(recorded, count, total, share) | {"before": percent(before, locale)}
    if share > before and worst:
        sentence = say(
            "{share} of conversations were missed, up from {before}: "
            "{missed} of {total}, worst on {day} ({worst}).",
            locale,
            **places,
        )
    elif share > before:
        sentence = say(
            "{share} of conversations were missed, up from {before}: {missed} of {total}.", locale, **places
        )
    elif worst:
        sentence = say(
            "{share} of conversations were missed, down from {before}: "
            "{missed} of {total}, worst on {day} ({worst}).",
            locale,
            **places,
        )
    else:
        sentence = say(
            "{share} of conversations were missed, down from {before}: {missed} of {total}.", locale, **places
        )
    if share > before:
        return sentence, say("{share} missed, up from {before}", locale, **places)
    return sentence, say("{share} missed, down from {before}", locale, **places)


def _places(recorded: Recorded, count: int, total: int, share: float) -> dict[str, str]:
    locale, worst = recorded.locale, _worst_day(recorded)
    places = {
        "share": percent(share, locale),
        "missed": number(count, locale),
        "total": number(total, locale),
    }
    if worst:
        places |= {"day": recorded.name_day(worst[0]), "worst": percent(worst[1], locale)}
    return places

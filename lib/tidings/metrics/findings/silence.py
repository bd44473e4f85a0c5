"""Since when nothing has come in."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tidings.language.numbers import number
from tidings.language.sentences import say
from tidings.metrics.findings.finding import Cause, Finding, Kind, candidate
from tidings.metrics.findings.recorded import Recorded
from tidings.metrics.findings.score import FEWEST_OF_A_DAY, HIGHEST, SILENT

_MESSAGES, _CONVERSATIONS = "activity.total_messages", "contact_center.total_conversations"
_OUTCOMES, _LANGUAGES = "contact_center.handled_vs_missed", "chatbot.languages"
_SHORTEST = timedelta(hours=24)
_LONGER = 1.5


@candidate(Kind.SILENCE)
def no_messages(recorded: Recorded) -> Iterator[Finding]:
    """That there were no messages; or none after a moment, for longer than in any period before."""
    total = recorded.number(_MESSAGES)
    locale, before = recorded.locale, recorded.before(_MESSAGES)
    if total == 0:
        headline = say("no messages", locale)
        sentence = say("There were no messages.", locale)
        if before:
            sentence = say(
                "There were no messages; the period before had {before}.",
                locale,
                before=number(before, locale),
            )
        yield Finding(_MESSAGES, HIGHEST if before else 0.0, sentence, headline, Cause.TRAFFIC)
    elif total and total >= FEWEST_OF_A_DAY:
        last = (recorded.observed["spoken"] or {}).get("last")
        score = _score_silence(datetime.fromisoformat(last), recorded) if last else 0.0
        if last and score:
            moment = recorded.name_moment(datetime.fromisoformat(last))
            sentence = say("No messages since {moment}.", locale, moment=moment)
            headline = say("no messages since {moment}", locale, moment=moment)
            yield Finding(_MESSAGES, score, sentence, headline, Cause.TRAFFIC)


@candidate(Kind.SILENCE)
def no_users(recorded: Recorded) -> Iterator[Finding]:
    """That nobody wrote to the bot."""
    if _LANGUAGES in recorded.results and recorded.table(_LANGUAGES).empty:
        sentence = say("Nobody wrote to the bot.", recorded.locale)
        headline = say("nobody wrote to the bot", recorded.locale)
        yield Finding(_LANGUAGES, 0.0, sentence, headline, Cause.TRAFFIC)


@candidate(Kind.SILENCE)
def no_conversations(recorded: Recorded) -> Iterator[Finding]:
    """That no conversation reached the contact center; or none after a day, for longer than before."""
    total = recorded.number(_CONVERSATIONS)
    locale, before = recorded.locale, recorded.before(_CONVERSATIONS)
    if total == 0:
        headline = say("no conversations in the contact center", locale)
        sentence = say("No conversation reached the contact center.", locale)
        if before:
            sentence = say(
                "No conversation reached the contact center; the period before had {before}.",
                locale,
                before=number(before, locale),
            )
        yield Finding(_CONVERSATIONS, HIGHEST if before else 0.0, sentence, headline, Cause.DEMAND)
    elif total and total >= FEWEST_OF_A_DAY:
        period = recorded.edition.period
        ends = dict(zip(period.days, period.day_starts[1:], strict=True))
        arrivals = recorded.by_day(_OUTCOMES, "handled", "missed", "other")
        last = max(day for day, count in arrivals.items() if count)
        score = _score_silence(ends[last], recorded)
        if score:
            day = recorded.name_day(last)
            sentence = say("No conversation reached the contact center after {day}.", locale, day=day)
            headline = say("nothing for the contact center after {day}", locale, day=day)
            yield Finding(_OUTCOMES, score, sentence, headline, Cause.DEMAND)


def _score_silence(since: datetime, recorded: Recorded) -> float:
    """Score a silence to the end of the period by the part of it; 0 where there were others about as long."""
    period = recorded.edition.period
    silent = period.end - since
    longest = timedelta(hours=max(recorded.observed["silences"], default=0))
    if silent < max(_SHORTEST, _LONGER * longest):
        return 0.0
    return min(silent / (period.end - period.start) / SILENT, HIGHEST)

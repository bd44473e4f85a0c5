"""Who was there and who did the work."""

from collections.abc import Iterator

from tidings.language.numbers import hours, number, percent
from tidings.language.sentences import join, quote, say
from tidings.metrics.findings.finding import Cause, Finding, Kind, candidate
from tidings.metrics.findings.recorded import Recorded
from tidings.metrics.findings.score import FEWEST, MISSED, NEWS, score_share
from tidings.metrics.tables import NOT_GIVEN

_TOTAL, _OUTCOMES = "contact_center.total_conversations", "contact_center.handled_vs_missed"
_HOURS, _DAILY_HOURS = "contact_center.agent_hours", "contact_center.agent_hours_daily"
_MINUTES, _CONVERSATIONS = "contact_center.agent_minutes_daily", "contact_center.agent_conversations"
_FEWEST_OF_A_DAY = 5
_FEWEST_AGENTS, _MOST_DAYS = 3, 3


@candidate(Kind.UNATTENDED)
def unattended(recorded: Recorded) -> Iterator[Finding]:
    """Days on which conversations came in while nobody was logged in.

    A day on which someone talked all the same is left out: the logins of that day are not known.
    """
    logged_in = recorded.by_day(_DAILY_HOURS, "hours")
    talked = recorded.by_day(_MINUTES, "minutes")
    arrivals = recorded.by_day(_OUTCOMES, "handled", "missed", "other")
    empty = [
        day
        for day, count in arrivals.items()
        if count >= _FEWEST_OF_A_DAY and logged_in.get(day) == 0 and not talked.get(day)
    ]
    if not empty:
        return
    locale, waiting = recorded.locale, sum(arrivals[day] for day in empty)
    places = {
        "days": join([recorded.name_day(day) for day in empty[:_MOST_DAYS]], locale),
        "count": number(waiting, locale),
        "n": number(len(empty), locale),
    }
    if len(empty) <= _MOST_DAYS:
        sentence = say(
            "Nobody was logged in on {days}, when {count} conversations came in.", locale, **places
        )
        headline = say("nobody logged in on {days}", locale, **places)
    else:
        sentence = say(
            "Nobody was logged in on {n} days on which {count} conversations came in.", locale, **places
        )
        headline = say("nobody logged in on {n} days", locale, **places)
    score = score_share(int(waiting), recorded.number(_TOTAL), MISSED)
    yield Finding(_DAILY_HOURS, score, sentence, headline, Cause.STAFF)


@candidate(Kind.IDLE)
def idle(recorded: Recorded) -> Iterator[Finding]:
    """That agents were logged in and no conversation came."""
    table, locale = recorded.table(_HOURS), recorded.locale
    if recorded.number(_TOTAL) or table.empty:
        return
    places = {"hours": hours(table["hours"].sum(), locale)}
    sentence = say("Agents were logged in for {hours}, and no conversation reached them.", locale, **places)
    headline = say("no conversation for the agents", locale)
    yield Finding(_HOURS, NEWS, sentence, headline, Cause.DEMAND)


@candidate(Kind.ONE_AGENT)
def one_agent(recorded: Recorded) -> Iterator[Finding]:
    """An agent who had more than half of the work of three or more."""
    table = recorded.table(_CONVERSATIONS)
    total = table["conversations"].sum()
    if len(table) < _FEWEST_AGENTS or total < FEWEST:
        return
    first = table.iloc[0]
    share = first["conversations"] / total
    if share <= 0.5 or first["agent"] == NOT_GIVEN:
        return
    locale = recorded.locale
    places = {
        "agent": quote(first["agent"], locale),
        "share": percent(share, locale),
        "count": number(first["conversations"], locale),
        "n": number(len(table), locale),
    }
    sentence = say("{agent} had {share} of the conversations of {n} agents ({count}).", locale, **places)
    headline = say("{share} of work: {agent}", locale, **places)
    # Twice the part that falls to each is ordinary still.
    yield Finding(_CONVERSATIONS, share * len(table) / 2, sentence, headline, Cause.STAFF)

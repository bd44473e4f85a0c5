"""What there was most of, for a section of which nothing more unusual can be said."""

from collections.abc import Iterator

import pandas as pd
from babel import Locale

from tidings.language.languages import word_language
from tidings.language.numbers import number, percent
from tidings.language.sentences import join, quote, say, say_count
from tidings.metrics.findings.finding import Cause, Finding, Kind, candidate
from tidings.metrics.findings.recorded import Recorded
from tidings.metrics.findings.score import PLAIN

_INTENTS, _LANGUAGES = "chatbot.intents", "chatbot.languages"
_REASONS = "contact_center.closing_reasons"
_MOST_NAMES = 3


@candidate(Kind.MOST)
def most_asked(recorded: Recorded) -> Iterator[Finding]:
    """The intent that people had most often; or the few that they had alike."""
    locale, first = recorded.locale, _find_first(recorded.table(_INTENTS), "messages")
    if first.empty:
        return
    places = {
        "intents": join([quote(name, locale) for name in first["intent"][:_MOST_NAMES]], locale),
        "share": percent(first["share"].iloc[0], locale),
        "n": number(len(first), locale),
    }
    headline = say("most asked: {intents}", locale, **places)
    if len(first) > 1:
        headline = say("{n} intents asked for alike", locale, **places)
    if len(first) > _MOST_NAMES:
        sentence = say_count(
            "People asked for {n} intents alike, with one message each.",
            "People asked most for {n} intents alike, with {count} messages each.",
            int(first["messages"].iloc[0]),
            locale,
            **places,
        )
    elif first["share"].iloc[0] == 1:
        sentence = say("All recognised messages were about {intents}.", locale, **places)
    elif len(first) > 1:
        sentence = say_count(
            "People asked most for {intents}, with one message each.",
            "People asked most for {intents}, with {count} messages each.",
            int(first["messages"].iloc[0]),
            locale,
            **places,
        )
    else:
        sentence = say("People asked most for {intents}: {share} of recognised messages.", locale, **places)
    yield Finding(_INTENTS, PLAIN, sentence, headline, Cause.INTENTS)


@candidate(Kind.MOST)
def most_spoken(recorded: Recorded) -> Iterator[Finding]:
    """The language in which most users wrote; or how many users, where none is known or several tie."""
    locale, table = recorded.locale, recorded.table(_LANGUAGES)
    first = _find_first(table.dropna(), "users")
    if len(first) != 1:
        if len(table):
            yield _count_users(int(table["users"].sum()), locale)
        return
    share = percent(first["share"].iloc[0], locale)
    places = {"language": word_language(first["language"].iloc[0], locale), "share": share}
    if first["share"].iloc[0] == 1:
        sentence = say("All users wrote in {language}.", locale, **places)
    else:
        sentence = say("{share} of users wrote in {language}.", locale, **places)
    headline = say("{share} wrote in {language}", locale, **places)
    yield Finding(_LANGUAGES, PLAIN, sentence, headline, Cause.LANGUAGES)


def _count_users(count: int, locale: Locale) -> Finding:
    """How many users wrote."""
    sentence = say_count("One user wrote to the bot.", "{count} users wrote to the bot.", count, locale)
    headline = say_count("one user", "{count} users", count, locale)
    return Finding(_LANGUAGES, PLAIN, sentence, headline, Cause.LANGUAGES)


@candidate(Kind.MOST)
def most_closed(recorded: Recorded) -> Iterator[Finding]:
    """The reason for which most conversations were closed."""
    locale, first = recorded.locale, _find_first(recorded.table(_REASONS).dropna(), "conversations")
    if len(first) != 1:
        return
    share = percent(first["share"].iloc[0], locale)
    places = {"reason": quote(first["closing_reason"].iloc[0], locale), "share": share}
    if first["share"].iloc[0] == 1:
        sentence = say("All closed conversations ended with {reason}.", locale, **places)
    else:
        sentence = say("{share} of closed conversations ended with {reason}.", locale, **places)
    headline = say("mostly {reason}", locale, **places)
    yield Finding(_REASONS, PLAIN, sentence, headline, Cause.REASONS)


def _find_first(table: pd.DataFrame, value: str) -> pd.DataFrame:
    """The rows of a ranking that share the first place."""
    return table[table[value] == table[value].max()]

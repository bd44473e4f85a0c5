"""What came up in a ranking, or fell back: of enough, by enough, and not since all became more."""

import pandas as pd
import pytest
from support.findings import ranking, recorded, sentences

from tidings.metrics.findings.finding import Cause, Kind
from tidings.metrics.findings.score import HIGHEST, NEWS
from tidings.metrics.findings.shifts import shifts

_UNITS = {
    "chatbot.intents": ("intent", "messages"),
    "chatbot.languages": ("language", "users"),
    "contact_center.closing_reasons": ("closing_reason", "conversations"),
}


def _numbers(edition, name, before, now):
    tables = (ranking(*_UNITS[name], **counts) for counts in (now, before))
    return recorded(edition, *({name: table} for table in tables))


def test_an_intent_that_came_up_is_told_with_its_messages(week):
    before, now = {"Balance": 900, "Black Friday offers": 12}, {"Balance": 950, "Black Friday offers": 173}
    [found] = shifts(_numbers(week, "chatbot.intents", before, now))
    assert found.sentence == "“Black Friday offers” came up: 173 messages, from 12."
    assert found.headline == "“Black Friday offers” up to 173"
    assert (found.name, found.kind, found.cause) == ("chatbot.intents", Kind.SHIFT, Cause.INTENTS)
    assert NEWS < found.score < HIGHEST


def test_a_reason_that_has_gone_and_one_that_was_not_there_are_told(week):
    gone = _numbers(week, "contact_center.closing_reasons", {"Done": 300, "Duplicate": 34}, {"Done": 310})
    assert sentences(shifts, gone) == ["“Duplicate” has gone: none, from 34 conversations."]
    new = _numbers(week, "contact_center.closing_reasons", {"Done": 310}, {"Done": 300, "Duplicate": 34})
    assert sentences(shifts, new) == ["“Duplicate” came up: 34 conversations, from none."]


def test_a_language_that_fell_back_is_called_as_readers_call_it(week):
    fell = _numbers(week, "chatbot.languages", {"es": 400, "pt-BR": 200}, {"es": 420, "pt-BR": 60})
    assert sentences(shifts, fell) == ["Brazilian Portuguese fell back: 60 users, from 200."]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"a": 300, "b": 2}, {"a": 300, "b": 19}),
        ({"a": 300, "b": 30}, {"a": 300, "b": 59}),
        ({"a": 300, "b": 30}, {"a": 900, "b": 90}),
        ({"a": 900, "b": 40}, {"a": 300, "b": 40}),
        ({"a": 9000}, {"a": 9000, "b": 60}),
        ({"a": 10, "b": 9}, {"a": 300, "b": 3}),
        ({"a": 30, "b": 12}, {"a": 30, "b": 25}),
        ({"a": 50}, {}),
    ],
    ids=["few", "less than twice", "all rose", "others fell", "a rare name", "few before", "chance", "none"],
)
def test_nothing_is_told_of_few_of_little_or_of_what_all_did(week, before, now):
    assert sentences(shifts, _numbers(week, "chatbot.intents", before, now)) == []


def test_nothing_is_told_where_the_source_has_nothing_before(week):
    assert sentences(shifts, recorded(week, {"chatbot.intents": ranking("intent", "messages", a=90)})) == []
    assert sentences(shifts, recorded(week, {})) == []


def test_of_several_the_most_unusual_is_told(week):
    before, now = {"a": 900, "b": 100, "c": 100}, {"a": 900, "b": 250, "c": 600}
    assert sentences(shifts, _numbers(week, "chatbot.intents", before, now)) == [
        "“c” came up: 600 messages, from 100."
    ]


def test_a_missing_name_is_none_that_came_up(week):
    before = ranking("closing_reason", "conversations", Done=90)
    now = pd.DataFrame({"closing_reason": ["Done", None], "conversations": [60, 40], "share": [0.6, 0.4]})
    names = {"contact_center.closing_reasons": now}, {"contact_center.closing_reasons": before}
    assert sentences(shifts, recorded(week, *names)) == []


def test_where_the_periods_differ_in_length_counts_are_told_per_day_and_users_by_their_share(half):
    intents = _numbers(half, "chatbot.intents", {"a": 800, "b": 32}, {"a": 750, "b": 75})
    [found] = shifts(intents)
    assert found.sentence == "“b” came up: 5.0 messages a day, from 2.0 a day."
    assert found.headline == "“b” up to 5.0 a day"
    languages = _numbers(half, "chatbot.languages", {"es": 190, "pt": 10}, {"es": 160, "pt": 40})
    assert sentences(shifts, languages) == ["Portuguese came up: 20% of users, from 5%."]


def test_a_name_is_brief_and_so_is_the_headline(week):
    [found] = shifts(_numbers(week, "chatbot.intents", {"a": 900}, {"a": 900, "x" * 10_000: 800}))
    assert len(found.sentence) < 120
    assert len(found.headline) <= 60

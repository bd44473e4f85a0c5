"""Chatbot: literal rows in, the rankings out; and a second, plainer route to them."""

import tempfile
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from support.tables import at, count_queries, edition_of, message, rows_of

from tidings.metrics import chatbot
from tidings.review.explain import explain

WEEK = "2026-W46"  # Mon 9 – Sun 15 November 2026


def _conversation(thread: str, started: str, entry: str | None = None, flow: str | None = None) -> dict:
    return {
        "conversation_id": thread,
        "user_id": "u1",
        "started_at": at(started),
        "entry_point": entry,
        "start_flow": flow,
    }


def _edition(folder, *messages, **tables):
    return edition_of(folder, WEEK, {"messages": list(messages)} | tables)


def test_names_for_nothing_recognised_are_left_out_and_given_as_a_share(tmp_path):
    names = ["Pay", "Pay", "Move", "None", "FALLBACK", "nlu_fallback", None]
    edition = _edition(tmp_path, *(message("2026-11-10 10:00", intent=name) for name in names))
    assert rows_of(chatbot.intents(edition).value) == [("Pay", 2, 2 / 3), ("Move", 1, 1 / 3)]
    assert chatbot.unrecognised_share(edition).value == 0.5


def test_only_incoming_messages_have_intents_that_count(tmp_path):
    edition = _edition(
        tmp_path,
        message("2026-11-10 10:00", intent="Pay", direction="outgoing", sender="bot"),
        message("2026-11-20 10:00", intent="Pay"),
    )
    assert rows_of(chatbot.intents(edition).value) == []
    assert chatbot.unrecognised_share(edition).value is None


def test_a_users_language_is_that_of_most_messages_and_of_a_tie_the_last(tmp_path):
    edition = _edition(
        tmp_path,
        *(message("2026-11-10 10:00", user="most", language=code) for code in ("es", "es", "en")),
        message("2026-11-10 10:00", user="tie", language="es"),
        message("2026-11-10 11:00", user="tie", language="en"),
        message("2026-11-10 10:00", user="mixed", language=None),
        message("2026-11-10 09:00", user="mixed", language="pt-BR"),
        message("2026-11-10 11:00", user="mixed", language=None),
        message("2026-11-10 11:00", user="never"),
    )
    assert rows_of(chatbot.languages(edition).value) == [
        ("en", 1, 0.25),
        ("es", 1, 0.25),
        ("pt-BR", 1, 0.25),
        (None, 1, 0.25),
    ]


def test_a_language_is_one_however_it_is_spelled(tmp_path):
    words = ["en", "EN", "en-US", "en_US", "English", "eng", None, "Martian", "martian"]
    edition = _edition(
        tmp_path, *(message("2026-11-10 10:00", user=f"u{n}", language=word) for n, word in enumerate(words))
    )
    assert [row[:2] for row in rows_of(chatbot.languages(edition).value)] == [
        ("en", 4),
        ("en-US", 2),
        ("Martian", 1),
        ("martian", 1),
        (None, 1),
    ]
    assert explain(edition, "chatbot.languages").agrees


def test_a_users_language_is_that_of_most_messages_in_any_spelling(tmp_path):
    said = [("10:00", "es"), ("10:01", "es"), ("10:02", "en"), ("10:03", "EN"), ("10:04", "eng")]
    edition = _edition(tmp_path, *(message(f"2026-11-10 {at}", language=word) for at, word in said))
    assert rows_of(chatbot.languages(edition).value) == [("en", 1, 1.0)]


def test_rankings_have_those_of_the_period_before_in_the_same_names(tmp_path):
    edition = _edition(
        tmp_path,
        message("2026-11-01 10:00"),
        *(message("2026-11-03 10:00", user=f"u{n}", intent="Pay", language="EN") for n in (1, 2)),
        message("2026-11-03 11:00", user="u2", intent="fallback", language="es"),
        message("2026-11-03 12:00", user="u2", language="es"),
        message("2026-11-10 10:00", intent="Move", language="English"),
    )
    intents, languages = chatbot.intents(edition), chatbot.languages(edition)
    assert rows_of(intents.value) == [("Move", 1, 1.0)]
    assert rows_of(intents.previous) == [("Pay", 2, 1.0)]
    assert rows_of(languages.value) == [("en", 1, 1.0)]
    assert rows_of(languages.previous) == [("en", 1, 0.5), ("es", 1, 0.5)]


def test_both_periods_languages_are_counted_in_one_query(tmp_path, monkeypatch):
    edition = _edition(tmp_path, message("2026-11-01 10:00"), message("2026-11-10 10:00", language="en"))
    asked = count_queries(monkeypatch)
    assert rows_of(chatbot.languages(edition).previous) == []
    about_languages = [columns for columns in asked if "language" in columns]
    assert len(about_languages) == 2, "the words for languages, and the users of both periods"


def test_a_period_that_the_source_does_not_reach_has_no_rankings(tmp_path):
    edition = _edition(tmp_path, message("2026-11-10 10:00", intent="Pay", language="en"))
    assert chatbot.intents(edition).previous is None
    assert chatbot.languages(edition).previous is None


def test_a_start_is_entry_point_then_flow_then_the_first_recognised_intent(tmp_path):
    edition = _edition(
        tmp_path,
        message("2026-11-10 10:00", thread="c1", intent="fallback"),
        message("2026-11-10 10:02", thread="c1", intent="Pay"),
        message("2026-11-10 10:01", thread="c1", intent="Move", direction="outgoing", sender="bot"),
        message("2026-11-16 10:00", thread="c2", intent="Pay"),
        message("2026-11-10 10:00", thread="old", intent="Pay"),
        conversations=[
            _conversation("c1", "2026-11-10 10:00", "Web", "Menu"),
            _conversation("c2", "2026-11-15 23:59", None, "Menu"),
            _conversation("old", "2026-11-01 10:00", "Web", "Menu"),
        ],
    )
    assert rows_of(chatbot.start_flows(edition).value) == [("Web", "Menu", "Pay", 1), (None, "Menu", None, 1)]


def test_the_first_intent_is_the_first_in_time(tmp_path):
    messages = [
        message("2026-11-10 10:05", intent="A later one"),
        message("2026-11-10 10:00", intent="The first"),
        message("2026-11-10 10:09", intent="The last"),
    ]
    tables = {"messages": messages, "conversations": [_conversation("c1", "2026-11-10 10:00")]}
    edition = edition_of(tmp_path, "2026-W46", tables)
    assert rows_of(chatbot.start_flows(edition).value) == [(None, None, "The first", 1)]


def test_without_conversations_the_start_flows_are_not_available(tmp_path):
    assert not chatbot.start_flows(_edition(tmp_path, message("2026-11-10 10:00"))).available


_MESSAGE = st.tuples(
    st.integers(0, 6 * 1440),
    st.sampled_from("uvw"),
    st.sampled_from(["c1", "c2", "c3"]),
    st.none() | st.sampled_from(["Pay", "Move", "Fallback", "已", "b"]),
    st.none() | st.sampled_from(["es", "en", "pt-BR"]),
)


@settings(max_examples=10, deadline=None)
@given(st.lists(_MESSAGE, min_size=1, max_size=30))
def test_every_table_equals_that_of_a_plain_loop(drawn):
    rows = [
        message(
            datetime(2026, 11, 9) + timedelta(minutes=m),
            user=user,
            thread=thread,
            intent=intent,
            language=code,
        )
        for m, user, thread, intent, code in drawn
    ]
    threads = [
        _conversation(f"c{n}", "2026-11-09 00:00", entry) for n, entry in ((1, "Web"), (2, None), (3, "Web"))
    ]
    with tempfile.TemporaryDirectory() as folder:
        edition = _edition(Path(folder), *rows, conversations=threads)
        assert rows_of(chatbot.intents(edition).value) == _intents(rows)
        assert {row[:2] for row in rows_of(chatbot.languages(edition).value)} == _languages(rows)
        assert Counter(dict(_starts(rows, threads))) == {
            row[:3]: row[3] for row in rows_of(chatbot.start_flows(edition).value)
        }


def _is_recognised(row) -> bool:
    return row["intent"] is not None and row["intent"] != "Fallback"


def _intents(rows) -> list[tuple]:
    counted = Counter(row["intent"] for row in rows if _is_recognised(row))
    ranking = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(name, count, count / counted.total()) for name, count in ranking]


def _languages(rows) -> set[tuple]:
    by_user = defaultdict(list)
    for row in rows:
        by_user[row["user_id"]].append(row)
    chosen = Counter(_language(own) for own in by_user.values())
    return set(chosen.items())


def _language(own) -> str | None:
    codes = {row["language"] for row in own} - {None}
    uses = {code: [row["sent_at"] for row in own if row["language"] == code] for code in codes}
    ranking = sorted(codes, key=lambda code: (-len(uses[code]), -max(uses[code]).timestamp(), code))
    return ranking[0] if ranking else None


def _starts(rows, threads):
    starts = Counter()
    for thread in threads:
        own = [
            row for row in rows if row["conversation_id"] == thread["conversation_id"] and _is_recognised(row)
        ]
        first = min(own, key=lambda row: (row["sent_at"], row["intent"]))["intent"] if own else None
        starts[thread["entry_point"], thread["start_flow"], first] += 1
    return starts.items()

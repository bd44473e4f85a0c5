import pandas as pd
import pytest

from tidings.sources.quoting import names_in_words, row_in_words, shown


@pytest.mark.parametrize("value", [None, pd.NA, pd.NaT, float("nan")])
def test_what_is_missing_is_null(value):
    assert shown(value) == "null"


def test_a_long_value_is_cut_and_control_characters_become_dots():
    assert shown("a" * 40) == "a" * 40
    assert shown("a" * 41) == "a" * 39 + "…"
    assert shown("a\r\n\x1b\u202eb") == "a····b"


def test_a_row_is_told_column_by_column():
    row = pd.DataFrame({"id": ["m1"], "sent_at": [pd.Timestamp("2026-11-10 12:00")], "intent": [None]})
    assert row_in_words(row) == "{id: m1, sent_at: 2026-11-10 12:00:00, intent: null}"


def test_only_so_many_names_are_told():
    assert names_in_words(["a", "b\n"]) == "a, b·"
    assert names_in_words(map(str, range(1_042))).endswith(", 39 and 1,002 more")

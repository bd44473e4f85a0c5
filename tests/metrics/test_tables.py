"""The shapes of recorded tables."""

import pandas as pd
import pytest
from support.tables import NOW, tenant

from tidings.metrics.tables import every_day, ranked
from tidings.periods.period import parse_period

_MONDAY, _TUESDAY = pd.Timestamp("2026-11-09"), pd.Timestamp("2026-11-10")


def _period():
    return parse_period("2026-11-09..2026-11-10", tenant("nowhere"), NOW)


def test_every_day_has_a_row_for_each_agent_with_0_where_there_is_none():
    rows = [(_TUESDAY, "Bea", 3), (_MONDAY, "Ana", 1), (_TUESDAY, "Ana", 2)]
    found = every_day(pd.DataFrame(rows, columns=["day", "agent", "count"]), _period(), "count")
    assert list(found.itertuples(index=False, name=None)) == [
        (_MONDAY, "Ana", 1),
        (_MONDAY, "Bea", 0),
        (_TUESDAY, "Ana", 2),
        (_TUESDAY, "Bea", 3),
    ]


def test_every_day_of_no_agent_has_no_row():
    frame = pd.DataFrame({"day": pd.DatetimeIndex([]), "agent": pd.Series(dtype="str"), "count": []})
    assert every_day(frame, _period(), "count").empty


def test_two_rows_of_one_day_and_agent_are_refused():
    rows = [(_MONDAY, "Ana", 1), (_MONDAY, "Ana", 2)]
    with pytest.raises(pd.errors.InvalidIndexError):
        every_day(pd.DataFrame(rows, columns=["day", "agent", "count"]), _period(), "count")


def test_a_ranking_is_by_value_then_by_names_and_a_missing_name_is_the_last_of_its_value():
    rows = [("b", "x", 1), (None, "x", 2), ("a", "y", 2), ("a", "x", 2)]
    found = ranked(pd.DataFrame(rows, columns=["first", "second", "count"]), ["first", "second"], "count")
    assert found["count"].tolist() == [2, 2, 2, 1]
    assert found["second"].tolist() == ["x", "y", "x", "x"]
    assert found["first"].isna().tolist() == [False, False, True, False]

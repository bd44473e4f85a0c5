"""Stretches of time: invariants that hold whatever they are."""

from datetime import UTC, datetime, timedelta

import ibis
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tables import tenant

from tidings.errors import MetricError
from tidings.metrics.days import day_index
from tidings.metrics.intervals import HOUR, by_day, clipped, long, merged
from tidings.periods.period import Period, parse_period

# In Amsterdam clocks were put forward on 29 March 2026, and back on 25 October.
_PERIODS = [("2026-W13", 23), ("2026-W43", 25), ("2026-W46", 24)]
_STRETCHES = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(-2 * 86400, 8 * 86400), st.integers(0, 3 * 86400)),
    min_size=1,
    max_size=8,
)


@pytest.fixture(scope="module")
def engine():
    return ibis.duckdb.connect()


def _period(name: str) -> Period:
    return parse_period(
        name, tenant("nowhere", time_zone="Europe/Amsterdam"), datetime(2030, 1, 1, tzinfo=UTC)
    )


def _table(stretches, period: Period):
    start = period.start.replace(tzinfo=None)
    rows = [(key, start + timedelta(seconds=b), start + timedelta(seconds=b + n)) for key, b, n in stretches]
    return ibis.memtable(pd.DataFrame(rows, columns=["key", "begins", "ends"]).astype({"key": "str"}))


def _seconds(table, period: Period, engine) -> pd.DataFrame:
    """Seconds by key and day."""
    frame = engine.to_pandas(by_day(table, "key", period))
    pivoted = long(frame, "key", period, "hours", HOUR).pivot(index="key", columns="day", values="hours")
    return pivoted.reindex(columns=day_index(period)) * 3600


def _total(table, engine) -> dict[str, float]:
    frame = engine.to_pandas(table)
    return (frame["ends"] - frame["begins"]).dt.total_seconds().groupby(frame["key"]).sum().to_dict()


@pytest.mark.parametrize(("name", "longest_hours"), _PERIODS)
@settings(max_examples=8, deadline=None)
@given(stretches=_STRETCHES)
def test_days_add_up_to_the_clipped_total_and_none_is_longer_than_itself(
    name, longest_hours, stretches, engine
):
    period = _period(name)
    table = _table(stretches, period)
    days = _seconds(merged(table, "key"), period, engine)
    assert days.sum(axis=1).round(6).to_dict() == _total(clipped(merged(table, "key"), period), engine)
    assert (days >= 0).all(axis=None)
    lengths = [
        (b - a).total_seconds() for a, b in zip(period.day_starts, period.day_starts[1:], strict=False)
    ]
    assert longest_hours * 3600 in lengths
    assert (days.round(6) <= lengths).all(axis=None)


@settings(max_examples=15, deadline=None)
@given(stretches=_STRETCHES)
def test_a_union_is_no_longer_than_the_sum_nor_than_the_span_and_does_not_overlap(stretches, engine):
    table = _table(stretches, _period("2026-W46"))
    union, total = _total(merged(table, "key"), engine), _total(table, engine)
    rows = engine.to_pandas(table).groupby("key").agg(first=("begins", "min"), last=("ends", "max"))
    for key, seconds in union.items():
        assert 0 <= seconds <= total[key]
        assert seconds <= (rows["last"][key] - rows["first"][key]).total_seconds()
    islands = engine.to_pandas(merged(table, "key")).sort_values(["key", "begins"])
    gaps = islands["begins"] - islands.groupby("key")["ends"].shift()
    assert (gaps.dropna() > pd.Timedelta(0)).all()


@settings(max_examples=10, deadline=None)
@given(stretches=_STRETCHES, shift=st.sampled_from([-1, 1]))
def test_moving_an_edge_by_a_second_moves_exactly_that_second(stretches, shift, engine):
    period = _period("2026-W46")
    moved = _Moved(period.start, period.end + timedelta(seconds=shift))
    table = _table(stretches, period)
    edge = sorted([period.end.replace(tzinfo=None), moved.end.replace(tzinfo=None)])
    frame = engine.to_pandas(table)
    covers = (frame["begins"] <= edge[0]) & (frame["ends"] >= edge[1])
    expected = covers.groupby(frame["key"]).sum() * shift
    before, after = (_total(clipped(table, when), engine) for when in (period, moved))
    for key, seconds in expected.items():
        assert after.get(key, 0) - before.get(key, 0) == seconds


class _Moved:
    """Only the edges of a period."""

    def __init__(self, start, end):
        self.start, self.end = start, end


def test_stretches_that_touch_become_one_and_those_apart_stay_two(engine):
    table = _table([("a", 0, 10), ("a", 10, 10), ("a", 30, 5), ("b", 0, 1)], _period("2026-W46"))
    frame = engine.to_pandas(merged(table, "key")).sort_values(["key", "begins"])
    assert (frame["ends"] - frame["begins"]).dt.total_seconds().tolist() == [20, 5, 1]


def test_each_day_has_what_lies_in_it_alone_and_two_rows_of_one_key_are_refused():
    period = parse_period("2026-11-09..2026-11-10", tenant("nowhere"), datetime(2030, 1, 1, tzinfo=UTC))
    monday, tuesday = day_index(period)
    until = pd.DataFrame({"agent": ["b", "a"], "0": [HOUR, 0], "1": [3 * HOUR, HOUR]})
    assert list(long(until, "agent", period, "hours", HOUR).itertuples(index=False, name=None)) == [
        (monday, "b", 1.0),
        (monday, "a", 0.0),
        (tuesday, "b", 2.0),
        (tuesday, "a", 1.0),
    ]
    with pytest.raises(MetricError, match="two have the agent 'a'"):
        long(until.assign(agent="a"), "agent", period, "hours", HOUR)

"""Local days by a CASE over known offsets: the same as the zone's own calendar, on the engine."""

from datetime import UTC, datetime, timedelta

import ibis
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tables import NOW, tenant

from tidings.metrics.days import local_day, local_text, spread
from tidings.periods.period import parse_period

_ZONES = [
    "UTC",
    "America/Bogota",
    "Europe/Amsterdam",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
]
_PERIODS = ["2026-03", "2026-10", "2018-11", "2026-01..2026-12"]


@pytest.fixture(scope="module")
def engine():
    return ibis.duckdb.connect()


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(_ZONES),
    st.sampled_from(_PERIODS),
    st.lists(st.floats(0, 0.999999), min_size=1, max_size=40),
)
def test_a_local_day_is_that_of_the_zones_calendar(engine, zone, name, places):
    period = parse_period(name, tenant("nowhere", time_zone=zone), NOW)
    instants = [period.start + (period.end - period.start) * place for place in places]
    edges = [edge + timedelta(microseconds=step) for edge in period.day_starts[1:-1] for step in (-1, 0)]
    instants += edges
    table = ibis.memtable(pd.DataFrame({"at": [instant.replace(tzinfo=None) for instant in instants]}))
    found = engine.to_pandas(table.mutate(day=local_day(table["at"], period)))
    for row in found.itertuples():
        local = row.at.to_pydatetime().replace(tzinfo=UTC).astimezone(period.zone)
        assert row.day == pd.Timestamp(local.date())


def test_spread_gives_a_row_for_each_day_with_zeros_and_gaps():
    period = parse_period("2026-11-09..2026-11-11", tenant("nowhere"), NOW)
    frame = pd.DataFrame({"day": [pd.Timestamp("2026-11-10")], "count": [3], "average": [1.5]})
    days = spread(frame, period, absent={"count": 0, "average": float("nan")})
    assert days["count"].tolist() == [0, 3, 0]
    assert days["average"].isna().tolist() == [True, False, True]


def test_spread_leaves_out_rows_of_other_days_and_of_none():
    period = parse_period("2026-11-09..2026-11-11", tenant("nowhere"), NOW)
    days = [pd.Timestamp("2026-11-08"), pd.Timestamp("2026-11-11"), pd.NaT]
    frame = pd.DataFrame({"day": days, "count": [1, 2, 4]})
    spread_out = spread(frame, period, absent={"count": 0})
    assert spread_out["count"].tolist() == [0, 0, 2]
    assert spread_out.dtypes.astype(str).to_dict() == {"day": "datetime64[ns]", "count": "int64"}


def test_spread_gives_zeros_where_no_row_is_of_the_period():
    period = parse_period("2026-11-09..2026-11-11", tenant("nowhere"), NOW)
    frame = pd.DataFrame({"day": pd.DatetimeIndex([]), "count": [], "last": pd.DatetimeIndex([])})
    days = spread(frame, period, absent={"count": 0, "last": pd.NaT})
    assert days["count"].tolist() == [0, 0, 0]
    assert days["last"].isna().all()


def test_local_text_has_the_offset_of_its_own_instant():
    period = parse_period("2026-10", tenant("nowhere", time_zone="Europe/Amsterdam"), NOW)
    assert local_text(pd.Timestamp("2026-10-25 00:30"), period) == "2026-10-25T02:30:00+02:00"
    assert local_text(pd.Timestamp("2026-10-25 01:30"), period) == "2026-10-25T02:30:00+01:00"
    assert datetime(2026, 10, 25, 1, 30, tzinfo=UTC).astimezone(period.zone).fold == 1

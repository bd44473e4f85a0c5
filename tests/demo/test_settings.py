from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tidings.demo import DemoSettings, last_full_week_end
from tidings.errors import ParametersError

BOGOTA = ZoneInfo("America/Bogota")


@pytest.mark.parametrize(
    ("now", "end"),
    [
        (datetime(2026, 11, 18, 15, tzinfo=UTC), date(2026, 11, 16)),
        (datetime(2026, 11, 16, 5, tzinfo=UTC), date(2026, 11, 16)),
        (datetime(2026, 11, 16, 4, 59, tzinfo=UTC), date(2026, 11, 9)),
    ],
)
def test_data_end_with_the_last_week_that_is_over_in_the_zone(now, end):
    assert last_full_week_end(now, BOGOTA) == end


@pytest.mark.parametrize(
    "wrong",
    [
        {"messages": 0},
        {"weeks": 0},
        {"weeks": 10_000},
        {"tenants": -1},
        {"tenants": 10_000},
        {"seed": -1},
        {"time_zone": "Bogota"},
        {"time_zone": "../zone"},
        {"time_zone": "America"},
    ],
)
def test_settings_that_make_no_sense_are_refused_with_a_remedy(wrong):
    with pytest.raises(ParametersError, match="To mend it"):
        DemoSettings(end=date(2026, 11, 16), **wrong)


def test_messages_are_partitioned_above_a_million():
    assert not DemoSettings(end=date(2026, 11, 16), messages=1_000_000).hive
    assert DemoSettings(end=date(2026, 11, 16), messages=1_000_001).hive

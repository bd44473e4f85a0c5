from datetime import UTC, datetime, timedelta

import pytest

from tidings.errors import ParametersError
from tidings.periods import clock


@pytest.mark.parametrize("text", ["2026-11-16T06:00:00Z", "2026-11-16T01:00:00-05:00", " 2026-11-16T06:00Z "])
def test_the_variable_fixes_the_instant(monkeypatch, text):
    monkeypatch.setenv("TIDINGS_NOW", text)
    assert clock.now() == datetime(2026, 11, 16, 6, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_a_date_is_its_first_instant_in_utc(monkeypatch):
    monkeypatch.setenv("TIDINGS_NOW", "2026-11-16")
    assert clock.now() == datetime(2026, 11, 16, tzinfo=UTC)


@pytest.mark.parametrize("text", [None, "", "  "])
def test_unset_or_empty_it_is_the_present(monkeypatch, text):
    monkeypatch.delenv("TIDINGS_NOW", raising=False)
    if text is not None:
        monkeypatch.setenv("TIDINGS_NOW", text)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    "text",
    ["tomorrow", "2026-11-16T06:00:00", "2026-02-30", "0001-01-01", "9999-12-31T23:59:59-14:00", "x" * 999],
)
def test_anything_else_is_refused_by_the_variables_name(monkeypatch, text):
    monkeypatch.setenv("TIDINGS_NOW", text)
    with pytest.raises(ParametersError, match="TIDINGS_NOW") as refused:
        clock.now()
    assert len(str(refused.value)) < 350

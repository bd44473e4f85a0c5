from dataclasses import FrozenInstanceError, dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.tables import tenant

from tidings.errors import PeriodError
from tidings.language.locale import reader_locale
from tidings.periods.period import Period, latest_period, parse_period, reportable_period

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
CADENCES = ["weekly", "twice-monthly", "monthly", "every-two-months"]


@dataclass(frozen=True)
class Calendar:
    """The part of a tenant that periods depend on."""

    cadence: str = "weekly"
    time_zone: str = "America/Bogota"
    week_starts: str = "monday"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def period(name: str, **calendar):
    return parse_period(name, Calendar(**calendar), NOW)


@pytest.mark.parametrize(
    ("name", "key", "first", "last", "before", "after", "word"),
    [
        ("2026-W46", "2026-W46", "2026-11-09", "2026-11-15", "2026-W45", "2026-W47", "week"),
        ("2026-W53", "2026-W53", "2026-12-28", "2027-01-03", "2026-W52", "2027-W01", "week"),
        ("2020-W53", "2020-W53", "2020-12-28", "2021-01-03", "2020-W52", "2021-W01", "week"),
        ("2026-11a", "2026-11a", "2026-11-01", "2026-11-15", "2026-10b", "2026-11b", "half-month"),
        ("2024-02b", "2024-02b", "2024-02-16", "2024-02-29", "2024-02a", "2024-03a", "half-month"),
        ("2026-01a", "2026-01a", "2026-01-01", "2026-01-15", "2025-12b", "2026-01b", "half-month"),
        ("2026-02", "2026-02", "2026-02-01", "2026-02-28", "2026-01", "2026-03", "month"),
        ("2026-11..2026-11", "2026-11", "2026-11-01", "2026-11-30", "2026-10", "2026-12", "month"),
        (
            *2 * ("2026-09..2026-10",),
            "2026-09-01",
            "2026-10-31",
            "2026-07..2026-08",
            "2026-11..2026-12",
            "two months",
        ),
        (
            *2 * ("2026-11..2027-01",),
            "2026-11-01",
            "2027-01-31",
            "2026-08..2026-10",
            "2027-02..2027-04",
            "three months",
        ),
        (
            *("2026-11-01..2026-11-09", "2026-11-01..2026-11-09", "2026-11-01", "2026-11-09"),
            *("2026-10-23..2026-10-31", "2026-11-10..2026-11-18", "9 days"),
        ),
        (
            *("2026-11-09", "2026-11-09..2026-11-09", "2026-11-09", "2026-11-09"),
            *("2026-11-08..2026-11-08", "2026-11-10..2026-11-10", "day"),
        ),
        ("latest", "2026-W46", "2026-11-09", "2026-11-15", "2026-W45", "2026-W47", "week"),
    ],
)
def test_names(name, key, first, last, before, after, word):
    named = period(name)
    assert (named.key, str(named.first), str(named.last)) == (key, first, last)
    assert (named.previous().key, named.next().key, named.word) == (before, after, word)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("", "is not the name"),
        ("2026-W46\n", "is not the name"),
        ("2026-w46", "is not the name"),
        ("2026-W4", "is not the name"),
        ("2026-11c", "is not the name"),
        ("Latest", "is not the name"),
        ("2026-09..2026-10-31", "is not the name"),
        ("٢٠٢٦-W46", "is not the name"),
        ("../../etc", "is not the name"),
        ("x" * 10_000, "is not the name"),
        ("2025-W53", "Invalid week: 53"),
        ("2026-W00", "Invalid week: 0"),
        ("2026-13", "month"),
        ("2026-00a", "month"),
        ("2026-02-30", "day"),
        ("2026-11-09..2026-11-08", "runs forward"),
        ("2026-01-01..2027-01-02", "at most 366"),
        ("2026-10..2026-09", "runs forward"),
        ("2026-01..2027-01", "at most 12"),
        ("1969-12", "1969 is not between 1970 and 2199"),
        ("2199-12..2200-01", "2200 is not between"),
    ],
)
def test_other_names_are_refused_and_say_what_is_accepted(name, what):
    with pytest.raises(PeriodError) as refused:
        period(name)
    assert what in str(refused.value)
    assert refused.value.remedy
    assert len(refused.value.what) < 200


def test_an_unknown_name_is_answered_with_every_form():
    with pytest.raises(PeriodError) as refused:
        period("last week")
    for form in (
        "2026-W46",
        "2026-11a",
        "2026-11b",
        "2026-11 ",
        "2026-09..2026-10",
        "2026-11-01..2026-11-09",
        "latest",
    ):
        assert form in refused.value.remedy


@pytest.mark.parametrize(
    ("starts", "first"),
    [
        ("monday", "2026-11-09"),
        ("tuesday", "2026-11-10"),
        ("wednesday", "2026-11-11"),
        ("thursday", "2026-11-12"),
        ("friday", "2026-11-06"),
        ("saturday", "2026-11-07"),
        ("sunday", "2026-11-08"),
    ],
)
def test_the_fourth_day_of_a_week_lies_in_the_iso_week_of_its_name(starts, first):
    week = period("2026-W46", week_starts=starts)
    assert str(week.first) == first
    assert WEEKDAYS[week.first.weekday()] == starts
    assert (week.first + 3 * DAY).isocalendar()[:2] == (2026, 46)


def test_it_is_half_open_in_utc_and_cannot_be_changed():
    week = period("2026-W46")
    assert (week.start, week.end) == (
        datetime(2026, 11, 9, 5, tzinfo=UTC),
        datetime(2026, 11, 16, 5, tzinfo=UTC),
    )
    assert week.offsets == ((week.start, timedelta(hours=-5)),)
    assert not week.is_over(week.end - timedelta(microseconds=1))
    assert week.is_over(week.end)
    with pytest.raises(FrozenInstanceError):
        week.key = "other"
    assert {week: 1}[period("2026-W46")] == 1


def test_the_offsets_inside_change_once_where_the_clocks_do():
    week = period("2026-W43", time_zone="Europe/Madrid")
    assert week.offsets == (
        (datetime(2026, 10, 18, 22, tzinfo=UTC), timedelta(hours=2)),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), timedelta(hours=1)),
    )
    assert week.end - week.start == 7 * DAY + timedelta(hours=1)


def test_a_day_that_was_left_out_is_in_no_period():
    apia = {"time_zone": "Pacific/Apia"}
    assert [day.day for day in period("2011-12-28..2012-01-01", **apia).days] == [28, 29, 31, 1]
    assert period("2011-12-30..2012-01-01", **apia).key == "2011-12-31..2012-01-01"
    assert period("2011-12-31", **apia).previous().key == "2011-12-29..2011-12-29"
    assert period("2011-12-29..2011-12-31", **apia).word == "2 days"
    with pytest.raises(PeriodError, match="no 2011-12-30 in Pacific/Apia"):
        period("2011-12-30", **apia)


def due_on(calendar: Calendar, day: date) -> Period | None:
    """The period that is over as a local day begins and was not before; None where the zone left it out."""
    today = Period("", day, day, calendar.zone)
    latest = latest_period(calendar, today.start)
    return latest if today.days and latest.end == today.start else None


def test_a_report_whose_day_was_left_out_is_due_on_the_day_after():
    fridays = Calendar("weekly", "Pacific/Apia", "friday")
    assert due_on(fridays, date(2011, 12, 30)) is None
    assert str(due_on(fridays, date(2011, 12, 31)).last) == "2011-12-29"


@pytest.mark.parametrize(
    ("cadence", "day", "key"),
    [
        ("weekly", "2026-11-16", "2026-W46"),
        ("weekly", "2026-11-17", None),
        ("twice-monthly", "2026-11-16", "2026-11a"),
        ("twice-monthly", "2026-12-01", "2026-11b"),
        ("monthly", "2026-12-01", "2026-11"),
        ("monthly", "2026-11-16", None),
        ("every-two-months", "2026-11-01", "2026-09..2026-10"),
        ("every-two-months", "2026-12-01", None),
    ],
)
def test_what_is_due(cadence, day, key):
    due = due_on(Calendar(cadence), date.fromisoformat(day))
    assert (due and due.key) == key


@pytest.mark.parametrize(
    ("cadence", "key"),
    [
        ("weekly", "2026-W46"),
        ("twice-monthly", "2026-11a"),
        ("monthly", "2026-10"),
        ("every-two-months", "2026-09..2026-10"),
    ],
)
def test_the_latest_is_the_last_that_is_over_where_the_tenant_is(cadence, key):
    midnight = datetime(2026, 11, 16, 5, tzinfo=UTC)
    assert latest_period(Calendar(cadence), midnight).key == key
    if cadence in ("weekly", "twice-monthly"):
        earlier = latest_period(Calendar(cadence), midnight - timedelta(microseconds=1))
        assert earlier == latest_period(Calendar(cadence), midnight).previous()


@pytest.mark.parametrize(
    ("name", "title", "short"),
    [
        ("2026-W46", "Mon 9 – Sun 15 November 2026", "9 – 15 Nov"),
        ("2026-11a", "Sun 1 – Sun 15 November 2026", "1 – 15 Nov"),
        ("2026-11-09", "Monday 9 November 2026", "9 Nov"),
        ("2026-11", "November 2026", "November 2026"),
        ("2026-09..2026-10", "September – October 2026", "September – October 2026"),
    ],
)
def test_titles(name, title, short):
    english = reader_locale("en")
    assert (period(name).title(english), period(name).short_title(english)) == (title, short)


# Every zone, and every period that could be asked for in it.
ZONES = st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"}))
DATES = st.dates(date(1972, 1, 15), date(2040, 12, 1))
SHARES = st.integers(0, 9_999).map(lambda share: share / 10_000)
CALENDARS = st.builds(Calendar, st.sampled_from(CADENCES), ZONES, st.sampled_from(WEEKDAYS))


@st.composite
def periods(draw):
    """A tenant's calendar with a period of its cadence, or with a range of days or months."""
    calendar, day = draw(CALENDARS), draw(DATES)
    names = {
        "days": f"{day}..{day + draw(st.integers(0, 100)) * DAY}",
        "months": f"{day:%Y}-{draw(st.integers(1, 6)):02}..{day:%Y}-{draw(st.integers(6, 12)):02}",
        "latest": "latest",
    }
    try:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        return calendar, parse_period(names[draw(st.sampled_from(sorted(names)))], calendar, noon)
    except PeriodError:
        assume(False)


@settings(deadline=None, max_examples=150)
@given(periods())
def test_days_tile_the_period(case):
    _, some = case
    assert len(some.day_starts) == len(some.days) + 1
    assert (some.day_starts[0], some.day_starts[-1]) == (some.start, some.end)
    assert all(earlier < later for earlier, later in pairwise(some.day_starts))
    assert all(timedelta(hours=20) <= b - a <= timedelta(hours=28) for a, b in pairwise(some.day_starts))
    assert set(some.days) <= {some.first + n * DAY for n in range((some.last - some.first).days + 1)}


@settings(deadline=None, max_examples=300)
@given(periods(), SHARES)
def test_utc_plus_the_offset_is_a_time_of_the_day_that_holds_the_instant(case, share):
    _, some = case
    instant = some.start + share * (some.end - some.start)
    offset = [offset for since, offset in some.offsets if since <= instant][-1]
    day = max(n for n, start in enumerate(some.day_starts) if start <= instant)
    assert (instant + offset).date() == some.days[day]


@settings(deadline=None, max_examples=300)
@given(periods(), SHARES)
def test_offsets_are_those_of_the_zone_but_where_clocks_go_back_over_midnight(case, share):
    _, some = case
    instant = some.start + share * (some.end - some.start)
    offset = [offset for since, offset in some.offsets if since <= instant][-1]
    wall = instant.astimezone(some.zone)
    if offset != wall.utcoffset():
        # Then the wall is briefly a day ahead, and falls back into the day before.
        assert wall.date() == (instant + offset).date() + DAY
        assert (instant + timedelta(hours=4)).astimezone(some.zone).utcoffset() == offset


@settings(deadline=None, max_examples=200)
@given(periods())
def test_neighbours_adjoin_and_lead_back(case):
    _, some = case
    assert some.previous().next() == some == some.next().previous()
    assert some.previous().end == some.start
    assert some.next().start == some.end
    assert len({some.word, some.previous().word, some.next().word}) == 1


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("2026-W46", "2026-W45"),
        ("2026-11a", "2026-10b"),
        ("2026-11", "2026-10"),
        ("2026-11-09", "2026-11-02..2026-11-02"),
        ("2026-11-09..2026-11-14", "2026-11-02..2026-11-07"),
        ("2026-11-09..2026-11-15", "2026-11-02..2026-11-08"),
        ("2026-11-01..2026-11-09", "2026-10-23..2026-10-31"),
    ],
)
def test_a_period_is_compared_with_the_previous_one_or_with_the_same_days_of_the_week(name, beside):
    assert period(name).compared_with().key == beside


def test_a_day_a_week_after_one_that_was_left_out_is_compared_with_the_one_before_that():
    friday = period("2012-01-06", time_zone="Pacific/Apia")
    assert friday.compared_with().key == "2011-12-23..2011-12-23"


@pytest.mark.parametrize(
    ("name", "now", "days", "beside"),
    [
        ("2026-W46", "2026-11-11 17:30", 3, ("2026-11-02 05:00", "2026-11-04 17:30")),
        ("2026-W46", "2026-11-09 05:01", 1, ("2026-11-02 05:00", "2026-11-02 05:01")),
        ("2026-11a", "2026-11-15 06:00", 15, ("2026-10-16 05:00", "2026-10-30 06:00")),
        ("2026-03", "2026-03-31 06:00", 31, ("2026-02-01 05:00", "2026-03-01 05:00")),
        ("2026-11-09..2026-11-10", "2026-11-10 06:00", 2, ("2026-11-02 05:00", "2026-11-03 06:00")),
    ],
)
def test_a_period_that_is_not_over_is_compared_with_as_much_of_the_other(name, now, days, beside):
    instant = datetime.fromisoformat(now).replace(tzinfo=UTC)
    part = period(name).cut_off(instant)
    other = part.compared_with()
    assert (part.end, len(part.days)) == (instant, days)
    assert (f"{other.start:%Y-%m-%d %H:%M}", f"{other.end:%Y-%m-%d %H:%M}") == beside


def test_where_a_clock_was_put_forward_the_same_hours_have_passed():
    part = period("2026-W13", time_zone="Europe/Amsterdam").cut_off(datetime(2026, 3, 29, 10, tzinfo=UTC))
    assert part.compared_with().end == datetime(2026, 3, 22, 10, tzinfo=UTC)


def test_a_period_that_is_not_over_is_reported_until_now_where_it_is_asked_for(monkeypatch):
    monkeypatch.setenv("TIDINGS_NOW", "2026-11-11T17:30:00Z")
    week = reportable_period("2026-W46", tenant("data"), unfinished=True)
    assert (week.key, week.until) == ("2026-W46", datetime(2026, 11, 11, 17, 30, tzinfo=UTC))
    assert reportable_period("2026-W45", tenant("data"), unfinished=True).until is None
    with pytest.raises(PeriodError, match="is not over"):
        reportable_period("2026-W46", tenant("data"))
    with pytest.raises(PeriodError, match="2026-W47 has not begun"):
        reportable_period("2026-W47", tenant("data"), unfinished=True)


def test_a_part_says_that_it_is_one_and_is_never_over():
    part = period("2026-W46").cut_off(datetime(2026, 11, 11, 17, tzinfo=UTC))
    assert part.title(reader_locale("en")) == "Mon 9 – Sun 15 November 2026, so far"
    assert not part.is_over(datetime(2026, 11, 12, tzinfo=UTC))
    assert part.is_over(datetime(2026, 11, 17, tzinfo=UTC))
    assert (part.previous().key, part.next().key, part.whole()) == (
        "2026-W45",
        "2026-W47",
        period("2026-W46"),
    )


@settings(deadline=None, max_examples=200)
@given(periods(), st.floats(0.001, 1))
def test_what_a_part_is_compared_with_lies_wholly_before_it_and_is_no_longer(case, share):
    _, some = case
    part = some.cut_off(some.start + share * (some.end - some.start))
    other = part.compared_with()
    assert other.end <= part.start
    assert 0 < len(other.days) <= len(part.days)
    assert part.with_compared().start == other.start


@settings(deadline=None, max_examples=200)
@given(periods())
def test_a_key_names_its_period(case):
    calendar, some = case
    assert parse_period(some.key, calendar, NOW) == some


@settings(deadline=None, max_examples=100)
@given(CALENDARS, DATES)
def test_each_edition_falls_due_once_and_the_editions_tile_the_calendar(calendar, day):
    due = [found for n in range(130) if (found := due_on(calendar, day + n * DAY))]
    assert len({found.key for found in due}) == len(due) >= 2
    assert all(earlier.next() == later for earlier, later in pairwise(due))
    assert all(earlier.last + DAY == later.first for earlier, later in pairwise(due))


@settings(deadline=None, max_examples=200)
@given(CALENDARS, st.datetimes(datetime(1972, 6, 1), datetime(2040, 12, 1), timezones=st.just(UTC)))
def test_the_latest_is_over_and_the_next_is_not(calendar, now):
    latest = latest_period(calendar, now)
    assert latest.is_over(now)
    assert not latest.next().is_over(now)

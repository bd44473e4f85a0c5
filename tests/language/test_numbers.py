"""Numbers, days and times in the reader's language."""

from datetime import date

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from tidings.language import numbers

EN, DE, AR, JA, US, ES, PT = (
    Locale.parse(code) for code in ("en", "de", "ar", "ja", "en_US", "es_CO", "pt_BR")
)


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0, "0"),
        (12.0, "12"),
        (4.53, "4.5"),
        (99.96, "100"),
        (58204, "58,204"),
        (1e9, "1,000,000,000"),
        (-0.01, "0"),
    ],
)
def test_a_number_has_its_thousands_apart_and_no_needless_decimals(x, text):
    assert numbers.number(x, EN) == text


@pytest.mark.parametrize(
    ("x", "text"), [(8, "8.0"), (7.84, "7.8"), (99.96, "100"), (1234.5, "1,234"), (None, "–")]
)
def test_averages_have_one_decimal_so_that_they_can_be_compared(x, text):
    assert numbers.average(x, EN) == text
    assert numbers.quantity(x, "messages per conversation", EN) == text


def test_numbers_follow_the_reader():
    assert numbers.number(58204.0, DE) == "58.204"
    assert numbers.number(4.5, DE) == "4,5"
    assert numbers.percent(0.08, DE) == "8\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_what_is_missing_is_a_dash_and_never_zero(missing):
    for write in (numbers.number, numbers.percent, numbers.minutes, numbers.hours, numbers.moment):
        assert write(missing, EN) == "–"


@pytest.mark.parametrize(
    ("x", "text"),
    [(0, "0"), (0.5, "0.5"), (250, "250"), (1500, "1.5K"), (999_999, "1M"), (1_200_000, "1.2M"), (1e9, "1B")],
)
def test_an_axis_is_labelled_shortly(x, text):
    assert numbers.compact(x, EN) == text


def test_an_axis_counts_as_its_readers_do():
    assert numbers.compact(120_000, JA) == "12万"
    assert numbers.compact(1_200_000, DE) == "1,2\N{NO-BREAK SPACE}Mio."


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0%"),
        (0.001, "<1%"),
        (0.005, "1%"),
        (0.08, "8%"),
        (0.125, "13%"),
        (0.994, "99%"),
        (0.999, ">99%"),
        (1, "100%"),
    ],
)
def test_a_share_is_in_whole_percent_and_never_hides_something_as_nothing(share, text):
    assert numbers.percent(share, EN) == text


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0, "0\u00a0s"),
        (0.75, "45\u00a0s"),
        (3.2, "3\u00a0min 12\u00a0s"),
        (3, "3\u00a0min"),
        (59.999, "1\u00a0h"),
        (125, "2\u00a0h 5\u00a0min"),
        (120, "2\u00a0h"),
        (7199, "120\u00a0h"),
        (100_000, "1,667\u00a0h"),
    ],
)
def test_minutes_are_written_as_people_say_them(x, text):
    assert numbers.minutes(x, EN) == text


@given(st.floats(min_value=0, max_value=5999))
def test_minutes_can_be_read_back_within_what_is_written(x):
    scale = {"h": 60, "min": 1, "s": 1 / 60}
    written = numbers.minutes(x, EN).split()
    read = sum(int(count) * scale[unit] for count, unit in zip(written[::2], written[1::2], strict=True))
    assert read == pytest.approx(x, abs=0.51 if "h" in written else 0.51 / 60)


@given(st.integers(min_value=0, max_value=10**9))
def test_a_whole_number_can_be_read_back(x):
    assert int(numbers.number(x, EN).replace(",", "")) == x


def test_a_quantity_is_written_by_its_unit():
    assert numbers.quantity(0.5, "share", EN) == "50%"
    assert numbers.quantity(90, "minutes", EN) == "1\u00a0h 30\u00a0min"
    assert numbers.quantity(7.5, "hours", EN) == "7\u00a0h 30\u00a0min"
    assert numbers.quantity(1204, "users", EN) == "1,204"


def test_days_are_written_as_people_say_them():
    assert numbers.day(date(2026, 11, 9), EN) == "Mon 9 Nov"
    assert numbers.day(date(2026, 11, 9), DE) == "Mo., 9. Nov."
    assert numbers.day_name(date(2026, 11, 13), EN) == "Friday 13"
    assert numbers.day_name(date(2026, 11, 13), EN, with_month=True) == "Friday 13 November"
    assert numbers.day_name(date(2026, 11, 13), JA) == "11月13日金曜日"
    assert numbers.day_name(date(2026, 11, 13), ES) == "viernes 13"
    assert numbers.day_name(date(2026, 11, 13), ES, with_month=True) == "viernes 13 de noviembre"
    assert numbers.day_name(date(2026, 11, 13), PT) == "sexta-feira 13"
    assert numbers.day_in_digits(date(2026, 11, 9), EN) == "09/11"
    assert numbers.day_label(date(2026, 11, 9), EN, first=True) == "Mon\n9 Nov"
    assert numbers.day_label(date(2026, 11, 10), EN) == "Tue\n10"
    assert numbers.day_label(date(2026, 12, 1), EN) == "Tue\n1 Dec"
    assert numbers.month_day(date(2026, 11, 9), US) == "9 Nov"
    assert numbers.month(date(2026, 11, 9), EN) == "Nov"
    assert numbers.month_day(date(2026, 11, 9), JA) == "11月9日"
    assert numbers.month_day(date(2026, 11, 9), Locale.parse("pt_BR")) == "9 nov."


def test_a_moment_is_told_in_the_local_time_it_carries():
    assert numbers.moment("2026-11-13T14:03:00-05:00", EN) == "Fri 13, 14:03"
    assert numbers.moment("2026-11-03T00:05:00+05:30", EN) == "Tue 3, 00:05"


@pytest.mark.parametrize(
    ("shares", "texts"),
    [
        ([1 / 3, 1 / 3, 1 / 3], ["34%", "33%", "33%"]),
        ([0.145, 0.145, 0.71], ["15%", "14%", "71%"]),
        ([0.999, 0.001], [">99%", "<1%"]),
        ([0.9904, 0.0096], ["99%", "1%"]),
        ([0.29, 0.71], ["29%", "71%"]),
        ([0.0, 1.0], ["0%", "100%"]),
        ([], []),
    ],
)
def test_shares_of_one_whole_add_up_as_written(shares, texts):
    assert numbers.percents(shares, EN) == texts


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=30))
def test_written_shares_lack_no_percent_and_are_off_by_less_than_one(counts):
    shares = [count / sum(counts) for count in counts]
    points = [
        0 if "<" in text else 100 if ">" in text else int(text[:-1]) for text in numbers.percents(shares, EN)
    ]
    assert sum(points) == 100
    assert all(abs(point - share * 100) < 1 + 1e-6 for point, share in zip(points, shares, strict=True))


@pytest.mark.parametrize("missing", [None, float("nan"), "", "  "])
def test_a_missing_name_is_said_to_be_missing(missing):
    assert numbers.name(missing, EN) == "not given"


def test_a_name_stays_as_it_is():
    assert numbers.name("شحن <b>", EN) == "شحن <b>"
    assert numbers.name(7, EN) == "7"


def test_a_long_name_is_cut_with_an_ellipsis():
    assert numbers.shorten("Where is my order", 10) == "Where is…"
    assert numbers.shorten("Pay", 3) == "Pay"


def test_a_cut_never_falls_inside_a_character():
    assert numbers.shorten("e\u0301e\u0301e\u0301", 2) == "e\u0301…"
    family = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
    assert numbers.shorten(family * 3, 2) == family + "…"


@given(st.text(), st.integers(min_value=1, max_value=30))
def test_a_shortened_text_fits(text, width):
    assert len(list(iter_graphemes(numbers.shorten(text, width)))) <= max(width, 1)


@pytest.mark.parametrize(
    ("shares", "texts"),
    [
        ([1 / 3, 1 / 3, 1 / 3], ["34%", "33%", "33%"]),
        ([0.705, 0.205, 0.09], ["71%", "20%", "9%"]),
        ([0.998, 0.002], [">99%", "<1%"]),
        ([0.988, 0.006, 0.006], ["99%", "1%", "<1%"]),
        ([1.0], ["100%"]),
        ([], []),
    ],
)
def test_the_parts_of_a_whole_add_up(shares, texts):
    assert numbers.percents(shares, EN) == texts

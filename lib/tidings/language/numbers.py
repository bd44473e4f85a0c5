"""Numbers, days and times as people write them in the reader's language."""

import math
from collections.abc import Sequence
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_compact_decimal, format_decimal, format_percent, parse_pattern
from wcwidth import iter_graphemes

from tidings.language.catalogue import translate

if TYPE_CHECKING:
    from typing_extensions import TypeIs

NONE = "–"
_ROUNDING = 1e-9  # by which a sum of fractions may miss a whole number
_PLAIN, _ONE_DIGIT, _NO_DIGIT = (parse_pattern(text) for text in ("#,##0.#", "#,##0.0", "#,##0"))
_WORLD_ENGLISH = Locale.parse("en_001")
_DAY_NAMES = {
    "en": ("EEEE d", "EEEE d MMMM"),
    "es": ("EEEE d", "EEEE d 'de' MMMM"),
    "pt": ("EEEE d", "EEEE d 'de' MMMM"),
}
"""Patterns of a day in a sentence, without its month and with it: Babel's own have a comma or the month."""


def is_missing(x: Any) -> "TypeIs[None]":
    """Whether a value is none: null, NaN or NaT."""
    return x is None or x != x


def number(x: float | None, locale: Locale) -> str:
    """A number with its thousands apart: "58,204"; one digit after the point below 100; "–" for none.

    Whole numbers have no point: "12", not "12.0".
    """
    if is_missing(x):
        return NONE
    digits = 1 if abs(x) < 100 else 0
    return format_decimal(round(float(x), digits) + 0.0, format=_PLAIN, locale=locale)


def average(x: float | None, locale: Locale) -> str:
    """An average of counts, always with one digit after the point below 100: "8.0"; "–" for none."""
    if is_missing(x):
        return NONE
    return format_decimal(x, format=_ONE_DIGIT if abs(x) < 99.95 else _NO_DIGIT, locale=locale)


def compact(x: float, locale: Locale) -> str:
    """A number for an axis: "0", "250", "1.5K", "1.2M", "3B"."""
    if abs(x) < 1000:
        return number(x, locale)
    rounded = float(f"{x:.3g}")  # 999,999 is "1M", not "1000K"
    text = format_compact_decimal(rounded, format_type="short", fraction_digits=1, locale=locale)
    return number(rounded, locale) if text.isdecimal() else text  # German has no short word for thousands


def percent(share: float | None, locale: Locale) -> str:
    """A share (0 to 1) in whole percent: "8%"; "<1%" and ">99%" where rounding would say none or all."""
    return NONE if is_missing(share) else _write_points(_half_up(share * 100), share, locale)


def percents(shares: Sequence[float], locale: Locale) -> list[str]:
    """Shares of one whole (0 to 1) in whole percent that add up as the shares do: thirds are 34%, 33%, 33%.

    Each is rounded down, and what is lacking goes to those that lost most, the first where several did. "<1%"
    and ">99%" stand where rounding would say none or all.
    """
    points = [math.floor(share * 100 + _ROUNDING) for share in shares]
    lacking = _half_up(sum(shares) * 100) - sum(points)
    lost = sorted(range(len(points)), key=lambda place: round(points[place] - shares[place] * 100, 9))
    for place in lost[:lacking]:
        points[place] += 1
    return [_write_points(point, share, locale) for point, share in zip(points, shares, strict=True)]


def _write_points(points: int, share: float, locale: Locale) -> str:
    if points == 0 and share > 0:
        return "<" + format_percent(0.01, locale=locale)
    if points == 100 and share < 1:
        return ">" + format_percent(0.99, locale=locale)
    return format_percent(points / 100, locale=locale)


def percent_points(share: float) -> int:
    """A share, or a difference of two, in whole percent, as `percent` rounds it."""
    return _half_up(abs(share) * 100) * (1 if share >= 0 else -1)


def whole_percent(share: float, locale: Locale) -> str:
    """A share in whole percent, also where that says none: "0%"."""
    return format_percent(percent_points(share) / 100, locale=locale)


def minutes(x: float | None, locale: Locale) -> str:
    """A duration in minutes as people say it: "45 s", "3 min 12 s", "2 h 5 min", "120 h".

    No line ends between a number and its unit: the space there is one that does not break.
    """
    if is_missing(x):
        return NONE
    hours, minutes = translate("{count} h", locale), translate("{count} min", locale)
    seconds = _half_up(x * 60)
    if seconds < 3600:
        return _two((seconds // 60, minutes), (seconds % 60, translate("{count} s", locale)), locale)
    whole = _half_up(x)
    if whole >= 6000:
        return _one(_half_up(whole / 60), hours, locale)
    return _two((whole // 60, hours), (whole % 60, minutes), locale)


def _two(large: tuple[int, str], small: tuple[int, str], locale: Locale) -> str:
    written = [_one(count, form, locale) for count, form in (large, small) if count]
    return " ".join(written) or _one(0, small[1], locale)


def _one(count: int, form: str, locale: Locale) -> str:
    return form.format(count=number(count, locale)).replace(" ", "\u00a0")


def hours(x: float | None, locale: Locale) -> str:
    """A duration in hours as people say it: "7 h 30 min"."""
    return NONE if is_missing(x) else minutes(x * 60, locale)


def quantity(x: float | None, unit: str, locale: Locale) -> str:
    """A value in its metric's unit: minutes and hours as durations, a share in percent, else a number.

    A number of messages per conversation is an average, "8.0".
    """
    writers = {"minutes": minutes, "hours": hours, "share": percent, "messages per conversation": average}
    return writers.get(unit, number)(x, locale)


def weekday(day: date, locale: Locale) -> str:
    """The short name of a day of the week: "Mon"."""
    return format_date(day, "ccc", locale=as_written(locale))


def month_day(day: date, locale: Locale) -> str:
    """A day and its month under an axis: "9 Nov"."""
    if locale.language == "pt":  # "9 de nov.", as in a sentence, has no room beside the days after it
        return format_date(day, "d MMM", locale=locale)
    return format_skeleton("MMMd", day, locale=as_written(locale))


def month(day: date, locale: Locale) -> str:
    """The short name of a day's month: "Nov"."""
    return format_date(day, "LLL", locale=locale)


def day(day: date, locale: Locale) -> str:
    """A day for a table: "Mon 9 Nov"."""
    if locale.language == "en":
        return format_date(day, "EEE d MMM", locale=_WORLD_ENGLISH)
    return format_skeleton("MMMEd", day, locale=locale)


def day_name(day: date, locale: Locale, with_month: bool = False) -> str:
    """A day for a sentence: "Friday 13", or "Friday 13 November"."""
    if patterns := _DAY_NAMES.get(locale.language):
        return format_date(day, patterns[with_month], locale=as_written(locale))
    return format_skeleton("MMMMEEEEd", day, locale=locale)


def day_in_digits(day: date, locale: Locale) -> str:
    """A day and its month without letters: "09/11"."""
    return format_skeleton("Md", day, locale=as_written(locale))


def day_label(day: date, locale: Locale, first: bool = False) -> str:
    """A day under an axis, on two lines: "Tue", "10"; "Mon", "9 Nov" for the first and the 1st of a month."""
    below = month_day(day, locale) if first or day.day == 1 else str(day.day)
    return f"{weekday(day, locale)}\n{below}"


def moment(iso: str | None, locale: Locale, with_month: bool = False) -> str:
    """A minute, as ISO 8601 in local time, in words: "Fri 13, 14:03" or "Fri 13 Nov, 14:03"; "–" for none."""
    if is_missing(iso):
        return NONE
    instant, language = datetime.fromisoformat(iso), as_written(locale)
    clock = format_datetime(instant, "HH:mm", locale=language)
    if with_month:
        return f"{day(instant.date(), locale)}, {clock}"
    return f"{weekday(instant.date(), locale)} {format_skeleton('d', instant, locale=language)}, {clock}"


def name(text: Any, locale: Locale) -> str:
    """A name of the platform's own; "not given" where it is missing or blank."""
    return translate("not given", locale) if is_missing(text) or not str(text).strip() else str(text)


def shorten(text: str, width: int) -> str:
    """The text in at most ``width`` characters as people count them, with an ellipsis where it is cut."""
    if len(text) <= width:  # which counts each accent, and so never less than people do
        return text
    characters = list(islice(iter_graphemes(text), width + 1))
    if len(characters) <= width:
        return text
    return "".join(characters[: max(width - 1, 0)]).rstrip() + "…"


def _half_up(x: float) -> int:
    return math.floor(x + 0.5)


def as_written(locale: Locale) -> Locale:
    """English is written as the world does (9 Nov), as in a period's title; Babel's own is "Nov 9"."""
    return _WORLD_ENGLISH if locale.language == "en" else locale

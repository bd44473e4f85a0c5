"""Stretches of days, and time zones, in a reader's words."""

import re
from datetime import date

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_interval, format_skeleton, get_timezone_location

from tidings.language.sentences import say

_NOWHERE = "ZZ"  # Babel's territory of UTC
_MONTH_AT_END = re.compile(r"(?<=d)(?: 'de '| )MMM(?=[^A-Za-z]*$)")


def days_title(first: date, last: date, locale: Locale) -> str:
    """Days with their weekdays: "Mon 9 – Sun 15 November 2026", or "Monday 9 November 2026" for one."""
    if first == last:
        return format_date(first, "EEEE d MMMM y" if _is_english(locale) else "full", locale=locale)
    if _is_english(locale):
        return _english(first, last, locale, "EEE d", "MMMM y")
    if (first.year, first.month) == (last.year, last.month):
        return _within_month(first, last, locale)
    return format_interval(first, last, "yMMMEd", locale=locale)


def months_title(first: date, last: date, locale: Locale) -> str:
    """Whole months: "November 2026", "September – October 2026"."""
    if (first.year, first.month) == (last.year, last.month):
        return format_skeleton("yMMMM", first, locale=locale)
    if _is_english(locale):
        opening = "MMMM" if first.year == last.year else "MMMM y"
        return f"{format_date(first, opening, locale)} – {format_date(last, 'MMMM y', locale)}"
    return format_interval(first, last, "yMMMM", locale=locale)


def days_label(first: date, last: date, locale: Locale) -> str:
    """Days as short as a chart's label: "9 – 15 Nov"."""
    if first == last:
        return format_date(first, "d MMM", locale=locale) if _is_english(locale) else _short(first, locale)
    if _is_english(locale):
        return _english(first, last, locale, "d", "MMM")
    return format_interval(first, last, "MMMd", locale=locale)


def zone_name(zone: str, locale: Locale) -> str:
    """A time zone by its city: "Bogota time"; as it is where it lies nowhere, or Babel does not know it."""
    known = get_global("zone_aliases").get(zone, zone)
    if get_global("zone_territories").get(known, _NOWHERE) == _NOWHERE:
        return zone
    city = get_timezone_location(zone, locale=locale, return_city=True)
    return say("{city} time", locale, city=city.rpartition("/")[2])  # Babel has "Argentina/Buenos Aires"


def _short(day: date, locale: Locale) -> str:
    return format_skeleton("MMMd", day, locale=locale)


def _within_month(first: date, last: date, locale: Locale) -> str:
    """Two days of a month in Babel's own words, but the month said once, at the end.

    Most of Spanish and Portuguese say it twice: "lun, 9 nov – dom, 15 nov 2026".
    """
    patterns = locale.interval_formats.get("yMMMEd", {}).get("d", ())
    if len(patterns) != 2:
        return format_interval(first, last, "yMMMEd", locale=locale)
    opening, closing = patterns
    return format_date(first, _MONTH_AT_END.sub("", opening), locale) + format_date(last, closing, locale)


def _is_english(locale: Locale) -> bool:
    # Babel's plain "en" writes dates as in the United States: "Mon, Nov 9 – Sun, Nov 15, 2026".
    return locale.language == "en"


def _english(first: date, last: date, locale: Locale, day: str, rest: str) -> str:
    """Two days with what they share said once, at the end; `rest` is a pattern of the month and the year."""
    if first.year != last.year:
        opening = f"{day} {rest}"
    elif first.month != last.month:
        opening = f"{day} {rest.removesuffix(' y')}"
    else:
        opening = day
    return f"{format_date(first, opening, locale)} – {format_date(last, f'{day} {rest}', locale)}"

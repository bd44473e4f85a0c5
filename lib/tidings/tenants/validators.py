"""Checks of the single values in a tenant's parameters that a type alone cannot express."""

import re
import unicodedata
from contextlib import suppress
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.localedata import locale_identifiers
from pydantic_core import PydanticCustomError

from tidings.language.catalogue import spoken_languages

LONGEST_NAME = 200
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[str, ...] = get_args(Weekday)
"""The days of the week by their English names, in the order of their numbers: Monday is 0."""

_LONGEST_PATH, _LONGEST_NAME = 1_000, 250  # bytes of a path, and of each name in it
_LANGUAGE = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
_ENDINGS = {
    ".png": "save the logo as PNG, and write its path ending in .png",
    ".sql": "write the path of the mapping, which ends in .sql",
}
_PLACEHOLDER = re.compile("[a-z_][a-z0-9_]{0,63}")
_PLACEHOLDER_VALUE = re.compile(r"[\w .:@+-]{1,200}")
# A later @ makes no password of a port (host:5432/db?name=a@b), nor of a host after none (user:@host/?a@b).
_USER_PASSWORD = re.compile(r"://[^:/@]*:(?!(?:\d*|@[^@/?#]*)(?:[/?#]|$)).+@", re.DOTALL)
_SECRET_SETTING = re.compile(
    r"(?:^|[?&;\s])[^=?&;\s]*(?:passw|pwd|secret|token|credential|access_key|api_?key|private_key)"
    r"[^=?&;\s]*=[^?&;\s]",
    re.IGNORECASE,
)


def refusal(what: str, remedy: str) -> PydanticCustomError:
    """An error for a validator to raise: what is wrong with the value, and how to mend it."""
    return PydanticCustomError("refused", "{what}", {"what": what, "remedy": remedy})


def nearest(word: str, known: dict[str, str] | list[str] | tuple[str, ...], most: int = 1) -> list[str]:
    """The known words most like one, best first; of a dictionary the values whose keys are most like it."""
    table = known if isinstance(known, dict) else {entry.casefold(): entry for entry in known}
    return [table[found] for found in get_close_matches(word[:100].casefold(), table, n=most)]


def check_name(name: str) -> str:
    """A tenant's name: words on one line."""
    if not name.strip() or has_control(name):
        raise refusal("is not a name on one line", "write the tenant's name, without line breaks")
    if "=?" in name:  # which mail programs would take for encoded words, in a subject
        raise refusal('has "=?" in it', "write the tenant's name as it is to be read")
    if len(name) > LONGEST_NAME:
        raise refusal("is too long", f"keep the name within {LONGEST_NAME} characters")
    return name


def check_time_zone(name: str) -> str:
    """A time zone of the IANA database, by its name there."""
    # The list comes first: asked for a path, ZoneInfo would go and look at it.
    zones = _zones()
    if name in zones:
        return ZoneInfo(name).key
    cities = {zone.rpartition("/")[2].casefold(): zone for zone in sorted(zones)}
    close = nearest(name.replace(" ", "_"), cities | {zone.casefold(): zone for zone in zones})
    remedy = f"write {close[0]}" if close else "write an IANA name such as America/Bogota or UTC"
    raise refusal("is not a time zone", remedy)


@cache
def _zones() -> frozenset[str]:
    """The names of the database's zones; cached, since some 600 files are read for them."""
    return frozenset(available_timezones() - {"Factory", "localtime"})


def check_language(tag: str) -> str:
    """A language by its BCP 47 tag: one that reports can be in, and whose numbers and dates Babel knows."""
    locale = None
    with suppress(UnknownLocaleError, ValueError):
        locale = Locale.parse(tag, sep="-") if _LANGUAGE.fullmatch(tag) else None
    spoken = spoken_languages()
    if locale is None:
        raise refusal("is not a language", f"write a BCP 47 tag such as {', '.join(spoken)}, es-419 or pt-BR")
    if locale.language not in spoken:
        raise refusal(
            "is a language that reports are not translated into",
            f"write one of {', '.join(spoken)}, with a region if it matters, such as es-CO; or begin the "
            f"language's catalogue by make translations ADD={locale.language}, and translate it",
        )
    return tag


def check_source(source: str) -> str:
    """A source without a secret in it: passwords are named, as ``${NAME}``, and never written out."""
    if not source.strip() or has_control(source):
        raise refusal(
            "is not a source on one line", "write a folder, an object-store prefix or a database URL"
        )
    literal = _VARIABLE.sub("", source)
    if _USER_PASSWORD.search(literal) or _SECRET_SETTING.search(literal):
        raise refusal(
            "has a password or key written out",
            "write ${NAME} in its place and set the environment variable NAME; then change that password, "
            "since it has been in a file",
        )
    return source


def check_mapping(path: str) -> str:
    """The path of a file of SQL inside the project."""
    return _check_path(path, ".sql", "a file of SQL", "sources/chatwoot.sql")


def check_logo(path: str) -> str:
    """The path of a PNG picture inside the project."""
    return _check_path(path, ".png", "a PNG picture", "brand/logo.png")


def _check_path(path: str, suffix: str, kind: str, example: str) -> str:
    _check_inside(path, example)
    if PurePosixPath(path).suffix.lower() != suffix:
        raise refusal(f"is not {kind}", _ENDINGS[suffix])
    return path


def check_notebook(path: str) -> str:
    """The path of a notebook inside the project."""
    _check_inside(path, "notebooks/acme.ipynb")
    if PurePosixPath(path).suffix != ".ipynb":
        raise refusal("is not a notebook", "write the path of one that ends in .ipynb: notebooks/acme.ipynb")
    return path


def _check_inside(path: str, example: str) -> None:
    parts = PureWindowsPath(path)
    if parts.drive or parts.root or ".." in parts.parts or "://" in path or has_control(path):
        raise refusal(
            "leads out of the project", f"write a path from the project's folder, such as {example}"
        )
    if len(path.encode()) > _LONGEST_PATH or any(len(part.encode()) > _LONGEST_NAME for part in parts.parts):
        raise refusal("is too long for the name of a file", f"write a shorter one, such as {example}")


def read_day(value: Any) -> date:
    """A calendar day, written as 2026-12-25."""
    try:
        if isinstance(value, str) and len(value) == len("2026-12-25"):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise refusal("is not a day of the calendar", "write a day such as 2026-12-25")


def read_day_or_instant(value: Any) -> date | datetime | None:
    """A calendar day, or an ISO 8601 instant with its offset; None for neither."""
    try:
        if value is None:
            return None
        if isinstance(value, str) and len(value) == len("2026-12-25"):
            return date.fromisoformat(value)
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is not None:
            return instant
    except (TypeError, ValueError):
        pass
    raise refusal(
        "is neither a day nor an instant with its offset", "write 2026-11-22 or 2026-11-22T18:00:00+00:00"
    )


def read_source_parameters(value: Any) -> tuple[tuple[str, str], ...]:
    """Names and values for a mapping's placeholders, as pairs: short words, which no quote can end."""
    if not isinstance(value, dict):
        raise refusal("stands where a mapping belongs", 'write it in this way: {account_id: "3"}')
    pairs = tuple(sorted(value.items()))
    for name, text in pairs:
        if not _PLACEHOLDER.fullmatch(name):
            raise refusal(
                f"has a name that is none: {name[:40]!r}", "write small letters, digits and underscores"
            )
        if not isinstance(text, str) or not _PLACEHOLDER_VALUE.fullmatch(text):
            raise refusal(
                f"has a value that is none, of {name}",
                "write 1 to 200 letters, digits, blanks and any of _ . : @ + -",
            )
    return pairs


def read_weekdays(value: Any) -> tuple[int, ...]:
    """Days of the week, written by their English names, as numbers: Monday is 0."""
    if isinstance(value, list) and all(day in WEEKDAYS for day in value) and len(set(value)) == len(value):
        return tuple(sorted(map(WEEKDAYS.index, value)))
    raise refusal("is no list of days of the week", "write [saturday, sunday], or [] for none")


@cache
def weekend_of(zone: str) -> tuple[int, ...]:
    """The days of the weekend in a time zone's country, as numbers: Monday is 0."""
    country = get_global("zone_territories").get(get_global("zone_aliases").get(zone, zone))
    # Babel knows of a country's weeks by way of the languages spoken there.
    spoken = (tag for tag in sorted(locale_identifiers()) if country and tag.endswith(f"_{country}"))
    week = Locale.parse(next(spoken, "en_001"))
    length = (week.weekend_end - week.weekend_start) % 7 + 1
    return tuple(sorted((week.weekend_start + day) % 7 for day in range(length)))


def has_control(text: str) -> bool:
    """Whether a text has line breaks or control characters, which could forge a header or a line of a log."""
    return any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text)

"""Readers' languages, each kept apart from the others in one process."""

from functools import cache
from typing import Any

from babel import Locale, localedata


@cache
def reader_locale(tag: str) -> Locale:
    """The words and formats of a language, safe to use beside those of other languages.

    Babel's locales share what they inherit, and write into it what they look up in it: after Hebrew or
    Japanese, months that stand alone come out in that language for everybody (python-babel/babel#1234). Here
    a locale is given a copy of its own before its first use. That helps only if every locale is made here.

    Parameters
    ----------
    tag : str
        A BCP 47 tag.

    Raises
    ------
    ValueError, babel.UnknownLocaleError
        If Babel does not know the language.
    """
    locale = Locale.parse(tag, sep="-")
    data = localedata.load(str(locale))
    data.update(_copied(data))
    return locale


def _copied(data: dict[Any, Any]) -> dict[Any, Any]:
    return {key: _copied(value) if isinstance(value, dict) else value for key, value in data.items()}

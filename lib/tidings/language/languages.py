"""Languages by their tags: what a platform's word for one means, and what readers call it."""

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

_TAG = re.compile("([a-z]{2,8})((?:-[a-z0-9]{1,8}){0,7})")
_LONGEST = 60
# What languages that many speak call themselves; Babel knows it of all, but in files that take long to read.
_OWN_NAMES = {
    "العربية": "ar", "català": "ca", "čeština": "cs", "dansk": "da", "deutsch": "de", "ελληνικά": "el",
    "español": "es", "castellano": "es", "suomi": "fi", "français": "fr", "עברית": "he", "हिन्दी": "hi",
    "magyar": "hu", "italiano": "it", "日本語": "ja", "한국어": "ko", "norsk": "no", "nederlands": "nl",
    "polski": "pl", "português": "pt", "română": "ro", "русский": "ru", "svenska": "sv", "ไทย": "th",
    "türkçe": "tr", "українська": "uk", "tiếng việt": "vi", "中文": "zh",
}  # fmt: skip


def read_languages(words: Iterable[str], locale: Locale) -> dict[str, str]:
    """The BCP 47 tag that each of a platform's words for languages means, or the word where it means none.

    No two tags are called alike in the reader's language: of those that would be, all words get the first.

    Parameters
    ----------
    words : iterable of str
        As the platform writes them: "en", "EN_us", "eng", "English".
    locale : Locale
        The reader's language, in which languages may be named as well as in English.
    """
    tags = {word: read_language(word, locale) for word in words}
    called: dict[str, str] = {}
    for tag in sorted(set(tags.values()), key=lambda tag: (not _TAG.fullmatch(tag.lower()), tag)):
        called.setdefault(name_language(tag, locale), tag)
    return {word: called[name_language(tag, locale)] for word, tag in tags.items()}


def read_language(word: str, locale: Locale) -> str:
    """The BCP 47 tag that a word for a language means; the word itself where it means none.

    Case, "_" and "-" do not matter, "eng" is "en", and so is a language's name in English, in the reader's
    language or, of languages that many speak, in itself: "Deutsch".
    """
    plain = word.strip().replace("_", "-").lower()
    if len(plain) > _LONGEST:
        return word
    if found := _TAG.fullmatch(plain):
        language, *rest = get_global("language_aliases").get(found[1], found[1]).split("_")
        if language in _english().languages:
            subtags = filter(None, found[2].split("-"))
            return "-".join([language, *(rest if not found[2] else ()), *map(_subtag, subtags)])
    name = word.strip().casefold()
    return _names(locale).get(name) or _names(_english()).get(name) or _OWN_NAMES.get(name) or word


def name_language(code: str, locale: Locale) -> str:
    """Name a language (BCP 47) in another, by itself: "Español". An unknown one is its code."""
    name = word_language(code, locale)
    return code if name == code else name[0].upper() + name[1:]


def word_language(code: str, locale: Locale) -> str:
    """Name a language (BCP 47) as a sentence does: "Brazilian Portuguese", "español"."""
    plain = code.strip().replace("-", "_")
    name = locale.languages.get(plain) or locale.languages.get(plain.lower())
    if not name:
        with suppress(ValueError, UnknownLocaleError):
            spoken = Locale.parse(plain)
            name = locale.languages.get(str(spoken)) or spoken.get_display_name(locale)
    return name or code


def _subtag(text: str) -> str:
    """A part of a tag after the language, as it is written: a script "Hans", a region "US", others small."""
    if len(text) == 4 and text.isalpha():
        return text.capitalize()
    if len(text) == 2 or (len(text) == 3 and text.isdecimal()):
        aliases = get_global("territory_aliases").get(text.upper(), ())
        return aliases[0] if len(aliases) == 1 else text.upper()
    return text


@cache
def _names(locale: Locale) -> dict[str, str]:
    """Tags by the names that languages have in one, in small letters."""
    return {name.casefold(): code.replace("_", "-") for code, name in locale.languages.items()}


def _english() -> Locale:
    return Locale.parse("en")

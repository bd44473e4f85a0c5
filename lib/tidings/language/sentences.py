"""What is said to readers: whole sentences, whose named places are filled last.

A sentence is written in English, whole, with a place for each thing that varies. It is translated as it
stands, so never glued from pieces; what fills a place is already written in the reader's language.
"""

import re
import unicodedata
from collections.abc import Sequence

from babel import Locale
from babel.lists import format_list

from tidings.language.catalogue import ENGLISH, catalogue_files, read_catalogue, translate
from tidings.language.locale import reader_locale
from tidings.language.numbers import as_written, number, shorten

NAME = 40  # characters of a name in a sentence; the data below it has the whole
_ISOLATE, _END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_BEGINS_WITH_I = re.compile(r"\W*(?:[ií](?![aeo])|h[ií](?![aeo]))", re.IGNORECASE)
_ISOLATED = re.compile(f"{_ISOLATE}[^{_END}]*{_END}")


def words_locale(locale: Locale) -> Locale:
    """The locale of the words that are said to a reader: English, where its language has no catalogue.

    Numbers, dates and names of languages are the reader's own all the same.
    """
    spoken = locale.language == ENGLISH or catalogue_files(locale.language)
    return locale if spoken else reader_locale(ENGLISH)


def say(sentence: str, locale: Locale, **places: str) -> str:
    """A sentence in the reader's language, its places filled.

    Parameters
    ----------
    sentence : str
        In English, a literal at the call, with places such as ``{agent}``: it is what a catalogue translates.
    **places
        What fills them, as readers see it: numbers by `tidings.language.numbers`, names by `quote`. What is
        written the other way round than the sentence's words, such as an Arabic date, is isolated in it.
    """
    return _fill(translate(sentence, locale), locale, places)


def say_count(one: str, many: str, count: int, locale: Locale, **places: str) -> str:
    """A sentence about a number of things, in the plural form of the reader's language.

    Parameters
    ----------
    one, many : str
        The sentence for one thing and for several, both literals; the place ``{count}`` is the number.
    count : int
        How many there are.
    **places
        What fills the other places.
    """
    sentence = read_catalogue(locale.language).ngettext(one, many, count)
    return _fill(sentence, locale, {"count": number(count, locale), **places})


def brief(name: str) -> str:
    """Return a name as a sentence can hold it: on one line, and cut where it is very long."""
    return shorten(" ".join(name.split()), NAME)


def quote(name: str, locale: Locale) -> str:
    """A name in the quotation marks of the reader's language, brief, and isolated where it runs otherwise.

    An Arabic name in an English sentence would else change places with the number beside it.
    """
    return say("“{name}”", locale, name=isolate(brief(name), locale))


def isolate(name: str, locale: Locale) -> str:
    """A name that keeps its own direction in a text, where that may differ from that of its words."""
    bare = _ISOLATED.sub("", name)
    strong = {unicodedata.bidirectional(character) for character in bare} & {"L", "R", "AL", "AN"}
    own = {"L"} if words_locale(locale).text_direction == "ltr" else {"R", "AL"}
    return name if strong <= own else f"{_ISOLATE}{name}{_END}"


def join(parts: Sequence[str], locale: Locale) -> str:
    """Join parts as a sentence does: "A", "A and B", "A, B and C"; in Spanish "A e I"."""
    joined = format_list(parts, locale=as_written(locale))
    if locale.language == "es" and len(parts) > 1 and _BEGINS_WITH_I.match(parts[-1]):
        return f"{joined.removesuffix(f' y {parts[-1]}')} e {parts[-1]}"
    return joined


def _fill(sentence: str, locale: Locale, places: dict[str, str]) -> str:
    return sentence.format_map({place: isolate(text, locale) for place, text in places.items()})

"""Catalogues of translations: what is said to readers in English, in each of the other languages there are.

A catalogue is a file of GNU gettext, ``<language>.po``, of which ``tidings.pot`` has the English alone.
A folder that ``TIDINGS_CATALOGUES`` names has further ones, of other languages or of a project's own words.
"""

import io
import os
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "catalogues"
ENGLISH = "en"


def catalogue_files(language: str) -> list[Path]:
    """The files with words of a language, those of a project's own folder first."""
    own = os.environ.get("TIDINGS_CATALOGUES")
    folders = [*([Path(own)] if own else []), FOLDER]
    return [file for folder in folders if (file := folder / f"{language}.po").is_file()]


def spoken_languages() -> list[str]:
    """The languages that reports can be in, as their codes: English, and those that have a catalogue."""
    own = os.environ.get("TIDINGS_CATALOGUES")
    files = [*FOLDER.glob("*.po"), *(Path(own).glob("*.po") if own else ())]
    return sorted({ENGLISH, *(file.stem for file in files)})


@cache
def read_catalogue(language: str) -> NullTranslations:
    """The translations into a language, read once in a process; what they lack stays English."""
    found = NullTranslations()
    for file in reversed(catalogue_files(language)):
        translations = _read(file)
        translations.add_fallback(found)
        found = translations
    return found


def translate(text: str, locale: Locale) -> str:
    """Words in the reader's language; what no catalogue has stays as it was written.

    For words that stand elsewhere, such as a metric's name or a paragraph of the notebook. A sentence is said
    at its place, with `tidings.language.sentences.say`.
    """
    return read_catalogue(locale.language).gettext(text) if text else text


def _read(file: Path) -> GNUTranslations:
    compiled = io.BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return GNUTranslations(compiled)

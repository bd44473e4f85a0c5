"""Made-up languages: by them it is seen what goes through no catalogue, and what has too little room."""

import re
from pathlib import Path

import pandas as pd
from babel.messages.pofile import read_po, write_po

from tidings.cli.translations import TEMPLATE

LONGER, RIGHT_TO_LEFT = "el", "he"
"""Languages whose numbers and dates the made-up ones have: Babel writes neither with a Latin letter."""

_PLACES = re.compile(r"(\{[^}]*\})")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ACCENTED = dict(zip(_LETTERS, "áƀçđéƒĝĥíĵķļɱñóþɋŕšťúṽŵẋýž", strict=True))
_ACCENTED |= {vowel: 2 * _ACCENTED[vowel] for vowel in "aeiou"}  # two letters in five are vowels
_HEBREW = dict(zip(_LETTERS, "אבגדהוזחטיכלמנסעפצקרשתאבגד", strict=True))
_CYRILLIC = dict(zip(_LETTERS, "абцдефгхийклмнопярстувшхыз", strict=True))


def write_pseudo_catalogues(folder: Path) -> Path:
    """Write the catalogue of a language that is two fifths longer, and that of one from right to left."""
    for language, letters in ((LONGER, _ACCENTED), (RIGHT_TO_LEFT, _HEBREW)):
        with TEMPLATE.open("rb") as source:
            catalog = read_po(source, locale=language)
        for message in catalog:
            if message.id:
                forms = [message.id] if isinstance(message.id, str) else message.id
                said = [_disguise(form, letters) for form in forms]
                many = catalog.num_plurals - len(said)
                message.string = said[0] if isinstance(message.id, str) else (*said, *[said[-1]] * many)
        with (folder / f"{language}.po").open("wb") as file:
            write_po(file, catalog)
    return folder


def disguise_names(folder: Path) -> None:
    """Give tables names without a Latin letter, so that what has one is none of theirs."""
    for path in folder.glob("*.parquet"):
        table = pd.read_parquet(path)
        for column in {"name", "intent", "closing_reason", "entry_point", "start_flow"} & set(table):
            table[column] = [
                _disguise(name, _CYRILLIC) if isinstance(name, str) else name for name in table[column]
            ]
        table.to_parquet(path)


def _disguise(text: str, letters: dict[str, str]) -> str:
    """A text in other letters, but for the places in it."""
    capitals = {letter.upper(): other.capitalize() for letter, other in letters.items()}
    table = str.maketrans(letters | capitals)
    return "".join(
        piece if piece.startswith("{") else piece.translate(table) for piece in _PLACES.split(text)
    )

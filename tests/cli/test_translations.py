"""The catalogues hold all that is said to readers, in every language there is."""

import ast
import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tidings.cli.translations import LIBRARY, TEMPLATE, extract, untranslated, update_catalogues
from tidings.language.catalogue import FOLDER

CATALOGUES = sorted(FOLDER.glob("*.po"))
PLACE = re.compile(r"\{[^}]*\}")


def read(file) -> Catalog:
    with file.open("rb") as source:
        return read_po(source)


def forms(said) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


@pytest.fixture(scope="module")
def said() -> dict[str, set[str]]:
    """All that is said now, by its singular, with all of its forms."""
    return {forms(message.id)[0]: set(forms(message.id)) for message in extract() if message.id}


@pytest.mark.parametrize("file", [TEMPLATE, *CATALOGUES], ids=lambda file: file.name)
def test_a_catalogue_has_what_is_said_now_and_nothing_else(said, file):
    """Else make translations brings it up to date."""
    assert {forms(message.id)[0]: set(forms(message.id)) for message in read(file) if message.id} == said


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_everything_is_translated(file):
    assert untranslated(read(file)) == []


def test_what_is_missing_fuzzy_or_lacks_a_plural_is_not_translated():
    catalog = Catalog("es")
    catalog.add("a")
    catalog.add("b", "be", flags=["fuzzy"])
    catalog.add(("c", "cs"), ("ce", ""))
    catalog.add("d", "de")
    assert untranslated(catalog) == ["a", "b", "('c', 'cs')"]


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_a_translation_has_the_places_of_its_sentence(file):
    for message in read(file):
        wanted = [set(PLACE.findall(form)) for form in forms(message.id)]
        for form in forms(message.string) if message.id else ():
            assert set(PLACE.findall(form)) in wanted, message.id


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_readers_are_told_of_conversations_and_never_of_assignments(file):
    """In Portuguese a central de atendimento is the contact center, and no more."""
    word = re.compile(r"assignment|asignaci|(?<!central de )atendimento", re.IGNORECASE)
    said = [text for message in read(file) for text in (*forms(message.id), *forms(message.string))][2:]
    assert [text for text in said if word.search(text)] == []


def test_what_is_said_is_a_literal_at_its_place():
    """Else nobody would extract it."""
    texts = (path.read_text("utf-8") for path in LIBRARY.rglob("*.py"))
    speaking = [ast.parse(text) for text in texts if "tidings.language.sentences import" in text]
    calls = [node for tree in speaking for node in ast.walk(tree) if isinstance(node, ast.Call)]
    said = [call.args[0] for call in calls if ast.unparse(call.func) in ("say", "say_count")]
    said += [call.args[1] for call in calls if ast.unparse(call.func) == "say_count"]
    assert len(said) > 300
    assert [ast.unparse(text) for text in said if not isinstance(text, ast.Constant)] == []


def test_a_catalogue_is_begun_with_nothing_translated(tmp_path, monkeypatch):
    monkeypatch.setattr("tidings.cli.translations.FOLDER", tmp_path)
    monkeypatch.setattr("tidings.cli.translations.TEMPLATE", tmp_path / "tidings.pot")
    (line,) = update_catalogues("fr")
    begun = read(tmp_path / "fr.po")
    assert line == f"fr.po: {len(begun)} messages, {len(begun)} not translated"
    assert str(begun.locale) == "fr"
    before = (tmp_path / "fr.po").read_text("utf-8")
    assert list(update_catalogues()) == [line]
    assert (tmp_path / "fr.po").read_text("utf-8") == before

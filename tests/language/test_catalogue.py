import pytest
from babel import Locale

from tidings.language.catalogue import read_catalogue, spoken_languages, translate

ENGLISH, SPANISH, PORTUGUESE = (Locale.parse(tag) for tag in ("en", "es_CO", "pt_PT"))
OWN = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8"\n\nmsgid "%s"\nmsgstr "%s"\n'


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    """A project's own folder of catalogues."""
    monkeypatch.setenv("TIDINGS_CATALOGUES", str(tmp_path))
    read_catalogue.cache_clear()
    yield tmp_path
    read_catalogue.cache_clear()


def test_there_are_english_spanish_and_portuguese():
    assert spoken_languages() == ["en", "es", "pt"]


def test_words_are_those_of_the_language_in_every_region():
    assert translate("Conversations", SPANISH) == "Conversaciones"
    assert translate("Conversations", PORTUGUESE) == "Conversas"
    assert translate("Conversations", ENGLISH) == "Conversations"


def test_what_no_catalogue_has_stays_as_it_was_written():
    assert translate("Our own words.", SPANISH) == "Our own words."
    assert translate("", SPANISH) == ""


def test_a_project_adds_words_and_languages_of_its_own(own_folder):
    (own_folder / "es.po").write_text(OWN % ("Our own words.", "Nuestras palabras."))
    (own_folder / "fr.po").write_text(OWN % ("Conversations", "Échanges"))
    assert translate("Our own words.", SPANISH) == "Nuestras palabras."
    assert translate("Conversations", SPANISH) == "Conversaciones"
    assert translate("Conversations", Locale.parse("fr")) == "Échanges"
    assert spoken_languages() == ["en", "es", "fr", "pt"]

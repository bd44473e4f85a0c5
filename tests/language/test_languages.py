"""Languages: what a platform's word for one means, and what readers call it."""

import pytest
from babel import Locale

from tidings.language.languages import name_language, read_language, read_languages

EN, DE = Locale.parse("en"), Locale.parse("de")


@pytest.mark.parametrize(
    ("word", "tag"),
    [
        ("en", "en"),
        ("EN", "en"),
        ("eng", "en"),
        ("English", "en"),
        ("en_US", "en-US"),
        ("EN-us", "en-US"),
        ("ger", "de"),
        ("iw", "he"),
        ("pt_br", "pt-BR"),
        ("zh-hans-cn", "zh-Hans-CN"),
        (" es_419 ", "es-419"),
        ("ca-VALENCIA", "ca-valencia"),
        ("en-UK", "en-GB"),
        ("Brazilian Portuguese", "pt-BR"),
        ("Deutsch", "de"),
        ("ESPAÑOL", "es"),
        ("中文", "zh"),
    ],
)
def test_a_language_is_known_however_it_is_spelled(word, tag):
    assert read_language(word, EN) == tag


@pytest.mark.parametrize("word", ["N/A", "unknown", "xx", "auto", "en_US.UTF-8", "<b>", "شحن", "e" * 100_000])
def test_what_is_no_language_stays_as_it_is(word):
    assert read_language(word, EN) == word


def test_a_language_may_be_named_in_the_readers_own_as_well():
    assert (read_language("Englisch", DE), read_language("English", DE)) == ("en", "en")
    assert read_language("Englisch", EN) == "Englisch"


def test_no_two_tags_are_called_alike():
    words = ["English (Nigeria)", "en-NG", "en_ng", "en", "cmn", "zh"]
    assert read_languages(words, EN) == {
        "English (Nigeria)": "en-NG",
        "en-NG": "en-NG",
        "en_ng": "en-NG",
        "en": "en",
        "cmn": "zh",
        "zh": "zh",
    }


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("pt-BR", "Brazilian Portuguese"),
        ("und", "Unknown language"),
        ("xx", "xx"),
        ("en-NG", "English (Nigeria)"),
    ],
)
def test_a_language_is_named_in_the_readers_own(code, name):
    assert name_language(code, EN) == name

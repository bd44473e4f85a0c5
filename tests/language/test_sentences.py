import pytest
from babel import Locale

from tidings.language.sentences import NAME, brief, isolate, join, quote, say, say_count, words_locale

ENGLISH = Locale.parse("en")


@pytest.mark.parametrize(
    ("parts", "sentence"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_parts_are_joined_as_people_do(parts, sentence):
    assert join(parts, ENGLISH) == sentence


def test_parts_are_joined_in_the_readers_language():
    assert join(["a", "b", "c"], Locale.parse("es")) == "a, b y c"
    assert join(["a", "«Iván»"], Locale.parse("es")) == "a e «Iván»"
    assert join(["a", "hielo"], Locale.parse("es")) == "a y hielo"


def test_a_name_in_a_sentence_is_short_and_on_one_line():
    assert brief("Pay\n an  invoice") == "Pay an invoice"
    assert len(brief("x" * 300)) == NAME


def test_what_fills_a_place_is_not_read_as_a_sentence():
    assert say("{agent} had the most", ENGLISH, agent="{count} %s") == "{count} %s had the most"


def test_a_count_is_said_in_its_plural_form():
    said = [say_count("{count} agent", "{count} agents", count, ENGLISH) for count in (0, 1, 2, 1200)]
    assert said == ["0 agents", "1 agent", "2 agents", "1,200 agents"]


def test_a_name_of_the_other_direction_is_isolated_and_no_other():
    assert isolate("Jorge Peña", ENGLISH) == "Jorge Peña"
    assert isolate("جورج", ENGLISH) == "\u2068جورج\u2069"
    assert isolate("\u2068جورج\u2069, 5", ENGLISH) == "\u2068جورج\u2069, 5"


def test_words_are_english_where_there_are_none_in_the_readers_language():
    assert words_locale(Locale.parse("en_GB")) == Locale.parse("en_GB")
    assert words_locale(Locale.parse("ar")) == ENGLISH
    assert isolate("agent-1", Locale.parse("ar")) == "agent-1"


def test_a_date_of_the_other_direction_keeps_its_place_in_a_sentence():
    """Else the number after it would be shown before it."""
    said = say("Most on {day} ({count})", Locale.parse("ar"), day="الاثنين 9", count="50")
    assert said == "Most on \u2068الاثنين 9\u2069 (50)"
    many = say_count("{day}: {count} row", "{day}: {count} rows", 2, Locale.parse("ar"), day="الاثنين 9")
    assert many == "\u2068الاثنين 9\u2069: 2 rows"


def test_names_stand_in_quotation_marks():
    assert quote("Check balance", ENGLISH) == "“Check balance”"

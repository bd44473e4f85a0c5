from dataclasses import replace

import pandas as pd
import pytest

from tidings.charts import cards, count_languages, name_top_intent, show_recognised
from tidings.metrics.chatbot import intents, languages, unrecognised_share
from tidings.metrics.metric import Result


@pytest.fixture
def make(edition):
    """Make the result of a ranking from its names and numbers, of which it has the shares."""

    def result(declared, names, values):
        name, value, _ = declared.metric.columns
        table = pd.DataFrame({name: names, value: values})
        table["share"] = table[value] / table[value].sum()
        return Result(declared.metric, edition(), table)

    return result


def test_what_was_recognised_is_what_was_not_unrecognised(edition):
    unrecognised = Result(unrecognised_share.metric, edition(), 0.07, 0.1, by_day=(0.25, None))
    recognised = show_recognised(unrecognised)
    assert recognised.by_day == (0.75, None)
    (card,) = cards(recognised).cards
    assert (card.label, card.value, card.before) == ("Recognised", "93%", "90% before")
    assert (card.change.direction, card.change.tone) == ("up", "good")


def test_without_a_message_nothing_is_recognised_or_not(edition):
    (card,) = cards(show_recognised(Result(unrecognised_share.metric, edition(), None))).cards
    assert (card.value, card.note) == ("–", "nothing to measure")


def test_the_top_intent_is_named_with_its_share(make):
    card = name_top_intent(make(intents, ["Check balance", "Pay"], [681, 4557]))
    assert (card.label, card.value, card.note) == ("Top Intent", "Check balance", "681 messages, 13%")


def test_a_long_intent_is_cut(make):
    assert name_top_intent(make(intents, ["L" * 100_000], [1])).value == "L" * 39 + "…"


def test_languages_are_counted_without_those_never_detected(make):
    card = count_languages(make(languages, [None, "es", "pt-BR"], [60, 30, 10]))
    assert (card.label, card.value, card.note) == ("Languages", "2", "most: Spanish, 30%")


def test_no_language_and_no_intent(make):
    assert count_languages(make(languages, [None], [3])).note == "no language was detected"
    assert count_languages(make(languages, [], [])).value == "–"
    assert name_top_intent(make(intents, [], [])).note == "no message was recognised"


def test_what_the_source_cannot_give_has_no_number(make):
    for headline, declared in ((count_languages, languages), (name_top_intent, intents)):
        card = headline(replace(make(declared, [], []), value=None, available=False))
        assert (card.available, card.value) == (False, "not available from this source")

import numpy as np
import pytest

from tidings.demo import words


@pytest.mark.parametrize(
    ("urn", "known"),
    [
        (words.ENTRY_POINT, words.ENTRY_POINTS),
        (words.LANGUAGE, words.LANGUAGES),
        (words.CLOSING_REASON, words.CLOSING_REASONS),
        (words.LATER_INTENT, words.INTENTS),
        (words.CHANNEL_OF_ENTRY, words.CHANNELS),
        (words.FLOW_OF_ENTRY, words.START_FLOWS),
        (words.QUEUE_OF_FLOW, words.QUEUES),
    ],
)
def test_an_urn_is_full_and_holds_known_words_and_missing_ones(urn, known):
    assert urn.shape[-1] == words.URN_SIZE
    assert set(np.unique(urn)) <= {-1, *range(len(known))}


def test_each_word_before_has_its_own_urn_and_so_has_a_missing_one():
    assert len(words.CHANNEL_OF_ENTRY) == len(words.FLOW_OF_ENTRY) == len(words.ENTRY_POINTS) + 1
    assert len(words.QUEUE_OF_FLOW) == len(words.FIRST_INTENT_OF_FLOW) == len(words.START_FLOWS) + 1


def test_words_are_drawn_in_proportion_to_their_weights():
    drawn = words.draw(words.LANGUAGE, np.random.default_rng(1), 100_000)
    assert np.mean(drawn == words.LANGUAGES.index("es")) == pytest.approx(0.71, abs=0.01)
    assert np.mean(drawn == words.ENGLISH) == pytest.approx(0.17, abs=0.01)


def test_a_word_given_decides_between_urns():
    web = np.full(1000, words.ENTRY_POINTS.index("Web widget"))
    channels = words.draw_given(words.CHANNEL_OF_ENTRY, web, np.random.default_rng(1))
    assert set(channels.tolist()) == {words.CHANNELS.index("web")}

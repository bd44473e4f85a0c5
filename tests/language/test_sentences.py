import pytest

from tidings.language.sentences import NAME, brief, join


@pytest.mark.parametrize(
    ("parts", "sentence"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_parts_are_joined_as_people_do(parts, sentence):
    assert join(parts) == sentence


def test_a_name_in_a_sentence_is_short_and_on_one_line():
    assert brief("Pay\n an  invoice") == "Pay an invoice"
    assert len(brief("x" * 300)) == NAME

import pytest

from tidings.charts.sentences import NAME, brief, heading, joined


@pytest.mark.parametrize(
    ("parts", "sentence"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_parts_are_joined_as_people_do(parts, sentence):
    assert joined(parts) == sentence


def test_a_name_in_a_sentence_is_short_and_on_one_line():
    assert brief("Pay\n an  invoice") == "Pay an invoice"
    assert len(brief("x" * 300)) == NAME


def test_a_column_s_name_is_readable():
    assert heading("closing_reason") == "Closing reason"

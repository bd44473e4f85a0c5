import pytest

from tidings.language.english import counted


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (2000, "2,000 rows")]
)
def test_things_are_counted_in_their_number(count, words):
    assert counted(count, "row") == words


def test_a_plural_may_be_another_word():
    assert counted(1, "person", "people") == "1 person"
    assert counted(2, "person", "people") == "2 people"

import pytest

from tidings.language.names import tell_apart

CARDS = [f"faq/payments/credit-card/declined/{end}" for end in ("abroad", "expired", "limit")]


def test_short_names_stay_as_they_are():
    assert tell_apart(["Check balance", "查询余额", "👩‍👩‍👧"]) == ["Check balance", "查询余额", "👩‍👩‍👧"]


def test_a_long_name_is_cut_at_its_end():
    assert tell_apart(["Where is my order", "Balance"], 16) == ["Where is my ord…", "Balance"]


def test_names_that_begin_alike_are_cut_in_the_middle():
    assert tell_apart(CARDS, 30) == [
        "faq/payments/c…eclined/abroad",
        "faq/payments/c…clined/expired",
        "faq/payments/c…declined/limit",
    ]


def test_names_that_differ_only_in_the_middle_go_on_where_they_differ():
    names = [f"{'a' * 40}{middle}{'z' * 40}" for middle in ("one", "two")]
    assert tell_apart(names, 20) == ["aaaaaaaaa…aaaonezzz…", "aaaaaaaaa…aaatwozzz…"]


def test_a_name_that_goes_on_where_another_ends_is_told_apart():
    first, second = tell_apart(["x" * 90, "x" * 95 + "y"], 20)
    assert first != second


@pytest.mark.parametrize("name", ["L" * 100_000, "w " * 20_000, "👩‍👩‍👧" * 500, "e\u0301" * 500])
def test_no_name_is_longer_than_its_room(name):
    for cut in tell_apart([name, name + "!", "other"]):
        assert len(cut.replace("👩‍👩‍👧", "f").replace("e\u0301", "e")) <= 40


def test_a_name_of_several_lines_is_on_one():
    assert tell_apart(["two\nlines"]) == ["two lines"]


def test_names_that_differ_at_two_places_are_told_apart():
    tree = [f"faq/payments/credit-card/{side}/and-more-of-it/{end}" for side in "ab" for end in ("in", "out")]
    assert tell_apart(tree, 24) == [
        "faq/pay…d/a/and…f-it/in",
        "faq/pay…d/a/and…-it/out",
        "faq/pay…d/b/and…f-it/in",
        "faq/pay…d/b/and…-it/out",
    ]

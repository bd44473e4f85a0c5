from dataclasses import replace

import pandas as pd
import pytest

from tidings.charts import ranking
from tidings.charts.draw.slots import Slot
from tidings.charts.ranking import name_leaders, write_shares
from tidings.metrics.activity import incoming_messages
from tidings.metrics.metric import Result
from tidings.parts.part import Amount, Line

HARD_NAMES = [
    "x" * 300,
    "استفسار عن الرصيد",
    "残高を確認",
    "🙂🙃",
    '<b>bold</b> & "quoted"',
    "$x^2$",
    "two\nlines",
]


@pytest.fixture
def make(edition):
    """Make a ranking's result from names, values and, where given, shares."""

    def result(names, values, shares=None, unit="conversations", **more):
        table = pd.DataFrame({"agent": names, unit: values})
        if shares is not None:
            table["share"] = shares
        metric = replace(
            incoming_messages.metric, name="a.b", label="Agents", unit=unit, columns=tuple(table.columns)
        )
        return Result(metric, edition(), table, **more)

    return result


def test_the_first_ten_have_bars_and_the_others_are_added_up(make):
    part = ranking(make([f"Agent {i:02}" for i in range(41)], list(range(41, 0, -1))))
    assert [line.name for line in part.lines] == [f"Agent {i:02}" for i in range(10)]
    assert part.rest == Line("31 others together", None, (Amount("496", None),), None)
    assert [line.name for line in part.folded] == [f"Agent {i:02}" for i in range(10, 41)]
    assert part.notes == ()


def test_the_largest_comes_first_however_a_table_is_ordered(make):
    part = ranking(make(["Sales", "Help", "Claims"], [310, 742, 519]))
    assert [line.name for line in part.lines] == ["Help", "Claims", "Sales"]
    assert part.finding == "“Help” had the most: 742 of 1,571"


def test_a_single_other_has_a_bar_of_its_own(make):
    part = ranking(make(list("abc"), [3, 2, 1]), top=2)
    assert [line.name for line in part.lines] == ["a", "b", "c"]
    assert (part.rest, part.folded) == (None, ())


def test_a_bar_is_as_long_as_its_part_of_the_largest(make):
    part = ranking(make(["a", "b", "c"], [4, 3, 0], [4 / 7, 3 / 7, 0]))
    assert [line.amounts for line in part.lines] == [
        (Amount("4", 1),),
        (Amount("3", 0.75),),
        (Amount("0", 0),),
    ]


def test_shares_add_up_with_those_of_the_others(make):
    part = ranking(make(list("abcdefg"), [2, 1, 1, 1, 1, 1, 1], [2 / 8, *[1 / 8] * 6]), top=2)
    assert [line.share for line in (*part.lines, part.rest)] == ["25%", "13%", "62%"]
    assert [line.share for line in part.folded] == ["13%"] * 5
    assert part.columns == ("Agent", "Conversations", "Share")


def test_more_others_than_can_be_listed_are_said_to_be_in_the_data(make):
    part = ranking(make([f"{i:03}" for i in range(300)], [1] * 300))
    assert len(part.folded) == 200
    assert part.rest.name == "290 others together"
    assert part.notes == ("Of the others the first 200 are listed; the data have them all.",)


@pytest.mark.parametrize(
    ("slots", "sentence"),
    [
        ([("a", 5, 0.5), ("b", 3, 0.3), ("c", 1, 0.1), ("d", 1, 0.1)], "“a”, “b” and “c” make up 90%"),
        ([("a", 3, 0.75), (None, 1, 0.25)], "“a” 75% and not given 25%"),
        ([("a", 3, 1.0)], "Only “a”: 3"),
        ([("a", 212), ("b", 100)], "“a” had the most: 212 of 312"),
        ([("a", 2), ("b", 2), ("c", 1)], "“a” and “b” had the most: 2 each of 5"),
        ([(name, 1) for name in "abcde"], "“a” and 4 others had the most: 1 each of 5"),
    ],
)
def test_the_finding_names_who_leads(slots, sentence, edition):
    slots, locale = [Slot(*slot) for slot in slots], edition().tenant.locale
    assert name_leaders(slots, write_shares(slots, locale), "conversations", locale) == sentence


def test_durations_are_said_as_people_do(make):
    part = ranking(make(["Ana", "Bea"], [90.0, 30.5], unit="minutes"))
    assert part.finding == "“Ana” had the most: 1\u00a0h 30\u00a0min of 2\u00a0h 1\u00a0min"
    assert [line.amounts[0].text for line in part.lines] == ["1\u00a0h 30\u00a0min", "30\u00a0min 30\u00a0s"]
    assert part.columns == ("Agent", "Minutes")


def test_hard_names_are_shown_on_one_line_and_short_in_words(make):
    part = ranking(make(HARD_NAMES, list(range(7, 0, -1))))
    assert [line.name for line in part.lines] == ["x" * 39 + "…", *HARD_NAMES[1:-1], "two lines"]
    assert part.lines[0].whole == "x" * 300
    assert part.finding == "“" + "x" * 39 + "…” had the most: 7 of 28"


def test_names_that_begin_alike_are_told_apart(make):
    begin = "faq/payments/credit-card/" + "a-very-deep-hierarchy/" * 3
    part = ranking(make([begin + "abroad", begin + "expired"], [2, 1]))
    assert [line.name[-9:] for line in part.lines] == ["hy/abroad", "y/expired"]
    assert [line.whole for line in part.lines] == [begin + "abroad", begin + "expired"]


def test_a_name_of_100_000_characters_is_cut(make):
    line = ranking(make(["L" * 100_000], [2])).lines[0]
    assert (line.name, len(line.whole)) == ("L" * 39 + "…", 300)


def test_a_missing_name_is_not_given(make):
    part = ranking(make(["Ana", None], [2, 1]))
    assert [line.name for line in part.lines] == ["Ana", "not given"]


def test_words_of_the_analyst_come_first(make):
    part = ranking(make(["Ana"], [2]), title="Team", finding="Ana alone")
    assert (part.title, part.finding) == ("Team", "Ana alone")


def test_nothing_is_said_in_words_without_a_bar(make):
    for result in (make([], []), make(["Ana"], [0])):
        part = ranking(result)
        assert part.kind == "notice"
        assert part.text == "There was nothing to show in this period."


def test_what_the_source_cannot_give_is_not_available(make):
    part = ranking(replace(make(["Ana"], [2]), value=None, available=False))
    assert part.kind == "notice"
    assert part.text == "Not available from this source."


def test_leaders_that_begin_alike_are_told_apart_in_words(edition):
    begin = "faq/payments/credit-card/declined/"
    slots = [Slot(begin + "abroad", 2), Slot(begin + "expired-long-ago", 2), Slot("other", 1)]
    assert name_leaders(slots, [None] * 3, "messages", edition().tenant.locale) == (
        "“faq/payments/credit-card/declined/abroad” and "
        "“faq/payments/credit-card/declined/expir…” had the most: 2 each of 5"
    )

import io
from dataclasses import replace

import pandas as pd
import pytest
from PIL import Image

from tidings.charts import ranking
from tidings.charts.draw.slots import Slot
from tidings.charts.ranking import name_leaders, rank_bars
from tidings.charts.style.colors import palette
from tidings.metrics.activity import incoming_messages
from tidings.metrics.metric import Result
from tidings.parts.part import Column, DataTable

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


def test_every_name_is_in_the_data_and_the_picture_has_the_first_ten_and_the_rest(make):
    part = ranking(make([f"Agent {i:02}" for i in range(41)], list(range(41, 0, -1))))
    assert len(part.table.rows) == 41
    assert part.alt.endswith("Agent 09 32; other (31 more) 496.")
    assert part.height == 11 * 30 + 12


def test_the_bars_add_up_to_the_whole(make, edition):
    slots = [Slot("a", 4, 0.4), Slot("b", 3, 0.3), Slot(None, 3, 0.3, folded=5)]
    bars = rank_bars(slots, "messages", palette("#0B6E4F"), edition().tenant.locale)
    assert [(bar.name, bar.strong, bar.quiet) for bar in bars] == [
        ("a", "4", "40%"),
        ("b", "3", "30%"),
        ("other (5 more)", "3", "30%"),
    ]
    assert [bar.length for bar in bars] == [1, 0.75, 0.75]


def test_three_bars_are_in_the_accent_the_others_paler_and_the_folded_grey(edition):
    slots = [*(Slot(name, 1) for name in "abcde"), Slot(None, 1, folded=2)]
    colors = palette("#0B6E4F")
    bars = rank_bars(slots, "messages", colors, edition().tenant.locale)
    assert [bar.color for bar in bars[:5]] == [colors.accent] * 3 + [colors.tint] * 2
    assert bars[5].color not in (colors.accent, colors.tint)


def test_a_folded_bar_longer_than_any_name_is_broken_off(edition):
    slots = [Slot("a", 10), Slot("b", 5), Slot(None, 900, folded=190)]
    bars = rank_bars(slots, "messages", palette("#0B6E4F"), edition().tenant.locale)
    assert [(bar.length, bar.broken) for bar in bars] == [(1, False), (0.5, False), (1, True)]


@pytest.mark.parametrize(
    ("slots", "sentence"),
    [
        ([("a", 5, 0.5), ("b", 3, 0.3), ("c", 1, 0.1), ("d", 1, 0.1)], "a, b and c make up 90%"),
        ([("a", 3, 0.75), (None, 1, 0.25)], "a 75% and not given 25%"),
        ([("a", 3, 1.0)], "Only a: 3"),
        ([("a", 212), ("b", 100)], "a had the most: 212 of 312"),
        ([("a", 2), ("b", 2), ("c", 1)], "a and b had the most: 2 each of 5"),
        ([(name, 1) for name in "abcde"], "a and 4 others had the most: 1 each of 5"),
    ],
)
def test_the_finding_names_who_leads(slots, sentence, edition):
    assert name_leaders([Slot(*slot) for slot in slots], "conversations", edition().tenant.locale) == sentence


def test_durations_are_said_as_people_do_and_listed_in_their_unit(make):
    part = ranking(make(["Ana", "Bea"], [90.0, 30.5], unit="minutes"))
    assert part.finding == "Ana had the most: 1 h 30 min of 2 h 1 min"
    assert part.table == DataTable(
        columns=(Column("Agent", numeric=False), Column("Minutes", numeric=True)),
        rows=(("Ana", "90"), ("Bea", "30.5")),
    )


def test_hard_names_are_whole_in_the_data_and_short_in_words(make):
    part = ranking(make(HARD_NAMES, list(range(7, 0, -1))))
    assert [row[0] for row in part.table.rows] == HARD_NAMES
    assert part.finding == "x" * 39 + "… had the most: 7 of 28"
    assert "\n" not in part.alt


def test_a_missing_name_is_not_given(make):
    part = ranking(make(["Ana", None], [2, 1]))
    assert part.table.rows == (("Ana", "2"), ("not given", "1"))


def test_the_picture_has_twice_the_pixels_it_is_shown_at(make):
    for wide, width in ((False, 500), (True, 800)):
        part = ranking(make(["Ana"], [2]), wide=wide)
        size = Image.open(io.BytesIO(part.png)).size
        assert (part.width, part.wide) == (width, wide)
        assert size == (width * 2, part.height * 2)


def test_words_of_the_analyst_come_first(make):
    part = ranking(make(["Ana"], [2]), title="Team", finding="Ana alone")
    assert (part.title, part.finding) == ("Team", "Ana alone")


def test_nothing_is_said_in_words_without_a_picture(make):
    for result in (make([], []), make(["Ana"], [0])):
        part = ranking(result)
        assert part.png is None
        assert part.text == "There was nothing to show in this period."


def test_what_the_source_cannot_give_is_not_available(make):
    part = ranking(replace(make(["Ana"], [2]), value=None, available=False))
    assert part.kind == "notice"
    assert part.text == "Not available from this source."

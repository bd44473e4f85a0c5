from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.charts import flow
from tidings.charts.flow import NODES, label_nodes, read_column
from tidings.charts.style.colors import GREY, palette
from tidings.metrics.activity import incoming_messages
from tidings.metrics.metric import Result

COLUMNS = ["entry_point", "start_flow", "first_intent", "conversations"]
PATHS = [
    ("WhatsApp", "Menu", "Balance", 40),
    ("WhatsApp", "Billing", "Invoice", 20),
    ("Web", "Menu", "Invoice", 25),
    ("Web", None, None, 15),
]


@pytest.fixture(scope="session")
def make(edition):
    """Make the result of conversation starts from its rows."""

    def result(rows):
        metric = replace(
            incoming_messages.metric, name="a.b", label="Starts", unit="conversations", columns=tuple(COLUMNS)
        )
        return Result(metric, edition(), pd.DataFrame(rows, columns=COLUMNS))

    return result


def test_the_finding_follows_the_usual_start_from_left_to_right(make):
    assert flow(make(PATHS)).finding == (
        "60% came by “WhatsApp”, 65% started in “Menu” and 45% first asked for “Invoice”"
    )


def test_names_that_tie_are_all_said(make):
    assert flow(make([("Web", "Menu", "Pay", 5), ("QR code", "Menu", "Pay", 5)])).finding == (
        "50% each came by “QR code” and “Web”, 100% started in “Menu” and 100% first asked for “Pay”"
    )


def test_a_name_that_is_mostly_missing_is_said_to_be_missing(make):
    assert flow(make([(None, None, None, 3)])).finding == (
        "100% have no entry point given, 100% have no start flow given and 100% have no first intent given"
    )


def test_where_two_columns_have_more_than_six_names_the_most_frequent_paths_are_listed(make):
    paths = [("Web", f"Flow {n}", f"Intent {n}", 20 - n) for n in range(20)]
    part = flow(make(paths))
    assert part.kind == "ranking"
    assert part.finding == "100% came by “Web”, 10% started in “Flow 0” and 10% first asked for “Intent 0”"
    assert [line.name for line in part.lines][:2] == ["Web → Flow 0 → Intent 0", "Web → Flow 1 → Intent 1"]
    assert [amount.text for line in part.lines[:2] for amount in line.amounts] == ["20", "19"]
    assert len(part.lines) == 10
    assert flow(make([("Web", "Menu", f"Intent {n}", 20 - n) for n in range(20)])).kind == "chart"


def test_a_name_that_no_font_has_is_numbered_in_the_picture_and_told_beside_it(make):
    part = flow(make([("Web", "Menu", "\U00012000", 5)]))
    assert part.notes == ("In the picture (1) is “\U00012000”.",)
    assert part.undrawn == ("\U00012000",)


def test_the_data_has_every_path_in_the_table_s_order(make):
    table = flow(make(PATHS)).table
    assert [column.label for column in table.columns] == [
        "Entry point",
        "Start flow",
        "First intent",
        "Conversations",
    ]
    assert [column.numeric for column in table.columns] == [False, False, False, True]
    assert table.rows[0] == ("WhatsApp", "Menu", "Balance", "40")
    assert table.rows[3] == ("Web", "not given", "not given", "15")


def test_those_who_cannot_see_it_are_told_every_node(make):
    alt = flow(make(PATHS)).alt
    assert "Entry point: “WhatsApp” 60 and “Web” 40." in alt
    assert "Start flow: “Menu” 65, “Billing” 20 and not given 15." in alt


def test_a_column_keeps_its_largest_names_and_folds_the_rest():
    names = pd.Series(list("abcdefgh"))
    column = read_column(names, pd.Series([8, 7, 6, 5, 4, 3, 2, 1]))
    assert [slot.name for slot in column.slots] == ["a", "b", "c", "d", "e", None]
    assert (column.slots[-1].folded, column.slots[-1].value) == (3, 6)
    assert column.ranks.tolist() == [0, 1, 2, 3, 4, 5, 5, 5]


def test_six_names_need_no_folding():
    column = read_column(pd.Series(list("abcdef")), pd.Series([1] * 6))
    assert [slot.name for slot in column.slots] == list("abcdef")


def test_equal_names_are_in_alphabetical_order_and_the_missing_one_last():
    column = read_column(pd.Series([None, "b", "a", " "]), pd.Series([1, 2, 2, 1]))
    assert [(slot.name, slot.value) for slot in column.slots] == [("a", 2), ("b", 2), (None, 2)]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10**6)), min_size=1, max_size=80))
def test_a_column_always_holds_the_whole_in_few_nodes(rows):
    names, values = (pd.Series(column) for column in zip(*rows, strict=True))
    column = read_column(names.map(str), values)
    assert sum(slot.value for slot in column.slots) == values.sum()
    assert sum(slot.share for slot in column.slots) == pytest.approx(1)
    assert len(column.slots) <= NODES
    for key, slot in enumerate(column.slots):
        assert values[column.ranks == key].sum() == slot.value


def test_the_folded_node_is_grey_and_the_largest_have_colours_of_their_own(edition):
    column = read_column(pd.Series(list("abcdefgh")), pd.Series([8, 7, 6, 5, 4, 3, 2, 1]))
    colors = palette("#0B6E4F")
    [labels] = label_nodes([column], {name: name for name in "abcde"}, colors, edition().tenant.locale)
    assert [label.color for label in labels] == [*colors.series, GREY, GREY]
    assert (labels[5].name, labels[5].numbers) == ("other (3 more)", "6 · 17%")


@settings(max_examples=8, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.one_of(st.none(), st.text(max_size=300))] * 3, st.integers(0, 10**9)),
        min_size=1,
        max_size=30,
    ).filter(lambda rows: any(row[3] for row in rows))
)
def test_any_names_can_be_drawn(make, rows):
    part = flow(make(rows))
    if part.kind == "chart":
        assert part.png.startswith(b"\x89PNG")
        assert len(part.table.rows) == len(rows)
    else:
        assert len(part.lines) + len(part.folded) == sum(row[3] > 0 for row in rows)


def test_names_without_an_end_are_cut_in_the_picture_and_in_its_data(make):
    part = flow(make([("L" * 100_000, "w " * 20_000, "Pay", 5), ("Web", "Menu", "Pay", 5)]))
    assert part.png.startswith(b"\x89PNG")
    assert len(str(part.table)) < 2_000
    assert len(part.alt) < 1_000


def test_nothing_and_not_available(make):
    assert flow(make([])).png is None
    assert flow(make([("a", "b", "c", 0)])).text == "There was nothing to show in this period."
    part = flow(replace(make(PATHS), value=None, available=False))
    assert part.text == "Not available from this source."

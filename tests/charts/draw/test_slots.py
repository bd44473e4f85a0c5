import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidings.charts.draw.slots import Slot, fold, read_slots, total


def slots(values):
    whole = sum(values) or 1
    return [Slot(f"n{i}", value, value / whole) for i, value in enumerate(values)]


def test_the_rest_becomes_one_slot_that_says_how_many_it_stands_for():
    assert fold([Slot("a", 5, 0.5), Slot("b", 3, 0.25), Slot("c", 2, 0.25)], 1) == [
        Slot("a", 5, 0.5),
        Slot(None, 5, 0.5, folded=2),
    ]


def test_nothing_is_folded_where_all_have_a_place():
    assert fold(slots([3, 2, 1]), 3) == slots([3, 2, 1])
    assert fold([], 3) == []


def test_a_table_without_shares_folds_without_them():
    assert fold([Slot("a", 5), Slot("b", 3)], 1)[-1].share is None


@given(st.lists(st.integers(0, 10**9), max_size=300), st.integers(1, 12))
def test_the_parts_still_add_up(values, top):
    folded = fold(slots(values), top)
    assert total(folded) == sum(values)
    assert sum(slot.share for slot in folded) == pytest.approx(sum(slot.share for slot in slots(values)))
    assert len(folded) <= top + 1


def test_a_table_is_read_by_the_order_of_its_columns():
    table = pd.DataFrame({"intent": ["pay", None, " "], "messages": [3, 2, 1], "share": [0.5, 0.3, 0.2]})
    assert read_slots(table) == [Slot("pay", 3, 0.5), Slot(None, 2, 0.3), Slot(None, 1, 0.2)]


def test_a_row_without_a_value_is_left_out():
    table = pd.DataFrame({"agent": ["Ana", "Bea"], "hours": [1.5, None]})
    assert read_slots(table) == [Slot("Ana", 1.5)]

"""From a sheet and its words to a part."""

from tidings.charts.base import Caption, chart_part, heading, notice, table
from tidings.charts.draw.sheet import Sheet
from tidings.language.locale import reader_locale
from tidings.parts.part import Column, DataTable, Notice


def test_a_chart_carries_its_words_and_its_picture(daily_result):
    result = daily_result({"x": [0] * 7}, notes=("From the source.",))
    caption = Caption(
        "Title", "A finding", "An extent.", table(["Day", "X"], [["Mon", "1"]]), ("From the chart.",)
    )
    part = chart_part(result, caption, Sheet(200))
    assert part.alt == "Title. A finding. An extent."
    assert part.notes == ("From the source.", "From the chart.")
    assert (part.width, part.height, part.wide) == (500, 200, False)
    assert part.png.startswith(b"\x89PNG")


def test_a_table_says_which_columns_hold_numbers():
    assert table(["Day", "Agent", "X"], [("Mon", "Ana", "1")], names=2) == DataTable(
        columns=(
            Column("Day", numeric=False),
            Column("Agent", numeric=False),
            Column("X", numeric=True),
        ),
        rows=(("Mon", "Ana", "1"),),
    )


def test_a_very_long_name_is_cut_and_two_that_begin_alike_stay_two():
    names = ["w " * 500 + end for end in ("one", "two")] + ["L" * 100_000]
    shown = [row[0] for row in table(["Agent", "X"], [[name, "1"] for name in names]).rows]
    assert max(map(len, shown)) <= 80
    assert len(set(shown)) == 3


def test_what_is_not_available_is_said_under_its_own_title(daily_result):
    assert notice(daily_result({"x": [0] * 7}), "Hours") == Notice("Hours", "Not available from this source.")


def test_a_column_s_name_is_readable():
    assert heading("closing_reason", reader_locale("en")) == "Closing reason"

from dataclasses import replace

import pandas as pd
import pytest
from babel import Locale

from tidings.charts import share
from tidings.charts.draw.slots import Slot
from tidings.charts.share import name_language, share_bars
from tidings.charts.style.colors import palette
from tidings.metrics.activity import incoming_messages
from tidings.metrics.metric import Result


@pytest.fixture
def make(edition):
    """Make the result of a language distribution from codes and users."""

    def result(codes, users, language="en"):
        table = pd.DataFrame({"language": codes, "users": users})
        table["share"] = table["users"] / table["users"].sum()
        metric = replace(
            incoming_messages.metric,
            name="a.b",
            label="Languages",
            unit="users",
            columns=tuple(table.columns),
        )
        return Result(metric, edition(language=language), table)

    return result


@pytest.mark.parametrize(
    ("code", "reader", "name"),
    [
        ("es", "en", "Spanish"),
        ("es", "es", "Español"),
        ("pt-BR", "en", "Brazilian Portuguese"),
        ("pt_br", "en", "Brazilian Portuguese"),
        ("zh-Hans", "en", "Simplified Chinese"),
        ("es-CO", "en", "Spanish (Colombia)"),
        ("tlh", "en", "Klingon"),
        ("xx-bogus", "en", "xx-bogus"),
        ("not a code", "en", "not a code"),
    ],
)
def test_a_language_is_named_in_the_readers(code, reader, name):
    assert name_language(code, Locale.parse(reader)) == name


def test_the_finding_gives_the_largest_parts(make):
    part = share(make(["es", "en", "pt-BR", "fr"], [71, 17, 8, 4]))
    assert part.finding == "Spanish 71%, English 17% and Brazilian Portuguese 8%"


def test_one_language(make):
    assert share(make(["es"], [9])).finding == "All Spanish"


def test_the_data_has_every_language_and_those_never_detected(make):
    codes = ["es", None, *(f"x{letter}" for letter in "abcdefghijkl")]
    part = share(make(codes, [50, 30, *range(12, 0, -1)]))
    assert part.table.rows[:2] == (("Spanish", "50", "32%"), ("not given", "30", "19%"))
    assert len(part.table.rows) == 14
    assert "other (4 more) 10" in part.alt


def test_a_bar_is_as_long_as_its_part_of_the_whole(edition):
    slots = [Slot("Spanish", 75, 0.75), Slot("English", 25, 0.25)]
    bars = share_bars(slots, "users", palette("#0B6E4F"), edition().tenant.locale)
    assert [(bar.length, bar.strong, bar.quiet) for bar in bars] == [(0.75, "75%", "75"), (0.25, "25%", "25")]


def test_names_follow_the_report_s_language(make):
    rows = share(make(["en", "de"], [3, 1], language="es")).table.rows
    assert [row[0] for row in rows] == ["Inglés", "Alemán"]


def test_nobody_and_not_available(make):
    assert share(make([], [])).png is None
    part = share(replace(make(["es"], [1]), value=None, available=False))
    assert part.text == "Not available from this source."

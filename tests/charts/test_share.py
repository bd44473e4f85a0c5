from dataclasses import replace

import pandas as pd
import pytest
from babel import Locale

from tidings.charts import share
from tidings.charts.share import name_language
from tidings.metrics.activity import incoming_messages
from tidings.metrics.metric import Result
from tidings.parts.part import Amount


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


def test_every_language_is_listed_and_those_never_detected(make):
    codes = ["es", None, *(f"x{letter}" for letter in "abcdefghijkl")]
    part = share(make(codes, [50, 30, *range(12, 0, -1)]))
    assert [(line.name, line.amounts[0].text, line.share) for line in part.lines[:2]] == [
        ("Spanish", "50", "32%"),
        ("not given", "30", "19%"),
    ]
    assert (part.rest.name, part.rest.amounts[0].text) == ("4 others together", "10")
    assert len(part.folded) == 4


def test_a_bar_is_as_long_as_its_part_of_the_whole(make):
    part = share(make(["es", "en"], [75, 25]))
    assert [(line.amounts[0], line.share) for line in part.lines] == [
        (Amount("75", 0.75), "75%"),
        (Amount("25", 0.25), "25%"),
    ]
    assert part.whole


def test_names_follow_the_report_s_language(make):
    lines = share(make(["en", "de"], [3, 1], language="es")).lines
    assert [line.name for line in lines] == ["Inglés", "Alemán"]


def test_nobody_and_not_available(make):
    assert share(make([], [])).kind == "notice"
    part = share(replace(make(["es"], [1]), value=None, available=False))
    assert part.text == "Not available from this source."


def test_the_finding_has_the_percent_that_stand_beside_the_bars(make):
    thirds = share(make(["es", "en", "fr"], [1, 1, 1]))
    assert thirds.finding == "Spanish 34%, English 33% and French 33%"
    assert [line.share for line in thirds.lines] == ["34%", "33%", "33%"]

"""What each shape refuses: of another kind, or with values that it cannot show. And what it takes instead."""

from dataclasses import replace

import pandas as pd
import pytest

from tidings import charts
from tidings.charts import bars, cards, curve, flow, ranking, share, split, steps, trend
from tidings.errors import ChartError
from tidings.metrics.activity import incoming_messages
from tidings.metrics.metric import Result

DAYS = pd.date_range("2026-11-09", periods=7)
WEEK = pd.DataFrame({"day": DAYS, "tickets": [4, 8, 6, 5, 9, 2, 1]})
NAMES = pd.DataFrame({"queue": ["Sales", "Billing"], "tickets": [3, 1]})


@pytest.fixture
def result(edition):
    """Make the result of a metric from its table, or from its number."""

    def make(value, **more):
        columns = tuple(value.columns) if isinstance(value, pd.DataFrame) else ()
        metric = replace(incoming_messages.metric, name="a.b", label="Tickets", columns=columns)
        return Result(metric, edition(), value, **more)

    return make


def refusal(shape, *given, **more) -> str:
    with pytest.raises(ChartError) as caught:
        shape(*given, **more)
    return str(caught.value)


@pytest.mark.parametrize(
    ("shape", "value", "other"),
    [
        (ranking, WEEK, "show it with charts.bars or charts.trend"),
        (share, WEEK, "charts.trend"),
        (steps, WEEK, "charts.trend"),
        (flow, NAMES, "charts.ranking"),
        (curve, NAMES, "charts.ranking"),
        (curve, WEEK, "charts.trend"),
        (trend, NAMES, "charts.ranking"),
        (bars, NAMES, "charts.ranking"),
        (split, WEEK, "charts.trend"),
        (trend, 812, "show it with charts.cards"),
        (ranking, 812, "charts.cards"),
        (cards, WEEK, "show a table as a chart"),
    ],
)
def test_another_kind_is_refused_with_the_shape_that_takes_it(result, shape, value, other):
    message = refusal(shape, result(value))
    assert message.startswith(f"charts.{shape.__name__}: it takes ")
    assert "a.b is" in message
    assert other in message


def test_another_kind_is_refused_where_the_source_cannot_give_it_too(result):
    absent = replace(result(WEEK), value=None, available=False)
    assert "a.b is a table of day, tickets" in refusal(ranking, absent)


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        (incoming_messages, "call the metric with the edition"),
        (WEEK["tickets"], "series.reset_index()"),
        (None, "a pandas data frame with unit="),
        (812, "a pandas data frame with unit="),
    ],
)
def test_what_is_no_result_is_refused(given, remedy):
    assert remedy in refusal(trend, given)


def test_the_period_s_own_number_is_one_number(result):
    message = refusal(trend, result(WEEK), total=result(NAMES))
    assert message.startswith("charts.trend, total: it takes one number")
    assert "charts.curve, order" in refusal(
        curve, result(WEEK.assign(agent="Ana")[["day", "agent", "tickets"]]), result(812)
    )


@pytest.mark.parametrize(
    ("lacking", "more"),
    [
        ("unit=", {"title": "Tickets"}),
        ("title=", {"unit": "tickets"}),
        ("title=", {"unit": "tickets", "title": ""}),
    ],
)
def test_a_frame_without_its_unit_or_title_is_refused(edition, lacking, more):
    message = refusal(trend, WEEK, edition=edition(), **more)
    assert f"charts.trend: a data frame does not say its {lacking}" in message
    assert "To mend it: charts.trend(frame, unit=" in message


def test_a_frame_without_an_edition_is_refused():
    assert "does not say its edition=" in refusal(ranking, NAMES, unit="tickets", title="Queues")


def test_a_result_keeps_its_own_unit(result, edition):
    assert "brings its own" in refusal(trend, result(WEEK), unit="tickets")
    assert "brings its own" in refusal(trend, result(WEEK), edition=edition())


@pytest.mark.parametrize(
    ("shape", "frame", "words"),
    [
        (trend, WEEK.assign(day=WEEK["day"].astype(str)), "column 'day': it holds"),
        (trend, WEEK.assign(day=DAYS.tz_localize("UTC")), "and no days"),
        (trend, WEEK.assign(tickets=list("abcdefg")), "column 'tickets': it holds"),
        (trend, WEEK.assign(tickets=WEEK["tickets"] > 4), "and no numbers"),
        (trend, WEEK.assign(tickets=-1), "a number is below 0: -1"),
        (trend, WEEK.assign(tickets=float("inf")), "a number is infinite"),
        (trend, WEEK.iloc[:-1], "2026-11-15 has no row"),
        (trend, WEEK.assign(day=DAYS + pd.Timedelta(days=1)), "2026-11-16 00:00:00 is no day of the period"),
        (trend, WEEK.assign(day=DAYS + pd.Timedelta(hours=1)), "is no day of the period"),
        (trend, WEEK.assign(day=DAYS.where(DAYS.day != 12)), "a missing day is no day"),
        (trend, pd.concat([WEEK, WEEK.iloc[:1]]), "two rows are of 2026-11-09"),
        (bars, WEEK.iloc[::-1], "days are not in order"),
        (trend, WEEK.assign(more=1), "is a table of day, tickets, more"),
        (ranking, NAMES.assign(queue=DAYS[:2]), "and no names"),
        (ranking, NAMES.assign(queue=[1, 2]), "and no names"),
        (ranking, NAMES.assign(queue="Sales"), "two rows are of Sales"),
        (ranking, NAMES.assign(share=[75, 25]), "a share is above 1"),
        (ranking, NAMES.set_axis(["x", "x"], axis=1), "is a table of x, x"),
        (share, NAMES, "its `share`"),
        (curve, pd.DataFrame({"day": DAYS[:2], "agent": ["Ana", None], "n": 1}), "a row has no name"),
        (
            curve,
            pd.DataFrame({"day": DAYS[0], "agent": ["Ana", "Ana"], "n": 1}),
            "two rows are of 2026-11-09, Ana",
        ),
        (steps, NAMES, "its last line is not the sum"),
        (steps, NAMES.assign(queue=[None, "all"]), "a row has no name"),
        (steps, NAMES.assign(tickets=[None, 1.0]), "a number is missing"),
        (
            split,
            pd.DataFrame({"day": DAYS, "handled": None, "missed": 1, "other": 0}).astype({"handled": float}),
            "a number is missing",
        ),
        (ranking, NAMES.assign(queue=[["Sales"], ["Billing"]]), "it holds lists, and no names"),
        (ranking, NAMES.assign(tickets=1e18), "a number is beyond 1,000,000,000,000,000"),
        (ranking, NAMES.assign(share=[None, 0.25]), "a share is missing"),
    ],
)
def test_values_that_a_shape_cannot_show_are_refused(edition, shape, frame, words):
    message = refusal(shape, frame, unit="tickets", title="Tickets", edition=edition())
    assert f"charts.{shape.__name__}" in message
    assert words in message
    assert "To mend it: " in message


PATHS = pd.DataFrame(
    {"entry_point": ["Web"], "start_flow": ["Menu"], "first_intent": ["Pay"], "conversations": [3]}
)


@pytest.mark.parametrize(
    ("shape", "frame", "finding"),
    [
        (trend, WEEK, "Most on Friday 13 (9), fewest on Sunday 15 (1)"),
        (bars, WEEK, "Most on Friday 13 (9), fewest on Sunday 15 (1)"),
        (ranking, NAMES, "“Sales” had the most: 3 of 4"),
        (share, NAMES.assign(share=[0.75, 0.25], queue=["es", "en"]), "Spanish 75% and English 25%"),
        (
            split,
            pd.DataFrame({"day": DAYS, "handled": 3, "missed": 1, "other": 0}),
            "21 handled, 7 missed (25%)",
        ),
        (
            curve,
            WEEK.assign(queue="Sales")[["day", "queue", "tickets"]],
            "“Sales” had the most on one day: 9 on Friday 13",
        ),
        (
            flow,
            PATHS,
            "100% came by “Web”, 100% started in “Menu” and 100% first asked for “Pay”",
        ),
        (steps, pd.DataFrame({"line": ["opened", "reopened", "all"], "n": [3, 1, 4]}), "3 become 4 in all"),
    ],
)
def test_a_frame_with_a_unit_a_title_and_an_edition_is_shown(edition, shape, frame, finding):
    part = shape(frame, unit="tickets", title="Tickets", edition=edition(), definition="Tickets opened.")
    bundle = part._repr_mimebundle_()
    assert finding in bundle["text/plain"]
    assert "Tickets opened." in bundle["text/html"]


@pytest.mark.parametrize(
    "frame",
    [
        pd.Series([3, 1], index=["Sales", "Billing"]).reset_index(),
        NAMES.set_axis(pd.MultiIndex.from_tuples([("by", "queue"), ("n", "tickets")]), axis=1),
        NAMES.astype({"tickets": "Int64"}),
        NAMES.astype({"queue": "category", "tickets": "int64[pyarrow]"}),
    ],
)
def test_a_frame_may_be_as_pandas_makes_it(edition, frame):
    part = ranking(frame, unit="tickets", title="Tickets", edition=edition())
    assert part.finding == "“Sales” had the most: 3 of 4"


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "double[pyarrow]"])
@pytest.mark.parametrize("shape", [trend, bars])
def test_a_number_that_is_missing_is_a_gap_by_whatever_type(edition, shape, dtype):
    frame = WEEK.assign(tickets=pd.array([4, None, 6, 5, 9, 2, 1], dtype=dtype))
    part = shape(frame, unit="tickets", title="Tickets", edition=edition())
    assert part.table.rows[1] == ("Tue 10 Nov", "–")


@pytest.mark.parametrize("shape", [ranking, share])
@pytest.mark.parametrize("shares", [[0.5, 0.5], [float("nan"), float("nan")]])
def test_shares_of_nothing_are_nothing_to_show(edition, shape, shares):
    frame = NAMES.assign(tickets=0, share=shares)
    assert shape(frame, unit="tickets", title="Tickets", edition=edition()).empty


def test_a_frame_is_told_in_the_language_of_its_edition(edition):
    part = trend(WEEK, unit="messages", title="Post", edition=edition(language="es"))
    text = part._repr_mimebundle_()["text/plain"]
    assert text.startswith("Post\n35 en total")
    assert "lun, 9 nov" in text


def test_a_frame_without_a_definition_has_no_empty_line_for_it(edition):
    for shape, frame in ((trend, WEEK), (steps, NAMES.assign(tickets=3))):
        part = shape(frame, unit="tickets", title="Tickets", edition=edition())
        assert '<p class="definition">' not in part._repr_mimebundle_()["text/html"]


def test_a_frame_is_left_as_it_was(edition):
    frame = WEEK.iloc[::1].set_index(pd.Index(range(5, 12)))
    before = frame.copy()
    trend(frame, unit="tickets", title="Tickets", edition=edition())
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("name", list(charts.SHAPES))
def test_every_shape_shows_the_sample_of_what_it_takes(edition, name):
    assert charts.SHAPES[name].rehearse(edition())._repr_mimebundle_()["text/html"]

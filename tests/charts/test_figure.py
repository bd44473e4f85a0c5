"""Figures of other libraries as parts: their titles, their words, and what takes their pictures."""

import io
import sys

import altair
import matplotlib.pyplot as plt
import pandas as pd
import plotly.graph_objects as go
import pytest
import seaborn as sns
from matplotlib.figure import Figure
from PIL import Image

from tidings import charts
from tidings.errors import ChartError


@pytest.fixture
def waits():
    figure = Figure(figsize=(6, 4))
    axes = figure.subplots()
    axes.plot([1, 3, 2])
    axes.set(title="Waits by hour", xlabel="Hour", ylabel="Minutes")
    return figure


def _size(part):
    return Image.open(io.BytesIO(part.png)).size


def test_the_title_of_the_axes_stands_over_the_picture_and_not_in_it(waits):
    part = charts.figure(waits)
    assert (part.title, part.finding) == ("Waits by hour", "")
    waits.axes[0].set_title("")
    assert charts.figure(waits).png == part.png
    waits.axes[0].set_title("Waits by hour", y=1.05)
    assert charts.figure(waits).png == part.png
    assert waits.axes[0].title.get_visible()


def test_the_alternative_text_is_made_of_the_title_and_the_axes_and_says_so(waits):
    part = charts.figure(waits)
    assert (part.alt, part.alt_is_made) == ("Waits by hour (Minutes, Hour)", True)
    part = charts.figure(waits, title="Waits", finding="longest at noon")
    assert (part.title, part.alt) == ("Waits", "Waits. longest at noon (Minutes, Hour)")


def test_an_alternative_text_that_is_given_stays_as_it_is(waits):
    part = charts.figure(waits, alt="A line that peaks at noon, at 3 minutes")
    assert (part.alt, part.alt_is_made) == ("A line that peaks at noon, at 3 minutes", False)


def test_a_picture_has_twice_the_pixels_that_are_shown_and_is_the_same_each_time(waits):
    part = charts.figure(waits)
    assert tuple(pixels // 2 for pixels in _size(part)) == (part.width, part.height)
    assert 400 < part.width <= 580
    assert charts.figure(waits) == part


@pytest.mark.parametrize("inches", [(200, 3), (3, 200), (500, 500)])
def test_a_figure_without_end_becomes_no_picture_without_end(inches):
    figure = Figure(figsize=inches)
    figure.suptitle("Long")
    part = charts.figure(figure)
    assert part.width <= 1200
    assert part.height <= 3100


def test_a_figure_of_several_axes_is_named_by_its_own_title_and_keeps_theirs():
    figure = Figure()
    for axes, title in zip(figure.subplots(1, 2), ["Sales", "Help"], strict=True):
        axes.set_title(title)
    whole = charts.figure(figure)
    assert whole.title == "Sales"
    figure.suptitle("Two teams")
    assert charts.figure(figure).title == "Two teams"


def test_axes_and_grids_of_seaborn_are_shown_by_their_figure_which_is_closed():
    frame = pd.DataFrame({"team": ["Sales", "Help"], "messages": [3, 7]})
    grid = sns.catplot(frame, x="team", y="messages", kind="bar")
    grid.set(title="Messages by team")
    _, axes = plt.subplots()
    axes.set_title("Other", loc="left")
    assert charts.figure(grid).title == "Messages by team"
    assert charts.figure(axes).title == "Other"
    assert plt.get_fignums() == []


def test_a_figure_without_words_has_no_alternative_text():
    assert charts.figure(Figure()).alt == ""


def test_what_is_no_figure_is_refused():
    with pytest.raises(ChartError, match=r"charts\.figure: DataFrame is no figure"):
        charts.figure(pd.DataFrame())


def test_a_chart_of_altair_is_a_picture_without_its_title():
    frame = pd.DataFrame({"team": ["Sales", "Help"], "messages": [3, 7]})
    chart = altair.Chart(frame, title="Messages by team").mark_bar().encode(x="team", y="messages")
    part = charts.figure(chart)
    assert (part.title, part.alt) == ("Messages by team", "Messages by team (messages, team)")
    assert charts.figure(chart.properties(title="Other")).png == part.png
    assert _size(part)[0] // 2 == part.width


def test_a_chart_of_altair_fetches_no_data_from_elsewhere():
    chart = altair.Chart("https://example.com/teams.csv", title="Teams").mark_bar().encode(x="team:N")
    with pytest.raises(ChartError, match="the picture of an Altair chart cannot be taken"):
        charts.figure(chart)


@pytest.mark.parametrize(
    ("module", "drawn", "extra"),
    [
        ("kaleido", go.Figure(go.Bar(y=[1, 2])), r"'tidings\[plotly\]'"),
        ("vl_convert", altair.Chart(pd.DataFrame({"a": [1]})).mark_bar(), r"'tidings\[altair\]'"),
    ],
)
def test_where_nothing_takes_its_picture_the_refusal_says_what_would(monkeypatch, module, drawn, extra):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ChartError, match=rf"(?s)cannot be taken \(ModuleNotFoundError.*pip install {extra}"):
        charts.figure(drawn)

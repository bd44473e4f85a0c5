"""The parts that frame a report."""

from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version

import pytest
from PIL import Image
from support.tables import edition_of, message

from tidings.charts.frame import footer, header, highlights
from tidings.errors import ParametersError
from tidings.parts.part import Header

ROWS = {"messages": [message("2026-11-10 10:00"), message("2026-10-01 10:00")]}


def _edition(folder, period: str = "2026-W46", **keys):
    return edition_of(folder, period, ROWS, **keys)


def test_the_header_says_whose_when_where_and_compared_with_what(tmp_path):
    part = header(_edition(tmp_path, time_zone="America/Bogota", brand={"color": "#123456"}))
    assert part == Header(
        tenant="Acme",
        period="Mon 9 – Sun 15 November 2026",
        zone="Bogota time",
        compared="compared with Mon 2 – Sun 8 November 2026",
        lengths=None,
        color="#123456",
        language="en",
        alt=None,
        png=None,
    )


def test_periods_of_different_lengths_say_so_once(tmp_path):
    assert header(_edition(tmp_path, "2026-11a")).lengths == "per day: 15 days now, 16 before"


def test_the_first_report_says_that_there_is_nothing_to_compare_with(tmp_path):
    part = header(edition_of(tmp_path, "2026-11a", {"messages": [message("2026-11-10 10:00")]}))
    assert (part.compared, part.lengths) == ("the first report: nothing to compare with yet", None)


def test_a_period_that_is_not_over_is_compared_with_the_same_part_of_the_one_before(tmp_path):
    whole = _edition(tmp_path)
    part = header(replace(whole, period=whole.period.cut_off(datetime(2026, 11, 12, 10, tzinfo=UTC))))
    assert part.period == "Mon 9 – Sun 15 November 2026, so far"
    assert part.compared == "compared with the same part of Mon 2 – Sun 8 November 2026"


def test_a_logo_is_a_small_png_of_the_project(tmp_path, monkeypatch):
    monkeypatch.setenv("TIDINGS_HOME", str(tmp_path))
    Image.new("RGB", (40, 20), "red").save(tmp_path / "logo.png")
    part = header(_edition(tmp_path, brand={"logo": "logo.png"}))
    assert part.png == (tmp_path / "logo.png").read_bytes()
    assert part.alt == "Acme"


@pytest.mark.parametrize("content", [None, b"<svg/>", b"\x89PNG\r\n\x1a\n" + b"0" * 200_000])
def test_a_logo_that_is_missing_not_a_png_or_too_large_is_refused(tmp_path, monkeypatch, content):
    monkeypatch.setenv("TIDINGS_HOME", str(tmp_path))
    if content is not None:
        (tmp_path / "logo.png").write_bytes(content)
    with pytest.raises(ParametersError, match=r"logo\.png"):
        header(_edition(tmp_path, brand={"logo": "logo.png"}))


def test_a_logo_of_many_pixels_in_few_bytes_or_of_html_is_refused_without_being_decoded(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("TIDINGS_HOME", str(tmp_path))
    Image.new("1", (24_000, 24_000)).save(tmp_path / "logo.png")
    with pytest.raises(ParametersError, match="24,000 pixels"):
        header(_edition(tmp_path, brand={"logo": "logo.png"}))
    for content in (b"<script>alert(1)</script>", b"\x89PNG\r\n\x1a\n<script>alert(1)</script>"):
        (tmp_path / "logo.png").write_bytes(content)
        with pytest.raises(ParametersError, match=r"logo\.png"):
            header(_edition(tmp_path, brand={"logo": "logo.png"}))


def test_highlights_are_sentences_on_the_recorded_numbers(tmp_path):
    part = highlights(_edition(tmp_path))
    assert part.title == "In short"
    assert part.sentences[0] == "Users sent one message, on Tuesday 10."
    assert part.headlines[0] == "busiest on Tuesday 10"
    assert len(part.headlines) == len(part.sentences)


def test_the_footer_says_how_far_the_data_reach_and_what_made_the_report(tmp_path):
    assert footer(_edition(tmp_path, time_zone="America/Bogota")).lines == (
        "The data reach to Tue 10 Nov, 05:00.",
        "All times are in Bogota time.",
        "Each number is defined where it is shown.",
        "Next report: Monday 23 November 2026.",
        f"Made by Tidings {version('tidings')}.",
    )


def test_where_rows_are_far_away_the_footer_says_so(tmp_path):
    edition = edition_of(tmp_path, "2026-W46", {"messages": [message("2024-11-10 10:00")]})
    assert footer(edition).lines[0] == "There are no data near this period."


@pytest.mark.parametrize(
    ("cadence", "period", "due"),
    [
        ("weekly", "2026-W46", "Monday 23 November 2026"),
        ("weekly", "2026-11a", "Monday 23 November 2026"),
        ("weekly", "2026-11-09..2026-11-10", "Monday 16 November 2026"),
        ("twice-monthly", "2026-11a", "Tuesday 1 December 2026"),
        ("monthly", "2026-10", "Tuesday 1 December 2026"),
    ],
)
def test_the_next_report_is_due_by_the_cadence(tmp_path, cadence, period, due):
    assert f"Next report: {due}." in footer(_edition(tmp_path, period, cadence=cadence)).lines

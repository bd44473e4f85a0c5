"""Letters: measured and drawn once, from the fonts of the charts alone."""

import logging

import matplotlib as mpl
import numpy as np
import pytest

from tidings.charts.style.letters import halo, letters, text_width


def test_a_text_is_measured_in_the_page_s_pixels():
    assert text_width("mmmm") == pytest.approx(2 * text_width("mm"), rel=0.05)
    assert letters("mmmm").ink.shape[1] / 2 == pytest.approx(text_width("mmmm"), abs=2)


def test_bold_letters_are_wider_and_blacker():
    assert text_width("minutes", bold=True) > text_width("minutes")
    assert letters("minutes", bold=True).ink.sum() > 1.2 * letters("minutes").ink.sum()


def test_letters_stand_on_the_baseline_and_some_go_below_it():
    flat, hanging = (letters(text) for text in ("x", "y"))
    assert np.flatnonzero(flat.ink.max(axis=1) > 128).max() == flat.above - 1
    assert np.flatnonzero(hanging.ink.max(axis=1)).max() > hanging.above


def test_nothing_has_no_width():
    assert text_width("") == 0
    assert letters("").ink.sum() == 0


def test_letters_that_the_first_font_lacks_come_from_others():
    assert letters("\N{PLACE OF INTEREST SIGN}").ink.sum() > 0  # of DejaVu Sans, which comes with matplotlib


def test_a_halo_is_three_pixels_larger_to_every_side():
    drawn, around = letters("8"), halo("8")
    assert around.ink.shape == tuple(size + 6 for size in drawn.ink.shape)
    assert (drawn.left - around.left, around.above - drawn.above) == (3, 3)
    rows, columns = np.nonzero(drawn.ink)
    for down, right in ((3, 3), (0, 3), (6, 3), (3, 0), (3, 6)):
        assert (around.ink[rows + down, columns + right] >= drawn.ink[rows, columns]).all()
    assert around.ink[0, 0] == 0


def test_fonts_leave_the_settings_and_the_log_as_they_were():
    log = logging.getLogger("matplotlib.font_manager")
    before, level = dict(mpl.rcParams), log.level
    text_width("\N{PLACE OF INTEREST SIGN} of another font", bold=True)
    assert (dict(mpl.rcParams), log.level) == (before, level)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidings.errors import ReportError
from tidings.parts.contrast import contrast, readable

colors = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def test_contrast_runs_from_one_to_twenty_one():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#0072b2", "#0072b2") == 1
    assert contrast("#0072B2", "#ffffff") == pytest.approx(5.2, abs=0.05)


def test_a_colour_that_can_be_read_stays_as_it_is():
    assert readable("#0b6e4f", "#ffffff") == "#0b6e4f"


@given(colors, st.sampled_from(["#ffffff", "#f5f7fa", "#18202a"]))
def test_any_brand_can_be_read_on_the_grounds_of_the_report(color, ground):
    assert contrast(readable(color, ground), ground) >= 4.5


@pytest.mark.parametrize("color", ["green", "#fff", "#0b6e4f; } body { display: none", "#0b6e4f\n", ""])
def test_only_rrggbb_is_a_colour(color):
    with pytest.raises(ReportError, match="#rrggbb"):
        readable(color, "#ffffff")

from hypothesis import given
from hypothesis import strategies as st

from tidings.charts.draw.fitting import cut, fit
from tidings.charts.style.letters import text_width


@given(st.text(max_size=50), st.integers(1, 60))
def test_a_text_is_cut_to_its_room_and_no_further(text, room):
    short = cut(text, room, len)
    assert len(short) <= max(room, 1)
    if len(text) <= room:
        assert short == text
    else:
        assert short.endswith("…")
        assert text.startswith(short[:-1])


def test_a_character_of_several_code_points_is_never_split():
    family = "👩‍👩‍👧"
    assert cut(family * 3, len(family) + 3, len) == family + "…"


def test_the_end_of_a_name_can_be_kept():
    assert cut("Ana Maria Ruiz (a-00000001)", 15, len, tail=7) == "Ana Mar…000001)"


def test_a_long_name_fits_its_room():
    assert text_width(fit("m" * 300, 120)) <= 120
    assert text_width(fit("m" * 300, 120, bold=True), bold=True) <= 120

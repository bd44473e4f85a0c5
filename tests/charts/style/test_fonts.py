"""Fonts: what they can draw is drawn, and what they cannot is not an empty box."""

import copy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import font_manager
from matplotlib.font_manager import FontProperties, findfont

from tidings.charts.style import fonts


@pytest.mark.parametrize("text", ["Añadir saldo", "$x_1$", "Оплата", "4,210 · 45%", "e\u0301"])
def test_what_the_fonts_have_is_drawn(text):
    assert fonts.drawable(text) == text


def test_what_no_font_has_becomes_one_dot_a_character():
    unknown = "\U0001f469\u200d\U0001f469\u200d\U0001f467"  # a family, of one character as people count
    assert fonts.drawable(f"a {unknown} b {chr(0x10FFFD)}") == "a · b ·"


def test_a_name_is_drawn_on_one_line():
    assert fonts.drawable("a\nb\t\x00c\u2028d") == "a b c d"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20))
def test_nothing_drawn_lacks_a_glyph(text):
    assert all(ord(mark) in fonts._characters() for mark in fonts.drawable(text))


def test_only_the_fonts_that_a_text_needs_are_searched():
    few, all_of_them = fonts.families("Añadir 4,210"), fonts.families()
    assert few == ("Source Sans 3", "DejaVu Sans")
    assert set(few) <= set(all_of_them)
    letters = [chr(point) for point in (0x5D0, 0x628, 0x905) if point in fonts._characters()]
    for letter in letters:
        assert any(ord(letter) in fonts._glyphs(family) for family in fonts.families(letter))


def test_the_font_of_the_package_comes_before_a_copy_in_the_system():
    assert fonts.families()[0] == "Source Sans 3"
    for weight in ("normal", "bold"):
        found = Path(findfont(FontProperties(family=["Source Sans 3"], weight=weight)))
        assert found.parent == Path(fonts.__file__).parent / "source_sans"
        assert (found.parent / "LICENSE.md").is_file()


@pytest.mark.parametrize("text", ["Ñandú Łódź Şişli", "Αθήνα", "Київ", "– · … “” → € ₴ %"])
def test_latin_greek_and_cyrillic_need_no_other_font(text):
    assert set(map(ord, text)) <= fonts._glyphs("Source Sans 3")


def test_a_font_that_was_installed_since_is_found_and_one_that_cannot_be_read_is_passed_over(
    tmp_path, monkeypatch
):
    [regular] = (Path(fonts.__file__).parent / "source_sans").glob("*Regular.ttf")
    installed, broken = tmp_path / "New.ttf", tmp_path / "Broken.ttf"
    installed.write_bytes(regular.read_bytes())
    broken.write_bytes(b"no font")
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(installed), str(broken)])
    known = copy.deepcopy(font_manager.fontManager)
    fonts._add_new_fonts(known)
    added = {font.fname for font in known.ttflist} - {font.fname for font in font_manager.fontManager.ttflist}
    assert added == {str(installed)}


def test_what_no_font_has_is_told_once_without_what_cannot_be_seen():
    assert fonts.lacking("b\U00012001 a\U00012000\ufe0f\U00012000\u200d") == ("\U00012000", "\U00012001")
    assert fonts.lacking("Añadir\n\t") == ()

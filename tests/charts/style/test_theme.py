"""How large charts and their words are."""

from tidings.charts.style.theme import TEXT, WIDTH


def test_words_are_legible_on_a_phone_and_no_larger_than_those_beside_them():
    pixels = TEXT / 72 * 100  # at a hundred dots an inch
    assert pixels * 330 / WIDTH >= 10.5
    assert pixels <= 17  # a mail's column is 568 pixels wide, and shows a picture at its own width
    assert WIDTH <= 568

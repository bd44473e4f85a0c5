"""What commands print is what is meant, whatever the data hold."""

import pytest

from tidings.cli.terminal import harmless, print_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ana\u00a0Peña: 12\u202f%, «sí»\n\tنور", "Ana\u00a0Peña: 12\u202f%, «sí»\n\tنور"),
        ("\x1b]0;title\x07\x1b[2Jcleared", "·]0;title··[2Jcleared"),
        ("one\rother\x00\x9b1m\u202ecba", "one·other··1m·cba"),
    ],
)
def test_what_a_terminal_would_take_for_a_command_is_a_dot(text, shown):
    assert harmless(text) == shown


def test_brackets_are_no_markup_and_long_lines_are_not_broken(capsys):
    print_text(f"[red]{'x' * 300}[/red]")
    print_text("[bold]wrong", is_error=True)
    assert capsys.readouterr() == (f"[red]{'x' * 300}[/red]\n", "[bold]wrong\n")

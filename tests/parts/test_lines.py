from tidings.language.locale import reader_locale
from tidings.parts.lines import WIDEST, lines
from tidings.parts.part import Column, DataTable

ENGLISH = reader_locale("en")
AGENT, COUNT, TIME = Column("Agent", False), Column("Conversations", True), Column("Minutes", True)


def test_names_are_set_to_the_left_and_numbers_to_the_right():
    table = DataTable((AGENT, COUNT, TIME), (("Iván Paz", "59", "7 h 25 min"), ("查", "1,204", "1 min")))
    assert lines(table, 10, ENGLISH) == [
        "Agent: Conversations | Minutes",
        "Iván Paz     59  7 h 25 min",
        "查        1,204       1 min",
    ]


def test_only_the_first_rows_are_given():
    table = DataTable((AGENT, COUNT), tuple((f"agent-{number}", "1") for number in range(5)))
    assert lines(table, 2, ENGLISH) == ["Agent: Conversations", "agent-0  1", "agent-1  1"]
    assert lines(table, 0, ENGLISH) == []


def test_a_long_name_is_cut_and_keeps_to_its_line():
    (_, line) = lines(DataTable((AGENT, COUNT), (("L\n" * 100_000, "1"),)), 10, ENGLISH)
    assert line.startswith("L L L L")
    assert len(line) <= WIDEST


def test_rows_too_wide_to_be_read_are_not_given():
    days = tuple(Column(f"{day} Nov", True) for day in range(1, 32))
    assert lines(DataTable((AGENT, *days), (("Iván Paz", *["1"] * 31),)), 10, ENGLISH) == []


def test_an_empty_table_has_no_lines():
    assert lines(DataTable((AGENT, COUNT), ()), 10, ENGLISH) == []


def test_a_text_of_the_other_direction_is_isolated():
    table = DataTable((AGENT, COUNT), (("جورج", "1"), ("Jorge", "2")))
    assert [line.split()[0] for line in lines(table, 10, ENGLISH)[1:]] == ["\u2068جورج\u2069", "Jorge"]

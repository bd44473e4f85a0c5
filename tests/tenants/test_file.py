from itertools import pairwise

import pytest

from tidings.errors import ParametersError
from tidings.tenants.file import LARGEST_FILE, read_tenant_file, shown


@pytest.fixture
def read(tmp_path):
    def write_and_read(content):
        path = tmp_path / "acme.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_tenant_file(path)

    return write_and_read


def test_scalars_are_text_except_true_false_and_null(read):
    values = read(
        "name: 2024\nlanguage: no\nday: 2026-13-45\nflag: true\nother: False\nlogo: null\nempty:\nhex: 0x1F\n"
    )
    assert values == {
        "name": "2024",
        "language": "no",
        "day": "2026-13-45",
        "flag": True,
        "other": False,
        "logo": None,
        "empty": None,
        "hex": "0x1F",
    }


def test_a_byte_order_mark_is_not_part_of_the_first_key(read):
    assert read(b"\xef\xbb\xbfname: Caf\xc3\xa9") == {"name": "Café"}


@pytest.mark.parametrize(
    ("content", "place", "what"),
    [
        ("", "acme.yaml: ", "empty"),
        ("# only a comment\n", "acme.yaml: ", "empty"),
        ("- a\n", "acme.yaml: ", "not a list of keys"),
        ("just text", "acme.yaml: ", "not a list of keys"),
        ("a: 1\nb: 2\na: 3\n", "line 3, column 1", "'a' is given twice"),
        ("brand: {color: a, color: b}\n", "line 1, column 19", "'color' is given twice"),
        ("a: &x b\n", "line 1, column 4", "anchors"),
        ("a: *x\n", "line 1, column 4", "anchors"),
        ("a: !!python/object/apply:os.system [id]\n", "line 1, column 4", "tags"),
        ("a: !!str 5\n", "line 1, column 4", "tags"),
        ("a: [b\n", "line 2, column 1", "expected ',' or ']'"),
        ("a: b: c\n", "line 1, column 5", "mapping values"),
        ("true: a\n", "line 1, column 1", "a key is not plain text"),
        ("? [a]\n: b\n", "line 1, column 3", "a key is not plain text"),
        ("a: 1\n---\nb: 2\n", "line 2, column 1", "another document"),
        ("[" * 30_000, "line 1, column 9", "nested too deeply"),
        ("a: \x07", "acme.yaml: ", "character that YAML does not allow"),
        (b"a: \xff", "acme.yaml: ", "byte 4 is not UTF-8"),
        (b"a" * (LARGEST_FILE + 1), "acme.yaml: ", "64 KiB"),
    ],
)
def test_what_is_not_a_plain_mapping_is_refused_with_its_place_and_a_remedy(read, content, place, what):
    with pytest.raises(ParametersError) as refused:
        read(content)
    assert place in str(refused.value)
    assert what in refused.value.what
    assert refused.value.remedy


def test_an_anchor_bomb_is_refused_at_its_first_anchor(read):
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in pairwise("abcdefghi"))
    with pytest.raises(ParametersError, match="line 1, column 4"):
        read(bomb)


def test_a_size_is_refused_before_anything_is_read(tmp_path, monkeypatch):
    path = tmp_path / "acme.yaml"
    path.write_bytes(b" " * (LARGEST_FILE + 1))
    monkeypatch.setattr("pathlib.Path.read_bytes", lambda self: pytest.fail("it was read"))
    with pytest.raises(ParametersError):
        read_tenant_file(path)


def test_a_syntax_error_does_not_quote_the_line(read):
    with pytest.raises(ParametersError) as refused:
        read("source: postgresql://u:hunter2@h/db\n  x: [\n")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("a", "'a'"),
        ("postgresql://u:hunter2@h/db", "'postgresql://…@h/db'"),
        (True, "true"),
        (None, "no value"),
        (["a"], "a list"),
        ({"a": 1}, "a mapping"),
    ],
)
def test_a_value_is_shown_without_secrets(value, words):
    assert shown(value) == words


@pytest.mark.parametrize(
    "value", ["x" * 10_000, "\x00" * 1_000, "'\"" * 1_000, "é" * 77, "://" + "p" * 500 + "@h"]
)
def test_a_value_is_shown_on_one_short_line(value):
    assert len(shown(value)) <= 80
    assert "\n" not in shown(value)

"""CSV as programs write it: each file is what a user may have, read, or refused by what they see in it."""

import gzip
from itertools import product
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from support.quick import slow_but
from support.tables import at, tenant

from tidings.errors import SourceError
from tidings.sources.files import FileSource
from tidings.sources.location import Location
from tidings.sources.source import Source

NAMES = "message_id,conversation_id,user_id,sent_at,direction,sender,assignment_id,intent,language,channel"
ROW = "m1,c1,u1,2026-11-10 12:00:00,incoming,user,,,,"
NOON = at("2026-11-10 12:00:00")


def read(folder: Path, data: bytes | str, name: str = "messages.csv"):
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    source = Source(FileSource.open(Location.of(str(folder)), folder), tenant(folder))
    return source.fetch(source.rows("messages").order_by("message_id"))


def refusal(folder: Path, data: bytes | str, name: str = "messages.csv") -> str:
    with pytest.raises(SourceError) as refused:
        read(folder, data, name)
    return str(refused.value)


FILES = [
    ("messages.csv.gz", gzip.compress(f"{NAMES}\n{ROW}\n".encode(), mtime=0)),
    ("messages.csv.zst", pa.compress(f"{NAMES}\n{ROW}\n".encode(), "zstd", asbytes=True)),
    ("messages.tsv", f"{NAMES}\n{ROW}\n".replace(",", "\t")),
    ("Messages.CSV", f"{NAMES}\n{ROW}\n"),
    ("messages.csv", f"\ufeff{NAMES}\r\n{ROW}\r\n".replace(",", ";")),
    ("messages.csv", f"{NAMES}\n{ROW}\n".replace(",", "|")),
    ("messages.csv", f"sep=;\r\n{NAMES}\r\n{ROW}\r\n".replace(",", ";")),
    ("messages.csv", f"sep=\t\r\n{NAMES}\r\n{ROW}\r\n".replace(",", "\t")),
    ("messages.csv", f"\ufeff{NAMES}\r\n{ROW}\r\n".replace(",", "\t").encode("utf-16-le")),
    ("messages.csv", f"\ufeff{NAMES}\n{ROW}\n".encode("utf-16-be")),
    ("messages.csv", f"{NAMES}\n{ROW}\n".encode("utf-16-le")),
    ("messages.csv.gz", gzip.compress(f"{NAMES}\n{ROW}\n".encode("utf-16"), mtime=0)),
    ("messages.csv", f"\n \r\n,,,,\n{NAMES}\n{ROW}\n".replace("\r\n", "\n")),
    ("messages.csv", f",{NAMES}\n0,{ROW}\n"),
    ("messages.csv", f"{NAMES},\n{ROW},\n"),
    ("messages.csv", f"{NAMES},\n{ROW}\n"),
    ("messages.csv", f"{NAMES}\n{ROW},\n"),
    ("messages.csv", f"{NAMES},,\n{ROW},x,y\n"),
    ("messages.csv", f"{NAMES},Note,note\n{ROW},x,y\n"),
    ("messages.csv", f"{NAMES.replace(',', ', ').title()}\n{ROW}\n"),
    ("messages.csv", f"{NAMES}\n{ROW}\n,,,,,,,,,\n\n"),
    ("messages.csv", f"{NAMES}\n{ROW}\n".replace("\n", "\r")),
    ("messages.csv", f"{NAMES}\n{ROW}\n".replace("\n", "\r\r\n")),
    ("messages.csv", f"{NAMES}\r\n{ROW}\n"),
    ("messages.csv", '"' + f'{NAMES}"\n"{ROW}"\n'.replace(",", '","')),
    ("messages.csv", f"{NAMES}\n{ROW}\n".replace(",", ", ")),
    ("messages.csv", '"' + f'{NAMES}"\n"{ROW}"\n'.replace(",", '", "')),
    ("messages.csv", '"sep=;"\n' + f"{NAMES}\n{ROW}\n".replace(",", ";")),
    ("messages.csv", "sep=;;;;;;;;;\n" + f"{NAMES}\n{ROW}\n".replace(",", ";")),
    ("messages.csv", f'\ufeff"sep=;"\r\n{NAMES}\r\n{ROW}\r\n'.replace(",", ";").encode("utf-16-le")),
    ("messages.csv", "sep=\\t\n" + f"{NAMES}\n{ROW}\n".replace(",", "\t")),
    ("messages.csv", f"sep=;\n{NAMES}\n{ROW}\n"),
    ("messages.csv", f'"","",""\n{NAMES}\n{ROW}\n'),
    ("messages.csv", f"\ufeff\u200b{NAMES}\n{ROW}\n"),
    ("messages.csv", f"{NAMES.replace('_', ' ').title()}\n{ROW}\n"),
    ("messages.csv", f"{NAMES.replace('_', '-')}\n{ROW}\n"),
    ("messages.csv", f"{NAMES.replace('user_id', 'userId').replace('sent_at', 'sentAt')}\n{ROW}\n"),
    ("messages.csv", f"{NAMES}\n{ROW}\n".encode("utf-32")),
    ("messages.csv", f"{NAMES}\n{ROW}\n".replace("user,,,", "user,\\N,\\N,")),
]


@pytest.mark.parametrize(("name", "data"), slow_but(FILES[::3], FILES))
def test_what_programs_and_spreadsheets_write_is_read(tmp_path, name, data):
    [row] = read(tmp_path, data, name).to_dict("records")
    assert [row["message_id"], row["user_id"], row["sent_at"]] == ["m1", "u1", NOON]
    assert pd.isna(row["intent"])


def test_a_value_may_hold_what_parts_other_files(tmp_path):
    row = ROW.replace("c1", '"a;b\t|c"').replace("u1", '"1,5"')
    assert list(read(tmp_path, f"{NAMES}\n{row}\n").iloc[0, 1:3]) == ["a;b\t|c", "1,5"]


INSTANTS = [
    ("2026-11-10 15:00:00 UTC", "2026-11-10 15:00:00"),
    ("2026-11-10 15:00:00.25 UTC", "2026-11-10 15:00:00.250000"),
    ("2026-11-10 15:00:00 -0500", "2026-11-10 20:00:00"),
    ("2026-11-10T15:00:00 +01:00", "2026-11-10 14:00:00"),
    ("2026-11-10 15:00:00 GMT", "2026-11-10 15:00:00"),
    ("2026-11-10 15:00:00 Z", "2026-11-10 15:00:00"),
    (' 2026-11-10 15:00 "', None),
    ("2026-11-15 23:59:59.999999999", "2026-11-15 23:59:59.999999"),
    ("2026-11-15T23:59:59.9999999 -0000", "2026-11-15 23:59:59.999999"),
    ('"2026-11-10 15:00:00,5"', "2026-11-10 15:00:00.500000"),
    ("1794322800", "2026-11-10 15:00:00"),
    ("1794322800.5396379", "2026-11-10 15:00:00.539637"),
    ("1794322800123", "2026-11-10 15:00:00.123000"),
    ("1794322800123456", "2026-11-10 15:00:00.123456"),
    ("1794322800123456999", "2026-11-10 15:00:00.123456"),
    ("2026-11-10 15:00:00.123 -0500 EST", "2026-11-10 20:00:00.123000"),
    ("2026-11-10T15:00:00+01:00[Europe/Madrid]", "2026-11-10 14:00:00"),
    ("2026-11-10 15:00:00 utc", "2026-11-10 15:00:00"),
    ("2026/11/10 15:00", "2026-11-10 15:00:00"),
    ("2026/1/5 9:05:07", "2026-01-05 09:05:07"),
]


@pytest.mark.parametrize(("text", "utc"), slow_but(INSTANTS[::2], INSTANTS))
def test_instants_are_read_as_programs_write_them_and_cut_to_microseconds(tmp_path, text, utc):
    data = f"{NAMES}\n{ROW.replace('2026-11-10 12:00:00', text)}\n"
    if utc is None:
        assert "messages.csv" in refusal(tmp_path, data)
    else:
        assert list(read(tmp_path, data)["sent_at"]) == [at(utc)]


@pytest.mark.parametrize("text", ["17943228000", "-1794322800", "1794322800x", "1e9", "946684800"])
def test_numbers_whose_unit_is_not_plain_are_refused(tmp_path, text):
    told = refusal(tmp_path, f"{NAMES}\n{ROW.replace('2026-11-10 12:00:00', text)}\n")
    assert "holds a bad timestamp in row {message_id: m1" in told
    assert f"sent_at: {text}" in told


def test_numbers_of_two_units_in_one_column_are_refused(tmp_path):
    rows = [ROW.replace("2026-11-10 12:00:00", text) for text in ("1794322800", "1794322800123")]
    assert "column sent_at" in refusal(tmp_path, "\n".join([NAMES, *rows]))


def test_whole_numbers_with_decimal_commas_are_the_ids_that_they_are(tmp_path):
    rows = [f"m{n};c1;{user};2026-11-10 12:00:00;incoming;user;;;;" for n, user in ((1, "7,0"), (2, "12,0"))]
    assert list(read(tmp_path, "\n".join([NAMES.replace(",", ";"), *rows]))["user_id"]) == ["7", "12"]


def test_a_ragged_line_of_another_separator_is_told_with_it(tmp_path):
    told = refusal(tmp_path, f"{NAMES}\n{ROW}\nm2,c1\n".replace(",", ";"))
    assert (
        "messages.csv, line 3: has 2 values where the first line has 10 names, parted by semicolons" in told
    )


def test_what_the_first_line_has_is_told_where_none_of_it_is_known(tmp_path):
    told = refusal(tmp_path, "Nachricht;Zeit\n1;2\n")
    assert "messages.csv: has none of the columns of table messages; it has nachricht, zeit" in told


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("messages.csv.gz", gzip.compress(f"{NAMES}\n{ROW}\n".encode() * 99, mtime=0)[:50]),
        ("messages.csv.gz", f"{NAMES}\n{ROW}\n".encode()),
        ("messages.csv.zst", b"no zstd"),
        ("messages.csv", b"\xff\xfe" + f"{NAMES}\n".encode()),
        ("messages.csv", f"\ufeff{NAMES}\n{ROW}".encode("utf-16-le")[:-1]),
        ("messages.csv", b"PK\x03\x04\x14\x00\x06\x00"),
    ],
)
def test_what_is_no_csv_is_refused_without_an_engines_words(tmp_path, name, data):
    told = refusal(tmp_path, data, name)
    assert name in told
    assert not [word for word in ("Error", "duckdb", "Binder", "zlib", "ZSTD") if word in told]


def test_a_table_in_a_form_that_is_not_read_is_told_with_its_name(tmp_path):
    source = FileSource.open(Location.of(str(tmp_path)), tmp_path)
    (tmp_path / "messages.xlsx").write_bytes(b"PK")
    opened = Source(source, tenant(tmp_path))
    with pytest.raises(SourceError, match=r"is there as messages\.xlsx, in a form that is not read"):
        opened.has("messages")
    (tmp_path / "messages.csv").write_text(f"{NAMES}\n{ROW}\n")
    assert opened.has("messages")


ENDS = [*product(("\n", "\r\n", "\r"), repeat=3)]


@pytest.mark.parametrize(("above", "of_names", "of_rows"), slow_but(ENDS[::4], ENDS))
def test_no_row_is_lost_however_the_lines_above_it_end(tmp_path, above, of_names, of_rows):
    data = f"sep=,{above}{NAMES}{of_names}{ROW}{of_rows}{ROW.replace('m1', 'm2')}{of_rows}"
    assert list(read(tmp_path, data)["message_id"]) == ["m1", "m2"]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (gzip.compress(b"x", mtime=0), "is compressed by gzip, which its name does not say"),
        (b"PK\x03\x04\x14\x00\x06\x00", "is a workbook or a zip archive"),
        (b"PAR1", "is Parquet, which its name does not say"),
        (
            f"{NAMES}\n{ROW}\n".replace("c1", "caf\xe9").encode("latin-1"),
            "messages.csv, line 2: is not UTF-8 text",
        ),
        ("messageIds;user\n", "has none of the columns of table messages; it has messageids, user"),
        (
            "message_id,text,sent_at\n",
            "conversation_id, user_id, direction, sender of table messages are missing",
        ),
    ],
)
def test_what_is_not_the_table_is_told_by_what_is_in_the_file(tmp_path, data, what):
    assert what in refusal(tmp_path, data)


def test_the_columns_found_are_all_those_of_the_file(tmp_path):
    assert "the columns found are message_id, text, sent_at" in refusal(tmp_path, "message_id,Text,sent_at\n")

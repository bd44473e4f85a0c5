"""Files with bytes changed, lost and put in: each is read or refused, and no engine's own words are told."""

import gzip
import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from support.quick import slow_but
from support.random_rows import CLOCK_CHANGE, random_tables
from support.tables import arrow_table, edition_in

from tidings.errors import SourceError
from tidings.metrics import activity

ENGINES_WORDS = ("Error:", "Exception", "duckdb", "DuckDB", "ibis", "Thrift", "Snappy", "zlib", "struct_pack")


def written(form: str, path: Path) -> bytes:
    stored = arrow_table("messages", random_tables(seed=3)["messages"])
    if form == "parquet":
        pq.write_table(stored, path)
        return path.read_bytes()
    frame = stored.to_pandas()
    text = frame.to_csv(index=False) if "csv" in form else frame.to_json(orient="records", date_format="iso")
    return gzip.compress(text.encode(), mtime=0) if form.endswith("gz") else text.encode()


def mangled(whole: bytes, chance: random.Random) -> bytes:
    data = bytearray(whole)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data))
        kind = chance.randrange(4)
        if kind == 0:
            data[place] = chance.randrange(256)
        elif kind == 1:
            del data[place : place + chance.randint(1, 50)]
        elif kind == 2:
            data[place:place] = chance.choice([b'"', b",", b"\n", b"\x00", b"\xff", b"{", b"\r", b";"])
        else:
            del data[place:]
        if not data:
            break
    return bytes(data)


@pytest.mark.parametrize("seed", slow_but([7], [7, 8, 9]))
@pytest.mark.parametrize("form", ["parquet", "csv", "csv.gz", "json"])
def test_a_mangled_file_is_read_or_refused_without_an_engines_words(tmp_path, form, seed):
    chance = random.Random(seed)
    path = tmp_path / f"messages.{form}"
    whole = written(form, path)
    told = []
    for _ in range(10):
        path.write_bytes(mangled(whole, chance))
        try:
            edition = edition_in(tmp_path, CLOCK_CHANGE, tmp_path, services=["activity"])
            activity.total_messages(edition)
        except SourceError as error:
            told.append(f"{error.what}; {error.remedy}")
    assert told
    assert not [each for each in told for word in ENGINES_WORDS if word in each]

from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from tidings.demo.rows import HOUR, NEVER
from tidings.demo.tables import DatedFiles, InOrder, Table, TableFile, identifier, instant, word

ROW = np.dtype([("at", "i8"), ("number", "i8")])
TABLE = Table("events", ROW, {"event_id": identifier("e-", "number", groups=1), "at": instant("at")})


def rows(*values):
    return np.array(list(values), dtype=ROW)


@given(st.lists(st.integers(-1, 10**12 - 2)))
def test_ids_count_from_one_with_leading_zeros_and_minus_one_is_null(numbers):
    column = identifier("m-", "number")(np.array([(0, number) for number in numbers], dtype=ROW))
    column.validate(full=True)
    expected = [None if number < 0 else f"m-{number + 1:012}" for number in numbers]
    assert column.to_pylist() == expected


def test_instants_are_microseconds_without_a_zone_and_never_is_null():
    column = instant("at")(rows((1_500_000, 0), (NEVER, 0)))
    assert column.type == pa.timestamp("us")
    assert column.to_pylist() == [datetime(1970, 1, 1, 0, 0, 1, 500_000), None]


def test_two_codes_may_mean_one_word():
    column = word("number", ("in", "out", "out"))(rows((0, 2), (0, 0), (0, -1), (0, 1)))
    assert column.to_pylist() == ["out", "in", None, "out"]


def test_a_file_without_rows_still_has_its_columns(tmp_path):
    file = TableFile(tmp_path / "events.parquet", TABLE)
    file.close()
    assert pq.read_table(file.path).to_pydict() == {"event_id": [], "at": []}


def test_a_file_takes_rows_in_pieces(tmp_path):
    file = TableFile(tmp_path / "events.parquet", TABLE)
    file.write(rows((1, 0), (2, 1)))
    file.write(rows((3, 2)))
    file.close()
    assert file.rows == 3
    assert pq.read_table(file.path)["event_id"].to_pylist() == ["e-0001", "e-0002", "e-0003"]


def test_a_day_s_rows_are_inside_its_folder(tmp_path):
    files = DatedFiles(tmp_path / "events", TABLE, "at")
    files.write(rows((0, 0), (24 * HOUR - 1, 1)))
    files.write(rows())
    files.write(rows((24 * HOUR - 1, 2), (24 * HOUR, 3), (72 * HOUR, 4)))
    files.close()
    found = {
        path.parent.name: pq.ParquetFile(path).read()["event_id"].to_pylist()
        for path in tmp_path.glob("events/*/part-0000.parquet")
    }
    assert files.rows == 5
    assert found == {
        "date=1970-01-01": ["e-0001", "e-0002", "e-0003"],
        "date=1970-01-02": ["e-0004"],
        "date=1970-01-04": ["e-0005"],
    }


def test_rows_are_written_in_order_of_time_and_numbered_so(tmp_path):
    file = TableFile(tmp_path / "events.parquet", TABLE)
    ordered = InOrder(file, "at", number="number")
    ordered.write(rows((30, -1), (10, -1), (25, -1)), until=20)
    ordered.write(rows((22, -1), (99, -1)), until=40)
    file.close()
    table = pq.read_table(file.path)
    assert table["at"].cast(pa.int64()).to_pylist() == [10, 22, 25, 30]
    assert table["event_id"].to_pylist() == ["e-0001", "e-0002", "e-0003", "e-0004"]

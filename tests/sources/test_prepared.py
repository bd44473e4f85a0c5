"""Prepared queries give what Ibis gives."""

import ibis
import pandas as pd
import pytest

from tidings.sources.prepared import execute, prepare, relation_of

_KINDS = {
    "whole numbers": ("BIGINT", "9007199254740993", "-1"),
    "small numbers": ("SMALLINT", "7", "-1"),
    "numbers": ("DOUBLE", "0.1", "'nan'"),
    "truths": ("BOOLEAN", "true", "false"),
    "texts": ("VARCHAR", "'a'", "''"),
    "words of a few": ("ENUM ('a', 'b')", "'b'", "'a'"),
    "instants": ("TIMESTAMP", "'2026-03-29 02:30:00.000001'", "'1969-12-31'"),
    "days": ("DATE", "'2026-03-29'", "'1900-01-01'"),
}


@pytest.mark.parametrize("rows", ["", "({0})", "({0}), ({1})", "({0}), (NULL)", "(NULL)"])
@pytest.mark.parametrize("kind", _KINDS)
def test_values_are_of_the_types_that_ibis_gives(kind, rows):
    type_, *values = _KINDS[kind]
    connection = ibis.duckdb.connect()
    connection.raw_sql(f"CREATE TABLE t (x {type_})")
    if rows:
        connection.raw_sql(f"INSERT INTO t VALUES {rows.format(*values)}")
    stored = connection.table("t")
    pd.testing.assert_frame_equal(
        execute(connection, relation_of(connection, stored)), connection.to_pandas(stored)
    )


@pytest.mark.parametrize("kind", ["decimal(9, 2)", "interval('s')"])
def test_a_query_of_what_duckdb_makes_other_types_of_is_refused(kind):
    with pytest.raises(TypeError, match=r"decimals or spans: .*cost"):
        prepare(ibis.table({"name": "string", "cost": kind}, name="t"))

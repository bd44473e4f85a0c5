"""Ids that are there twice are found, wherever they stand and whatever the order of the rows."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support.tables import arrow_table, edition_in, message

from tidings.errors import ContractError
from tidings.metrics.edition import Edition
from tidings.sources import checks
from tidings.sources.engines import duckdb

WEEK = "2026-W46"
NOON = "2026-11-10 12:00:00"
IDS = st.text(alphabet="m019-é", min_size=1, max_size=4)


@st.composite
def ids_of_rows(draw) -> list[str]:
    """Ids as files have them: in order or not, now and then with some of them once more, anywhere."""
    ids = draw(st.lists(IDS, unique=True, min_size=1, max_size=12))
    if draw(st.booleans()):
        ids.sort(key=lambda each: (len(each), each))
    for again in draw(st.lists(st.sampled_from(ids), max_size=2)):
        ids.insert(draw(st.integers(0, len(ids))), again)
    return ids


@pytest.fixture
def many(monkeypatch):
    """However few rows there are, they are read as many are; and of their ids, the first three beforehand."""
    monkeypatch.setattr(duckdb, "MOST_KEPT", 0)
    monkeypatch.setattr(checks, "_FIRST_IDS", 3)


def edition_with(folder: Path, *files_of_ids: list[str]) -> Edition:
    """The edition of messages with some ids, in as many files, of which each has two rows to a group."""
    for number, ids in enumerate(files_of_ids):
        path = folder / "messages" / f"part-{number}.parquet"
        path.parent.mkdir(exist_ok=True)
        rows = arrow_table("messages", [message(NOON, message_id=name) for name in ids])
        pq.write_table(rows, path, row_group_size=2)
    return edition_in(folder, WEEK, folder, services=["activity"])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(["m1", "m2", "m10", "m2"])
@example(["m1", "m2", "m3", "m4", "m4"])
@example(["m3", "m2", "m1"])
@example(["b", "a", "b"])
@given(ids_of_rows())
def test_an_id_is_refused_if_and_only_if_two_rows_of_many_have_it(many, tmp_path, ids):
    if len(set(ids)) == len(ids):
        edition_with(tmp_path, ids)
    else:
        with pytest.raises(ContractError, match=r"holds '.+' [23] times"):
            edition_with(tmp_path, ids)


def test_an_id_is_refused_that_another_file_has_too(many, tmp_path):
    with pytest.raises(ContractError, match="holds 'm2' 2 times"):
        edition_with(tmp_path, ["m1", "m2", "m3", "m4"], ["m2", "m5", "m6"])


def test_ids_that_begin_anew_in_each_file_pass_if_no_two_are_the_same(many, tmp_path):
    edition_with(tmp_path, ["m10", "m11", "m12", "m13"], ["m1", "m2"])


def test_an_id_that_is_null_is_told_as_null_where_rows_are_many(many, tmp_path):
    with pytest.raises(ContractError, match="column message_id of table messages is null"):
        edition_with(tmp_path, ["m1", "m2", "m3", "m4", None, "m5"])


@pytest.mark.parametrize(("kept", "expected"), [(2, True), (3, False)])
def test_rows_that_are_kept_at_hand_are_not_asked_for_their_order(tmp_path, monkeypatch, kept, expected):
    monkeypatch.setattr(duckdb, "MOST_KEPT", kept)
    edition = edition_with(tmp_path, ["m1", "m2", "m3"])
    assert edition.source.in_file_order(edition.rows_near("messages")) is expected

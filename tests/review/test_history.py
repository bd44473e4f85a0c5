"""The history of recorded values, from notebooks written by hand."""

import hashlib
import json
from datetime import date
from multiprocessing import get_context

import pandas as pd
import pytest
from support.editions import days, write_edition

from tidings.errors import ReportError
from tidings.review.history import (
    FOLDER,
    known_versions,
    read_history,
    rebuild_history,
    recorded_periods,
    update_history,
    versions,
)

VALUES = {
    "activity.total_messages": 120,
    "activity.total_messages.previous": 100,
    "activity.peak_time": "2026-11-13T14:03:00-05:00",
    "activity.incoming_messages": days("incoming_messages", [30, 50]),
    "contact_center.average_wait_minutes": None,
}
INTENTS = pd.DataFrame({"intent": ["=cmd", None], "messages": [7, 3], "share": [0.7, 0.3]})


def _facts(outputs, name: str) -> list[dict]:
    frame = read_history(outputs, names=[name], columns=["name", "measure", "day", "agent", "value", "text"])
    frame = frame.drop(columns=["tenant", "period", "digest", "made_at", "name"])
    rows = frame.to_dict("records")
    return [{key: value for key, value in row.items() if not pd.isna(value)} for row in rows]


def test_a_number_a_text_and_nothing_are_rows_under_their_recorded_names(tmp_path):
    write_edition(tmp_path, "acme", "2026-W46", VALUES)
    assert update_history(tmp_path) == 1
    assert _facts(tmp_path, "activity.total_messages") == [{"value": 120.0}]
    assert _facts(tmp_path, "activity.total_messages.previous") == [{"value": 100.0}]
    assert _facts(tmp_path, "activity.peak_time") == [{"text": "2026-11-13T14:03:00-05:00"}]
    assert _facts(tmp_path, "contact_center.average_wait_minutes") == [{}]


def test_a_table_by_day_has_a_row_for_each_day(tmp_path):
    write_edition(tmp_path, "acme", "2026-W46", VALUES)
    update_history(tmp_path)
    assert _facts(tmp_path, "activity.incoming_messages") == [
        {"measure": "incoming_messages", "day": date(2026, 11, 9), "value": 30.0},
        {"measure": "incoming_messages", "day": date(2026, 11, 10), "value": 50.0},
    ]


def test_a_tables_names_are_columns_of_their_own_and_stay_as_they_are(tmp_path):
    write_edition(tmp_path, "acme", "2026-W46", {"chatbot.intents": INTENTS})
    update_history(tmp_path)
    frame = read_history(tmp_path, names=["chatbot.intents"])
    rows = frame[frame["measure"] == "messages"].sort_values("position")
    assert list(rows["value"]) == [7.0, 3.0]
    assert rows["intent"].iloc[0] == "=cmd"
    assert pd.isna(rows["intent"].iloc[1])


def test_a_column_that_is_called_as_one_of_the_history_keeps_its_values(tmp_path):
    findings = [{"name": "activity.total_messages", "kind": "change", "score": 2.5}]
    write_edition(tmp_path, "acme", "2026-W46", {"report.findings": findings})
    update_history(tmp_path)
    row = read_history(tmp_path, names=["report.findings"]).iloc[0]
    assert (row["name_"], row["kind"], row["measure"], row["value"]) == (
        "activity.total_messages",
        "change",
        "score",
        2.5,
    )


def test_each_row_says_of_which_edition_and_version_it_is(tmp_path):
    digest = write_edition(tmp_path, "acme", "2026-W46", VALUES)
    update_history(tmp_path)
    frame = read_history(tmp_path)
    assert set(frame["tenant"]) == {"acme"}
    assert set(frame["period"]) == {"2026-W46"}
    assert set(frame["digest"]) == {digest}
    assert set(frame["version"]) == {"0.1.0"}
    assert set(frame["seconds"]) == {1.5}
    assert set(frame["made_at"]) == {pd.Timestamp("2026-11-16T06:00:00Z")}


def test_what_is_known_is_not_read_again(tmp_path):
    write_edition(tmp_path, "acme", "2026-W46", VALUES)
    assert update_history(tmp_path) == 1
    assert update_history(tmp_path) == 0
    assert len(list((tmp_path / FOLDER).iterdir())) == 1


def test_an_edition_made_anew_replaces_its_values_and_keeps_the_earlier_ones(tmp_path):
    first = write_edition(tmp_path, "acme", "2026-W46", {"activity.total_messages": 120})
    update_history(tmp_path)
    later = "2026-11-17T06:00:00+00:00"
    second = write_edition(tmp_path, "acme", "2026-W46", {"activity.total_messages": 134}, made_at=later)
    update_history(tmp_path)
    assert _facts(tmp_path, "activity.total_messages") == [{"value": 134.0}]
    every = read_history(tmp_path, names=["activity.total_messages"], every_version=True)
    assert list(every["value"]) == [120.0, 134.0]
    assert list(versions(tmp_path)["digest"]) == [first, second]


def test_a_tenant_and_a_period_narrow_what_is_read(tmp_path):
    for tenant in ("acme", "beta"):
        for period in ("2026-W45", "2026-W46"):
            write_edition(tmp_path, tenant, period, VALUES)
    assert update_history(tmp_path, ["2026-W46"]) == 2
    assert recorded_periods(tmp_path) == {"2026-W46"}
    assert update_history(tmp_path) == 2
    frame = read_history(tmp_path, tenant="beta", periods=["2026-W45"])
    assert set(zip(frame["tenant"], frame["period"], strict=True)) == {("beta", "2026-W45")}


def test_periods_whose_names_begin_alike_are_told_apart(tmp_path):
    for period in ("2026-11", "2026-11a", "2026-11-09", "2026-11-09..2026-11-10"):
        write_edition(tmp_path, "acme", period, VALUES)
    update_history(tmp_path)
    assert set(read_history(tmp_path, periods=["2026-11"])["period"]) == {"2026-11"}


def test_many_files_of_a_period_become_one_with_the_same_values(tmp_path):
    for number in range(12):
        write_edition(tmp_path, f"t{number:02}", "2026-W46", {"activity.total_messages": number})
        update_history(tmp_path)
    assert len(list((tmp_path / FOLDER).glob("*.parquet"))) < 12
    frame = read_history(tmp_path, names=["activity.total_messages"])
    assert dict(zip(frame["tenant"], frame["value"], strict=True)) == {
        f"t{number:02}": float(number) for number in range(12)
    }


@pytest.mark.parametrize("keep", [0, 10, 4000])
def test_a_half_written_file_comes_back_from_the_notebooks(tmp_path, keep):
    write_edition(tmp_path, "acme", "2026-W46", VALUES)
    update_history(tmp_path)
    (path,) = (tmp_path / FOLDER).glob("*.parquet")
    path.write_bytes(path.read_bytes()[:keep])
    assert update_history(tmp_path) == 1
    assert _facts(tmp_path, "activity.total_messages") == [{"value": 120.0}]


def test_a_file_in_which_a_byte_was_changed_is_no_error_and_gives_no_wrong_number(tmp_path):
    write_edition(tmp_path, "acme", "2026-W46", VALUES)
    update_history(tmp_path)
    (path,) = (tmp_path / FOLDER).glob("*.parquet")
    whole = path.read_bytes()
    for place in range(4, len(whole), 997):
        for damaged in (tmp_path / FOLDER).iterdir():
            damaged.unlink()
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        read_history(tmp_path)
        update_history(tmp_path)
        values = read_history(tmp_path, names=["activity.total_messages"])["value"]
        assert list(values) in ([120.0], []), place


def test_a_rebuild_reads_the_notebooks_again_and_keeps_earlier_versions(tmp_path):
    write_edition(tmp_path, "acme", "2026-W46", {"activity.total_messages": 120})
    update_history(tmp_path)
    write_edition(
        tmp_path, "acme", "2026-W46", {"activity.total_messages": 134}, made_at="2026-11-17T06:00:00+00:00"
    )
    write_edition(tmp_path, "beta", "2026-W46", VALUES)
    assert rebuild_history(tmp_path) == 2
    assert len(known_versions(tmp_path)) == 3
    assert _facts(tmp_path, "activity.total_messages") == [{"value": 134.0}, {"value": 120.0}]


def test_without_a_history_a_rebuild_makes_it(tmp_path):
    write_edition(tmp_path, "acme", "2026-W46", VALUES)
    assert rebuild_history(tmp_path) == 1


def test_a_notebook_that_is_not_the_one_that_was_made_is_left_out(tmp_path):
    write_edition(tmp_path, "acme", "2026-W46", VALUES)
    path = tmp_path / "acme" / "2026-W46" / "report.ipynb"
    path.write_text(path.read_text().replace("120", "999"))
    assert update_history(tmp_path) == 0
    assert read_history(tmp_path).empty


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"cells": [{"outputs": [{"data": 3}]}], "metadata": {}}']
)
def test_a_notebook_that_cannot_be_read_is_left_out(tmp_path, content):
    write_edition(tmp_path, "acme", "2026-W46", VALUES)
    folder = tmp_path / "acme" / "2026-W46"
    (folder / "report.ipynb").write_text(content)
    digest = hashlib.sha256(content.encode()).hexdigest()
    (folder / "edition.json").write_text(json.dumps({"files": {"report.ipynb": digest}}))
    assert update_history(tmp_path) == 0


def test_without_outputs_the_history_is_empty(tmp_path):
    assert update_history(tmp_path / "nowhere") == 0
    assert read_history(tmp_path / "nowhere").empty
    assert "value" in read_history(tmp_path / "nowhere").columns


def test_a_file_that_is_listed_and_never_there_is_told_in_words(tmp_path):
    (tmp_path / "history").mkdir()
    (tmp_path / "history" / "2026-W46_0.parquet").symlink_to(tmp_path / "gone")
    with pytest.raises(ReportError, match=r"W46_0\.parquet: cannot be read or written: No such file"):
        read_history(tmp_path)


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path):
    write_edition(tmp_path, "acme", "2026-W46", VALUES)
    (tmp_path / FOLDER).write_text("in the way")
    with pytest.raises(ReportError, match="cannot be written"):
        update_history(tmp_path)


def _add_own_tenants(arguments) -> None:
    outputs, first = arguments
    for number in range(first, first + 10):
        write_edition(outputs, f"t{number:02}", "2026-W46", {"activity.total_messages": number})
        update_history(outputs, ["2026-W46"])


@pytest.mark.slow
def test_several_writers_at_once_lose_nothing(tmp_path):
    with get_context("spawn").Pool(2) as pool:
        pool.map(_add_own_tenants, [(tmp_path, 0), (tmp_path, 10)])
    frame = read_history(tmp_path, names=["activity.total_messages"])
    assert sorted(frame["value"]) == [float(number) for number in range(20)]

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from tidings.demo import DemoSettings, settings, write, write_demo_data
from tidings.errors import SourceError

INSTANT, TEXT = "TIMESTAMP", "VARCHAR"
COLUMNS = {
    "messages": "message_id conversation_id user_id sent_at direction sender assignment_id intent language "
    "channel",
    "conversations": "conversation_id user_id started_at ended_at channel entry_point start_flow",
    "users": "user_id first_seen_at",
    "assignments": "assignment_id conversation_id user_id transferred_from queue agent_id agent_role "
    "assigned_at answered_at closed_at closing_reason",
    "agents": "agent_id name role",
    "agent_sessions": "session_id agent_id connected_at disconnected_at",
}
IDS = {
    "messages": "message_id",
    "conversations": "conversation_id",
    "users": "user_id",
    "assignments": "assignment_id",
    "agents": "agent_id",
    "agent_sessions": "session_id",
}
MAY_BE_NULL = {
    "assignment_id intent language channel",
    "ended_at channel entry_point start_flow",
    "transferred_from queue agent_id agent_role answered_at closed_at closing_reason",
    "disconnected_at",
}
SETTINGS = DemoSettings(end=date(2026, 11, 16))
SMALL = DemoSettings(end=date(2026, 11, 16), messages=4_000, weeks=2)
START, END = pd.Timestamp("2026-09-14 05:00"), pd.Timestamp("2026-11-16 05:00")
OFFSET = pd.Timedelta(hours=5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "data"
    write_demo_data(folder, SETTINGS)
    return folder


@pytest.fixture(scope="module")
def tables(folder):
    return {name: pd.read_parquet(folder / f"{name}.parquet") for name in COLUMNS}


@pytest.fixture(scope="module")
def stays(tables):
    """Assignments, with whether each was handed on and the row of the stay from which it came."""
    stays = tables["assignments"]
    handed_on = stays["assignment_id"].isin(stays["transferred_from"].dropna())
    before = stays.add_suffix("_before").rename(columns={"assignment_id_before": "transferred_from"})
    return stays.assign(handed_on=handed_on).merge(before, on="transferred_from", how="left")


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("table", COLUMNS)
def test_columns_and_types_are_those_of_the_contract(folder, table):
    described = duckdb.sql(f"describe from '{folder / table}.parquet'").fetchall()
    expected = {name: INSTANT if name.endswith("_at") else TEXT for name in COLUMNS[table].split()}
    assert {name: kind for name, kind, *_ in described} == expected


@pytest.mark.parametrize("table", COLUMNS)
def test_ids_are_unique_and_only_optional_columns_are_null(tables, table):
    frame = tables[table]
    optional = {name for names in MAY_BE_NULL for name in names.split()}
    required = [name for name in frame if name not in optional or name == IDS[table]]
    assert frame[IDS[table]].is_unique
    assert frame[required].notna().all(axis=None)


def test_about_as_many_messages_as_asked_for(tables):
    assert len(tables["messages"]) == pytest.approx(SETTINGS.messages, rel=0.02)


@pytest.mark.parametrize("messages", [1_000, 3_000, 30_000])
def test_about_as_many_messages_as_asked_for_at_any_size(tmp_path, messages):
    summary = write_demo_data(tmp_path / "data", replace(SMALL, messages=messages))
    assert summary.rows["messages"] == pytest.approx(messages, rel=0.02)


def test_the_summary_counts_the_rows(tmp_path):
    summary = write_demo_data(tmp_path / "data", SMALL)
    counted = {name: len(pd.read_parquet(tmp_path / "data" / f"{name}.parquet")) for name in COLUMNS}
    assert summary.rows == counted
    assert summary.messages_layout == "file"
    assert pd.Timestamp(summary.end).tz_localize(None) == END


def test_nothing_happens_after_the_end_and_every_day_has_messages(tables):
    instants = [frame[name] for frame in tables.values() for name in frame if name.endswith("_at")]
    assert max(column.max() for column in instants) < END
    days = (tables["messages"]["sent_at"] - OFFSET).dt.normalize().unique()
    assert list(days) == list(pd.date_range("2026-09-14", "2026-11-15"))


def test_messages_are_in_order_of_time_and_in_the_data_s_span(tables):
    sent_at = tables["messages"]["sent_at"]
    assert sent_at.is_monotonic_increasing
    assert sent_at.iloc[0] >= START


def test_users_write_and_bots_and_agents_answer(tables):
    pairs = tables["messages"].groupby(["direction", "sender"]).size()
    assert set(pairs.index) == {("incoming", "user"), ("outgoing", "bot"), ("outgoing", "agent")}


def test_a_conversation_starts_with_its_first_message(tables):
    first = tables["messages"].groupby("conversation_id")["sent_at"].min()
    conversations = tables["conversations"].set_index("conversation_id")
    pd.testing.assert_series_equal(
        conversations["started_at"].sort_index(), first.sort_index(), check_names=False
    )
    ended = conversations.dropna(subset="ended_at")
    last = tables["messages"].groupby("conversation_id")["sent_at"].max()
    assert (ended["ended_at"] >= last[ended.index]).all()


def test_messages_and_assignments_have_their_conversation_s_user(tables):
    owner = tables["conversations"].set_index("conversation_id")["user_id"]
    for name in ("messages", "assignments"):
        assert (tables[name]["user_id"] == tables[name]["conversation_id"].map(owner)).all()


def test_a_new_user_s_first_interaction_is_their_first_incoming_message(tables):
    messages = tables["messages"]
    first = messages[messages["direction"] == "incoming"].groupby("user_id")["sent_at"].min()
    seen = tables["users"].set_index("user_id")["first_seen_at"]
    new = seen[seen >= START]
    assert first.index.isin(seen.index).all()
    assert len(new) > 1_000
    assert (new == first[new.index]).all()
    known = first[first.index.difference(new.index)]
    assert len(known) > 1_000
    assert (seen[known.index] < START).all()


def test_an_assignment_s_instants_are_in_order(stays):
    assert (stays["answered_at"].isna() | (stays["assigned_at"] <= stays["answered_at"])).all()
    begun = stays["answered_at"].fillna(stays["assigned_at"])
    assert (stays["closed_at"].isna() | (begun <= stays["closed_at"])).all()


def test_a_transfer_continues_a_closed_stay_of_the_same_conversation(stays):
    transferred = stays.dropna(subset="transferred_from")
    assert (transferred["conversation_id"] == transferred["conversation_id_before"]).all()
    assert (transferred["assigned_at"] == transferred["closed_at_before"]).all()
    assert stays["transferred_from"].dropna().is_unique


def test_a_transfer_leads_to_another_agent_or_queue(stays):
    moved = stays.dropna(subset=["transferred_from", "agent_id", "agent_id_before"])
    elsewhere = moved["agent_id"] != moved["agent_id_before"]
    other_queue = moved["queue"].fillna("") != moved["queue_before"].fillna("")
    assert (elsewhere | other_queue).all()
    assert elsewhere.mean() > 0.7


def test_some_conversations_return_to_their_first_agent(stays):
    agents = stays.set_index("assignment_id")["agent_id"]
    third = stays[stays["transferred_from_before"].notna()]
    assert (third["agent_id"] == third["transferred_from_before"].map(agents)).any()


def test_messages_of_an_assignment_lie_within_it(tables):
    told = tables["messages"].dropna(subset="assignment_id")
    joined = told.merge(tables["assignments"], on="assignment_id", suffixes=("", "_of_stay"))
    assert len(joined) == len(told)
    assert (joined["conversation_id"] == joined["conversation_id_of_stay"]).all()
    assert (joined["assigned_at"] <= joined["sent_at"]).all()
    assert (joined["closed_at"].isna() | (joined["sent_at"] <= joined["closed_at"])).all()
    by_agent = joined[joined["sender"] == "agent"]
    assert (by_agent["sent_at"] >= by_agent["answered_at"]).all()
    assert set(joined["sender"]) == {"user", "agent"}


def test_outcomes_are_those_of_a_contact_center(tables, stays):
    answered, closed = stays["answered_at"].notna(), stays["closed_at"].notna()
    missed = ~answered & closed & ~stays["handed_on"]
    reached = stays["conversation_id"].nunique() / len(tables["conversations"])
    assert reached == pytest.approx(0.22, abs=0.02)
    assert missed.mean() == pytest.approx(0.09, abs=0.025)
    assert stays["transferred_from"].notna().mean() == pytest.approx(0.085, abs=0.02)
    assert 5 < (~answered & stays["handed_on"]).sum() < 100
    assert 1 <= (~answered & ~closed).sum() < 10
    assert set(stays.loc[missed, "closing_reason"].dropna()) == {"Customer left"}


def test_a_few_assignments_span_midnight(stays):
    closed = stays.dropna(subset="closed_at")
    days = [(closed[name] - OFFSET).dt.normalize() for name in ("assigned_at", "closed_at")]
    assert 1 <= (days[0] != days[1]).sum() < 50


def test_agents_answer_while_they_are_logged_in(tables, stays):
    answered = stays.dropna(subset="answered_at")[["assignment_id", "agent_id", "answered_at"]]
    logins = answered.merge(tables["agent_sessions"], on="agent_id")
    during = (logins["connected_at"] <= logins["answered_at"]) & (
        logins["disconnected_at"].isna() | (logins["answered_at"] < logins["disconnected_at"])
    )
    assert set(logins.loc[during, "assignment_id"]) == set(answered["assignment_id"])


def test_support_agents_have_a_day_s_work(stays):
    support = stays[(stays["agent_role"] == "support") & stays["answered_at"].notna()]
    days = (support["assigned_at"] - OFFSET).dt.normalize()
    weekday = support[days.dt.day_of_week < 5]
    a_day = weekday.groupby(["agent_id", days]).size()
    assert 7 < a_day.quantile(0.6) < 40
    assert a_day.max() < 60


def test_two_agents_share_a_name_and_one_is_unknown(tables):
    agents = tables["agents"]
    namesakes = agents[agents["name"] == "Ana Ruiz"]
    assert len(namesakes) == 2
    assert (agents["name"] != "Ana Ruiz").sum() == agents["name"].nunique() - 1
    unknown = set(tables["assignments"]["agent_id"].dropna()) - set(agents["agent_id"])
    assert len(unknown) == 1


def test_a_login_is_open_at_the_end(tables):
    assert 1 <= tables["agent_sessions"]["disconnected_at"].isna().sum() <= 3


def test_the_campaign_makes_the_peak(tables):
    sent_at = tables["messages"]["sent_at"] - OFFSET
    minutes = sent_at.dt.floor("min").value_counts()
    busiest = minutes.groupby(minutes.index.normalize()).max()
    assert minutes.idxmax() == pd.Timestamp("2026-11-13 14:03")
    assert minutes.max() > 2.5 * busiest.drop(pd.Timestamp("2026-11-13")).max()
    campaign = tables["conversations"].query("entry_point == 'Campaign: Black Friday'")
    assert set((campaign["started_at"] - OFFSET).dt.date) == {date(2026, 11, 13)}


def test_languages_and_intents_are_uneven(tables):
    incoming = tables["messages"].query("direction == 'incoming'")
    languages = incoming["language"].value_counts(normalize=True)
    assert languages["es"] == pytest.approx(0.71, abs=0.03)
    assert languages["en"] == pytest.approx(0.17, abs=0.03)
    assert incoming["language"].isna().any()
    intents = incoming["intent"].value_counts(normalize=True)
    assert len(intents) > 40
    assert intents["fallback"] == pytest.approx(0.075, abs=0.015)
    assert intents.iloc[0] > 10 * intents.iloc[-1]


def test_weeks_grow_slowly(tables):
    weeks = (tables["conversations"]["started_at"] - START) // pd.Timedelta(weeks=1)
    counts = weeks.value_counts().sort_index()
    slope = np.polyfit(counts.index, np.log(counts), 1)[0]
    assert 0.005 < slope < 0.04


def test_the_same_settings_give_the_same_bytes_and_another_seed_does_not(tmp_path):
    write_demo_data(tmp_path / "one", SMALL)
    write_demo_data(tmp_path / "two", SMALL)
    write_demo_data(tmp_path / "other", replace(SMALL, seed=7))
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert tree(tmp_path / "one")["messages.parquet"] != tree(tmp_path / "other")["messages.parquet"]


def test_large_data_are_partitioned_by_utc_date(tmp_path, monkeypatch):
    write_demo_data(tmp_path / "file", SMALL)
    monkeypatch.setattr(settings, "FILE_LIMIT", 1_000)
    summary = write_demo_data(tmp_path / "hive", SMALL)
    found = duckdb.sql(
        f"select * from read_parquet('{tmp_path}/hive/messages/*/*.parquet', hive_partitioning = true)"
    ).df()
    assert summary.messages_layout == "hive"
    assert (found["date"].astype("datetime64[us]") == found["sent_at"].dt.normalize()).all()
    whole = pd.read_parquet(tmp_path / "file" / "messages.parquet")
    assert found["message_id"].sort_values().tolist() == whole["message_id"].tolist()


def test_many_batches_give_what_one_gives_in_kind(tmp_path, monkeypatch):
    monkeypatch.setattr("tidings.demo.history._BATCH", 7)
    summary = write_demo_data(tmp_path / "data", SMALL)
    messages = pd.read_parquet(tmp_path / "data" / "messages.parquet")
    assert messages["sent_at"].is_monotonic_increasing
    assert messages["message_id"].is_unique
    assert summary.rows["messages"] == pytest.approx(SMALL.messages, rel=0.02)


def test_tenants_share_tables_and_nothing_else(tmp_path):
    summary = write_demo_data(tmp_path / "data", replace(SMALL, messages=20_000, tenants=8))
    frames = {name: pd.read_parquet(tmp_path / "data" / f"{name}.parquet") for name in COLUMNS}
    assert summary.rows["messages"] == pytest.approx(20_000, rel=0.02)
    sizes = frames["messages"]["tenant_id"].value_counts()
    assert sizes.index[0] == "tenant-0001"
    assert len(sizes) == 8
    assert sizes.iloc[0] > 2.5 * sizes.iloc[-1]
    for name, frame in frames.items():
        assert list(frame) == ["tenant_id", *COLUMNS[name].split()]
        assert frame[IDS[name]].is_unique
    for shared in ("conversation_id", "user_id", "agent_id"):
        owners = pd.concat(frame[["tenant_id", shared]] for frame in frames.values() if shared in frame)
        assert (owners.dropna().groupby(shared)["tenant_id"].nunique() == 1).all()


def test_another_zone_moves_the_days(tmp_path):
    madrid = replace(SMALL, end=date(2026, 11, 2), time_zone="Europe/Madrid")
    summary = write_demo_data(tmp_path / "data", madrid)
    assert f"{summary.start:%F %H:%M}" == "2026-10-18 22:00"
    assert f"{summary.end:%F %H:%M}" == "2026-11-01 23:00"


def test_older_demo_data_are_replaced(tmp_path):
    folder = tmp_path / "deep" / "data"
    write_demo_data(folder, replace(SMALL, seed=7))
    older = tree(folder)
    write_demo_data(folder, SMALL)
    assert tree(folder) != older
    assert os.listdir(folder.parent) == ["data"]


@pytest.mark.parametrize("name", ["notes.txt", "messages.parquet"])
def test_a_folder_with_something_else_is_left_alone(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(SourceError, match=name):
        write_demo_data(tmp_path, SMALL)
    assert tree(tmp_path) == {name: b"mine"}


def test_a_file_added_to_demo_data_protects_them(tmp_path):
    write_demo_data(tmp_path / "data", SMALL)
    (tmp_path / "data" / "notes.txt").write_text("mine")
    with pytest.raises(SourceError, match=r"notes\.txt"):
        write_demo_data(tmp_path / "data", SMALL)


def test_a_file_in_the_folder_s_place_is_left_alone(tmp_path):
    (tmp_path / "data").write_text("mine")
    with pytest.raises(SourceError):
        write_demo_data(tmp_path / "data", SMALL)


def test_a_failure_leaves_the_older_data_and_no_trace(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    write_demo_data(folder, SMALL)
    before = tree(folder)

    def interrupted(company):
        yield from list(write_batches(company))[:2]
        raise OSError("disk full")

    write_batches = write.batches
    monkeypatch.setattr(write, "batches", interrupted)
    with pytest.raises(OSError, match="disk full"):
        write_demo_data(folder, replace(SMALL, seed=7))
    assert tree(folder) == before
    assert os.listdir(tmp_path) == ["data"]

"""The mappings that are shipped, on small databases in the platforms' own schemas."""

import json
import sqlite3
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from support.tables import edition_in

from tidings.errors import SourceError
from tidings.metrics import activity, chatbot, contact_center

PROJECT = Path(__file__).parents[2]
CHATWOOT = {
    "mapping": "sources/chatwoot.sql",
    "source_parameters": {"account_id": "1"},
    "services": ["activity", "contact-center"],
}
EVENTS = [
    ("s1", "session_started", 1794303000.0, None, None),
    ("s1", "user", 1794303001.25, "greet", None),
    ("s1", "slot", 1794303001.5, None, "greet"),
    ("s1", "action", 1794303002.0, None, "utter_greet"),
    ("s1", "bot", 1794303002.5, None, None),
    ("s1", "user", 1794303010.0, "order", None),
    ("s1", "session_started", 1794389400.0, None, None),
    ("s1", "user", 1794389401.0, "order", None),
    ("s2", "session_started", 1794303060.0, None, None),
    ("s2", "user", 1794303061.0, "greet", None),
    ("s2", "bot", 1794303062.0, None, None),
    ("s3", "session_started", 1794303070.0, None, None),
]


def values(edition, *metrics) -> list:
    return [metric(edition).value for metric in metrics]


def test_a_rasa_tracker_store_gives_activity_and_intents(tmp_path):
    with sqlite3.connect(tmp_path / "tracker.db") as store:
        store.execute(
            "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255) NOT NULL, "
            "type_name VARCHAR(255) NOT NULL, timestamp FLOAT, intent_name VARCHAR(255), "
            "action_name VARCHAR(255), data TEXT)"
        )
        store.executemany(
            "INSERT INTO events (sender_id, type_name, timestamp, intent_name, action_name) "
            "VALUES (?, ?, ?, ?, ?)",
            EVENTS,
        )
        plain = {
            name: store.execute(f"SELECT {name} FROM events WHERE type_name IN ('user', 'bot')").fetchone()[0]
            for name in ("count(*)", "count(DISTINCT sender_id)", "sum(type_name = 'user')")
        }
    edition = edition_in(
        f"sqlite://{tmp_path}/tracker.db",
        "2026-W46",
        PROJECT,
        mapping="sources/rasa.sql",
        services=["activity", "chatbot"],
    )
    found = values(edition, activity.total_messages, activity.active_users, activity.new_users)
    assert found == [plain["count(*)"], plain["count(DISTINCT sender_id)"], 2]
    assert chatbot.intents(edition).value[["intent", "messages"]].values.tolist() == [
        ["greet", 2],
        ["order", 2],
    ]
    assert edition.fetch(edition.rows("conversations").count()) == 3


@pytest.fixture
def chatwoot(postgres, database) -> str:
    """The URL of Chatwoot's tables, as a role that may only read what the mapping says."""
    database.execute((PROJECT / "tests" / "fixtures" / "chatwoot.sql").read_text())
    database.execute("DROP ROLE IF EXISTS reader")
    database.execute("CREATE ROLE reader LOGIN")
    database.execute("GRANT USAGE ON SCHEMA reports TO reader")
    database.execute(
        "GRANT SELECT ON conversations, messages, inboxes, reporting_events, account_users TO reader"
    )
    database.execute("GRANT SELECT (id, name, display_name) ON users TO reader")
    yield f"{postgres.replace('postgres:@', 'reader:@')}&schema=reports"
    database.execute("DROP OWNED BY reader")


def test_chatwoot_gives_activity_and_a_contact_center_of_one_account(database, chatwoot):
    edition = edition_in(chatwoot, "2026-W46", PROJECT, **CHATWOOT)
    [plain] = database.execute(
        "SELECT count(*), count(DISTINCT coalesce(contact_id::text, c.id || ' none')) FROM messages m "
        "JOIN conversations c ON c.id = conversation_id "
        "WHERE m.account_id = 1 AND message_type IN (0, 1, 3) AND NOT private"
    ).fetchall()
    found = values(edition, activity.total_messages, activity.active_users, activity.new_users)
    assert found == [*plain, 4]
    stays = edition.fetch(edition.rows("assignments").order_by("assignment_id"))
    seen = stays[["assignment_id", "agent_id", "agent_role", "queue", "closing_reason"]].fillna("")
    assert seen.values.tolist() == [
        ["1", "7", "support", "Shop", "refund"],
        ["2", "", "", "Phones", ""],
        ["5", "8", "admin", "Phones", ""],
    ]
    assert values(edition, contact_center.average_wait_minutes) == [1.5]
    assert edition.fetch(edition.history("agents").order_by("agent_id"))["name"].tolist() == ["Ana", "Luis"]


def test_an_account_without_rows_is_refused_and_one_that_is_not_given_too(chatwoot):
    with pytest.raises(SourceError, match="no table has a row of tenant acme"):
        edition_in(chatwoot, "2026-W46", PROJECT, **CHATWOOT | {"source_parameters": {"account_id": "99"}})
    with pytest.raises(SourceError, match="line 11: the placeholder :account_id has no value"):
        edition_in(chatwoot, "2026-W46", PROJECT, **CHATWOOT | {"source_parameters": {}})


def contact(number: str, enqueued: str | None, answered: str | None, left: str, **more) -> dict:
    queue = {"Queue": {"Name": "Sales", "EnqueueTimestamp": enqueued}} if enqueued else {"Queue": None}
    agent = {"ARN": "arn:a7", "Username": "ana", "ConnectedToAgentTimestamp": answered} if answered else None
    return {
        "ContactId": number,
        "Channel": "VOICE",
        **queue,
        "Agent": agent,
        "CustomerEndpoint": {"Address": "+15550100", "Type": "TELEPHONE_NUMBER"},
        "InitiationTimestamp": enqueued,
        "DisconnectTimestamp": left,
        "LastUpdateTimestamp": left,
        **more,
    }


CONTACTS = [
    contact("c1", "2026-11-10T09:00:00Z", None, "2026-11-10T09:05:00Z", DisconnectReason="OLD"),
    contact(
        "c1",
        "2026-11-10T09:00:00Z",
        "2026-11-10T09:01:00Z",
        "2026-11-10T09:05:00Z",
        DisconnectReason="AGENT_DISCONNECT",
        LastUpdateTimestamp="2026-11-10T10:00:00Z",
    ),
    contact(
        "c2",
        "2026-11-10T09:05:00Z",
        "2026-11-10T09:08:00Z",
        "2026-11-10T09:20:00Z",
        PreviousContactId="c1",
        InitialContactId="c1",
        DisconnectReason="CUSTOMER_DISCONNECT",
    ),
    contact(
        "c3", "2026-11-11T09:00:00Z", None, "2026-11-11T09:02:00Z", DisconnectReason="CUSTOMER_DISCONNECT"
    ),
    contact("c4", None, None, "2026-11-11T09:02:00Z"),
]


def test_amazon_connect_gives_a_contact_center_with_its_transfers(tmp_path):
    (tmp_path / "contacts.json").write_text("\n".join(map(json.dumps, CONTACTS)))
    edition = edition_in(
        tmp_path, "2026-W46", PROJECT, mapping="sources/amazon-connect.sql", services=["contact-center"]
    )
    stays = edition.fetch(edition.rows("assignments").order_by("assignment_id"))
    seen = stays[["assignment_id", "conversation_id", "transferred_from", "agent_id", "closing_reason"]]
    assert seen.fillna("").values.tolist() == [
        ["c1", "c1", "", "arn:a7", "AGENT_DISCONNECT"],
        ["c2", "c1", "c1", "arn:a7", "CUSTOMER_DISCONNECT"],
        ["c3", "c3", "", "", "CUSTOMER_DISCONNECT"],
    ]
    assert stays["user_id"].nunique() == 1
    found = values(
        edition,
        contact_center.total_conversations,
        contact_center.missed_conversations,
        contact_center.average_wait_minutes,
    )
    assert found == [3, 1, 2]
    agents = edition.fetch(edition.history("agents"))
    assert agents[["agent_id", "name"]].values.tolist() == [["arn:a7", "ana"]]


def date(text: str) -> dict:
    """An instant as mongoexport writes it."""
    return {"$date": f"2026-11-{text}Z"}


def said(number: int, room: str, who: str, at: str, **more) -> dict:
    return {"_id": f"m{number}", "rid": room, "msg": "…", "ts": date(at), "u": {"_id": who}} | more


ROCKET = {
    "rocketchat_room": [
        {
            "_id": "r1", "t": "l", "ts": date("10T09:00:00.000"), "v": {"_id": "v1", "token": "t1"},
            "departmentId": "d1", "source": {"type": "widget"}, "closedAt": date("10T09:30:00.000"),
            "tags": ["refund"], "servedBy": {"_id": "luis"},
        },
        {
            "_id": "r2", "t": "l", "ts": date("11T09:00:00.000"), "v": {"_id": "v2", "token": "t2"},
            "source": {"type": "api"}, "closedAt": date("11T09:10:00.000"),
        },
        {
            "_id": "r3", "t": "l", "ts": date("12T09:00:00.000"), "v": {"_id": "v1", "token": "t1"},
            "source": {"type": "widget"}, "closedAt": date("12T09:10:00.000"),
        },
        {"_id": "GENERAL", "t": "c", "ts": date("01T09:00:00.000")},
    ],
    "rocketchat_message": [
        said(0, "r1", "v1", "10T09:00:00.000", t="livechat-started", token="t1"),
        said(1, "r1", "v1", "10T09:00:01.500", token="t1"),
        said(2, "r1", "ana", "10T09:02:00.000"),
        said(3, "r1", "ana", "10T09:10:00.000", t="livechat_transfer_history"),
        said(4, "r1", "luis", "10T09:13:00.000"),
        said(5, "r2", "v2", "11T09:00:00.000", token="t2"),
        said(6, "r3", "v1", "12T09:00:00.000", token="t1"),
        said(7, "r3", "robot", "12T09:00:02.000"),
        said(8, "r1", "luis", "10T09:14:00.000", _hidden=True),
        said(9, "GENERAL", "ana", "10T09:14:00.000"),
    ],
    "rocketchat_livechat_agent_activity": [
        {
            "_id": "a1", "agentId": "ana", "date": 20261110, "lastStartedAt": date("10T13:00:00.000"),
            "lastStoppedAt": date("10T17:00:00.000"), "availableTime": 28800,
            "serviceHistory": [
                {"startedAt": date("10T08:00:00.000"), "stoppedAt": date("10T12:00:00.000")},
                {"startedAt": date("10T13:00:00.000"), "stoppedAt": date("10T17:00:00.000")},
            ],
        },
        {
            "_id": "a2", "agentId": "luis", "date": 20261110, "lastStartedAt": date("10T09:00:00.000"),
            "availableTime": 0, "serviceHistory": [],
        },
    ],
    "rocketchat_livechat_department": [{"_id": "d1", "name": "Sales"}],
    "users": [
        {"_id": "ana", "name": "Ana", "username": "ana", "roles": ["user", "livechat-agent"]},
        {"_id": "luis", "username": "luis", "roles": ["livechat-agent", "user"]},
        {"_id": "robot", "name": "Robot", "username": "robot", "roles": ["bot"]},
    ],
}  # fmt: skip


def test_rocket_chat_gives_a_contact_center_with_transfers_and_connection_hours(tmp_path):
    for name, documents in ROCKET.items():
        (tmp_path / f"{name}.json").write_text("\n".join(map(json.dumps, documents)))
    edition = edition_in(
        tmp_path,
        "2026-W46",
        PROJECT,
        mapping="sources/rocket-chat.sql",
        services=["activity", "contact-center"],
    )
    [plain] = duckdb.sql(
        f"SELECT count(*), count(*) FILTER (token IS NOT NULL), count(DISTINCT token) "
        f"FROM read_json('{tmp_path}/rocketchat_message.json') "
        "WHERE rid <> 'GENERAL' AND t IS NULL AND _hidden IS NULL"
    ).fetchall()
    assert plain == (6, 3, 2)
    found = values(edition, activity.total_messages, activity.active_users)
    assert found == [plain[0], plain[2]]
    assert activity.incoming_messages(edition).value["incoming_messages"].sum() == plain[1]
    stays = edition.fetch(edition.rows("assignments").order_by("assigned_at"))
    seen = stays[
        ["assignment_id", "conversation_id", "transferred_from", "queue", "agent_id", "closing_reason"]
    ]
    assert seen.fillna("").values.tolist() == [
        ["r1", "r1", "", "Sales", "ana", ""],
        ["m3", "r1", "r1", "Sales", "luis", "refund"],
        ["r2", "r2", "", "", "", ""],
    ]
    assert values(
        edition,
        contact_center.total_conversations,
        contact_center.missed_conversations,
        contact_center.average_wait_minutes,
    ) == [3, 1, 2.5]
    logins = edition.fetch(edition.rows("agent_sessions").order_by("connected_at"))
    assert logins["agent_id"].tolist() == ["ana", "luis", "ana"]
    assert logins["disconnected_at"].isna().tolist() == [False, True, False]
    agents = edition.fetch(edition.history("agents").order_by("agent_id"))
    assert agents[["agent_id", "name"]].values.tolist() == [["ana", "Ana"], ["luis", "luis"]]


def turn(session: str, place: int, at: str, result: dict, language: str = "en") -> dict:
    """A row as BigQuery exports it to JSON: whole numbers are text there, and instants have their zone."""
    return {
        "project_id": "p", "agent_id": "a",
        "conversation_name": f"projects/p/locations/global/agents/a/sessions/{session}",
        "turn_position": str(place), "request_time": f"2026-11-{at} UTC", "language_code": language,
        "request": {}, "response": {"responseId": "x", "queryResult": result},
    }  # fmt: skip


def answer(intent: str | None = None, texts: int = 1, **said) -> dict:
    match = {"match": {"intent": {"displayName": intent}, "matchType": "INTENT"}} if intent else {}
    return said | match | {"responseMessages": [{"text": {"text": ["…"]}}] * texts}


TURNS = [
    turn("s1", 1, "10 09:00:00", answer(triggerEvent="sys.welcome")),
    turn("s1", 2, "10 09:00:10.5", answer("order", text="…", texts=2)),
    turn("s1", 10, "10 09:01:00", answer("greet", text="…")),
    turn("s2", 1, "11 09:00:00", answer(transcript="…", texts=0), "es"),
    turn("s2", 2, "11 09:00:05", answer("order", dtmf={"digits": "1"}), "es"),
]


@pytest.mark.parametrize("form", ["json", "parquet"])
def test_dialogflow_cx_gives_activity_intents_languages_and_start_flows(tmp_path, form):
    folder = tmp_path / "dialogflow_bigquery_export_data"
    folder.mkdir()
    for number, rows in enumerate((TURNS[:3], TURNS[3:])):
        if form == "json":
            (folder / f"{number:012}.json").write_text("\n".join(map(json.dumps, rows)))
        else:  # where JSON is text, and instants are of their own type
            typed = [
                row
                | {name: json.dumps(row[name]) for name in ("request", "response")}
                | {
                    "turn_position": int(row["turn_position"]),
                    "request_time": pd.Timestamp(row["request_time"]),
                }
                for row in rows
            ]
            pd.DataFrame(typed).to_parquet(folder / f"{number:012}.parquet")
    edition = edition_in(
        tmp_path,
        "2026-W46",
        PROJECT,
        mapping="sources/dialogflow-cx.sql",
        services=["activity", "chatbot"],
    )
    found = values(edition, activity.total_messages, activity.active_users, activity.new_users)
    assert found == [8, 2, 2]
    assert activity.incoming_messages(edition).value["incoming_messages"].sum() == 4
    assert chatbot.intents(edition).value[["intent", "messages"]].values.tolist() == [
        ["order", 2],
        ["greet", 1],
    ]
    assert sorted(chatbot.languages(edition).value["language"]) == ["en", "es"]
    flows = edition.fetch(edition.rows("conversations"))
    assert flows["start_flow"].tolist() == ["order", "order"]

"""Editions: what they read, and which rows the contract is held against."""

import pytest
from support.projects import add_tenant, make_project
from support.tables import assignment, edition_of, message, session

from tidings.errors import ContractError, ReportError
from tidings.metrics import activity
from tidings.metrics.edition import ORDERED, load_edition

WEEK = "2026-W46"  # Mon 9 – Sun 15 November 2026


def test_rows_are_those_of_the_period_and_history_is_everything(tmp_path):
    rows = [message("2026-11-10 10:00"), message("2026-11-03 10:00"), message("2020-01-01 10:00")]
    edition = edition_of(tmp_path, WEEK, {"messages": rows})
    counts = [
        edition.fetch(table.count().as_table()).iloc[0, 0]
        for table in (
            edition.rows("messages"),
            edition.previous.rows("messages"),
            edition.history("messages"),
        )
    ]
    assert counts == [1, 1, 3]


def test_the_instant_between_two_periods_belongs_to_the_later_one_alone(tmp_path):
    instants = {
        "long ago": "2026-11-01 23:59:59.999999",
        "start before": "2026-11-02 00:00:00",
        "end before": "2026-11-08 23:59:59.999999",
        "start": "2026-11-09 00:00:00",
        "end": "2026-11-15 23:59:59.999999",
        "after": "2026-11-16 00:00:00",
    }
    messages = [message(instant, message_id=name) for name, instant in instants.items()]
    edition = edition_of(tmp_path, "2026-W46", {"messages": messages})
    both = edition.fetch(edition.rows_of_both("messages"))
    assert set(edition.fetch(edition.rows("messages"))["message_id"]) == {"start", "end"}
    assert set(edition.fetch(edition.previous.rows("messages"))["message_id"]) == {
        "start before",
        "end before",
    }
    assert dict(zip(both["message_id"], both["is_now"], strict=True)) == {
        "start before": False,
        "end before": False,
        "start": True,
        "end": True,
    }


def test_a_previous_value_is_that_of_the_period_before(tmp_path):
    instants = ["2026-11-02 00:00", "2026-11-10 10:00", "2026-11-10 11:00"]
    edition = edition_of(tmp_path, "2026-W46", {"messages": [message(instant) for instant in instants]})
    assert activity.total_messages(edition).value == 2
    assert activity.total_messages(edition).previous == 1


def test_the_edition_before_is_of_the_same_tenant_and_the_period_before(tmp_path):
    edition = edition_of(tmp_path, "2026-11a", {"messages": [message("2026-11-10 10:00")]})
    assert edition.previous.period.key == "2026-10b"
    assert edition.previous.tenant is edition.tenant
    assert edition.previous is edition.previous


def test_each_period_back_has_its_own_rows_and_numbers(tmp_path):
    days = ["2026-11-10"] * 3 + ["2026-11-03"] * 2 + ["2026-10-27"]
    edition = edition_of(tmp_path, WEEK, {"messages": [message(f"{day} 10:00") for day in days]})
    for expected in (3, 2, 1, 0):
        assert edition.fetch(edition.rows("messages").count().as_table()).iloc[0, 0] == expected
        assert activity.total_messages(edition).value == expected
        assert activity.active_users(edition).value == min(expected, 1)
        edition = edition.previous


def test_what_is_computed_once_is_not_shared_with_another_edition(tmp_path):
    edition = edition_of(tmp_path, WEEK, {"messages": [message("2026-11-10 10:00")]})
    asked = []

    def key_of(edition, word):
        asked.append(word)
        return edition.period.key, word

    assert edition.cached(key_of, "once") == edition.cached(key_of, "once") == ("2026-W46", "once")
    assert edition.cached(key_of, "more") == ("2026-W46", "more")
    assert edition.previous.cached(key_of, "once") == ("2026-W45", "once")
    assert asked == ["once", "more", "once"]


def test_an_edition_shows_neither_recipients_nor_source(tmp_path):
    edition = edition_of(tmp_path, WEEK, {"messages": [message("2026-11-10 10:00")]})
    assert repr(edition) == str(edition) == "Edition(acme, 2026-W46)"
    shown = " ".join(map(repr, (edition.tenant, edition.source, edition.period))) + str(edition.tenant)
    for private in ("ana@example.com", str(tmp_path)):
        assert private not in shown


def test_while_a_report_is_executed_no_other_edition_is_opened(monkeypatch):
    monkeypatch.setenv(ORDERED, "acme 2026-W46")
    with pytest.raises(ReportError, match="opens tenant globex in a report of tenant acme, period 2026-W46"):
        load_edition("globex", "2026-W46", "nowhere")


def test_while_a_report_is_executed_no_other_period_is_opened(tmp_path, monkeypatch):
    monkeypatch.setenv(ORDERED, "acme 2026-W46")
    monkeypatch.setenv("TIDINGS_HOME", str(make_project(tmp_path)))
    monkeypatch.setenv("TIDINGS_NOW", "2026-12-01T00:00:00+00:00")
    add_tenant(tmp_path, "acme", tables={"messages": [message("2026-11-10 10:00")]})
    with pytest.raises(ReportError, match="opens tenant acme, period 2026-W45 in a report of tenant acme"):
        load_edition("acme", "2026-W45")
    assert load_edition("acme", "2026-W46").period.key == "2026-W46"


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ({"messages": [message("2026-11-10 10:00", direction="up")]}, "direction"),
        ({"messages": [message("2026-11-03 10:00", sender="robot")]}, "sender"),
        ({"assignments": [assignment("1", "2026-11-10 10:00", "2099-11-10 09:00")]}, "answered_at"),
        (
            {"assignments": [assignment("1", "2020-01-01 10:00", "2026-11-10 10:00", "2099-11-10 09:00")]},
            "closed_at",
        ),
        ({"agent_sessions": [session("a", "2026-11-10 10:00", "2099-11-10 09:00")]}, "disconnected_at"),
        (
            {"agents": [{"agent_id": "a"}, {"agent_id": "a"}], "messages": [message("2020-01-01 10:00")]},
            "agent_id",
        ),
    ],
)
def test_rows_that_count_for_the_period_or_the_one_before_must_keep_the_contract(tmp_path, tables, says):
    with pytest.raises(ContractError, match=says):
        edition_of(tmp_path, WEEK, tables)


def test_a_bad_row_of_long_ago_holds_no_report_up(tmp_path):
    edition_of(
        tmp_path,
        WEEK,
        {"messages": [message("2020-01-01 10:00", direction="up"), message("2026-11-10 10:00")]},
    )

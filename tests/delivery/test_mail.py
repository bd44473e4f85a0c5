"""Mailing: what is finished goes to each recipient once, whatever happens in between."""

import json
from datetime import timedelta

import pytest
from support.letters import NOW

from tidings.delivery.errors import Busy, Misconfigured, Unreachable
from tidings.delivery.lock import sole_run
from tidings.delivery.service import run_mail
from tidings.delivery.states import Outcome, State

W46, W45 = "Mon 9 – Sun 15 November 2026", "Mon 2 – Sun 8 November 2026"
LATER, NEVER = Outcome(State.FAILED, "451 later"), Outcome(State.REFUSED, "550 never")
PERHAPS = Outcome(State.UNCERTAIN, "no answer")


def _mail(desk, tenant=None, period=None):
    desk.postbox.letters.clear()
    return run_mail(desk.folders, tenant, period, desk.route)


def test_each_recipient_gets_a_message_of_their_own_and_gets_it_once(desk):
    desk.tenant(recipients="[ana@example.com, bo@example.com]")
    desk.finish()
    assert _mail(desk).exit_status == 0
    assert desk.postbox.told == [("ana@example.com", W46), ("bo@example.com", W46)]
    assert _mail(desk).exit_status == 0
    assert desk.postbox.letters == []
    assert set(desk.states.values()) == {"sent"}


def test_the_message_is_dated_from_now_and_known_by_its_key(desk):
    desk.finish()
    _mail(desk)
    (message,), (delivery,) = desk.postbox.messages, desk.deliveries()
    assert message["Date"].datetime == NOW
    assert message["Message-ID"] == f"<{delivery.key.token}@localhost>"
    assert message["From"] == "Tidings <tidings@localhost>"


def test_editions_go_out_in_the_order_of_their_periods(desk):
    desk.tenant("beta")
    for tenant, period in (("acme", "2026-W46"), ("acme", "2026-W45"), ("beta", "2026-W45")):
        desk.finish(period, tenant)
    _mail(desk)
    assert [row.key.period for row in desk.deliveries()] == ["2026-W45", "2026-W45", "2026-W46"]


def test_tenant_and_period_narrow_it(desk):
    desk.tenant("beta")
    for tenant, period in (("acme", "2026-W46"), ("acme", "2026-W45"), ("beta", "2026-W45")):
        desk.finish(period, tenant)
    _mail(desk, "acme", "2026-W45")
    assert desk.states == {("2026-W45", "ana@example.com"): "sent"}
    assert [row.key.tenant for row in desk.deliveries()] == ["acme"]


@pytest.mark.parametrize("spoil", ["receipt", "no receipt", "held"])
def test_what_is_not_finished_is_not_mailed(desk, spoil):
    folder = desk.finish(held=["2026-11-12 has no messages"] if spoil == "held" else None)
    if spoil == "receipt":
        (folder / "edition.json").write_text(json.dumps({"files": {}}))
    if spoil == "no receipt":
        (folder / "edition.json").unlink()
    assert _mail(desk).exit_status == 0
    assert desk.postbox.letters == []


@pytest.mark.parametrize("name", ["report.ipynb", "report.html", "message.eml"])
def test_files_that_are_not_those_that_were_made_are_not_mailed(desk, name):
    (desk.finish() / name).write_text("{}")
    tally = _mail(desk)
    assert (tally.exit_status, desk.postbox.letters) == (3, [])
    assert f"{name} is not the file that was made" in tally.problems[0]


def test_what_is_settled_is_not_even_read_again(desk, monkeypatch):
    desk.finish()
    _mail(desk)
    monkeypatch.setattr("tidings.delivery.mail.read_notebook", lambda edition: 1 / 0)
    assert _mail(desk).exit_status == 0


def test_a_preview_of_a_period_that_was_not_over_is_not_mailed(desk, make, monkeypatch):
    report = make.report()
    report.metadata["papermill"] = {
        "parameters": {"unfinished": True},
        "start_time": "2026-11-14T12:00:00+00:00",
    }
    monkeypatch.setattr(desk, "_notebook", lambda text: report)
    desk.finish()
    tally = _mail(desk)
    assert (tally.exit_status, desk.postbox.letters) == (3, [])
    assert "before its period was over" in tally.problems[0]


def test_an_edition_made_again_after_it_was_sent_is_not_sent_again(desk):
    desk.finish()
    _mail(desk)
    desk.finish()
    _mail(desk)
    assert desk.postbox.letters == []


def test_an_edition_made_again_before_it_was_accepted_replaces_the_letter(desk):
    desk.finish()
    desk.postbox.answers["ana@example.com"] = LATER
    _mail(desk)
    desk.finish()
    desk.postbox.answers.clear()
    _mail(desk)
    assert "Edition 2" in desk.postbox.messages[0].get_body(("plain",)).get_content()
    assert set(desk.states.values()) == {"sent"}


def test_one_bad_address_keeps_no_one_else_from_the_report(desk):
    desk.tenant(recipients="[ana@example.com, bo@example.com, cy@example.com]")
    desk.finish()
    desk.postbox.answers |= {"ana@example.com": NEVER, "bo@example.com": PERHAPS}
    tally = _mail(desk)
    assert (tally.exit_status, tally.count(State.SENT)) == (3, 1)
    assert list(desk.states.values()) == ["refused", "uncertain", "sent"]
    assert _mail(desk).exit_status == 0, "what is settled is not trouble for ever"
    assert desk.postbox.letters == []


def test_a_letter_put_off_is_tried_by_later_runs_for_five_days(desk, monkeypatch):
    desk.finish()
    desk.postbox.answers["ana@example.com"] = LATER
    assert _mail(desk).exit_status == 3
    monkeypatch.setenv("TIDINGS_NOW", (NOW + timedelta(days=4)).isoformat())
    assert len(_mail(desk).troubled) == 1
    monkeypatch.setenv("TIDINGS_NOW", (NOW + timedelta(days=6)).isoformat())
    assert _mail(desk).troubled == {}


def test_a_run_that_was_killed_is_taken_up_where_that_is_safe(desk, monkeypatch):
    desk.tenant(recipients="[ana@example.com, bo@example.com]")
    desk.finish()
    monkeypatch.setattr(desk.postbox, "deliver", lambda letter: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        _mail(desk)
    monkeypatch.undo()
    monkeypatch.setenv("TIDINGS_NOW", NOW.isoformat())
    tally = _mail(desk)
    assert desk.postbox.recipients == ["bo@example.com"]
    assert desk.states == {
        ("2026-W46", "ana@example.com"): "uncertain",
        ("2026-W46", "bo@example.com"): "sent",
    }
    assert tally.exit_status == 3


def test_who_joins_gets_the_newest_edition_and_no_older_one(desk):
    desk.finish("2026-W45")
    desk.finish("2026-W46")
    _mail(desk)
    desk.tenant(recipients="[ana@example.com, bo@example.com]")
    _mail(desk)
    assert desk.postbox.told == [("bo@example.com", W46)]
    _mail(desk, period="2026-W45")
    assert desk.postbox.told == [("bo@example.com", W45)], "unless the period is named"


def test_who_left_gets_nothing_more_even_if_it_was_queued(desk):
    desk.tenant(recipients="[ana@example.com, bo@example.com]")
    desk.finish()
    desk.postbox.error = Unreachable("not now")
    _mail(desk)
    desk.tenant(recipients="[bo@example.com]")
    desk.postbox.error = None
    _mail(desk)
    assert desk.postbox.recipients == ["bo@example.com"]


def test_a_server_that_lets_nothing_through_stops_the_run(desk):
    desk.finish()
    desk.postbox.error = Misconfigured("wrong password")
    tally = _mail(desk)
    assert tally.exit_status == 2
    assert set(desk.states.values()) == {"queued"}


def test_one_wrong_tenant_file_keeps_no_other_tenant_from_the_report(desk):
    desk.tenant("beta", cadence="never")
    desk.finish()
    tally = _mail(desk)
    assert desk.postbox.recipients == ["ana@example.com"]
    assert tally.exit_status == 3
    assert "beta.yaml" in tally.problems[0]


@pytest.mark.parametrize(("tenant", "period"), [("nobody", None), (None, "last week")])
def test_names_that_mean_nothing_are_the_users_to_mend(desk, tenant, period):
    with pytest.raises(Misconfigured):
        _mail(desk, tenant, period)


def test_while_another_run_is_at_work_nothing_is_sent(desk):
    desk.finish()
    with sole_run(desk.folders.outputs), pytest.raises(Busy):
        _mail(desk)
    assert desk.postbox.letters == []

"""Mailing: what is finished goes to each recipient once, whatever happens in between."""

import json
from datetime import timedelta

import pytest
from support.messages import NOW

from tidings.delivery.context import hold_lock
from tidings.delivery.errors import Busy, Misconfigured, Unreachable
from tidings.delivery.service import run_mail
from tidings.delivery.states import Attempt, State

W46, W45 = "9 – 15 Nov", "2 – 8 Nov"
LATER, NEVER = Attempt(State.FAILED, "451 later"), Attempt(State.REFUSED, "550 never")
PERHAPS = Attempt(State.UNCERTAIN, "no answer")


def _mail(service, tenant=None, period=None):
    service.postbox.stored.clear()
    return run_mail(service.folders, tenant, period, service.sending)


def test_each_recipient_gets_a_message_of_their_own_and_gets_it_once(service):
    service.tenant(recipients="[ana@example.com, bo@example.com]")
    service.finish()
    assert _mail(service).exit_status == 0
    assert service.postbox.told == [("ana@example.com", W46), ("bo@example.com", W46)]
    assert _mail(service).exit_status == 0
    assert service.postbox.stored == []
    assert set(service.states.values()) == {"sent"}


def test_the_message_is_dated_from_now_and_known_by_its_key(service):
    service.finish()
    _mail(service)
    (message,), (delivery,) = service.postbox.messages, service.deliveries()
    assert message["Date"].datetime == NOW
    assert message["Message-ID"] == f"<{delivery.key.token}@localhost>"
    assert message["From"] == "Tidings <tidings@localhost>"


def test_editions_go_out_in_the_order_of_their_periods(service):
    service.tenant("beta")
    for tenant, period in (("acme", "2026-W46"), ("acme", "2026-W45"), ("beta", "2026-W45")):
        service.finish(period, tenant)
    _mail(service)
    assert [row.key.period for row in service.deliveries()] == ["2026-W45", "2026-W45", "2026-W46"]


def test_tenant_and_period_narrow_it(service):
    service.tenant("beta")
    for tenant, period in (("acme", "2026-W46"), ("acme", "2026-W45"), ("beta", "2026-W45")):
        service.finish(period, tenant)
    _mail(service, "acme", "2026-W45")
    assert service.states == {("2026-W45", "ana@example.com"): "sent"}
    assert [row.key.tenant for row in service.deliveries()] == ["acme"]


@pytest.mark.parametrize("spoil", ["receipt", "no receipt", "held"])
def test_what_is_not_finished_is_not_mailed(service, spoil):
    folder = service.finish(held=["2026-11-12 has no messages"] if spoil == "held" else None)
    if spoil == "receipt":
        (folder / "edition.json").write_text(json.dumps({"files": {}}))
    if spoil == "no receipt":
        (folder / "edition.json").unlink()
    assert _mail(service).exit_status == (3 if spoil == "held" else 0)
    assert service.postbox.stored == []


@pytest.mark.parametrize("name", ["report.ipynb", "report.html", "message.eml"])
def test_files_that_are_not_those_that_were_made_are_not_mailed(service, name):
    (service.finish() / name).write_text("{}")
    result = _mail(service)
    assert (result.exit_status, service.postbox.stored) == (3, [])
    assert f"{name} is not the file that was made" in result.problems[0]


def test_what_is_settled_is_not_even_read_again(service, monkeypatch):
    service.finish()
    _mail(service)
    monkeypatch.setattr("tidings.delivery.mail.read_notebook", lambda edition: 1 / 0)
    assert _mail(service).exit_status == 0


def test_a_preview_of_a_period_that_was_not_over_is_not_mailed(service, make, monkeypatch):
    report = make.report()
    report.metadata["papermill"] = {
        "parameters": {"unfinished": True},
        "start_time": "2026-11-14T12:00:00+00:00",
    }
    monkeypatch.setattr(service, "_notebook", lambda text: report)
    service.finish()
    result = _mail(service)
    assert (result.exit_status, service.postbox.stored) == (3, [])
    assert "before its period was over" in result.problems[0]


def test_an_edition_made_again_after_it_was_sent_is_not_sent_again(service):
    service.finish()
    _mail(service)
    service.finish()
    _mail(service)
    assert service.postbox.stored == []


def test_an_edition_made_again_before_it_was_accepted_replaces_the_message(service):
    service.finish()
    service.postbox.answers["ana@example.com"] = LATER
    _mail(service)
    service.finish()
    service.postbox.answers.clear()
    _mail(service)
    assert "Edition 2" in service.postbox.messages[0].get_body(("plain",)).get_content()
    assert set(service.states.values()) == {"sent"}


def test_one_bad_address_keeps_no_one_else_from_the_report(service):
    service.tenant(recipients="[ana@example.com, bo@example.com, cy@example.com]")
    service.finish()
    service.postbox.answers |= {"ana@example.com": NEVER, "bo@example.com": PERHAPS}
    result = _mail(service)
    assert (result.exit_status, result.count(State.SENT)) == (3, 1)
    assert list(service.states.values()) == ["refused", "uncertain", "sent"]
    assert _mail(service).exit_status == 0, "what is settled is not trouble for ever"
    assert service.postbox.stored == []


def test_a_message_put_off_is_tried_by_later_runs_for_five_days(service, monkeypatch):
    service.finish()
    service.postbox.answers["ana@example.com"] = LATER
    assert _mail(service).exit_status == 3
    monkeypatch.setenv("TIDINGS_NOW", (NOW + timedelta(days=4)).isoformat())
    assert len(_mail(service).failures) == 1
    monkeypatch.setenv("TIDINGS_NOW", (NOW + timedelta(days=6)).isoformat())
    assert _mail(service).failures == {}


def test_a_run_that_was_killed_is_taken_up_where_that_is_safe(service, monkeypatch):
    service.tenant(recipients="[ana@example.com, bo@example.com]")
    service.finish()
    monkeypatch.setattr(service.postbox, "deliver", lambda message, before_end: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        _mail(service)
    monkeypatch.undo()
    monkeypatch.setenv("TIDINGS_NOW", NOW.isoformat())
    result = _mail(service)
    assert service.postbox.recipients == ["bo@example.com"]
    assert service.states == {
        ("2026-W46", "ana@example.com"): "uncertain",
        ("2026-W46", "bo@example.com"): "sent",
    }
    assert result.exit_status == 3


def test_who_joins_gets_the_newest_edition_and_no_older_one(service):
    service.finish("2026-W45")
    service.finish("2026-W46")
    _mail(service)
    service.tenant(recipients="[ana@example.com, bo@example.com]")
    _mail(service)
    assert service.postbox.told == [("bo@example.com", W46)]
    _mail(service, period="2026-W45")
    assert service.postbox.told == [("bo@example.com", W45)], "unless the period is named"


def test_who_left_gets_nothing_more_even_if_it_was_queued(service):
    service.tenant(recipients="[ana@example.com, bo@example.com]")
    service.finish()
    service.postbox.error = Unreachable("not now")
    _mail(service)
    service.tenant(recipients="[bo@example.com]")
    service.postbox.error = None
    _mail(service)
    assert service.postbox.recipients == ["bo@example.com"]


def test_a_server_that_lets_nothing_through_stops_the_run(service):
    service.finish()
    service.postbox.error = Misconfigured("wrong password")
    result = _mail(service)
    assert result.exit_status == 2
    assert set(service.states.values()) == {"queued"}


def test_one_wrong_tenant_file_keeps_no_other_tenant_from_the_report(service):
    service.tenant("beta", cadence="never")
    service.finish()
    result = _mail(service)
    assert service.postbox.recipients == ["ana@example.com"]
    assert result.exit_status == 3
    assert "beta.yaml" in result.problems[0]


@pytest.mark.parametrize(("tenant", "period"), [("nobody", None), (None, "last week")])
def test_names_that_mean_nothing_are_the_users_to_mend(service, tenant, period):
    with pytest.raises(Misconfigured):
        _mail(service, tenant, period)


def test_while_another_run_is_at_work_nothing_is_sent(service):
    service.finish()
    with hold_lock(service.folders.outputs), pytest.raises(Busy):
        _mail(service)
    assert service.postbox.stored == []

"""What is due: by the tenants' cadence, caught up where days were missed, and sent once."""

import json
from datetime import date

import pytest
from support.tables import message, write_tables

from tidings.delivery.context import open_context
from tidings.delivery.due import due_periods, mail_due
from tidings.delivery.errors import Misconfigured
from tidings.delivery.send import RunResult
from tidings.delivery.service import read_status, run_due
from tidings.delivery.states import Attempt, State
from tidings.tenants.tenant import load_tenant

ANA = "ana@example.com"


@pytest.fixture
def work(service, monkeypatch):
    """Does a day's work, with reports made by hand: gives what was made and mailed, and the result."""

    def run(now: str, day: date | None = None, failing: tuple[str, ...] = ()):
        monkeypatch.setenv("TIDINGS_NOW", now)
        service.postbox.stored.clear()
        made, result = [], RunResult()

        def make(wanted):
            for order in wanted:
                if order.period.key in failing or order.tenant.id in failing:
                    yield f"{order}: the source is out of reach"
                else:
                    made.append((order.tenant.id, order.period.key))
                    service.finish(order.period.key, order.tenant.id)

        with open_context(service.folders, service.sending) as place:
            tenants = [load_tenant(path.stem, service.folders.parameters) for path in _files(service)]
            mail_due(tuple(tenants), day, place, make, result)
        mailed = [
            (row.key.tenant, row.key.period) for row in result.attempts if row.state is not State.SENDING
        ]
        return made, mailed, result

    return run


def _files(service):
    return sorted(service.folders.parameters.glob("*.yaml"))


MONDAY, TUESDAY = "2026-11-16T12:00:00Z", "2026-11-17T12:00:00Z"
W44, W45, W46, W47 = (("acme", f"2026-W{number}") for number in range(44, 48))


def test_the_newest_edition_is_made_and_mailed_once(work):
    assert work(MONDAY)[:2] == ([W46], [W46])
    assert work(MONDAY)[:2] == ([], [])
    assert work(TUESDAY)[:2] == ([], [])


def test_a_day_that_was_missed_is_caught_up_on_the_next(work):
    assert work("2026-11-19T12:00:00Z")[0] == [W46]


def test_editions_missed_since_the_first_are_made_up_for_oldest_first(work):
    work("2026-11-02T12:00:00Z")
    made, mailed, _ = work("2026-11-23T12:00:00Z")
    assert made == mailed == [W45, W46, W47]


def test_a_tenant_who_joins_gets_nothing_of_the_time_before(work):
    assert work("2026-11-30T12:00:00Z")[0] == [("acme", "2026-W48")]


def test_what_was_missed_more_than_a_month_ago_is_let_go(work):
    work("2026-08-03T12:00:00Z")
    made, _, _ = work("2026-11-16T12:00:00Z")
    assert made == [("acme", f"2026-W{number}") for number in (42, 43, 44, 45, 46)]


def test_an_edition_that_could_not_be_made_is_tried_again_and_held_against_no_one(work, service):
    service.tenant("beta")
    made, mailed, result = work(MONDAY, failing=("acme",))
    assert made == mailed == [("beta", "2026-W46")]
    assert result.exit_status == 3
    assert result.problems == ["acme, 2026-W46: the source is out of reach"]
    assert work(TUESDAY)[0] == [W46]


def test_an_edition_that_failed_is_made_up_for_only_if_its_day_is_asked_for_once_a_later_one_was_sent(work):
    work("2026-11-02T12:00:00Z")
    assert work("2026-11-16T12:00:00Z", failing=("2026-W45",))[1] == [W46]
    assert work(TUESDAY)[1] == []
    assert work(TUESDAY, day=date(2026, 11, 17))[1] == [W45]


def test_a_clock_that_goes_back_before_the_ledgers_last_entry_stops_the_run(work):
    work(TUESDAY)
    with pytest.raises(Misconfigured, match=r"before the ledger's last entry of 2026-11-17 12:00 UTC"):
        work("2026-11-10T12:00:00Z")
    assert work(TUESDAY)[:2] == ([], [])


def test_a_clock_far_past_the_newest_row_of_all_tenants_stops_the_run(work, service, monkeypatch):
    monkeypatch.setenv("TIDINGS_HOME", str(service.project))
    service.tenant("beta")
    write_tables(service.project / "data" / "acme", messages=[message("2026-10-01 15:00")])
    write_tables(service.project / "data" / "beta", messages=[message("2026-11-15 15:00")])
    assert work(MONDAY)[0] == [W46, ("beta", "2026-W46")]
    with pytest.raises(Misconfigured, match=r"the newest row of all tenants is of 2026-11-15 15:00 UTC"):
        work("2027-03-24T12:00:00Z")
    assert work(TUESDAY)[:2] == ([], [])


def test_messages_put_off_are_tried_again_by_the_next_run(work, service):
    service.postbox.answers[ANA] = Attempt(State.FAILED, "451 later")
    work(MONDAY)
    service.postbox.answers.clear()
    assert work(TUESDAY)[1] == [W46]
    assert service.states == {("2026-W46", ANA): "sent"}


def test_a_report_made_for_looking_at_is_not_mailed_by_the_way(work, service):
    service.finish("2026-W30")
    assert work(MONDAY)[1] == [W46]


def test_an_edition_that_is_held_is_said_and_not_mailed(service, work, monkeypatch):
    finish = service.finish
    monkeypatch.setattr(service, "finish", lambda *words: finish(*words, held=["12 November is empty"]))
    _, mailed, result = work(MONDAY)
    assert mailed == []
    assert [report.reason for report in result.held] == ["held: 12 November is empty"]
    assert (result.problems, result.exit_status) == ([], 3)


def test_a_day_of_the_past_is_looked_at_as_of_that_day(work):
    assert work(MONDAY, day=date(2026, 11, 10))[0] == [W45]


def test_a_day_to_come_counts_as_today(work):
    assert work(MONDAY, day=date(2027, 1, 1))[0] == [W46]


@pytest.mark.parametrize(("now", "period"), [("2026-11-16T04:59:00Z", W45), ("2026-11-16T05:00:00Z", W46)])
def test_the_day_begins_at_the_tenants_midnight(work, now, period):
    assert work(now)[0] == [period]


@pytest.mark.parametrize(
    ("cadence", "periods"),
    [
        ("weekly", ["2026-W46", "2026-W45", "2026-W44", "2026-W43", "2026-W42"]),
        ("twice-monthly", ["2026-11a", "2026-10b"]),
        ("monthly", ["2026-10"]),
        ("every-two-months", ["2026-09..2026-10"]),
    ],
)
def test_the_periods_that_fell_due(service, cadence, periods):
    service.tenant(cadence=cadence)
    tenant = load_tenant("acme", service.folders.parameters)
    assert [period.key for period in due_periods(tenant, date(2026, 11, 16))] == periods


@pytest.fixture
def failed(service):
    """A run in which one tenant has no data, and another's file is wrong."""
    service.tenant("beta", cadence="never")
    return run_due(service.folders, sending=service.sending, jobs=1)


def test_a_report_that_cannot_be_made_for_want_of_data_ends_in_partial_failure(failed):
    assert failed.exit_status == 3
    assert any(problem.startswith("acme, 2026-W46: ") for problem in failed.problems)


def test_a_run_leaves_behind_what_became_of_each_tenant(failed, service):
    about = json.loads((service.folders.outputs / "_run.json").read_text())
    assert about["begun"] == about["ended"] == "2026-11-18T12:00:00+00:00"
    assert about["counts"] == {"failed": 2}
    became = {each["tenant"]: (each["period"], each["state"], each["error"]) for each in about["editions"]}
    assert became["acme"][:2] == ("2026-W46", "failed")
    assert "source data/acme: there is no such folder" in became["acme"][2]
    assert became["beta"][:2] == ("latest", "failed")
    assert "beta.yaml" in became["beta"][2]
    assert {row.tenant: row.edition.partition(":")[0] for row in read_status(service.folders)} == {
        "beta": "failed"
    }

"""The status: every edition and message, for people and for programs."""

import json

import pytest

from tidings.delivery.service import read_status, run_mail
from tidings.delivery.states import Attempt, State
from tidings.delivery.status import rows_as_json, rows_as_lines
from tidings.reports.editions import write_run

ANA = "ana@example.com"


def _shown(service) -> str:
    return "\n".join(str(line) for line in rows_as_lines(read_status(service.folders, None), 200))


def _mail(service):
    run_mail(service.folders, None, None, service.sending)


def test_editions_and_messages_are_rows(service):
    service.finish("2026-W45")
    _mail(service)
    service.finish("2026-W46")
    mailed, waiting = rows_as_json(read_status(service.folders, None))
    assert (mailed["period"], mailed["recipient"], mailed["state"]) == ("2026-W45", ANA, "sent")
    assert (mailed["attempts"], mailed["by"], mailed["answer"]) == (1, "postbox", "250 taken")
    assert (waiting["period"], waiting["edition"], waiting["state"]) == ("2026-W46", "finished", None)


def test_what_is_as_it_should_be_is_one_line(service):
    service.finish("2026-W45")
    _mail(service)
    service.finish("2026-W46")
    lines = [line.split() for line in _shown(service).splitlines()]
    assert lines[1][:4] == ["acme", "2026-W45", ANA, "sent"]
    assert lines[-1] == ["acme", "2026-W46", "finished"]


@pytest.mark.parametrize("state", ["refused", "uncertain", "failed"])
def test_trouble_is_shown_with_the_servers_answer(service, state):
    service.finish()
    service.postbox.answers[ANA] = Attempt(State(state), "551 [bold]see[/bold] elsewhere")
    _mail(service)
    assert state in _shown(service)
    assert "551 [bold]see[/bold] elsewhere" in _shown(service)


def test_an_edition_made_again_after_it_was_sent_is_said_to_be_unsent(service):
    service.finish()
    _mail(service)
    service.finish()
    assert "made again since; not sent again" in _shown(service)


def test_what_is_not_finished_says_why(service):
    service.finish("2026-W44", held=["12 November is empty"])
    (service.finish("2026-W45") / "edition.json").unlink()
    (service.finish("2026-W46") / "edition.json").write_text("{}")
    shown = _shown(service)
    for reason in ("held: 12 November is empty", "not made", "its receipt cannot be read"):
        assert reason in shown


def _note_failure(service, tenant: str, error: str) -> None:
    edition = {"tenant": tenant, "period": "2026-W46", "state": "failed", "error": error}
    write_run(service.folders.outputs, {"begun": "", "ended": None, "editions": [edition]})


def test_an_edition_that_failed_says_why_the_last_run_did(service):
    folder = service.folders.outputs / "acme" / "2026-W46"
    folder.mkdir(parents=True)
    (folder / "failed.ipynb").write_text("{}")
    [row] = read_status(service.folders)
    assert (row.period, row.edition) == ("2026-W46", "failed: see failed.ipynb")
    _note_failure(service, "acme", "the source\n  is out of reach")
    [row] = read_status(service.folders)
    assert (row.edition, row.state) == ("failed: the source is out of reach", None)
    assert "failed" in _shown(service)


def test_a_finished_edition_that_failed_when_it_was_made_anew_stays_finished_and_says_so(service):
    service.finish()
    _note_failure(service, "acme", "no such host")
    [row] = read_status(service.folders)
    assert (row.edition, row.note) == ("finished", "made anew, it failed: no such host")


def test_an_approved_edition_says_by_whom_and_why(service):
    folder = service.finish(held=["empty day: 12 November is empty"])
    receipt = json.loads((folder / "edition.json").read_text())
    decision = {"by": "lea", "why": "a holiday", "at": "2026-11-18T09:00:00+00:00"}
    digest = receipt["files"]["report.ipynb"]
    (folder / "edition.json").write_text(json.dumps(receipt | {"approved": decision | {"digest": digest}}))
    [row] = read_status(service.folders)
    assert (row.edition, row.note) == ("finished", "approved by lea, 2026-11-18: a holiday")
    _mail(service)
    [row] = read_status(service.folders)
    assert (row.state, row.note) == ("sent", "approved by lea, 2026-11-18: a holiday")


def test_what_was_sent_stays_though_its_files_are_gone(service):
    folder = service.finish()
    _mail(service)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert "no longer on disk" in _shown(service)


def test_who_is_no_longer_a_recipient_is_marked(service):
    service.finish()
    _mail(service)
    service.tenant(recipients="[bo@example.com]")
    assert "no longer a recipient" in _shown(service)


def test_one_tenant_can_be_asked_for(service):
    service.tenant("beta")
    service.finish(tenant="acme")
    service.finish(tenant="beta")
    assert [row.tenant for row in read_status(service.folders, "beta")] == ["beta"]


def test_eighty_columns_are_enough_and_every_word_is_there(service):
    long = f"{'reader.of.many.words' * 3}@{'department.' * 5}example.com"
    service.tenant(recipients=f"[{long}, {ANA}]")
    service.finish()
    service.postbox.answers[ANA] = Attempt(
        State.REFUSED, "550 5.1.1 no such user, says the server at length " * 4
    )
    _mail(service)
    lines = [str(line) for line in rows_as_lines(read_status(service.folders, None), 80)]
    assert max(map(len, lines)) <= 80
    assert long in "".join(line.strip() for line in lines)
    assert any(line.startswith("acme    2026-W46  ana@example.com") and "refused" in line for line in lines)

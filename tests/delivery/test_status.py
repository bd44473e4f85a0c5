"""The status: every edition and letter, for people and for programs."""

import io

import pytest
from rich.console import Console

from tidings.delivery.service import current_rows, run_mail
from tidings.delivery.states import Outcome, State
from tidings.delivery.status import rows_as_json, rows_as_table

ANA = "ana@example.com"


def _shown(desk) -> str:
    stream = io.StringIO()
    Console(width=200, file=stream).print(rows_as_table(current_rows(desk.folders, None)))
    return stream.getvalue()


def _mail(desk):
    run_mail(desk.folders, None, None, desk.route)


def test_editions_and_letters_are_rows(desk):
    desk.finish("2026-W45")
    _mail(desk)
    desk.finish("2026-W46")
    mailed, waiting = rows_as_json(current_rows(desk.folders, None))
    assert (mailed["period"], mailed["recipient"], mailed["state"]) == ("2026-W45", ANA, "sent")
    assert (mailed["attempts"], mailed["by"], mailed["answer"]) == (1, "postbox", "250 taken")
    assert (waiting["period"], waiting["edition"], waiting["state"]) == ("2026-W46", "finished", None)


@pytest.mark.parametrize("state", ["refused", "uncertain", "failed"])
def test_trouble_is_shown_with_the_servers_answer(desk, state):
    desk.finish()
    desk.postbox.answers[ANA] = Outcome(State(state), "551 [bold]see[/bold] elsewhere")
    _mail(desk)
    assert state in _shown(desk)
    assert "551 [bold]see[/bold] elsewhere" in _shown(desk)


def test_an_edition_made_again_after_it_was_sent_is_said_to_be_unsent(desk):
    desk.finish()
    _mail(desk)
    desk.finish()
    assert "made again since; not sent again" in _shown(desk)


def test_what_is_not_finished_says_why(desk):
    desk.finish("2026-W44", held=["12 November is empty"])
    (desk.finish("2026-W45") / "edition.json").unlink()
    (desk.finish("2026-W46") / "edition.json").write_text("{}")
    shown = _shown(desk)
    for reason in ("held: 12 November is empty", "not made", "its receipt cannot be read"):
        assert reason in shown


def test_what_was_sent_stays_though_its_files_are_gone(desk):
    folder = desk.finish()
    _mail(desk)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert "no longer on disk" in _shown(desk)


def test_who_is_no_longer_a_recipient_is_marked(desk):
    desk.finish()
    _mail(desk)
    desk.tenant(recipients="[bo@example.com]")
    assert "no longer a recipient" in _shown(desk)


def test_one_tenant_can_be_asked_for(desk):
    desk.tenant("beta")
    desk.finish(tenant="acme")
    desk.finish(tenant="beta")
    assert [row.tenant for row in current_rows(desk.folders, "beta")] == ["beta"]

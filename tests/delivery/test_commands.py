"""The commands of delivery, from what a user types to what is shown and the exit status."""

import json
import mailbox
import sys
from email import message_from_bytes, policy

import pytest
from support.mail_servers import scripted

from tidings.cli.main import main
from tidings.delivery.context import hold_lock


@pytest.fixture
def tidings(service, monkeypatch, capsys):
    """Runs a command line in the service's project: exit status, standard output, standard error."""

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setenv("TIDINGS_HOME", str(service.project))
        monkeypatch.setattr(sys, "argv", ["tidings", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return ended.value.code or 0, shown.out, shown.err

    return run


def _outbox(service) -> mailbox.Maildir:
    return mailbox.Maildir(service.folders.outputs / "_outbox", create=False)


def test_mail_goes_to_the_outbox_once(tidings, service):
    service.finish()
    assert tidings("mail") == (0, "1 sent\n", "")
    assert tidings("mail") == (0, "nothing to mail\n", "")
    (message,) = _outbox(service)
    assert message["To"] == "ana@example.com"


def test_partial_failure_is_status_3_and_says_who(tidings, service, monkeypatch):
    service.tenant(recipients="[ana@example.com, bo@example.com]")
    service.finish()
    with scripted({"RCPT": ["550 5.1.1 no such user"]}) as server:
        monkeypatch.setenv("TIDINGS_TRANSPORT", "smtp")
        monkeypatch.setenv("TIDINGS_SMTP_URL", server.url)
        monkeypatch.setenv("TIDINGS_FROM", "Tidings <reports@example.com>")
        status, said, errors = tidings("mail")
    assert (status, said) == (3, "1 sent, 1 refused\n")
    assert "ana@example.com: refused" in errors
    assert len(server.accepted) == 1


def test_misconfiguration_is_status_2(tidings, service, monkeypatch):
    service.finish()
    assert tidings("mail", "--tenant", "nobody")[0] == 2
    assert tidings("mail", "--period", "someday")[0] == 2
    monkeypatch.setenv("TIDINGS_TRANSPORT", "smtp")
    status, _, errors = tidings("mail")
    assert status == 2
    assert "TIDINGS_SMTP_URL" in errors


def test_a_run_that_the_server_stops_is_status_2_and_says_what_came_of_it(tidings, service, monkeypatch):
    service.finish()
    with scripted({"MAIL": ["530 5.7.0 log in first"]}) as server:
        monkeypatch.setenv("TIDINGS_TRANSPORT", "smtp")
        monkeypatch.setenv("TIDINGS_SMTP_URL", server.url)
        monkeypatch.setenv("TIDINGS_FROM", "Tidings <reports@example.com>")
        status, _, errors = tidings("mail")
    assert status == 2
    assert "stopped: " in errors


def test_a_run_beside_another_is_status_4(tidings, service):
    with hold_lock(service.folders.outputs):
        assert tidings("mail")[0] == 4


def test_status_is_a_table_or_json(tidings, service):
    service.finish()
    tidings("mail")
    assert "ana@example.com" in tidings("status")[1]
    (row,) = json.loads(tidings("status", "--json")[1])
    assert (row["recipient"], row["state"], row["by"]) == ("ana@example.com", "sent", "outbox")


def test_resend_asks_before_it_sends_twice(tidings, service):
    service.finish()
    tidings("mail")
    words = ("resend", "--tenant", "acme", "--period", "2026-W46", "--recipient", "ana@example.com")
    status, _, errors = tidings(*words)
    assert (status, "FORCE=1" in errors) == (1, True)
    assert tidings(*words, "--force") == (0, "sent: is in the outbox already\n", "")


def test_test_mail_goes_where_it_is_told_and_nowhere_else(tidings, service):
    service.finish()
    assert tidings("test-mail", "--tenant", "acme", "--to", "me@example.com")[0] == 0
    (message,) = _outbox(service)
    assert message["To"] == "me@example.com"
    assert service.deliveries() == []


def test_due_with_everything_sent_has_nothing_to_do(tidings, service):
    service.finish()
    tidings("mail")
    assert tidings("due", "--date", "2026-11-18") == (0, "nothing to mail\n", "")


def test_a_command_that_lacks_a_word_says_which(tidings):
    assert tidings("due", "--date", "tomorrow")[::2] == (
        2,
        "error: option --date: 'tomorrow' is not a day\n  To mend it: write it as in 2026-11-16\n",
    )
    assert tidings("bounces", "--mailbox", "")[::2] == (
        2,
        "error: say where bounces go to\n  To mend it: name an mbox file or a Maildir: MAILBOX=\n",
    )


def test_the_console_shows_the_message_and_sends_nothing(tidings, service, monkeypatch):
    service.finish()
    monkeypatch.setenv("TIDINGS_TRANSPORT", "console")
    status, said, _ = tidings("mail")
    assert status == 0
    assert "To: ana@example.com" in said
    assert said.endswith("1 queued\n")
    assert set(service.states.values()) == {"queued"}


def test_a_dry_run_says_what_would_go_to_whom_and_changes_nothing(tidings, service):
    service.tenant(recipients="[ana@example.com, bo@example.com]")
    service.finish()
    tidings("mail", "--period", "2026-W45")  # which makes the ledger
    before = {path: path.stat().st_mtime_ns for path in service.folders.outputs.rglob("*")}
    status, said, _ = tidings("mail", "--dry-run")
    lines = said.splitlines()
    assert (status, lines[-1]) == (0, "2 queued")
    assert lines[0].startswith("acme, 2026-W46, ana@example.com: would go by outbox, ")
    assert before == {path: path.stat().st_mtime_ns for path in service.folders.outputs.rglob("*")}
    assert tidings("mail")[1] == "2 sent\n"
    assert tidings("mail", "--dry-run")[1] == "nothing to mail\n"


def test_who_is_unsubscribed_gets_nothing_and_status_says_so_until_it_is_undone(tidings, service):
    service.tenant(recipients="[ana@example.com, bo@example.com]")
    service.finish()
    assert (
        tidings("unsubscribe", "--address", "Ana@example.com")[1]
        == "Ana@example.com gets no mail from now on\n"
    )
    assert tidings("mail")[1] == "1 sent\n"
    assert [message["To"] for message in _outbox(service)] == ["bo@example.com"]
    assert "unsubscribed, 2026-11-18" in tidings("status")[1]
    tidings("unsubscribe", "--address", "ana@example.com", "--undo")
    assert tidings("mail")[1] == "1 sent\n"
    assert tidings("unsubscribe")[0] == 2


def test_a_tenant_that_is_paused_gets_nothing_until_it_is_resumed(tidings, service):
    service.tenant("beta")
    service.finish()
    service.finish(tenant="beta")
    tidings("pause", "--tenant", "acme", "--why", "moving house")
    assert tidings("mail")[:2] == (0, "1 sent, 1 paused\n")
    assert tidings("due", "--date", "2026-11-18")[:2] == (0, "1 paused\n")
    assert "moving house" in tidings("status")[1]
    tidings("resume", "--tenant", "acme")
    assert tidings("mail")[1] == "1 sent\n"


def test_what_only_the_outbox_had_goes_out_by_smtp_and_older_editions_do_not(tidings, service, monkeypatch):
    for period in ("2026-W45", "2026-W46"):
        service.finish(period)
    assert tidings("mail")[1] == "2 sent\n"
    with scripted() as server:
        monkeypatch.setenv("TIDINGS_TRANSPORT", "smtp")
        monkeypatch.setenv("TIDINGS_SMTP_URL", server.url)
        monkeypatch.setenv("TIDINGS_FROM", "Tidings <reports@example.com>")
        assert tidings("mail", "--dry-run")[1].splitlines()[-1] == "1 queued"
        assert tidings("mail")[1] == "1 sent\n"
        assert tidings("mail")[1] == "nothing to mail\n"
        monkeypatch.setenv("TIDINGS_TRANSPORT", "outbox")
        assert tidings("mail")[1] == "nothing to mail\n"
    assert len(server.accepted) == 1
    assert b"From: Tidings <reports@example.com>" in server.accepted[0]
    assert b"2026-W46" not in server.accepted[0].partition(b"From")[0]


def test_no_mail_goes_to_a_domain_that_is_not_allowed(tidings, service, monkeypatch):
    service.tenant(recipients="[ana@example.com, bo@sub.example.com, cy@example.org]")
    service.finish()
    monkeypatch.setenv("TIDINGS_ALLOWED_DOMAINS", "Example.com, example.net")
    status, said, errors = tidings("mail")
    assert (status, said) == (3, "1 sent\n")
    assert "cy@example.org: not mailed" in errors
    assert "bo@sub.example.com: not mailed" in errors
    assert tidings("test-mail", "--tenant", "acme", "--to", "me@example.org")[0] == 2


def test_the_server_is_greeted_by_the_name_that_is_set_and_told_where_mail_comes_back_to(
    tidings, service, monkeypatch
):
    service.finish()
    with scripted() as server:
        monkeypatch.setenv("TIDINGS_TRANSPORT", "smtp")
        monkeypatch.setenv("TIDINGS_SMTP_URL", server.url)
        monkeypatch.setenv("TIDINGS_FROM", "Tidings <reports@example.com>")
        monkeypatch.setenv("TIDINGS_EHLO_NAME", "reports.example.com")
        monkeypatch.setenv("TIDINGS_BOUNCES_TO", "bounces+{token}@example.com")
        monkeypatch.setenv("TIDINGS_UNSUBSCRIBE_URL", "https://example.com/out?who={token}")
        assert tidings("mail")[0] == 0
    token = service.deliveries()[0].key.token
    assert server.seen[0].lower() == "ehlo reports.example.com"
    assert server.seen[1].startswith(f"mail FROM:<bounces+{token}@example.com>")
    assert f"List-Unsubscribe: <https://example.com/out?who={token}>".encode() in server.accepted[0]
    body = message_from_bytes(server.accepted[0], policy=policy.default)
    for kind in ("plain", "html"):
        assert f"https://example.com/out?who={token}" in body.get_body((kind,)).get_content()

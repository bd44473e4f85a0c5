"""Who asked for no more mail, and whose mail comes back, gets none: by list, by mailbox, by hand."""

import gc
import mailbox
from email.message import EmailMessage

import pytest
from support.messages import NOW, enqueued

from tidings.delivery.suppress import BOUNCED, UNSUBSCRIBED, import_bounces, import_unsubscribed
from tidings.errors import DeliveryError

ANA, BO = "ana@example.com", "bo@example.com"


def _report(delivery, status="5.1.1", action="failed", words="smtp; 550 5.1.1 user unknown") -> bytes:
    """A report of a delivery, as Postfix writes it."""
    return f"""From: MAILER-DAEMON@mx.example.com
To: reports@example.com
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {delivery.key.recipient}
Action: {action}
Status: {status}
Diagnostic-Code: {words}

--b
Content-Type: text/rfc822-headers

Message-ID: <{delivery.key.token}@example.com>
Subject: A report

--b--
""".encode()


def _mbox(path, *letters: bytes):
    box = mailbox.mbox(path)
    for letter in letters:
        box.add(letter)
    box.close()
    return path


def _ask(sender: str, subject: str = "unsubscribe acme.report", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = sender, subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return message.as_bytes()


def test_a_list_of_addresses_and_tokens_is_taken_over_once(ledger, tmp_path):
    bo = enqueued(ledger, BO)[0]
    path = tmp_path / "list.csv"
    path.write_text(
        f"when,who\n2026-11-18,Ana <{ANA.upper()}>\n2026-11-18,{bo.key.token}\nno one\n{'0' * 32}\n"
    )
    assert import_unsubscribed(path, ledger, NOW) == ([ANA.upper(), BO], 1)
    assert ledger.suppressed() == dict.fromkeys([ANA, BO], f"{UNSUBSCRIBED}, 2026-11-18")
    assert import_unsubscribed(path, ledger, NOW) == ([], 1)


def test_who_wrote_to_unsubscribe_gets_no_more_and_who_is_away_still_does(ledger, tmp_path):
    path = _mbox(
        tmp_path / "mbox",
        _ask(f"Ana <{ANA}>"),
        _ask(BO, subject="Re: Acme: your numbers"),
        _ask("cy@example.com", Auto_Submitted="auto-replied"),
        _ask("no address"),
        b"\xff\xfe no letter at all",
    )
    assert import_unsubscribed(path, ledger, NOW) == ([ANA], 0)


def test_who_wrote_to_unsubscribe_is_read_whatever_else_the_letter_holds(ledger, tmp_path):
    nested = f"From: {ANA}\nSubject: unsubscribe\n" + "Content-Type: message/rfc822\n\n" * 3000
    assert import_unsubscribed(_mbox(tmp_path / "mbox", nested.encode()), ledger, NOW) == ([ANA], 0)


def test_two_letters_that_came_back_suppress_and_one_does_not_however_often_it_is_read(ledger, tmp_path):
    (first,), (second,) = enqueued(ledger, ANA), enqueued(ledger, ANA, period="2026-W47")
    path = _mbox(tmp_path / "first", _report(first), _report(first))
    assert import_bounces(path, ledger, NOW) == ([], 2, 0)
    assert import_bounces(path, ledger, NOW) == ([], 2, 0)
    assert import_bounces(_mbox(tmp_path / "second", _report(second)), ledger, NOW) == ([ANA], 1, 0)
    assert ledger.suppressed() == {ANA: f"{BOUNCED}, 2026-11-18"}


@pytest.mark.parametrize(
    "changes",
    [
        {"action": "delayed", "status": "4.4.1"},
        {"status": "5.2.2", "words": "smtp; 552 5.2.2 mailbox full"},
        {"status": "5.7.1", "words": "smtp; 554 5.7.1 blocked using a blocklist"},
        {"status": "5.6.0", "words": "smtp; 554 5.6.0 content"},
    ],
)
def test_what_may_pass_or_is_not_about_the_recipient_does_not_count(ledger, tmp_path, changes):
    letters = [*enqueued(ledger, ANA), *enqueued(ledger, ANA, period="2026-W47")]
    path = _mbox(tmp_path / "mbox", *(_report(letter, **changes) for letter in letters))
    assert import_bounces(path, ledger, NOW) == ([], 0, 2)


def test_a_report_of_a_letter_that_was_never_sent_suppresses_no_one(ledger, tmp_path):
    (sent,) = enqueued(ledger, ANA)
    forged = _report(sent).replace(sent.key.token.encode(), b"0" * 32)
    assert import_bounces(_mbox(tmp_path / "mbox", forged, forged), ledger, NOW) == ([], 0, 2)


def test_a_letter_is_known_by_the_address_to_which_it_came_back(ledger, tmp_path):
    (sent,) = enqueued(ledger, ANA)
    report = _report(sent).replace(f"<{sent.key.token}@example.com>".encode(), b"<lost>")
    report = report.replace(b"To: reports@", f"To: bounces+{sent.key.token}@".encode())
    folder = mailbox.Maildir(tmp_path / "maildir")
    folder.add(report)
    assert import_bounces(tmp_path / "maildir", ledger, NOW) == ([], 1, 0)


def test_of_each_letter_a_mailbox_gives_the_first_megabyte_and_is_closed(ledger, tmp_path, recwarn):
    (sent,) = enqueued(ledger, ANA)
    long = _report(sent).replace(b"This is the mail system.", b"x\n" * 1_000_000)
    path = _mbox(tmp_path / "mbox", long, _report(sent))
    assert import_bounces(path, ledger, NOW) == ([], 1, 1)
    gc.collect()
    assert not [warning for warning in recwarn if warning.category is ResourceWarning]


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_what_cannot_be_read_is_named(ledger, tmp_path, content):
    path = tmp_path / "list"
    if content:
        path.write_bytes(content)
    with pytest.raises(DeliveryError, match="list"):
        import_unsubscribed(path, ledger, NOW)

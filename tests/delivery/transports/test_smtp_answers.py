"""Whom a server's refusal is about, by servers' own words."""

import pytest

from tidings.delivery.transports.smtp_answers import Blame, read_blame, reason_of

OF_THE_SENDER = [
    (554, "5.7.1 <ana@example.com>: Relay access denied"),
    (454, "4.7.1 <ana@example.com>: Relay access denied"),
    (550, "relay not permitted"),
    (553, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
    (504, "5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname"),
    (554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using a blocklist"),
    (554, "5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied"),
    (550, "5.2.252 SendAsDenied; reports@example.com not allowed to send as other@example.com"),
    (550, "5.4.5 Daily user sending limit exceeded"),
    (550, "5.7.515 Access denied, sending domain does not meet the required authentication level"),
    (553, "5.1.8 <reports@nowhere.example>: Sender address rejected: Domain not found"),
    (550, "5.1.0 <reports@example.com>: Sender address rejected: User unknown"),
    (530, "5.7.0 Must issue a STARTTLS command first"),
    (503, "5.5.1 Bad sequence of commands"),
    (504, "need a fully-qualified name"),
]
OF_THE_RECIPIENT = [
    (550, "5.1.1 <ana@example.com>: Recipient address rejected: User unknown in relay recipient table"),
    (550, "5.1.10 RESOLVER.ADR.RecipientNotFound"),
    (550, "5.2.1 mailbox disabled"),
    (552, "5.2.2 Mailbox full"),
    (550, "5.4.1 Recipient address rejected: Access denied"),
    (550, "5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup"),
    (501, "5.1.3 Bad recipient address syntax"),
    (553, "5.1.2 <ana@nowhere.example>: domain not found"),
    (501, "no such recipient <ana@example.com>"),
    (554, "5.6.0 Corrupt message content"),
    (552, "5.3.4 Message size exceeds fixed limit"),
    (550, "No such user here"),
    (550, "mailbox unavailable"),
    (451, "4.3.0 come back later"),
    (450, "4.7.1 greylisted, come back in five minutes"),
]
UNCLEAR = [
    (550, "rejected"),
    (554, "transaction failed"),
    (550, "5.0.0 no"),
    (554, "5.3.0 refused"),
    (550, ""),
]


@pytest.mark.parametrize(
    ("blame", "code", "answer"),
    [(Blame.SENDER, *said) for said in OF_THE_SENDER]
    + [(Blame.RECIPIENT, *said) for said in OF_THE_RECIPIENT]
    + [(Blame.UNCLEAR, *said) for said in UNCLEAR],
)
def test_a_refusal_says_whom_it_is_about(blame, code, answer):
    assert read_blame(code, answer) is blame


def test_the_reason_is_the_same_for_every_recipient_and_queue():
    first = reason_of("5.3.0 <ana@example.com>: refused (queue 4A2F)")
    assert first == reason_of("5.3.0 <bo@example.org>: refused (queue 77B1)")
    assert first != reason_of("5.3.0 <ana@example.com>: too busy (queue 4A2F)")

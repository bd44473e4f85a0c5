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
    (
        554,
        "Message rejected: Email address is not verified. The following identities failed the check",
    ),
    (554, "Access denied: User `arn:aws:iam::1:user/x' is not authorized to perform `ses:SendRawEmail'"),
    (550, "5.1.90 Your message can't be sent because you've reached your daily limit for message recipients"),
    (550, "5.7.501 Access denied, spam abuse detected"),
    (550, "5.1.8 Access denied, bad outbound sender AS(42004)"),
    (550, "5.7.60 SMTP; Client does not have permissions to send as this sender"),
    (550, "5.4.5 Daily SMTP relay sending limit exceeded for user"),
    (553, "5.7.1 <r@x.example>: Sender address rejected: not owned by user ana"),
    (554, "Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1"),
    (550, "Rejected by header based Anti-Spoofing policy: reports@example.com"),
    (
        553,
        "5.7.2 [TSS09] All messages from 192.0.2.1 will be permanently deferred; Retrying will NOT succeed",
    ),
    (
        550,
        "Domain example.com has exceeded the max emails per hour (100/100 (100%)) allowed",
    ),
    (553, "Relaying disallowed as reports@example.com"),
    (550, "5.4.6 Unusual sending activity detected. Please try after sometime"),
    (
        550,
        "The from address does not match a verified Sender Identity",
    ),
    (550, "5.7.705 Service unavailable. Access denied, tenant has exceeded threshold"),
    (554, "5.7.9 Message not accepted for policy reasons"),
    (550, "Unauthenticated senders not allowed"),
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
    (
        550,
        "5.2.122 The recipient has exceeded their limit for the number of messages they can receive per hour",
    ),
    (552, "5.2.2 The email account that you tried to reach is over quota and inactive"),
    (550, "5.2.1 The email account that you tried to reach is disabled"),
    (550, "5.1.1 The email account that you tried to reach does not exist"),
    (553, "5.1.2 We weren't able to find the recipient domain"),
    (554, "delivery error: dd This user doesn't have a yahoo.com account (ana@yahoo.com) [0]"),
    (550, "5.1.1 User Unknown"),
    (452, "4.2.2 The recipient's inbox is out of storage space"),
    (421, "4.7.28 Our system has detected an unusual rate of mail from your IP"),
    (454, "Throttling failure: Maximum sending rate exceeded."),
    (451, "4.7.500 Server busy. Please try again later from [192.0.2.1]"),
    (550, "5.7.129 RESOLVER.RST.RestrictedToRecipientsPermission; not authenticated"),
    (550, "5.4.310 DNS domain nowhere.example does not exist [Message=InfoDomainNonexistent]"),
    (550, "5.4.14 Hop count exceeded - possible mail loop"),
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

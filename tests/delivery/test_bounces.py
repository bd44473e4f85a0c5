"""What came back is read in the forms of many mail programs, and counts only where it has to."""

import random
import time

import pytest

from tidings.delivery.bounces import read_bounce

ANA, TOKEN = "ana@example.com", "0123456789abcdef" * 2
KNOWN = {TOKEN: ANA, "f" * 32: "bo@example.com"}

QMAIL = f"""From: MAILER-DAEMON@mx.example.net
To: reports@example.org
Subject: failure notice

Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{ANA}>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <reports@example.org>
Message-ID: <{TOKEN}@example.org>
Subject: Acme: your mailbox is full of news

Hello
"""
EXCHANGE = f"""From: System Administrator <postmaster@example.com>
To: reports@example.org
Subject: Undeliverable: Acme
MIME-Version: 1.0
X-Mailer: Internet Mail Service (5.5.2653.19)
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain; charset="iso-8859-1"

Your message

  To:      {ANA}
  Subject: Acme
  Sent:    Tue, 17 Nov 2026 07:00:00 -0000

did not reach the following recipient(s):

{ANA} on Tue, 17 Nov 2026 07:00:04 -0000
    The recipient name is not recognized
        The MTS-ID of the original message is: c=US;a= ;p=EXAMPLE;l=MX0103
    MSEXCH:IMS:Example:HQ:MX01 0 (000C05A6) Unknown Recipient

--b
Content-Type: message/rfc822

Message-ID: <{TOKEN}@example.org>
Subject: Acme

Hello

--b--
"""
GMAIL = f"""From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: reports@example.org
X-Failed-Recipients: {ANA}
Subject: Delivery Status Notification (Failure)
Content-Type: text/plain; charset=ISO-8859-1

Delivery to the following recipient failed permanently:

     {ANA}

Technical details of permanent failure:
The email account that you tried to reach does not exist. Please try
double-checking the recipient's email address for typos. 550-5.1.1

----- Original message -----

Received: by 10.0.0.1 with SMTP id x1
Message-ID: <{TOKEN}@example.org>
Subject: Acme
"""
YAHOO = f"""From: MAILER-DAEMON@yahoo.com
To: reports@example.org
X-Uidl: 1
Subject: Delivery failure

Message from yahoo.com.
Unable to deliver message to the following address(es).

<{ANA}>:
This user doesn't have a yahoo.com account ({ANA}) [-5]

--- Original message follows.

Return-Path: <reports@example.org>
Message-ID: <{TOKEN}@example.org>
Subject: Acme
"""
POSTFIX = f"""From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: bounces+{TOKEN}@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Description: Notification
Content-Type: text/plain

This is the Postfix program at host mx.example.net.

I'm sorry to have to inform you that the message returned
below could not be delivered to one or more destinations.

                        The Postfix program

<{ANA}>: host mx.example.com said: 550 <{ANA}>: User unknown

--b
Content-Description: Undelivered Message
Content-Type: message/rfc822

Subject: Acme

--b--
"""
EXIM = f"""From: Mail Delivery System <Mailer-Daemon@mx.example.net>
To: reports@example.org
X-Failed-Recipients: {ANA}
Auto-Submitted: auto-replied
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {ANA}
    SMTP error from remote mail server after RCPT TO:<{ANA}>:
    host mx.example.com [192.0.2.1]: 550 No such user here

------ This is a copy of the message, including all the headers. ------

Return-path: <reports@example.org>
Message-ID: <{TOKEN}@example.org>
Subject: Acme
"""
FORMS = {
    "qmail": QMAIL,
    "Exchange": EXCHANGE,
    "Gmail": GMAIL,
    "Yahoo": YAHOO,
    "Postfix": POSTFIX,
    "Exim": EXIM,
}
REPORT = f"""From: postmaster@example.com
To: reports@example.org
In-Reply-To: <{TOKEN}@example.org>
Subject: Undeliverable: Acme
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message to {ANA} could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns;AM0PR01MB0001.example.com

Original-Recipient: rfc822;Ana@EXAMPLE.com
Final-Recipient: rfc822;ana.new@example.com
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup

--b--
"""
AWAY = f"""From: Ana <{ANA}>
To: reports@example.org
In-Reply-To: <{TOKEN}@example.org>
Subject: Automatic reply: Acme
Auto-Submitted: auto-replied

I am away until Monday. Your message will not be forwarded to {ANA}.
"""


@pytest.mark.parametrize("form", FORMS)
def test_a_letter_that_came_back_for_good_is_known_in_the_form_of(form):
    assert read_bounce(FORMS[form].encode(), KNOWN) == TOKEN


@pytest.mark.parametrize("form", FORMS)
def test_line_ends_of_any_kind_are_read_in_the_form_of(form):
    assert read_bounce(FORMS[form].replace("\n", "\r\n").encode(), KNOWN) == TOKEN


def test_a_report_counts_by_the_address_that_was_written_to():
    assert read_bounce(REPORT.encode(), KNOWN) == TOKEN


@pytest.mark.parametrize(
    ("form", "old", "new"),
    [
        (QMAIL, "Sorry, no mailbox here by that name. (#5.1.1)", "User over quota. (#5.2.2)"),
        (QMAIL, "Sorry, no mailbox here by that name. (#5.1.1)", "Message rejected as spam by policy"),
        (
            QMAIL,
            "no mailbox here by that name. (#5.1.1)",
            "that domain isn't in my list of allowed rcpthosts (#5.7.1)",
        ),
        (GMAIL, "The email account that you tried to reach does not exist.", "The mailbox is full."),
        (POSTFIX, "550 <ana@example.com>: User unknown", "554 5.7.1 Relay access denied"),
        (EXIM, "550 No such user here", "552 message size exceeds the limit"),
        (EXIM, "550 No such user here", "550 5.7.26 no SPF or DKIM record"),
        (REPORT, "Action: failed", "Action: delayed"),
    ],
)
def test_what_may_pass_or_is_the_senders_trouble_does_not_count(form, old, new):
    assert old in form
    assert read_bounce(form.replace(old, new).encode(), KNOWN) is None


@pytest.mark.parametrize("form", [*FORMS.values(), REPORT])
def test_another_address_is_a_lists_member_or_where_mail_is_sent_on_to_and_does_not_count(form):
    other = form.replace(ANA, "member@example.net").replace("Ana@EXAMPLE.com", "member@example.net")
    assert read_bounce(other.encode(), KNOWN) is None


@pytest.mark.parametrize("form", [*FORMS.values(), REPORT])
def test_a_letter_that_was_never_sent_does_not_count(form):
    assert read_bounce(form.replace(TOKEN, "e" * 32).encode(), KNOWN) is None


@pytest.mark.parametrize("letter", [AWAY, "", "\0", f"To: bounces+{TOKEN}@example.org\n\nanything at all"])
def test_what_is_no_bounce_does_not_count(letter):
    assert read_bounce(letter.encode(), KNOWN) is None


@pytest.mark.parametrize("part", ['multipart/mixed; boundary="{0}"\n\n--{0}', "message/rfc822\n"])
def test_parts_within_parts_without_end_are_no_bounce(part):
    nested = "".join(f"Content-Type: {part.format(depth)}\n" for depth in range(3000))
    assert read_bounce(f"To: bounces+{TOKEN}@example.org\n{nested}".encode(), KNOWN) is None


def test_whatever_a_letter_holds_it_is_read_in_time():
    chance = random.Random(7)
    pieces = [
        b"\xff",
        b"<",
        b"@",
        b"\n\n",
        b"--b\n",
        b"Content-Type: message/delivery-status\n\n",
        b"x" * 2000,
    ]
    begun = time.process_time()
    for form in (*FORMS.values(), REPORT):
        for _ in range(40):
            letter = bytearray(form.encode())
            for _ in range(3):
                start = chance.randrange(len(letter))
                letter[start : start + chance.randrange(40)] = chance.choice(pieces)
            assert read_bounce(bytes(letter), KNOWN) in (TOKEN, None)
    for endless in ("did not reach the following recipient(s):\n" + "a@" * 300_000, EXIM + "\n" * 500_000):
        read_bounce(f"To: bounces+{TOKEN}@example.org\n\n{endless}".encode(), KNOWN)
    assert time.process_time() - begun < 20

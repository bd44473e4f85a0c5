"""A real server: Postfix with Dovecot's passwords, as an instance of its own under a temporary folder."""

import os
import shutil

import pytest
from support.mail_servers import PASSWORD, USER
from support.messages import enqueued
from support.postfix import postfix
from support.tools import missing

from tidings.delivery.errors import Misconfigured
from tidings.delivery.send import RunResult, send
from tidings.delivery.states import State
from tidings.delivery.transports.smtp import Smtp
from tidings.delivery.transports.smtp_url import Server

_IS_THERE = all(map(shutil.which, ("postfix", "dovecot"))) and os.geteuid() == 0


@pytest.fixture(scope="module")
def server(certificates):
    if not _IS_THERE:
        missing("Postfix with Dovecot", "install postfix and dovecot-core, and run the tests as root")
    with postfix(certificates) as running:
        yield running


def _smtp(server, certificates, password: str = PASSWORD) -> Smtp:
    return Smtp(Server("localhost", server.port, "starttls", USER, password, str(certificates.authority)))


def test_messages_arrive_once_and_octet_by_octet(server, certificates, ledger, sending):
    deliveries = enqueued(ledger, "ana@local.test", "bo@local.test", text=".dot\n" + "x" * 900 + "\nend\n")
    result = RunResult()
    send(deliveries, ledger, sending(_smtp(server, certificates)), result)
    assert result.count(State.SENT) == 2
    stored = server.mailbox(2)
    sent = [ledger.message(delivery.id).content.replace(b"\r\n", b"\n") for delivery in deliveries]
    assert sorted(_without_trace(message) for message in stored) == sorted(sent)


def test_an_unknown_recipient_is_refused_and_the_next_is_served(server, certificates, ledger, sending):
    deliveries = enqueued(ledger, "nobody@elsewhere.test", "ana@local.test", period="2026-W47")
    send(deliveries, ledger, sending(_smtp(server, certificates)), RunResult())
    assert [ledger.find(delivery.key).state for delivery in deliveries] == [State.REFUSED, State.SENT]
    assert "5.1.1" in ledger.find(deliveries[0].key).answer


def test_a_wrong_password_stops_the_run(server, certificates):
    with pytest.raises(Misconfigured, match="refuses the user or the password"):
        _smtp(server, certificates, password="wrong").open()


def _without_trace(message: bytes) -> bytes:
    """A stored message without the lines that servers add above it."""
    return message[message.index(b"From: ") :]

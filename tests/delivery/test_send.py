"""A run: order, pace, passes, and that two runs never send one message."""

import io
import sqlite3
from contextlib import closing

import pytest
from support.mail_servers import scripted
from support.messages import NOW, enqueued

from tidings.delivery.send import Pace, RunResult, Sending, send
from tidings.delivery.states import Attempt, State
from tidings.delivery.transports.console import Console
from tidings.delivery.transports.smtp import Smtp
from tidings.delivery.transports.smtp_url import parse_server
from tidings.errors import DeliveryError


class _Recorder:
    """A transport that records messages, and fails for some of them."""

    name, repeatable = "recorder", False

    def __init__(self, **failures: int):
        self.given, self.announced, self._failures = [], [], failures

    def open(self):
        pass

    def announce(self, message):
        self.announced.append(message.recipient.partition("@")[0])

    def deliver(self, message, before_end):
        before_end()
        reader = message.recipient.partition("@")[0]
        self.given.append(reader)
        if self._failures.get(reader, 0) > 0:
            self._failures[reader] -= 1
            return Attempt(State.FAILED, "451 later")
        return Attempt(State.SENT, "250 taken")

    def close(self):
        pass


def test_messages_put_off_wait_until_the_others_are_through(ledger, sending, watch):
    deliveries = enqueued(ledger, "ana@example.com", "bo@example.com", "cy@example.com")
    recorder = _Recorder(ana=2)
    send(deliveries, ledger, sending(recorder), RunResult())
    assert recorder.given == ["ana", "bo", "cy", "ana", "ana"]
    assert watch.naps == [5, 30]


def test_a_message_that_another_process_has_settled_is_left_alone(ledger, sending):
    deliveries = enqueued(ledger, "ana@example.com", "bo@example.com")
    ledger.claim(deliveries[0].id, "another run", NOW)
    recorder, result = _Recorder(), RunResult()
    send(deliveries, ledger, sending(recorder), result)
    assert recorder.given == ["bo"]
    assert result.count(State.SENT) == 1


def test_the_pace_is_kept(ledger, sending, watch):
    deliveries = enqueued(ledger, *(f"r{number}@example.com" for number in range(4)))
    send(deliveries, ledger, sending(_Recorder(), per_minute=30), RunResult())
    assert watch.naps == [2, 2, 2]


def test_a_server_is_told_of_the_next_message_once_it_has_taken_one_unless_that_has_to_wait(ledger, sending):
    deliveries = enqueued(ledger, "ana@example.com", "bo@example.com", "cy@example.com")
    quick, slow = _Recorder(bo=1), _Recorder()
    send(deliveries, ledger, sending(quick), RunResult())
    assert quick.announced == ["ana", "bo", "bo", "cy", "bo"]
    send(
        enqueued(ledger, "di@example.com", "ed@example.com"),
        ledger,
        sending(slow, per_minute=60),
        RunResult(),
    )
    assert slow.announced == ["di", "ed"]


def test_a_message_that_cannot_be_read_harms_none_before_it(ledger, sending, tmp_path):
    deliveries = enqueued(ledger, "ana@example.com", "bo@example.com")
    with closing(sqlite3.connect(tmp_path / "outputs" / "_delivery.sqlite")) as database:
        database.execute("UPDATE deliveries SET digest = 'other' WHERE id = ?", (deliveries[1].id,))
        database.commit()
    with pytest.raises(DeliveryError, match="is damaged"):
        send(deliveries, ledger, sending(_Recorder()), RunResult())
    assert [str(delivery.state) for delivery in ledger.deliveries()] == ["sent", "queued"]


def test_time_lost_elsewhere_is_not_made_up_for(watch):
    pace = Pace(60, watch)
    pace.wait()
    watch.time += 10
    pace.wait()
    pace.wait()
    assert watch.naps == [1]


def test_the_console_shows_messages_and_leaves_them_queued(ledger, sending):
    deliveries = enqueued(ledger, "ana@example.com")
    stream = io.StringIO()
    send(deliveries, ledger, sending(Console(stream)), RunResult())
    assert "To: ana@example.com" in stream.getvalue()
    assert "Good news." in stream.getvalue()
    assert ledger.find(deliveries[0].key).state is State.QUEUED


def test_the_bytes_on_the_wire_are_those_in_the_ledger(ledger, sending):
    deliveries = enqueued(ledger, "ana@example.com", text="Line one\n.hidden\n\nlast")
    with scripted() as server:
        send(deliveries, ledger, sending(Smtp(parse_server(server.url))), RunResult())
    assert server.accepted == [ledger.message(deliveries[0].id).content]
    assert deliveries[0].digest == ledger.message(deliveries[0].id).digest


def test_a_run_that_lasts_too_long_leaves_the_rest_to_the_next(ledger, watch):
    deliveries = enqueued(ledger, *(f"r{number}@example.com" for number in range(5)))
    result = RunResult()
    send(deliveries, ledger, Sending(_Recorder(), 1, watch, lambda: NOW, seconds=120), result)
    assert [str(delivery.state) for delivery in ledger.deliveries()] == ["sent"] * 3 + ["queued"] * 2
    assert "2 still to be sent" in result.problems[0]

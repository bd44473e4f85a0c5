"""A run: order, pace, passes, and that two runs never send one letter."""

import io

from support.letters import NOW, enqueued
from support.mail_servers import scripted

from tidings.delivery.pace import Pace
from tidings.delivery.run import Tally, send
from tidings.delivery.states import Outcome, State
from tidings.delivery.transports.console import Console
from tidings.delivery.transports.smtp import Smtp
from tidings.delivery.transports.smtp_url import parse_server


class _Recorder:
    """A transport that records letters, and fails for some of them."""

    name, repeatable = "recorder", False

    def __init__(self, **failures: int):
        self.given, self._failures = [], failures

    def open(self):
        pass

    def deliver(self, letter):
        reader = letter.recipient.partition("@")[0]
        self.given.append(reader)
        if self._failures.get(reader, 0) > 0:
            self._failures[reader] -= 1
            return Outcome(State.FAILED, "451 later")
        return Outcome(State.SENT, "250 taken")

    def close(self):
        pass


def test_letters_put_off_wait_until_the_others_are_through(ledger, route, watch):
    deliveries = enqueued(ledger, "ana@example.com", "bo@example.com", "cy@example.com")
    recorder = _Recorder(ana=2)
    send(deliveries, ledger, route(recorder), Tally())
    assert recorder.given == ["ana", "bo", "cy", "ana", "ana"]
    assert watch.naps == [5, 30]


def test_a_letter_that_another_process_has_settled_is_left_alone(ledger, route):
    deliveries = enqueued(ledger, "ana@example.com", "bo@example.com")
    ledger.claim(deliveries[0].id, "another run", NOW)
    recorder, tally = _Recorder(), Tally()
    send(deliveries, ledger, route(recorder), tally)
    assert recorder.given == ["bo"]
    assert tally.count(State.SENT) == 1


def test_the_pace_is_kept(ledger, route, watch):
    deliveries = enqueued(ledger, *(f"r{number}@example.com" for number in range(4)))
    send(deliveries, ledger, route(_Recorder(), per_minute=30), Tally())
    assert watch.naps == [2, 2, 2]


def test_time_lost_elsewhere_is_not_made_up_for(watch):
    pace = Pace(60, watch)
    pace.wait()
    watch.time += 10
    pace.wait()
    pace.wait()
    assert watch.naps == [1]


def test_the_console_shows_letters_and_leaves_them_queued(ledger, route):
    deliveries = enqueued(ledger, "ana@example.com")
    stream = io.StringIO()
    send(deliveries, ledger, route(Console(stream)), Tally())
    assert "To: ana@example.com" in stream.getvalue()
    assert "Good news." in stream.getvalue()
    assert ledger.find(deliveries[0].key).state is State.QUEUED


def test_the_bytes_on_the_wire_are_those_in_the_ledger(ledger, route):
    deliveries = enqueued(ledger, "ana@example.com", text="Line one\n.hidden\n\nlast")
    with scripted() as server:
        send(deliveries, ledger, route(Smtp(parse_server(server.url))), Tally())
    assert server.accepted == [ledger.letter(deliveries[0].id).content]
    assert deliveries[0].digest == ledger.letter(deliveries[0].id).digest

"""Delivery by SMTP: what each failure in each phase means for the message, the ledger and the run."""

import errno
import time
import tracemalloc
from email import message_from_bytes
from itertools import product
from types import SimpleNamespace

import pytest
from support.certificates import make_certificates
from support.mail_servers import ALONE, DRIPS, DROP, LETTERS, LINES, OFFERS, USER, scripted, secure_server
from support.messages import NOW, enqueued
from support.quick import slow_but

from tidings.delivery import ledger as ledger_module
from tidings.delivery.errors import LedgerBroken, Misconfigured, Unreachable
from tidings.delivery.send import RunResult, Sending, send
from tidings.delivery.states import State
from tidings.delivery.transports import smtp_session
from tidings.delivery.transports.smtp import Smtp, Timeouts
from tidings.delivery.transports.smtp_url import Server, parse_server

QUICK = Timeouts(connect=2, answer=2, letter=4, message=1)
LARGE = "A line of a message that fills every buffer on its way.\n" * 200_000
BUSY, NEVER = "451 4.3.0 come back later", "550 5.1.1 no such user"


@pytest.fixture(params=["in one piece", "one by one"])
def attempt(request, ledger, sending):
    """Sends messages by a scripted server, and says what came of them; commands go so to it."""
    offers = OFFERS if request.param == "in one piece" else OFFERS[:1]

    def run(script, *recipients, text="Good news.", timeouts=QUICK):
        deliveries = enqueued(ledger, *(recipients or ("ana@example.com",)), text=text)
        result = RunResult()
        with scripted(script, offers) as server:
            send(deliveries, ledger, sending(Smtp(parse_server(server.url), timeouts)), result)
        states = [ledger.find(delivery.key).state for delivery in deliveries]
        attempts = [ledger.find(delivery.key).attempts for delivery in deliveries]
        return SimpleNamespace(states=states, attempts=attempts, result=result, server=server)

    return run


@pytest.mark.parametrize("phase", ["greeting", "EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("failure", [DROP, BUSY, "421 4.3.2 shutting down"])
def test_a_passing_failure_before_the_message_is_tried_again(attempt, phase, failure):
    script = {phase: [failure]} if phase != "EHLO" else {"EHLO": [failure], "HELO": [failure]}
    done = attempt(script)
    assert done.states == [State.SENT]
    assert len(done.server.accepted) == 1
    assert done.result.exit_status == 0


@pytest.mark.parametrize("phase", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("failure", [DROP, BUSY])
def test_a_failure_that_does_not_pass_is_left_to_the_next_run(attempt, phase, failure):
    done = attempt({phase: [failure] * 9})
    assert (done.states, done.attempts) == ([State.FAILED], [3])
    assert done.server.accepted == []
    assert done.result.exit_status == 3


@pytest.mark.parametrize("failure", [DROP, "421 too many connections"])
def test_a_server_out_of_reach_leaves_messages_queued_and_unattempted(attempt, watch, failure):
    done = attempt({"greeting": [failure] * 9}, "ana@example.com", "bo@example.com")
    assert (done.states, done.attempts) == ([State.QUEUED] * 2, [0, 0])
    assert done.server.connections == 3
    assert watch.naps == [5, 30]
    assert "2 still to be sent" in done.result.problems[0]
    assert done.result.exit_status == 3


def test_a_connection_lost_while_the_body_goes_out_has_delivered_nothing(attempt):
    done = attempt({"body": [DROP]}, text=LARGE)
    assert (done.states, done.attempts) == ([State.SENT], [2])
    assert len(done.server.accepted) == 1


def test_a_connection_lost_after_the_final_dot_is_uncertain_and_never_tried_again(attempt, ledger, sending):
    done = attempt({"end": [DROP]})
    assert (done.states, done.attempts) == ([State.UNCERTAIN], [1])
    assert len(done.server.accepted) == 1, "the server had it: a second attempt would have been a duplicate"
    assert done.result.exit_status == 3


def test_a_server_silent_after_the_final_dot_is_uncertain(attempt):
    # 250- promises another line, which never comes.
    done = attempt({"end": ["250-taken, and"]})
    assert done.states == [State.UNCERTAIN]
    assert "no answer" in next(iter(done.result.attempts.values())).answer


@pytest.mark.parametrize(
    ("phase", "ceaseless"),
    slow_but(
        [("EHLO", LINES), ("MAIL", DRIPS), ("end", DRIPS), ("end", LETTERS), ("QUIT", LINES)],
        product(["greeting", "EHLO", "MAIL", "RCPT", "DATA", "end", "QUIT"], [DRIPS, LINES, LETTERS]),
    ),
)
def test_a_reply_without_end_ends_in_the_right_state_in_bounded_time(attempt, phase, ceaseless):
    quick = Timeouts(connect=0.5, answer=0.5, letter=1, message=0.5)
    begun = time.monotonic()
    done = attempt({phase: [ceaseless] * 9, "HELO": [ceaseless] * 9}, timeouts=quick)
    before = State.QUEUED if phase in ("greeting", "EHLO") else State.FAILED
    assert done.states == [{"end": State.UNCERTAIN, "QUIT": State.SENT}.get(phase, before)]
    assert time.monotonic() - begun < 15


def test_a_reply_without_end_takes_no_memory(attempt):
    tracemalloc.start()
    assert attempt({"end": [LINES]}).states == [State.UNCERTAIN]
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_a_server_that_takes_a_letter_slowly_has_no_more_than_its_time(attempt):
    slow = Timeouts(connect=2, answer=2, letter=0.25, message=2)
    done = attempt({"body": [2.0] * 3}, text=LARGE, timeouts=slow)
    assert done.states == [State.FAILED]


def test_a_connection_reset_before_the_final_dot_has_delivered_nothing_however_small_the_letter(attempt):
    done = attempt({"body": [DROP]})
    assert (done.states, done.attempts) == ([State.SENT], [2])
    assert len(done.server.accepted) == 1


def test_a_server_that_speaks_before_the_final_dot_does_not_have_the_letter(attempt):
    done = attempt({"body": ["421 4.3.2 shutting down"]})
    assert (done.states, done.attempts) == ([State.SENT], [2])
    done = attempt({"body": ["552 5.3.4 too large"]}, "bo@example.com")
    assert done.states == [State.REFUSED]
    assert done.server.accepted == []


def test_a_letter_whose_attempt_the_disk_does_not_take_never_ends(ledger, monkeypatch):
    def fail(handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(ledger_module, "_sync_data", fail)
    with scripted() as server:
        deliveries = enqueued(ledger, "ana@example.com", "bo@example.com")
        with pytest.raises(LedgerBroken):
            send(deliveries, ledger, Sending(Smtp(parse_server(server.url), QUICK)), RunResult())
        assert (server.accepted, server.seen[-1]) == ([], "data")
    assert [delivery.state for delivery in ledger.deliveries()] == [State.QUEUED] * 2


def test_a_server_that_has_taken_a_letter_is_not_waited_for_before_the_end_of_the_next(attempt, monkeypatch):
    monkeypatch.setattr(smtp_session, "_GRACE", 1)
    begun = time.monotonic()
    assert attempt({}, *(f"reader{number}@example.com" for number in range(5))).states == [State.SENT] * 5
    assert 1 <= time.monotonic() - begun < 4


def test_a_letter_larger_than_any_that_was_taken_is_waited_for(ledger, sending):
    deliveries = [
        *enqueued(ledger, "ana@example.com"),
        *enqueued(ledger, "bo@example.com", text="Good news, " * 9),
    ]
    with scripted({"body": [None, DROP]}) as server:
        send(deliveries, ledger, sending(Smtp(parse_server(server.url), QUICK)), RunResult())
    assert [ledger.find(delivery.key).attempts for delivery in deliveries] == [1, 2]
    assert len(server.accepted) == 2


def test_a_server_that_answers_no_letter_is_given_three_and_the_rest_stays_queued(attempt, ledger):
    done = attempt({"end": [DROP] * 9}, *(f"reader{number}@example.com" for number in range(6)))
    assert [str(state) for state in done.states] == ["uncertain"] * 3 + ["queued"] * 3
    assert "3 still to be sent" in done.result.problems[0]


def test_what_comes_before_a_letter_goes_in_one_piece_and_one_by_one_once_a_connection_was_lost(
    ledger, sending
):
    deliveries = enqueued(ledger, "ana@example.com", "bo@example.com")
    with scripted({"MAIL": [ALONE] * 9}) as server:
        send(deliveries, ledger, sending(Smtp(parse_server(server.url), QUICK)), RunResult())
    assert [ledger.find(delivery.key).attempts for delivery in deliveries] == [2, 1]
    assert len(server.accepted) == 2


def test_to_a_server_that_does_not_offer_more_each_command_goes_alone(ledger, sending):
    deliveries = enqueued(ledger, "ana@example.com", "bo@example.com")
    with scripted({"MAIL": [ALONE] * 9, "RCPT": [ALONE] * 9}, OFFERS[:1]) as server:
        send(deliveries, ledger, sending(Smtp(parse_server(server.url), QUICK)), RunResult())
    assert [ledger.find(delivery.key).attempts for delivery in deliveries] == [1, 1]


@pytest.mark.parametrize("phase", ["MAIL", "RCPT"])
def test_a_server_that_waits_for_a_letter_it_has_refused_gets_none_of_it(ledger, sending, phase):
    deliveries = enqueued(ledger, "ana@example.com", "bo@example.com")
    script = {phase: ["552 5.3.4 too large"], "DATA": ["354 go on"]}
    with scripted(script) as server:
        send(deliveries, ledger, sending(Smtp(parse_server(server.url), QUICK)), RunResult())
    assert [ledger.find(delivery.key).state for delivery in deliveries] == [State.REFUSED, State.SENT]
    assert (server.connections, len(server.accepted)) == (2, 1)
    assert "RSET" not in [line.upper() for line in server.seen]


def test_a_letter_that_the_server_was_told_of_and_that_another_process_settled_is_left_alone(ledger, sending):
    deliveries = enqueued(ledger, "ana@example.com", "bo@example.com", "cy@example.com")
    ledger.claim(deliveries[1].id, "another run", NOW)
    with scripted() as server:
        send(deliveries, ledger, sending(Smtp(parse_server(server.url), QUICK)), RunResult())
    assert [message_from_bytes(letter)["To"] for letter in server.accepted] == [
        "ana@example.com",
        "cy@example.com",
    ]


def test_a_yes_in_place_of_go_on_is_no_yes_to_the_letter(attempt):
    done = attempt({"DATA": ["250 fine"] * 9})
    assert (done.states, done.server.accepted) == ([State.FAILED], [])


@pytest.mark.parametrize("nonsense", ["hello", "354 go on", "999 what"])
def test_an_answer_that_means_nothing_after_the_final_dot_is_uncertain(attempt, nonsense):
    assert attempt({"end": [nonsense]}).states == [State.UNCERTAIN]


def test_an_endless_line_after_the_final_dot_is_uncertain(attempt):
    assert attempt({"end": ["250 " + "x" * 9000]}).states == [State.UNCERTAIN]


@pytest.mark.parametrize("phase", ["RCPT", "DATA", "end"])
def test_a_final_refusal_is_final_and_the_others_get_theirs(attempt, phase):
    done = attempt({phase: [NEVER]}, "ana@example.com", "bo@example.com")
    assert (done.states, done.attempts) == ([State.REFUSED, State.SENT], [1, 1])
    assert len(done.server.accepted) == 1
    assert "5.1.1 no such user" in next(iter(done.result.failures.values())).answer


RELAY = "554 5.7.1 <ana@example.com>: Relay access denied"


_OF_THE_SENDER = [
    ("RCPT", RELAY),
    ("RCPT", "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname"),
    ("RCPT", "454 4.7.1 <ana@example.com>: Relay access denied"),
    ("DATA", "550 5.4.5 Daily user sending limit exceeded"),
    ("end", "554 5.2.0 SendAsDenied; not allowed to send as this sender"),
]


@pytest.mark.parametrize(("phase", "answer"), slow_but(_OF_THE_SENDER[::2], _OF_THE_SENDER))
@pytest.mark.parametrize("readers", slow_but([1, 7], [1, 2, 7]))
def test_a_refusal_of_the_sender_burns_no_letter_and_the_next_run_sends_them(
    attempt, ledger, sending, phase, answer, readers
):
    addresses = [f"reader{number}@example.com" for number in range(readers)]
    with pytest.raises(Misconfigured, match="takes no mail from this sender"):
        attempt({phase: [answer] * 9}, *addresses)
    assert [delivery.state for delivery in ledger.deliveries()] == [State.QUEUED] * readers
    assert sum(delivery.attempts for delivery in ledger.deliveries()) == min(readers, 3)
    assert attempt({}, *addresses).states == [State.SENT] * readers


def test_one_letter_refused_for_the_sender_keeps_no_other_back(attempt, ledger):
    with pytest.raises(Misconfigured, match="Relay access denied"):
        attempt({"RCPT": [RELAY]}, "ana@example.com", "bo@example.com", "cy@example.com")
    assert [str(delivery.state) for delivery in ledger.deliveries()] == ["queued", "sent", "sent"]


def test_a_quota_reached_after_some_letters_leaves_the_rest_queued(attempt, ledger):
    with pytest.raises(Misconfigured, match="limit exceeded"):
        attempt(
            {"end": ["250 taken", "250 taken", *["550 5.4.5 Daily user sending limit exceeded"] * 9]},
            *(f"reader{number}@example.com" for number in range(8)),
        )
    assert [str(delivery.state) for delivery in ledger.deliveries()] == ["sent"] * 2 + ["queued"] * 6


@pytest.mark.parametrize("readers", [2, 3, 8])
def test_first_letters_that_are_all_refused_alike_are_the_senders_trouble(attempt, ledger, readers):
    addresses = [f"reader{number}@example.com" for number in range(readers)]
    with pytest.raises(Misconfigured, match="all letters alike"):
        attempt({"RCPT": [f"550 <{address}>: rejected" for address in addresses]}, *addresses)
    assert [delivery.state for delivery in ledger.deliveries()] == [State.QUEUED] * readers


def test_letters_refused_alike_after_one_was_taken_are_their_recipients_trouble(attempt):
    done = attempt({"RCPT": ["250 fine", "550 rejected", "550 rejected"]}, "a@e.com", "b@e.com", "c@e.com")
    assert done.states == [State.SENT, State.REFUSED, State.REFUSED]


def test_recipients_who_are_all_unknown_are_refused_each(attempt):
    done = attempt({"RCPT": [NEVER] * 3}, "a@e.com", "b@e.com", "c@e.com")
    assert done.states == [State.REFUSED] * 3


def test_a_message_put_off_at_its_end_is_tried_again(attempt):
    done = attempt({"end": [BUSY]})
    assert (done.states, done.attempts) == ([State.SENT], [2])


def test_a_message_too_large_is_refused_and_stops_no_one(attempt):
    done = attempt({"MAIL": ["552 5.3.4 too large"]}, "ana@example.com", "bo@example.com")
    assert done.states == [State.REFUSED, State.SENT]


@pytest.mark.parametrize("answer", [DROP, "421 bye", "500 what"])
def test_what_was_accepted_is_sent_whatever_comes_of_quit(attempt, answer):
    done = attempt({"QUIT": [answer]})
    assert done.states == [State.SENT]
    assert done.result.exit_status == 0


def test_many_messages_share_a_connection(attempt):
    done = attempt({}, *(f"reader{number}@example.com" for number in range(20)))
    assert done.server.connections == 1
    assert len(done.server.accepted) == 20


def test_one_lost_connection_costs_the_others_nothing(attempt):
    done = attempt({"RCPT": [DROP]}, *(f"reader{number}@example.com" for number in range(5)))
    assert done.states == [State.SENT] * 5
    assert done.attempts == [2, 1, 1, 1, 1]


@pytest.mark.parametrize("answer", ["530 5.7.0 log in first", "550 5.7.1 not your address"])
def test_a_server_that_refuses_the_sender_stops_the_run(attempt, ledger, answer):
    with pytest.raises(Misconfigured, match="takes no mail from this sender"):
        attempt({"MAIL": [answer]}, "ana@example.com", "bo@example.com")
    assert {delivery.state for delivery in ledger.deliveries()} == {State.QUEUED}


def test_a_server_that_refuses_to_serve_stops_the_run(attempt, ledger):
    with pytest.raises(Misconfigured, match="refuses to serve: 554"):
        attempt({"greeting": ["554 5.7.1 you are listed"]})


def test_lines_that_begin_with_a_dot_arrive_as_they_were(attempt, ledger):
    done = attempt({}, text=".\n..two\nthree.\n")
    (delivery,) = ledger.deliveries()
    assert done.server.accepted == [ledger.message(delivery.id).content]


def test_an_unknown_host_is_out_of_reach():
    transport = Smtp(Server("mail.invalid", 25, "none"), QUICK)
    with pytest.raises(Unreachable, match=r"mail\.invalid:25.*connection"):
        transport.open()


def _open(url: str) -> None:
    transport = Smtp(parse_server(url), QUICK)
    try:
        transport.open()
    finally:
        transport.close()


def _secure(port: int, certificates, password: str = "p%40ss%2Fw:rd%231", scheme: str = "smtp") -> str:
    return (
        f"{scheme}://{USER.replace('@', '%40')}:{password}@localhost:{port}?cafile={certificates.authority}"
    )


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # It is TLS from the start.
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_messages_go_encrypted_after_logging_in(certificates, ledger, sending, scheme):
    deliveries = enqueued(ledger, "ana@example.com", "bo@example.com")
    with secure_server(certificates, from_the_start=scheme == "smtps") as (store, port):
        send(
            deliveries,
            ledger,
            sending(Smtp(parse_server(_secure(port, certificates, scheme=scheme)))),
            RunResult(),
        )
    assert store.recipients == ["ana@example.com", "bo@example.com"]
    assert store.messages == [ledger.message(delivery.id).content for delivery in deliveries]
    assert store.encrypted == [True, True]


def test_a_wrong_password_stops_the_run_and_is_not_repeated(certificates):
    with secure_server(certificates) as (_, port), pytest.raises(Misconfigured) as caught:
        _open(_secure(port, certificates, password="wrong-one"))
    assert "(535)" in str(caught.value)
    assert "wrong-one" not in str(caught.value)


def test_a_certificate_of_an_unknown_authority_stops_the_run(certificates):
    with secure_server(certificates) as (_, port), pytest.raises(Misconfigured, match="not to be trusted"):
        _open(f"smtp://localhost:{port}")


def test_a_certificate_for_another_name_stops_the_run(tmp_path, certificates):
    others = make_certificates(tmp_path, host="mail.example.org")
    with secure_server(others) as (_, port), pytest.raises(Misconfigured, match="not to be trusted"):
        _open(_secure(port, others))


def test_no_password_goes_out_where_tls_is_not_offered():
    with (
        scripted({}, offers=("AUTH PLAIN LOGIN",)) as server,
        pytest.raises(Misconfigured, match="no STARTTLS"),
    ):
        _open(f"smtp://user:secret@127.0.0.1:{server.port}")
    assert not any(line.startswith("AUTH") for line in server.seen)


@pytest.mark.parametrize(
    ("answer", "error"), [(DROP, Unreachable), (BUSY, Unreachable), ("502 no", Misconfigured)]
)
def test_starttls_that_fails(answer, error):
    with (
        scripted({"STARTTLS": [answer]}, offers=("STARTTLS",)) as server,
        pytest.raises(error, match="STARTTLS"),
    ):
        _open(f"smtp://127.0.0.1:{server.port}")


@pytest.mark.parametrize(
    ("answer", "error"),
    [(DROP, Unreachable), ("454 4.7.0 later", Unreachable), ("535 5.7.8 no", Misconfigured)],
)
def test_auth_that_fails(answer, error):
    with scripted({"AUTH": [answer] * 3}, offers=("AUTH PLAIN",)) as server, pytest.raises(error):
        _open(f"smtp://user:secret@127.0.0.1:{server.port}?tls=none")


@pytest.mark.parametrize("offers", [OFFERS, ("AUTH XOAUTH2",)])
def test_a_server_without_auth_by_password_is_said_to_have_none(offers):
    with scripted({}, offers) as server, pytest.raises(Misconfigured, match="no way to log in"):
        _open(f"smtp://user:secret@127.0.0.1:{server.port}?tls=none")


def test_certificates_that_cannot_be_read(tmp_path):
    with scripted({}, offers=("STARTTLS",)) as server, pytest.raises(Misconfigured, match="cannot be read"):
        _open(f"smtp://127.0.0.1:{server.port}?cafile={tmp_path / 'none.pem'}")

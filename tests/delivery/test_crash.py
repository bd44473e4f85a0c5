"""Runs killed at random instants, and two at once: each message arrives once, or is called uncertain."""

import random
import signal
import time
from collections import Counter

import pytest
from support.crashes import crash, queue_editions, start
from support.mail_servers import scripted

from tidings.delivery.context import hold_lock
from tidings.delivery.ledger import FILE_NAME, open_ledger
from tidings.delivery.states import State


def test_runs_killed_at_random_instants_send_every_message_once_or_call_it_uncertain(tmp_path):
    queue_editions(tmp_path, 50)
    seed = random.randrange(10**6)
    aftermath = crash(tmp_path, most=6, chance=random.Random(seed))
    assert (aftermath.duplicates, aftermath.untrue) == (0, 0), f"seed {seed}"
    assert (len(aftermath.states), aftermath.kills > 0) == (50, True)
    assert aftermath.uncertain <= aftermath.kills


def test_of_two_runs_at_once_one_works_and_the_other_stops(tmp_path):
    queue_editions(tmp_path, 50)
    with scripted() as server:
        first = start(tmp_path, server.url)
        first.send_signal(signal.SIGSTOP)
        second = start(tmp_path, server.url)
        _, said = second.communicate(timeout=60)
        first.send_signal(signal.SIGCONT)
        first.communicate(timeout=60)
    assert (first.returncode, second.returncode) == (0, 1)
    assert "another run is mailing" in said
    assert Counter(Counter(server.accepted).values()) == {1: 50}
    with open_ledger(tmp_path / FILE_NAME) as ledger:
        assert {delivery.state for delivery in ledger.deliveries()} == {State.SENT}


@pytest.mark.parametrize(("requests", "first"), [(1, State.SENT), (2, State.UNCERTAIN)])
def test_a_run_that_is_asked_to_end_waits_for_the_answer_to_the_message_under_way(tmp_path, requests, first):
    queue_editions(tmp_path, 3)
    with scripted({"end": [1.0]}) as server:
        run = start(tmp_path, server.url)
        while "DATA" not in [line.upper() for line in server.seen]:
            time.sleep(0.01)
        for _ in range(requests):
            time.sleep(0.1)
            run.send_signal(signal.SIGTERM)
        run.communicate(timeout=60)
    assert run.returncode == -signal.SIGTERM
    with open_ledger(tmp_path / FILE_NAME) as ledger:
        ledger.recover(None)
        assert [delivery.state for delivery in ledger.deliveries()] == [first, State.QUEUED, State.QUEUED]


def test_two_runs_without_the_lock_would_share_the_work_and_send_nothing_twice(tmp_path, sending):
    """The lock is what users see; the claim of each message is what keeps it from going out twice."""
    queue_editions(tmp_path, 4)
    with open_ledger(tmp_path / FILE_NAME) as one, open_ledger(tmp_path / FILE_NAME) as other:
        claims = [one.claim(delivery.id, "one", delivery.queued_at) for delivery in one.deliveries()[:2]]
        claims += [other.claim(delivery.id, "other", delivery.queued_at) for delivery in other.deliveries()]
    assert claims == [True, True, False, False, True, True]


def test_the_lock_is_let_go_in_the_end(tmp_path):
    for _ in range(2):
        with hold_lock(tmp_path):
            pass

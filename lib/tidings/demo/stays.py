"""Stays of the demo company's conversations with its contact center, as rows."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tidings.demo import dialogue, words
from tidings.demo.rows import ASSIGNMENT, HOUR, MINUTE, NEVER, SECOND, running_totals
from tidings.demo.staff import Rota

_ROUNDS = 3
_TRANSFERRED = (0.1, 0.14, 0.0)
_RETURNED = 0.5
_EARLY = 0.12
_NEVER_CLOSED = 0.003
_PATIENCE = 38 * MINUTE
_LONGEST_TALK = 25.0


@dataclass(frozen=True)
class Requests:
    """Conversations put to the contact center, or handed on within it.

    Attributes
    ----------
    thread : numpy.ndarray
        Each one's index among the conversations.
    at : numpy.ndarray
        The instant of the request.
    stays : numpy.ndarray
        The stay from which it is handed on, a row of ASSIGNMENT; one with numbers -1 for none.
    first_agent : numpy.ndarray
        The agent of the conversation's first stay, -1 for none.
    """

    thread: np.ndarray
    at: np.ndarray
    stays: np.ndarray
    first_agent: np.ndarray

    def where(self, chosen: np.ndarray) -> "Requests":
        return Requests(self.thread[chosen], self.at[chosen], self.stays[chosen], self.first_agent[chosen])


@dataclass(frozen=True)
class Desk:
    """What a day's requests meet with at the contact center.

    Attributes
    ----------
    rota : Rota
        Who can answer.
    number : int
        The number of the next stay.
    end : int
        The end of the data: a few of the last day's requests are still waiting then.
    """

    rota: Rota
    number: int
    end: int


@dataclass(frozen=True)
class Visits:
    """One round of stays, and the messages exchanged in them.

    Attributes
    ----------
    stays : numpy.ndarray
        Rows of ASSIGNMENT.
    messages : numpy.ndarray
        Rows of MESSAGE.
    """

    stays: np.ndarray
    messages: np.ndarray


def first_requests(threads: np.ndarray, handed_over: np.ndarray, rng: np.random.Generator) -> Requests:
    """The requests of conversations in which the bot calls an agent, some seconds after its last words."""
    thread = np.flatnonzero(handed_over)
    at = threads["ended_at"][thread] + rng.integers(1 * SECOND, 12 * SECOND, len(thread))
    none = np.zeros(len(thread), ASSIGNMENT)
    for name in ("assignment", "agent", "queue"):
        none[name] = -1
    return Requests(thread, at, none, np.full(len(thread), -1))


def visit(threads: np.ndarray, requests: Requests, desk: Desk, rng: np.random.Generator) -> Iterator[Visits]:
    """Yield the stays that follow from some requests, round by round: the first, those handed on, and again.

    Parameters
    ----------
    threads : numpy.ndarray
        Rows of CONVERSATION; their ``ended_at`` is moved on in place.
    requests : Requests
        Who asks for an agent, and when.
    desk : Desk
        Who answers.
    rng : numpy.random.Generator
        Source of chance.
    """
    number = desk.number
    for turn in range(_ROUNDS):
        if not len(requests.thread):
            return
        stays = _stays(threads, requests, number)
        handed_on = _answer(stays, requests, desk.rota, turn, rng)
        _leave_open(stays, handed_on, desk.end, rng)
        stays["queue"] = _queues(threads["start_flow"][requests.thread], stays, requests.stays, rng)
        messages = _messages(threads[requests.thread], stays, rng)
        closed = stays["closed_at"]
        threads["ended_at"][requests.thread] = np.maximum(closed, threads["ended_at"][requests.thread])
        yield Visits(stays, messages)
        number += len(stays)
        first_agent = np.where(turn == 0, stays["agent"], requests.first_agent)
        requests = Requests(requests.thread, closed, stays, first_agent).where(handed_on)


def _stays(threads: np.ndarray, requests: Requests, number: int) -> np.ndarray:
    """Rows of stays that have just begun."""
    stays = np.zeros(len(requests.thread), ASSIGNMENT)
    for name in ("conversation", "user", "tenant"):
        stays[name] = threads[name][requests.thread]
    stays["assignment"] = number + np.arange(len(stays))
    stays["transferred_from"] = requests.stays["assignment"]
    stays["assigned_at"] = requests.at
    return stays


def _waits(stays: np.ndarray, rota: Rota, rng: np.random.Generator) -> np.ndarray:
    """Microseconds until an agent answers: a minute or two, more the more conversations there are to each."""
    load = rota.load(stays["assigned_at"], stays["tenant"])
    usual = 30 * SECOND * (1 + 22 * load)
    return (usual * rng.lognormal(0, 0.85, len(stays))).astype(np.int64) + 3 * SECOND


def _agents(
    stays: np.ndarray, at: np.ndarray, requests: Requests, rota: Rota, rng: np.random.Generator
) -> np.ndarray:
    """Who answers at an instant: another agent than before; at times the first one again."""
    avoid = requests.stays["agent"]
    chosen = rota.pick(at, stays["tenant"], avoid, rng)
    first = requests.first_agent
    wanted = np.flatnonzero((first >= 0) & (first != avoid) & (rng.random(len(stays)) < _RETURNED))
    back = wanted[rota.has(first[wanted], at[wanted], stays["tenant"][wanted])]
    chosen[back] = first[back]
    return chosen


def _answer(
    stays: np.ndarray, requests: Requests, rota: Rota, turn: int, rng: np.random.Generator
) -> np.ndarray:
    """Fill in how each stay went on, in place; returns which are handed on to another agent or queue."""
    size = len(stays)
    assigned = stays["assigned_at"]
    patience = (_PATIENCE * rng.standard_exponential(size)).astype(np.int64) + 20 * SECOND
    wait = _waits(stays, rota, rng)
    agent = _agents(stays, assigned + wait, requests, rota, rng)
    handed_on = rng.random(size) < _TRANSFERRED[turn]
    early = handed_on & (rng.random(size) < _EARLY)
    answered = (agent >= 0) & (wait < patience) & ~early
    handed_on &= answered | early

    talk = np.clip(rng.lognormal(np.log(6.8), 0.5, size), 1.5, _LONGEST_TALK)
    spoken_until = assigned + wait + (talk * MINUTE).astype(np.int64)
    given_up = assigned + np.where(early, np.minimum(wait, patience), patience)
    stays["answered_at"] = np.where(answered, assigned + wait, NEVER)
    stays["closed_at"] = np.where(answered, spoken_until, given_up)
    offered = ~answered & ~early & (rng.random(size) < 0.3)
    stays["agent"] = np.where(answered | offered, agent, -1)
    stays["role"] = np.where(stays["agent"] >= 0, rota.roles[stays["agent"]], -1)
    stays["reason"] = _reasons(answered, handed_on, rng)
    return handed_on


def _queues(flows: np.ndarray, stays: np.ndarray, before: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The queue that suits the start flow; after a transfer another one, where the agent stays the same."""
    queue = words.draw_given(words.QUEUE_OF_FLOW, flows, rng)
    same = (before["assignment"] >= 0) & (stays["agent"] == before["agent"]) & (queue == before["queue"])
    return np.where(same, (queue + 1) % len(words.QUEUES), queue)


def _reasons(answered: np.ndarray, handed_on: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Why each stay was closed: by an agent, by a customer who left, or to be handed on."""
    closing = words.draw(words.CLOSING_REASON, rng, len(answered))
    missed = words.draw(words.MISSED_REASON, rng, len(answered))
    passed = np.where(rng.random(len(answered)) < 0.8, words.ESCALATED, -1)
    return np.where(handed_on, passed, np.where(answered, closing, missed))


def _leave_open(stays: np.ndarray, handed_on: np.ndarray, end: int, rng: np.random.Generator) -> None:
    """Move the closing of a few stays beyond the data: forgotten by an agent, or waiting for tomorrow."""
    answered = stays["answered_at"] != NEVER
    forgotten = answered & ~handed_on & (rng.random(len(stays)) < _NEVER_CLOSED)
    waiting = ~handed_on & (stays["assigned_at"] > end - 12 * HOUR) & (stays["assignment"] % 4 == 0)
    stays["answered_at"][waiting] = NEVER
    for name in ("agent", "role"):
        stays[name][waiting] = -1
    still_open = forgotten | waiting
    stays["closed_at"][still_open] = np.maximum(stays["closed_at"][still_open], end)


def _messages(threads: np.ndarray, stays: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The messages of each stay: what the user adds while waiting, then agent and user in turns."""
    return np.concatenate([_while_waiting(threads, stays, rng), _while_talking(threads, stays, rng)])


def _while_waiting(threads: np.ndarray, stays: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    answered = stays["answered_at"] != NEVER
    until = np.where(answered, stays["answered_at"], stays["closed_at"])
    wait = np.minimum(until - stays["assigned_at"], _PATIENCE)
    counts = rng.choice(3, size=len(stays), p=(0.5, 0.35, 0.15))
    messages, owner, _ = dialogue.messages_of(threads, counts)
    part = (wait[owner] * rng.random(len(owner))).astype(np.int64)
    messages["sent_at"] = stays["assigned_at"][owner] + part
    messages["assignment"] = stays["assignment"][owner]
    messages["language"] = dialogue.languages(messages["user"], rng)
    return messages


def _while_talking(threads: np.ndarray, stays: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    answered = stays["answered_at"] != NEVER
    stays, threads = stays[answered], threads[answered]
    talk = np.minimum(stays["closed_at"] - stays["answered_at"], round(_LONGEST_TALK * MINUTE))
    counts = 2 + rng.poisson(0.7 * talk / MINUTE)
    messages, owner, place = dialogue.messages_of(threads, counts)
    gaps = rng.standard_exponential(len(owner)) + 0.1
    passed = running_totals(gaps, counts)
    whole = passed[np.cumsum(counts) - 1] + 0.5
    part = (talk[owner] * (passed / whole[owner])).astype(np.int64)
    messages["sent_at"] = stays["answered_at"][owner] + part
    messages["assignment"] = stays["assignment"][owner]
    messages["sender"] = np.where(place % 2, words.USER, words.AGENT)
    heard = place % 2 == 1
    messages["language"][heard] = dialogue.languages(messages["user"][heard], rng)
    return messages


def known_stays(stays: np.ndarray, end: int) -> np.ndarray:
    """The stays as they are known when the data end: what lies beyond has not happened yet."""
    known = stays[stays["assigned_at"] < end].copy()
    unanswered = known["answered_at"] >= end
    open_still = known["closed_at"] >= end
    known["answered_at"][unanswered] = NEVER
    known["closed_at"][open_still] = NEVER
    for name in ("agent", "role"):
        known[name][unanswered] = -1
    known["reason"][open_still] = -1
    return known

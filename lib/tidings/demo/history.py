"""What happens at the demo company, day by day, as rows of every table."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tidings.demo import dialogue, staff, stays
from tidings.demo.customers import Customers
from tidings.demo.rhythm import CAMPAIGN_SHARE, Calendar, campaign_starts, make_calendar, usual_starts
from tidings.demo.rows import ASSIGNMENT, USER_ROW
from tidings.demo.settings import DemoSettings

_BATCH = 100_000
_EXPECTED_LENGTH = 7.8
_STAYS_PER_CONVERSATION = dialogue.REACH_AGENT * 1.1


@dataclass(frozen=True)
class Company:
    """Everything about the demo company that is settled before its first day.

    Attributes
    ----------
    settings : DemoSettings
        What was asked for.
    calendar : Calendar
        The days of the data.
    shares : numpy.ndarray
        Each tenant's share of the conversations.
    agents, sessions : numpy.ndarray
        Rows of AGENT_ROW and of SESSION, shifts that outlast the data included.
    customers : Customers
        The users so far.
    chances : tuple of numpy.random.Generator
        A source of chance for the users before the data, and one for each day.
    """

    settings: DemoSettings
    calendar: Calendar
    shares: np.ndarray
    agents: np.ndarray
    sessions: np.ndarray
    customers: Customers
    chances: tuple[np.random.Generator, ...]


@dataclass(frozen=True)
class _Beginnings:
    """The instants at which some conversations begin, in order.

    Attributes
    ----------
    at : numpy.ndarray
        The instants.
    campaign : numpy.ndarray of bool
        Which of the conversations come from the campaign.
    until : int
        No later conversation begins before this instant.
    """

    at: np.ndarray
    campaign: np.ndarray
    until: int


@dataclass
class _Tally:
    """What has been made so far."""

    conversations: int = 0
    messages: int = 0
    stays: int = 0

    def add(self, batch: "Batch", end: int) -> None:
        self.conversations += len(batch.conversations)
        self.messages += int(np.count_nonzero(batch.messages["sent_at"] < end))
        self.stays += len(batch.assignments)

    @property
    def length(self) -> float:
        """Messages to a conversation, as experience has it, which begins with an expectation."""
        return (self.messages + 2_000 * _EXPECTED_LENGTH) / (self.conversations + 2_000)


@dataclass(frozen=True)
class Batch:
    """Rows of some conversations that begin one after another, with all that follows from them.

    Attributes
    ----------
    conversations, messages, assignments, users : numpy.ndarray
        Rows of each table; messages and assignments are in no order yet, and may lie beyond the data's end.
    until : int
        No row of a later batch begins before this instant.
    """

    conversations: np.ndarray
    messages: np.ndarray
    assignments: np.ndarray
    users: np.ndarray
    until: int


def make_company(settings: DemoSettings) -> Company:
    """The company as it is before its first day."""
    seeds = np.random.SeedSequence(settings.seed).spawn(2 + 7 * settings.weeks)
    rng, *chances = (np.random.default_rng(seed) for seed in seeds)
    calendar = make_calendar(settings, rng)
    shares = _tenant_shares(max(settings.tenants, 1), rng)
    conversations = settings.messages / _EXPECTED_LENGTH
    busy_day = conversations * np.max(np.delete(calendar.weights, calendar.campaign_day))
    busy_day *= _STAYS_PER_CONVERSATION / calendar.weights.sum()
    agents = staff.make_agents(shares, busy_day)
    return Company(
        settings=settings,
        calendar=calendar,
        shares=shares,
        agents=agents,
        sessions=staff.make_sessions(agents, calendar, settings, rng),
        customers=Customers(shares, conversations),
        chances=tuple(chances),
    )


def _tenant_shares(tenants: int, rng: np.random.Generator) -> np.ndarray:
    """Unequal shares that add up to one, the largest first."""
    sizes = rng.uniform(0.8, 1.2, tenants) / (np.arange(tenants) + 2) ** 0.9
    return np.sort(sizes / sizes.sum())[::-1]


def batches(company: Company) -> Iterator[Batch]:
    """Yield the history in batches, so many conversations that the messages asked for come about.

    Each day's number of conversations is set from the messages still to be made and the length that
    conversations have had so far: the total comes out right however they went.
    """
    calendar, tally = company.calendar, _Tally()
    for day, rng in enumerate(company.chances[1:]):
        share = calendar.weights[day] / calendar.weights[day:].sum()
        count = max(round((company.settings.messages - tally.messages) * share / tally.length), 1)
        midnight = int(calendar.midnights[day])
        rota = staff.make_rota(company.agents, company.sessions, midnight, len(company.shares))
        for beginnings in _beginnings(calendar, day, count, rng):
            desk = stays.Desk(rota, tally.stays, calendar.end)
            batch = _batch(company, beginnings, tally.conversations, desk, rng)
            tally.add(batch, calendar.end)
            yield batch


def _beginnings(calendar: Calendar, day: int, count: int, rng: np.random.Generator) -> Iterator[_Beginnings]:
    """Yield the beginnings of a day's conversations, some at a time."""
    extra = round(count * CAMPAIGN_SHARE) if day == calendar.campaign_day else 0
    usual = usual_starts(calendar, day, count - extra, rng)
    starts = np.concatenate([usual, campaign_starts(calendar, extra, count - extra, rng)])
    order = np.argsort(starts, kind="stable")
    starts, campaign = starts[order], (np.arange(count) >= count - extra)[order]
    for first in range(0, count, _BATCH):
        last = first + _BATCH
        until = starts[last] if last < count else calendar.midnights[day + 1]
        yield _Beginnings(starts[first:last], campaign[first:last], int(until))


def _batch(
    company: Company, beginnings: _Beginnings, number: int, desk: stays.Desk, rng: np.random.Generator
) -> Batch:
    """All that follows from some beginnings; the first conversation gets the number given."""
    threads = dialogue.begin(beginnings.at, beginnings.campaign, rng)
    threads["conversation"] = number + np.arange(len(threads))
    threads["tenant"] = rng.choice(len(company.shares), len(threads), p=company.shares)
    threads["user"], new = company.customers.arrive(threads["tenant"], rng)
    users = np.zeros(np.count_nonzero(new), USER_ROW)
    for name, source in (("user", "user"), ("tenant", "tenant"), ("first_seen_at", "started_at")):
        users[name] = threads[source][new]

    handed_over = rng.random(len(threads)) < dialogue.REACH_AGENT
    handed_over &= desk.rota.staffed(threads["started_at"], threads["tenant"])
    messages = [dialogue.talk_to_bot(threads, handed_over, rng)]
    assignments = [np.empty(0, ASSIGNMENT)]
    requests = stays.first_requests(threads, handed_over, rng)
    for visits in stays.visit(threads, requests, desk, rng):
        messages.append(visits.messages)
        assignments.append(visits.stays)
    return Batch(threads, np.concatenate(messages), np.concatenate(assignments), users, beginnings.until)

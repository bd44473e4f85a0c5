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
_EXPECTED_LENGTH = 8.3
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
    calendar = company.calendar
    conversations, stays_made = 2_000, 0
    messages = round(conversations * _EXPECTED_LENGTH)
    wanted = company.settings.messages + messages
    begun = 0
    for day, rng in enumerate(company.chances[1:]):
        left = calendar.weights[day] / calendar.weights[day:].sum()
        count = max(round((wanted - messages) * left * conversations / messages), 1)
        rota = staff.make_rota(
            company.agents, company.sessions, int(calendar.midnights[day]), len(company.shares)
        )
        for starts, campaign, until in _beginnings(calendar, day, count, rng):
            batch = _batch(company, starts, campaign, until, rota, (begun, stays_made), rng)
            yield batch
            begun += len(starts)
            stays_made += len(batch.assignments)
            messages += np.count_nonzero(batch.messages["sent_at"] < calendar.end)
            conversations += len(starts)


def _beginnings(
    calendar: Calendar, day: int, count: int, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray, int]]:
    """Yield the instants at which a day's conversations begin, in order, some at a time.

    Beside them: which belong to the campaign, and the instant before which no later one begins.
    """
    extra = round(count * CAMPAIGN_SHARE) if day == calendar.campaign_day else 0
    usual = usual_starts(calendar, day, count - extra, rng)
    starts = np.concatenate([usual, campaign_starts(calendar, extra, count - extra, rng)])
    order = np.argsort(starts, kind="stable")
    starts, campaign = starts[order], (np.arange(count) >= count - extra)[order]
    for first in range(0, count, _BATCH):
        last = first + _BATCH
        until = starts[last] if last < count else calendar.midnights[day + 1]
        yield starts[first:last], campaign[first:last], int(until)


def _batch(
    company: Company,
    starts: np.ndarray,
    campaign: np.ndarray,
    until: int,
    rota: staff.Rota,
    numbers: tuple[int, int],
    rng: np.random.Generator,
) -> Batch:
    threads = dialogue.begin(starts, campaign, rng)
    threads["conversation"] = numbers[0] + np.arange(len(threads))
    threads["tenant"] = rng.choice(len(company.shares), len(threads), p=company.shares)
    threads["user"], new = company.customers.arrive(threads["tenant"], rng)
    users = np.zeros(np.count_nonzero(new), USER_ROW)
    for name, source in (("user", "user"), ("tenant", "tenant"), ("first_seen_at", "started_at")):
        users[name] = threads[source][new]

    handed_over = rng.random(len(threads)) < dialogue.REACH_AGENT
    messages = [dialogue.talk_to_bot(threads, handed_over, rng)]
    assignments = [np.empty(0, ASSIGNMENT)]
    requests = stays.first_requests(threads, handed_over, rng)
    for visits in stays.visit(threads, requests, rota, numbers[1], company.calendar.end, rng):
        messages.append(visits.messages)
        assignments.append(visits.stays)
    return Batch(threads, np.concatenate(messages), np.concatenate(assignments), users, until)

"""The demo company's agents: who they are, when they are logged in, and who is free to answer."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from tidings.demo import words
from tidings.demo.rhythm import Calendar, local_instant
from tidings.demo.rows import AGENT_ROW, HOUR, MINUTE, NEVER, SESSION, positions
from tidings.demo.settings import DemoSettings

# Minutes after local midnight; they overlap, so that a talk begun late in one is finished in it.
MORNING, DAY, AFTERNOON, NIGHT = range(4)
SHIFTS = ((360, 870), (540, 1050), (810, 1330), (1290, 1830))

_FEWEST = 13
_FEWEST_OF_TENANT = 3
_ASSIGNMENTS_PER_AGENT = 12
_PATTERN = (
    ("Ana Ruiz", "support", MORNING),
    ("Luis Mora", "support", AFTERNOON),
    ("Bea Soto", "support", MORNING),
    ("Iván Paz", "support", AFTERNOON),
    ("Ana Ruiz", "support", DAY),
    ("Jorge Peña", "support", NIGHT),
    ("Camila Ortiz", "support", NIGHT),
    ("Valentina Díaz", "support", AFTERNOON),
    ("Andrés Rojas", "admin", DAY),
    ("Sofía Vargas", "admin", MORNING),
    ("Mateo León", "tech", DAY),
    ("Lucía Ríos", "tech", AFTERNOON),
    ("Paula Gil", "support", MORNING),
)
# Support takes five conversations where an administrator or a technician takes one.
_TURNS = {"support": 5, "admin": 1, "tech": 1}

_SLOT = 15 * MINUTE
_TALK_ROOM = 25 * MINUTE
_HORIZON = 36 * HOUR


def make_agents(shares: np.ndarray, busy_day: float) -> np.ndarray:
    """The agents of all tenants, by tenant: one for a dozen assignments of a busy day, and a few at least.

    Parameters
    ----------
    shares : numpy.ndarray
        Each tenant's share of the conversations.
    busy_day : float
        Assignments of all tenants on a busy day.
    """
    fewest = _FEWEST if len(shares) == 1 else _FEWEST_OF_TENANT
    counts = np.maximum(np.ceil(shares * busy_day / _ASSIGNMENTS_PER_AGENT).astype(int), fewest)
    tenant, place = positions(counts)
    agents = np.zeros(len(tenant), AGENT_ROW)
    agents["agent"] = np.arange(len(tenant))
    agents["tenant"] = tenant
    agents["role"] = np.array([words.ROLES.index(role) for _, role, _ in _PATTERN])[place % len(_PATTERN)]
    agents["shift"] = np.array([shift for *_, shift in _PATTERN])[place % len(_PATTERN)]
    agents["name"] = place
    return agents


def agent_names(count: int) -> tuple[str, ...]:
    """Names for the first, second, … agent of a tenant; the first dozen are the same in every company."""
    names = [name for name, *_ in _PATTERN]
    first, last = words.FIRST_NAMES, words.LAST_NAMES
    pairs = len(first) * len(last)
    for number in range(len(names), count):
        mixed = number * 401 % pairs
        second = f" {last[number // pairs % len(last)]}" if number >= pairs else ""
        names.append(f"{first[mixed % len(first)]} {last[mixed // len(first)]}{second}")
    return tuple(names[:count])


def _works(agents: np.ndarray, weekdays: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Which agent works on which day: five days a week, the nights in turns, now and then somebody is ill."""
    place, days = agents["name"][:, None], np.arange(len(weekdays))[None, :]
    weekend = weekdays[None, :] >= 5
    rotating = (weekdays[None, :] - 3 * (place // 2)) % 7 >= 2
    works = np.where(place % 3 == 0, ~weekend, rotating)
    works &= rng.random(works.shape) >= 0.03
    turns = (place + days + place // len(_PATTERN)) % 2 == 0
    return np.where(agents["shift"][:, None] == NIGHT, turns, works)


def _shift_instants(calendar: Calendar, settings: DemoSettings) -> np.ndarray:
    """Start and end of each shift on each day, and on the day before: its night reaches into the data."""
    days = [calendar.dates[0] - timedelta(days=1), *calendar.dates]
    return np.array(
        [[[local_instant(day, at, settings.zone) for at in shift] for shift in SHIFTS] for day in days]
    )


def _logins(starts: np.ndarray, ends: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Logins of each shift worked: before and after a break, and at times a second device beside them.

    Returns the position of the shift, the instant of connection and that of disconnection.
    """
    size = len(starts)
    connected = starts + rng.integers(0, 9 * MINUTE, size)
    disconnected = ends - rng.integers(0, 6 * MINUTE, size)
    pause = connected + ((disconnected - connected) * rng.uniform(0.4, 0.6, size)).astype(np.int64)
    back = pause + rng.integers(20 * MINUTE, 45 * MINUTE, size)
    twice = np.flatnonzero(rng.random(size) < 0.04)
    beside = connected[twice] + rng.integers(15 * MINUTE, 60 * MINUTE, len(twice))
    until = beside + rng.integers(30 * MINUTE, 180 * MINUTE, len(twice))
    every = np.arange(size)
    return (
        np.concatenate([every, every, twice]),
        np.concatenate([connected, back, beside]),
        np.concatenate([pause, disconnected, until]),
    )


def make_sessions(
    agents: np.ndarray, calendar: Calendar, settings: DemoSettings, rng: np.random.Generator
) -> np.ndarray:
    """All logins, by instant of connection, from the night before the data to the end of the last shift."""
    instants = _shift_instants(calendar, settings)
    weekdays = np.array([(calendar.dates[0].weekday() - 1 + day) % 7 for day in range(len(instants))])
    agent, day = np.nonzero(_works(agents, weekdays, rng))
    bounds = instants[day, agents["shift"][agent]]
    worked, connected, disconnected = _logins(bounds[:, 0], bounds[:, 1], rng)
    order = np.lexsort((agent[worked], connected))
    sessions = np.zeros(len(order), SESSION)
    sessions["session"] = np.arange(len(order))
    sessions["agent"] = agent[worked][order]
    sessions["tenant"] = agents["tenant"][sessions["agent"]]
    sessions["connected_at"] = connected[order]
    sessions["disconnected_at"] = disconnected[order]
    return sessions[sessions["disconnected_at"] > calendar.midnights[0]]


def known_agents(agents: np.ndarray) -> np.ndarray:
    """The agents that the agents table has: it lacks the last one, who has left the company since."""
    return agents[:-1]


def known_sessions(sessions: np.ndarray, end: int) -> np.ndarray:
    """The logins as they are known when the data end: nobody has yet logged out in the future."""
    known = sessions[sessions["connected_at"] < end].copy()
    known["disconnected_at"][known["disconnected_at"] >= end] = NEVER
    return known


@dataclass(frozen=True)
class Rota:
    """Who can take a conversation, by quarter of an hour and tenant, over a day and a half.

    Attributes
    ----------
    begin : int
        The instant at which the rota begins.
    tenants : int
        Number of tenants.
    agents : numpy.ndarray
        Agents by slot, that is quarter of an hour and tenant, each as often as turns are due to them;
        then a -1.
    first : numpy.ndarray
        For each slot the position of its first entry in ``agents``, and their number at last.
    roles : numpy.ndarray
        Role of each agent.
    """

    begin: int
    tenants: int
    agents: np.ndarray
    first: np.ndarray
    roles: np.ndarray

    def slots(self, at: np.ndarray, tenant: np.ndarray) -> np.ndarray:
        quarter = np.clip((at - self.begin) // _SLOT, 0, _HORIZON // _SLOT)
        return quarter * self.tenants + tenant

    def staffed(self, at: np.ndarray, tenant: np.ndarray) -> np.ndarray:
        """Whether a tenant has anybody who can take a conversation at an instant."""
        return np.diff(self.first)[self.slots(at, tenant)] > 0

    def load(self, at: np.ndarray, tenant: np.ndarray) -> np.ndarray:
        """Requests made within the same quarter of an hour for each turn that can be given to them."""
        slots = self.slots(at, tenant)
        requests = np.bincount(slots, minlength=len(self.first) - 1)
        return (requests / np.maximum(np.diff(self.first), 1))[slots]

    def pick(
        self, at: np.ndarray, tenant: np.ndarray, avoid: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """An agent for each request, another than the one to avoid where two are there; -1 where none is."""
        slots = self.slots(at, tenant)
        first, count = self.first[slots], self.first[slots + 1] - self.first[slots]
        turn = (rng.random(len(at)) * count).astype(np.int64)
        chosen = self.agents[first + turn]
        one, two = self.agents[first], self.agents[first + (count > 1)]
        other = np.where(one == avoid, two, one)
        return np.where(count == 0, -1, np.where(chosen == avoid, other, chosen))

    def has(self, agent: np.ndarray, at: np.ndarray, tenant: np.ndarray) -> np.ndarray:
        """Whether an agent is among those who can take a conversation at an instant."""
        slots = self.slots(at, tenant)
        first, count = self.first[slots], self.first[slots + 1] - self.first[slots]
        request, place = positions(count)
        found = self.agents[first[request] + place] == agent[request]
        return np.bincount(request[found], minlength=len(at)) > 0


def make_rota(agents: np.ndarray, sessions: np.ndarray, begin: int, tenants: int) -> Rota:
    """The rota from an instant on: an agent is on it while logged in with time enough left for a talk."""
    near = sessions[(sessions["disconnected_at"] > begin) & (sessions["connected_at"] < begin + _HORIZON)]
    first = np.maximum(-((begin - near["connected_at"]) // _SLOT), 0)
    last = np.minimum((near["disconnected_at"] - begin - _TALK_ROOM) // _SLOT, _HORIZON // _SLOT)
    session, place = positions(np.maximum(last - first, 0))
    free = np.unique((first[session] + place) * len(agents) + near["agent"][session])
    quarter, agent = np.divmod(free, len(agents))
    turns = np.array([_TURNS[role] for role in words.ROLES])[agents["role"][agent]]
    entry, turn = positions(turns)
    slots = (quarter * tenants + agents["tenant"][agent])[entry]
    # A slot begins with one turn for each agent, from hour to hour another one first: where two agents
    # are there, the first two entries are theirs.
    order = np.lexsort(((agent + quarter)[entry] % len(agents), turn, slots))
    counts = np.bincount(slots, minlength=(_HORIZON // _SLOT + 1) * tenants)
    return Rota(
        begin=begin,
        tenants=tenants,
        agents=np.append(agent[entry][order], -1),
        first=np.concatenate([[0], np.cumsum(counts)]),
        roles=agents["role"],
    )

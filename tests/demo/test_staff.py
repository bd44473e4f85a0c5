from datetime import date, timedelta

import numpy as np
import pytest

from tidings.demo import DemoSettings
from tidings.demo.history import make_company
from tidings.demo.rhythm import local_instant
from tidings.demo.rows import AGENT_ROW, HOUR, MINUTE, NEVER, SESSION
from tidings.demo.staff import NIGHT, SHIFTS, agent_names, known_sessions, make_rota

SETTINGS = DemoSettings(end=date(2026, 11, 16))


@pytest.fixture(scope="module")
def company():
    return make_company(SETTINGS)


def sessions(*logins):
    rows = np.zeros(len(logins), SESSION)
    rows["agent"], rows["connected_at"], rows["disconnected_at"] = zip(*logins, strict=True)
    return rows


def two_agents():
    agents = np.zeros(2, AGENT_ROW)
    agents["agent"] = 0, 1
    return agents


def pick(rota, at, avoid=-1, times=200):
    every = np.full(times, at)
    rng = np.random.default_rng(1)
    return set(rota.pick(every, np.zeros(times, int), np.full(times, avoid), rng).tolist())


def test_two_agents_share_a_name():
    names = agent_names(13)
    assert names.count("Ana Ruiz") == 2
    assert len(names) == 13


def test_further_agents_have_further_names():
    assert len(set(agent_names(2000)[13:])) == 1987


def test_sessions_lie_within_shifts(company):
    days = [company.calendar.dates[0] - timedelta(days=1), *company.calendar.dates]
    bounds = np.array([[[local_instant(d, at, SETTINGS.zone) for at in s] for s in SHIFTS] for d in days])
    own = bounds[:, company.agents["shift"][company.sessions["agent"]]]
    within = (own[..., 0] <= company.sessions["connected_at"]) & (
        company.sessions["disconnected_at"] <= own[..., 1]
    )
    assert within.any(axis=0).all()


def test_a_night_shift_crosses_midnight_every_night(company):
    at_night = company.agents["shift"][company.sessions["agent"]] == NIGHT
    night = company.sessions[at_night]
    for midnight in company.calendar.midnights[1:]:
        assert np.any((night["connected_at"] < midnight) & (night["disconnected_at"] > midnight))


def test_sessions_have_breaks_and_now_and_then_overlap(company):
    ordered = np.sort(company.sessions, order=("agent", "connected_at"))
    same = ordered["agent"][1:] == ordered["agent"][:-1]
    gaps = (ordered["connected_at"][1:] - ordered["disconnected_at"][:-1])[same]
    assert np.count_nonzero((gaps >= 20 * MINUTE) & (gaps <= 45 * MINUTE)) > 400
    assert 5 < np.count_nonzero(gaps < 0) < 60


def test_nobody_has_logged_out_after_the_end_of_the_data():
    known = known_sessions(sessions((0, 10, 20), (0, 15, 30), (1, 40, 50)), end=30)
    assert known["disconnected_at"].tolist() == [20, NEVER]


def test_an_agent_is_picked_only_while_logged_in_with_time_for_a_talk():
    rota = make_rota(two_agents(), sessions((0, 0, 4 * HOUR), (1, 2 * HOUR, 8 * HOUR)), 0, tenants=1)
    assert pick(rota, 1 * HOUR) == {0}
    assert pick(rota, 3 * HOUR) == {0, 1}
    assert pick(rota, 4 * HOUR - 20 * MINUTE) == {1}
    assert pick(rota, 9 * HOUR) == {-1}
    assert pick(rota, 99 * HOUR) == {-1}


def test_another_agent_is_picked_after_a_transfer_where_one_is_there():
    rota = make_rota(two_agents(), sessions((0, 0, 4 * HOUR), (1, 2 * HOUR, 8 * HOUR)), 0, tenants=1)
    assert pick(rota, 3 * HOUR, avoid=0) == {1}
    assert pick(rota, 3 * HOUR, avoid=1) == {0}
    assert pick(rota, 1 * HOUR, avoid=0) == {0}


def test_agents_serve_their_own_tenant():
    agents = two_agents()
    agents["tenant"] = 0, 1
    rota = make_rota(agents, sessions((0, 0, 4 * HOUR), (1, 0, 4 * HOUR)), 0, tenants=2)
    tenant = np.array([0, 1, 1, 0])
    picked = rota.pick(np.full(4, HOUR), tenant, np.full(4, -1), np.random.default_rng(1))
    assert picked.tolist() == tenant.tolist()


def test_load_grows_with_requests_and_falls_with_agents():
    rota = make_rota(two_agents(), sessions((0, 0, 4 * HOUR), (1, 2 * HOUR, 8 * HOUR)), 0, tenants=1)
    at = np.array([HOUR, HOUR + MINUTE, 3 * HOUR])
    load = rota.load(at, np.zeros(3, int))
    assert load[0] == load[1] == 4 * load[2]


def test_an_agent_asked_for_is_there_only_while_logged_in():
    rota = make_rota(two_agents(), sessions((0, 0, 4 * HOUR), (1, 2 * HOUR, 8 * HOUR)), 0, tenants=1)
    agent, at = np.array([0, 1, 1, 0]), np.array([HOUR, HOUR, 3 * HOUR, 6 * HOUR])
    assert rota.has(agent, at, np.zeros(4, int)).tolist() == [True, False, True, False]


def test_a_tenant_is_staffed_while_anybody_is_logged_in():
    rota = make_rota(two_agents(), sessions((0, 2 * HOUR, 4 * HOUR)), 0, tenants=1)
    at = np.array([HOUR, 3 * HOUR, 5 * HOUR])
    assert rota.staffed(at, np.zeros(3, int)).tolist() == [False, True, False]

"""What is chosen of all findings, and that each candidate is asked."""

import importlib
import pkgutil
from datetime import date

from tidings.metrics import findings
from tidings.metrics.findings.find import CANDIDATES, choose
from tidings.metrics.findings.finding import Cause, Finding, Kind


def _finding(name: str, score: float, cause: Cause | date) -> Finding:
    return Finding(name, score, f"{name} {score}", name, cause, Kind.CHANGE)


_ALL = list(Cause)


def test_the_most_unusual_comes_first_and_there_are_five_at_most():
    found = [_finding(f"team{n}.value", n, cause) for n, cause in enumerate(_ALL[:8])]
    assert [finding.score for finding in choose(found)] == [7, 6, 5, 4, 3]


def test_a_section_has_three_at_most():
    found = [_finding(f"activity.n{n}", n + 2, cause) for n, cause in enumerate(_ALL[:5])]
    assert [finding.score for finding in choose(found)] == [6, 5, 4]


def test_each_section_has_one_however_ordinary_and_a_second_only_where_it_is_news():
    found = [
        _finding("activity.a", 9, _ALL[0]),
        _finding("activity.b", 0.9, _ALL[1]),
        _finding("chatbot.a", 0.1, _ALL[2]),
        _finding("chatbot.b", 0.1, _ALL[3]),
        _finding("contact_center.a", 0.2, _ALL[4]),
    ]
    assert [finding.name for finding in choose(found)] == ["activity.a", "contact_center.a", "chatbot.a"]


def test_of_two_with_one_cause_the_more_unusual_is_told():
    friday = date(2026, 11, 13)
    found = [
        _finding("activity.a", 3, friday),
        _finding("activity.b", 4, friday),
        _finding("activity.c", 2, Cause.TRAFFIC),
    ]
    assert [finding.name for finding in choose(found)] == ["activity.b", "activity.c"]


def test_nothing_is_chosen_of_nothing():
    assert choose([]) == []


def test_every_candidate_that_is_declared_is_asked():
    modules = [
        importlib.import_module(f"{findings.__name__}.{module.name}")
        for module in pkgutil.iter_modules(findings.__path__)
    ]
    declared = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(getattr(value, "kind", None), Kind) and value is not Finding
    }
    assert declared == set(CANDIDATES)

"""The documentation of the gate is its checks'."""

from support.projects import CHECKOUT

from tidings.review.gate import CHECKS
from tidings.review.gate.reference import gate_page
from tidings.tenants.gate import REFUSALS, Gate


def test_the_committed_page_is_the_one_that_the_checks_make():
    page = (CHECKOUT / "docs" / "gate.md").read_text("utf-8")
    assert page == gate_page(), "docs/gate.md is stale: run make docs"


def test_every_check_is_on_the_page_with_its_severity_and_summary():
    page = " ".join(gate_page().split())
    for judge in CHECKS:
        assert f"## {judge.check.name} *{judge.check.severities[0].word.capitalize()}" in page
        assert judge.check.summary in page


def test_every_limit_belongs_to_a_check_and_none_to_a_refusal():
    declared = [judge.check for judge in CHECKS]
    assert {name for check in declared for name in check.parameters} == set(Gate.model_fields)
    refusals = {check.name for check in declared if check.severities[0].word == "refuse"}
    assert refusals | {"future"} == set(REFUSALS)  # which the contract refuses, before any check
    assert not any(check.parameters for check in declared if check.name in REFUSALS)

"""What a receipt says, whichever version of the library wrote it."""

import json

import pytest
from support.projects import add_tenant, make_project

from tidings.reports.receipt import Decision, Receipt
from tidings.tenants.tenant import Tenant, load_tenant

FOUND = [
    {"check": "volume", "severity": "review", "sentence": "half of it"},
    {"check": "glyphs", "severity": "note", "sentence": "no font"},
]
RELEASE = {"by": "lea", "why": "a holiday", "at": "2026-11-18T12:00:00+00:00", "digest": "d1"}


def _tenant(tmp_path, mail: str) -> Tenant:
    project = make_project(tmp_path)
    path = add_tenant(project, "acme")
    path.write_text(f"{path.read_text()}mail: {mail}\n")
    return load_tenant("acme", project / "parameters")


def _read(**said) -> Receipt:
    return Receipt.model_validate_json(json.dumps({"files": {"report.ipynb": "d1"}} | said))


@pytest.mark.parametrize(
    ("said", "mail", "reasons"),
    [
        ({}, "now", ()),
        ({"held": None}, "now", ()),
        ({"held": "12 November is empty"}, "now", ("12 November is empty",)),
        ({"held": ["one", "two"]}, "after-review", ("one", "two")),
        ({"held": ["one"], "approved": RELEASE}, "now", ()),
        ({"held": ["one"], "approved": RELEASE | {"digest": "d2"}}, "now", ("one",)),
        ({"verdict": {"state": "review", "findings": FOUND}}, "now", ()),
        ({"verdict": {"state": "review", "findings": FOUND}}, "after-review", ("volume: half of it",)),
        ({"verdict": {"state": "review", "findings": FOUND}, "approved": RELEASE}, "after-review", ()),
        ({"verdict": {"state": "note", "findings": FOUND}}, "after-review", ()),
    ],
)
def test_a_receipt_says_why_a_report_may_not_be_mailed_yet(tmp_path, said, mail, reasons):
    assert _read(**said).list_reasons("d1", _tenant(tmp_path, mail)) == reasons


def test_who_decided_is_read_as_it_was_written():
    assert _read(approved=RELEASE).approved == Decision(**RELEASE)


def test_what_another_version_wrote_stays_when_a_receipt_is_amended():
    before = _read(fingerprint="f", stamps={"report.html": [3, "99"]}, later={"x": [1]})
    after = before.amended({"report.html": "d3"}, {"report.html": [4, "100"]}, held=("one",), approved=None)
    assert json.loads(after.written()) == {
        "fingerprint": "f",
        "files": {"report.ipynb": "d1", "report.html": "d3"},
        "stamps": {"report.html": [4, "100"]},
        "held": ["one"],
        "approved": None,
        "later": {"x": [1]},
    }

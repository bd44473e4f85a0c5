"""A batch of sixty tenants by the real commands: every fault is caught, and no clean tenant kept waiting."""

import json
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
import yaml
from review.gate.test_clean import TENANTS, feed
from review.gate.test_faults import CLEAN, FAULTS, PERIOD, READ_AT, REFUSED
from support.feeds import Tables, cut, make_feed
from support.projects import make_project, run
from support.tables import tenant, write_tables

pytestmark = pytest.mark.slow

SIZE = 60
NOW = f"{READ_AT.isoformat()}Z"
MAILED = {"review", "note", "clean"}
PLANTED = {name: plant for name, (_, _, plant) in FAULTS.items()} | REFUSED


@dataclass
class Batch:
    """What became of each tenant, by its id.

    Attributes
    ----------
    status : int
        How ``reports`` ended.
    editions : dict
        What ``_run.json`` says of each.
    receipts : dict
        What its receipt says, where there is one.
    mailed : set of str
        Who is written to: each tenant has one recipient, by its id.
    """

    status: int
    editions: dict[str, dict]
    receipts: dict[str, dict]
    mailed: set[str]


def _clean_tenants() -> dict[str, tuple[Tables, dict]]:
    """Tables and keys of every kind of clean tenant, and of as many offices as make sixty tenants."""
    usual = cut(make_feed(1, weeks=10, a_day=30, noise=0.05), READ_AT)
    guises = {name: (change(usual), {}) for name, change in CLEAN.items()}
    kinds = {name: (cut(make(), READ_AT), keys) for name, (make, keys) in TENANTS.items()}
    count = SIZE - len(PLANTED) - len(kinds) - len(guises)
    offices = {f"office {seed}": (cut(feed(seed)(), READ_AT), {}) for seed in range(100, 100 + count)}
    return kinds | guises | offices


def _add(project: Path, id: str, tables: Tables, keys: dict[str, Any]) -> None:
    write_tables(project / "data" / id, **tables)
    given = tenant(f"data/{id}", recipients=[f"{id}@example.com"], **keys).model_dump(mode="json")
    needed = ("name", "services", "cadence", "time_zone", "recipients", "source", *keys)
    (project / "parameters" / f"{id}.yaml").write_text(yaml.safe_dump({name: given[name] for name in needed}))


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    """The ids of the tenants, by what they are."""
    faulty = {name: f"fault-{number:02}" for number, name in enumerate(PLANTED)}
    return faulty | {name: f"clean-{number:02}" for number, name in enumerate(_clean_tenants())}


@pytest.fixture(scope="module")
def batch(tmp_path_factory, names) -> Batch:
    project = make_project(tmp_path_factory.mktemp("batch"))
    usual = cut(make_feed(1, weeks=10, a_day=30, noise=0.05), READ_AT)
    for name, plant in PLANTED.items():
        _add(project, names[name], plant(usual), {})
    for name, (tables, keys) in _clean_tenants().items():
        _add(project, names[name], tables, keys)
    made = run(project, "reports", "--period", PERIOD, "--jobs", "2", now=NOW, seconds=1800)
    assert "Traceback" not in made.stdout + made.stderr
    assert run(project, "mail", now=NOW, seconds=900).returncode == 3, "what is held is said"
    outputs = project / "outputs"
    about = json.loads((outputs / "_run.json").read_text())
    letters = [message_from_bytes(path.read_bytes()) for path in outputs.glob("_outbox/new/*")]
    return Batch(
        status=made.returncode,
        editions={edition["tenant"]: edition for edition in about["editions"]},
        receipts={
            path.parent.parent.name: json.loads(path.read_text())
            for path in outputs.glob(f"*/{PERIOD}/edition.json")
        },
        mailed={letter["To"].partition("@")[0] for letter in letters},
    )


def test_the_batch_has_sixty_tenants_and_says_that_some_are_held_or_failed(batch):
    assert (len(batch.editions), batch.status) == (SIZE, 3)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_has_the_severity_of_its_kind_and_is_mailed_only_if_that_lets_it(fault, batch, names):
    severity, check, _ = FAULTS[fault]
    id = names[fault]
    verdict = batch.receipts[id]["verdict"]
    assert (check, severity) in [(found["check"], found["severity"]) for found in verdict["findings"]]
    assert bool(batch.editions[id]["held"]) == (verdict["state"] == "hold")
    assert (id in batch.mailed) == (verdict["state"] in MAILED)


@pytest.mark.parametrize("fault", REFUSED)
def test_what_breaks_the_contract_is_no_report_and_goes_to_no_one(fault, batch, names):
    id = names[fault]
    assert "is later than now" in batch.editions[id]["error"]
    assert id not in batch.receipts.keys() | batch.mailed


def test_no_clean_tenant_is_held_refused_or_left_without_its_mail(batch, names):
    clean = [id for id in names.values() if id.startswith("clean-")]
    kept_back = {
        id: batch.editions[id] for id in clean if batch.editions[id]["held"] or id not in batch.mailed
    }
    assert kept_back == {}

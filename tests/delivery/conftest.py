"""What tests of delivery share."""

import os
import tempfile
from pathlib import Path

import pytest
from support.certificates import make_certificates
from support.messages import NOW, SteadyWatch
from support.services import Service

from tidings.delivery.ledger import open_ledger
from tidings.delivery.send import Sending


@pytest.fixture
def tmp_path():
    """A folder in memory, where the system has such: on a busy disk so many ledgers take a minute to sync."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    """An authority, and a certificate for localhost."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def ledger(tmp_path):
    """An empty ledger."""
    with open_ledger(tmp_path / "outputs" / "_delivery.sqlite") as opened:
        yield opened


@pytest.fixture
def watch():
    """A watch whose sleeps take no time."""
    return SteadyWatch()


@pytest.fixture
def sending(watch):
    """Makes the sending of a transport, without waiting."""

    def make(transport, per_minute=None) -> Sending:
        return Sending(transport, per_minute, watch, lambda: NOW)

    return make


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch):
    """The settings of whoever runs the tests must not reach a server."""
    for name in [name for name in os.environ if name.startswith("TIDINGS_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def service(tmp_path, make, monkeypatch):
    """A project with the tenant acme, on Wednesday 18 November 2026."""
    monkeypatch.setenv("TIDINGS_NOW", NOW.isoformat())
    opened = Service(tmp_path / "project", make.report)
    opened.tenant()
    return opened

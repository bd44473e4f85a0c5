"""The table of transports: each is made from the settings, and says what it lacks."""

import pytest

from tidings.delivery.errors import Misconfigured
from tidings.delivery.settings import load_settings
from tidings.delivery.transports.console import Console
from tidings.delivery.transports.outbox import Outbox
from tidings.delivery.transports.smtp import Smtp
from tidings.delivery.transports.table import TRANSPORTS, make_transport


@pytest.fixture
def choose(tmp_path, monkeypatch):
    """Makes the transport that settings choose."""

    def run(**settings: str):
        for name, value in settings.items():
            monkeypatch.setenv(f"TIDINGS_{name}", value)
        return make_transport(load_settings(tmp_path), tmp_path / "outputs")

    return run


def test_without_settings_it_is_the_outbox_in_the_outputs(choose, tmp_path):
    transport = choose()
    transport.open()
    assert isinstance(transport, Outbox)
    assert (tmp_path / "outputs" / "_outbox" / "new").is_dir()


def test_each_name_gives_its_own(choose):
    named = {"outbox": Outbox, "smtp": Smtp, "console": Console}
    server = {"SMTP_URL": "smtp://mail.example.com", "FROM": "a@example.com"}
    assert {name: type(choose(TRANSPORT=name, **server)) for name in TRANSPORTS} == named


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        ({"TRANSPORT": "smtp", "FROM": "a@example.com"}, "TIDINGS_SMTP_URL"),
        ({"TRANSPORT": "smtp", "SMTP_URL": "smtp://mail.example.com"}, "TIDINGS_FROM"),
    ],
)
def test_what_a_transport_lacks_is_asked_for(choose, settings, missing):
    with pytest.raises(Misconfigured, match=missing):
        choose(**settings)


def test_a_name_that_is_none_of_them_is_refused_and_kept_quiet(choose):
    with pytest.raises(Misconfigured, match="TIDINGS_TRANSPORT") as caught:
        choose(TRANSPORT="s3cret")
    assert "outbox, smtp, console" in str(caught.value)
    assert "s3cret" not in str(caught.value)

"""A test mail: the real message to oneself, marked, and not in the ledger."""

import pytest

from tidings.delivery.errors import Misconfigured
from tidings.delivery.service import run_mail, run_trial
from tidings.errors import DeliveryError


def _try(service, to="me@example.com", period=None):
    service.postbox.stored.clear()
    run_trial(service.folders, "acme", period, to, service.sending)
    return service.postbox.messages[0]


def test_it_is_the_newest_edition_marked_as_a_test(service):
    service.finish("2026-W45")
    service.finish("2026-W46")
    message = _try(service)
    assert message["Subject"] == "[Test] Acme, 9 – 15 Nov: Edition 2"
    assert message["To"] == "me@example.com"


def test_or_the_edition_of_a_period(service):
    service.finish("2026-W45")
    service.finish("2026-W46")
    assert "2 – 8 Nov" in _try(service, period="2026-W45")["Subject"]


def test_the_ledger_knows_nothing_of_it_and_the_recipients_still_get_theirs(service):
    service.tenant(recipients="[me@example.com]")
    service.finish()
    trial = _try(service)
    assert service.deliveries() == []
    service.postbox.stored.clear()
    run_mail(service.folders, None, None, service.sending)
    (real,) = service.postbox.messages
    assert real["Message-ID"] != trial["Message-ID"]


def test_every_trial_is_a_message_of_its_own(service):
    service.finish()
    assert _try(service)["Message-ID"] != _try(service)["Message-ID"]


def test_without_a_finished_edition_there_is_nothing_to_try(service):
    with pytest.raises(DeliveryError, match="no finished edition"):
        _try(service)


@pytest.mark.parametrize(
    "to", ["", "me", "me@example.com\nBcc: you@example.com", "a@example.com,b@example.com"]
)
def test_it_goes_to_one_address(service, to):
    service.finish()
    with pytest.raises(Misconfigured):
        _try(service, to)

"""A test mail: the real message to oneself, marked, and not in the ledger."""

import pytest

from tidings.delivery.errors import Misconfigured
from tidings.delivery.service import run_mail, run_trial
from tidings.errors import DeliveryError


def _try(desk, to="me@example.com", period=None):
    desk.postbox.letters.clear()
    run_trial(desk.folders, ("acme", period, to), desk.route)
    return desk.postbox.messages[0]


def test_it_is_the_newest_edition_marked_as_a_test(desk):
    desk.finish("2026-W45")
    desk.finish("2026-W46")
    message = _try(desk)
    assert message["Subject"] == "[Test] Acme: Mon 9 – Sun 15 November 2026"
    assert message["To"] == "me@example.com"


def test_or_the_edition_of_a_period(desk):
    desk.finish("2026-W45")
    desk.finish("2026-W46")
    assert "Mon 2 – Sun 8" in _try(desk, period="2026-W45")["Subject"]


def test_the_ledger_knows_nothing_of_it_and_the_recipients_still_get_theirs(desk):
    desk.tenant(recipients="[me@example.com]")
    desk.finish()
    trial = _try(desk)
    assert desk.deliveries() == []
    desk.postbox.letters.clear()
    run_mail(desk.folders, None, None, desk.route)
    (real,) = desk.postbox.messages
    assert real["Message-ID"] != trial["Message-ID"]


def test_every_trial_is_a_message_of_its_own(desk):
    desk.finish()
    assert _try(desk)["Message-ID"] != _try(desk)["Message-ID"]


def test_without_a_finished_edition_there_is_nothing_to_try(desk):
    with pytest.raises(DeliveryError, match="no finished edition"):
        _try(desk)


@pytest.mark.parametrize(
    "to", ["", "me", "me@example.com\nBcc: you@example.com", "a@example.com,b@example.com"]
)
def test_it_goes_to_one_address(desk, to):
    desk.finish()
    with pytest.raises(Misconfigured):
        _try(desk, to)

"""Since when nothing has come in."""

from datetime import datetime, timedelta

import pytest
from support.tables import assignment, edition_of, message

from tidings.metrics.findings.find import find

_MONDAY = datetime(2026, 11, 9, 9)


def _messages(days):
    """Five messages an hour from 9 to 12 on days counted from Monday 9 November 2026."""
    return [
        message(_MONDAY + timedelta(days=day, hours=hour, minutes=minute))
        for day in days
        for hour in range(3)
        for minute in range(5)
    ]


def _first(folder, days, **keys):
    return find(edition_of(folder, "2026-W46", {"messages": _messages(days)}, **keys))[0]


def test_the_last_message_is_told_where_nothing_came_after_it(tmp_path):
    found = _first(tmp_path, range(-14, 3))
    assert found.sentence == "No messages since Wed 11, 11:04."
    assert (found.kind, found.name) == ("silence", "activity.total_messages")


def test_the_moment_is_that_of_the_tenants_zone(tmp_path):
    found = _first(tmp_path, range(-14, 3), time_zone="America/Bogota")
    assert found.sentence == "No messages since Wed 11, 06:04."


def test_a_silence_like_those_of_other_weeks_is_not_told(tmp_path):
    worked = [week + day for week in (-21, -14, -7, 0) for day in range(5)]
    assert _first(tmp_path, worked).kind != "silence"


def test_a_period_without_messages_says_what_the_one_before_had(tmp_path):
    assert _first(tmp_path, range(-14, 0)).sentence == "There were no messages; the period before had 105."
    assert _first(tmp_path / "none", [7]).sentence == "There were no messages."


def test_few_messages_are_no_silence(tmp_path):
    found = find(edition_of(tmp_path, "2026-W46", {"messages": [message("2026-11-09 10:00")]}))
    assert found[0].sentence == "Users sent one message, on Monday 9."


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (range(-14, 3), "No conversation reached the contact center after Wednesday 11."),
        (range(-14, 0), "No conversation reached the contact center; the period before had 35."),
    ],
)
def test_the_contact_center_is_told_by_the_day(tmp_path, days, sentence):
    rows = [
        assignment(
            f"s{day}-{n}",
            str(_MONDAY + timedelta(days=day, minutes=n)),
            str(_MONDAY + timedelta(days=day, minutes=n + 1)),
        )
        for day in days
        for n in range(5)
    ]
    found = find(edition_of(tmp_path, "2026-W46", {"assignments": rows}, services=["contact-center"]))
    assert found[0].sentence == sentence


def test_a_bot_to_whom_nobody_wrote_says_so(tmp_path):
    edition = edition_of(tmp_path, "2026-W46", {"messages": _messages([-1])}, services=["chatbot"])
    assert [finding.sentence for finding in find(edition)] == ["Nobody wrote to the bot."]

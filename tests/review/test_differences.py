"""Differences between editions, and between an edition before and after it was made anew."""

from datetime import date

import pandas as pd
import pytest
from support.editions import days, write_edition

from tidings.errors import ReportError
from tidings.review.differences import (
    choose_versions,
    compare,
    label,
    list_restated,
    list_restated_after_mailing,
    say,
    show,
    show_change,
)
from tidings.review.history import update_history

LATER = "2026-11-17T06:00:00+00:00"


def _values(monday: int, tuesday: int, first: str = "2026-11-09") -> dict:
    return {
        "activity.total_messages": monday + tuesday,
        "activity.total_messages.previous": 1,
        "activity.incoming_messages": days("incoming_messages", [monday, tuesday], first),
        "report.highlights": [f"{monday + tuesday} messages"],
    }


@pytest.fixture
def restated(tmp_path):
    """An edition made twice: the second time with 14 more messages on Tuesday."""
    first = write_edition(tmp_path, "acme", "2026-W46", _values(30, 50))
    update_history(tmp_path)
    second = write_edition(tmp_path, "acme", "2026-W46", _values(30, 64), made_at=LATER)
    update_history(tmp_path)
    return tmp_path, first, second


def test_an_edition_made_anew_is_held_against_what_it_was(restated):
    outputs, first, second = restated
    before, after = choose_versions(outputs, "acme", "2026-W46", "earlier")
    assert (before.digest, after.digest) == (first, second)
    found = compare(outputs, before, after)
    assert list(found["name"]) == ["activity.total_messages", "activity.incoming_messages"]
    assert list(found["before"]) == [80.0, 50.0]
    assert list(found["after"]) == [94.0, 64.0]
    assert list(found["change"]) == [14.0, 14.0]
    assert found["day"].iloc[1] == date(2026, 11, 10)


def test_a_restatement_is_said_by_day_first(restated):
    outputs, _, _ = restated
    found = compare(outputs, *choose_versions(outputs, "acme", "2026-W46", "earlier"))
    assert say(found) == ["Incoming Messages: 14 more on Tue 10 Nov", "Total Messages (Activity): 80 → 94"]


def test_restated_editions_are_listed_with_what_changed(restated):
    outputs, _, _ = restated
    write_edition(outputs, "beta", "2026-W46", _values(1, 2))
    update_history(outputs)
    said = ["Incoming Messages: 14 more on Tue 10 Nov", "Total Messages (Activity): 80 → 94"]
    assert list_restated(outputs) == {("acme", "2026-W46"): said}


def test_an_edition_made_anew_with_the_same_numbers_is_not_restated(tmp_path):
    write_edition(tmp_path, "acme", "2026-W46", _values(30, 50))
    update_history(tmp_path)
    write_edition(tmp_path, "acme", "2026-W46", _values(30, 50), made_at=LATER)
    update_history(tmp_path)
    assert list_restated(tmp_path) == {}
    found = compare(tmp_path, *choose_versions(tmp_path, "acme", "2026-W46", "earlier"))
    assert found.empty


def test_what_was_mailed_and_restated_since_is_listed(restated):
    outputs, first, second = restated
    key = ("acme", "2026-W46")
    assert list(list_restated_after_mailing(outputs, {key: {first}})) == [key]
    assert list_restated_after_mailing(outputs, {key: {second}}) == {}
    assert list_restated_after_mailing(outputs, {key: {first, second}}) == {}
    assert list_restated_after_mailing(outputs, {}) == {}


def test_days_of_two_periods_are_held_against_each_other_by_their_place(tmp_path):
    write_edition(tmp_path, "acme", "2026-W45", _values(30, 50, "2026-11-02"))
    write_edition(tmp_path, "acme", "2026-W46", _values(30, 51, "2026-11-09"))
    update_history(tmp_path)
    found = compare(tmp_path, *choose_versions(tmp_path, "acme", "2026-W46", "2026-W45"))
    rows = found[found["name"] == "activity.incoming_messages"]
    assert [(row.day, row.before, row.after) for row in rows.itertuples()] == [(date(2026, 11, 10), 50, 51)]


def test_rows_that_only_one_edition_has_are_missing_in_the_other(tmp_path):
    for period, intents in (("2026-W45", ["greet"]), ("2026-W46", ["greet", "refund"])):
        table = pd.DataFrame({"intent": intents, "messages": [5] * len(intents)})
        write_edition(tmp_path, "acme", period, {"chatbot.intents": table})
    update_history(tmp_path)
    found = compare(tmp_path, *choose_versions(tmp_path, "acme", "2026-W46", "2026-W45"))
    assert list(found["intent"]) == ["refund"]
    assert pd.isna(found["before"].iloc[0])
    assert found["after"].iloc[0] == 5


def test_two_rows_of_one_name_are_two(tmp_path):
    for period, numbers in (("2026-W45", [5, 3]), ("2026-W46", [5, 2])):
        table = pd.DataFrame({"intent": [None, None], "messages": numbers})
        write_edition(tmp_path, "acme", period, {"chatbot.intents": table})
    update_history(tmp_path)
    found = compare(tmp_path, *choose_versions(tmp_path, "acme", "2026-W46", "2026-W45"))
    assert [(row.before, row.after) for row in found.itertuples()] == [(3, 2)]


def test_many_differences_are_told_by_the_first_and_their_count(tmp_path):
    names = [f"custom.number_{number}" for number in range(9)]
    for period, value in (("2026-W45", 1), ("2026-W46", 2)):
        write_edition(tmp_path, "acme", period, dict.fromkeys(names, value))
    update_history(tmp_path)
    said = say(compare(tmp_path, *choose_versions(tmp_path, "acme", "2026-W46", "2026-W45")))
    assert said[0] == "custom.number_0: 1 → 2"
    assert said[-1] == "9 values differ in all"
    assert len(said) == 6


@pytest.mark.parametrize(
    ("name", "measure", "before", "after", "told"),
    [
        ("activity.total_messages", None, 80, 94, ("80", "94", "+14")),
        ("activity.average_messages_per_conversation", None, 8.0, 7.96, ("8.0", "8.0", "about the same")),
        ("activity.messages_per_conversation", "messages_per_conversation", 8.0, 8.5, ("8.0", "8.5", "+0.5")),
        (
            "contact_center.wait_time",
            "average_minutes",
            2.0,
            1.5,
            ("2\u00a0min", "1\u00a0min 30\u00a0s", "−30\u00a0s"),
        ),
        ("contact_center.missed_share", None, 0.10, 0.14, ("10%", "14%", "+4 points")),
        ("chatbot.intents", "share", 0.104, 0.093, ("10%", "9%", "−1 point")),
        ("chatbot.intents", "share", 0.101, 0.103, ("10%", "10%", "about the same")),
        (
            "activity.peak_time",
            None,
            "2026-11-09T10:00",
            "2026-11-10T10:00",
            ("2026-11-09T10:00", "2026-11-10T10:00", ""),
        ),
        ("custom.number", None, None, 3, ("–", "3", "")),
    ],
)
def test_numbers_and_changes_are_written_as_on_the_page(name, measure, before, after, told):
    assert (
        show(before, name, measure),
        show(after, name, measure),
        show_change(before, after, name, measure),
    ) == told


def test_a_version_is_named_by_the_first_digits_of_its_digest(restated):
    outputs, first, _ = restated
    assert choose_versions(outputs, "acme", "2026-W46", first[:8])[0].digest == first


@pytest.mark.parametrize(
    ("period", "against", "said"),
    [
        ("2026-W40", "2026-W39", "no such edition has been recorded"),
        ("2026-W46", "2026-W40", "is no edition that was recorded"),
        ("2026-W46", "", "is no edition that was recorded"),
        ("2026-W46", "x" * 500, "is no edition that was recorded"),
    ],
)
def test_what_was_never_recorded_is_refused_in_words(restated, period, against, said):
    with pytest.raises(ReportError, match=said):
        choose_versions(restated[0], "acme", period, against)


def test_where_there_is_nothing_to_compare_with_it_is_said_what_there_is(restated):
    with pytest.raises(ReportError) as refused:
        choose_versions(restated[0], "acme", "2026-W46", "2026-W40")
    assert refused.value.where == "acme, 2026-W46"
    assert refused.value.remedy.startswith("make it, or let AGAINST= name earlier, or the first digits")
    write_edition(restated[0], "acme", "2026-W44", _values(1, 2))
    update_history(restated[0])
    with pytest.raises(ReportError, match="name one of the periods 2026-W44, earlier, or the first digits"):
        choose_versions(restated[0], "acme", "2026-W46", "2026-W40")


def test_numbers_of_one_label_are_told_apart_by_their_sections():
    assert label("activity.total_messages") == "Total Messages (Activity)"
    assert label("contact_center.total_messages") == "Total Messages (Contact Center)"
    assert label("contact_center.missed_conversations") == "Missed Conversations"


def test_an_edition_that_was_made_once_has_nothing_earlier(tmp_path):
    write_edition(tmp_path, "acme", "2026-W46", _values(1, 2))
    update_history(tmp_path)
    with pytest.raises(ReportError, match="made once"):
        choose_versions(tmp_path, "acme", "2026-W46", "earlier")

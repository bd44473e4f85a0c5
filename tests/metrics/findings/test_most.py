"""What there was most of, with its ties."""

import pandas as pd
from support.findings import ranking, recorded, sentences

from tidings.metrics.findings.most import most_asked, most_closed, most_spoken


def _asked(edition, **counts):
    return sentences(
        most_asked, recorded(edition, {"chatbot.intents": ranking("intent", "messages", **counts)})
    )


def test_what_was_asked_for_most_is_told_with_its_share(week):
    assert _asked(week, Balance=60, Roaming=40) == [
        "People asked most for “Balance”: 60% of recognised messages."
    ]


def test_a_few_that_were_asked_for_alike_are_all_named_and_more_are_not(week):
    assert _asked(week, A=2, B=2, C=1) == ["People asked most for “A” and “B”, with 2 messages each."]
    assert _asked(week, A=2, B=2, C=2, D=2, E=1) == [
        "People asked most for 4 intents alike, with 2 messages each."
    ]
    assert _asked(week) == []


def test_all_of_one_kind_is_said_so(week):
    assert _asked(week, greet=7) == ["All recognised messages were about “greet”."]


def test_a_name_is_brief_and_keeps_its_direction(week):
    [found] = most_asked(
        recorded(week, {"chatbot.intents": ranking("intent", "messages", **{"x" * 100_000: 3, "رصيد": 1})})
    )
    assert len(found.sentence) < 120
    assert len(found.headline) <= 60


def test_the_language_of_most_users_is_named(week):
    languages = ranking("language", "users", es=71, en=29)
    assert sentences(most_spoken, recorded(week, {"chatbot.languages": languages})) == [
        "71% of users wrote in Spanish."
    ]


def test_users_whose_language_is_not_known_have_none(week):
    languages = pd.DataFrame({"language": [None, "es"], "users": [90, 10], "share": [0.9, 0.1]})
    assert sentences(most_spoken, recorded(week, {"chatbot.languages": languages})) == [
        "10% of users wrote in Spanish."
    ]


def test_where_no_language_is_known_or_two_tie_the_users_are_counted(week):
    unknown = pd.DataFrame({"language": [None], "users": [9], "share": [1.0]})
    for languages in (unknown, ranking("language", "users", es=4, en=4, fr=1)):
        assert sentences(most_spoken, recorded(week, {"chatbot.languages": languages})) == [
            "9 users wrote to the bot."
        ]


def test_the_reason_of_most_is_told(week):
    reasons = ranking("closing_reason", "conversations", Resolved=47, Abandoned=30)
    assert sentences(most_closed, recorded(week, {"contact_center.closing_reasons": reasons})) == [
        "61% of closed conversations ended with “Resolved”."
    ]

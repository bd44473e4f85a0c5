"""What the bot did alone, and what it did not understand."""

import pytest
from support.findings import ranking, recorded, sentences

from tidings.metrics.findings.bot import automated, unrecognised

_SHARE, _COUNT = "contact_center.automated_share", "contact_center.automated_resolutions"
_UNRECOGNISED, _INTENTS = "chatbot.unrecognised_share", "chatbot.intents"


@pytest.mark.parametrize(
    ("count", "before", "sentence"),
    [
        (1204, None, "63% of conversations never needed a person (1,204 of 1,911)."),
        (1204, 1190, "63% of conversations never needed a person (1,204 of 1,911)."),
        (1204, 900, "63% of conversations never needed a person, up from 47% (1,204 of 1,911)."),
        (900, 1204, "47% of conversations never needed a person, down from 63% (900 of 1,911)."),
    ],
)
def test_the_automated_share_is_told_with_its_change_where_that_is_news(week, count, before, sentence):
    earlier = {_SHARE: before / 1911, _COUNT: before} if before else {}
    numbers = recorded(week, {_SHARE: count / 1911, _COUNT: count}, earlier)
    assert sentences(automated, numbers) == [sentence]


def test_twice_as_many_for_people_is_news_where_the_bot_does_almost_all(week):
    numbers = recorded(week, {_SHARE: 0.9, _COUNT: 9000}, {_SHARE: 0.95, _COUNT: 9500})
    assert sentences(automated, numbers) == [
        "90% of conversations never needed a person, down from 95% (9,000 of 10,000)."
    ]


@pytest.mark.parametrize(
    ("share", "before", "sentence"),
    [
        (0.12, None, "The bot did not understand 12% of the messages."),
        (0.12, 0.118, "The bot did not understand 12% of the messages."),
        (0.12, 0.06, "The bot did not understand 12% of the messages, up from 6%."),
        (0.06, 0.12, "The bot did not understand 6% of the messages, down from 12%."),
    ],
)
def test_the_unrecognised_share_is_told_with_its_change_where_that_is_news(week, share, before, sentence):
    intents = ranking("intent", "messages", Balance=4000, Roaming=880)
    numbers = recorded(week, {_UNRECOGNISED: share, _INTENTS: intents}, {_UNRECOGNISED: before})
    assert sentences(unrecognised, numbers) == [sentence]


def test_a_bot_that_understands_nothing_is_unusual(week):
    [found] = unrecognised(recorded(week, {_UNRECOGNISED: 1.0, _INTENTS: ranking("intent", "messages")}))
    assert found.sentence == "The bot did not understand 100% of the messages."
    assert found.score > 3


def test_nothing_is_told_of_a_bot_that_was_not_asked(week):
    none = recorded(
        week, {_UNRECOGNISED: None, _INTENTS: ranking("intent", "messages"), _SHARE: None, _COUNT: 0}
    )
    assert sentences(unrecognised, none) == sentences(automated, none) == []

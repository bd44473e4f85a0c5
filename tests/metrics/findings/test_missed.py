"""Missed conversations: as a fraction where it is true, with the worst day, and since when."""

from support.findings import daily, recorded, sentences

from tidings.metrics.findings.missed import missed

_NAMES = ("total_conversations", "missed_conversations", "missed_share")


def _numbers(edition, by_day, before=None):
    """The recorded numbers of days with so many handled and missed; and those of so many before."""
    table = daily(
        edition,
        handled=[handled for handled, _ in by_day],
        missed=[count for _, count in by_day],
        other=0,
    )
    values = dict(zip(_NAMES, _headline(*(sum(column) for column in zip(*by_day, strict=True))), strict=True))
    earlier = dict(zip(_NAMES, _headline(*before), strict=True)) if before else {}
    return recorded(
        edition,
        {f"contact_center.{name}": value for name, value in values.items()}
        | {"contact_center.handled_vs_missed": table},
        {f"contact_center.{name}": value for name, value in earlier.items()},
    )


def _headline(handled: int, count: int) -> tuple:
    total = handled + count
    return total, count, count / total if total else None


def test_a_share_near_a_fraction_is_told_as_people_say_it_with_the_worst_day(week):
    days = [(66, 6), (66, 6), (66, 6), (66, 6), (70, 7), (23, 3), (36, 8)]
    assert sentences(missed, _numbers(week, days)) == [
        "One in ten conversations was missed (42 of 435), worst on Sunday 15 (18%)."
    ]


def test_a_share_near_no_fraction_is_told_in_percent(week):
    [found] = missed(_numbers(week, [(43, 7)] * 3 + [(49, 1)] * 4))
    assert found.sentence == "7% of conversations were missed (25 of 350)."
    assert (found.headline, found.name) == ("7% missed", "contact_center.missed_share")


def test_a_change_that_is_news_is_told_with_what_it_was(week):
    days = [(80, 20), (80, 20), (80, 20), (80, 20), (80, 20), (80, 20), (60, 40)]
    [found] = missed(_numbers(week, days, before=(630, 70)))
    assert found.sentence == (
        "23% of conversations were missed, up from 10%: 160 of 700, worst on Sunday 15 (40%)."
    )
    assert found.headline == "23% missed, up from 10%"


def test_a_fall_is_told_as_well(week):
    [found] = missed(_numbers(week, [(95, 5)] * 7, before=(560, 140)))
    assert found.sentence == "5% of conversations were missed, down from 20%: 35 of 700."


def test_a_change_by_chance_is_not_told(week):
    assert sentences(missed, _numbers(week, [(97, 3)] * 7, before=(684, 16))) == [
        "3% of conversations were missed (21 of 700)."
    ]


def test_a_change_from_almost_none_is_told(week):
    assert sentences(missed, _numbers(week, [(97, 3)] * 7, before=(698, 2))) == [
        "3% of conversations were missed, up from <1%: 21 of 700."
    ]


def test_days_with_few_conversations_are_not_the_worst(week):
    days = [(90, 10)] * 6 + [(1, 8)]
    assert "worst" not in sentences(missed, _numbers(week, days))[0]


def test_that_none_was_missed_is_told_where_some_were_answered(week):
    assert sentences(missed, _numbers(week, [(10, 0)] * 7)) == ["No conversation was missed, of 70."]
    assert sentences(missed, _numbers(week, [(0, 0)] * 7)) == []


def test_that_none_was_answered_is_no_good_news(week):
    table = daily(week, handled=0, missed=0, other=[0, 0, 5, 7, 0, 0, 0])
    numbers = {
        "contact_center.total_conversations": 12,
        "contact_center.missed_conversations": 0,
        "contact_center.missed_share": 0.0,
        "contact_center.handled_vs_missed": table,
    }
    [found] = missed(recorded(week, numbers))
    assert found.sentence == "None of the 12 conversations has been answered by an agent."
    assert found.score > 2

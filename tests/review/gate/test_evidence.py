"""What is known of the days before: what was looked up now, and what earlier editions saw."""

from datetime import UTC, date, datetime, timedelta

from support.tables import tenant

from tidings.metrics.observations import OBSERVATIONS
from tidings.periods.period import parse_period
from tidings.review.gate import Evidence, judge
from tidings.review.gate.amounts import volume
from tidings.review.gate.completeness import freshness

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WHO = tenant("data/acme")


def observed(first: str, last: str, rows: int, **changes) -> dict:
    """What a source gives that has the same number of messages every day."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    days = [begin + timedelta(days=number) for number in range((end - begin).days + 1)]
    return {
        "read_at": NOW.isoformat(),
        "watermark": None,
        "newest": f"{last}T23:50:00+00:00",
        "first": f"{first}T00:10:00+00:00",
        "since": first,
        "until": last,
        "days": {"messages": {day.isoformat(): rows for day in days}},
        "silences": [2.0],
    } | changes


def evidence(now: dict, *before: dict, **keys) -> Evidence:
    who = tenant("data/acme", **keys)
    recorded = {"report.edition": {"tenant": "acme", "period": "2026-W47"}, OBSERVATIONS: now}
    return Evidence(who, parse_period("2026-W47", who, NOW), recorded, before, NOW)


def test_days_that_were_not_looked_up_are_those_that_earlier_editions_saw():
    known = evidence(
        observed("2026-11-09", "2026-11-22", 100),
        observed("2026-11-02", "2026-11-15", 90),
        observed("2026-10-26", "2026-11-08", 80),
    )
    counts = known.rows_by_day("messages")
    assert [counts[date(2026, 11, day)] for day in (1, 2, 9)] == [80, 90, 100]
    assert known.totals_before("messages") == [700, 630, 560]
    assert known.weekdays_before("messages", date(2026, 11, 22)) == [100, 90, 80]


def test_days_before_the_first_row_are_not_days_without_rows():
    known = evidence(observed("2026-11-12", "2026-11-22", 100, since="2026-09-21"))
    assert min(known.rows_by_day("messages")) == date(2026, 11, 12)
    assert known.totals_before("messages") == []


def test_a_period_is_compared_without_its_holidays():
    known = evidence(observed("2026-11-02", "2026-11-22", 100), holidays=["2026-11-10", "2026-11-11"])
    assert known.totals_before("messages") == [700, 700]
    assert known.weekdays_before("messages", date(2026, 11, 17)) == [100]


def test_an_engine_that_bills_is_judged_by_what_earlier_editions_saw():
    before = [observed("2026-11-02", "2026-11-15", 100), observed("2026-10-26", "2026-11-08", 100)]
    assert volume(evidence(observed("2026-11-09", "2026-11-22", 100), *before)) == []
    poor = observed("2026-11-09", "2026-11-22", 100)
    poor["days"]["messages"] |= {f"2026-11-{day}": 30 for day in range(16, 23)}
    [finding] = volume(evidence(poor, *before))
    assert (finding.severity.word, finding.sentence) == (
        "hold",
        "210 messages, where 700 are usual: -70%, and as far on most days",
    )


def test_a_watermark_is_believed_in_place_of_the_newest_row():
    early = {"newest": "2026-11-22T09:00:00+00:00", "silences": [2.0, 2.0]}
    assert len(freshness(evidence(observed("2026-11-02", "2026-11-22", 100, **early)))) == 1
    complete = early | {"watermark": "2026-11-23T00:00:00+00:00"}
    assert freshness(evidence(observed("2026-11-02", "2026-11-22", 100, **complete))) == []
    [finding] = freshness(
        evidence(observed("2026-11-02", "2026-11-22", 100, watermark="2026-11-22T12:00:00+00:00"))
    )
    assert "complete until Sun 22 November 2026 12:00" in finding.sentence


def test_an_edition_of_which_nothing_was_observed_is_held():
    recorded = {"report.edition": {"tenant": "acme", "period": "2026-W47"}}
    verdict = judge(Evidence(WHO, parse_period("2026-W47", WHO, NOW), recorded, (), NOW))
    assert verdict.state == "hold"
    assert verdict.reasons() == (
        "observed: the notebook does not say what was observed in the source: make the report again",
    )


def test_the_worst_finding_comes_first_and_is_the_state():
    recorded = {"report.edition": {"tenant": "globex", "period": "2026-W47"}}
    verdict = judge(Evidence(WHO, parse_period("2026-W47", WHO, NOW), recorded, (), NOW))
    assert [finding.check for finding in verdict.findings] == ["isolation", "observed"]
    assert verdict.to_json()["state"] == "refuse"
    assert verdict.to_json()["findings"][1]["severity"] == "hold"

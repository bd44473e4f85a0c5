"""Every claim is true: its numbers, computed once more from what is recorded, stand in its sentence."""

import random
import re
from statistics import median

import pandas as pd
import pytest
from support.findings import daily, ranking, recorded
from support.random_rows import CLOCK_CHANGE, random_tables
from support.tables import edition_of

from tidings.metrics.findings import silence
from tidings.metrics.findings.find import CANDIDATES, find
from tidings.metrics.results import edition_results

_WORDS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten"}
_WORDS[20] = "twenty"
_RANKINGS = [
    ("chatbot.intents", "intent", "messages"),
    ("chatbot.languages", "language", "users"),
    ("contact_center.closing_reasons", "closing_reason", "conversations"),
]
# They look into the source: another test tells of them.
_SILENCES = (silence.no_messages, silence.no_users, silence.no_conversations)
_SPOKEN = {"en": "English", "es": "Spanish", "pt": "Portuguese", "fr": "French"}


def test_on_random_numbers_every_claim_is_true(week, half):
    kinds = set()
    for seed in range(60):
        edition = (week, half)[seed % 2]
        numbers = _random_numbers(edition, random.Random(seed))
        values = {name: result.value for name, result in numbers.results.items()}
        values |= {f"{name}.previous": result.previous for name, result in numbers.results.items()}
        for look in [each for each in CANDIDATES if each not in _SILENCES]:
            for finding in look(numbers):
                kinds.add(str(finding.kind))
                _check(finding, values, edition)
    assert kinds >= {
        "missed",
        "wait",
        "automated",
        "unrecognised",
        "change",
        "day",
        "minute",
        "most",
        "shift",
        "one agent",
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_on_random_rows_every_claim_is_true_and_there_are_few(tmp_path, seed):
    edition = edition_of(tmp_path, CLOCK_CHANGE, random_tables(seed), time_zone="Europe/Amsterdam")
    values = {}
    for result in edition_results(edition):
        values |= {result.metric.name: result.value, f"{result.metric.name}.previous": result.previous}
    found = find(edition)
    assert {finding.section for finding in found} == {"activity", "chatbot", "contact_center"}
    assert [finding.score for finding in found] == sorted((one.score for one in found), reverse=True)
    assert len(found) <= 5
    for finding in found:
        _check(finding, values, edition)


def _random_numbers(edition, chance):
    """Numbers that fit each other, of a busy period or a quiet one, and of the one before."""
    size, days = chance.choice([3, 60, 900]), len(edition.period.days)

    def some(scale):
        return [
            int(scale * chance.uniform(0.6, 1.1) * chance.choice([1, 1, 1, 1, 2.2, 0.1])) for _ in range(days)
        ]

    incoming, handled, missed = some(size), some(size / 3), some(size / 20)
    waits = [chance.uniform(1, 4) * chance.choice([1, 1, 1, 3]) if count else None for count in handled]
    peaks = [min(count, chance.randrange(2, 20) * chance.choice([1, 1, 1, 9])) for count in incoming]
    total, count, assigned = 2 * sum(incoming), sum(missed), sum(handled) + sum(missed)
    resolved, conversations = sum(incoming) // 4, sum(incoming) // 3
    numbers = {
        "activity.new_users": sum(incoming) // 9,
        "activity.total_messages": total,
        "activity.total_conversations": conversations,
        "activity.average_messages_per_conversation": total / conversations if conversations else None,
        "activity.peak_volume": max(peaks),
        "activity.peak_time": f"{edition.period.days[peaks.index(max(peaks))]}T14:03:00+00:00",
        "activity.incoming_messages": daily(edition, incoming_messages=incoming),
        "activity.max_messages_per_minute": daily(edition, max_messages_per_minute=peaks),
        "chatbot.unrecognised_share": chance.choice([None, 0.0, 0.04, 0.3, 1.0]),
        "chatbot.intents": ranking("intent", "messages", a=chance.randrange(1, 9), b=chance.randrange(1, 9)),
        "chatbot.languages": ranking("language", "users", es=chance.randrange(1, 9), en=3),
        "contact_center.total_conversations": assigned,
        "contact_center.missed_conversations": count,
        "contact_center.missed_share": count / assigned if assigned else None,
        "contact_center.handled_vs_missed": daily(edition, handled=handled, missed=missed, other=0),
        "contact_center.wait_time": daily(edition, average_minutes=waits, median_minutes=waits),
        "contact_center.average_wait_minutes": _average(waits, handled),
        "contact_center.automated_resolutions": resolved,
        "contact_center.automated_share": resolved / conversations if conversations else None,
        "contact_center.agent_conversations": pd.DataFrame(
            {
                "agent": ["Ana", "Luz", "Jo"],
                "conversations": sorted([chance.randrange(1, 90), 20, 5], reverse=True),
            }
        ),
    }
    factor = chance.choice([None, 0.5, 0.97, 1.3])
    scalars = {name: value for name, value in numbers.items() if isinstance(value, int | float)}
    before = {name: type(value)(value * factor) for name, value in scalars.items()} if factor else {}
    for name, label, unit in _RANKINGS if factor else ():
        numbers[name], before[name] = (_some_ranking(chance, label, unit, size) for _ in "12")
    return recorded(edition, numbers, before)


def _some_ranking(chance, label, unit, size):
    """Some of a few names, whose order and counts differ from one ranking to the next."""
    counts = {name: chance.choice([0, 1, 2, 2, 9]) * size // 3 for name in ("en", "es", "pt", "fr")}
    given = dict(sorted(counts.items(), key=lambda pair: -pair[1]))
    return ranking(label, unit, **{name: count for name, count in given.items() if count})


def _average(waits, handled):
    total = sum(wait * count for wait, count in zip(waits, handled, strict=True) if wait)
    return total / sum(handled) if sum(handled) else None


def _check(finding, values, edition):
    """See that a sentence says what the recorded values give."""
    claims = _CLAIMS[finding.kind](finding, values, edition)
    assert claims, finding
    for claim in claims:
        assert claim in finding.sentence, finding
    assert len(finding.headline) <= 60
    assert finding.name in values


def _percent(share):
    whole = int(share * 100 + 0.5)
    return "<1%" if 0 < share < 0.005 else ">99%" if 0.995 <= share < 1 else f"{whole:,}%"


def _number(x):
    rounded = round(float(x), 1 if abs(x) < 100 else 0)
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.1f}"


def _minutes(x):
    seconds = int(x * 60 + 0.5)
    parts = [f"{seconds // 60}\u00a0min"] * (seconds >= 60) + [f"{seconds % 60}\u00a0s"] * (seconds % 60 > 0)
    return " ".join(parts)


def _day(day):
    return f"{day:%A} {day.day}"


def _day_in(sentence, table):
    """The row of the day that a sentence names."""
    [row] = [row for row in table.itertuples() if re.search(rf"\b{_day(row.day)}\b", sentence)]
    return row


def _missed(finding, values, edition):
    total, missed = (
        values["contact_center.total_conversations"],
        values["contact_center.missed_conversations"],
    )
    if not missed:
        return [f"of {total:,}" if "No " in finding.sentence else f"{total:,}"]
    claims = [f"{missed:,} of {total:,}"]
    if "One in" in finding.sentence:
        whole = round(total / missed)
        assert missed * whole / total == pytest.approx(1, abs=0.05)
        claims.append(f"One in {_WORDS[whole]} ")
    else:
        claims.append(f"{_percent(missed / total)} of conversations")
    if "from" in finding.sentence:
        before = values["contact_center.missed_share.previous"]
        claims.append(f"{'up' if missed / total > before else 'down'} from {_percent(before)}")
    if "worst" in finding.sentence:
        table = values["contact_center.handled_vs_missed"]
        named = _day_in(finding.sentence, table)
        shares = [
            row.missed / (row.handled + row.missed + row.other)
            for row in table.itertuples()
            if row.handled + row.missed + row.other >= 10
        ]
        share = named.missed / (named.handled + named.missed + named.other)
        assert share == max(shares)
        claims.append(f"({_percent(share)})")
    return claims


def _wait(finding, values, edition):
    average = values["contact_center.average_wait_minutes"]
    claims = [_minutes(average)]
    if "longest" in finding.sentence:
        table = values["contact_center.wait_time"].assign(
            handled=values["contact_center.handled_vs_missed"]["handled"]
        )
        longest = table[table["handled"] >= 10]["average_minutes"].max()
        assert _day_in(finding.sentence, table).average_minutes == longest
        claims.append(_minutes(longest))
    if "from" in finding.sentence:
        before = values["contact_center.average_wait_minutes.previous"]
        claims += [_minutes(before), _percent(abs(average / before - 1))]
        claims.append("rose" if average > before else "fell")
    return claims


def _automated(finding, values, edition):
    share, count = (values[f"contact_center.automated_{name}"] for name in ("share", "resolutions"))
    claims = [f"{_percent(share)} of conversations", f"({count:,} of {round(count / share):,})"]
    if "from" in finding.sentence:
        before = values["contact_center.automated_share.previous"]
        claims.append(f"{'up' if share > before else 'down'} from {_percent(before)}")
    return claims


def _unrecognised(finding, values, edition):
    share = values["chatbot.unrecognised_share"]
    claims = [f"understand {_percent(share)} of"]
    if "from" in finding.sentence:
        before = values["chatbot.unrecognised_share.previous"]
        claims.append(f"{'up' if share > before else 'down'} from {_percent(before)}")
    return claims


def _change(finding, values, edition):
    now, before = values[finding.name], values[f"{finding.name}.previous"]
    days, earlier = len(edition.period.days), len(edition.previous.period.days)
    if days != earlier and "average" not in finding.name:
        now, before, each = now / days, before / earlier, " a day"
    else:
        each = ""
    claims = [f"{_number(now)}{each}", f"from {_number(before)}{each}"]
    if "little" not in finding.sentence:
        claims.append(
            f"{'rose' if now > before else 'fell'} {_percent(abs(now / before - 1))}"
            if "grew" not in finding.sentence
            else _percent(abs(now / before - 1))
        )
    else:
        assert abs(now / before - 1) < 0.1
    return claims


def _out_of_line(finding, values, edition):
    table = values[finding.name]
    counts = table.drop(columns="day").sum(axis=1)
    named = _day_in(finding.sentence, table)
    working = [
        count
        for day, count in zip(table["day"], counts, strict=True)
        if day.weekday() < 5 and day != named.day and _is_inside(day, table["day"], counts)
    ]
    typical, count = median(working), counts[named.Index]
    claims = [f"{int(typical + 0.5):,}"]
    if count:
        claims.append(f"{count:,}")
    if "times" in finding.sentence:
        claims.append(f"{_number(count / typical)} times")
    return claims


def _is_inside(day, days, counts):
    """Whether a day lies between the first and the last with an event."""
    busy = days[counts > 0]
    return busy.min() <= day <= busy.max()


def _minute(finding, values, edition):
    peak, moment = values["activity.peak_volume"], pd.Timestamp(values["activity.peak_time"])
    table = values["activity.max_messages_per_minute"]
    others = table[table["day"].dt.date != moment.date()]["max_messages_per_minute"]
    return [f"{moment:%a} {moment.day}, 14:03: {peak:,} messages", f"has {int(others.median() + 0.5)}"]


def _most(finding, values, edition):
    table = values[finding.name]
    if finding.name == "activity.incoming_messages":
        most, total = table["incoming_messages"].max(), table["incoming_messages"].sum()
        if not total:
            return [f"all {values['activity.total_messages']:,} messages"]
        first = table[table["incoming_messages"] == most]
        if len(first) > 3:
            return [f"{len(first)} days had {most:,} of {total:,}"]
        return [*(_day(day) for day in first["day"]), f"{most:,}" if most > 1 else "one message"]
    first = table[table["share"] == table["share"].max()]
    if first["share"].iloc[0] == 1:
        return ["All "]
    if finding.sentence.endswith("users wrote to the bot."):
        return [f"{table['users'].sum():,} users"]
    tie = f"{first.iloc[0, 1]:,} messages each" if first.iloc[0, 1] > 1 else "one message each"
    return [tie if len(first) > 1 else _percent(first["share"].iloc[0])]


def _shift(finding, values, edition):
    now, before = values[finding.name], values[f"{finding.name}.previous"]
    label, unit, _ = now.columns
    [name] = [
        name
        for name in {*now[label], *before[label]}
        if finding.sentence.startswith((f"“{name}” ", f"{_SPOKEN.get(name)} "))
    ]
    counts = [int(table.loc[table[label] == name, unit].sum()) for table in (now, before)]
    shares = [count / table[unit].sum() for count, table in zip(counts, (now, before), strict=True)]
    days = [len(edition.period.days), len(edition.previous.period.days)]
    rates = [count / each for count, each in zip(counts, days, strict=True)]
    is_alike = days[0] == days[1]
    assert max(counts) >= 20
    for one, other in [shares, rates] if unit != "users" or is_alike else [shares]:
        assert max(one, other) >= 2 * min(one, other)
        assert (one > other) == ("came up" in finding.sentence)
    if is_alike:
        said = [f"{count:,}" for count in counts]
    elif unit == "users":
        said = [_percent(share) for share in shares]
    else:
        said = [f"{rate:.1f}" if rate < 99.95 else f"{rate:,.0f}" for rate in rates]
    said = [words if count else "none" for words, count in zip(said, counts, strict=True)]
    return [f": {said[0]}", f", from {said[1]}", unit if any(counts) else ""]


def _one_agent(finding, values, edition):
    table = values["contact_center.agent_conversations"]
    share = table["conversations"].max() / table["conversations"].sum()
    assert share > 0.5
    return [
        f"{_percent(share)} of the conversations of {len(table)} agents",
        f"({table['conversations'].max()})",
    ]


def _unattended(finding, values, edition):
    hours = values["contact_center.agent_hours_daily"].groupby("day")["hours"].sum()
    outcomes = values["contact_center.handled_vs_missed"].set_index("day").sum(axis=1)
    empty = [
        day
        for day in outcomes.index
        if not hours[day] and outcomes[day] >= 5 and _day(day) in finding.sentence
    ]
    return [f"{int(outcomes[empty].sum()):,} conversations"]


_CLAIMS = {
    "missed": _missed,
    "wait": _wait,
    "automated": _automated,
    "unrecognised": _unrecognised,
    "change": _change,
    "day": _out_of_line,
    "minute": _minute,
    "most": _most,
    "shift": _shift,
    "one agent": _one_agent,
    "unattended": _unattended,
}

"""Checks that the source is all there: that it went on, left out no day, and filled every table."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import exp, lgamma
from statistics import median

from tidings.language.english import counted
from tidings.metrics.observations import COUNTED
from tidings.review.gate.check import Finding, Severity, check
from tidings.review.gate.evidence import Evidence

_HOUR = timedelta(hours=1)
_NEVER = 6  # of so many events a day that have nothing to do with each other, none comes once in a year
_FEW_ROWS = 20  # a day: with fewer, the longest silence so far says little of the next one
_LEAST_LACKING = 3  # rows: with fewer, a share of a small tenant's rows is chance
_SURE_SILENCE, _FEW_GAPS = 3, 5  # times the longest gap between a table's days with rows, and of how many
_SURE = 0.01  # the share below which what one table promises was always in the other
_CHANCE = 0.001  # what comes so seldom of itself is no chance


@check("observed", Severity.HOLD)
def observed(evidence: Evidence) -> Iterator[Finding]:
    """The notebook holds what was observed in the source: without it nothing can be said of the data."""
    if not evidence.observed:
        yield Finding("the notebook does not say what was observed in the source: make the report again")


@check("freshness", Severity.HOLD, parameters=("freshness",))
def freshness(evidence: Evidence) -> Iterator[Finding]:
    """The source goes on to the period's end.

    Its newest row is no longer before the end than the tenant was ever silent in the last eight periods, and
    at least six hours are allowed; twice as long where it has few rows. Holidays at the end do not count. A
    watermark, the newest `complete_until` of a table or file `_watermark`, is believed in place of that, and
    so is `complete_until:` in the tenant's file once it has reached the period's end.
    """
    end, limit = evidence.period.end, evidence.tenant.gate.freshness
    watermark = evidence.instant("watermark")
    if limit is None or not evidence.observed or _is_complete(evidence):
        return
    if watermark and watermark < end:
        yield Finding(
            f"the source says that it is complete until {_moment(watermark, evidence)}, "
            f"which is before the period's end"
        )
    silences = _silences(evidence)
    if watermark or len(silences) < 2:
        return
    longest = max(silences) * (2 if _is_sparse(evidence) else 1)
    allowed = max(limit, longest)
    newest = evidence.instant("newest")
    silence = (end - newest) / _HOUR - 24 * _holidays_since(newest, evidence) if newest else float("inf")
    if silence > allowed:
        last = f"is of {_moment(newest, evidence)}" if newest else "is older than eight periods"
        yield Finding(
            f"the newest row of any table {last}, {silence:,.0f} hours before the period's end, "
            f"where the tenant is never silent for more than {allowed:,.0f}"
            if newest
            else f"the newest row of any table {last}"
        )


@check("started", Severity.NOTE)
def started(evidence: Evidence) -> Iterator[Finding]:
    """The source begins before the period that this one is compared with; else comparisons mean nothing."""
    first, before = evidence.instant("first"), evidence.period.previous()
    looked_further = evidence.observed.get("since", before.first.isoformat()) < before.first.isoformat()
    if first and looked_further and first >= before.start + timedelta(days=1):
        yield Finding(
            f"the source begins on {_moment(first, evidence)}: there is nothing whole to compare with"
        )


@check("empty day", Severity.HOLD, parameters=("empty_day",))
def empty_day(evidence: Evidence) -> Iterator[Finding]:
    """No day is without a message, an assignment or an agent's login, where that weekday always had ten.

    The same weekday of the last eight weeks counts, two of them at least; a tenant with so few conversations
    that a day without is chance is let through. `holidays:` names exceptions.
    """
    least = evidence.tenant.gate.empty_day
    if not least:
        return
    for table in ("messages", "assignments", "agent_sessions"):
        counts = evidence.rows_by_day(table)
        empty = []
        for day in evidence.days:
            before = evidence.weekdays_before(table, day)
            is_sure = len(before) >= 2 and median(before) > _NEVER * evidence.dispersion(table)
            if counts.get(day) == 0 and is_sure and min(before) >= least:
                empty.append((day, min(before)))
        if empty:
            days = ", ".join(f"{day:%a %d %B}" for day, _ in empty)
            yield Finding(
                f"there are no {_words(table)} of {days}, where that weekday always had at least "
                f"{empty[0][1]:,}",
                table=table,
                example=empty[0][0].isoformat(),
            )


@check("half loaded", Severity.HOLD, parameters=("half_loaded",))
def half_loaded(evidence: Evidence) -> Iterator[Finding]:
    """What one table promises is in the other.

    Conversations that started in the period have a message, and assignments of a kind that always has
    messages have one: at most five in a hundred lack it where before less than one in a hundred did. What may
    be chance, since there are few rows, is none.
    """
    limit = evidence.tenant.gate.half_loaded
    for promise in evidence.observed.get("promises", ()) if limit else ():
        lacking, rows, before = promise["wrong"], promise["rows"], promise["before"]
        was_sure = before["rows"] > 0 and before["wrong"] < _SURE * before["rows"]
        is_many = lacking >= _LEAST_LACKING and lacking > limit * rows
        if is_many and was_sure and _chance_of_so_few(promise, before) < _CHANCE:
            what = (
                "conversations that started"
                if promise["table"] == "conversations"
                else (f"{promise['kind']} assignments")
            )
            yield Finding(
                f"{lacking:,} of {rows:,} {what} have no message, where in the period before "
                f"{before['wrong']:,} of {before['rows']:,} had none: one of the tables is loaded in part",
                table=promise["table"],
                column=promise["column"],
                example=promise["example"],
            )


@check("lost rows", Severity.HOLD, parameters=("half_loaded",))
def lost_rows(evidence: Evidence) -> Iterator[Finding]:
    """The source still has the rows of the period before that an earlier edition saw.

    At most five in a hundred are gone since: more are where a file was cut, or rows were removed.
    """
    limit = evidence.tenant.gate.half_loaded
    if not limit:
        return
    for table in COUNTED:
        then, now = evidence.rows_gone(table)
        if then - now >= _LEAST_LACKING and then - now > limit * then:
            yield Finding(
                f"{then - now:,} of the {then:,} {_words(table)} that an earlier edition saw in the period "
                "before are gone: the table is loaded in part, or rows were removed",
                table=table,
            )


@check("stopped", Severity.HOLD, parameters=("empty_table",))
def stopped(evidence: Evidence) -> Iterator[Finding]:
    """No table ends before the period while others go on.

    Its last row is before the period, and was not even a third as long ago between any two of its days with
    rows. Where there are conversations or assignments there are messages, however long ago their last was.
    """
    if not evidence.tenant.gate.empty_table:
        return
    for promise in evidence.observed.get("promises", ())[:1] if not evidence.observed.get("spoken") else ():
        yield Finding(
            f"no message is of the period, which has {counted(promise['rows'], 'row')} of {promise['table']}",
            table="messages",
            example=promise["example"],
        )
        return
    last_days = {table: _days_with_rows(table, evidence) for table in COUNTED}
    goes_on = any(days and days[-1] in evidence.period.days for days in last_days.values())
    for table, days in last_days.items():
        gaps = [(after - before).days for before, after in pairwise(days)]
        if goes_on and len(gaps) >= _FEW_GAPS and days[-1] < evidence.period.first:
            silence = (evidence.period.last - days[-1]).days
            if silence > _SURE_SILENCE * max(gaps):
                yield Finding(
                    f"the last of the {_words(table)} is of {days[-1]:%a %d %B %Y}, while other tables go on",
                    table=table,
                    example=days[-1].isoformat(),
                )


@check("empty table", Severity.HOLD, parameters=("empty_table",))
def empty_table(evidence: Evidence) -> Iterator[Finding]:
    """No table is there without a row of the tenant while others refer to its rows.

    Conversations and assignments refer to their messages.
    """
    if not evidence.tenant.gate.empty_table:
        return
    empty = evidence.observed.get("empty", ())
    for promise in evidence.observed.get("promises", ())[:1] if "messages" in empty else ():
        yield Finding(
            f"table messages is there without a row of the tenant, while the period has "
            f"{counted(promise['rows'], 'row')} of {promise['table']}",
            table="messages",
            example=promise["example"],
        )
    for table in empty:
        for reference in evidence.observed.get("references", ()):
            if reference["target"] == table and reference["wrong"]:
                yield Finding(
                    f"table {table} is there without a row of the tenant, while {reference['wrong']:,} rows "
                    f"of {reference['table']} refer to it by {reference['column']}",
                    table=table,
                    column=reference["column"],
                    example=reference["example"],
                )
                break


def _chance_of_so_few(now: dict[str, int], before: dict[str, int]) -> float:
    """How likely as few rows before, or fewer, would lack something, were it as likely before as it is now.

    That is the one-sided exact test of Fisher.
    """
    rows, wrong = now["rows"] + before["rows"], now["wrong"] + before["wrong"]
    all_ways = _log_of_choices(rows, wrong)
    least = max(0, wrong - now["rows"])
    return sum(
        exp(_log_of_choices(before["rows"], some) + _log_of_choices(now["rows"], wrong - some) - all_ways)
        for some in range(least, before["wrong"] + 1)
    )


def _log_of_choices(rows: int, chosen: int) -> float:
    """The logarithm of the number of ways to choose some of the rows."""
    return lgamma(rows + 1) - lgamma(chosen + 1) - lgamma(rows - chosen + 1)


def _days_with_rows(table: str, evidence: Evidence) -> list[date]:
    return sorted(day for day, rows in evidence.rows_by_day(table).items() if rows)


def _words(table: str) -> str:
    """A table's rows in an operator's words."""
    return table.replace("agent_sessions", "agents' logins")


def _is_complete(evidence: Evidence) -> bool:
    """Whether the source, or the tenant's file, says that the period is complete."""
    until = evidence.tenant.complete_until
    if isinstance(until, datetime):
        is_stated = until >= evidence.period.end
    else:
        is_stated = until is not None and until >= evidence.period.last
    watermark = evidence.instant("watermark")
    return is_stated or (watermark is not None and watermark >= evidence.period.end)


def _silences(evidence: Evidence) -> list[float]:
    """The longest silence of each of the last periods: those looked up now, then those seen before."""
    own = list(evidence.observed["silences"])
    earlier = [observed["silences"][:1] for observed in evidence.observed_before[max(len(own) - 1, 0) :]]
    return (own + [hours for silences in earlier for hours in silences])[:8]


def _is_sparse(evidence: Evidence) -> bool:
    """Whether the source has few rows a day in the time before the period."""
    before = [
        (day, rows)
        for table in ("messages", "conversations", "assignments")
        for day, rows in evidence.rows_by_day(table).items()
        if day < evidence.period.first
    ]
    return sum(rows for _, rows in before) < _FEW_ROWS * len({day for day, _ in before})


def _holidays_since(newest: datetime, evidence: Evidence) -> int:
    """Whole holidays between the newest row and the period's end."""
    last = newest.astimezone(evidence.period.zone).date()
    return sum(last < day <= evidence.period.last for day in evidence.tenant.holidays)


def _moment(instant: datetime, evidence: Evidence) -> str:
    return f"{instant.astimezone(evidence.period.zone):%a %d %B %Y %H:%M}"

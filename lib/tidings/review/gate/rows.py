"""Checks of rows: that they are there once, refer to something, and lie in time as they should."""

from collections.abc import Iterator

from tidings.language.english import counted
from tidings.review.gate.check import Finding, Severity, check
from tidings.review.gate.evidence import Evidence

_FEW_ALIKE = 5  # rows: with fewer, a share of a small tenant's rows is chance


@check("duplicated rows", Severity.HOLD, parameters=("duplicated_rows",))
def duplicated_rows(evidence: Evidence) -> Iterator[Finding]:
    """Rows are not there twice under different ids.

    At most five in a hundred of a day's rows, or of the period's, are like another one in all columns but
    their ids, instants by the second. Of messages those of the bot are left out. Where instants are whole
    minutes, only days on which every row is there twice count.
    """
    limit = evidence.tenant.gate.duplicated_rows
    if not limit:
        return
    for table, days in evidence.observed.get("alike", {}).items():
        shares = {day: (count["alike"], count["rows"]) for day, count in days.items()}
        of_all = tuple(map(sum, zip(*shares.values(), strict=True)))
        over = [
            day
            for day, (alike, rows) in sorted(shares.items())
            if alike >= _FEW_ALIKE and alike > limit * rows
        ]
        if over or (of_all[0] >= _FEW_ALIKE and of_all[0] > limit * of_all[1]):
            alike, rows = shares[over[0]] if over else of_all
            when = (
                f"of {over[0]}" + (f" and {counted(len(over) - 1, 'more day')}" if over[1:] else "")
                if over
                else "in all"
            )
            yield Finding(
                f"{alike:,} of {rows:,} {table} {when} are like another one but for their id: loaded twice?",
                table=table,
                example=over[0] if over else None,
            )


@check("references", Severity.HOLD, Severity.REVIEW, parameters=("references",))
def references(evidence: Evidence) -> Iterator[Finding]:
    """Ids that refer to a table are in it.

    More than one in a hundred that no row has hold the edition, fewer are reviewed. The id of an agent is
    shown as it is, and only reviewed, unless it is plain why it is not found. A likely cause is said: ids
    written as floats, blanks or zeros before them, letters of another case, words for nothing.
    """
    limit = evidence.tenant.gate.references
    for fault in evidence.observed.get("references", ()) if limit else ():
        if not fault["wrong"] or fault["target"] in evidence.observed.get("empty", ()):
            continue
        is_hold = (
            fault["cause"] is not None
            if fault["target"] == "agents"
            else fault["wrong"] > limit * fault["rows"]
        )
        cause = f": {fault['cause']}" if fault["cause"] else ""
        yield Finding(
            f"{fault['wrong']:,} of {fault['rows']:,} {fault['column']} in {fault['table']} are in no row of "
            f"{fault['target']}{cause}",
            Severity.HOLD if is_hold else Severity.REVIEW,
            table=fault["table"],
            column=fault["column"],
            example=fault["example"],
        )


@check("order", Severity.REVIEW, Severity.HOLD, parameters=("order",))
def order(evidence: Evidence) -> Iterator[Finding]:
    """Nothing ends before it begins.

    Two clocks may differ by five seconds. Up to one in a hundred rows are reviewed, more hold the edition.
    Such rows are left out of the averages of times, and readers are told how many.
    """
    limit = evidence.tenant.gate.order
    for fault in evidence.observed.get("backwards", ()) if limit else ():
        periods = (fault, fault["before"])
        wrong, rows = max(((each["wrong"], each["rows"]) for each in periods), key=_share)
        yield Finding(
            f"{fault['column']} is before {fault['earlier']} in {wrong:,} of {rows:,} {fault['table']}",
            Severity.HOLD if wrong > limit * rows else Severity.REVIEW,
            table=fault["table"],
            column=fault["column"],
            example=fault["example"],
        )


def _share(counted: tuple[int, int]) -> float:
    part, whole = counted
    return part / whole if whole else 0.0

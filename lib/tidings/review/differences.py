"""Differences: what two editions recorded, or one edition before and after it was made anew."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pandas as pd
from babel import Locale
from upath import UPath

from tidings.errors import ReportError
from tidings.language import numbers
from tidings.language.english import counted
from tidings.metrics import METRICS
from tidings.metrics.metric import Metric
from tidings.review.history import COLUMNS, read_history, versions

EARLIER = "earlier"
"""What an edition is held against to see what making it anew has changed."""

ENGLISH = Locale.parse("en")
"""Operators are spoken to in English."""

_METRICS = {compute.metric.name: compute.metric for compute in METRICS}
_PLACES = {name: place for place, name in enumerate(_METRICS)}
_NO_KEYS = frozenset(COLUMNS) - {"name", "measure", "day", "agent"}
_MOST_SENTENCES = 5
_MOST_DAYS = 3
_MOST_NAMED = 5


@dataclass(frozen=True)
class EditionVersion:
    """One version of an edition: whose, of when, and the digest of its notebook."""

    tenant: str
    period: str
    digest: str

    def __str__(self) -> str:
        return f"{self.tenant}, {self.period} ({self.digest[:8]})"


def choose_versions(
    outputs: Path | UPath, tenant: str, period: str, against: str
) -> tuple[EditionVersion, EditionVersion]:
    """The two versions that are compared, the earlier one first.

    Parameters
    ----------
    outputs : Path or UPath
        The folder whose history is read.
    tenant, period : str
        The edition.
    against : str
        Another period; ``earlier`` for the edition as it was before it was made anew; or the first six or
        more digits of a version's digest.

    Raises
    ------
    ReportError
        The history has no such edition or version.
    """
    found = versions(outputs)
    found = found[found["tenant"] == tenant]
    mine = list(found.loc[found["period"] == period, "digest"])
    if not mine:
        raise ReportError(
            "no such edition has been recorded",
            where=f"{tenant}, {period}",
            remedy="make it with make report, or see make status for those there are",
        )
    after = EditionVersion(tenant, period, mine[-1])
    if against == EARLIER:
        if len(mine) < 2:
            raise ReportError(
                "was made once, so that there is nothing earlier",
                where=f"{tenant}, {period}",
                remedy="AGAINST= names a period",
            )
        return EditionVersion(tenant, period, mine[-2]), after
    other = list(found.loc[found["period"] == against, "digest"])
    if other:
        return EditionVersion(tenant, against, other[-1]), after
    named = found[found["digest"].str.startswith(against.lower())] if len(against) >= 6 else found[:0]
    if len(named) != 1:
        others = sorted(set(found["period"]) - {period})
        periods = f"one of the periods {', '.join(others[-_MOST_NAMED:])}, " if others else ""
        raise ReportError(
            f"{against[:80]!r} is no edition that was recorded, to compare with",
            where=f"{tenant}, {period}",
            remedy=f"make it, or let AGAINST= name {periods}{EARLIER}, "
            f"or the first digits of a version, such as {mine[0][:8]}",
        )
    return EditionVersion(tenant, named["period"].iloc[0], named["digest"].iloc[0]), after


def compare(outputs: Path | UPath, before: EditionVersion, after: EditionVersion) -> pd.DataFrame:
    """The recorded values in which two versions differ, in the order of the report.

    Days of two periods are held against each other by their place: the first with the first.

    Returns
    -------
    pandas.DataFrame
        ``name``, ``measure`` (missing for a scalar), the keys of tables (``day`` of the later version,
        ``agent``, ``intent`` …), ``before``, ``after`` (numbers or texts, missing where there was none) and
        ``change``, missing where one of them is no number.
    """
    frame = _read_values(outputs, {before.period, after.period}, tenant=before.tenant)
    old, new = (
        frame[(frame["period"] == version.period) & (frame["digest"] == version.digest)]
        for version in (before, after)
    )
    return _differences(old, new)


def list_restated(
    outputs: Path | UPath, periods: Iterable[str] | None = None
) -> dict[tuple[str, str], list[str]]:
    """What making editions anew changed in their numbers, by tenant and period.

    Returns
    -------
    dict
        Sentences such as "Incoming Messages: 14 more on Tue 17 Nov"; editions whose numbers stayed the same
        are not in it.
    """
    pairs = []
    for key, digests in _digests(versions(outputs, periods)):
        if len(digests) > 1:
            earlier, last = (EditionVersion(*key, digest) for digest in digests[-2:])
            pairs.append((earlier, last))
    return _say_each(outputs, pairs)


def list_restated_after_mailing(
    outputs: Path | UPath, mailed: Mapping[tuple[str, str], Iterable[str]]
) -> dict[tuple[str, str], list[str]]:
    """What readers were told otherwise: editions that were mailed, and whose numbers are others now.

    Parameters
    ----------
    outputs : Path or UPath
        The folder whose history is read.
    mailed : mapping
        The digests of the notebooks that messages were made from, by tenant and period.

    Returns
    -------
    dict
        As of `list_restated`.
    """
    pairs = []
    for key, digests in _digests(versions(outputs, {period for _, period in mailed})):
        sent = [digest for digest in digests[:-1] if digest in set(mailed.get(key, ()))]
        if sent and digests[-1] not in mailed[key]:
            pairs.append((EditionVersion(*key, sent[-1]), EditionVersion(*key, digests[-1])))
    return _say_each(outputs, pairs)


def say(differences: pd.DataFrame) -> list[str]:
    """The differences in at most six sentences: counts by day first, then the numbers of the whole period."""
    sentences, told = [], 0
    keys = [
        key
        for key in differences.columns
        if key not in ("name", "measure", "day", "before", "after", "change")
    ]
    daily = differences[
        differences["day"].notna() & differences["change"].notna() & differences[keys].isna().all(axis=1)
    ]
    for key, rows in daily.groupby(["name", "measure"], sort=False):
        name, measure = cast(tuple[str, str], key)
        if len(rows) <= _MOST_DAYS and (rows["change"] % 1 == 0).all():
            changes = zip(rows["change"], rows["day"], strict=True)
            days = [f"{_more(change)} on {numbers.day(day, ENGLISH)}" for change, day in changes]
            sentences.append(f"{label(name, measure)}: {', '.join(days)}")
            told += len(rows)
    scalars = differences[differences["measure"].isna()]
    for name, before, after in zip(scalars["name"], scalars["before"], scalars["after"], strict=True):
        sentences.append(f"{label(name)}: {show(before, name)} → {show(after, name)}")
        told += 1
    shown = sentences[:_MOST_SENTENCES]
    if len(sentences) > len(shown) or told < len(differences):
        shown.append(f"{counted(len(differences), 'value differs', 'values differ')} in all")
    return shown


def label(name: str, measure: str | None = None) -> str:
    """What a recorded value is called: its metric's label, and the column where that says something else.

    Where two sections have a number of that label, its own is named.
    """
    metric = _METRICS.get(name)
    if metric is None:
        return name if measure is None else f"{name} ({measure})"
    if measure is None or measure.replace("_", " ") == metric.label.lower():
        sections = {_section(other) for other in _METRICS.values() if other.label == metric.label}
        return f"{metric.label} ({_section(metric)})" if len(sections) > 1 else metric.label
    return f"{metric.label} ({measure.replace('_', ' ')})"


def _section(metric: Metric) -> str:
    return metric.name.partition(".")[0].replace("_", " ").title()


def show(value: Any, name: str = "", measure: str | None = None) -> str:
    """A recorded value as the page writes it, in its metric's unit; "–" where there was none."""
    if pd.isna(value):
        return numbers.NONE
    if isinstance(value, str):
        return value
    metric = _METRICS.get(name)
    if metric and metric.counts == "average" and metric.unit == "messages":
        return numbers.average(value, ENGLISH)
    return numbers.quantity(value, _unit(name, measure), ENGLISH)


def show_change(before: Any, after: Any, name: str = "", measure: str | None = None) -> str:
    """By how much a number changed, as the page writes it: "+14", "−3 min", a share by points.

    "about the same" where that rounds to nothing, and "" where one of the two is no number.
    """
    change = _change(before, after)
    if change is None:
        return ""
    if _unit(name, measure) == "share":
        points = abs(numbers.percent_points(after) - numbers.percent_points(before))
        size, nothing = counted(points, "point"), "0 points"
    else:
        size, nothing = show(abs(change), name, measure), show(0, name, measure)
    return "about the same" if size == nothing else f"{'+' if change > 0 else '−'}{size}"


def _unit(name: str, measure: str | None) -> str:
    return "share" if measure == "share" else _METRICS[name].unit if name in _METRICS else ""


def _read_values(outputs: Path | UPath, periods: Iterable[str], tenant: str | None = None) -> pd.DataFrame:
    """What every version of these periods recorded of its own period: numbers and texts with their keys."""
    frame = read_history(outputs, tenant=tenant, periods=periods, every_version=True)
    of_metrics = ~frame["name"].str.startswith(("report.", "gate.")) & ~frame["name"].str.endswith(
        ".previous"
    )
    return frame.loc[
        of_metrics, [name for name in frame.columns if name not in ("picture", "seconds", "version")]
    ]


def _digests(found: pd.DataFrame) -> Iterator[tuple[tuple[str, str], list[str]]]:
    """The versions of each edition, the oldest first, by tenant and period."""
    for key, rows in found.groupby(["tenant", "period"]):
        yield cast(tuple[str, str], key), list(rows["digest"])


def _say_each(
    outputs: Path | UPath, pairs: Iterable[tuple[EditionVersion, EditionVersion]]
) -> dict[tuple[str, str], list[str]]:
    """What differs between the two versions of each edition, where anything does."""
    chosen = list(pairs)
    if not chosen:
        return {}
    frame = _read_values(outputs, {after.period for _, after in chosen})
    # After an upgrade all editions are new and few numbers are: sums of hashes tell which without comparing.
    frame["hash"] = pd.util.hash_pandas_object(
        frame.drop(columns=["digest", "made_at", "position"]), index=False
    )
    sides = dict(iter(frame.groupby(["tenant", "period", "digest"])))
    said = {}
    for pair in chosen:
        old, new = (sides[each.tenant, each.period, each.digest] for each in pair)
        if old["hash"].sum() == new["hash"].sum():
            continue
        if sentences := say(_differences(old.drop(columns="hash"), new.drop(columns="hash"))):
            said[pair[1].tenant, pair[1].period] = sentences
    return said


def _differences(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    old, new = old.copy(), new.copy()
    if set(old["period"]) != set(new["period"]):
        old["day"] = _moved(old["day"], new["day"])
    keys = [column for column in old.columns if column not in _NO_KEYS]
    for side in (old, new):
        side["twin"] = side.groupby(keys, dropna=False).cumcount()
        side["said"] = side["value"].astype(object).where(side["value"].notna(), side["text"])
    both = old[[*keys, "twin", "said"]].merge(
        new[[*keys, "twin", "said", "position"]], on=[*keys, "twin"], how="outer", suffixes=("_old", "_new")
    )
    both = both.rename(columns={"said_old": "before", "said_new": "after"})
    pairs = list(zip(both["before"], both["after"], strict=True))
    both["change"] = [_change(*pair) for pair in pairs]
    both["place"] = both["name"].map(_PLACES).fillna(len(_PLACES))
    both = both[[_differ(*pair) for pair in pairs]]
    both = both.sort_values(["place", "name", "position", "measure"], kind="stable", ignore_index=True)
    used = [key for key in keys if key in ("name", "measure", "day") or both[key].notna().any()]
    return both[[*used, "before", "after", "change"]]


def _moved(old: pd.Series, new: pd.Series) -> pd.Series:
    """Days as far from the later edition's first day as they are from their own."""
    if old.isna().all() or new.isna().all():
        return old
    distance = min(new.dropna()) - min(old.dropna())
    return old.map(lambda day: day if pd.isna(day) else day + distance)


def _differ(before: Any, after: Any) -> bool:
    if pd.isna(before) or pd.isna(after):
        return not (pd.isna(before) and pd.isna(after))
    if isinstance(before, str) or isinstance(after, str):
        return before != after
    return not math.isclose(before, after, rel_tol=1e-9, abs_tol=1e-12)


def _change(before: Any, after: Any) -> float | None:
    are_numbers = not any(isinstance(one, str) or pd.isna(one) for one in (before, after))
    return after - before if are_numbers else None


def _more(change: float) -> str:
    return f"{abs(change):,.0f} {'more' if change > 0 else 'fewer'}"

"""What shapes take: kinds of results by their columns, and the refusal, in words, of what is of another."""

from dataclasses import dataclass
from enum import Enum
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_dtype, is_hashable, is_numeric_dtype

from tidings.errors import ChartError
from tidings.metrics.edition import Edition
from tidings.metrics.metric import Metric, Result
from tidings.periods.period import Period

_LARGEST = 10**15  # beyond which a float does not have every whole number


class Role(Enum):
    """What a column of a table holds."""

    DAY = "days"
    NAME = "names"
    NUMBER = "numbers"


@dataclass(frozen=True)
class Column:
    """A column of a kind of table; where it has no name of its own, it may have any but ``day``."""

    role: Role
    name: str | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of result.

    Attributes
    ----------
    words : str
        What it is, for those who gave another.
    choices : tuple of tuple of Column
        The columns that it may have, in order; a number on its own has none.
    is_unique : bool
        Whether no two rows may have the same day and name.
    is_named : bool
        Whether each row has to have a name.
    is_signed : bool
        Whether numbers may be below 0.
    is_full : bool
        Whether no number may be missing.
    """

    words: str
    choices: tuple[tuple[Column, ...], ...]
    is_unique: bool = True
    is_named: bool = False
    is_signed: bool = False
    is_full: bool = False

    def columns_of(self, names: tuple[str, ...]) -> tuple[Column, ...] | None:
        """The choice that columns of these names are; None where they are of another kind."""
        for choice in self.choices:
            if len(choice) == len(set(names)) == len(names) and all(
                name != "day" if column.name is None else name == column.name
                for column, name in zip(choice, names, strict=True)
            ):
                return choice
        return None

    def sample(self, edition: Edition) -> Result:
        """A tiny result of this kind, for a rehearsal: all its numbers are 1."""
        columns, days = self.choices[0], edition.period.days
        names = tuple(column.name or column.role.value for column in columns)
        metric = Metric("", "Sample", "messages", names, None, (), (), False, "")
        if not columns:
            return Result(metric, edition, 1, 1)
        rows = len(days) if columns[0].role is Role.DAY else 2
        table = {
            Role.DAY: pd.DatetimeIndex(days[:rows]),
            Role.NAME: ["one"] * rows if columns[0].role is Role.DAY else ["one", "another"],
            Role.NUMBER: [1] * rows,
        }
        filled = {name: table[column.role] for name, column in zip(names, columns, strict=True)}
        return Result(metric, edition, pd.DataFrame(filled))


_DAY, _NAME, _NUMBER = Column(Role.DAY, "day"), Column(Role.NAME), Column(Role.NUMBER)
_SHARE = Column(Role.NUMBER, "share")


def _columns(role: Role, *names: str) -> tuple[Column, ...]:
    return tuple(Column(role, name) for name in names)


SCALAR = Kind("one number", ((),))
DAILY = Kind(
    "a table by day: `day`, and one column of numbers or an average and a median",
    ((_DAY, _NUMBER), (_DAY, *_columns(Role.NUMBER, "average_minutes", "median_minutes"))),
)
BY_OUTCOME = Kind(
    "a table by day of outcomes: `day`, `handled`, `missed`, `other`",
    ((_DAY, *_columns(Role.NUMBER, "handled", "missed", "other")),),
    is_full=True,
)
BY_AGENT = Kind("a table by day and agent: `day`, a name, a number", ((_DAY, _NAME, _NUMBER),), is_named=True)
RANKING = Kind(
    "a table of names: a name, a number and, where there is one, its `share`",
    ((_NAME, _NUMBER), (_NAME, _NUMBER, _SHARE)),
)
SHARES = Kind("a table of parts: a name, a number and its `share`", ((_NAME, _NUMBER, _SHARE),))
PATHS = Kind(
    "a table of paths: `entry_point`, `start_flow`, `first_intent`, `conversations`",
    (
        (
            *_columns(Role.NAME, "entry_point", "start_flow", "first_intent"),
            *_columns(Role.NUMBER, "conversations"),
        ),
    ),
    is_unique=False,
)
STATEMENT = Kind(
    "a statement: a name and a number in each line",
    ((_NAME, _NUMBER),),
    is_named=True,
    is_signed=True,
    is_full=True,
)


def check_result(given: Any, kind: Kind, where: str, remedy: str) -> None:
    """Refuse a result that is not of a kind, or whose table has values that no chart can show.

    Parameters
    ----------
    given : Result
        Where the source cannot give its value, its declared columns are held against the kind.
    kind : Kind
        What is wanted.
    where : str
        The shape that wants it, for the message.
    remedy : str
        What to do with a result of another kind.

    Raises
    ------
    ChartError
        It says which column or row is wrong, and how to mend it.
    """
    if not isinstance(given, Result):
        what = f"it takes {kind.words}; this is of type {type(given).__name__}"
        raise ChartError(what, where=where, remedy=_make_result(given))
    table, names = given.value, names_of(given)
    columns = kind.columns_of(names)
    if columns is None:
        what = f"a table of {', '.join(names)}" if names else "one number"
        of = given.metric.name or given.metric.label
        raise ChartError(f"it takes {kind.words}; {of} is {what}", where=where, remedy=remedy)
    if not isinstance(table, pd.DataFrame):
        known = [each for each in (table, given.previous) if isinstance(each, Real)]
        _check_size(np.array(known, dtype=float), where)
        return
    if table.empty or not given.available:
        return
    for name, column in zip(names, columns, strict=True):
        _check_column(table[name], column.role, kind, f"{where}, column {name!r}")
    if "share" in names:
        _check_shares(table["share"], table[names[1]], f"{where}, column 'share'")
    keys = [name for name, column in zip(names, columns, strict=True) if column.role is not Role.NUMBER]
    if kind.is_named and any(table[key].isna().any() for key in keys):
        remedy = "name each row, or leave it out"
        raise ChartError("a row has no name", where=f"{where}, column {keys[-1]!r}", remedy=remedy)
    if kind.is_unique and len(set(zip(*(table[key] for key in keys), strict=True))) < len(table):
        _check_unique(table[keys], where)
    if columns and columns[0].role is Role.DAY:
        _check_days(table["day"], given.edition.period, where, complete=keys == ["day"])


def names_of(result: Result) -> tuple[str, ...]:
    """The columns of a result: of its table, else as declared; none of a number."""
    if isinstance(result.value, pd.DataFrame):
        return tuple(map(str, result.value.columns))
    return result.metric.columns if result.value is None else ()


def _make_result(given: Any) -> str:
    """How to make a result of what is none."""
    if callable(given):
        return "call the metric with the edition: activity.incoming_messages(edition)"
    if isinstance(given, pd.Series):
        return "make a data frame of it: series.reset_index()"
    return "give what a metric returns, or a pandas data frame with unit=, title= and edition="


def _check_column(values: pd.Series, role: Role, kind: Kind, where: str) -> None:
    if role is Role.DAY:
        if not is_datetime64_dtype(values.dtype):
            remedy = "make them days of the tenant's zone: pd.to_datetime(frame['day'])"
            raise ChartError(f"it holds {values.dtype}, and no days", where=where, remedy=remedy)
    elif role is Role.NAME:
        if is_datetime64_dtype(values.dtype) or (is_numeric_dtype(values.dtype) and values.notna().any()):
            remedy = f"make them names: frame[{values.name!r}].astype(str)"
            raise ChartError(f"it holds {values.dtype}, and no names", where=where, remedy=remedy)
        if not values.map(is_hashable).all():
            remedy = f"make each a name: frame[{values.name!r}].astype(str)"
            raise ChartError("it holds lists, and no names", where=where, remedy=remedy)
    elif not is_numeric_dtype(values.dtype) or is_bool_dtype(values.dtype):
        remedy = f"make them numbers: frame[{values.name!r}].astype(float)"
        raise ChartError(f"it holds {values.dtype}, and no numbers", where=where, remedy=remedy)
    else:
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        _check_size(numbers, where)
        if kind.is_full and np.isnan(numbers).any():
            raise ChartError("a number is missing", where=where, remedy="give 0 where there was none")
        if not kind.is_signed and (numbers < 0).any():
            remedy = "show what is 0 or more; every axis and every bar begins at 0"
            raise ChartError(f"a number is below 0: {np.nanmin(numbers):g}", where=where, remedy=remedy)


def _check_size(numbers: np.ndarray, where: str) -> None:
    """What is infinite, or so large that it is not told from the next, can be neither drawn nor written."""
    if np.isinf(numbers).any():
        raise ChartError("a number is infinite", where=where, remedy="leave out what is divided by 0")
    if (np.abs(numbers) > _LARGEST).any():
        remedy = "show it in a larger unit, such as millions"
        raise ChartError(f"a number is beyond {_LARGEST:,}", where=where, remedy=remedy)


def _check_shares(shares: pd.Series, values: pd.Series, where: str) -> None:
    """What is above 0 has a share; of nothing at all no share can be said."""
    if (shares > 1 + 1e-9).any():
        raise ChartError("a share is above 1", where=where, remedy="give shares from 0 to 1, not percent")
    if (shares.isna() & (values > 0)).any():
        raise ChartError("a share is missing", where=where, remedy="give each value above 0 its share")


def _check_unique(keys: pd.DataFrame, where: str) -> None:
    """Two rows without a name are both shown as not given; two rows of one name would be taken for two."""
    alike = keys.duplicated()
    repeated = keys[alike & keys.notna().all(axis=1)] if alike.any() else keys[:0]
    if not repeated.empty:
        row = ", ".join(str(value).removesuffix(" 00:00:00") for value in repeated.iloc[0])
        raise ChartError(
            f"two rows are of {row}",
            where=f"{where}, column {' and '.join(map(repr, keys))}",
            remedy=f"add them up: frame.groupby({list(keys)}, as_index=False).sum()",
        )


def _check_days(days: pd.Series, period: Period, where: str, *, complete: bool) -> None:
    where, wanted = f"{where}, column 'day'", pd.DatetimeIndex(period.days)
    if np.array_equal(days, wanted):
        return
    strange = days[~days.isin(wanted)]
    if not strange.empty:
        day = "a missing day" if pd.isna(strange.iloc[0]) else str(strange.iloc[0])
        remedy = f"keep the days of {period.first} to {period.last}, each at midnight and without a zone"
        raise ChartError(f"{day} is no day of the period", where=where, remedy=remedy)
    absent = wanted.difference(days.tolist())
    if complete and len(absent):
        remedy = "give each day of the period a row, with 0 or a missing value where that is the truth"
        raise ChartError(f"{absent[0]:%Y-%m-%d} has no row", where=where, remedy=remedy)
    if complete and not days.is_monotonic_increasing:
        raise ChartError("days are not in order", where=where, remedy="sort them: frame.sort_values('day')")

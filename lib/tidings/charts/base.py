"""What shapes share: how they are declared, and what stands around a picture or in its place."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

import numpy as np
import pandas as pd
from babel import Locale
from pandas.api.types import (
    is_bool_dtype,
    is_extension_array_dtype,
    is_integer_dtype,
    is_numeric_dtype,
)

from tidings.charts.draw.scale import LEAST
from tidings.charts.draw.sheet import Sheet
from tidings.charts.kinds import Kind, check_result, names_of
from tidings.charts.style.fonts import lacking
from tidings.errors import ChartError
from tidings.language import numbers
from tidings.language.catalogue import translate
from tidings.language.names import tell_apart
from tidings.language.sentences import quote, say
from tidings.metrics.edition import Edition
from tidings.metrics.metric import Metric, Result, Unit, word_column
from tidings.parts.part import Chart, Column, DataTable, Notice, Part

_NAME = 80  # characters of a name in a data table; the recorded table has the whole

_FRAMES = """

In place of a result it takes a pandas data frame with the columns of one, and then needs:

unit : str
    What is counted or measured: ``messages``, ``minutes``, ``share`` …; "" where that says nothing.
title : str
    As above.
edition : Edition
    Whose days, language and colours they are.
definition : str, optional
    What the numbers mean, in a sentence for readers.
"""

_FOR_FRAMES = [
    inspect.Parameter("unit", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=str | None),
    inspect.Parameter("definition", inspect.Parameter.KEYWORD_ONLY, default="", annotation=str),
    inspect.Parameter("edition", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Edition | None),
]


@dataclass(frozen=True)
class Caption:
    """What stands around a picture.

    Attributes
    ----------
    title : str
        The metric's name, or the analyst's own title.
    finding : str
        What the picture shows, in words with a number; no full stop.
    alt : str
        For those who cannot see it: a sentence on what is drawn and between which values.
    table : DataTable
        All its data, as made by `table`.
    notes : tuple of str
        Sentences to print under it beside the result's own.
    names : tuple of str
        Those that the picture shows.
    """

    title: str
    finding: str
    alt: str
    table: DataTable
    notes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def table(labels: Sequence[str], rows: Sequence[Sequence[str]], names: int = 1) -> DataTable:
    """The data of a chart as text: the first ``names`` columns hold names, the others numbers.

    Long names are cut, and still told apart.
    """
    columns = tuple(Column(label, place >= names) for place, label in enumerate(tell_apart(labels, _NAME)))
    shown = [_shorten({row[place] for row in rows}) for place in range(names)]
    cut = [(*(short[name] for short, name in zip(shown, row, strict=False)), *row[names:]) for row in rows]
    return DataTable(columns, tuple(cut))


def _shorten(names: Iterable[str]) -> dict[str, str]:
    """What is shown for each name."""
    whole = sorted(names)
    return dict(zip(whole, tell_apart(whole, _NAME), strict=True))


def heading(column: str, locale: Locale) -> str:
    """A column's name as readers see it: "closing_reason" is "Closing reason"."""
    return translate(word_column(column), locale)


def chart_part(result: Result, caption: Caption, sheet: Sheet) -> Part:
    """A chart: what is drawn on a sheet, with its caption around it."""
    return Chart(
        metric=result.metric.name,
        title=caption.title,
        finding=caption.finding,
        definition=result.definition,
        notes=(*result.notes, *caption.notes),
        alt=say(
            "{title}. {finding}. {description}",
            result.edition.tenant.locale,
            title=caption.title,
            finding=caption.finding,
            description=caption.alt,
        ),
        width=sheet.width,
        height=sheet.height,
        wide=sheet.wide,
        table=caption.table,
        undrawn=lacking("".join(caption.names)),
        empty=is_empty(result),
        png=sheet.png(),
    )


def number_unreadable(names: Sequence[str], locale: Locale) -> tuple[dict[str, str], tuple[str, ...]]:
    """What a picture shows for each name, and the notes that explain it.

    A name with letters that no font has would be a row of dots: a number stands for it, and a note says
    whose it is.
    """
    unreadable = [name for name in dict.fromkeys(names) if any(map(str.isalpha, lacking(name)))]
    numbered = {name: f"({numbers.number(place, locale)})" for place, name in enumerate(unreadable, start=1)}
    notes = tuple(
        say("In the picture {number} is {name}.", locale, number=number, name=quote(name, locale))
        for name, number in numbered.items()
    )
    return _shorten(names) | numbered, notes


def notice(result: Result, title: str | None = None) -> Part:
    """What stands in place of a chart whose data the source does not have."""
    text = say("Not available from this source.", result.edition.tenant.locale)
    return Notice(title or result.label, text)


def nothing(result: Result, title: str | None = None) -> Part:
    """Say that the period has nothing of a kind: known and 0, unlike what the source cannot give."""
    text = say("There was nothing to show in this period.", result.edition.tenant.locale)
    return Notice(title or result.label, text, empty=True)


def is_empty(result: Result) -> bool:
    """Whether a table has no value that can be told from 0; a share beside the value says nothing of that."""
    if result.value is None:
        return True
    names = [name for name, dtype in result.value.dtypes.items() if dtype.kind in "iuf"]
    values = [name for name in names if name != "share"] or names
    return not any((result.value[name] > LEAST).any() for name in values)


@dataclass(frozen=True)
class Shape:
    """A shape of the report: its function by name, and the kind of result that it takes."""

    name: str
    takes: Kind
    show: Callable[..., Part | None]

    def rehearse(self, edition: Edition) -> Part | None:
        """Show a tiny result, so that what libraries do on first use is done."""
        return self.show(self.takes.sample(edition))


SHAPES: dict[str, Shape] = {}


def shape(
    takes: Kind, *, total: Kind | None = None, order: Kind | None = None, draws_nothing: bool = True
) -> Callable[[Callable[..., Part | None]], Callable[..., Part | None]]:
    """Declare a function of a result as a shape of the report.

    The declared function also takes a data frame with a unit, a title and an edition; refuses a result of
    another kind; and gives a notice where the source cannot give the data. Its ``title`` is never None.

    Parameters
    ----------
    takes : Kind
        Of its first argument.
    total, order : Kind, optional
        Of its arguments ``total`` and ``order``, where it has them.
    draws_nothing : bool
        Whether there is a picture too where no value is above 0; else a notice stands there.
    """

    def declare(draw: Callable[..., Part | None]) -> Callable[..., Part | None]:
        where, signature = f"charts.{draw.__name__}", inspect.signature(draw)
        first = next(iter(signature.parameters))

        @wraps(draw)
        def show(
            *args: Any,
            unit: str | None = None,
            definition: str = "",
            edition: Edition | None = None,
            **options: Any,
        ) -> Part | None:
            bound = signature.bind(*args, **options)
            title, result = bound.arguments.get("title"), bound.arguments[first]
            if isinstance(result, pd.DataFrame):
                result = read_frame(
                    result, where, unit=unit, title=title, definition=definition, edition=edition
                )
            elif unit is not None or edition is not None or definition:
                remedy = "leave out unit, definition and edition, or give a data frame with them"
                raise ChartError("a result brings its own", where=where, remedy=remedy)
            check_result(result, takes, where, _name_others(result))
            for name, kind in {"total": total, "order": order}.items():
                if kind and bound.arguments.get(name) is not None:
                    remedy = "give the metric that counts the same for the whole period"
                    check_result(bound.arguments[name], kind, f"{where}, {name}", remedy)
            title = title or result.label
            if not result.available:
                return notice(result, title)
            if result.value is None or (not draws_nothing and is_empty(result)):
                return nothing(result, title)
            bound.arguments |= {first: result, "title": title}
            return draw(*bound.args, **bound.kwargs)

        show.__doc__ = inspect.cleandoc(draw.__doc__ or "") + _FRAMES
        parameters = [*signature.parameters.values(), *_FOR_FRAMES]
        cast(Any, show).__signature__ = signature.replace(parameters=parameters)
        return register(takes)(show)

    return declare


def register(takes: Kind) -> Callable[[Callable[..., Part | None]], Callable[..., Part | None]]:
    """Note a function as a shape, where the rehearsal before the fork and refusals find it."""

    def note(show: Callable[..., Part | None]) -> Callable[..., Part | None]:
        SHAPES[show.__name__] = Shape(show.__name__, takes, show)
        return show

    return note


def read_frame(
    frame: pd.DataFrame,
    where: str,
    *,
    unit: str | None,
    title: str | None,
    definition: str,
    edition: Edition | None,
) -> Result:
    """A data frame of the analyst's own as a result of a metric that has no name and is not recorded.

    Raises
    ------
    ChartError
        The unit, the title or the edition is not given.
    """
    if unit is None or not title or edition is None:
        given = {"unit": unit, "title": title or None, "edition": edition}
        lacking = [f"{name}=" for name, value in given.items() if value is None]
        raise ChartError(
            f"a data frame does not say its {', '.join(lacking)}",
            where=where,
            remedy=f'{where}(frame, unit="messages", title="Messages", edition=edition)',
        )
    metric = Metric(
        name="",
        label=title,
        unit=cast(Unit, unit),
        columns=tuple(map(str, frame.columns)),
        better=None,
        tables=(),
        services=(),
        compared=False,
        definition=definition,
    )
    return Result(metric, edition, _plain(frame))


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame as metrics give it: columns are named by text, and a number that is missing is NaN."""
    plain = frame.reset_index(drop=True).set_axis(list(map(str, frame.columns)), axis=1)
    for place, dtype in enumerate(plain.dtypes):
        if is_extension_array_dtype(dtype) and is_numeric_dtype(dtype) and not is_bool_dtype(dtype):
            numbers = plain.iloc[:, place]
            is_whole = is_integer_dtype(dtype) and numbers.notna().all()
            kind = np.int64 if is_whole else np.float64
            plain.isetitem(place, numbers.to_numpy(kind, na_value=0 if is_whole else np.nan))
    return plain


def _name_others(result: Any) -> str:
    """Which shapes take a result that this one does not."""
    if not isinstance(result, Result):
        return ""
    columns = names_of(result)
    others = [f"charts.{each.name}" for each in SHAPES.values() if each.takes.columns_of(columns) is not None]
    return f"show it with {' or '.join(others)}" if others else "choose and name the columns that it takes"

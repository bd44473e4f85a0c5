"""How a result shows itself to the analyst: in a terminal as text, in JupyterLab as HTML."""

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd
from babel import Locale

from tidings.language import numbers
from tidings.language.english import counted
from tidings.language.sentences import say, say_count
from tidings.metrics.comparison import word_change

if TYPE_CHECKING:
    from tidings.metrics.metric import Result

_MOST_ROWS = 10


def as_text(result: "Result") -> str:
    """A result on a few lines: its name and value, or the first rows of its table. No escape sequences."""
    title = f"{result.metric.name} · {result.edition.tenant.id} · {result.edition.period.key}"
    if result.available and result.metric.is_table:
        shown = result.value.head(_MOST_ROWS).to_string(index=False)
        text = f"{title}: {counted(len(result.value), 'row')}\n{shown}"
    else:
        text = f"{title}: {_sentence(result)}"
    return "".join(letter if letter.isprintable() or letter == "\n" else "\ufffd" for letter in text)


def as_html(result: "Result") -> str:
    """A result as a fragment: its value and change, or first rows, definition and notes, all escaped."""
    value = "" if result.available and result.metric.is_table else f": {escape(_sentence(result))}"
    lines = [f"<p><strong>{escape(result.label)}</strong>{value}</p>"]
    if result.available and result.metric.is_table:
        lines.append(_table(result.value, result.edition.tenant.locale))
    lines += [f"<p>{escape(sentence)}</p>" for sentence in (result.definition, *result.notes)]
    return "\n".join(lines)


def _sentence(result: "Result") -> str:
    """A scalar in words, with its change against the period before."""
    if not result.available:
        return say("not available from this source", result.edition.tenant.locale)
    if change := word_change(result):
        return f"{_written(result, result.value)} ({change['spoken']})"
    if numbers.is_missing(result.previous):
        return _written(result, result.value)
    before = say("{value} before", result.edition.tenant.locale, value=_written(result, result.previous))
    return f"{_written(result, result.value)} ({before})"


def _written(result: "Result", value: Any) -> str:
    if result.metric.unit == "instant":
        return numbers.moment(value, result.edition.tenant.locale, with_month=True)
    if isinstance(value, str):
        return value
    return numbers.quantity(value, result.metric.unit, result.edition.tenant.locale)


def _table(frame: pd.DataFrame, locale: Locale) -> str:
    table = frame.head(_MOST_ROWS).to_html(index=False, border=0, na_rep="–", escape=True)
    left = len(frame) - _MOST_ROWS
    if left <= 0:
        return table
    more = say_count("and {count} more row", "and {count} more rows", left, locale)
    return f"{table}\n<p>{escape(more)}</p>"

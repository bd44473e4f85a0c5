"""The metrics page of the documentation, made from the metrics themselves."""

import inspect
from collections.abc import Callable, Iterator

from tidings.metrics import METRICS, Metric

_SECTIONS = {"activity": "Activity", "chatbot": "Chatbot", "contact_center": "Contact Center"}
_COMPARED = {
    "sum": "A sum.",
    "distinct": "A distinct count.",
    "average": "An average or a share.",
    "peak": "A peak.",
}
_INTRODUCTION = """\
# Metrics

<!-- Made from the docstrings in lib/tidings/metrics by `make docs`: edit them, not this page. -->

Every number of a report is recorded in its executed notebook under the name given here. A scalar is
recorded with the earlier value beside it, as `<name>.previous`; a table is a data frame with exactly the
columns given. Intents, languages and closing reasons have their earlier table beside them in the same way.
`day` is a local midnight without zone. A number that the source cannot give is not recorded, and one that
cannot be formed is null.

The earlier value is that of the previous period: the one of the same kind that ends where this one begins.
Less than a week is compared with the same days a week earlier, and a period that is not over with the same
stretch of the previous one. Where no message, conversation, assignment or login of the source is as old as
that period's start, `<name>.previous` is null, since what is absent is not 0.

Where the two periods have different numbers of days, sums are compared per day, distinct counts not at all,
and averages, shares and peaks as they are. A share changes by points. From 0, nothing has a change.

A period runs from local midnight to local midnight in the tenant's time zone; its end does not belong to
it. Counts of a day without events are 0, averages of such a day are missing. The record also holds
`report.edition` (tenant, period, start and end in UTC, time zone, services, version) and
`report.highlights` (at most five sentences), with `report.findings` in the same order: of each the `name`
of the number that it is about, its `kind` and its `score`.

Where a number comes from is answered by

    make explain TENANT=demo PERIOD=2026-W46 NUMBER=contact_center.missed_conversations ROWS=missed.csv

It shows the definition, the value, the SQL as the source's engine got it, and the first twenty rows that
count; `ROWS=` writes all of them as CSV, in which a text that a spreadsheet would compute begins with an
apostrophe. Then the number is counted once more from these rows by plain Python, one by one: the command says
whether both are the same, and ends with status 1 if not. Of a table `DAY=2026-11-10`, `AGENT=Ana` or
`WHERE=intent=Balance` choose lines, each with its own rows. Every `<name>.previous` is explained as well.
Where the finished report recorded another number, because data have come since, that is said.
"""


def metrics_page() -> str:
    """The page, in Markdown: each metric's name, columns, unit and whole definition."""
    lines = [_INTRODUCTION]
    for prefix, title in _SECTIONS.items():
        lines.append(f"## {title}\n")
        for compute in METRICS:
            if compute.metric.name.startswith(f"{prefix}."):
                lines.extend(_entry(compute.metric, compute))
    return "\n".join(lines).rstrip() + "\n"


def _entry(metric: Metric, compute: Callable) -> Iterator[str]:
    yield f"### {metric.label}\n"
    yield f"`{metric.name}`{_columns(metric)}, called as `{metric.name}(edition)`\n"
    yield f"{inspect.getdoc(compute)}\n"
    tables = ", ".join(f"`{table}`" for table in metric.tables)
    compared = f" {_COMPARED[metric.counts]}" if metric.compared else ""
    yield f"*{_unit(metric)}From {tables}.{compared}*\n"


def _columns(metric: Metric) -> str:
    return f" — {', '.join(f'`{column}`' for column in metric.columns)}" if metric.is_table else ""


def _unit(metric: Metric) -> str:
    return f"In {metric.unit}. " if metric.unit not in ("instant", "") else ""

"""Checks of the executed notebook: whose it is, that its numbers agree, and that all of it was rendered."""

import base64
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from PIL import Image

from tidings.errors import MetricError
from tidings.metrics import METRICS, Metric
from tidings.metrics.invariants import check_numbers
from tidings.notebook.scraps import EDITION, scraps_of
from tidings.parts.unreadable import UNREADABLE
from tidings.review.gate.check import Finding, Severity, check
from tidings.review.gate.evidence import Evidence

_MOST_MARKS = 40  # are named to the operator
_PART = "application/vnd.tidings.part"


@dataclass(frozen=True)
class _Value:
    """A metric's value and the one before, as the notebook has recorded them."""

    metric: Metric
    value: Any
    previous: Any


@check("isolation", Severity.REFUSE)
def isolation(evidence: Evidence) -> Iterator[Finding]:
    """The edition is of the tenant and the period that it was ordered for, at every cell of the notebook.

    A row of another tenant never gets as far: the source refuses it.
    """
    recorded = [evidence.recorded.get(EDITION, {})]
    if evidence.notebook:
        recorded += [scrap["data"] for scrap in scraps_of(evidence.notebook) if scrap["name"] == EDITION]
    opened = dict.fromkeys((about.get("tenant"), about.get("period")) for about in recorded)
    for tenant, period in opened:
        if (tenant, period) != (evidence.tenant.id, evidence.period.key):
            yield Finding(
                f"the notebook records the edition {period} of {tenant}, where it is to be "
                f"{evidence.period.key} of {evidence.tenant.id}"
            )


@check("invariants", Severity.REFUSE)
def invariants(evidence: Evidence) -> Iterator[Finding]:
    """The numbers agree: parts add up to their totals, shares to 1, and no peak is above its total."""
    results = [
        _Value(
            compute.metric,
            evidence.recorded[compute.metric.name],
            evidence.recorded.get(f"{compute.metric.name}.previous"),
        )
        for compute in METRICS
        if compute.metric.name in evidence.recorded
    ]
    try:
        check_numbers(results)
    except MetricError as error:
        yield Finding(error.what)
    except KeyError as missing:
        yield Finding(f"the notebook does not record {missing.args[0]}, with which others have to agree")


@check("rendered", Severity.REFUSE)
def rendered(evidence: Evidence) -> Iterator[Finding]:
    """Every cell ran, and every chart has data, a text in place of its picture, and a picture with ink."""
    for number, cell in enumerate(evidence.notebook.cells if evidence.notebook else (), start=1):
        if cell.cell_type == "code" and cell.source.strip() and cell.get("execution_count") is None:
            yield Finding(f"cell {number} was not executed")
    for number, _, output in evidence.outputs():
        if output.output_type == "error":
            yield Finding(f"cell {number} ended in {output.ename}: {output.evalue}")
        chart = next(iter(_parts(output)), {})
        if chart.get("kind") == "chart":
            yield from _chart(chart, output.data.get("image/png"), number)


@check("figures", Severity.NOTE)
def figures(evidence: Evidence) -> Iterator[Finding]:
    """Figures of other libraries have an alternative text of their own, and not one made of their titles."""
    cells = [
        number
        for number, _, output in evidence.outputs()
        for part in _parts(output)
        if part.get("alt_is_made")
        if not output.metadata.get("image/png", {}).get("alt")
    ]
    if cells:
        where = f"cell{'s' if len(cells) > 1 else ''} {', '.join(map(str, dict.fromkeys(cells)))}"
        yield Finding(
            f"{where}: the alternative text of a figure was made of its title; "
            "charts.figure(figure, alt=what it shows) gives it one of its own"
        )


@check("glyphs", Severity.NOTE)
def glyphs(evidence: Evidence) -> Iterator[Finding]:
    """Fonts have every character of the names that pictures show; else a dot or a number stands for them."""
    undrawn = {
        mark
        for _, _, output in evidence.outputs()
        for part in _parts(output)
        for mark in part.get("undrawn", ())
    }
    for package in dict.fromkeys(map(_package_with, sorted(undrawn))):
        marks = [mark for mark in sorted(undrawn) if _package_with(mark) == package]
        yield Finding(
            f"no font for {' '.join(marks[:_MOST_MARKS])}: install {package}, and make the report again"
        )


def _parts(output: NotebookNode) -> list[dict[str, Any]]:
    """The parts of the report in an output; of what is no part, page and message say so."""
    data = output.get("data", {})
    return [each for mime, each in data.items() if mime.startswith(_PART) and isinstance(each, dict)]


def _package_with(mark: str) -> str:
    """The package of Debian and Ubuntu whose font has a character."""
    if unicodedata.category(mark) in ("So", "Sk"):  # signs and emoji
        return "fonts-symbola"
    is_east_asian = unicodedata.east_asian_width(mark) in ("W", "F", "H")
    return "fonts-noto-cjk" if is_east_asian else "fonts-noto-core"


def _chart(chart: dict, png: str | None, number: int) -> Iterator[Finding]:
    title = chart.get("title", "")
    if not (chart.get("alt") or "").strip():
        yield Finding(f"the chart {title!r} of cell {number} has no text in place of its picture")
    if not chart.get("table", {}).get("rows"):
        yield Finding(f"the chart {title!r} of cell {number} has no data")
    try:
        if not png or _is_blank(png):
            yield Finding(f"the picture of the chart {title!r} of cell {number} is blank")
    except UNREADABLE:
        yield Finding(f"the picture of the chart {title!r} of cell {number} cannot be read")


def _is_blank(png: str) -> bool:
    with Image.open(io.BytesIO(base64.b64decode(png))) as picture:
        return picture.convert("RGB").getcolors(1) is not None  # None: it has more colours than one

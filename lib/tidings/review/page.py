"""The review as a page: what its notebook shows, as one file that asks nothing of a network."""

import base64
import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import nbformat
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tidings.errors import ReportError
from tidings.language import numbers
from tidings.language.english import counted
from tidings.metrics import METRICS
from tidings.page.markup import from_markdown
from tidings.parts.render import page_style
from tidings.review.differences import ENGLISH
from tidings.review.lines import HEADLINES, SERIES_LENGTH, Line, Review, change
from tidings.review.spread import Spread, signed
from tidings.review.standing import Finding, State

_MARK = "tidings-review"
_UNITS = {compute.metric.name: compute.metric.unit for compute in METRICS}
_SUMS = (
    "activity.total_messages",
    "contact_center.total_conversations",
    "contact_center.missed_conversations",
)
_SHOWN_FINDINGS, _LONGEST_FINDING, _LONGEST_NAME, _SHOWN_OUTLIERS = 2, 240, 80, 3
_TROUBLE = ("refused", "failed", "uncertain")


@dataclass(frozen=True)
class Fragment:
    """A piece of the review. It shows itself in a notebook, with the style that the page has once."""

    html: str
    text: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> tuple[dict[str, str], dict[str, Any]]:
        styled = f'<style>{_style()}</style><div class="tidings review alone">{self.html}</div>'
        return {"text/html": styled, "text/plain": self.text}, {"text/html": {_MARK: True}}


def show_summary(review: Review) -> Fragment:
    """Of what the review is, and whether a batch is still running."""
    tenants = counted(len(review.lines), "tenant")
    running = None
    if review.run is not None and not review.run.is_over:
        done = len(review.run.editions)
        running = (
            f"A batch that began {_instant(review.run.begun)} has not ended: "
            f"{counted(done, 'edition')} finished so far. What is shown is what is there."
        )
    html = _template("summary").render(
        review=review, tenants=tenants, made_at=_instant(review.made_at), running=running
    )
    states = ", ".join(f"{count:,} {state}" for state, count in review.counts.items())
    return Fragment(html, f"{tenants}: {states}" if states else tenants)


def show_spreads(review: Review) -> Fragment:
    """Totals over all tenants, how far each number moved, and who is far out of line."""
    cards = [_card(name, spread) for name, spread in review.spreads.items() if spread.middle is not None]
    lines = [f"{card['label']}: {card['value']} {card['change']}".rstrip() for card in cards]
    return Fragment(_template("spreads").render(cards=cards) if cards else "", "\n".join(lines))


def show_tenants(review: Review) -> Fragment:
    """A line for each tenant, the worst first, to be filtered and sorted."""
    html = _template("tenants").render(
        chips=[{"state": str(state), "count": f"{count:,}"} for state, count in review.counts.items()],
        headlines=HEADLINES.values(),
        length=SERIES_LENGTH,
        has_delivery=any(line.delivered is not None for line in review.lines),
        rows=[_row(line) for line in review.lines],
    )
    said = [(line, "; ".join(finding.sentence for finding in line.findings)) for line in review.lines]
    return Fragment(
        html, "\n".join(f"{line.state:<8} {line.tenant} {line.period} {why}" for line, why in said)
    )


def render_page(notebook: nbformat.NotebookNode) -> str:
    """The page of an executed review notebook: its headings, texts, tables and pictures in their order.

    Raises
    ------
    ReportError
        The notebook shows no tenants.
    """
    blocks = [block for cell in notebook.cells for block in _blocks(cell)]
    if not any('class="panel tenants' in block for block in blocks):
        raise ReportError(
            "the notebook shows no tenants",
            where="review.ipynb",
            remedy="keep the cell show_tenants(review), and its output",
        )
    style, script = _style(), _script()
    return _template("page").render(
        title="Review",
        blocks=blocks,
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _blocks(cell: nbformat.NotebookNode) -> Iterator[Markup]:
    """What a cell shows: own fragments as they are, what others made reduced to harmless elements."""
    if cell.cell_type == "markdown":
        yield _prose(cell.source, cell)
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        if output.get("metadata", {}).get("text/html", {}).get(_MARK):
            opening = f'<style>{_style()}</style><div class="tidings review alone">'
            yield Markup("".join(data["text/html"]).removeprefix(opening).removesuffix("</div>"))
        elif "image/png" in data:
            picture = "".join(data["image/png"]).replace("\n", "")
            alt = output.get("metadata", {}).get("image/png", {}).get("alt", "")
            yield Markup(
                '<figure class="panel"><img src="data:image/png;base64,{}" alt="{}"></figure>'
            ).format(picture, alt)
        elif "text/html" in data:
            yield _prose("".join(data["text/html"]), cell)
        elif "text/plain" in data:
            yield Markup("<pre>{}</pre>").format("".join(data["text/plain"]))


def _prose(source: str, cell: nbformat.NotebookNode) -> Markup:
    tags = from_markdown(source, where=f"review.ipynb, cell {cell.get('id', '')}")
    return Markup('<div class="prose">{}</div>').format(Markup("".join(map(str, tags))))


def _card(name: str, spread: Spread) -> dict[str, Any]:
    """A headline number over all tenants."""
    is_sum = name in _SUMS and spread.count > 0
    moved = spread.typical
    if is_sum:
        moved = (spread.total - spread.total_before) / spread.total_before
    sizes = [math.sqrt(count) for count in spread.bins]
    highest = max(sizes, default=0) or 1
    bars = [
        {
            "x": 10 * place + 1,
            "y": round(33 - 32 * size / highest, 1),
            "height": round(1 + 32 * size / highest, 1),
            "far": place in (0, 19),
        }
        for place, size in enumerate(sizes)
        if size
    ]
    middle = f"{_quantity(spread.middle, name)} in the middle tenant" if is_sum else ""
    if spread.low is not None and spread.high is not None:
        middle = f"half: {signed(spread.low)} to {signed(spread.high)}"
    outliers = list(spread.outliers.items())
    left = len(outliers) - _SHOWN_OUTLIERS
    return {
        "label": HEADLINES[name] + ("" if is_sum else ", middle tenant"),
        "value": _quantity(spread.total if is_sum else spread.middle, name),
        "change": "" if moved is None else signed(moved),
        "bars": bars,
        "spoken": f"{HEADLINES[name]}: how many tenants moved how far, from −100% to +100%",
        "middle": middle,
        "outliers": [
            {"tenant": numbers.shorten(tenant, 24), "anchor": _anchor(tenant), "change": signed(each)}
            for tenant, each in outliers[:_SHOWN_OUTLIERS]
        ],
        "more": f" and {left:,} more" if left > 0 else "",
    }


def _row(line: Line) -> dict[str, Any]:
    """A tenant's line as words, numbers and points."""
    points = _points([value for _, value in line.series])
    findings = [
        Finding(each.check, numbers.shorten(each.sentence, _LONGEST_FINDING)) for each in line.findings
    ]
    label = _label(line.series_name)
    is_held = line.state is State.HELD
    return {
        "anchor": _anchor(line.tenant),
        "tenant": numbers.shorten(line.tenant, _LONGEST_NAME),
        "period": line.period,
        "state": str(line.state),
        "state_class": {State.REVIEW: "review-state", State.NOTE: "note-state"}.get(
            line.state, str(line.state)
        ),
        "gravity": 1000 * (len(State) - line.state.rank) + min(len(line.findings), 999),
        "findings": findings[:_SHOWN_FINDINGS],
        "more": findings[_SHOWN_FINDINGS:],
        "release": f'make approve TENANT={line.tenant} PERIOD={line.period} WHY="…"' if is_held else "",
        "picture": _data_uri(line.picture),
        "page": line.links.get("page"),
        "links": list(line.links.items()),
        "numbers": [_number(line, name) for name in HEADLINES],
        "points": " ".join(f"{x},{y}" for x, y in points),
        "end": points[-1] if points else None,
        "series": f"{label}: "
        + ", ".join(f"{period} {_quantity(value, line.series_name)}" for period, value in line.series),
        "series_last": line.series[-1][1] if line.series else "",
        "delivery": _delivery(line),
        "seconds": "" if line.seconds is None else f"{line.seconds:.1f}",
        "seconds_sort": "" if line.seconds is None else line.seconds,
    }


def _number(line: Line, name: str) -> dict[str, Any]:
    value, moved = line.values.get(name), change(line, name)
    return {
        "value": _quantity(value, name),
        "sort": "" if value is None else value,
        "change": "" if moved is None else signed(moved),
    }


def _delivery(line: Line) -> list[dict[str, Any]]:
    if line.delivered is None:
        return []
    counts = line.delivered.counts
    return [
        {"text": f"{count:,} {state}", "trouble": state in _TROUBLE}
        for state, count in counts.items()
        if count
    ]


def _points(series: list[float]) -> list[tuple[float, float]]:
    """Where a line of 92 by 26 pixels passes, from 0 at the bottom so that a small change looks small."""
    if len(series) < 2:
        return []
    highest = max(series) or 1
    step = 86 / (len(series) - 1)
    return [
        (round(3 + step * place, 1), round(23 - 20 * value / highest, 1))
        for place, value in enumerate(series)
    ]


def _anchor(tenant: str) -> str:
    """A name for a link within the page, whatever the tenant's folder is called."""
    return f"t-{hashlib.sha256(tenant.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _label(name: str) -> str:
    return HEADLINES.get(name, name)


def _quantity(value: float | None, name: str) -> str:
    return numbers.quantity(value, _UNITS.get(name, ""), ENGLISH)


def _instant(moment) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _data_uri(png: bytes | None) -> str | None:
    return None if png is None else f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _environment() -> Environment:
    loader = PackageLoader("tidings.review", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def _template(name: str):
    return _environment().get_template(f"{name}.html.j2")


@cache
def _style() -> str:
    """The look of the product's page, and what the review adds to it."""
    own = resources.files("tidings.review") / "templates" / "review.css"
    return page_style() + own.read_text("utf-8")


@cache
def _script() -> str:
    return (resources.files("tidings.review") / "templates" / "review.js").read_text("utf-8")

"""The digest: every headline number of a report in one table, and what each of them means."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tidings.page.view import ReportView
from tidings.parts.part import Card, Cards, Part

MOST_BARS = 7
TALLEST = 18  # pixels


@dataclass(frozen=True)
class Bar:
    """A small bar: its height in pixels, and whether none beside it is higher."""

    height: int
    highest: bool


@dataclass(frozen=True)
class Entry:
    """A headline number, and its course over the period."""

    card: Card
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Group:
    """The headline numbers of a section, under its title."""

    title: str | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Digest(Part):
    """Every headline number of a report in one table.

    Attributes
    ----------
    page_url : str, optional
        Where the report can be seen as a page.
    """

    kind = "digest"
    groups: tuple[Group, ...]
    page_url: str | None = None


@dataclass(frozen=True)
class Definitions(Part):
    """What the headline numbers mean: labels, each with its definition."""

    kind = "definitions"
    terms: tuple[tuple[str, str], ...]


def make_digest(view: ReportView, page_url: str | None = None) -> Digest:
    """The headline numbers of all sections in the report's order."""
    groups = ((section.title, _cards(section.parts)) for section in view.sections)
    return Digest(
        tuple(
            Group(title, tuple(Entry(card, draw_bars(card.by_day)) for card in cards))
            for title, cards in groups
            if cards
        ),
        page_url,
    )


def list_definitions(view: ReportView) -> Definitions:
    """What the headline numbers mean, each said once."""
    found = dict.fromkeys((card.label, card.definition) for card in _cards(view.parts) if card.definition)
    return Definitions(tuple(found))


def draw_bars(by_day: Sequence[float | None]) -> tuple[Bar, ...]:
    """At most seven bars of a number's values by day; none where there are fewer than two.

    Of a longer period each bar is the average of several days, as many as the others or one more. All begin
    at 0; a day without a value has no height.
    """
    count = min(len(by_day), MOST_BARS)
    edges = [place * len(by_day) // count for place in range(count + 1)] if count else []
    known = [[value for value in by_day[first:last] if value is not None] for first, last in pairwise(edges)]
    averages = [sum(each) / len(each) if each else 0.0 for each in known]
    top = max(averages, default=0.0)
    if len(averages) < 2 or top <= 0:
        return ()
    return tuple(Bar(_height(value / top), value == top) for value in averages)


def _height(share: float) -> int:
    """Of a bar: what is above 0 can be seen."""
    return max(round(share * TALLEST), 1) if share > 0 else 0


def _cards(parts: Sequence[Part]) -> list[Card]:
    return [card for part in parts if isinstance(part, Cards) for card in part.cards]

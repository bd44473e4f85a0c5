"""The parts of a report: what a cell shows, as types that the page, the mail and JupyterLab each render."""

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from babel import UnknownLocaleError
from markupsafe import Markup
from pydantic import AfterValidator

from tidings.language.locale import reader_locale


def _check_language(tag: str) -> str:
    """A language of which numbers and dates are known, when a part is read from a notebook."""
    try:
        reader_locale(tag)
    except UnknownLocaleError as error:
        raise ValueError(str(error)) from None
    return tag


@dataclass(frozen=True)
class Part:
    """One thing seen in the report. It displays itself in a notebook.

    All text in it is plain: the templates escape it. Only `Prose` and `Frame` hold HTML, which was cleaned.

    Attributes
    ----------
    kind : str
        The name of its type, and of its templates.
    png : bytes, optional
        The picture, where the part has one.
    empty : bool
        Whether it shows that there was nothing.
    """

    kind: ClassVar[str]
    empty: bool = field(default=False, kw_only=True)
    png: bytes | None = field(default=None, kw_only=True, repr=False)

    @property
    def image(self) -> tuple[str, bytes] | None:
        """The picture, where the part has one, after the name of its format: ``png`` or ``jpeg``."""
        return ("png", self.png) if self.png else None

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        from tidings.parts.bundle import write_bundle

        return write_bundle(self)


@dataclass(frozen=True)
class Header(Part):
    """Whose report it is, of which period and zone, and what it is compared with; its picture is a logo.

    Attributes
    ----------
    compared, lengths : str, optional
        What it is compared with, if with anything, and how many days both have where these differ, in words.
    color : str
        The brand's colour, as ``#rrggbb``.
    language : str
        The reader's, as a BCP 47 tag.
    alt : str, optional
        What the logo shows.
    """

    kind = "header"
    tenant: str
    period: str
    zone: str
    compared: str | None
    lengths: str | None
    color: str
    language: Annotated[str, AfterValidator(_check_language)]
    alt: str | None


@dataclass(frozen=True)
class Highlights(Part):
    """What stands out, in sentences under a title.

    Attributes
    ----------
    headlines : tuple of str
        Each sentence in a few words, for the subject of a mail.
    """

    kind = "highlights"
    title: str
    sentences: tuple[str, ...]
    headlines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """How a number differs from the period before: for the eye, and ``spoken`` for the ear.

    Attributes
    ----------
    direction : str
        ``up``, ``down`` or another word, which has no arrow.
    tone : str
        ``good``, ``bad`` or ``neutral``.
    """

    text: str
    direction: str
    tone: str
    spoken: str


@dataclass(frozen=True)
class Mark:
    """Whether a number keeps to its goal, in words; its ``tone`` is ``good`` or ``bad``."""

    text: str
    tone: str


@dataclass(frozen=True)
class Card:
    """A headline number, written out. Where it is not ``available``, ``value`` says so.

    Attributes
    ----------
    before : str, optional
        What it was in the period that it is compared with, in words.
    goals : tuple of Mark
        Whether it, and the numbers beside it, keep to their goals.
    by_day : tuple of float or None
        Its value for each day of the period, None where a day has none; empty where days mean nothing.
    """

    metric: str
    label: str
    definition: str
    value: str
    unit: str = ""
    change: Change | None = None
    before: str | None = None
    note: str | None = None
    available: bool = True
    by_day: tuple[float | None, ...] = ()
    goals: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Cards(Part):
    """Headline numbers beside each other."""

    kind = "cards"
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Column:
    """The head of a column; numbers are set to the right."""

    label: str
    numeric: bool


@dataclass(frozen=True)
class DataTable:
    """The data of a chart as text, each row as long as there are columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart(Part):
    """A picture of a metric with its words around it and its data below.

    Attributes
    ----------
    width, height : int
        Of the picture as it is shown, in CSS pixels; it has twice as many of its own.
    wide : bool
        Whether it needs a row to itself.
    undrawn : tuple of str
        The characters of its names that no font had: the picture shows others in their place.
    """

    kind = "chart"
    metric: str
    title: str
    finding: str
    definition: str
    notes: tuple[str, ...]
    alt: str
    width: int
    height: int
    wide: bool
    table: DataTable
    undrawn: tuple[str, ...] = ()


@dataclass(frozen=True)
class Amount:
    """A value written out, and the length of its bar, 0 to 1; None where it has no bar."""

    text: str
    length: float | None


@dataclass(frozen=True)
class Line:
    """A name with its amounts, beside others.

    Attributes
    ----------
    name : str
        As it is shown.
    whole : str, optional
        The name itself, where it is too long to be shown.
    amounts : tuple of Amount
        One in each column of numbers.
    share : str, optional
        Of the whole, in percent.
    """

    name: str
    whole: str | None
    amounts: tuple[Amount, ...]
    share: str | None


@dataclass(frozen=True)
class Unshown:
    """Lines for which a mail has no room, and the words that stand in their place."""

    lines: tuple[Line, ...]
    words: str


@dataclass(frozen=True)
class Ranking(Part):
    """Names with a bar each, the largest first.

    Attributes
    ----------
    columns : tuple of str
        What heads the names, the values and, where there are any, the shares.
    lines : tuple of Line
        Those with a bar, each with one amount.
    rest : Line, optional
        All others together, without a bar.
    folded : tuple of Line
        The others one by one, which only the page shows.
    unshown : Unshown, optional
        What comes between the lines and the rest, where a mail has no room for it.
    leading : int
        How many of the first are set off.
    whole : bool
        Whether a bar of full length is the whole; else it is the largest value.
    wide : bool
        Whether it needs a row to itself.
    """

    kind = "ranking"
    metric: str
    title: str
    finding: str
    definition: str
    notes: tuple[str, ...]
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    rest: Line | None
    folded: tuple[Line, ...]
    leading: int
    whole: bool
    wide: bool
    unshown: Unshown | None = None


@dataclass(frozen=True)
class Measure:
    """What a column of numbers measures."""

    metric: str
    label: str
    definition: str


@dataclass(frozen=True)
class Agents(Part):
    """Agents, a line each, and what each of them did.

    Attributes
    ----------
    name : str
        What heads their names.
    measures : tuple of Measure
        What heads the amounts, each of which has a bar.
    lines, rest, folded, unshown
        As in a `Ranking`.
    """

    kind = "agents"
    title: str
    finding: str
    notes: tuple[str, ...]
    name: str
    measures: tuple[Measure, ...]
    lines: tuple[Line, ...]
    rest: Line | None
    folded: tuple[Line, ...]
    unshown: Unshown | None = None


@dataclass(frozen=True)
class Row:
    """A line of a statement; the ``total`` is set off."""

    label: str
    explanation: str
    value: str
    total: bool


@dataclass(frozen=True)
class Table(Part):
    """A statement: lines that add up to the last."""

    kind = "table"
    metric: str
    title: str
    finding: str
    definition: str
    notes: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Notice(Part):
    """What stands in place of a chart that has nothing to show."""

    kind = "notice"
    title: str
    text: str


@dataclass(frozen=True)
class Footer(Part):
    """The closing lines of a report."""

    kind = "footer"
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Heading(Part):
    """The title of what follows it."""

    kind = "heading"
    text: str


@dataclass(frozen=True)
class Prose(Part):
    """Words of the analyst's, as cleaned HTML and as plain text."""

    kind = "prose"
    html: Markup
    text: str


@dataclass(frozen=True)
class Frame(Part):
    """A table of the analyst's, such as a data frame, as cleaned HTML and as plain text."""

    kind = "frame"
    title: str
    html: Markup
    text: str


@dataclass(frozen=True)
class Picture(Part):
    """A figure of the analyst's: a PNG, or a JPEG in its place. Sizes are in CSS pixels.

    Attributes
    ----------
    title, finding : str
        What stands over it; empty where nothing does.
    alt_is_made : bool
        Whether the alternative text is no one's own, but made of the words in the figure.
    """

    kind = "picture"
    alt: str
    width: int
    height: int
    title: str = ""
    finding: str = ""
    alt_is_made: bool = False
    jpeg: bytes | None = field(default=None, kw_only=True, repr=False)

    @property
    def image(self) -> tuple[str, bytes] | None:
        """The PNG or the JPEG."""
        return ("jpeg", self.jpeg) if self.jpeg else super().image


@dataclass(frozen=True)
class Closing(Part):
    """What a message itself has to say at its end.

    Attributes
    ----------
    attached : tuple of str
        The files that go with it.
    unsubscribe_url, unsubscribe_address, unsubscribe_mailto : str, optional
        How to receive no more: a page, an address, and a link that writes to it.
    """

    kind = "closing"
    attached: tuple[str, ...] = ()
    unsubscribe_url: str | None = None
    unsubscribe_address: str | None = None
    unsubscribe_mailto: str | None = None

"""Keeps a mail small: what it has no room for is shown in brief, and named."""

import quopri
from collections.abc import Callable, Iterator
from dataclasses import replace

from tidings.errors import DeliveryError
from tidings.page.composition import Composition
from tidings.parts.part import Brief, Chart, Frame, Part, Picture, Table

MAX_HTML_BYTES = 90_000
"""Gmail cuts a message off at about 102 KB of HTML; pictures, being parts of their own, do not count."""

MAX_BYTES = 500_000
"""Of a message without attachments, pictures included: on a phone it is to open at once."""

_ENVELOPE = 6_000  # bytes for a message's own headers, its closing lines, and what it has of boundaries
_PART_HEADERS = 350
_LINE = 57  # bytes in a line of base64, of 76 letters and its end


def fitted(
    composition: Composition, html: Callable[[Composition], str], text: str
) -> tuple[Composition, str]:
    """The composition with as much in brief as has to be for the mail to keep to its limits, and its HTML.

    Where the HTML is too large, data frames go first, then whatever comes last: a part keeps its title and
    its finding. Where only the pictures are, the largest go first, since so the fewest go: they are the most
    intricate ones, which phones show worst. A chart keeps all but its picture. Each part has a line in its
    place that says where the rest is, and is named in `Composition.left_out`.

    Parameters
    ----------
    composition : Composition
        All that the report shows.
    html : callable
        Makes the mail's HTML of a composition.
    text : str
        The mail's other text.

    Raises
    ------
    DeliveryError
        The HTML is too large even so.
    """
    rest = _least_first(composition)
    while (size := len((written := html(composition)).encode())) > MAX_HTML_BYTES:
        part = next(rest, None)
        if part is None:
            raise _oversize(size)
        composition = composition.exchanged(part, _in_brief(part))
    room = MAX_BYTES - _ENVELOPE - sum(len(quopri.encodestring(each.encode())) for each in (written, text))
    fewer = _with_fewer_pictures(composition, room)
    return fewer, written if fewer is composition else html(fewer)


def _with_fewer_pictures(composition: Composition, room: int) -> Composition:
    """The composition without its largest pictures, so that the others have room."""
    excess = sum(_encoded(part) for part in composition.parts) - room
    for part in sorted(_body(composition), key=_encoded)[::-1]:
        if excess > 0 and part.png:
            excess -= _encoded(part)
            composition = composition.exchanged(part, _without_picture(part))
    return composition


def _encoded(part: Part) -> int:
    """The bytes of a part's picture within a message."""
    return -(-len(part.png) // _LINE) * 78 + _PART_HEADERS if part.png else 0


def _least_first(composition: Composition) -> Iterator[Part]:
    """The parts that have something to leave out, in the order in which they go."""
    body = _body(composition)
    yield from (part for part in reversed(body) if isinstance(part, Frame))
    yield from (part for part in reversed(body) if isinstance(part, Chart | Table | Picture))


def _body(composition: Composition) -> list[Part]:
    return [part for section in composition.sections for part in section.parts]


def _in_brief(part: Part) -> Part:
    return Brief(part.title, part.finding if isinstance(part, Chart | Table) else None)


def _without_picture(part: Part) -> Part:
    return replace(part, png=None) if isinstance(part, Chart) else _in_brief(part)


def _oversize(size: int) -> DeliveryError:
    return DeliveryError(
        f"the mail's HTML has {size:,} bytes even in brief, and clients cut it off beyond {MAX_HTML_BYTES:,}",
        remedy="show fewer parts or shorter texts in the notebook",
    )

"""Keeps a mail small: what it has no room for is shown in brief, and named."""

import quopri
from collections.abc import Callable
from dataclasses import replace

from tidings.errors import DeliveryError
from tidings.page.view import ReportView
from tidings.parts.part import Brief, Chart, Frame, Part, Picture, Table

MAX_HTML_BYTES = 90_000
"""Gmail cuts a message off at about 102 KB of HTML; pictures, being parts of their own, do not count."""

MAX_BYTES = 500_000
"""Of a message without attachments, pictures included: on a phone it is to open at once."""

_Large = Frame | Chart | Table | Picture

_ENVELOPE = 6_000  # bytes for a message's own headers, its closing lines, and what it has of boundaries
_PART_HEADERS = 350
_LINE = 57  # bytes in a line of base64, of 76 letters and its end


def fit(view: ReportView, html: Callable[[ReportView], str], text: str) -> tuple[ReportView, str]:
    """The view with as much in brief as has to be for the mail to keep to its limits, and its HTML.

    Where the HTML is too large, data frames go first, then whatever comes last: a part keeps its title and
    its finding. Where only the pictures are, the largest go first, since so the fewest go: they are the most
    intricate ones, which phones show worst. A chart keeps all but its picture. Each part has a line in its
    place that says where the rest is, and is named in `ReportView.left_out`.

    Parameters
    ----------
    view : ReportView
        All that the report shows.
    html : callable
        Makes the mail's HTML of a view.
    text : str
        The mail's other text.

    Raises
    ------
    DeliveryError
        The HTML is too large even so.
    """
    parts = list(enumerate(view.body))[::-1]
    rest: list[tuple[int, _Large]] = [(place, part) for place, part in parts if isinstance(part, Frame)]
    rest += [(place, part) for place, part in parts if isinstance(part, Chart | Table | Picture)]
    while (size := len((written := html(view)).encode())) > MAX_HTML_BYTES:
        if not rest:
            raise DeliveryError(
                f"the mail's HTML has {size:,} bytes even in brief, and clients cut it off beyond "
                f"{MAX_HTML_BYTES:,}",
                remedy="show fewer parts or shorter texts in the notebook",
            )
        place, part = rest.pop(0)
        view = view.shortened(place, _in_brief(part))
    room = MAX_BYTES - _ENVELOPE - sum(len(quopri.encodestring(each.encode())) for each in (written, text))
    fewer = _with_fewer_pictures(view, room)
    return fewer, written if fewer is view else html(fewer)


def _with_fewer_pictures(view: ReportView, room: int) -> ReportView:
    """The view without its largest pictures, so that the others have room."""
    excess = sum(_encoded(part) for part in view.parts) - room
    shown = {place: view.in_brief.get(place, part) for place, part in enumerate(view.body)}
    for place, part in sorted(shown.items(), key=lambda item: _encoded(item[1]))[::-1]:
        if excess > 0 and isinstance(part, Chart | Picture) and part.image:
            excess -= _encoded(part)
            brief = replace(part, png=None) if isinstance(part, Chart) else _in_brief(part)
            view = view.shortened(place, brief)
    return view


def _encoded(part: Part) -> int:
    """The bytes of a part's picture within a message."""
    return -(-len(part.image[1]) // _LINE) * 78 + _PART_HEADERS if part.image else 0


def _in_brief(part: _Large) -> Brief:
    if isinstance(part, Picture):
        return Brief(part.title or part.alt, part.finding)
    return Brief(part.title, None if isinstance(part, Frame) else part.finding)

"""Keeps a mail small: words are cut and tables made shorter; a part, and a picture, is never dropped."""

import quopri
from collections.abc import Callable
from functools import partial

from tidings.errors import DeliveryError
from tidings.mail.pictures import fit_pictures
from tidings.mail.shorter import cut_words, leave_out_definitions, show_fewer_rows
from tidings.mail.text import on_wire
from tidings.mail.view import change_parts
from tidings.page.view import ReportView

MAX_HTML_BYTES = 90_000
"""Gmail cuts a message off at about 102 KB of HTML; pictures, being parts of their own, do not count."""

MAX_BYTES = 500_000
"""Of a message without attachments, pictures included: on a phone it is to open at once."""

_ENVELOPE = 6_000  # bytes for a message's own headers, its closing lines, and what it has of boundaries


def fit(
    view: ReportView, html: Callable[[ReportView], str], text: str, *, has_page: bool
) -> tuple[ReportView, str]:
    """What the mail shows, as short as it has to be to keep to its limits, and its HTML.

    Where the HTML is too large, the texts in it are cut; if that is not enough, rankings and tables are shown
    shorter; and then definitions are left to the page. Where the pictures are, they are made smaller.

    Parameters
    ----------
    view : ReportView
        All that the mail would show.
    html : callable
        Makes the mail's HTML of a view.
    text : str
        The mail's other text.
    has_page : bool
        Whether the reader has the page, by a link or as a file.

    Raises
    ------
    DeliveryError
        The HTML or the pictures are too large even so.
    """
    written = html(view)
    for shorter in (cut_words, partial(show_fewer_rows, has_page=has_page), leave_out_definitions):
        if len(on_wire(written)) > MAX_HTML_BYTES:
            view = change_parts(view, partial(shorter, locale=view.locale))
            written = html(view)
    if (size := len(on_wire(written))) > MAX_HTML_BYTES:
        raise DeliveryError(
            f"the mail's HTML has {size:,} bytes even as short as it can be, and clients cut it off beyond "
            f"{MAX_HTML_BYTES:,}",
            remedy="show fewer parts or shorter texts in the notebook",
        )
    room = MAX_BYTES - _ENVELOPE - sum(len(quopri.encodestring(on_wire(each))) for each in (written, text))
    smaller = fit_pictures(view, room)
    return smaller, written if smaller is view else html(smaller)

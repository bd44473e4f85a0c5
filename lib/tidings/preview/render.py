"""What is seen in the preview: the page, and the mail as its message carries it."""

import re
from dataclasses import dataclass

from nbformat import NotebookNode

from tidings.mail.message import unaddressed_message
from tidings.mail.message_page import html_with_pictures
from tidings.page.page import page_html
from tidings.reports.order import Order


@dataclass(frozen=True)
class Rendered:
    """The two readings of an executed notebook, as HTML, and the subject of the mail."""

    page: str
    mail: str
    subject: str


def render(notebook: NotebookNode, order: Order) -> Rendered:
    """The page of an executed notebook, and the HTML of its message with the pictures held in it.

    Raises
    ------
    ReportError, DeliveryError
        It cannot be shown: see `tidings.page.page.page_html` and `tidings.mail.message.build_message`.
    """
    page = page_html(notebook)
    message = unaddressed_message(notebook, order.tenant, order.period)
    return Rendered(page, html_with_pictures(message), message["Subject"])


def in_media(html: str, *, dark: bool, printed: bool) -> str:
    """A document as it looks in the dark, or on paper, wherever it is shown.

    Its style sheets' conditions on the medium are replaced by what then holds of them.
    """
    scheme, other = ("dark", "light") if dark else ("light", "dark")

    def settle(condition: re.Match[str]) -> str:
        told = condition[0]
        absent = "screen" if printed else "print"
        if re.search(rf"\b{absent}\b|prefers-color-scheme:\s*{other}", told):
            return "@media not all "
        told = re.sub(r"\b(screen|print)\b", "all", told)
        return re.sub(rf"\(\s*prefers-color-scheme:\s*{scheme}\s*\)", "(min-width: 0)", told)

    def settle_all(style: re.Match[str]) -> str:
        return re.sub(r"@media\b[^{]*", settle, style[0])

    meta = re.sub(r'(<meta name="color-scheme" content=)"[^"]*"', rf'\1"{scheme}"', html)
    return re.sub(r"<style\b.*?</style>", settle_all, meta, flags=re.DOTALL)

"""What readers get of an executed notebook: the page and the message, written into a draft."""

import nbformat
from nbformat.v4 import new_code_cell, new_output

from tidings.mail.html import MailExporter
from tidings.mail.message import message_bytes, unaddressed_message
from tidings.mail.message_page import make_message_page
from tidings.page.page import PageExporter, page_html
from tidings.parts.bundle import write_bundle
from tidings.parts.part import Notice
from tidings.parts.render import compile_parts
from tidings.reports.editions import HELD_CELL, ReportFiles
from tidings.reports.order import Order


def render_page(notebook: nbformat.NotebookNode, draft: ReportFiles) -> None:
    """Write the page of an executed notebook."""
    draft.page.write_text(page_html(notebook), encoding="utf-8")


def render_message(notebook: nbformat.NotebookNode, order: Order, draft: ReportFiles) -> None:
    """Write the message of an executed notebook, addressed to no one, and a page that shows it."""
    message = unaddressed_message(notebook, order.tenant, order.period)
    draft.message.write_bytes(message_bytes(message))
    draft.message_page.write_text(make_message_page(message), encoding="utf-8")


def mark_held(notebook: nbformat.NotebookNode, reasons: tuple[str, ...]) -> nbformat.NotebookNode:
    """An executed notebook that says at its top why it is held, and so do the page and the message of it."""
    notices = [
        Notice(f"held: {reason}", "It is mailed to no one until it is approved.") for reason in reasons
    ]
    outputs = [new_output("display_data", write_bundle(notice)) for notice in notices]
    marked = nbformat.NotebookNode(notebook)
    others = [cell for cell in notebook.cells if cell.get("id") != HELD_CELL]
    marked.cells = [new_code_cell("", id=HELD_CELL, outputs=outputs), *others]
    return marked


def compile_templates() -> None:
    """Compile all templates of reports, as an installation does that cannot be written to later."""
    compile_parts()
    PageExporter().compile_templates()
    MailExporter().compile_templates()

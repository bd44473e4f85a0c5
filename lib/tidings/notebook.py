"""What a notebook imports: the edition, its numbers, its charts, and the parts that frame a report."""

from tidings import charts
from tidings.edition import open_edition
from tidings.layout import footer, header, highlights
from tidings.metrics import activity, agents, chatbot, contact_center
from tidings.record import record

__all__ = [
    "activity",
    "agents",
    "charts",
    "chatbot",
    "contact_center",
    "footer",
    "header",
    "highlights",
    "open_edition",
    "record",
]

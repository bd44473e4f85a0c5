"""What may go with a message beside its text: the whole page, also on paper, and the numbers."""

from dataclasses import dataclass
from email.message import EmailMessage

from babel import Locale

from tidings.errors import DeliveryError
from tidings.language.sentences import say
from tidings.page.page import page_html
from tidings.page.pdf import page_pdf
from tidings.page.preprocessors import ReadNotebook

PAGE, PDF, DATA, XLSX = "page", "pdf", "data", "xlsx"
_KINDS = (PAGE, PDF, DATA, XLSX)
_WORKBOOK = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a message: what it is, and its name."""

    kind: str
    name: str


def attachments(name: str, wanted: tuple[str, ...], locale: Locale) -> tuple[Attachment, ...]:
    """The files to attach, called by the name of the report in the reader's language: those that are wanted.

    Raises
    ------
    DeliveryError
        Something else is wanted than ``page``, ``pdf``, ``data`` or ``xlsx``.
    """
    if unknown := set(wanted) - set(_KINDS):
        raise DeliveryError(
            f"there is nothing to attach that is called {unknown.pop()!r}",
            where="attachments",
            remedy=f"name some of {', '.join(_KINDS)}, or none",
        )
    names = {
        PAGE: f"{name}.html",
        PDF: f"{name}.pdf",
        DATA: say("{report}-data.zip", locale, report=name),
        XLSX: say("{report}-data.xlsx", locale, report=name),
    }
    return tuple(Attachment(kind, names[kind]) for kind in _KINDS if kind in wanted)


def attach(message: EmailMessage, files: tuple[Attachment, ...], read: ReadNotebook) -> None:
    """Add files to a message that has its text: the page of a notebook, and the numbers that it recorded.

    Raises
    ------
    ReportError
        They cannot be made from this notebook.
    """
    for file in files:
        if file.kind == PAGE:
            page = page_html(read).encode("utf-8")
            message.add_attachment(page, "text", "html", params={"charset": "utf-8"}, filename=file.name)
        elif file.kind == PDF:
            message.add_attachment(page_pdf(read), "application", "pdf", filename=file.name)
        elif file.kind == DATA:
            # Here, since pandas and the record take seconds to import, and most messages carry no data.
            from tidings.mail.data_files import data_archive

            message.add_attachment(
                data_archive(read.executed, read.view.locale), "application", "zip", filename=file.name
            )
        else:
            from tidings.mail.workbook import data_workbook

            content = data_workbook(read.executed, read.view.locale)
            message.add_attachment(content, "application", _WORKBOOK, filename=file.name)

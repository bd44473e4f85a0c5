"""The mail's plain text: the report in words and numbers, for those who read without HTML."""

from tidings.page.view import ReportView
from tidings.parts.part import Part
from tidings.parts.render import render


def plain_text(view: ReportView, closing: Part | None = None) -> str:
    """The report in words and numbers, and after it the part that closes the message."""
    blocks = [_text(view.header)]
    for section in view.sections:
        if section.title:
            blocks.append(f"{section.title}\n{'=' * len(section.title)}")
        blocks.extend(map(_text, section.parts))
    blocks.extend(_text(part) for part in (view.footer, closing) if part)
    return "\n\n".join(filter(None, blocks)) + "\n"


def _text(part: Part) -> str:
    return render(part, "text").strip()

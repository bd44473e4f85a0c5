"""The mail's plain text: the report in words and numbers, for those who read without HTML."""

from collections.abc import Iterator
from functools import partial

from babel import Locale

from tidings.language.sentences import say
from tidings.mail.shorter import cut_words
from tidings.mail.view import change_parts
from tidings.page.view import ReportView
from tidings.parts.part import Part
from tidings.parts.render import render

MAX_TEXT_BYTES = 12_000
_ROWS = (10, 5, 3, 0)


def plain_text(view: ReportView, closing: Part | None = None) -> str:
    """What the mail shows in words and numbers, and after it the part that closes the message.

    Never more than `MAX_TEXT_BYTES`: tables are shown with fewer rows, then texts are cut, then the rest is
    left to the page, and it is said so.
    """
    for text in _attempts(view, closing):
        if len(on_wire(text)) <= MAX_TEXT_BYTES:
            return text
    end = _end(view, closing)
    lines, left = [], MAX_TEXT_BYTES - len(on_wire(end)) - 200
    for line in text.splitlines():
        left -= len(on_wire(f"{line}\n"))
        if left < 0:
            break
        lines.append(line)
    cut = say("The text is cut here: the rest is in the report.", view.locale)
    return "\n".join(lines).rstrip() + f"\n\n{cut}\n\n{end}"


def on_wire(text: str) -> bytes:
    """A text as its readers receive it: in UTF-8, with the line ends of mail."""
    return text.replace("\n", "\r\n").encode()


def _attempts(view: ReportView, closing: Part | None) -> Iterator[str]:
    """The text in full, then shorter and shorter."""
    for rows in _ROWS:
        yield _body(view, rows) + _end(view, closing)
    yield _body(change_parts(view, partial(cut_words, locale=view.locale)), 0) + _end(view, closing)


def _body(view: ReportView, rows: int) -> str:
    blocks = [_text(view.header, rows, view.locale)]
    for section in view.sections:
        if section.title:
            blocks.append(f"{section.title}\n{'=' * len(section.title)}")
        blocks.extend(_text(part, rows, view.locale) for part in section.parts)
    return "".join(f"{block}\n\n" for block in blocks if block)


def _end(view: ReportView, closing: Part | None) -> str:
    blocks = [_text(part, 0, view.locale) for part in (view.footer, closing) if part]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _text(part: Part, rows: int, locale: Locale) -> str:
    return render(part, "text", locale=locale, rows=rows).strip("\n")

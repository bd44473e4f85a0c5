"""What of a message's content is one recipient's alone: a word in links, as long for each of them."""

import re
from email.message import EmailMessage
from itertools import accumulate

_LINE_BREAK = re.compile(rb"(=\r?\n)")  # of quoted-printable, which the reader does not see


def replace_word(content: bytes, word: bytes, other: bytes) -> bytes:
    """Content with another word in place of one, also where quoted-printable ends a line within it.

    Lines end where they did before, so that the way back gives the same octets.

    Parameters
    ----------
    content : bytes
        As it goes over the wire.
    word, other : bytes
        Equally long, and of characters that stand for themselves there.
    """
    pieces = _LINE_BREAK.split(content)  # text and breaks by turns
    lengths = [len(text) for text in pieces[::2]]
    text = b"".join(pieces[::2]).replace(word, other)
    ends = list(accumulate(lengths))
    pieces[::2] = [text[end - length : end] for end, length in zip(ends, lengths, strict=True)]
    return b"".join(pieces)


def personalise(message: EmailMessage, word: str, other: str) -> None:
    """Put another recipient's word into the texts of a message; its pictures and files stay as they are."""
    for part in message.walk():
        if part.get_content_maintype() == "text" and not part.is_attachment():
            text = str(part.get_payload()).encode("ascii")
            part.set_payload(replace_word(text, word.encode(), other.encode()).decode("ascii"))

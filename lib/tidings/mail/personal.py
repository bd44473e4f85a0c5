"""What of a message's content is one recipient's alone: a word in links, as long for each of them."""

import re
from email.message import EmailMessage


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
    broken = re.compile(rb"(=\r?\n)?".join(re.escape(word[at : at + 1]) for at in range(len(word))))

    def keep_breaks(found: re.Match[bytes]) -> bytes:
        breaks = [found_break or b"" for found_break in (*found.groups(), b"")]
        return b"".join(other[at : at + 1] + breaks[at] for at in range(len(other)))

    return broken.sub(keep_breaks, content)


def personalise(message: EmailMessage, word: str, other: str) -> None:
    """Put another recipient's word into the texts of a message; its pictures and files stay as they are."""
    for part in message.walk():
        if part.get_content_maintype() == "text" and not part.is_attachment():
            text = str(part.get_payload()).encode("ascii")
            part.set_payload(replace_word(text, word.encode(), other.encode()).decode("ascii"))

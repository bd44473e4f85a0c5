"""Who gets no more mail: those who asked for none, and those whose mail comes back."""

import mailbox
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from pathlib import Path

from tidings.delivery.bounces import TOKEN, read_bounce
from tidings.delivery.ledger import Ledger
from tidings.errors import DeliveryError
from tidings.tenants.address import check_address

UNSUBSCRIBED, BOUNCED = "unsubscribed", "mail came back twice"
BOUNCES = 2
"""How many letters to an address have to come back for good before it gets none any more."""

_LARGEST = 1_000_000


def import_unsubscribed(path: Path, ledger: Ledger, now: datetime) -> tuple[list[str], int]:
    """Suppress all who asked for no more mail, by a list or by letters.

    Parameters
    ----------
    path : Path
        A text or CSV file in whose lines an address, or the token of a message's unsubscribing address,
        stands anywhere; or a mailbox (mbox, Maildir) of letters with "unsubscribe" in their subjects.

    Returns
    -------
    tuple of list of str and int
        The addresses that were not suppressed before, and how many entries name no one who was ever mailed.

    Raises
    ------
    DeliveryError
        It cannot be read.
    """
    entries = list(_read_letters(path) if _is_mailbox(path) else _read_list(path))
    known = {delivery.key.token: delivery.key.recipient for delivery in ledger.deliveries()}
    wanted = [known.get(entry, entry) for entry in entries]
    named = [entry for entry in wanted if "@" in entry]
    return [each for each in named if ledger.suppress(each, UNSUBSCRIBED, now)], len(wanted) - len(named)


def import_bounces(path: Path, ledger: Ledger, now: datetime) -> tuple[list[str], int, int]:
    """Read a mailbox of mail that came back, and suppress those whose second letter did so for good.

    What came back counts if it is of a letter that the ledger knows, final, and for the recipient's sake (see
    `read_bounce`); each letter once, however often the mailbox is read.

    Returns
    -------
    tuple of list of str, int and int
        The addresses that are suppressed now and were not before; how many letters counted, how many not.

    Raises
    ------
    DeliveryError
        It cannot be read.
    """
    known = {delivery.key.token: delivery.key.recipient for delivery in ledger.deliveries()}
    suppressed, counted, ignored = [], 0, 0
    for letter in _letters(path):
        token = read_bounce(letter, known)
        if token is None:
            ignored += 1
            continue
        counted += 1
        recipient = known[token]
        if ledger.note_bounce(token, recipient, now) >= BOUNCES and ledger.suppress(recipient, BOUNCED, now):
            suppressed.append(recipient)
    return suppressed, counted, ignored


def _is_mailbox(path: Path) -> bool:
    if path.is_dir():
        return True
    try:
        with path.open("rb") as file:
            return file.read(5) == b"From "
    except OSError as error:
        raise _refusal(path, error.strerror or str(error)) from None


def _read_list(path: Path) -> Iterator[str]:
    """The first address or token of each line that has any."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _refusal(path, getattr(error, "strerror", None) or "it is no UTF-8 text") from None
    for line in text.splitlines():
        for word in re.split(r"[\s,;\"'<>]+", line):
            try:
                yield word if TOKEN.fullmatch(word) else check_address(word)
            except ValueError:
                continue
            break


def _read_letters(path: Path) -> Iterator[str]:
    """Who wrote each letter that asks for no more mail; what a program wrote by itself asks for nothing."""
    for content in _letters(path):
        letter = BytesHeaderParser().parsebytes(content)
        by_itself = str(letter.get("Auto-Submitted", "no")).lower() != "no"
        if by_itself or "unsubscribe" not in str(letter.get("Subject", "")).lower():
            continue
        try:
            yield check_address(parseaddr(str(letter.get("From", "")))[1])
        except ValueError:
            continue


def _letters(path: Path) -> Iterator[bytes]:
    """The letters of a mailbox; of each, no more than its first megabyte."""
    try:
        kind = mailbox.Maildir if path.is_dir() else mailbox.mbox
        with closing(kind(path, create=False)) as box:
            for key in box.iterkeys():
                with box.get_file(key) as letter:
                    yield letter.read(_LARGEST)
    except (OSError, mailbox.Error) as error:
        raise _refusal(path, getattr(error, "strerror", None) or "it is no mailbox") from None


def _refusal(path: Path, why: str) -> DeliveryError:
    return DeliveryError(
        f"cannot be read: {why}",
        where=str(path),
        remedy="name a text file, an mbox file, or a Maildir folder",
    )

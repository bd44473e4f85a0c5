"""The ledger's tables: laid out in a new file, and brought up to date in an older one."""

import hashlib
import sqlite3
import zlib
from pathlib import Path

from tidings.mail.personal import replace_word

VERSION = 3

_NO_TOKEN = b"\0" * 32  # in place of each letter's own: no mail has these octets
_SCHEMA = (Path(__file__).parent / "ledger.sql").read_text(encoding="utf-8")


def lay_out(database: sqlite3.Connection) -> int:
    """Give a file the tables of this version, within a transaction, and tell the version that it has then.

    A file of a later version is left as it is.
    """
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version == 0:
        for statement in _SCHEMA.split(";"):
            database.execute(statement)
    elif version < VERSION:
        _upgrade(database)
    else:
        return version
    database.execute(f"PRAGMA user_version = {VERSION}")
    return VERSION


def split_content(content: bytes) -> tuple[bytes, bytes]:
    """A message's headers with the empty line after them, and its body, which many messages share."""
    head, gap, body = content.partition(b"\r\n\r\n")
    return head + gap, body


def put_letter(database: sqlite3.Connection, delivery: int, token: str, content: bytes) -> None:
    """Keep a message's bytes; a body that another message has, but for its own token, is there once."""
    head, body = split_content(content)
    body = replace_word(body, token.encode(), _NO_TOKEN)
    digest = hashlib.sha256(body).hexdigest()
    if not database.execute("SELECT 1 FROM bodies WHERE digest = ?", (digest,)).fetchone():
        database.execute(
            "INSERT INTO bodies (digest, content) VALUES (?, ?)", (digest, zlib.compress(body, 1))
        )
    database.execute(
        "INSERT OR REPLACE INTO letters (delivery, head, body) VALUES (?, ?, ?)",
        (delivery, zlib.compress(head, 1), digest),
    )


def join_content(head: bytes, body: bytes, token: str) -> bytes:
    """A message's bytes, of its compressed headers and the compressed body that `put_letter` kept."""
    return zlib.decompress(head) + replace_word(zlib.decompress(body), _NO_TOKEN, token.encode())


def drop_bodies(database: sqlite3.Connection) -> None:
    """Drop the bodies that no message has any more."""
    database.execute("DELETE FROM bodies WHERE digest NOT IN (SELECT body FROM letters)")


def _upgrade(database: sqlite3.Connection) -> None:
    """From the first version, which did not know what the operator was told, or the second.

    Both kept each message whole, and knew neither pauses nor who wants no mail.
    """
    (view,) = database.execute("SELECT sql FROM sqlite_master WHERE name = 'latest'").fetchone()
    database.execute("DROP VIEW latest")  # or the table that it stands on could not be renamed
    database.execute("ALTER TABLE letters RENAME TO whole_letters")
    for statement in _SCHEMA.split(";"):
        made = statement.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS")
        made = made.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS")
        if "CREATE VIEW" not in made:
            database.execute(made)
    letters = "SELECT delivery, token FROM whole_letters JOIN deliveries ON delivery = id"
    for delivery, token in database.execute(letters).fetchall():
        kept = database.execute("SELECT content FROM whole_letters WHERE delivery = ?", (delivery,))
        put_letter(database, delivery, token, zlib.decompress(kept.fetchone()[0]))
    database.execute("DROP TABLE whole_letters")
    database.execute(view)

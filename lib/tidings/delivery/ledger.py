"""The ledger: what was handed to whom, when, and what was answered; SQLite, on disk before a letter ends."""

import hashlib
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from tidings.delivery.errors import LedgerBroken, Misconfigured
from tidings.delivery.ledger_schema import VERSION, drop_bodies, join_content, lay_out, put_letter
from tidings.delivery.states import Attempt, State
from tidings.errors import DeliveryError
from tidings.tenants.address import canonical

FILE_NAME = "_delivery.sqlite"
_sync_data: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)  # the first is Linux's, and does less
MEMORY = timedelta(days=31)
"""How long it is known what the operator was told."""
_PUT = """
INSERT INTO deliveries
  (token, tenant, report, period, recipient, edition, digest, sender, mailbox, state, queued_at, changed_at)
VALUES
  (:token, :tenant, :report, :period, :recipient, :edition, :digest, :sender, :mailbox, 'queued', :now, :now)
ON CONFLICT (token) DO UPDATE SET
  recipient = excluded.recipient, edition = excluded.edition, digest = excluded.digest,
  sender = excluded.sender, mailbox = excluded.mailbox
WHERE state IN ('queued', 'failed')
RETURNING id
"""


@dataclass(frozen=True, order=True)
class Key:
    """What is delivered at most once: a report of a tenant's period to a recipient."""

    tenant: str
    report: str
    period: str
    recipient: str

    @property
    def token(self) -> str:
        """The key as a short word that is always the same; Message-IDs and the outbox's files have it."""
        words = (self.tenant, self.report, self.period, canonical(self.recipient))
        return hashlib.sha256("\n".join(words).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class StoredMessage:
    """A message as it goes over the wire, with the addresses that the server is told.

    Attributes
    ----------
    token : str
        The key's token: two messages with the same one are the same message.
    sender, recipient : str
        Plain addresses in ASCII.
    content : bytes
        Headers and body with CRLF line ends.
    """

    token: str
    sender: str
    recipient: str
    content: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of the content."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Delivery:
    """A row of the ledger with its last attempt.

    Attributes
    ----------
    id : int
        The row's number.
    key : Key
        What it delivers; the recipient as the tenant's file spells it.
    edition : str
        The SHA-256 of the executed notebook that the message was made from.
    digest : str
        The SHA-256 of the message's content.
    state : State
        Where it stands.
    queued_at, changed_at : datetime
        When it was first written down, and when its state last changed; aware.
    attempts : int
        How often it was attempted.
    by, answer : str or None
        The transport of the last attempt, and what it answered.
    """

    id: int
    key: Key
    edition: str
    digest: str
    state: State
    queued_at: datetime
    changed_at: datetime
    attempts: int
    by: str | None
    answer: str | None


class Ledger:
    """The deliveries of a project. One process at a time sends by it: see `context.hold_lock`."""

    def __init__(self, path: Path | Literal[":memory:"]):
        self._database = sqlite3.connect(path, isolation_level=None, timeout=30, uri=True)
        self._database.row_factory = sqlite3.Row
        (mode,) = self._database.execute("PRAGMA journal_mode = WAL").fetchone()
        self._path, self._synchronous = path, ""
        self._database.execute("PRAGMA foreign_keys = ON")
        self._create(path)
        # Its log is there as long as it is open. In memory, or where a disk allows no log, there is none.
        self._log = os.open(f"{path}-wal", os.O_RDONLY) if mode == "wal" else None
        self._disk = ThreadPoolExecutor(1)
        self._syncing: Future[None] | None = None
        self._ahead: dict[int, StoredMessage] = {}

    def close(self) -> None:
        """Let go of the file."""
        self._disk.shutdown()
        self._database.close()
        if self._log is not None:
            os.close(self._log)

    def enqueue(self, messages: Iterable[tuple[Key, str, StoredMessage]], now: datetime) -> None:
        """Write down messages to be sent: key, the edition's digest, message; all of them or none.

        A message that no server has accepted takes the place of an earlier one; others are left as they are.
        """
        with self._transaction():
            for key, edition, message in messages:
                self._put(key, edition, message, now)

    def claim(self, delivery: int, by: str, now: datetime) -> bool:
        """Note that an attempt begins; False where another process has settled it meanwhile.

        A killed process loses nothing of it. It is on disk once `sync` returns: the server takes the letter's
        bytes meanwhile.
        """
        return self._begin(delivery, by, now, (State.QUEUED, State.FAILED))

    def claim_again(self, delivery: int, by: str, now: datetime) -> bool:
        """Likewise for a message that is to be sent again whatever came of it before."""
        return self._begin(delivery, by, now, tuple(set(State) - {State.SENDING}))

    def sync(self) -> None:
        """Wait until the claim is on disk: before a letter's end goes out, or what else cannot be taken back.

        Raises
        ------
        LedgerBroken
            The disk does not take it.
        """
        try:
            if self._syncing:
                self._syncing.result()
        except OSError as error:
            raise LedgerBroken.of_storage(error, self._path) from None

    def settle(self, delivery: int, attempt: Attempt, now: datetime, state: State | None = None) -> None:
        """Note what the attempt under way came to.

        A killed process loses nothing of it. It is not waited for until it is on disk: the next letter's sync
        brings it there, and a power failure before that makes the delivery uncertain, never open again.

        Parameters
        ----------
        state : State, optional
            The state that the delivery takes, where that is another than the attempt's own.
        """
        with self._transaction(synchronous="NORMAL"):
            self._database.execute(
                "UPDATE attempts SET outcome = ?, answer = ?, ended_at = ? "
                "WHERE delivery = ? AND outcome = ?",
                (attempt.state, attempt.answer, _text(now), delivery, State.SENDING),
            )
            self._database.execute(
                "UPDATE deliveries SET state = ?, changed_at = ? WHERE id = ?",
                (state or attempt.state, _text(now), delivery),
            )

    def reopen(self, deliveries: Iterable[Delivery], settled: State, now: datetime) -> None:
        """Queue again what was settled in a state, all or none: it turned out not to be settled."""
        with self._transaction():
            self._database.executemany(
                "UPDATE deliveries SET state = 'queued', changed_at = ? WHERE id = ? AND state = ?",
                [(_text(now), delivery.id, settled) for delivery in deliveries],
            )

    def recover(self, repeatable: str | None) -> list[Delivery]:
        """Settle what a killed run left under way: uncertain, since it may have arrived.

        It is settled as of when the attempt began: nothing is known of it since, and the clock may be wrong.

        Parameters
        ----------
        repeatable : str, optional
            The name of a transport to which a message can be given twice and is there once: what was under
            way by it is queued again.

        Returns
        -------
        list of Delivery
            Those that are uncertain now.
        """
        left = [delivery for delivery in self.deliveries() if delivery.state is State.SENDING]
        for delivery in left:
            state = State.QUEUED if delivery.by == repeatable else State.UNCERTAIN
            attempt = Attempt(state, "the run ended before an answer was written down")
            self.settle(delivery.id, attempt, delivery.changed_at)
        return [delivery for delivery in self.deliveries(left) if delivery.state is State.UNCERTAIN]

    def deliveries(self, among: Iterable[Delivery] | None = None) -> list[Delivery]:
        """All deliveries in the order in which they were written down, or these as they stand now."""
        rows = self._database.execute("SELECT * FROM latest ORDER BY id")
        wanted = None if among is None else {delivery.id for delivery in among}
        return [_delivery(row) for row in rows if wanted is None or row["id"] in wanted]

    def find(self, key: Key) -> Delivery | None:
        """The delivery of a key, if it was ever written down."""
        row = self._database.execute("SELECT * FROM latest WHERE token = ?", (key.token,)).fetchone()
        return _delivery(row) if row else None

    def has_begun(self, key: Key) -> bool:
        """Whether the report of the key's tenant and period was written down for anyone."""
        words = (key.tenant, key.report, key.period)
        sql = "SELECT 1 FROM deliveries WHERE tenant = ? AND report = ? AND period = ? LIMIT 1"
        return self._database.execute(sql, words).fetchone() is not None

    def periods(self, tenant: str, report: str) -> set[str]:
        """The keys of the periods of which a tenant's report was written down for anyone."""
        sql = "SELECT DISTINCT period FROM deliveries WHERE tenant = ? AND report = ?"
        return {row["period"] for row in self._database.execute(sql, (tenant, report))}

    def message(self, delivery: int) -> StoredMessage:
        """The message of a delivery, octet by octet as it was written down.

        Raises
        ------
        DeliveryError
            It is no longer kept, or its bytes are not those that were written.
        """
        if message := self._ahead.pop(delivery, None):
            return message
        row = self._database.execute(
            "SELECT token, deliveries.digest, sender, mailbox, head, content FROM deliveries "
            "JOIN letters ON delivery = id JOIN bodies ON bodies.digest = body WHERE id = ?",
            (delivery,),
        ).fetchone()
        if row is None:
            raise DeliveryError(
                f"the message of delivery {delivery} is no longer kept",
                remedy="make the report again and send it with make test-mail TO=…",
            )
        try:
            content = join_content(row["head"], row["content"], row["token"])
        except (zlib.error, TypeError):
            content = b""
        message = StoredMessage(row["token"], row["sender"], row["mailbox"], content)
        if message.digest != row["digest"]:
            raise DeliveryError(
                f"the message of delivery {delivery} is damaged", remedy=f"restore {FILE_NAME} from a backup"
            )
        return message

    def read_ahead(self, delivery: int) -> StoredMessage | None:
        """Have one message ready for when it is asked for; None where `message` has to tell what is wrong."""
        self._ahead = {}
        with suppress(DeliveryError, sqlite3.Error):
            self._ahead = {delivery: self.message(delivery)}
        return self._ahead.get(delivery)

    def was_told(self, line: str, since: datetime) -> bool:
        """Whether the operator was told of something since an instant, `MEMORY` ago at most."""
        sql = "SELECT 1 FROM told WHERE line = ? AND told_at >= ?"
        return self._database.execute(sql, (_digest(line), _text(since))).fetchone() is not None

    def note_told(self, lines: Iterable[str], now: datetime) -> None:
        """Note that the operator was told of some things; what was told `MEMORY` ago is forgotten."""
        with self._transaction():
            self._database.execute("DELETE FROM told WHERE told_at < ?", (_text(now - MEMORY),))
            self._database.executemany(
                "INSERT OR REPLACE INTO told (line, told_at) VALUES (?, ?)",
                [(_digest(line), _text(now)) for line in lines],
            )

    def newest_entry(self) -> datetime | None:
        """When a delivery was last written to; None in a new ledger."""
        (newest,) = self._database.execute("SELECT max(changed_at) FROM deliveries").fetchone()
        return _instant(newest) if newest else None

    def forget_messages(self, before: datetime) -> int:
        """Drop the bytes of messages that were settled before an instant; what came of them is kept.

        Returns
        -------
        int
            How many were dropped.
        """
        with self._transaction():
            dropped = self._database.execute(
                "DELETE FROM letters WHERE delivery IN (SELECT id FROM deliveries "
                "WHERE state IN ('sent', 'refused') AND changed_at < ?)",
                (_text(before),),
            )
            drop_bodies(self._database)
        return dropped.rowcount

    def suppress(self, address: str, why: str, now: datetime) -> bool:
        """Have an address get nothing from now on; False where that is so already."""
        with self._transaction():
            done = self._database.execute(
                "INSERT OR IGNORE INTO suppressed (address, since, why) VALUES (?, ?, ?)",
                (canonical(address), _text(now), why),
            )
        return done.rowcount == 1

    def release(self, address: str) -> bool:
        """Have an address get mail again, its bounces forgotten; False where it was not suppressed."""
        with self._transaction():
            self._database.execute("DELETE FROM bounces WHERE address = ?", (canonical(address),))
            done = self._database.execute("DELETE FROM suppressed WHERE address = ?", (canonical(address),))
        return done.rowcount == 1

    def suppressed(self) -> dict[str, str]:
        """Why addresses get nothing, by their `canonical` spelling."""
        rows = self._database.execute("SELECT address, since, why FROM suppressed ORDER BY since, address")
        return {row["address"]: f"{row['why']}, {row['since'][:10]}" for row in rows}

    def note_bounce(self, message: str, address: str, now: datetime) -> int:
        """Note that mail to an address came back for good, each report of it once; how often it has."""
        with self._transaction():
            self._database.execute(
                "INSERT OR IGNORE INTO bounces (message, address, noted_at) VALUES (?, ?, ?)",
                (message, canonical(address), _text(now)),
            )
            sql = "SELECT count(*) FROM bounces WHERE address = ?"
            (count,) = self._database.execute(sql, (canonical(address),)).fetchone()
        return count

    def pause(self, tenant: str, why: str, now: datetime) -> None:
        """Have a tenant get nothing until it is resumed."""
        with self._transaction():
            self._database.execute(
                "INSERT OR REPLACE INTO paused (tenant, since, why) VALUES (?, ?, ?)",
                (tenant, _text(now), why),
            )

    def resume(self, tenant: str) -> bool:
        """End a tenant's pause; False where there was none."""
        with self._transaction():
            done = self._database.execute("DELETE FROM paused WHERE tenant = ?", (tenant,))
        return done.rowcount == 1

    def paused(self) -> dict[str, str]:
        """Why and since when tenants get nothing, by their ids."""
        rows = self._database.execute("SELECT tenant, since, why FROM paused")
        return {row["tenant"]: f"paused {row['since'][:10]}: {row['why']}" for row in rows}

    def copy_rows(self, path: Path) -> None:
        """Take over the rows of a ledger's file but for its messages; the file is only read."""
        # Without a log beside it no one has it open, and it is read without leaving one there.
        mode = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "immutable=1"
        self._database.execute("ATTACH ? AS kept", (f"{path.resolve().as_uri()}?{mode}",))
        found = self._database.execute("SELECT name FROM kept.sqlite_master WHERE type = 'table'")
        self._database.execute("PRAGMA foreign_keys = OFF")  # tables come in any order
        for table in {row["name"] for row in found.fetchall()} - {"letters", "bodies"}:
            self._database.execute(f"INSERT INTO main.{table} SELECT * FROM kept.{table}")
        self._database.execute("DETACH kept")

    def _create(self, path: Path | str) -> None:
        """Lay out a new file, bring an older one up to date, and refuse a later one."""
        with self._transaction():
            version = lay_out(self._database)
            if version != VERSION:
                raise Misconfigured(
                    f"the ledger has version {version}, and this library writes version {VERSION}",
                    where=str(path),
                    remedy="use the library's version that wrote it",
                )

    def _put(self, key: Key, edition: str, message: StoredMessage, now: datetime) -> None:
        values = asdict(key) | {"token": key.token, "edition": edition, "digest": message.digest}
        values |= {"sender": message.sender, "mailbox": message.recipient, "now": _text(now)}
        row = self._database.execute(_PUT, values).fetchone()
        if row:
            self._ahead.pop(row["id"], None)
            put_letter(self._database, row["id"], message.token, message.content)

    def _begin(self, delivery: int, by: str, now: datetime, states: tuple[State, ...]) -> bool:
        marks = ", ".join("?" * len(states))
        with self._transaction(synchronous="FULL" if self._log is None else "NORMAL"):
            claimed = self._database.execute(
                f"UPDATE deliveries SET state = ?, changed_at = ? WHERE id = ? AND state IN ({marks})",
                (State.SENDING, _text(now), delivery, *states),
            )
            if claimed.rowcount == 1:
                self._database.execute(
                    "INSERT INTO attempts (delivery, begun_at, transport, outcome) VALUES (?, ?, ?, ?)",
                    (delivery, _text(now), by, State.SENDING),
                )
        if self._log is not None:
            self._syncing = self._disk.submit(_sync_data, self._log)
        return claimed.rowcount == 1

    @contextmanager
    def _transaction(self, synchronous: str = "FULL") -> Iterator[None]:
        if synchronous != self._synchronous:
            self._database.execute(f"PRAGMA synchronous = {synchronous}")
            self._synchronous = synchronous
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")


@contextmanager
def open_ledger(path: Path) -> Iterator[Ledger]:
    """The ledger in a file, which is made where there is none.

    Raises
    ------
    Misconfigured
        The file is not a ledger that this version can read.
    LedgerBroken
        It cannot be opened, or fails while it is open.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerBroken.of_storage(error, path) from error
    try:
        with closing(Ledger(path)) as ledger:
            yield ledger
    except sqlite3.Error as error:
        raise _tell_trouble(error, path) from error


def _tell_trouble(error: sqlite3.Error, path: Path | str) -> LedgerBroken:
    """What is wrong with a ledger's file."""
    return LedgerBroken(
        f"the ledger cannot be read or written: {error}",
        where=str(path),
        remedy="let outputs/ be a writable folder on a local disk that has room; if the file is damaged, "
        "restore it from a backup",
    )


@contextmanager
def copy_ledger(path: Path | None) -> Iterator[Ledger]:
    """What a ledger's file says of deliveries and recipients, in memory: nothing there changes the file.

    The messages themselves are left out. Where there is no file, the copy is empty.

    Raises
    ------
    LedgerBroken
        The file cannot be read, or what is in it is damaged.
    """
    with closing(Ledger(":memory:")) as ledger:
        try:
            if path and path.is_file():
                ledger.copy_rows(path)
            yield ledger
        except sqlite3.Error as error:
            raise _tell_trouble(error, path or FILE_NAME) from None


def _digest(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except (ValueError, TypeError):
        raise sqlite3.DatabaseError("an instant is damaged") from None


def _delivery(row: Any) -> Delivery:
    """A row as a delivery. Values that no one wrote are of a damaged page, which SQLite may still read."""
    names = (row["tenant"], row["report"], row["period"], row["recipient"])
    try:
        if None in names:
            raise ValueError
        return Delivery(
            id=row["id"],
            key=Key(*names),
            edition=row["edition"],
            digest=row["digest"],
            state=State(row["state"]),
            queued_at=_instant(row["queued_at"]),
            changed_at=_instant(row["changed_at"]),
            attempts=row["attempts"],
            by=row["by"],
            answer=row["answer"],
        )
    except (ValueError, TypeError):
        raise sqlite3.DatabaseError("a row is damaged") from None

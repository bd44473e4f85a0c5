"""Delivery by SMTP: one connection for many messages, and an attempt that says what the server can know."""

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tidings.delivery.errors import Misconfigured, SenderRefused, Unreachable
from tidings.delivery.ledger import StoredMessage
from tidings.delivery.settings import PREFIX, Settings
from tidings.delivery.states import Attempt, State, plain_answer
from tidings.delivery.transports.base import nothing_before
from tidings.delivery.transports.smtp_answers import Blame, read_blame, reason_of
from tidings.delivery.transports.smtp_session import Session, TlsSession, double_dots
from tidings.delivery.transports.smtp_url import Server

_LOST = (smtplib.SMTPServerDisconnected, OSError)
_PHASES = ("MAIL FROM", "RCPT TO", "DATA")
"""Of what comes before a message."""


@dataclass(frozen=True)
class Timeouts:
    """How long to wait, in seconds; each is for the whole of what it is for, however the server drips.

    For a connection, for an answer, for all of one letter up to its end, and for the answer to that. The last
    is long, as RFC 5321 (4.5.3.2.6) asks: a server may look through the message before it answers, and giving
    up sooner makes duplicates elsewhere and uncertain deliveries here.
    """

    connect: float = 30
    answer: float = 300
    letter: float = 600
    message: float = 600


class Smtp:
    """Hands messages to a server."""

    repeatable = False

    def __init__(self, server: Server, timeouts: Timeouts | None = None, ehlo_name: str | None = None):
        self.name = f"smtp {server.host}:{server.port}"
        self._server = server
        self._timeouts = timeouts or Timeouts()
        self._ehlo_name = ehlo_name
        self._session: Session | None = None
        self._may_pipeline = True

    @classmethod
    def from_settings(cls, settings: Settings, outputs: Path) -> "Smtp":
        """The server that the settings name.

        Raises
        ------
        Misconfigured
            They name none, or no sender.
        """
        server = settings.server
        if settings.sender is None:
            raise Misconfigured(
                "the mail has no sender",
                where=f"{PREFIX}FROM",
                remedy="write an address at a domain of yours: Tidings <reports@example.com>",
            )
        return cls(server, ehlo_name=settings.ehlo_name)

    def open(self) -> None:
        """Connect, encrypt and log in, unless that is done."""
        if self._session is None:
            session = self._connect()
            try:
                self._introduce(session)
            except BaseException:
                session.close()
                raise
            self._session = session

    def announce(self, message: StoredMessage) -> None:
        """Send what comes before a message: in one piece to a server that takes it so (RFC 2920).

        What it answers, or that it is gone, is told when the message is delivered.
        """
        session = self._session
        assert session is not None, "open() comes first"
        if session.replies_owed:
            return
        session.phase, session.handed_over = "MAIL FROM", False
        session.patience(self._timeouts.answer)
        session.begin_letter(self._timeouts.letter)
        in_one_piece = self._may_pipeline and session.has_extn("pipelining")
        commands = [_command(phase, session, message) for phase in _PHASES[: None if in_one_piece else 1]]
        with contextlib.suppress(*_LOST):
            session.ask(*commands)

    def deliver(self, message: StoredMessage, before_end: Callable[[], None] = nothing_before) -> Attempt:
        """Hand over one message.

        Until its last line is on the way, a lost connection means that the server does not have it: failed.
        After that only the server's answer tells; without one it is uncertain.
        """
        session = self._session
        assert session is not None, "open() comes first"
        self.announce(message)
        try:
            attempt = self._hand_over(session, message, before_end)
        except SenderRefused:
            if not session.is_ready():
                self._drop()
            raise
        except (*_LOST, smtplib.SMTPException) as error:
            self._drop()
            if session.handed_over:
                return Attempt(State.UNCERTAIN, f"no answer to the whole message: {_words(error)}")
            self._may_pipeline = False  # The server, or what stands before it, may not bear what it offers.
            return Attempt(State.FAILED, f"connection lost at {session.phase}: {_words(error)}")
        if attempt.state is not State.SENT and not session.is_ready():
            self._drop()
        return attempt

    def close(self) -> None:
        """Say goodbye; what was accepted stays accepted, whether or not the server answers."""
        if self._session is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._session.patience(self._timeouts.connect)
                self._session.begin_letter(float("inf"))
                if not self._session.replies_owed:
                    self._session.quit()
            self._drop()

    def _connect(self) -> Session:
        server, seconds, name = self._server, self._timeouts.connect, self._ehlo_name
        try:
            if server.security == "tls":
                context = self._context()
                return TlsSession(server.host, server.port, name, timeout=seconds, context=context)
            return Session(server.host, server.port, name, timeout=seconds)
        except smtplib.SMTPConnectError as error:
            raise self._read_code("greeting", error.smtp_code, error.smtp_error) from None
        except (*_LOST, smtplib.SMTPException) as error:
            raise self._read_loss("connection", error) from None

    def _introduce(self, session: Session) -> None:
        """STARTTLS and AUTH, as the settings ask."""
        session.patience(self._timeouts.answer)
        try:
            session.ehlo_or_helo_if_needed()
            if self._server.security == "starttls":
                self._encrypt(session)
            if self._server.user is not None:
                self._log_in(session)
        except smtplib.SMTPResponseException as error:
            raise self._read_code(session.phase, error.smtp_code, error.smtp_error) from None
        except _LOST as error:
            raise self._read_loss(session.phase, error) from None

    def _encrypt(self, session: Session) -> None:
        if not session.has_extn("starttls"):
            raise Misconfigured(
                "the server offers no STARTTLS, so that the messages could be read on their way",
                where=self.name,
                remedy="use smtps:// if it speaks TLS from the start, ?tls=none only on your own network",
            )
        code, answer = session.starttls(context=self._context())
        if code != 220:
            raise smtplib.SMTPResponseException(code, answer)
        session.ehlo()

    def _log_in(self, session: Session) -> None:
        session.phase = "AUTH"
        try:
            session.login(self._server.user or "", self._server.password or "")
        except (smtplib.SMTPResponseException, smtplib.SMTPServerDisconnected):
            raise
        except smtplib.SMTPException:  # it offers none, or others than by user and password
            raise Misconfigured(
                "the server offers no way to log in by user and password",
                where=self.name,
                remedy="check the port, or leave user and password out of TIDINGS_SMTP_URL",
            ) from None

    def _hand_over(self, session: Session, message: StoredMessage, before_end: Callable[[], None]) -> Attempt:
        """The replies to MAIL FROM, RCPT TO and DATA, and the message; the first no is what it came to."""
        body = double_dots(message.content)
        for phase in _PHASES:
            session.phase = phase
            if not session.replies_owed:
                session.ask(_command(phase, session, message))
            code, answer = session.getreply()
            goes_on = code == 354 if phase == "DATA" else 200 <= code <= 299
            if not goes_on:
                return self._read_no(phase, code, answer, session.handed_over)
        code, answer = session.hand_over(body, self._timeouts.message, before_end)
        if not 200 <= code <= 299:
            return self._read_no("DATA", code, answer, session.handed_over)
        return Attempt(State.SENT, f"{code} {plain_answer(answer)}")

    def _read_no(self, phase: str, code: int, answer: bytes, handed_over: bool) -> Attempt:
        said = plain_answer(answer)
        words = f"{code} {said} (at {'the end of the message' if handed_over else phase})"
        if not 400 <= code <= 599:
            return Attempt(State.UNCERTAIN if handed_over else State.FAILED, words)
        if code == 530 or (phase == "MAIL FROM" and code >= 500 and code not in (552, 555)):
            raise self._refuse(Misconfigured, words)
        blame = read_blame(code, said)
        if blame is Blame.SENDER:
            raise self._refuse(SenderRefused, words)
        if code < 500:
            return Attempt(State.FAILED, words)
        return Attempt(State.REFUSED, words, reason_of(said) if blame is Blame.UNCLEAR else None)

    def _refuse(self, kind: type[Misconfigured], words: str) -> Misconfigured:
        return kind(
            f"the server takes no mail from this sender: {words}",
            where=self.name,
            remedy="give user and password in TIDINGS_SMTP_URL, and an address it takes in TIDINGS_FROM; "
            "or ask whoever runs it. What it refused so is queued, and the next run sends it",
        )

    def _read_code(self, phase: str, code: int, answer: bytes | str) -> Exception:
        """What a code at the beginning of a connection means for the run."""
        if code < 500:
            return self._read_loss(phase, f"{code} {plain_answer(answer)}")
        if phase == "AUTH":  # Its answer stays out: a server might repeat what it was given.
            return Misconfigured(
                f"the server refuses the user or the password ({code})",
                where=self.name,
                remedy="correct them in TIDINGS_SMTP_URL; write characters such as @ and / as %40 and %2F",
            )
        return Misconfigured(
            f"the server refuses to serve: {code} {plain_answer(answer)} (at {phase})",
            where=self.name,
            remedy="ask whoever runs it, or correct TIDINGS_SMTP_URL",
        )

    def _read_loss(self, phase: str, error: Exception | str) -> Exception:
        if isinstance(error, ssl.SSLCertVerificationError):
            return Misconfigured(
                f"the server's certificate is not to be trusted: {error.verify_message}",
                where=self.name,
                remedy="use the certificate's host name, or add ?cafile=PATH of the authority behind it",
            )
        return Unreachable(
            f"cannot be reached: {error if isinstance(error, str) else _words(error)} (at {phase})",
            where=self.name,
            remedy="run make mail again later: nothing was lost",
        )

    def _context(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self._server.cafile)
        except OSError as error:
            raise Misconfigured(
                f"the certificates cannot be read: {error.strerror or 'not in PEM form'}",
                where="cafile in TIDINGS_SMTP_URL",
                remedy="name a file of certificates in PEM form",
            ) from None

    def _drop(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None


def _command(phase: str, session: Session, message: StoredMessage) -> str:
    """What begins a phase."""
    if phase == "MAIL FROM":
        size = f" size={len(message.content)}" if session.has_extn("size") else ""
        return f"mail FROM:<{message.sender}>{size}"
    return "data" if phase == "DATA" else f"rcpt TO:<{message.recipient}>"


def _words(error: Exception) -> str:
    if isinstance(error, socket.timeout):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror and not isinstance(error, smtplib.SMTPException):
        return error.strerror
    return plain_answer(str(error)) or type(error).__name__

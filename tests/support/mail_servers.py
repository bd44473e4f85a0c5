"""Mail servers for tests: one that follows a script of failures, and aiosmtpd with TLS and passwords."""

import socket
import ssl
import struct
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from support.certificates import Certificates

OFFERS = ("SIZE 100000000", "PIPELINING")
USER, PASSWORD = "reports@example.com", "p@ss/w:rd#1"

DROP = "drop"
"""In a script, in place of an answer: the connection is cut."""

ALONE = "alone"
"""Likewise: the connection is cut where another command came with this one."""

DRIPS, LINES, LETTERS = "drips", "lines", "letters"
"""Likewise: an answer without end, of a byte at a time, of line after line, or of one line."""


class ScriptedServer:
    """An SMTP server on a port of its own that answers as told, and keeps what it accepted.

    Parameters
    ----------
    script : dict
        Phase → the answers to the first commands of that phase, each an SMTP reply, `DROP`, or seconds to
        wait before the usual one; when they are used up, the phase goes well. Phases: greeting, EHLO,
        STARTTLS, AUTH, MAIL, RCPT, DATA, body (dropped while it comes), end (after the final dot), QUIT.
    """

    def __init__(self, script: dict[str, list[str | float]] | None = None, offers: tuple[str, ...] = OFFERS):
        self.accepted: list[bytes] = []
        self.seen: list[str] = []
        self.connections = 0
        self._script = {phase: list(answers) for phase, answers in (script or {}).items()}
        self._offers = offers
        self._addressed: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        """Without TLS, as is said explicitly."""
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            try:
                self._reply(connection, self._next("greeting") or "220 scripted")
                while line := lines.readline():
                    self._obey(line.decode().strip(), connection, lines)
            except OSError:
                return

    def _obey(self, line: str, connection: socket.socket, lines) -> None:
        verb = line.split(" ")[0].upper()
        self.seen.append(line)
        refusal = self._next(verb)
        if refusal == ALONE:
            refusal = DROP if _has_more(connection, lines) else None
        if refusal:
            self._reply(connection, refusal)
        elif verb == "DATA" and connection not in self._addressed:
            self._reply(connection, "503 5.5.1 no recipient")
        elif verb == "DATA":
            self._addressed.remove(connection)
            self._reply(connection, "354 go on")
            self._take(connection, lines)
        else:
            self._reply(connection, self._usual(verb))
        if verb == "RCPT" and (refusal or "250").startswith("2"):
            self._addressed.add(connection)
        elif verb in ("MAIL", "RSET"):
            self._addressed.discard(connection)

    def _usual(self, verb: str) -> str:
        if verb == "EHLO":
            *first, last = ("scripted", *self._offers)
            return "\r\n".join([*(f"250-{offer}" for offer in first), f"250 {last}"])
        return {"QUIT": "221 bye", "AUTH": "235 welcome", "STARTTLS": "454 not now"}.get(verb, "250 fine")

    def _take(self, connection: socket.socket, lines) -> None:
        if spoken := self._next("body"):
            lines.readline()
            self._reply(connection, spoken)
        body = []
        while (line := lines.readline()) != b".\r\n":
            if not line:
                raise ConnectionResetError
            body.append(line[1:] if line.startswith(b".") else line)
        answer = self._next("end")
        if answer in (None, DROP):  # Where the answer is lost, the message is not.
            self.accepted.append(b"".join(body))
        self._reply(connection, answer or "250 taken")

    def _next(self, phase: str) -> str | None:
        answers = self._script.get(phase)
        answer = answers.pop(0) if answers else None
        if isinstance(answer, float):
            time.sleep(answer)
            return None
        return answer

    def _reply(self, connection: socket.socket, answer: str) -> None:
        if answer == DROP:
            _cut(connection)
        while answer == DRIPS:
            connection.sendall(b"2")
            time.sleep(0.1)
        while answer in (LINES, LETTERS):
            connection.sendall(b"250-" + b"x" * 500 + b"\r\n" if answer == LINES else b"2" * 500)
        connection.sendall(answer.encode() + b"\r\n")


def _has_more(connection: socket.socket, lines) -> bool:
    """Whether more than a line has come, without waiting for it."""
    connection.setblocking(False)
    more = bool(lines.peek())
    connection.setblocking(True)
    return more


def _cut(connection: socket.socket) -> None:
    """Reset the connection: what the client still has to say is not read."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    raise ConnectionResetError


@contextmanager
def scripted(script: dict[str, list[str | float]] | None = None, offers: tuple[str, ...] = OFFERS):
    """A `ScriptedServer` that is closed in the end."""
    server = ScriptedServer(script, offers)
    try:
        yield server
    finally:
        server.close()


class Pipelining:
    """Has aiosmtpd say that it takes commands in one piece, as it does anyway, and as mail servers do."""

    async def handle_EHLO(self, server, session, envelope, hostname, responses) -> list[str]:
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]


@dataclass
class Store(Pipelining):
    """Where aiosmtpd puts what it accepts."""

    messages: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_DATA(self, server, session, envelope) -> str:
        self.messages.append(envelope.original_content)
        self.recipients += envelope.rcpt_tos
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 kept"


@contextmanager
def secure_server(certificates: Certificates, from_the_start: bool = False):
    """aiosmtpd that insists on TLS and on `USER` with `PASSWORD`: its store and its port."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.chain, certificates.key)
    store = Store()
    tls = {"ssl_context": context} if from_the_start else {"tls_context": context, "require_starttls": True}
    controller = Controller(
        store,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=_authenticated,
        auth_required=True,
        auth_require_tls=not from_the_start,
        **tls,
    )
    controller.start()
    try:
        yield store, controller.port
    finally:
        controller.stop()


def free_port() -> int:
    """A port that no one listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def _authenticated(server, session, envelope, mechanism, data) -> AuthResult:
    right = data == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)

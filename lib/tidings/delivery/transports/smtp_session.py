"""An SMTP session that knows whether a message's end is on its way, and waits no longer than it is told."""

import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

_REPLY_BYTES, _REPLY_LINES = 64_000, 200
_PIECE = 65_536
_GRACE = 0.03


class EndlessReply(OSError):
    """A reply took too long, or was too large, as a whole."""


def double_dots(content: bytes) -> bytes:
    """A message as it goes over the wire: a dot that begins a line is doubled, and the last line ends."""
    body = (b"\n" + content).replace(b"\n.", b"\n..")[1:]
    return body if body.endswith(b"\r\n") else body + b"\r\n"


class Session(smtplib.SMTP):
    """A connection to a server.

    Attributes
    ----------
    phase : str
        What is being done, for messages about what went wrong.
    handed_over : bool
        Whether the end of the current message may have reached the server.
    replies_owed : int
        How many commands that were asked have no reply yet.
    """

    phase = "greeting"
    handed_over = False
    replies_owed = 0
    _letter_ends = float("inf")
    _largest_taken = 0

    def patience(self, seconds: float) -> None:
        """Wait so long for each reply from now on: for the whole of it, however it drips."""
        self.timeout = seconds

    def begin_letter(self, seconds: float) -> None:
        """Have all that comes before a message's end take no longer than this together."""
        self._letter_ends = time.monotonic() + seconds

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Send a command; the beginning of a session is in phases of one command each."""
        if cmd.upper() in ("EHLO", "HELO", "STARTTLS"):
            self.phase = cmd.upper()
        super().putcmd(cmd, args)

    def ask(self, *commands: str) -> None:
        """Send commands in one piece; the server owes a reply to each, which `getreply` gives in turn."""
        if any(mark in command for command in commands for mark in "\r\n"):
            raise ValueError("a command has more than one line")
        self.replies_owed = len(commands)
        self.send("".join(f"{command}\r\n" for command in commands))

    def send(self, s: Any) -> None:
        """Send all of it within the patience there is."""
        if self.sock is not None:
            self.sock.settimeout(self._seconds_left())
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        """A whole reply, within the patience there is."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("Server not connected")
        if self.file is None:  # anew after STARTTLS: nothing from before counts
            self.file = _ReplyReader(self.sock)
        self.file.begin(self._seconds_left())
        self.replies_owed = max(0, self.replies_owed - 1)
        return super().getreply()

    def hand_over(self, body: bytes, seconds: float, before_end: Callable[[], None]) -> tuple[int, bytes]:
        """The message and its end, once the server waits for them; its answer.

        A server that speaks before the end does not have the message: what it says is about that.

        Parameters
        ----------
        body : bytes
            The message as `double_dots` gives it.
        seconds : float
            How long to wait for the answer to the whole message.
        before_end : callable
            Called while the server takes the body; where it raises, the server never gets the end of it.
        """
        self.phase = "the message's body"
        rest = memoryview(body)
        while rest:
            self.send(rest[:_PIECE])
            rest = rest[_PIECE:]
        try:
            before_end()
        except BaseException:
            self.close()
            raise
        # Who has taken a letter as large does not cut this one short: it is not waited for whether it does.
        grace = 0 if len(body) <= self._largest_taken else _GRACE
        if self.file and self.file.has_spoken(grace):  # or is gone: it did not wait, and has no message
            early = self.getreply()
            self.close()
            return early
        # The end is a write of its own, so that a connection lost before it is known to have carried an
        # incomplete message. Once it is written, only the server knows.
        self.begin_letter(float("inf"))
        self.patience(seconds)
        self.send(b".\r\n")
        self.handed_over = True
        code, answer = self.getreply()
        if code == 250:
            self._largest_taken = max(self._largest_taken, len(body))
        return code, answer

    def is_ready(self) -> bool:
        """Whether the session can go on after a message that was not taken."""
        try:
            while self.replies_owed:
                if self.getreply()[0] == 354:
                    return False  # It waits for a message, and would take a command for its first line.
            return self.rset()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _seconds_left(self) -> float:
        """The patience for the next step, within that for the letter."""
        return max(0.001, min(self.timeout, self._letter_ends - time.monotonic()))

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        connection = super()._get_socket(host, port, timeout)  # type: ignore[misc]  # not in its stubs
        # A message ends in a small write after a large one, which without this waits for an acknowledgement.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection


class TlsSession(Session, smtplib.SMTP_SSL):
    """A session that is encrypted from the start."""


class _ReplyReader:
    """The lines that a server sends, in the place of smtplib's file: each reply bounded in time and size.

    A file's own timeouts are for each byte, so that a server that sends one a second is waited for for ever.
    """

    def __init__(self, connection: socket.socket):
        self._connection, self._unread = connection, b""
        self._ends, self._bytes, self._lines = 0.0, 0, 0

    def begin(self, seconds: float) -> None:
        """Expect a reply that is over within so many seconds."""
        self._ends = time.monotonic() + seconds
        self._bytes = self._lines = 0

    def readline(self, limit: int) -> bytes:
        """The next line of the reply, at most so many bytes of it; nothing where the server is gone.

        Raises
        ------
        EndlessReply
            The reply as a whole is beyond its bounds.
        """
        self._lines += 1
        while b"\n" not in self._unread and len(self._unread) < limit and self._receive(self._left()):
            pass
        end = self._unread.find(b"\n", 0, limit) + 1 or limit
        line, self._unread = self._unread[:end], self._unread[end:]
        self._bytes += len(line)
        is_endless = len(line) == limit and not line.endswith(b"\n")
        if is_endless or self._bytes > _REPLY_BYTES or self._lines > _REPLY_LINES:
            raise EndlessReply("the reply has no end")
        return line

    def has_spoken(self, seconds: float) -> bool:
        """Whether the server said something unasked within some seconds.

        Raises
        ------
        OSError
            It is gone.
        """
        try:
            if not self._unread and not self._receive(seconds):
                raise ConnectionResetError("the server closed the connection")
        except (TimeoutError, BlockingIOError, ssl.SSLWantReadError):
            return False
        return True

    def close(self) -> None:
        """The session closes the connection itself."""

    def _receive(self, seconds: float) -> bool:
        """Wait for more; whether there is any, and not the connection's end."""
        self._connection.settimeout(seconds)
        piece = self._connection.recv(8192)
        self._unread += piece
        return bool(piece)

    def _left(self) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise EndlessReply("no end of the reply in time")
        return left

"""An SMTP session that knows whether a message's end is already on its way."""

import re
import smtplib
import socket
from typing import Any

_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class Session(smtplib.SMTP):
    """A connection to a server.

    Attributes
    ----------
    phase : str
        What is being done, for messages about what went wrong.
    handed_over : bool
        Whether the end of the current message may have reached the server.
    """

    phase = "greeting"
    handed_over = False

    def patience(self, seconds: float) -> None:
        """Wait so long for each answer from now on."""
        if self.sock is not None:
            self.sock.settimeout(seconds)

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Send a command; the beginning of a session is in phases of one command each."""
        if cmd.upper() in ("EHLO", "HELO", "STARTTLS"):
            self.phase = cmd.upper()
        super().putcmd(cmd, args)

    def hand_over(self, content: bytes, seconds: float) -> tuple[int, bytes]:
        """DATA, the message, its end; the answer to DATA if that was no, else the answer to the message.

        Parameters
        ----------
        content : bytes
            With CRLF line ends.
        seconds : float
            How long to wait for the answer to the whole message.
        """
        self.putcmd("data")
        code, answer = self.getreply()
        if code != 354:
            return code, answer
        self.phase = "the message's body"
        self.send(_LEADING_DOT.sub(b"..", content))
        if not content.endswith(b"\r\n"):
            self.send(b"\r\n")
        # From here on only the server knows. The end is a write of its own, so that a connection lost before
        # it is known to have carried an incomplete message.
        self.handed_over = True
        self.patience(seconds)
        self.send(b".\r\n")
        return self.getreply()

    def is_ready(self) -> bool:
        """Whether the session can go on after a message that was not taken."""
        try:
            return self.rset()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        connection = super()._get_socket(host, port, timeout)  # type: ignore[misc]  # not in its stubs
        # A message ends in a small write after a large one, which without this waits for an acknowledgement.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection


class TlsSession(Session, smtplib.SMTP_SSL):
    """A session that is encrypted from the start."""

"""A mail server in a process of its own: aiosmtpd, which says its port and takes what comes.

Asked to be ``durable`` it has each message on disk before it accepts it, as a server must that takes
responsibility for mail; ``careless``, it throws them away.
"""

import os
import sys
import tempfile
import threading

from aiosmtpd.controller import Controller
from support.mail_servers import Pipelining, free_port


class _Careless(Pipelining):
    async def handle_DATA(self, server, session, envelope) -> str:
        return "250 taken"


class _Durable(Pipelining):
    def __init__(self, file) -> None:
        self._file = file

    async def handle_DATA(self, server, session, envelope) -> str:
        self._file.write(envelope.original_content)
        self._file.flush()
        os.fsync(self._file.fileno())
        return "250 kept"


def main(kind: str) -> None:
    with tempfile.TemporaryFile() as file:
        handler = _Durable(file) if kind == "durable" else _Careless()
        controller = Controller(handler, hostname="127.0.0.1", port=free_port())
        controller.start()
        print(controller.port, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1])

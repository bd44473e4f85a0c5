"""IPython's kernel application, listening on no port at all."""

import os
from collections.abc import Callable

import zmq
from ipykernel import kernelapp
from ipykernel.iostream import IOPubThread, OutStream
from traitlets import DottedObjectName
from zmq.eventloop.zmqstream import ZMQStream

_MILLISECONDS_TO_SEND = 3000


class KernelApplication(kernelapp.IPKernelApp):
    """The application behind ``python -m ipykernel_launcher``, for a connection file with IPC sockets."""

    outstream_class = DottedObjectName(f"{__name__}.PrintedOutput")

    def parse_command_line(self, argv: object = None) -> None:
        """There is none: what a kernel is told, it is made with."""

    def init_control(self, context: zmq.Context) -> None:
        """Set up the control channel, and no thread that hands on requests: there are no subshells."""
        super().init_control(context)
        self.shell_channel_thread = None

    def init_heartbeat(self) -> None:
        """Do not have a heart: its owner sees the process itself."""

    def init_iopub(self, context: zmq.Context) -> None:
        """Set up the output channel."""
        # Or, of what is shown faster than it is read, all beyond a thousand messages would be dropped.
        context.sndhwm = 0
        kernelapp.IOPubThread = _IOPubThread  # type: ignore[misc]  # a name that the application looks up
        super().init_iopub(context)


class PrintedOutput(OutStream):
    """What cells print; to flush it takes nothing where nothing is printed, as after most cells."""

    def flush(self) -> None:
        """Have what was printed sent."""
        if self._buffers:
            super().flush()


class _IOPubThread(IOPubThread):
    """Publishes output; ipykernel's own takes what forked processes print at an open TCP port.

    The thread is woken once for all that waits to be sent, which ipykernel's own does for each message.
    """

    _is_woken = False

    def schedule(self, f: Callable[[], None]) -> None:
        """Have something called in this thread, or at once where it has ended."""
        if not self.thread.is_alive():
            f()
            return
        self._events.append(f)
        if not self._is_woken:  # else it is yet to begin with what waits, this included
            self._is_woken = True
            self._event_pipe.send(b"")

    def _handle_event(self, msg: list[bytes]) -> None:
        self._is_woken = False
        while self._events:
            self._events.popleft()()

    def _setup_pipe_in(self) -> None:
        self._pipe_uuid = os.urandom(16)
        self._pipe_address = self.socket.last_endpoint.rstrip(b"\0").decode() + "-forked"
        pipe = self.socket.context.socket(zmq.PULL)
        pipe.linger = 0
        pipe.bind(self._pipe_address)
        self._pipe_in = ZMQStream(pipe, self.io_loop)
        self._pipe_in.on_recv(self._handle_pipe_msg)

    def _setup_pipe_out(self) -> tuple[zmq.Context, zmq.Socket]:
        context = zmq.Context()  # a context does not survive a fork
        pipe = context.socket(zmq.PUSH)
        pipe.linger = _MILLISECONDS_TO_SEND
        pipe.connect(self._pipe_address)
        return context, pipe

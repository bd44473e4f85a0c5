"""IPython's kernel application, listening on no port at all."""

import os

import zmq
from ipykernel import kernelapp
from ipykernel.iostream import IOPubThread
from zmq.eventloop.zmqstream import ZMQStream

_MILLISECONDS_TO_SEND = 3000


class KernelApplication(kernelapp.IPKernelApp):
    """The application behind ``python -m ipykernel_launcher``, for a connection file with IPC sockets."""

    def init_iopub(self, context: zmq.Context) -> None:
        """Set up the output channel."""
        kernelapp.IOPubThread = _IOPubThread  # type: ignore[misc]  # a name that the application looks up
        super().init_iopub(context)


class _IOPubThread(IOPubThread):
    """Publishes output; ipykernel's own takes what forked processes print at an open TCP port."""

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

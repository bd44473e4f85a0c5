"""The owner's end of a process forked from the kernel server."""

import asyncio
import os
import shutil
import signal
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.forkserver import read_signed
from pathlib import Path

from tidings.kernels.forked import Surroundings

_SERVER_GONE = 255


class ForkedProcess:
    """A forked process, looking like a ``subprocess.Popen`` to Jupyter.

    Parameters
    ----------
    status : int
        The descriptor on which the forkserver reports the process's id and, later, its exit code.
    link : Connection
        The connection to the process. The process exits when it ends.
    folder : Path, optional
        What belongs to the process alone, and is removed with it.
    """

    stdin = stdout = stderr = None

    def __init__(self, status: int, link: Connection, folder: Path | None = None):
        self._status, self._link, self.folder = status, link, folder
        self._pid: int | None = None
        self.returncode: int | None = None

    @property
    def pid(self) -> int | None:
        """The process's id; None until it has been forked."""
        self.poll()
        return self._pid

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while the process runs."""
        while self.returncode is None and wait([self._status], 0):
            self._read_status()
        return self.returncode

    def wait(self) -> int:
        """Wait for the exit code."""
        while self.returncode is None:
            self._read_status()
        return self.returncode

    def send_signal(self, signum: int) -> None:
        """Signal the process and what it has started, if it still runs."""
        if self.poll() in (None, _SERVER_GONE) and self._pid is not None:
            with suppress(ProcessLookupError):
                _signal_group(self._pid, signum)

    def kill(self) -> None:
        """End the process and what it has started, and wait for that."""
        self.send_signal(signal.SIGKILL)
        if self._pid is not None:
            self.wait()

    def discard(self) -> None:
        """End the process, and remove everything of it; one that is yet to be forked then ends itself."""
        if self._link.closed:
            return
        self.kill()
        self._link.close()
        os.close(self._status)
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    async def hand_over(self, surroundings: Surroundings) -> None:
        """Wait until a kernel is ready, and give it its surroundings, in which it then serves.

        Raises
        ------
        RuntimeError
            It died before that, or cannot start under its limit of memory.
        """
        await _readable(self._link.fileno())
        try:
            least = self._link.recv()
            if isinstance(least, int):
                raise RuntimeError(
                    f"no kernel can start in so little memory: MEMORY_LIMIT={least // 1_000_000} is the least"
                )
            self._link.send(surroundings)
        except (EOFError, OSError) as error:
            raise RuntimeError("a warm kernel died as it started; standard error says why") from error

    async def exited(self) -> None:
        """Wait for the process's end without polling."""
        while self.poll() is None:
            await _readable(self._status)

    def _read_status(self) -> None:
        try:
            number = read_signed(self._status)
        except (EOFError, OSError):
            self.returncode = _SERVER_GONE
        else:
            self._keep(number)

    def _keep(self, number: int) -> None:
        if self._pid is None:
            self._pid = number
        else:
            self.returncode = number


def _signal_group(pid: int, signum: int) -> None:
    try:
        os.killpg(pid, signum)
    except ProcessLookupError:  # just forked, it does not lead a group yet
        os.kill(pid, signum)


async def _readable(descriptor: int) -> None:
    ready = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(descriptor)

"""Jupyter's way in: a provisioner that takes its kernel from the manager's kernel server."""

import os
import signal
from typing import TYPE_CHECKING, Any

from jupyter_client.provisioning import KernelProvisionerBase, LocalProvisioner

from tidings.kernels.forked import Surroundings

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_client.connect import KernelConnectionInfo

    from tidings.kernels.process import ForkedProcess


class ForkserverProvisioner(LocalProvisioner):
    """Provide a kernel by a fork where the kernel manager has a server of them, else by starting Python."""

    parent: Any  # the kernel manager
    process: Any  # a Popen, or the fork that looks like one
    _forked: "ForkedProcess | None" = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Take a kernel from the server, and tell the manager how to reach it.

        A kernel with arguments of its own could not be made ready before they were known: it starts plainly.
        """
        server = getattr(self.parent, "server", None)
        if server is None or kwargs.get("extra_arguments"):
            return await super().pre_launch(**kwargs)
        self._forked = server.take()
        self.parent.connection_file = str(_folder(self._forked) / "kernel.json")
        self.parent.load_connection_file()
        self.connection_info = self.parent.get_connection_info()
        return await KernelProvisionerBase.pre_launch(self, cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> "KernelConnectionInfo":
        """Hand the kernel its working directory and its environment, with a folder for temporary files.

        Raises
        ------
        RuntimeError
            The kernel died while it was starting.
        """
        if self._forked is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.cwd = kwargs.get("cwd") or os.getcwd()
        environment = {**kwargs["env"], "TMPDIR": str(_folder(self._forked) / "tmp")}
        await self._forked.hand_over(Surroundings(str(self.cwd), environment))
        self.process, self.pid = self._forked, self._forked.pid
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """Signal the kernel, but for the interrupt before its end, of which it would only complain."""
        if self._forked is None or signum != signal.SIGINT or not self.parent.shutting_down:
            await super().send_signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel, and wait for its end."""
        await super().kill(restart)
        if self._forked is not None:
            await self._forked.exited()

    async def cleanup(self, restart: bool = False) -> None:
        """Remove everything of the kernel."""
        if self._forked is None:
            return await super().cleanup(restart)
        self.parent.server.give_back(self._forked)
        self._forked = self.process = None
        return None


def _folder(kernel: "ForkedProcess") -> "Path":
    assert kernel.folder is not None, "the server gives each kernel a folder of its own"
    return kernel.folder

"""The kernel manager and client that lose no time with a kernel that is ready."""

import time
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.kernelspec import KernelSpecManager
from traitlets import Type, default

from tidings.kernels.server import KernelServer

KERNEL_NAME = "tidings"
_SPECS = Path(__file__).with_name("specs")
_SECONDS_TO_ANSWER = 1.0
_SECONDS_TO_SUBSCRIBE = 0.05


class _Channel(AsyncZMQSocketChannel):
    """A channel that takes a message that has come without first asking whether one has."""

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # type: ignore[override]
        return await (self._recv() if timeout is None else super().get_msg(timeout))


class WarmKernelClient(AsyncKernelClient):
    """A client that is ready as soon as the kernel answers and its output arrives."""

    iopub_channel_class = Type(_Channel)

    def start_channels(
        self,
        shell: bool = True,
        iopub: bool = True,
        stdin: bool = True,
        hb: bool = True,
        control: bool = True,
    ) -> None:
        """Start the channels that executing a notebook uses: nobody types, and no heartbeat is watched."""
        super().start_channels(shell, iopub, stdin=False, hb=False, control=control)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Ask the kernel who it is until its answer, and the news of it, are both heard.

        Raises
        ------
        RuntimeError
            The kernel died, or did not answer within ``timeout`` seconds.
        """
        deadline = time.monotonic() + (timeout or float("inf"))
        while not await self._is_heard():
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > deadline:
                raise RuntimeError(f"Kernel did not respond in {timeout} seconds")

    async def _is_heard(self) -> bool:
        try:
            reply = await self._recv_reply(self.kernel_info(), timeout=_SECONDS_TO_ANSWER)
            await self.get_iopub_msg(timeout=_SECONDS_TO_SUBSCRIBE)
        except (Empty, TimeoutError):
            return False
        self._handle_kernel_info_reply(reply)
        return True


class WarmKernelManager(AsyncKernelManager):
    """A manager that knows the library's own kernelspec, and may have a kernel server."""

    server: KernelServer | None = None
    client_factory = Type(WarmKernelClient, klass=AsyncKernelClient, config=True)

    @default("kernel_spec_manager")
    def _kernel_spec_manager_default(self) -> KernelSpecManager:
        specs = KernelSpecManager(data_dir=self.data_dir)
        specs.kernel_dirs = [str(_SPECS), *specs.kernel_dirs]
        return specs

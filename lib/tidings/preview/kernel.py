"""The preview's own kernel, in which the cells of one notebook are executed, and again from any of them."""

from ast import literal_eval
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from tidings.notebook.environment import environment_of_kernels

_STATE = "__import__('tidings.preview.state', fromlist=['state'])"


class PreviewKernel:
    """A kernel that can go back to what it held after an earlier cell.

    Parameters
    ----------
    options : mapping
        Where it comes from: see `tidings.kernels.warm_kernels`.
    environment : mapping
        Environment variables of this kernel alone, beside those of this process.
    """

    def __init__(self, options: Mapping[str, Any], environment: Mapping[str, str] = MappingProxyType({})):
        self._client = NotebookClient(new_notebook(), timeout=None, **options)
        self._environment = {**environment_of_kernels(), **environment}

    async def start(self) -> None:
        """Start it, and let it remember what it holds."""
        self._client.create_kernel_manager()
        await self._client.async_start_new_kernel(env=self._environment)
        await self._client.async_start_new_kernel_client()
        await self._call("begin()")

    async def execute(self, source: str) -> list[NotebookNode]:
        """What a cell of this source shows.

        Raises
        ------
        nbclient.exceptions.CellExecutionError
            The cell failed.
        nbclient.exceptions.DeadKernelError
            The kernel died, or the execution was cancelled: the kernel is of no use any more.
        """
        return (await self._run(source)).outputs

    async def go_back(self, number: int) -> str:
        """Go back to after so many cells; where that is not safe, the name that stands in the way."""
        return await self._call(f"go_back({number})")

    async def close(self) -> None:
        """End it."""
        if self._client.km is not None:
            await self._client._async_cleanup_kernel()

    async def _call(self, call: str) -> Any:
        cell = await self._run(f"{_STATE}.{call}", store_history=False)
        return literal_eval(cell.outputs[0].data["text/plain"]) if cell.outputs else None

    async def _run(self, source: str, *, store_history: bool = True) -> NotebookNode:
        self._client.nb.cells = [new_code_cell(source)]
        return await self._client.async_execute_cell(self._client.nb.cells[0], 0, store_history=store_history)

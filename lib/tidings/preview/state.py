"""What a preview's kernel holds after each cell, so that a later cell can be executed again from there.

This runs in the kernel. The names that a cell left are easily put back, but not what a later cell changed in
place: a list that grew, a column that was added. So a mark of each value is kept as well, and a state is only
put back where every value still has the mark it had.
"""

import hashlib
import pickle
from io import BytesIO
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from IPython import get_ipython
from matplotlib import RcParams, rcParams

from tidings.metrics import Result
from tidings.metrics.edition import Edition
from tidings.parts.part import Part

LARGEST = 8_000_000
"""The bytes of a value beyond which it gets no mark, for that would take longer than executing all cells."""

_UNCHANGING = (ModuleType, FunctionType, BuiltinFunctionType, type, str, int, float, bool, bytes, type(None))
_OF_IPYTHON = ("In", "Out", "exit", "quit", "get_ipython", "open")
_SETTINGS = "the settings of matplotlib"
_states: list[dict[str, tuple[Any, str | None]]] = []


def begin() -> None:
    """Keep what the kernel holds now, and from here on after each cell that ends well."""
    _states[:] = [_state()]
    get_ipython().events.register("post_run_cell", _keep)


def go_back(number: int) -> str:
    """Let the kernel hold what it held after so many cells, if nothing of that was changed in place since.

    Returns
    -------
    str
        The name of what was changed, or of which that cannot be known: all is then as it was. Else empty.
    """
    state = _states[number]
    for name, (value, mark) in state.items():
        if mark is None or _mark(value) != mark:
            return name
    names = get_ipython().user_ns
    for name in _own(names):
        del names[name]
    names.update({name: value for name, (value, _) in state.items() if name != _SETTINGS})
    del _states[number + 1 :]
    return ""


def _keep(result: Any) -> None:
    if result.info.store_history and result.success:
        _states.append(_state())


def _state() -> dict[str, tuple[Any, str | None]]:
    names = get_ipython().user_ns
    held = {name: names[name] for name in _own(names)} | {_SETTINGS: rcParams}
    return {name: (value, _mark(value)) for name, value in held.items()}


def _own(names: dict[str, Any]) -> list[str]:
    """The names that cells gave; those of IPython are not among them."""
    return [name for name in names if not name.startswith("_") and name not in _OF_IPYTHON]


def _mark(value: Any) -> str | None:
    """A text that is another one when the value has changed; None where it cannot be made."""
    if isinstance(value, _UNCHANGING):
        return ""
    if isinstance(value, RcParams):
        return str(value)
    if type(value).__module__.startswith("matplotlib."):
        return None  # a figure, which cells draw on
    stream = _Bounded()
    try:
        _Marker(stream).dump(value)
    except Exception:  # an open file, a generator, what is too large: whatever does not pickle
        return None
    return hashlib.sha256(stream.getbuffer()).hexdigest()


class _Bounded(BytesIO):
    def write(self, data: Any) -> int:
        if self.tell() + len(data) > LARGEST:
            raise ValueError("too large")
        return super().write(data)


class _Marker(pickle.Pickler):
    """Pickles values by what can change of them; an edition, which is frozen, by its name."""

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, Edition | Part):
            return str, (repr(value),)
        if isinstance(value, Result):
            return list, ((value.metric.name, value.value, value.previous),)
        return NotImplemented

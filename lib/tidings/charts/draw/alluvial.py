"""The geometry of an alluvial diagram: nodes in columns, and the bands that run between them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Room:
    """The space that a diagram is laid out in, in pixels, with y growing downwards.

    Attributes
    ----------
    height : float
        From the top of the first node to the bottom of the last.
    labels : tuple of tuple of float
        For each column the heights of its nodes' labels, from the top: no node takes less room than its own.
    gap : float
        The least distance between two nodes of one column, and between their labels.
    """

    height: float
    labels: tuple[tuple[float, ...], ...]
    gap: float


@dataclass(frozen=True)
class Node:
    """A name in a column. `top` and `height` are its bar; its label is centred on `middle`."""

    column: int
    key: int
    value: float
    top: float
    height: float

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


@dataclass(frozen=True)
class Band:
    """What flows from a node of `column` to one of the next."""

    column: int
    source: int
    target: int
    value: float
    source_top: float
    target_top: float
    height: float


@dataclass(frozen=True)
class Alluvial:
    """Nodes and bands of a diagram; `scale` is the pixels that one unit of value is high."""

    nodes: tuple[Node, ...]
    bands: tuple[Band, ...]
    scale: float

    def column(self, index: int) -> list[Node]:
        """The nodes of one column, from the top."""
        return [node for node in self.nodes if node.column == index]


def lay_out(flows: pd.DataFrame, room: Room) -> Alluvial:
    """Lay flows out as an alluvial diagram.

    Every node is as high as its value, at one scale for all columns: the largest at which each column,
    with room for the label of its smallest nodes, still fits. What is left is shared between the nodes.

    Parameters
    ----------
    flows : pandas.DataFrame
        One row per path: first the columns of the diagram from left to right, holding the rank of the
        node within its column (0 is the top), then one column with the path's value, above 0.
    room : Room
        The space to fill. It has to hold the labels of the longest column.
    """
    *columns, value = flows.columns
    sums = [flows.groupby(column)[value].sum().sort_index() for column in columns]
    scale = min(_scale(index, column.to_numpy(dtype=float), room) for index, column in enumerate(sums))
    nodes = [node for index, column in enumerate(sums) for node in _stack(index, column, scale, room)]
    bands = [band for index in range(len(columns) - 1) for band in _bands(index, flows, nodes, scale)]
    return Alluvial(tuple(nodes), tuple(bands), scale)


def _scale(index: int, values: np.ndarray, room: Room) -> float:
    """The largest scale at which a column fits: nodes lower than their label take the label's room."""
    labels = np.array(room.labels[index])
    free = room.height - room.gap * (len(values) - 1)
    if free < labels.sum():
        raise ValueError(f"{len(values)} labels of {labels.sum():g} px do not fit into {room.height:g} px")
    small = np.zeros(len(values), dtype=bool)
    while not small.all():
        scale = (free - labels[small].sum()) / values[~small].sum()
        lower = values * scale < labels
        if (lower == small).all():
            return scale
        small = small | lower
    return free / values.sum()


def _stack(index: int, column: pd.Series, scale: float, room: Room) -> list[Node]:
    """One column's nodes from the top, each in the middle of its own slot, the slots evenly apart."""
    heights = column.to_numpy(dtype=float) * scale
    slots = np.maximum(heights, room.labels[index])
    spare = max(room.height - slots.sum(), 0)
    first, gap = (0, spare / (len(slots) - 1)) if len(slots) > 1 else (spare / 2, 0)
    tops = first + np.concatenate([[0], np.cumsum(slots + gap)[:-1]]) + (slots - heights) / 2
    return [
        Node(index, key, amount, top, height)
        for key, amount, top, height in zip(column.index, column, tops, heights, strict=True)
    ]


def _bands(index: int, flows: pd.DataFrame, nodes: Sequence[Node], scale: float) -> list[Band]:
    """The bands from one column to the next, stacked so that few of them cross."""
    source, target, value = flows.columns[[index, index + 1, -1]]
    keys = pd.DataFrame({"source": flows[source], "target": flows[target], "value": flows[value]})
    sums = keys.groupby(["source", "target"], as_index=False)[["value"]].sum()
    tops = {(node.column, node.key): node.top for node in nodes}
    sums["source_top"] = _edges(sums, ["source", "target"], tops, index, scale)
    sums["target_top"] = _edges(sums, ["target", "source"], tops, index + 1, scale)
    return [
        Band(index, source, target, value, top, end, value * scale)
        for source, target, value, top, end in sums.itertuples(index=False, name=None)
    ]


def _edges(sums: pd.DataFrame, order: list[str], tops: dict, column: int, scale: float) -> pd.Series:
    """Where each band touches the nodes of a column, stacked from the node's top in the given order."""
    stacked = sums.sort_values(order)
    before = stacked.groupby(order[0])["value"].cumsum() - stacked["value"]
    return stacked[order[0]].map(lambda key: tops[column, key]) + before * scale

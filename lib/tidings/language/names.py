"""Names of the platform's own, made short enough to show: those that begin alike are still told apart."""

from collections.abc import Sequence
from itertools import pairwise

from wcwidth import iter_graphemes

from tidings.language.numbers import shorten

LABEL = 40
"""Characters of a name beside a bar; what was cut is in the data."""

_LOOKED_AT = 2_000  # characters of a name: what differs only beyond them is not told apart


def tell_apart(names: Sequence[str], width: int = LABEL) -> list[str]:
    """The names on one line and in at most ``width`` characters as people count them, in the same order.

    A long name is cut at its end. Where it would then look like another, it is cut in the middle, and goes on
    shortly before it differs: "faq/payments/c…clined/expired".

    Parameters
    ----------
    names : sequence of str
        Names that are shown together.
    width : int
        Room for each, at least 16.
    """
    lines = [" ".join(name[:_LOOKED_AT].split()) for name in names]
    labels = [shorten(line, width) for line in lines]
    differs: list[list[int]] = [[] for _ in lines]
    for _ in range(2):  # where a name differs from the nearest, others may go on in the same way
        for alike in _places_of_alike(labels):
            first = _first_differences([lines[place] for place in alike])
            for place in alike:
                differs[place].append(first[lines[place]])
                labels[place] = _cut_between(lines[place], differs[place], width)
    return labels


def _places_of_alike(labels: Sequence[str]) -> list[list[int]]:
    """Where the same label stands, of each that stands more than once."""
    places: dict[str, list[int]] = {}
    for place, label in enumerate(labels):
        places.setdefault(label, []).append(place)
    return [found for found in places.values() if len(found) > 1]


def _first_differences(lines: Sequence[str]) -> dict[str, int]:
    """Where each line first differs from the one that is most like it."""
    ordered = sorted(set(lines))
    beside = [0, *(_common(*pair) for pair in pairwise(ordered)), 0]
    return {line: max(beside[place : place + 2]) for place, line in enumerate(ordered)}


def _common(one: str, other: str) -> int:
    """How many characters two lines have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _cut_between(line: str, differs: Sequence[int], width: int) -> str:
    """Its beginning, and what comes around the places where it differs."""
    characters = list(iter_graphemes(line))
    if len(characters) <= width:
        return line
    size = width // (len(differs) + 1) - 1
    label, end = characters[:size], size
    for place in sorted(differs):
        wanted = len(list(iter_graphemes(line[:place]))) - size // 3
        begin = max(min(wanted, len(characters) - size), end)
        label += ["…"] * (begin > end) + characters[begin : begin + size]
        end = begin + size
    return "".join(label) + "…" * (end < len(characters))

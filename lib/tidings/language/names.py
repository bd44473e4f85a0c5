"""Names of the platform's own, made short enough to show: those that begin alike are still told apart."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from wcwidth import iter_graphemes

from tidings.language.numbers import shorten

LABEL = 40
"""Characters of a name beside a bar; what was cut is in the data."""

_LOOKED_AT = 2_000  # characters of a name: what differs only beyond them is not told apart
_BEFORE = 6  # characters before the first that differs


def tell_apart(names: Sequence[str], width: int = LABEL) -> list[str]:
    """The names on one line and in at most ``width`` characters as people count them, in the same order.

    A long name is cut at its end. Where it would then look like another, it is cut in the middle, and goes on
    shortly before it differs: "faq/payments/cr…clined/expired".

    Parameters
    ----------
    names : sequence of str
        Names that are shown together.
    width : int
        Room for each, at least 16.
    """
    lines = [" ".join(name[:_LOOKED_AT].split()) for name in names]
    short = [shorten(line, width) for line in lines]
    looks = Counter(short)
    differs = _first_differences(lines)
    return [
        cut if looks[cut] == 1 else _cut_in_the_middle(line, differs[line], width)
        for line, cut in zip(lines, short, strict=True)
    ]


def _first_differences(lines: Sequence[str]) -> dict[str, int]:
    """Where each line first differs from the one that is most like it."""
    ordered = sorted(set(lines))
    beside = [0, *(_common(*pair) for pair in pairwise(ordered)), 0]
    return {line: max(beside[place : place + 2]) for place, line in enumerate(ordered)}


def _common(one: str, other: str) -> int:
    """How many characters two lines have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _cut_in_the_middle(line: str, differs: int, width: int) -> str:
    """Its beginning, and what comes around the place where it differs."""
    characters = list(iter_graphemes(line))
    if len(characters) <= width:
        return line
    begin = width // 2
    onward = len(list(iter_graphemes(line[:differs]))) - _BEFORE
    onward = min(max(onward, begin + 1), len(characters) - (width - begin - 1))
    tail = shorten("".join(characters[onward:]), width - begin - 1)
    return "".join(characters[:begin]).rstrip() + "…" + tail

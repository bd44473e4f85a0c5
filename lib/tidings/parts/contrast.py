"""A brand's colour made readable: contrast as WCAG 2.2 defines it, and the shade that reaches it."""

import re

from tidings.errors import ReportError

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def readable(color: str, ground: str, ratio: float = 4.5) -> str:
    """The colour itself, or the nearest shade of it that can be read on a ground.

    Parameters
    ----------
    color, ground : str
        Colours as ``#rrggbb``.
    ratio : float
        The contrast to reach: 4.5 for text, 3 for large text and marks.

    Returns
    -------
    str
        ``#rrggbb``, mixed with black on a light ground and with white on a dark one, no more than needed.

    Raises
    ------
    ReportError
        A colour is not written as ``#rrggbb``.
    """
    origin, behind = _channels(color), _channels(ground)
    goal = (0, 0, 0) if _luminance(behind) > 0.18 else (255, 255, 255)
    mixes = (_mix(origin, goal, step / 50) for step in range(51))
    return next((_hex(mix) for mix in mixes if _contrast(mix, behind) >= ratio), _hex(goal))


def pale(color: str, ground: str) -> str:
    """A paler shade of a colour, as ``#rrggbb``: less than half of it on a ground."""
    return _hex(_mix(_channels(color), _channels(ground), 0.55))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours written ``#rrggbb``: from 1 (the same) to 21 (black on white)."""
    return _contrast(_channels(one), _channels(other))


def _channels(color: str) -> tuple[int, ...]:
    if not _HEX.fullmatch(color):
        raise ReportError(
            f"{color!r} is not a colour", where="brand colour", remedy="write it as #rrggbb, such as #0b6e4f"
        )
    return tuple(bytes.fromhex(color[1:]))


def _hex(channels: tuple[int, ...]) -> str:
    return "#" + bytes(channels).hex()


def _mix(origin: tuple[int, ...], goal: tuple[int, ...], share: float) -> tuple[int, ...]:
    return tuple(round(a + (b - a) * share) for a, b in zip(origin, goal, strict=True))


def _luminance(channels: tuple[int, ...]) -> float:
    shares = (value / 255 for value in channels)
    linear = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return sum(weight * s for weight, s in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)

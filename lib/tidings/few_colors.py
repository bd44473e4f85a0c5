"""A picture in as few colours as the eye allows: the fewer, the smaller its file."""

import numpy as np
from PIL import Image

MOST = 48

_LEAST = 17  # Fewer are written as half bytes, and filtered: of the same picture that makes a larger file.
_USUAL = 1 << 16  # colours of a drawn picture, at most: to look for more of them takes ten times as long
_ERROR = 2.0  # root of the mean square distance in RGB from 0 to 255; invisible where edges are smoothed


def few_colors(image: Image.Image) -> Image.Image:
    """An RGB picture with a palette of at most `MOST` colours, the same for the same pixels.

    Its grounds and marks keep their exact colours. What becomes coarser is the smoothing of edges: a colour
    joins the palette where it would be missed most, by how often it occurs and how far it is from those
    chosen already, until the picture as a whole is close enough.

    Parameters
    ----------
    image : PIL.Image.Image
        In mode RGB.
    """
    counts, colors = _found(image)
    nearest, chosen = _palette(colors[:, :3].astype(float), counts)
    places = np.empty(1 << 24, dtype=np.uint8)  # a place for every colour: only those that occur are touched
    places[_packed(colors)] = nearest
    reduced = Image.fromarray(places[_packed(np.asarray(image.convert("RGBX")))], "P")
    reduced.putpalette(colors[chosen, :3].tobytes().ljust(3 * _LEAST, b"\xff"))
    return reduced


def _found(image: Image.Image) -> tuple[np.ndarray, np.ndarray]:
    """How often each colour occurs, and the colours: red, green, blue and nothing."""
    found = image.getcolors(_USUAL) or image.getcolors(image.width * image.height)
    colors = np.zeros((len(found), 4), dtype=np.uint8)
    colors[:, :3] = [color for _, color in found]
    return np.array([count for count, _ in found]), colors


def _packed(colors: np.ndarray) -> np.ndarray:
    """Colours, four bytes each along the last axis, as one number each."""
    return colors.view("<u4")[..., 0] & 0xFFFFFF


def _palette(colors: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """For each colour the place in the palette of the one that stands for it; and the palette."""
    nearest = np.zeros(len(counts), dtype=np.uint8)
    distance = np.full(len(counts), np.inf)
    # By the root of its count: else the many pixels of grounds would outweigh the edges of small marks.
    weight = np.sqrt(counts)
    reds_greens_blues = np.ascontiguousarray(colors.T)
    chosen: list[int] = []
    following = int(counts.argmax())
    while len(chosen) < MOST and (distance * counts).sum() > _ERROR**2 * counts.sum():
        away = ((reds_greens_blues - colors[following, :, np.newaxis]) ** 2).sum(axis=0)
        nearest[away < distance] = len(chosen)
        distance = np.minimum(distance, away)
        chosen.append(following)
        following = int((distance * weight).argmax())
    return nearest, chosen

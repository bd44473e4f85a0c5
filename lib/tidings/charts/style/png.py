"""The bytes of a picture, in as few colours as the eye allows: the fewer, the smaller its file."""

import struct
import zlib

import numpy as np
import pandas as pd
from deflate import zlib_compress

MOST = 48

_ERROR = 2.0  # root of the mean square distance in RGB from 0 to 255; invisible where edges are smoothed
_LEVEL = 7  # of 12: files no larger than those of zlib at 8 of 9, in a fifth of the time


def encode_png(pixels: np.ndarray) -> bytes:
    """Write a picture as a PNG with a palette of at most `MOST` colours: the same bytes for the same pixels.

    Its grounds and marks keep their exact colours. What becomes coarser is the smoothing of edges: a colour
    joins the palette where it would be missed most, by how often it occurs and how far it is from those
    chosen already, until the picture as a whole is close enough.

    Parameters
    ----------
    pixels : numpy.ndarray
        Opaque: height × width × (red, green, blue, 255), as bytes.
    """
    colors, places, lengths = _runs(pixels)
    nearest, chosen = _palette(colors.astype(float), np.bincount(places, lengths))
    height, width = pixels.shape[:2]
    rows = np.zeros((height, width + 1), dtype=np.uint8)  # each begins with its filter, which is none
    rows[:, 1:] = np.repeat(nearest[places], lengths).reshape(height, width)
    header = struct.pack(">2I5B", width, height, 8, 3, 0, 0, 0)  # eight bits a pixel, of a palette
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"PLTE", colors[chosen].tobytes()),
            _chunk(b"IDAT", zlib_compress(rows, _LEVEL)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(name: bytes, data: bytes | bytearray) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _runs(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The colours; then, for each run of equal pixels, the place of its colour among them, and its length.

    A chart has thirty times as many pixels as runs.
    """
    line = np.ascontiguousarray(pixels).view("<u4").ravel()
    begins = np.concatenate([[0], np.flatnonzero(line[1:] != line[:-1]) + 1])
    places, found = pd.factorize(line[begins])
    return found.view(np.uint8).reshape(-1, 4)[:, :3], places, np.diff(begins, append=line.size)


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

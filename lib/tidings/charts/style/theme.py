"""How charts look: matplotlib's settings, and an empty figure of the right size."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tidings.charts.style.colors import GROUND, INK, PALE, QUIET, RULE
from tidings.charts.style.fonts import families, quiet_fonts

WIDTH = 500  # a column of the page; a phone shows the picture 330 px wide
HEIGHT = 184  # unless a chart is given another
WIDE = 800  # both columns of the page
PIXELS = 2  # of the picture, for each that is shown

TEXT = 11.5  # points, of all words: 16 px in a column of the page or a mail, and 10.5 on a phone

_THEME: dict[Any, Any] = {
    "font.size": TEXT,
    "text.color": INK,
    "text.hinting": "none",  # takes half of the time, and at two pixels for one nobody sees it
    "text.parse_math": False,  # a name may hold a dollar sign
    "axes.axisbelow": True,
    "axes.edgecolor": PALE,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.labelcolor": QUIET,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.xmargin": 0.02,
    "figure.facecolor": GROUND,
    "grid.color": RULE,
    "grid.linewidth": 0.7,
    "lines.linewidth": 2,
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "xtick.labelcolor": INK,
    "xtick.major.pad": 5,
    "xtick.major.size": 0,
    "ytick.alignment": "center",  # of the font's box, which is that of its capitals
    "ytick.labelcolor": QUIET,
    "ytick.major.pad": 6.5,
    "ytick.major.size": 0,
}
_lock = threading.RLock()


@contextmanager
def theme(text: str | None = None) -> Iterator[None]:
    """Matplotlib's settings for a chart, from its defaults; afterwards all is as it was before.

    The settings belong to the whole process, so one thread draws at a time.

    Parameters
    ----------
    text : str, optional
        All that will be drawn, or more: fonts that it does not need are left out.
    """
    with _lock, quiet_fonts(), mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_THEME | {"font.family": list(families(text))})
        yield


def open_figure(height: int = HEIGHT, wide: bool = False) -> Figure:
    """Open an empty figure, ``height`` CSS pixels tall; WIDTH wide, or WIDE."""
    figure = Figure(figsize=((WIDE if wide else WIDTH) / 100, height / 100), dpi=100 * PIXELS)
    FigureCanvasAgg(figure)
    return figure


def figure_of(axes: Axes) -> Figure:
    """The figure that axes stand on: none of ours is a part of another."""
    return cast(Figure, axes.figure)

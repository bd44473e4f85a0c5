"""A figure of the analyst's own, of matplotlib, seaborn, Plotly or Altair, as a part of the report."""

import io
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.text import Text
from PIL import Image

from tidings.errors import ChartError
from tidings.parts.part import Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SHARPNESS = 2  # pixels of a picture for each that is shown
_DPI = 96  # of CSS, by which browsers show what is measured in inches
_WIDEST, _HIGHEST = 1128, 3000  # as shown: the page is no wider
_PLOTLY_SIZE = (700, 450)  # of a figure that says none


@dataclass(frozen=True)
class _Drawing:
    """A picture without its title, and the words of it: its title, and those of its axes."""

    png: bytes
    title: str
    axes: tuple[str, ...]


def figure(drawn: Any, *, title: str = "", finding: str = "", alt: str = "") -> Picture:
    """Show a figure that another library drew; its title stands over the picture, as the report's do.

    A figure that a cell leaves open, or ends in, is shown in the same way; this function says more of it, and
    closes it, so that it is not shown once more.

    Parameters
    ----------
    drawn : figure
        Of matplotlib, or what has one, such as axes or seaborn's grids; of Plotly, where kaleido is
        installed, or of Altair, where vl-convert is: the extras ``plotly`` and ``altair``.
    title : str, optional
        By default the figure's own, or else that of its first axes that have one.
    finding : str, optional
        What the picture shows, in words with a number; no full stop.
    alt : str, optional
        For those who cannot see it. By default it is made of the title, the finding and the axes' names,
        which says little; where there are none, the report is refused for want of it.

    Raises
    ------
    ChartError
        It is no figure, or what is needed to take its picture is not installed.
    """
    drawing = _draw(drawn)
    title = title or drawing.title
    words = ". ".join(filter(None, [title, finding]))
    made = f"{words} ({', '.join(drawing.axes)})" if words and drawing.axes else words
    width, height = (pixels // _SHARPNESS for pixels in Image.open(io.BytesIO(drawing.png)).size)
    return Picture(alt or made, width, height, title, finding, alt_is_made=not alt, png=drawing.png)


def _draw(drawn: Any) -> _Drawing:
    if _is(drawn, "plotly.basedatatypes", "BaseFigure"):
        return _of_plotly(drawn)
    if _is(drawn, "altair", "TopLevelMixin"):
        return _of_altair(drawn)
    own = getattr(drawn, "figure", drawn)  # of axes, and of seaborn's grids
    if not _is(own, "matplotlib.figure", "Figure"):
        raise ChartError(
            f"{type(drawn).__name__} is no figure",
            where="charts.figure",
            remedy="give a figure of matplotlib, seaborn, Plotly or Altair",
        )
    drawing = _of_matplotlib(own)
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close(own)
    return drawing


def _is(drawn: Any, module: str, name: str) -> bool:
    """Whether it is of a class of a library that may not be installed: if it is, it has been imported."""
    return module in sys.modules and isinstance(drawn, getattr(sys.modules[module], name))


def _of_matplotlib(own: "Figure") -> _Drawing:
    heading = _heading(own)
    width, height = own.get_size_inches()
    dpi = min(_DPI, _WIDEST / width, _HIGHEST / height) * _SHARPNESS
    png = io.BytesIO()
    if heading:
        heading.set_visible(False)
    try:
        own.savefig(png, format="png", dpi=dpi, bbox_inches="tight", metadata={"Software": None})
    finally:
        if heading:
            heading.set_visible(True)
    titles = [axes.get_title(loc) for axes in own.axes for loc in ("center", "left", "right")]
    labels = [label for axes in own.axes for label in (axes.get_ylabel(), axes.get_xlabel())]
    title = heading.get_text() if heading else next(filter(None, titles), "")
    return _Drawing(png.getvalue(), _plain(title), tuple(dict.fromkeys(filter(None, map(_plain, labels)))))


def _heading(own: "Figure") -> Text | None:
    """The text that is the title of the whole figure: its own, or that of axes where no others have one."""
    if own.get_suptitle():
        return next(text for text in own.texts if text.get_text() == own.get_suptitle())
    titles = [
        text
        for axes in own.axes
        for text in axes.get_children()
        if isinstance(text, Text)
        and text.get_text() in {axes.get_title(loc) for loc in ("center", "left", "right")} - {""}
    ]
    return titles[0] if len(titles) == 1 else None


def _of_plotly(drawn: Any) -> _Drawing:
    layout = drawn.layout
    width, height = layout.width or _PLOTLY_SIZE[0], layout.height or _PLOTLY_SIZE[1]
    untitled = drawn.to_dict()
    untitled["layout"].pop("title", None)
    untitled["layout"]["margin"] = {"t": 20, "r": 20, "b": 60, "l": 60} | untitled["layout"].get("margin", {})
    size = {"width": min(width, _WIDEST), "height": min(height, _HIGHEST), "scale": _SHARPNESS}
    try:
        import kaleido

        # Without MathJax, which Chrome would fetch from another site.
        png = kaleido.calc_fig_sync(untitled, opts={"format": "png"} | size, kopts={"mathjax": False})
    except Exception as error:  # of kaleido, for want of it, or of Chrome
        raise _not_drawn("a Plotly figure", "plotly", error, ", with Chrome or Chromium there") from None
    axes = [axis.title.text for axis in (*drawn.select_yaxes(), *drawn.select_xaxes())]
    return _Drawing(png, _plain(layout.title.text), tuple(filter(None, map(_plain, axes))))


def _of_altair(drawn: Any) -> _Drawing:
    import altair

    spec = drawn.to_dict()
    title = spec.pop("title", "")
    title = title.get("text", "") if isinstance(title, dict) else title
    try:
        import vl_convert

        version = ".".join(altair.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
        png = vl_convert.vegalite_to_png(spec, vl_version=version, scale=_SHARPNESS, allowed_base_urls=[])
    except (ImportError, ValueError) as error:
        raise _not_drawn("an Altair chart", "altair", error) from None
    encoding = spec.get("encoding", {})
    axes = [encoding[side].get("title", encoding[side].get("field")) for side in "yx" if side in encoding]
    words = " ".join(title) if isinstance(title, list) else title
    return _Drawing(png, _plain(words), tuple(filter(None, map(_plain, axes))))


def _plain(words: Any) -> str:
    """Words of a figure on one line, without the marks of HTML that Plotly takes."""
    text = words if isinstance(words, str) else ""
    # Only here: few reports show figures of other libraries, and the import takes as long as some charts.
    from bs4 import BeautifulSoup

    return " ".join(BeautifulSoup(text.replace("<br", " <br"), "html.parser").get_text().split())


def _not_drawn(name: str, extra: str, error: Exception, more: str = "") -> ChartError:
    reason = " ".join(str(error).split())[:200]
    return ChartError(
        f"the picture of {name} cannot be taken ({type(error).__name__}: {reason})",
        where="charts.figure",
        remedy=f"pip install 'tidings[{extra}]'{more}",
    )

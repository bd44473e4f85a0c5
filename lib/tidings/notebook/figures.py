"""Figures of other libraries that a cell leaves open or ends in: the notebook shows them as parts."""

from typing import Any, cast

from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display

from tidings.charts.figure import figure
from tidings.errors import ChartError
from tidings.parts.bundle import write_bundle

_MATPLOTLIB = ("matplotlib.figure", "Figure")
_PLOTLY = ("plotly.basedatatypes", "BaseFigure")
_ALTAIR = [(f"altair.vegalite.{version}.api", "TopLevelMixin") for version in ("v5", "v6")]


def show_figures_as_parts(shell: InteractiveShell) -> None:
    """Have a notebook show figures of matplotlib, Plotly and Altair as `tidings.charts.figure` makes them.

    One that cannot be made a part is shown as its library shows it, and refused where a reader would see it.
    """
    formatter = cast(DisplayFormatter, shell.display_formatter)

    def show_figure(drawn: Any, include: Any = None, exclude: Any = None) -> dict[str, Any] | None:
        # The inline backend's own PNG is blurred, and of a size that nothing tells.
        formatter.formatters["image/png"].pop(".".join(_MATPLOTLIB), None)
        try:
            return write_bundle(figure(drawn))
        except ChartError:
            return None

    def show_plotly(drawn: Any) -> None:
        try:
            part = figure(drawn)
        except ChartError:
            drawn._ipython_display_()
        else:
            display(part)

    for module, name in (_MATPLOTLIB, *_ALTAIR):
        formatter.mimebundle_formatter.for_type_by_name(module, name, show_figure)
    formatter.ipython_display_formatter.for_type_by_name(*_PLOTLY, show_plotly)

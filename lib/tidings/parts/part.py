"""The parts of a report: what a cell shows, as data that the page, the mail and JupyterLab each render."""

import base64
from dataclasses import dataclass
from typing import Any

MIMETYPE = "application/vnd.tidings.part+json"


@dataclass(frozen=True)
class Part:
    """One thing seen in the report. It displays itself in a notebook.

    Attributes
    ----------
    content : dict
        JSON data with a ``kind`` (header, highlights, cards, chart, table, notice, footer)
        and, by kind, the fields that the templates read.
    png : bytes, optional
        The picture, where the part has one.
    """

    content: dict[str, Any]
    png: bytes | None = None

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        from tidings.parts.render import render

        bundle = {
            MIMETYPE: self.content,
            "text/html": render(self.content, self.png, "page"),
            "text/plain": render(self.content, self.png, "text"),
        }
        if self.png:
            bundle["image/png"] = base64.b64encode(self.png).decode("ascii")
        return bundle

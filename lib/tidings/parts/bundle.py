"""A part as it stands in an executed notebook: checked JSON under a MIME type that names its version."""

import base64
import json
from dataclasses import asdict, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tidings.errors import ReportError
from tidings.parts.part import (
    Agents,
    Cards,
    Chart,
    Footer,
    Header,
    Highlights,
    Notice,
    Part,
    Picture,
    Ranking,
    Table,
)

MIMETYPE = "application/vnd.tidings.part.v2+json"
MIMETYPES = (MIMETYPE, "application/vnd.tidings.part+json")
"""Those that `read_bundle` reads, the newest first; the first version had no number in its name."""

_KINDS = {
    kind.kind: kind
    for kind in (Header, Highlights, Cards, Chart, Ranking, Agents, Table, Notice, Picture, Footer)
}
_BYTES = ("png", "jpeg")


def to_json(part: Part) -> dict[str, Any]:
    """A part without its picture, as plain JSON."""
    content = {name: value for name, value in asdict(part).items() if name not in _BYTES}
    return {"kind": part.kind, **content}


def from_json(content: Any, png: bytes | None = None, *, where: str | None = None) -> Part:
    """The part that `to_json` wrote.

    Parameters
    ----------
    content : dict
        The part as plain JSON.
    png : bytes, optional
        Its picture.
    where : str, optional
        The place named in an error.

    Raises
    ------
    ReportError
        The kind is unknown, or a field is missing, unknown or of another type.
    """
    kind = content.get("kind") if isinstance(content, dict) else None
    if kind not in list(_KINDS):
        raise ReportError(
            f"there is no way to show a part of kind {kind!r}",
            where=where,
            remedy="use the functions of tidings.charts, which make parts of known kinds",
        )
    # A picture is no JSON: where a field has its name, what is in it is wrong.
    fields = {name: value if name not in _BYTES else [] for name, value in content.items() if name != "kind"}
    try:
        part = _reader(_KINDS[kind]).validate_json(json.dumps(fields), strict=True, extra="forbid")
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ReportError(
            f"a part of kind {kind!r} is not as it should be: "
            f"{'.'.join(map(str, first['loc']))}: {first['msg'].lower()}",
            where=where,
            remedy="execute the notebook again with this version of tidings",
        ) from error
    return replace(part, png=png)


@cache
def _reader(kind: type[Part]) -> TypeAdapter[Part]:
    return TypeAdapter(kind)


def write_bundle(part: Part) -> dict[str, Any]:
    """The MIME bundle by which a part shows itself: JSON, its picture, and what JupyterLab shows."""
    from tidings.parts.render import render

    bundle = {
        MIMETYPE: to_json(part),
        "text/html": render(part, "page"),
        "text/plain": render(part, "text"),
    }
    if part.png:
        bundle["image/png"] = base64.b64encode(part.png).decode("ascii")
    return bundle


def read_bundle(bundle: dict[str, Any], *, where: str | None = None) -> Part | None:
    """The part of a MIME bundle, of this version or the one before; None where the bundle holds none.

    Raises
    ------
    ReportError
        The part cannot be read: see `from_json`.
    """
    mimetype = next((known for known in MIMETYPES if known in bundle), None)
    if mimetype is None:
        return None
    content = bundle[mimetype] if mimetype == MIMETYPE else _upgrade(bundle[mimetype])
    try:
        png = base64.b64decode(bundle["image/png"]) if bundle.get("image/png") else None
    except ValueError as error:
        remedy = "execute the notebook again"
        raise ReportError("a part's picture cannot be read", where=where, remedy=remedy) from error
    return from_json(content, png, where=where)


def _upgrade(content: Any) -> Any:
    """Content of the first version: a logo's words had a name of their own."""
    if isinstance(content, dict) and "logo_alt" in content:
        return {("alt" if name == "logo_alt" else name): value for name, value in content.items()}
    return content

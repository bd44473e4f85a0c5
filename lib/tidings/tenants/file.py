"""Reading a tenant's YAML file: a plain mapping of text, lists, true and false, and nothing cleverer."""

import re
from pathlib import Path
from typing import Any

import yaml
from upath import UPath

from tidings.errors import ParametersError, is_of_storage

LARGEST_FILE = 64 * 1024
_DEEPEST = 8


class _PlainLoader(yaml.SafeLoader):
    """YAML whose scalars are text, true, false or null, without aliases, tags or repeated keys.

    Numbers and dates stay the text that was written: no parameter is one, and ``language: no`` is Norwegian.
    Without aliases a small file cannot unfold into a large one.
    """

    _depth = 0

    def compose_node(self, parent, index):
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise _refused("anchors (&) and aliases (*) are not allowed", event, "write the value out")
        if getattr(event, "tag", None):
            raise _refused(
                "tags (!) are not allowed", event, "write the plain value, in quotes if it has a !"
            )
        if self._depth == _DEEPEST:
            raise _refused("the values are nested too deeply", event, "write the keys without brackets")
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if key.tag != self.DEFAULT_SCALAR_TAG:
                raise _refused("a key is not plain text", key, "write each key as one word")
            if key.value in seen:
                raise _refused(f"the key {shown(key.value)} is given twice", key, "keep one of the two")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


_PlainLoader.yaml_implicit_resolvers = {}  # none of those that it inherits
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("(?i:true|false)$"), list("tTfF"))
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile("(?:~|(?i:null)|)$"), ["~", "n", "N", ""]
)


def read_tenant_file(path: Path | UPath) -> dict[str, Any]:
    """The keys and values of a tenant's file, not yet checked for their meaning.

    Raises
    ------
    ParametersError
        If the file is too large, is not UTF-8, or is not one plain YAML mapping; with the line and column.
    """
    text = _text(path)
    try:
        values = yaml.load(text, _PlainLoader)
    except yaml.YAMLError as error:
        raise _syntax_error(path, error) from None
    if values is None:
        raise ParametersError(
            "the file is empty", where=str(path), remedy="copy parameters/demo.yaml and edit it"
        )
    if not isinstance(values, dict):
        raise ParametersError(
            "the file is not a list of keys and values",
            where=str(path),
            remedy="write lines of the form key: value",
        )
    return values


def shown(value: Any) -> str:
    """A value as a message may show it: at most 80 characters, without the user and password of a URL."""
    if isinstance(value, str):
        text = re.sub("://.*@", "://…@", value, flags=re.DOTALL)
        # A repr may double each character and more: it, not the text, is what has to be short.
        whole = repr(text)
        return whole if len(whole) <= 80 else f"{whole[:78]}…{whole[-1]}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return "a list"
    return "a mapping" if isinstance(value, dict) else "no value"


def _text(path: Path | UPath) -> str:
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_FILE:
            raise ParametersError(
                f"this is not a file of at most {LARGEST_FILE // 1024} KiB",
                where=str(path),
                remedy="keep to the keys of parameters/demo.yaml",
            )
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParametersError(
            f"byte {error.start + 1} is not UTF-8 text", where=str(path), remedy="save the file as UTF-8"
        ) from None
    except Exception as error:
        if not is_of_storage(error):
            raise
        raise ParametersError.of_storage(error, path) from None


def _refused(problem: str, place: Any, remedy: str) -> yaml.MarkedYAMLError:
    """A refusal by the loader, at the start of an event or a node; PyYAML's note carries the remedy."""
    return yaml.MarkedYAMLError(problem=problem, problem_mark=place.start_mark, note=remedy)


def _syntax_error(path: Path | UPath, error: yaml.YAMLError) -> ParametersError:
    # The lines that PyYAML quotes around a mark are left out: they may hold a password.
    mark = getattr(error, "problem_mark", None)
    place = f"{path}, line {mark.line + 1}, column {mark.column + 1}" if mark else str(path)
    problem = getattr(error, "problem", None) or "the file holds a character that YAML does not allow"
    remedy = getattr(error, "note", None) or "put the value in quotes, or look for a missing colon or bracket"
    return ParametersError(problem, where=place, remedy=remedy)

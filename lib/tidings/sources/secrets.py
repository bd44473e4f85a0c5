"""Secrets of the environment: left out of whatever is shown or written, whole and in part."""

import os
import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

_SHORTEST_PART = 4
_SHORTEST_SECRET = 6
_SECRET_NAME = re.compile("pass|secret|token|key|credential|url|dsn", re.IGNORECASE)
_NAMED = re.compile(r"(\$\{\w+\})")


def hide_values(text: str, values: Mapping[str, str]) -> str:
    """A text with the values of variables put back to their names, and every part of one likewise.

    A part is any four characters in a row, in whatever case, as written or percent-encoded: programs quote
    what they could not read from the middle of it. What stands before ``://`` is no secret.

    Parameters
    ----------
    values : mapping
        The value of each variable, by name.
    """
    named = [(value, f"${{{name}}}") for name, value in values.items() if value]
    secrets = [(value.partition("://")[2] or value, name) for value, name in named]
    parts = [
        (form, name) for secret, name in secrets for form in (secret, unquote(secret), quote(secret, safe=""))
    ]
    for form, name in sorted([*named, *parts], key=lambda pair: len(pair[0]), reverse=True):
        text = text.replace(form, name)
    for form, name in parts:
        text = "".join(
            piece if _NAMED.fullmatch(piece) else _hide_parts(piece, form, name)
            for piece in _NAMED.split(text)
        )
    return text


def redact(text: str) -> str:
    """A text without users and passwords of URLs, and without what the environment names like a secret.

    Of a URL in the environment, its user and password are the secret, and each part of them.
    """
    secrets: set[str] = set()
    for value in [value for name, value in os.environ.items() if _SECRET_NAME.search(name)]:
        login = re.search("://(.*)@", value, re.DOTALL)
        parts = re.split("[/#?@:&=]", login[1] if login else "" if "://" in value else value)
        secrets |= {value} if len(value) >= _SHORTEST_SECRET else set()
        secrets |= {form for part in parts for form in (part, unquote(part)) if len(part) >= _SHORTEST_PART}
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "…")
    return re.sub(r"://\S*@", "://…@", text)


def one_line(text: str) -> str:
    """An error's words on one line, without control characters and without secrets."""
    words = " ".join(redact(text).split())
    return "".join(character if character.isprintable() else "·" for character in words)


def _hide_parts(text: str, secret: str, name: str) -> str:
    lower, hidden = text.lower(), secret.lower()
    if len(lower) != len(text):  # letters whose small form is longer would shift the places
        lower, hidden = text, secret
    starts = range(len(hidden) - _SHORTEST_PART + 1)
    parts = {hidden[start : start + _SHORTEST_PART] for start in starts}
    shown, end, start = "", 0, 0
    while start <= len(lower) - _SHORTEST_PART:
        if lower[start : start + _SHORTEST_PART] in parts:
            shown += text[end:start]
            end = start + _SHORTEST_PART
            while end < len(lower) and lower[end - _SHORTEST_PART + 1 : end + 1] in parts:
                end += 1
            shown += name
            start = end
        else:
            start += 1
    return shown + text[end:]

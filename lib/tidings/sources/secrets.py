"""Secrets of the environment: left out of whatever is shown or written, whole and in part."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import parse_qsl, quote, unquote

_SHORTEST_PART = 4
_SHORTEST_WORD = 3
_SECRET_NAME = re.compile("pass|secret|token|key|credential|url|dsn", re.IGNORECASE)
_LOGIN = re.compile(r"://([^:@]*):?(.*)@", re.DOTALL)


@dataclass(frozen=True)
class Secret:
    """What may not be shown.

    Attributes
    ----------
    value : str
        It itself, as written somewhere.
    shown : str
        What is shown in its place.
    shortest : int
        From how many characters on a part of it is a secret too. Programs quote what they could not read from
        the middle of it.
    """

    value: str
    shown: str = "…"
    shortest: int = _SHORTEST_PART

    @property
    def forms(self) -> Iterator[str]:
        """It as written, and with what is percent-encoded decoded and the other way round."""
        yield from {_fold(self.value), _fold(unquote(self.value)), _fold(quote(self.value, safe=""))}


def leave_out(text: str, secrets: list[Secret]) -> str:
    """A text without secrets and the parts of them, in whatever case, as written or percent-encoded."""
    shown: dict[int, dict[str, str]] = {}
    for secret in secrets:
        parts = shown.setdefault(secret.shortest, {})
        for form in secret.forms:
            for start in range(len(form) - secret.shortest + 1):
                parts.setdefault(form[start : start + secret.shortest], secret.shown)
    folded, marks = _fold(text), [""] * len(text)
    for length, parts in sorted(shown.items()):
        for start in range(len(folded) - length + 1):
            if mark := parts.get(folded[start : start + length]):
                marks[start : start + length] = [mark] * length
    pieces = groupby(zip(marks, text, strict=True), key=lambda pair: pair[0])
    return "".join(mark or "".join(character for _, character in pairs) for mark, pairs in pieces)


def hide_values(text: str, values: Mapping[str, str]) -> str:
    """A text with the values of variables, and every part of one, put back to their names.

    What stands before ``://`` is no secret but in the whole value.

    Parameters
    ----------
    values : mapping
        The value of each variable, by name.
    """
    secrets = []
    for name, value in values.items():
        secrets.append(Secret(value.partition("://")[2] or value, f"${{{name}}}"))
        if len(value) >= _SHORTEST_WORD:
            secrets.append(Secret(value, f"${{{name}}}", len(value)))
    return leave_out(text, secrets)


def redact(text: str) -> str:
    """A text without users and passwords of URLs, and without what the environment names like a secret.

    Of a URL in the environment, its user, its password, and what its options name like a secret are that.
    """
    named = [value for name, value in os.environ.items() if _SECRET_NAME.search(name)]
    secrets = [secret for value in named for secret in _secrets_in(value)]
    return re.sub(r"://\S{0,500}@", "://…@", leave_out(text, secrets))


def one_line(text: str) -> str:
    """An error's words on one line, without control characters and without secrets."""
    words = " ".join(redact(text).split())
    return "".join(character if character.isprintable() else "·" for character in words)


def _secrets_in(value: str) -> Iterator[Secret]:
    """What is secret in the value of a variable that is named like a secret; a file's place is not."""
    if "://" not in value:
        if not os.path.exists(value):
            yield Secret(value)
        return
    if login := _LOGIN.search(value):
        user, password = login.groups()
        yield Secret(password)
        if len(user) >= _SHORTEST_WORD:  # a word such as reports, parts of which are in many others
            yield Secret(user, shortest=len(user))
    for name, option in parse_qsl(value.partition("?")[2]):
        if _SECRET_NAME.search(name):
            yield Secret(option)


def _fold(text: str) -> str:
    """A text in small letters, each in its place: not those of which the small form is longer."""
    return "".join(lower if len(lower := character.lower()) == 1 else character for character in text)

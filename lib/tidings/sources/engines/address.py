"""A database's URL in its parts."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from tidings.errors import SourceError
from tidings.sources.location import Location

_REMEDY = "write / as %2F, # as %23, ? as %3F, @ as %40 and : as %3A in its user and password"


@dataclass(frozen=True)
class Address:
    """Where a database is and who asks: decoded, so never to be shown.

    Attributes
    ----------
    path : str
        What follows the server, without the first slash.
    options : dict
        What follows a question mark.
    """

    host: str | None = field(repr=False)
    port: int | None = field(repr=False)
    user: str | None = field(repr=False)
    password: str | None = field(repr=False)
    path: str = field(repr=False)
    options: dict[str, str] = field(repr=False)

    @classmethod
    def of(cls, location: Location) -> "Address":
        """Take a URL apart.

        Raises
        ------
        SourceError
            It cannot be: most often, a password has a character that separates a URL's parts.
        """
        try:
            url = urlsplit(location.resolved)
            port = url.port
        except ValueError:  # its own words hold pieces of the URL
            raise _unreadable(location) from None
        if _is_cut(url):
            raise _unreadable(location)
        user, password = (part and unquote(part) for part in (url.username, url.password))
        options = dict(parse_qsl(url.query, keep_blank_values=True))
        return cls(url.hostname, port, user, password, unquote(url.path[1:]), options)

    def given(self, **names: Any) -> dict[str, Any]:
        """Arguments of a driver, without those of which the URL says nothing; the options last."""
        return {name: value for name, value in names.items() if value} | self.options


def _is_cut(url: SplitResult) -> bool:
    """Whether an @ stands after the server: what is before it was meant to be the user and the password."""
    behind = url.path + url.fragment + ("" if "@" in url.netloc else url.query)
    return "@" in behind or bool(url.fragment)


def _unreadable(location: Location) -> SourceError:
    return SourceError(
        "the URL cannot be taken apart", where=f"source {location.written}", remedy=f"in the URL, {_REMEDY}"
    )

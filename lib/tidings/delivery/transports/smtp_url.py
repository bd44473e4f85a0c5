"""Where mail is handed in: what TIDINGS_SMTP_URL says, read strictly, and never shown with its password."""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from tidings.delivery.errors import Misconfigured
from tidings.language.english import counted

Security = Literal["starttls", "tls", "none"]

_FORM = "write smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465 (TLS)"
_WHERE = "TIDINGS_SMTP_URL"
_PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True)
class Server:
    """A server that takes mail.

    Attributes
    ----------
    host, port : str, int
        Where it listens.
    security : str
        ``starttls`` and ``tls`` are demanded and verified; ``none`` is said explicitly.
    user, password : str or None
        For AUTH; left out of every representation.
    cafile : str or None
        Certificates to trust in place of the system's.
    """

    host: str
    port: int
    security: Security
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    cafile: str | None = None


def parse_server(url: str) -> Server:
    """The server of a URL ``smtp[s]://[user:password@]host[:port][?tls=none][&cafile=path]``.

    Raises
    ------
    Misconfigured
        It is not such a URL. The URL itself is never repeated.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refusal("is not a URL with a host and a port") from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise _refusal("does not begin with smtp:// or smtps:// and the name of a host")
    if not _is_name(parts.hostname):
        raise _refusal("has a host whose name no server can have")
    if parts.path not in ("", "/") or parts.fragment:
        raise _refusal(
            "has something after the host that does not belong there; write %23 for # and %2F for /"
        )
    options = _options(parts)
    security = _security(parts.scheme, options.get("tls"))
    user, password = _credentials(parts)
    return Server(
        parts.hostname, port or _PORTS[security], security, user, password, options.get("cafile") or None
    )


def _options(parts: SplitResult) -> dict[str, str]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := set(options) - {"tls", "cafile"}:
        surplus = counted(len(unknown), "option that does", "options that do")
        raise _refusal(f"has {surplus} not exist; there are tls=none and cafile=PATH")
    return options


def _security(scheme: str, tls: str | None) -> Security:
    if tls is None:
        return "tls" if scheme == "smtps" else "starttls"
    if tls != "none" or scheme == "smtps":
        raise _refusal("has a tls option other than smtp://…?tls=none")
    return "none"


def _credentials(parts: SplitResult) -> tuple[str | None, str | None]:
    if (parts.username is None) != (parts.password is None):
        raise _refusal("has a user without a password, or a password without a user")
    if parts.username is None or parts.password is None:
        return None, None
    user, password = unquote(parts.username), unquote(parts.password)
    if not (user + password).isascii():
        raise _refusal("has letters beyond ASCII in the user or the password, which cannot log in")
    return user, password


def _is_name(host: str) -> bool:
    """Whether a host can be looked up: each part between dots has 1 to 63 letters."""
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return True


def _refusal(what: str) -> Misconfigured:
    return Misconfigured(what, where=_WHERE, remedy=_FORM)

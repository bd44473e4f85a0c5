"""How mail leaves this place: environment variables, or the git-ignored file .env in the project's folder."""

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tidings.delivery.errors import Misconfigured
from tidings.delivery.transports.smtp_url import Server, parse_server
from tidings.mail.envelope import Dkim
from tidings.tenants.address import ascii_domain, canonical, check_address, check_mailbox, read_mailbox

PREFIX = "TIDINGS_"
TOKEN = "{token}"
"""Stands in a setting for the short word that each message has of its own."""
LOCAL_SENDER = "Tidings <tidings@localhost>"

_DOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)*", re.IGNORECASE)


def _check_link(url: str) -> str:
    """An https link on one line, as RFC 8058 asks of one-click unsubscribing."""
    if not re.fullmatch(r"https://[!-;=?-~]+", url):
        raise ValueError("is not a link that begins with https://")
    return url


def _check_page(url: str) -> str:
    """A link to a web page, in which {tenant} and {period} stand for those of a report."""
    bare = url.replace("{tenant}", "").replace("{period}", "")
    if not re.fullmatch(r"https?://[!-;=?-z|~]+", bare) or not urlsplit(bare).hostname:
        raise ValueError("is not a link that begins with https:// or http://")
    return url


def _check_domain(name: str) -> str:
    if not _DOMAIN.fullmatch(name):
        raise ValueError("is not the name of a domain")
    return name


def _check_domains(names: str) -> str:
    """Names of domains, in the form that servers take, with commas between."""
    try:
        return ",".join(
            _check_domain(ascii_domain(name)).lower() for name in re.split(r"[\s,]+", names) if name
        )
    except ValueError:
        raise ValueError("has a word in it that is not the name of a domain") from None


def _check_bounces(address: str) -> str:
    check_address(address.replace(TOKEN, "0" * 32))
    return address


_Mailbox = Annotated[str, AfterValidator(check_mailbox)]
_Address = Annotated[str, AfterValidator(check_address)]


class Settings(BaseSettings):
    """All settings of delivery; each is read from the variable of its name in capitals, after ``TIDINGS_``.

    The environment wins over the file. A variable that is empty counts as not set.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    transport: str = Field("outbox", description="The way out: see `tidings.delivery.transports.table`.")
    smtp_url: SecretStr | None = Field(None, description="The server: smtp://user:password@host:587.")
    sender: _Mailbox | None = Field(None, alias="TIDINGS_FROM", description="Who the mail is from.")
    reply_to: _Mailbox | None = Field(None, description="Where answers go.")
    unsubscribe_url: Annotated[str, AfterValidator(_check_link)] | None = Field(
        None, description="Takes the POST of one-click unsubscribing; may have {token} in it."
    )
    unsubscribe_mailto: _Address | None = Field(None, description="Takes mail from those who want no more.")
    page_url: Annotated[str, AfterValidator(_check_page)] | None = Field(
        None, description="Where reports can be seen as pages, with {tenant} and {period} in it."
    )
    bounces_to: Annotated[str, AfterValidator(_check_bounces)] | None = Field(
        None, description="Where what cannot be delivered comes back to; may have {token} in it."
    )
    operator: _Address | None = Field(None, description="Who is told of failures, in one mail a run.")
    ehlo_name: Annotated[str, AfterValidator(_check_domain)] | None = Field(
        None, description="By what name this machine greets the server; its own, if not set."
    )
    allowed_domains: Annotated[str, AfterValidator(_check_domains)] = Field(
        "", description="The only domains, with commas between, to which mail goes; all, if not set."
    )
    rate: float | None = Field(None, gt=0, description="The most messages per minute.")
    dkim_selector: Annotated[str, AfterValidator(_check_domain)] | None = Field(
        None, description="The selector under which the public key is published."
    )
    dkim_domain: Annotated[str, AfterValidator(_check_domain)] | None = Field(
        None, description="The domain that signs; the sender's, if not set."
    )
    dkim_key_file: Path | None = Field(None, description="The file of the private key, in PEM form.")

    @property
    def mail_from(self) -> str:
        """The sender: for what stays on this machine, one has a meaning by default."""
        return self.sender or LOCAL_SENDER

    def page_url_of(self, tenant: str, period: str) -> str | None:
        """Where the report of a tenant's id and a period's key can be seen as a page, if it can."""
        if self.page_url is None:
            return None
        return self.page_url.replace("{tenant}", quote(tenant, safe="")).replace(
            "{period}", quote(period, safe="")
        )

    @property
    def server(self) -> Server:
        """The SMTP server.

        Raises
        ------
        Misconfigured
            None is named, or not in the right way.
        """
        if self.smtp_url is None:
            raise Misconfigured(
                "no mail server is named",
                where=f"{PREFIX}SMTP_URL",
                remedy="write smtp://user:password@host:587 in the environment or in .env",
            )
        return parse_server(self.smtp_url.get_secret_value())

    def allows(self, recipient: str) -> bool:
        """Whether mail may go to an address: its domain is one of those that are named, if any are."""
        domains = self.allowed_domains.split(",")
        return not self.allowed_domains or canonical(recipient).rpartition("@")[2] in domains

    @property
    def sender_domain(self) -> str:
        """The domain of the sender, as servers know it."""
        return read_mailbox(self.mail_from).domain

    @cached_property
    def dkim(self) -> Dkim | None:
        """With what messages are signed, None where they are not.

        Raises
        ------
        Misconfigured
            The key cannot be read.
        """
        if self.dkim_selector is None or self.dkim_key_file is None:
            return None
        try:
            key = self.dkim_key_file.read_bytes()
        except OSError as error:
            raise Misconfigured(
                f"the key cannot be read: {error.strerror}",
                where=f"{PREFIX}DKIM_KEY_FILE",
                remedy="name a file in PEM form that this user may read",
            ) from None
        return Dkim(self.dkim_domain or self.sender_domain, self.dkim_selector, key)


def load_settings(project: Path) -> Settings:
    """The settings of a project.

    Raises
    ------
    Misconfigured
        A setting cannot be meant; values are never repeated. What a transport needs beside its name, the
        transport asks for.
    """
    try:
        settings = Settings(_env_file=project / ".env", _env_file_encoding="utf-8")
    except ValidationError as error:
        wrong = []
        for found in error.errors():
            name = str(found["loc"][0]).upper() if found["loc"] else "a variable"
            variable = name if name.startswith(PREFIX) else f"{PREFIX}{name}"
            wrong.append(f"{variable} {found['msg'].removeprefix('Value error, ')}")
        raise Misconfigured(
            "; ".join(wrong), where="environment or .env", remedy="see docs/operating.md"
        ) from None
    except (OSError, UnicodeDecodeError):
        raise Misconfigured("cannot be read as UTF-8 text", where=str(project / ".env")) from None
    if settings.dkim_key_file is not None:
        settings = settings.model_copy(update={"dkim_key_file": project / settings.dkim_key_file})
    if (settings.dkim_selector is None) != (settings.dkim_key_file is None):
        raise Misconfigured(
            "a DKIM selector and a key file belong together",
            where=f"{PREFIX}DKIM_SELECTOR and {PREFIX}DKIM_KEY_FILE",
            remedy="set both, or neither",
        )
    _ = settings.dkim  # a key that cannot be read is told now
    return settings

"""Mail addresses: where they are checked, read, and told apart."""

import re
from email.headerregistry import Address
from email.policy import SMTP

import idna

from tidings.tenants.validators import has_control, refusal

_NAMED = re.compile(r"\s*(?P<name>[^<>]*[^<>\s])\s*(?P<address><[^<>\s]+>)\s*")
_LONGEST = 998  # characters of a name and an address: a line of a header
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_LOCAL_PART = re.compile(r"(?=.{1,64}$)[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)


def check_address(address: str) -> str:
    """A plain e-mail address: an ASCII local part and the name of a domain, which may be international."""
    local, at, domain = address.partition("@")
    if has_control(address) or not at or "@" in domain:
        raise refusal("is not an e-mail address", "write one plain address such as ana@example.com")
    if not local.isascii():
        raise refusal(
            "has letters before the @ that many servers refuse", "use an address in plain ASCII there"
        )
    if not _LOCAL_PART.fullmatch(local) or not _is_public(domain):
        raise refusal("is not an e-mail address", "write the address alone, such as ana@example.com")
    return address


def check_addresses(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Recipients, each given once: neither the case of letters nor the spelling of a domain makes another."""
    seen = set()
    for address in addresses:
        if canonical(address) in seen:
            raise refusal(f"has {address[:60]!r} twice", "give each recipient once")
        seen.add(canonical(address))
    return addresses


def check_mailbox(text: str) -> str:
    """A plain e-mail address, with or without a display name: ``Tidings <reports@example.com>``."""
    example = "Tidings <reports@example.com>"
    try:
        mailbox = read_mailbox(text)
    except ValueError:
        raise refusal(
            f"is not one address such as {example}",
            f'write {example}; a name with an @ or a list in it goes in double quotes: "a, b@c" <d@e.com>',
        ) from None
    check_address(mailbox.addr_spec)
    return text


def read_mailbox(text: str) -> Address:
    """One address, with or without a display name; its domain in the ASCII form that every server takes.

    A name may be written as people write it: brackets, commas, parentheses, dots and quotes are part of it. A
    domain of this machine alone, such as ``localhost``, is read as well.

    Raises
    ------
    ValueError
        It is none, or more than one, or could write a header of its own.
    """
    if len(text) > _LONGEST:
        raise ValueError(f"it has more than {_LONGEST} characters")
    check_line(text)
    name, plain = _split_name(text)
    try:
        header = SMTP.header_factory("To", plain)
        (address,) = header.addresses
    except (IndexError, AttributeError) as error:  # in which "ana@" and "a<b>c" end the parser of Python 3.11
        raise ValueError(str(error)) from error
    if header.defects:
        raise ValueError(header.defects[0])
    return Address(name or address.display_name, address.username, ascii_domain(address.domain))


def _split_name(text: str) -> tuple[str, str]:
    """A name that is not in quotes, and the address behind it; or no name, and the text as it is."""
    found = _NAMED.fullmatch(text)
    if not found or _QUOTED.fullmatch(found["name"]):
        return "", text
    if "@" in found["name"] and re.search("[,;]", found["name"]):
        raise ValueError("it looks like several addresses")
    found["name"].encode()  # refuses what is no text
    return " ".join(found["name"].split()), found["address"]


def check_line(text: str) -> str:
    """What can stand in a header as it is.

    Raises
    ------
    ValueError
        A line end in it would begin another header, or what looks encoded would be decoded to one.
    """
    if has_control(text):
        raise ValueError("it has a line end or another control character in it")
    if "=?" in text:
        raise ValueError('it has "=?" in it')
    return text


def ascii_domain(domain: str) -> str:
    """A domain in the form that every server takes.

    Raises
    ------
    ValueError
        It cannot be one.
    """
    return idna.encode(domain, uts46=True).decode("ascii")


def canonical(address: str) -> str:
    """An address in the one spelling that stands for all spellings of the same mailbox."""
    local, _, domain = address.rpartition("@")
    return f"{local.lower()}@{ascii_domain(domain).lower()}"


def _is_public(domain: str) -> bool:
    """Whether mail from anywhere can be sent to a domain: one with a dot in it, which is no number."""
    try:
        name = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return False
    last = name.rpartition(".")[2]
    return "." in name.strip(".") and last != "" and not last.isdigit()

"""Signing a message by DKIM, so that receivers can tell that its domain stands for it."""

from email.message import EmailMessage

from tidings.errors import DeliveryError
from tidings.mail.envelope import Dkim
from tidings.mail.headers import WIRE

_SIGNED = (
    *("from", "reply-to", "to", "subject", "date", "message-id", "references"),
    *("list-id", "list-unsubscribe", "list-unsubscribe-post", "auto-submitted"),
    *("x-auto-response-suppress", "mime-version", "content-type", "content-transfer-encoding"),
)


def sign(message: EmailMessage, dkim: Dkim) -> None:
    """Add the signature of a finished message, which covers its body and all that its headers promise.

    The signature says when it was made: a message signed twice differs in it.

    Raises
    ------
    DeliveryError
        The key cannot be used, or the library that signs is not installed.
    """
    try:
        import dkim as dkimpy
    except ImportError as error:
        raise DeliveryError(
            "messages cannot be signed here", where="DKIM", remedy="pip install 'tidings[dkim]'"
        ) from error
    present = [name.encode() for name in _SIGNED if name in message]
    try:
        signature = dkimpy.sign(
            message.as_bytes(policy=WIRE),
            dkim.selector.encode("ascii"),
            dkim.domain.encode("ascii"),
            dkim.key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=present,
        )
    except (dkimpy.DKIMException, UnicodeEncodeError) as error:
        raise DeliveryError(
            f"the message cannot be signed: {error}",
            where="DKIM",
            remedy="give a private RSA key in PEM form, and a domain and selector in ASCII",
        ) from error
    name, _, value = signature.decode("ascii").partition(":")
    message[name] = " ".join(value.split())

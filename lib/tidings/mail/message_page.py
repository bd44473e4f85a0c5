"""A message as a page: what a recipient will see, for whoever looks at it before it is sent."""

import base64
from email.message import EmailMessage
from typing import cast

_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">"
)


def make_message_page(message: EmailMessage) -> str:
    """The HTML of a message as one file, which a browser shows without asking anything of a network.

    It is what is mailed, but that the pictures stand in it, and that a policy lets nothing else be loaded.
    """
    return html_with_pictures(message).replace("<head>", f"<head>\n{_POLICY}", 1)


def html_with_pictures(message: EmailMessage) -> str:
    """The HTML of a message with its pictures in it, where it refers to parts of the message."""
    html = cast(EmailMessage, message.get_body(("html",))).get_content()
    for part in message.walk():
        if part.get_content_maintype() == "image":
            encoded = base64.b64encode(part.get_content()).decode()
            picture = f"data:{part.get_content_type()};base64,{encoded}"
            html = html.replace(f"cid:{part['Content-ID'].strip('<>')}", picture)
    return html

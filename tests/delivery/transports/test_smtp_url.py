"""TIDINGS_SMTP_URL: what it means, and that it is never repeated."""

import pytest

from tidings.delivery.errors import Misconfigured
from tidings.delivery.transports.smtp_url import Server, parse_server


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", Server("mail.example.com", 587, "starttls")),
        ("smtps://mail.example.com", Server("mail.example.com", 465, "tls")),
        ("smtp://mail.münchen.example", Server("mail.münchen.example", 587, "starttls")),
        ("smtp://localhost?tls=none", Server("localhost", 25, "none")),
        ("smtp://[::1]:2525/?tls=none", Server("::1", 2525, "none")),
        (
            "smtp://ana%40example.com:p%40ss%2Fw:rd@mail.example.com:25?cafile=/etc/ca.pem",
            Server("mail.example.com", 25, "starttls", "ana@example.com", "p@ss/w:rd", "/etc/ca.pem"),
        ),
    ],
)
def test_a_url_names_a_server(url, server):
    assert parse_server(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.com",
        "http://user:s3cret@mail.example.com",
        "smtp://",
        "smtp://user:s3cret@mail.example.com:port",
        "smtp://user:s3cret@mail.example.com:99999",
        "smtp://user:s3cret@mail.example.com/inbox",
        "smtp://user:s3cret@mail.example.com#s3cret",
        "smtp://user:s3#cret@mail.example.com",
        "smtp://user:s3/cret@mail.example.com",
        "smtp://user@mail.example.com",
        "smtp://user:s3cret@mail..example.com",
        f"smtp://user:s3cret@{'a' * 64}.example.com",
        "smtp://user:s3cr%C3%A9t@mail.example.com",
        "smtp://us%C3%A9r:s3cret@mail.example.com",
        "smtp://user:s3cret@mail.example.com?tls=off",
        "smtps://user:s3cret@mail.example.com?tls=none",
        "smtp://user:s3cret@mail.example.com?password=s3cret",
    ],
)
def test_any_other_text_is_refused_without_being_repeated(url):
    with pytest.raises(Misconfigured, match="TIDINGS_SMTP_URL") as caught:
        parse_server(url)
    assert "s3" not in str(caught.value)
    assert "cret" not in str(caught.value)


def test_a_server_shows_no_credentials():
    shown = repr(parse_server("smtp://ana:s3cret@mail.example.com"))
    assert "s3cret" not in shown
    assert "ana" not in shown

"""Secrets of the environment leave nothing of themselves in what is shown."""

import time

import pytest

from tidings.sources.location import Location
from tidings.sources.secrets import hide_values, one_line, redact


@pytest.mark.parametrize(
    "url",
    [
        "postgres://u:MARK7Q/tail@127.0.0.1:5/db",
        "postgres://u:MARK7Q#x@127.0.0.1/db",
        "postgres://u:MARK7Q?x@127.0.0.1/db",
        "postgres://u:s3cr@127.0.0.1:MARK7Q/db",
        "postgres://MARK7Q:x%2Fy@127.0.0.1/db",
    ],
)
@pytest.mark.parametrize(
    "words",
    [
        "Port could not be cast to integer value as 'MARK7Q'",
        "no host named mark7q",
        "password MARK7 was refused",
        "cannot read u%3AMARK7Q%40",
    ],
)
def test_no_part_of_a_variable_is_left_in_an_engines_words(monkeypatch, url, words):
    monkeypatch.setenv("DBURL", url)
    told = Location.of("${DBURL}").quote(ValueError(words))
    assert not any("MARK7Q"[start : start + 4].lower() in told.lower() for start in range(3))
    assert "${DBURL}" in told


def test_what_is_no_part_of_it_stays_readable():
    assert hide_values("no such table: messages", {"DBURL": "postgres://ana:s3cret@db.example/x"}) == (
        "no such table: messages"
    )
    assert (
        hide_values("a postgres server", {"DBURL": "postgres://ana:s3cret@db.example/x"})
        == "a postgres server"
    )


def test_each_part_of_a_login_or_a_password_is_left_out(monkeypatch):
    monkeypatch.setenv("SHOP_URL", "smtp://reports:MARK7Q/tail%21x@mail.example.com:587")
    monkeypatch.setenv("SHOP_PASSWORD", "hunter#22222")
    told = redact("at mail.example.com: MARK7Q, tail!x or tail%21x of reports; hunter, 22222")
    assert told == "at mail.example.com: …, … or … of …; …, …"


@pytest.mark.parametrize(
    ("name", "value", "text", "told"),
    [
        (
            "API_TOKEN",
            "gh_MARK7Q9xyz",
            "bad credentials 'MARK7q', from row 9xyz on",
            "bad credentials '…', from row … on",
        ),
        ("DB_DSN", "host=db password=MARK7Q", "FATAL: no role MARK7", "FATAL: no role …"),
        (
            "DB_URL",
            "mysql://db/x?user=ana&password=MARK7Q",
            "denied (using MARK7Q) at db/x",
            "denied (using …) at db/x",
        ),
        ("DB_URL", "mysql://:MARK7Q@db/x", "denied: rk7q@db", "denied: …@db"),
        (
            "DB_URL",
            "https://index.example.com/simple",
            "at index.example.com/simple",
            "at index.example.com/simple",
        ),
        ("APP_SECRET", "passw\u00f6rt\u0130x", "PASSW\u00d6RT or t\u0130x", "… or t\u0130x"),
        ("KEY_FILE", "/usr", "File /usr/lib/python3/x.py", "File /usr/lib/python3/x.py"),
    ],
)
def test_parts_of_any_secret_of_the_environment_are_left_out_and_nothing_else(
    monkeypatch, name, value, text, told
):
    monkeypatch.setenv(name, value)
    assert redact(text) == told


def test_a_long_text_without_secrets_is_passed_over_quickly(monkeypatch):
    monkeypatch.setenv("APP_SECRET", "MARK7Q" * 200)
    text = "://x " * 50_000
    begun = time.process_time()
    assert redact(text) == text
    assert time.process_time() - begun < 10


def test_an_error_is_one_line_without_control_characters():
    assert one_line("first\n\x1b[31msecond\tthird\u202e") == "first ·[31msecond third·"

import pytest
from pydantic_core import PydanticCustomError

from tidings.tenants.address import (
    ascii_domain,
    canonical,
    check_address,
    check_addresses,
    check_line,
    check_mailbox,
    read_mailbox,
)


def refused(check, value):
    with pytest.raises(PydanticCustomError) as error:
        check(value)
    assert error.value.context["remedy"]


@pytest.mark.parametrize(
    "address",
    [
        "ana@example.com",
        "a.b+c@sub.example.co",
        "o'neill@example.com",
        "ana@bücher.example",
        "ana@例え.テスト",
    ],
)
def test_plain_addresses_are_accepted(address):
    assert check_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "@example.com",
        "ana@",
        "ana@@example.com",
        "a@b@example.com",
        "ana@example",
        "ana@example.com.",
        "ana@.example.com",
        "ana@exa mple.com",
        "ana@exa_mple.com",
        "ana@10.0.0.1",
        "ana@[10.0.0.1]",
        "Ana <ana@example.com>",
        '"ana"@example.com',
        "a..b@example.com",
        ".a@example.com",
        " ana@example.com",
        "ana@example.com\r\nBcc: eve@example.com",
        "ana@example.com\n",
        "a\x00na@example.com",
        "aná@example.com",
        "a,b@example.com",
        "x" * 65 + "@example.com",
        "ana@" + "x" * 64 + ".com",
    ],
)
def test_other_addresses_are_refused(address):
    refused(check_address, address)


@pytest.mark.parametrize("twice", ["ana@example.com", "ANA@Example.com"])
def test_a_recipient_given_twice_is_refused(twice):
    refused(check_addresses, ("ana@example.com", "bo@example.com", twice))


def test_two_spellings_of_an_international_domain_are_one():
    refused(check_addresses, ("ana@bücher.example", "ana@xn--bcher-kva.example"))


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("Tidings <reports@example.com>", "Tidings", "reports@example.com"),
        ("reports@bücher.example", "", "reports@xn--bcher-kva.example"),
        ('"Doe, Ana" <ana@straße.example>', "Doe, Ana", "ana@xn--strae-oqa.example"),
        ("Tidings <tidings@localhost>", "Tidings", "tidings@localhost"),
        ("[Acme] Reports <r@example.com>", "[Acme] Reports", "r@example.com"),
        ("Acme, Inc. <r@example.com>", "Acme, Inc.", "r@example.com"),
        ("Acme (Europe)  <r@example.com>", "Acme (Europe)", "r@example.com"),
        ("J. R. Doe: Reports; daily <r@example.com>", "J. R. Doe: Reports; daily", "r@example.com"),
        ('The "Weekly" Report <r@example.com>', 'The "Weekly" Report', "r@example.com"),
        ("O\\Brien <r@example.com>", "O\\Brien", "r@example.com"),
        ("r@example.com <r@example.com>", "r@example.com", "r@example.com"),
        ("Informes Ñandú, S.A. <r@example.com>", "Informes Ñandú, S.A.", "r@example.com"),
    ],
)
def test_a_mailbox_is_a_name_and_an_address_that_every_server_takes(text, name, address):
    mailbox = read_mailbox(text)
    assert (mailbox.display_name, mailbox.addr_spec) == (name, address)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ana",
        "ana@",
        "ana@-b-",
        "añá@example.com",
        "ana@exa mple.com",
        "ana@example.com, eve@example.com",
        "ana@example.com, Eve <eve@example.com>",
        "Ana <ana@example.com>, Eve <eve@example.com>",
        "Ana <eve@example.com> <ana@example.com>",
        "[Acme] reports@example.com",
        "Ana <>",
        "..}<script>..}",
        "ana@example.com\nBcc: eve@example.com",
        "=?utf-8?q?Ana=0D=0ABcc=3A_eve?= <ana@example.com>",
        "\ud800 <ana@example.com>",
        f"{'L' * 100_000} <ana@example.com>",
    ],
)
def test_what_is_not_one_mailbox_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        read_mailbox(text)
    refused(check_mailbox, text)


def test_a_sender_is_kept_as_it_was_written_and_has_a_public_address():
    assert check_mailbox("Tidings <reports@bücher.example>") == "Tidings <reports@bücher.example>"
    refused(check_mailbox, "Tidings <tidings@localhost>")


@pytest.mark.parametrize("text", ["a\r\nBcc: eve@example.com", "a\x00", "a\u2028b", "=?utf-8?q?a?="])
def test_a_line_that_could_become_two_is_refused(text):
    assert check_line("Demo Telecom: 株式会社") == "Demo Telecom: 株式会社"
    with pytest.raises(ValueError, match="it has"):
        check_line(text)


def test_a_domain_has_one_form_that_servers_take_and_an_address_one_spelling():
    assert ascii_domain("straße.example") == "xn--strae-oqa.example"
    assert canonical("Ana@BÜCHER.example") == "ana@xn--bcher-kva.example"
    with pytest.raises(ValueError, match="hyphen"):
        ascii_domain("-b-")

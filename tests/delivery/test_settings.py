"""Settings: from the environment, then from .env; wrong ones are named and their values kept quiet."""

import pytest

from tidings.delivery.errors import Misconfigured
from tidings.delivery.settings import LOCAL_SENDER, Settings, load_settings
from tidings.notebook.environment import environment_of_kernels


def test_without_settings_mail_goes_to_the_outbox(tmp_path):
    settings = load_settings(tmp_path)
    assert (settings.transport, settings.mail_from, settings.rate) == ("outbox", LOCAL_SENDER, None)


def test_the_environment_wins_over_the_file(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("TIDINGS_FROM=file@example.com\nTIDINGS_RATE=30\nOTHER=1\n")
    monkeypatch.setenv("TIDINGS_FROM", "Tidings <env@example.com>")
    settings = load_settings(tmp_path)
    assert (settings.mail_from, settings.rate) == ("Tidings <env@example.com>", 30)


def test_an_empty_variable_counts_as_not_set(tmp_path, monkeypatch):
    monkeypatch.setenv("TIDINGS_RATE", "")
    assert load_settings(tmp_path).rate is None


def test_the_password_is_in_no_representation(tmp_path, monkeypatch):
    monkeypatch.setenv("TIDINGS_SMTP_URL", "smtp://ana:s3cret@mail.example.com")
    settings = load_settings(tmp_path)
    assert settings.server.password == "s3cret"
    assert "s3cret" not in f"{settings!r}{settings}{settings.model_dump()}{settings.server}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FROM", "s3cret"),
        ("FROM", "a@example.com, s3cret@example.com"),
        ("FROM", "a@example.com\nBcc: s3cret@example.com"),
        ("REPLY_TO", "s3cret"),
        ("OPERATOR", "Ana <s3cret@example.com>"),
        ("UNSUBSCRIBE_URL", "http://example.com/s3cret"),
        ("UNSUBSCRIBE_URL", "https://example.com/s3cret> <x"),
        ("UNSUBSCRIBE_MAILTO", "mailto:s3cret"),
        ("PAGE_URL", "javascript:s3cret"),
        ("PAGE_URL", "https://"),
        ("PAGE_URL", "https://example.com/{s3cret}"),
        ("PAGE_URL", "https://example.com/s3cret> <x"),
        ("RATE", "0"),
        ("RATE", "s3cret"),
        ("DKIM_SELECTOR", "s3cret selector"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_named_and_its_value_kept_quiet(tmp_path, monkeypatch, name, value):
    monkeypatch.setenv(f"TIDINGS_{name}", value)
    with pytest.raises(Misconfigured, match=f"TIDINGS_{name}") as caught:
        load_settings(tmp_path)
    assert "s3cret" not in str(caught.value)


def test_the_address_of_a_page_has_tenant_and_period_in_it_quoted(tmp_path, monkeypatch):
    assert load_settings(tmp_path).page_url_of("demo", "2026-W46") is None
    monkeypatch.setenv(
        "TIDINGS_PAGE_URL", "http://reports.example.com/{tenant}/{period}/report.html?a={period}"
    )
    url = load_settings(tmp_path).page_url_of("demo", "a/../b c")
    assert url == "http://reports.example.com/demo/a%2F..%2Fb%20c/report.html?a=a%2F..%2Fb%20c"


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        ({"DKIM_SELECTOR": "mail"}, "TIDINGS_DKIM_KEY_FILE"),
        ({"DKIM_KEY_FILE": "dkim.pem"}, "TIDINGS_DKIM_SELECTOR"),
    ],
)
def test_what_belongs_together_is_asked_for(tmp_path, monkeypatch, settings, missing):
    for name, value in settings.items():
        monkeypatch.setenv(f"TIDINGS_{name}", value)
    with pytest.raises(Misconfigured, match=missing):
        load_settings(tmp_path)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / ".env").write_bytes(b"TIDINGS_FROM=\xff\xfe")
    with pytest.raises(Misconfigured, match=r"\.env"):
        load_settings(tmp_path)


def test_a_key_for_signing_is_read_from_its_file_in_the_project_and_not_shown(tmp_path, monkeypatch):
    (tmp_path / "dkim.pem").write_bytes(b"s3cret")
    monkeypatch.setenv("TIDINGS_FROM", "Tidings <reports@bücher.example>")
    monkeypatch.setenv("TIDINGS_DKIM_SELECTOR", "mail")
    monkeypatch.setenv("TIDINGS_DKIM_KEY_FILE", "dkim.pem")
    signing = load_settings(tmp_path).dkim
    assert (signing.domain, signing.selector, signing.key) == ("xn--bcher-kva.example", "mail", b"s3cret")
    assert "s3cret" not in repr(signing)


def test_a_key_that_cannot_be_read_is_a_wrong_setting(tmp_path, monkeypatch):
    monkeypatch.setenv("TIDINGS_DKIM_SELECTOR", "mail")
    monkeypatch.setenv("TIDINGS_DKIM_KEY_FILE", "none.pem")
    with pytest.raises(Misconfigured, match="TIDINGS_DKIM_KEY_FILE"):
        load_settings(tmp_path)


def test_no_cell_sees_any_of_the_settings(monkeypatch):
    names = {field.alias or f"TIDINGS_{name.upper()}" for name, field in Settings.model_fields.items()}
    for name in (*names, "TIDINGS_MEMORY_LIMIT", "SHOP_PASSWORD"):
        monkeypatch.setenv(name, "x")
    seen = environment_of_kernels()
    assert not names & seen.keys()
    assert {"TIDINGS_MEMORY_LIMIT", "SHOP_PASSWORD"} <= seen.keys(), "which sources are read by"

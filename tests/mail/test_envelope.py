from datetime import UTC, datetime
from pathlib import Path

import pytest

from tidings.mail.envelope import MAX_NEWS, Envelope, first_news, report_subject, second_news
from tidings.mail.headers import write_headers
from tidings.page.preprocessors import read_notebook
from tidings.parts.part import Highlights
from tidings.periods.period import parse_period
from tidings.tenants.tenant import load_tenant

TENANT = load_tenant("demo", Path(__file__).parents[2] / "parameters")
SENTENCES = ("One in ten conversations was missed.", "Waits were longest on Saturday.", "Friday was busiest.")


def _view(make, *sentences, headlines=()):
    shown = [make.shown(Highlights("In short", sentences, headlines))] if sentences else []
    return read_notebook(make.notebook(*shown)).view


def _subject(view, period="2026-W46", trial=False, **changes):
    tenant = TENANT.model_copy(update=changes)
    return report_subject(
        view, tenant, parse_period(period, tenant, datetime(2026, 12, 1, tzinfo=UTC)), trial=trial
    )


def test_a_subject_has_the_tenant_the_period_and_the_first_of_the_news(make):
    view = _view(make, *SENTENCES, headlines=("one in ten missed", "waits up 12%"))
    assert _subject(view) == "Demo Telecom, 9 – 15 Nov: one in ten missed"
    assert _subject(view, trial=True) == "[Test] Demo Telecom, 9 – 15 Nov: one in ten missed"


def test_without_a_headline_the_first_sentence_stands_there(make):
    assert (
        _subject(_view(make, *SENTENCES)) == "Demo Telecom, 9 – 15 Nov: One in ten conversations was missed"
    )


def test_without_news_the_subject_has_the_period(make):
    assert _subject(_view(make)) == "Demo Telecom: Mon 9 – Sun 15 November 2026"
    assert _subject(_view(make), "2026-11", language="es-419") == "Demo Telecom: noviembre de 2026"


@pytest.mark.parametrize(
    ("headline", "news"),
    [
        ("x" * 300, "x" * (MAX_NEWS - 1) + "…"),
        ("missed\r\nBcc: eve@example.com", "missed Bcc: eve@example.com"),
        ("missed\u2028Bcc: eve\x00\x1b", "missed Bcc: eve"),
        ("=?utf-8?q?Bcc=3A_eve?= missed", "= ?utf-8?q?Bcc=3A_eve?= missed"),
    ],
)
def test_news_from_data_are_one_short_line_that_a_header_can_hold(make, headline, news):
    view = _view(make, "Missed.", headlines=(headline,))
    assert first_news(view) == news
    envelope = Envelope(
        "a@example.com", None, _subject(view), datetime(2026, 11, 16, tzinfo=UTC), "<1@example.com>"
    )
    assert write_headers(envelope)["Subject"] == f"Demo Telecom, 9 – 15 Nov: {news}"


@pytest.mark.parametrize(
    ("sentences", "shown"), [(SENTENCES, SENTENCES[1]), (SENTENCES[:1], SENTENCES[0]), ((), "")]
)
def test_a_mailbox_shows_the_second_sentence_beside_the_subject(make, sentences, shown):
    assert second_news(_view(make, *sentences)) == shown

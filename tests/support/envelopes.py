"""An envelope for messages of tests."""

from datetime import UTC, datetime

from tidings.mail.envelope import Envelope

ENVELOPE = Envelope(
    sender="Tidings <reports@example.com>",
    recipient="ana@example.com",
    subject="Demo Telecom",
    date=datetime(2026, 11, 16, 6, tzinfo=UTC),
    message_id="<demo.2026-W46@example.com>",
)

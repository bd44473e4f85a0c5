"""The operator's summary: what went wrong in a run, in one plain mail."""

import secrets
from email import policy
from email.message import EmailMessage

from tidings.delivery.context import Workplace
from tidings.delivery.letters import message_id, sealed
from tidings.delivery.run import Tally
from tidings.delivery.settings import Settings
from tidings.delivery.states import State
from tidings.errors import DeliveryError
from tidings.periods import clock

_ADVICE = {
    State.REFUSED: "refused for good; correct the address, or make resend",
    State.FAILED: "put off; later runs try again for five days",
    State.UNCERTAIN: "may or may not have arrived; ask the recipient, then make resend … FORCE=1",
}


def summary_lines(tally: Tally) -> list[str]:
    """What went wrong, a line each; none where nothing did."""
    letters = [
        f"{delivery.key.tenant}, {delivery.key.period}, {delivery.key.recipient}: {outcome.state} "
        f"({_ADVICE[outcome.state]}). {outcome.answer}"
        for delivery, outcome in tally.troubled.items()
    ]
    stopped = [f"stopped: {tally.stopped_by}"] if tally.stopped_by else []
    return [*stopped, *tally.problems, *letters]


def counted(tally: Tally) -> str:
    """How many letters came to what, in one line."""
    counts = [f"{count} {state}" for state in State if (count := tally.count(state))]
    return ", ".join(counts) or "nothing to mail"


def mail_summary(tally: Tally, place: Workplace) -> None:
    """Tell the operator, if there is one, and something to tell; a summary that fails is itself a problem."""
    lines = summary_lines(tally)
    if not lines or place.settings.operator is None:
        return
    transport = place.route.transport
    try:
        transport.open()
        outcome = transport.deliver(sealed(_message(lines, tally, place.settings), secrets.token_hex(16)))
        if outcome.state not in (State.SENT, State.QUEUED):
            tally.problems.append(f"the operator was not told: {outcome.answer}")
    except DeliveryError as error:
        tally.problems.append(f"the operator was not told: {error}")
    finally:
        transport.close()


def _message(lines: list[str], tally: Tally, settings: Settings) -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = settings.mail_from
    message["To"] = settings.operator
    message["Subject"] = f"Tidings: {len(lines)} not delivered, {tally.count(State.SENT)} sent"
    message["Date"] = clock.now()
    message["Message-ID"] = message_id(secrets.token_hex(16), settings)
    message["Auto-Submitted"] = "auto-generated"
    body = "\n".join(f"- {line}" for line in lines)
    message.set_content(f"{body}\n\nAll deliveries: make status\n", cte="quoted-printable")
    return message

"""The operator: what went wrong in a run, in words, and in one plain mail."""

import secrets
from email import policy
from email.message import EmailMessage

from tidings.delivery.context import RunContext
from tidings.delivery.messages import freeze, message_id
from tidings.delivery.send import RunResult
from tidings.delivery.states import State
from tidings.errors import DeliveryError
from tidings.periods import clock

_ADVICE = {
    State.REFUSED: "refused for good; correct the address, or make resend",
    State.FAILED: "put off; later runs try again for five days",
    State.UNCERTAIN: "may or may not have arrived; ask the recipient, then make resend … FORCE=1",
}


def describe_held(result: RunResult) -> list[str]:
    """What is held, by which checks, and how to release it; an entry for each report."""
    return [
        f"{report.order}: {report.reason}\n  To release it: make approve TENANT={report.order.tenant.id} "
        f'PERIOD={report.order.period.key} WHY="…"'
        for report in result.held
    ]


def describe_problems(result: RunResult) -> list[str]:
    """What went wrong, a line each; none where nothing did."""
    failures = [
        f"{delivery.key.tenant}, {delivery.key.period}, {delivery.key.recipient}: {attempt.state} "
        f"({_ADVICE[attempt.state]}). {attempt.answer}"
        for delivery, attempt in result.failures.items()
    ]
    stopped = [f"stopped: {result.stopped_by}"] if result.stopped_by else []
    return [*stopped, *result.problems, *failures]


def describe_counts(result: RunResult) -> str:
    """How many messages came to what, in one line."""
    counts = [f"{count} {state}" for state in State if (count := result.count(state))]
    counts += [f"{len(result.held)} held"] if result.held else []
    counts += [f"{len(result.review)} to review"] if result.review else []
    return ", ".join(counts) or "nothing to mail"


def mail_operator(result: RunResult, context: RunContext) -> None:
    """Tell the operator, if there is one, and something to tell; a mail that fails is itself a problem.

    The same is told once a day, however many runs find it so.
    """
    settings, ledger, now = context.settings, context.ledger, clock.now()
    held, problems = (
        [line for line in lines if not ledger.was_told(line, now)]
        for lines in (describe_held(result), describe_problems(result))
    )
    lines = [*held, *problems]
    if not lines or settings.operator is None:
        return
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = settings.mail_from
    message["To"] = settings.operator
    counts = [f"{len(held)} held"] * bool(held) + [f"{len(problems)} not delivered"] * bool(problems)
    message["Subject"] = f"Tidings: {', '.join(counts)}, {result.count(State.SENT)} sent"
    message["Date"] = clock.now()
    message["Message-ID"] = message_id(secrets.token_hex(16), settings)
    message["Auto-Submitted"] = "auto-generated"
    body = "\n".join(f"- {line}" for line in lines)
    message.set_content(f"{body}\n\nAll deliveries: make status\n", cte="quoted-printable")
    transport = context.sending.transport
    try:
        transport.open()
        attempt = transport.deliver(freeze(message, secrets.token_hex(16)))
        if attempt.state in (State.SENT, State.QUEUED):
            ledger.note_told(lines, now)
        else:
            result.problems.append(f"the operator was not told: {attempt.answer}")
    except DeliveryError as error:
        result.problems.append(f"the operator was not told: {error}")
    finally:
        transport.close()

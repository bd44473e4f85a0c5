"""The operator: what went wrong in a run, in words, and in one plain mail."""

import secrets
from datetime import datetime
from email import policy
from email.message import EmailMessage

from tidings.delivery.context import RunContext
from tidings.delivery.ledger import MEMORY
from tidings.delivery.messages import REPORT, freeze, message_id
from tidings.delivery.send import RunResult
from tidings.delivery.states import State
from tidings.errors import DeliveryError, ReportError
from tidings.mail.headers import FOR_ROBOTS
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


def describe_restated(context: RunContext, now: datetime) -> list[str]:
    """What readers were told otherwise within `MEMORY`: mailed, and made anew with other numbers since.

    Raises
    ------
    ReportError
        The history, by which that is known, cannot be read.
    """
    sent: dict[tuple[str, str], set[str]] = {}
    for delivery in context.ledger.deliveries():
        key, may_be_there = delivery.key, delivery.state in (State.SENT, State.UNCERTAIN)
        if key.report == REPORT and may_be_there and delivery.changed_at > now - MEMORY:
            sent.setdefault((key.tenant, key.period), set()).add(delivery.edition)
    if not sent:
        return []  # without the second that the import takes
    from tidings.review.differences import list_restated_after_mailing

    return [
        f"{tenant}, {period}: mailed, and restated since: {'; '.join(said)}.\n  Nothing is mailed again by "
        f"itself. To see all of it: make diff TENANT={tenant} PERIOD={period} AGAINST=earlier"
        for (tenant, period), said in list_restated_after_mailing(context.folders.outputs, sent).items()
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
    counts += [f"{len(result.paused)} paused"] if result.paused else []
    return ", ".join(counts) or "nothing to mail"


def mail_operator(result: RunResult, context: RunContext) -> None:
    """Tell the operator, if there is one, and something to tell; a mail that fails is itself a problem.

    The same is told once a day, however many runs find it so, and what was restated once.
    """
    settings, ledger, now = context.settings, context.ledger, clock.now()
    if settings.operator is None:
        return
    try:
        restated = describe_restated(context, now)
    except ReportError as error:
        restated = []
        result.problems.append(str(error))
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    held, problems, restated = (
        [line for line in lines if not ledger.was_told(line, since)]
        for lines, since in (
            (describe_held(result), today),
            (describe_problems(result), today),
            (restated, now - MEMORY),
        )
    )
    lines = [*held, *problems, *restated]
    if not lines:
        return
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = settings.mail_from
    message["To"] = settings.operator
    counts = [f"{len(held)} held"] * bool(held) + [f"{len(problems)} not delivered"] * bool(problems)
    counts += [f"{len(restated)} restated"] * bool(restated)
    message["Subject"] = f"Tidings: {', '.join(counts)}, {result.count(State.SENT)} sent"
    message["Date"] = clock.now()
    message["Message-ID"] = message_id(secrets.token_hex(16), settings)
    for name, value in FOR_ROBOTS.items():
        message[name] = value
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

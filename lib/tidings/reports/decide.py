"""Holding a report back, and letting it go: what people decide is kept with the report, or not at all."""

import os
from dataclasses import asdict

from tidings.errors import ReportError
from tidings.periods import clock
from tidings.reports.editions import (
    FinishedReport,
    ReportState,
    amend,
    files_of,
    find_decision,
    find_report,
    find_verdict,
    open_draft,
    read_notebook,
)
from tidings.reports.order import Order
from tidings.reports.receipt import Decision

USER = "TIDINGS_USER"
_LONGEST = 500


def read_user() -> str:
    """Who runs the command: ``TIDINGS_USER``, else who is logged in by ``USER`` or ``LOGNAME``.

    Raises
    ------
    ReportError
        The environment names no one.
    """
    names = (" ".join(os.environ.get(name, "").split()) for name in (USER, "USER", "LOGNAME"))
    user = next(filter(None, names), "")
    if not user:
        raise ReportError(
            "no one is named who decides", where="environment", remedy=f"set {USER} to your own name"
        )
    return user[:_LONGEST]


def approve(order: Order, why: str) -> Decision:
    """Let a held report go: its page and message are made anew without what it was held for.

    The approval is written last, and is of this very notebook: made anew, the report is held again.

    Raises
    ------
    ReportError
        It is not held, or was refused; its notebook is not the one that was made; no one is named, or no
        reason is given.
    DeliveryError
        The message cannot be made of it.
    """
    decision = _decide(order, why)
    report, where = find_report(order), str(order)
    if files_of(order).failed.is_file():
        raise ReportError(
            "its last run failed or was refused, which no one can approve",
            where=where,
            remedy="see make status; mend what is wrong, and make the report again",
        )
    if isinstance(report, FinishedReport):
        approved = find_decision(order, "approved")
        said = f"was approved already by {approved.by}, {approved.at}" if approved else "is not held"
        raise ReportError(f"{said}: there is nothing to approve", where=where, remedy="make mail sends it")
    if report.state is not ReportState.HELD:
        raise ReportError(f"cannot be approved: {report.reason}", where=where, remedy="make the report first")
    notebook = read_notebook(FinishedReport(order, {files_of(order).notebook.name: decision.digest}))
    from tidings.reports.readable import render_message, render_page

    with open_draft(files_of(order)) as draft:
        render_page(notebook, draft)
        render_message(notebook, order, draft)
        made = (draft.page, draft.message, draft.message_page)
        amend(draft, files_of(order), made, approved=asdict(decision))
    return decision


def hold(order: Order, why: str) -> Decision:
    """Hold a report back until someone approves it, also when it is made anew.

    Raises
    ------
    ReportError
        There is no report; its notebook is not the one that was made; no one is named, or no reason is given.
    DeliveryError
        The message cannot be made of it.
    """
    decision = _decide(order, why)
    report = find_report(order)
    if not isinstance(report, FinishedReport) and report.state is not ReportState.HELD:
        raise ReportError(
            f"cannot be held: {report.reason}", where=str(order), remedy="make the report first"
        )
    notebook = read_notebook(FinishedReport(order, {files_of(order).notebook.name: decision.digest}))
    import nbformat

    from tidings.reports.readable import mark_held, render_message, render_page

    _, held = find_verdict(order)
    reasons = (*(reason for reason in held if not reason.startswith("by hand: ")), decision.reason)
    about = {"held": reasons, "by_hand": asdict(decision), "approved": None}
    with open_draft(files_of(order)) as draft:
        amend(draft, files_of(order), (), **about)  # from here on it is held, whatever comes between
        notebook = mark_held(notebook, reasons)
        nbformat.write(notebook, draft.notebook)
        render_page(notebook, draft)
        render_message(notebook, order, draft)
        made = (draft.notebook, draft.page, draft.message, draft.message_page)
        amend(draft, files_of(order), made, **about)
    return decision


def _decide(order: Order, why: str) -> Decision:
    """A decision of whoever runs the command, now, on the notebook that lies there."""
    if not (words := " ".join(why.split())[:_LONGEST]):
        raise ReportError("no reason is given", where=str(order), remedy='say it: WHY="…"')
    report = find_report(order)
    return Decision(read_user(), words, clock.now().isoformat(timespec="seconds"), report.digest or "")

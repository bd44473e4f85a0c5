"""The demo's mail, week after week: what is drawn and said there must always have room."""

import email
import shutil
from datetime import date, timedelta
from email import policy

import nbformat
import pytest
from support.projects import CHECKOUT, make_project

from tidings.demo import DemoSettings, write_demo_data
from tidings.mail.size import MAX_BYTES, MAX_HTML_BYTES
from tidings.mail.text import MAX_TEXT_BYTES
from tidings.page.preprocessors import read_notebook
from tidings.reports.batch import make_reports
from tidings.reports.order import Request
from tidings.reports.workers import local_workers

WEEKS = 60
END = date(2026, 11, 23)


@pytest.mark.slow
def test_no_mail_of_60_consecutive_weeks_loses_a_picture(tmp_path, monkeypatch):
    project = make_project(tmp_path)
    shutil.copy(CHECKOUT / "parameters/demo.yaml", project / "parameters")
    monkeypatch.setenv("TIDINGS_HOME", str(project))
    monkeypatch.setenv("TIDINGS_NOW", f"{END}T12:00:00Z")
    write_demo_data(
        project / "data/demo", DemoSettings(end=END, weeks=WEEKS + 3, messages=13_000 * (WEEKS + 3))
    )
    weeks = [(END - timedelta(days=7 * ago + 1)).isocalendar() for ago in range(WEEKS)]
    notebook = project / "notebooks/report.ipynb"
    requests = [
        Request("demo", f"{year}-W{week:02}", project / "parameters", project / "outputs", notebook)
        for year, week, _ in weeks
    ]
    outcomes = list(make_reports(requests, local_workers(None, None)))
    assert [outcome.error for outcome in outcomes] == [None] * WEEKS
    sizes = [_check_mail(project / "outputs/demo" / request.period) for request in requests]
    print(f"the largest of {WEEKS} mails has {max(sizes):,} bytes")


def _check_mail(folder) -> int:
    """See that a mail has every picture of its notebook as it was drawn, and give its size."""
    content = (folder / "message.eml").read_bytes()
    message = email.message_from_bytes(content, policy=policy.default)
    html, text = (message.get_body((kind,)).get_content() for kind in ("html", "plain"))
    view = read_notebook(nbformat.read(folder / "report.ipynb", as_version=4)).view
    assert [part.get_content() for part in message.walk() if part["Content-ID"]] == [
        part.png for part in view.parts if part.png
    ]
    assert len(content) <= MAX_BYTES
    assert len(html.encode()) <= MAX_HTML_BYTES
    assert len(text.encode()) <= MAX_TEXT_BYTES
    return len(content)

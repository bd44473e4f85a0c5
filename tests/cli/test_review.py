"""The commands of the review, as an operator runs them."""

import json
from datetime import date

import pandas as pd
import pytest
from support.editions import days, write_edition
from support.projects import add_tenant, make_project, run
from support.tables import message

LATER = "2026-11-17T06:00:00+00:00"


def _values(tuesday: int) -> dict:
    table = days("incoming_messages", [30, tuesday])
    return {"activity.total_messages": 30 + tuesday, "activity.incoming_messages": table}


@pytest.fixture
def project(tmp_path):
    project = make_project(tmp_path, short=True)
    add_tenant(project, "acme", tables={"messages": [message("2026-11-10 15:00")]})
    return project


def test_review_writes_one_page_and_its_notebook(project):
    write_edition(project / "outputs", "acme", "2026-W46", _values(50))
    add_tenant(project, "newcomer")
    done = run(project, "review")
    assert done.returncode == 0, done.stderr
    page = (project / "outputs" / "review.html").read_text()
    assert done.stdout == f"review: {project / 'outputs' / 'review.html'}\n"
    assert page.index("newcomer") < page.index("acme/2026-W46/report.html")
    notebook = json.loads((project / "outputs" / "review.ipynb").read_text())
    assert notebook["metadata"]["papermill"]["exception"] is None
    assert not list((project / "outputs").glob(".*"))


def test_review_without_a_folder_is_told_in_words(project, tidings):
    done = tidings(project, "review")
    assert done.returncode == 1
    assert "there is no such folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_report_is_in_the_history_as_soon_as_it_is_made(project):
    assert run(project, "report", "acme").returncode == 0
    frame = pd.concat([pd.read_parquet(path) for path in (project / "outputs" / "history").glob("*.parquet")])
    found = frame[frame["name"] == "activity.total_messages"]
    assert list(zip(found["tenant"], found["period"], found["value"], strict=True)) == [
        ("acme", "2026-W46", 1.0)
    ]


def test_diff_shows_what_making_an_edition_anew_has_changed(project, tidings):
    write_edition(project / "outputs", "acme", "2026-W46", _values(50))
    assert tidings(project, "history").stdout == "1 edition added to the history\n"
    write_edition(project / "outputs", "acme", "2026-W46", _values(64), made_at=LATER)
    done = tidings(project, "diff", "acme", "--against", "earlier")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == (
        "restated: Incoming Messages: 14 more on Tue 10 Nov; Total Messages (Activity): 80 → 94"
    )
    rows = [
        [cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines() if "│" in line
    ]
    assert rows == [
        ["Total Messages (Activity)", "", "80", "94", "+14"],
        ["Incoming Messages", "Tue 10 Nov", "50", "64", "+14"],
    ]


def test_diff_writes_each_difference_on_one_line_where_it_is_piped(project, tidings):
    long = "How can I get back the money that I paid for the ticket that I never used on the train to Bogotá?"
    for period, messages in (("2026-W45", 50), ("2026-W46", 60)):
        table = pd.DataFrame({"intent": [long], "messages": [messages]})
        write_edition(project / "outputs", "acme", period, {"chatbot.intents": table})
    (row,) = (line for line in tidings(project, "diff", "acme").stdout.splitlines() if "50" in line)
    assert [cell.strip() for cell in row.split("│")[1:-1]] == [
        "Most Frequent Intents (messages)",
        long,
        "50",
        "60",
        "+10",
    ]


def test_diff_is_against_the_period_before_unless_it_is_told_otherwise(project, tidings):
    write_edition(project / "outputs", "acme", "2026-W45", _values(50))
    write_edition(project / "outputs", "acme", "2026-W46", _values(50))
    assert "recorded the same" in tidings(project, "diff", "acme").stdout
    done = tidings(project, "diff", "acme", "--against", "2026-W44")
    assert done.returncode == 1
    assert "is no edition that was recorded" in done.stderr
    assert "Traceback" not in done.stderr


def test_export_writes_the_history_narrowed_to_a_tenant_and_a_period(project, tidings):
    for tenant in ("acme", "beta"):
        write_edition(project / "outputs", tenant, "2026-W46", _values(50))
    done = tidings(project, "export", "--format", "parquet", "--tenant", "beta", "--to", "x.parquet")
    assert done.returncode == 0, done.stderr
    frame = pd.read_parquet(project / "x.parquet")
    assert set(frame["tenant"]) == {"beta"}
    assert date(2026, 11, 10) in set(frame["day"])
    assert tidings(project, "export").stdout.endswith(f"values: {project / 'outputs' / 'history.csv'}\n")


def test_export_of_nothing_is_told_in_words(project, tidings):
    done = tidings(project, "export", "--tenant", "nobody")
    assert done.returncode == 1
    assert "nothing was recorded" in done.stderr


def test_history_is_rebuilt_from_the_notebooks(project, tidings):
    write_edition(project / "outputs", "acme", "2026-W46", _values(50))
    tidings(project, "history")
    (path,) = (project / "outputs" / "history").glob("*.parquet")
    path.write_bytes(b"PAR1 and no more")
    assert tidings(project, "history", "--rebuild").stdout.splitlines()[-1] == "1 edition in the history"

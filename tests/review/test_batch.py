"""A batch read back: who stands where, and why."""

import io
import json

import pytest
from PIL import Image
from support.editions import write_edition, write_failure
from support.projects import add_tenant

from tidings.review.batch import open_review
from tidings.review.lines import Delivered, change
from tidings.review.standing import Finding, State

NUMBERS = {"activity.total_messages": 120, "activity.total_messages.previous": 100}
WEEK = "2026-W46"


def _line(outputs, tenant="acme", period=WEEK, **options):
    (line,) = [line for line in open_review(outputs, period, **options).lines if line.tenant == tenant]
    return line


def _write_tenants(folder, *tenants: str):
    """The folder of these tenants' files."""
    (folder / "parameters").mkdir()
    for tenant in tenants:
        add_tenant(folder, tenant)
    return folder / "parameters"


def _run(outputs, editions: list[dict], ended: str | None = "2026-11-16T07:00:00+00:00") -> None:
    about = {"begun": "2026-11-16T05:00:00+00:00", "ended": ended, "editions": editions}
    outputs.mkdir(exist_ok=True)
    (outputs / "_run.json").write_text(json.dumps(about))


def test_a_line_has_the_headline_numbers_their_change_and_how_long_it_took(tmp_path):
    write_edition(tmp_path, "acme", WEEK, NUMBERS)
    line = _line(tmp_path)
    assert line.state is State.CLEAN
    assert line.values["activity.total_messages"] == 120
    assert change(line, "activity.total_messages") == pytest.approx(0.2)
    assert change(line, "contact_center.missed_conversations") is None
    assert line.seconds == 1.5
    assert line.links == {
        "page": "acme/2026-W46/report.html",
        "mail": "acme/2026-W46/message.html",
        "notebook": "acme/2026-W46/report.ipynb",
    }


def test_an_edition_that_was_made_before_messages_had_pages_has_the_message_itself(tmp_path):
    write_edition(tmp_path, "acme", WEEK, NUMBERS)
    receipt = json.loads((tmp_path / "acme" / WEEK / "edition.json").read_text())
    del receipt["files"]["message.html"]
    (tmp_path / "acme" / WEEK / "edition.json").write_text(json.dumps(receipt))
    assert _line(tmp_path).links["mail"] == "acme/2026-W46/message.eml"


@pytest.mark.parametrize(
    ("name", "state"),
    [("ContractError", State.REFUSED), ("MetricError", State.REFUSED), ("SourceError", State.FAILED)],
)
def test_an_error_is_told_and_one_of_the_data_is_a_refusal(tmp_path, name, state):
    write_failure(tmp_path, "acme", WEEK, name, "column sent_at is missing")
    line = _line(tmp_path)
    assert line.state is state
    assert line.findings == (Finding(name, "column sent_at is missing"),)
    assert line.links == {"failed": "acme/2026-W46/failed.ipynb"}


def test_a_run_that_failed_over_a_finished_report_says_that_the_numbers_are_older(tmp_path):
    write_edition(tmp_path, "acme", WEEK, NUMBERS)
    write_failure(tmp_path, "acme", WEEK, "SourceError", "no such host")
    line = _line(tmp_path)
    assert line.state is State.FAILED
    assert [finding.sentence for finding in line.findings] == [
        "no such host",
        "What is shown here is of an earlier run.",
    ]
    assert line.values["activity.total_messages"] == 120


def test_an_edition_that_failed_before_it_had_a_notebook_is_known_from_the_run(tmp_path):
    write_edition(tmp_path, "acme", WEEK, NUMBERS)
    failed = {"tenant": "beta", "period": "latest", "state": "failed", "error": "no file", "seconds": 0}
    _run(tmp_path, [{"tenant": "acme", "period": WEEK, "state": "made"}, failed])
    assert _line(tmp_path, "beta").findings == (Finding("", "no file"),)
    assert _line(tmp_path, "beta", period="").state is State.FAILED
    assert [line.tenant for line in open_review(tmp_path, "2026-W45").lines] == []


def test_a_held_edition_says_why(tmp_path):
    write_edition(tmp_path, "acme", WEEK, NUMBERS, held=["freshness: three days are missing"])
    line = _line(tmp_path)
    assert line.state is State.HELD
    assert line.findings == (Finding("", "freshness: three days are missing"),)


HELD = {"state": "hold", "findings": [{"check": "freshness", "sentence": "three days are missing"}]}


def test_the_reason_that_the_gate_gave_is_said_once(tmp_path):
    write_edition(tmp_path, "acme", WEEK, NUMBERS, held=["freshness: three days are missing"], verdict=HELD)
    [line] = open_review(tmp_path).lines
    assert (line.state, line.findings) == (State.HELD, (Finding("freshness", "three days are missing"),))


def test_an_edition_that_was_approved_is_held_no_longer_until_it_is_made_anew(tmp_path):
    held = {"held": ["freshness: three days are missing"], "verdict": HELD}
    digest = write_edition(tmp_path, "acme", WEEK, NUMBERS, **held)
    approved = {"by": "ana", "why": "a strike", "at": "2026-11-16T08:00:00+00:00", "digest": digest}
    write_edition(tmp_path, "acme", WEEK, NUMBERS, **held, approved=approved)
    [line] = open_review(tmp_path).lines
    assert line.state is State.NOTE
    assert line.findings[0] == Finding("approved", "a strike (ana, 2026-11-16)")

    write_edition(tmp_path, "acme", WEEK, NUMBERS, **held, approved=approved | {"digest": "another"})
    [line] = open_review(tmp_path).lines
    assert line.state is State.HELD


@pytest.mark.parametrize(
    ("verdict", "state"),
    [("refuse", "refused"), ("hold", "held"), ("review", "review"), ("note", "note"), ("clean", "clean")],
)
def test_what_was_judged_of_an_edition_is_its_state(tmp_path, verdict, state):
    record = {"state": verdict, "findings": [{"check": "volume", "sentence": "Messages fell 60%."}]}
    write_edition(tmp_path, "acme", WEEK, NUMBERS, verdict=record)
    assert _line(tmp_path).state == state
    assert _line(tmp_path).findings == (Finding("volume", "Messages fell 60%."),)


LOOK = {
    "state": "review",
    "findings": [
        {"check": "volume", "sentence": "half of it", "severity": "review"},
        {"check": "glyphs", "sentence": "no font", "severity": "note"},
    ],
}


def test_what_after_review_keeps_back_is_held_until_it_is_approved(tmp_path):
    files = _write_tenants(tmp_path, "acme", "beta", "gone")
    with (files / "acme.yaml").open("a") as file:
        file.write("mail: after-review\n")
    (files / "gone.yaml").write_text("mail: after-review\n")  # with which nothing is mailed at all
    for tenant in ("acme", "beta", "gone"):
        write_edition(tmp_path, tenant, WEEK, NUMBERS, verdict=LOOK)
    held, now, unread = open_review(tmp_path, parameters=files).lines
    assert (held.tenant, held.state) == ("acme", State.HELD)
    assert held.findings == (Finding("volume", "half of it"), Finding("glyphs", "no font"))
    assert [(line.tenant, line.state) for line in (now, unread)] == [
        ("beta", State.REVIEW),
        ("gone", State.REVIEW),
    ]
    assert _line(tmp_path, "acme", parameters=files).state is State.HELD
    assert _line(tmp_path, "acme").state is State.REVIEW, "by the receipt alone"

    digest = write_edition(tmp_path, "acme", WEEK, NUMBERS, verdict=LOOK)
    approved = {"by": "ana", "why": "looked at", "at": "2026-11-16T08:00:00+00:00", "digest": digest}
    write_edition(tmp_path, "acme", WEEK, NUMBERS, verdict=LOOK, approved=approved)
    assert _line(tmp_path, "acme", parameters=files).state is State.NOTE


def test_a_notebook_that_is_not_the_one_that_was_made_has_failed(tmp_path):
    write_edition(tmp_path, "acme", WEEK, NUMBERS)
    (tmp_path / "acme" / WEEK / "report.ipynb").write_text("{}")
    assert _line(tmp_path).state is State.FAILED
    assert "is not the file that was made" in _line(tmp_path).findings[0].sentence


def test_a_receipt_that_cannot_be_read_is_no_error(tmp_path):
    write_edition(tmp_path, "acme", WEEK, NUMBERS)
    (tmp_path / "acme" / WEEK / "edition.json").write_text('{"files": ')
    assert _line(tmp_path).state is State.FAILED


def test_without_a_period_each_tenant_has_its_newest_edition(tmp_path):
    write_edition(tmp_path, "acme", "2026-W45", NUMBERS)
    write_edition(tmp_path, "acme", WEEK, NUMBERS)
    write_edition(tmp_path, "beta", "2026-10b", NUMBERS)
    write_edition(tmp_path, "beta", "2026-11a", NUMBERS)
    lines = open_review(tmp_path).lines
    assert [(line.tenant, line.period) for line in lines] == [("acme", WEEK), ("beta", "2026-11a")]


def test_a_tenant_that_has_no_report_of_the_newest_period_is_missing(tmp_path):
    write_edition(tmp_path, "acme", WEEK, NUMBERS)
    write_edition(tmp_path, "beta", "2026-W45", NUMBERS)
    files = _write_tenants(tmp_path, "acme", "beta")
    for period in ("", WEEK):
        review = open_review(tmp_path, period, parameters=files)
        if period:
            open_review(tmp_path, "2026-W45")  # which the history then has
            review = open_review(tmp_path, period, parameters=files)
        assert [(line.tenant, line.state) for line in review.lines] == [
            ("beta", State.MISSING),
            ("acme", State.CLEAN),
        ]


def test_a_tenant_without_any_report_is_missing(tmp_path):
    write_edition(tmp_path, "acme", WEEK, NUMBERS)
    files = _write_tenants(tmp_path, "acme", "newcomer")
    assert _line(tmp_path, "newcomer", period="", parameters=files).state is State.MISSING


def test_while_a_batch_is_running_who_is_not_there_yet_is_waited_for(tmp_path):
    write_edition(tmp_path, "acme", WEEK, NUMBERS)
    _run(tmp_path, [{"tenant": "acme", "period": WEEK, "state": "made"}], ended=None)
    review = open_review(tmp_path, parameters=_write_tenants(tmp_path, "acme", "beta"))
    assert [(line.tenant, line.state) for line in review.lines] == [
        ("acme", State.CLEAN),
        ("beta", State.WAITING),
    ]
    assert not review.run.is_over


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"editions": 3, "begun": "x", "ended": null}'])
def test_a_half_written_run_is_no_error(tmp_path, content):
    write_edition(tmp_path, "acme", WEEK, NUMBERS)
    (tmp_path / "_run.json").write_text(content)
    assert open_review(tmp_path).run is None


def test_the_worst_tenant_is_first_among_many(tmp_path):
    for number in range(40):
        write_edition(tmp_path, f"t{number:02}", WEEK, NUMBERS)
    write_edition(
        tmp_path, "t39", WEEK, {"activity.total_messages": 9, "activity.total_messages.previous": 100}
    )
    write_failure(tmp_path, "t38", WEEK, "SourceError", "no such host")
    lines = open_review(tmp_path, WEEK).lines
    assert [(line.tenant, line.state) for line in lines[:3]] == [
        ("t38", State.FAILED),
        ("t39", State.NOTE),
        ("t00", State.CLEAN),
    ]
    assert lines[1].findings == (
        Finding("outlier", "Messages −91%; of all tenants, half lie between +20% and +20%."),
    )


def test_a_series_has_the_last_eight_periods_of_one_kind_up_to_the_edition(tmp_path):
    for week in range(36, 47):
        write_edition(tmp_path, "acme", f"2026-W{week}", {"activity.total_messages": week})
    write_edition(tmp_path, "acme", "2026-10", {"activity.total_messages": 1})
    open_review(tmp_path, "2026-10")
    for week in range(36, 47):
        line = _line(tmp_path, period=f"2026-W{week}")
    assert line.series == tuple((f"2026-W{week}", float(week)) for week in range(39, 47))
    assert _line(tmp_path, period="2026-W45").series[-1] == ("2026-W45", 45.0)


def test_deliveries_stand_beside_their_edition(tmp_path):
    write_edition(tmp_path, "acme", WEEK, NUMBERS)
    delivered = Delivered({"sent": 2, "refused": 1})
    assert _line(tmp_path, deliveries={("acme", WEEK): delivered}).delivered == delivered
    assert _line(tmp_path, deliveries={}).delivered == Delivered({})
    assert _line(tmp_path).delivered is None


def test_an_edition_restated_since_it_was_mailed_is_to_be_reviewed(tmp_path):
    first = write_edition(tmp_path, "acme", WEEK, {"activity.total_messages": 80})
    open_review(tmp_path, WEEK)
    later = "2026-11-17T06:00:00+00:00"
    write_edition(tmp_path, "acme", WEEK, {"activity.total_messages": 94}, made_at=later)
    line = _line(tmp_path)
    assert (line.state, line.findings) == (
        State.NOTE,
        (Finding("restated", "Restated: Total Messages (Activity): 80 → 94."),),
    )
    sent = {("acme", WEEK): Delivered({"sent": 1}, frozenset({first}))}
    line = _line(tmp_path, deliveries=sent)
    assert (line.state, line.findings) == (
        State.REVIEW,
        (Finding("restated", "Mailed, and restated since: Total Messages (Activity): 80 → 94."),),
    )


def test_a_thumbnail_is_made_of_the_notebooks_own_pictures(tmp_path, make):
    write_edition(tmp_path, "acme", WEEK, NUMBERS, pictures=(b"no picture", make.png()))
    write_edition(tmp_path, "beta", WEEK, NUMBERS, pictures=(b"no picture",))
    picture = Image.open(io.BytesIO(_line(tmp_path).picture))
    assert picture.size == (240, 150)
    assert len(picture.convert("RGB").getcolors()) > 1
    assert _line(tmp_path, "beta").picture is None


def test_the_frame_has_a_row_a_tenant(tmp_path):
    write_edition(tmp_path, "acme", WEEK, NUMBERS)
    frame = open_review(tmp_path, WEEK).frame.set_index("tenant")
    assert frame.loc["acme", "activity.total_messages"] == 120
    assert frame.loc["acme", "activity.total_messages.change"] == pytest.approx(0.2)


def test_what_is_no_edition_is_passed_over(tmp_path):
    write_edition(tmp_path, "acme", "notes", NUMBERS)
    (tmp_path / "history").mkdir()
    assert open_review(tmp_path).lines == ()


def test_without_the_tenants_files_no_one_is_missing(tmp_path):
    write_edition(tmp_path, "acme", WEEK, NUMBERS)
    assert [line.tenant for line in open_review(tmp_path, parameters=tmp_path / "nowhere").lines] == ["acme"]

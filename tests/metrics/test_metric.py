"""Declarations of metrics, and how a result shows itself."""

import pandas as pd
import pytest
from support.tables import assignment, edition_of, message

import tidings
from tidings.errors import MetricError
from tidings.metrics import METRICS, activity
from tidings.metrics.metric import metric

WEEK = "2026-W46"
HOSTILE = "</td><script>alert(1)</script>\x1b[31m"


@pytest.fixture
def edition(tmp_path):
    rows = (
        [message("2026-11-10 10:00")] * 3 + [message("2026-11-03 10:00")] * 2 + [message("2026-11-01 10:00")]
    )
    rows = [row | {"message_id": str(number)} for number, row in enumerate(rows)]
    return edition_of(tmp_path, WEEK, {"messages": rows}, recipients=["secret@example.com"])


def test_what_is_published_is_what_is_called():
    for compute in METRICS:
        module, function = compute.metric.name.split(".")
        assert getattr(getattr(tidings, module), function) is compute


@pytest.mark.parametrize(
    "name", ["new_users", "Team.users", "team.users.previous", "team/users", "../a.b", ""]
)
def test_a_name_that_cannot_be_recorded_is_refused(name):
    with pytest.raises(MetricError, match=r"section\.value"):
        metric(name, "Users")


def test_a_metric_without_a_definition_is_refused():
    with pytest.raises(MetricError, match=r"metric team\.users: it has no definition"):
        metric("team.users", "Users")(lambda edition: 1)


@pytest.mark.parametrize(
    ("columns", "value", "says"),
    [
        ((), pd.DataFrame({"users": [1]}), "gave DataFrame.*return a number"),
        ((), [1, 2], "gave list"),
        (("day", "users"), 1, "gave int.*columns day, users"),
        (("day", "users"), pd.DataFrame({"users": [1]}), "columns day, users"),
    ],
)
def test_a_value_that_is_not_as_declared_is_refused(edition, columns, value, says):
    @metric("team.users", "Users", columns=columns)
    def users(edition):
        """Users."""
        return value

    with pytest.raises(MetricError, match=f"(?s){says}"):
        users(edition)


@pytest.mark.parametrize(("value", "plain"), [(pd.Series([7]).sum(), 7), (float("nan"), None), ("a", "a")])
def test_a_scalar_is_plain_whatever_pandas_made_of_it(edition, value, plain):
    @metric("team.users", "Users")
    def users(edition):
        """Users."""
        return value

    assert users(edition).value == plain
    assert type(users(edition).value) is type(plain)


def test_a_number_shows_its_value_its_change_and_its_definition(edition):
    result = activity.total_messages(edition)
    assert repr(result) == "activity.total_messages · acme · 2026-W46: 3 (up 50% from 2)"
    assert result._repr_html_() == (
        "<p><strong>Total Messages</strong>: 3 (up 50% from 2)</p>\n"
        "<p>All messages of the period, those that users sent and those they were sent.</p>"
    )


def test_an_instant_is_shown_in_words(edition):
    assert repr(activity.peak_time(edition)) == (
        "activity.peak_time · acme · 2026-W46: Tue 10 Nov, 10:00 (Tue 3 Nov, 10:00 before)"
    )


def test_a_table_shows_its_first_rows(edition):
    @metric("team.rows", "Rows", columns=("row",))
    def rows(edition):
        """Twelve rows."""
        return pd.DataFrame({"row": range(12)})

    assert repr(rows(edition)).splitlines()[:2] == ["team.rows · acme · 2026-W46: 12 rows", " row"]
    html = rows(edition)._repr_html_()
    assert html.count("<tr>") == 10
    assert "and 2 more rows" in html


def test_nothing_that_data_or_analysts_say_is_markup_or_a_terminals_command(edition):
    @metric("team.names", HOSTILE, columns=("name",), notes=lambda edition: (HOSTILE,))
    def names(edition):
        """Names &lt; others."""
        return pd.DataFrame({"name": [HOSTILE]})

    @metric("team.text", HOSTILE)
    def text(edition):
        """A text."""
        return HOSTILE

    for result in (names(edition), text(edition)):
        assert "<script" not in result._repr_html_()
        assert "&lt;script&gt;" in result._repr_html_()
        assert "\x1b" not in repr(result)


def test_a_result_shows_neither_recipients_nor_source(edition):
    result = activity.total_messages(edition)
    for shown in (repr(result), str(result), result._repr_html_()):
        assert "secret" not in shown
        assert edition.tenant.source not in shown


def test_what_a_source_cannot_tell_says_so(tmp_path):
    tables = {"messages": None, "assignments": [assignment("1", "2026-11-10 10:00")]}
    edition = edition_of(tmp_path, WEEK, tables, services=["contact-center"])
    assert repr(activity.total_messages(edition)).endswith("not available from this source")
    assert "not available from this source" in activity.total_messages(edition)._repr_html_()

"""Goals of numbers: of which there may be one, and when it is met."""

import pytest
from babel import Locale
from support.tables import tenant

from tidings.errors import ParametersError
from tidings.metrics.goals import check_goals, is_met, write_limit
from tidings.tenants.goals import Goal

ENGLISH = Locale("en")
SHARE = Goal(name="contact_center.missed_share", sign="<=", value=8, unit="%")
WAIT = Goal(name="contact_center.average_wait_minutes", sign="<=", value=2, unit="")
USERS = Goal(name="activity.new_users", sign=">=", value=300, unit="")


def _with(*goals):
    return tenant("data/acme").model_copy(update={"goals": goals})


def test_shares_minutes_and_counts_may_have_goals():
    check_goals(_with(SHARE, WAIT, USERS, WAIT.model_copy(update={"unit": "min"})))


@pytest.mark.parametrize(
    ("goal", "what", "remedy"),
    [
        (
            {"name": "contact_center.mised_share"},
            "has no number contact_center.mised_share",
            "write contact_center.missed_share, as docs/metrics.md has it",
        ),
        ({"name": "contact_center.wait_time"}, "has no number contact_center.wait_time", "docs/metrics.md"),
        ({"name": "activity.peak_time"}, "has no number activity.peak_time", "docs/metrics.md"),
        ({"unit": ""}, "in another unit than the number", 'write "<= 8%"'),
        ({"unit": "min"}, "in another unit than the number", 'write "<= 8%"'),
        ({"name": "contact_center.average_wait_minutes"}, "in another unit", 'write "<= 8min"'),
        ({"name": "activity.new_users"}, "in another unit", 'write "<= 8"'),
    ],
)
def test_a_goal_of_no_number_or_in_another_unit_is_refused(goal, what, remedy):
    with pytest.raises(ParametersError, match=what) as caught:
        check_goals(_with(SHARE.model_copy(update=goal)))
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("goal", "unit", "value", "met"),
    [
        (SHARE, "share", 0.08, True),
        (SHARE, "share", 0.0804, True),
        (SHARE, "share", 0.09, False),
        (WAIT, "minutes", 2.1, False),
        (USERS, "users", 300, True),
        (USERS, "users", 299, False),
        (SHARE, "share", None, None),
        (SHARE, "share", float("nan"), None),
    ],
)
def test_a_goal_is_met_by_the_number_as_it_is_written(goal, unit, value, met):
    assert is_met(goal, value, unit, ENGLISH) is met


def test_a_limit_is_written_in_the_unit_of_its_number():
    assert write_limit(SHARE, "share", ENGLISH) == "at most 8%"
    assert write_limit(WAIT, "minutes", ENGLISH) == "at most 2\u00a0min"
    assert write_limit(USERS, "users", ENGLISH) == "at least 300"

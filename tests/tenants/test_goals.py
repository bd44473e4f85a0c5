"""The goals of a tenant's file, as they are read and as they are refused."""

import pytest

from tidings.errors import ParametersError
from tidings.tenants.goals import Goal
from tidings.tenants.tenant import load_tenant

FILE = """\
name: Acme
services: [contact-center]
cadence: weekly
time_zone: America/Bogota
recipients: [ana@example.com]
source: data/acme
goals: {goals}
"""


@pytest.fixture
def goals(tmp_path):
    def read(goals):
        (tmp_path / "acme.yaml").write_text(FILE.replace("{goals}", goals))
        return load_tenant("acme", tmp_path).goals

    return read


def test_a_goal_is_a_sign_a_number_and_a_unit(goals):
    assert goals(
        '{contact_center.missed_share: "<= 8%", contact_center.average_wait_minutes: "<=2.5 min", '
        'activity.new_users: ">= 300"}'
    ) == (
        Goal(name="contact_center.missed_share", sign="<=", value=8, unit="%"),
        Goal(name="contact_center.average_wait_minutes", sign="<=", value=2.5, unit="min"),
        Goal(name="activity.new_users", sign=">=", value=300, unit=""),
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ('{contact_center.missed_share: "8%"}', r"goals: .*contact_center\.missed_share that is none: '8%'"),
        ('{contact_center.missed_share: "< 8%"}', "that is none: '< 8%'"),
        ('{contact_center.missed_share: "== 8%"}', "that is none"),
        ('{contact_center.missed_share: "<= 8 parsecs"}', "that is none"),
        ('{contact_center.missed_share: "<= -8%"}', "that is none"),
        ('{contact_center.missed_share: "<= nan"}', "that is none"),
        ("{contact_center.missed_share: 8}", "that is none: '8'"),
        ("{contact_center.missed_share: [8]}", "that is none"),
        ('{missed share: "<= 8%"}', "a goal of 'missed share', which is no number's name"),
        ("[contact_center.missed_share]", "is no list of numbers with their limits"),
    ],
)
def test_what_is_no_goal_is_refused_with_one_that_is(goals, wrong, words):
    with pytest.raises(ParametersError, match=words) as caught:
        goals(wrong)
    assert 'contact_center.missed_share: "<= 8%"' in caught.value.remedy

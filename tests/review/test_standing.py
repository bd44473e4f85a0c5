"""What was written down of an edition's standing."""

import json

import pytest

from tidings.review.standing import Finding, State, read_standing

RECORD = {"state": "hold", "findings": [{"check": "freshness", "sentence": "Three days are missing."}]}


@pytest.mark.parametrize("record", [RECORD, json.dumps(RECORD)])
def test_a_standing_is_read_from_a_mapping_or_its_json(record):
    standing = read_standing(record)
    assert standing.state == "hold"
    assert standing.findings == (Finding("freshness", "Three days are missing."),)


@pytest.mark.parametrize(
    "record",
    [None, "", "{", 3, [], {}, {"state": "fine", "findings": []}, {"state": "hold", "findings": [1]}],
)
def test_what_is_no_standing_is_none(record):
    assert read_standing(record) is None


def test_states_are_ranked_from_the_worst():
    assert sorted([State.CLEAN, State.HELD, State.FAILED, State.NOTE], key=lambda state: state.rank) == [
        State.FAILED,
        State.HELD,
        State.NOTE,
        State.CLEAN,
    ]

"""How an edition stands."""

from tidings.review.standing import State


def test_states_are_ranked_from_the_worst():
    assert sorted([State.CLEAN, State.HELD, State.FAILED, State.NOTE], key=lambda state: state.rank) == [
        State.FAILED,
        State.HELD,
        State.NOTE,
        State.CLEAN,
    ]

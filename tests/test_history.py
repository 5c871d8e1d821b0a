"""The corrections of a desk as steps: what is taken back is made again, what is removed is gone, and the rest stays in its order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geo.history import History
from geo.records import Decision

DECISIONS = st.builds(Decision, target=st.sampled_from("abcdef"), action=st.just("drop"), scope=st.just("desk"))
STEPS = st.lists(st.lists(DECISIONS, min_size=1, max_size=3), max_size=5)


def made(first: list[Decision], steps: list[list[Decision]]) -> History:
    history = History(done=tuple(first))
    for step in steps:
        history = history.added(*step)
    return history


@given(first=st.lists(DECISIONS, max_size=3), steps=STEPS)
def test_back_and_forward_is_where_one_was(first: list[Decision], steps: list[list[Decision]]) -> None:
    history = made(first, steps)
    assert history.decisions == (*first, *(one for step in steps for one in step))
    if steps:
        assert history.back().forward() == history
        assert len(history.back().decisions) == len(history.decisions) - len(steps[-1])
    else:
        assert history.back() == history
    assert history.forward() == history


@given(first=st.lists(DECISIONS, max_size=3), steps=STEPS, data=st.data())
def test_one_that_is_removed_is_gone_and_the_others_stay_in_their_order(
    first: list[Decision], steps: list[list[Decision]], data: st.DataObject
) -> None:
    history = made(first, steps)
    if not history.decisions:
        return
    number = data.draw(st.integers(0, len(history.decisions) - 1))
    less = history.without(number)
    assert less.decisions == (*history.decisions[:number], *history.decisions[number + 1 :])
    assert less.forward().decisions == (*less.decisions, history.decisions[number])
    assert all(less.steps)


@given(steps=STEPS)
def test_a_new_step_forgets_what_was_taken_back(steps: list[list[Decision]]) -> None:
    one = Decision(target="x", action="drop")
    assert made([], steps).back().added(one).undone == ()
    assert made([], steps).added() == made([], steps)

"""Laws of confidence: it rises with what a pass says of itself, and never says more than was measured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.certainty import MOST, certain, curves
from geo.passes import PASSES

RAW = st.floats(0, 1)


@pytest.mark.parametrize("name", sorted(curves()))
def test_every_curve_is_that_of_a_pass_and_rises(name: str) -> None:
    raw, shown = curves()[name]
    assert name in {step.__name__ for step in PASSES}
    assert list(raw) == sorted(raw)
    assert list(shown) == sorted(shown)
    assert all(0 < value <= 1 for value in shown)


@given(RAW, RAW)
def test_a_surer_choice_is_never_shown_as_less_sure(one: float, two: float) -> None:
    low, high = sorted((one, two))
    assert 0 <= certain("by_rank", low) <= certain("by_rank", high) <= MOST


@given(RAW)
def test_a_pass_that_was_not_measured_is_taken_at_its_word(raw: float) -> None:
    assert certain("a pass of a newsroom", raw) == raw


def test_the_ranking_covers_the_whole_range() -> None:
    assert certain("by_rank", 0.1) < 0.5 < 0.9 < certain("by_rank", 1.0)

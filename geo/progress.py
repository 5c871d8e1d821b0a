"""How far the reading of one document is: told by the stages as they go through it, heard by whoever started it.

>>> heard = []
>>> with hearing(lambda share, doing: heard.append((round(share, 2), doing))):
...     tell("names", 0.5)
...     tell("claims", 0.0)
>>> heard
[(0.21, 'names'), (0.58, 'claims')]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["STAGES", "Within", "hearing", "tell"]

Within = Callable[[float, str], None]
"""Told (share of one document that is done, 0 to 1, what is being done: one of `STAGES`); raise from it to cancel."""

STAGES = {"names": (0.0, 0.42), "places": (0.42, 0.45), "areas": (0.45, 0.58), "claims": (0.58, 1.0)}
"""From which share of the whole time to which each stage takes; measured over 50 reports of 120,000 characters in all."""

_heard: ContextVar[Within | None] = ContextVar("_heard", default=None)


@contextmanager
def hearing(progress: Within | None) -> Iterator[None]:
    """Have what the stages tell inside the block come to `progress`."""
    before = _heard.set(progress)
    try:
        yield
    finally:
        _heard.reset(before)


def tell(stage: str, share: float) -> None:
    """Tell that a share (0 to 1) of a stage is done, if anybody hears; what hears may raise, to cancel."""
    progress = _heard.get()
    if progress is not None:
        first, last = STAGES[stage]
        progress(first + (last - first) * min(max(share, 0.0), 1.0), stage)

"""The corrections of a desk in order, with those taken back: undo and redo as values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from geo.records import Decision

__all__ = ["History"]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Steps of decisions: `steps` that count, and `undone` ones that can be made again, the next one last.

    Examples
    --------
    >>> one = Decision(target="Tripoli", action="drop")
    >>> History().added(one).back().decisions
    ()
    >>> History().added(one).back().forward().decisions == (one,)
    True
    """

    done: tuple[Decision, ...] = ()
    steps: tuple[tuple[Decision, ...], ...] = ()
    undone: tuple[tuple[Decision, ...], ...] = ()

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """All that count, in order: those that were there at first (`done`), then the steps."""
        return (*self.done, *(one for step in self.steps for one in step))

    def added(self, *decisions: Decision) -> History:
        """With one step more; what was taken back before can no longer be made again."""
        return History(done=self.done, steps=(*self.steps, decisions)) if decisions else self

    def back(self) -> History:
        """Without the last step."""
        return History(done=self.done, steps=self.steps[:-1], undone=(*self.undone, self.steps[-1])) if self.steps else self

    def forward(self) -> History:
        """With the step again that was taken back last."""
        return History(done=self.done, steps=(*self.steps, self.undone[-1]), undone=self.undone[:-1]) if self.undone else self

    def without(self, number: int) -> History:
        """Without one decision, the `number`-th of `decisions` from 0; `forward` makes it again, as the last."""
        one = self.decisions[number]
        done = tuple(kept for at, kept in enumerate(self.done) if at != number)
        at, steps = len(self.done), []
        for step in self.steps:
            left = tuple(kept for place, kept in enumerate(step, at) if place != number)
            steps += [left] if left else []
            at += len(step)
        return History(done=done, steps=tuple(steps), undone=(*self.undone, (one,)))

    def with_lasting(self, lasting: tuple[Decision, ...]) -> History:
        """With corrections that count for every text; those that are there already stay where they are.

        Examples
        --------
        >>> one = Decision(target="Tripoli", action="place", value="geonames:266826", scope="desk")
        >>> History().with_lasting((one,)).with_lasting((one,)).decisions == (one,)
        True
        """
        new = tuple(one for one in lasting if one not in self.decisions)
        return replace(self, done=(*new, *self.done))

    def without_other(self, lasting: tuple[Decision, ...]) -> History:
        """Without the corrections for every text that are not among these: they were taken back elsewhere."""
        kept = self.where(lambda one: one.scope != "desk" or one in lasting)
        return replace(kept, undone=self.undone)

    def where(self, fits: Callable[[Decision], bool]) -> History:
        """Only the corrections that fit, in every part; steps of which nothing is left go.

        Examples
        --------
        >>> History().added(Decision(target="A", action="drop")).back().where(lambda one: False) == History()
        True
        """

        def sifted(steps: tuple[tuple[Decision, ...], ...]) -> tuple[tuple[Decision, ...], ...]:
            return tuple(kept for step in steps if (kept := tuple(filter(fits, step))))

        return History(done=tuple(filter(fits, self.done)), steps=sifted(self.steps), undone=sifted(self.undone))

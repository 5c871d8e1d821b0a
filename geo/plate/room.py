"""Where on a map names find room: what is taken, what is better kept free, and which candidate each name gets.

Names are placed one after another, the most important first; one that finds no room moves those in its way, and in the end each takes
the best place that the others leave it. After Christensen, Marks and Shieber (1995), An empirical study of algorithms for point-feature
label placement: greedy with local search does nearly as well as annealing, is faster, and gives the same map every time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.plate.items import Box, Ring

__all__ = ["Boxes", "Candidate", "Room", "Want", "settle", "touches"]

LINE_COST = 0.9  # of a name whose whole width lies on a line of the map
PASSES = 3  # in which names may move to a better place: no name moved in a fourth on the five briefings
MOST_MOVED = 2  # names that one may push aside

Boxes = NDArray[np.float64]
"""Left, top, right, bottom (n, 4) in points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place for a name: its upper left corner, how its lines stand (`align`), which of its settings, and what it costs."""

    left: float
    top: float
    align: str
    setting: int
    cost: float
    width: float
    height: float
    leader: tuple[float, float] | None = None
    pad: float = 0.6

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom, with the room that the name keeps on its sides."""
        return self.left - self.pad, self.top, self.left + self.width + self.pad, self.top + self.height


@dataclass(slots=True)
class Want:
    """A name that wants a place. A smaller `rank` comes first; one that `must` stand may drop those that need not."""

    name: str
    rank: float
    candidates: tuple[Candidate, ...]
    must: bool = False
    edges: Boxes = field(init=False)
    costs: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self.edges = np.array([candidate.edges for candidate in self.candidates], dtype=float).reshape(-1, 4)
        self.costs = np.array([candidate.cost for candidate in self.candidates], dtype=float)


class Room:
    """What is free inside a frame."""

    def __init__(self, frame: Box, *, taken: Iterable[Box] = (), lines: Iterable[Ring] = (), edge: float = 2.0) -> None:
        self.inside = np.array([frame.x + edge, frame.y + edge, frame.x + frame.width - edge, frame.y + frame.height - edge])
        self.taken: Boxes = np.array([_edges(box) for box in taken], dtype=float).reshape(-1, 4)
        self.names: Boxes = np.zeros((0, 4))
        self._lines = shapely.STRtree([shapely.LineString(line) for line in lines if len(line) > 1])

    def take(self, edges: Sequence[float], *, name: bool = True) -> None:
        """Mark a box as taken, by a name or by something else."""
        box = np.asarray(edges, dtype=float).reshape(1, 4)
        self.taken = np.vstack([self.taken, box])
        if name:
            self.names = np.vstack([self.names, box])

    def take_line(self, start: tuple[float, float], end: tuple[float, float], wide: float = 3.0) -> None:
        """Mark a straight line as taken, in small boxes."""
        count = max(int(np.hypot(end[0] - start[0], end[1] - start[1]) // wide), 1)
        for share in np.linspace(0.0, 1.0, count + 1):
            x, y = start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
            self.take((x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2), name=False)

    def free(self, edges: Boxes) -> NDArray[np.bool_]:
        """Say which boxes lie inside the frame and on nothing that is taken."""
        within = np.all(edges[:, :2] >= self.inside[:2], axis=1) & np.all(edges[:, 2:] <= self.inside[2:], axis=1)
        free: NDArray[np.bool_] = within & ~touches(edges, self.taken).any(axis=1)
        return free

    def line_cost(self, edges: Boxes) -> NDArray[np.float64]:
        """Return what each box costs for the lines that run under it."""
        costs = np.zeros(len(edges))
        if not len(edges) or not len(self._lines.geometries):
            return costs
        windows = shapely.box(*edges.T)
        which, lines = self._lines.query(windows, predicate="intersects")
        lengths = shapely.length(shapely.intersection(windows[which], self._lines.geometries[lines]))
        np.add.at(costs, which, LINE_COST * np.minimum(lengths / np.maximum(edges[which, 2] - edges[which, 0], 1.0), 1.5) + 0.1)
        return costs


def touches(one: Boxes, other: Boxes) -> NDArray[np.bool_]:
    """Return which boxes of one table overlap which of another, as (n, m)."""
    if not len(other):
        return np.zeros((len(one), 0), dtype=bool)
    a, b = one[:, None, :], other[None, :, :]
    found: NDArray[np.bool_] = (a[..., 0] < b[..., 2]) & (b[..., 0] < a[..., 2]) & (a[..., 1] < b[..., 3]) & (b[..., 1] < a[..., 3])
    return found


def settle(wants: Sequence[Want], room: Room) -> dict[int, Candidate]:
    """Return the place of each name that finds one, by its number; no two overlap, and none lies on what is taken.

    Parameters
    ----------
    wants
        Names with their candidates; candidates that are not free are passed over.
    room
        What is taken already; it is not changed.
    """
    state = _State(wants, room)
    order = sorted(range(len(wants)), key=lambda number: (wants[number].rank, number))
    queue = list(order)
    while queue:
        number = queue.pop(0)
        if not state.put(number) and not state.push(number) and wants[number].must:
            queue[:0] = state.force(number)
    for _ in range(PASSES):
        if not sum(state.better(number) for number in order):
            break
    return {number: wants[number].candidates[place] for number, place in sorted(state.chosen.items())}


class _State:
    """Which candidate each name has now."""

    def __init__(self, wants: Sequence[Want], room: Room) -> None:
        self.wants = wants
        self.chosen: dict[int, int] = {}
        self.boxes = np.full((len(wants), 4), np.nan)
        self.usable = [np.flatnonzero(room.free(want.edges)) for want in wants]
        costs = [want.costs + room.line_cost(want.edges) for want in wants]
        self.ordered = [usable[np.argsort(cost[usable], kind="stable")] for usable, cost in zip(self.usable, costs, strict=True)]
        self.costs = costs

    def put(self, number: int, *, but: Sequence[int] = (), beside: Boxes | None = None) -> bool:
        """Give a name its cheapest place that is free of the others (leaving out `but`) and of a box."""
        place = self._best(number, but=(number, *but), beside=beside)
        if place is None:
            return False
        self._set(number, place)
        return True

    def push(self, number: int) -> bool:
        """Give a name a place whose few holders can move elsewhere."""
        for place in self.ordered[number]:
            box = self.wants[number].edges[place][None, :]
            holders = np.flatnonzero(touches(box, np.nan_to_num(self.boxes, nan=-1e9))[0])
            if len(holders) > MOST_MOVED:
                continue
            before = {int(holder): self.chosen[int(holder)] for holder in holders}
            self._set(number, int(place))
            if all(self.put(holder, beside=box) for holder in before):
                return True
            self._unset(number)
            for holder, old in before.items():
                self._set(holder, old)
        return False

    def force(self, number: int) -> list[int]:
        """Give a name the place that costs least, dropping what need not stand there; what was dropped is returned."""
        for place in self.ordered[number]:
            box = self.wants[number].edges[place][None, :]
            holders = [int(holder) for holder in np.flatnonzero(touches(box, np.nan_to_num(self.boxes, nan=-1e9))[0])]
            if any(self.wants[holder].must for holder in holders):
                continue
            for holder in holders:
                self._unset(holder)
            self._set(number, int(place))
            return holders
        return []

    def better(self, number: int) -> bool:
        """Move a name to a cheaper place that has become free."""
        if number not in self.chosen:
            return self.put(number)
        place = self._best(number, but=(number,))
        if place is None or self.costs[number][place] >= self.costs[number][self.chosen[number]] - 1e-9:
            return False
        self._set(number, place)
        return True

    def _best(self, number: int, *, but: Sequence[int], beside: Boxes | None = None) -> int | None:
        places = self.ordered[number]
        if not len(places):
            return None
        others = np.delete(self.boxes, list(but), axis=0)
        others = others[~np.isnan(others[:, 0])]
        edges = self.wants[number].edges[places]
        busy = touches(edges, others).any(axis=1)
        if beside is not None:
            busy |= touches(edges, beside).any(axis=1)
        return None if busy.all() else int(places[np.argmin(busy)])

    def _set(self, number: int, place: int) -> None:
        self.chosen[number] = place
        self.boxes[number] = self.wants[number].edges[place]

    def _unset(self, number: int) -> None:
        self.chosen.pop(number, None)
        self.boxes[number] = np.nan


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.x + box.width, box.y + box.height

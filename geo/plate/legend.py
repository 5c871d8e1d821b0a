"""What the signs mean: the lines of the legend, how much room they need, and the legend drawn.

Only what the map shows is named, in the order of the page that Salient exports; the swatches are painted as the map's own features are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from geo import layers as drawing
from geo.plate.items import Box, Item, Words
from geo.plate.swatches import swatch
from geo.plate.typography import Type
from geo.plate.wrapping import widest, wrap

if TYPE_CHECKING:
    from geo.layers import Layer, LegendEntry

__all__ = ["ORDER", "Legend", "columns_of", "draw", "entries_of", "legend_of", "narrow"]

ORDER = (
    "control", "claimed", "contested", "influence", "overlay", "proposed", "events", "places", "past", "uncertain", "reference",
)
"""The order of layers in a legend: who holds what first, what is only mentioned last."""

# Measures of a line, as shares of its letters' size: set by eye.
_SWATCH, _GAP, _BETWEEN, _ABOVE_GROUP = 2.1, 0.75, 0.34, 0.5
_GUTTER, _NARROWEST = 1.6, 13.0  # between columns, and of one


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """The lines of a legend, broken to a column and measured.

    Attributes
    ----------
    rows
        (what it stands for, its lines of text); a heading stands for nothing.
    heights, above
        Of each row, and the room over it where a group begins or ends, in points.
    size, across
        Of the letters, and of one column, in points.
    columns
        The rows of each column, by number.
    """

    rows: tuple[tuple[LegendEntry | None, tuple[str, ...]], ...]
    heights: tuple[float, ...]
    above: tuple[float, ...]
    size: float
    across: float
    columns: tuple[tuple[int, ...], ...]

    @property
    def width(self) -> float:
        """Of all columns with the room between them, in points."""
        return len(self.columns) * self.across + max(len(self.columns) - 1, 0) * self.size * _GUTTER

    @property
    def height(self) -> float:
        """Of the longest column, in points."""
        return max((sum(self.step(row, place) for place, row in enumerate(column)) for column in self.columns), default=0.0)

    def step(self, row: int, place: int) -> float:
        """Return what a row takes at a place of its column: the first needs no room over it."""
        return self.heights[row] + (self.above[row] if place else 0.0)


def entries_of(drawn: Iterable[Layer], rows: Iterable[tuple[str, Any]] | None = None) -> tuple[LegendEntry, ...]:
    """Return the legend's entries in their order, each once.

    Parameters
    ----------
    drawn
        The layers of the map.
    rows
        (layer, row) of the features that are drawn; without it, all that the layers hold.
    """
    present = None if rows is None else {(key, *drawing.legend_key(row, key)) for key, row in rows}
    ordered = sorted(drawn, key=lambda layer: ORDER.index(layer.key))
    kept = [entry for layer in ordered for entry in layer.legend if present is None or (layer.key, *entry.key) in present]
    shown = [(entry.label, entry.sign, entry.layer, entry.colour, entry.icon, entry.group) for entry in kept]
    once = [entry for number, entry in enumerate(kept) if shown.index(shown[number]) == number]
    signs = {(entry.label, entry.group, entry.layer) for entry in once if entry.sign == "icon"}
    said_twice = [entry.sign == "arrow" and (entry.label, entry.group, entry.layer) in signs for entry in once]
    return tuple(replace(entry, label=f"{entry.label}, its way") if twice else entry for entry, twice in zip(once, said_twice, strict=True))


def legend_of(entries: Sequence[LegendEntry], letters: Type, *, across: float, columns: int = 1) -> Legend:
    """Break a legend's entries to columns of a width and measure them; a heading stays with its first entry.

    Parameters
    ----------
    entries
        What the legend names.
    letters
        The sizes of letters of the page.
    across
        Width of one column, in points.
    columns
        Into how many columns it is set.
    """
    size = letters.legend
    rows: list[tuple[LegendEntry | None, tuple[str, ...]]] = []
    above: list[float] = []
    for number, (group, members) in enumerate(groupby(entries, key=lambda entry: entry.group)):
        if group:
            rows.append((None, wrap(group, across, size, weight=600)))
        rows.extend((entry, wrap(entry.label, across - size * (_SWATCH + _GAP), size)) for entry in members)
        above += [size * _ABOVE_GROUP if number else 0.0, *([0.0] * (len(rows) - len(above) - 1))]
    heights = tuple(max(len(lines), 1) * size * 1.2 + size * _BETWEEN for _, lines in rows)
    blank = Legend(rows=tuple(rows), heights=heights, above=tuple(above), size=size, across=across, columns=())
    return replace(blank, columns=_flow(blank, columns))


def columns_of(entries: Sequence[LegendEntry], letters: Type, *, width: float, tall: float = math.inf) -> Legend:
    """Set a legend into the columns of a strip: no more than its lines want; more and smaller ones where it would be too tall."""
    size = letters.legend
    while True:
        most = max(1, min(int((width + size * _GUTTER) // (size * (_NARROWEST + _GUTTER))), len(entries), 6))
        wide = min(max(_longest(entries, size), size * _NARROWEST), size * 24)
        first = max(1, min(int((width + size * _GUTTER) // (wide + size * _GUTTER)), most))
        for count in range(first, most + 1):
            across = (width - (count - 1) * size * _GUTTER) / count
            made = legend_of(entries, replace(letters, legend=size), across=across, columns=count)
            if made.height <= tall:
                return made
        if size <= letters.small:
            return made
        size = max(size * 0.94, letters.small)


def narrow(entries: Sequence[LegendEntry], letters: Type, *, most: float) -> Legend:
    """Set a legend in one column as wide as its longest line, or `most`."""
    return legend_of(entries, letters, across=min(_longest(entries, letters.legend), most))


def draw(legend: Legend, at: tuple[float, float], samples: Mapping[tuple[str, ...], Sequence[Item]]) -> tuple[Item, ...]:
    """Return a legend's items.

    Parameters
    ----------
    legend
        Broken to its columns.
    at
        Its upper left corner on the page.
    samples
        By (layer, *entry.key), the items of a feature of that kind as the map draws it.
    """
    made: list[Item] = []
    for number, column in enumerate(legend.columns):
        left, top = at[0] + number * (legend.across + legend.size * _GUTTER), at[1]
        for place, row in enumerate(column):
            entry, lines = legend.rows[row]
            top += legend.step(row, place)
            layer = next((one.layer for one, _ in legend.rows[row:] if one is not None), "")
            made += _row(entry, lines, (left, top - legend.heights[row]), legend.size, samples, layer)
    return tuple(made)


def _row(
    entry: LegendEntry | None, lines: tuple[str, ...], at: tuple[float, float], size: float,
    samples: Mapping[tuple[str, ...], Sequence[Item]], layer: str,
) -> Iterator[Item]:
    left, top = at
    baseline = top + size * 0.95
    if entry is None:
        yield Words(role="legend", name=" ".join(lines), layer=layer, x=left, y=baseline, lines=lines, size=size, weight=600,
                    leading=size * 1.2)
        return
    box = Box(x=left, y=top + size * 0.12, width=size * _SWATCH, height=size * 0.98)
    yield from swatch(samples.get((entry.layer, *entry.key), ()), box, sign=entry.sign, name=entry.label, layer=entry.layer)
    x = left + size * (_SWATCH + _GAP)
    yield Words(role="legend", name=entry.label, layer=entry.layer, x=x, y=baseline, lines=lines, size=size, leading=size * 1.2)


def _longest(entries: Sequence[LegendEntry], size: float) -> float:
    """The width of the widest line with its sample, or of the widest heading."""
    lines = max((widest((entry.label,), size) for entry in entries), default=0.0) + size * (_SWATCH + _GAP)
    return max(lines, max((widest((entry.group,), size, weight=600) for entry in entries), default=0.0)) + 0.5


def _flow(legend: Legend, count: int) -> tuple[tuple[int, ...], ...]:
    """Rows into columns of about one height: the lowest height into which they flow without one column more."""
    if not legend.rows:
        return ()
    low, high = max(legend.heights), sum(legend.heights) + sum(legend.above)
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (low, middle) if len(_filled(legend, middle)) <= count else (middle, high)
    return _filled(legend, high)


def _filled(legend: Legend, tall: float) -> tuple[tuple[int, ...], ...]:
    made: list[list[int]] = [[]]
    used = 0.0
    for number, (entry, _) in enumerate(legend.rows):
        high = legend.step(number, len(made[-1]))
        follows = legend.heights[number + 1] if entry is None and number + 1 < len(legend.rows) else 0.0
        if made[-1] and used + high + follows > tall + 1e-6:
            made.append([])
            used, high = 0.0, legend.heights[number]
        made[-1].append(number)
        used += high
    return tuple(tuple(column) for column in made)

"""Names on lines: a road's number in a shield on it, a river's or a long road's name along it."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
import shapely.ops
from shapely.geometry.base import BaseGeometry

from geo import datafiles
from geo.indexes import PlaceIndex
from geo.lettering import width
from geo.plate.items import Area, Fill, Item, Ring, Stroke, Words
from geo.plate.room import Room
from geo.plate.wrapping import clean

if TYPE_CHECKING:
    from geo.plate.scene import Mark, Scene

__all__ = ["line_names", "river_names"]

SHIELD_LETTERS = 6  # a road's name up to so long is a number and goes into a shield
APART = 190.0  # points between two shields of one road on an article's page
_SHARES = (0.5, 0.3, 0.72, 0.4, 0.6, 0.2, 0.85, 0.12, 0.92)  # of a line's length, where its name is tried
MOST_RIVERS, LONG_RIVER = 4, 5.0  # of the basemap named on one map, and their least length in widths of their name
_BENT = 0.12  # of its length by which a line may leave the straight words on it
Edges = tuple[float, float, float, float]


def line_names(scene: Scene, room: Room) -> Iterator[tuple[list[Item], list[Edges]]]:
    """Yield shields and names along lines with the boxes that they take.

    Parameters
    ----------
    scene
        What is drawn; a line that is only mentioned bears no name where a claim's line of the same name is drawn.
    room
        What is taken; the caller takes what is yielded.
    """
    lines = [mark for mark in scene.marks if mark.kind == "line" and mark.label and not getattr(mark.row, "course", "")]
    claimed = {mark.label for mark in lines if mark.layer != "reference"}
    done: dict[str, list[tuple[float, float]]] = {}
    for mark in sorted(lines, key=lambda mark: mark.layer == "reference"):
        if mark.layer == "reference" and mark.label in claimed:
            continue
        text = clean(mark.label)
        if len(text) <= SHIELD_LETTERS and mark.row.predicate != "water":
            yield from _shields(scene, mark, text, room, done.setdefault(text, []))
        else:
            if not done.setdefault(text, []):
                for words, edges in _along(scene, mark.shape, text, room, water=mark.row.predicate == "water"):
                    done[text].append((words.x, words.y))
                    yield [replace(words, note=mark.key, layer=mark.layer)], [edges]


def river_names(scene: Scene, room: Room) -> Iterator[tuple[list[Item], list[Edges]]]:
    """Yield the names of the longest rivers of the basemap in the frame, with the boxes that they take; the caller takes each."""
    named = {clean(mark.label) for mark in scene.marks}
    found = []
    for name, river in _rivers(scene.bounds):
        placed = scene.view.to_page(river)
        if name not in named and not placed.is_empty:
            found.append((-_longest(placed).length, name, placed))
    for length, name, placed in sorted(found, key=lambda one: one[:2])[:MOST_RIVERS]:
        if -length > LONG_RIVER * width(name, scene.layout.letters.town, face="serif", italic=True):
            for words, edges in _along(scene, placed, name, room, water=True):
                yield [words], [edges]


def _shields(
    scene: Scene, mark: Mark, text: str, room: Room, done: list[tuple[float, float]]
) -> Iterator[tuple[list[Item], list[Edges]]]:
    """A road's number once, or twice where the road is long."""
    size = scene.layout.letters.place * 0.86
    wide, high = width(text, size, weight=700) + size * 0.9, size * 1.5
    line = _longest(mark.shape)
    most = 2 if line.length > 2.2 * APART * scene.unit else 1
    found = 0
    for x, y in _points(line):
        if found >= most:
            return
        box = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        if any(math.dist((x, y), other) < APART * scene.unit for other in done) or not room.free(np.array([box]))[0]:
            continue
        done.append((x, y))
        found += 1
        ring = _rounded(box, high * 0.26)
        plate = Area(role="shield", name=text, note=mark.key, layer=mark.layer, polygons=((ring,),), fill=Fill(colour="#fffdf8"),
                     stroke=Stroke(colour=mark.colour, width=1.3 * scene.unit))
        words = Words(role="shield", name=text, note=mark.key, layer=mark.layer, x=x, y=y + size * 0.355, lines=(text,), size=size,
                      weight=700, align="middle")
        yield [plate, words], [(box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1)]


def _along(scene: Scene, shape: BaseGeometry, text: str, room: Room, *, water: bool) -> Iterator[tuple[Words, Edges]]:
    """A name along the straightest free stretch of a line; none where no stretch is straight enough."""
    size, colours = scene.layout.letters.town, scene.preset["base"]
    face = "serif" if water else "sans"
    long = width(text, size, face=face, italic=water)
    line = _longest(shape)
    best: tuple[float, float, float, float, Edges] | None = None
    for share in _SHARES:
        middle = share * line.length
        if middle < long * 0.55 or line.length - middle < long * 0.55:
            continue
        ends = [line.interpolate(middle + half * long / 2) for half in (-1, 1)]
        angle = math.atan2(ends[1].y - ends[0].y, ends[1].x - ends[0].x)
        if math.cos(angle) < 0:
            angle += math.pi
        piece = shapely.ops.substring(line, middle - long / 2, middle + long / 2)
        bent = float(shapely.hausdorff_distance(piece, shapely.LineString(ends))) / long
        x, y = (ends[0].x + ends[1].x) / 2, (ends[0].y + ends[1].y) / 2
        lift = size * 0.45
        x, y = x + math.sin(angle) * lift, y - math.cos(angle) * lift
        edges = _turned(x, y, long, size, angle)
        if bent <= _BENT and room.free(np.array([edges]))[0] and (best is None or bent < best[0]):
            best = (bent, x, y, angle, edges)
    if best is None:
        return
    _, x, y, angle, edges = best
    yield Words(
        role="label", name=text, x=x, y=y, lines=(text,), size=size, face=face, italic=water,
        align="middle", colour=colours["sea_label"] if water else "#3d3933", halo=colours["halo"], halo_width=size * 0.28,
        angle=round(math.degrees(math.atan2(math.sin(angle), math.cos(angle))), 2),
    ), edges


def _rivers(bounds: Sequence[float]) -> Iterator[tuple[str, BaseGeometry]]:
    """Rivers of the gazetteer that touch a box, by name."""
    index = _water()
    for name, west, south, east, north in index.boxes("river:"):
        if west <= bounds[2] and east >= bounds[0] and south <= bounds[3] and north >= bounds[1]:
            row, shape = index.get(name), index.wkb(name)
            if row and shape:
                yield row.name, shapely.from_wkb(shape)


@functools.lru_cache(maxsize=1)
def _water() -> PlaceIndex:
    return PlaceIndex(datafiles.index("water"), source="Natural Earth")


def _longest(shape: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(shapely.line_merge(shape)) if part.geom_type == "LineString"]
    return max(parts, key=lambda part: part.length, default=shapely.LineString())


def _points(line: BaseGeometry) -> Iterator[tuple[float, float]]:
    for share in _SHARES:
        at = line.interpolate(share, normalized=True)
        if not at.is_empty:
            yield float(at.x), float(at.y)


def _turned(x: float, y: float, long: float, size: float, angle: float) -> Edges:
    """The upright box round turned words whose baseline's middle is (x, y)."""
    corners = [(dx, dy) for dx in (-long / 2, long / 2) for dy in (-size * 0.76, size * 0.22)]
    xs = [x + dx * math.cos(angle) - dy * math.sin(angle) for dx, dy in corners]
    ys = [y + dx * math.sin(angle) + dy * math.cos(angle) for dx, dy in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _rounded(box: Sequence[float], radius: float) -> Ring:
    """A rectangle with round corners, five points to a corner."""
    left, top, right, bottom = box
    points = []
    for x, y, start in ((right - radius, top + radius, -90), (right - radius, bottom - radius, 0),
                        (left + radius, bottom - radius, 90), (left + radius, top + radius, 180)):
        for step in range(5):
            angle = math.radians(start + step * 22.5)
            points.append((x + radius * math.cos(angle), y + radius * math.sin(angle)))
    return np.round(np.array(points), 2)

"""The names on a map: no two over one another, none over a sign; a name of the report that finds no room gets a leader or a number.

The report's own places come first, then countries and seas, which may push aside what matters less; towns and units fill what is left.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.plate import label_ground, signs
from geo.plate.corners import grown
from geo.plate.items import Area, Box, Fill, Item, Line, Sign, Stroke
from geo.plate.label_key import Nameless, draw_key, forced_box, free_box
from geo.plate.label_names import Names
from geo.plate.label_places import Named, beside, leaders, named, settings_of, within_area
from geo.plate.label_text import Block, Manner, block, set_block
from geo.plate.line_names import line_names, river_names
from geo.plate.room import Boxes, Candidate, Room, Want, settle, touches

if TYPE_CHECKING:
    from geo.plate.label_ground import Town
    from geo.plate.scene import Mark, Scene

__all__ = ["labels"]

INK, PAPER = "#1d1b18", "#fffdf8"
CLEAR = 0.8  # points between a sign and the nearest name
NEAR_UNIT = 5.5  # letters: a unit's name that near to a town of the same name says nothing new
NEAR_TOWN = 1.3  # letters: a town of the basemap that near to a sign of the report is the same town, or not to be told from it
SAME_TOWN = 6.0  # letters: one of the same name that near is the same
MOST_NAMED = 160  # places of the report that are tried; on a page no more can be read, and the rest is counted in the key
SMALL = 3.0  # times its name's box: a smaller area may have its name at the end of a leader
CROSSED = 1.2  # what a leader costs for a sign or a name that its line crosses; two it may not cross
TIGHT, CROWDED = 8000.0, 0.88  # square points to a name of the report, on an article's page, below which all are set smaller, by so much
CROWD = 8500.0  # square points to a town on an article's page: a map is no gazetteer


@dataclass(frozen=True, slots=True)
class _Wish:
    """A name that wants a place, its settings, and the sign that it belongs to."""

    want: Want
    blocks: tuple[Block | None, ...]
    mark: Mark | None = None
    anchor: tuple[float, float] | None = None
    radius: float = 0.0


def labels(scene: Scene, reserved: Sequence[Box]) -> tuple[Item, ...]:
    """Return the names on a map, with town dots, road shields and leaders, in drawing order.

    Parameters
    ----------
    scene
        What is drawn.
    reserved
        Boxes in which nothing may be lettered.
    """
    names, own = Names(scene), named(scene)
    made, without, room = _attempt(scene, names, own, reserved)
    if without:
        key = free_box(scene, without, room)
        if key is None:  # everything once more, round a key that stands where it hides least
            key = forced_box(scene, without, reserved)
            made, without, room = _attempt(scene, names, own, (*reserved, key))
        items, boxes = draw_key(scene, without, room, key)
        for box in boxes:
            room.take(box)
        made += items
    for items, boxes in river_names(scene, room) if scene.choices.basemap != "none" else ():
        made += items
        for box in boxes:
            room.take(box)
    made += _towns_and_units(scene, names, own, room)
    return tuple(made)


def _attempt(
    scene: Scene, names: Names, own: Sequence[Named], reserved: Sequence[Box]
) -> tuple[list[Item], list[Nameless], Room]:
    """All names but those of towns and units, what found no room, and the room that is left."""
    room = Room(scene.frame, taken=_taken(scene, reserved), lines=_lines(scene))
    made: list[Item] = []
    for items, boxes in line_names(scene, room):
        made += items
        for box in boxes:
            room.take(box)
    wishes = [*_places(scene, names, own), *_areas(scene, names, own), *_ground(scene, reserved)]
    found = settle([wish.want for wish in wishes], room)
    for candidate in found.values():
        room.take(candidate.edges)
    for number, candidate in found.items():
        made += _lettered(wishes[number], candidate, room)
    lost = [wish for number, wish in enumerate(wishes) if wish.want.must and number not in found]
    items, without = _led(lost, room)
    without += [Nameless(one.label, one.anchor, one.radius, one.mark) for one in own[MOST_NAMED:]]
    return [*made, *items], without, room


def _taken(scene: Scene, reserved: Sequence[Box]) -> Iterator[Box]:
    yield from reserved
    for mark in scene.marks:
        yield from (grown(box, CLEAR) for box in mark.boxes)


def _lines(scene: Scene) -> list[np.ndarray]:
    return [path for mark in scene.marks for path in mark.paths]


def _places(scene: Scene, names: Names, own: Sequence[Named]) -> Iterator[_Wish]:
    """The report's places, in bold."""
    halo = scene.preset["base"]["halo"]
    room = scene.frame.width * scene.frame.height / (TIGHT * scene.unit**2)
    size = max(scene.layout.letters.place * (CROWDED if len(own) > room else 1.0), scene.layout.letters.small)
    for one in own[:MOST_NAMED]:
        past = one.mark.layer in ("past", "reference")
        manner = Manner(size=size * (0.94 if past else 1.0), colour="#4a463f" if past else INK, halo=halo, halo_width=size * 0.3,
                        weight=600, least=scene.layout.letters.small)
        first, second = names.of_mark(one.mark)
        blocks = settings_of(first, manner, second)
        want = Want(name=one.label, rank=one.rank, candidates=beside(blocks, one.anchor, one.radius), must=True)
        yield _Wish(want, blocks, one.mark, one.anchor, one.radius)


def _areas(scene: Scene, names: Names, own: Sequence[Named]) -> Iterator[_Wish]:
    """Areas that the report names, in italics inside them."""
    size, colours = scene.layout.letters.place * 0.94, scene.preset["base"]
    manner = Manner(size=size, colour=INK, halo=colours["halo"], halo_width=size * 0.28, italic=True, weight=400)
    seen = {one.label for one in own}
    for mark in scene.marks:
        if mark.kind != "area" or mark.radius or not mark.label or mark.label in seen:
            continue
        seen.add(mark.label)
        blocks = settings_of(names.of_mark(mark)[0], manner)
        want = Want(name=mark.label, rank=4.0, candidates=within_area(blocks, shapely.make_valid(mark.shape), scene.frame), must=True)
        yield _Wish(want, blocks, mark, mark.anchor)


def _ground(scene: Scene, reserved: Sequence[Box]) -> Iterator[_Wish]:
    """Countries and seas, in what the furniture leaves of them."""
    if scene.choices.basemap == "none":
        return
    zones = [shapely.make_valid(mark.shape) for mark in scene.marks if mark.kind == "area" and mark.layer != "reference"]
    avoid = shapely.union_all(zones) if zones else None
    hidden = shapely.union_all([shapely.box(box.x, box.y, box.x + box.width, box.y + box.height) for box in reserved])
    water = shapely.difference(label_ground.water_of(scene), hidden)
    for one in (*label_ground.countries(scene, avoid, hidden), *label_ground.seas(scene, water)):
        yield _Wish(one.want, one.blocks)


def _lettered(wish: _Wish, at: Candidate, room: Room) -> Iterator[Item]:
    """A name at its place, with the line that ties it to its sign where that crosses no other name."""
    text = wish.blocks[at.setting]
    if text is None:
        return
    note, layer = (wish.mark.key, wish.mark.layer) if wish.mark is not None else ("", "")
    if at.leader is not None and wish.anchor is not None and not _crosses(wish.anchor, at, room):
        room.take_line(wish.anchor, at.leader)
        yield _leader(wish, at.leader)
    yield from set_block(text, at.left, at.top, align=at.align, note=note, layer=layer)


def _crosses(anchor: tuple[float, float], at: Candidate, room: Room) -> bool:
    """Whether the line to a name runs through another name."""
    line = shapely.LineString([anchor, at.leader or anchor])
    others = room.names[~(touches(room.names, np.array([at.edges]))[:, 0])]
    return bool(shapely.intersects(shapely.box(*others.T), line).any())


def _leader(wish: _Wish, end: tuple[float, float]) -> Line:
    """The thin line from the edge of a sign to its name."""
    x, y = wish.anchor or (0.0, 0.0)
    far = math.dist((x, y), end)
    share = min(wish.radius / far, 1.0) if far else 0.0
    path = np.array([[x + (end[0] - x) * share, y + (end[1] - y) * share], end])
    return Line(role="label", name=wish.want.name, note=wish.mark.key if wish.mark else "", layer=wish.mark.layer if wish.mark else "",
                paths=(path,), strokes=(Stroke(colour=PAPER, width=2.0, opacity=0.8), Stroke(colour=INK, width=0.6)))


def _led(lost: Sequence[_Wish], room: Room) -> tuple[list[Item], list[Nameless]]:
    """Names that found no room beside their signs, at the end of a leader; and those for which there is none either."""
    made: list[Item] = []
    without: list[Nameless] = []
    for wish in lost:
        text = next((one for one in wish.blocks if one is not None), None)
        anchor = wish.anchor or _middle(wish)
        if text is None or anchor is None:
            continue
        small = wish.radius or (wish.mark is not None and wish.mark.shape.area < SMALL * text.width * text.height)
        candidates = _uncrossed(leaders(text, anchor, wish.radius), anchor, room) if small else ()
        found = settle([Want(name=wish.want.name, rank=0.0, candidates=candidates)], room)
        if found:
            room.take(found[0].edges)
            made += _lettered(_Wish(wish.want, (text,), wish.mark, anchor, wish.radius), found[0], room)
        else:
            without.append(Nameless(wish.want.name, anchor, wish.radius, wish.mark))
    return made, without


def _uncrossed(candidates: Sequence[Candidate], anchor: tuple[float, float], room: Room) -> tuple[Candidate, ...]:
    """Of names at the end of a leader, those whose line crosses no name and at most one sign besides its own; that costs."""
    lines = shapely.linestrings([(anchor, one.leader or anchor) for one in candidates])

    def crossed(boxes: Boxes) -> np.ndarray:
        tree = shapely.STRtree(shapely.box(*boxes.T))
        own = len(tree.query(shapely.Point(anchor), predicate="intersects"))
        return np.bincount(tree.query(lines, predicate="intersects")[0], minlength=len(candidates)) - own

    names, every = crossed(room.names), crossed(room.taken)
    return tuple(
        replace(one, cost=one.cost + CROSSED * float(count))
        for one, name, count in zip(candidates, names, every, strict=True) if name <= 0 and count <= 1
    )


def _middle(wish: _Wish) -> tuple[float, float] | None:
    if not wish.want.candidates:
        return None
    left, top, right, bottom = wish.want.candidates[0].edges
    return (left + right) / 2, (top + bottom) / 2


def _towns_and_units(scene: Scene, names: Names, places: Sequence[Named], room: Room) -> Iterator[Item]:
    """Large towns, the names of units, then the other towns; with units first where a preset puts them first."""
    if scene.choices.basemap == "none":
        return
    own = [(one.label, one.anchor) for one in places]
    areas = [(mark.label, mark.anchor) for mark in scene.marks if mark.kind == "area" and mark.label]
    every = label_ground.towns(scene)
    most = int(scene.frame.width * scene.frame.height / (CROWD * scene.unit**2))
    shown: list[tuple[str, tuple[float, float]]] = []
    order: Iterable[str] = ("units", "large", "small") if int(scene.preset["admin"]) > 1 else ("large", "units", "small")
    for step in order:
        if step == "units":
            yield from _units(scene, [*own, *shown, *areas], room)
            continue
        for town in every:
            if len(shown) < most and town.large == (step == "large"):
                items = _town(scene, town, names, [*own, *shown], own, room)
                if items:
                    shown.append((town.name, town.anchor))
                    yield from items


def _units(scene: Scene, near: Sequence[tuple[str, tuple[float, float]]], room: Room) -> Iterator[Item]:
    size = scene.layout.letters.unit_name
    for name, anchor, want, blocks in label_ground.units(scene):
        if any(other == name and math.dist(anchor, at) < NEAR_UNIT * size for other, at in near):
            continue
        found = settle([want], room)
        if found:
            room.take(found[0].edges)
            yield from _lettered(_Wish(want, blocks), found[0], room)


def _town(
    scene: Scene, town: Town, names: Names, near: Sequence[tuple[str, tuple[float, float]]],
    own: Sequence[tuple[str, tuple[float, float]]], room: Room,
) -> list[Item]:
    """A town's dot and name, or nothing where either finds no room."""
    colours, letters = scene.preset["base"], scene.layout.letters
    size = max(letters.town * (1.08 if town.capital else 1.0 if town.large else 0.94), letters.small)
    if any(math.dist(town.anchor, at) < NEAR_TOWN * size for _, at in own):
        return []
    if any(name == town.name and math.dist(town.anchor, at) < SAME_TOWN * size for name, at in near):
        return []
    radius = (2.0 if town.capital else 1.5) * scene.unit
    x, y = town.anchor
    dot = np.array([[x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1]])
    if not room.free(dot)[0]:
        return []
    manner = Manner(size=size, colour=colours["town_label"], halo=colours["halo"], halo_width=size * 0.26,
                    weight=600 if town.capital else 400, role="town", least=letters.small)
    first, second = names.of_town(town.name, town.lon, town.lat)
    text = block(first, manner, second=second)
    if text is None:
        return []
    found = settle([Want(name=town.name, rank=0.0, candidates=beside((text,), town.anchor, radius)[:12])], room)
    if not found:
        return []
    room.take(dot[0], name=False)
    room.take(found[0].edges)
    return [_dot(scene, town, radius), *_lettered(_Wish(Want(name=town.name, rank=0.0, candidates=()), (text,)), found[0], room)]


def _dot(scene: Scene, town: Town, radius: float) -> Sign:
    colour = scene.preset["base"]["town_label"]
    ring = signs.circle(radius)
    fill, stroke = (Fill(colour=PAPER), Stroke(colour=colour, width=radius * 0.5)) if town.capital else (Fill(colour=colour), None)
    shape = Area(role="town", polygons=((ring,),), fill=fill, stroke=stroke)
    return Sign(role="town", name=town.name, x=round(town.anchor[0], 2), y=round(town.anchor[1], 2), size=2 * radius, shapes=(shape,))

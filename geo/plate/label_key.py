"""A numbered key for names that find no room on the map: a number by each sign, and the names in a box of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from geo.plate.corners import quietest
from geo.plate.items import Area, Box, Fill, Item, Stroke, Words
from geo.plate.label_places import beside
from geo.plate.label_text import Manner, block, set_block
from geo.plate.room import Room, Want, settle
from geo.plate.swatches import rectangle
from geo.plate.wrapping import clean, widest, wrap

if TYPE_CHECKING:
    from geo.plate.scene import Mark, Scene

__all__ = ["Nameless", "draw_key", "forced_box", "free_box"]

INK, PAPER = "#1d1b18", "#fffdf8"
LONGEST = 32  # letters of a name in a key; a longer one ends in an ellipsis
MOST = 30  # names in a key; the rest is counted
_WIDE = 30  # letters' widths of the box
_SPARE = 1.25  # times the height for what finds no room because the key itself takes some
_LEAD = 1.25
Edges = tuple[float, float, float, float]


class Nameless(NamedTuple):
    """A name without room: the name, where its sign stands, the sign's radius, and the mark."""

    name: str
    anchor: tuple[float, float]
    radius: float
    mark: Mark | None


def free_box(scene: Scene, without: Sequence[Nameless], room: Room) -> Box | None:
    """Return where a key finds room beside all that is lettered; None where it finds none."""
    taken = [Box(x=float(a), y=float(b), width=float(c - a), height=float(d - b)) for a, b, c, d in room.taken]
    found = quietest(scene, _size(scene, without), taken=taken)
    return found[0] if found else None


def forced_box(scene: Scene, without: Sequence[Nameless], reserved: Sequence[Box]) -> Box:
    """Return where a key hides least, clear of the furniture; it is the only thing that may hide a sign, where nothing else is left."""
    wide, high = _size(scene, without)
    least = scene.layout.letters.small * (_LEAD * 2 + 0.8)  # two lines, which only count the names
    for tall in (high * _SPARE, high, high * 0.6, high * 0.35, least):
        found = quietest(scene, (wide, max(tall, least)), taken=reserved)
        if found is not None:
            return found[0]
    frame = scene.frame
    return Box(x=frame.x + (frame.width - wide) / 2, y=frame.y + (frame.height - least) / 2, width=wide, height=least)


def draw_key(scene: Scene, without: Sequence[Nameless], room: Room, box: Box) -> tuple[list[Item], list[Edges]]:
    """Return the numbers by the signs and the key in its box, and what both take up; the key tells how many names it leaves out."""
    size = scene.layout.letters.small
    count, lines = _set(scene, without, box.height)
    while count and len(lines) * size * _LEAD + size * 0.8 > box.height + 0.01:
        count -= 1
        lines = wrap(_told(without, count), _across(scene), size)
    box = Box(x=box.x, y=box.y, width=box.width, height=min(len(lines) * size * _LEAD + size * 0.8, box.height))
    panel = Area(role="label", name="Key", polygons=((rectangle(box),),), fill=Fill(colour=PAPER, opacity=0.94),
                 stroke=Stroke(colour=INK, width=0.4))
    words = Words(role="label", name=f"Key: {_told(without, count)}", x=box.x + size * 0.5, y=box.y + size * 1.2, lines=lines, size=size,
                  leading=size * _LEAD)
    made: list[Item] = [panel, words]
    taken: list[Edges] = [(box.x, box.y, box.x + box.width, box.y + box.height)]
    for number, one in enumerate(without[:count], 1):
        items, edges = _number(number, one, size, room)
        made += items
        taken += edges
    return made, taken


def _size(scene: Scene, without: Sequence[Nameless]) -> tuple[float, float]:
    size = scene.layout.letters.small
    _, lines = _set(scene, without, scene.frame.height * 0.5)
    return widest(lines, size) + size, len(lines) * size * _LEAD + size * 0.8


def _set(scene: Scene, without: Sequence[Nameless], tall: float) -> tuple[int, tuple[str, ...]]:
    """How many names a key of a height takes, and its lines."""
    size = scene.layout.letters.small
    for count in range(min(len(without), MOST), -1, -1):
        lines = wrap(_told(without, count), _across(scene), size)
        if len(lines) * size * _LEAD + size * 0.8 <= tall or not count:
            return count, lines
    return 0, ()


def _across(scene: Scene) -> float:
    return min(scene.layout.letters.small * _WIDE, scene.frame.width * 0.5)


def _told(without: Sequence[Nameless], count: int) -> str:
    """The key in words; a number and the first word of its name stay together."""
    named = ", ".join(f"{number}\u00a0{_short(clean(one.name))}" for number, one in enumerate(without[:count], 1))
    rest = len(without) - count
    if not rest:
        return named
    more = f"{rest} more {'place is' if rest == 1 else 'places are'} drawn without a name"
    return f"{named}; {more}" if named else more


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"


def _number(number: int, one: Nameless, size: float, room: Room) -> tuple[list[Item], list[Edges]]:
    """The number beside its sign; on the sign where nothing is free beside it."""
    text = block(str(number), Manner(size=size, colour=INK, halo=PAPER, halo_width=size * 0.35, weight=700))
    if text is None:
        return [], []
    found = settle([Want(name=str(number), rank=0.0, candidates=beside((text,), one.anchor, one.radius))], room)
    left, top = (found[0].left, found[0].top) if found else (one.anchor[0] - text.width / 2, one.anchor[1] - text.height / 2)
    note, layer = (one.mark.key, one.mark.layer) if one.mark is not None else ("", "")
    edges = (left, top, left + text.width, top + text.height)
    if found:
        room.take(edges)
    return list(set_block(text, left, top, note=note, layer=layer)), [edges]

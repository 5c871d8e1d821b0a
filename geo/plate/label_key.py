"""A numbered key for names that find no room on the map: a number by each sign, and the names in a box of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from geo.plate.corners import quietest
from geo.plate.items import Area, Box, Fill, Item, Stroke, Words
from geo.plate.label_places import beside
from geo.plate.label_text import Manner, block, set_block
from geo.plate.room import Room, Want, settle
from geo.plate.swatches import rectangle
from geo.plate.wrapping import widest, wrap

if TYPE_CHECKING:
    from geo.plate.scene import Mark, Scene

__all__ = ["key_of"]

INK, PAPER = "#1d1b18", "#fffdf8"
MOST = 40  # names in a key; the rest is counted
_WIDE = 26  # letters' widths of the box
Edges = tuple[float, float, float, float]


def key_of(
    scene: Scene, names: Sequence[tuple[str, tuple[float, float], float, Mark | None]], room: Room, reserved: Sequence[Box]
) -> tuple[list[Item], list[Edges]]:
    """Return numbers by the signs and the box that says what they stand for, and what both take up.

    Parameters
    ----------
    names
        (name, where its sign stands, the sign's radius, the mark) of each.
    room
        What is taken.
    reserved
        Boxes of furniture. Where no corner is left, the box of the key may cover signs and names, but never these.
    """
    size = scene.layout.letters.small
    kept = names[:MOST]
    told = ", ".join(f"{number} {name}" for number, (name, _, _, _) in enumerate(kept, 1))
    told += f" and {len(names) - MOST} more" if len(names) > MOST else ""
    lines = wrap(told, min(size * _WIDE, scene.frame.width * 0.5), size)
    wide, high = widest(lines, size) + size, len(lines) * size * 1.25 + size * 0.8
    boxes = [Box(x=float(a), y=float(b), width=float(c - a), height=float(d - b)) for a, b, c, d in room.taken]
    found = quietest(scene, (wide, high), taken=boxes) or quietest(scene, (wide, high), taken=reserved)
    box = found[0] if found else Box(x=scene.frame.x, y=scene.frame.y, width=wide, height=high)
    panel = Area(role="label", name="Key", polygons=((rectangle(box),),), fill=Fill(colour=PAPER, opacity=0.92),
                 stroke=Stroke(colour=INK, width=0.4))
    words = Words(role="label", name=f"Key: {told}", x=box.x + size * 0.5, y=box.y + size * 1.2, lines=lines, size=size,
                  leading=size * 1.25)
    made: list[Item] = [panel, words]
    taken: list[Edges] = [(box.x, box.y, box.x + box.width, box.y + box.height)]
    for number, (_, anchor, radius, mark) in enumerate(kept, 1):
        items, edges = _number(number, anchor, radius, mark, size, room)
        made += items
        taken += edges
    return made, taken


def _number(
    number: int, anchor: tuple[float, float], radius: float, mark: Mark | None, size: float, room: Room
) -> tuple[list[Item], list[Edges]]:
    """The number beside its sign; on the sign where nothing is free beside it."""
    manner = Manner(size=size, colour=INK, halo=PAPER, halo_width=size * 0.35, weight=700)
    text = block(str(number), manner)
    if text is None:
        return [], []
    found = settle([Want(name=str(number), rank=0.0, candidates=beside((text,), anchor, radius))], room)
    left, top = (found[0].left, found[0].top) if found else (anchor[0] - text.width / 2, anchor[1] - text.height / 2)
    note, layer = (mark.key, mark.layer) if mark is not None else ("", "")
    edges = (left, top, left + text.width, top + text.height)
    if found:
        room.take(np.array(edges))
    return list(set_block(text, left, top, note=note, layer=layer)), [edges]

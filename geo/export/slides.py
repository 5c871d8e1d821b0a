"""PowerPoint slides that anybody can edit: a plate as native shapes, text boxes, groups and speaker's notes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geo import lettering
from geo.choices import DEFAULT, Choices
from geo.export import slides_deck as decks
from geo.export.slides_notes import paragraphs
from geo.export.slides_pictures import encoded
from geo.export.slides_shapes import Drawn, Pen, area, grouped, line, picture, sign, words
from geo.export.slides_steps import Step, steps
from geo.export.slides_template import Stand, opened, stand_of
from geo.export.slides_words import box_of, language_of, plain, text_width
from geo.plate.items import Area, Box, Fill, Item, Line, Picture, Plate, Sign, Words

if TYPE_CHECKING:
    from geo.situation import Situation

__all__ = ["presentation", "write"]

# What lies together moves together: items of these roles that follow each other make one group, but for what stands for a mark.
_GROUPS = {
    **dict.fromkeys(("sea", "land", "lake", "river", "coast", "border", "relief", "graticule"), "Ground"),
    **dict.fromkeys(("town", "label"), "Names of the ground"), **dict.fromkeys(("source", "note"), "Sources and limits"),
    "legend": "Legend", "scale": "Scale", "inset": "Locator",
}
# Arial runs wider than the plate's sans; a text may run over its measured width by a little.
_SANS, _LEAST_FIT, _OVER = 0.96, 0.8, 1.03
_MARGIN = 8.0  # points of paper round a map in a template
_SERIF_BOLD = 1.07  # Georgia's bold against Arial's


def write(situation: Situation, path: Path, choices: Choices = DEFAULT) -> None:
    """Write a situation as PowerPoint slides.

    A slide is 16:9 unless the user chose another size than "article", which is the one that stands where nothing is chosen; with a
    template, its own size counts. `choices.steps` has one slide more for each layer or date.

    Raises
    ------
    InputError
        If the template is no presentation, or holds macros.
    """
    deck = opened(choices.template) if choices.template is not None else None
    stand = stand_of(deck) if deck is not None else None
    made = steps(situation, replace(choices, size=_size(choices.size, stand.area if stand else None)))
    path.write_bytes(presentation(made, deck=deck, stand=stand, keywords=[actor.name for actor in situation.actors]))


def presentation(made: Iterable[Step], *, deck: Any = None, stand: Stand | None = None, keywords: Iterable[str] = ()) -> bytes:
    """Return the octets of a presentation with a slide for each step, in a deck that is open already or in one of its own.

    The same steps give the same octets.
    """
    slides = tuple(made)
    first = slides[0].plate
    if deck is None:
        deck = decks.blank(width=first.width, height=first.height, title=first.title, subject=first.alt, keywords=keywords)
    for step in slides:
        slide = decks.add_slide(deck, stand.layout) if stand else decks.add_slide(deck, paper=step.plate.paper)
        pen = Pen(link=decks.linker(slide), embed=decks.embedder(slide))
        shapes = _in_template(step.plate, pen, stand) if stand else _on_page(step.plate, pen)
        decks.fill(slide, shapes)
        decks.tell(slide, paragraphs(step.plate, first=step.words))
    return decks.octets(deck)


def _size(chosen: str, room: Box | None) -> str:
    """The size that the plate is laid out for: with a template, that nearest in shape to the room for the map."""
    if chosen != "article":
        return chosen
    if room is None:
        return "slide"
    shapes = {"social": 1.0, "article": 4 / 3, "slide": 16 / 9}
    return min(shapes, key=lambda name: abs(math.log(shapes[name] * room.height / room.width)))


def _on_page(plate: Plate, pen: Pen) -> list[str]:
    """The shapes of a plate that is the slide; its title as early as what lies under it allows, so that it is read first."""
    titles = [item for item in plate.items if item.role == "title" and isinstance(item, Words)]
    shapes = _drawn(plate, plate.items, pen, title=titles[0] if titles else None)
    if not titles:
        return [_unseen_title(plate.title, pen), *(one.xml for _, one in shapes)]
    at = next(number for number, (item, _) in enumerate(shapes) if item is titles[0])
    title = shapes.pop(at)[1]
    x, y, width, height, _ = box_of(titles[0], _width(titles[0]))
    (left, top), (right, bottom) = pen.emu(x, y), pen.emu(x + width, y + height)
    under = [
        number for number, (_, one) in enumerate(shapes[:at], 1)
        if one.box[0] < right and one.box[2] > left and one.box[1] < bottom and one.box[3] > top
    ]
    made = [one.xml for _, one in shapes]
    made.insert(max(under, default=0), title.xml)
    return made


def _in_template(plate: Plate, pen: Pen, stand: Stand) -> list[str]:
    """The shapes of a plate in the room that a layout has for them, on paper since the slide may be dark; its title as the layout's."""
    kept = [item for item in plate.items if not (stand.title and item.role == "title")]
    inside = _extent(plate, kept)
    kept.insert(0, _sheet(inside, plate.paper))
    scale = min(stand.area.width / inside.width, stand.area.height / inside.height)
    dx = stand.area.x + (stand.area.width - scale * inside.width) / 2 - scale * inside.x
    dy = stand.area.y + (stand.area.height - scale * inside.height) / 2 - scale * inside.y
    pen = replace(pen, scale=scale, dx=dx, dy=dy, theme=True)
    titles = [item for item in kept if item.role == "title" and isinstance(item, Words)]
    shapes = [one.xml for _, one in _drawn(plate, kept, pen, title=titles[0] if titles else None)]
    return [_layout_title(plate.title, pen, stand.title), *shapes] if stand.title else shapes


def _drawn(plate: Plate, items: Iterable[Item], pen: Pen, *, title: Words | None) -> list[tuple[Item, Drawn]]:
    """Each item, or the first of each group of items, with its shape, in the order of the plate."""
    made: list[tuple[Item, Drawn]] = []
    for together, run in itertools.groupby(items, key=lambda item: "" if item.note else _GROUPS.get(item.role, "")):
        found = [(item, one) for item in run if (one := _item(item, plate, pen, title=item is title)) is not None]
        if together and len(found) > 1:
            alt = plate.alt if together == "Ground" else together
            made.append((found[0][0], grouped([one for _, one in found], pen, name=together, alt=alt)))
        else:
            made.extend(found)
    return made


def _item(item: Item, plate: Plate, pen: Pen, *, title: bool) -> Drawn | None:
    note = plate.notes.get(item.note) if item.note else None
    name = item.name or (note.title if note else "") or ("" if isinstance(item, Words) else item.role.capitalize())
    match item:
        case Area():
            return area(item, pen, name=name, note=note)
        case Line():
            return line(item, pen, name=name, note=note)
        case Sign():
            return sign(item, pen, name=name, note=note)
        case Words():
            wide = _room(item, plate) if title else _width(item)
            return words(item, pen, name="Title" if title else name, note=note, fit=_fit(item), width=wide, title=title)
        case Picture():
            return picture(encoded(item.pixels), item.box, pen, name=item.name or item.role.capitalize())
    raise TypeError(f"A slide cannot hold a {type(item).__name__}.")


def _width(item: Words) -> float:
    """How wide the widest line runs, in points, as the plate measured it."""
    measured = (
        lettering.width(text, item.size, face=item.face, weight=item.weight, italic=item.italic) + item.spacing * len(text)
        for text in item.lines
    )
    return max(measured, default=0.0)


def _room(item: Words, plate: Plate) -> float:
    """How wide the box of the title is: to the other margin where it begins at the left, since programs break a title that runs out."""
    return max(_width(item), plate.width - item.x - plate.frame.x) if item.align == "left" else _width(item)


def _fit(item: Words) -> float:
    """By how much letters are made smaller, so that a text takes no more room in the slides' font than the plate gave it."""
    bold = item.weight >= 600
    usual = 1.0 if item.face == "serif" else _SANS
    own = max((text_width(text, item.size, face=item.face, bold=bold) + item.spacing * len(text) for text in item.lines), default=0.0)
    if own <= 0 or any(language_of(text) != "en-GB" for text in item.lines):
        return usual
    own *= _SERIF_BOLD if bold and item.face == "serif" else 1.0
    return max(_LEAST_FIT, min(usual, _OVER * _width(item) / own))


def _extent(plate: Plate, items: Iterable[Item]) -> Box:
    """What some items cover of the page, the frame in any case."""
    frame = plate.frame
    boxes = [(frame.x, frame.y, frame.x + frame.width, frame.y + frame.height)]
    for item in items:
        if isinstance(item, Words):
            x, y, width, height, _ = box_of(item, _width(item))
            boxes.append((x, y, x + width, y + height))
        elif isinstance(item, Area) and item.polygons:
            every = np.concatenate([polygon[0] for polygon in item.polygons])
            boxes.append((*every.min(axis=0).tolist(), *every.max(axis=0).tolist()))
    x, y = (max(0.0, min(box[side] for box in boxes) - _MARGIN) for side in (0, 1))
    right, bottom = (min(edge, max(box[side] for box in boxes) + _MARGIN) for edge, side in ((plate.width, 2), (plate.height, 3)))
    return Box(x=x, y=y, width=max(1.0, right - x), height=max(1.0, bottom - y))


def _sheet(box: Box, paper: str) -> Area:
    """The plate's own paper, for slides of any colour."""
    corners = [(box.x, box.y), (box.x + box.width, box.y), (box.x + box.width, box.y + box.height), (box.x, box.y + box.height)]
    return Area(role="paper", name="Paper", polygons=((np.array(corners, dtype=float),),), fill=Fill(colour=paper))


def _layout_title(text: str, pen: Pen, kind: str) -> str:
    return _title(text, pen, kind, "<p:spPr/>", "<a:bodyPr><a:normAutofit/></a:bodyPr>")


def _unseen_title(text: str, pen: Pen) -> str:
    """A title above the slide's edge: it is read aloud and stands in the outline, where the plate itself shows none."""
    away = '<p:spPr><a:xfrm><a:off x="0" y="-914400"/><a:ext cx="9144000" cy="457200"/></a:xfrm></p:spPr>'
    return _title(text, pen, "title", away, '<a:bodyPr wrap="square"><a:normAutofit/></a:bodyPr>')


def _title(text: str, pen: Pen, kind: str, shape: str, body: str) -> str:
    run = f'<a:r><a:rPr lang="{language_of(text)}" dirty="0"/><a:t>{plain(text)}</a:t></a:r>'
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{next(pen.ids)}" name="Title"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>{shape}<p:txBody>{body}<a:lstStyle/><a:p>{run}</a:p></p:txBody></p:sp>'
    )

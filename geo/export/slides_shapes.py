"""Shapes on slides: one freeform with holes for a feature, in the XML of the format itself.

python-pptx builds a freeform in time that grows with the square of its points; the XML is as quickly written as read. Order and names of
elements follow ECMA-376, part 1, chapters 19.3 and 20.1.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from geo.export.slides_paint import fill_xml, line_xml, preset_of
from geo.export.slides_words import LEADING, attribute, body_xml, box_of
from geo.plate.items import Area, Box, Line, Note, Ring, Sign, Stroke, Words

__all__ = ["Drawn", "Pen", "area", "grouped", "line", "picture", "sign", "words"]

EMU = 12700
"""English metric units in a point."""

_FINE, _COARSE = 100, 20  # units of a path to the point: a symbol's, and those of shapes larger than _LARGE points
_LARGE = 150.0
_MOST_EMU = 27_000_000  # twice the largest slide edge either way stays inside the 32 bits that PowerPoint reads
_NAME, _ALT, _TOOLTIP = 120, 1500, 250  # characters; PowerPoint shows no more of a tooltip
_FADE = 0.4  # of the plate's width of fading: programs fade over more than the radius that they are given; judged beside the pictures
_SOFT = 0.18  # an edge never fades over more than this part of the shape's breadth, or a strip would be gone
_VAGUE_LINE = 0.75  # points: a dotted edge where a pattern should fade

_TITLE = '<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="title"/></p:nvPr>'
_DECORATIVE = (
    '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A shape's XML and its box on the slide in EMU: left, top, right, bottom."""

    xml: str
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """What turns points of a plate into a slide's: x * scale + dx, in points; it numbers the shapes and knows the package.

    `link` and `embed` give the relationship id of an address and of a picture's octets.
    """

    link: Callable[[str], str]
    embed: Callable[[bytes], str]
    scale: float = 1.0
    dx: float = 0.0
    dy: float = 0.0
    theme: bool = False
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(2))

    def moved(self, x: float, y: float) -> Pen:
        """Return the pen whose origin is a point of the plate."""
        return replace(self, dx=self.dx + x * self.scale, dy=self.dy + y * self.scale)

    def emu(self, x: float, y: float) -> tuple[int, int]:
        """Return a point of the plate in EMU on the slide."""
        return _held((x * self.scale + self.dx) * EMU), _held((y * self.scale + self.dy) * EMU)


def area(item: Area, pen: Pen, *, name: str = "", note: Note | None = None, part: bool = False) -> Drawn | None:
    """Return one freeform for all polygons of an area, or None where nothing is left of them; a `part` has the link and not the words.

    Outer rings run clockwise and holes against it, so that a hole is one by either rule of filling. An edge fades where no line is drawn
    along it: programs fade the line with it.
    """
    rings = [_wound(ring, clockwise=not number) for polygon in item.polygons for number, ring in enumerate(polygon) if len(ring) > 2]
    geometry = _geometry(rings, pen, closed=True)
    if geometry is None:
        return None
    path, box = geometry
    stroke, soft = item.stroke, 0.0
    if item.soft and item.fill and stroke is None:
        soft = min(_FADE * item.soft, _SOFT * _breadth(rings)) * pen.scale * EMU
        if preset_of(item.fill):  # LibreOffice draws nothing of a pattern that fades
            soft, stroke = 0.0, Stroke(colour=item.fill.colour, width=_VAGUE_LINE, opacity=0.7, dash=(1.0, 2.5))
    effects = f'<a:effectLst><a:softEdge rad="{round(soft)}"/></a:effectLst>' if soft >= 1 else "<a:effectLst/>"
    inside = f"{path}{fill_xml(item.fill)}{line_xml(stroke, scale=pen.scale)}{effects}"
    return Drawn(xml=_shape(inside, box, pen, name=name, note=note, part=part), box=box)


def line(item: Line, pen: Pen, *, name: str = "", note: Note | None = None, part: bool = False) -> Drawn | None:
    """Return the lines as one freeform, or as a group of one for each stroke, the casing first."""
    geometry = _geometry(item.paths, pen, closed=False)
    if geometry is None or not item.strokes:
        return None
    path, box = geometry
    made, last = [], len(item.strokes) - 1
    for number, stroke in enumerate(item.strokes):
        painted = line_xml(stroke, scale=pen.scale, head=item.head if number == last else 0.0)
        inside = f"{path}<a:noFill/>{painted}<a:effectLst/>"
        own = name if not last else "Line" if number == last else "Casing"
        made.append(Drawn(xml=_shape(inside, box, pen, name=own, note=note, part=part or last > 0), box=box))
    return made[0] if not last else grouped(made, pen, name=name, note=None if part else note)


def sign(item: Sign, pen: Pen, *, name: str = "", note: Note | None = None) -> Drawn | None:
    """Return a symbol: one freeform where it is one, else a group of small ones."""
    at = pen.moved(item.x, item.y)
    single = len(item.shapes) == 1
    own, part = (name, False) if single else ("Part of the symbol", True)
    drawn = (
        area(one, at, name=own, note=note, part=part) if isinstance(one, Area) else line(one, at, name=own, note=note, part=part)
        for one in item.shapes
    )
    made = [one for one in drawn if one is not None]
    if not made:
        return None
    return made[0] if single else grouped(made, pen, name=name, note=note)


def words(
    item: Words, pen: Pen, *, width: float, name: str = "", note: Note | None = None, fit: float = 1.0, title: bool = False,
) -> Drawn:
    """Return a text box, or the slide's title, with the first baseline where the plate has it; `width` is the widest line's, in points."""
    smaller = replace(item, size=item.size * fit, leading=item.leading or LEADING * item.size)
    x, y, width, height, turn = box_of(smaller, max(width, item.size / 2))
    left, top = pen.emu(x, y)
    right, bottom = pen.emu(x + width, y + height)
    box = (left, top, max(right, left + 1), max(bottom, top + 1))
    turned = f' rot="{round(turn * 60000) % 21600000}"' if turn else ""
    frame = f"<a:xfrm{turned}>{_extent(box)}</a:xfrm>"
    kind = _TITLE if title else '<p:cNvSpPr txBox="1"/><p:nvPr/>'
    xml = (
        f"<p:sp><p:nvSpPr>{_named(pen, name or ' '.join(item.lines), note=note, telling=True)}{kind}</p:nvSpPr>"
        f'<p:spPr>{frame}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln><a:effectLst/></p:spPr>'
        f"{body_xml(item, scale=pen.scale, fit=fit, theme=pen.theme)}</p:sp>"
    )
    return Drawn(xml=xml, box=box)


def picture(octets: bytes, place: Box, pen: Pen, *, name: str) -> Drawn:
    """Return a picture that fills a box."""
    left, top = pen.emu(place.x, place.y)
    right, bottom = pen.emu(place.x + place.width, place.y + place.height)
    box = (left, top, max(right, left + 1), max(bottom, top + 1))
    xml = (
        f'<p:pic><p:nvPicPr>{_named(pen, name)}<p:cNvPicPr><a:picLocks noChangeAspect="1"/></p:cNvPicPr><p:nvPr/></p:nvPicPr>'
        f'<p:blipFill><a:blip r:embed="{pen.embed(octets)}"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>'
        f'<p:spPr><a:xfrm>{_extent(box)}</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:effectLst/></p:spPr></p:pic>'
    )
    return Drawn(xml=xml, box=box)


def grouped(drawn: Iterable[Drawn], pen: Pen, *, name: str, note: Note | None = None, alt: str = "") -> Drawn:
    """Return shapes as one group, which moves as one."""
    made = tuple(drawn)
    left, top = (min(one.box[side] for one in made) for side in (0, 1))
    right, bottom = (max(one.box[side] for one in made) for side in (2, 3))
    box = (left, top, right, bottom)
    inner = _extent(box)
    child = inner.replace("<a:off", "<a:chOff").replace("<a:ext", "<a:chExt")
    xml = (
        f"<p:grpSp><p:nvGrpSpPr>{_named(pen, name, note=note, alt=alt, links=False)}<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>"
        f"<p:grpSpPr><a:xfrm>{inner}{child}</a:xfrm></p:grpSpPr>{''.join(one.xml for one in made)}</p:grpSp>"
    )
    return Drawn(xml=xml, box=box)


def _shape(inside: str, box: tuple[int, int, int, int], pen: Pen, *, name: str, note: Note | None, part: bool = False) -> str:
    return (
        f"<p:sp><p:nvSpPr>{_named(pen, name, note=note, part=part)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr>"
        f"<p:spPr><a:xfrm>{_extent(box)}</a:xfrm>{inside}</p:spPr></p:sp>"
    )


def _named(
    pen: Pen, name: str, *, note: Note | None = None, alt: str = "", links: bool = True, telling: bool = False, part: bool = False,
) -> str:
    """The p:cNvPr: number, name, what a reader who sees nothing hears, and the link.

    `telling` is what says itself, as text does; of a `part` the group says it.
    """
    said = "" if part else alt or (note.alt or note.title if note else "")
    attributes = f'id="{next(pen.ids)}" name="{attribute(name, _NAME)}"' + (f' descr="{attribute(said, _ALT)}"' if said else "")
    if said and note and note.title:
        attributes += f' title="{attribute(note.title, _NAME)}"'
    rid = pen.link(note.link) if note and note.link and links else ""
    inside = ""
    if rid and note:
        tip = attribute(": ".join(filter(None, (note.title, note.status))), _TOOLTIP)
        inside = f'<a:hlinkClick r:id="{rid}" tooltip="{tip}"/>'
    if not said and not telling:
        inside += _DECORATIVE
    return f"<p:cNvPr {attributes}>{inside}</p:cNvPr>" if inside else f"<p:cNvPr {attributes}/>"


def _geometry(rings: Iterable[Ring], pen: Pen, *, closed: bool) -> tuple[str, tuple[int, int, int, int]] | None:
    """The a:custGeom of some rings or lines and its box, or None where no two points of them differ."""
    found = [points for points in rings if len(points) > 1]
    if not found:
        return None
    every = np.concatenate(found) if len(found) > 1 else found[0]
    (x, y), (right, bottom) = every.min(axis=0), every.max(axis=0)
    unit = _COARSE if max(right - x, bottom - y) * pen.scale > _LARGE else _FINE
    factor = unit * pen.scale
    paths = [_subpath(np.rint((points - (x, y)) * factor).astype(np.int64), closed=closed) for points in found]
    drawn = "".join(paths)
    if not drawn:
        return None
    wide, high = (max(1, round(float(side) * factor)) for side in (right - x, bottom - y))
    left, top = pen.emu(float(x), float(y))
    box = (left, top, left + wide * EMU // unit, top + high * EMU // unit)
    filled = "" if closed else ' fill="none"'
    xml = (
        '<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/>'
        f'<a:pathLst><a:path w="{wide}" h="{high}"{filled}>{drawn}</a:path></a:pathLst></a:custGeom>'
    )
    return xml, box


def _subpath(points: np.typing.NDArray[np.int64], *, closed: bool) -> str:
    """The commands of one ring or line, without points that repeat the one before."""
    kept = np.ones(len(points), dtype=bool)
    kept[1:] = (points[1:] != points[:-1]).any(axis=1)
    rows = points[kept].tolist()
    if closed and len(rows) > 1 and rows[0] == rows[-1]:
        rows.pop()
    if len(rows) < (3 if closed else 2):
        return ""
    (x, y), rest = rows[0], rows[1:]
    tail = "</a:lnTo><a:close/>" if closed else "</a:lnTo>"
    middle = "</a:lnTo><a:lnTo>".join([f'<a:pt x="{a}" y="{b}"/>' for a, b in rest])
    return f'<a:moveTo><a:pt x="{x}" y="{y}"/></a:moveTo><a:lnTo>{middle}{tail}'


def _wound(ring: Ring, *, clockwise: bool) -> Ring:
    """A ring that runs clockwise as seen on the page (y down), or against it."""
    x, y = ring[:, 0], ring[:, 1]
    twice = float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
    return ring if (twice > 0) == clockwise else ring[::-1]


def _breadth(rings: Iterable[Ring]) -> float:
    """About how broad a shape is in points: the width of a strip of its area and its edge."""
    twice, edge = 0.0, 0.0
    for ring in rings:
        following = np.roll(ring, -1, axis=0)
        twice += float((ring[:, 0] * following[:, 1] - following[:, 0] * ring[:, 1]).sum())
        edge += float(np.hypot(*(following - ring).T).sum())
    return abs(twice) / edge if edge else 0.0


def _extent(box: tuple[int, int, int, int]) -> str:
    left, top, right, bottom = box
    return f'<a:off x="{left}" y="{top}"/><a:ext cx="{right - left}" cy="{bottom - top}"/>'


def _held(value: float) -> int:
    return max(-_MOST_EMU, min(_MOST_EMU, round(value)))


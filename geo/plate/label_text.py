"""A name on the map as it is set: one or two lines, in one or two languages, measured, and its items at a place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geo.lettering import clusters, is_rtl, width
from geo.plate.items import Words
from geo.plate.wrapping import clean

__all__ = ["Block", "Manner", "block", "set_block"]

SECOND = 0.86  # size of the name in the language of the place under the English one
SECOND_LEAD = 1.24  # distance of that name from the one above, so that no halo cuts its letters
LEAD = 1.1  # distance of the lines of one name, as a share of their letters
ASCENT, DESCENT = 0.76, 0.22  # of the letters above and below their baseline, as shares of their size
LONG = 13  # letters of a name of several words that may also stand on two lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a kind of name is lettered (see `geo.plate.items.Words`); no second name is set smaller than `least`."""

    size: float
    colour: str
    halo: str
    halo_width: float
    weight: int = 400
    italic: bool = False
    face: str = "sans"
    spacing: float = 0.0
    role: str = "label"
    least: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines of a name, each (text, size, width), with the whole's measures in points."""

    rows: tuple[tuple[str, float, float], ...]
    width: float
    height: float
    manner: Manner
    name: str


def block(name: str, manner: Manner, *, second: str = "", broken: bool = False) -> Block | None:
    """Return a name set in a manner; None where a name of one word cannot be broken.

    Parameters
    ----------
    name, manner
        What is written, and how.
    second
        The name in another language, which stands below in smaller letters.
    broken
        Whether the name stands on two lines, about equally long.
    """
    text = clean(name)
    lines = _halves(text) if broken else (text,)
    if not lines or not text:
        return None
    rows = [(line, manner.size, _wide(line, manner.size, manner)) for line in lines]
    height = manner.size * (ASCENT + DESCENT + LEAD * (len(rows) - 1))
    if second and clean(second) != text:
        small = min(max(manner.size * SECOND, manner.least), manner.size)
        rows.append((clean(second), small, _wide(clean(second), small, manner)))
        height += small * SECOND_LEAD
    return Block(rows=tuple(rows), width=max(wide for _, _, wide in rows), height=height, manner=manner, name=text)


def set_block(made: Block, left: float, top: float, *, align: str = "left", note: str = "", layer: str = "") -> Iterator[Words]:
    """Yield the items of a name whose upper left corner stands at a point; lines of one size and direction are one item."""
    x = left if align == "left" else left + made.width / 2 if align == "middle" else left + made.width
    manner, y = made.manner, top + made.rows[0][1] * ASCENT
    items = []
    for first, last in _runs(made.rows):
        lines = tuple(text for text, _, _ in made.rows[first:last])
        size = made.rows[first][1]
        if first:
            y += size * SECOND_LEAD
        items.append(Words(
            role=manner.role, name=made.name, note=note, layer=layer, x=x, y=y, lines=lines, size=size, face=manner.face,
            weight=manner.weight if first == 0 else min(manner.weight, 400), italic=manner.italic and not is_rtl(lines[0]),
            colour=manner.colour, halo=manner.halo, halo_width=manner.halo_width, align=align,
            leading=size * LEAD, spacing=manner.spacing, rtl=is_rtl(lines[0]),
        ))
        y += size * LEAD * (last - first - 1)
    yield from reversed(items)  # the first name last, whole over the halo of the second


def _runs(rows: Sequence[tuple[str, float, float]]) -> Iterator[tuple[int, int]]:
    first = 0
    for number in range(1, len(rows) + 1):
        if number == len(rows) or rows[number][1] != rows[first][1] or is_rtl(rows[number][0]) != is_rtl(rows[first][0]):
            yield first, number
            first = number


def _wide(text: str, size: float, manner: Manner) -> float:
    spaced = manner.spacing * max(len(clusters(text)) - 1, 0) if manner.spacing else 0.0
    return width(text, size, face=manner.face, weight=manner.weight, italic=manner.italic) + spaced


def _halves(text: str) -> tuple[str, ...]:
    """A name on two lines, broken at the space or hyphen nearest to its middle; nothing where it has none."""
    breaks = [place + 1 for place, sign in enumerate(text[:-1]) if sign in " -\u2010\u2013" and place]
    if not breaks or len(text) < LONG:
        return ()
    best = min(breaks, key=lambda place: (abs(place - len(text) / 2), place))
    return text[:best].strip(), text[best:].strip()

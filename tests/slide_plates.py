"""Plates made by hand, with every kind of item, for the tests of slides."""

from __future__ import annotations

import numpy as np

from geo.plate.items import Area, Box, Fill, Item, Line, Note, Picture, Plate, Ring, Sign, Stroke, Words

__all__ = ["PATTERNS", "circle", "plate", "rectangle", "vertices"]

FRAME = Box(x=24, y=70, width=700, height=440)
PATTERNS = ("solid", "hatch", "cross", "dots", "dashes", "stipple")
COLOURS = ("#c0453b", "#2c6fad", "#3b8f5a", "#d28a1e", "#7b5aa6", "#6d6a64")
LAYERS = ("control", "claimed", "contested", "influence", "proposed", "uncertain")


def circle(x: float, y: float, radius: float, points: int = 40) -> Ring:
    """A ring about a point."""
    turns = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return np.column_stack([x + radius * np.cos(turns), y + radius * np.sin(turns)])


def rectangle(x: float, y: float, width: float, height: float) -> Ring:
    """A ring of four points."""
    return np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], dtype=float)


def plate(
    words: str = "Idlib", *, link: str = "https://example.org/a?b=1&c=2", soft: float = 8.0, title: str = "Who is said to hold what",
) -> Plate:
    """A small map: ground, a zone of each pattern with a hole and an outlier, marks, labels and furniture; `words` stand everywhere."""
    notes = {
        f"n{number}": Note(
            title=f"{words} {number}", status="reported", alt=f"Zone {number}: {words}", quotes=(f"They hold {words}.",), sources=(1,),
            confidence=0.6, limits=("Its edge is vague.",), link=link,
        )
        for number in range(len(PATTERNS))
    }
    items = (*_ground(), *_zones(words, soft), *_marks(words), *_furniture(words, title))
    return Plate(
        width=960, height=540, dpi=144, frame=FRAME, bounds=(35, 34, 38, 37), paper="#ffffff", items=items, title=title,
        alt=f"A map of {words}.", sources=(f"{words}, 5 March 2020", "Another report"), notes=notes,
    )


def vertices(zones: int, each: int) -> Plate:
    """A plate of so many zones of so many points, each with an edge as ragged as a real one."""
    noise = np.random.default_rng(5)
    rings = (circle(*noise.uniform((100, 120), (650, 450)), 60, each) + noise.normal(0, 0.3, (each, 2)) for _ in range(zones))
    items = tuple(
        Area(role="zone", name=f"Zone {number}", layer="control", polygons=((ring,),), fill=Fill(colour="#c0453b", opacity=0.3))
        for number, ring in enumerate(rings)
    )
    return Plate(
        width=960, height=540, dpi=144, frame=FRAME, bounds=(35, 34, 38, 37), paper="#ffffff", items=items, title="Many points",
        alt="Zones.",
    )


def _ground() -> tuple[Item, ...]:
    sea = Area(role="sea", polygons=((rectangle(24, 70, 700, 440),),), fill=Fill(colour="#cfdde4"))
    coast = Stroke(colour="#8fa9b5", width=0.7)
    land = Area(role="land", polygons=((rectangle(150, 70, 574, 440),),), fill=Fill(colour="#f5f1e8"), stroke=coast)
    shade = np.zeros((110, 175, 4), np.uint8)
    rows, columns = np.mgrid[:110, :175]
    shade[..., 3] = 30 + 30 * np.sin(columns / 7) * np.cos(rows / 5)
    way = np.linspace(0, 1, 50)
    river = Line(role="river", paths=(np.column_stack([200 + 300 * way, 120 + 200 * way]),), strokes=(Stroke(colour="#9dbccb", width=1.2),))
    dashed = Stroke(colour="#8b8379", width=1.0, dash=(4, 3))
    border = Line(role="border", paths=(np.array([[400.0, 70], [400, 510]]),), strokes=(dashed,))
    return sea, land, Picture(role="relief", name="Relief", box=FRAME, pixels=shade), river, border


def _zones(words: str, soft: float) -> tuple[Item, ...]:
    made: list[Item] = []
    for number, (pattern, colour, layer) in enumerate(zip(PATTERNS, COLOURS, LAYERS, strict=True)):
        x, y = 220 + (number % 3) * 170, 150 + (number // 3) * 150
        made.append(
            Area(
                role="zone", name=f"Zone of {pattern}: {words}", note=f"n{number}", layer=layer, soft=soft if number < 2 else 0.0,
                polygons=((circle(x, y, 60), circle(x, y, 20)), (circle(x + 75, y + 30, 14),)),
                fill=Fill(colour=colour, opacity=0.4, pattern=pattern, angle=-45 if pattern == "dashes" else 45),
                stroke=None if number < 2 else Stroke(colour=colour, width=1.4, dash=(7, 5, 2) if pattern == "dashes" else ()),
            )
        )
        label = Words(
            role="label", x=x, y=y + 4, lines=(words, "second line"), size=11, weight=600, halo="#f8f5ee", halo_width=1.5, align="middle",
            leading=13, note=f"n{number}", layer=layer,
        )
        made.append(label)
    return tuple(made)


def _marks(words: str) -> tuple[Item, ...]:
    casing = (Stroke(colour="#8b8379", width=3.4), Stroke(colour="#ffffff", width=2.0))
    arrow = Line(
        role="arrow", name=f"Advance: {words}", note="n0", layer="control", paths=(np.array([[500.0, 440], [560, 430], [620, 380]]),),
        strokes=(Stroke(colour="#c0453b", width=2.5),), head=9,
    )
    ring, heart = circle(0, 0, 8, 24), rectangle(-3, -3, 6, 6)
    symbol = Sign(
        role="event", name=f"Attack: {words}", note="n1", layer="claimed", x=640, y=430, size=16,
        shapes=(
            Area(role="event", polygons=((ring,),), fill=Fill(colour="#ffffff"), stroke=Stroke(colour="#2c6fad", width=1)),
            Area(role="event", polygons=((heart,),), fill=Fill(colour="#2c6fad")),
        ),
    )
    return (
        Line(role="road", name="M5", paths=(np.array([[260.0, 80], [270, 500]]),), strokes=casing), arrow, symbol,
        Words(role="label", x=500, y=500, lines=("سراقب",), size=13, align="right", rtl=True, halo="#f8f5ee", halo_width=1.5),
        Words(
            role="label", x=80, y=300, lines=("Mediterranean Sea",), size=13, face="serif", italic=True, align="middle", angle=-70,
            spacing=1.5,
        ),
    )


def _furniture(words: str, title: str) -> tuple[Item, ...]:
    made: list[Item] = [
        Area(role="frame", name="Frame", polygons=((rectangle(24, 70, 700, 440),),), stroke=Stroke(colour="#555555", width=0.8)),
        Words(role="title", x=24, y=34, lines=(title,), size=22, weight=700, face="serif"),
        Words(role="subtitle", x=24, y=56, lines=(f"As of 5 March 2020: {words}",), size=12),
        Area(role="legend", polygons=((rectangle(740, 70, 200, 200),),), fill=Fill(colour="#ffffff")),
    ]
    for number, (pattern, colour, layer) in enumerate(zip(PATTERNS, COLOURS, LAYERS, strict=True)):
        swatch = rectangle(750, 105 + number * 24, 22, 14)
        made.append(Area(role="legend", layer=layer, polygons=((swatch,),), fill=Fill(colour=colour, opacity=0.1, pattern=pattern)))
        made.append(Words(role="legend", layer=layer, x=780, y=116 + number * 24, lines=(f"Reported: {words}",), size=10))
    made.append(Words(role="source", x=24, y=526, lines=(f"[1] {words}, 5 March 2020", "Base map: Natural Earth"), size=8, leading=10))
    return tuple(made)

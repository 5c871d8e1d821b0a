"""What shape a phrase describes: the public face of recipes - their tree, text, words, geometry and edges.

>>> words(parse('Part("country:SY", "north")'), None)
'northern country:SY'
"""

from __future__ import annotations

from functools import lru_cache, singledispatch
from typing import TYPE_CHECKING

from shapely.geometry.base import BaseGeometry

from geo.distances import DEFAULTS
from geo.errors import GeometryError, SalientError
from geo.neighbours import Itself
from geo.recipe_text import parse, text, to_json
from geo.recipes import (
    DIRECTIONS,
    Around,
    Between,
    Border,
    Box,
    Buffer,
    Coast,
    Described,
    Difference,
    Direction,
    Drawn,
    Intersection,
    Named,
    Outskirts,
    Part,
    Point,
    RoadSection,
    Section,
    Side,
    Strip,
    Union,
    Until,
    Where,
    children,
    walk,
)
from geo.shapes import geometry

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = [
    "DEFAULTS", "DIRECTIONS", "Around", "Between", "Border", "Box", "Buffer", "Coast", "Described", "Difference", "Direction", "Drawn",
    "Intersection", "Named", "Outskirts", "Part", "Point", "RoadSection", "Section", "Side", "Strip", "Union", "Until", "Where", "bands",
    "children", "geometry", "parse", "text", "to_json", "vague", "walk", "words",
]

NARROW, WIDE = 0.7, 1.3  # how much less or more an open distance may be: a choice by hand, not measured

_ADJECTIVES = {
    "north": "northern", "northeast": "north-eastern", "east": "eastern", "southeast": "south-eastern", "south": "southern",
    "southwest": "south-western", "west": "western", "northwest": "north-western", "central": "central",
}
_NOUNS = {word: word.replace("north", "north-").replace("south", "south-").rstrip("-") for word in _ADJECTIVES}
_ADMIN_NOUNS = ("province", "oblast", "region", "governorate", "republic", "state", "district")
# What first-level units are called where not "province" (facts of each country's constitution).
_UNIT_NOUNS = dict.fromkeys(("US", "MX", "BR", "IN", "NG", "SD", "SS", "AU", "DE", "MM", "MY", "VE", "SO"), "state") | dict.fromkeys(
    ("ML", "BF", "NE", "TD", "ET", "ER", "GE", "IT", "FR", "CI", "GN", "SN", "GH", "MA", "CM", "NA"), "region"
) | dict.fromkeys(("UA", "RU", "BY", "KZ"), "oblast") | {"CO": "department", "BJ": "department", "CG": "department", "HT": "department"}
_OPEN = (
    "around_km", "sector_km", "outskirts_km", "corridor_least_km", "corridor_share", "part_share", "central_share", "distance_share",
    "region_km", "district_km", "until_margin",
)
_VAGUE = (Part, Direction, Between, Until, Around, Outskirts, Described)


def words(where: Where, gazetteer: Gazetteer | None) -> str:
    """Return a recipe in plain English, such as "the M5 from Damascus to Aleppo"; without a gazetteer, ids stand for names.

    Examples
    --------
    >>> words(parse('Border("country:SY", "country:TR")'), None)
    'the country:SY-country:TR border'
    """
    return _say(where, None) if gazetteer is None else _said(where, Itself(gazetteer))


def vague(where: Where, gazetteer: Gazetteer) -> bool:
    """Say whether the edge of a recipe's area is vague, so that it must be drawn faded.

    Parts, directions and surroundings are vague, and so is a feature that the gazetteer calls vague.
    """
    return any(isinstance(node, _VAGUE) or (isinstance(node, Named) and _vague_feature(node.feature, gazetteer)) for node in walk(where))


def bands(where: Where, gazetteer: Gazetteer) -> tuple[tuple[str, BaseGeometry], ...]:
    """Return the graded shapes of a vague area, narrowest first: "core", "likely" (which is `geometry`) and "possible".

    Every distance and share that the words leave open is taken narrower, as it stands in `DEFAULTS`, and wider. An area with sharp
    edges has only "likely".

    Raises
    ------
    GeometryError
        The recipe has no shape.
    """
    likely = geometry(where, gazetteer)
    if not vague(where, gazetteer):
        return (("likely", likely),)
    found = [("likely", likely)]
    for name, factor in (("core", NARROW), ("possible", WIDE)):
        try:
            found.append((name, geometry(where, gazetteer, defaults=_scaled(factor))))
        except GeometryError:
            continue
    return tuple(sorted(found, key=lambda band: ("core", "likely", "possible").index(band[0])))


def _scaled(factor: float) -> dict[str, float]:
    """Return the open distances and shares of `DEFAULTS`, all narrower or wider."""
    table = {name: DEFAULTS[name] * factor for name in _OPEN}
    return table | {"part_extent": 1 - (1 - DEFAULTS["part_extent"]) * factor, "until_reach": 1 + (DEFAULTS["until_reach"] - 1) * factor}


@lru_cache(maxsize=8192)
def _said(where: Where, kept: Itself) -> str:
    return _say(where, kept.gazetteer)


@singledispatch
def _say(where: Where, gazetteer: Gazetteer | None) -> str:
    return text(where)


@_say.register(Named)
def _say_named(where: Named, gazetteer: Gazetteer | None) -> str:
    return _name(where.feature, gazetteer)


@_say.register(RoadSection)
def _say_road_section(where: RoadSection, gazetteer: Gazetteer | None) -> str:
    road = _name(where.road, gazetteer) if where.road else "the road"
    ends = [_end(end, gazetteer) for end in (where.from_, where.to)]
    return road + (f" from {ends[0]}" if ends[0] else "") + (f" to {ends[1]}" if ends[1] else "")


@_say.register(Section)
def _say_section(where: Section, gazetteer: Gazetteer | None) -> str:
    return f"{_say(where.line, gazetteer)} from {_end(where.from_, gazetteer)} to {_end(where.to, gazetteer)}"  # type: ignore[arg-type]


@_say.register(Border)
def _say_border(where: Border, gazetteer: Gazetteer | None) -> str:
    if not where.b:
        return f"the land border of {_name(where.a, gazetteer)}"
    return f"the {_bare(where.a, gazetteer)}-{_bare(where.b, gazetteer)} border"


@_say.register(Coast)
def _say_coast(where: Coast, gazetteer: Gazetteer | None) -> str:
    sea = f"the {_bare(where.sea, gazetteer)} coast" if where.sea else "the coast"
    return f"{sea} of {_name(where.country, gazetteer)}" if where.country else sea


@_say.register(Buffer)
def _say_buffer(where: Buffer, gazetteer: Gazetteer | None) -> str:
    return f"within {where.km:g} km of {_say(where.x, gazetteer)}"  # type: ignore[arg-type]


@_say.register(Strip)
def _say_strip(where: Strip, gazetteer: Gazetteer | None) -> str:
    along = f"a {where.km:g} km strip along {_say(where.line, gazetteer)}"  # type: ignore[arg-type]
    if where.side in _NOUNS:
        return f"{along}, on its {_adjective(where.side)} side"
    if where.side in ("left", "right"):
        return f"{along}, on its {where.side} bank"
    if where.side == "sea":
        return f"{along}, at sea"
    return f"{along}, inside {_name(where.side, gazetteer)}" if where.side else f"{along}, on both sides"


@_say.register(Part)
def _say_part(where: Part, gazetteer: Gazetteer | None) -> str:
    if isinstance(where.x, Coast):
        return f"the {_NOUNS[where.direction]} {_undressed(where.x, gazetteer)}"
    if isinstance(where.x, Between) and where.direction == "central":
        return f"half-way {_say(where.x, gazetteer)}"
    share = f" ({where.share:.0%} of it)" if where.share else ""
    return f"{_adjective(where.direction)} {_undressed(where.x, gazetteer)}{share}"


@_say.register(Direction)
def _say_direction(where: Direction, gazetteer: Gazetteer | None) -> str:
    place = f"{_NOUNS[where.bearing]} of {_say(where.x, gazetteer)}"  # type: ignore[arg-type]
    return f"{place} (to {DEFAULTS['sector_km']:g} km)" if where.km is None else f"{where.km:g} km {place}"


@_say.register(Between)
def _say_between(where: Between, gazetteer: Gazetteer | None) -> str:
    return f"between {_listed(where.ends, gazetteer)}"


@_say.register(Until)
def _say_until(where: Until, gazetteer: Gazetteer | None) -> str:
    return f"the land from {_say(where.x, gazetteer)} to {_say(where.line, gazetteer)}"  # type: ignore[arg-type]


@_say.register(Side)
def _say_side(where: Side, gazetteer: Gazetteer | None) -> str:
    return f"{_say(where.of, gazetteer)} {_NOUNS[where.side]} of {_say(where.line, gazetteer)}"  # type: ignore[arg-type]


@_say.register(Around)
def _say_around(where: Around, gazetteer: Gazetteer | None) -> str:
    within = f" (within {where.km or DEFAULTS['around_km']:g} km)"
    return f"around {_say(where.x, gazetteer)}{within}"  # type: ignore[arg-type]


@_say.register(Outskirts)
def _say_outskirts(where: Outskirts, gazetteer: Gazetteer | None) -> str:
    side = f"{_adjective(where.direction)} " if where.direction else ""
    return f"the {side}outskirts of {_say(where.x, gazetteer)}"  # type: ignore[arg-type]


@_say.register(Union)
def _say_union(where: Union, gazetteer: Gazetteer | None) -> str:
    return _listed(where.parts, gazetteer)


@_say.register(Difference)
def _say_difference(where: Difference, gazetteer: Gazetteer | None) -> str:
    return f"{_say(where.a, gazetteer)} without {_say(where.b, gazetteer)}"  # type: ignore[arg-type]


@_say.register(Intersection)
def _say_intersection(where: Intersection, gazetteer: Gazetteer | None) -> str:
    return " within ".join(_say(part, gazetteer) for part in where.parts)  # type: ignore[arg-type]


@_say.register(Described)
def _say_described(where: Described, gazetteer: Gazetteer | None) -> str:
    noun = where.kind.replace("_", " ")
    said = f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun} near {_say(where.near, gazetteer)}"  # type: ignore[arg-type]
    return f"{said} (inferred: {' or '.join(_name(name, gazetteer) for name in where.candidates)})" if where.candidates else said


@_say.register(Box)
def _say_box(where: Box, gazetteer: Gazetteer | None) -> str:
    return f"the box {where.west:g} to {where.east:g} E, {where.south:g} to {where.north:g} N"


@_say.register(Point)
def _say_point(where: Point, gazetteer: Gazetteer | None) -> str:
    return f"{abs(where.lat):.2f} {'N' if where.lat >= 0 else 'S'}, {abs(where.lon):.2f} {'E' if where.lon >= 0 else 'W'}"


@_say.register(Drawn)
def _say_drawn(where: Drawn, gazetteer: Gazetteer | None) -> str:
    by = f"drawn by hand{f' by {where.by}' if where.by else ''}"
    return f"{where.name} ({by})" if where.name else f"an area {by}"


def _name(feature_id: str, gazetteer: Gazetteer | None) -> str:
    """Return a feature's name with the article that English gives its kind; a province that shares its name with a town is called so."""
    name = _bare(feature_id, gazetteer)
    if gazetteer is None or name == feature_id or name.lower().startswith("the "):
        return name
    family = feature_id.partition(":")[0]
    if family in ("sea", "river") or (family == "lake" and not name.startswith("Lake ")):
        return f"the {name}"
    if family == "road":
        return name if name.startswith(("Route ", "Highway ", "Road ", "Interstate ")) else f"the {name}"
    if family == "admin1" and not any(noun in name.lower() for noun in _ADMIN_NOUNS):
        towns = gazetteer.search(name, country=gazetteer.get(feature_id).country or None, kinds={"populated"}, limit=1)
        noun = _UNIT_NOUNS.get(gazetteer.get(feature_id).country, "province")
        return f"{name} {noun}" if towns else name
    return name


def _bare(feature_id: str, gazetteer: Gazetteer | None) -> str:
    if gazetteer is None:
        return feature_id
    try:
        return str(gazetteer.get(feature_id).name)
    except SalientError:
        return feature_id


def _undressed(where: object, gazetteer: Gazetteer | None) -> str:
    said = _say(where, gazetteer)  # type: ignore[arg-type]
    return said.removeprefix("the ")


def _end(end: Where | str, gazetteer: Gazetteer | None) -> str:
    if isinstance(end, str):
        return f"the {end}" if end else ""
    if isinstance(end, Coast):
        return "the coast"
    return _say(end, gazetteer)


def _listed(parts: tuple[Where | str, ...], gazetteer: Gazetteer | None) -> str:
    said = [_say(part, gazetteer) for part in parts]  # type: ignore[arg-type]
    return said[0] if len(said) == 1 else ", ".join(said[:-1]) + " and " + said[-1]


def _adjective(direction: str) -> str:
    return _ADJECTIVES[direction]


def _vague_feature(feature_id: str, gazetteer: Gazetteer) -> bool:
    try:
        feature = gazetteer.get(feature_id)
    except SalientError:
        return False
    return feature.vague or (bool(feature.recipe) and any(isinstance(node, _VAGUE) for node in walk(parse(feature.recipe))))

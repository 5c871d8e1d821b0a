"""Which typed tree a recipe is: the words of an area as frozen values, and their text and JSON forms.

The constructor call is the text form that data tables and claims store: ``RoadSection("road:sy-m5", "geonames:170654",
"geonames:170063")``. A bare string inside a recipe is ``Named(string)``. `geo.where` is the public face of this module, of
`geo.recipe_text` (text and JSON forms) and of `geo.shapes` (geometry).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from geo.errors import InputError

__all__ = [
    "DIRECTIONS", "Around", "Between", "Border", "Box", "Buffer", "Coast", "Described", "Difference", "Direction", "Drawn",
    "Intersection", "Named", "Outskirts", "Part", "Point", "RoadSection", "Section", "Side", "Strip", "Union", "Until", "Where", "children",
    "walk",
]

DIRECTIONS: dict[str, float | None] = {
    "north": 0.0, "northeast": 45.0, "east": 90.0, "southeast": 135.0,
    "south": 180.0, "southwest": 225.0, "west": 270.0, "northwest": 315.0, "central": None,
}
"""The compass words of recipes and their bearings in degrees clockwise from north; "central" has none."""


LEAST_SHARE, MOST_SHARE = 0.05, 0.95  # of an area that is still a part of it


@dataclass(frozen=True, slots=True)
class Where:
    """What every node of a recipe is."""

    def __post_init__(self) -> None:
        """Turn the bare strings of area fields into `Named`, and check the rest."""
        for field in fields(self):
            value = getattr(self, field.name)
            if field.type == "Area" and isinstance(value, str):
                object.__setattr__(self, field.name, Named(value))
            elif field.type == "Areas":
                object.__setattr__(self, field.name, tuple(Named(part) if isinstance(part, str) else part for part in value))
            elif field.type == "End" and isinstance(value, str) and value and value not in DIRECTIONS:
                object.__setattr__(self, field.name, Named(value))
            elif field.type == "float" or (field.type == "float | None" and value is not None):
                object.__setattr__(self, field.name, _number(self, field.name, value))
        self._check()

    def _check(self) -> None:
        """Raise InputError where a field cannot be used as given."""


Area = Where | str
Areas = tuple[Where | str, ...]
End = Where | str
Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Named(Where):
    """A feature of the gazetteer, by its id."""

    feature: str

    def _check(self) -> None:
        if not isinstance(self.feature, str) or not self.feature.strip():
            raise InputError("Named needs the id of a feature, such as Named(\"admin1:SY-ID\").")


@dataclass(frozen=True, slots=True)
class RoadSection(Where):
    """The part of a road (or river) between two ends: places, `Coast`, `Border`, or compass words; no road id = a schematic line."""

    road: str
    from_: End = ""
    to: End = ""

    def _check(self) -> None:
        if not self.road and not (isinstance(self.from_, Where) and isinstance(self.to, Where)):
            raise InputError("RoadSection without a road needs both of its ends as places.")


@dataclass(frozen=True, slots=True)
class Section(Where):
    """The stretch of a line without a name of its own (a coast, a border) between two ends: places, lines, or compass words."""

    line: Area
    from_: End
    to: End

    def _check(self) -> None:
        if not self.from_ or not self.to:
            raise InputError("Section needs both of its ends, such as Section(Coast(\"\", \"country:LY\"), \"north\", \"geonames:1\").")


@dataclass(frozen=True, slots=True)
class Border(Where):
    """The line shared by two countries or provinces; with one name, its whole land border."""

    a: str
    b: str = ""


@dataclass(frozen=True, slots=True)
class Coast(Where):
    """The line where a country (or province) meets a sea; either may be left out, not both."""

    sea: str = ""
    country: str = ""

    def _check(self) -> None:
        if not self.sea and not self.country:
            raise InputError("Coast needs a sea, a country or both, such as Coast(\"sea:black-sea\", \"country:UA\").")


@dataclass(frozen=True, slots=True)
class Buffer(Where):
    """Everything within `km` of an area, line or point."""

    x: Area
    km: float


@dataclass(frozen=True, slots=True)
class Strip(Where):
    """A strip `km` wide along a line; `side` is a feature id, a compass word, "left" or "right" of its course, "sea", or "" for both."""

    line: Area
    km: float
    side: str = ""


@dataclass(frozen=True, slots=True)
class Part(Where):
    """The northern (or central, ...) part of an area, its inner edge vague; of a `Coast`, what faces that way.

    `share` is how much of the area it is (.05 to .95), where somebody says so.
    """

    x: Area
    direction: str
    share: float | None = None

    def _check(self) -> None:
        _direction(self.direction, "Part", central=True)
        if self.share is not None and not LEAST_SHARE <= self.share <= MOST_SHARE:
            raise InputError(f"Part takes a share of {LEAST_SHARE:g} to {MOST_SHARE:g} of its area, not {self.share:g}.")


@dataclass(frozen=True, slots=True)
class Direction(Where):
    """`km` from an area in a compass direction; without `km`, the sector on that side of it."""

    x: Area
    bearing: str
    km: float | None = None

    def _check(self) -> None:
        _direction(self.bearing, "Direction", central=False)


@dataclass(frozen=True, slots=True, init=False)
class Between(Where):
    """The land between two or more places."""

    ends: Areas

    def __init__(self, *ends: Where | str) -> None:
        object.__setattr__(self, "ends", ends)
        self.__post_init__()

    def _check(self) -> None:
        _at_least(self.ends, 2, "Between")


@dataclass(frozen=True, slots=True)
class Until(Where):
    """The land between an area and the nearest stretch of a line ("along with the territory to the border")."""

    x: Area
    line: Area


@dataclass(frozen=True, slots=True)
class Side(Where):
    """The part of the area `of` that lies on one side of a line: a compass word."""

    line: Area
    of: Area
    side: str

    def _check(self) -> None:
        _direction(self.side, "Side", central=False)


@dataclass(frozen=True, slots=True)
class Around(Where):
    """An area and what surrounds it, within `km` or the default."""

    x: Area
    km: float | None = None


@dataclass(frozen=True, slots=True)
class Outskirts(Where):
    """The edge of a town, all round or on one side."""

    x: Area
    direction: str = ""

    def _check(self) -> None:
        if self.direction:
            _direction(self.direction, "Outskirts", central=False)


@dataclass(frozen=True, slots=True, init=False)
class Union(Where):
    """All of the parts together."""

    parts: Areas

    def __init__(self, *parts: Where | str) -> None:
        object.__setattr__(self, "parts", parts)
        self.__post_init__()

    def _check(self) -> None:
        _at_least(self.parts, 1, "Union")


@dataclass(frozen=True, slots=True)
class Difference(Where):
    """The first area without the second."""

    a: Area
    b: Area


@dataclass(frozen=True, slots=True, init=False)
class Intersection(Where):
    """What all of the parts share."""

    parts: Areas

    def __init__(self, *parts: Where | str) -> None:
        object.__setattr__(self, "parts", parts)
        self.__post_init__()

    def _check(self) -> None:
        _at_least(self.parts, 1, "Intersection")


@dataclass(frozen=True, slots=True)
class Described(Where):
    """An unnamed thing of a kind near something ("a naval base on the coast"); `candidates` are inferred, never asserted."""

    kind: str
    near: Area
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Box(Where):
    """A box in degrees; `west` may exceed `east` across the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    def _check(self) -> None:
        _degrees(self.west, self.south, "Box")
        _degrees(self.east, self.north, "Box")
        if self.south >= self.north or self.west == self.east:
            raise InputError(f"Box({self.west}, {self.south}, {self.east}, {self.north}) is empty; give west, south, east, north.")


@dataclass(frozen=True, slots=True)
class Point(Where):
    """A point in degrees."""

    lon: float
    lat: float

    def _check(self) -> None:
        _degrees(self.lon, self.lat, "Point")


@dataclass(frozen=True, slots=True)
class Drawn(Where):
    """An area that somebody drew by hand: its corners as (lon, lat) in degrees, who drew it, and what it is called, if anything."""

    ring: Ring
    by: str = ""
    name: str = ""

    def _check(self) -> None:
        corners = self.ring if isinstance(self.ring, tuple | list) else ()
        if not all(isinstance(corner, tuple | list) and len(corner) == 2 for corner in corners):
            corners = ()
        found = tuple((_number(self, "lon", lon), _number(self, "lat", lat)) for lon, lat in corners)
        if len(set(found)) < 3:
            raise InputError("Drawn needs at least three corners, such as Drawn(((36.0, 35.0), (36.5, 35.0), (36.5, 35.5))).")
        for lon, lat in found:
            _degrees(lon, lat, "Drawn")
        if not isinstance(self.by, str) or not isinstance(self.name, str):
            raise InputError("Drawn says who drew it, and its name, as text.")
        object.__setattr__(self, "ring", found)


def children(where: Where) -> tuple[Where, ...]:
    """Return the recipes directly inside a recipe."""
    found: list[Where] = []
    for field in fields(where):
        value = getattr(where, field.name)
        found.extend(part for part in (value if isinstance(value, tuple) else (value,)) if isinstance(part, Where))
    return tuple(found)


def walk(where: Where) -> Iterator[Where]:
    """Yield a recipe and all recipes inside it, outermost first."""
    yield where
    for part in children(where):
        yield from walk(part)


def _number(where: Where, name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e6:
        raise InputError(f"{type(where).__name__} needs a number for {name}, not {value!r}.")
    if name == "km" and value <= 0:
        raise InputError(f"{type(where).__name__} needs more than 0 km, not {value!r}.")
    return float(value)


def _direction(word: object, node: str, *, central: bool) -> None:
    allowed = [name for name in DIRECTIONS if central or name != "central"]
    if word not in allowed:
        raise InputError(f"{node} does not know the direction {word!r}; allowed are {', '.join(allowed)}.")


def _at_least(parts: tuple[object, ...], number: int, node: str) -> None:
    if len(parts) < number or not all(isinstance(part, Where) for part in parts):
        raise InputError(f"{node} needs at least {number} areas, each a recipe or the id of a feature.")


def _degrees(lon: float, lat: float, node: str) -> None:
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(f"{node} has lon {lon}, lat {lat}; degrees must lie within -180..180 and -90..90.")

"""Which areas lie next to an area: countries round a country, provinces round a province."""

from __future__ import annotations

import string
from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import SalientError

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer
    from geo.records import Feature

__all__ = ["Atlas", "Itself", "Units", "neighbours", "touch"]

STEP_KM = 25.0  # between the places of an outline at which the units around are asked for; the shortest border between states is 17 km
MOST_STEPS = 800  # longer outlines (Russia, Canada, the United States ...) are compared with every country instead
TOUCH_DEGREES = 0.06  # outlines of two sources lie up to 5 km apart where the areas touch; 0.06 degrees are 6.7 km


class Units(Protocol):
    """What knows the ground of the first-level units: `geo.territory.Territory`."""

    def units_at(self, lon: float, lat: float) -> tuple[str, ...]:
        """Return the ids of the units that hold a point."""
        ...

    def land(self, west: float, south: float, east: float, north: float) -> BaseGeometry:
        """Return the land within a box in degrees, empty where there is none."""
        ...


@runtime_checkable
class Atlas(Protocol):
    """A gazetteer that also knows which ground is whose, as the shipped one does; a service for names does not."""

    @property
    def territory(self) -> Units:
        """The shapes of the first-level units."""
        ...

    def children(self, feature_id: str) -> tuple[Feature, ...]:
        """Return the first-level units of a country."""
        ...


class Itself:
    """A gazetteer as the key of a cache: equal only to itself, also where it cannot be hashed."""

    __slots__ = ("gazetteer",)

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Itself) and other.gazetteer is self.gazetteer

    def __hash__(self) -> int:
        return id(self.gazetteer)


def neighbours(area_id: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Return the ids of the countries round a country, or of the first-level units round a unit, sorted; none for an island.

    A gazetteer that knows no units (`Atlas`) compares a country with every country, and knows no neighbours of a unit.

    Raises
    ------
    UnknownPlace
        The gazetteer does not hold the area.
    """
    return _neighbours(area_id, Itself(gazetteer))


@lru_cache(maxsize=1024)
def _neighbours(area_id: str, kept: Itself) -> tuple[str, ...]:
    gazetteer = kept.gazetteer
    area = gazetteer.shape(area_id)
    if not area_id.startswith("country:"):
        others: Iterable[str] = _units(area_id, gazetteer)
    elif isinstance(gazetteer, Atlas) and (places := _along(area)):
        units = {unit for lon, lat in places for unit in gazetteer.territory.units_at(lon, lat)}
        others = {f"country:{code}" for unit in units if (code := gazetteer.get(unit).country)}
    else:
        others = _countries(kept)
    return tuple(sorted(other for other in others if other != area_id and touch(area, gazetteer.shape(other))))


def touch(a: BaseGeometry, b: BaseGeometry) -> bool:
    """Say whether two areas touch, or nearly: the outlines of two sources may lie a few km apart."""
    (west, south, east, north), other, margin = a.bounds, b.bounds, TOUCH_DEGREES
    if other[0] > east + margin or other[2] < west - margin or other[1] > north + margin or other[3] < south - margin:
        return False
    return bool(shapely.dwithin(a, b, margin))


def _along(area: BaseGeometry) -> list[tuple[float, float]]:
    """Return places along the outline of an area; none where there would be too many."""
    rings = [part.exterior for part in shapely.get_parts(area) if part.geom_type == "Polygon"]
    if sum(ring.length for ring in rings) * 100 / STEP_KM > MOST_STEPS:
        return []
    found = []
    for ring in rings:
        steps = max(int(ring.length * 100 / STEP_KM), 4)
        found += [ring.interpolate(step / steps, normalized=True) for step in range(steps)]
    return [(place.x, place.y) for place in found]


@lru_cache(maxsize=8)
def _countries(kept: Itself) -> tuple[str, ...]:
    """Return the ids of all countries: those two-letter codes of ISO 3166-1 that the gazetteer holds with a shape."""
    found = []
    for letters in product(string.ascii_uppercase, repeat=2):
        country = f"country:{letters[0]}{letters[1]}"
        try:
            if kept.gazetteer.shape(country).geom_type != "Point":
                found.append(country)
        except (SalientError, KeyError):
            continue
    return tuple(found)


def _units(area_id: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    if not isinstance(gazetteer, Atlas):
        return ()
    own = f"country:{gazetteer.get(area_id).country}"
    units = [unit.id for country in (own, *neighbours(own, gazetteer)) for unit in gazetteer.children(country)]
    return tuple(unit for unit in units if unit.startswith("admin1:"))

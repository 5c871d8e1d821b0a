"""Which areas lie next to an area: countries round a country, provinces round a province."""

from __future__ import annotations

import string
from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import SalientError

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["neighbours", "touch"]

STEP_KM = 25.0  # between the places of an outline at which the units around are asked for; the shortest border between states is 17 km
MOST_STEPS = 800  # longer outlines (Russia, Canada, the United States ...) are compared with every country instead
TOUCH_DEGREES = 0.06  # outlines of two sources lie up to 5 km apart where the areas touch; 0.06 degrees are 6.7 km


@lru_cache(maxsize=1024)
def neighbours(area_id: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Return the ids of the countries round a country, or of the first-level units round a unit, sorted; none for an island.

    Raises
    ------
    UnknownPlace
        The gazetteer does not hold the area.
    """
    area = gazetteer.shape(area_id)
    if area_id.startswith("country:") and (places := _along(area)):
        units = {unit for lon, lat in places for unit in gazetteer.territory.units_at(lon, lat)}
        others: Iterable[str] = {f"country:{code}" for unit in units if (code := gazetteer.get(unit).country)}
    else:
        others = _countries(gazetteer) if area_id.startswith("country:") else _units(area_id, gazetteer)
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
def _countries(gazetteer: Gazetteer) -> tuple[str, ...]:
    """Return the ids of all countries: those two-letter codes of ISO 3166-1 that the gazetteer holds with a shape."""
    found = []
    for letters in product(string.ascii_uppercase, repeat=2):
        country = f"country:{letters[0]}{letters[1]}"
        try:
            if gazetteer.shape(country).geom_type != "Point":
                found.append(country)
        except (SalientError, KeyError):
            continue
    return tuple(found)


def _units(area_id: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    own = f"country:{gazetteer.get(area_id).country}"
    units = [unit.id for country in (own, *neighbours(own, gazetteer)) for unit in gazetteer.children(country)]
    return tuple(unit for unit in units if unit.startswith("admin1:"))

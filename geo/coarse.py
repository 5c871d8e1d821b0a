"""How coarse a place is, and to the middle of which cell or district a finer one is lifted.

A grid and not chance decides: noise added to points is undone by whoever sees them often enough (they average out), and two reports of
one village would no longer meet. A cell is `km` high; its width is `km` at the middle of its row. Rows begin at the equator and cells at
Greenwich: the same place always falls into the same cell, whatever else a report names.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import shapely
from shapely.geometry.base import BaseGeometry

from geo import points, where
from geo.errors import GeometryError, InputError, UnknownPlace
from geo.hand_drawn import drawn
from geo.projections import area_km2, length_km
from geo.recipes import Between, Box, Drawn, Intersection, Named, Point, Union, Where
from geo.records import Feature

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["Blur", "Lift", "blur_of"]

SMALLEST_KM, LARGEST_KM = 1.0, 100.0
COVERS = 0.75  # of a cell's side: from its middle that reaches its corners (0.71), and stays so when written to one figure
PEOPLE_PER_KM2 = 5_000  # of a built-up area: how wide a town is, where only its people are known (Aleppo, Kharkiv, Gaza: 4,000 to 9,000)
CAPITAL_KM = 5.0  # least width of a province's capital, some of which have no people in GeoNames, or those who stayed in a war
UNIT_KM = 10.0  # width of an administrative unit of which only a point is known: those of GeoNames' third rank have 100 to 400 km2
DISTRICT_KM = 20.0  # an area without a rank is as coarse as a district when it is so wide each way
MIDDLE_M = 2_000  # said of the middle of a district: the most with which a point is drawn as one
AT_SEA_KM = 50.0  # of a cell where there is no district

_CAPITALS = ("PPLC", "PPLA")
_RANKS = ("ADM1", "ADM2")
_ALWAYS = ("country", "road", "border", "sea", "river", "historic")  # kinds and families that are no place to be found
_FORM = re.compile(r"(\d{1,3}(?:\.\d+)?) ?km")


@dataclass(frozen=True, slots=True)
class Blur:
    """How far places are blurred: to cells of `km`, or with 0 to their district."""

    km: float = 0.0

    def said(self) -> str:
        """Return what was done, as a sentence.

        Examples
        --------
        >>> Blur(5.0).said(), Blur().said()
        ('Places are rounded to 5 km.', 'Places are lifted to the middle of their district or province.')
        """
        return f"Places are {self.brief().removeprefix('places ')}."

    def brief(self) -> str:
        """Return what was done, to be set after the name of a source.

        Examples
        --------
        >>> Blur(2.5).brief()
        'places rounded to 2.5 km'
        """
        return f"places rounded to {self.km:g} km" if self.km else "places lifted to the middle of their district or province"


def blur_of(words: str) -> Blur:
    """Return how far places are to be blurred, from words such as "5km" or "district".

    Raises
    ------
    InputError
        If it is neither "district" nor a distance from 1 to 100 km.

    Examples
    --------
    >>> blur_of("5 km").km, blur_of("district").km
    (5.0, 0.0)
    """
    told = words.strip().lower()
    if told == "district":
        return Blur()
    match = _FORM.fullmatch(told)
    if match is None or not SMALLEST_KM <= float(match[1]) <= LARGEST_KM:
        raise InputError(f"Places cannot be blurred to {words!r}; give district, or a distance from 1km to 100km such as 5km.")
    return Blur(float(match[1]))


class Lift:
    """Lifts features and recipes that are finer than a blur into what is as coarse.

    Parameters
    ----------
    blur
        How far.
    gazetteer
        Gives shapes and districts.
    known
        Features by id that the gazetteer may not hold, such as those of a table of events.
    """

    def __init__(self, blur: Blur, gazetteer: Gazetteer, known: Mapping[str, Feature]) -> None:
        self.blur, self.gazetteer, self.known = blur, gazetteer, dict(known)
        self._ids: dict[str, str] = {}
        self._spots: dict[str, str] = {}
        self.units: dict[str, str] = {}
        """The district or province in whose middle a point stands, by the point's id."""

    def feature_id(self, feature_id: str) -> str:
        """Return the id of a feature, or of the cell or district that it is lifted to."""
        if feature_id not in self._ids:
            feature = self._feature(feature_id)
            self._ids[feature_id] = self.cell(feature.lon, feature.lat) if feature and self._is_fine(feature) else feature_id
        return self._ids[feature_id]

    def recipe(self, recipe: Where) -> Where:
        """Return a recipe in which nothing is finer than the blur; one whose words fix less than a cell becomes the cell."""
        lifted = self._lifted(recipe)
        if isinstance(lifted, Named):
            return lifted
        shape = self._shape(lifted)
        if shape is None:
            shape = self._shape(recipe)
            return lifted if shape is None else Named(self.cell(shape.centroid.x, shape.centroid.y))
        return Named(self.cell(shape.centroid.x, shape.centroid.y)) if self._is_small(shape) else lifted

    def keeps_name(self, feature: Feature) -> bool:
        """Tell whether a name says no more than the blur allows: that of a town as wide as a cell, or of what is not lifted at all."""
        return self._wide(feature) >= (self.blur.km or DISTRICT_KM) or not self._is_fine(feature)

    def lifted(self) -> tuple[Feature, ...]:
        """Return the features lifted so far whose names say more than the blur allows."""
        found = (self._feature(name) for name, now in self._ids.items() if name != now)
        return tuple(feature for feature in found if feature is not None and not self.keeps_name(feature))

    def cell(self, lon: float, lat: float) -> str:
        """Return the id of the middle of the cell or district that holds a point in degrees.

        A district is a point too: who holds a village in it must not be painted as holding all of it.
        """
        if self.blur.km:
            return _cell(lon, lat, self.blur.km)
        district = self._district(lon, lat)
        return self._middle(district) if district else _cell(lon, lat, AT_SEA_KM)

    def unit(self, lon: float, lat: float) -> str:
        """Return the name of the province, or else the country, that holds a point; empty at sea."""
        inside = self._containing(lon, lat)
        return where.words(Named(inside[-1].id), self.gazetteer) if inside else ""

    def _feature(self, feature_id: str) -> Feature | None:
        if feature_id in self.known:
            return self.known[feature_id]
        try:
            return self.gazetteer.get(feature_id)
        except UnknownPlace:
            return None

    def _is_fine(self, feature: Feature) -> bool:
        """Whether a feature says more exactly where something is than the blur allows."""
        if feature.kind in _ALWAYS or feature.id.partition(":")[0] in _ALWAYS:
            return False
        if points.is_point(feature.id):
            return points.extent_km(feature.id) < _extent_km(self.blur.km or DISTRICT_KM)
        shape = self._shape(Named(feature.id), bare=True)
        if shape is None or shape.geom_type == "Point":
            return feature.kind != "region" and (feature.kind != "admin" or (self.blur.km or DISTRICT_KM) > UNIT_KM)
        return self._is_small(shape) and (bool(self.blur.km) or feature.kind != "admin" or feature.code not in _RANKS)

    def _wide(self, feature: Feature) -> float:
        """How many km wide a town is, by its people and its rank; 0 for anything else."""
        if feature.kind != "populated":
            return 0.0
        return max(math.sqrt(feature.population / PEOPLE_PER_KM2 * 4 / math.pi), CAPITAL_KM if feature.code in _CAPITALS else 0.0)

    def _is_small(self, shape: BaseGeometry) -> bool:
        least = self.blur.km or DISTRICT_KM
        if "Polygon" in shape.geom_type:
            return math.sqrt(area_km2(shape)) < least
        return "Line" not in shape.geom_type or length_km(shape) < least

    def _shape(self, recipe: Where, *, bare: bool = False) -> BaseGeometry | None:
        """The shape of a recipe; `bare`, that of a feature itself, a point for what the gazetteer knows as a point."""
        try:
            if bare and isinstance(recipe, Named):
                feature = self._feature(recipe.feature)
                if feature is not None and not feature.recipe:
                    return self.gazetteer.shape(feature)
            return where.geometry(recipe, self.gazetteer)
        except (GeometryError, UnknownPlace):
            return None

    def _lifted(self, recipe: Where) -> Where:
        if isinstance(recipe, Named):
            return Named(self.feature_id(recipe.feature))
        if isinstance(recipe, Point):
            return Named(self.cell(recipe.lon, recipe.lat))
        if isinstance(recipe, Box):
            middle = shapely.box(recipe.west, recipe.south, recipe.east, recipe.north).centroid
            return Named(self.cell(middle.x, middle.y)) if self._is_small(shapely.box(*_sides(recipe))) else _outwards(recipe, self.blur)
        if isinstance(recipe, Drawn):
            return self._drawn(recipe)
        parts = {field.name: self._value(getattr(recipe, field.name)) for field in fields(recipe)}
        if isinstance(recipe, Between | Union | Intersection):
            return type(recipe)(*next(iter(parts.values())))  # type: ignore[misc]
        return type(recipe)(**parts)

    def _drawn(self, area: Drawn) -> Where:
        """An area drawn by hand with its corners in the middles of their cells, without its name."""
        shape = self._shape(area)
        if shape is None or self._is_small(shape):
            return Named(self.cell(*area.ring[0]) if shape is None else self.cell(shape.centroid.x, shape.centroid.y))
        spots = [points.point(self.cell(lon, lat)) for lon, lat in area.ring]
        try:
            return drawn([(spot.lon, spot.lat) for spot in spots])
        except InputError:
            return Named(self.cell(shape.centroid.x, shape.centroid.y))

    def _value(self, value: object) -> object:
        if isinstance(value, Where):
            return self._lifted(value)
        if isinstance(value, tuple):
            return tuple(dict.fromkeys(self._value(part) for part in value)) if all(isinstance(p, str) for p in value) else tuple(
                self._value(part) for part in value
            )
        return self.feature_id(value) if isinstance(value, str) and ":" in value else value

    def _containing(self, lon: float, lat: float) -> tuple[Feature, ...]:
        containing = getattr(self.gazetteer, "containing", None)
        return containing(lon, lat) if containing else ()

    def _middle(self, unit: str) -> str:
        if unit not in self._spots:
            spot = shapely.point_on_surface(self.gazetteer.shape(unit))
            self._spots[unit] = points.point_id(round(spot.x, 3), round(spot.y, 3), radius_m=MIDDLE_M)
            self.units[self._spots[unit]] = unit
        return self._spots[unit]

    def _district(self, lon: float, lat: float) -> str:
        """The smallest unit of the first two ranks, with a shape, that holds a point."""
        spot = shapely.Point(lon, lat)
        near = getattr(self.gazetteer, "inner", self.gazetteer).near(lon, lat, radius_km=100, kinds={"admin"}, limit=60)
        units = [unit for unit, _ in near if unit.id.startswith("boundary:") and unit.code == "ADM2"]
        inside = [unit.id for unit in units if shapely.covers(self.gazetteer.shape(unit), spot)]
        return next(iter(inside), "") or next((unit.id for unit in reversed(self._containing(lon, lat))), "")


def _cell(lon: float, lat: float, km: float) -> str:
    """The middle of the cell that holds a point, with how far its corners are, as the id of a point."""
    high = km * 1000 / points.DEGREE_M
    row = math.floor(lat / high)
    middle = max(-90.0, min(90.0, (row + 0.5) * high))
    columns = max(1, round(360 / high * math.cos(math.radians(middle))))  # whole cells round the globe, so that none is cut at 180 degrees
    wide = 360 / columns
    column = (math.floor((lon % 360) / wide) % columns + 0.5) * wide
    digits = 2 if km >= 2 else 3
    return points.point_id(round((column + 180) % 360 - 180, digits), round(middle, digits), radius_m=1000 * COVERS * km)


def _extent_km(km: float) -> float:
    """How far a place may lie from the middle of its cell, as the id of the cell says it."""
    return points.extent_km(points.point_id(0.0, 0.0, radius_m=1000 * COVERS * km))


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.west, box.south, box.east if box.east > box.west else box.east + 360, box.north


def _outwards(box: Box, blur: Blur) -> Box:
    """A box whose sides lie on the grid, none of them inside the old one."""
    step = math.ceil(10 * (blur.km or DISTRICT_KM) * 1000 / points.DEGREE_M) / 10
    west, south = (math.floor(round(side / step, 6)) * step for side in (box.west, box.south))
    east, north = (math.ceil(round(side / step, 6)) * step for side in (box.east, box.north))
    return Box(max(-180.0, round(west, 6)), max(-90.0, round(south, 6)), min(180.0, round(east, 6)), min(90.0, round(north, 6)))

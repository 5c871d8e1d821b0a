"""Which ground a feature covers: stored shapes, the borders of a view, the units that hold a point, the land within a box.

All shapes are EPSG:4326. Countries are the union of their first-level units, and neighbours share their borders exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import UnknownPlace
from geo.handtables import Holdings, Routes
from geo.indexes import PlaceIndex

__all__ = ["Territory"]

_COAST_DEGREES = 0.05  # a point this close to a simplified border still lies in the unit
_KEPT_SHAPES = 512


class Territory:
    """The shapes of the indexes and of the lines of the hand-written tables, as a border view draws them.

    Examples
    --------
    >>> from geo.gazetteer import open_gazetteer
    >>> open_gazetteer().territory.units_at(36.63, 35.93)
    ('admin1:SY-ID',)
    """

    def __init__(self, indexes: Sequence[PlaceIndex], routes: dict[str, Routes], held: Holdings) -> None:
        self._indexes = indexes
        self._routes = routes
        self._held = held
        self.shape = lru_cache(maxsize=_KEPT_SHAPES)(self._shape)

    def units_at(self, lon: float, lat: float) -> tuple[str, ...]:
        """Return the ids of the first-level units that hold a point, the nearest first; a little off the coast still counts."""
        point = shapely.Point(lon, lat)
        near = self._boxes[1].query(point, predicate="dwithin", distance=_COAST_DEGREES)
        found = [(shapely.distance(self._stored(self._boxes[0][i]), point), self._boxes[0][i]) for i in near]
        return tuple(unit for distance, unit in sorted(found) if distance <= _COAST_DEGREES)

    def grounds(self) -> tuple[list[str], list[BaseGeometry]]:
        """Return the ids and the shapes of all first-level units, for who asks for many points at once."""
        return self._boxes[0], [self._stored(unit) for unit in self._boxes[0]]

    def land(self, west: float, south: float, east: float, north: float) -> BaseGeometry:
        """Return the land within a box in degrees; its edge at sea is the coast."""
        frame = shapely.box(west, south, east, north)
        pieces = [self._stored(self._boxes[0][i]) for i in self._boxes[1].query(frame)]
        clipped = [shapely.clip_by_rect(piece, west, south, east, north) for piece in pieces]
        return shapely.union_all([shapely.make_valid(piece) for piece in clipped if piece.area > 0])

    def units_of(self, code: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the country codes whose units count with a country in this view, and the units that it is given one by one."""
        codes = (code, *sorted(other for other, holder in self._held.countries.items() if holder == code and other != code))
        return codes, tuple(sorted(unit for unit, holder in self._held.units.items() if holder == code))

    def _shape(self, feature_id: str) -> BaseGeometry | None:
        """Return the shape of a feature, or None where there is none."""
        if routes := self._routes.get(feature_id):
            lines = [shapely.LineString(route) for route in routes]
            return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)
        wkb = self._wkb(feature_id)
        if wkb is None:
            return None
        shape = shapely.from_wkb(wkb)
        return self._as_held(feature_id.partition(":")[2], shape) if feature_id.startswith("country:") else shape

    def _as_held(self, code: str, shape: BaseGeometry) -> BaseGeometry:
        """Return a country's shape with what the view gives it and without what the view gives to others, or to nobody."""
        countries, units = self.units_of(code)
        gains = [f"country:{other}" for other in countries[1:]] + [f"admin1:{unit}" for unit in units]
        for gain in gains:
            shape = shape.union(self._stored(gain))
        lost = {f"admin1:{unit}" for unit, holder in self._held.units.items() if holder != code}
        parts = shapely.box(*shapely.bounds(shapely.get_parts(shape)).T)
        for unit, frame in zip(self._boxes[0], self._boxes[1].geometries, strict=True):
            if unit in lost and shapely.intersects(parts, frame).any() and shape.intersects(ground := self._stored(unit)):
                shape = shape.difference(ground)
        return shape

    def _stored(self, feature_id: str) -> BaseGeometry:
        wkb = self._wkb(feature_id)
        if wkb is None:
            raise UnknownPlace(f"The border views name {feature_id!r}, of which the boundaries hold no shape.")
        return shapely.from_wkb(wkb)

    def _wkb(self, feature_id: str) -> bytes | None:
        return next((wkb for index in self._indexes if (wkb := index.wkb(feature_id)) is not None), None)

    @cached_property
    def _boxes(self) -> tuple[list[str], shapely.STRtree]:
        """The ids of the first-level units, and a tree of their bounding boxes."""
        rows = [row for index in self._indexes for row in index.boxes("admin1:")]
        return [row[0] for row in rows], shapely.STRtree([shapely.box(*row[1:]) for row in rows])

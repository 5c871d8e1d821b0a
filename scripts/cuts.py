"""Cut areas out of first-level units along Natural Earth's disputed lines, so that a border view can give them to another state."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

__all__ = ["CUTS", "cut"]

Unit = tuple[dict[str, Any], BaseGeometry]
_GAP = 0.06  # degrees: a line that ends this close to the country's border is led on to it
# Each cut: the country, the names of the lines in Natural Earth's disputed_borders, a point of the area, and the new unit.
CUTS: tuple[tuple[str, tuple[str, ...], tuple[float, float], dict[str, str]], ...] = (
    (
        "IL",
        ("Syrian claim", "Lebanese claim"),
        (35.69, 32.99),
        {
            "iso_3166_2": "IL-Z-GOLAN",
            "name": "Golan Heights",
            "name_alt": "Golan|Israeli-occupied Golan Heights|Israeli-occupied Golan|Occupied Golan",
            "name_ar": "هضبة الجولان",
            "name_he": "רמת הגולן",
        },
    ),
    (
        "GE",
        ("Georgian claim",),
        (43.97, 42.23),
        {
            "iso_3166_2": "GE-X01",
            "name": "South Ossetia",
            "name_alt": "Tskhinvali Region|South Ossetian region",
            "name_ru": "Южная Осетия",
            "name_fr": "Ossétie du Sud",
        },
    ),
    (
        "MA",
        ("Western Saharan claim",),
        (-13.2, 27.15),
        {"iso_3166_2": "EH-X02", "name": "Western Sahara west of the berm", "name_alt": "Moroccan-held Western Sahara|Moroccan Sahara"},
    ),
)


def cut(units: list[Unit], disputed: Any) -> list[Unit]:
    """Return the units with the areas of CUTS as units of their own; a unit that lies wholly in an area stays as it is."""
    for country, names, seed, properties in CUTS:
        lines = shapely.union_all(disputed[disputed["name"].isin(names)].geometry.values)
        members = [i for i, (unit, _) in enumerate(units) if unit["iso_a2"] == country]
        area = _area(shapely.union_all([units[i][1] for i in members]), lines, shapely.Point(seed))
        taken = []
        for i in members:
            unit, polygon = units[i]
            share = polygon.intersection(area).area / polygon.area
            if 0.02 < share < 0.98:
                taken.append(_areal(polygon.intersection(area)))
                units[i] = (unit, _areal(polygon.difference(area)))
        if not taken:
            raise ValueError(f"The lines {names} cut nothing out of {country}.")
        of_country = units[members[0]][0]
        new = {
            **dict.fromkeys(of_country, ""),
            "iso_a2": country,
            "adm0_a3": of_country["adm0_a3"],
            "adm1_code": properties["iso_3166_2"],
            **properties,
        }
        units = [*units, (new, _areal(shapely.union_all(taken)))]
    return units


def _area(country: BaseGeometry, lines: BaseGeometry, seed: shapely.Point) -> BaseGeometry:
    """Return the part of a country that lies behind the lines and holds a seed."""
    border = country.boundary
    merged = shapely.line_merge(lines) if lines.geom_type == "MultiLineString" else lines
    bridges = []
    for part in shapely.get_parts(merged):
        for end in (shapely.get_point(part, 0), shapely.get_point(part, -1)):
            bridge = shapely.shortest_line(end, border)
            if 0 < bridge.length < _GAP:
                bridges.append(bridge)
    pieces = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(shapely.node(shapely.union_all([border, merged, *bridges]))))))
    found = [piece for piece in pieces if piece.contains(seed)]
    if len(found) != 1 or found[0].area > 0.5 * country.area:
        raise ValueError(f"The lines do not close an area round {seed.wkt}.")
    return found[0]


def _areal(shape: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(shapely.make_valid(shape)) if part.area > 1e-6]
    return shapely.union_all(parts)

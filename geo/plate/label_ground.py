"""The names that the report does not give but a reader needs: countries, seas and lakes, first-level units, towns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo import basemap, datafiles
from geo.plate.ground import zoom_of
from geo.plate.label_places import settings_of, within_area
from geo.plate.label_text import Block, Manner
from geo.plate.room import Candidate, Want

if TYPE_CHECKING:
    from geo.plate.scene import Scene

__all__ = ["NAMED_SHARE", "Lettered", "Town", "countries", "seas", "towns", "units", "water_of"]

NAMED_SHARE = 0.04
"""Share of the frame above which a country is always named."""

# Of the frame's area: a sea, a lake or a country that shows less is not named. Set by eye.
_LEAST_SEA, _LEAST_COUNTRY = 0.006, 0.0025
_RANK_COUNTRY, _RANK_SEA, _RANK_SMALL = 5.0, 6.0, 7.0
_SHRUNK = (1.0, 0.84, 0.7)  # sizes tried of a country's name
_LATER = 0.35  # zooms by which names of the basemap come earlier on paper than on a screen
_NUDGES = ((0.0, 0.0), (0.0, -1.6), (0.0, 1.6), (-3.0, 0.0), (3.0, 0.0), (0.0, -3.0), (0.0, 3.0))  # of a unit's name, in letters
_SPECK = 20.0  # square points: smaller islands stand in no sea's way
_LAKES = {"lake": 0.9, "sea": 1.0, "ocean": 1.25}
MOST_LAKE = 0.3  # of a letter's width over its lake's edge


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettered:
    """A name that wants a place, and its settings by the number that a candidate gives."""

    want: Want
    blocks: tuple[Block | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A town of the basemap on the page; `large` ones come before units' names."""

    name: str
    anchor: tuple[float, float]
    lon: float
    lat: float
    capital: bool
    large: bool


def countries(scene: Scene, avoid: BaseGeometry | None, hidden: BaseGeometry) -> Iterator[Lettered]:
    """Yield the names of the countries in the frame; those that show much must stand.

    Parameters
    ----------
    avoid
        What a name had better not cover, such as the zones of the report.
    hidden
        What furniture covers.
    """
    view, frame = scene.situation.view, scene.frame
    known = {row["name"] for row in basemap.names() if row["kind"] == "country" and view in (row["views"] or view).split("|")}
    whole = frame.width * frame.height
    for name, land in sorted(_countries(scene).items()):
        shape = shapely.difference(land, hidden)
        share = shape.area / whole
        if name not in known or share < _LEAST_COUNTRY:
            continue
        blocks = tuple(_country_settings(scene, name, share))
        candidates = within_area(blocks, shape, frame, avoid=avoid)
        kept = candidates if share >= NAMED_SHARE else _fitting(candidates, shape)
        must = share >= NAMED_SHARE
        yield Lettered(want=Want(name=name, rank=_RANK_COUNTRY - min(share, 0.9), candidates=kept, must=must), blocks=blocks)


def seas(scene: Scene, water: BaseGeometry) -> Iterator[Lettered]:
    """Yield the names of seas and lakes in the frame, on their water."""
    colours, letters = scene.preset["base"], scene.layout.letters
    whole = scene.frame.width * scene.frame.height
    for name, kind, shape in _waters(scene, water):
        if shape.area < _LEAST_SEA * whole:
            continue
        size = letters.sea * _LAKES[kind] * (1.0 if shape.area > 0.05 * whole else 0.84)
        manner = Manner(size=size, colour=colours["sea_label"], halo=colours["sea_halo"], halo_width=size * 0.16, italic=True, face="serif",
                        spacing=size * 0.05)
        smaller = replace(manner, size=max(size * 0.8, letters.small))
        blocks = (*settings_of(name, manner), *settings_of(name, smaller))
        candidates = _fitting(within_area(blocks, shape, scene.frame), water, MOST_LAKE)
        yield Lettered(want=Want(name=name, rank=_RANK_SEA - shape.area / whole, candidates=candidates), blocks=blocks)


def units(scene: Scene) -> Iterator[tuple[str, tuple[float, float], Want, tuple[Block | None, ...]]]:
    """Yield the names of first-level units in the frame with where they belong."""
    colours, letters, view = scene.preset["base"], scene.layout.letters, scene.situation.view
    zoom = zoom_of(scene.view) + _LATER + (0.7 if int(scene.preset["admin"]) > 1 else 0.0)
    manner = Manner(size=letters.unit_name, colour=colours["admin_label"], halo=colours["halo"], halo_width=letters.unit_name * 0.24,
                    italic=True, spacing=letters.unit_name * 0.04)
    every = (row for row in basemap.names() if row["kind"] == "admin1" and view in (row["views"] or view).split("|"))
    rows = [row for row in every if float(row["zoom"]) <= zoom]
    for row, (x, y) in zip(rows, _spots(scene, rows), strict=True):
        if not _inside(scene, x, y):
            continue
        blocks = settings_of(row["name"], manner)
        made = [
            Candidate(left=x + dx - text.width / 2, top=y + dy - text.height / 2, align="middle", setting=setting,
                      cost=math.hypot(dx, dy) / 40 + 0.2 * setting, width=text.width, height=text.height)
            for setting, text in enumerate(blocks) if text is not None
            for dx, dy in ((across * manner.size, down * manner.size) for across, down in _NUDGES)
        ]
        yield row["name"], (x, y), Want(name=row["name"], rank=8.0 - float(row["rank"]) / 1e4, candidates=tuple(made)), blocks


def towns(scene: Scene) -> tuple[Town, ...]:
    """Return the towns that the scale has room for, the most important first."""
    zoom = zoom_of(scene.view) + _LATER + 1.0
    rows = [row for row in basemap.town_rows(scene.bounds) if float(row["zoom"]) <= zoom]
    return tuple(
        Town(name=row["name"], anchor=(x, y), lon=float(row["lon"]), lat=float(row["lat"]), capital=row["capital"] == "1",
             large=float(row["zoom"]) <= min(6.0, zoom - 1.2) or row["capital"] == "1")
        for row, (x, y) in zip(rows, _spots(scene, rows), strict=True)
        if _inside(scene, x, y)
    )


def water_of(scene: Scene) -> BaseGeometry:
    """Return what of the frame is sea, in points of the page."""
    frame = scene.frame
    window = shapely.box(frame.x, frame.y, frame.x + frame.width, frame.y + frame.height)
    west, south, east, north = scene.bounds
    parts = []
    for turn in (-360.0, 0.0, 360.0):
        box = max(west - turn, -180.0), max(south, -90.0), min(east - turn, 180.0), min(north, 90.0)
        if box[0] < box[2] and box[1] < box[3]:
            found = basemap.outlines(box, tolerance=scene.km_per_point / 111.2)["land"]
            parts += [shapely.Polygon(rings[0], rings[1:]) for _, rings in found if len(rings[0]) > 3]
    least = _SPECK * (scene.km_per_point / 111.2) ** 2
    land = scene.view.to_page(shapely.MultiPolygon([part for part in parts if part.area > least]), margin=2.0, thin=0.7)
    return shapely.difference(window, shapely.union_all([_valid(part) for part in shapely.get_parts(land)]))


def _country_settings(scene: Scene, name: str, share: float) -> Iterator[Block | None]:
    colours, letters = scene.preset["base"], scene.layout.letters
    full = _in_full(scene, name)
    for called in dict.fromkeys((full, name)):
        for shrunk in _SHRUNK:
            size = max(letters.country * min(1.0, 0.66 + 1.6 * share) * shrunk, letters.small)
            manner = Manner(size=size, colour=colours["country_label"], halo=colours["halo"], halo_width=size * 0.22, weight=600,
                            spacing=size * 0.14)
            yield from settings_of(called.upper(), manner)[(called == full != name):]


def _in_full(scene: Scene, name: str) -> str:
    """A country's name without abbreviations, as the gazetteer has it."""
    if "." not in name:
        return name
    row = next(row for row in basemap.names() if row["kind"] == "country" and row["name"] == name)
    gazetteer = scene.situation.gazetteer
    inside = gazetteer.near(float(row["lon"]), float(row["lat"]), radius_km=100, kinds={"populated"}, limit=1)
    return gazetteer.get(f"country:{inside[0][0].country}").name if inside and inside[0][0].country else name


def _countries(scene: Scene) -> dict[str, BaseGeometry]:
    west, south, east, north = scene.bounds
    found: dict[str, list[BaseGeometry]] = {}
    for turn in (-360.0, 0.0, 360.0):
        box = max(west - turn, -180.0), max(south, -90.0), min(east - turn, 180.0), min(north, 90.0)
        if box[0] < box[2]:
            for name, shape in basemap.country_shapes(box).items():
                placed = scene.view.to_page(shape, thin=1.0)
                if not placed.is_empty:
                    found.setdefault(name, []).append(_valid(placed))
    return {name: parts[0] if len(parts) == 1 else shapely.union_all(parts) for name, parts in found.items()}


def _waters(scene: Scene, water: BaseGeometry) -> Iterator[tuple[str, str, BaseGeometry]]:
    """(name, kind, shape on the page) of seas and lakes: a sea's is the water inside the box of its name, less that of narrower seas."""
    boxes = {row["name"]: row for _, row in datafiles.rows("seas.csv")}
    named: dict[str, list[Mapping[str, str]]] = {}
    zoom = zoom_of(scene.view) + 1.0
    for row in basemap.names():
        if row["kind"] in _LAKES and float(row["zoom"]) <= zoom:
            named.setdefault(row["name"], []).append(row)
    taken: BaseGeometry = shapely.Polygon()
    for name in sorted(named, key=lambda name: (_degrees(boxes.get(name)), name)):
        kind = named[name][0]["kind"]
        around = [_sea_box(scene, boxes[name])] if name in boxes else [_disc(scene, row) for row in named[name]]
        shape = shapely.intersection(shapely.union_all(around), water)
        if kind == "lake":
            shape = shapely.union_all(around)
        elif not shape.is_empty:
            shape, taken = shapely.difference(shape, taken), shapely.union(taken, shape)
        if not shape.is_empty and shape.area > 0:
            yield name, kind, shape


def _degrees(row: Mapping[str, str] | None) -> float:
    return 1e6 if row is None else (float(row["east"]) - float(row["west"])) * (float(row["north"]) - float(row["south"]))


def _sea_box(scene: Scene, row: Mapping[str, str]) -> BaseGeometry:
    west, south, east, north = (float(row[edge]) for edge in ("west", "south", "east", "north"))
    return shapely.make_valid(scene.view.to_page(shapely.box(west, south, east if east > west else east + 360, north)))


def _disc(scene: Scene, row: Mapping[str, str]) -> BaseGeometry:
    """What lies round the point of a name, for lakes and for seas without a box."""
    x, y = scene.project(np.array([float(row["lon"])]), np.array([float(row["lat"])]))
    if not (np.isfinite(x[0]) and _inside(scene, float(x[0]), float(y[0]))):
        return shapely.Polygon()
    wide = scene.layout.letters.sea * (9.0 if row["kind"] != "lake" else 5.0)
    return shapely.box(float(x[0]) - wide, float(y[0]) - wide / 2, float(x[0]) + wide, float(y[0]) + wide / 2)


def _fitting(candidates: Sequence[Candidate], shape: BaseGeometry, over: float = 0.12) -> tuple[Candidate, ...]:
    """Those of which no more than a share lies outside an area."""
    if not candidates:
        return ()
    boxes = shapely.box(*np.array([one.edges for one in candidates]).T)
    inside = shapely.area(shapely.intersection(boxes, shape)) / shapely.area(boxes)
    return tuple(one for one, share in zip(candidates, inside, strict=True) if share >= 1 - over)


def _valid(shape: BaseGeometry) -> BaseGeometry:
    return shape if shape.is_valid else shapely.make_valid(shape)


def _spots(scene: Scene, rows: Sequence[Mapping[str, str]]) -> list[tuple[float, float]]:
    if not rows:
        return []
    lon = np.array([float(row["lon"]) for row in rows])
    lat = np.array([float(row["lat"]) for row in rows])
    middle = (scene.bounds[0] + scene.bounds[2]) / 2
    x, y = scene.project((lon - middle + 180) % 360 - 180 + middle, lat)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _inside(scene: Scene, x: float, y: float) -> bool:
    frame = scene.frame
    return frame.x < x < frame.x + frame.width and frame.y < y < frame.y + frame.height

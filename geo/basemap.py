"""What lies under the map: an offline vector basemap cut to a region, or tiles on request.

`data/basemap.zip` holds Natural Earth land, lakes, rivers and boundaries, GeoNames towns and a relief shading, packed small; `cut`
takes what one map needs: detail near the region, a coarse world beyond it. Coordinates are EPSG:4326, x = longitude.

Packed shapes are one stream of variable-length integers: the number of features; for each its class and number of rings; for each ring
the number of points and the zigzag steps between them, in units of 1 / `scale` degree.
"""

from __future__ import annotations

import base64
import csv
import functools
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo import relief
from geo.errors import DataError, InputError

__all__ = [
    "ADMIN", "ADMIN_FINE", "ATTRIBUTION", "BOUNDARY_NOTE", "COARSE_DEGREES", "COUNTRY", "DISPUTED", "FILE", "SCALE", "Shape",
    "country_shapes", "cut", "names", "outlines", "pack", "region", "shading", "town_rows", "towns", "unpack",
]

FILE = Path(__file__).parents[1] / "data" / "basemap.zip"

ATTRIBUTION = "Basemap: Natural Earth (public domain); towns: GeoNames (CC BY 4.0)"
BOUNDARY_NOTE = "Boundaries and names shown do not imply endorsement; disputed lines are dashed."

Shape = tuple[int, tuple[NDArray[np.int64], ...]]
"""A class and its rings or lines; each an array (n, 2) of whole units of 1 / `SCALE` degree."""

COUNTRY, ADMIN, ADMIN_FINE, DISPUTED = 0, 1, 2, 3
"""Classes of lines: between countries, between first-level units, between the smaller of these, and what is disputed."""

SCALE = 1000
"""Units in a degree: 0.001 degree is 111 m, under a pixel up to zoom 10."""

COARSE_SCALE = 100

COARSE_DEGREES = 50.0
"""A small picture wider than this is drawn from the coarse world."""

# How far detail reaches round the drawn features, as a share of their extent, and its bounds in degrees: set by eye on the seed report
# and on maps of one town and of a continent, so that one step of zooming out still shows detail and the HTML stays near 0.6 MB.
MARGIN, LEAST_DEGREES, MOST_DEGREES = 0.9, 5.0, 46.0

# Detail lines are thinned to this share of the region's width (a pixel of a 2,500-pixel picture), never finer than the file holds.
THINNING = 1 / 4000

# Towns carried into one map, most important first: more cannot be lettered on any screen at the zooms that the file serves.
MOST_TOWNS = 1500


def pack(shapes: Iterable[Shape]) -> bytes:
    """Pack shapes into bytes; `unpack` is the inverse.

    Examples
    --------
    >>> import numpy as np
    >>> [(kind, [ring.tolist() for ring in rings]) for kind, rings in unpack(pack([(2, (np.array([[36630, 35930], [36640, 35900]]),))]))]
    [(2, [[[36630, 35930], [36640, 35900]]])]
    """
    numbers: list[NDArray[np.int64]] = []
    count = 0
    for kind, rings in shapes:
        count += 1
        numbers.append(np.array([kind, len(rings)], dtype=np.int64))
        for ring in rings:
            steps = np.diff(np.asarray(ring, dtype=np.int64), axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
            zigzag = np.where(steps < 0, -2 * steps - 1, 2 * steps)
            numbers.extend((np.array([len(ring)], dtype=np.int64), zigzag.ravel()))
    return _varints(np.concatenate([np.array([count], dtype=np.int64), *numbers]))


def unpack(packed: bytes) -> tuple[Shape, ...]:
    """Unpack what `pack` made."""
    values = _from_varints(packed)
    shapes, at = [], 1
    for _ in range(int(values[0])):
        kind, number = int(values[at]), int(values[at + 1])
        at, rings = at + 2, []
        for _ in range(number):
            length = int(values[at])
            steps = values[at + 1 : at + 1 + 2 * length].reshape(-1, 2)
            rings.append(np.cumsum((steps >> 1) ^ -(steps & 1), axis=0))
            at += 1 + 2 * length
        shapes.append((kind, tuple(rings)))
    return tuple(shapes)


def region(bounds: Sequence[float]) -> tuple[float, float, float, float]:
    """Return the box (west, south, east, north, in degrees) in which a map of `bounds` needs detail.

    Examples
    --------
    >>> region((36, 35, 38, 37))
    (32.0, 31.0, 42.0, 41.0)
    """
    west, south, east, north = bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise InputError(f"The bounds {tuple(bounds)} are no box in degrees; give west, south, east, north with west <= east.")
    across = min(max((east - west) * (1 + 2 * MARGIN), 2 * LEAST_DEGREES), MOST_DEGREES * 1.4)
    up = min(max((north - south) * (1 + 2 * MARGIN), 2 * LEAST_DEGREES, across * 0.6), MOST_DEGREES)
    across = max(across, up * 0.9)
    x, y = (west + east) / 2, (south + north) / 2
    box = (max(x - across / 2, -180.0), max(y - up / 2, -84.0), min(x + across / 2, 180.0), min(y + up / 2, 84.0))
    return tuple(round(value, 1) for value in box)  # type: ignore[return-value]


def cut(bounds: Sequence[float], *, view: str = "de_jure", file: Path | None = None) -> dict[str, Any]:
    """Cut the basemap that a map of `bounds` needs, as a value that JSON can carry.

    Parameters
    ----------
    bounds
        West, south, east and north of what the map draws, in degrees.
    view
        Whose borders are named: de_facto, de_jure or neutral.

    Raises
    ------
    DataError
        If the basemap file is missing or damaged.
    """
    box, source = region(bounds), str(file or FILE)
    drawn = {**_drawn(source, box), "view": view, "labels": _named(source, box, tuple(bounds), view)}
    return {name: drawn[name] for name in _ORDER}


_ORDER = (
    "box", "scale", "coarseScale", "view", "land", "lakes", "lines", "rivers", "world", "worldLines", "towns", "labels", "relief",
)


@functools.lru_cache(maxsize=32)
def _named(source: str, box: tuple[float, float, float, float], bounds: tuple[float, ...], view: str) -> list[list[Any]]:
    data = _load(source)
    return _labels(data.labels, data, box, bounds, view)


@functools.lru_cache(maxsize=32)  # a map that is drawn again after a correction most often keeps its box
def _drawn(source: str, box: tuple[float, float, float, float]) -> Mapping[str, Any]:
    """What a box of the map holds, whatever its borders and wherever in it the reports are."""
    data, tolerance = _load(source), max((box[2] - box[0]) * THINNING, 0.0)
    return {
        "box": box,
        "scale": SCALE,
        "coarseScale": COARSE_SCALE,
        "land": _text(_clip(data.near("land", box), box, tolerance, areas=True, pad=0.02)),
        "lakes": _text(_clip(data.near("lakes", box), box, tolerance, areas=True)),
        "lines": _text(_clip(data.near("lines", box), box, tolerance)),
        "rivers": _text(_clip(data.near("rivers", box), box, tolerance)),
        "world": _text(data.shapes("world_land")),
        "worldLines": _text(data.shapes("world_lines")),
        "towns": _towns(data.towns, box),
        "relief": relief.picture(data.members, box),
    }


def outlines(
    box: Sequence[float], *, tolerance: float, coarse: bool | None = None
) -> dict[str, list[tuple[int, list[NDArray[np.float64]]]]]:
    """Return the land, lakes, rivers and lines of a box as (class, rings) in degrees, for a picture of it; a river's class is a zoom.

    Parameters
    ----------
    box
        West, south, east and north in degrees; of one that is wider than `COARSE_DEGREES` the coarse world is given, without its waters.
    tolerance
        How far a line may be off, in degrees.
    coarse
        Whether to give the coarse world whatever the width.
    """
    data = _load(str(FILE))
    coarse = box[2] - box[0] > COARSE_DEGREES if coarse is None else coarse
    names = {"land": "world_land", "lines": "world_lines"} if coarse else {kind: kind for kind in ("land", "lakes", "rivers", "lines")}
    made: dict[str, list[tuple[int, list[NDArray[np.float64]]]]] = {"land": [], "lakes": [], "rivers": [], "lines": []}
    for kind, name in names.items():
        shapes = data.whole(name, SCALE // COARSE_SCALE) if coarse else data.near(name, box)
        areas = kind in ("land", "lakes")
        thinned = shapely.simplify(_geometries(shapes, areas=areas), tolerance)
        if areas and not (sound := shapely.is_valid(thinned)).all():
            thinned[~sound] = shapely.make_valid(thinned[~sound], method="structure", keep_collapsed=False)
        for (number, _), cut_out in zip(shapes, shapely.clip_by_rect(thinned, *box), strict=True):
            parts = ([ring / SCALE for ring in _rings(part)] for part in shapely.get_parts(cut_out) if not part.is_empty)
            made[kind].extend((number, rings) for rings in parts if rings)
    return made


def shading(box: Sequence[float]) -> relief.Shading | None:
    """Return the relief of a box (west, south, east, north, in degrees); None where no imaging library is at hand."""
    return relief.shading(_load(str(FILE)).members, box)


def towns(box: Sequence[float]) -> Iterator[tuple[str, float, float]]:
    """Yield (name, lon, lat) of the towns in a box (west, south, east, north, in degrees), the most important first."""
    for row in _load(str(FILE)).towns:
        lon, lat = float(row["lon"]), float(row["lat"])
        if box[0] <= lon <= box[2] and box[1] <= lat <= box[3]:
            yield row["name"], lon, lat


def names() -> tuple[Mapping[str, str], ...]:
    """Return the names of countries, seas, lakes and first-level units as rows: name, kind, zoom, rank, lon, lat, views."""
    return tuple(_load(str(FILE)).labels)


def town_rows(box: Sequence[float]) -> Iterator[Mapping[str, str]]:
    """Yield the rows (name, lon, lat, zoom, capital) of the towns in a box (degrees; east may pass 180), the most important first."""
    for row in _load(str(FILE)).towns:
        lon, lat = float(row["lon"]), float(row["lat"])
        if box[1] <= lat <= box[3] and any(box[0] <= lon + turn <= box[2] for turn in (-360.0, 0.0, 360.0)):
            yield row


def country_shapes(box: Sequence[float]) -> dict[str, BaseGeometry]:
    """Return the coarse shapes of the countries that touch a box (west, south, east, north, in degrees), by name."""
    data = _load(str(FILE))
    called = {row: name for name, row in data.country_rows.items()}
    near = data.near("countries", box)
    parts: dict[str, list[BaseGeometry]] = {}
    for (number, _), shape in zip(near, shapely.make_valid(_geometries(near, areas=True)), strict=True):
        parts.setdefault(called[number], []).append(shape)
    return {name: shapely.union_all([one if one.is_valid else shapely.make_valid(one) for one in shapes]) for name, shapes in parts.items()}


class _Basemap:
    """The open basemap file; shapes are unpacked once each."""

    def __init__(self, path: str) -> None:
        try:
            with zipfile.ZipFile(path) as archive:
                self.members = {name: archive.read(name) for name in archive.namelist()}
        except FileNotFoundError as error:
            raise DataError(
                f"The basemap {path} is missing; run scripts/build_basemap.py or restore the file from the repository."
            ) from error
        except (zipfile.BadZipFile, OSError, zlib.error) as error:
            raise DataError(f"The basemap {path} is damaged ({error}); restore it from the repository.") from error
        self._shapes: dict[str, tuple[tuple[Shape, ...], NDArray[np.int64]]] = {}

    def shapes(self, name: str) -> tuple[Shape, ...]:
        return unpack(self.members[f"{name}.bin"])

    def whole(self, name: str, times: int) -> list[Shape]:
        """All shapes of a name, in units that many times finer."""
        return [(kind, tuple(ring * times for ring in rings)) for kind, rings in self.shapes(name)]

    @functools.cached_property
    def towns(self) -> list[dict[str, str]]:
        return self._table("towns.csv")

    @functools.cached_property
    def labels(self) -> list[dict[str, str]]:
        return self._table("labels.csv")

    @functools.cached_property
    def country_rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(json.loads(self.members["countries.json"]))}

    def near(self, name: str, box: Sequence[float]) -> list[Shape]:
        """The shapes whose bounds touch a box (west, south, east, north, in degrees)."""
        if name not in self._shapes:
            found = self.shapes(name)
            bounds = [np.r_[rings[0].min(axis=0), rings[0].max(axis=0)] if rings else np.zeros(4, dtype=np.int64) for _, rings in found]
            self._shapes[name] = found, np.array(bounds)
        shapes, bounds_of = self._shapes[name]
        west, south, east, north = (edge * SCALE for edge in box)
        touching = (bounds_of[:, 0] <= east) & (bounds_of[:, 2] >= west) & (bounds_of[:, 1] <= north) & (bounds_of[:, 3] >= south)
        return [shapes[index] for index in np.flatnonzero(touching)]

    def _table(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.members[name].decode("utf-8"))))


@functools.lru_cache(maxsize=2)
def _load(path: str) -> _Basemap:
    return _Basemap(path)


def _clip(shapes: Sequence[Shape], box: Sequence[float], tolerance: float, *, areas: bool = False, pad: float = 0.0) -> tuple[Shape, ...]:
    """Cut shapes to a box and thin them; `pad` lets areas overlap the coarse world, so that no seam shows."""
    edges = box[0] - pad, box[1] - pad, box[2] + pad, box[3] + pad
    clipped = shapely.clip_by_rect(shapely.simplify(_geometries(shapes, areas=areas), tolerance), *edges)
    return tuple(
        (kind, rings)
        for (kind, _), geometry in zip(shapes, clipped, strict=True)
        for part in shapely.get_parts(geometry)
        if (rings := _rings(part))
    )


def _geometries(shapes: Sequence[Shape], *, areas: bool) -> NDArray[np.object_]:
    made = np.empty(len(shapes), dtype=object)
    for number, (_, rings) in enumerate(shapes):
        lines = [ring / SCALE for ring in rings]
        made[number] = shapely.Polygon(lines[0], lines[1:]) if areas else shapely.MultiLineString(lines)
    return made


def _rings(part: BaseGeometry) -> tuple[NDArray[np.int64], ...]:
    lines = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part] if part.geom_type == "LineString" else []
    rounded = (np.rint(shapely.get_coordinates(line) * SCALE).astype(np.int64) for line in lines)
    distinct = tuple(ring[np.r_[True, np.any(np.diff(ring, axis=0) != 0, axis=1)]] for ring in rounded if len(ring))
    least = 4 if part.geom_type == "Polygon" else 2
    return tuple(ring for number, ring in enumerate(distinct) if len(ring) >= least) if distinct and len(distinct[0]) >= least else ()


def _text(shapes: Iterable[Shape]) -> str:
    return base64.b64encode(gzip.compress(pack(shapes), 9, mtime=0)).decode("ascii")


def _towns(rows: list[dict[str, str]], box: Sequence[float]) -> list[list[Any]]:
    """Towns as [name, lon, lat, least zoom, capital]: the whole world's largest, and those of the region; most important first."""
    inside = [row for row in rows if box[0] <= float(row["lon"]) <= box[2] and box[1] <= float(row["lat"]) <= box[3]][:MOST_TOWNS]
    known = {id(row) for row in inside}
    beyond = [row for row in rows if float(row["zoom"]) <= 4 and id(row) not in known]
    return [[row["name"], float(row["lon"]), float(row["lat"]), float(row["zoom"]), int(row["capital"])] for row in (*inside, *beyond)]


def _labels(rows: list[dict[str, str]], data: _Basemap, box: Sequence[float], bounds: Sequence[float], view: str) -> list[list[Any]]:
    """Labels as [name, kind, least zoom, rank, [[lon, lat], ...]]; a country cut by the frame gets a second place inside it."""
    chosen = []
    for row in rows:
        lon, lat = float(row["lon"]), float(row["lat"])
        inside = box[0] <= lon <= box[2] and box[1] <= lat <= box[3]
        if view not in (row["views"] or view).split("|") or (row["kind"] == "admin1" and not inside):
            continue
        spots = [[lon, lat]]
        if row["kind"] == "country":
            spots.extend(_spots_inside(row["name"], data, (box, bounds)))
        chosen.append([row["name"], row["kind"], float(row["zoom"]), float(row["rank"]), spots])
    return chosen


def _spots_inside(name: str, data: _Basemap, boxes: Iterable[Sequence[float]]) -> list[list[float]]:
    """Where a country's name can stand inside each box that cuts it."""
    spots, row = [], data.country_rows.get(name, -1)
    for box in boxes:
        near = [shape for shape in data.near("countries", box) if shape[0] == row]
        if not near:
            continue
        edges = shapely.box(box[0] - 0.3, box[1] - 0.3, box[2] + 0.3, box[3] + 0.3)
        pieces = shapely.intersection(shapely.make_valid(_geometries(near, areas=True)), edges)
        largest = max((part for part in shapely.get_parts(pieces) if part.geom_type == "Polygon"), key=lambda part: part.area, default=None)
        if largest is not None and not largest.is_empty:
            centre = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=0.2), 0)
            spots.append([round(centre.x, 2), round(centre.y, 2)])
    return spots


def _varints(values: NDArray[np.int64]) -> bytes:
    widths = np.maximum(1, np.ceil(np.log2(np.maximum(values, 1) + 1) / 7)).astype(np.int64)
    ends = np.cumsum(widths)
    out = np.zeros(int(ends[-1]), dtype=np.uint8)
    for place in range(int(widths.max())):
        some = widths > place
        more = np.where(widths[some] > place + 1, 128, 0)
        out[(ends - widths)[some] + place] = ((values[some] >> (7 * place)) & 127) | more
    return out.tobytes()


def _from_varints(packed: bytes) -> NDArray[np.int64]:
    octets = np.frombuffer(packed, dtype=np.uint8).astype(np.int64)
    last = octets < 128
    starts = np.flatnonzero(np.r_[True, last[:-1]])
    place = np.arange(len(octets)) - np.repeat(starts, np.diff(np.r_[starts, len(octets)]))
    return np.add.reduceat((octets & 127) << (7 * place), starts)

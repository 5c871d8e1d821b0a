"""What geoBoundaries publishes: the administrative areas of one level of one country, with their licence.

Runfola et al. (2020), geoBoundaries: a global database of political administrative boundaries, PLoS ONE 15(4): e0231866. Neighbours are
simplified apart there, so gaps and overlaps are closed here, country by country.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import DataError
from geo.index_writing import NewPlace, NewShape

__all__ = ["LEVELS", "Area", "Release", "area_rows", "area_shapes", "read_areas", "read_release", "release_url"]

LEVELS = ("ADM1", "ADM2", "ADM3", "ADM4", "ADM5")
MAX_FILE_BYTES = 600 << 20  # the largest country and level published, in full detail, has about 0.5 GB
_GAP = 0.01  # degrees; neighbours of geoBoundaries lie up to 1 km apart
_DETAIL = 0.001  # degrees (0.1 km): finer than any report speaks
_OLD_CRS = ("CRS84", "EPSG::4326", "EPSG:4326")


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Which file geoBoundaries offers for a country and level, and on which terms."""

    url: str
    licence: str
    source: str
    year: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area: its name, its ISO 3166-2 code if it has one ("SY-ID"), its id there, and its shape (EPSG:4326)."""

    name: str
    iso: str
    number: str
    shape: BaseGeometry


def release_url(iso3: str, level: str) -> str:
    """Return the address at which geoBoundaries describes its open release.

    Examples
    --------
    >>> release_url("SYR", "ADM2")
    'https://www.geoboundaries.org/api/current/gbOpen/SYR/ADM2/'
    """
    return f"https://www.geoboundaries.org/api/current/gbOpen/{iso3}/{level}/"


def read_release(file: Path) -> Release:
    """Return the release that an answer of geoBoundaries describes.

    Raises
    ------
    DataError
        The answer is no description of a release.
    """
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        found = found[0] if isinstance(found, list) and found else found
        url, licence = str(found["gjDownloadURL"]), _plain(found["boundaryLicense"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"The answer of geoBoundaries cannot be read ({error!r}); give --from with the GeoJSON file itself.") from error
    if not url.startswith(("https://", "http://")):
        raise DataError(f"geoBoundaries names {url[:80]!r} as its file, which is no address; give --from with the GeoJSON file itself.")
    source, year = _plain(found.get("boundarySource", "")), _plain(found.get("boundaryYearRepresented", ""))
    return Release(url=url, licence=licence, source=source, year=year)


def read_areas(file: Path, *, expected: str = "") -> tuple[Area, ...]:
    """Return the areas of a GeoJSON file of geoBoundaries, valid, without gaps between them.

    Parameters
    ----------
    file
        A FeatureCollection with the properties shapeName, shapeISO, shapeID, shapeGroup.
    expected
        The ISO 3166-1 alpha-3 code that shapeGroup must have.

    Raises
    ------
    DataError
        The file is none of these, holds another country, or coordinates that are no longitude and latitude.
    """
    if file.stat().st_size > MAX_FILE_BYTES:
        raise DataError(f"{file.name} has more than {MAX_FILE_BYTES >> 20} MB; give the simplified file of geoBoundaries.")
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
        features = read["features"]
        crs = str((read.get("crs") or {}).get("properties", {}).get("name", "CRS84"))
        found = [area for number, feature in enumerate(features, start=1) for area in _area(feature, number)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, shapely.errors.GEOSException) as error:
        raise DataError(f"{file.name} is no GeoJSON file of areas ({error!r:.100}); give one that geoBoundaries offers.") from error
    if not crs.endswith(_OLD_CRS):
        raise DataError(f"{file.name} is in {crs[:60]}; Salient takes longitude and latitude (EPSG:4326).")
    groups = {str(feature["properties"].get("shapeGroup") or "") for feature in features} - {""}
    if expected and groups and expected not in groups:
        raise DataError(f"{file.name} holds {', '.join(sorted(groups)[:3])}, not {expected}; give the file of that country.")
    if not found:
        raise DataError(f"{file.name} holds no area; give a file that geoBoundaries offers.")
    return _closed(found)


def area_rows(areas: Sequence[Area], *, prefix: str, level: str, country: str, units: Sequence[str]) -> Iterator[NewPlace]:
    """Yield a place for each area, with the first-level unit (`units`) that holds it."""
    for number, (area, unit) in enumerate(zip(areas, units, strict=True)):
        spot = area.shape.representative_point()
        own = f"{prefix}-{area.number}"
        yield NewPlace(-(number + 1), own, area.name, "admin", level, country, unit, 0, spot.x, spot.y, note=area.iso)


def area_shapes(areas: Iterable[Area], *, prefix: str) -> Iterator[NewShape]:
    """Yield the shape of each area."""
    for area in areas:
        west, south, east, north = area.shape.bounds
        yield NewShape(f"{prefix}-{area.number}", west, south, east, north, shapely.to_wkb(area.shape))


def _plain(words: object) -> str:
    """Words from outside as one short line."""
    return " ".join("".join(c if c.isprintable() and c not in "<>&" else " " for c in str(words)).split())[:160]


def _area(feature: Any, number: int) -> Iterator[Area]:
    """The area of one feature; a feature without a shape or a name is left out."""
    told = feature["properties"]
    name = str(told.get("shapeName") or told.get("name") or "").strip()
    if not name or feature.get("geometry") is None:
        return
    shape = shapely.from_geojson(json.dumps(feature["geometry"]))
    edges = shape.bounds
    if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        return
    if not all(map(math.isfinite, edges)) or edges[0] < -180.01 or edges[2] > 180.01 or edges[1] < -90.01 or edges[3] > 90.01:
        raise ValueError(f"feature {number} reaches to {edges}, off the globe")
    own = str(told.get("shapeID") or number)
    yield Area(name=name, iso=str(told.get("shapeISO") or ""), number="".join(c for c in own if c.isalnum()) or str(number), shape=shape)


def _closed(areas: Sequence[Area]) -> tuple[Area, ...]:
    """The areas valid, without gaps and overlaps, and no finer than is of use."""
    shapes = [_polygons(area.shape) for area in areas]
    closed = shapely.coverage_simplify(shapely.coverage_clean(shapes, gap_width=_GAP), _DETAIL)
    seen: set[str] = set()
    made = []
    for area, shape, own in zip(areas, closed, shapes, strict=True):
        shape = _polygons(shape)
        shape = own if shape.is_empty else shape
        if shape.is_empty or area.number in seen:
            continue
        seen.add(area.number)
        made.append(Area(name=area.name, iso=area.iso, number=area.number, shape=shape))
    return tuple(made)


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    """What of a shape is ground, valid."""
    valid = shape if shape.is_valid else shapely.make_valid(shape, method="structure", keep_collapsed=False)
    return shapely.union_all([part for part in shapely.get_parts(valid) if part.geom_type == "Polygon"])



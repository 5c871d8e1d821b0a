"""The real lines of numbered roads: from OpenStreetMap (an answer of Overpass, or a file of Geofabrik) or from Natural Earth.

The pieces of one number in one country become one road, however many ways a source cuts it into.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from geo.centrelines import centreline
from geo.errors import DataError
from geo.index_writing import NewPlace, NewShape

__all__ = ["OVERPASS", "Piece", "Road", "overpass_query", "read_overpass", "read_vector", "road_rows", "road_shapes", "roads_of"]

OVERPASS = "https://overpass-api.de/api/interpreter"
MAX_FILE_BYTES = 1 << 30  # an answer of Overpass is read in one piece; the main roads of France have 0.2 GB
MAX_NAMES = 6  # spoken names of one road that are kept
_DETAIL = 0.0003  # degrees (30 m)
_CLASSES = ("motorway", "trunk", "primary", "secondary")
_REF = re.compile(r"[A-Z]{0,3}[ -]?\d{1,4}[A-Z]?")  # M5, E 45, N-1, 42, P01
_LINES = frozenset({"LineString", "MultiLineString"})
_REF_FIELDS = ("ref", "label", "name")  # Geofabrik; Natural Earth (label, else name, holds the number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a road as its source has it: numbers ("M5;M45"), spoken name, country (a code, or empty) and line."""

    refs: str
    name: str
    country: str
    line: BaseGeometry


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """All of a numbered road in a country (ISO 3166-1 alpha-2); `line` is in EPSG:4326."""

    ref: str
    country: str
    names: tuple[str, ...]
    line: BaseGeometry

    @property
    def id(self) -> str:
        """The id, in the manner of data/roads.csv: road:sy-m5."""
        return f"road:{self.country.lower()}-{re.sub('[^a-z0-9]', '', self.ref.lower())}"


def overpass_query(country: str) -> bytes:
    """Return the query for the numbered main roads of a country (ISO 3166-1 alpha-2), as Overpass takes it.

    Examples
    --------
    >>> b"ISO3166-1" in overpass_query("SY")
    True
    """
    area = f'area["ISO3166-1"="{country}"][admin_level=2]->.land;'
    ways = f'way(area.land)["highway"~"^({"|".join(_CLASSES)})$"]["ref"];'
    return urlencode({"data": f"[out:json][timeout:300];{area}{ways}out tags geom qt;"}).encode()


def read_overpass(file: Path) -> tuple[Piece, ...]:
    """Return the ways of an answer of Overpass (out:json, geom).

    Raises
    ------
    DataError
        The file is no such answer, or Overpass says in it that it gave up.
    """
    if file.stat().st_size > MAX_FILE_BYTES:
        raise DataError(f"{file.name} has more than {MAX_FILE_BYTES >> 20} MB; give a shapefile of Geofabrik instead.")
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
        if "error" in str(read.get("remark", "")).lower():
            what = f"Overpass gave up ({str(read['remark'])[:120]})"
            raise DataError(f"{what}; try again later, or give --from with a shapefile of Geofabrik.")
        return tuple(piece for way in read["elements"] for piece in _way(way))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{file.name} is no answer of Overpass with lines ({error!r:.100}); ask it for out:json and geom.") from error


def read_vector(file: Path) -> tuple[Piece, ...]:
    """Return the pieces of a shapefile or GeoPackage: numbers in the field ref (Geofabrik), label or name (Natural Earth).

    Raises
    ------
    DataError
        The file cannot be read, has no such field, or is not in longitude and latitude.
    """
    try:
        told = pyogrio.read_info(file)
        fields = {str(name).lower(): str(name) for name in told["fields"]}
        refs = [fields[name] for name in _REF_FIELDS if name in fields]
        spoken, land = fields.get("name", ""), fields.get("sov_a3", "")
        if not refs:
            raise DataError(f"{file.name} has none of the fields {', '.join(_REF_FIELDS)}; give the roads of Geofabrik or Natural Earth.")
        if told.get("crs") and not str(told["crs"]).upper().endswith((":4326", "CRS84")):
            raise DataError(f"{file.name} is in {str(told['crs'])[:40]}; Salient takes longitude and latitude (EPSG:4326).")
        present = " OR ".join(f'"{name}" IS NOT NULL' for name in refs)
        columns = [*dict.fromkeys([*refs, *filter(None, (spoken, land))])]
        read, _, lines, values = pyogrio.raw.read(file, columns=columns, where=present)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FieldError, OSError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{file.name} cannot be read as lines ({str(error)[:100]}); give a shapefile with its .dbf and .shx.") from error
    table = dict(zip(map(str, read["fields"]), values, strict=True))
    return tuple(_pieces(table, refs, spoken, land, lines))


def roads_of(
    pieces: Iterable[Piece], *, country: str = "", ground: BaseGeometry | None = None, codes: Mapping[str, str]
) -> tuple[Road, ...]:
    """Return the roads that some pieces make, by country and number.

    Parameters
    ----------
    country
        The country of pieces that name none (ISO 3166-1 alpha-2); pieces of other countries are left out, if it is given.
    ground
        The area (EPSG:4326) beyond which nothing is kept.
    codes
        What the codes of the pieces stand for, as ISO 3166-1 alpha-2, where they are others.
    """
    lines: dict[tuple[str, str], list[BaseGeometry]] = defaultdict(list)
    names: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    if ground is not None:
        shapely.prepare(ground)
    for piece in pieces:
        land = codes.get(piece.country, piece.country) if piece.country else country
        if not land or (country and land != country) or (ground is not None and not ground.intersects(piece.line)):
            continue
        for ref in _refs(piece.refs):
            lines[land, ref].append(piece.line)
            names[land, ref][piece.name] += bool(piece.name)
    return tuple(
        Road(ref=ref, country=land, names=_names(ref, names[land, ref]), line=_joined(parts))
        for (land, ref), parts in sorted(lines.items(), key=lambda item: item[0])
    )


def road_rows(roads: Sequence[Road]) -> Iterator[NewPlace]:
    """Yield a place for each road, at the middle of its longest part."""
    for number, road in enumerate(roads, start=1):
        longest = max(shapely.get_parts(road.line), key=lambda part: part.length)
        spot = longest.interpolate(0.5, normalized=True)
        yield NewPlace(-number, road.id, road.ref, "road", "RD", road.country, "", 0, spot.x, spot.y, road.names)


def road_shapes(roads: Iterable[Road]) -> Iterator[NewShape]:
    """Yield the line of each road."""
    for road in roads:
        west, south, east, north = road.line.bounds
        yield NewShape(road.id, west, south, east, north, shapely.to_wkb(road.line))


def _way(way: Any) -> Iterator[Piece]:
    tags, points = way.get("tags") or {}, way.get("geometry") or []
    places = [(float(point["lon"]), float(point["lat"])) for point in points if point]
    if way.get("type") == "way" and tags.get("ref") and len(places) > 1:
        name = tags.get("name:en") or tags.get("int_name") or tags.get("name") or ""
        yield Piece(refs=str(tags["ref"]), name=str(name), country="", line=shapely.LineString(places))


def _pieces(table: Mapping[str, Any], refs: Sequence[str], spoken: str, land: str, lines: Any) -> Iterator[Piece]:
    for row, wkb in enumerate(lines):
        line = shapely.from_wkb(wkb) if wkb is not None else None
        if line is None or line.is_empty or line.geom_type not in _LINES:
            continue
        number = next((str(value) for name in refs if (value := table[name][row]) and _refs(str(value))), "")
        name = str(table[spoken][row] or "") if spoken else ""
        if number:
            country = str(table[land][row] or "") if land else ""
            yield Piece(refs=number, name="" if name == number else name, country=country, line=shapely.force_2d(line))


def _refs(written: str) -> tuple[str, ...]:
    """The numbers of a way: "M5; E 45" -> M5, E45."""
    found = (part.strip().upper() for part in re.split(r"[;,/]", written))
    return tuple(dict.fromkeys(re.sub("[ -]", "", part) for part in found if _REF.fullmatch(part)))


def _names(ref: str, spoken: Counter[str]) -> tuple[str, ...]:
    dashed = re.sub(r"(?<=[A-Z])(?=\d)", "-", ref)
    usual = [dashed, f"{ref} highway", f"{ref} motorway", f"{ref} road"] if ref[0].isalpha() else [f"Highway {ref}", f"Route {ref}"]
    common = [name for name, _ in spoken.most_common(MAX_NAMES) if name and len(name) <= 60 and "|" not in name]
    return tuple(name for name in dict.fromkeys((*usual, *common)) if name != ref)


def _joined(parts: Sequence[BaseGeometry]) -> BaseGeometry:
    return shapely.simplify(centreline(parts), _DETAIL)

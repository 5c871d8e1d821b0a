"""What a map file holds: GeoJSON, KML, KMZ, GeoPackage and shapefile (zipped or not), told by content and not by name.

Only these are read, each by a reader that fetches nothing and opens no other file than the parts of a shapefile; everything comes out
in EPSG:4326, flat.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from geo import archives
from geo.errors import InputError
from geo.kml import read_kml
from geo.names import usable

__all__ = ["LARGEST_MB", "MapFile", "read_map"]

LARGEST_MB = 100  # of a map, packed or unpacked: the border of Ukraine's front of one day has 2
MOST_FEATURES = 200_000
_ALLOWED = "give a map as GeoJSON, KML, KMZ, GeoPackage or shapefile (zipped with its parts)"
_SHAPEFILE = b"\x00\x00\x27\x0a"
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_GEOMETRIES = ("Polygon", "MultiPolygon", "GeometryCollection")
_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MapFile:
    """The features of a map file, in EPSG:4326 and flat; what had to be done for that, in `notes`."""

    frame: gpd.GeoDataFrame
    kind: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which layer of a GeoPackage is read."""

    layer: str
    prefer: tuple[str, ...]
    any_shape: bool


def read_map(path: str | Path, *, layer: str = "", prefer: tuple[str, ...] = ("zones",), any_shape: bool = False) -> MapFile:
    """Read a map file.

    Parameters
    ----------
    path
        The file; what it is follows from its content.
    layer
        Which layer of a GeoPackage; not needed where only one has areas, or one bears a name in `prefer`.
    any_shape
        Whether the layers of a GeoPackage with points and lines alone count as well.

    Raises
    ------
    InputError
        The file is missing, too large, damaged, or no map of these kinds.
    DataError
        An archive that points out of itself, or unpacks to more than it should.
    """
    file = _file(Path(path))
    with tempfile.TemporaryDirectory(prefix="salient-") as folder:
        made = _read(file, file.name, _Wanted(layer, prefer, any_shape), Path(folder))
    if made.frame.empty or made.frame.geometry.isna().all():
        raise InputError(f"{file} holds no shapes; {_ALLOWED}.")
    return made


def _file(file: Path) -> Path:
    if not file.exists():
        raise InputError(f"There is no file {file}; {_ALLOWED}.")
    if not file.is_file():
        raise InputError(f"{file} is not a file; {_ALLOWED}.")
    size = file.stat().st_size
    if size == 0:
        raise InputError(f"{file} is empty; {_ALLOWED}.")
    if size > LARGEST_MB * 1_000_000:
        raise InputError(f"{file} is larger than {LARGEST_MB} MB; simplify the map or cut it to the area that you need.")
    return file


def _read(file: Path, name: str, wanted: _Wanted, folder: Path) -> MapFile:
    with file.open("rb") as stream:
        head = stream.read(512)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"PK") and archives.is_zip(file):
        return _unzipped(file, wanted, folder)
    if head.startswith(b"SQLite format 3\x00"):
        return _geopackage(file, name, wanted)
    if head.startswith(_SHAPEFILE):
        return _shapefile(file, name)
    if start.startswith(b"{"):
        return _geojson(file.read_bytes(), name)
    if start.startswith(b"<"):
        return _kml(file.read_bytes(), name)
    raise InputError(f"{name} is no map that Salient can read; {_ALLOWED}.")


def _unzipped(file: Path, given: _Wanted, folder: Path) -> MapFile:
    """Read the one map in an archive; its members go to names of our own in a folder of our own."""
    names = [name for name in archives.members(file) if not PurePosixPath(name).name.startswith(("._", "."))]
    found = [name for suffix in (".kml", ".shp", ".gpkg", ".geojson", ".json") for name in names if name.lower().endswith(suffix)]
    main = next((name for name in found if PurePosixPath(name).name.lower() == "doc.kml"), found[0] if found else "")
    if not main:
        raise InputError(f"{file.name} is an archive without a map in it (it holds {', '.join(names[:4]) or 'nothing'}); {_ALLOWED}.")
    kinds = {PurePosixPath(name).suffix.lower() for name in found}
    alike = [name for name in found if PurePosixPath(name).suffix.lower() == PurePosixPath(main).suffix.lower()]
    if len(kinds) > 1 or (len(alike) > 1 and PurePosixPath(main).name.lower() != "doc.kml"):
        raise InputError(f"{file.name} holds more than one map ({', '.join(found[:4])}); unpack it and give one of them.")
    stem, suffix = main.rpartition(".")[0], PurePosixPath(main).suffix.lower()
    wanted = [name for name in names if name.rpartition(".")[0] == stem and PurePosixPath(name).suffix.lower() in _PARTS]
    left = LARGEST_MB * 1_000_000
    for member in wanted if suffix == ".shp" else [main]:
        left = _unpack(file, member, folder / f"map{PurePosixPath(member).suffix.lower()}", left)
    return _read(folder / f"map{suffix}", f"{PurePosixPath(main).name} in {file.name}", given, folder)


def _unpack(file: Path, name: str, target: Path, left: int) -> int:
    with archives.member(file, name) as stream, target.open("wb") as out:
        while chunk := stream.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise InputError(f"{file.name} unpacks to more than {LARGEST_MB} MB; simplify the map or cut it to the area that you need.")
            out.write(chunk)
    return left


def _geojson(data: bytes, name: str) -> MapFile:
    try:
        given = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is not GeoJSON that can be read ({_line(error)}); export the map again.") from error
    kind = given.get("type") if isinstance(given, dict) else None
    features = given.get("features") if kind == "FeatureCollection" else [given] if kind == "Feature" else None
    if kind in _GEOMETRIES:
        features = [{"geometry": given}]
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise InputError(f"{name} is JSON but no FeatureCollection of GeoJSON (its type is {str(kind)[:30]!r}); {_ALLOWED}.")
    _count(len(features), name)
    said = [feature.get("properties") or {} for feature in features]
    if not all(isinstance(values, dict) for values in said):
        raise InputError(f"{name} has a feature whose properties are no object; export the map again.")
    shapes = [_from_geojson(feature.get("geometry"), number, name) for number, feature in enumerate(features, start=1)]
    said = [{usable(key): usable(one) if isinstance(one, str) else one for key, one in values.items()} for values in said]
    columns = dict.fromkeys(key for values in said for key in values if key != "geometry")
    table = {key: [_plain(values.get(key)) for values in said] for key in columns}
    code = _crs_of(given, name)
    try:
        return _finished(gpd.GeoDataFrame(table, geometry=shapes, crs=code), "GeoJSON", name)
    except RuntimeError as error:  # pyproj's CRSError
        raise InputError(f"{name} names the CRS {code}, which is not known; transform the map to EPSG:4326.") from error


def _from_geojson(shape: object, number: int, name: str) -> Any:
    if shape is None:
        return None
    try:
        return shapely.from_geojson(json.dumps(_closed(shape)))
    except (shapely.errors.ShapelyError, TypeError, ValueError, RecursionError) as error:
        raise InputError(f"{name}, feature {number}: the geometry cannot be read ({_line(error)}); export the map again.") from error


def _closed(shape: object) -> object:
    """Return a geometry whose open rings are closed; rings of fewer than three corners are left out."""
    found = shape.get("coordinates") if isinstance(shape, dict) else None
    if not isinstance(shape, dict) or shape.get("type") not in ("Polygon", "MultiPolygon") or not isinstance(found, list):
        return shape
    areas = [found] if shape["type"] == "Polygon" else found
    made = [[ring if ring[:1] == ring[-1:] else [*ring, ring[0]] for ring in area if not _is_short(ring)] for area in areas]
    made = [area for area in made if area]
    return {"type": "MultiPolygon", "coordinates": made} if len(made) != 1 else {"type": "Polygon", "coordinates": made[0]}


def _is_short(ring: Any) -> bool:
    return len(ring) < 3 and all(isinstance(point, list) for point in ring)


def _crs_of(given: dict[str, Any], name: str) -> str:
    """Return the CRS of a GeoJSON: EPSG:4326 (RFC 7946) unless the file is of the older kind that names one."""
    named = given.get("crs")
    if not isinstance(named, dict):
        return "EPSG:4326"
    said = str((named.get("properties") or {}).get("name", "")) if isinstance(named.get("properties"), dict) else ""
    if not said.strip() or "CRS84" in said:
        return "EPSG:4326"
    code = said.upper().rpartition("EPSG")[2].strip(":/ ").rpartition(":")[2]
    if not code.isdigit():
        raise InputError(f"{name} names the CRS {said[:60]!r}, which is not known; transform the map to EPSG:4326.")
    return f"EPSG:{code}"


def _kml(data: bytes, name: str) -> MapFile:
    marks = read_kml(data, source=name)
    _count(len(marks), name)
    columns = dict.fromkeys(key for said, _ in marks for key in said if key != "geometry")
    table = {key: [said.get(key, "") for said, _ in marks] for key in columns}
    return _finished(gpd.GeoDataFrame(table, geometry=[shape for _, shape in marks], crs=4326), "KML", name)


def _geopackage(file: Path, name: str, wanted: _Wanted) -> MapFile:
    layer = wanted.layer
    try:
        listed = [(str(title), str(kind or "")) for title, kind in pyogrio.list_layers(file)]
    except pyogrio.errors.DataSourceError as error:
        raise InputError(f"{name} cannot be read as a GeoPackage ({_line(error)}); export the map again.") from error
    titles = [title for title, kind in listed if kind]
    if layer and layer not in titles:
        raise InputError(f"{name} has no layer {layer!r} with shapes; its layers are {', '.join(titles) or 'none'}.")
    areas = [
        title for title, kind in listed
        if "Polygon" in kind or kind in ("Unknown", "GeometryCollection") or (wanted.any_shape and kind)
    ]
    chosen = layer or next((title for title in wanted.prefer if title in areas), "") or (areas[0] if len(areas) == 1 else "")
    if not chosen:
        raise InputError(f"{name} has the layers {', '.join(titles) or 'none'}; say which one holds the areas.")
    return _finished(_ogr(file, name, layer=chosen), "GeoPackage", name)


def _shapefile(file: Path, name: str) -> MapFile:
    beside = {path.suffix.lower() for path in file.parent.glob(f"{file.stem}.*")}
    missing = [part for part in (".shx", ".dbf") if part not in beside]
    if missing:
        raise InputError(f"{name} lacks its part {' and '.join(missing)}; give the shapefile whole, best as one zip.")
    return _finished(_ogr(file, name), "shapefile", name)


def _ogr(file: Path, name: str, **options: Any) -> gpd.GeoDataFrame:
    try:
        count = pyogrio.read_info(file, **options)["features"]
        _count(int(count), name)
        frame = pyogrio.read_dataframe(file, **options)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError,
            shapely.errors.ShapelyError, ValueError) as error:
        raise InputError(f"{name} cannot be read ({_line(error)}); export the map again.") from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError(f"{name} holds a table without shapes; {_ALLOWED}.")
    return frame


def _finished(frame: gpd.GeoDataFrame, kind: str, name: str) -> MapFile:
    """Return the features in EPSG:4326, flat, with a note on each thing that was done to them."""
    notes = []
    shapes = frame.geometry.to_numpy()
    raised = int(shapely.has_z(shapes).sum())
    if raised:
        frame = frame.set_geometry(shapely.force_2d(shapes), crs=frame.crs)
        notes.append(f"{raised} of {len(frame)} shapes had heights, which were left away.")
    if frame.crs is None:
        if not _in_degrees(frame):
            raise InputError(f"{name} does not say its CRS and its coordinates are no degrees; give it with its CRS (the .prj file).")
        frame = frame.set_crs(4326)
        notes.append("The file does not say its CRS; its coordinates were taken as longitude and latitude (EPSG:4326).")
    elif frame.crs.to_epsg() != 4326:
        try:
            notes.append(f"The coordinates were transformed from {frame.crs.name} to EPSG:4326.")
            frame = frame.to_crs(4326)
        except (ValueError, RuntimeError) as error:
            raise InputError(f"{name} cannot be transformed to EPSG:4326 ({_line(error)}); transform it and give it again.") from error
    if not _in_degrees(frame):
        raise InputError(f"{name} has coordinates beyond 180 and 90 degrees; name its CRS, or transform it to EPSG:4326.")
    return MapFile(frame=frame.reset_index(drop=True), kind=kind, notes=tuple(notes))


def _in_degrees(frame: gpd.GeoDataFrame) -> bool:
    found = shapely.get_coordinates(frame.geometry.to_numpy())
    if not np.isfinite(found).all():
        return False
    return bool((np.abs(found) <= np.array([180.01, 90.01])).all())


def _count(features: int, name: str) -> None:
    if features > MOST_FEATURES:
        raise InputError(f"{name} has {features:,} features; Salient reads maps of up to {MOST_FEATURES:,}.")


def _plain(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:120]

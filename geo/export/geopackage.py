"""What an OGC GeoPackage is made of: typed layers with a spatial index, tables, and the styles that QGIS opens them with.

Written with SQLite alone, after the GeoPackage Encoding Standard (OGC 12-128r18, version 1.3): its system tables, the binary form of
geometry, and the extension for R-trees. The same layers give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import errno
import json
import math
import os
import re
import sqlite3
import struct
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import InputError

__all__ = ["APPLICATION_ID", "TYPES", "USER_VERSION", "Style", "Table", "stamp", "write_tables"]

APPLICATION_ID = 0x47504B47
"""In the header of every GeoPackage: "GPKG"."""

USER_VERSION = 10300
"""In the header: the version of the standard, 1.3.0."""

TYPES = ("BOOLEAN", "INTEGER", "REAL", "TEXT", "DATE", "DATETIME")
"""Of columns."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
_OLDEST = "2000-01-01T00:00:00.000Z"  # where nothing says when
_SRS = (
    ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian coordinate reference system"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
    (
        "WGS 84 geodetic", 4326, "EPSG", 4326,
        'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],'
        'PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
        'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
        "longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid",
    ),
)
_SYSTEM = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL,
  m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"""
# The triggers that the standard asks of a layer with a spatial index: one keeps the index for each kind of change of a row.
_FULL, _BARE = "({0}.geom NOTNULL AND NOT ST_IsEmpty({0}.geom))", "({0}.geom ISNULL OR ST_IsEmpty({0}.geom))"
_ENTER = "INSERT OR REPLACE INTO {tree} VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom))"
_LEAVE = "DELETE FROM {tree} WHERE id = OLD.fid"
_SAME, _MOVED = "OLD.fid = NEW.fid AND ", "OLD.fid != NEW.fid AND "
_TRIGGERS = (
    ("insert", "INSERT ON {table}", _FULL.format("NEW"), _ENTER),
    ("update1", "UPDATE OF geom ON {table}", _SAME + _FULL.format("NEW"), _ENTER),
    ("update2", "UPDATE OF geom ON {table}", _SAME + _BARE.format("NEW"), _LEAVE),
    ("update3", "UPDATE ON {table}", _MOVED + _FULL.format("NEW"), _LEAVE + "; " + _ENTER),
    ("update4", "UPDATE ON {table}", _MOVED + _BARE.format("NEW"), "DELETE FROM {tree} WHERE id IN (OLD.fid, NEW.fid)"),
    ("delete", "DELETE ON {table}", "OLD.geom NOTNULL", _LEAVE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How QGIS draws a layer: its QML, and the same as far as an SLD can say it."""

    name: str
    qml: str
    sld: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A layer or table: `columns` are (name, one of `TYPES`), rows are values by column.

    `shape` is "POINT", "MULTILINESTRING" or "MULTIPOLYGON" for a layer, whose rows have their shape (EPSG:4326, or None) under
    "geometry"; empty for a table without shapes.
    """

    name: str
    title: str
    description: str
    columns: tuple[tuple[str, str], ...]
    rows: Sequence[Mapping[str, Any]]
    shape: str = ""
    style: Style | None = None


def write_tables(tables: Iterable[Table], path: Path, *, last_change: str) -> None:
    """Write layers and tables as a new GeoPackage; the file must not exist.

    Raises
    ------
    InputError
        A name cannot be that of a table or column, two tables share one, or a shape is of another type than its layer.
    OSError
        The file cannot be written, or the disk is full.
    """
    made = tuple(tables)
    _check(made)
    try:
        _write_all(made, path, last_change)
    except sqlite3.OperationalError as error:
        raise OSError(errno.EIO, str(error)) from error


def _write_all(made: Sequence[Table], path: Path, last_change: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript("PRAGMA page_size = 4096; PRAGMA journal_mode = MEMORY; PRAGMA auto_vacuum = NONE;")
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {USER_VERSION}")
        database.execute("BEGIN")
        for statement in filter(str.strip, _SYSTEM.split(";\n")):
            database.execute(statement)
        database.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", _SRS)
        for table in made:
            _write(database, table, last_change)
        _write_styles(database, made, last_change)
        database.execute("COMMIT")
        database.execute("VACUUM")


def stamp(day: dt.date | None = None) -> str:
    """Return the time of change that a GeoPackage states: that of OGR_CURRENT_DATE where it is set, else the day of its content.

    Raises
    ------
    InputError
        If OGR_CURRENT_DATE is no time as the standard writes it.

    Examples
    --------
    >>> stamp(dt.date(2020, 3, 5))
    '2020-03-05T00:00:00.000Z'
    """
    given = os.environ.get("OGR_CURRENT_DATE", "")
    if given and not _STAMP.fullmatch(given):
        raise InputError(f"OGR_CURRENT_DATE is {given[:40]!r}; write it as 2020-03-05T00:00:00.000Z, or leave it unset.")
    return given or (f"{day.isoformat()}T00:00:00.000Z" if day else _OLDEST)


def _check(tables: Sequence[Table]) -> None:
    names = [table.name for table in tables]
    for name in [*names, *(column for table in tables for column, _ in table.columns)]:
        if not _NAME.fullmatch(name) or name.startswith(("gpkg_", "rtree_", "sqlite_")) or name in ("fid", "geom"):
            raise InputError(f"{name[:60]!r} cannot be the name of a table or column; take small letters, digits and _.")
    if len(set(names)) < len(names):
        raise InputError(f"Two tables bear one name among {', '.join(names)}.")


def _write(database: sqlite3.Connection, table: Table, last_change: str) -> None:
    names = [name for name, _ in table.columns]
    geometry = [f"geom {table.shape}"] if table.shape else []
    columns = ["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", *geometry, *(f'"{name}" {kind}' for name, kind in table.columns)]
    database.execute(f"CREATE TABLE {table.name} ({', '.join(columns)})")
    shapes = [_typed(row["geometry"], table) for row in table.rows] if table.shape else []
    box = _extent(shapes)
    database.execute(
        "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (table.name, "features" if table.shape else "attributes", table.title, table.description, last_change, *box,
         4326 if table.shape else None),
    )
    if table.shape:
        database.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, 4326, 0, 0)", (table.name, table.shape))
    marks = ", ".join("?" * (len(names) + (2 if table.shape else 1)))
    values = [[_value(row.get(name), kind) for name, kind in table.columns] for row in table.rows]
    lead: list[list[Any]] = [[number] for number in range(1, len(values) + 1)]
    if table.shape:
        lead = [[*key, _binary(shape)] for key, shape in zip(lead, shapes, strict=True)]
    database.executemany(f"INSERT INTO {table.name} VALUES ({marks})", [[*key, *row] for key, row in zip(lead, values, strict=True)])
    if table.shape:
        _index(database, table.name, shapes)


def _index(database: sqlite3.Connection, name: str, shapes: Sequence[BaseGeometry | None]) -> None:
    tree = f"rtree_{name}_geom"
    database.execute(f"CREATE VIRTUAL TABLE {tree} USING rtree(id, minx, maxx, miny, maxy)")
    boxes = [(number, *shape.bounds) for number, shape in enumerate(shapes, 1) if shape is not None]
    database.executemany(f"INSERT INTO {tree} VALUES (?, ?, ?, ?, ?)", [(n, w, e, s, north) for n, w, s, e, north in boxes])
    database.execute(
        "INSERT INTO gpkg_extensions VALUES "
        "(?, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')", (name,),
    )
    for suffix, event, when, action in _TRIGGERS:
        on, does = event.format(table=name), action.format(tree=tree)
        database.execute(f"CREATE TRIGGER {tree}_{suffix} AFTER {on} WHEN {when} BEGIN {does}; END")


def _write_styles(database: sqlite3.Connection, tables: Sequence[Table], last_change: str) -> None:
    """Write the table in which QGIS keeps the styles of a GeoPackage; it opens a layer with the one that is its default."""
    styled = [table for table in tables if table.style]
    if not styled:
        return
    database.execute(
        "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256), "
        "f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, "
        "description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"
    )
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) VALUES "
        "('layer_styles', 'attributes', 'layer_styles', 'How QGIS draws the layers', ?)", (last_change,),
    )
    for table in styled:
        assert table.style
        database.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, "
            "useAsDefault, description, owner, update_time) VALUES ('', '', ?, 'geom', ?, ?, ?, 1, ?, '', ?)",
            (table.name, table.style.name[:30], table.style.qml, table.style.sld, table.title, last_change),
        )


def _typed(shape: BaseGeometry | None, table: Table) -> BaseGeometry | None:
    """The shape as its layer holds it: flat, and a collection of one part where the layer is of collections."""
    if shape is None or shape.is_empty:
        return None
    flat = shapely.force_2d(shape)
    if table.shape.startswith("MULTI") and not flat.geom_type.startswith("Multi"):
        flat = {"MULTIPOLYGON": shapely.MultiPolygon, "MULTILINESTRING": shapely.MultiLineString}[table.shape]([flat])
    if flat.geom_type.upper() != table.shape:
        raise InputError(f"The layer {table.name} is of {table.shape} and cannot hold a {shape.geom_type}.")
    return flat


def _binary(shape: BaseGeometry | None) -> bytes | None:
    """The standard's form of a geometry: a header of eight bytes, its box, and well-known binary, all little-endian."""
    if shape is None:
        return None
    west, south, east, north = shape.bounds
    point = shape.geom_type == "Point"
    head = struct.pack("<2sBBi", b"GP", 0, 0b0000_0001 if point else 0b0000_0011, 4326)
    box = b"" if point else struct.pack("<4d", west, east, south, north)
    made: bytes = head + box + shapely.to_wkb(shape, byte_order=1, include_srid=False, flavor="iso")
    return made


def _extent(shapes: Sequence[BaseGeometry | None]) -> tuple[float | None, ...]:
    known = [shape for shape in shapes if shape is not None]
    return tuple(map(float, shapely.total_bounds(known))) if known else (None,) * 4


def _value(value: Any, kind: str) -> Any:
    """A value as its column holds it: no NaN, no NUL (at which readers cut a text), lists as JSON."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple | dict):
        value = json.dumps(value, ensure_ascii=False, default=_plain)
    elif hasattr(value, "item"):
        value = value.item()
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if kind == "BOOLEAN":
        return int(bool(value))
    if kind in ("INTEGER", "REAL"):
        return int(value) if kind == "INTEGER" else float(value)
    if kind == "DATE":
        return str(value) or None
    return str(value).replace("\x00", "")


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)

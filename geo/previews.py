"""What a written file holds, in its first rows: so that somebody sees what they take away before they take it."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

import pandas as pd

__all__ = ["MOST_ROWS", "first_rows"]

MOST_ROWS = 25
LONGEST = 200  # characters of a cell that are shown

_KML = "{http://www.opengis.net/kml/2.2}"
_SHAPES = ("Point", "LineString", "Polygon", "Geometry")
_Row = dict[str, str]


def first_rows(data: bytes, suffix: str, *, most: int = MOST_ROWS) -> list[_Row]:
    """Return the first rows of a file of ours, each cell as text; none for pages, pictures and slides, which are looked at.

    Parameters
    ----------
    data
        The file, as `geo.export.export` wrote it.
    suffix
        One of `geo.export.EXPORTERS`.

    Examples
    --------
    >>> first_rows(b"row,name\\nplace,Idlib\\n", ".csv")
    [{'row': 'place', 'name': 'Idlib'}]
    """
    read = {
        ".csv": _csv, ".acled.csv": _csv, ".ucdp.csv": _csv, ".geojson": _geojson, ".json": _json, ".jsonld": _annotations, ".kml": _kml,
        ".kmz": _kmz, ".gpkg": _geopackage, ".parquet": _parquet,
    }.get(suffix)
    return [] if read is None else [{name: _cell(value) for name, value in row.items()} for row in islice(read(data), most)]


def _csv(data: bytes) -> Iterable[Mapping[str, Any]]:
    return csv.DictReader(io.StringIO(data.decode("utf-8")))


def _geojson(data: bytes) -> Iterable[Mapping[str, Any]]:
    for feature in json.loads(data)["features"]:
        shape = feature["geometry"]
        yield {"id": feature.get("id"), "geometry": shape and shape["type"], **feature["properties"]}


def _json(data: bytes) -> Iterable[Mapping[str, Any]]:
    """The members of the object, with how much each holds."""
    for name, value in json.loads(data).items():
        many = isinstance(value, list | dict)
        yield {"member": name, "holds": f"{len(value)}" if many else value, "begins with": _first(value) if many else ""}


def _annotations(data: bytes) -> Iterable[Mapping[str, Any]]:
    for item in json.loads(data)["first"]["items"]:
        target = item["target"][0] if isinstance(item["target"], list) else item["target"]
        words = next((one["exact"] for one in target.get("selector", ()) if one["type"] == "TextQuoteSelector"), "")
        bodies = item["body"] if isinstance(item["body"], list) else [item["body"]]
        yield {"words": words, "motivation": item["motivation"], "body": bodies[-1]}


def _kml(data: bytes) -> Iterable[Mapping[str, Any]]:
    for mark in ElementTree.fromstring(data).iter(f"{_KML}Placemark"):
        shape = next((child.tag.removeprefix(_KML) for child in mark if child.tag.endswith(_SHAPES)), "")
        yield {"name": mark.findtext(f"{_KML}name"), "geometry": shape, "when": mark.findtext(f".//{_KML}when") or ""}


def _kmz(data: bytes) -> Iterable[Mapping[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        name = next(entry for entry in package.namelist() if entry.endswith(".kml"))
        return list(_kml(package.read(name)))


def _geopackage(data: bytes) -> Iterable[Mapping[str, Any]]:
    """The tables, with their number of rows and their columns."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "map.gpkg"
        path.write_bytes(data)
        opened = sqlite3.connect(path)
        try:
            tables = opened.execute("SELECT table_name, data_type, identifier FROM gpkg_contents ORDER BY rowid").fetchall()
            rows = []
            for name, kind, title in tables:
                quoted = '"' + str(name).replace('"', '""') + '"'
                columns = [str(column[1]) for column in opened.execute(f"PRAGMA table_info({quoted})")]
                count = opened.execute(f"SELECT count(*) FROM {quoted}").fetchone()[0]
                rows.append({"table": name, "holds": kind, "title": title, "rows": count, "columns": ", ".join(columns)})
        finally:
            opened.close()
    return rows


def _parquet(data: bytes) -> Iterable[Mapping[str, Any]]:
    table = pd.read_parquet(io.BytesIO(data))
    shown = table.drop(columns=[name for name in ("geometry", "bbox") if name in table])
    return [{str(name): value for name, value in row.items()} for row in shown.to_dict("records")]


def _first(value: Any) -> str:
    one = value[0] if isinstance(value, list) and value else next(iter(value.items()), "") if isinstance(value, dict) else ""
    return json.dumps(one, ensure_ascii=False)


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and value != value):
        return ""
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"

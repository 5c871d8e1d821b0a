"""A situation as data: GeoJSON, GeoParquet, JSON and CSV.

The text of reports goes out as it was written. Only in CSV does a cell that a spreadsheet would run as a formula (one that begins
with ``= + - @`` or a control character) get an apostrophe in front.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from geo import __version__
from geo.census import settlements_of
from geo.choices import DEFAULT, Choices
from geo.datafiles import sources
from geo.errors import InputError
from geo.export.antimeridian import bbox, uncrossed
from geo.installed import credits
from geo.tables import check, claim_rows, frame, geometry_json, phrase_rows, place_rows, situation_json

if TYPE_CHECKING:
    from geo.situation import Situation

__all__ = ["CSV_COLUMNS", "about", "cell", "write_csv", "write_geojson", "write_json", "write_parquet"]

CSV_COLUMNS = (
    "row", "id", "name", "kind", "status", "actor", "target", "speaker", "from", "to", "country", "lat", "lon", "precision", "confidence",
    "reason", "limits", "quote", "document", "source", "published", "recipe",
)
"""The columns of the CSV file; `row` is place, claim, area, settlement, unresolved, report or about (title, day and view of borders)."""

_DAYS = ("when_start", "when_end")
_PLACE_COLUMNS = ("id", "name", "kind", "country", "lat", "lon", "precision", "confidence", "reason", "source")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")  # runs nothing; a latitude in the south would be a text with an apostrophe before it


def write_geojson(situation: Situation, path: Path, choices: Choices = DEFAULT) -> None:
    """Write one FeatureCollection (RFC 7946); the property `table` of a feature says which layer it belongs to.

    Claims without a place have no geometry (null). What crosses the antimeridian is cut there.
    """
    features = [_feature(name, number, row) for name, rows in _tables(situation).items() for number, row in enumerate(rows)]
    box = bbox(shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features if feature["geometry"]]))
    _dump({"type": "FeatureCollection", **({"bbox": box} if box else {}), **about(situation), "features": features}, path)


def write_parquet(situation: Situation, path: Path, choices: Choices = DEFAULT) -> None:
    """Write claims and zones as one GeoParquet table (version 1.1); the column `table` says which of the two a row is.

    Raises
    ------
    InputError
        If pyarrow is missing, without which no Parquet file can be written.
    """
    if find_spec("pyarrow") is None:
        raise InputError("A Parquet file needs pyarrow, which is not installed; run pip install pyarrow, or write .gpkg or .geojson.")
    rows = [{"table": name[:-1], **row} for name, many in _tables(situation).items() if name in ("claims", "zones") for row in many]
    shapes = [None if row["geometry"] is None else uncrossed(row["geometry"]) for row in rows]
    columns = dict.fromkeys(name for row in rows for name in row if name != "geometry")
    table = pd.DataFrame({name: [_json(row.get(name)) for row in rows] for name in columns or ("table", "id")})
    for name in table.columns:
        if name in _DAYS:
            table[name] = pd.to_datetime(table[name]).dt.date
    made = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, crs=4326))
    made.attrs = about(situation)
    made.to_parquet(path, index=False, compression="zstd", schema_version="1.1.0", write_covering_bbox=True)


def write_json(situation: Situation, path: Path, choices: Choices = DEFAULT) -> None:
    """Write the object that ``python -m geo read --json`` prints, for all reports together."""
    files = "; ".join(document.path for document in situation.documents if document.path)
    _dump(situation_json(situation, files) | {"about": about(situation)}, path)


def write_csv(situation: Situation, path: Path, choices: Choices = DEFAULT) -> None:
    """Write one row per place, claim, described area, settlement inside a zone, unresolved name and report, and one for all, as UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, CSV_COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        for row in _csv_rows(situation):
            writer.writerow({name: cell(value) for name, value in row.items()})


def _tables(situation: Situation) -> dict[str, list[dict[str, Any]]]:
    """The rows of each layer; all but claims have a shape."""
    return {
        "places": _rows(frame(place_rows(situation), schema="places")),
        "claims": claim_rows(situation),
        "areas": _rows(frame(phrase_rows(situation), schema="phrases")),
        "zones": _rows(check(situation.zones, schema="zones")),
        "front_lines": _rows(check(situation.front_lines, schema="front_lines")),
        "settlements": _rows(check(settlements_of(situation), schema="settlements")),
    }


def _rows(layer: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in layer.to_dict("records")]


def _feature(table: str, number: int, row: dict[str, Any]) -> dict[str, Any]:
    name = row.get("id") or f"{row.get('document')}:{row.get('start')}-{row.get('end')}"
    shape = row["geometry"]
    return {
        "type": "Feature", "id": f"{table}/{name}" if row.get("id") else f"{table}/{name}/{number}",
        "geometry": geometry_json(uncrossed(shape)) if shape is not None else None,
        "properties": {"table": table} | {key: _json(value) for key, value in row.items() if key != "geometry"},
    }


def about(situation: Situation) -> dict[str, str]:
    """Return what a file says of itself: title, day, view of borders, maker, credits."""
    base, notes = getattr(situation, "base", None), getattr(situation, "notes", ())
    return {
        "title": situation.title, "as_of": situation.as_of.isoformat() if situation.as_of else "",
        "border_view": situation.view, "made_with": f"Salient {__version__}",
        "note": "What the reports say, not what is so; every shape leads to its quote.", "attribution": _credits(),
        **({"base_map": ", ".join(filter(None, base.source))} if base else {}), **({"notes": " ".join(notes)} if notes else {}),
    }


def _credits() -> str:
    shipped = ((source.origin, source.licence) for source in sources())
    return "; ".join(dict.fromkeys(f"{origin} ({licence})" for origin, licence in (*shipped, *credits())))


def _json(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _json(item) for key, item in value.items()}
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _dump(value: object, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        json.dump(value, file, ensure_ascii=False, allow_nan=False)
        file.write("\n")


def _csv_rows(situation: Situation) -> Iterator[dict[str, Any]]:
    documents = {document.id: document for document in situation.documents}
    for row in place_rows(situation):
        yield {"row": "place", **{name: row[name] for name in _PLACE_COLUMNS}}
    for row in claim_rows(situation):
        published = documents[row["document"]].published
        yield {
            "row": "claim", "name": row["words"], "kind": row["predicate"], "from": row["when_start"], "to": row["when_end"],
            "actor": row["actor_name"], "target": row["target_name"], "limits": " ".join(row["limits"]), **_point(row["geometry"]),
            "published": published.isoformat() if published else "",
            **{name: row[name] for name in ("id", "status", "speaker", "confidence", "reason", "quote", "document", "source", "recipe")},
        }
    for row in phrase_rows(situation):
        yield {
            "row": "area", "name": row["words"], "quote": row["text"], "document": row["document"], "recipe": row["recipe"],
            "reason": row["reason"], **_point(row["geometry"]),
        }
    for row in settlements_of(situation).to_dict("records"):
        near = f"{row['distance_km']:g} km from {row['evidence']}" if row["evidence"] else "no claim near"
        yield {
            "row": "settlement", "actor": row["actor_name"], "confidence": row["probability"], "reason": f"{row['basis']}, {near}",
            "kind": "populated", **_point(row["geometry"]), **{name: row[name] for name in ("id", "name", "status", "country")},
        }
    for mention in situation.unresolved:
        yield {"row": "unresolved", "name": mention.text, "kind": mention.kind, "document": mention.document_id}
    for document in situation.documents:
        day = document.published.isoformat() if document.published else ""
        yield {"row": "report", "id": document.id, "name": document.title, "source": document.source, "published": day}
    told = about(situation)
    view = f"borders: {told['border_view'].replace('_', ' ')} view"
    yield {
        "row": "about", "name": told["title"], "to": told["as_of"], "limits": told["note"], "reason": view, "source": told["attribution"],
    }


def _point(shape: Any) -> dict[str, float]:
    if shape is None:
        return {}
    point = shape.representative_point()
    return {"lat": round(point.y, 5), "lon": round(point.x, 5)}


def cell(value: Any) -> Any:
    """Return a cell as written, with an apostrophe before what a spreadsheet would run.

    Examples
    --------
    >>> cell("=1+1"), cell("Idlib"), cell("-3.89100")
    ("'=1+1", 'Idlib', '-3.89100')
    """
    runs = isinstance(value, str) and value.startswith(_FORMULA) and not _NUMBER.fullmatch(value)
    return "'" + value if runs else value

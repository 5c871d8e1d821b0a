"""A situation as data: GeoPackage for QGIS, GeoJSON, JSON and CSV.

The text of reports goes out as it was written. Only in CSV does a cell that a spreadsheet would run as a formula (one that begins
with ``= + - @`` or a control character) get an apostrophe in front.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio

from geo import __version__
from geo.census import numbers_of, settlements_of
from geo.choices import DEFAULT, Choices
from geo.datafiles import sources
from geo.installed import credits
from geo.tables import check, claim_rows, document_rows, frame, geometry_json, phrase_rows, place_rows, situation_json

if TYPE_CHECKING:
    from geo.situation import Situation

__all__ = ["CSV_COLUMNS", "write_csv", "write_geojson", "write_gpkg", "write_json"]

CSV_COLUMNS = (
    "row", "id", "name", "kind", "status", "actor", "target", "speaker", "from", "to", "country", "lat", "lon", "precision", "confidence",
    "reason", "limits", "quote", "document", "source", "published", "recipe",
)
"""The columns of the CSV file; `row` is place, claim, area, settlement or unresolved."""

# Written into the GeoPackage as its date of change, so that the same situation gives the same file.
_STAMP = "2000-01-01T00:00:00.000Z"
_PLACE_COLUMNS = ("id", "name", "kind", "country", "lat", "lon", "precision", "confidence", "reason", "source")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_gpkg(situation: Situation, path: Path, choices: Choices = DEFAULT) -> None:
    """Write a GeoPackage: layers places, claims, areas, zones, front_lines, settlements; tables documents, unresolved, numbers, about.

    Two writes of one situation give the same layers; lists are kept as JSON text.
    """
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _STAMP})
    for name, layer in _layers(situation).items():
        pyogrio.write_dataframe(_writable(layer), path, layer=name, driver="GPKG", append=path.exists(), promote_to_multi=False)
    tables: dict[str, list[dict[str, Any]]] = {
        "documents": [row | {"text": document.text} for row, document in zip(document_rows(situation), situation.documents, strict=True)],
        "unresolved": [
            {"document": mention.document_id, "start": mention.start, "end": mention.end, "text": mention.text, "kind": mention.kind}
            for mention in situation.unresolved
        ],
        "numbers": [{str(key): value for key, value in row.items()} for row in numbers_of(situation).to_dict("records")],
        "about": [{"name": name, "value": value} for name, value in _about(situation).items()],
    }
    for name, rows in tables.items():
        if rows:
            pyogrio.write_dataframe(_writable(pd.DataFrame(rows)), path, layer=name, driver="GPKG", append=True)


def write_geojson(situation: Situation, path: Path, choices: Choices = DEFAULT) -> None:
    """Write one FeatureCollection (RFC 7946); the property `table` of a feature says which layer it belongs to."""
    features = [
        {
            "type": "Feature", "geometry": geometry_json(row.pop("geometry")),
            "properties": {"table": name} | {key: _json(value) for key, value in row.items()},
        }
        for name, layer in _layers(situation).items() for row in layer.to_dict("records")
    ]
    _dump({"type": "FeatureCollection", **_about(situation), "features": features}, path)


def write_json(situation: Situation, path: Path, choices: Choices = DEFAULT) -> None:
    """Write the object that ``python -m geo read --json`` prints, for all reports together."""
    files = "; ".join(document.path for document in situation.documents if document.path)
    _dump(situation_json(situation, files) | {"about": _about(situation)}, path)


def write_csv(situation: Situation, path: Path, choices: Choices = DEFAULT) -> None:
    """Write one row per place, claim, described area, settlement inside a zone and unresolved name, as UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, CSV_COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        for row in _csv_rows(situation):
            writer.writerow({name: _cell(value) for name, value in row.items()})


def _layers(situation: Situation) -> dict[str, gpd.GeoDataFrame]:
    return {
        "places": frame(place_rows(situation), schema="places"),
        "claims": frame(claim_rows(situation), schema="claims"),
        "areas": frame(phrase_rows(situation), schema="phrases"),
        "zones": check(situation.zones, schema="zones"),
        "front_lines": check(situation.front_lines, schema="front_lines"),
        "settlements": check(settlements_of(situation), schema="settlements"),
    }


def _about(situation: Situation) -> dict[str, str]:
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


def _writable(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with lists and tuples as JSON text, which every format can hold."""
    kept = table.copy()
    for name in kept.columns:
        if name != "geometry" and kept[name].map(lambda value: isinstance(value, list | tuple | dict)).any():
            kept[name] = kept[name].map(lambda value: json.dumps(_json(value), ensure_ascii=False))
    return kept


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


def _point(shape: Any) -> dict[str, float]:
    if shape is None:
        return {}
    point = shape.representative_point()
    return {"lat": round(point.y, 5), "lon": round(point.x, 5)}


def _cell(value: Any) -> Any:
    """A cell as written, with an apostrophe before what a spreadsheet would run."""
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value

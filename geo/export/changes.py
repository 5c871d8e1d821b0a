"""A comparison as a file: a page with a map, a GeoPackage, GeoJSON, a table, or JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import pyogrio

from geo import __version__
from geo.changes import AREA_COLUMNS, TOTAL_COLUMNS, Changes
from geo.changes_drawn import behind, layers_of, title_of
from geo.claim_changes import CLAIM_COLUMNS
from geo.export.html import page
from geo.gazetteer import open_gazetteer
from geo.holdings import Holdings
from geo.tables import geometry_json

__all__ = ["CSV_COLUMNS", "WRITERS", "write_csv", "write_geojson", "write_gpkg", "write_html", "write_json"]

CSV_COLUMNS = (
    "row", "change", "place", "from", "to", "from_status", "to_status", "km2", "width_km", "road_km", "settlements", "largest", "lat",
    "lon", "before", "after", "before_claims", "after_claims",
)
"""Of the table; `row` is area or claim, `before` and `after` are the sentences."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_html(found: Changes, path: Path) -> None:
    """Write a page with the map of what changed, each change with its sentences, and the reports beside it."""
    shown = behind(found, gazetteer=found.gazetteer or open_gazetteer())
    path.write_text(page(shown, layers=layers_of(found)), encoding="utf-8", newline="\n")


def write_gpkg(found: Changes, path: Path) -> None:
    """Write a GeoPackage: the layer areas, and the tables claims (with a point where there is one), totals and about."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"})
    pyogrio.write_dataframe(_flat(found.areas), path, layer="areas", driver="GPKG", geometry_type="Polygon")
    claims = found.claims.set_geometry(found.claims.geometry.representative_point())
    pyogrio.write_dataframe(_flat(claims), path, layer="claims", driver="GPKG", geometry_type="Point", append=True)
    about = [{"name": name, "value": str(value)} for name, value in _about(found).items() if not isinstance(value, dict | list)]
    about += [{"name": "note", "value": note} for note in found.notes]
    for name, table in (("totals", found.totals), ("about", pd.DataFrame(about))):
        if len(table):
            pyogrio.write_dataframe(table, path, layer=name, driver="GPKG", append=True)


def write_csv(found: Changes, path: Path) -> None:
    """Write one row for each change of ground and of what is said of a place, as UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, CSV_COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        for row in [*found.areas.to_dict("records"), *found.claims.to_dict("records")]:
            writer.writerow({name: _cell(value) for name, value in _csv_row(row).items()})


def write_json(found: Changes, path: Path) -> None:
    """Write everything as one JSON object; shapes are GeoJSON in EPSG:4326."""
    made = {
        **_about(found), "notes": list(found.notes),
        "areas": [_json_row(row, AREA_COLUMNS) for row in found.areas.to_dict("records")],
        "claims": [_json_row(row, CLAIM_COLUMNS) for row in found.claims.to_dict("records")],
        "totals": [{name: row[name] for name in TOTAL_COLUMNS} for row in found.totals.to_dict("records")],
    }
    path.write_text(json.dumps(made, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8", newline="\n")


def write_geojson(found: Changes, path: Path) -> None:
    """Write one FeatureCollection (RFC 7946); the property `table` tells areas from claims, and `quotes` are those of `write_json`."""
    rows = [
        *(("areas", row, AREA_COLUMNS) for row in found.areas.to_dict("records")),
        *(("claims", row, CLAIM_COLUMNS) for row in found.claims.to_dict("records")),
    ]
    features = []
    for number, (table, row, columns) in enumerate(rows):
        made = _json_row(row, columns)
        shape = made.pop("geometry")
        told = {"table": table, "what": found.words(row["change"])} | made
        features.append({"type": "Feature", "id": f"{table}/{made.get('id', number)}", "geometry": shape, "properties": told})
    made = {"type": "FeatureCollection", **_about(found), "notes": list(found.notes), "features": features}
    path.write_text(json.dumps(made, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8", newline="\n")


WRITERS: Mapping[str, Callable[[Changes, Path], None]] = MappingProxyType(
    {".html": write_html, ".gpkg": write_gpkg, ".geojson": write_geojson, ".csv": write_csv, ".json": write_json}
)
"""The writer of each suffix."""


def _about(found: Changes) -> dict[str, Any]:
    return {
        "title": title_of(found), "before": _side(found.before), "after": _side(found.after), "made_with": f"Salient {__version__}",
        "note": "What the reports say differently, not what is so.",
    }


def _side(side: Holdings) -> dict[str, str]:
    return {
        "title": side.title, "publisher": side.publisher, "as_of": side.day.isoformat() if side.day else "", "border_view": side.view,
        "drawn_by": side.drawn_by,
    }


def _flat(table: Any) -> Any:
    """The frame with tuples as JSON text, which a GeoPackage holds."""
    kept = table.copy()
    for name in kept.columns:
        if name != kept.geometry.name and kept[name].map(lambda value: isinstance(value, tuple)).any():
            kept[name] = kept[name].map(lambda value: json.dumps(value, ensure_ascii=False))
    return kept


def _json_row(row: Mapping[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    made = {name: _plain(row[name]) for name in columns if name != "geometry"}
    return made | {"geometry": geometry_json(row["geometry"])}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value


def _csv_row(row: Mapping[str, Any]) -> dict[str, Any]:
    shape = row["geometry"]
    point = shape.representative_point() if shape is not None and not shape.is_empty else None
    made = {
        "row": "area" if "km2" in row else "claim", "change": row["change"], "from": row["from_name"], "to": row["to_name"],
        **{name: row[name] for name in ("place", "from_status", "to_status", "settlements") if name in row},
        **{name: round(row[name], 2) for name in ("km2", "width_km", "road_km") if name in row},
        "largest": "; ".join(row.get("largest", ())),
    }
    for side in ("before", "after"):
        made[side] = " | ".join(quote for quote, _, _ in row[f"{side}_quotes"])
        made[f"{side}_claims"] = " ".join(row[f"{side}_claims"])
    return made | ({"lat": round(point.y, 5), "lon": round(point.x, 5)} if point is not None else {})


def _cell(value: Any) -> Any:
    """A cell as written, with an apostrophe before what a spreadsheet would run."""
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value

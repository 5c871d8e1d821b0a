"""What one side of a comparison says: who holds which ground, and which claims say so.

A side is a situation, a file that Salient wrote (of `map` or `zones`), or the map of any publisher.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from geo.earlier import CONTESTED, EarlierMap, read_earlier
from geo.errors import InputError
from geo.mapfiles import MapFile, read_map
from geo.projections import valid
from geo.records import Document, document_id
from geo.tables import claim_rows

if TYPE_CHECKING:
    from geo.gazetteer import OfflineGazetteer
    from geo.situation import Situation

__all__ = ["CLAIM_COLUMNS", "MAP_SUFFIXES", "Holdings", "of_earlier", "of_file", "of_situation"]

MAP_SUFFIXES = (".gpkg", ".geojson", ".json", ".kml", ".kmz", ".zip", ".shp")
"""Of files that hold a map and no report."""

CLAIM_COLUMNS = (
    "id", "predicate", "actor", "actor_name", "target", "target_name", "status", "words", "recipe", "quote", "document", "source",
    "confidence", "reason", "when_start", "geometry",
)
_GROUND = ("actor", "actor_name", "layer", "claims", "geometry")
_HELD = ("control", CONTESTED)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Holdings:
    """One side: `zones` (actor, actor_name, layer control or contested, claims, geometry in EPSG:4326) and rows of `claims`.

    `publisher` made the map; `drawn_by` tells whether Salient or another hand drew the lines ("" where it is not known).
    """

    title: str
    zones: gpd.GeoDataFrame
    claims: tuple[Mapping[str, Any], ...] = ()
    publisher: str = ""
    day: dt.date | None = None
    view: str = ""
    drawn_by: str = "Salient"
    notes: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    situation: Situation | None = field(default=None, repr=False)


def of_situation(situation: Situation, *, title: str = "") -> Holdings:
    """Return what a situation says."""
    publishers = dict.fromkeys(document.source for document in situation.documents if document.source)
    rows = tuple({name: row.get(name) for name in CLAIM_COLUMNS} for row in claim_rows(situation))
    return Holdings(
        title=title or situation.title, zones=_ground(situation.zones), claims=rows, publisher=", ".join(publishers), day=situation.as_of,
        view=situation.view, notes=situation.notes, documents=situation.documents, situation=situation,
    )


def of_earlier(earlier: EarlierMap) -> Holdings:
    """Return what the map of a publisher says."""
    frame = earlier.frame()
    names = {actor.id: actor.name for actor in earlier.actors}
    contested = frame.actor == CONTESTED
    zones = frame.assign(
        layer=["contested" if fought else "control" for fought in contested], actor=frame.actor.where(~contested, ""),
        actor_name=[names.get(actor, "") for actor in frame.actor], claims=[(f"base:{earlier.title}",)] * len(frame),
    )
    return Holdings(
        title=earlier.title, zones=_ground(zones), publisher=earlier.credit, day=earlier.day, drawn_by=earlier.credit,
        notes=earlier.notes,
    )


def of_file(
    path: str | Path, *, gazetteer: OfflineGazetteer | None = None, actor_column: str = "", actor_map: Mapping[str, str] | None = None,
    layer: str = "", credit: str = "",
) -> Holdings:
    """Return what a map file says: one that Salient wrote with its claims, any other as the map of its publisher.

    Raises
    ------
    InputError
        The file cannot be used.
    """
    file = Path(path)
    read = read_map(file, layer=layer)
    columns = set(read.frame.columns)
    if not actor_column and not actor_map and {"layer", "actor"} <= columns and columns & {"claims", "reports"}:
        return _ours(file, read)
    return of_earlier(
        read_earlier(file, actor_column=actor_column, actor_map=actor_map, layer=layer, credit=credit, gazetteer=gazetteer)
    )


def _ours(file: Path, read: MapFile) -> Holdings:
    """Return what a GeoPackage or GeoJSON of Salient says."""
    documents: tuple[Document, ...] = ()
    if read.kind == "GeoJSON":
        about = _members(file)
        tables = read.frame["table"] if "table" in read.frame else pd.Series("zones", index=read.frame.index)
        zones, claims = read.frame[tables == "zones"], read.frame[tables == "claims"].to_dict("records")
    else:
        layers = {str(name) for name, _ in pyogrio.list_layers(file)}
        zones = pd.concat([read.frame, pyogrio.read_dataframe(file, layer=CONTESTED)]) if CONTESTED in layers else read.frame
        claims = pyogrio.read_dataframe(file, layer="claims").to_dict("records") if "claims" in layers else []
        rows = pyogrio.read_dataframe(file, layer="about").to_dict("records") if "about" in layers else []
        documents = _documents(pyogrio.read_dataframe(file, layer="documents").to_dict("records")) if "documents" in layers else ()
        about = {str(row.get("name")): str(row.get("value") or "") for row in rows}
    kept = [{name: _known(row.get(name)) for name in CLAIM_COLUMNS} for row in claims]
    return Holdings(
        title=about.get("title") or file.name, zones=_ground(zones), claims=tuple(kept), day=_day(about.get("as_of", "")),
        publisher=", ".join(dict.fromkeys(str(row["source"]) for row in kept if row["source"])), view=about.get("border_view", ""),
        notes=read.notes, documents=documents,
    )


def _documents(rows: Iterable[Mapping[str, Any]]) -> tuple[Document, ...]:
    """Return the reports that a GeoPackage of Salient carries."""
    found = []
    for row in rows:
        text = "".join(character for character in str(row.get("text") or "") if character == "\n" or character.isprintable())
        made = {name: str(_known(row.get(name)) or "") for name in ("title", "source")}
        published = _day(str(_known(row.get("published")) or ""))
        found.append(Document(id=document_id(text), text=text, reading=text, published=published, **made))
    return tuple(found)


def _members(file: Path) -> dict[str, str]:
    """Return the words at the top of a GeoJSON of Salient; that it can be read has been seen."""
    given = json.loads(file.read_text(encoding="utf-8-sig"))
    return {key: value for key, value in given.items() if isinstance(value, str)}


def _ground(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the areas held or contested, valid and flat, with exactly the columns of ground."""
    rows = [
        {
            "actor": "" if row.layer == CONTESTED else str(row.actor or ""), "layer": row.layer, "claims": _ids(getattr(row, "claims", ())),
            "actor_name": "" if row.layer == CONTESTED else str(getattr(row, "actor_name", "") or row.actor or ""), "geometry": shape,
        }
        for row in zones.itertuples() if row.layer in _HELD
        for shape in [_area(row.geometry)] if shape is not None
    ]
    return gpd.GeoDataFrame(rows, columns=list(_GROUND), geometry="geometry", crs=4326)


def _area(shape: BaseGeometry | None) -> BaseGeometry | None:
    if shape is None or shape.is_empty or "Polygon" not in shape.geom_type:
        return None
    found = valid(shapely.force_2d(shape))
    return found if found.area > 0 else None


def _ids(given: object) -> tuple[str, ...]:
    """Return the ids of claims as a tuple; files hold them as JSON or with bars between."""
    if isinstance(given, str):
        try:
            read = json.loads(given) if given.startswith("[") else given.split("|")
        except ValueError:
            read = []
        return tuple(str(name) for name in read if name)
    return tuple(map(str, given)) if isinstance(given, Iterable) else ()


def _known(value: Any) -> Any:
    """A value of a table: nothing for what is missing, a day as our records write it."""
    if isinstance(value, dt.datetime):
        return None if value is pd.NaT else value.date().isoformat()
    return None if value is None or (isinstance(value, float) and value != value) else value


def _day(words: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(words) if words else None
    except ValueError as error:
        raise InputError(f"The map says that it is as of {words[:40]!r}, which is no date; write it again with Salient.") from error

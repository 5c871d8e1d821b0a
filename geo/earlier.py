"""Which earlier map a user brings: who held which area, from a map file of any publisher, repaired and with its actors known.

Every repair is told in `notes`. Areas of two actors that overlap are settled only where there is no doubt (a thin overlap along a line,
an enclave drawn on top); else the map is refused.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo import actors as who
from geo.errors import InputError, UnknownPlace
from geo.mapfiles import read_map
from geo.names import fold, usable
from geo.projections import area_km2, valid
from geo.records import Actor

if TYPE_CHECKING:
    from geo.gazetteer import OfflineGazetteer

__all__ = ["ACTOR_COLUMNS", "CONTESTED", "EarlierMap", "read_actor_map", "read_earlier"]

ACTOR_COLUMNS = ("actor", "holder", "controller", "controlled_by", "control", "party", "faction", "side")
"""Columns that are taken for that of the actor where none is named, in this order."""

CONTESTED = "contested"
"""Stands in a frame for the holder of contested ground."""

# What a map writes instead of an actor; another language or wording goes into the table of --actor-map.
_CONTESTED = frozenset({"contested", "disputed", "grey zone", "gray zone", "no mans land", "mixed control", "mixed"})
_NOBODY = frozenset({"", "none", "unknown", "no data", "n a", "null", "nan"})

# Set by judgement: line work of two publishers' areas overlaps by some metres along kilometres; more than that is a contradiction.
THIN_SHARE = 0.05  # of the smaller of two areas: an overlap up to this goes to the smaller
ENCLAVE_SHARE = 0.95  # an area of which this much lies in one more than twice its size is an enclave, drawn on top
LEAST_KM2 = 0.1  # an overlap below this is no contradiction
FEW = 6  # values listed in a message


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class EarlierMap:
    """An earlier map: `zones` with actor, actor_name, value and geometry (EPSG:4326), disjoint; `contested` ground; who made it.

    `value` is what the file says; `day` is that of the map, `credit` its publisher, `notes` what was repaired, in sentences.
    """

    title: str
    credit: str
    day: dt.date | None
    zones: gpd.GeoDataFrame
    contested: BaseGeometry
    actors: tuple[Actor, ...]
    notes: tuple[str, ...]

    @property
    def source(self) -> tuple[str, str, str]:
        """Title, publisher and date, as the source of what is drawn from it."""
        return self.title, self.credit, self.day.isoformat() if self.day else ""

    def frame(self) -> gpd.GeoDataFrame:
        """Return the map as `geo.held.from_evidence` takes it: actor, date and geometry; contested ground is ground of `CONTESTED`."""
        zones = self.zones[["actor", "geometry"]]
        if not self.contested.is_empty:
            more = gpd.GeoDataFrame({"actor": [CONTESTED]}, geometry=[self.contested], crs=4326)
            zones = gpd.GeoDataFrame(pd.concat([zones, more], ignore_index=True), crs=4326)
        return zones.assign(date=self.day)


def read_earlier(
    path: str | Path, *, actor_column: str = "", actor_map: Mapping[str, str] | None = None, layer: str = "", credit: str = "",
    day: dt.date | None = None, gazetteer: OfflineGazetteer | None = None, keep_names: bool = False,
) -> EarlierMap:
    """Read a base map: areas and who held them.

    Parameters
    ----------
    path
        GeoJSON, KML, KMZ, GeoPackage or shapefile (see `geo.mapfiles`).
    actor_column
        The column that names who holds an area; by default the first of `ACTOR_COLUMNS` that there is.
    actor_map
        What the file writes -> an actor's id or name, "contested", or "none" for ground that nobody is said to hold.
    layer
        Of a GeoPackage.
    credit, day
        Who published the map and of which day it is; by default the latest day in its column `date` or `as_of`, if it has one.
    gazetteer
        Tells the country of the map, so that "the rebels" are those of that country.
    keep_names
        Whether actors are called as the file (or the map of actors) calls them and not looked up.

    Raises
    ------
    InputError
        The file cannot be used; the message says why and what to do.
    """
    file = Path(path)
    read = read_map(file, layer=layer)
    day = day or _day_of(read.frame)
    column = _column(read.frame, actor_column, file)
    frame, notes = _areas(read.frame, column, file)
    table = {fold(value): actor for value, actor in (actor_map or {}).items()}
    meant = {value: table.get(fold(value), value) for value in frame.value.unique()}
    frame = frame[[fold(meant[value]) not in _NOBODY for value in frame.value]].reset_index(drop=True)
    if frame.empty:
        raise InputError(f"{file} holds no polygon with an actor in its column {column!r}; name the column with the actors.")
    frame, settled = _disjoint(frame, meant)
    countries = _countries(frame, gazetteer)
    parties = {value: _party(meant[value], countries, day, keep_names) for value in frame.value.unique()}
    unknown = [actor.name for actor in parties.values() if actor is not None and actor.id.startswith("base:")]
    if unknown and not keep_names:
        notes.append(f"Not in the table of actors, and drawn under the name that the map gives: {_listed(unknown)}.")
    held = np.array([parties[value] is not None for value in frame.value])
    zones = frame[held].reset_index(drop=True)
    zones["actor"] = [actor.id for value in zones.value if (actor := parties[value])]
    zones["actor_name"] = [actor.name for value in zones.value if (actor := parties[value])]
    zones = zones.dissolve(by="actor", as_index=False, aggfunc={"actor_name": "first", "value": "; ".join})
    return EarlierMap(
        title=usable(file.name), credit=usable(credit), day=day, zones=zones,
        contested=valid(shapely.union_all(frame.geometry[~held].to_numpy())),
        actors=tuple({actor.id: actor for actor in parties.values() if actor}.values()),
        notes=tuple(f"Base map {usable(file.name)}: {note}" for note in (*read.notes, *notes, *settled)),
    )


def read_actor_map(path: str | Path) -> dict[str, str]:
    """Read a table (CSV, UTF-8) with the columns value and actor: what a map writes, and whom of our actors it means.

    Raises
    ------
    InputError
        The file is missing, no such table, or names one value twice.
    """
    file = Path(path)
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{file} cannot be read as a table of actors ({' '.join(str(error).split())[:100]}); give a CSV file.") from error
    if not rows or not {"value", "actor"} <= {name for name in rows[0] if name}:
        raise InputError(f"{file} needs the columns value (as the map writes it) and actor (an id or name, contested, or none).")
    found: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        value, actor = (row["value"] or "").strip(), (row["actor"] or "").strip()
        if found.setdefault(value, actor) != actor:
            raise InputError(f"{file}, row {number}: {value!r} means {actor!r} here and {found[value]!r} above; keep one.")
    return found


def _column(frame: gpd.GeoDataFrame, wanted: str, file: Path) -> str:
    names = {str(name).lower(): str(name) for name in frame.columns if name != frame.geometry.name}
    found = names.get(wanted.lower()) if wanted else next((names[name] for name in ACTOR_COLUMNS if name in names), None)
    if found is None:
        held = "; ".join(f"{name} ({_listed(map(str, frame[name].dropna().unique()[:3]))})" for name in list(names.values())[:8])
        lacks = f"no column {wanted!r}" if wanted else "no column that says who holds an area"
        raise InputError(f"{file} has {lacks}; name it with --actor-column: its columns are {held or 'none'}.")
    return found


def _areas(frame: gpd.GeoDataFrame, column: str, file: Path) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Return the areas of a map with what each says of its holder; broken ones repaired, all else left away, and that in words."""
    values = frame[column].map(_written)
    shapes = frame.geometry.to_numpy()
    polygonal = np.isin(shapely.get_type_id(shapes), (3, 6, 7)) & ~shapely.is_empty(shapes)
    broken = polygonal & ~shapely.is_valid(shapes)
    mended = [valid(shape) if good else shapely.Polygon() for shape, good in zip(shapes, polygonal, strict=True)]
    mended = [_polygons(shape) for shape in mended]
    kept = np.array([not shape.is_empty for shape in mended], dtype=bool)
    notes = []
    if broken.any():
        notes.append(f"{_shapes(int(broken.sum()))} not valid and repaired; what is no area was left away.")
    if (~kept).any():
        notes.append(f"{_shapes(int((~kept).sum()))} no area and left away.")
    unnamed = int((kept & (values == "").to_numpy()).sum())
    if unnamed:
        notes.append(f"{unnamed} areas name no actor and are left away.")
    if not kept.any():
        raise InputError(f"{file} holds no polygons; give areas and who holds them.")
    shown = [shape for shape, good in zip(mended, kept, strict=True) if good]
    return gpd.GeoDataFrame({"value": values[kept].to_numpy()}, geometry=shown, crs=4326), notes


def _written(value: object) -> str:
    """Return a value as the map's author would write it: a code in a column of numbers without its ".0"."""
    if value is None or (isinstance(value, float) and value != value) or value is pd.NaT:
        return ""
    return f"{value:g}" if isinstance(value, float) and value.is_integer() else " ".join(usable(str(value)).split())[:200]


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a shape alone."""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")]
    return valid(shapely.union_all(parts)) if parts else shapely.Polygon()


def _disjoint(frame: gpd.GeoDataFrame, meant: Mapping[str, str]) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Return one disjoint area for each value; overlaps of two holders go to the smaller area where there is no doubt.

    Raises
    ------
    InputError
        Two areas of different holders overlap by more than a line's width and neither is an enclave.
    """
    parts = frame.explode(ignore_index=True)
    shapes, holders = parts.geometry.to_numpy(), [fold(meant[value]) for value in parts.value]
    holders = [CONTESTED if holder in _CONTESTED else holder for holder in holders]
    size = [area_km2(shape) for shape in shapes]
    cut: dict[int, list[BaseGeometry]] = {}
    settled_km2, enclaves = 0.0, 0
    for a, b, shared in _overlaps(shapes, holders):
        common = area_km2(shared)
        small, large = (a, b) if size[a] <= size[b] else (b, a)
        small, large = (a, b) if holders[a] == CONTESTED else (b, a) if holders[b] == CONTESTED else (small, large)
        enclave = holders[small] == CONTESTED or (common >= ENCLAVE_SHARE * size[small] and size[small] * 2 < size[large])
        if not enclave and common > max(LEAST_KM2, THIN_SHARE * size[small]):
            raise InputError(
                f"In the base map, areas of {parts.value[small]!r} and {parts.value[large]!r} overlap by {common:,.0f} km2; cut one, "
                "or map one of the two to none with --actor-map."
            )
        cut.setdefault(int(large), []).append(shapes[small])
        enclaves += enclave
        settled_km2 += 0 if enclave else common
    for number, smaller in cut.items():
        shapes[number] = _polygons(valid(shapely.difference(shapes[number], shapely.union_all(smaller))))
    parts = parts.set_geometry(shapes, crs=4326)
    merged = parts.dissolve(by="value", sort=True, as_index=False)[["value", "geometry"]]
    merged["geometry"] = [_polygons(valid(shape)) for shape in merged.geometry]
    return merged[~merged.geometry.is_empty].reset_index(drop=True), _settled_notes(settled_km2, enclaves)


def _overlaps(shapes: NDArray[np.object_], holders: Sequence[str]) -> list[tuple[int, int, BaseGeometry]]:
    """Return the pairs of areas of different holders that overlap, and the ground that they share."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    code = np.unique(holders, return_inverse=True)[1]
    pairs = (first < second) & (code[first] != code[second])
    first, second = first[pairs], second[pairs]
    shared = shapely.intersection(shapes[first], shapes[second])
    found = shapely.area(shared) > 0
    kept = zip(first[found].tolist(), second[found].tolist(), shared[found], strict=True)
    return [(a, b, _polygons(valid(common))) for a, b, common in kept]


def _settled_notes(km2: float, enclaves: int) -> list[str]:
    notes = []
    if km2 > 0.05:
        notes.append(f"thin overlaps of two holders ({km2:,.1f} km2 in all) were given to the smaller area.")
    if enclaves:
        notes.append(f"areas drawn within another holder's area, or contested, lie on top of it ({enclaves}).")
    return notes


def _countries(frame: gpd.GeoDataFrame, gazetteer: OfflineGazetteer | None) -> tuple[str, ...]:
    """Return the countries of the largest areas."""
    if gazetteer is None or not hasattr(gazetteer, "containing"):
        return ()
    largest = frame.geometry.iloc[np.argsort([-shape.area for shape in frame.geometry])[:5]]
    spots = [shape.representative_point() for shape in largest]
    found = [feature.country for spot in spots for feature in gazetteer.containing(spot.x, spot.y)[:1]]
    return tuple(dict.fromkeys(filter(None, found)))


def _day_of(frame: gpd.GeoDataFrame) -> dt.date | None:
    """Return the latest day in the column of a map that says which day it shows, None where none can be read."""
    days = []
    for value in {str(value).strip()[:10] for name in frame.columns if str(name).lower() in ("date", "as_of") for value in frame[name]}:
        try:
            days.append(dt.date.fromisoformat(value))
        except ValueError:
            continue
    return max(days, default=None)


def _party(words: str, countries: Sequence[str], day: dt.date | None, keep_names: bool) -> Actor | None:
    """Return whom a value means, None for ground that is contested."""
    if fold(words) in _CONTESTED:
        return None
    if keep_names:
        return Actor(id=words, name=words)
    known = who.shipped()
    try:
        return known.get(words)
    except UnknownPlace:
        state = known.of_place(f"country:{words}", on=day) if re.fullmatch("[A-Z]{2}", words) else None
        found = state or known.named(words, countries=countries, on=day)
    if found is not None:
        party = known.acts_for(found)
        return party
    slug = re.sub(r"\W+", "-", fold(words)).strip("-") or "unnamed"
    actor = Actor(id=f"base:{slug}", name=words, source="named by the base map")
    return Actor(id=actor.id, name=actor.name, colour=known.colour(actor), source=actor.source)


def _shapes(count: int) -> str:
    return f"{count} shape{'s were' if count != 1 else ' was'}"


def _listed(names: Any) -> str:
    found = list(dict.fromkeys(names))
    return ", ".join(found[:FEW]) + (f" and {len(found) - FEW} more" if len(found) > FEW else "")

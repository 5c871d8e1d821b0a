"""What a drawing consists of: the frames of zones, front lines and uncertain ground, and the GeoPackage that holds them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from geo.errors import InputError

__all__ = ["FRONT_COLUMNS", "UNCERTAIN_COLUMNS", "ZONE_COLUMNS", "Drawn", "frame", "write"]

ZONE_COLUMNS = (
    "id", "layer", "actor", "actor_name", "side", "colour", "status", "predicate", "words", "claims", "speaker", "confidence", "km2",
    "length_km", "vague", "geometry",
)
FRONT_COLUMNS = ("id", "a", "b", "a_name", "b_name", "length_km", "geometry")
UNCERTAIN_COLUMNS = ("id", "layer", "status", "words", "claims", "km2", "geometry")

_BLANK: Mapping[str, Any] = {"claims": (), "confidence": 0.0, "km2": 0.0, "length_km": 0.0, "vague": False, "geometry": None}
_NUMBERS = ("confidence", "km2", "length_km")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Drawn:
    """Zones, the fronts between them and the ground of which too little is known; GeoDataFrames in EPSG:4326.

    Where they were asked for: the `settlements` of the ground and the `numbers` of each actor and district (see `geo.tallies`).
    """

    zones: gpd.GeoDataFrame
    front_lines: gpd.GeoDataFrame
    uncertain: gpd.GeoDataFrame
    settlements: gpd.GeoDataFrame | None = None
    numbers: pd.DataFrame | None = None


def frame(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> gpd.GeoDataFrame:
    """Return rows as a frame in EPSG:4326 with exactly these columns, also where there are none.

    Examples
    --------
    >>> frame([], FRONT_COLUMNS).columns.tolist()
    ['id', 'a', 'b', 'a_name', 'b_name', 'length_km', 'geometry']
    """
    filled = [{name: row.get(name, _BLANK.get(name, "")) for name in columns} for row in rows]
    table = pd.DataFrame(filled, columns=list(columns))
    for name in set(_NUMBERS) & set(columns):
        table[name] = table[name].astype(np.float64)
    if "vague" in columns:
        table["vague"] = table["vague"].astype(bool)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=4326)


def write(drawn: Drawn, path: str | Path) -> None:
    """Write a drawing to a GeoPackage: layers zones (held ground), contested, front_lines, uncertain, settlements; table numbers.

    The file appears whole or not at all.

    Raises
    ------
    InputError
        The file cannot be written there.
    """
    target = Path(path)
    held = drawn.zones["layer"] != "contested"
    layers = {"zones": drawn.zones[held], "contested": drawn.zones[~held], "front_lines": drawn.front_lines, "uncertain": drawn.uncertain}
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".zones-") as folder:
            part = Path(folder) / "zones.gpkg"
            for name, table in layers.items():
                if name == "contested" and table.empty:
                    continue
                kind = "MultiLineString" if name == "front_lines" else "MultiPolygon" if name in ("uncertain", "contested") else "Unknown"
                many = kind != "Unknown"
                pyogrio.write_dataframe(_plain(table), part, layer=name, driver="GPKG", geometry_type=kind, promote_to_multi=many)
            if drawn.settlements is not None:
                pyogrio.write_dataframe(drawn.settlements, part, layer="settlements", driver="GPKG", geometry_type="Point")
            if drawn.numbers is not None:
                pyogrio.write_dataframe(drawn.numbers, part, layer="numbers", driver="GPKG")
            part.replace(target)
    except (OSError, pyogrio.errors.DataSourceError) as error:
        raise InputError(f"{target} cannot be written ({' '.join(str(error).split())[:120]}); choose another place.") from error


def _plain(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame with tuples as text, as a GeoPackage holds them."""
    if "claims" not in table:
        return table
    return table.assign(claims=["|".join(map(str, claims)) for claims in table["claims"]])

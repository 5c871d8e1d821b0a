"""Which layers of their own a user lays beside the text: shapes of a map file, drawn in grey and named as not from the reports.

They tell nothing of who is where, no claim stands on them, and they are bounded: a reference to find one's way by, no second map.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from geo.errors import InputError
from geo.mapfiles import read_map
from geo.names import usable
from geo.projections import valid

if TYPE_CHECKING:
    from geo.situation import Situation

__all__ = ["MOST_LAYERS", "OwnLayer", "beside", "read_own_layer"]

MOST_LAYERS = 5  # beside one text
MOST_SHAPES = 5_000  # of one layer; set so that a page with five of them still opens at once
MOST_CORNERS = 200_000  # of one layer: 3 MB of a page
LONGEST_NAME = 80  # characters of a file's name or a label
NAME_COLUMNS = ("name", "title", "label", "name_en", "shapename")
"""Columns that hold what a shape is called, in this order."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class OwnLayer:
    """Shapes from a user's file: `frame` has the columns label and geometry (EPSG:4326); `notes` tell what was done to it."""

    name: str
    frame: gpd.GeoDataFrame
    notes: tuple[str, ...] = ()


def read_own_layer(path: str | Path, *, name: str = "", layer: str = "") -> OwnLayer:
    """Read a layer of a user's own.

    Parameters
    ----------
    path
        GeoJSON, KML, KMZ, GeoPackage or shapefile (see `geo.mapfiles`); points, lines and areas.
    name
        What it is called on the map; by default the file's name.
    layer
        Of a GeoPackage with several.

    Raises
    ------
    InputError
        It is no such file, is damaged, or is too large for a reference.
    """
    file = Path(path)
    called = " ".join(usable(name or file.name).split())[:LONGEST_NAME] or "a map of your own"
    read = read_map(file, layer=layer, any_shape=True)
    shapes = np.array([shape if shape is None or shape.is_valid else valid(shape) for shape in read.frame.geometry], dtype=object)
    kept = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if not kept.any():
        raise InputError(f"{called} holds no shapes; give points, lines or areas.")
    if kept.sum() > MOST_SHAPES or shapely.get_num_coordinates(shapes[kept]).sum() > MOST_CORNERS:
        raise InputError(
            f"{called} holds {int(kept.sum()):,} shapes with {int(shapely.get_num_coordinates(shapes[kept]).sum()):,} corners; a layer of "
            f"your own has up to {MOST_SHAPES:,} with {MOST_CORNERS:,}: cut it to the area that you need, or simplify it."
        )
    labels = _labels(read.frame)
    frame = gpd.GeoDataFrame({"label": [one for one, good in zip(labels, kept, strict=True) if good]}, geometry=shapes[kept], crs=4326)
    gone = int((~kept).sum())
    notes = (*read.notes, *((f"{gone} features without a shape were left away.",) if gone else ()))
    return OwnLayer(name=called, frame=frame.astype({"label": object}), notes=tuple(f"{called}: {note}" for note in notes))


def beside(situation: Situation, layers: Iterable[OwnLayer]) -> Situation:
    """Return a situation with layers of a user's own beside it; no claim, place or area of it changes.

    Raises
    ------
    InputError
        There are more than `MOST_LAYERS`.
    """
    chosen = tuple(layers)
    if len(chosen) > MOST_LAYERS:
        raise InputError(f"{len(chosen)} layers of your own were given; up to {MOST_LAYERS} can lie beside a text.")
    return replace(situation, own=chosen)


def _labels(frame: Any) -> list[str]:
    columns = {str(column).lower(): column for column in frame.columns if column != frame.geometry.name}
    found = next((columns[name] for name in NAME_COLUMNS if name in columns), None)
    if found is None:
        return [""] * len(frame)
    return [" ".join(usable(value).split())[:LONGEST_NAME] if isinstance(value, str) else "" for value in frame[found]]

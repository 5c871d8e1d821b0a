"""Made-up places and zones to measure maps with: in clusters, as reports are, with names, kinds, colours and sources."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

__all__ = ["LONE", "many_places", "many_zones"]

LONE = ("Lone", 47.0, 31.0)
"""Title, lon and lat of the one place that stands far from all others, for a click to find."""

_COLOURS = ("#c0453b", "#2c6fad", "#3b8f5a", "#d28a1e")
_KINDS = ("town", "village", "base", "crossing", "event")
_SYLLABLES = "al tal kafr deir bab ras ain jis mar sar naj qam ham hom idl azz raq man bij sin abu beit umm shar qun dar wad".split()


def many_places(count: int, *, sources: int = 600, seed: int = 1) -> pd.DataFrame:
    """Return places in four hundred clusters over ten by six degrees; the last of them is `LONE`."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform([33, 32], [43, 38], (400, 2))
    mine = rng.integers(0, 400, count)
    parts = np.array(_SYLLABLES)[rng.integers(0, len(_SYLLABLES), (count, 3))]
    long = rng.random(count) < 0.5
    lon, lat = centres[mine, 0] + rng.normal(0, 0.35, count), centres[mine, 1] + rng.normal(0, 0.3, count)
    title = [(a + b + (c if third else "")).capitalize() for (a, b, c), third in zip(parts, long, strict=True)]
    title[-1], lon[-1], lat[-1] = LONE
    return pd.DataFrame({
        "lon": lon, "lat": lat, "title": title,
        "kind": np.array(_KINDS)[rng.integers(0, len(_KINDS), count)],
        "colour": np.array(_COLOURS)[rng.integers(0, len(_COLOURS), count)],
        "source": [f"Report {number}, https://example.org/reports/{number}" for number in rng.integers(0, sources, count)],
    })  # fmt: skip


def many_zones(count: int, vertices: int, *, seed: int = 2) -> gpd.GeoDataFrame:
    """Return zones with rough outlines in a grid over ten by six degrees, of five layers; the last is far from all others."""
    rng = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(count)))
    turns = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    shapes = []
    for number in range(count):
        west, south = (LONE[1], LONE[2]) if number == count - 1 else (33 + 10 * (number % side) / side, 32 + 6 * (number // side) / side)
        rough = np.cumsum(rng.normal(0, 0.01, vertices))
        rough -= np.linspace(0, rough[-1], vertices)
        radius = 2.7 / side * (1 + 0.25 * np.sin(3 * turns + number) + 0.1 * np.sin(7 * turns) + rough)
        shapes.append(shapely.Polygon(np.column_stack([west + 1.2 * radius * np.cos(turns), south + radius * np.sin(turns)])))
    columns = {
        "title": [*(f"Zone {number}" for number in range(count - 1)), LONE[0]],
        "layer": np.array(["control", "claimed", "contested", "proposed", "influence"])[rng.integers(0, 5, count)],
        "colour": np.array(_COLOURS)[rng.integers(0, len(_COLOURS), count)],
    }
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")

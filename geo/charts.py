"""Map projections for paper: which one a view of some part of the Earth takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyproj
from numpy.typing import ArrayLike, NDArray

__all__ = ["Chart", "chart"]

# Widths in degrees of the middle latitude: a transverse Mercator map stretches by 0.6 % 6 degrees from its middle; beyond 70 degrees of
# longitude a conic map bends like a bow; beyond 110 a stereographic one is twice as large at its edge as in its middle.
NARROW_DEGREES, WIDE_DEGREES, WORLD_DEGREES, FLAT_DEGREES = 12.0, 70.0, 110.0, 12.0
RIM_DEGREES = 1e-5  # a metre


@dataclass(frozen=True, slots=True)
class Chart:
    """A map projection for paper, in metres: `words` are its parameters in PROJ's terms, `lon` its middle meridian."""

    lon: float
    words: str

    def forward(self, lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Project from degrees to metres; infinite where the projection does not reach."""
        away = np.asarray(lon, dtype=float) - self.lon
        rim = np.abs(np.abs(away) - 180) < RIM_DEGREES  # at the very rim of the world, stay on the side that was asked for
        away = np.where(rim, np.sign(away) * (180 - RIM_DEGREES), away)
        x, y = _chart(self.words)(away + self.lon, np.asarray(lat, dtype=float))
        return np.asarray(x), np.asarray(y)

    def back(self, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Project from metres to degrees, longitudes within half a turn of the middle; infinite beyond the world's edge."""
        lon, lat = _chart(self.words)(np.asarray(x, dtype=float), np.asarray(y, dtype=float), inverse=True)
        return (np.asarray(lon) - self.lon + 180) % 360 - 180 + self.lon, np.asarray(lat)


def chart(bounds: Sequence[float]) -> Chart:
    """Return the projection in which a map of some bounds (west, south, east, north, in degrees) looks right on paper.

    Conformal, so that places keep their shapes: transverse Mercator for what is narrow, Lambert's conic for the middle latitudes, Mercator
    about the equator, stereographic for half a world or a pole (Snyder 1987, "Map projections: a working manual"). The whole world keeps
    its areas instead (Equal Earth; Šavrič, Patterson and Jenny 2019).

    Examples
    --------
    >>> chart((35, 34, 39, 37)).words
    'proj=tmerc lon_0=37.0 lat_0=35.5 ellps=WGS84'
    """
    west, south, east, north = bounds
    lon, lat, across, up = round((west + east) / 2, 2), round((south + north) / 2, 2), east - west, north - south
    if max(across * math.cos(math.radians(lat)), up * 1.5) > WORLD_DEGREES or across > 2 * WORLD_DEGREES:
        return Chart(lon, f"proj=eqearth lon_0={lon} ellps=WGS84")
    if across * math.cos(math.radians(lat)) <= NARROW_DEGREES:
        return Chart(lon, f"proj=tmerc lon_0={lon} lat_0={lat} ellps=WGS84")
    if max(-south, north) > 80 or max(across, up) > WIDE_DEGREES:
        return Chart(lon, f"proj=stere lon_0={lon} lat_0={lat} ellps=WGS84")
    if abs(lat) < FLAT_DEGREES or south < 0 < north:
        return Chart(lon, f"proj=merc lon_0={lon} lat_ts={lat} ellps=WGS84")
    first, second = south + up / 6, north - up / 6
    return Chart(lon, f"proj=lcc lon_0={lon} lat_0={lat} lat_1={first:.2f} lat_2={second:.2f} ellps=WGS84")


@lru_cache(maxsize=64)
def _chart(words: str) -> pyproj.Proj:
    return pyproj.Proj(words)

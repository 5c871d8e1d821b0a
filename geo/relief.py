"""How the land rises and falls: a grey shading from data/basemap.zip, cut to a box."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

__all__ = ["PIXELS_A_DEGREE", "Shading", "picture", "shading"]

PIXELS_A_DEGREE = 30
TILE_DEGREES = 20
NEUTRAL = 128  # grey of what is flat
EDGE = 8  # pixels round a part that its cubics are fitted over


@dataclass(frozen=True, slots=True, eq=False)
class Shading:
    """Grey octets (rows, columns) on an even grid of degrees whose upper left corner is (`west`, `north`)."""

    grey: NDArray[np.uint8]
    west: float
    north: float

    def at(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
        """Return how much lighter (above 0) or darker than flat land places (degrees) are shaded, -1 to 1, between pixels by cubics."""
        column = (np.asarray(lon, dtype=float) - self.west) * PIXELS_A_DEGREE - 0.5
        row = (self.north - np.asarray(lat, dtype=float)) * PIXELS_A_DEGREE - 0.5
        first = max(int(np.nanmin(row)) - EDGE, 0), max(int(np.nanmin(column)) - EDGE, 0)
        last = int(np.nanmax(row)) + EDGE, int(np.nanmax(column)) + EDGE
        part = self.grey[first[0] : last[0], first[1] : last[1]].astype(float)
        spots = np.nan_to_num(np.stack((row - first[0], column - first[1])))
        return np.asarray((ndimage.map_coordinates(part, spots, order=3, mode="nearest") - NEUTRAL) / NEUTRAL)


def shading(members: Mapping[str, bytes], box: Sequence[float]) -> Shading | None:
    """Return the shading of a box (west, south, east, north, in degrees); None where no imaging library is at hand.

    Parameters
    ----------
    members
        Of the basemap's archive: tiles of 20 by 20 degrees, "relief/ROW_COLUMN.webp".
    """
    try:
        from PIL import Image
    except ImportError:
        return None
    size, scale = TILE_DEGREES, PIXELS_A_DEGREE
    left, top = math.floor((box[0] + 180) / size), math.floor((90 - box[3]) / size)
    right, bottom = math.ceil((box[2] + 180) / size), math.ceil((90 - box[1]) / size)
    mosaic = np.full(((bottom - top) * size * scale, (right - left) * size * scale), NEUTRAL, dtype=np.uint8)
    for row in range(top, bottom):
        for column in range(left, right):
            tile = members.get(f"relief/{row}_{column % (360 // size)}.webp")
            if tile:
                y, x = (row - top) * size * scale, (column - left) * size * scale
                mosaic[y : y + size * scale, x : x + size * scale] = np.asarray(Image.open(io.BytesIO(tile)).convert("L"))
    return Shading(mosaic, left * size - 180, 90 - top * size)


def picture(members: Mapping[str, bytes], box: Sequence[float]) -> dict[str, Any] | None:
    """Return the shading of a box as a grey WebP picture in Mercator rows, in base64, neutral at its edges; None without a library."""
    found = shading(members, box)
    if found is None:
        return None
    from PIL import Image

    octets = io.BytesIO()
    Image.fromarray(_warp(found, box)).save(octets, "WEBP", quality=52, method=5)
    return {"box": box, "picture": base64.b64encode(octets.getvalue()).decode("ascii")}


def _warp(found: Shading, box: Sequence[float]) -> NDArray[np.uint8]:
    """Sample a plain grid in degrees at even Mercator steps, fading to neutral grey at the frame."""
    mosaic, scale = found.grey, PIXELS_A_DEGREE
    width = round((box[2] - box[0]) * scale)
    low, high = (math.asinh(math.tan(math.radians(edge))) for edge in (box[1], box[3]))
    height = round(width * (high - low) / math.radians(box[2] - box[0]))
    latitudes = np.degrees(np.arctan(np.sinh(np.linspace(high, low, height))))
    rows = np.clip(((found.north - latitudes) * scale).astype(int), 0, mosaic.shape[0] - 1)
    columns = np.clip(((np.linspace(box[0], box[2], width) - found.west) * scale).astype(int), 0, mosaic.shape[1] - 1)
    sampled = mosaic[np.ix_(rows, columns)].astype(float) - NEUTRAL
    fade = np.minimum.outer(_ramp(height), _ramp(width))
    shaded: NDArray[np.uint8] = np.clip(np.rint(NEUTRAL + sampled * fade), 0, 255).astype(np.uint8)
    return shaded


def _ramp(length: int) -> NDArray[np.float64]:
    edge = np.minimum(np.arange(length), np.arange(length)[::-1]) / (0.07 * length)
    return np.clip(edge, 0, 1)

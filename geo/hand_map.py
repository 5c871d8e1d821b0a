"""A map the size of a hand: degrees to pixels, the land and its borders in them, lines as paths of SVG.

Drawn in plain degrees with the width shrunk by the cosine of the middle latitude, which is true enough at that size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo import basemap

__all__ = ["Box", "HandMap", "touch"]

SPECK = 1.5  # islands and lakes smaller than this many pixels are left out

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class HandMap:
    """A picture of `width` by `height` pixels whose top left corner is (`west`, `north`) in degrees.

    `across` and `up` are the pixels of a degree of longitude and of latitude.
    """

    west: float
    north: float
    across: float
    up: float
    width: int
    height: int

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a place is, in pixels from the top left.

        Examples
        --------
        >>> HandMap(30.0, 40.0, 10.0, 12.0, 360, 216).at(31.0, 39.0)
        (10.0, 12.0)
        """
        return (lon - self.west) * self.across, (self.north - lat) * self.up

    @property
    def box(self) -> Box:
        """West, south, east and north in degrees."""
        return self.west, self.north - self.height / self.up, self.west + self.width / self.across, self.north

    def outlines(self) -> dict[str, list[tuple[int, list[NDArray[np.float64]]]]]:
        """Return what of the basemap lies in it, as fine as its pixels; see `geo.basemap.outlines`."""
        west, south, east, north = self.box
        found: dict[str, Any] = basemap.outlines(
            (max(west, -180.0), max(south, -85.0), min(east, 180.0), min(north, 85.0)), tolerance=0.5 / self.up
        )
        return found

    def path(self, points: NDArray[np.float64], *, closed: bool = True) -> str:
        """Return a line of (lon, lat), shape (n, 2), as a path of SVG; "" for a closed one that would be a speck."""
        x, y = (points[:, 0] - self.west) * self.across, (self.north - points[:, 1]) * self.up
        if closed and max(np.ptp(x), np.ptp(y)) < SPECK:
            return ""
        return "M" + "L".join(f"{one:.1f} {two:.1f}" for one, two in zip(x.tolist(), y.tolist(), strict=True)) + ("Z" if closed else "")


def touch(one: Box, two: Box) -> bool:
    """Say whether two boxes (left, top, right, bottom) share a spot.

    Examples
    --------
    >>> touch((0, 0, 2, 2), (1, 1, 3, 3)), touch((0, 0, 1, 1), (2, 0, 3, 1))
    (True, False)
    """
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]

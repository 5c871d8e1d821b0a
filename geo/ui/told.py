"""What the map and the text tell the desk: which words, claim or spot were picked. Whatever comes from a browser is checked here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, get_args

__all__ = ["Told", "read_told"]

Kind = Literal["mention", "claim", "place", "missed", "spot", "ring"]
"""A name in the text, a claim, a mark of a place, words that were selected, a spot on the map, an area that was drawn."""

LONGEST = 300  # characters of words or an id
MOST_CORNERS = 2_000  # of an area drawn by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was picked: words (`document`, half-open `start` to `end`, `text`), an `id`, a spot, or a `ring` of (lon, lat) in degrees."""

    kind: Kind
    document: str = ""
    start: int = -1
    end: int = -1
    text: str = ""
    id: str = ""
    lat: float = math.nan
    lon: float = math.nan
    ring: tuple[tuple[float, float], ...] = ()


def read_told(value: Any) -> Told | None:
    """Return what a browser told, reduced to what it may hold; None for anything else.

    Examples
    --------
    >>> read_told({"kind": "spot", "lat": 36.2, "lon": 37.1}).lat
    36.2
    >>> read_told({"kind": "spot", "lat": "<script>"}) is None
    True
    """
    if not isinstance(value, dict) or value.get("kind") not in get_args(Kind):
        return None
    kind = value["kind"]
    words = {name: value.get(name, "") for name in ("document", "text", "id")}
    if not all(isinstance(one, str) and len(one) <= LONGEST for one in words.values()):
        return None
    if kind in ("mention", "missed"):
        start, end = value.get("start"), value.get("end")
        if type(start) is not int or type(end) is not int or not 0 <= start < end:
            return None
        return Told(kind=kind, start=start, end=end, **words)
    if kind == "spot":
        spot = _spot((value.get("lon"), value.get("lat")))
        return None if spot is None else Told(kind=kind, lon=spot[0], lat=spot[1], **words)
    if kind == "ring":
        corners = value.get("ring")
        if not isinstance(corners, list) or not 3 <= len(corners) <= MOST_CORNERS:
            return None
        ring = tuple(_spot(corner) for corner in corners)
        return None if None in ring else Told(kind=kind, ring=ring, **words)  # type: ignore[arg-type]
    return Told(kind=kind, **words) if words["id"] else None


def _spot(corner: Any) -> tuple[float, float] | None:
    """A (lon, lat) in degrees, or None; longitudes beyond the date line are turned back."""
    if not isinstance(corner, list | tuple) or len(corner) != 2:
        return None
    if not all(type(edge) in (int, float) and math.isfinite(edge) for edge in corner):
        return None
    lon, lat = float(corner[0]), float(corner[1])
    return ((lon + 540.0) % 360.0 - 180.0, lat) if abs(lat) <= 90 and abs(lon) <= 720 else None

"""The ground under the desk's map: detail also where marks lie far from the rest, so that a map that goes there finds land and names."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from geo import basemap

__all__ = ["further_boxes", "with_more"]

MOST_BOXES = 4  # beside that of the first view: each takes a tenth of a second and some 40 kB
REACH = 1.0  # degrees about a far mark that its box covers at least; whole degrees, so that marks close by have the same box

Box = tuple[float, float, float, float]
_OF_DETAIL = ("box", "scale", "land", "lakes", "lines", "rivers", "relief")


def further_boxes(spots: Iterable[tuple[float, float]], bounds: Sequence[float]) -> tuple[Box, ...]:
    """Return the bounds of what lies beyond the detail of a first view, those of most marks first, at most `MOST_BOXES`.

    Parameters
    ----------
    spots
        Where marks lie: (lon, lat) in degrees.
    bounds
        West, south, east, north of the first view, in degrees.

    Examples
    --------
    >>> further_boxes([(36.6, 35.9), (37.6, 55.7), (37.5, 55.8)], (36, 35, 38, 37))
    ((36.0, 54.0, 39.0, 57.0),)
    """
    inside, counted = basemap.region(bounds), dict[Box, int]()
    for lon, lat in spots:
        if _holds(inside, lon, lat) or not (-180 <= lon <= 180 and -84 <= lat <= 84):
            continue
        box = next((one for one in counted if _holds(basemap.region(one), lon, lat)), _about(lon, lat))
        counted[box] = counted.get(box, 0) + 1
    return tuple(sorted(counted, key=lambda box: -counted[box])[:MOST_BOXES])


def with_more(ground: Mapping[str, Any], boxes: Iterable[Box]) -> dict[str, Any]:
    """Return a cut of the basemap with the detail of further boxes (`more`), and their towns and names among its own."""
    made = dict(ground)
    towns = {(town[1], town[2]): town for town in ground["towns"]}
    labels = {(label[0], label[1]): label for label in ground["labels"]}
    more = []
    for bounds in boxes:
        found = basemap.cut(bounds, view=ground["view"])
        more.append({name: found[name] for name in _OF_DETAIL})
        for town in found["towns"]:
            towns.setdefault((town[1], town[2]), town)
        for name, kind, zoom, rank, spots in found["labels"]:
            known = labels.get((name, kind))
            inside = [spot for spot in spots if _holds(found["box"], *spot)]
            there = {(*spot,) for spot in known[4]} if known and inside else set()
            added = [spot for spot in inside if (*spot,) not in there]
            if known is None or added:
                labels[name, kind] = [name, kind, zoom, rank, [*(known[4] if known else ()), *(added if known else spots)]]
    return made | {"more": more, "towns": list(towns.values()), "labels": list(labels.values())}


def _holds(box: Sequence[float], lon: float, lat: float) -> bool:
    return box[0] <= lon <= box[2] and box[1] <= lat <= box[3]


def _about(lon: float, lat: float) -> Box:
    west, south = max(math.floor(lon - REACH), -180.0), max(math.floor(lat - REACH), -84.0)
    east, north = min(math.ceil(lon + REACH), 180.0), min(math.ceil(lat + REACH), 84.0)
    return float(west), float(south), float(east), float(north)

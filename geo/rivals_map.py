"""Where the places lie that a name may mean: a small picture as plain numbers, which the interface draws."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from geo import basemap
from geo.hand_map import Box, HandMap, touch
from geo.records import Feature

__all__ = ["HEIGHT", "WIDTH", "picture"]

WIDTH, HEIGHT = 360, 216  # pixels of the drawer's width, at 5:3
MARGIN = 1.35  # how much wider than the places the map is: dots and their numbers stay inside
LEAST_DEGREES = 3.0  # height of the closest map in degrees: a province and its neighbours
WHOLE_WORLD = 150.0  # degrees of longitude between places from which on the whole world is shown
DOT = 10.0  # radius of a numbered dot in pixels; dots are pushed apart until none covers another
PUSHES = 40  # rounds of pushing; eight dots on one spot are apart after some 20
OTHERS = 60  # other places of the text on one map; more would hide the land
LABELS = 7  # names lettered on one map: the text's own places first, then countries, then towns
LETTER = 5.2  # mean width of a letter in pixels, to keep names apart


def picture(features: Sequence[Feature], others: Iterable[Feature] = ()) -> dict[str, Any]:
    """Return the picture of some features, with the other places of the text as small dots.

    Parameters
    ----------
    features
        The features to choose among, in their order; each gets a dot.
    others
        Other places; those outside the picture are left out.

    Returns
    -------
    dict
        `width`, `height`; `land` and `lines` as paths of SVG; `dots` as (x, y, x of the true spot, y of it), one for each feature;
        `others` as (x, y, name); `labels` as (x, y, words, kind), of the kind "place", "country" or "town". In pixels from the top left.
    """
    if not features:
        return {"width": WIDTH, "height": HEIGHT, "land": "", "lines": "", "dots": [], "others": [], "labels": []}
    frame = _framed([(feature.lon, feature.lat) for feature in features])
    land, lines = _ground(frame)
    spots = [frame.at(feature.lon, feature.lat) for feature in features]
    shown = {other.id: (*frame.at(other.lon, other.lat), other.name) for other in others}
    inside = [spot for spot in shown.values() if 4 < spot[0] < WIDTH - 4 and 4 < spot[1] < HEIGHT - 4][:OTHERS]
    dots = [[round(v, 1) for v in (*dot, *spot)] for dot, spot in zip(_apart(spots), spots, strict=True)]
    return {
        "width": WIDTH, "height": HEIGHT, "land": land, "lines": lines, "dots": dots,
        "others": [[round(x, 1), round(y, 1), name] for x, y, name in inside],
        "labels": _labels(frame, [(dot[0], dot[1]) for dot in dots], inside),
    }


def _framed(spots: Sequence[tuple[float, float]]) -> HandMap:
    lons, lats = zip(*spots, strict=True)
    if max(lons) - min(lons) > WHOLE_WORLD:
        return HandMap(-180.0, 84.0, WIDTH / 360, HEIGHT / 144, WIDTH, HEIGHT)
    middle, centre = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    shrunk = max(0.2, math.cos(math.radians(middle)))
    degrees = max((max(lats) - min(lats)) * MARGIN, (max(lons) - min(lons)) * shrunk * MARGIN * HEIGHT / WIDTH, LEAST_DEGREES)
    up = HEIGHT / degrees
    return HandMap(centre - WIDTH / (up * shrunk) / 2, middle + degrees / 2, up * shrunk, up, WIDTH, HEIGHT)


@lru_cache(maxsize=32)
def _ground(frame: HandMap) -> tuple[str, str]:
    drawn = frame.outlines()
    land = "".join(frame.path(ring) for _, rings in drawn["land"] for ring in rings)
    countries = (rings for kind, rings in drawn["lines"] if kind in (basemap.COUNTRY, basemap.DISPUTED))
    return land, "".join(frame.path(ring, closed=False) for rings in countries for ring in rings)


def _labels(frame: HandMap, dots: Sequence[tuple[float, float]], others: Sequence[tuple[float, float, str]]) -> list[list[Any]]:
    """The names that fit beside each other and clear of the dots."""
    taken: list[Box] = [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in dots]
    taken += [(x - 3, y - 3, x + 3, y + 3) for x, y, _ in others]
    made: list[list[Any]] = []
    for x, y, words, kind in _letterable(frame, others):
        width = LETTER * len(words) * (1.15 if kind == "country" else 1.0)
        left = x - width / 2 if kind == "country" else x + 5
        label = (left, y - 6, left + width, y + 6)
        if not any(touch(label, other) for other in taken) and left > 2 and label[2] < WIDTH - 2 and 7 < y < HEIGHT - 7:
            taken.append(label)
            made.append([round(left, 1), round(y, 1), words, kind])
        if len(made) == LABELS:
            break
    return made


def _letterable(frame: HandMap, others: Sequence[tuple[float, float, str]]) -> Iterator[tuple[float, float, str, str]]:
    yield from ((x, y, name, "place") for x, y, name in others)
    west, south, east, north = frame.box
    for row in sorted(basemap.names(), key=lambda row: (float(row["zoom"]), float(row["rank"]))):
        lon, lat = float(row["lon"]), float(row["lat"])
        if row["kind"] == "country" and west < lon < east and south < lat < north:
            yield *frame.at(lon, lat), row["name"], "country"
    if east - west < basemap.COARSE_DEGREES:
        for name, lon, lat in basemap.towns(frame.box):
            yield *frame.at(lon, lat), name, "town"


def _apart(spots: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Where dots are drawn so that none covers another and all are inside: pushed apart, two on one spot along fixed directions."""
    placed = np.array(spots, dtype=np.float64)
    turn = np.arange(len(placed)) * 2.4
    spread = 0.01 * np.column_stack((np.cos(turn), np.sin(turn)))  # for those on one spot, as in a corner they may be again
    inside = np.array([DOT + 2, DOT + 2]), np.array([WIDTH - DOT - 2, HEIGHT - DOT - 2])
    placed = np.clip(placed, *inside)
    for _ in range(PUSHES):
        step = (placed + spread)[:, None] - (placed + spread)[None, :]
        gap = np.hypot(step[..., 0], step[..., 1])
        np.fill_diagonal(gap, np.inf)
        short = np.maximum(0.0, 2 * DOT + 1 - gap)
        if not short.any():
            break
        placed += ((short / 2 / gap)[..., None] * step).sum(axis=1)
        placed = np.clip(placed, *inside)
    return [(float(x), float(y)) for x, y in placed]

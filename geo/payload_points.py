"""Points too many to be drawn one by one: packed for one canvas (see `geo.packed`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geo.packed import packed_places

__all__ = ["MOST_SIGNS", "pack_points"]

MOST_SIGNS = 300
"""Above so many points the page draws them on one canvas; up to it each is an element of its own, with a name and the keyboard's focus."""


def pack_points(layers: Sequence[Mapping[str, Any]], *, icons: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the points of the layers packed, each feature then marked by "packed", or None where they are few.

    Settlement dots do not count: they are bounded by themselves.

    Parameters
    ----------
    layers
        As the page has them, with their features.
    icons
        The paths of the signs.
    """
    points = [feature for layer in layers for feature in layer["features"] if _is_point(feature)]
    if len(points) <= MOST_SIGNS:
        return None
    for feature in points:
        feature["packed"] = _group(feature)
    columns = {
        "lon": [point["geometry"]["coordinates"][0] for point in points],
        "lat": [point["geometry"]["coordinates"][1] for point in points],
        "title": [point["title"] for point in points],
        "id": [point["id"] for point in points],
        "key": [point["packed"] for point in points],
        "colour": [point["colour"] or "#1d1b18" for point in points],
        "status": [point["status_words"] for point in points],
        "icon": [icons.get(point["icon"], "") for point in points],
        "hollow": ["1" if point["hollow"] else "" for point in points],
    }
    return {"name": "Marks", "cluster": True, "places": packed_places(columns)}


def _is_point(feature: Mapping[str, Any]) -> bool:
    return feature["geometry"]["type"] == "Point" and not feature["quiet"] and "dot" not in feature


def _group(feature: Mapping[str, Any]) -> str:
    """What points are shown and hidden together: those of one line of the legend that stand on the same days; on the desk, each alone."""
    if "claims" in feature:
        return f"{feature['entry']} {feature['id']}"
    return f"{feature['entry']} {','.join(map(str, feature.get('on', ())))}".strip()

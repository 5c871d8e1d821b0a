"""Settlement dots: in place of areas of control, a dot for each settlement in them, as sure as the claims that it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo import layers as drawing
from geo import rows, symbology
from geo.census import settlements_of
from geo.settlements import SURE

if TYPE_CHECKING:
    from geo.layers import Layer
    from geo.situation import Situation

__all__ = ["MORE", "UNSURE", "dotted"]

MORE = ("unsure", "radius")
"""Columns of a layer's frame besides the usual: whether who holds a settlement is not sure, and its dot's radius; 0 for what is none."""

UNSURE = ", not sure"
"""Said after the name of who is thought to hold a settlement on uncertain ground."""

MOST_DOTS = 420  # on one page: at their least size they are still apart on the smallest page
APART = 1 / 90  # of the view's width: of two settlements nearer to each other the larger is drawn, unless a report names both
SCALED, LEAST, MOST = 0.42, 1.9, 6.5  # points: radius of a place of one, by the fifth root, and its bounds; a city of a million has 6.6
EASY, MOST_SWELL = 150, 1.7  # where there are fewer dots than this on a page, they are larger
_HELD = ("control", "claimed", "contested")
_LIMIT = "The text does not name the settlement; it lies in an area of which the report tells."


def dotted(drawn: Iterable[Layer], situation: Situation, bounds: Sequence[float]) -> tuple[Layer, ...]:
    """Return the layers with a point for each settlement where they have areas of control.

    Parameters
    ----------
    drawn
        Layers in drawing order.
    situation
        Whose zones hold the settlements.
    bounds
        West, south, east and north, in degrees, of what is shown.
    """
    kept = tuple(drawn)
    found = _chosen(situation, bounds)
    named = {row.recipe_id for row in found}
    told = {row.id: row for layer in kept if layer.key == "places" for row in layer.rows}
    made: dict[str, list[dict[str, Any]]] = {key: [] for key in _HELD}
    paint = rows.Paint(situation)
    swell = min(max((EASY / max(len(found), 1)) ** 0.3, 1.0), MOST_SWELL)
    for row in found:
        made[row.layer].append(_row(row, told.get(row.recipe_id), paint) | {"radius": _radius(row.row.population, swell)})
    return tuple(layer for key in symbology.LAYER_KEYS if (layer := _layer(key, kept, made.get(key), named)) is not None)


class _Settlement:
    """A row of the table of settlements."""

    def __init__(self, row: Any) -> None:
        self.row, self.recipe_id = row, str(row.id)
        self.unsure = row.status == "uncertain" or (row.status == "control" and row.probability < SURE)
        self.layer = row.status if row.status in _HELD else "control"


def _chosen(situation: Situation, bounds: Sequence[float]) -> list[_Settlement]:
    """The settlements of a view, those that reports name first, then the largest, none too near to another."""
    table = settlements_of(situation)
    if table.empty:
        return []
    x = (table.geometry.x.to_numpy() - bounds[0]) % 360
    y = table.geometry.y.to_numpy()
    wide, high = bounds[2] - bounds[0], bounds[3] - bounds[1]
    pad = 0.35 * max(wide, high)
    near = (x <= wide + pad) | (x >= 360 - pad)
    table = table[near & (y >= bounds[1] - pad) & (y <= bounds[3] + pad)]
    table = table.sort_values(["basis", "population", "id"], ascending=[False, False, True], kind="stable")
    kept = _apart(table.geometry.x.to_numpy(), table.geometry.y.to_numpy(), (table["basis"] == "reported").to_numpy(), wide * APART)
    return [_Settlement(row) for row in table[kept].head(MOST_DOTS).itertuples()]


def _apart(lon: NDArray[np.float64], lat: NDArray[np.float64], always: NDArray[np.bool_], degrees: float) -> NDArray[np.bool_]:
    """Which points to keep, in their order, so that none is nearer than some degrees (of longitude) to one kept before it."""
    kept = np.zeros(len(lon), dtype=bool)
    slim = np.cos(np.radians(lat))
    for number in range(len(lon)):
        before = np.flatnonzero(kept[:number])
        away = np.hypot((lon[before] - lon[number]) * slim[number], lat[before] - lat[number])
        kept[number] = bool(always[number]) or not len(before) or float(away.min()) >= degrees * slim[number]
    return kept


def _row(found: _Settlement, place: Any, paint: rows.Paint) -> dict[str, Any]:
    """A row of a layer for one settlement; `place` is the row of the place that a report names."""
    row, actor = found.row, paint.colours.get(found.row.actor, symbology.style()["neutral"])
    claims = [paint.claims[name] for name in row.evidence.split("; ") if name in paint.claims]
    known = paint.evidence(claims)
    status = "claimed" if found.layer == "claimed" else "reported"
    words = symbology.layer_style(found.layer)["legend"] + (UNSURE if found.unsure else "")
    blank: dict[str, Any] = dict.fromkeys(drawing.COLUMNS, "")
    blank |= {"mentions": (), "km2": 0.0, "length_km": 0.0, "ring_km": 0.0, "precision": 1, "vague": False, "quiet": False}
    limits = known["limits"] if row.basis == "reported" else (_LIMIT, *known["limits"])
    return blank | known | {
        "id": found.recipe_id, "layer": found.layer, "title": row.name, "actor": row.actor,
        "actor_name": row.actor_name + (UNSURE if found.unsure and row.actor_name else ""), "colour": actor, "status": status,
        "status_words": words, "predicate": "contests" if found.layer == "contested" else "controls", "words": row.name,
        "confidence": float(row.probability), "limits": limits, "geometry": row.geometry, "label": place.label if place is not None else "",
        "as_of": paint.as_of, "unsure": found.unsure,
    }


def _radius(population: float, swell: float) -> float:
    """The radius of a dot in points on an article's page: a city of a million is four times as wide as a hamlet."""
    known = population if np.isfinite(population) else 0.0
    return float(min(max(SCALED * max(known, 1.0) ** 0.2, LEAST) * swell, MOST))


def _layer(key: str, drawn: Sequence[Layer], made: list[dict[str, Any]] | None, named: set[str]) -> Layer | None:
    """A layer without its areas of control and with dots for them; the place under a dot is the dot's."""
    old = next((layer for layer in drawn if layer.key == key), None)
    if key == "places" and old is not None:
        return _with(old, tuple(row for row in old.rows if row.id not in named))
    if made is None:
        return old
    areas = [row._asdict() for row in old.rows if not _is_area(row)] if old is not None else []
    both = [*({**area, "unsure": False, "radius": 0.0} for area in areas), *made]
    return drawing.layer(key, both, more=MORE) if both else None


def _is_area(row: Any) -> bool:
    return row.geometry.geom_type in ("Polygon", "MultiPolygon") and row.icon == ""


def _with(layer: Layer, rows: tuple[Any, ...]) -> Layer | None:
    return replace(layer, rows=rows) if rows else None

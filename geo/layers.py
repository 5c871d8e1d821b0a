"""What is drawn, in which order: a situation as layers, each a frame with its legend and note.

No ink without a source: every feature of a layer leads to a claim, a mention or a decision, or stands in the grey reference layer.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from geo import rows as made
from geo import symbology
from geo.course_rows import course_rows
from geo.own_rows import OWN, own_rows
from geo.rows import COLUMNS

if TYPE_CHECKING:
    from geo.situation import Situation

__all__ = ["COLUMNS", "Layer", "LegendEntry", "layer", "layers", "legend_key", "rows_of", "unsourced"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendEntry:
    """One line of the legend: what it says, the sign beside it, and the heading over it.

    `sign` is "area", "line", "point", "front", "icon", "arrow" or "siege".
    """

    key: tuple[str, str, str, str]
    label: str
    sign: str
    layer: str
    colour: str = ""
    icon: str = ""
    group: str = ""
    hollow: bool = False


@dataclass(frozen=True, kw_only=True)
class Layer:
    """Features drawn alike: `rows` with the names of `columns`, their geometries in EPSG:4326; `kind` is what most of its area is."""

    key: str
    title: str
    rows: tuple[Any, ...]
    columns: tuple[str, ...]
    kind: str
    legend: tuple[LegendEntry, ...] = ()
    note: str = ""
    style: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def frame(self) -> Any:
        """The rows as a GeoDataFrame in EPSG:4326, made when it is first asked for."""
        return gpd.GeoDataFrame([row._asdict() for row in self.rows], columns=list(self.columns), geometry="geometry", crs="EPSG:4326")


def layers(situation: Situation) -> tuple[Layer, ...]:
    """Return the layers of a situation in drawing order; only those that hold something.

    Parameters
    ----------
    situation
        What some reports say; its zones and front lines in EPSG:4326.

    Returns
    -------
    tuple of Layer
        Frames with `COLUMNS`; the legend names only what is present.
    """
    paint = made.Paint(situation)
    claimed = [*made.zone_rows(paint), *made.front_rows(paint), *made.event_rows(paint), *course_rows(paint)]
    spots = {made.spot(row["geometry"]) for row in claimed if row["icon"]}
    rows = [*claimed, *made.place_rows(paint, spots), *made.phrase_rows(paint), *own_rows(paint)]
    found = ((key, [row for row in rows if row["layer"] == key]) for key in symbology.LAYER_KEYS)
    return tuple(layer(key, chosen) for key, chosen in found if chosen)


def layer(key: str, rows: Sequence[Mapping[str, Any]], *, more: Sequence[str] = ()) -> Layer:
    """Return a layer of some rows, its legend of what they hold.

    Parameters
    ----------
    key
        Of the layer.
    rows
        With `COLUMNS`; their geometries in EPSG:4326.
    more
        Columns besides, each with a value in every row.
    """
    columns = (*COLUMNS, *more)
    found, drawn = rows_of(rows, columns), symbology.layer_style(key)
    dimensions = {row.geometry.geom_type.removeprefix("Multi") for row in found}
    kind = "polygon" if "Polygon" in dimensions else "line" if "LineString" in dimensions else "point"
    return Layer(
        key=key, title=drawn["title"], rows=found, columns=columns, kind=kind, legend=_legend(key, found), note=drawn["legend"],
        style=dict(drawn),
    )


def rows_of(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> tuple[Any, ...]:
    """Return rows as named tuples of some columns."""
    make = _row_type(tuple(columns))
    return tuple(make(*(row[name] for name in columns)) for row in rows)


@lru_cache(maxsize=8)
def _row_type(columns: tuple[str, ...]) -> Any:
    return namedtuple("Row", columns)


def unsourced(drawn: Iterable[Layer]) -> tuple[str, ...]:
    """Return the ids of features that lead to no claim, mention or decision; the reference layer may hold such."""
    return tuple(
        row.id
        for one in drawn
        if one.key != "reference"
        for row in one.rows
        if not (row.claims or row.mentions or row.decisions)
    )


def legend_key(row: Any, key: str) -> tuple[str, str, str, str]:
    """Return the heading, label, sign and colour of the legend line that a feature's row belongs to; a line of its own has no label."""
    sign, words = _sign(row), symbology.heading(key, status=row.status, predicate=row.predicate)
    if sign == "front":
        return "", "front line, inferred", sign, row.colour
    if sign in ("arrow", "siege"):
        label = _COURSES.get((row.course, row.predicate), row.course)
        said = f"{label}, {_UNREAL[row.status]}" if row.status in _UNREAL else label
        return words if key == "past" else "", said, sign, ""
    if sign == "icon" and key in ("places", "events", "past"):
        label = symbology.icon_title(row.icon)
        return words if key == "past" else "", f"{label}, {_UNREAL[row.status]}" if row.status in _UNREAL else label, sign, ""
    if row.predicate == OWN:
        return "", f"{row.words}, not from the reports", sign, row.colour
    if key == "reference":
        return words, "", "area", row.colour
    if key in ("places", "past", "uncertain") or not row.actor_name:
        return words, "", sign, row.colour if key != "places" else ""
    kind = {"icon": f", {symbology.icon_title(row.icon)}", "line": ", road" if row.label else ", line"}.get(sign, "")
    return words, f"{row.actor_name}{_ACTS.get(row.predicate, '')}{kind}", sign, row.colour


_COURSES = {
    ("arrow", "advances"): "advance, from where", ("arrow", "attacks"): "attack, from where",
    ("arrow", "withdraws"): "withdrawal, to where", ("fire", "attacks"): "fire, from where",
    ("stub", "advances"): "advance, direction only", ("stub", "attacks"): "attack, direction only",
    ("stub", "withdraws"): "withdrawal, direction only", ("siege", "besieges"): "siege",
}
_UNREAL = {"proposed": "proposed", "intended": "intended", "conditional": "on a condition", "denied": "denied"}
_ACTS = {"withdraws": ", to withdraw", "hands_over": ", to hand over", "patrols": ", patrols", "besieges": ", besieging"}


def _legend(key: str, drawn: Iterable[Any]) -> tuple[LegendEntry, ...]:
    """What is present, said once: lines that share their words stand under them as a heading; the others carry them."""
    rows = {legend_key(row, key): row for row in drawn if not row.quiet}
    headings = [found[0] for found in rows]
    order = {words: number for number, words in enumerate(dict.fromkeys(filter(None, headings)))}
    entries = []
    for found, row in sorted(rows.items(), key=lambda item: (order.get(item[0][0], len(order)), item[0][1] == "")):
        words, label, sign, colour = found
        grouped = bool(words) and headings.count(words) > 1
        entries.append(
            LegendEntry(
                key=found, label=_label(key, words, label, sign, row, grouped=grouped), sign=sign, layer=key, colour=colour, icon=row.icon,
                group=made.first_capital(words) if grouped else "", hollow=sign in ("icon", "arrow") and row.status in symbology.UNREAL,
            )
        )
    return tuple(entries)


def _label(key: str, words: str, label: str, sign: str, row: Any, *, grouped: bool) -> str:
    if grouped and sign == "line":
        return label or ("road" if row.label else "line")
    if grouped:
        return label or ("area" if key in ("past", "reference") else "no party named")
    if words and label:
        return f"{label}, past" if key == "past" else f"{words}: {label}"
    return label or words


def _sign(row: Any) -> str:
    if row.predicate == "front_line":
        return "front"
    if row.course:
        return "siege" if row.course == "siege" else "arrow"
    if row.icon:
        return "icon"
    return "area" if "Polygon" in row.geometry.geom_type else "line" if "Line" in row.geometry.geom_type else "point"

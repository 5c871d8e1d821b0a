"""What is drawn, in which order: a situation as layers, each a frame with its legend and note.

No ink without a source: every feature of a layer leads to a claim, a mention or a decision, or stands in the grey reference layer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from geo import rows as made
from geo import symbology
from geo.rows import COLUMNS

if TYPE_CHECKING:
    from geo.situation import Situation

__all__ = ["COLUMNS", "Layer", "LegendEntry", "layers", "legend_key", "unsourced"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendEntry:
    """One line of the legend: what it says, the sign beside it ("area", "line", "point", "front" or "icon"), and the heading over it."""

    key: tuple[str, str, str]
    label: str
    sign: str
    layer: str
    colour: str = ""
    icon: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Features drawn alike: `frame` is a GeoDataFrame in EPSG:4326 with `COLUMNS`; `kind` is what most of its area is."""

    key: str
    title: str
    frame: Any
    kind: str
    legend: tuple[LegendEntry, ...] = ()
    note: str = ""
    style: dict[str, Any] = field(default_factory=dict)


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
    claimed = [*made.zone_rows(paint), *made.front_rows(paint), *made.event_rows(paint)]
    spots = {made.spot(row["geometry"]) for row in claimed if row["icon"]}
    rows = [*claimed, *made.place_rows(paint, spots), *made.phrase_rows(paint)]
    found = ((key, [row for row in rows if row["layer"] == key]) for key in symbology.LAYER_KEYS)
    return tuple(_layer(key, chosen) for key, chosen in found if chosen)


def unsourced(drawn: Iterable[Layer]) -> tuple[str, ...]:
    """Return the ids of features that lead to no claim, mention or decision; the reference layer may hold such."""
    return tuple(
        row.id
        for layer in drawn
        if layer.key != "reference"
        for row in layer.frame.itertuples()
        if not (row.claims or row.mentions or row.decisions)
    )


def legend_key(row: Any, key: str) -> tuple[str, str, str]:
    """Return the label, sign and colour of the legend line that a feature's row belongs to."""
    sign, words = _sign(row), symbology.layer_style(key)["legend"]
    if sign == "front":
        return "front line, inferred", sign, row.colour
    if sign == "icon" and key in ("places", "events", "past"):
        return symbology.icon_title(row.icon) + (", past" if key == "past" else ""), sign, ""
    if key == "reference":
        return words, "area", row.colour
    if key in ("places", "past", "uncertain") or not row.actor_name:
        return words, sign, row.colour if key != "places" else ""
    kind = {"icon": f", {symbology.icon_title(row.icon)}", "line": ", road" if row.label else ", line"}.get(sign, "")
    return f"{row.actor_name}{_ACTS.get(row.predicate, '')}{kind}", sign, row.colour


_ACTS = {"withdraws": ", to withdraw", "hands_over": ", to hand over", "patrols": ", patrols", "besieges": ", besieged"}


def _layer(key: str, rows: list[dict[str, Any]]) -> Layer:
    frame = gpd.GeoDataFrame(rows, columns=list(COLUMNS), geometry="geometry", crs="EPSG:4326")
    drawn = symbology.layer_style(key)
    dimensions = {shape.geom_type.removeprefix("Multi") for shape in frame.geometry}
    kind = "polygon" if "Polygon" in dimensions else "line" if "LineString" in dimensions else "point"
    return Layer(key=key, title=drawn["title"], frame=frame, kind=kind, legend=_legend(key, frame), note=drawn["legend"], style=dict(drawn))


def _legend(key: str, frame: Any) -> tuple[LegendEntry, ...]:
    """What is present, said once: each party of a layer (under a heading where there are several), each icon, the front line."""
    words, rows = symbology.layer_style(key)["legend"], {legend_key(row, key): row for row in frame[~frame.quiet].itertuples()}
    parties = [found for found, row in rows.items() if _party(found, row)]
    plain = [found for found in rows if found[0] == words]
    grouped = [*parties, *plain] if len(rows) > 1 and len(parties) + len(plain) > 1 else []
    entries = []
    for found, row in sorted(rows.items(), key=lambda item: (item[0] not in parties, item[0] not in plain)):
        label, group = found[0], made.first_capital(words) if found in grouped else ""
        if found in grouped and found in plain:
            label = ("road" if row.label else "line") if found[1] == "line" else "area" if not parties else "no party named"
        elif found in parties and not grouped:
            label = f"{words}: {label}"
        entries.append(LegendEntry(key=found, label=label, sign=found[1], layer=key, colour=found[2], icon=row.icon, group=group))
    return tuple(entries)


def _party(found: tuple[str, str, str], row: Any) -> bool:
    return bool(row.actor_name) and found[0].startswith(row.actor_name)


def _sign(row: Any) -> str:
    if row.predicate == "front_line":
        return "front"
    if row.icon:
        return "icon"
    return "area" if "Polygon" in row.geometry.geom_type else "line" if "Line" in row.geometry.geom_type else "point"

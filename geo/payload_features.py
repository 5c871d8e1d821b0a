"""What the page draws: each feature once, with the days on which it stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo import actors as who
from geo import layers as drawing
from geo import symbology
from geo.payload_names import Names
from geo.plate import app6, app6_choice
from geo.plate.dots import UNSURE
from geo.plate.paint import muted

if TYPE_CHECKING:
    from geo.choices import Choices
    from geo.layers import Layer, LegendEntry
    from geo.payload_texts import Texts
    from geo.situation import Situation

__all__ = ["Drawn", "Look", "drawn_features", "legend_of"]

Drawn = Sequence["Layer"]
"""The layers of one day."""

# Outlines are thinned to this (degrees, about 200 m) and rounded to 4 decimals (11 m): under a pixel up to zoom 10.
_THIN_DEGREES = 0.002

# Countries and seas are outlined only when asked for; a coarse outline serves.
_QUIET_DEGREES = 0.04

_PIXELS_A_POINT = 4 / 3

_LEGEND_ORDER = (
    "control", "claimed", "contested", "influence", "overlay", "proposed", "events", "places", "past", "uncertain", "reference",
)


class Look:
    """How the features of a page look: their colours as the preset has them, and the signs of the military one."""

    def __init__(self, situation: Situation, choices: Choices, *, desk: bool = False) -> None:
        self.preset = symbology.preset(choices.preset)
        self.desk = desk
        self.own = choices.own
        self.claims = {claim.id: claim for claim in situation.claims}
        self.names = Names(situation, choices)
        self.symbols: dict[str, list[list[Any]]] = {}
        self.war = who.shipped().war_of(situation.actors) if choices.own and self.preset["signs"] == "app6" else ""

    def colour(self, colour: str) -> str:
        """A party's colour as the preset has it."""
        return muted(colour, self.preset) if colour and self.preset.get("mute") else colour

    def symbol(self, row: Any) -> str:
        """The key of a feature's military symbol, which is put into `symbols`; "" where it keeps its sign."""
        claim = next((self.claims[name] for name in row.claims if name in self.claims), None)
        if self.preset["signs"] != "app6" or not row.icon or claim is None or claim.predicate in _CIVIL:
            return ""
        kind = app6_choice.kind_of_icon(row.icon) or app6_choice.kind_of(claim)
        side = app6_choice.affiliation_of(claim.actor, self.own, who.shipped(), war=self.war)
        echelon = "" if app6_choice.kind_of_icon(row.icon) else app6_choice.echelon_of(claim)
        status = app6_choice.status_of(row.status)
        key = "|".join((kind, side, status, echelon))
        if key not in self.symbols:
            self.symbols[key] = [list(path) for path in app6.path_of(kind, side, status, echelon)]
        return key


    def units(self) -> list[list[str]]:
        """The symbols that are used, each with its words for the legend."""
        told: dict[str, str] = {}
        for key in sorted(self.symbols):
            kind, side, status, _ = key.split("|")
            told.setdefault(", ".join((app6.KINDS[kind], _SIDES[side], *(["planned"] if status == "anticipated" else []))), key)
        return [[key, words] for words, key in told.items()]


_SIDES = {"unknown": "no side taken", "friend": "own side", "hostile": "against it", "neutral": "neutral"}

_CIVIL = ("meets", "agrees", "proposes", "demands", "located")


def legend_of(days: Sequence[Drawn], *, look: Look) -> tuple[list[dict[str, Any]], dict[tuple[str, ...], str]]:
    """Return the legend's lines, those of layers that the preset does not draw marked as off, and the key of each line.

    Parameters
    ----------
    days
        The layers of each day, the last day last; its lines come first.
    look
        The preset.
    """
    keys: dict[tuple[str, ...], str] = {}
    lines: dict[str, list[dict[str, Any]]] = {}
    for drawn in reversed(days):
        for layer in drawn:
            for entry in layer.legend:
                if (layer.key, *entry.key) not in keys:
                    told = lines.setdefault(layer.key, [])
                    keys[layer.key, *entry.key] = f"{layer.key}-{len(told)}"
                    told.append(_line(f"{layer.key}-{len(told)}", entry, look))
    return [line for key in _LEGEND_ORDER for line in _grouped(lines.get(key, []))], keys


def _line(key: str, entry: LegendEntry, look: Look) -> dict[str, Any]:
    return {
        "key": key, "label": entry.label, "sign": entry.sign, "group": entry.group, "layer": entry.layer,
        "colour": look.colour(entry.colour), "icon": entry.icon, "hollow": entry.hollow or UNSURE in entry.label,
        "off": entry.layer not in look.preset["layers"],
    }


def _grouped(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines of one heading together, in the order in which the headings come; those without one last."""
    groups = list(dict.fromkeys(line["group"] for line in lines if line["group"]))
    return sorted(lines, key=lambda line: groups.index(line["group"]) if line["group"] else len(groups))


def drawn_features(
    days: Sequence[Drawn], *, entries: Mapping[tuple[str, ...], str], texts: Texts, look: Look, since: Mapping[str, Sequence[int]],
) -> list[dict[str, Any]]:
    """Return the layers with their features, in drawing order.

    A feature that stands alike on several days is there once; `on` numbers its days, and is absent where it stands on all of them.
    Where only the last day is given, `since` has the days of each claim: a sign stands on those of its claims, an area on all.
    """
    made: dict[str, dict[str, Any]] = {}
    taken: set[str] = set()
    titles = {layer.key: layer.title for drawn in days for layer in drawn}
    by_layer: dict[str, list[dict[str, Any]]] = {key: [] for key in symbology.LAYER_KEYS if key in titles}
    alike = _Alike()
    for number in reversed(range(len(days))):  # the last day keeps the ids that other outputs have
        for layer in days[number]:
            for row in layer.rows:
                geometry, anchor = _shape(row)
                feature = _feature(row, entries.get((layer.key, *drawing.legend_key(row, layer.key)), ""), texts, look)
                told = json.dumps([layer.key, feature, alike(geometry)], sort_keys=True) if len(days) > 1 else str(len(made))
                feature |= {"geometry": geometry, "anchor": anchor}
                if told not in made:
                    name = str(row.id) if str(row.id) not in taken else f"{row.id}@{number}"
                    taken.add(name)
                    made[told] = {"id": name, **feature, "on": []}
                    by_layer[layer.key].append(made[told])
                    texts.leads(row, name)
                made[told]["on"].insert(0, number)
                if since and layer.key in ("events", "past") and row.claims and all(name in since for name in row.claims):
                    made[told]["on"] = sorted({day for name in row.claims for day in since[name]})
    for feature in made.values():
        if feature["on"] == list(range(len(days))):
            del feature["on"]
    return [{"key": key, "title": titles[key], "features": features} for key, features in by_layer.items()]


class _Alike:
    """Numbers geometries, those that are alike with one number; each is compared once."""

    def __init__(self) -> None:
        self._by_id: dict[int, tuple[int, dict[str, Any]]] = {}  # with the geometry, so that no other gets its id
        self._by_text: dict[str, int] = {}

    def __call__(self, geometry: dict[str, Any]) -> int:
        """Return the number of a geometry."""
        if id(geometry) not in self._by_id:
            text = json.dumps(geometry, sort_keys=True)
            self._by_id[id(geometry)] = self._by_text.setdefault(text, len(self._by_text)), geometry
        return self._by_id[id(geometry)][0]


def _feature(row: Any, entry: str, texts: Texts, look: Look) -> dict[str, Any]:
    made = {
        "title": row.title,
        "actor_name": row.actor_name,
        "colour": look.colour(row.colour),
        "status_words": row.status_words,
        "status": row.status,
        "predicate": row.predicate,
        "icon": row.icon,
        "hollow": row.status in symbology.UNREAL,
        "course": getattr(row, "course", ""),
        "label": look.names.label(row.label),
        "quotes": [texts.quote(quote) for quote in row.quotes],
        "sources": [list(s) for s in row.sources],
        "speaker": row.speaker,
        "confidence": round(row.confidence, 2),
        "reason": row.reason,
        "limits": list(row.limits),
        "words": row.words,
        "when": row.when,
        "km2": round(row.km2, 1),
        "length_km": round(row.length_km, 1),
        "ring_km": row.ring_km,
        "vague": bool(row.vague),
        "quiet": bool(row.quiet),
        "entry": entry,
    }
    if look.desk:
        made["claims"] = [name for name in row.claims if name in look.claims]
    if symbol := look.symbol(row):
        made["symbol"] = symbol
        made["symbol_badge"] = "" if app6_choice.kind_of_icon(row.icon) else row.icon
    if getattr(row, "radius", 0.0) > 0:
        made |= {"dot": round(row.radius * _PIXELS_A_POINT, 1), "unsure": bool(row.unsure)}
    return made


_KEPT_SHAPES = 1024  # thinned shapes that are kept for the next drawing; after a correction most are the same
_shapes: dict[bytes, tuple[dict[str, Any], list[float] | None]] = {}


def _shape(row: Any) -> tuple[dict[str, Any], list[float] | None]:
    """A row's shape thinned and rounded, and the point inside an area where its sign stands; the same shape is worked out once."""
    key = hashlib.blake2b(shapely.to_wkb(row.geometry), digest_size=16).digest() + bytes([row.quiet])
    found = _shapes.get(key)
    if found is None:
        shape = _thin(row.geometry, _QUIET_DEGREES if row.quiet else _THIN_DEGREES)
        anchor = shapely.point_on_surface(shape) if "Polygon" in shape.geom_type else None
        found = _rounded(shape), [round(anchor.x, 3), round(anchor.y, 3)] if anchor is not None else None
        if len(_shapes) >= _KEPT_SHAPES:
            _shapes.clear()
        _shapes[key] = found
    return found


def _thin(shape: BaseGeometry, degrees: float) -> BaseGeometry:
    thin = shapely.simplify(shape, degrees * (4 if shapely.get_num_coordinates(shape) > 3000 else 1))
    return shape if thin.is_empty else thin


def _rounded(shape: BaseGeometry) -> dict[str, Any]:
    def turn(value: Any) -> Any:
        return round(value, 4) if isinstance(value, float) else [turn(item) for item in value]

    found = shapely.geometry.mapping(shape)
    if found["type"] == "GeometryCollection":
        return {"type": "GeometryCollection", "geometries": [_rounded(part) for part in shape.geoms]}
    return {"type": found["type"], "coordinates": turn(found["coordinates"])}

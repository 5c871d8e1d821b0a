"""What the page's script needs to know: layers, texts and basemap as one value that JSON can carry.

`script_json` writes it so that no character can end the script that holds it or open a template.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo import annotate, symbology
from geo import basemap as ground
from geo import layers as drawing
from geo.installed import credits
from geo.languages import limit
from geo.relations import relations

if TYPE_CHECKING:
    from geo.layers import Layer
    from geo.records import Document, Mention
    from geo.situation import Situation

__all__ = ["payload", "script_json"]

# Features nearer to each other than this belong to one cluster of the first view: set over the seed report and the five briefings'
# places so that a theatre of war stays together and a foreign capital falls away.
CLUSTER_KM = 450.0

SAME_SPOT_DEGREES = 0.25  # points within such a square are asked for their neighbours once

# Layers that decide what the first view shows, before all others.
_LEADING = ("control", "claimed", "contested", "influence", "overlay", "proposed")

_LEGEND_ORDER = (
    "control",
    "claimed",
    "contested",
    "influence",
    "overlay",
    "proposed",
    "events",
    "places",
    "past",
    "uncertain",
    "reference",
)

_LEADING_WEIGHT = 6.0

# Wider areas (a sea, a quarter of a country) do not decide the first view where anything narrower is drawn (square kilometres).
_WIDE_KM2 = 90_000.0

_LEAST_VIEW_DEGREES = 0.9

# Outlines are thinned to this (degrees, about 200 m) and rounded to 4 decimals (11 m): under a pixel up to zoom 10.
_THIN_DEGREES = 0.002

# Countries and seas are outlined only when asked for; a coarse outline serves.
_QUIET_DEGREES = 0.04

_VIEW_WORDS = {"de_facto": "borders: de facto view", "de_jure": "borders: de jure view", "neutral": "borders: neutral view"}


def payload(situation: Situation, drawn: Sequence[Layer], *, basemap: bool = True, panel: bool = True, credit: str = "") -> dict[str, Any]:
    """Return what the page's script needs, as a value that JSON can carry.

    Parameters
    ----------
    situation, drawn
        What some reports say, and its layers.
    basemap
        Whether the offline basemap goes with it.
    panel
        Whether the marked text goes with it.
    credit
        Whose tiles lie under the map, if any.
    """
    bounds = _first_view(drawn)
    entries: dict[tuple[str, ...], str] = {
        (layer.key, *entry.key): f"{layer.key}-{number}" for layer in drawn for number, entry in enumerate(layer.legend)
    }
    in_legend = sorted(drawn, key=lambda layer: _LEGEND_ORDER.index(layer.key))
    texts = _Texts(situation, drawn)
    return {
        "title": situation.title,
        "as_of": situation.as_of.isoformat() if situation.as_of else "",
        "view": situation.view,
        "view_words": _VIEW_WORDS.get(situation.view, f"borders: {situation.view}"),
        "bylines": list(dict.fromkeys(filter(None, map(_byline, situation.documents)))),
        "bounds": [round(edge, 3) for edge in bounds],
        "panel": panel,
        "style": dict(symbology.style()),
        "layers": [{"key": layer.key, "title": layer.title, "features": _features(layer, entries, texts)} for layer in drawn],
        "legend": [
            {
                "key": entries[(layer.key, *e.key)],
                "label": e.label,
                "sign": e.sign,
                "group": e.group,
                "layer": e.layer,
                "colour": e.colour,
                "icon": e.icon,
                "hollow": e.hollow,
            }
            for layer in in_legend
            for e in layer.legend
        ],
        "texts": texts.all() if panel else [],
        "relations": _relations(situation, texts) if panel else [],
        "unresolved": list(dict.fromkeys(mention.text for mention in situation.unresolved)),
        "listed": _listed(situation) if panel else [],
        "sources": [*_base(situation), *([d.title, d.source, d.published.isoformat() if d.published else ""] for d in situation.documents)],
        "boundary_note": ground.BOUNDARY_NOTE + f" Map {_VIEW_WORDS.get(situation.view, situation.view)}.",
        "attribution": f"{f'Tiles: {credit}' if credit else ground.ATTRIBUTION}{_further()}{_base_credit(situation)}. Drawn with Leaflet.",
        "about": _about(situation),
        "basemap": ground.cut(bounds, view=situation.view) if basemap else None,
    }


def _further() -> str:
    """Whose data a user has installed, besides what ships."""
    return "".join(f"; {origin} ({licence})" for origin, licence in credits() if origin not in ground.ATTRIBUTION)


def _base(situation: Situation) -> list[list[str]]:
    """The base map that the reports brought up to date, as a source: title, publisher, date."""
    base = getattr(situation, "base", None)
    return [list(base.source)] if base else []


def _base_credit(situation: Situation) -> str:
    return "".join(f"; base map: {', '.join(filter(None, source))}" for source in _base(situation))


def script_json(value: object) -> str:
    """Return JSON that is safe inside a script element and inside a Jinja template.

    Examples
    --------
    >>> script_json({"a": "</script>{{7*7}}"})
    '{"a":"\\\\u003c/script\\\\u003e\\\\u007b\\\\u007b7*7}}"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    # A brace before a brace, "%" or "#" stands only inside a string: no JSON structure has it.
    for second in "%#":
        text = text.replace("{" + second, "\\u007b" + second)
    return text.replace("{{", "\\u007b\\u007b")


def _byline(document: Document) -> str:
    return document.source or ""


def _about(situation: Situation) -> list[str]:
    count = len(situation.documents)
    return [
        *dict.fromkeys(filter(None, (limit(document.language) for document in situation.documents))),
        f"Salient drew this map from {'one report' if count == 1 else f'{count} reports' if count else 'other maps'}. "
        "It shows what the text says, not what is so: every mark leads to the words that it stands on.",
        "Colour says which party, pattern says which status: solid is reported, hatched is claimed, crossed is contested, broken hatching "
        "is proposed. A faded edge means that the text gives no exact line. A dashed ring shows how precisely a place is known.",
        "A capital that stands for its government, and a people's name, are read as actors and are not drawn.",
        *getattr(situation, "notes", ()),
    ]


def _features(layer: Layer, entries: dict[tuple[str, ...], str], texts: _Texts) -> list[dict[str, Any]]:
    return [_feature(row, layer, entries, texts) for row in layer.frame.itertuples()]


def _feature(row: Any, layer: Layer, entries: dict[tuple[str, ...], str], texts: _Texts) -> dict[str, Any]:
    shape = _thin(row.geometry, _QUIET_DEGREES if row.quiet else _THIN_DEGREES)
    anchor = shapely.point_on_surface(shape) if "Polygon" in shape.geom_type else None
    return {
        "id": row.id,
        "title": row.title,
        "actor_name": row.actor_name,
        "colour": row.colour,
        "status_words": row.status_words,
        "predicate": row.predicate,
        "icon": row.icon,
        "hollow": row.status in symbology.UNREAL,
        "label": row.label,
        "quotes": [texts.quote(quote, row.claims) for quote in row.quotes],
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
        "entry": entries.get((layer.key, *drawing.legend_key(row, layer.key)), ""),
        "geometry": _rounded(shape),
        "anchor": [round(anchor.x, 3), round(anchor.y, 3)] if anchor is not None else None,
    }


def _listed(situation: Situation) -> list[list[str]]:
    """Claims about places without a name or a known position, which are listed and drawn nowhere: what is claimed, and the sentence."""
    found = []
    for claim in situation.claims:
        place = next((span.quote for span in claim.evidence if span.role == "place"), "")
        if claim.where is None and place:
            act = symbology.predicate_words(claim.predicate)
            told = f"{claim.actor.name if claim.actor else 'somebody'}: {act} ({claim.status}), {' '.join(place.split())}"
            found.append([told, " ".join(claim.evidence[0].quote.split())])
    return found


def _relations(situation: Situation, texts: _Texts) -> list[dict[str, Any]]:
    """Who backs whom, for the list beside the map: relations between parties are never drawn."""
    colours = symbology.colours(situation.actors)
    made = []
    for one in relations(situation.claims):
        spans = dict.fromkeys((claim.evidence[0].document_id, claim.evidence[0].start, claim.evidence[0].end) for claim in one.claims)
        told = {claim.evidence[0].document_id for claim in one.claims}
        best = max(one.claims, key=lambda claim: claim.confidence)
        made.append({
            "first": one.first.name, "second": one.second.name, "bond": " and ".join(one.bonds), "mutual": one.mutual,
            "first_colour": colours.get(one.first.id, ""), "second_colour": colours.get(one.second.id, ""),
            "status_words": symbology.status_words(one.status, best.speaker), "when": best.when.words if one.status == "past" else "",
            "confidence": round(one.confidence, 2), "reason": best.reason,
            "quotes": [texts.quote((*span, ""), [claim.id for claim in one.claims]) for span in spans],
            "sources": [
                [d.title, d.source, d.published.isoformat() if d.published else ""] for d in situation.documents if d.id in told
            ],
        })
    return made


class _Texts:
    """The reports cut into pieces, each with the features that it leads to."""

    def __init__(self, situation: Situation, drawn: Sequence[Layer]) -> None:
        self.situation = situation
        self.by_mention: dict[str, list[str]] = {}
        self.by_claim: dict[str, list[str]] = {}
        for layer in drawn:
            for row in layer.frame.itertuples():
                for mention in row.mentions:
                    self.by_mention.setdefault(mention, []).append(row.id)
                for claim in row.claims:
                    self.by_claim.setdefault(claim, []).append(row.id)
        self.documents = {document.id: document for document in situation.documents}
        self.named: dict[str, list[Mention]] = {}
        for mention in sorted(situation.mentions, key=lambda mention: mention.start):
            self.named.setdefault(mention.document_id, []).append(mention)

    def all(self) -> list[dict[str, Any]]:
        return [
            {"title": d.title, "byline": ", ".join(filter(None, (d.source, _long_date(d)))), "paragraphs": self._paragraphs(d)}
            for d in self.situation.documents
        ]

    def quote(self, quote: tuple[str, int, int, str], claims: Sequence[str]) -> list[list[Any]]:
        """A quote as [words, marked] pairs: what a mention or a shorter piece of evidence names in it is marked."""
        document_id, start, end, _ = quote
        document = self.documents.get(document_id)
        if document is None:
            return [[quote[3], False]]
        named = self.named.get(document_id, [])
        first, last = (bisect_left(named, at, key=lambda mention: mention.start) for at in (start, end))
        inside = [mention for mention in named[first:last] if mention.kind != "date"]
        cut = annotate.pieces(document, mentions=inside, within=(start, end))
        return [[piece.text, piece.mention is not None] for piece in cut]

    def _paragraphs(self, document: Document) -> list[list[dict[str, Any]]]:
        cut = annotate.pieces(document, mentions=self.named.get(document.id, ()), evidence=annotate.evidence_of(self.situation, document))
        paragraphs: list[list[dict[str, Any]]] = [[]]
        for piece in cut:
            for number, words in enumerate(piece.text.split("\n")):
                if number and paragraphs[-1]:
                    paragraphs.append([])
                if words:
                    paragraphs[-1].append(self._piece(piece, words))
        return [paragraph for paragraph in paragraphs if any(piece["t"].strip() for piece in paragraph)]

    def _piece(self, piece: annotate.Piece, words: str) -> dict[str, Any]:
        made: dict[str, Any] = {"t": words}
        ids = (
            []
            if piece.mention is None
            else list(self.by_mention.get(f"{piece.mention.document_id}:{piece.mention.start}-{piece.mention.end}", ()))
        )
        ids.extend(feature for claim in piece.claims for feature in self.by_claim.get(claim, ()))
        if piece.mention is not None and piece.mention.kind not in ("actor", "date"):
            made["m"] = piece.mention.use
            made["w"] = {"metonym": "stands for its government: not drawn", "demonym": "a people or state: not drawn"}.get(
                piece.mention.use, "not placed"
            )
        if any(claim in self.by_claim for claim in piece.claims):
            made["c"] = 1
        if ids:
            made["f"] = list(dict.fromkeys(ids))
        return made


def _long_date(document: Document) -> str:
    return f"{document.published.day} {document.published:%B %Y}" if document.published else ""


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


def _first_view(drawn: Sequence[Layer]) -> tuple[float, float, float, float]:
    """West, south, east, north of what the reports are mainly about: the claims of the heaviest cluster, else its places."""
    rows = [(layer.key, row) for layer in drawn if layer.key != "uncertain" for row in layer.frame.itertuples() if not row.quiet]
    close = [(key, row) for key, row in rows if row.km2 < _WIDE_KM2 and key != "reference"] or rows
    weighed = [(row.geometry, _LEADING_WEIGHT if key in _LEADING else 1.0 + len(row.mentions)) for key, row in close]
    cluster = _heaviest(weighed)
    near = {id(shape) for shape in cluster}
    leading = [row.geometry for key, row in close if key in _LEADING and id(row.geometry) in near]
    chosen = leading or cluster or [row.geometry for layer in drawn for row in layer.frame.itertuples()]
    return _widened(shapely.total_bounds(chosen) if chosen else (-20.0, -30.0, 60.0, 60.0))


def _heaviest(weighed: Sequence[tuple[BaseGeometry, float]]) -> list[BaseGeometry]:
    """The heaviest group of shapes that stand within `CLUSTER_KM` of one another."""
    shapes = [shape for shape, _ in weighed]
    tree = shapely.STRtree(shapes)
    group = list(range(len(shapes)))  # each shape leads to an earlier one of its group, the first to itself
    asked: set[tuple[int, int]] = set()
    for index, shape in enumerate(shapes):
        middle = shape.centroid
        spot = (round(middle.x / SAME_SPOT_DEGREES), round(middle.y / SAME_SPOT_DEGREES))
        if shape.geom_type == "Point" and spot in asked:  # what is near to this is near to the first one here, which leads to it
            continue
        asked.add(spot)
        degrees = CLUSTER_KM / 111.2 / max(math.cos(math.radians(middle.y)), 0.2)
        for other in tree.query(shape, predicate="dwithin", distance=degrees):
            one, two = sorted((_first(group, index), _first(group, int(other))))
            group[two] = one
    members: dict[int, list[int]] = {}
    for index in range(len(shapes)):
        members.setdefault(_first(group, index), []).append(index)
    best = max(members.values(), key=lambda found: sum(weighed[index][1] for index in found), default=[])
    return [shapes[index] for index in best]


def _first(group: list[int], index: int) -> int:
    while group[index] != index:
        group[index] = group[group[index]]
        index = group[index]
    return index


def _widened(bounds: Sequence[float]) -> tuple[float, float, float, float]:
    west, south, east, north = (float(edge) for edge in bounds)
    x, y, across, up = (
        (west + east) / 2,
        (south + north) / 2,
        max(east - west, _LEAST_VIEW_DEGREES * 1.4),
        max(north - south, _LEAST_VIEW_DEGREES),
    )
    return max(x - across / 2, -180.0), max(y - up / 2, -84.0), min(x + across / 2, 180.0), min(y + up / 2, 84.0)

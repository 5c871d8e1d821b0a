"""What each drawn feature carries: rows of the layers' frames, from zones, claims, places and described areas."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from shapely import Point

from geo import projections, sentences, symbology, where
from geo.movements import arrows
from geo.records import Claim, Document, Mention, Phrase, Place, Span
from geo.slot_places import ORIGIN

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.situation import Situation

__all__ = [
    "COLUMNS", "LARGE_KM2", "SMALL_KM2", "Paint", "event_rows", "first_capital", "front_rows", "phrase_rows", "place_rows", "row",
    "said_status", "spot", "zone_rows",
]

COLUMNS = (
    "id", "layer", "title", "actor", "actor_name", "colour", "status", "status_words", "predicate", "icon", "label", "quotes",
    "sources", "speaker", "confidence", "reason", "limits", "words", "recipe", "when", "as_of", "km2", "length_km", "ring_km",
    "precision", "vague", "quiet", "claims", "mentions", "decisions", "note", "course", "geometry",
)
"""Of every layer's frame. `quotes` are (document, start, end, quote); `sources` are (title, publisher, date); `mentions` are
"document:start-end"; `quiet` features are listed and can be shown, but are not drawn (a whole country, a sea). `course` is "arrow",
"stub", "fire" or "siege" for the lines of `geo.course_rows`, else empty."""

LARGE_KM2 = 150_000
"""Mentioned areas above this are listed, not drawn: set so that a governorate and "northern Syria" are drawn, a country is not."""

SMALL_KM2 = 400.0
"""Claims on less than this stand on one spot at the scale of a first view: a base gets its sign, a town its name."""

_TITLED_ACTS = ("withdraws", "hands_over", "besieges", "patrols")
_POINT_KINDS = ("populated", "base", "other")


class Paint:
    """What every row needs to know of the situation, worked out once."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.documents: dict[str, Document] = {document.id: document for document in situation.documents}
        self.claims: dict[str, Claim] = {claim.id: claim for claim in situation.claims}
        self.places: dict[str, Place] = {place.feature.id: place for place in reversed(situation.places)}
        self.colours = symbology.colours(situation.actors)
        self.sentences = {document.id: sentences.sentences(document) for document in situation.documents}
        self.as_of = situation.as_of.isoformat() if situation.as_of else ""

    def words(self, recipe: where.Where) -> str:
        return where.words(recipe, getattr(self.situation, "gazetteer", None))

    def sources(self, document_ids: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
        known = (self.documents[name] for name in dict.fromkeys(document_ids) if name in self.documents)
        return tuple((d.title, d.source, d.published.isoformat() if d.published else "") for d in known)

    def sentence(self, document_id: str, start: int, end: int) -> tuple[str, int, int, str]:
        """The sentence round some words, as a quote."""
        told = self.sentences.get(document_id, ())
        before = bisect_right(told, start, key=lambda sentence: sentence.start) - 1
        if before >= 0 and start < told[before].end:
            start, end = told[before].start, max(end, told[before].end)
        return document_id, start, end, self.documents[document_id].text[start:end]

    def evidence(self, claims: Sequence[Claim]) -> dict[str, Any]:
        """What the claims behind a feature say, for its row."""
        told = (span for claim in claims for span in claim.evidence if span.role == "sentence")
        spans: list[Span] = list({(span.document_id, span.start, span.end): span for span in told}.values())
        best = max(claims, key=lambda claim: claim.confidence, default=None)
        return {
            "quotes": tuple((span.document_id, span.start, span.end, span.quote) for span in spans),
            "sources": self.sources(span.document_id for span in spans),
            "claims": tuple(claim.id for claim in claims),
            "limits": tuple(dict.fromkeys(limit for claim in claims for limit in claim.limits)),
            "speaker": ", ".join(dict.fromkeys(claim.speaker for claim in claims if claim.speaker)),
            "reason": best.reason if best else "",
            "confidence": best.confidence if best else 0.0,
            "when": best.when.words if best else "",
            "decisions": self.decisions(claim.id for claim in claims),
        }

    def from_base(self, names: Iterable[str], known: dict[str, Any]) -> dict[str, Any]:
        """Where a zone stands on the base map: that as its first source."""
        found = tuple(name for name in names if name.startswith("base:"))
        base = getattr(self.situation, "base", None)
        if not found or base is None:
            return {}
        limits = ("The base map says so; its publisher answers for it.", *known.get("limits", ()))
        sources, claims = (base.source, *known.get("sources", ())), tuple(dict.fromkeys((*found, *known["claims"])))
        return {"sources": sources, "claims": claims, "limits": limits, "reason": known.get("reason") or "as on the base map"}

    def shape(self, recipe: where.Where) -> BaseGeometry | None:
        """A recipe's shape; that of a single town or base is its point, for a sign and not an area stands for it."""
        if isinstance(recipe, where.Named):
            place = self.places.get(recipe.feature)
            if place is not None and place.feature.kind in _POINT_KINDS and not place.feature.recipe:
                return Point(place.feature.lon, place.feature.lat)
        return self.situation.geometry(recipe)

    def decisions(self, targets: Iterable[str]) -> tuple[str, ...]:
        wanted = set(targets)
        return tuple(f"{d.action} {d.target}" for d in self.situation.decisions if d.target in wanted)


def row(paint: Paint, **values: Any) -> dict[str, Any]:
    """Return the row of a feature: these values, and for every other column what stands for nothing."""
    blank: dict[str, Any] = dict.fromkeys(COLUMNS, "")
    blank |= dict.fromkeys(("quotes", "sources", "limits", "claims", "mentions", "decisions"), ())
    blank |= dict.fromkeys(("confidence", "km2", "length_km", "ring_km"), 0.0)
    blank |= {"precision": 0, "vague": False, "quiet": False, "as_of": paint.as_of, "colour": symbology.style()["neutral"]}
    return blank | values


def zone_rows(paint: Paint) -> Iterable[dict[str, Any]]:
    """Zones, with the words of the claims that they stand on."""
    for zone in paint.situation.zones.itertuples():
        claims = [paint.claims[name] for name in zone.claims if name in paint.claims]
        known = paint.evidence(claims) if claims else {"claims": tuple(zone.claims), "confidence": float(zone.confidence)}
        known |= paint.from_base(zone.claims, known)
        speaker = str(zone.speaker or known.get("speaker", ""))
        colour = paint.colours.get(zone.actor) or str(zone.colour or "") or symbology.style()["neutral"]
        yield row(
            paint,
            **known
            | {
                "id": str(zone.id),
                "layer": zone.layer,
                "title": _zone_title(zone),
                "actor": zone.actor or "",
                "actor_name": zone.actor_name or "",
                "colour": symbology.style()["neutral"] if symbology.layer_style(zone.layer)["grey"] else colour,
                "status": zone.status,
                "status_words": said_status(zone.status, zone.predicate or "", speaker),
                "speaker": speaker,
                "words": zone.words or "",
                "predicate": zone.predicate or "",
                "icon": _icon_of_zone(paint, zone, claims),
                "km2": float(zone.km2 or 0),
                "length_km": float(zone.length_km or 0),
                "vague": bool(zone.vague),
                "geometry": zone.geometry,
                "label": _road_label(paint, claims, zone) or _spot_name(paint, claims[0].where if claims else None, zone.geometry),
                "recipe": "; ".join(dict.fromkeys(where.text(claim.where) for claim in claims if claim.where)),
            },
        )


def _zone_title(zone: Any) -> str:
    """What a zone is; where it is not simply held, proposed or fought for, with the act ("Withdrawal from the M5 ...")."""
    words = str(zone.words or zone.predicate)
    return first_capital(f"{symbology.predicate_words(zone.predicate)} {words}" if zone.predicate in _TITLED_ACTS else words)


def said_status(status: str, predicate: str, speaker: str) -> str:
    """Return the status in words; a demand is no offer, though neither is in force."""
    return symbology.status_words("demanded" if status == "proposed" and predicate == "demands" else status, speaker)


def _icon_of_zone(paint: Paint, zone: Any, claims: Sequence[Claim]) -> str:
    """A base has its sign; so has presence at a point."""
    besieging = zone.layer == "contested" and zone.predicate == "besieges"  # the base inside is not the besieger's
    if besieging or "Line" in zone.geometry.geom_type or float(zone.km2 or 0) > SMALL_KM2:
        return ""
    for claim in claims:
        for node in where.walk(claim.where) if claim.where else ():
            if isinstance(node, where.Named) and node.feature.startswith(("base:", "airport:")):
                return _icon_of_feature(paint, node.feature) or "base"
            if isinstance(node, where.Described):
                return symbology.icon(node.kind) or "base"
    return symbology.icon(str(zone.predicate or "")) if zone.geometry.geom_type == "Point" else ""


def _icon_of_feature(paint: Paint, feature_id: str) -> str:
    for place in paint.situation.places:
        if place.feature.id == feature_id:
            return symbology.icon(place.feature.code.lower()) or ("airport" if feature_id.startswith("airport:") else "base")
    return ""


def _road_label(paint: Paint, claims: Sequence[Claim], zone: Any) -> str:
    """The road's number, for its shield."""
    if "Line" not in zone.geometry.geom_type:
        return ""
    roads = [n.road for claim in claims if claim.where for n in where.walk(claim.where) if isinstance(n, where.RoadSection)]
    named = [n.feature for claim in claims if claim.where for n in where.walk(claim.where) if isinstance(n, where.Named)]
    return next(
        (_shield(paint, str(road)) for road in (*roads, *named) if "road:" in str(road) and _shield(paint, str(road)) in zone.words), ""
    )


def _shield(paint: Paint, road: str) -> str:
    for place in paint.situation.places:
        if place.feature.id in road:
            return min((m.text for m in place.mentions), key=len)
    return road.rpartition("-")[2].strip('")').upper()


def front_rows(paint: Paint) -> Iterable[dict[str, Any]]:
    """Front lines, which lead to the claims of both sides."""
    zones = paint.situation.zones
    for front in paint.situation.front_lines.itertuples():
        names = [
            n
            for zone in zones.itertuples()
            if zone.actor in (front.a, front.b) and zone.layer in ("control", "claimed")
            for n in zone.claims
        ]
        claims = [paint.claims[name] for name in dict.fromkeys(names) if name in paint.claims]
        known = paint.evidence(claims) if claims else {"claims": tuple(dict.fromkeys(names))}
        yield row(
            paint,
            **known
            | {
                "id": str(front.id),
                "layer": "control",
                "title": f"Front line between {front.a_name} and {front.b_name}",
                "predicate": "front_line",
                "status": "reported",
                "status_words": "inferred from reported control",
                "length_km": float(front.length_km),
                "geometry": front.geometry,
                "colour": "#2b2824",
                "reason": "the line between areas whose control is reported; it is inferred, not quoted",
            },
        )


def event_rows(paint: Paint) -> Iterable[dict[str, Any]]:
    """Claims that made no zone: events, and what is past."""
    drawn = {name for zone in paint.situation.zones.itertuples() for name in zone.claims}
    for claim in paint.situation.claims:
        if claim.id in drawn or claim.where is None:
            continue
        shape = paint.shape(claim.where)
        if shape is None or shape.is_empty:
            continue
        if "Line" in shape.geom_type and claim.course is not None:  # on a road without end: where the arrow points, not half-way along it
            shape = next((Point(one.line.coords[-1]) for one in arrows(claim.course, paint.situation.geometry)), shape)
        km2, words = _km2(shape), ("from " if ORIGIN in claim.limits else "") + paint.words(claim.where)
        past = claim.status == "past"
        colour = paint.colours.get(claim.actor.id, "") if claim.actor else ""
        yield row(
            paint,
            **paint.evidence([claim])
            | {
                "id": claim.id,
                "layer": "past" if past else "events",
                "title": first_capital(f"{symbology.predicate_words(claim.predicate)} {words}"),
                "actor": claim.actor.id if claim.actor else "",
                "actor_name": claim.actor.name if claim.actor else "",
                "colour": symbology.style()["neutral"] if past else colour or symbology.style()["neutral"],
                "status": claim.status,
                "status_words": said_status(claim.status, claim.predicate, claim.speaker),
                "predicate": claim.predicate,
                "icon": symbology.icon(claim.predicate) or "event",
                "words": words,
                "label": _spot_name(paint, claim.where, shape),
                "recipe": where.text(claim.where),
                "km2": km2,
                "quiet": km2 > LARGE_KM2,
                "vague": shape.geom_type != "Point",
                "geometry": shape,
                "precision": 1 if shape.geom_type == "Point" else 4,
            },
        )


def place_rows(paint: Paint, spots: set[tuple[float, float] | None]) -> Iterable[dict[str, Any]]:
    """Literal places alone: a capital that stands for its government is none; one under a claim's sign is not drawn twice."""
    for place in paint.situation.places:
        literal = tuple(mention for mention in place.mentions if mention.use == "literal")
        shape = paint.shape(where.Named(place.feature.id)) if literal else None
        if shape is None or shape.is_empty:
            continue
        pointlike = shape.geom_type == "Point" and place.feature.kind in _POINT_KINDS
        km2 = 0.0 if shape.geom_type == "Point" else _km2(shape)
        yield row(
            paint,
            **_told(paint, literal)
            | {
                "id": place.id,
                "layer": "places" if pointlike else "reference",
                "title": place.feature.name,
                "geometry": shape,
                "label": _label(paint, place, literal),
                "status": "mentioned",
                "status_words": "mentioned",
                "icon": _icon_of_feature(paint, place.feature.id) if place.feature.kind == "base" else "",
                "reason": place.reason,
                "confidence": place.confidence,
                "precision": place.precision,
                "note": place.feature.note,
                "ring_km": symbology.ring_km(place.precision) if pointlike else 0.0,
                "vague": place.feature.vague,
                "km2": km2,
                "quiet": km2 > LARGE_KM2 or place.feature.kind == "country" or _is_stand_in(place) or (spot(shape) or "area") in spots,
                "recipe": where.text(where.Named(place.feature.id)),
                "limits": ("That the text names a place does not show who holds it.",),
                "words": place.feature.name,
                "predicate": place.feature.kind,
            },
        )


def phrase_rows(paint: Paint) -> Iterable[dict[str, Any]]:
    """Described areas that no claim uses, once each."""
    claimed = {claim.where for claim in paint.situation.claims if claim.where}
    used = {where.text(node) for recipe in claimed for node in where.walk(recipe)}
    alike: dict[str, list[Phrase]] = {}
    for phrase in paint.situation.phrases:
        recipe = where.text(phrase.where)
        if not isinstance(phrase.where, where.Named) and recipe not in used:
            alike.setdefault(recipe, []).append(phrase)
    for recipe, phrases in alike.items():
        shape = paint.situation.geometry(phrases[0])
        if shape is None or shape.is_empty:
            continue
        km2 = _km2(shape)
        yield row(
            paint,
            **_told(paint, phrases)
            | {
                "id": f"phrase-{phrases[0].document_id}-{phrases[0].start}",
                "layer": "reference",
                "title": first_capital(paint.words(phrases[0].where)),
                "words": paint.words(phrases[0].where),
                "recipe": recipe,
                "status": "mentioned",
                "status_words": "mentioned",
                "geometry": shape,
                "vague": _vague(paint, phrases[0]),
                "quiet": km2 > LARGE_KM2 or isinstance(phrases[0].where, where.Border),
                "km2": km2,
                "reason": phrases[0].reason,
                "predicate": "phrase",
                "limits": ("The text describes the area; it claims nothing about it.",),
            },
        )


def _is_stand_in(place: Place) -> bool:
    """Whether a gazetteer's point stands for a whole region, which no mark on the point could show."""
    return place.feature.kind == "region" and place.feature.id.startswith("geonames:")


def _label(paint: Paint, place: Place, literal: Sequence[Mention]) -> str:
    """What the map calls a place: the report's own name for it, unless it stands in capitals (a dateline)."""
    if place.feature.kind == "road":
        return _shield(paint, place.feature.id)
    written = [mention.text for mention in literal if not mention.text.isupper()]
    if place.feature.kind != "populated" or not written:
        return place.feature.name
    return max(dict.fromkeys(written), key=written.count)


def _vague(paint: Paint, phrase: Phrase) -> bool:
    gazetteer = getattr(paint.situation, "gazetteer", None)
    return gazetteer is None or where.vague(phrase.where, gazetteer)


def _told(paint: Paint, said: Sequence[Mention | Phrase]) -> dict[str, Any]:
    """Where some words stand in the text, for a row."""
    spots = [(m.document_id, m.start, m.end) for m in said]
    return {
        "mentions": tuple(f"{document}:{start}-{end}" for document, start, end in spots),
        "quotes": tuple(dict.fromkeys(paint.sentence(*spot) for spot in spots)),
        "sources": paint.sources(document for document, _, _ in spots),
    }


def spot(shape: BaseGeometry) -> tuple[float, float] | None:
    """Where a point stands, to about a kilometre (lon, lat); None for what is no point."""
    return (round(shape.x, 2), round(shape.y, 2)) if shape.geom_type == "Point" else None


def _spot_name(paint: Paint, recipe: where.Where | None, shape: BaseGeometry) -> str:
    """The name beside a claim's sign: that of the place on which it stands."""
    if recipe is None or not ("Point" in shape.geom_type or 0 < _km2(shape) < SMALL_KM2):
        return ""
    names = [node.feature for node in where.walk(recipe) if isinstance(node, where.Named)]
    known = (place for name in names if (place := paint.places.get(name)) is not None)
    return next((_label(paint, place, [m for m in place.mentions if m.use == "literal"]) for place in known), "")


def _km2(shape: BaseGeometry) -> float:
    return round(projections.area_km2(shape), 1) if "Polygon" in shape.geom_type else 0.0


def first_capital(words: str) -> str:
    """The same words with a capital at the front, as a title has it."""
    return words[:1].upper() + words[1:]

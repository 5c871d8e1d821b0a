"""Whether a claim that was read says what a claim of gold says: its words, predicate, actor, place, speaker and date, each by itself.

A place agrees in one of three ways, and the figures tell which: the words overlap ("span", whether or not they are found on the map),
the names are the same after `geo.names.fold` ("name"), or it lies near ("near": within 25 km of the gold point, or within the gold
radius). An actor agrees where the gold name means the same actor in `geo.actors`, or one of the two names holds the other as words; so
does an actor with a proper name that stands in the gold words. Nothing agrees with nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geo.actors import shipped
from geo.errors import GeometryError, UnknownPlace
from geo.gold_claims import Extent, GoldClaim, Party
from geo.names import fold
from geo.projections import great_circle_km
from geo.records import Actor, Claim, Document, Predicate, Status
from geo.where import Named, geometry, words

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = [
    "FEW_DAYS", "LONGER", "NEAR_KM", "Told", "Way", "actor_agrees", "away_km", "date_agrees", "meets", "overlap", "parties_agree",
    "place_agrees", "predicate_agrees", "speaker_agrees", "told",
]

NEAR_KM = 25.0
"""Within this a place is right on a map of a conflict, as in `geo.mistakes`."""

LONGER = 30
"""By so many characters the words of a place may be longer than those of gold: "near X, Y and Z" for "X", but not half a sentence."""

FEW_DAYS = 3
"""A span of days up to which a date within it is right: "overnight", "over the weekend"."""

Way = Literal["", "none", "span", "name", "near"]
"""How two places agree: not at all, because there is none, by their words, by their names, or by where they lie."""

# Those who do a thing together: either may be written first.
_MUTUAL: frozenset[Predicate] = frozenset({"contests", "meets", "agrees"})

_ASKING: frozenset[Predicate] = frozenset({"proposes", "demands"})
_POSSESSIVE = re.compile(r"['’]s?(?=\s|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A claim that was read, as far as it is compared; `speaker` is "" for the publisher, degrees are those of a point in its area."""

    predicate: Predicate
    sentence: Extent
    status: Status = "reported"
    act: Extent | None = None
    actor: Actor | None = None
    target: Actor | None = None
    speaker: str = ""
    places: tuple[Extent, ...] = ()
    names: frozenset[str] = frozenset()
    placed: bool = False
    where: str = ""
    lon: float | None = None
    lat: float | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    reason: str = ""


def told(claim: Claim, document: Document, gazetteer: Gazetteer) -> Told:
    """Return what is compared of a claim that was read from a document."""
    spans: dict[str, list[Extent]] = {}
    for span in claim.evidence:
        spans.setdefault(span.role, []).append((span.start, span.end))
    point, names, area = None, set(), ""
    if claim.where is not None:
        area = words(claim.where, gazetteer)
        names = {fold(area)}
        try:
            if isinstance(claim.where, Named):
                feature = gazetteer.get(claim.where.feature)
                names |= {fold(name) for name in (feature.name, *feature.names)}
            point = geometry(claim.where, gazetteer).representative_point()
        except (GeometryError, UnknownPlace):
            point = None
    return Told(
        predicate=claim.predicate, status=claim.status, sentence=(claim.evidence[0].start, claim.evidence[0].end),
        act=spans.get("act", [None])[0], actor=claim.actor, target=claim.target,
        speaker="" if claim.speaker in ("", document.source, "the report") else claim.speaker,
        places=tuple(spans.get("place", ())), names=frozenset(names), placed=claim.where is not None, where=area,
        lon=point.x if point else None, lat=point.y if point else None, start=claim.when.start, end=claim.when.end, reason=claim.reason,
    )


def overlap(a: Extent | None, b: Extent | None) -> bool:
    """Whether two spans share a character."""
    return a is not None and b is not None and a[0] < b[1] and b[0] < a[1]


def meets(gold: GoldClaim, found: Told) -> bool:
    """Whether two claims stand at one place of the text: in sentences, or with acts, that overlap."""
    return overlap(gold.sentence, found.sentence) or overlap(gold.act, found.act)


def predicate_agrees(gold: GoldClaim, found: Told) -> bool:
    """Whether the predicate is that of gold, or one that gold allows as well."""
    return found.predicate == gold.predicate or found.predicate in gold.also


def actor_agrees(gold: Party | None, found: Actor | None, *, on: dt.date | None = None) -> bool:
    """Whether an actor is the one of gold; `on` is the day of the report.

    Examples
    --------
    >>> actor_agrees(Party(name="Ankara"), shipped().get("turkey")), actor_agrees(None, None), actor_agrees(Party(name="Iran"), None)
    (True, True, False)
    """
    if gold is None or found is None:
        return gold is None and found is None
    known, party = shipped(), shipped().acts_for(found)
    meant = known.named(gold.name, countries=party.country.split("|") if party.country else (), on=on)
    if (meant and known.acts_for(meant).id == party.id) or _within(gold.name, found.name) or _within(gold.name, party.name):
        return True
    written = known.named(gold.surface, on=on) if gold.surface and not found.name.islower() else None
    return bool(written and known.acts_for(written).id == party.id) or (not found.name.islower() and _within(gold.surface, found.name))


def parties_agree(gold: GoldClaim, found: Told, *, on: dt.date | None = None) -> bool:
    """Whether the actor is right; of those who fight, meet or agree with each other either may be the first.

    Where gold has a proposal and allows the act proposed as well, whoever would act is right for that act.
    """
    if actor_agrees(gold.actor, found.actor, on=on):
        return True
    other = gold.target if gold.predicate in _MUTUAL or (gold.predicate in _ASKING and found.predicate != gold.predicate) else None
    return other is not None and found.actor is not None and actor_agrees(other, found.actor, on=on)


def place_agrees(gold: Party | None, found: Told) -> Way:
    """How the place of a claim agrees with that of gold.

    Examples
    --------
    >>> place_agrees(Party(name="Idlib"), Told(predicate="controls", sentence=(0, 9), names=frozenset({"idlib"}), placed=True))
    'name'
    """
    if gold is None or not (found.placed or found.places):
        return "none" if gold is None and not (found.placed or found.places) else ""
    longest = LONGER + (gold.span[1] - gold.span[0] if gold.span else 0)
    if any(overlap(gold.span, span) and span[1] - span[0] <= longest for span in found.places):
        return "span"
    if {fold(gold.name), fold(gold.surface)} & found.names - {""}:
        return "name"
    km = away_km(gold, found)
    return "near" if km is not None and km <= max(NEAR_KM, gold.radius_km) else ""


def away_km(gold: Party | None, found: Told) -> float | None:
    """How far the point of a claim lies from that of gold in km; None where one of them has none."""
    if gold is None or gold.lon is None or gold.lat is None or found.lon is None or found.lat is None:
        return None
    return float(great_circle_km(gold.lon, gold.lat, found.lon, found.lat))


def speaker_agrees(gold: str, found: str) -> bool:
    """Whether two speakers are one: the publisher both times, one actor, or words of which one holds the other.

    Examples
    --------
    >>> speaker_agrees("the Russian defence ministry", "Russia"), speaker_agrees("", "Russia")
    (True, False)
    """
    if not gold or not found:
        return gold == found
    actor = shipped().named(found)
    return _within(gold, found) or (actor is not None and actor_agrees(Party(name=gold), actor))


def date_agrees(gold: GoldClaim, found: Told) -> bool:
    """Whether the date is that of gold, as precisely as gold tells it, or lies in a span of a few days that is told instead.

    Gold's end counts only where it has no beginning.
    """
    wanted, ours = (gold.start, found.start) if gold.start else (gold.end, found.end)
    if ours is None or ours.isoformat().startswith(wanted):
        return ours is not None
    short = found.start and found.end and (found.end - found.start).days <= FEW_DAYS
    return bool(short and found.start and found.end and found.start.isoformat() <= wanted <= found.end.isoformat())


def _within(a: str, b: str) -> bool:
    one, two = (fold(_POSSESSIVE.sub("", name)) for name in (a, b))
    return bool(one and two) and (f" {one} " in f" {two} " or f" {two} " in f" {one} ")

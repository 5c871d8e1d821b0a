"""What a correction changed, for the card that asks whether to keep it: marks moved, claims changed, areas won and lost."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from geo import where
from geo.decisions import claim_name
from geo.messages import DEFAULT, filled
from geo.projections import area_km2, valid
from geo.records import Claim, Feature
from geo.situation import Situation

__all__ = ["Moves", "moves"]

_KEPT = 256  # grounds of a layer and party
LEAST_KM2 = 1.0  # an area that changed by less is told as unchanged: below what any of its edges is worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What is different after a correction.

    Attributes
    ----------
    marks
        (words, where it was, where it is) of names that mean another place; an empty string is no place.
    claims
        (what is claimed, "new", "gone" or "changed").
    areas
        (layer, party, km2 before, km2 after) where they differ; ground that several claims give to one party counts once.
    """

    marks: tuple[tuple[str, str, str], ...] = ()
    claims: tuple[tuple[str, str], ...] = ()
    areas: tuple[tuple[str, str, float, float], ...] = ()
    spots: tuple[tuple[Feature | None, Feature | None], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.marks or self.claims or self.areas)

    def words(self) -> str:
        """The card's sentence.

        Examples
        --------
        >>> Moves(marks=(("Tripoli", "Tripoli, LY", "Tripoli, LB"),), areas=(("control", "Lebanon", 412.0, 0.0),)).words()
        '1 mark moved; 1 area lost 412 km²'
        """
        return "; ".join(filled(words, DEFAULT, values) for words, values in self.told())

    def told(self) -> tuple[tuple[str, dict[str, int]], ...]:
        """Return the parts of the card's sentence, each as English words with what fills their braces, for `geo.messages.say`."""
        told: list[tuple[str, dict[str, int]]] = []
        if self.marks:
            told.append(("{count} mark moved | {count} marks moved", {"count": len(self.marks)}))
        for how, words in _CLAIMS.items():
            if number := sum(said == how for _, said in self.claims):
                told.append((words, {"count": number}))
        for words, sign in _AREAS:
            sizes = [sign * (after - before) for _, _, before, after in self.areas if sign * (after - before) > 0]
            if sizes:
                told.append((words, {"count": len(sizes), "km2": round(sum(sizes))}))
        return tuple(told) or (("nothing moved", {}),)


_CLAIMS = {
    "changed": "{count} claim changed | {count} claims changed",
    "new": "{count} new claim | {count} new claims",
    "gone": "{count} claim gone | {count} claims gone",
}
_AREAS = (
    ("{count} area lost {km2} km² | {count} areas lost {km2} km²", -1),
    ("{count} area gained {km2} km² | {count} areas gained {km2} km²", 1),
)


def moves(before: Situation, after: Situation) -> Moves:
    """Return what is different between two readings of the same reports."""
    marks = _marks(before, after)
    named = tuple((words, _named(old), _named(new)) for words, old, new in marks)
    spots = tuple((old, new) for _, old, new in marks)
    return Moves(marks=named, spots=spots, claims=_claims(before, after), areas=_areas(before, after))


def _marks(before: Situation, after: Situation) -> tuple[tuple[str, Feature | None, Feature | None], ...]:
    """One row for each name that moved, however often it is written: its words, what it meant and what it means."""
    spots = [
        {(m.document_id, m.start): (m.text, place.feature) for place in side.places for m in place.mentions} for side in (before, after)
    ]
    rows: dict[tuple[str, str, str], tuple[str, Feature | None, Feature | None]] = {}
    for at in sorted({*spots[0], *spots[1]}):
        old, new = (side.get(at) for side in spots)
        was, now = (spot[1] if spot else None for spot in (old, new))
        if (was and was.id) != (now and now.id):
            words = (old or new or ("",))[0]
            rows.setdefault((words, was.id if was else "", now.id if now else ""), (words, was, now))
    return tuple(rows.values())


def _named(feature: Feature | None) -> str:
    return ", ".join(filter(None, (feature.name, feature.country))) if feature else ""


def _claims(before: Situation, after: Situation) -> tuple[tuple[str, str], ...]:
    sides: list[dict[tuple[str, str, int, str], Claim]] = [
        {(*claim_name(claim), claim.predicate): claim for claim in side.claims} for side in (before, after)
    ]
    rows = []
    for key in sorted({*sides[0], *sides[1]}, key=lambda key: (key[1], key[2], key[0], key[3])):
        old, new = (side.get(key) for side in sides)
        if old is None or new is None:
            rows.append((key[0], "gone" if new is None else "new"))
        elif _content(old) != _content(new):
            rows.append((key[0], "changed"))
    return tuple(rows)


def _content(claim: Claim) -> tuple[object, ...]:
    spot = where.text(claim.where) if claim.where else ""
    return claim.actor and claim.actor.id, claim.target and claim.target.id, spot, claim.status, claim.when.start, claim.when.end


def _areas(before: Situation, after: Situation) -> tuple[tuple[str, str, float, float], ...]:
    sizes = [_sizes(side) for side in (before, after)]
    rows = ((*key, sizes[0].get(key, 0.0), sizes[1].get(key, 0.0)) for key in sorted({*sizes[0], *sizes[1]}))
    return tuple((layer, actor, round(old, 1), round(new, 1)) for layer, actor, old, new in rows if abs(new - old) >= LEAST_KM2)


def _sizes(side: Situation) -> dict[tuple[str, str], float]:
    """The ground of each layer and party, in km2."""
    grounds: dict[tuple[str, str], list[BaseGeometry]] = defaultdict(list)
    for layer, name, shape in zip(side.zones["layer"], side.zones["actor_name"], side.zones.geometry, strict=True):
        if "Polygon" in shape.geom_type:
            grounds[str(layer), str(name or "")].append(shape)
    return {key: area_km2(shapes[0] if len(shapes) == 1 else _together(shapes)) for key, shapes in grounds.items()}


_joined: dict[tuple[int, ...], tuple[tuple[BaseGeometry, ...], BaseGeometry]] = {}  # by ids, with the shapes, so that no other gets them


def _together(shapes: list[BaseGeometry]) -> BaseGeometry:
    """The ground of some shapes, counted once where they overlap; kept for the next comparison, whose first side is this second one."""
    key = tuple(map(id, shapes))
    known = _joined.get(key)
    if known is None:
        known = tuple(shapes), valid(shapely.union_all(shapes))
        if len(_joined) >= _KEPT:
            _joined.clear()
        _joined[key] = known
    return known[1]

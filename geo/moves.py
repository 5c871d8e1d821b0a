"""What a correction changed, for the card that asks whether to keep it: marks moved, claims changed, areas won and lost."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from geo import where
from geo.decisions import claim_name
from geo.projections import area_km2
from geo.records import Claim
from geo.situation import Situation

__all__ = ["Moves", "moves"]

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
        (layer, party, km2 before, km2 after) where they differ.
    """

    marks: tuple[tuple[str, str, str], ...] = ()
    claims: tuple[tuple[str, str], ...] = ()
    areas: tuple[tuple[str, str, float, float], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.marks or self.claims or self.areas)

    def words(self) -> str:
        """The card's sentence.

        Examples
        --------
        >>> Moves(marks=(("Tripoli", "Tripoli, LY", "Tripoli, LB"),), areas=(("control", "Lebanon", 412.0, 0.0),)).words()
        '1 mark moved; 1 area lost 412 km²'
        """
        told = [_count(len(self.marks), "mark") + " moved"] if self.marks else []
        for how, verb in (("changed", "changed"), ("new", "new"), ("gone", "gone")):
            number = sum(said == how for _, said in self.claims)
            told += [f"{_count(number, 'claim')} {verb}"] if number else []
        for verb, sign in (("lost", -1), ("gained", 1)):
            sizes = [sign * (after - before) for _, _, before, after in self.areas if sign * (after - before) > 0]
            told += [f"{_count(len(sizes), 'area')} {verb} {sum(sizes):,.0f} km²"] if sizes else []
        return "; ".join(told) or "nothing moved"


def moves(before: Situation, after: Situation) -> Moves:
    """Return what is different between two readings of the same reports."""
    return Moves(marks=_marks(before, after), claims=_claims(before, after), areas=_areas(before, after))


def _marks(before: Situation, after: Situation) -> tuple[tuple[str, str, str], ...]:
    """One row for each name that moved, however often it is written."""
    spots = [
        {(m.document_id, m.start): (m.text, place.feature) for place in side.places for m in place.mentions} for side in (before, after)
    ]
    rows: dict[tuple[str, str, str], None] = {}
    for at in sorted({*spots[0], *spots[1]}):
        old, new = (side.get(at) for side in spots)
        if (old and old[1].id) != (new and new[1].id):
            words = (old or new or ("",))[0]
            rows[words, _named(old), _named(new)] = None
    return tuple(rows)


def _named(spot: tuple[str, object] | None) -> str:
    if spot is None:
        return ""
    feature = spot[1]
    return ", ".join(filter(None, (getattr(feature, "name", ""), getattr(feature, "country", ""))))


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
    found: dict[tuple[str, str], float] = defaultdict(float)
    for zone in side.zones.itertuples():
        if "Polygon" in zone.geometry.geom_type:
            found[str(zone.layer), str(zone.actor_name or "")] += area_km2(zone.geometry)
    return found


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"

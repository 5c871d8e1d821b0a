"""Who backs, arms, leads or fights beside whom: what the reports say of the bonds between parties. They hold no territory and draw none.

One line for each pair of parties and each status, with all sentences that say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from geo.records import Actor, Claim

__all__ = ["Relation", "bond_of", "relations"]

# What the words of an act say of the bond; the first that fits counts. General knowledge of English reports.
_BONDS: Final = (
    ("fights beside", re.compile(r"alongside|on the side of|sid(?:ed?|es|ing) with", re.IGNORECASE)),
    ("is allied with", re.compile(r"all(?:y|ies|ied)|aligned|in league|coalition", re.IGNORECASE)),
    ("has the loyalty of", re.compile(r"loyal", re.IGNORECASE)),
    ("leads", re.compile(r"\b-?(?:led|leads|commands|command(?:ed)?)\b", re.IGNORECASE)),
    ("arms", re.compile(r"arm(?:s|ed|ing)|weapon|equip|suppl|ammunition|tanks|drones|missiles|ship|deliver", re.IGNORECASE)),
    ("trains", re.compile(r"train|advis[eo]r", re.IGNORECASE)),
    ("funds", re.compile(r"fund|financ|bankroll|money", re.IGNORECASE)),
    ("protects", re.compile(r"protect|tutelage|patronage", re.IGNORECASE)),
)
_MUTUAL: Final = frozenset({"fights beside", "is allied with"})
_ACT = re.compile(r"“(?P<words>[^”]+)” \(")
_ORDER = ("reported", "assessed", "claimed", "agreed", "proposed", "intended", "conditional", "past", "denied")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What some claims say of two parties: `first` does for `second` what `bonds` say; where `mutual`, each for the other."""

    first: Actor
    second: Actor
    bonds: tuple[str, ...]
    status: str
    mutual: bool
    claims: tuple[Claim, ...]

    @property
    def confidence(self) -> float:
        """That of the surest claim."""
        return max(claim.confidence for claim in self.claims)

    @property
    def words(self) -> str:
        """The relation as a sentence: "Iran arms and funds Houthis"."""
        return f"{self.first.name} {' and '.join(self.bonds)} {self.second.name}"


def relations(claims: Iterable[Claim]) -> tuple[Relation, ...]:
    """Return the relations between parties that some claims tell of, sorted by name, what is denied or over last.

    A claim that also names a place ("under Turkish protection") is one only where it names both parties.
    """
    groups: dict[tuple[str, str, str, bool], list[Claim]] = {}
    for claim in claims:
        if claim.predicate != "supports" or claim.actor is None or claim.target is None or claim.actor.id == claim.target.id:
            continue
        mutual = bond_of(claim) in _MUTUAL
        pair = sorted((claim.actor.id, claim.target.id)) if mutual else [claim.actor.id, claim.target.id]
        groups.setdefault((pair[0], pair[1], claim.status, mutual), []).append(claim)
    found = [_relation(status, mutual, told) for (_, _, status, mutual), told in groups.items()]
    return tuple(sorted(found, key=lambda one: (_ORDER.index(one.status), one.first.name, one.second.name, one.bonds)))


def bond_of(claim: Claim) -> str:
    """Return what a claim's own words say that one party does for the other; "backs" where they say no more."""
    acts = [span.quote for span in claim.evidence if span.role == "act"]
    told = _ACT.search(claim.reason)
    words = " ".join(acts) or (told["words"] if told else "")
    return next((bond for bond, pattern in _BONDS if pattern.search(words)), "backs")


def _relation(status: str, mutual: bool, told: Sequence[Claim]) -> Relation:
    ends = [actor for claim in told for actor in (claim.actor, claim.target) if actor is not None]
    first, second = ends[0], ends[1]
    if mutual and second.id < first.id:
        first, second = second, first
    return Relation(
        first=first, second=second, bonds=tuple(dict.fromkeys(bond_of(claim) for claim in told)), status=status, mutual=mutual,
        claims=tuple(told),
    )

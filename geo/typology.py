"""Which words make which claim: the table of cues and the table of gates, as data.

`data/claim_cues.csv` lists the words that say who holds, contests, attacks or leaves what, with the slot in which the actor and the place
stand; `data/claim_gates.csv` lists the words that keep such a sentence from being a fact (a proposal, a demand, a negation ...). The order
of the gates is their priority: the modality of a sentence matters more than its verb.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from geo import datafiles
from geo.errors import DataError
from geo.records import Predicate, Status

__all__ = ["Cue", "CueMatch", "Gate", "cues_in", "gates", "cues"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Words that make a claim, where its actor and place stand, and how sure it is to begin with (0 to 1)."""

    family: str
    predicate: Predicate
    pattern: re.Pattern[str]
    actor: str
    place: str
    confidence: float
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CueMatch:
    """A cue found in a text, at offsets into that text."""

    cue: Cue
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Words that make a sentence something else than a fact; `scope` is how far they reach: sentence, clause or near."""

    name: str
    status: Status | None
    pattern: re.Pattern[str]
    scope: str
    names_speaker: bool
    note: str


@lru_cache(maxsize=1)
def cues() -> tuple[Cue, ...]:
    """Return the cues of `data/claim_cues.csv`, in file order."""
    return tuple(
        Cue(
            family=row["class"],
            predicate=cast(Predicate, row["predicate"]),
            pattern=_pattern("claim_cues.csv", row["pattern"]),
            actor=row["actor"],
            place=row["place"],
            confidence=float(row["confidence"]),
            note=row["note"],
        )
        for row in _rows("claim_cues.csv")
    )


@lru_cache(maxsize=1)
def gates() -> tuple[Gate, ...]:
    """Return the gates of `data/claim_gates.csv`, the most important first."""
    return tuple(
        Gate(
            name=row["gate"],
            status=cast(Status, row["status"]) if row["status"] else None,
            pattern=re.compile(r"(?<!\w)(?:" + row["pattern"].replace(" ", r"\s+") + ")", re.IGNORECASE),
            scope=row["scope"],
            names_speaker=bool(row["speaker"]),
            note=row["note"],
        )
        for row in _rows("claim_gates.csv")
    )


@lru_cache(maxsize=8192)  # sentences; a text that is read again after a correction has the same
def cues_in(text: str) -> tuple[CueMatch, ...]:
    """Return the cues that stand in a sentence, from left to right; of those that overlap, the longest.

    Examples
    --------
    >>> [match.cue.family for match in cues_in("Rebels captured Saraqib and are fighting for control of Idlib.")]
    ['gain', 'contest']
    """
    found = [
        CueMatch(cue=cue, start=match.start(), end=match.end(), words=match.group())
        for cue in cues()
        for match in cue.pattern.finditer(text)
    ]
    kept: list[CueMatch] = []
    for match in sorted(found, key=lambda m: (m.start - m.end, m.start)):
        if all(match.end <= other.start or match.start >= other.end for other in kept):
            kept.append(match)
    return tuple(sorted(kept, key=lambda m: m.start))


def _pattern(file: str, words: str) -> re.Pattern[str]:
    start = "" if words.startswith("-") else r"(?<![\w-])"
    try:
        return re.compile(start + "(?:" + words.replace(" ", r"\s+") + r")(?![\w-])", re.IGNORECASE)
    except re.error as error:
        raise DataError(f"data/{file} holds the pattern {words!r}, which is not a regular expression ({error}); mend that row.") from error


def _rows(name: str) -> list[dict[str, str]]:
    with datafiles.path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

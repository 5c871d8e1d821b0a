"""Where a geoparser fails: names put in the wrong place, missed, made up, or cut differently, the most harmful first.

A wrong place does most harm where it is far off and sure of itself: the harm of one is its confidence times ln(1 + km), so that ten
times the distance is about one step worse. The same mistake made again adds up.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from geo.gold import GoldText, Named
from geo.matching import Ledger

__all__ = ["WRONG_KM", "Misplaced", "Tally", "cut_differently", "made_up", "misplaced", "missed"]

WRONG_KM = 25.0
"""Beyond this a place is wrong on a map of a conflict (or beyond the radius of the area, where gold tells one)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misplaced:
    """A name put in the wrong place, as it first stands; `count` mentions in `texts` texts share the mistake."""

    text: GoldText
    gold: Named
    ours: Named
    km: float
    harm: float
    count: int
    texts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One surface that was missed, made up or cut differently: how often, in how many texts, and where it first stands."""

    surface: str
    count: int
    texts: int
    text: GoldText
    name: Named


def misplaced(book: Ledger, *, limit: int = 20) -> tuple[Misplaced, ...]:
    """Return the most harmful wrong places; mentions of one surface with the same two places are one mistake."""
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for row, (gold, answered, km) in enumerate(zip(book.gold, book.answered.tolist(), book.km.tolist(), strict=True)):
        if answered and km > max(WRONG_KM, gold.radius_km):
            ours = book.found[book.answer[row]]
            alike[gold.surface, *(round(value or 0.0, 2) for value in (gold.lat, gold.lon, ours.lat, ours.lon))].append(row)
    made = [_misplaced(book, rows) for rows in alike.values()]
    return tuple(sorted(made, key=lambda mistake: -mistake.harm)[:limit])


def missed(book: Ledger, *, limit: int = 40) -> tuple[Tally, ...]:
    """Return the surfaces of gold names that nothing found overlaps, the most frequent first."""
    rows = np.flatnonzero(~book.overlap).tolist()
    return _tallied(((book.gold[row], book.texts[book.text[row]]) for row in rows), lambda name: name.surface, limit)


def made_up(book: Ledger, *, limit: int = 40) -> tuple[Tally, ...]:
    """Return the surfaces found where gold has no name (or has paired its name with a better span), the most frequent first."""
    rows = np.flatnonzero(book.counted & (book.match < 0)).tolist()
    return _tallied(((book.found[row], book.texts[book.found_text[row]]) for row in rows), lambda name: name.surface, limit)


def cut_differently(book: Ledger, *, limit: int = 40) -> tuple[Tally, ...]:
    """Return the surfaces that overlap a gold name without being the same, as "gold → ours", the most frequent first."""
    rows = np.flatnonzero(book.counted & (book.match >= 0)).tolist()
    pairs = [(row, book.gold[book.match[row]]) for row in rows if not book.exact[book.match[row]]]
    words = {id(book.found[row]): f"{gold.surface} → {book.found[row].surface}" for row, gold in pairs}
    return _tallied(((book.found[row], book.texts[book.found_text[row]]) for row, _ in pairs), lambda name: words[id(name)], limit)


def _misplaced(book: Ledger, rows: list[int]) -> Misplaced:
    first = rows[0]
    sure = [book.found[book.answer[row]].confidence for row in rows]
    return Misplaced(
        text=book.texts[book.text[first]], gold=book.gold[first], ours=book.found[book.answer[first]], km=float(book.km[first]),
        harm=sum((1.0 if one is None else one) * math.log1p(float(book.km[row])) for one, row in zip(sure, rows, strict=True)),
        count=len(rows), texts=len({int(book.text[row]) for row in rows}),
    )


def _tallied(found: Iterable[tuple[Named, GoldText]], words: Callable[[Named], str], limit: int) -> tuple[Tally, ...]:
    alike: dict[str, list[tuple[Named, GoldText]]] = defaultdict(list)
    for name, text in found:
        alike[words(name)].append((name, text))
    made = [
        Tally(surface=surface, count=len(group), texts=len({text.id for _, text in group}), text=group[0][1], name=group[0][0])
        for surface, group in alike.items()
    ]
    return tuple(sorted(made, key=lambda tally: (-tally.count, -tally.texts, tally.surface))[:limit])

"""Which prediction answers which gold name: the pairs that every score is made of, as one ledger of columns.

The definitions are those of the toponym resolution literature (Gritta, Pilehvar & Collier 2018 and 2020; Hu et al. 2022):

exact
    the same start and end.
overlap
    one to one; the pair that shares most characters first, then the one whose ends differ least, then the earlier.
answer
    the prediction of the same span, else the one that overlaps; its error is the great-circle distance in km, or half the Earth
    (`FURTHEST_KM`) where there is no answer or it has no coordinates, so that leaving names out never helps.
neutral
    a gold name kept out of every denominator; a prediction that overlaps one, and no other gold name, counts neither way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError
from geo.gold import GoldText, Named, Predicted
from geo.projections import great_circle_km

__all__ = ["FURTHEST_KM", "NEUTRAL", "Column", "Flags", "Ledger", "ledger"]

FURTHEST_KM = 20039.0
"""Half the Earth's circumference, as the literature has it: the error of a name that was not answered."""

NEUTRAL = ("demonym", "nocoord", "associative", "m3", "big")
"""What can be kept out: demonyms; gold without coordinates; gold of class associative; all that Mordecai 3 leaves out of its own
figures (no GeoNames id, demonyms, names that only qualify another); the large names that Hu et al. (2022) leave out."""

# The names that Hu et al. (2022, "How can voting mechanisms improve the robustness of toponym resolution?") drop: every system knows them.
_BIG = frozenset({
    "africa", "algeria", "america", "american", "americans", "asia", "australia", "canada", "canadian", "canadians", "china", "chinese",
    "europe", "european", "india", "middle east", "north africa", "north america", "russia", "russian", "russians", "south america",
    "u.s", "u.s.", "united states", "united states of america", "us", "usa", "west africa", "western europe",
})

Column = NDArray[np.float64]
Flags = NDArray[np.bool_]
_Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One row for each gold name that counts and one for each prediction that counts.

    `text` and `found_text` number the text of each row. `answer` is the row among `found` of the prediction that answers a gold name
    (-1: none); `match` is the gold row that a prediction overlaps one to one (-1: none). `km` is the error, `FURTHEST_KM` where
    unanswered. `answered` is true where gold and answer both have coordinates. `country` is right, wrong or unknown: 1, 0, -1.
    """

    texts: tuple[GoldText, ...]
    gold: tuple[Named, ...]
    text: _Rows
    located: Flags
    exact: Flags
    overlap: Flags
    answer: _Rows
    answered: Flags
    km: Column
    country: _Rows
    found: tuple[Named, ...]
    found_text: _Rows
    counted: Flags
    match: _Rows


@dataclass(frozen=True, slots=True)
class _Spans:
    """Spans of many texts laid end to end on one line, so that those of two texts never overlap."""

    text: _Rows
    start: _Rows
    end: _Rows


def ledger(
    gold: Sequence[GoldText],
    predicted: Predicted,
    *,
    neutral: Collection[str] = (),
    area: bool = False,
    country_at: Callable[[float, float], str | None] | None = None,
) -> Ledger:
    """Pair predictions with gold names.

    Parameters
    ----------
    gold, predicted
        The texts, and what was found in them by id; a text that `predicted` lacks counts as empty. The same span found twice counts once.
    neutral
        Which gold names are kept out, of `NEUTRAL`.
    area
        Whether an answer anywhere within the `radius_km` of a gold name is right (error 0).
    country_at
        Names the country at (lat, lon) for predictions that do not tell it.

    Raises
    ------
    InputError
        `neutral` holds a word that is not in `NEUTRAL`.
    """
    wrong = sorted(set(neutral) - set(NEUTRAL))
    if wrong:
        raise InputError(f"--neutral cannot be {wrong[0]!r}; give some of {','.join(NEUTRAL)}.")
    names = [(number, name) for number, text in enumerate(gold) for name in text.names]
    found = [(number, name) for number, text in enumerate(gold) for name in _distinct(predicted.get(text.id, ()))]
    base = np.concatenate([[0], np.cumsum([len(text.text) + 1 for text in gold])])
    one, two = _laid(names, base), _laid(found, base)
    aside = np.array([_is_neutral(name, neutral) for _, name in names], dtype=bool)
    left, right = _overlaps(one, two)
    scored = ~aside[left]
    counted = np.bincount(right[scored], minlength=len(found)).astype(bool) | (np.bincount(right, minlength=len(found)) == 0)
    kept = np.flatnonzero(~aside)
    row = np.cumsum(~aside) - 1  # of a gold name among those that count
    left, right = row[left[scored]], right[scored]
    spans = _Spans(one.text[kept], one.start[kept], one.end[kept])
    truths = tuple(names[number][1] for number in kept)
    exact = np.full(len(kept), -1)
    same = (spans.start[left] == two.start[right]) & (spans.end[left] == two.end[right])
    exact[left[same]] = right[same]
    overlap, match = _one_to_one(spans, two, left, right)
    answer = np.where(exact >= 0, exact, overlap)
    km, answered = _errors(truths, [name for _, name in found], answer, area=area)
    return Ledger(
        texts=tuple(gold), gold=truths, text=spans.text, located=np.array([name.located for name in truths], dtype=bool),
        exact=exact >= 0, overlap=overlap >= 0, answer=answer, answered=answered, km=km,
        country=_countries(truths, [name for _, name in found], answer, answered, country_at),
        found=tuple(name for _, name in found), found_text=two.text, counted=counted, match=match,
    )


def _distinct(names: Sequence[Named]) -> list[Named]:
    made: dict[tuple[int, int], Named] = {}
    for name in names:
        made.setdefault((name.start, name.end), name)
    return list(made.values())


def _is_neutral(name: Named, neutral: Collection[str]) -> bool:
    return (
        ("demonym" in neutral and name.demonym)
        or ("nocoord" in neutral and not name.located)
        or ("associative" in neutral and name.use == "associative")
        or ("m3" in neutral and (name.demonym or not name.geonameid or name.modifier))
        or ("big" in neutral and name.surface.lower() in _BIG)
    )


def _laid(names: Sequence[tuple[int, Named]], base: _Rows) -> _Spans:
    text = np.array([number for number, _ in names], dtype=np.int64)
    start, end = (np.array([getattr(name, side) for _, name in names], dtype=np.int64) + base[text] for side in ("start", "end"))
    return _Spans(text, start, end)


def _overlaps(one: _Spans, two: _Spans) -> tuple[_Rows, _Rows]:
    """All pairs (row of `one`, row of `two`) that share a character, found by two sorted searches."""
    order = np.argsort(two.start, kind="stable")
    start, end = two.start[order], two.end[order]
    first = np.searchsorted(np.maximum.accumulate(end), one.start, side="right") if len(end) else np.zeros(len(one.start), dtype=np.int64)
    count = np.maximum(np.searchsorted(start, one.end, side="left") - first, 0)
    left = np.repeat(np.arange(len(one.start)), count)
    inner = np.arange(len(left)) - np.repeat(np.cumsum(count) - count, count)
    right = order[np.repeat(first, count) + inner]
    shared = two.end[right] > one.start[left]
    return left[shared], right[shared]


def _one_to_one(one: _Spans, two: _Spans, left: _Rows, right: _Rows) -> tuple[_Rows, _Rows]:
    """Greedy pairs, the best first: for each row of `one` its partner or -1, and the reverse."""
    shared = np.minimum(one.end[left], two.end[right]) - np.maximum(one.start[left], two.start[right])
    apart = np.abs(one.start[left] - two.start[right]) + np.abs(one.end[left] - two.end[right])
    forth, back = np.full(len(one.start), -1), np.full(len(two.start), -1)
    for pair in np.lexsort((right, left, apart, -shared)):
        i, j = left[pair], right[pair]
        if forth[i] < 0 and back[j] < 0:
            forth[i], back[j] = j, i
    return forth, back


def _errors(gold: Sequence[Named], found: Sequence[Named], answer: _Rows, *, area: bool) -> tuple[Column, Flags]:
    km = np.full(len(gold), FURTHEST_KM)
    ours = [found[j] if j >= 0 else None for j in answer.tolist()]
    answered = np.array([name.located and mine is not None and mine.located for name, mine in zip(gold, ours, strict=True)], dtype=bool)
    rows = np.flatnonzero(answered).tolist()
    there, here = _points(gold[row] for row in rows), _points(found[answer[row]] for row in rows)
    km[rows] = np.minimum(great_circle_km(there[:, 1], there[:, 0], here[:, 1], here[:, 0]), FURTHEST_KM)
    if area:
        km[answered & (km <= np.array([name.radius_km for name in gold]))] = 0.0
    return km, answered


def _points(names: Iterable[Named]) -> Column:
    return np.array([(name.lat, name.lon) for name in names], dtype=np.float64).reshape(-1, 2)


def _countries(
    gold: Sequence[Named], found: Sequence[Named], answer: _Rows, answered: Flags, country_at: Callable[[float, float], str | None] | None
) -> _Rows:
    """1 right, 0 wrong, -1 not known, for gold names with a country; -1 for the others."""
    known = np.full(len(gold), -1)
    for row in np.flatnonzero(answered).tolist():
        mine = found[answer[row]]
        country = mine.country or (country_at(mine.lat or 0.0, mine.lon or 0.0) if country_at else None)
        if country is not None and gold[row].country:
            known[row] = country == gold[row].country
    return known

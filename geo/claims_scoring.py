"""How well claims are read: which are found, which of them are right in status, actor, place, speaker and date, and which are made up.

found
    precision, recall and F1 of the claims, matched by `geo.claim_matching`. An optional claim of gold is neutral: finding it and not
    finding it count for nothing. The holding that a handing over implies is optional, and so is a bare "located".
complete
    the same, where a claim is right only if its status, actor and place are all right.
mapped
    the same, where besides its place must lie right, if gold has degrees: what a map gets.
status, actor, place, speaker, date, located
    the share that is right of the claims found; date where gold has one, located (within 25 km, or the gold radius) where gold has degrees.
asserted
    the share of the claims found which gold gives as no fact (proposed, conditional, intended, denied, past) and we as one: the error that
    draws a plan as control.
nonclaims
    the share of the words marked in gold as no claim on which an unmatched claim falls: by its act, or its sentence where it tells no act.

Every figure is made of counts that add up over reports, so the same function serves groups and the bootstrap over reports (Efron &
Tibshirani 1993).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo.claim_agreement import NEAR_KM, Told, away_km, overlap, told
from geo.claim_matching import Pair, pairs
from geo.gold_claims import GoldClaim, GoldReport, Nonclaim
from geo.situation import read_document

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["FACTS", "GROUPS", "SHARES", "ClaimsScore", "Outcome", "read_claims_of", "score"]

FACTS = frozenset({"reported", "claimed", "assessed", "agreed"})
"""Statuses under which somebody says that it is so."""

GROUPS = ("predicate", "status", "war", "kind")
"""The ways in which figures are told apart; a claim that is made up belongs to the predicate and status that it gives itself."""

SHARES = ("status", "actor", "place", "speaker", "date", "located", "asserted", "nonclaims")
"""The figures that are shares of claims found, and that of nonclaims; in the last two less is better."""

_COUNTS = ("gold", "pred", "found", "complete", "mapped", *(f"{name}_{part}" for name in SHARES for part in ("n", "yes")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one claim of gold (found or missed), of one claim that matches none, or of one nonclaim.

    `gold`, `found` and `nonclaim` are None where there is none; both of `gold` and `pair` are given for a claim that was found.
    `optional` outcomes count for nothing. `km` is how far off its place lies, where both have degrees.
    """

    report: GoldReport
    gold: GoldClaim | None = None
    found: Told | None = None
    pair: Pair | None = None
    nonclaim: Nonclaim | None = None
    km: float | None = None
    optional: bool = False

    def label(self, group: str) -> str:
        """The group that it belongs to, by one of `GROUPS`."""
        if group in ("war", "kind"):
            return str(getattr(self.report, group)) or "not told"
        one = self.gold or self.found
        return str(getattr(one, group)) if one else ""

    def counts(self) -> dict[str, int]:
        """What it adds to the counts of which all figures are made."""
        if self.optional:
            return {}
        if self.nonclaim is not None:
            return {"nonclaims_n": 1, "nonclaims_yes": int(self.found is not None)}
        if self.gold is None or self.found is None or self.pair is None:
            return {"gold": int(self.gold is not None), "pred": int(self.found is not None)}
        pair, fact = self.pair, self.gold.status in FACTS
        right = {"status": pair.status, "actor": pair.actor, "place": bool(pair.place), "speaker": pair.speaker}
        if pair.dated is not None:
            right["date"] = pair.dated
        if self.gold.place and self.gold.place.lat is not None:
            right["located"] = self.km is not None and self.km <= max(NEAR_KM, self.gold.place.radius_km)
        if not fact:
            right["asserted"] = self.found.status in FACTS
        mapped = pair.complete and right.get("located", True)
        made = {"gold": 1, "pred": 1, "found": 1, "complete": int(pair.complete), "mapped": int(mapped)}
        for name, yes in right.items():
            made |= {f"{name}_n": 1, f"{name}_yes": int(yes)}
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsScore:
    """The figures of a run as a whole, by group, their 95 % intervals by "figure.part", and the outcomes that they are made of.

    `statuses` counts (gold, ours) over claims found, `ways` how places agree.
    """

    outcomes: tuple[Outcome, ...]
    reports: int
    whole: Mapping[str, Any]
    groups: Mapping[str, Mapping[str, Mapping[str, Any]]]
    intervals: Mapping[str, tuple[float, float]]
    statuses: Mapping[tuple[str, str], int]
    ways: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """All of it but the outcomes, as values that JSON can carry."""
        return {
            "reports": self.reports, "all": self.whole, **{f"by_{name}": rows for name, rows in self.groups.items()},
            "ci95": {name: list(ends) for name, ends in self.intervals.items()},
            "statuses": [{"gold": gold, "ours": ours, "n": count} for (gold, ours), count in sorted(self.statuses.items())],
            "places_agree_by": dict(sorted(self.ways.items())),
        }


def read_claims_of(
    reports: Sequence[GoldReport], *, gazetteer: Gazetteer, progress: Callable[[int, int, str], None] | None = None
) -> tuple[tuple[Told, ...], ...]:
    """Return the claims that Salient reads in each report; `progress` is called with (done, all, what is being done)."""
    made = []
    for number, report in enumerate(reports):
        if progress is not None:
            progress(number, len(reports), "reading claims")
        claims = read_document(report.document, gazetteer=gazetteer).claims
        made.append(tuple(told(claim, report.document, gazetteer) for claim in claims))
    return tuple(made)


def score(
    reports: Sequence[GoldReport], predicted: Sequence[Sequence[Told]], *, resamples: int = 0, seed: int = 1
) -> ClaimsScore:
    """Compare the claims read in each report with those of gold.

    Parameters
    ----------
    predicted
        For each report its claims, in any order.
    resamples
        Of the bootstrap over reports; 0: no intervals.
    seed
        Of the resampling; the same seed gives the same intervals.

    Examples
    --------
    >>> score([], []).whole["found"]["F1"]
    0.0
    """
    by_report = [_outcomes(report, found) for report, found in zip(reports, predicted, strict=True)]
    outcomes = tuple(outcome for some in by_report for outcome in some)
    rows = np.array([[outcome.counts().get(name, 0) for name in _COUNTS] for outcome in outcomes], dtype=float).reshape(-1, len(_COUNTS))
    of = np.repeat(np.arange(len(by_report)), [len(some) for some in by_report])
    found = [outcome for outcome in outcomes if outcome.pair and not outcome.optional]
    return ClaimsScore(
        outcomes=outcomes, reports=len(reports), whole=_rounded(_figures(rows.sum(axis=0))),
        groups={name: _grouped([outcome.label(name) for outcome in outcomes], rows) for name in GROUPS},
        intervals=_intervals(rows, of, len(by_report), resamples, seed),
        statuses=Counter((one.gold.status, one.found.status) for one in found if one.gold and one.found),
        ways=Counter(one.pair.place or "not" for one in found if one.pair),
    )


def _outcomes(report: GoldReport, predicted: Sequence[Told]) -> list[Outcome]:
    gold, found = [*report.claims, *_implied(report.claims)], list(predicted)
    paired = pairs(gold, found, on=report.document.published)
    by_gold = {pair.gold: pair for pair in paired}
    made = []
    for number, claim in enumerate(gold):
        pair = by_gold.get(number)
        ours = found[pair.found] if pair else None
        km = away_km(claim.place, ours) if ours else None
        made.append(Outcome(report=report, gold=claim, found=ours, pair=pair, km=km, optional=claim.optional))
    loose = [claim for number, claim in enumerate(found) if number not in {pair.found for pair in paired}]
    made += [Outcome(report=report, found=claim, optional=claim.predicate == "located") for claim in loose]
    for nonclaim in report.nonclaims:
        drawn = (claim for claim in loose if claim.predicate != "located")
        hit = next((claim for claim in drawn if overlap(claim.act or claim.sentence, nonclaim.span)), None)
        made.append(Outcome(report=report, nonclaim=nonclaim, found=hit))
    return made


def _implied(claims: Sequence[GoldClaim]) -> list[GoldClaim]:
    """The holding of the receiver, where something is handed over to somebody."""
    given = [claim for claim in claims if claim.predicate == "hands_over" and claim.target is not None]
    return [replace(claim, predicate="controls", actor=claim.target, target=None, also=(), optional=True) for claim in given]


def _grouped(labels: Sequence[str], rows: NDArray[np.float64]) -> dict[str, dict[str, Any]]:
    told_of = np.array(labels, dtype=object)
    sums = {label: rows[told_of == label].sum(axis=0) for label in dict.fromkeys(labels) if label}
    figures = {label: _rounded(_figures(counts)) for label, counts in sums.items() if counts.any()}
    return dict(sorted(figures.items(), key=lambda item: (-item[1]["gold"], item[0])))


def _intervals(rows: NDArray[np.float64], of: NDArray[np.intp], size: int, resamples: int, seed: int) -> dict[str, tuple[float, float]]:
    """The 2.5th and 97.5th percentile of every figure over resamples of the reports, drawn with replacement."""
    if not resamples or not size:
        return {}
    sums = np.zeros((size, len(_COUNTS)))
    np.add.at(sums, of, rows)
    drawn = np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), size=resamples)
    made = {}
    for name, parts in _figures((drawn @ sums).T).items():
        for part, values in parts.items() if isinstance(parts, dict) else ():
            known = values[~np.isnan(values)]
            if part not in ("n",) and len(known):
                low, high = np.percentile(known, (2.5, 97.5))
                made[f"{name}.{part}"] = round(float(low), 4), round(float(high), 4)
    return made


def _figures(counts: NDArray[np.float64]) -> dict[str, Any]:
    """The figures from counts in the order of `_COUNTS`: a number each, or one for each resample."""
    n = dict(zip(_COUNTS, counts, strict=True))
    made: dict[str, Any] = {"gold": n["gold"], "pred": n["pred"]}
    for name in ("found", "complete", "mapped"):
        precision, recall = _share(n[name], n["pred"], 0.0), _share(n[name], n["gold"], 0.0)
        made[name] = {"P": precision, "R": recall, "F1": _share(2 * precision * recall, precision + recall, 0.0)}
    for name in SHARES:
        made[name] = {"n": n[f"{name}_n"], "share": _share(n[f"{name}_yes"], n[f"{name}_n"], np.nan)}
    return made


def _share(part: NDArray[np.float64], whole: NDArray[np.float64], empty: float) -> NDArray[np.float64]:
    return np.asarray(np.divide(part, whole, out=np.full(np.shape(whole), empty), where=np.asarray(whole) > 0), dtype=np.float64)


def _rounded(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Counts as whole numbers, shares with four digits, None where there is nothing to share."""
    made: dict[str, Any] = {}
    for name, value in figures.items():
        if isinstance(value, dict):
            made[name] = {
                part: int(one) if part == "n" else None if np.isnan(one) else round(float(one), 4) for part, one in value.items()
            }
        else:
            made[name] = int(value)
    return made

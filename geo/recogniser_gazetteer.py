"""Places by name: every stretch of capitalised words that the gazetteer knows, weighed by what stands around it.

A weighted sum of features (geo.name_features) decides, because no single rule can: "Mobile" is a town, a word and a network. Among
the features is what the neural tagger (geo.tagger) says of the words. The weights are in data/name_weights.csv; scripts/fit_names.py fits
them (logistic regression). Names that the tagger reads and no gazetteer knows are kept too, for the unresolved tray.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, get_args

from geo import datafiles, name_rules
from geo.asked import asked_kind, has_article
from geo.name_candidates import gather
from geo.name_features import Name, Setting, features
from geo.records import Document, Kind, Mention
from geo.runs import Scene

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["gazetteer_recogniser", "span_of", "weigh"]

SHORT = 5  # letters of an abbreviation such as "Calif."


def gazetteer_recogniser(gazetteer: Gazetteer) -> Callable[[Document], Iterable[Mention]]:
    """Return a recogniser of the names that a gazetteer knows and of those that the tagger reads."""

    def recognise(document: Document) -> Iterable[Mention]:
        names, about = gather(document, gazetteer)  # type: ignore[arg-type]
        scored = ((name, weigh(features(name, about), tagged=about.tags is not None)) for name in names)
        chosen = _chosen(name_rules.kept(scored, about))
        for name, score in chosen:
            start, end = span_of(name, about.scene, document.reading)
            yield Mention(
                document_id=document.id, start=start, end=end, text=document.text[start:end], recogniser="gazetteer", score=round(score, 3),
                kind=_kind(name, about, document.reading[start:end], gazetteer),
            )
        taken = {position for name, _ in chosen for position in range(name.first, name.last)}
        yield from name_rules.unlisted(document, about, taken, gazetteer)

    return recognise


def span_of(name: Name, read: Scene, text: str) -> tuple[int, int]:
    """Return where a name stands in the text; the full stop of an abbreviated unit belongs to it: "Fresno, Calif."."""
    start, end = read.tokens[name.first].start, read.tokens[name.last - 1].end
    short = "admin" in name.info.kinds and end - start <= SHORT and not text[start:end].isupper() and text[end : end + 1] == "."
    going_on = name.last + 1 < len(read.tokens) and read.tokens[name.last + 1].sentence == read.tokens[name.first].sentence
    listed = name.first > 0 and read.tokens[name.first - 1].text == ","
    return start, end + (short and ((going_on and listed) or not name.info.own))


def weigh(active: Iterable[str], *, tagged: bool) -> float:
    """Return the probability that a name with these features is a place; `tagged` where the tagger's are among them."""
    weights = _weights("name_weights.csv" if tagged else "name_weights_untagged.csv")
    return 1 / (1 + math.exp(-sum(weights.get(feature, 0.0) for feature in active)))


@lru_cache(maxsize=2)
def _weights(table: str) -> dict[str, float]:
    with datafiles.path(table).open(encoding="utf-8", newline="") as file:
        return {row["feature"]: float(row["weight"]) for row in csv.DictReader(file)}


def _chosen(scored: Iterable[tuple[Name, float]]) -> list[tuple[Name, float]]:
    """Longest first, then the more probable; no two share a word."""
    taken: set[int] = set()
    kept: list[tuple[Name, float]] = []
    for name, score in sorted(scored, key=lambda pair: (pair[0].first - pair[0].last, -pair[1], pair[0].first)):
        if taken.isdisjoint(range(name.first, name.last)):
            taken.update(range(name.first, name.last))
            kept.append((name, score))
    return sorted(kept, key=lambda pair: pair[0].first)


def _kind(name: Name, about: Setting, written: str, gazetteer: Gazetteer) -> Kind:
    """The kind that the text asks for, else that of the most important place of exactly this name, else what the tagger takes it for."""
    found = about.scene.tokens
    asked = asked_kind(found, name.first, name.last)
    kinds = name.info.kinds
    if asked and (asked in kinds or not kinds):
        return asked
    if "water" in kinds and has_article(found, name.first, name.last):
        return "water"
    if "country" in kinds and written.replace(".", "").isupper() and len(name.key) <= 3:
        return "country"
    if len(kinds) > 1 and (hits := gazetteer.search(written, limit=8)):
        best = next((hit.feature for hit in hits if hit.match == "exact" and hit.feature.population), hits[0].feature)
        near = [hit.feature for hit in hits if hit.similarity >= hits[0].similarity - 0.05]
        towns = [town for town in near if town.kind == "populated" and town.admin1 == best.admin1]
        return "populated" if best.kind == "admin" and towns and best.admin1 else best.kind
    if not kinds and about.tags is not None:
        return about.tags.kind(name.first, name.last)
    return next((kind for kind in get_args(Kind) if kind in kinds), "other")

"""Places by name: every stretch of capitalised words that the gazetteer knows, weighed by what stands around it.

A weighted sum of features (geo.name_features) decides, because no single rule can: "Mobile" is a town, a word and a network. The
weights are in data/name_weights.csv; scripts/fit_names.py fits them (logistic regression). Names that the gazetteer does not know are
found after strong words only ("the village of ..."), and left for the unresolved tray.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, get_args

from geo import datafiles
from geo.asked import asked_kind, has_article
from geo.demonyms import demonym_pattern, demonyms
from geo.name_features import STRONG, Name, Setting, features, lead_of, setting
from geo.names import fold
from geo.records import Document, Kind, Mention
from geo.runs import LANDMARKS, Scene, scene
from geo.tokens import ARTICLES, INSIDE, Run, Token, cues, word_list

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer, NameInfo

__all__ = ["gazetteer_recogniser", "capitals", "home_countries", "names_in", "span_of", "weigh"]

# A name is kept from this probability on; the value of best F1 on the development corpora (swept from .3 to .7).
KEPT = 0.5
KEPT_INSIDE, KNOWN_ABROAD = 0.6, 100_000  # inside the name of an organisation, for a place with fewer inhabitants
TOWN, AMBIGUOUS = 20_000, 3  # inhabitants, and countries with a place of the name, up to which a town at home needs no other sign
KEPT_AT_HOME = 0.35  # where a name of a country of the report stands after words such as "in", "near" or "captured"
_CONTRACTION = re.compile(r"['’](?:ll|ve|re|d|m|t)$")
LONG_ENOUGH, ALIKE = 6, 0.75  # letters of a name, and its likeness to a name of the country, for another spelling to count
_SETTLED = ("populated", "admin")
LONGEST = 6  # words in a name
SHORT = 5  # letters of an abbreviation such as "Calif."
_ABBREVIATION = re.compile(r"(?:[A-Z]\.)+[A-Z]?|[A-Z]{2,3}")


def gazetteer_recogniser(gazetteer: Gazetteer) -> Callable[[Document], Iterable[Mention]]:
    """Return a recogniser of the names that a gazetteer knows."""

    def recognise(document: Document) -> Iterable[Mention]:
        read = scene(document)
        names = names_in(read, document.reading, gazetteer)
        about = setting(read, names, home=home_countries(document))
        likely = [name for name in names if not (_titled(name, about) or _part_of_water(name, about))]
        scored = [(name, max(weigh(features(name, about)), _floor(name, about))) for name in likely]
        chosen = _chosen((name, score) for name, score in scored if score >= _least(name, about))
        taken = {position for name, _ in chosen for position in range(name.first, name.last)}
        for name, score in chosen:
            kind = _kind(name, read.tokens, _text(document, read, name), gazetteer)
            start, end = span_of(name, read, document.reading)
            yield Mention(
                document_id=document.id, start=start, end=end, text=document.text[start:end], kind=kind, recogniser="gazetteer",
                score=round(score, 3),
            )
        yield from _unknown(document, read, taken)
        yield from _respelt(document, read, taken, about, gazetteer)

    return recognise


def names_in(read: Scene, text: str, gazetteer: Gazetteer) -> tuple[Name, ...]:
    """Return every stretch of words in the runs of a document that the gazetteer knows, long and short."""
    spans: dict[tuple[int, int], str] = {}
    for run in read.runs:
        for first in range(run.first, run.last):
            if read.tokens[first].lower == "the" or not read.tokens[first].word or not (read.tokens[first].capital or first == run.first):
                continue
            for last in range(first + 1, min(run.last, first + 2 * LONGEST) + 1):
                if read.tokens[last - 1].word and (read.tokens[last - 1].capital or read.tokens[last - 1].text.isdigit()):
                    spans[first, last] = fold(text[read.tokens[first].start : read.tokens[last - 1].end])
    known = gazetteer.known(set(spans.values()))
    return tuple(
        Name(first, last, key, known[key])
        for (first, last), key in spans.items()
        if key in known and _plausible(read.tokens, first, last, known[key])
    )


def span_of(name: Name, read: Scene, text: str) -> tuple[int, int]:
    """Return where a name stands in the text; the full stop of an abbreviated unit belongs to it: "Fresno, Calif."."""
    start, end = read.tokens[name.first].start, read.tokens[name.last - 1].end
    short = "admin" in name.info.kinds and end - start <= SHORT and not text[start:end].isupper() and text[end : end + 1] == "."
    going_on = name.last + 1 < len(read.tokens) and read.tokens[name.last + 1].sentence == read.tokens[name.first].sentence
    return start, end + (short and (going_on or not name.info.own))


def weigh(active: Iterable[str]) -> float:
    """Return the probability that a name with these features is a place."""
    weights = _weights()
    return 1 / (1 + math.exp(-sum(weights.get(feature, 0.0) for feature in active)))


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    with datafiles.path("name_weights.csv").open(encoding="utf-8", newline="") as file:
        return {row["feature"]: float(row["weight"]) for row in csv.DictReader(file)}


def home_countries(document: Document) -> Counter[str]:
    """The countries whose people or things a document names, and how often: "Syrian forces"."""
    words = (fold(match.group()) for match in demonym_pattern().finditer(document.reading))
    found = [demonyms().get(word, "") for word in words]
    return Counter(feature_id.removeprefix("country:") for feature_id in found if feature_id.startswith("country:"))


def _part_of_water(name: Name, about: Setting) -> bool:
    """Whether the name is only a piece of a longer name of a river, mountain or base that the gazetteer lacks: Ben Hai River."""
    run = about.scene.run_of.get(name.first)
    if run is None or name.last - name.first > 2:
        return False
    if name.last == run.last:
        return _end_of_water(name, about, run)
    words = [about.scene.tokens[position].text for position in range(name.first, run.last)]
    inside = all(word[:1].isupper() for word in words) and (name.first, run.last) not in about.spans
    asked = asked_kind(about.scene.tokens, name.first, run.last)
    return inside and asked in {"water", "region"} and words[-1] not in {"Mount", "Wadi", "Cape"}


def _end_of_water(name: Name, about: Setting, run: Run) -> bool:
    words = [about.scene.tokens[position].text for position in range(run.first, run.last)]
    if name.last - name.first < 2 or name.first == run.first or words[-1] not in LANDMARKS or (run.first, run.last) in about.spans:
        return False
    before = words[name.first - run.first - 1]
    plain = before.lower() in cues("locative") or fold(before) in demonyms() or before.lower() in word_list("common")
    return before[:1].isupper() and not plain and before not in cues("never")


def _titled(name: Name, about: Setting) -> bool:
    """Whether a title stands before the name ("Mr. Jordan"), or did elsewhere and nothing here speaks for a place."""
    return lead_of(name, about) == "title" or (
        name.last - name.first == 1 and about.scene.tokens[name.first].text in about.scene.surnames and lead_of(name, about) not in STRONG
    )


def _at_home(name: Name, about: Setting, words: Sequence[str]) -> bool:
    """A town of a country that the report names, or a capital, and nothing that speaks for a person or a word."""
    personal = cues("given") | word_list("given").keys() | word_list("surname").keys() | cues("title")
    if about.scene.label(name.first, name.last) != "plain" or _ordinary(words) or any(word in personal for word in words):
        return False
    tail = about.scene.tokens[name.last] if name.last < len(about.scene.tokens) else None
    joined = tail is not None and tail.capital and tail.sentence == about.scene.tokens[name.first].sentence
    if joined or lead_of(name, about) in {"title", "given", "capital", "quote"} or len(name.key) < 3:
        return False
    if name.key in capitals():
        return True
    if not name.info.countries & about.countries or (words[-1] in about.people and lead_of(name, about) not in STRONG):
        return False
    return (name.info.population >= TOWN and len(name.info.countries) <= AMBIGUOUS) or _only_at_home(name, about, words)


def _only_at_home(name: Name, about: Setting, words: Sequence[str]) -> bool:
    """A place, however small, whose name is borne in a main country of the report only."""
    if not (name.info.own and len(name.info.countries) == 1 and name.info.countries & about.main):
        return False
    if name.info.kinds <= {"populated", "admin"} and has_article(about.scene.tokens, name.first, name.last):
        return False
    following = about.scene.tokens[name.last].text if name.last < len(about.scene.tokens) else ""
    code = all(word.isupper() for word in words) and not about.shouting and lead_of(name, about) != "dateline"
    return not code and following not in {"of", "-"} and following.lower() not in cues("speech_verbs")


@lru_cache(maxsize=1)
def capitals() -> frozenset[str]:
    """The folded names of the capitals of states."""
    return frozenset(fold(row["name"]) for _, row in datafiles.rows("metonyms.csv") if row["kind"] == "capital")


def _least(name: Name, about: Setting) -> float:
    alone = about.leads[name.key].total() == 1 and name.info.population < TOWN
    small = alone or (name.info.population < KNOWN_ABROAD and not name.info.countries & about.countries)
    if small and about.scene.label(name.first, name.last) == "organisation":
        return KEPT_INSIDE
    return KEPT_AT_HOME if _expected(name, about) else KEPT


def _expected(name: Name, about: Setting) -> bool:
    words = [about.scene.tokens[position].text for position in range(name.first, name.last)]
    plain = words[0].lower() not in word_list("common") and not any(word in cues("given") or word in word_list("surname") for word in words)
    return plain and lead_of(name, about) in {"loc", "loc2", "cue", "object"} and bool(name.info.countries & about.countries)


def _floor(name: Name, about: Setting) -> float:
    """Countries, names after "the town of", and waters and landscapes named with their generic word, are places in any case."""
    read = about.scene
    words = [read.tokens[position].text for position in range(name.first, name.last) if read.tokens[position].word]
    personal = words[0] in cues("given") and words[0].lower() not in INSIDE
    known = len(words) > 1 and name.info.population >= 2 * TOWN and not personal
    if known and lead_of(name, about) in {"loc", "loc2", "object", "of", "to", "and"}:
        return 0.55
    if read.label(name.first, name.last) == "person":
        return 0.0
    if "country" in name.info.kinds and len(name.info.countries) == 1 and name.info.population > 100_000:
        personal = words[0] in cues("given") or words[0] in word_list("given") or words[0] in about.people
        return 0.6 if len(words) > 1 or not (personal or words[0].lower() in word_list("common")) else 0.0
    if _at_home(name, about, words):
        return 0.55
    if lead_of(name, about) == "cue" and read.label(name.first, name.last) == "plain" and not _ordinary(words):
        return 0.6
    if len(words) > 1 and "region" in name.info.kinds and words[0].lower() in cues("locative") | {"middle", "near", "far"}:
        return 0.6
    if name.info.kinds == {"water"} and lead_of(name, about) in {"the", "loc the"} and len(words[0]) > 4:
        return 0.6
    if "water" in name.info.kinds and _at_the_shore(read.tokens, name):
        return 0.6
    generic = cues("head_water") | cues("head_region") | cues("head_base")
    return 0.6 if len(words) > 1 and name.info.kinds & {"water", "region", "base"} and {words[0], words[-1]} & generic else 0.0


def _at_the_shore(found: Sequence[Token], name: Name) -> bool:
    """Whether the text speaks of the banks or the crossing of a river: "west of the Dnipro", "they crossed the Sava"."""
    if name.first < 2 or not has_article(found, name.first, name.last):
        return False
    before = found[name.first - 2].lower
    noun = found[name.first - 3].lower if name.first > 2 else ""
    return before in {"across", "along", "cross", "crossed", "crossing"} or (before in {"of", "over"} and noun in cues("shores"))


def _plausible(found: Sequence[Token], first: int, last: int, info: NameInfo) -> bool:
    """Codes of two or three letters count in capitals and for countries and states only; plain words not at all."""
    word = found[first].text
    if last - first > 1:
        return True
    if word in cues("never") or word in cues("month") or word in cues("weekday") or _CONTRACTION.search(word):
        return False
    if len(fold(word)) <= 2:
        dotted = _ABBREVIATION.fullmatch(word) or found[min(last, len(found) - 1)].text == "."
        before = found[first - 1].lower if first else ""
        placed = before == "," or before in cues("locative") | cues("directional")
        return bool(dotted) and ("country" in info.kinds or ("admin" in info.kinds and placed))
    return len(word) > 1


def _chosen(scored: Iterable[tuple[Name, float]]) -> list[tuple[Name, float]]:
    """Longest first, then the more probable; no two share a word."""
    taken: set[int] = set()
    kept: list[tuple[Name, float]] = []
    for name, score in sorted(scored, key=lambda pair: (pair[0].first - pair[0].last, -pair[1], pair[0].first)):
        if taken.isdisjoint(range(name.first, name.last)):
            taken.update(range(name.first, name.last))
            kept.append((name, score))
    return sorted(kept, key=lambda pair: pair[0].first)


def _kind(name: Name, found: Sequence[Token], written: str, gazetteer: Gazetteer) -> Kind:
    """The kind that the text asks for, else that of the most important place of exactly this name."""
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
    return next((kind for kind in get_args(Kind) if kind in kinds), "other")


def _text(document: Document, read: Scene, name: Name) -> str:
    return document.reading[read.tokens[name.first].start : read.tokens[name.last - 1].end]


def _mention(
    document: Document, found: Sequence[Token], first: int, last: int, *, kind: Kind, score: float, made_by: str = "gazetteer"
) -> Mention:
    start, end = found[first].start, found[last - 1].end
    return Mention(
        document_id=document.id, start=start, end=end, text=document.text[start:end], kind=kind, recogniser=made_by, score=round(score, 3)
    )


def _unknown(document: Document, read: Scene, taken: set[int]) -> Iterator[Mention]:
    """Names that no gazetteer row bears, where the words around or in them leave no doubt that they are places."""
    for run in read.runs:
        first, last = run.first, run.last
        while first < last and read.tokens[first].lower == "the":
            first += 1
        if first >= last or not taken.isdisjoint(range(first, last)) or read.label(first, last) != "plain" or last - first > 5:
            continue
        words = [read.tokens[p].text for p in range(first, last) if read.tokens[p].word]
        if not words or _ordinary(words) or read.tokens[first].first:
            continue
        kind = asked_kind(read.tokens, first, last)
        generic = kind in {"base", "water", "region"} and len(words) > 1
        if kind is not None and (generic or (kind in {"populated", "admin"} and _strong(read.tokens, first, last))):
            yield _mention(document, read.tokens, first, last, kind=kind, score=0.6, made_by="cue")
        elif kind is None and len(words) <= 3 and _located(read.tokens, first, last, words):
            yield _mention(document, read.tokens, first, last, kind="populated", score=0.5, made_by="cue")


def _respelt(document: Document, read: Scene, taken: set[int], about: Setting, gazetteer: Gazetteer) -> Iterator[Mention]:
    """Names that the gazetteer spells otherwise (Khan Sheikhoun), in a country of the report, where a place is expected."""
    for run in read.runs:
        first, last = run.first, run.last
        words = [read.tokens[p].text for p in range(first, last) if read.tokens[p].word]
        if not first or not taken.isdisjoint(range(first, last)) or not 1 <= len(words) <= 4 or _ordinary(words):
            continue
        before, label = read.tokens[first - 1].lower, read.label(first, last)
        expected = before in {"in", "near", "from", "of"} or before in cues("object_verbs")
        if len("".join(words)) < LONG_ENOUGH or not expected or label == "organisation" or words[0] in cues("title") | cues("given"):
            continue
        written = document.reading[read.tokens[first].start : read.tokens[last - 1].end]
        lands = sorted(about.countries)[:6]
        if any(hit.similarity >= ALIKE for land in lands for hit in gazetteer.search(written, country=land, kinds=_SETTLED, limit=3)):
            yield _mention(document, read.tokens, first, last, kind="populated", score=0.55, made_by="cue")


def _ordinary(words: Sequence[str]) -> bool:
    """Words of the language, calendar or peoples, not a name."""
    pattern = demonym_pattern()
    known = cues("never") | cues("month") | cues("weekday")
    return all(word.lower() in word_list("common") or word in known or pattern.fullmatch(word) for word in words)


def _strong(found: Sequence[Token], first: int, last: int) -> bool:
    heads = {"town", "village", "city", "hamlet", "towns", "villages", "suburb", "district", "province", "neighborhood", "neighbourhood"}
    before = found[first - 2].lower if first >= 2 and found[first - 1].text == "of" else found[first - 1].lower if first else ""
    after = found[last].text if last < len(found) else ""
    return before in heads or after in heads


def _located(found: Sequence[Token], first: int, last: int, words: Sequence[str]) -> bool:
    """After "in", "near" or "captured", and no name of a person or an institution: such a name is a place that the gazetteer lacks."""
    before = found[first - 1].lower if first else ""
    if before not in {"in", "near"} | cues("capture_verbs") or any(word.isupper() for word in words):
        return False
    known = any(w in cues("given") or w in cues("head_org") or w in cues("head_street") or w in word_list("surname") for w in words)
    return not known and all(w.lower() not in word_list("common") and w not in cues("never") for w in words if w.lower() not in ARTICLES)

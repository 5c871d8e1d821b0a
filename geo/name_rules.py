"""Names by rules, beside or without the neural tagger: what is a place in any case, what never is, and names that no gazetteer bears.

Tuned on the development corpora without the tagger. With it most of them cost more than they bring (two to three points of precision), and
those that are left only tip the scales where the tagger agrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from geo import datafiles
from geo.asked import asked_kind, has_article
from geo.demonyms import demonym_pattern, demonyms
from geo.name_features import STRONG, Name, Setting, lead_of
from geo.names import fold
from geo.records import Document, Kind, Mention
from geo.runs import LANDMARKS
from geo.tokens import ARTICLES, INSIDE, Run, Token, cues, word_list

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer
    from geo.tagger import Tags

__all__ = ["capitals", "kept", "unlisted"]

SURE = 0.55  # probability of the tagger from which a rule may keep a name of the gazetteer that its weight would drop
# A name that its report bears out elsewhere with the first probability is kept from the second on, if the tagger gives it the third: swept
# over .8 to .9, .2 to .35 and .3 to .5 on the development corpora.
CERTAIN, AGAIN, AGAIN_TAGGED = 0.9, 0.3, 0.3
DOUBTED = 0.25  # and below which a rule may add none that no gazetteer bears
# A name is kept from this probability on, without the tagger and with it: the values of best F1 on the development corpora (swept from .3
# to .7); with it, .45 and .5 score alike, and the lower loses fewer names.
KEPT, KEPT_TAGGED = 0.5, 0.45
KEPT_INSIDE, KNOWN_ABROAD = 0.6, 100_000  # inside the name of an organisation, for a place with fewer inhabitants
TOWN, AMBIGUOUS = 20_000, 3  # inhabitants, and countries with a place of the name, up to which a town at home needs no other sign
KEPT_AT_HOME = 0.35  # where a name of a country of the report stands after words such as "in", "near" or "captured"
LONG_ENOUGH, ALIKE = 6, 0.75  # letters of a name, and its likeness to a name of the country, for another spelling to count
_LANDSCAPES = frozenset({"region", "water"})
_SETTLED = ("populated", "admin")


def kept(scored: Iterable[tuple[Name, float]], about: Setting) -> Iterator[tuple[Name, float]]:
    """Yield the names that are kept, of names with their probabilities, with what the rules make of these."""
    weighed = tuple(scored)
    best: dict[str, float] = {}
    for name, chance in weighed:
        best[name.key] = max(chance, best.get(name.key, 0.0))
    for name, chance in weighed:
        if about.tags is None:
            if not (_titled(name, about) or _part_of_water(name, about)):
                score = max(chance, _floor(name, about))
                if score >= _least(name, about):
                    yield name, score
        elif lead_of(name, about) != "title":
            score = max(chance, _floor(name, about)) if _sure(name, about, about.tags) else chance
            again = best[name.key] >= CERTAIN and about.tags.span(name.first, name.last) >= AGAIN_TAGGED
            if score >= (AGAIN if again else KEPT_TAGGED):
                yield name, score


def _sure(name: Name, about: Setting, tags: Tags) -> bool:
    """Whether the tagger thinks that a name of the gazetteer is one here, or a long name of a landscape at least a part of one."""
    if not name.info.kinds:
        return False
    landscape = name.last - name.first > 1 and name.info.kinds <= _LANDSCAPES and tags.entity(name.first, name.last) == "LOC"
    return landscape or tags.span(name.first, name.last) >= SURE


def unlisted(document: Document, about: Setting, taken: set[int], gazetteer: Gazetteer) -> Iterator[Mention]:
    """Yield mentions of names that no gazetteer bears so, where strong words or another spelling leave no doubt."""
    yield from _unknown(document, about, taken)
    yield from _respelt(document, about, taken, gazetteer)


@lru_cache(maxsize=1)
def capitals() -> frozenset[str]:
    """The folded names of the capitals of states."""
    return frozenset(fold(row["name"]) for _, row in datafiles.rows("metonyms.csv") if row["kind"] == "capital")


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
    personal = _personal()
    if about.scene.label(name.first, name.last) != "plain" or _ordinary(words) or any(word in personal for word in words):
        return False
    tail = about.scene.tokens[name.last] if name.last < len(about.scene.tokens) else None
    joined = tail is not None and tail.capital and tail.sentence == about.scene.tokens[name.first].sentence
    if joined or lead_of(name, about) in {"title", "given", "capital", "quote"} or len(name.key) < 3:
        return False
    if name.key in capitals() or about.tags is not None:
        return name.key in capitals()
    if not name.info.countries & about.countries or (words[-1] in about.people and lead_of(name, about) not in STRONG):
        return False
    return (name.info.population >= TOWN and len(name.info.countries) <= AMBIGUOUS) or _only_at_home(name, about, words)


@lru_cache(maxsize=1)
def _personal() -> frozenset[str]:
    """Given names, surnames and titles."""
    return frozenset(cues("given") | word_list("given").keys() | word_list("surname").keys() | cues("title"))


def _only_at_home(name: Name, about: Setting, words: Sequence[str]) -> bool:
    """A place, however small, whose name is borne in a main country of the report only."""
    if not (name.info.own and len(name.info.countries) == 1 and name.info.countries & about.main):
        return False
    if name.info.kinds <= {"populated", "admin"} and has_article(about.scene.tokens, name.first, name.last):
        return False
    following = about.scene.tokens[name.last].text if name.last < len(about.scene.tokens) else ""
    code = all(word.isupper() for word in words) and not about.shouting and lead_of(name, about) != "dateline"
    return not code and following not in {"of", "-"} and following.lower() not in cues("speech_verbs")


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
    if about.tags is not None and len(words) > 1 and name.info.kinds <= _LANDSCAPES:
        return 0.55
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


def _mention(
    document: Document, found: Sequence[Token], first: int, last: int, *, kind: Kind, score: float, made_by: str = "gazetteer"
) -> Mention:
    start, end = found[first].start, found[last - 1].end
    return Mention(
        document_id=document.id, start=start, end=end, text=document.text[start:end], kind=kind, recogniser=made_by, score=round(score, 3)
    )


def _unknown(document: Document, about: Setting, taken: set[int]) -> Iterator[Mention]:
    """Names that no gazetteer row bears, where the words around or in them leave no doubt that they are places."""
    read = about.scene
    for run in read.runs:
        first, last = run.first, run.last
        while first < last and read.tokens[first].lower == "the":
            first += 1
        if first >= last or not taken.isdisjoint(range(first, last)) or read.label(first, last) != "plain" or last - first > 5:
            continue
        words = [read.tokens[p].text for p in range(first, last) if read.tokens[p].word]
        if not words or _ordinary(words) or read.tokens[first].first or _denied(about, first, last):
            continue
        kind = asked_kind(read.tokens, first, last)
        generic = kind in {"base", "water", "region"} and len(words) > 1
        if kind is not None and (generic or (kind in {"populated", "admin"} and _strong(read.tokens, first, last))):
            yield _mention(document, read.tokens, first, last, kind=kind, score=0.6, made_by="cue")
        elif kind is None and len(words) <= 3 and _located(read.tokens, first, last, words):
            yield _mention(document, read.tokens, first, last, kind="populated", score=0.5, made_by="cue")


def _denied(about: Setting, first: int, last: int) -> bool:
    """Whether the tagger does not think so: the words are no name of a place to it."""
    return about.tags is not None and about.tags.span(first, last) < DOUBTED


def _respelt(document: Document, about: Setting, taken: set[int], gazetteer: Gazetteer) -> Iterator[Mention]:
    """Names that the gazetteer spells otherwise (Khan Sheikhoun), in a country of the report, where a place is expected."""
    read = about.scene
    for run in read.runs:
        first, last = run.first, run.last
        words = [read.tokens[p].text for p in range(first, last) if read.tokens[p].word]
        if not first or not taken.isdisjoint(range(first, last)) or not 1 <= len(words) <= 4 or _ordinary(words):
            continue
        if _denied(about, first, last):
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

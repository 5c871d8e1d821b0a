"""What speaks for and against reading some words as a place: the features of one name in one report.

Each feature is a short text; data/name_weights.csv gives its weight, fitted by scripts/fit_names.py on the development corpora.
"""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from geo.demonyms import demonyms
from geo.names import fold
from geo.runs import Scene
from geo.tokens import Token, cues, word_list

if TYPE_CHECKING:
    from geo.gazetteer import NameInfo
    from geo.tagger import Tags

__all__ = ["STRONG", "Name", "Setting", "add_tags", "features", "lead_of", "setting", "size_of"]


@dataclass(frozen=True, slots=True)
class Name:
    """Tokens `first` to `last` (exclusive) of a document that spell a name of the gazetteer."""

    first: int
    last: int
    key: str
    info: NameInfo


@dataclass(slots=True)
class Setting:
    """What the whole document says about its names: how often, after which words, and which countries it is about."""

    scene: Scene
    spans: dict[tuple[int, int], Name]
    leads: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    persons: Counter[str] = field(default_factory=Counter)
    starts: dict[int, list[Name]] = field(default_factory=lambda: defaultdict(list))
    countries: frozenset[str] = frozenset()
    main: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    shouting: bool = False
    tags: Tags | None = None
    tagged: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


HEADS = frozenset("city town village province district suburb capital region county state neighborhood".split())
STRONG = frozenset({"loc", "cue", "comma", "dateline"})
MAIN = 0.25  # share of the mentions of the country named most from which another is a country of the report; swept from .1 to .5
OLDEST = 110  # years: "Mather, 22," is a person


def setting(scene: Scene, names: Sequence[Name], *, home: Mapping[str, int] = MappingProxyType({})) -> Setting:
    """Gather what a document says about all of its names; `home` are countries that it names otherwise ("Syrian"), with their counts."""
    made = Setting(scene, {(name.first, name.last): name for name in names})
    for name in names:
        made.starts[name.first].append(name)
    for name in names:
        made.leads[name.key][lead_of(name, made)] += 1
        if scene.label(name.first, name.last) == "person":
            made.persons[name.key] += 1
    certain = [name for name in names if name.info.kinds & {"country", "admin"} and _certain(name)]
    votes = Counter(country for name in certain for country in name.info.countries) + Counter(home)
    made.countries = frozenset(votes)
    made.main = frozenset(land for land, count in votes.items() if count >= MAIN * max(votes.values()))
    made.people = frozenset(_people(made))
    capital = sum(token.text.isupper() and len(token.text) > 3 for token in scene.tokens)
    made.shouting = capital > len(scene.tokens) / 3
    return made


def add_tags(about: Setting, tags: Tags, names: Sequence[Name]) -> None:
    """Let a setting know what the neural tagger says; `names` are those of the gazetteer and those that the tagger adds."""
    about.tags = tags
    for name in names:
        about.tagged[name.key].append(tags.span(name.first, name.last))
        if (name.first, name.last) not in about.spans:
            about.leads[name.key][lead_of(name, about)] += 1


def _people(about: Setting) -> Iterator[str]:
    """Words that the document shows to be persons: "Mevlut Mert Altintas", "said Walsh", "Mather, 22,"."""
    found = about.scene.tokens
    for run in about.scene.runs:
        words = [found[p].text for p in range(run.first, run.last)]
        known = any((first, run.last) in about.spans for first in range(run.first, run.last - 1))
        if 2 <= len(words) <= 4 and not known and all(_could_be_name(word) for word in words):
            yield words[-1]
            if len(words) == 2 and words[-1] in word_list("surname"):
                yield words[0]
        if len(words) == 1 and _could_be_name(words[0]) and _speaks(found, run.first):
            yield words[0]


def _could_be_name(word: str) -> bool:
    generic = cues("head_org") | cues("head_water") | cues("head_region") | cues("head_base") | cues("head_street") | cues("never")
    plain = word[:1].isupper() and not word.isupper() and word not in generic and fold(word) not in demonyms()
    return plain and word.lower() not in word_list("common") and word.lower() not in cues("locative") | cues("head_admin") | HEADS


def _speaks(found: Sequence[Token], at: int) -> bool:
    """Whether the one-word name at this token is somebody with a voice or an age."""
    before, after = found[at - 1].lower if at else "", [token.lower for token in found[at + 1 : at + 4]]
    aged = len(after) == 3 and after[0] == after[2] == "," and after[1].isdigit() and int(after[1]) < OLDEST
    spoke = before == "said" and not found[at + 1 : at + 2][0].word if at + 1 < len(found) else False
    return aged or spoke or after[:2] == [",", "who"] or after[:1] in (["told"], ["added"])


def features(name: Name, about: Setting) -> Iterator[str]:
    """Yield the features of one name in its document."""
    found = about.scene.tokens
    size, lead, tail = size_of(name.info), lead_of(name, about), _tail(about, name)
    run, label = about.scene.run_of.get(name.first), about.scene.label(name.first, name.last)
    words = [found[p].text for p in range(name.first, name.last) if found[p].word]
    length = "1" if len(words) == 1 else "2" if len(words) == 2 else "3"
    yield from ("bias", f"size:{size}", f"lead:{lead}", f"tail:{tail}", f"label:{label}", f"length:{length}")
    yield f"size:{size}|lead:{lead}"
    yield f"size:{size}|length:{length}"
    yield f"label:{label}|size:{size}"
    yield f"length:{length}|lead:{lead}"
    yield f"tail:{tail}|lead:{lead}"
    yield f"place:{_place_in_run(about, name, (run.first, run.last) if run else (name.first, name.last))}|{label}"
    yield f"many:{min(4, name.info.count.bit_length())}"
    word = _word_class(words)
    yield f"word:{word}"
    yield f"word:{word}|lead:{lead}"
    yield f"word:{word}|size:{size}"
    yield f"case:{_case(words, about.shouting)}"
    if found[name.first].first:
        yield f"first|word:{word}"
        yield f"first|size:{size}"
    yield from _document(name, about, lead, size, words)
    if about.tags is not None:
        yield from _tagged(name, about, about.tags, size, length)


def _tagged(name: Name, about: Setting, tags: Tags, size: str, length: str) -> Iterator[str]:
    """What the neural tagger says of the words, here and where the report names them again."""
    chance = tags.span(name.first, name.last)
    step, entity = _step(chance), tags.entity(name.first, name.last)
    yield from (f"tag:{step}", f"tag:{step}|size:{size}", f"tag:{step}|length:{length}", f"entity:{entity}", f"entity:{entity}|size:{size}")
    yield f"tag:{step}|entity:{entity}"
    yield f"tag:{step}|lead:{lead_of(name, about)}"
    yield f"tag:{step}|label:{about.scene.label(name.first, name.last)}"
    others = about.tagged[name.key]
    if len(others) > 1:
        yield f"tag:{step}|elsewhere:{_step((sum(others) - chance) / (len(others) - 1), _COARSE)}"
    within = float(tags.names[name.first : name.last, 1:].sum(axis=1).mean())
    yield f"tag within:{_step(within, _COARSE)}|tag:{_step(chance, _COARSE)}"


# Where the steps of a probability begin: even in its logarithm of odds.
_STEPS = (0.003, 0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97, 0.99, 0.997)
_COARSE = (0.02, 0.2, 0.5, 0.8, 0.98)


def _step(chance: float, steps: Sequence[float] = _STEPS) -> str:
    return str(bisect.bisect(steps, chance))


def _document(name: Name, about: Setting, lead: str, size: str, words: Sequence[str]) -> Iterator[str]:
    others = about.leads[name.key].copy()
    others[lead] -= 1
    supported = any(others[kind] > 0 for kind in STRONG)
    yield f"elsewhere:{'strong' if supported else 'weak' if others.total() else 'none'}"
    yield f"elsewhere:{'strong' if supported else 'weak' if others.total() else 'none'}|size:{size}"
    if about.persons[name.key]:
        yield f"person elsewhere|strong:{supported}"
    if words[-1] in about.scene.surnames and len(words) == 1:
        yield f"surname here|strong:{lead in STRONG}"
    if len(words) == 1 and words[0] in about.people:
        yield f"person here|strong:{lead in STRONG}"
        yield f"person here|size:{size}"
    if not name.info.kinds & {"country"}:
        at_home = bool(name.info.countries & about.countries)
        yield f"home:{at_home}"
        yield f"home:{at_home}|size:{size}"


def size_of(info: NameInfo) -> str:
    """Return the kind and size class of the places of a name, as one word: "country", "admin50k", "500"."""
    kinds = info.kinds
    if not kinds:
        return "unknown"
    for kind in ("country", "water", "region", "base", "road"):
        if kind in kinds:
            return kind
    population = info.population
    steps = ((500, "0"), (5_000, "500"), (50_000, "5k"), (500_000, "50k"))
    step = next((word for limit, word in steps if population < limit), "500k")
    return ("admin" if "admin" in kinds else "") + step


def _certain(name: Name) -> bool:
    return len(name.info.countries) <= 2 and size_of(name.info) in {"country", "admin500k", "admin50k", "500k"}


def lead_of(name: Name, about: Setting) -> str:
    """Return what stands before a name, as one word."""
    found, at = about.scene.tokens, name.first
    if at == 0 or found[at - 1].sentence != found[at].sentence:
        return "dateline" if _is_dateline(found, name.last) else "start"
    previous = found[at - 1]
    if previous.text == "the" or previous.text == "The":
        before = found[at - 2].lower if at >= 2 else ""
        return "loc the" if before in cues("locative") else "the"
    if previous.text == "of" and at >= 2:
        return "cue" if found[at - 2].lower in cues("head_populated") | cues("head_admin") else "of"
    return _lead_word(found, about, at, previous)


def _lead_word(found: Sequence[Token], about: Setting, at: int, previous: Token) -> str:
    if previous.text in cues("title") or (previous.text == "." and at >= 2 and found[at - 2].text in cues("title")):
        return "title"
    if previous.lower in cues("locative"):
        return "loc" if previous.lower in {"in", "at", "near", "from", "into"} else "loc2"
    if previous.lower in HEADS:
        return "cue"
    listed = _listed_lead(about, at) if previous.text in {",", "and"} else ""
    if listed:
        return listed
    if previous.text == ",":
        return "comma" if any(end == at - 1 for begin, end in _ending(about, at - 1)) else "after comma"
    if previous.lower in cues("directional"):
        return previous.lower if previous.lower in {"to", "and", "by", "for", "with"} else "dir"
    if previous.capital:
        return "given" if previous.text in cues("given") or previous.text in word_list("given") else "capital"
    if previous.lower in cues("object_verbs"):
        return "object"
    if previous.text in "-–":
        return "dash"
    if previous.text in "\"“‘(":
        return "quote"
    return "start" if found[at].first else "other"


def _listed_lead(about: Setting, at: int) -> str:
    """In a list ("in Sarmin, Marea and X"), what stands before the first of its names; empty outside a list."""
    found, steps = about.scene.tokens, 0
    while steps < 5 and at >= 2 and found[at - 1].text in {",", "and"}:
        run = about.scene.run_of.get(at - 2 if found[at - 2].text != "," else at - 3)
        if run is None or found[run.first].sentence != found[at].sentence or about.scene.label(run.first, run.last) == "person":
            return ""
        at, steps = run.first, steps + 1
    before = found[at - 1].lower if at else ""
    if not steps:
        return ""
    if before in {"in", "at", "near", "from", "into"}:
        return "loc"
    return "of" if before in {"of", "between"} else "object" if before in cues("object_verbs") else ""


def _ending(about: Setting, at: int) -> Iterable[tuple[int, int]]:
    return ((begin, at) for begin in range(max(0, at - 4), at) if (begin, at) in about.spans)


def _tail(about: Setting, name: Name) -> str:
    """What follows a name, as one word."""
    found, at = about.scene.tokens, name.last
    if at >= len(found) or found[at].sentence != found[name.first].sentence:
        return "end"
    following = found[at]
    if following.text == "'s" or following.text == "’s":
        return "owner"
    if following.text == ",":
        after = about.starts.get(at + 1, [])
        return "in country" if any(n.info.kinds & {"country", "admin"} for n in after) else "comma"
    if following.text == "." and at + 1 < len(found) and found[at + 1].sentence == found[at].sentence:
        return "initial"
    if following.lower in cues("head_admin") | cues("head_populated"):
        return "head"
    if following.text in cues("head_org"):
        return "organisation"
    if following.text in cues("head_street"):
        return "street"
    if following.capital:
        return "surname" if following.text in word_list("surname") or following.text in cues("given") else "capital"
    if following.text in "-–":
        return "dash"
    if following.lower in cues("speech_verbs"):
        return "speech"
    return "sign" if not following.word else "word"


def _is_dateline(found: Sequence[Token], at: int) -> bool:
    window = found[at : at + 8]
    for position, token in enumerate(window):
        if token.text in {"—", "–", "--"} or (token.text == "-" and position + 1 < len(window) and token.end < window[position + 1].start):
            return True
        if token.text == "(" and position + 1 < len(window) and window[position + 1].text in cues("dateline_agency"):
            return True
        if token.word and not token.capital:
            return False
    return False


def _place_in_run(about: Setting, name: Name, run: tuple[int, int]) -> str:
    first, last = run
    if name.first <= first and name.last >= last:
        return "whole"
    if name.first <= first:
        following = about.scene.tokens[name.last].text
        return "front of" if following in {"of", "and"} else "front"
    before = about.scene.tokens[name.first - 1].lower
    end = "end" if name.last >= last else "middle"
    return f"{end} {before}" if before in {"of", "and", "in", "-"} else end


def _word_class(words: Sequence[str]) -> str:
    if len(words) > 1:
        known = all(word.lower() in word_list("common") or word in cues("never") for word in words)
        return "all common" if known else "several"
    word = words[0]
    if word in cues("never"):
        return "never"
    if word.lower() in word_list("common"):
        return "common" if word_list("common")[word.lower()] >= 10 else "rarely common"
    if word in cues("given") or word in word_list("given"):
        return "given"
    if word in word_list("surname"):
        return "surname"
    return "short" if len(word) <= 3 else "plain"


def _case(words: Sequence[str], shouting: bool) -> str:
    if all(word.isupper() for word in words) and len(words[0]) > 1:
        dotted = "." in words[0]
        return "dotted" if dotted else "shouting" if shouting else "short capitals" if len(words[0]) <= 3 else "capitals"
    return "title"

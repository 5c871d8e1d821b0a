"""Where an act happens, by the tree of its sentence: its object, its subject, or the place behind it, with all that is joined to it.

A noun that names no place gives none ("captured a helicopter"); a site without a name ("the last outpost on the ridge") and a name that no
gazetteer knows are kept without a shape. `None` means that the tree does not tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from geo import roles
from geo.clauses import Unit, is_bearing, linked
from geo.cued import Cued
from geo.parties import FIGHTERS, THEIR_STATE
from geo.placed import AT_A_SITE, UNKNOWN, UNPLACED, Placed, each_of, joined, partly
from geo.syntax import TIMES, Tree
from geo.where import Described, Named, Until

__all__ = ["EVENTS", "antecedent", "located_by_tree", "places_by_tree"]

TITLES = frozenset(
    """
    mr mrs ms dr president general gen colonel col major maj captain capt lieutenant lt admiral adm marshal minister premier king
    queen prince sheikh sheik mullah imam bishop pope senator governor mayor commander sergeant sgt brigadier comrade ayatollah
    chairman chancellor
    """.split()
)
"""Words before a person's name."""
EVENTS = frozenset({"advance", "contest", "hit", "siege", "repel", "meeting", "presence"})
TAKEN = frozenset({"hold", "siege", "withdrawal", "advance", "gain", "weak gain", "handover", "presence"})
"""Classes of acts of which only a place can be the object, so that an unknown name there is one."""
TOWARDS = ("to", "into", "onto", "on to", "toward", "towards", "up to", "on")
BUILT = frozenset(
    "base bases airport airfield port ports bridge bridges crossing crossings dam plant oilfield oilfields camp airbase hill hills heights "
    "ridge ridges positions gates junction crossroads".split()
)
"""Nouns of places that are a part of the town at which they lie."""
SAME_NAME = 0.95  # similarity of a name that only a claim sees: the name itself or another of the same place
LOOKED_UP = "The place was found by its name and the land of the report alone."
SPREAD = re.compile(r"spread|extend|shift|reach|engulf|report|hear", re.IGNORECASE)
"""Verbs behind which "from" and "to" name where fighting is."""
LIST_HEAD = re.compile(
    r"\s*(?:the\s+)?(?:\w+\s+){0,3}(?:roads?|highways?|motorways?|towns|cities|villages|provinces|districts|areas|regions|bases|"
    r"routes)\s*:\s*",
    re.IGNORECASE,
)


def places_by_tree(s: Cued, slot: str) -> tuple[Placed, ...] | None:
    """Return the places that the tree of the sentence gives a slot; None where it does not tell."""
    tree, top = s.tree, s.top
    if tree is None or top is None or slot not in ("object", "subject", "hit", "any", "below"):
        return None
    if slot == "below":
        return _below(s, tree, top)
    if LIST_HEAD.match(s.document.reading, s.end, s.offset + len(s.text)):
        return None
    if slot == "any":
        slot = "object" if roles.complements(s, tree) else "subject"
    noun = _noun(s, tree, top, slot)
    if noun is None:
        if slot in ("object", "hit") and s.match.cue.family == "withdrawal" and not tree.is_passive(top):
            return _left_behind(s)
        return (located_by_tree(s) or None) if slot != "subject" and s.match.cue.family in EVENTS else None
    if tree.low(noun) in ("it", "which", "that", "them", "there"):
        return None if slot == "subject" or tree.low(noun) != "it" else antecedent(s) or None
    found = _listed(s, tree, noun, slot)
    if not found and s.match.cue.family == "siege" and tree.low(noun) in FIGHTERS | THEIR_STATE:
        found = located_by_tree(s)  # "the garrison was surrounded at"
    if not found and s.match.cue.family == "withdrawal" and tree.low(noun) in ("garrison", "garrisons"):
        found = (Placed(where=None, limits=(UNPLACED,), span=roles.site_span(tree, noun)),)
    if not found and (slot == "hit" or s.match.cue.family in EVENTS - {"siege", "repel"}):
        found = located_by_tree(s)
    if not found and slot == "hit":
        origins = [child for child in tree.kin(top, "obl") if tree.case(child) == "from"]
        named = (child for child in origins if tree.words[child].tag == "NNP")  # "fired from Tyre at Haifa"
        hit = [each for child in named for each in tree.kin(child, "nmod") if tree.case(each) in ("at", "on")]
        found = _named(s, [each for child in hit or origins for each in roles.names_in(s, tree, child)])
    unsure = (slot == "subject" and s.match.cue.actor == "inside") or (slot in ("object", "hit") and tree.is_relation(top, "acl:relcl"))
    return _with_rest(s, tree, found) or (None if unsure else ())


def located_by_tree(s: Cued) -> tuple[Placed, ...]:
    """Return where an event happens: the first place behind it, else before it, with those joined to it; an unnamed site only if near."""
    tree, top = s.tree, s.top
    if tree is None or top is None:
        return ()
    nouns = [noun for noun in roles.locations(s, tree, top) if _may_be_place(tree, noun)]
    if s.match.cue.family == "contest" and SPREAD.match(tree.low(tree.words[top].head)) is not None:
        nouns = [child for child in tree.kin(tree.words[top].head, "obl") if tree.case(child) in ("from", "to")] + nouns
        named = [each for noun in nouns for one in _joined_to(tree, noun) for each in roles.names_in(s, tree, one, joined=False)]
        return _named(s, list(dict.fromkeys(named)))
    for noun in nouns:
        beside = [each for each in nouns if tree.words[each].head == tree.words[noun].head and tree.kin(each, "cc")]  # "at A and near B"
        listed = [*_joined_to(tree, noun), *(each for each in beside if each > noun)]
        found = _named(s, [each for one in listed for each in roles.names_in(s, tree, one, joined=False)])
        if found:
            return found + tuple(place for one in _joined_to(tree, noun)[1:] for place in _site(s, tree, one))
    return next((found for noun in nouns[:2] if (found := _site(s, tree, noun) or _unknown(s, tree, noun))), ())


def antecedent(s: Cued) -> tuple[Placed, ...]:
    """Return the place that "it" behind the act means: the one named before."""
    if not re.match(r"\s+it\b", s.between(s.end, s.end + 4)):
        return ()
    before = [unit for unit in s.left() if unit.where is not None]
    where = before[0].where if before else s.last_place
    span = (before[0].start, before[0].end) if before else None
    return (Placed(where=where, limits=("The text says “it”; the place is the one named before.",), span=span),) if where else ()


def _noun(s: Cued, tree: Tree, top: int, slot: str) -> int | None:
    """The noun of the tree that stands in a slot."""
    if slot == "subject":
        return roles.patient(s, tree, top)
    if slot == "object" and s.match.cue.actor == "before" and tree.kin(top, "nsubj"):
        return tree.kin(top, "nsubj")[0]  # "Svatove is still Russian-held"
    if slot == "object" and s.match.cue.actor == "before" and tree.is_relation(top, "amod", "acl"):
        return tree.words[top].head  # "government-controlled Avdiivka"
    objects = [child for child in tree.kin(top, "obj") if tree.low(child) not in TIMES and not roles.BEARING.fullmatch(tree.low(child))]
    if s.match.cue.family == "advance" and not objects:
        ahead = [child for child in tree.kin(top, "obl", "nmod") if tree.case(child) in TOWARDS and _may_be_place(tree, child)]
        if ahead:
            return ahead[0]
    found = next(iter(roles.complements(s, tree) or ()), None)
    if slot == "object" and s.match.cue.family == "withdrawal" and not tree.is_passive(top):
        return _place_left(tree, top, found)
    return found


def _place_left(tree: Tree, top: int, found: int | None) -> int | None:
    """What is left, where the verb's object is nothing or those who leave ("withdrew overnight from X", "withdrew its troops from X")."""
    if found is not None and tree.low(found) not in FIGHTERS | THEIR_STATE:
        return found
    beside = [*(tree.kin(found, "nmod") if found is not None else ()), *tree.kin(top, "obl")]
    left = (child for child in beside if tree.case(child) in ("from", "out of") and _may_be_place(tree, child))
    return next(left, found)


def _with_rest(s: Cued, tree: Tree, found: tuple[Placed, ...]) -> tuple[Placed, ...]:
    """Places with the names listed beside them that the tree or the recogniser lost ("Salif, Ras Isa and Hodeidah")."""
    if s.match.cue.family == "presence":
        return found
    more = list(found)
    for place in found:
        for unit_or_span in _rest_of_list(s, tree, place.span):
            known = next((unit for unit in s.units if unit.where is not None and unit.start <= unit_or_span[0] < unit.end), None)
            where = partly(s, known).where if known is not None else _looked_up(s, s.between(*unit_or_span))
            span = (known.start, known.end) if known is not None else unit_or_span
            if all(span[1] <= each.span[0] or each.span[1] <= span[0] for each in more if each.span is not None):
                more.append(Placed(where=where, limits=() if known else (LOOKED_UP if where else UNKNOWN,), span=span))
    return tuple(more)


def _rest_of_list(s: Cued, tree: Tree, span: tuple[int, int] | None) -> list[tuple[int, int]]:
    """Where the names that follow a place in its list stand: ", A and B"; nothing where no "and" closes the list."""
    at = next((number for number, word in enumerate(tree.words) if span is not None and word.start >= span[1]), len(tree.words))
    names: list[tuple[int, int]] = []
    closed = False
    while at < len(tree.words) and not closed:
        begin = at
        while at < len(tree.words) and tree.low(at) in (",", "and", "or", "the"):
            closed = closed or tree.low(at) in ("and", "or")
            at += 1
        first = at
        while at < len(tree.words) and tree.words[at].tag in ("NNP", "NNPS") and tree.low(at) not in TIMES:
            at += 1
        if at == first or begin == first or not _is_item(s, tree, first):
            return names if closed and at == first and names else []
        names.append((tree.words[first].start, tree.words[at - 1].end))
    return names if closed else []


def _is_item(s: Cued, tree: Tree, first: int) -> bool:
    """Whether a name goes on a list: it is no subject of its own and no party."""
    word = tree.words[first]
    party = any(unit.actor is not None and unit.where is None and unit.start <= word.start < unit.end for unit in s.units)
    return not party and not tree.is_relation(first, "nsubj", "root", "parataxis")


def _may_be_place(tree: Tree, noun: int) -> bool:
    return tree.low(noun) not in TIMES and tree.words[noun].tag != "CD"


def _listed(s: Cued, tree: Tree, noun: int, slot: str) -> tuple[Placed, ...]:
    """The places that a noun and those joined to it are, each by its name, else as a site without one."""
    nouns = _joined_to(tree, noun)
    if s.match.cue.family == "presence":  # "an air base in Hmeimim and a naval base on the coast": each base has its own cue
        nouns = [each for each in nouns if each == noun or tree.words[each].tag.startswith("NNP")]
    units = [each for one in nouns for each in roles.names_in(s, tree, one, joined=False)]
    if any(isinstance(unit.where, Until) for unit, _ in units[1:]):
        return joined([unit for unit, _ in units])
    found: list[Placed] = []
    for one in nouns:
        names = roles.names_in(s, tree, one, joined=False)
        if not names and tree.is_relation(one, "appos"):
            names = roles.names_in(s, tree, tree.words[one].head, joined=False)
        places = _at_site(s, tree, one, names) or _named(s, names, alone=len(nouns) > 1 or s.match.cue.family == "presence")
        if not places and slot == "hit":
            near = [each for child in roles.located(tree, one) + roles.located(tree, _top_of(s)) for each in roles.names_in(s, tree, child)]
            places = _named(s, near)[:1]
        if not places and roles.sites(tree, one):  # "stormed the army post at X", where the tree hangs X on the verb
            near = [each for child in roles.located(tree, _top_of(s)) for each in roles.names_in(s, tree, child)]
            places = _at_site(s, tree, one, near[:1])
        found += places or _site(s, tree, one) or _unknown(s, tree, one)
    return tuple(dict.fromkeys(found))


def _at_site(s: Cued, tree: Tree, noun: int, names: Sequence[tuple[Unit, int]]) -> tuple[Placed, ...]:
    """A site without a name at a place that has one ("the army post at Inates"): somewhere there, and not the place."""
    if s.match.cue.family in EVENTS or not names or tree.low(noun) not in roles.SITES | BUILT:
        return ()
    unit, holder = names[0]
    if holder == noun or unit.where is None or tree.case(holder) not in ("at", "in", "near", "outside", "on", "along", "inside", "around"):
        return ()
    where = unit.where.near if isinstance(unit.where, Described) and not isinstance(unit.where.near, str) else unit.where
    return (Placed(where=Described("place", where), limits=(AT_A_SITE,), span=(unit.start, unit.end)),)


def _top_of(s: Cued) -> int:
    """The word of the cue that governs its others; the sentence has a tree."""
    assert s.top is not None
    return s.top


def _joined_to(tree: Tree, noun: int) -> list[int]:
    """A noun and those joined to it by "and" or commas, however deep the tree hangs them."""
    found = [noun]
    for child in tree.kin(noun, "conj"):
        found += [each for each in _joined_to(tree, child) if each not in found]
    return found


def _named(s: Cued, named: Sequence[tuple[Unit, int]], *, alone: bool = False) -> tuple[Placed, ...]:
    """Places with what their nouns say of them: "several villages in X" is a part of X; what is listed beside them belongs to them."""
    units = [unit for unit, _ in named]
    if units and units[-1].where is not None and not alone:
        listed = linked(s.document, units[-1], s.units)
        units += [unit for unit in listed if unit not in units and not _renames(s, unit) and _is_listed(s, units[-1], unit)]
    units = [unit for number, unit in enumerate(units) if number == 0 or not is_bearing(s.document, unit)]
    if len(units) > 1 and any(isinstance(unit.where, Until) for unit in units[1:]):
        return joined(units)
    return tuple(place for unit in dict.fromkeys(units) for place in each_of(partly(s, unit)))


def _is_listed(s: Cued, first: Unit, unit: Unit) -> bool:
    """Whether a place is one more of a list, and no word on where the one before lies ("Lyman, in the north of the region")."""
    gap = s.between(first.end, unit.start)
    return re.search(r"\b(?:and|or|plus|including|well as|with)\b|&", gap) is not None or re.search(r",\s*(?:the\s+)?$", gap) is not None


def _renames(s: Cued, unit: Unit) -> bool:
    """Whether a place only says again what the one before it is ("Sinja, the capital of Sennar State")."""
    assert s.tree is not None
    top = s.tree.top(unit.start, unit.end)
    while top is not None and top >= 0 and s.tree.is_relation(top, "nmod", "compound", "flat"):
        top = s.tree.words[top].head
    return top is not None and top >= 0 and s.tree.is_relation(top, "appos")


def _site(s: Cued, tree: Tree, noun: int) -> tuple[Placed, ...]:
    """A site that has no name of its own ("the last outpost on the ridge")."""
    found = [each for each in roles.sites(tree, noun) if tree.low(each) not in TIMES]
    return tuple(Placed(where=None, limits=(UNPLACED,), span=roles.site_span(tree, each)) for each in found)


def _unknown(s: Cued, tree: Tree, noun: int) -> tuple[Placed, ...]:
    """A name that nothing knows, where only a place can stand ("still holds Stari Vitez")."""
    word = tree.words[noun]
    if word.tag != "NNP" or tree.low(noun) in TIMES or s.match.cue.family not in TAKEN | EVENTS:
        return ()
    parts = tree.kin(noun, "flat", "compound", "nmod:desc")
    titled = any(tree.low(part).rstrip(".") in TITLES for part in parts) or (s.match.cue.family == "gain" and bool(parts))
    party = any(unit.actor is not None and unit.start < word.end and word.start < unit.end for unit in s.units)
    if titled or party:
        return ()
    span = roles.site_span(tree, noun)
    where = _looked_up(s, s.between(*span))
    return (Placed(where=where, limits=(LOOKED_UP if where else UNKNOWN,), span=span),)


def _looked_up(s: Cued, name: str) -> Named | None:
    """A town or district of that very name in the land of the report."""
    for country in s.countries[:1] if s.gazetteer is not None else ():
        assert s.gazetteer is not None
        hits = s.gazetteer.search(name, country=country, kinds=("populated", "admin"), limit=1)
        if hits and hits[0].match != "fuzzy" and hits[0].similarity >= SAME_NAME:
            return Named(hits[0].feature.id)
    return None


def _left_behind(s: Cued) -> tuple[Placed, ...]:
    """The place that somebody leaves where the verb does not repeat it: the one named before ("took Uvira and withdrew")."""
    limits = ("The place is the one named before.",)
    before = [unit for unit in s.left() if unit.where is not None]
    if before:
        return (Placed(where=before[0].where, limits=limits, span=(before[0].start, before[0].end)),)
    return (Placed(where=s.last_place, limits=limits),) if s.last_place is not None else ()


def _below(s: Cued, tree: Tree, top: int) -> tuple[Placed, ...]:
    """The first place that what is proposed or demanded names, with those joined to it."""
    under = set(tree.below(top))
    for unit in s.units:
        inside = tree.within(unit.start, unit.end)
        direct = any(tree.words[word].head == top and tree.is_relation(word, "obj") for word in inside)  # "has proposed Geneva"
        if (unit.where is not None or unit.unplaced) and unit.start >= s.end and inside and under & set(inside) and not direct:
            return _named(s, [(unit, inside[0])])
    return ()

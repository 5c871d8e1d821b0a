"""Who does it, to whom, where: the names that stand in the grammatical roles of an act.

Where the tree of the sentence says which noun is the subject, the agent, the object or the place of a verb or noun, the name in that noun's
own words fills the slot; a noun that names no place ("captured a helicopter") fills it with nothing. `None` means that the tree does not
tell.
"""

from __future__ import annotations

import re
from dataclasses import replace

from geo.clauses import PLACE_NOUNS, Unit
from geo.cued import Cued
from geo.syntax import TIMES, Tree

__all__ = [
    "Noun",
    "agent_noun",
    "complements",
    "is_site",
    "located",
    "locations",
    "name_in",
    "names_in",
    "owner_noun",
    "patient",
    "receiver",
    "site_span",
    "sites",
    "subject_noun",
]

LOCATIVE = frozenset(
    """
    in at near around on outside inside along across over toward towards into onto from off through between beside within against
    throughout by under
    """.split()
)
EVENT_LOCATIVE = LOCATIVE - {"from", "between", "against", "by", "under"}
OF = ("of", "'s", "\u2019s")
OWNING = frozenset({"of", "from"})
LOYAL = frozenset("loyal allied aligned belonging linked affiliated answering subordinate led commanded".split())
LIGHT = re.compile(
    r"launch|beg[aiu]n|start|conduct|carr|mount|stag|intensif|resum|continu|press|wag|mak|made|open|laun|execut|perform|undert|t[ao]k|"
    r"order|plan|prepar|step|lay|laid|impos|maintain|keep|kept|set|complet|tighten|announc|repel|repuls|halt|stop|us|direct|lead|led|"
    r"ha[sdv]|claim|fight|fought|kill|caus|oversee|oversaw|support|join",
    re.IGNORECASE,
)
"""Verbs whose subject does what their object names ("launched an offensive"): general knowledge of English."""
BACKER = re.compile(
    r"-(?:backed|led|supported|aligned|allied|trained|armed|funded|sponsored|held|controlled|occupied|ruled|administered|dominated|run|"
    r"made)"
)
QUANTITY = frozenset("dozens hundreds thousands scores number handful couple pair string series lot bulk rest remainder".split())
SITES = frozenset(
    """
    parallel waterway frontier causeway strait straits channel sound isthmus isle isles atoll spit canal
    resort resorts capitals suburb junction landing strip
    outpost outposts post posts headquarters compound compounds airstrip airstrips barracks checkpoint checkpoints hospital
    hospitals school schools market markets church mosque monastery temple factory factories mine mines refinery depot depots
    warehouse warehouses palace ministry station stations stadium square building buildings farm farms bridgehead fort fortress
    plateau pass passes canyon gorge ford ferry jetty harbour harbor beach beaches beachhead runway perimeter line lines trench
    trenches bunker bunkers pipeline terminal plants university prison embassy consulate tower hotel villages hamlet reserve
    reserves park forest woods wood desert plain plains steppe swamp marsh marshes delta estuary inlet shore route routes track
    tracks railway rail motorway tunnel tunnels crossroads roundabout rear flank salient bulge sector sectors zone zones community
    communities municipality municipalities townships township commune communes locality ward wards block blocks hilltop hilltops
    summit peak saddle spur knoll cliff facility facilities complex workshop workshops laboratory silo silos oasis wells entrance
    entrances gateway mouth pockets site sites position positions office offices belt strip shoreline shores bank yard yards gate
    gates camp camps quarter cemetery substation
    """.split()
)
"""Nouns that name a site on the ground, besides those in `PLACE_NOUNS`: general knowledge of English."""
NO_SITE = frozenset(
    """
    north south east west northeast northwest southeast southwest
    control most much all some rest half whole majority entirety lot part parts siege state states field fields
    """.split()
)
BEARING = re.compile(r"(?:north|south)(?:-?(?:east|west))?(?:wards?)?|(?:east|west)(?:wards?)?", re.IGNORECASE)
LEADING = (["to"], ["from"], ["toward"], ["towards"], ["with"], ["by"], ["for"])
"""Prepositions behind which a place is not where its noun is ("the road to Kigali")."""
DEPTH = 4  # how many nouns deep a name may stand in another ("the eastern part of the old town of X")

Noun = int
"""A word of the tree that heads a noun's words."""


def subject_noun(s: Cued, tree: Tree, top: int) -> Noun | None:
    """Return the noun that does what an active verb says, or that owns, launches or wages what a noun says."""
    if tree.is_verb(top) or tree.kin(top, "nsubj", "cop"):
        return tree.subject(top)
    owner = tree.kin(top, "nmod:poss")
    if owner:
        return owner[0]
    if name_in(s, tree, top, own=True):
        return top
    by = tree.agent(top)
    if by is not None:
        return by
    head = tree.words[top].head
    if head >= 0 and tree.is_verb(head) and LIGHT.match(tree.low(head)):
        if tree.is_relation(top, "obj"):
            return tree.subject(head)
        if tree.is_relation(top, "nsubj:pass"):
            return tree.agent(head)
    if head >= 0 and tree.is_relation(top, "xcomp", "obl") and tree.is_verb(head):
        return tree.subject(head)
    return None


def owner_noun(s: Cued, tree: Tree, top: int) -> Noun | None:
    """Return the noun that has a base or post, or whose people stand somewhere: "Russia's base", "the army keeps a battalion at"."""
    if tree.is_verb(top) and not tree.kin(top, "cop"):
        return patient(s, tree, top)
    owner = tree.kin(top, "nmod:poss")
    if owner:
        return owner[0]
    own = name_in(s, tree, top, own=True)
    if own is not None:
        return top
    whose = next((child for child in tree.kin(top, "nmod") if tree.case(child) == "of"), None)
    head = tree.words[top].head
    if head >= 0 and tree.is_verb(head) and not tree.is_relation(top, "nsubj"):
        return tree.subject(head)
    return whose


def agent_noun(tree: Tree, top: int) -> Noun | None:
    """Return the noun behind "by", or the owner, of what a passive verb or a noun says."""
    by = tree.agent(top)
    if by is not None:
        return by
    owner = tree.kin(top, "nmod:poss")
    return owner[0] if owner else None


def receiver(tree: Tree, top: int) -> Noun | None:
    """Return the noun behind "to" that receives what is handed over or falls."""
    return next((child for child in tree.kin(top, "obl", "nmod", "iobj") if tree.case(child).split()[:1] == ["to"]), None)


def patient(s: Cued, tree: Tree, top: int) -> Noun | None:
    """Return the noun to which a verb is done where it stands before it: "Saraqib fell", "was captured", "the town, held by rebels"."""
    if (tree.is_relation(top, "acl") and not tree.is_relation(top, "acl:relcl")) or tree.is_relation(top, "amod"):
        return tree.words[top].head
    if tree.is_verb(top) or tree.kin(top, "nsubj", "cop"):
        return tree.subject(top)
    head = tree.words[top].head
    if head >= 0 and tree.is_relation(top, "obl", "xcomp", "obj") and tree.is_verb(head):  # "fell under rebel control"
        return patient(s, tree, head) if not tree.is_relation(top, "obj") else tree.subject(head)
    if head >= 0 and tree.is_relation(top, "nmod"):  # "towns under army control"
        return head
    return None


def complements(s: Cued, tree: Tree) -> list[Noun] | None:
    """Return the nouns that complete the words of an act: its object, or what stands behind its own preposition; None if there are none."""
    act = set(tree.within(s.start, s.end))
    found = []
    for word in sorted(act):
        for child in tree.children[word]:
            inside = any(each in act for each in tree.kin(child, "case", "mark"))
            plain = tree.is_relation(child, "obj", "ccomp", "xcomp") and tree.words[child].tag[:1] in "NPDCJ"
            inside = inside or (BEARING.fullmatch(tree.low(word)) is not None and tree.case(child) == "of")
            if (
                child not in act
                and tree.low(child) not in TIMES
                and tree.words[child].start >= s.start
                and (plain or (inside and tree.is_relation(child, "obl", "nmod")))
            ):
                found.append(child)
    if not found:  # the tree may hang a noun on the preposition's own verb elsewhere: what directly governs the act's last preposition
        last = max(act, default=-1)
        if (
            last >= 0
            and tree.is_relation(last, "case")
            and tree.words[last].head not in act
            and tree.low(tree.words[last].head) not in TIMES
        ):
            found.append(tree.words[last].head)
    top = s.top
    if not found and top is not None and tree.is_relation(top, "acl:relcl") and tree.kin(top, "nsubj") and not tree.is_passive(top):
        subject = tree.subject(top)
        if subject != tree.words[top].head:  # "the suburbs, which they had besieged"
            found.append(tree.words[top].head)
    return found or None


def locations(s: Cued, tree: Tree, top: int) -> list[Noun]:
    """Return the nouns that say where an act happens, the nearest first: its own, its object's, then those of what governs it."""
    own = located(tree, top)
    for word in tree.kin(top, "obj", "nsubj:pass"):
        own += located(tree, word) + [child for child in tree.kin(word, "nmod", "nmod:poss") if tree.case(child) in OF]
    act = [word for word in tree.within(s.start, s.end) if word != top]
    own += [each for word in act for each in located(tree, word) if each not in own]
    node = top
    for _ in range(DEPTH):
        head = tree.words[node].head
        if any(tree.low(child) == "where" for child in tree.kin(node, "advmod", "mark", "obl")):
            before = [unit for unit in s.units if unit.where is not None and unit.end <= tree.words[min(tree.below(node))].start]
            own += tree.within(before[-1].start, before[-1].end)[-1:] if before else [head] if head >= 0 else []
            break
        if head < 0 or tree.is_relation(node, "acl:relcl", "parataxis"):
            break
        if tree.is_relation(node, "ccomp") and _speaks(tree, head):
            break
        own += [each for each in located(tree, head) if each not in own and each != node]
        node = head
    return own


def name_in(s: Cued, tree: Tree, noun: Noun, *, own: bool = False, depth: int = DEPTH) -> Unit | None:
    """Return the actor that a noun's own words name: "Syrian government forces", "units of the 4th Brigade", "troops loyal to Haftar".

    With `own`, only what stands before the noun counts ("Saudi air strike").
    """
    unit = _covering(s, tree, noun)
    if unit is not None and not own:
        return _first_of(s, tree, noun, unit)
    if depth == 0:
        return None
    for child in tree.kin(noun, "amod", "compound", "nmod:poss", "flat", "nummod", *(() if own else ("appos",))):
        found = _covering(s, tree, child) or name_in(s, tree, child, depth=depth - 1)
        if found is not None and (not own or found.start < tree.words[noun].start):
            return found
    if own:
        return None
    for child in tree.kin(noun, "nmod", "amod", "acl"):
        joins = tree.is_relation(child, "nmod") and tree.case(child).split()[:1] and tree.case(child).split()[0] in OWNING
        loyal = not tree.is_relation(child, "nmod") and tree.low(child) in LOYAL
        inner = [child] if joins else list(tree.kin(child, "obl", "nmod")) if loyal else []
        for each in inner:
            found = name_in(s, tree, each, depth=depth - 1)
            if found is not None:
                return found
    return None


def names_in(s: Cued, tree: Tree, noun: Noun, *, depth: int = DEPTH, joined: bool = True) -> list[tuple[Unit, Noun]]:
    """Return the places that a noun and those joined to it name, each with the noun that holds its name; none where it is no place."""
    found: list[tuple[Unit, Noun]] = []
    unit = _place_at(s, tree, noun)
    if unit is not None:
        found.append((unit, noun))
    elif depth and _is_place_noun(tree, noun):
        kin = tree.kin(
            noun, "nmod", "appos", "compound", "flat", "amod", "nmod:poss", "acl", *(("obl",) if tree.low(noun) in NO_SITE else ())
        )
        inner = [
            child
            for child in kin
            if not _is_bearing(tree, child) and (tree.case(child).split()[:1] not in LEADING or _is_way_in(tree, noun))
        ]
        for child in inner:
            got = names_in(s, tree, child, depth=depth - 1)
            if got:
                found += got
                break
    for child in tree.kin(noun, "conj") if joined else ():
        found += [each for each in names_in(s, tree, child, depth=depth) if each not in found] if depth else []
    return found


def is_site(tree: Tree, noun: Noun) -> bool:
    """Return whether a noun without a name is a place on the ground: "the last outpost on the ridge", "four villages"."""
    low = tree.low(noun)
    return (low in PLACE_NOUNS or low in SITES) and low not in NO_SITE


def sites(tree: Tree, noun: Noun) -> list[Noun]:
    """Return the noun itself if it is a place without a name; of "most of the villages" the villages; else nothing."""
    inner = next((child for child in tree.kin(noun, "nmod", "obl") if tree.case(child) == "of"), None)
    share = tree.low(noun) in NO_SITE or tree.low(noun) in QUANTITY or tree.words[noun].tag == "CD"
    chosen = inner if share and inner is not None else noun
    return [chosen] if is_site(tree, chosen) else []


def site_span(tree: Tree, noun: Noun) -> tuple[int, int]:
    """Return where the words of an unnamed site begin and end, without its relative clauses."""
    beside = ("acl", "advcl", "ccomp", "conj", "cc", "case", "punct", "parataxis", "mark", "appos", "nsubj", "cop", "obl", "aux")
    inside = sorted(
        {
            noun,
            *(
                word
                for child in tree.children[noun]
                if not tree.is_relation(child, *beside)
                for word in tree.below(child, without=beside[:8])
            ),
        }
    )
    first = next((word for word in inside if not tree.is_relation(word, "det")), noun)
    return tree.words[min(first, noun)].start, max(tree.words[word].end for word in inside)


def _is_way_in(tree: Tree, noun: Noun) -> bool:
    """Whether a noun lies where what stands behind its "to" is ("the entrance to the town")."""
    return tree.low(noun) in ("entrance", "entrances", "gateway", "gates", "approach", "approaches")


def _is_bearing(tree: Tree, noun: Noun) -> bool:
    """Whether an apposition says where a place lies ("a village, west of Donetsk")."""
    return tree.is_relation(noun, "acl") and not tree.low(noun).startswith(("call", "nam", "known", "includ"))


def _first_of(s: Cued, tree: Tree, noun: Noun, unit: Unit) -> Unit:
    """The first of several parties that one noun joins ("North Vietnamese and Viet Cong troops")."""
    inside = {tree.words[word].start for word in tree.below(noun, without=("acl", "conj", "appos"))}
    inside |= {tree.words[each].start for child in tree.kin(noun, "amod", "compound") for each in tree.below(child)}
    for other in reversed([one for one in s.units if one.end <= unit.start]):
        if not re.fullmatch(r"\s*(?:,|and|or|,\s*and)\s+", s.between(other.end, unit.start)) or other.start not in inside:
            break
        who = other.actor or other.state
        unit = replace(other, actor=who) if who is not None else unit
    return unit


def _covering(s: Cued, tree: Tree, index: int) -> Unit | None:
    word = tree.words[index]
    for unit in s.units:
        if unit.actor is not None and unit.start < word.end and word.start < unit.end and not BACKER.match(s.document.reading, unit.end):
            return unit
    return None


def _place_at(s: Cued, tree: Tree, index: int) -> Unit | None:
    word = tree.words[index]
    covering = [unit for unit in s.units if (unit.where is not None or unit.unplaced) and unit.start < word.end and word.start < unit.end]
    return max(covering, key=lambda unit: unit.end - unit.start, default=None)


def _is_place_noun(tree: Tree, noun: Noun) -> bool:
    low = tree.low(noun)
    return low in PLACE_NOUNS or low in SITES or low in QUANTITY or tree.words[noun].tag == "CD"


def located(tree: Tree, word: int) -> list[Noun]:
    """The nouns behind a preposition of place that hang on a word, what follows it first."""
    found = [
        child
        for child in tree.kin(word, "obl", "nmod", "advmod")
        if (set(tree.case(child).split()) & EVENT_LOCATIVE) or tree.low(child) in ("there", "here")
    ]
    return sorted(found, key=lambda child: (child < word, abs(child - word)))


def _speaks(tree: Tree, index: int) -> bool:
    return tree.is_verb(index)

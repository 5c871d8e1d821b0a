"""Where an act comes from, where it goes and along which road, as its sentence says.

Read off the tree of the sentence: "from Izium towards Sloviansk", "from the north", "northwards along the M5 to Homs", "withdrew to the
left bank", "shelled it from the plant at Enerhodar". What the sentence does not say stays open, and an act without an origin or a
bearing has no course. Distances ("20 km from Homs"), times, extents ("positions from Kupiansk to Lyman") and journeys of people who
do not fight are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geo import course_words as words
from geo import roles
from geo.clauses import Unit
from geo.cued import Cued
from geo.placed import Placed, partly
from geo.recipes import DIRECTIONS, Coast, Named, RoadSection, Section, Strip, Union, Where
from geo.records import Course, Role
from geo.syntax import TIMES, Tree
from geo.vetoes import WEAPONS

__all__ = ["COURSED", "Way", "ways_of"]

COURSED = frozenset({"advances", "attacks", "withdraws", "besieges"})
"""Predicates of acts that move or fire, or close in from a side."""
MOVING = frozenset({"advances", "withdraws"})

DEPTH = 3  # how many nouns deep the tree may hang a goal on the origin ("from Izium towards Sloviansk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A course, and the words of the document that tell of it, each with its role."""

    course: Course
    spans: tuple[tuple[Role, tuple[int, int]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the words round an act tell of its course."""

    origins: tuple[Unit, ...] = ()
    goals: tuple[Unit, ...] = ()
    along: tuple[Unit, ...] = ()
    bearings: tuple[tuple[float, tuple[int, int]], ...] = ()


def ways_of(s: Cued, places: Sequence[Placed]) -> tuple[tuple[Placed, Way], ...]:
    """Return the course of an act to (or, of a withdrawal, from) each of its places, where the sentence tells one.

    Parameters
    ----------
    s
        The act in its sentence, with the sentence's tree; without a tree there is no course.
    places
        The places of the act.
    """
    if s.tree is None or s.top is None or s.match.cue.predicate not in COURSED or _is_unarmed(s, s.tree, s.top):
        return ()
    told = _told(s, s.tree)
    found = ((place, _way(s, s.tree, place, told)) for place in places)
    return tuple((place, way) for place, way in found if way is not None)


def _told(s: Cued, tree: Tree) -> _Told:
    """What the words round an act tell, each name once."""
    origins: list[Unit] = []
    goals: list[Unit] = []
    along: list[Unit] = []
    bearings: list[tuple[float, tuple[int, int]]] = []
    leaves = words.LEFT_FOR.match(s.match.words) is not None
    for node, noun in _behind(s, tree):
        case = tree.case(noun)
        if case.startswith(words.OUT_OF) and not _is_away(s, tree, noun):
            bearings += _from_side(s, tree, noun)
            origins += _units(s, tree, _antecedent(tree, noun), node)
        elif case in words.AHEAD or (case, tree.low(noun)) == ("in", "direction") or (case == "for" and leaves):
            goals += _units(s, tree, noun, node)
        elif case in words.FOLLOWING and s.match.cue.predicate in MOVING:
            along += [unit for unit in _units(s, tree, noun, node, whole=True) if _line(unit.where) is not None]
    if s.match.cue.predicate in MOVING:
        bearings += _onwards(s, tree)
    return _Told(
        origins=_once(origins), goals=_once([unit for unit in goals if unit not in origins]), along=_once(along),
        bearings=tuple(dict(bearings).items()),
    )


def _way(s: Cued, tree: Tree, place: Placed, told: _Told) -> Way | None:
    """The course of an act at one place."""
    predicate, fire = s.match.cue.predicate, _is_fire(s, tree)
    if predicate == "besieges":
        return _made(Course(bearings=tuple(b for b, _ in told.bearings)), told, ()) if told.bearings else None
    if predicate == "attacks" and told.origins and told.goals and not _is_one_of(place, told.goals):
        return None  # "shelled positions from Kupiansk to Lyman" is how far, not where from
    section = next((unit.where for unit in told.along if isinstance(unit.where, RoadSection)), None)
    origin, goal = _where(s, told.origins), _where(s, told.goals)
    if predicate == "withdraws":
        if not words.LEAVING.match(s.match.words) or place.span is None or _is_elsewhere(s, tree, place):
            return None
        origin = place.where
        goal = None if _is_one_of(place, told.goals) else goal
        if goal is None and not told.bearings:
            return None
    elif not _is_one_of(place, told.origins) and not _is_one_of(place, told.along):
        goal = place.where
    bearings = tuple(bearing for bearing, _ in told.bearings)
    if section is not None:
        bearings = bearings or _towards(section)
        origin = origin or (section.from_ if isinstance(section.from_, Where) else None)
        goal = goal if goal not in (None, section) else section.to if isinstance(section.to, Where) else None
    origin = None if origin == goal else origin
    along = next((line for unit in told.along if (line := _line(unit.where)) is not None), None)
    if origin is None and not bearings:
        return None
    course = Course(origin=origin, goal=goal, bearings=bearings, along=along, fire=fire)
    return _made(course, told, told.goals if predicate == "withdraws" else ())


def _towards(section: RoadSection) -> tuple[float, ...]:
    """The way along a road that is told by a compass word alone ("west along Route 9 from Ca Lu")."""
    bearing = DIRECTIONS.get(section.to) if isinstance(section.to, str) else None
    return () if bearing is None else (bearing,)


def _made(course: Course, told: _Told, goals: Sequence[Unit]) -> Way:
    spans: list[tuple[Role, tuple[int, int]]] = [("origin", (unit.start, unit.end)) for unit in told.origins]
    spans += [("goal", (unit.start, unit.end)) for unit in goals]
    spans += [("bearing", span) for _, span in told.bearings]
    spans += [("along", (unit.start, unit.end)) for unit in told.along]
    return Way(course=course, spans=tuple(dict.fromkeys(spans)))


def _behind(s: Cued, tree: Tree) -> Iterator[tuple[int, int]]:
    """Yield the nouns with a preposition that tell of an act, each with the word on which it hangs."""
    act = set(tree.within(s.start, s.end))
    verbs = [word for word in act if tree.is_verb(word)]
    nodes = sorted(act) + [weapon for word in sorted(act) for weapon in _weapons(tree, word)]
    nodes += [verb for word in sorted(act) for verb in _coming(tree, word)]
    nodes += [head for word in sorted(act) if (head := _light(tree, word, act)) is not None]
    nodes += [child for word in sorted(act) for child in tree.kin(word, "obj") if child not in nodes and roles.names_in(s, tree, child)]
    seen: set[int] = set()
    for node in nodes:
        waiting = [(node, child, 0) for child in tree.kin(node, "obl", "nmod")]
        while waiting:
            on, noun, depth = waiting.pop(0)
            if noun in seen or not _is_beside(tree, noun, verbs):
                continue
            seen.add(noun)
            yield on, noun
            ways = (*words.OUT_OF, *words.AHEAD)
            deeper = tree.case(noun) in (*ways, "along", "via")  # the tree may hang "towards Sloviansk" on Izium
            deeper = depth < DEPTH and (deeper or (tree.case(noun) in words.AT and bool(roles.names_in(s, tree, noun))))
            waiting += [(on, each, depth + 1) for each in tree.kin(noun, "nmod", "obl") if deeper and tree.case(each) in ways]


def _light(tree: Tree, word: int, act: set[int]) -> int | None:
    """The verb of which an act is the object ("launched, on Monday, an attack from Belarus")."""
    head = tree.words[word].head
    light = head >= 0 and head not in act and tree.is_verb(head) and roles.LIGHT.match(tree.low(head))
    return head if light and tree.is_relation(word, "obj", "nsubj:pass") else None


def _weapons(tree: Tree, word: int) -> list[int]:
    """The weapons with which an act is done, and the verbs that say from where they fire."""
    found = []
    for noun in tree.kin(word, "obj", "nsubj", "obl", "nmod"):
        if tree.low(noun) in WEAPONS and (tree.is_relation(noun, "obj", "nsubj") or tree.case(noun) in ("with", "by", "of")):
            found += [noun, *(verb for verb in tree.kin(noun, "acl") if words.FIRED.match(tree.low(verb)))]
    return found


def _coming(tree: Tree, word: int) -> list[int]:
    """The verbs beside an act that say whence its doers or its shells came, also where the tree takes them for the main verb.

    Of "shells fired from the ridge hit the town", "fired" may come out as the root and "hit" as its clause.
    """
    doers = [each for each in (tree.agent(word), *tree.kin(word, "nsubj")) if each is not None] if tree.is_verb(word) else []
    doers += [each for noun in doers for each in tree.kin(noun, "nmod") if tree.case(each) == "of"]
    beside = [verb for noun in doers for verb in tree.kin(noun, "acl") if words.COMING.match(tree.low(verb))]
    found = [verb for verb in beside if tree.words[verb].tag == "VBG" or tree.low(verb) == "came"]  # "which had advanced" was before
    head = tree.words[word].head
    if head >= 0 and tree.is_relation(word, "advcl", "ccomp", "parataxis", "dep") and not tree.kin(word, "nsubj", "mark"):
        shot = words.FIRED.match(tree.low(head)) and not tree.kin(head, "obj")
        found += [head] if shot and any(tree.low(noun) in WEAPONS for noun in tree.kin(head, "nsubj")) else []
    return found


def _is_beside(tree: Tree, noun: int, verbs: Sequence[int]) -> bool:
    """Whether a noun can tell of the act: it stands behind its verb, or opens the clause ("From Izium, they advanced")."""
    if not verbs or noun > min(verbs):
        return True
    first = min([noun, *tree.kin(noun, "case")])
    opens = first == 0 or tree.low(first - 1) in (",", "and", "but", ";", ":", "\u2013", "\u2014")
    head = tree.words[noun].head
    if opens or head < 0 or head in verbs:
        return opens
    return tree.low(head) in WEAPONS or words.FIRED.match(tree.low(head)) is not None or words.COMING.match(tree.low(head)) is not None


def _is_away(s: Cued, tree: Tree, noun: int) -> bool:
    """Whether "from" measures a distance ("20 km from Homs", "far from the front")."""
    first = min(tree.kin(noun, "case", "mark"), default=noun)
    before = s.between(s.offset, tree.words[first].start)
    return words.AWAY.search(before) is not None or tree.low(noun) in TIMES or tree.words[noun].tag == "CD"


def _antecedent(tree: Tree, noun: int) -> int:
    """The noun that "which" stands for ("the spit, from which they fire on Ochakiv")."""
    if tree.low(noun) != "which":
        return noun
    clause = tree.words[noun].head
    for _ in range(DEPTH):
        if clause < 0 or tree.is_relation(clause, "acl"):
            break
        clause = tree.words[clause].head
    return tree.words[clause].head if clause >= 0 and tree.words[clause].head >= 0 else noun


def _units(s: Cued, tree: Tree, noun: int, node: int, *, whole: bool = False) -> list[Unit]:
    """The places that a noun and those joined to it name, by the words behind their preposition alone.

    A larger phrase that holds the preposition too ("the road from A to B") is no place of that preposition, unless it is wanted `whole`.
    """
    if tree.low(noun) == "direction" and tree.case(noun).startswith(words.OUT_OF):
        return []
    first = min(tree.kin(noun, "case"), default=noun)
    named = roles.names_in(s, tree, noun) or [each for near in _at(tree, noun) for each in roles.names_in(s, tree, near)]
    found = [unit for unit, _ in named if unit.where is not None and unit.actor is None]
    wide = not tree.is_verb(node) or (first > 0 and tree.low(first - 1) in WEAPONS)  # "under attack from Turkey" says who, not from where
    kept = [unit for unit in found if (whole or unit.start > tree.words[first].start) and not (wide and unit.kind == "country")]
    return kept


def _at(tree: Tree, noun: int) -> list[int]:
    """Where a site or ship without a name is, wherever the tree hangs that ("from its bases in Mezzeh", "from ships in the Black Sea")."""
    known = roles.is_site(tree, noun) or tree.low(noun) in words.PLATFORMS
    if not known or noun + 1 >= len(tree.words) or tree.low(noun + 1) not in ("in", "at", "near", "around", "outside", "off"):
        return []
    return [tree.words[noun + 1].head] if tree.words[noun + 1].head > noun else []


def _from_side(s: Cued, tree: Tree, noun: int) -> list[tuple[float, tuple[int, int]]]:
    """The ways in which those move who come "from the north and the west"."""
    found = []
    side = _bearing(s, tree, noun) if not any(tree.case(child) == "of" for child in tree.kin(noun, "nmod")) else None
    while side is not None:
        found.append(((side[0] + 180) % 360, side[1]))
        more = words.ALSO.match(s.document.reading, side[1][1])
        side = _compass(s, more.end()) if more else None
    return found


def _onwards(s: Cued, tree: Tree) -> list[tuple[float, tuple[int, int]]]:
    """The ways in which those move who go "north", "eastwards"."""
    act = tree.within(s.start, s.end)
    verbs = [word for word in act if tree.is_verb(word)]
    said = [word for word in act if word not in verbs]
    beside = (child for verb in verbs for child in tree.kin(verb, "advmod", "obl", "xcomp", "obj"))
    said += [child for child in beside if child not in act and not tree.case(child)]
    said += [each for word in tuple(said) for each in tree.kin(word, "conj")]
    found = []
    for word in said:
        bearing = _bearing(s, tree, word) if verbs and word > min(verbs) else None
        if bearing is not None and "," not in s.between(tree.words[min(verbs)].end, bearing[1][0]):
            found.append(bearing)
    return found


def _bearing(s: Cued, tree: Tree, word: int) -> tuple[float, tuple[int, int]] | None:
    """The bearing of a compass word that stands for itself, and its words; None within a name and before "of"."""
    start = tree.words[word].start
    while word > 0 and tree.words[word - 1].end + 1 >= start and re.fullmatch(r"north|south|-", tree.low(word - 1)):
        word, start = word - 1, tree.words[word - 1].start  # "north-east" may be three words of the tree
    return _compass(s, start)


def _compass(s: Cued, start: int) -> tuple[float, tuple[int, int]] | None:
    """The bearing of the compass word that begins at an offset, and its span."""
    match = words.COMPASS.match(s.document.reading, start)
    if match is None or re.match(r"(?:ern)?\s+of\b|ern\b", s.document.reading[match.end() :][:12]):
        return None
    if any(unit.where is not None and unit.start < match.end() and start < unit.end for unit in s.units):
        return None
    name = "".join(part.lower() for part in match.groups() if part)
    bearing = DIRECTIONS[name]
    return (bearing, match.span()) if bearing is not None else None


def _line(where: Where | None) -> Where | None:
    """The road, river or coast that a recipe follows; None of anything else."""
    if isinstance(where, Strip | Section):
        return _line(where.line) if isinstance(where.line, Where) else None
    if isinstance(where, Named):
        return where if where.feature.startswith(("road:", "river:")) else None
    if isinstance(where, RoadSection):
        return Named(where.road) if where.road else where
    return where if isinstance(where, Coast) else None


def _where(s: Cued, units: Sequence[Unit]) -> Where | None:
    """One place or several, less those of which only some unnamed part is meant."""
    found = list(dict.fromkeys(where for unit in units if (where := partly(s, unit).where) is not None))
    return found[0] if len(found) == 1 else Union(*found) if found else None


def _once(units: Sequence[Unit]) -> tuple[Unit, ...]:
    return tuple(dict.fromkeys(units))


def _is_one_of(place: Placed, units: Sequence[Unit]) -> bool:
    return place.span is not None and any(unit.start < place.span[1] and place.span[0] < unit.end for unit in units)


def _is_elsewhere(s: Cued, tree: Tree, place: Placed) -> bool:
    """Whether the place that is left stands outside the words of the withdrawal."""
    assert place.span is not None
    assert s.top is not None
    word = next(iter(tree.within(*place.span)), -1)
    for _ in tree.words:
        if word < 0 or word == s.top:
            break
        if tree.is_relation(word, "parataxis", "advcl", "ccomp", "acl") or (tree.is_relation(word, "conj") and tree.is_verb(word)):
            return True
        word = tree.words[word].head
    return word != s.top


def _is_fire(s: Cued, tree: Tree) -> bool:
    """Whether weapons reach the place and nobody goes there."""
    if s.match.cue.predicate != "attacks" or s.match.cue.family != "hit":
        return False
    act = tree.within(s.start, s.end)
    with_what = {tree.low(noun) for word in act for noun in _weapons(tree, word)}
    return words.SHOOTING.search(s.match.words) is not None or bool(with_what & (WEAPONS - words.CLOSE))


def _is_unarmed(s: Cued, tree: Tree, top: int) -> bool:
    """Whether those who go, or those who are brought, do not fight."""
    subject = tree.subject(top) if tree.is_verb(top) else None
    if subject is not None and any(tree.low(word) in words.PEACEFUL for word in tree.kin(subject, "compound", "amod")):
        return True
    moved = tree.kin(top, "obj", "nsubj:pass") if s.match.cue.predicate in MOVING else []
    unarmed = subject is not None and tree.low(subject) in words.UNARMED
    return unarmed or any(tree.low(noun) in words.UNARMED | words.CARRIED for noun in moved)

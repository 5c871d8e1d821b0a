"""Which phrase describes which area: every spatial phrase and named area of a report as a recipe of `geo.where`.

The text is read as words and nodes (`geo.phrase_text`): each resolved place is a node, and a chain of small rules turns words and nodes
into larger nodes - "the city of Idlib", then "the city of Idlib ... along with the territory to the border". What stands at the end are
the outermost phrases; they do not overlap, and a phrase inside a larger one is found in its recipe.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from shapely.geometry import Point as Dot

from geo.phrase_back import BACK_RULES
from geo.phrase_context import Anchor, Context
from geo.phrase_relations import RELATION_RULES
from geo.phrase_rules import LINE_RULES, NAME_RULES
from geo.phrase_text import Found, Made, Node, Signs, compiled
from geo.points import is_point
from geo.recipes import DIRECTIONS, Coast, Described, Named, Side, Strip, Where, walk
from geo.records import Document, Feature, Mention, Phrase, Place, Sentence
from geo.sentences import sentences
from geo.shapes import DEFAULTS

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["describe"]

RIVER_DEGREES = 2.0  # a river that passes this near to the town of its name is meant by "the Dnipro"

MOST_NODES = 1_500  # places that are read at once: a sign has 65,000 numbers, and looking back for "the town" costs by what stands before
_NOT_TOPONYMS = ("border", "actor", "date")
_NAMED = "ACGRVWB"  # families whose bare names are areas or lines of their own; a bare town is a place, not a phrase
_SEA_BEFORE = re.compile(r"\b([A-Z]\w+(?: [A-Z]\w+)?) (?:coast|shores?|seaboard|littoral)\b")
_TOWN_AFTER = re.compile(
    r"[-\u2013'\u2019]| (?:city|town|village|region|oblast|province|district|area|governorate|front|pocket|airport|garrison)"
)
_FAMILY = {"populated": "P", "admin": "A", "country": "C", "region": "G", "road": "R", "base": "B"}


def describe(
    document: Document, *, mentions: Sequence[Mention], places: Sequence[Place], gazetteer: Gazetteer,
) -> tuple[Phrase, ...]:
    """Return the spatial phrases and named areas of a report, in the order of the text, without overlaps.

    Parameters
    ----------
    document : Document
        The report; it is matched on `reading` and quoted from `text`.
    mentions : sequence of Mention
        All mentions; those of places that are not literal only count in borders, sides and coasts ("the Turkish side").
    places : sequence of Place
        What the mentions mean.
    gazetteer : Gazetteer
        Where borders, roads and bases are looked up.

    Returns
    -------
    tuple of Phrase
        The outermost phrases. Bare town names are not among them; countries, provinces, regions, waters, roads and bases are.
    """
    features = {mention: place.feature for place in places for mention in place.mentions}
    if not features:
        return ()
    told = sentences(document)
    nodes = [_river(node, document, gazetteer) for node in _leaves(mentions, features)]
    nodes += _seas(document, nodes, gazetteer)
    breaks = _paragraph_starts(told)
    anchors = [Anchor(mention.start, features[mention], mention.use) for mention in sorted(features, key=lambda mention: mention.start)]
    found: list[Phrase] = []
    for first, last, inside in _stretches(sorted(nodes, key=lambda node: node.start), breaks, len(document.reading)):
        signs = Signs(document.reading, inside, breaks=breaks, start=first, end=last)
        near = [anchor for anchor in anchors if first <= anchor.position < last]
        about = Context(gazetteer, near, [sentence for sentence in told if first <= sentence.start < last], signs.nodes)
        for pattern, rule in (*NAME_RULES, *LINE_RULES, *RELATION_RULES, *BACK_RULES):
            signs.apply(compiled(pattern), _checked(rule, about))
        found += [phrase for node in signs.left() if (phrase := _phrase(document, node)) is not None]
    return _banks_in_their_area(found)


def _stretches(nodes: Sequence[Node], breaks: frozenset[int], end: int) -> Iterator[tuple[int, int, Sequence[Node]]]:
    """Yield a report in stretches of at most `MOST_NODES` places, cut where a paragraph begins: (from, to, the places between)."""
    starts = sorted(breaks)
    first, done = 0, 0
    while done < len(nodes):
        last = end if len(nodes) - done <= MOST_NODES else nodes[done + MOST_NODES].start
        before = bisect_left(starts, last) - 1
        if last < end and before >= 0 and starts[before] > nodes[done].start:
            last = starts[before]
        until = bisect_left(nodes, last, key=lambda node: node.start)
        yield first, last, nodes[done:until]
        first, done = last, until
    if not nodes:
        yield 0, end, nodes


def _banks_in_their_area(phrases: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """After "the Kherson region west of the Dnipro", "the east bank" is the other side of the river in that region, not the whole river."""
    areas: dict[Where | str, Side] = {}
    kept = []
    for phrase in phrases:
        if isinstance(phrase.where, Side):
            areas[phrase.where.line] = phrase.where
        strip = phrase.where
        if isinstance(strip, Strip) and strip.line in areas and strip.side in DIRECTIONS:
            phrase = replace(phrase, where=Side(strip.line, areas[strip.line].of, strip.side))
        kept.append(phrase)
    return tuple(kept)


def _leaves(mentions: Iterable[Mention], features: dict[Mention, Feature]) -> list[Node]:
    found, end = [], 0
    for mention in sorted(mentions, key=lambda mention: (mention.start, -mention.end)):
        if (mention.kind in _NOT_TOPONYMS and mention not in features) or mention.start < end:
            continue
        feature = features.get(mention)
        found.append(Node(_family(mention, feature), Named(feature.id) if feature else None, mention.start, mention.end, feature))
        end = mention.end
    return found


def _seas(document: Document, nodes: list[Node], gazetteer: Gazetteer) -> list[Node]:
    """Return the seas that stand before "coast" and that no mention covers ("the Mediterranean coast")."""
    found, starts = [], [node.start for node in nodes]
    for match in _SEA_BEFORE.finditer(document.reading):
        start, end = match.span(1)
        before = nodes[bisect_left(starts, end) - 1] if nodes and starts[0] < end else None  # they do not overlap
        if before is None or before.end <= start:
            hits = [hit.feature for hit in gazetteer.search(match[1], kinds={"water"}, limit=3) if hit.feature.id.startswith("sea:")]
            found += [Node("W", Named(hits[0].id), start, end, hits[0], "the sea before \"coast\"")] if hits else []
    return found


def _river(node: Node, document: Document, gazetteer: Gazetteer) -> Node:
    """Return the river instead of a town of its name where the text says "the Dnipro"."""
    before, after = document.reading[max(node.start - 4, 0) : node.start], document.reading[node.end : node.end + 14]
    if node.family != "P" or node.feature is None or before.lower() != "the " or _TOWN_AFTER.match(after):
        return node
    here = Dot(node.feature.lon, node.feature.lat)
    for hit in gazetteer.search(document.text[node.start : node.end], kinds={"water"}, limit=5):
        if hit.feature.id.startswith("river:") and gazetteer.shape(hit.feature).distance(here) < RIVER_DEGREES:
            return Node("V", Named(hit.feature.id), node.start, node.end, hit.feature, "\"the\" asks for the river, not the town")
    return node


def _family(mention: Mention, feature: Feature | None) -> str:
    if feature is None:
        return "X"
    if mention.use == "demonym":
        return "D"
    if mention.use == "metonym":
        return "M" if feature.kind == "country" else "X"
    if feature.kind == "water":
        return "V" if feature.id.startswith("river:") else "W"
    return "P" if is_point(feature.id) else _FAMILY.get(feature.kind, "X")


def _paragraph_starts(told: Sequence[Sentence]) -> frozenset[int]:
    return frozenset(now.start for before, now in pairwise(told) if now.paragraph != before.paragraph)


def _checked(rule: Callable[[Found, Context], Made | None], about: Context) -> Callable[[Found], Made | None]:
    """Return a rule that gives nothing where its recipe has no shape, and that knows the feature of a plain name."""

    def check(found: Found) -> Made | None:
        made = rule(found, about)
        if made is None or (about.drawn(made.where) is None and not _unnamed(made.where)):
            return None
        return replace(made, feature=about.get(made.where.feature)) if isinstance(made.where, Named) else made

    return check


def _unnamed(where: Where) -> bool:
    return any(isinstance(node, Described) for node in walk(where))


def _phrase(document: Document, node: Node) -> Phrase | None:
    if node.where is None or (not node.made and node.family not in _NAMED):
        return None
    where, reason = node.where, node.reason or "the name of an area or line"
    if isinstance(where, Coast):
        where, reason = Strip(where, DEFAULTS["coast_km"], where.country), f"{reason}; a coast is taken as that deep inland"
    text = document.text[node.start : node.end]
    return Phrase(document_id=document.id, start=node.start, end=node.end, text=text, where=where, reason=reason)

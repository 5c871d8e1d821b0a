"""Which phrase describes which area: every spatial phrase and named area of a report as a recipe of `geo.where`.

The text is read as words and nodes (`geo.phrase_text`): each resolved place is a node, and a chain of small rules turns words and nodes
into larger nodes - "the city of Idlib", then "the city of Idlib ... along with the territory to the border". What stands at the end are
the outermost phrases; they do not overlap, and a phrase inside a larger one is found in its recipe.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from geo.distances import DEFAULTS
from geo.phrase_back import BACK_RULES
from geo.phrase_coasts import COAST_RULES
from geo.phrase_context import Anchor, Context
from geo.phrase_leaves import leaves
from geo.phrase_nested import EARLY_RULES
from geo.phrase_relations import RELATION_RULES
from geo.phrase_rules import LINE_RULES, NAME_RULES
from geo.phrase_text import Found, Made, Node, Signs
from geo.progress import tell
from geo.recipes import DIRECTIONS, Coast, Described, Named, Side, Strip, Where, walk
from geo.records import Document, Mention, Phrase, Place, Sentence
from geo.sentences import sentences

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["describe"]


MOST_NODES = 1_500  # places that are read at once: a sign has 65,000 numbers, and looking back for "the town" costs by what stands before
_NAMED = "ACGRVWB"  # families whose bare names are areas or lines of their own; a bare town is a place, not a phrase


def describe(
    document: Document, *, mentions: Sequence[Mention], places: Sequence[Place], gazetteer: Gazetteer,
    defaults: Mapping[str, float] | None = None,
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
    defaults : mapping, optional
        Distances instead of those of `geo.distances.DEFAULTS`, by name, in km; they are written into the recipes.

    Returns
    -------
    tuple of Phrase
        The outermost phrases. Bare town names are not among them; countries, provinces, regions, waters, roads and bases are.
    """
    features = {mention: place.feature for place in places for mention in place.mentions}
    if not features:
        return ()
    told = sentences(document)
    nodes = leaves(document, mentions=mentions, features=features, gazetteer=gazetteer)
    breaks = _paragraph_starts(told)
    anchors = [Anchor(mention.start, features[mention], mention.use) for mention in sorted(features, key=lambda mention: mention.start)]
    found: list[Phrase] = []
    rules = (*EARLY_RULES, *NAME_RULES, *COAST_RULES, *LINE_RULES, *RELATION_RULES, *BACK_RULES)
    for first, last, inside in _stretches(nodes, breaks, len(document.reading)):
        signs = Signs(document.reading, inside, breaks=breaks, start=first, end=last)
        near = [anchor for anchor in anchors if first <= anchor.position < last]
        inner = [sentence for sentence in told if first <= sentence.start < last]
        about = Context(gazetteer, near, inner, signs.nodes, DEFAULTS | dict(defaults or {}))
        for number, (pattern, rule) in enumerate(rules):
            tell("areas", (first + (last - first) * number / len(rules)) / len(document.reading))
            signs.apply(pattern, _checked(rule, about))
        found += [phrase for node in signs.left() if (phrase := _phrase(document, node, about)) is not None]
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


def _phrase(document: Document, node: Node, about: Context) -> Phrase | None:
    if node.where is None or (not node.made and node.family not in _NAMED):
        return None
    where, reason = node.where, node.reason or "the name of an area or line"
    if isinstance(where, Coast):
        where, reason = Strip(where, about.defaults["coast_km"], where.country), f"{reason}; a coast is taken as that deep inland"
    text = document.text[node.start : node.end]
    return Phrase(document_id=document.id, start=node.start, end=node.end, text=text, where=where, reason=reason)

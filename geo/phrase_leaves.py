"""Which places of a text phrases are made of: its resolved names, and what no name was read for that a phrase cannot do without.

A sea before "coast", a river after "the banks of the", the second people of "the Polish-Belarusian border" and a road's number are read
here, in the countries that the report is about.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from shapely.geometry import Point as Dot

from geo.demonyms import demonyms
from geo.errors import SalientError
from geo.names import fold
from geo.phrase_text import Node
from geo.points import is_point
from geo.recipes import Named
from geo.records import Document, Feature, Mention

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["leaves"]

RIVER_DEGREES = 2.0  # a river that passes this near to the town of its name is meant by "the Dnipro"
ABROAD_DEGREES = 6.0  # a river of a country that the report does not name passes this near to one of its places
SAME_NAME = 0.97  # similarity from which a name is the feature's own
_NOT_TOPONYMS = ("border", "actor", "date")
_SEA_BEFORE = re.compile(r"\b([A-Z]\w+(?: [A-Z]\w+)?) (?:coast|shores?|seaboard|littoral)\b")
_TOWN_AFTER = re.compile(
    r"[-\u2013'\u2019]| (?:city|town|village|region|oblast|province|district|area|governorate|front|pocket|airport|garrison|state)"
)
_RIVER_AFTER = re.compile(
    r"\b(?:banks?|sides?|valley|bend|basin|mouth|east|west|north|south) of the ([A-Z]\w+(?: [A-Z]\w+)?)|"
    r"\b(?:along|across|crossed|crossing|between|beyond|over) the ([A-Z]\w+(?: [A-Z]\w+)?)"
)
_SECOND_RIVER = re.compile(r"\bbetween the [A-Z]\w+(?: [A-Z]\w+)? and the ([A-Z]\w+(?: [A-Z]\w+)?)")
_SECOND_PEOPLE = re.compile(r"(?<=[a-z][-/\u2013])([A-Z][a-z]+) (?:border|frontier|boundary)\b")
_ROAD_NUMBER = re.compile(
    r"\b[Tt]he ([A-Z]{1,2}-?\d{1,3})\b(?! (?:rifles?|carbines?|guns?|tanks?|missiles?|launchers?|machine|mortars?|howitzers?))"
)
_FAMILY = {"populated": "P", "admin": "A", "country": "C", "region": "G", "road": "R", "base": "B"}


def leaves(
    document: Document, *, mentions: Iterable[Mention], features: Mapping[Mention, Feature], gazetteer: Gazetteer
) -> list[Node]:
    """Return the nodes of a text, in its order and without overlaps.

    Parameters
    ----------
    mentions
        All mentions; those of no place keep their words from being read as one.
    features
        What the mentions of places mean.
    """
    nodes = [_river(node, document, gazetteer) for node in _named(mentions, features)]
    known = {feature.id: feature for feature in features.values()}.values()
    for found in (_seas(document, gazetteer), _rivers(document, known, gazetteer), _peoples(document, gazetteer),
                  _roads(document, known, gazetteer)):
        nodes = _with(nodes, found)
    return nodes


def _named(mentions: Iterable[Mention], features: Mapping[Mention, Feature]) -> list[Node]:
    found, end = [], 0
    for mention in sorted(mentions, key=lambda mention: (mention.start, -mention.end)):
        if (mention.kind in _NOT_TOPONYMS and mention not in features) or mention.start < end:
            continue
        feature = features.get(mention)
        found.append(Node(_family(mention, feature), Named(feature.id) if feature else None, mention.start, mention.end, feature))
        end = mention.end
    return found


def _with(nodes: Sequence[Node], found: Iterable[tuple[Node, str]]) -> list[Node]:
    """Return nodes with others that lie where none is, or where one of the families named with them covers no more."""
    made = list(nodes)
    for node, instead_of in sorted(found, key=lambda pair: pair[0].start):
        first = bisect_right(made, node.start, key=lambda one: one.end)
        last = bisect_left(made, node.end, key=lambda one: one.start)
        here = made[first:last]
        if all(one.family in instead_of and one.start >= node.start and one.end <= node.end for one in here):
            made[first:last] = [node]
    return made


def _seas(document: Document, gazetteer: Gazetteer) -> Iterator[tuple[Node, str]]:
    """The seas that stand before "coast" ("the Mediterranean coast"), also where a town of that name was read."""
    for match in _SEA_BEFORE.finditer(document.reading):
        hits = (hit.feature for hit in gazetteer.search(match[1], kinds={"water"}, limit=8))
        if sea := next((feature for feature in hits if feature.id.startswith("sea:")), None):
            yield Node("W", Named(sea.id), *match.span(1), sea, "the sea before \"coast\""), "PAGX"


def _rivers(document: Document, known: Collection[Feature], gazetteer: Gazetteer) -> Iterator[tuple[Node, str]]:
    """The rivers that only a bank, a side or a crossing gives away."""
    for match in (*_RIVER_AFTER.finditer(document.reading), *_SECOND_RIVER.finditer(document.reading)):
        group = match.lastindex or 1
        words = match[group].split()
        for count in range(len(words), 0, -1):
            name = " ".join(words[:count])
            start, end = match.start(group), match.start(group) + len(name)
            if _TOWN_AFTER.match(document.reading[end : end + 14]):
                continue
            if river := _river_of(name, known, gazetteer):
                yield Node("V", Named(river.id), start, end, river, "what has banks and sides is the river of that name"), "PAGVX"
                break


def _river_of(name: str, known: Collection[Feature], gazetteer: Gazetteer) -> Feature | None:
    """The river of that name in the countries of a report, else near one of its places; the only one where it names no place."""
    hits = [hit.feature for hit in gazetteer.search(name, kinds={"water"}, limit=8) if hit.similarity >= SAME_NAME]
    rivers = [feature for feature in hits if feature.id.startswith("river:")]
    known = [feature for feature in known if fold(feature.name) != fold(name)]
    lands = {feature.country or feature.code for feature in known if feature.kind != "water"}
    spots = [Dot(feature.lon, feature.lat) for feature in known if feature.kind not in ("water", "country")]
    for river in rivers:
        if river.country in lands:
            return river
    near = [river for river in rivers if any(gazetteer.shape(river).distance(spot) < ABROAD_DEGREES for spot in spots[:50])]
    return near[0] if near else rivers[0] if len(rivers) == 1 and not lands else None


def _peoples(document: Document, gazetteer: Gazetteer) -> Iterator[tuple[Node, str]]:
    """The second people of a border: "the Polish-Belarusian border"."""
    for match in _SECOND_PEOPLE.finditer(document.reading):
        feature_id = demonyms().get(fold(match[1]), "")
        if feature_id.startswith("country:"):
            try:
                yield Node("D", Named(feature_id), *match.span(1), gazetteer.get(feature_id), "the second people of that border"), "X"
            except SalientError:
                continue


def _roads(document: Document, known: Collection[Feature], gazetteer: Gazetteer) -> Iterator[tuple[Node, str]]:
    """The roads that are named by their number alone, in the countries of the report."""
    lands = {feature.country or feature.code for feature in known if feature.kind != "water"}
    for match in _ROAD_NUMBER.finditer(document.reading):
        hits = gazetteer.search(match[1].replace("-", ""), kinds={"road"}, limit=12)
        if road := next((hit.feature for hit in hits if hit.similarity >= SAME_NAME and hit.feature.country in lands), None):
            yield Node("R", Named(road.id), *match.span(1), road, "the road of that number in the country of the report"), "X"


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

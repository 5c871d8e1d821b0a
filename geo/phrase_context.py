"""What a phrase leaves unsaid: which country's coast, which border, which road, which of the places before.

Everything is inferred from the places of the same report: first those near the phrase, then those of the whole report.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import shapely
from shapely.geometry import Point as Dot

from geo.distances import DEFAULTS
from geo.errors import SalientError
from geo.neighbours import Itself, neighbours
from geo.phrase_text import Node
from geo.projections import distance_km
from geo.recipes import Around, Border, Coast, Where
from geo.records import Feature, Sentence
from geo.shapes import geometry

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["Anchor", "Context"]

ON_ROAD_KM = 12.0  # a road known by waypoints passes this near to the towns that it joins (a choice by hand)
ROADS_WITHIN_KM = 500.0  # roads are looked for this far from the town; their own point is the middle waypoint
BASE_NEAR_KM = 20.0  # "an air base near X"
CAPITAL_WITHIN_KM = 900.0  # of the middle of its country; farther capitals (Moscow) are named where they matter
COAST_BASE_KM = 15.0  # "a naval base on the coast"
MOST_CANDIDATES = 4
SAME_NAME = 0.97  # similarity from which the name is the feature's own, not an alias (see `gazetteer.search`)
LOOK_BACK = 200  # so many names before (or after) a phrase are asked what it leaves out; more are never needed in prose
# How much a mention says about the country that the report is about; by hand, checked on the Idlib report and the briefings in seeds/.
WEIGHT_PLACE, WEIGHT_COUNTRY, WEIGHT_DEMONYM = 2.0, 1.0, 0.5


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place of the report where it stands, with its use."""

    position: int
    feature: Feature
    use: str


@dataclass(slots=True)
class Context:
    """The places and paragraphs of a report, asked for what a phrase leaves out."""

    gazetteer: Gazetteer
    anchors: Sequence[Anchor]
    sentences: Sequence[Sentence]
    seen: list[Node] = field(default_factory=list)
    defaults: Mapping[str, float] = field(default_factory=lambda: DEFAULTS)
    shapes: dict[Where, shapely.Geometry | None] = field(default_factory=dict)
    _positions: list[int] = field(init=False)
    _starts: list[int] = field(init=False)
    _paragraphs: dict[int, int] = field(init=False, default_factory=dict)
    _count: Counter[str] | None = field(init=False, default=None)
    _borders: dict[str, Border | None] = field(init=False, default_factory=dict)
    _ranked: dict[str, list[tuple[int, int]]] = field(init=False, default_factory=dict)
    _roads: dict[tuple[str, str], Feature | None] = field(init=False, default_factory=dict)
    _indexed: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        """Remember where the anchors, sentences and paragraphs begin."""
        self._positions = [anchor.position for anchor in self.anchors]
        self._starts = [sentence.start for sentence in self.sentences]
        for sentence in self.sentences:
            self._paragraphs.setdefault(sentence.paragraph, sentence.start)

    def home(self, position: int, *, without: Sequence[str] = ()) -> str:
        """Return the id of the country that the words around a position are about: "" if there is none."""
        start, end = self._sentence(position)
        before = next((anchor for anchor in self._before(position, start) if self._tells(anchor, without)), None)
        after = next((anchor for anchor in self._after(position, end) if self._tells(anchor, without)), None)
        earlier = (anchor for anchor in self._before(start, self._paragraph(position)) if self._tells(anchor, without))
        told = before or after or next(earlier, None)
        return self.country(told.feature) if told is not None else self.main_country(without=without)

    def main_country(self, *, without: Sequence[str] = ()) -> str:
        """Return the id of the country that the report names most places of."""
        count = self._countries()
        ranked = [country for country, _ in count.most_common() if country not in without]
        return ranked[0] if ranked else ""

    def other_side(self, country: str, position: int) -> str:
        """Return the neighbour of a country that the report is about: the other side of "the border"; "" if it names none."""
        start, end = self._sentence(position)
        here = (*self._before(position, start), *self._after(position, end))
        near = Counter({self.country(anchor.feature): 3 for anchor in here})
        count = self._countries() + near
        return next((other for other, _ in count.most_common() if self.touching(country, other)), "")

    def owner(self, position: int, *, without: Sequence[str] = ()) -> str:
        """Return the country named last before "its border", whatever its use: "Turkey ... its border with Syria"."""
        start, _ = self._sentence(position)
        for anchor in self._before(position, start):
            if anchor.feature.kind == "country" and anchor.feature.id not in without:
                return anchor.feature.id
        return self.home(position, without=without)

    def nearest_border(self, feature: Feature | None, position: int) -> Border | None:
        """Return the border meant by "the border" after a place: with the neighbour of the report that is nearest to it."""
        home = self.country(feature) if feature is not None else self.home(position)
        if not home:
            return None
        if feature is None:
            other = self.other_side(home, position)
            return Border(home, other) if other else None
        if feature.id not in self._borders:
            told = [other for other in self._countries() if self.touching(home, other)]
            here = Dot(feature.lon, feature.lat)
            shapes = [(self.drawn(Border(home, other)), other) for other in told or self.around(home)]
            borders = [(distance_km(here, shape), other) for shape, other in shapes if shape is not None]
            self._borders[feature.id] = Border(home, min(borders)[1]) if borders else None
        return self._borders[feature.id]

    def touching(self, country: str, other: str) -> bool:
        """Say whether two countries are neighbours."""
        return country != other and self.drawn(Border(country, other)) is not None

    def around(self, country: str) -> tuple[str, ...]:
        """Return the neighbours of a country."""
        try:
            return neighbours(country, self.gazetteer) if country.startswith("country:") else ()
        except SalientError:
            return ()

    def country(self, feature: Feature) -> str:
        """Return the id of the country of a feature, or "" for seas and the like."""
        if feature.kind == "country":
            return feature.id
        return f"country:{feature.country}" if feature.country else ""

    def drawn(self, where: Where) -> shapely.Geometry | None:
        """Return the shape of a recipe, None where it has none."""
        if where not in self.shapes:
            try:
                self.shapes[where] = geometry(where, self.gazetteer)
            except SalientError:
                self.shapes[where] = None
        return self.shapes[where]

    def named(self, feature: Feature, kinds: set[str], *, code: str = "") -> Feature | None:
        """Return the feature of another kind that bears the name of a feature in its country: Idlib the province of Idlib the town."""
        for hit in self.gazetteer.search(feature.name, country=feature.country or None, kinds=kinds, limit=5):
            if hit.feature.id != feature.id and (not code or hit.feature.code == code):
                return hit.feature
        return None

    def region(self, name: str, country: str) -> Feature | None:
        """Return the region of exactly that name which the gazetteer makes by a recipe ("northern Mali")."""
        for hit in self.gazetteer.search(name, kinds={"region"}, limit=3):
            if hit.similarity >= SAME_NAME and hit.feature.recipe and hit.feature.country == country:
                return hit.feature
        return None

    def unit(self, feature: Feature, *, level: str = "ADM1") -> Feature | None:
        """Return the province (or district) of a town's name, if it has one."""
        if feature.kind == "admin" and feature.code == level:
            return feature
        found = self.named(feature, {"admin"}, code=level)
        if found is None and level == "ADM1" and feature.kind == "populated" and feature.admin1:
            own = self.get(f"admin1:{feature.admin1}")
            names = {feature.name, *feature.names} if own else set()
            return own if own and (own.name in names or names & set(own.names)) else None
        return found

    def town(self, feature: Feature) -> Feature | None:
        """Return the town of a province's name."""
        return feature if feature.kind == "populated" else self.named(feature, {"populated"})

    def surroundings(self, where: Where | str) -> Around:
        """Return what lies around a place: to the default distance, or written out where that is set otherwise."""
        km = self.defaults["around_km"]
        return Around(where) if km == DEFAULTS["around_km"] else Around(where, km)

    def capital(self, country: str) -> Feature | None:
        """Return the capital of a country: that of the report if it names it, else the one that the gazetteer knows."""
        code = country.removeprefix("country:")
        told = (anchor.feature for anchor in self.anchors)
        own = next((feature for feature in told if feature.code == "PPLC" and feature.country == code), None)
        if own is not None or not country.startswith("country:") or (land := self.get(country)) is None:
            return own
        near = self.gazetteer.near(land.lon, land.lat, radius_km=CAPITAL_WITHIN_KM, kinds={"populated"}, limit=1_000_000)
        return next((feature for feature, _ in near if feature.code == "PPLC" and feature.country == code), None)

    def crossed(self, area: Where | None, line: Where) -> bool:
        """Say whether a line passes through an area: a river through a town."""
        drawn = self.drawn(area) if area is not None else None
        course = self.drawn(line)
        return drawn is not None and course is not None and bool(shapely.intersects(drawn, course))

    def by_sea(self, feature: Feature, km: float) -> bool:
        """Say whether a place lies within a distance of its country's coast."""
        coast = self.drawn(Coast("", home)) if (home := self.country(feature)) else None
        return coast is not None and distance_km(Dot(feature.lon, feature.lat), coast) <= km

    def get(self, feature_id: str) -> Feature | None:
        """Return a feature by its id, None if there is none."""
        try:
            return self.gazetteer.get(feature_id)
        except SalientError:
            return None

    def road(self, a: Feature, b: Feature) -> Feature | None:
        """Return the shortest known road that passes both of two places."""
        if (a.id, b.id) not in self._roads:
            self._roads[a.id, b.id] = self._road(a, b)
        return self._roads[a.id, b.id]

    def _road(self, a: Feature, b: Feature) -> Feature | None:
        ends = (Dot(a.lon, a.lat), Dot(b.lon, b.lat))
        found = []
        for road, _ in self.gazetteer.near(a.lon, a.lat, radius_km=ROADS_WITHIN_KM, kinds={"road"}, limit=60):
            line = self.gazetteer.shape(road)
            if all(shapely.dwithin(line, end, 0.25) and distance_km(end, line) <= ON_ROAD_KM for end in ends):
                found.append((line.length, road.id, road))
        return min(found)[2] if found else None

    def bases(self, kind: str, near: Where) -> tuple[str, ...]:
        """Return the ids of bases of a kind near a place or along a coast, the nearest to it first."""
        shape = self.drawn(near)
        if shape is None:
            return ()
        reach = COAST_BASE_KM if isinstance(near, Coast) else BASE_NEAR_KM
        steps = min(max(int(shape.length * 111 / reach), 1), 80) if shape.geom_type.endswith("LineString") else 1
        spots = [shape.centroid] if steps == 1 else [shape.interpolate(step / steps, normalized=True) for step in range(steps + 1)]
        found: dict[str, float] = {}
        for spot in spots:
            for base in _bases_near(Itself(self.gazetteer), spot.x, spot.y, 2 * reach):
                if _is_kind(base, kind):
                    found[base.id] = distance_km(Dot(base.lon, base.lat), shape)
        ranked = sorted((km, base_id) for base_id, km in found.items() if km <= reach)
        return tuple(base_id for _, base_id in ranked[:MOST_CANDIDATES])

    def last(self, families: str, position: int, *, count: int = 1) -> tuple[Node, ...]:
        """Return the nodes of some families named last before a position, oldest first, without repeats.

        They stand in the same paragraph, or in the sentence before.
        """
        found: dict[Where, Node] = {}
        for node in self.before(families, position):
            if node.where is not None:
                found.setdefault(node.where, node)
            if len(found) == count:
                break
        return tuple(reversed(found.values()))

    def told_last(self, families: str, position: int, fits: Callable[[Node], bool]) -> tuple[Node, ...]:
        """Return the fitting nodes of the last sentence before a position that has any, without repeats, oldest first."""
        found: dict[Where, Node] = {}
        start = None
        for node in self.before(families, position):
            if node.where is None or not fits(node):
                continue
            start = self.sentence_start(node.start) if start is None else start
            if node.start < start:
                break
            found.setdefault(node.where, node)
        return tuple(reversed(found.values()))

    def in_area(self, node: Node) -> bool:
        """Say whether a town's name stands for its province there: "the Kherson region"."""
        outer = self.before("A", node.end + 60, since=max(node.start - 60, 0))
        return any(area.made and area.start <= node.start and node.end <= area.end for area in outer)

    def on_road(self, place: Node, road: Node) -> bool:
        """Say whether a road passes a place."""
        line = self.drawn(road.where) if road.where is not None else None
        if line is None or place.feature is None:
            return False
        return distance_km(Dot(place.feature.lon, place.feature.lat), line) <= ON_ROAD_KM

    @property
    def end(self) -> int:
        """The end of the report."""
        return self.sentences[-1].end if self.sentences else 0

    def sentence_start(self, position: int) -> int:
        """Return where the sentence of a position starts."""
        return self._sentence(position)[0]

    def before(self, families: str, position: int, *, since: int | None = None) -> Iterator[Node]:
        """Yield the nodes of some families that end before a position, the last first, back to the sentence or paragraph before."""
        self._index()
        start = min(self._paragraph(position), self._sentence_before(position)) if since is None else since
        ends = {family: bisect_right(self._ranked.get(family, []), (position, 1)) for family in families}
        for _ in range(LOOK_BACK):
            tops = [(self._ranked[family][end - 1], family) for family, end in ends.items() if end > 0]
            if not tops or max(tops)[0][0] < start:
                return
            (_, negative), family = max(tops)
            ends[family] -= 1
            node = self.seen[-negative]
            if node.start >= start:
                yield node

    def _tells(self, anchor: Anchor, without: Sequence[str]) -> bool:
        country = self.country(anchor.feature)
        return anchor.use == "literal" and anchor.feature.kind not in ("water",) and country != "" and country not in without

    def _countries(self) -> Counter[str]:
        if self._count is None:
            count: Counter[str] = Counter()
            for anchor in self.anchors:
                if country := self.country(anchor.feature):
                    place = WEIGHT_COUNTRY if anchor.feature.kind == "country" else WEIGHT_PLACE
                    count[country] += place if anchor.use == "literal" else WEIGHT_DEMONYM  # type: ignore[assignment]
            self._count = count
        return self._count

    def _before(self, position: int, start: int) -> Iterator[Anchor]:
        """Yield the anchors from a start up to a position, the last first."""
        last = bisect_left(self._positions, position)
        return (anchor for anchor in reversed(self.anchors[max(last - LOOK_BACK, 0) : last]) if anchor.position >= start)

    def _after(self, position: int, end: int) -> Iterator[Anchor]:
        """Yield the anchors from a position up to an end."""
        first = bisect_left(self._positions, position)
        return (anchor for anchor in self.anchors[first : first + LOOK_BACK] if anchor.position < end)

    def _index(self) -> None:
        """Sort the nodes seen since the last question under their families, by their ends."""
        for number in range(self._indexed, len(self.seen)):
            node = self.seen[number]
            insort(self._ranked.setdefault(node.family, []), (node.end, -number))
        self._indexed = len(self.seen)

    def _sentence(self, position: int) -> tuple[int, int]:
        index = bisect_right(self._starts, position) - 1
        return (self.sentences[index].start, self.sentences[index].end) if index >= 0 else (0, position + 1)

    def _sentence_before(self, position: int) -> int:
        """Return where the sentence before that of a position starts."""
        index = bisect_right(self._starts, position) - 2
        return self._starts[index] if index >= 0 else 0

    def _paragraph(self, position: int) -> int:
        """Return where the paragraph of a position starts."""
        index = bisect_right(self._starts, position) - 1
        return self._paragraphs[self.sentences[index].paragraph] if index >= 0 else 0


@lru_cache(maxsize=4096)
def _bases_near(kept: Itself, lon: float, lat: float, km: float) -> tuple[Feature, ...]:
    return tuple(base for base, _ in kept.gazetteer.near(lon, lat, radius_km=km, kinds={"base"}, limit=60))


def _is_kind(base: Feature, kind: str) -> bool:
    code = base.code.lower()
    if kind in ("air_base", "airport"):
        return code in ("air_base", "airport", "airfield", "airp", "airb", "airf")
    return code == kind or (kind == "military_base" and code.endswith("_base"))

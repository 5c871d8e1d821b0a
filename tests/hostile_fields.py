"""A situation in which every hostile string stands in every kind of field, each alone, in a claim, place and party of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
from shapely import LineString, MultiPolygon, Point, box
from shapely.geometry.base import BaseGeometry

from geo import where
from geo.documents import from_text
from geo.earlier import EarlierMap
from geo.errors import UnknownPlace
from geo.records import Actor, Candidate, Claim, Course, Decision, Document, Feature, Mention, Phrase, Place, Span, When
from geo.situation import Situation
from tests.hostile import EVERY, loaded

__all__ = ["DAY", "STRINGS", "TITLE", "situation"]

STRINGS = tuple(dict.fromkeys(filter(str.strip, map(loaded, EVERY))))
"""The strings as they are once a report of them was loaded."""

DAY = dt.date(2020, 3, 5)
TITLE = "{{7*7*7*7*7*7*7*7}}</script><script>window.hacked=1</script> $x^2$ [% @project_path %] %s"
_ACROSS = 18  # places in a row of the grid on which they stand
_STATUSES = ("reported", "claimed", "past", "assessed")  # of what is told as having happened: a row in every table
_LAYERS = ("control", "control", "claimed", "contested", "influence", "overlay", "proposed", "uncertain", "past", "proposed")
_REPORTS = 12


class Grid:
    """A gazetteer of places that stand on a grid round Idlib and are named after the strings."""

    view = "de_facto"

    def __init__(self, features: Sequence[Feature]) -> None:
        self.features = {feature.id: feature for feature in features}

    def get(self, feature_id: str) -> Feature:
        """A place."""
        if feature_id not in self.features:
            raise UnknownPlace(feature_id)
        return self.features[feature_id]

    def shape(self, feature: Feature | str) -> Point:
        """Its point."""
        known = feature if isinstance(feature, Feature) else self.features[feature]
        return Point(known.lon, known.lat)

    def near(self, lon: float, lat: float, *, radius_km: float, kinds: Any = None, limit: int = 20) -> tuple[tuple[Feature, float], ...]:
        """Places that are near."""
        found = (one for one in self.features.values() if abs(one.lon - lon) + abs(one.lat - lat) < radius_km / 100)
        return tuple((one, 1.0) for one in found if kinds is None or one.kind in kinds)[:limit]

    def children(self, feature_id: str) -> tuple[Feature, ...]:
        """None."""
        return ()


class _Maker:
    """Makes records of which each field is a string, the next one in the next field."""

    def __init__(self, strings: Sequence[str]) -> None:
        self.strings = strings

    def nth(self, number: int) -> str:
        return self.strings[number % len(self.strings)]

    def feature(self, number: int) -> Feature:
        return Feature(
            id=f"geonames:{1000 + number}", name=self.nth(number), kind="populated", lon=35.7 + 0.09 * (number % _ACROSS),
            lat=35.2 + 0.07 * (number // _ACROSS), names=(self.nth(number + 1),), code=self.nth(number + 2), country="SY",
            source=self.nth(number + 3), note=self.nth(number + 4), population=20_000,
        )

    def report(self, number: int) -> Document:
        """A report with a paragraph for each of its strings."""
        told = "\n\n".join(self.strings[number::_REPORTS])
        return from_text(
            f"SARAQIB, 5 March 2020\n\n{told}\n\nThe end of {number}.", title=self.nth(number * 23), source=self.nth(number * 23 + 7),
            published=DAY, path=f"{self.nth(number * 23 + 11)}.txt", language="en",
        )

    def actor(self, number: int) -> Actor:
        number %= len(self.strings)
        return Actor(
            id=f"party-{number}", name=self.nth(number), side=self.nth(number + 1), colour="#336699", source=self.nth(number + 2),
        )

    def claim(self, number: int, quote: Span) -> Claim:
        goal = where.parse(f"Named('geonames:{1000 + number}')")
        origin = where.parse(f"Named('geonames:{1000 + (number + 1) % len(self.strings)}')")
        return Claim(
            id=f"c{number}", predicate="attacks", actor=self.actor(number), target=self.actor(number + 1), where=goal,
            when=When(words=self.nth(number + 2)), status=_STATUSES[number % 4], speaker=self.nth(number + 3), evidence=(quote,),
            confidence=0.4, reason=self.nth(number + 4), limits=(self.nth(number + 5), self.nth(number + 6)), made_by="test",
            course=Course(origin=origin, goal=goal) if number % 40 == 7 else None,
        )

    def place(self, number: int, features: Sequence[Feature], mention: Mention) -> Place:
        return Place(
            id=features[number].id, feature=features[number], mentions=(mention,), reason=self.nth(number + 5), confidence=0.9,
            precision=1 + number % 3, rivals=(Candidate(mention=mention, feature=features[number - 1], match="exact", similarity=1),),
        )

    def zone(self, number: int) -> dict[str, Any]:
        west, layer = 35.6 + 0.18 * number, _LAYERS[number]
        shape: BaseGeometry = LineString([(west, 35.0), (west + 0.2, 36.4)]) if number == 9 else box(west, 35.1, west + 0.17, 36.3)
        return {
            "id": f"z{number}", "layer": layer, "actor": self.actor(number).id, "actor_name": self.nth(number), "side": self.nth(number),
            "colour": "#336699", "status": "claimed" if layer == "claimed" else "reported", "predicate": "controls",
            "words": self.nth(number * 31), "claims": (f"c{number}",), "speaker": self.nth(number * 31 + 1), "confidence": 0.4,
            "km2": 120.0, "length_km": 0.0, "vague": number % 3 == 0, "geometry": shape,
        }


def _quotes(strings: Sequence[str], reports: Sequence[Document]) -> tuple[Span, ...]:
    """Where each string stands in the reports."""
    found = []
    for number, words in enumerate(strings):
        report = reports[number % _REPORTS]
        start = report.text.index(f"\n{words}\n") + 1
        found.append(Span(document_id=report.id, start=start, end=start + len(words), quote=words))
    return tuple(found)


def _base() -> EarlierMap:
    empty = gpd.GeoDataFrame({"actor": [], "actor_name": [], "value": []}, geometry=[], crs="EPSG:4326")
    return EarlierMap(
        title=TITLE, credit="<img src=x onerror=window.hacked=1> $x$ publisher", day=DAY, zones=empty, contested=MultiPolygon(),
        actors=(), notes=(),
    )


def situation(strings: Sequence[str] = STRINGS, **changes: Any) -> Situation:
    """Reports, claims, places, parties, zones, corrections, notes and a base map that consist of hostile strings."""
    make = _Maker(strings)
    every = range(len(strings))
    reports = tuple(map(make.report, range(_REPORTS)))
    quotes = _quotes(strings, reports)
    features = tuple(map(make.feature, every))
    named = tuple(Mention(document_id=one.document_id, start=one.start, end=one.end, text=one.quote, kind="populated") for one in quotes)
    phrase = Phrase(
        document_id=quotes[0].document_id, start=quotes[0].start, end=quotes[0].end, text=quotes[0].quote,
        where=where.parse("Buffer('geonames:1001', 20)"), reason=make.nth(9),
    )
    front = {"id": "f1", "a": "party-0", "b": "party-1", "a_name": make.nth(0), "b_name": make.nth(1), "length_km": 22.0}
    line = LineString([(35.78, 35.1), (35.78, 36.3)])
    whole: dict[str, Any] = {
        "documents": reports, "mentions": named, "phrases": (phrase,), "unresolved": named[::5], "actors": tuple(map(make.actor, every)),
        "places": tuple(make.place(number, features, named[number]) for number in every),
        "claims": tuple(make.claim(number, quotes[number]) for number in every),
        "zones": gpd.GeoDataFrame([make.zone(number) for number in range(len(_LAYERS))], geometry="geometry", crs=4326),
        "front_lines": gpd.GeoDataFrame([{**front, "geometry": line}], geometry="geometry", crs=4326),
        "as_of": DAY, "view": "de_facto", "title": TITLE, "gazetteer": Grid(features), "notes": tuple(strings), "base": _base(),
        "decisions": tuple(Decision(target=words, action="reject", value=words, note=words, by=words) for words in strings),
    }
    return Situation(**(whole | changes))

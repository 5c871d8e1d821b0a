"""A situation in which every field that a report can reach holds the same hostile words."""

from __future__ import annotations

import datetime as dt

from shapely import LineString, Point

from geo import where
from geo.records import Actor, Claim, Document, Feature, Mention, Place, Span, When, document_id
from tests.fake_places import HMEIMIM, FakeGazetteer
from tests.fake_situation import FakeSituation, fronts, zone, zones


class HostileGazetteer(FakeGazetteer):
    """Names every feature with the hostile words."""

    def __init__(self, words: str) -> None:
        self.words = words

    def get(self, feature_id: str) -> Feature:
        return Feature(id=feature_id, name=self.words, kind="base", code="port", lon=35.9, lat=35.4, note=self.words)


def hostile(words: str) -> FakeSituation:
    """A report that consists of the words."""
    text = f"{words} held the base, said {words}."
    report = Document(id=document_id(text), text=text, reading=text, title=words, source=words, published=dt.date(2020, 3, 5))
    actor = Actor(id="a", name=words, colour="#b8443c")
    named = Mention(document_id=report.id, start=0, end=len(words), text=words, kind="base")
    lost = Mention(document_id=report.id, start=text.rindex(words), end=text.rindex(words) + len(words), text=words, kind="other")
    recipe = where.Named("base:hmeimim")
    said = [
        Claim(
            id=f"c{number}",
            predicate="controls",
            actor=actor,
            target=actor,
            where=recipe,
            when=When(words=words),
            status=status,
            speaker=words,
            evidence=(Span(document_id=report.id, start=0, end=len(text), quote=text),),
            confidence=0.5,
            reason=words,
            limits=(words,),
            made_by="test",
        )
        for number, status in enumerate(("reported", "claimed", "proposed", "past"))
    ]
    road = LineString([(35.5, 35.0), (36.5, 36.0)])
    drawn = zones(
        [
            zone(1, "control", actor, said[0], HMEIMIM.buffer(0.3), words),
            zone(2, "claimed", actor, said[1], Point(36.4, 35.6).buffer(0.3), words, vague=True),
            zone(3, "proposed", actor, said[2], road, words),
        ]
    )
    place = Place(id="p", feature=HostileGazetteer(words).get("base:hmeimim"), mentions=(named,), reason=words, confidence=0.5, precision=2)
    return FakeSituation(
        documents=(report,),
        mentions=(named, lost),
        places=(place,),
        phrases=(),
        claims=tuple(said),
        unresolved=(lost,),
        zones=drawn,
        front_lines=fronts([{"id": "f", "a": "a", "b": "a", "a_name": words, "b_name": words, "length_km": 9.0, "geometry": road}]),
        actors=(actor,),
        as_of=dt.date(2020, 3, 5),
        title=words,
        gazetteer=HostileGazetteer(words),
        view="de_facto",
    )

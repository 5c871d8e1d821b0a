"""A report and a situation that carry hostile strings in every field: nothing may run, crash, or be shown other than as written."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
from shapely.geometry import LineString, Point, box

from geo.documents import from_text
from geo.records import Actor, Candidate, Claim, Document, Feature, Mention, Phrase, Place, Span, When
from geo.where import parse
from tests.hostile import HOSTILE

# A title stands on one line, so the strings with a line break of their own stay out.
STRINGS = (
    *(words for words in HOSTILE if len(words.splitlines()) == 1), "<script>window.hacked=1</script>", "`${window.hacked=1}`", "@SUM(A1)",
)
ALL = " | ".join(STRINGS)


class OnePlace:
    """A gazetteer with one place, whose name is hostile."""

    view = "de_facto"

    def __init__(self, feature: Feature) -> None:
        self.feature = feature

    def get(self, feature_id: str) -> Feature:
        """The place, whatever is asked for."""
        return self.feature

    def shape(self, feature: Feature | str) -> Point:
        """Its point."""
        return Point(self.feature.lon, self.feature.lat)

    def near(self, lon: float, lat: float, *, radius_km: float, kinds: Any = None, limit: int = 20) -> tuple[tuple[Feature, float], ...]:
        """It, wherever is asked."""
        return ((self.feature, 0.0),) if kinds is None or self.feature.kind in kinds else ()


def situation() -> Any:
    """A situation in which every text that comes from a report, a table or a gazetteer holds every hostile string."""
    from geo.situation import Situation

    document = from_text(f"Idlib. {ALL} End.", title=ALL, source=ALL, path=f"{ALL}.txt")
    feature = Feature(id="geonames:169389", name=ALL, kind="populated", lon=36.63, lat=35.93, names=STRINGS, country="SY", source=ALL)
    mention = Mention(document_id=document.id, start=0, end=5, text="Idlib", kind="populated")
    other = Mention(document_id=document.id, start=7, end=7 + len(ALL), text=ALL, kind="other")
    rival = Candidate(mention=mention, feature=feature, match="exact", similarity=1)
    place = Place(id=feature.id, feature=feature, mentions=(mention,), reason=ALL, confidence=0.9, precision=1, rivals=(rival,))
    actor = Actor(id="hostile", name=ALL, colour="#336699", side=ALL, source=ALL)
    recipe = parse("Named('geonames:169389')")
    claim = Claim(
        id="c1", predicate="controls", actor=actor, target=actor, where=recipe, when=When(words=ALL), status="claimed", speaker=ALL,
        evidence=(Span(document_id=document.id, start=7, end=7 + len(ALL), quote=ALL),), confidence=0.4, reason=ALL, limits=(ALL,),
        made_by="test",
    )
    phrase = Phrase(document_id=document.id, start=7, end=7 + len(ALL), text=ALL, where=recipe, reason=ALL)
    return Situation(
        documents=(document,), mentions=(mention, other), places=(place,), phrases=(phrase,), claims=(claim,), unresolved=(other,),
        zones=zones(actor), front_lines=front_lines(actor), actors=(actor,), as_of=None, view="de_facto", title=ALL,
        gazetteer=OnePlace(feature),
    )


def zones(actor: Actor) -> gpd.GeoDataFrame:
    """One zone, claimed."""
    return gpd.GeoDataFrame(
        [{
            "id": "z1", "layer": "claimed", "actor": actor.id, "actor_name": actor.name, "side": actor.side, "colour": actor.colour,
            "status": "claimed", "predicate": "controls", "words": ALL, "claims": ("c1",), "speaker": ALL, "confidence": 0.4, "km2": 120.0,
            "length_km": 0.0, "vague": False, "geometry": box(36.5, 35.8, 36.8, 36.0),
        }],
        geometry="geometry", crs="EPSG:4326",
    )


def front_lines(actor: Actor) -> gpd.GeoDataFrame:
    """One line between the hostile actor and itself."""
    line = LineString([(36.5, 35.9), (36.8, 35.9)])
    return gpd.GeoDataFrame(
        [{"id": "f1", "a": actor.id, "b": actor.id, "a_name": ALL, "b_name": ALL, "length_km": 22.0, "geometry": line}],
        geometry="geometry", crs="EPSG:4326",
    )


def document() -> Document:
    """A report of hostile strings around the names of real places."""
    return from_text(f"MOSCOW, 5 March 2020 – Rebels hold the city of Idlib, said {ALL}. Troops left Saraqib.", title=ALL, source=ALL)

"""Situations made by hand, for tests of what comes after the reading: Idlib in March 2020, and a war with a front line."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
from shapely import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo import projections, where
from geo.errors import GeometryError, UnknownPlace
from geo.records import Actor, Claim, Decision, Document, Mention, Phrase, Place, Span, When, document_id
from tests.fake_places import (
    FEATURES,
    GOVERNORATE,
    HMEIMIM,
    M4,
    M5,
    REBELS,
    RUSSIA,
    SHAPES,
    STRIP,
    SYRIA,
    TO_THE_BORDER,
    TURKEY,
    FakeGazetteer,
)

TEXT = """MOSCOW - The presidents of Russia and Turkey meet in Moscow on Thursday over the fighting in northern Syria.

Russian-backed forces have pushed into Idlib province, and both sides are fighting for control of Idlib. Turkish guns have struck \
Syrian troops from the Turkish side of the border, near Reyhanli.

Russia has in the past floated the idea of leaving the rebels the city of Idlib and the land up to the border under Turkish \
protection, while Turkey and its allies pull back from two roads: the M5 between Damascus and Aleppo, and the M4 from the coast to \
the Iraqi border. Russia keeps an air base at Hmeimim, and the Kremlin said that Ankara knew this. Two years ago the leaders agreed \
in Sochi on the Black Sea on a buffer that never took hold. Washington watched. Nobody could say where Tell Abyss lies.
"""


@dataclass(frozen=True, kw_only=True, eq=False)
class FakeSituation:
    """Has what `geo.situation.Situation` has; the shapes of recipes are given by hand."""

    documents: tuple[Document, ...]
    mentions: tuple[Mention, ...]
    places: tuple[Place, ...]
    phrases: tuple[Phrase, ...]
    claims: tuple[Claim, ...]
    unresolved: tuple[Mention, ...]
    zones: Any
    front_lines: Any
    actors: tuple[Actor, ...]
    as_of: dt.date | None
    view: str = "de_facto"
    title: str = ""
    gazetteer: Any = field(default_factory=FakeGazetteer)
    settings: dict[str, object] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    recipes: dict[str, BaseGeometry] = field(default_factory=dict)
    base: Any = None
    notes: tuple[str, ...] = ()

    def geometry(self, shape_of: Any) -> BaseGeometry | None:
        recipe = shape_of.where if isinstance(shape_of, Claim | Phrase) else shape_of
        if recipe is None:
            return None
        text = where.text(recipe)
        if text in self.recipes:
            return self.recipes[text]
        try:
            return SHAPES.get(recipe.feature) if isinstance(recipe, where.Named) else where.geometry(recipe, self.gazetteer)
        except (GeometryError, UnknownPlace, KeyError):
            return None


ZONE_COLUMNS = (
    "id", "layer", "actor", "actor_name", "side", "colour", "status", "predicate", "words", "claims", "speaker", "confidence",
    "km2", "length_km", "vague", "geometry",
)


def zone(
    number: int, layer: str, actor: Actor | None, claim: Claim, shape: BaseGeometry, words: str, *, vague: bool = False
) -> dict[str, Any]:
    """One row of a zones frame."""
    return {
        "id": f"zone-{number}",
        "layer": layer,
        "actor": actor.id if actor else "",
        "actor_name": actor.name if actor else "",
        "side": actor.side if actor else "",
        "colour": actor.colour if actor else "",
        "status": claim.status,
        "predicate": claim.predicate,
        "words": words,
        "claims": (claim.id,),
        "speaker": claim.speaker,
        "confidence": claim.confidence,
        "km2": projections.area_km2(shape) if "Polygon" in shape.geom_type else 0.0,
        "length_km": projections.length_km(shape) if "Line" in shape.geom_type else 0.0,
        "vague": vague,
        "geometry": shape,
    }


def zones(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """A zones frame."""
    return gpd.GeoDataFrame(rows, columns=list(ZONE_COLUMNS), geometry="geometry", crs="EPSG:4326")


def fronts(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """A frame of front lines."""
    return gpd.GeoDataFrame(
        rows, columns=["id", "a", "b", "a_name", "b_name", "length_km", "geometry"], geometry="geometry", crs="EPSG:4326"
    )


def document(text: str = TEXT, *, title: str = "Two presidents, one province", source: str = "Salient test desk") -> Document:
    """A report."""
    return Document(id=document_id(text), text=text, reading=text, title=title, source=source, published=dt.date(2020, 3, 5))


def mention(report: Document, words: str, kind: Any = "populated", *, use: Any = "literal", nth: int = 0) -> Mention:
    """The nth occurrence of some words."""
    start = -1
    for _ in range(nth + 1):
        start = report.text.index(words, start + 1)
    return Mention(document_id=report.id, start=start, end=start + len(words), text=words, kind=kind, use=use, recogniser="test")


def place(feature_id: str, *mentions: Mention, precision: int = 1, confidence: float = 0.9) -> Place:
    """A place."""
    return Place(
        id=f"place-{feature_id}",
        feature=FEATURES[feature_id],
        mentions=mentions,
        reason="the only place of this name in the report's countries",
        confidence=confidence,
        precision=precision,
    )


def claim(name: str, report: Document, quote: str, **values: Any) -> Claim:
    """A claim on some words of a report."""
    start = report.text.index(quote)
    usual: dict[str, Any] = {
        "predicate": "controls",
        "actor": None,
        "target": None,
        "where": None,
        "when": When(),
        "status": "reported",
        "speaker": "",
        "confidence": 0.6,
        "reason": "the verb names the act, actor and place stand in one clause",
        "limits": ("It does not say where the line runs.",),
        "made_by": "test",
    }
    span = Span(document_id=report.id, start=start, end=start + len(quote), quote=quote)
    return Claim(id=name, evidence=(span,), **usual | values)


def idlib(**changes: Any) -> FakeSituation:
    """Idlib, March 2020: a proposal, a fight, a base, a meeting; nobody's control."""
    report = document()
    recipe = {
        name: where.parse(text)
        for name, text in {
            "city": 'Union("geonames:169389", Until("geonames:169389", Border("country:SY", "country:TR")))',
            "m5": 'RoadSection("road:sy-m5", "geonames:170654", "geonames:170063")',
            "m4": 'RoadSection("road:sy-m4", Coast(country="country:SY"), Border("country:SY", "country:IQ"))',
            "strip": 'Strip(Border("country:SY", "country:TR"), 15, "country:TR")',
            "idlib": 'Named("admin1:SY-ID")',
            "base": 'Named("base:hmeimim")',
            "moscow": 'Named("geonames:524901")',
            "sochi": 'Named("geonames:491422")',
            "north": 'Part("country:SY", "north")',
        }.items()
    }
    proposal = TEXT[TEXT.index("Russia has in the past") : TEXT.index(", while Turkey")]
    roads = TEXT[TEXT.index("while Turkey") : TEXT.index(". Russia keeps")]
    past = When(words="in the past")
    claims = (
        claim(
            "c-city",
            report,
            proposal,
            predicate="proposes",
            actor=REBELS,
            where=recipe["city"],
            status="proposed",
            speaker="Russia",
            when=past,
            confidence=0.85,
            limits=("A proposal, and a past one: it changes nobody's hold.",),
        ),
        claim(
            "c-m5",
            report,
            roads,
            predicate="withdraws",
            actor=TURKEY,
            where=recipe["m5"],
            status="proposed",
            speaker="Russia",
            when=past,
            confidence=0.8,
        ),
        claim(
            "c-m4",
            report,
            roads,
            predicate="withdraws",
            actor=TURKEY,
            where=recipe["m4"],
            status="proposed",
            speaker="Russia",
            when=past,
            confidence=0.8,
        ),
        claim(
            "c-fight", report, "both sides are fighting for control of Idlib", predicate="contests", where=recipe["idlib"], confidence=0.7
        ),
        claim(
            "c-strike",
            report,
            "Turkish guns have struck Syrian troops from the Turkish side of the border",
            predicate="attacks",
            actor=TURKEY,
            target=SYRIA,
            where=recipe["strip"],
        ),
        claim(
            "c-base", report, "Russia keeps an air base at Hmeimim", predicate="bases", actor=RUSSIA, where=recipe["base"], confidence=0.7
        ),
        claim(
            "c-meet",
            report,
            "The presidents of Russia and Turkey meet in Moscow on Thursday",
            predicate="meets",
            actor=RUSSIA,
            target=TURKEY,
            where=recipe["moscow"],
            when=When(words="on Thursday"),
        ),
        claim(
            "c-sochi",
            report,
            "Two years ago the leaders agreed in Sochi on the Black Sea on a buffer",
            predicate="agrees",
            actor=RUSSIA,
            where=recipe["sochi"],
            status="past",
            when=When(words="two years ago"),
        ),
    )
    by = {c.id: c for c in claims}
    drawn = zones(
        [
            zone(
                1,
                "proposed",
                REBELS,
                by["c-city"],
                TO_THE_BORDER,
                "the city of Idlib, with the territory to the Syria-Turkey border",
                vague=True,
            ),
            zone(2, "proposed", TURKEY, by["c-m5"], M5, "the M5 from Damascus to Aleppo"),
            zone(3, "proposed", TURKEY, by["c-m4"], M4, "the M4 from the coast to the Iraq border"),
            zone(4, "contested", None, by["c-fight"], GOVERNORATE, "Idlib governorate"),
            zone(5, "influence", RUSSIA, by["c-base"], HMEIMIM, "Hmeimim air base"),
        ]
    )
    moscow, sochi, black = mention(report, "Moscow"), mention(report, "Sochi"), mention(report, "Black Sea", "water")
    places = (
        place("geonames:524901", mention(report, "MOSCOW"), moscow),
        place("geonames:491422", sochi),
        place("sea:black-sea", black, precision=7),
        place("geonames:169389", mention(report, "Idlib", nth=2), mention(report, "Idlib", nth=1)),
        place("admin1:SY-ID", mention(report, "Idlib", "admin"), precision=4),
        place("geonames:170654", mention(report, "Damascus")),
        place("geonames:170063", mention(report, "Aleppo")),
        place("geonames:300797", mention(report, "Reyhanli"), precision=2),
        place("base:hmeimim", mention(report, "Hmeimim", "base")),
        place("country:SY", mention(report, "Syria", "country"), precision=6),
        place("country:TR", mention(report, "Turkey", "country"), mention(report, "Turkish", "country", use="demonym"), precision=6),
        place("road:sy-m4", mention(report, "M4", "road"), precision=5),
        place("road:sy-m5", mention(report, "M5", "road"), precision=5),
    )
    kremlin, ankara = mention(report, "Kremlin", "actor", use="metonym"), mention(report, "Ankara", use="metonym")
    lost = mention(report, "Tell Abyss")
    start = report.text.index("northern Syria")
    made = FakeSituation(
        documents=(report,),
        mentions=tuple(sorted({m for p in places for m in p.mentions} | {kremlin, ankara, lost}, key=lambda m: m.start)),
        places=places,
        phrases=(
            Phrase(
                document_id=report.id,
                start=start,
                end=start + 14,
                text="northern Syria",
                where=recipe["north"],
                reason="a direction and a country",
            ),
        ),
        claims=claims,
        unresolved=(lost,),
        zones=drawn,
        front_lines=fronts([]),
        actors=(RUSSIA, TURKEY, SYRIA, REBELS),
        as_of=dt.date(2020, 3, 5),
        title=report.title,
        recipes={where.text(recipe["strip"]): STRIP, where.text(recipe["north"]): box(35.8, 35.6, 42.3, 37.2)},
    )
    return replace(made, **changes)


CONTROL_TEXT = (
    "Government forces hold Homs and the coast, a monitor said on Monday. The opposition holds the north around Idlib. "
    "Both fight for Saraqib. The opposition says that it has taken Hama. A buffer zone along the line was agreed in May. "
    "In 2016 the opposition held eastern Aleppo."
)


def control_map() -> FakeSituation:
    """Two parties, a front line, a contested patch, a claimed one, an overlay and something past."""
    report = document(CONTROL_TEXT, title="Who holds what")
    recipe = where.parse('Named("admin1:SY-ID")')
    said = {
        "g": claim("c-g", report, "Government forces hold Homs and the coast", actor=SYRIA, where=recipe),
        "o": claim("c-o", report, "The opposition holds the north around Idlib", actor=REBELS, where=recipe),
        "f": claim("c-f", report, "Both fight for Saraqib", predicate="contests", where=recipe),
        "c": claim(
            "c-c",
            report,
            "The opposition says that it has taken Hama",
            actor=REBELS,
            where=recipe,
            status="claimed",
            speaker="Syrian opposition",
            confidence=0.35,
        ),
        "b": claim("c-b", report, "A buffer zone along the line was agreed in May", predicate="agrees", where=recipe, status="agreed"),
        "p": claim("c-p", report, "In 2016 the opposition held eastern Aleppo", actor=REBELS, where=recipe, status="past"),
    }
    line = LineString(
        [(35.95, 35.85), (36.2, 35.65), (36.45, 35.55), (36.62, 35.45), (36.85, 35.55), (37.0, 35.8), (36.95, 36.1), (36.9, 36.45)]
    )
    north = Polygon([*line.coords, (36.55, 36.5), (36.4, 36.2), (36.2, 35.95)])
    south = Polygon([*line.coords, (38.2, 36.4), (38.6, 35.2), (38.0, 34.2), (36.6, 34.3), (35.95, 34.7), (35.8, 35.3)])
    drawn = zones(
        [
            zone(1, "control", SYRIA, said["g"], south, "Homs and the coast"),
            zone(2, "control", REBELS, said["o"], north, "the north around Idlib", vague=True),
            zone(3, "contested", None, said["f"], Point(36.8, 35.86).buffer(0.14), "Saraqib"),
            zone(4, "claimed", REBELS, said["c"], Point(36.75, 35.13).buffer(0.2), "Hama"),
            zone(5, "overlay", None, said["b"], line.buffer(0.09), "a buffer along the line"),
            zone(6, "past", REBELS, said["p"], box(37.16, 36.1, 37.3, 36.3), "eastern Aleppo"),
        ]
    )
    places = (place("geonames:169389", mention(report, "Idlib")),)
    front = fronts(
        [
            {
                "id": "front-1",
                "a": SYRIA.id,
                "b": REBELS.id,
                "a_name": SYRIA.name,
                "b_name": REBELS.name,
                "length_km": projections.length_km(line),
                "geometry": line,
            }
        ]
    )
    return FakeSituation(
        documents=(report,),
        mentions=places[0].mentions,
        places=places,
        phrases=(),
        claims=tuple(said.values()),
        unresolved=(),
        zones=drawn,
        front_lines=front,
        actors=(SYRIA, REBELS),
        as_of=dt.date(2020, 3, 5),
        title=report.title,
    )

"""Twenty zones round real towns, forty places, events and ways of attack, on two days: what the budgets of the outputs are set for."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import geopandas as gpd
from shapely import LineString, Polygon

from geo import where
from geo.documents import from_text
from geo.records import Actor, Claim, Course, Feature, Mention, Place, Span, When
from geo.situation import Situation

__all__ = ["ZONES", "situation"]

ZONES, PLACES, CORNERS = 20, 40, 400
DAYS = (dt.date(2024, 4, 2), dt.date(2024, 5, 14))
_LAYERS = ("control", "control", "claimed", "contested")
_PARTIES = tuple(
    Actor(id=name, name=name.capitalize(), kind="state", side=name, colour=colour)
    for name, colour in (("north", "#b8443c"), ("south", "#2f6690"))
)


def _ground(feature: Feature, number: int) -> Polygon:
    """A ragged area round a town, with several hundred corners."""
    turns = [2 * math.pi * step / CORNERS for step in range(CORNERS)]
    reach = [0.16 * (1 + 0.18 * math.sin(5 * turn + number) + 0.05 * math.sin(41 * turn) + 0.03 * math.cos(97 * turn)) for turn in turns]
    return Polygon([
        (feature.lon + 1.45 * far * math.cos(turn), feature.lat + far * math.sin(turn)) for turn, far in zip(turns, reach, strict=True)
    ])


def _towns(gazetteer: Any) -> tuple[Feature, ...]:
    """Large towns of the Donets basin, none too near to another."""
    found: list[Feature] = []
    near = gazetteer.near(37.6, 48.4, radius_km=260, kinds=("populated",), limit=3000)
    for feature, _ in sorted(near, key=lambda one: (-one[0].population, one[0].id)):
        if all(math.hypot(feature.lon - one.lon, 1.5 * (feature.lat - one.lat)) > 0.3 for one in found):
            found.append(feature)
        if len(found) == PLACES:
            return tuple(found)
    raise AssertionError(f"The gazetteer has {len(found)} towns there.")


def situation(gazetteer: Any) -> Situation:
    """The situation, with the shipped gazetteer."""
    towns = _towns(gazetteer)
    reports = tuple(
        from_text(
            "\n\n".join(f"Forces of the {_PARTIES[number % 2].name} said that they held {town.name}, and shelled the road to it."
                        for number, town in enumerate(towns)) + f"\n\nWritten on {day}.",
            title=f"The front on {day:%d %B}", source="Salient test desk", published=day, language="en",
        )
        for day in DAYS
    )
    sentences = [next(line for line in reports[number % 2].text.split("\n\n") if town.name in line) for number, town in enumerate(towns)]
    starts = [reports[number % 2].text.index(sentence) for number, sentence in enumerate(sentences)]

    def claim(number: int) -> Claim:
        town, day, report = towns[number], DAYS[number % 2], reports[number % 2]
        start, sentence = starts[number], sentences[number]
        zone = number < ZONES
        goal, origin = (where.Named(towns[place].id) for place in (number, (number * 7 + 3) % PLACES))
        return Claim(
            id=f"c{number}", predicate="controls" if zone else "attacks", actor=_PARTIES[number % 2], target=_PARTIES[(number + 1) % 2],
            where=where.Named(town.id), when=When(start=day, end=day, precision="day", words=str(day)),
            status="claimed" if number % 4 == 2 else "reported", speaker="North" if number % 4 == 2 else "", confidence=0.6,
            evidence=(Span(document_id=report.id, start=start, end=start + len(sentence), quote=sentence),), reason="said in one clause",
            limits=("It does not say where the line runs.",), made_by="test", course=None if zone else Course(origin=origin, goal=goal),
        )

    claims = tuple(map(claim, range(PLACES)))
    named = tuple(
        Mention(document_id=reports[number % 2].id, start=(at := reports[number % 2].text.index(town.name)), end=at + len(town.name),
                text=town.name, kind="populated")
        for number, town in enumerate(towns)
    )
    rows = [
        {
            "id": f"z{number}", "layer": (layer := _LAYERS[number % 4]), "actor": (actor := _PARTIES[number % 2]).id,
            "actor_name": actor.name, "side": actor.side, "colour": actor.colour, "status": "claimed" if layer == "claimed" else "reported",
            "predicate": "controls", "words": towns[number].name, "claims": (f"c{number}",), "speaker": "", "confidence": 0.6, "km2": 900.0,
            "length_km": 0.0, "vague": number % 5 == 0, "geometry": _ground(towns[number], number),
        }
        for number in range(ZONES)
    ]
    line = LineString([(35.5 + 0.2 * step, 48.9 - 0.1 * step + 0.15 * math.sin(step)) for step in range(18)])
    front = {"id": "f1", "a": "north", "b": "south", "a_name": "North", "b_name": "South", "length_km": 300.0, "geometry": line}
    return Situation(
        documents=reports, mentions=named, phrases=(), claims=claims, unresolved=(), actors=_PARTIES, as_of=DAYS[-1], view=gazetteer.view,
        places=tuple(
            Place(id=town.id, feature=town, mentions=(named[number],), reason="the largest of the name", confidence=0.9, precision=1)
            for number, town in enumerate(towns)
        ),
        zones=gpd.GeoDataFrame(rows, geometry="geometry", crs=4326), front_lines=gpd.GeoDataFrame([front], geometry="geometry", crs=4326),
        title="Twenty towns and who is said to hold them", gazetteer=gazetteer,
    )

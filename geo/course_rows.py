"""Arrows and siege rings as rows of the layers' frames: what a movement's line carries.

An arrow comes beside the sign of its claim, never instead of it, and quotes the same sentence. Claims that tell the same course share
one arrow, and those of one siege one ring.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from shapely.geometry.base import BaseGeometry

from geo import where
from geo.movements import Arrow, arrows, is_ringed, siege_arc
from geo.projections import area_km2, length_km
from geo.records import Claim
from geo.rows import Paint, first_capital, row, said_status
from geo.symbology import style

__all__ = ["course_rows"]

_ACTS = {"advances": "advance", "attacks": "attack", "withdraws": "withdrawal"}
_AHEAD = {"advances": "towards", "attacks": "on", "withdraws": "to"}
_NOT_DRAWN = ("denied",)
_RING = ("The ring is a sign for a siege; the text does not say where the lines run.",)
LARGEST_SIEGE_KM2 = 5_000.0  # a ring round more than that shows no siege: "the island is blockaded"


def course_rows(paint: Paint) -> Iterable[dict[str, Any]]:
    """Yield a row for each arrow, stub and siege ring of a situation's claims; what is denied has none."""
    for alike in _alike(paint.situation.claims):
        course = alike[0].course
        found: Sequence[Arrow] = arrows(course, paint.situation.geometry) if course is not None else ()
        for number, one in enumerate(found, start=1):
            name = f"{alike[0].id}-course" + (f"-{number}" if number > 1 else "")
            yield _row(paint, alike, name, one.line, one.kind, _title(paint, alike[0]), one.limits)
    for alike in _sieges(paint.situation.claims):
        ring = _ring(paint, alike[0])
        if ring is not None and alike[0].where is not None:
            yield _row(paint, alike, f"{alike[0].id}-siege", ring, "siege", f"Siege of {paint.words(alike[0].where)}", _RING)


def _alike(claims: Iterable[Claim]) -> list[list[Claim]]:
    """The claims that move or fire, those of one course together."""
    groups: dict[object, list[Claim]] = {}
    for claim in claims:
        if claim.course is not None and claim.predicate in _ACTS and claim.status not in _NOT_DRAWN:
            groups.setdefault((claim.predicate, claim.actor and claim.actor.id, claim.course, claim.status), []).append(claim)
    return list(groups.values())


def _sieges(claims: Iterable[Claim]) -> list[list[Claim]]:
    """The claims of sieges, those of one place together; of a siege that goes on, what is past of it is left out."""
    groups: dict[tuple[where.Where, bool], list[Claim]] = {}
    for claim in claims:
        if is_ringed(claim) and claim.where is not None:
            groups.setdefault((claim.where, claim.status == "past"), []).append(claim)
    return [alike for (place, past), alike in groups.items() if not (past and (place, False) in groups)]


def _ring(paint: Paint, claim: Claim) -> BaseGeometry | None:
    """The ring of a siege round the area of its place, or its arcs on the sides that the text names."""
    shape = paint.situation.geometry(claim.where) if claim.where is not None else None
    if shape is None or shape.is_empty or "Line" in shape.geom_type or area_km2(shape) > LARGEST_SIEGE_KM2:
        return None
    sides = tuple((way + 180) % 360 for way in claim.course.bearings) if claim.course is not None else ()
    return siege_arc(shape, sides=sides)


def _row(
    paint: Paint, claims: Sequence[Claim], name: str, line: BaseGeometry, kind: str, title: str, limits: Sequence[str]
) -> dict[str, Any]:
    claim = max(claims, key=lambda one: one.confidence)
    past, grey, known = claim.status == "past", style()["neutral"], paint.evidence(claims)
    actor = next((one.actor for one in claims if one.actor is not None), None)
    return row(
        paint,
        **known
        | {
            "id": name,
            "layer": "past" if past else "contested" if kind == "siege" else "events",
            "title": title,
            "actor": actor.id if actor else "",
            "actor_name": actor.name if actor else "",
            "colour": grey if past or actor is None else paint.colours.get(actor.id, grey),
            "status": claim.status,
            "status_words": said_status(claim.status, claim.predicate, claim.speaker),
            "predicate": claim.predicate,
            "words": title,
            "recipe": where.text(claim.where) if claim.where else "",
            "length_km": length_km(line) if kind != "siege" else 0.0,
            "limits": tuple(dict.fromkeys((*limits, *known["limits"]))),
            "course": kind,
            "vague": True,
            "geometry": line,
        },
    )


def _title(paint: Paint, claim: Claim) -> str:
    """The course in words: "Advance from Izium to Sloviansk", "Attack on Saraqib from the north"."""
    course = claim.course
    assert course is not None
    said = "fire" if course.fire else _ACTS[claim.predicate]
    if course.origin is not None:
        said += f" from {paint.words(course.origin)}"
    if course.goal is not None:
        said += f" {'at' if course.fire else _AHEAD[claim.predicate]} {paint.words(course.goal)}"
    if course.bearings and course.origin is None:
        said += " from " + " and ".join(f"the {_side(way + 180)}" for way in course.bearings)
    elif course.bearings and course.goal is None:
        said += " to " + " and ".join(f"the {_side(way)}" for way in course.bearings)
    if course.along is not None:
        said += f" along {paint.words(course.along)}"
    return first_capital(said)


def _side(way: float) -> str:
    """A bearing as a compass word."""
    return next(name for name, degrees in where.DIRECTIONS.items() if degrees == way % 360)

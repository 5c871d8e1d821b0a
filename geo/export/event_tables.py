"""Claims of things that happened, as tables in the columns of ACLED and of the UCDP GED.

A row is what one claim says and no more: what it does not say stays empty, deaths above all (an empty cell is not 0). Only what is said
to have happened is a row. Left out is what is proposed, demanded, intended, conditional, denied or agreed for later, since a row would
count it as an event; and what is a state and no event: control that lasts, bases, support, a meeting. Which predicate is which type of
event is a row of data/event_types.csv, after the published codebooks; the first row that fits counts.

Columns: ACLED Codebook (2023); UCDP GED Codebook, version 24.1 (Sundberg and Melander 2013, Journal of Peace Research 50(4):523-532).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shapely.geometry.base import BaseGeometry

from geo import datafiles, where
from geo.choices import DEFAULT, Choices
from geo.errors import DataError, UnknownPlace
from geo.export.vector import cell
from geo.projections import area_km2

if TYPE_CHECKING:
    from geo.records import Actor, Claim, Feature
    from geo.situation import Situation

__all__ = ["ACLED", "HAPPENED", "UCDP", "write_acled", "write_ucdp"]

ACLED = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type", "actor1", "assoc_actor_1",
    "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting", "iso", "region", "country", "admin1", "admin2",
    "admin3", "location", "latitude", "longitude", "geo_precision", "source", "source_scale", "notes", "fatalities", "tags", "timestamp",
)
"""The columns of an ACLED export."""

UCDP = (
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id", "conflict_name",
    "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b",
    "number_of_sources", "source_article", "source_office", "source_date", "source_headline", "source_original", "where_prec",
    "where_coordinates", "where_description", "adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid", "country",
    "country_id", "region", "event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians",
    "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob",
)
"""The columns of the UCDP GED."""

HAPPENED = ("reported", "claimed", "assessed", "past")
"""Statuses of what is said to have happened; of an agreement, also "agreed"."""

# What the codebooks call how exactly a day is known, by the precision of a claim's words; others leave the cell empty.
_ACLED_DAY = {"day": "1", "days": "2", "week": "2", "part of month": "3", "month": "3"}
_UCDP_DAY = {"day": "1", "days": "2", "week": "3", "part of month": "4", "month": "4", "part of year": "5", "season": "5", "year": "5"}
_NO_DAY = ("publication", "unknown", "")  # the words give no day: the report was printed then, no more
_ACLED_WHERE = {1: "1", 2: "2", 3: "2", 4: "3", 5: "3", 6: "3", 7: "3"}  # UCDP's classes of places in ACLED's three
_FIRE = " [from afar]"  # follows the words of an act of which the claim says that shells or aircraft cross the ground
_NEAR_KM2 = 2_000.0  # a circle of 25 km, UCDP's class 2
_SPOT_KM2 = 60.0  # a town


@dataclass(frozen=True, slots=True, kw_only=True)
class _Type:
    """A row of data/event_types.csv."""

    predicate: str
    act: re.Pattern[str]
    actor: str
    target: str
    disorder_type: str
    event_type: str
    sub_event_type: str
    violent: bool


def write_acled(situation: Situation, path: Path, choices: Choices = DEFAULT) -> None:
    """Write the events that claims tell of, one row each, in the columns of ACLED, as UTF-8.

    Ids are those of the claims, no ids of ACLED; `notes` is the sentence, `tags` hold status, speaker and confidence.
    """
    _write(path, ACLED, (_acled(situation, *event) for event in _events(situation)))


def write_ucdp(situation: Situation, path: Path, choices: Choices = DEFAULT) -> None:
    """Write the violent events that claims tell of, one row each, in the columns of the UCDP GED, as UTF-8.

    UCDP counts an event only where somebody died; no row here says so, and the columns of deaths are empty.
    """
    _write(path, UCDP, (_ucdp(situation, *event) for event in _events(situation) if event[1].violent))


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)


@lru_cache(maxsize=1)
def _types() -> tuple[_Type, ...]:
    columns = ("predicate", "act", "actor", "target", "disorder_type", "event_type", "sub_event_type", "violent", "source")
    found = []
    for line, row in datafiles.rows("event_types.csv", required=columns):
        try:
            act = re.compile(row["act"], re.IGNORECASE)
        except re.error as error:
            raise DataError(f"event_types.csv, line {line}: {row['act']!r} is no pattern ({error}).") from error
        named = {name: row[name] for name in columns if name not in ("act", "violent", "source")}
        found.append(_Type(act=act, violent=row["violent"] == "yes", **named))
    return tuple(found)


def _events(situation: Situation) -> Iterator[tuple[Claim, _Type, _Site]]:
    """The claims that tell of an event, with its type and where it was."""
    for claim in situation.claims:
        if claim.status not in HAPPENED and not (claim.predicate == "agrees" and claim.status == "agreed"):
            continue
        site = _Site(situation, claim)
        found = next((kind for kind in _types() if _fits(kind, claim, site)), None)
        if found:
            yield claim, found, site


def _fits(kind: _Type, claim: Claim, site: _Site) -> bool:
    act = " ".join(span.quote for span in claim.evidence if span.role == "act") + (_FIRE if claim.course and claim.course.fire else "")
    if kind.predicate != claim.predicate or (kind.act.pattern and not kind.act.search(act)):
        return False
    state = claim.actor is not None and claim.actor.kind == "state"
    home = state and claim.actor is not None and bool(site.country) and claim.actor.country == site.country
    other = claim.actor is not None and not home and (not state or bool(site.country))
    met = {"": True, "known": claim.actor is not None, "state_at_home": home, "other": other}
    return met[kind.actor] and (not kind.target or claim.target is not None)


class _Site:
    """Where a claim lies: a point, the names of its units, and how exactly the words place it (UCDP's classes)."""

    def __init__(self, situation: Situation, claim: Claim) -> None:
        self.lat = self.lon = self.country = self.country_name = self.admin1 = self.words = self.wkt = ""
        self.precision = 0
        shape = situation.geometry(claim) if claim.where is not None else None
        if claim.where is None or shape is None or shape.is_empty:
            return
        self.words = where.words(claim.where, situation.gazetteer)
        named = claim.where.feature if isinstance(claim.where, where.Named) else ""
        place = next((p for p in situation.places if named and p.feature.id == named), None)
        spot = shape.representative_point()
        lon, lat = (place.feature.lon, place.feature.lat) if place else (spot.x, spot.y)
        self.lon, self.lat, self.wkt = f"{lon:.5f}", f"{lat:.5f}", f"POINT ({lon:.5f} {lat:.5f})"
        self.precision = place.precision if place else _precision(shape)
        for unit in _units(situation, lon, lat, place.feature if place else None):
            if unit.id.startswith("admin1:") and self.precision < 5:
                self.admin1 = unit.name
            elif unit.kind == "country":
                self.country, self.country_name = unit.country or unit.id.partition(":")[2], unit.name


def _precision(shape: BaseGeometry) -> int:
    """UCDP's class of a described place: exact, within 25 km, or a line or region."""
    size = area_km2(shape) if "Polygon" in shape.geom_type else 0.0
    if "Line" in shape.geom_type or size > _NEAR_KM2:
        return 5
    return 1 if size <= _SPOT_KM2 else 2


def _units(situation: Situation, lon: float, lat: float, feature: Feature | None) -> tuple[Feature, ...]:
    """The country and first-level unit of a point, in the view of the situation."""
    if feature is not None and feature.kind in ("country", "water"):
        return (feature,)
    if feature is not None and (feature.country or feature.admin1):
        found = []
        for name in (f"country:{feature.country}" if feature.country else "", f"admin1:{feature.admin1}" if feature.admin1 else ""):
            try:
                found += [situation.gazetteer.get(name)] if name else []
            except UnknownPlace:
                continue  # a unit that this gazetteer has no row for stays unnamed
        return tuple(found)
    containing = getattr(situation.gazetteer, "containing", None)
    return containing(lon, lat) if containing else ()


def _acled(situation: Situation, claim: Claim, kind: _Type, site: _Site) -> dict[str, Any]:
    document = situation.document(claim.evidence[0].document_id)
    told, exact = claim.when, _ACLED_DAY.get(claim.when.precision, "")
    one_year = told.start and told.precision not in _NO_DAY and (told.end is None or told.end.year == told.start.year)
    return {
        "event_id_cnty": claim.id, "event_date": told.start.isoformat() if told.start and exact else "",
        "year": str(told.start.year) if told.start and one_year else "", "time_precision": exact if told.start else "",
        "disorder_type": kind.disorder_type, "event_type": kind.event_type, "sub_event_type": kind.sub_event_type, **_side("1",
        claim.actor, site), **_side("2", claim.target, site),
        "country": site.country_name, "admin1": site.admin1, "location": site.words, "latitude": site.lat, "longitude": site.lon,
        "geo_precision": _ACLED_WHERE.get(site.precision, ""), "source": document.source, "notes": claim.evidence[0].quote,
        "tags": _tags(situation, claim),
    }


def _side(number: str, actor: Actor | None, site: _Site) -> dict[str, str]:
    """A party and its kind, as far as it is known: whether a group is a rebel group or a militia is not."""
    if actor is None:
        return {}
    home = actor.kind == "state" and site.country and actor.country == site.country
    abroad = (actor.kind == "state" and site.country and actor.country) or actor.kind == "alliance"
    return {f"actor{number}": actor.name, f"inter{number}": "State Forces" if home else "External/Other Forces" if abroad else ""}


def _tags(situation: Situation, claim: Claim) -> str:
    document, day = situation.document(claim.evidence[0].document_id), situation.as_of
    told = {
        "made with": "Salient", "predicate": claim.predicate, "status": claim.status, "speaker": claim.speaker,
        "confidence": f"{claim.confidence:.2f}", "when": claim.when.words,
        "report of": document.published.isoformat() if document.published else "", "report": document.title,
        "as of": day.isoformat() if day else "", "borders": f"{situation.view} view",
        "note": "what the report says, not what is so",
    }
    return "; ".join(f"{name}={value}" for name, value in told.items() if value)


def _ucdp(situation: Situation, claim: Claim, kind: _Type, site: _Site) -> dict[str, Any]:
    document = situation.document(claim.evidence[0].document_id)
    dated = claim.when.precision not in _NO_DAY
    start, end = (claim.when.start, claim.when.end or claim.when.start) if dated else (None, None)
    first, second, violence = _sides(claim)
    return {
        "id": claim.id, "year": str(start.year) if start else "", "type_of_violence": violence,
        "dyad_name": f"{first} - {second}" if first and second else "", "side_a": first, "side_b": second, "number_of_sources": "1",
        "source_article": ", ".join(filter(None, (document.source, document.title))), "source_office": document.source,
        "source_date": document.published.isoformat() if document.published else "", "source_headline": document.title,
        "source_original": claim.speaker, "where_prec": str(site.precision or ""), "where_coordinates": site.words,
        "where_description": claim.evidence[0].quote, "adm_1": site.admin1, "latitude": site.lat, "longitude": site.lon,
        "geom_wkt": site.wkt, "country": site.country_name, "date_prec": _UCDP_DAY.get(claim.when.precision, "") if start else "",
        "date_start": start.isoformat() if start else "", "date_end": end.isoformat() if end else "",
    }


def _sides(claim: Claim) -> tuple[str, str, str]:
    """The two sides, a state first as UCDP has it, and the type of violence: 1 with a state, 2 between others; one side alone has none."""
    parties = [actor for actor in (claim.actor, claim.target) if actor is not None]
    ordered = sorted(parties, key=lambda actor: actor.kind != "state")
    names = [actor.name for actor in ordered] + ["", ""]
    violence = "" if len(parties) < 2 else "1" if ordered[0].kind == "state" else "2"
    return names[0], names[1], violence

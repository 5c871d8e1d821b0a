"""Tables of events in the columns of ACLED or of the UCDP GED, as reports whose claims are already read.

Each row becomes a line of one document (its day, its place, its notes) and, where its type says something of a place, one claim whose
sentence is that line. Which type is which claim is a row of data/event_claims.csv; what has none there (protests, arrests) is left out
and counted. The publisher's terms go with the map: both ask to be cited.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from shapely import Point

from geo import actors, datafiles
from geo.claims import LIMITS
from geo.documents import from_text
from geo.errors import InputError
from geo.names import fold
from geo.points import point_id
from geo.projections import distance_km
from geo.records import Actor, Claim, Document, Feature, Mention, Place, Predicate, Span, When
from geo.situation import Reading, Situation
from geo.where import Named

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["events", "events_of", "is_events"]

MOST = 100_000  # rows of one table; more are split by year or country
CONFIDENCE = {1: 0.8, 2: 0.7, 3: 0.5}  # by how exactly the table locates: a paper's word, less where the place is a district or province
RADIUS_M = {1: 1_000, 2: 25_000, 3: 60_000}
NEAR_KM = 5.0  # a place of the gazetteer that bears the name and lies this near is the one meant
DAYS = {1: 0, 2: 6, 3: 30}  # how long after the first day the event may have been, by ACLED's time_precision
_ACLED = frozenset({"event_date", "event_type", "sub_event_type", "actor1", "latitude", "longitude"})
_UCDP = frozenset({"type_of_violence", "side_a", "date_start", "latitude", "longitude"})
_FORCES = re.compile(r"^(?:Military|Police) Forces of (?:the )?(?P<state>.+?)(?:\s*\(.*)?$")  # how both codebooks call a state's forces
_YEARS = re.compile(r"\s*\(\d{4}-\d{0,4}\).*$")
_TITLES = ("ACLED", "UCDP GED")
_MADE_BY = "import of a table of events"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """A row, whichever table it is of."""

    number: int
    predicate: Predicate
    actor: str
    target: str
    place: str
    lon: float
    lat: float
    grade: int
    first: dt.date
    last: dt.date
    source: str
    notes: str

    def line(self) -> str:
        told = self.notes or f"{self.actor or 'Somebody'}, {self.predicate}{f', {self.target}' if self.target else ''}."
        return f"{self.first.isoformat()}, {self.place}: {told}"


def is_events(path: str | Path) -> bool:
    """Say whether a file is a table in the columns of ACLED or UCDP.

    Examples
    --------
    >>> is_events("report.txt")
    False
    """
    file = Path(path)
    if file.suffix.lower() != ".csv" or not file.is_file():
        return False
    with file.open("rb") as opened:
        first = opened.readline(100_000).decode("utf-8-sig", "replace")
    return bool(_kind({name.strip().strip('"').lower() for name in re.split("[,;\t]", first)}))


def events(path: str | Path, *, gazetteer: Gazetteer) -> tuple[Reading, tuple[str, ...]]:
    """Return the events of a table as one report with its claims, and in words what was left out.

    Parameters
    ----------
    path
        A .csv file of ACLED or of the UCDP GED, UTF-8.
    gazetteer
        Places that bear a row's name near its coordinates are taken from it; others are points.

    Raises
    ------
    InputError
        If it is no such table, is too long, or no row of it says anything of a place.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read ({error}); give a table of ACLED or UCDP as CSV in UTF-8.") from error
    heads = text.split("\n", 1)[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if heads.count(";") > heads.count(",") else ",")
    kind = _kind({str(name).strip().lower() for name in rows.fieldnames or ()})
    if not kind:
        raise InputError(f"{file.name} has neither the columns of ACLED ({', '.join(sorted(_ACLED))}) nor those of UCDP.")
    found, silent, broken = [], 0, []
    for number, row in enumerate(rows, 2):
        if number > MOST + 1:
            raise InputError(f"{file.name} has more than {MOST:,} rows; split it by year or country.")
        try:
            event = _event(number, {str(k).strip().lower(): str(v or "").strip() for k, v in row.items() if k}, kind)
        except (ValueError, KeyError) as error:
            broken.append(f"{file.name}, row {number}: {error}")
            continue
        silent += event is None
        found += [event] if event else []
    if not found:
        raise InputError(f"No row of {file.name} says anything of a place{f' ({broken[0]})' if broken else ''}.")
    told = [f"{silent} of its rows say nothing of who is where (protests, arrests and the like)."] if silent else []
    return _reading(file, kind, found, gazetteer), (*broken[:20], *(f"{file.name}: {words}" for words in told))


def events_of(situation: Situation) -> tuple[Reading, ...]:
    """Return the tables of events that a situation holds, as they were read: without what other reports did to the confidence of claims."""
    tables = {mention.document_id for mention in situation.mentions if mention.recogniser in _TITLES}
    readings = []
    for document in situation.documents:
        if document.id not in tables:
            continue
        mentions = tuple(mention for mention in situation.mentions if mention.document_id == document.id)
        named = ((place, tuple(one for one in place.mentions if one.document_id == document.id)) for place in situation.places)
        places = tuple(
            Place(id=place.id, feature=place.feature, mentions=own, reason=f"as {document.source} locates it", confidence=0.95, precision=1)
            for place, own in named if own
        )
        claims = tuple(_as_coded(claim) for claim in situation.claims if claim.evidence[0].document_id == document.id)
        readings.append(Reading(document=document, mentions=mentions, places=places, phrases=(), claims=claims))
    return tuple(readings)


def _as_coded(claim: Claim) -> Claim:
    """A claim of a table as it was before it was weighed against others."""
    name = claim.where.feature if isinstance(claim.where, Named) else ""
    ends = {grade: point_id(0, 0, radius_m=metres).partition(";")[2] for grade, metres in RADIUS_M.items() if grade > 1}
    grade = next((grade for grade, end in ends.items() if name.endswith(f";{end}")), 1)
    reason = "; ".join(claim.reason.split("; ")[: 1 + (grade > 1)])
    return replace(claim, confidence=CONFIDENCE[grade], reason=reason, limits=claim.limits[:2])


def _kind(names: set[str]) -> str:
    return "acled" if names >= _ACLED else "ucdp" if names >= _UCDP else ""


@lru_cache(maxsize=1)
def _predicates() -> Mapping[tuple[str, str, str], str]:
    rows = datafiles.rows("event_claims.csv", required=("table", "event_type", "sub_event_type", "predicate", "note", "source"))
    return {(row["table"], row["event_type"].lower(), row["sub_event_type"].lower()): row["predicate"] for _, row in rows}


def _event(number: int, row: Mapping[str, str], kind: str) -> _Event | None:
    """A row as an event; None where its type says nothing of a place."""
    acled = kind == "acled"
    names = (row["event_type"].lower(), row["sub_event_type"].lower()) if acled else (row["type_of_violence"], "")
    known = _predicates()
    predicate = known.get((kind, *names)) or known.get((kind, names[0], ""))
    if not predicate:
        return None
    lat, lon = float(row["latitude"]), float(row["longitude"])
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"the position {lat:g}, {lon:g} is nowhere on earth")
    first = _day(row["event_date"] if acled else row["date_start"])
    days = DAYS.get(_number(row.get("time_precision", ""), 1), 30)
    last = first + dt.timedelta(days=days) if acled else _day(row["date_end"]) if row.get("date_end") else first
    grade = _number(row.get("geo_precision" if acled else "where_prec", ""), 1)
    notes = row.get("notes" if acled else "source_headline", "")
    return _Event(
        number=number, predicate=cast(Predicate, predicate), actor=row.get("actor1" if acled else "side_a", ""),
        target=row.get("actor2" if acled else "side_b", ""), lon=lon, lat=lat, grade=min(max(grade, 1), 3), first=first,
        last=max(first, last), place=row.get("location" if acled else "where_coordinates") or f"{lat:.4f}, {lon:.4f}",
        source=row.get("source" if acled else "source_office", ""), notes=" ".join(notes.split()),
    )


def _day(words: str) -> dt.date:
    """The day as both tables write it: 2023-01-12, with or without a time, or ACLED's "12 January 2023"."""
    try:
        return dt.date.fromisoformat(words[:10])
    except ValueError:
        return dt.datetime.strptime(words, "%d %B %Y").replace(tzinfo=dt.UTC).date()


def _number(words: str, otherwise: int) -> int:
    return int(words) if words.isdigit() else otherwise


def _reading(file: Path, kind: str, found: list[_Event], gazetteer: Gazetteer) -> Reading:
    lines = [event.line() for event in found]
    newest, title = max(event.last for event in found), "ACLED" if kind == "acled" else "UCDP GED"
    head = f"{title} events, {file.name}"
    document = from_text("\n".join(lines), title=head, source=title, published=newest, path=str(file), language="en")
    spots: dict[tuple[str, float, float, int], Feature] = {}
    mentions: dict[str, list[Mention]] = {}
    claims, start = [], 0
    for event, line in zip(found, lines, strict=True):
        key = event.place, event.lon, event.lat, event.grade
        feature = spots.get(key) or spots.setdefault(key, _feature(event, gazetteer))
        begin = start + line.index(event.place)
        end = begin + len(event.place)
        mention = Mention(document_id=document.id, start=begin, end=end, text=event.place, kind="populated", recogniser=title)
        mentions.setdefault(feature.id, []).append(mention)
        claims.append(_claim(event, document, (start, start + len(line)), mention, feature, title))
        start += len(line) + 1
    by_id = {feature.id: feature for feature in spots.values()}
    places = tuple(
        Place(id=name, feature=by_id[name], mentions=tuple(named), reason=f"as {title} locates it", confidence=0.95, precision=1)
        for name, named in mentions.items()
    )
    named = tuple(mention for many in mentions.values() for mention in many)
    return Reading(
        document=document, mentions=tuple(sorted(named, key=lambda one: one.start)), places=places, phrases=(), claims=tuple(claims)
    )


def _claim(event: _Event, document: Document, line: tuple[int, int], mention: Mention, feature: Feature, title: str) -> Claim:
    key = f"{document.id}|{event.number}|{event.predicate}"
    words = event.first.isoformat() if event.first == event.last else f"{event.first.isoformat()} to {event.last.isoformat()}"
    located = "" if event.grade == 1 else "; the table locates it in a larger area only"
    spans = [(*line, "sentence"), (mention.start, mention.end, "place")]
    return Claim(
        id="e" + hashlib.sha256(key.encode()).hexdigest()[:10], predicate=event.predicate, where=Named(feature.id),
        actor=_actor(event.actor), target=_actor(event.target), status="reported",
        when=When(start=event.first, end=event.last, precision="day", words=words),
        speaker=event.source or title, confidence=CONFIDENCE[event.grade], reason=f"coded by {title}{located}",
        evidence=tuple(Span(document_id=document.id, start=a, end=b, quote=document.text[a:b], role=role) for a, b, role in spans),  # type: ignore[arg-type]
        limits=(LIMITS[event.predicate], f"The event is as {title} coded it; see its codebook."), made_by=_MADE_BY,
    )


def _feature(event: _Event, gazetteer: Gazetteer) -> Feature:
    """The place of the gazetteer that bears the name near by, else a point under the table's name."""
    here = Point(event.lon, event.lat)
    hits = gazetteer.search(event.place, kinds=("populated", "base", "other"), limit=60) if event.grade == 1 else ()
    near = ((distance_km(here, Point(hit.feature.lon, hit.feature.lat)), hit.feature.id, hit.feature) for hit in hits)
    if (found := min(near, default=None, key=lambda one: one[:2])) and found[0] <= NEAR_KM:
        return found[2]
    spot = point_id(event.lon, event.lat, radius_m=RADIUS_M[event.grade])
    return Feature(id=spot, name=event.place, kind="populated", lon=event.lon, lat=event.lat, source="the table of events")


@lru_cache(maxsize=4096)
def _actor(words: str) -> Actor | None:
    """The party that a table's name means; one that is not known keeps its name."""
    name = _YEARS.sub("", words).strip()
    if not name or name.lower().startswith(("civilians", "unidentified")):
        return None
    who, state = actors.shipped(), _FORCES.match(words)
    found = (who.named(state["state"]) if state else None) or who.named(name) or who.by_form(name)
    return found or Actor(id="named:" + re.sub(r"\W+", "-", fold(name)).strip("-"), name=name, source="a table of events")

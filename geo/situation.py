"""From reports to a situation: the straight line, one statement a stage.

    documents -> mentions -> candidates -> places -> phrases -> claims -> zones -> layers -> map, exports

A `Situation` is a function of its documents, the decisions of its readers, the settings and the gazetteer; it never changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from geo import actors as who
from geo import claims as claim_stage
from geo import decisions as corrections
from geo import phrases as phrase_stage
from geo import recognition, resolution, where, window, zones
from geo.distances import chosen
from geo.earlier import EarlierMap
from geo.errors import GeometryError, InputError, NothingToMap
from geo.languages import READ
from geo.names import fold
from geo.progress import Within, hearing, tell
from geo.readers import ClaimReader, notes_of
from geo.records import Actor, Claim, Decision, Document, Mention, Phrase, Place

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.gazetteer import Gazetteer
    from geo.own_layers import OwnLayer
    from geo.where import Where

__all__ = ["Progress", "Reading", "Situation", "Within", "gather", "read", "read_document"]

Progress = Callable[[int, int, str], None]
"""Told (reports done, reports in all, what is being done); raise from it to cancel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one document says: its mentions, places, described areas and claims."""

    document: Document
    mentions: tuple[Mention, ...]
    places: tuple[Place, ...]
    phrases: tuple[Phrase, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Situation:
    """Everything that some reports say, resolved and drawn; `zones` and `front_lines` are GeoDataFrames in EPSG:4326.

    `own` are layers of the reader's own (`geo.own_layers`), which no report says.
    """

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
    view: str
    title: str
    gazetteer: Gazetteer
    settings: Mapping[str, object] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    base: EarlierMap | None = None
    notes: tuple[str, ...] = ()
    own: tuple[OwnLayer, ...] = ()

    def geometry(self, shape_of: Claim | Phrase | Where | None) -> BaseGeometry | None:
        """Return the shape of a claim, phrase or recipe (EPSG:4326), or None where the words fix none."""
        recipe = shape_of.where if isinstance(shape_of, Claim | Phrase) else shape_of
        if recipe is None:
            return None
        try:
            return where.geometry(recipe, self.gazetteer)
        except GeometryError:
            return None

    def document(self, document_id: str) -> Document:
        """Return the document of that id.

        Raises
        ------
        InputError
            If the situation has no such document.
        """
        for document in self.documents:
            if document.id == document_id:
                return document
        raise InputError(f"The situation holds no document {document_id!r}; it holds {', '.join(d.id for d in self.documents)}.")


def read(
    documents: Iterable[Document],
    *,
    gazetteer: Gazetteer,
    as_of: dt.date | None = None,
    decisions: Iterable[Decision] = (),
    settings: Mapping[str, object] | None = None,
    progress: Progress | None = None,
    allow_empty: bool = False,
    base: EarlierMap | None = None,
    reader: ClaimReader = claim_stage.read_claims,
    further: Iterable[Reading] = (),
) -> Situation:
    """Read reports into a situation.

    Parameters
    ----------
    documents
        The reports, in the order in which they are shown; the same text twice counts once.
    gazetteer
        Where names are looked up; its `view` decides disputed borders.
    as_of
        The day that the map shows; by default the latest date of publication. Claims of later days are left out, and with the
        setting `window` those of more than so many days before.
    progress
        Called before each report and at the end.
    allow_empty
        Whether a report that names no place gives an empty situation instead of an error.
    base
        An earlier map, which the reports bring up to date.
    reader
        Who reads the claims; by default the rules that ship (`geo.readers` has the others).
    further
        What has been read already, such as tables of events (`geo.event_import`); it stands after the reports.

    Raises
    ------
    NothingToMap
        If no report names a place that the gazetteer knows.
    """
    settings, decisions = dict(settings or {}), tuple(decisions)
    distinct = tuple({document.id: document for document in documents}.values())
    tell = progress or _silent
    readings = tuple(
        read_document(document, gazetteer=gazetteer, decisions=decisions, reader=reader, settings=settings)
        for number, document in enumerate(distinct)
        if tell(number, len(distinct), "reading") is None
    )
    tell(len(distinct), len(distinct), "drawing")
    told = (*readings, *further)
    whole = gather(told, gazetteer=gazetteer, as_of=as_of, decisions=decisions, settings=settings, allow_empty=allow_empty, base=base)
    return replace(whole, notes=(*whole.notes, *notes_of(reader, distinct)))


def gather(
    readings: Iterable[Reading],
    *,
    gazetteer: Gazetteer,
    as_of: dt.date | None = None,
    decisions: Iterable[Decision] = (),
    settings: Mapping[str, object] | None = None,
    allow_empty: bool = False,
    base: EarlierMap | None = None,
) -> Situation:
    """Put what reports say together into the situation of a day; the arguments are those of `read`, with the reports already read.

    Raises
    ------
    NothingToMap
        If no report of that time names a place that the gazetteer knows.
    """
    settings, decisions = dict(settings or {}), tuple(decisions)
    told = tuple(replace(reading, claims=corrections.correct_claims(reading.claims, decisions)) for reading in readings)
    day = as_of or max((reading.document.published for reading in told if reading.document.published), default=None)
    seen, notes = _in_view(told, day, settings)
    if told and not seen and not allow_empty:
        raise NothingToMap(
            f"All {len(told)} reports are of other days than the map shows ({day}); give another --as-of or a longer --window."
        )
    if not allow_empty and not any(reading.places for reading in seen):
        raise NothingToMap("The text names no place that the gazetteer knows; give a report that names places, or add your own places.")
    documents = tuple(reading.document for reading in seen)
    claims = claim_stage.corroborate(tuple(claim for reading in seen for claim in reading.claims), documents)
    drawn = zones.draw(claims, gazetteer=gazetteer, as_of=day, settings=settings, base=base)
    return Situation(
        documents=documents,
        mentions=_all(seen, "mentions"),
        places=_merged(seen),
        phrases=_all(seen, "phrases"),
        claims=claims,
        unresolved=_unresolved(seen),
        zones=drawn.zones,
        front_lines=drawn.front_lines,
        actors=_actors(claims, base),
        as_of=day,
        view=gazetteer.view,
        title=_title(documents),
        gazetteer=gazetteer,
        settings=settings,
        decisions=decisions,
        base=base,
        notes=(*(base.notes if base else ()), *notes),
    )


def read_document(
    document: Document, *, gazetteer: Gazetteer, decisions: tuple[Decision, ...] = (), reader: ClaimReader = claim_stage.read_claims,
    settings: Mapping[str, object] | None = None, recognised: tuple[Mention, ...] | None = None, progress: Within | None = None,
) -> Reading:
    """Read one document: the stages of the line that need no other document; of `settings`, the distances that words leave open count.

    `recognised` is what `geo.recognition.recognise` finds in it, where that is known; `progress` is told how far the reading is.
    """
    with hearing(progress):
        found = recognised if recognised is not None else recognition.recognise(document, gazetteer=gazetteer)
        tell("places", 0.0)
        made = corrections.touching(document, (fold(mention.text) for mention in found), decisions)
        mentions = corrections.correct_mentions(found, document, made, gazetteer=gazetteer)
        candidates = corrections.correct_candidates(resolution.candidates(mentions, gazetteer=gazetteer), made, gazetteer=gazetteer)
        resolved = resolution.resolve(document, candidates, mentions=mentions, gazetteer=gazetteer)
        places = corrections.correct_places(resolved, mentions, document, made, gazetteer=gazetteer)
        if document.language in READ:  # phrases and claims are read in English only
            return Reading(document=document, mentions=mentions, places=places, phrases=(), claims=())
        tell("areas", 0.0)
        phrases = phrase_stage.describe(document, mentions=mentions, places=places, gazetteer=gazetteer, defaults=chosen(settings or {}))
        tell("claims", 0.0)
        claims = reader(document, mentions=mentions, places=places, phrases=phrases, gazetteer=gazetteer, actors=who.shipped())
        corrected = corrections.correct_claims(claims, decisions)
        return Reading(document=document, mentions=mentions, places=places, phrases=phrases, claims=corrected)


def _silent(done: int, total: int, doing: str) -> None:
    """Tell nobody."""


def _all(readings: tuple[Reading, ...], stage: str) -> tuple[Any, ...]:
    return tuple(value for reading in readings for value in getattr(reading, stage))


def _merged(readings: tuple[Reading, ...]) -> tuple[Place, ...]:
    """One place per feature: the surest reading of it, with the mentions of all."""
    by_feature: dict[str, list[Place]] = {}
    for reading in readings:
        for place in reading.places:
            by_feature.setdefault(place.feature.id, []).append(place)
    return tuple(_merge(same) for same in by_feature.values())


def _merge(same: list[Place]) -> Place:
    best = max(same, key=lambda place: place.confidence)
    return Place(
        id=best.id,
        feature=best.feature,
        mentions=tuple(mention for place in same for mention in place.mentions),
        reason=best.reason,
        confidence=best.confidence,
        precision=best.precision,
        rivals=best.rivals,
    )


def _unresolved(readings: tuple[Reading, ...]) -> tuple[Mention, ...]:
    """Mentions of places that no gazetteer entry was chosen for."""
    return tuple(
        mention
        for reading in readings
        for settled in ({m for place in reading.places for m in place.mentions},)
        for mention in reading.mentions
        if mention.kind not in ("actor", "date", "border") and mention not in settled
    )


def _in_view(readings: tuple[Reading, ...], day: dt.date | None, settings: Mapping[str, object]) -> tuple[tuple[Reading, ...], list[str]]:
    """Return the readings of the time that the map shows, with the claims that hold then, and what was left out, in words."""
    days = float(str(settings["window"])) if settings.get("window") else None
    documents = tuple(reading.document for reading in readings)
    held = window.on_the_day((claim for r in readings for claim in r.claims), documents, as_of=day, window_days=days)
    claims: dict[str, list[Claim]] = {}
    for claim in held.claims:
        claims.setdefault(claim.evidence[0].document_id, []).append(claim)
    near = {document.id for document in window.reports_in_view(documents, as_of=day, window_days=days)} | claims.keys()
    kept = tuple(replace(r, claims=tuple(claims.get(r.document.id, ()))) for r in readings if r.document.id in near or len(readings) == 1)
    return kept, window.notes(held, left_out=len(readings) - len(kept), as_of=day, window_days=days)


def _actors(claims: tuple[Claim, ...], base: EarlierMap | None) -> tuple[Actor, ...]:
    known = [actor for claim in claims for actor in (claim.actor, claim.target) if actor]
    return tuple({actor.id: actor for actor in (*known, *(base.actors if base else ()))}.values())


def _title(documents: tuple[Document, ...]) -> str:
    if len(documents) == 1:
        return documents[0].title or "One report"
    return f"{len(documents)} reports"

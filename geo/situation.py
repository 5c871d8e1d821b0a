"""From reports to a situation: the straight line, one statement a stage.

    documents -> mentions -> candidates -> places -> phrases -> claims -> zones -> layers -> map, exports

A `Situation` is a function of its documents, the decisions of its readers, the settings and the gazetteer; it never changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geo import actors as who
from geo import claims as claim_stage
from geo import decisions as corrections
from geo import phrases as phrase_stage
from geo import recognition, resolution, where, zones
from geo.errors import GeometryError, InputError, NothingToMap
from geo.languages import READ
from geo.records import Actor, Claim, Decision, Document, Mention, Phrase, Place

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.gazetteer import Gazetteer
    from geo.where import Where

__all__ = ["Progress", "Reading", "Situation", "read", "read_document"]

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
    """Everything that some reports say, resolved and drawn; `zones` and `front_lines` are GeoDataFrames in EPSG:4326."""

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
) -> Situation:
    """Read reports into a situation.

    Parameters
    ----------
    documents
        The reports, in the order in which they are shown; the same text twice counts once.
    gazetteer
        Where names are looked up; its `view` decides disputed borders.
    as_of
        The day that the map shows; by default the latest date of publication.
    progress
        Called before each report and at the end.
    allow_empty
        Whether a report that names no place gives an empty situation instead of an error.

    Raises
    ------
    NothingToMap
        If no report names a place that the gazetteer knows.
    """
    settings, decisions = dict(settings or {}), tuple(decisions)
    distinct = tuple({document.id: document for document in documents}.values())
    tell = progress or _silent
    readings = tuple(
        read_document(document, gazetteer=gazetteer, decisions=decisions)
        for number, document in enumerate(distinct)
        if tell(number, len(distinct), "reading") is None
    )
    if not allow_empty and not any(reading.places for reading in readings):
        raise NothingToMap("The text names no place that the gazetteer knows; give a report that names places, or add your own places.")
    tell(len(distinct), len(distinct), "drawing")
    day = as_of or max((d.published for d in distinct if d.published), default=None)
    claims = claim_stage.corroborate(tuple(claim for reading in readings for claim in reading.claims), distinct)
    drawn = zones.draw(claims, gazetteer=gazetteer, as_of=day, settings=settings)
    return Situation(
        documents=distinct,
        mentions=_all(readings, "mentions"),
        places=_merged(readings),
        phrases=_all(readings, "phrases"),
        claims=claims,
        unresolved=_unresolved(readings),
        zones=drawn.zones,
        front_lines=drawn.front_lines,
        actors=_actors(claims),
        as_of=day,
        view=gazetteer.view,
        title=_title(distinct),
        gazetteer=gazetteer,
        settings=settings,
        decisions=decisions,
    )


def read_document(document: Document, *, gazetteer: Gazetteer, decisions: tuple[Decision, ...] = ()) -> Reading:
    """Read one document: the stages of the line that need no other document."""
    mentions = corrections.correct_mentions(recognition.recognise(document, gazetteer=gazetteer), document, decisions)
    candidates = resolution.candidates(mentions, gazetteer=gazetteer)
    resolved = resolution.resolve(document, candidates, mentions=mentions, gazetteer=gazetteer)
    places = corrections.correct_places(resolved, mentions, document, decisions, gazetteer=gazetteer)
    if document.language in READ:  # phrases and claims are read in English only
        return Reading(document=document, mentions=mentions, places=places, phrases=(), claims=())
    phrases = phrase_stage.describe(document, mentions=mentions, places=places, gazetteer=gazetteer)
    claims = claim_stage.read_claims(document, mentions=mentions, places=places, phrases=phrases, gazetteer=gazetteer, actors=who.shipped())
    return Reading(
        document=document, mentions=mentions, places=places, phrases=phrases, claims=corrections.correct_claims(claims, decisions)
    )


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


def _actors(claims: tuple[Claim, ...]) -> tuple[Actor, ...]:
    return tuple({actor.id: actor for claim in claims for actor in (claim.actor, claim.target) if actor}.values())


def _title(documents: tuple[Document, ...]) -> str:
    if len(documents) == 1:
        return documents[0].title or "One report"
    return f"{len(documents)} reports"

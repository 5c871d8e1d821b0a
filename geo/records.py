"""The values that pass between the stages: frozen, slotted, keyword-only, checked once when made.

Offsets are half-open and count characters of the unchanged `Document.text`. Coordinates are EPSG:4326,
x = longitude, y = latitude, in degrees.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geo.errors import InputError

if TYPE_CHECKING:
    from geo.where import Where

__all__ = [
    "Actor",
    "Candidate",
    "Claim",
    "Course",
    "Decision",
    "Document",
    "Feature",
    "Hit",
    "Kind",
    "Match",
    "Mention",
    "Phrase",
    "Place",
    "Predicate",
    "Role",
    "Sentence",
    "Span",
    "Status",
    "Use",
    "When",
    "document_id",
]

Kind = Literal["populated", "admin", "country", "road", "base", "water", "region", "border", "other", "actor", "date"]
"""What a mention names. All but border, actor and date are toponyms."""

Use = Literal["literal", "metonym", "demonym"]
"""literal: the place itself; metonym: those who govern or act from it; demonym: of it ("Turkish")."""

Match = Literal["exact", "alias", "fuzzy"]

Role = Literal["sentence", "act", "actor", "target", "place", "speaker", "origin", "goal", "bearing", "along"]
"""What words of evidence stand for in a claim; the last four tell of its course."""

Status = Literal["reported", "claimed", "assessed", "agreed", "proposed", "conditional", "intended", "denied", "past"]

Predicate = Literal[
    "controls",
    "contests",
    "besieges",
    "attacks",
    "advances",
    "withdraws",
    "hands_over",
    "proposes",
    "demands",
    "meets",
    "bases",
    "patrols",
    "supports",
    "agrees",
    "located",
]


_UNUSABLE = re.compile("[\x00\ud800-\udfff]")


def document_id(text: str) -> str:
    """Return the id of a text: the first 12 hex digits of its SHA-256.

    Examples
    --------
    >>> document_id("Idlib")
    '3c1d9f7dbea8'
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One report, as it was written.

    `text` is the original, never changed. `reading` is the same text repaired for reading (machine damage, broken
    entities); it has exactly the length of `text`, so that an offset into one is an offset into the other.
    """

    id: str
    text: str
    reading: str
    title: str = ""
    source: str = ""
    published: dt.date | None = None
    language: str = "en"
    path: str = ""

    def __post_init__(self) -> None:
        if _UNUSABLE.search(self.text):
            raise InputError("The text holds NUL or lone surrogate characters; load it through geo.documents, which removes them.")
        if len(self.reading) != len(self.text):
            raise InputError(f"The repaired text has {len(self.reading)} characters and the original {len(self.text)}; they must be equal.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a document, with the paragraph that it stands in (counted from 0)."""

    document_id: str
    start: int
    end: int
    paragraph: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Words of a document that are evidence: `document.text[start:end] == quote`; `role` says which part of a claim they are."""

    document_id: str
    start: int
    end: int
    quote: str
    role: Role = "sentence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name in the text: `document.text[start:end] == text`.

    `name` is what the gazetteer is asked for, where the text writes it otherwise: a case ending undone, a word of another language.
    """

    document_id: str
    start: int
    end: int
    text: str
    kind: Kind
    use: Use = "literal"
    recogniser: str = ""
    score: float = 1.0
    name: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end or self.end - self.start != len(self.text):
            raise InputError(f"A mention of {self.text!r} cannot span {self.start}-{self.end}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A named thing of the gazetteer.

    `id` is one of ``country:SY``, ``admin1:SY-ID``, ``geonames:170063``, ``road:sy-m5``, ``sea:black-sea``,
    ``river:...``, ``lake:...``, ``region:donbas``, ``base:hmeimim``, ``airport:OSLK``, ``historic:east-germany``, or another
    gazetteer's own. `lon` and `lat` are a representative point in degrees; the shape is `gazetteer.shape(feature)`, unless
    `recipe` says in words of `geo.where` how to make it. `start` and `end` date states that are gone.
    """

    id: str
    name: str
    kind: Kind
    lon: float
    lat: float
    names: tuple[str, ...] = ()
    code: str = ""
    country: str = ""
    admin1: str = ""
    population: int = 0
    geonameid: int | None = None
    recipe: str = ""
    vague: bool = False
    start: str = ""
    end: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A feature that a search found, how its name matched and how closely (0 to 1)."""

    feature: Feature
    match: Match
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A feature that a mention may mean; 0 <= similarity <= 1."""

    mention: Mention
    feature: Feature
    match: Match
    similarity: float

    def __post_init__(self) -> None:
        if not 0 <= self.similarity <= 1:
            raise InputError(f"The similarity of {self.mention.text!r} is {self.similarity}; it must lie between 0 and 1.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What some mentions of a document mean: a feature, the reason for it, and the candidates not chosen.

    `precision` follows UCDP: 1 exact location, 2 within 25 km, 3 district, 4 province, 5 line or vague region,
    6 country, 7 sea or air.
    """

    id: str
    feature: Feature
    mentions: tuple[Mention, ...]
    reason: str
    confidence: float
    precision: int
    rivals: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words that describe a place or an area, and the recipe that they stand for."""

    document_id: str
    start: int
    end: int
    text: str
    where: Where
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A state, group or alliance that may hold or do something."""

    id: str
    name: str
    kind: str = "group"
    side: str = ""
    country: str = ""
    colour: str = ""
    allies: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """When the fact holds (not when the article was printed); None is open. `words` is what the text says."""

    start: dt.date | None = None
    end: dt.date | None = None
    precision: str = "unknown"
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Where an act comes from and where it goes, as far as its sentence says.

    `bearings` are the ways in which it moves, in degrees clockwise from north ("from the north" is 180, "northwards" 0). `along` is the
    road, river or coast that it follows. `fire` says that shells or aircraft cross the ground, and nobody moves.
    """

    origin: Where | None = None
    goal: Where | None = None
    bearings: tuple[float, ...] = ()
    along: Where | None = None
    fire: bool = False

    def __post_init__(self) -> None:
        if self.origin is None and self.goal is None and not self.bearings and self.along is None:
            raise InputError("A course needs an origin, a goal, a bearing or a road.")
        if any(not 0 <= bearing < 360 for bearing in self.bearings):
            raise InputError(f"A course has the bearings {self.bearings}; they must lie between 0 and 360 degrees.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who is said to do what, where and when, by whom, and with which status.

    `evidence` begins with the sentence; the words of the act, the actor, the target, the place and the course follow where they are known.
    `limits` says in words what the claim does not show; it is never empty. `reason` explains `confidence`.
    """

    id: str
    predicate: Predicate
    actor: Actor | None
    target: Actor | None
    where: Where | None
    when: When
    status: Status
    speaker: str
    evidence: tuple[Span, ...]
    confidence: float
    reason: str
    limits: tuple[str, ...]
    made_by: str
    course: Course | None = None

    def __post_init__(self) -> None:
        if not self.evidence:
            raise InputError("A claim needs at least one sentence as evidence.")
        if not self.limits:
            raise InputError("A claim must say what it does not show (limits).")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A correction by a person; append-only, and applying it twice is applying it once.

    `document` and `start` say in which text, and at which character of it, where the scope needs that; see `geo.decisions`.
    """

    target: str
    action: str
    value: str = ""
    scope: Literal["here", "document", "desk"] = "here"
    document: str = ""
    start: int = -1
    note: str = ""
    by: str = ""
    made: str = ""

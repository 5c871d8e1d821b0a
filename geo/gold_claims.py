"""What some reports claim, as people read them: gold claims in JSON lines, read, checked and joined with their texts.

Each line is one report (UTF-8; ``tests/gold/claims/GUIDE.md`` says what counts as a claim)::

    {"id": "a1", "text": "...", "war"?, "kind"?, "title"?, "published"?: "2023-10-31", "source"?,
     "claims": [{"sentence": [0, 44], "act": [8, 25], "predicate": "controls", "status": "reported",
                 "actor": {"name": "Rapid Support Forces", "span": [0, 7] or null} or null, "target": the same,
                 "place": {"name", "span", "lat"?, "lon"?, "radius_km"?} or null,
                 "speaker": "" (the publisher) or words, "from"?: "2023-10-26", "to"?, "also"?: [predicates], "optional"?: false}],
     "nonclaims": [{"span": [94, 112], "why": "the object is a person"}]}

Offsets are half-open and count characters; degrees are EPSG:4326. A text that may not be copied is named instead: ``"corpus": "name"``
(``name.jsonl`` in the folder of corpora, the line of the same id) or ``"path": "seeds/a.md"`` (a report, read as `geo.documents.load` reads
it; sought from the working folder and from the folders above the gold file), with ``"sha256"`` of the text. A report whose text is absent
or has changed is left out, and said to be.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from geo.documents import from_text, load
from geo.errors import InputError
from geo.gold import objects, read_lines
from geo.records import Document, Predicate, Status

__all__ = ["Asked", "GoldClaim", "GoldReport", "Nonclaim", "Party", "read_gold_claims"]

Extent = tuple[int, int]
"""Where words begin and end in the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An actor, target or place of a gold claim; `surface` is how the sentence writes it, "" where it does not name it."""

    name: str
    span: Extent | None = None
    surface: str = ""
    lat: float | None = None
    lon: float | None = None
    radius_km: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldClaim:
    """A claim that a report makes; an optional one is neither asked for nor wrong. `speaker` is "" for the publisher's own voice."""

    sentence: Extent
    act: Extent
    predicate: Predicate
    status: Status = "reported"
    actor: Party | None = None
    target: Party | None = None
    place: Party | None = None
    speaker: str = ""
    start: str = ""
    end: str = ""
    also: tuple[Predicate, ...] = ()
    optional: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonclaim:
    """Words from which a careless reader would draw a claim, and why they make none."""

    span: Extent
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldReport:
    """A report with all that it claims; `war` and `kind` (of text) are "" where they are not told."""

    id: str
    document: Document
    claims: tuple[GoldClaim, ...]
    nonclaims: tuple[Nonclaim, ...] = ()
    war: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was read, and in sentences what was left out."""

    reports: tuple[GoldReport, ...]
    left_out: tuple[str, ...] = ()


def read_gold_claims(*paths: str | Path, corpora: str | Path | None = None) -> Asked:
    """Read gold claims from one file or more.

    Parameters
    ----------
    corpora
        The folder in which the corpora lie whose texts are named and not given.

    Raises
    ------
    InputError
        There is no such file, it holds no report, or a line is not as the module describes; the message names the line.

    Examples
    --------
    >>> import tempfile
    >>> claim = {"sentence": [0, 20], "act": [5, 9], "predicate": "controls", "status": "reported"}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "gold.jsonl"
    ...     _ = file.write_text(json.dumps({"id": "a", "text": "They took the town. ", "claims": [claim]}))
    ...     read_gold_claims(file).reports[0].claims[0].predicate
    'controls'
    """
    made: dict[str, GoldReport] = {}
    absent: dict[str, int] = {}
    shelves: dict[Path, dict[str, str]] = {}
    for path in paths:
        for where, given in objects(path):
            key = str(given["id"])
            if key in made:
                raise InputError(f"{where}: the id {key!r} stands on an earlier line too; give each report an id of its own.")
            found = _document(where, given, Path(path), Path(corpora) if corpora else None, shelves)
            if isinstance(found, str):
                absent[found] = absent.get(found, 0) + 1
            else:
                made[key] = _report(where, key, given, found)
    if not made and not absent:
        files = ", ".join(str(path) for path in paths)
        raise InputError(f'{files} holds no report; give one JSON object a line with "id", "text" and "claims".')
    said = (f"{count} report{'s'[: count > 1]} of {reason}" for reason, count in absent.items())
    return Asked(reports=tuple(made.values()), left_out=tuple(said))


def _document(
    where: str, given: Mapping[str, Any], file: Path, corpora: Path | None, shelves: dict[Path, dict[str, str]]
) -> Document | str:
    """The report of a line, or which texts are absent and what to do."""
    if isinstance(given.get("text"), str):
        return _made(where, given, given["text"])
    name, path = given.get("corpus"), given.get("path")
    if isinstance(path, str) and path:
        found = next((folder / path for folder in (Path.cwd(), *file.resolve().parents) if (folder / path).is_file()), None)
        document = load(found) if found else None
        same = document and hashlib.sha256(document.text.encode()).hexdigest() == given.get("sha256")
        return document if document and same else f"{path} left out: that file is {'another text' if document else 'not here'}."
    if not isinstance(name, str) or not name:
        raise InputError(f'{where}: the report has no "text", "corpus" or "path"; give its text, or say where it stands.')
    files = [corpora / f"{name}{suffix}" for suffix in (".jsonl", ".jsonl.gz")] if corpora else []
    shelf = next((one for one in files if one.is_file()), None)
    if shelf is None:
        asked = f"it is not in {corpora}" if corpora else "give the folder of the corpora with --corpora"
        return f"the corpus {name} left out: {asked}."
    if shelf not in shelves:
        lines = (json.loads(line) for _, line in read_lines(shelf))
        shelves[shelf] = {hashlib.sha256(line["text"].encode()).hexdigest(): line["text"] for line in lines}
    text = shelves[shelf].get(str(given.get("sha256")))
    return f"the corpus {name} left out: {shelf.name} does not hold that text." if text is None else _made(where, given, text)


def _made(where: str, given: Mapping[str, Any], text: str) -> Document:
    published = _word(given, "published")
    try:
        whole = dt.date.fromisoformat(published) if len(published) == len("2020-03-05") else None
    except ValueError as error:
        raise InputError(f"{where}: published is {published!r}; give a date such as 2020-03-05.") from error
    return from_text(text, title=_word(given, "title"), source=_word(given, "source"), published=whole)


def _report(where: str, key: str, given: Mapping[str, Any], document: Document) -> GoldReport:
    if not isinstance(given.get("claims"), list):
        raise InputError(f'{where}: the report has no list "claims"; give an empty one where nothing is claimed.')
    if "text" in given and document.text != given["text"]:
        raise InputError(f"{where}: the text holds NUL or lone surrogate characters; remove them and count anew.")
    return GoldReport(
        id=key, document=document, war=_word(given, "war"), kind=_word(given, "kind"),
        claims=tuple(_claim(f"{where}, claim {number}", claim, document.text) for number, claim in enumerate(given["claims"], 1)),
        nonclaims=tuple(
            Nonclaim(span=_extent(where, one, "span", document.text), why=_word(one, "why")) for one in given.get("nonclaims") or ()
        ),
    )


def _claim(where: str, given: object, text: str) -> GoldClaim:
    if not isinstance(given, dict):
        raise InputError(f'{where}: the claim is not an object; give {{"sentence", "act", "predicate", "status", ...}}.')
    also = given.get("also") or []
    for word, allowed in [(given.get("status"), Status), *((one, Predicate) for one in (given.get("predicate"), *also))]:
        if word not in get_args(allowed):
            raise InputError(f"{where}: {word!r} is not known; allowed are {', '.join(get_args(allowed))}.")
    start, end = _extent(where, given, "sentence", text)
    return GoldClaim(
        sentence=(start, end), act=_extent(where, given, "act", text), predicate=given["predicate"], status=given["status"],
        actor=_party(where, given, "actor", text), target=_party(where, given, "target", text), place=_party(where, given, "place", text),
        speaker=_word(given, "speaker"), start=_word(given, "from"), end=_word(given, "to"), also=tuple(also),
        optional=bool(given.get("optional")), note=_word(given, "note"),
    )


def _party(where: str, given: Mapping[str, Any], part: str, text: str) -> Party | None:
    value = given.get(part)
    if value is None:
        return None
    if not isinstance(value, dict) or not _word(value, "name"):
        raise InputError(f'{where}: {part} is neither null nor an object with a "name".')
    span = _extent(where, value, "span", text) if value.get("span") else None
    lat, lon = value.get("lat"), value.get("lon")
    numbers = [one for one in (lat, lon) if isinstance(one, int | float) and not isinstance(one, bool)]
    if (lat, lon) != (None, None) and (len(numbers) != 2 or abs(numbers[0]) > 90 or abs(numbers[1]) > 180):
        raise InputError(f"{where}: {part} has lat {lat!r} and lon {lon!r}; give two numbers of degrees, or neither.")
    return Party(
        name=value["name"], span=span, surface=text[slice(*span)] if span else "", lat=lat, lon=lon,
        radius_km=float(value.get("radius_km") or 0.0),
    )


def _extent(where: str, given: Mapping[str, Any], part: str, text: str) -> Extent:
    value: Sequence[object] = given.get(part) or ()
    ends = [one for one in value if isinstance(one, int) and not isinstance(one, bool)] if isinstance(value, list) else []
    if len(value) != 2 or len(ends) != 2 or not 0 <= ends[0] < ends[1] <= len(text):
        raise InputError(f"{where}: {part} is {value!r}; give [start, end] with 0 <= start < end <= {len(text)}.")
    return ends[0], ends[1]


def _word(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    return value if isinstance(value, str) else ""

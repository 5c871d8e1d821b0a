"""Many documents, one a line: what one line of `python -m geo parse --jsonl` holds, and the answer to it.

A line in is ``{"id", "text", "date"?, "title"?}``, the line out ``{"id", "toponyms": [...]}``. `geo.streaming` runs many of them, on
several processors; here is what happens to one, and to a few that are read together.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from geo.demonyms import demonym_pattern
from geo.documents import from_text
from geo.errors import DataError, InputError
from geo.outlets import outlet_named
from geo.recognition import is_toponym, recognise
from geo.records import Document, Mention, Place
from geo.resolution import candidates, resolve
from geo.use import with_use

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["Answer", "answers", "document_of", "given_mentions", "parse_document", "parse_lines", "readable", "with_overheard"]

_LOG = logging.getLogger(__name__)
_UNUSABLE = re.compile("[\x00\ud800-\udfff]")
_WANTED = 'give one object a line with "id" and "text"'


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one line: the line to write (empty for a line that cannot be used), and what is wrong, if anything.

    `fault` is true where Salient failed on a line that it should have read; such a line is answered, with its error.
    """

    number: int
    line: str
    complaint: str = ""
    fault: bool = False


def parse_lines(
    lines: Iterable[str], *, gazetteer: Gazetteer, gold_spans: bool = False, on_error: Callable[[int, str], None] | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the toponyms of each JSON line ``{"id", "text", "date"?, "title"?}``, in the order of the lines.

    Parameters
    ----------
    gold_spans
        Resolve the "toponyms" given in each line ({"start", "end"}) instead of recognising them.
    on_error
        Called with the line number and one sentence for each line that cannot be read; the others are done. By default it is logged.

    Examples
    --------
    >>> from geo.gazetteer import open_gazetteer
    >>> found = list(parse_lines(['{"id": "a", "text": "He is in Aleppo."}'], gazetteer=open_gazetteer()))
    >>> found[0]["toponyms"][0]["surface"], found[0]["toponyms"][0]["country"]
    ('Aleppo', 'SY')
    """
    report = on_error or _log
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            given = readable(line, gold_spans=gold_spans)
        except InputError as error:
            report(number, str(error))
            continue
        yield {"id": given["id"], "toponyms": _toponyms(given, gazetteer, gold_spans)}


def answers(lines: Sequence[tuple[int, str | InputError]], *, gazetteer: Gazetteer, gold_spans: bool = False) -> Iterator[Answer]:
    """Yield the answer to each numbered line of a batch, in order.

    A line that cannot be used, or that was found unusable before (its error stands in its place), has a complaint and no answer. A
    fault of Salient on one text is a complaint and an answer that holds the error: the other texts do not suffer from it.

    Raises
    ------
    DataError
        A data file is missing or damaged, so that no text can be read.

    Examples
    --------
    >>> from geo.gazetteer import open_gazetteer
    >>> batch = [(1, '{"id": "a", "text": "He left."}'), (2, "He left.")]
    >>> [(answer.line, answer.complaint[:24]) for answer in answers(batch, gazetteer=open_gazetteer())]
    [('{"id": "a", "toponyms": []}', ''), ('', 'The line is not JSON (Ex')]
    """
    for number, line in lines:
        given = _tried(line, gold_spans)
        yield Answer(number, "", str(given)) if isinstance(given, InputError) else _answer(number, given, gazetteer, gold_spans)


def readable(line: str, *, gold_spans: bool = False) -> Mapping[str, Any]:
    """Return what a line holds, if it can be used: all that does not depend on what the text says is checked here.

    Raises
    ------
    InputError
        The line is not JSON, has no id or text, holds characters that cannot be kept, or (with gold spans) no spans within its text.

    Examples
    --------
    >>> readable('{"id": 7, "text": "He left."}')["id"]
    7
    """
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"The line is not JSON ({error}); {_WANTED}.") from error
    if not isinstance(given, dict) or "id" not in given or "text" not in given:
        raise InputError(f'The line has no "id" or no "text"; {_WANTED}.')
    if not isinstance(given["text"], str):
        raise InputError(f'The "text" of the line is {_shown(given["text"])}, no text; {_WANTED}.')
    key = given["id"]
    if isinstance(key, bool) or not isinstance(key, str | int | float) or (isinstance(key, float) and not math.isfinite(key)):
        raise InputError(f'The "id" of the line is {_shown(key)}; give a text or a number.')
    if _UNUSABLE.search(given["text"]):
        raise InputError("The text holds characters that cannot be kept (NUL, lone surrogates), so that offsets would move; remove them.")
    if gold_spans:
        _check_spans(given)
    return given


def parse_document(document: Document, *, gazetteer: Gazetteer, mentions: Iterable[Mention] | None = None) -> list[dict[str, Any]]:
    """Return the toponyms of one document as plain values, in the order of the text; unresolved ones have no coordinates.

    `lat` and `lon` are degrees (EPSG:4326). A demonym that was recognised has none: it names people, and is never drawn. The mentions
    are recognised unless given; if given, what else the text names is evidence
    for them ("in Racine County, Wisconsin"), but is not returned.
    """
    given = tuple(mentions) if mentions is not None else None
    heard = recognise(document, gazetteer=gazetteer) if given is None else with_overheard(document, given, gazetteer=gazetteer)
    heard = tuple(mention for mention in heard if is_toponym(mention))
    named = heard if given is None else tuple(mention for mention in given if is_toponym(mention))
    places = resolve(document, candidates(heard, gazetteer=gazetteer), mentions=heard, gazetteer=gazetteer)
    of = {(mention.start, mention.end): place for place in places for mention in place.mentions}
    drawn = [mention.use != "demonym" or given is not None for mention in named]
    return [_toponym(mention, of.get((mention.start, mention.end)), drawn=seen) for mention, seen in zip(named, drawn, strict=True)]


def with_overheard(document: Document, given: Sequence[Mention], *, gazetteer: Gazetteer) -> tuple[Mention, ...]:
    """Return given mentions with those toponyms that the recogniser finds beside them, in the order of the text."""
    taken = [(mention.start, mention.end) for mention in given]
    heard = (
        mention for mention in recognise(document, gazetteer=gazetteer)
        if is_toponym(mention) and not any(start < mention.end and mention.start < end for start, end in taken)
    )
    return tuple(sorted((*given, *heard), key=lambda mention: (mention.start, mention.end)))


def given_mentions(document: Document, given: Mapping[str, Any]) -> tuple[Mention, ...]:
    """Return the spans of `given["toponyms"]` as mentions, with their use; "Turkish" is a demonym, said so or not.

    Raises
    ------
    InputError
        There is no such list, or a span lies outside the text.
    """
    _check_spans(given)
    made = []
    for span in given["toponyms"]:
        start, end = span["start"], span["end"]
        made.append(Mention(document_id=document.id, start=start, end=end, text=document.text[start:end], kind="other", recogniser="given"))
        adjective = span.get("demonym") or demonym_pattern().fullmatch(made[-1].text)
        made[-1] = replace(made[-1], use="demonym") if adjective else made[-1]
    return with_use(document, sorted(made, key=lambda mention: (mention.start, mention.end)))


def document_of(given: Mapping[str, Any]) -> Document:
    """Return the document of a line: its text, with the title, date and outlet that the line gives."""
    published = None
    if isinstance(given.get("date"), str):
        try:
            published = dt.date.fromisoformat(given["date"][:10])
        except ValueError:
            published = None
    title = given.get("title")
    return from_text(given["text"], title=title if isinstance(title, str) else "", source=outlet_named(given), published=published)


def _check_spans(given: Mapping[str, Any]) -> None:
    spans = given.get("toponyms")
    if not isinstance(spans, list):
        raise InputError('The line has no list "toponyms"; with gold spans each line gives the spans to resolve.')
    length = len(given["text"])
    for span in spans:
        start, end = (span.get("start"), span.get("end")) if isinstance(span, dict) else (None, None)
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length):
            what = f"The span {_shown(span)} does not lie in the text of {length} characters"
            raise InputError(f"{what}; give 0 <= start < end <= length.")


def _shown(value: object) -> str:
    """A value as it stands in a complaint: short, whatever it is."""
    parts = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    words = f"a {type(value).__name__}" if any(isinstance(part, dict | list) for part in parts) else json.dumps(value)
    return words if len(words) <= 80 else f"{words[:77]}..."


def _log(number: int, message: str) -> None:
    _LOG.warning("line %d: %s", number, message)


def _toponyms(given: Mapping[str, Any], gazetteer: Gazetteer, gold_spans: bool) -> list[dict[str, Any]]:
    if not given["text"].strip():
        return []
    document = document_of(given)
    mentions = given_mentions(document, given) if gold_spans else None
    return parse_document(document, gazetteer=gazetteer, mentions=mentions)


def _toponym(mention: Mention, place: Place | None, *, drawn: bool) -> dict[str, Any]:
    feature = place.feature if place else None
    return {
        "start": mention.start,
        "end": mention.end,
        "surface": mention.text,
        "lat": round(feature.lat, 5) if feature and drawn else None,
        "lon": round(feature.lon, 5) if feature and drawn else None,
        "country": (feature.country or None) if feature else None,
        "geonameid": feature.geonameid if feature else None,
        "kind": feature.kind if feature else mention.kind,
        "use": mention.use,
        "confidence": place.confidence if place else 0.0,
        "reason": place.reason if place else "unresolved: no candidate fits",
    }


def _tried(line: str | InputError, gold_spans: bool) -> Mapping[str, Any] | InputError:
    if isinstance(line, InputError):
        return line
    try:
        return readable(line, gold_spans=gold_spans)
    except InputError as error:
        return error


def _answer(number: int, given: Mapping[str, Any], gazetteer: Gazetteer, gold_spans: bool) -> Answer:
    try:
        found = _toponyms(given, gazetteer, gold_spans)
        return Answer(number, json.dumps({"id": given["id"], "toponyms": found}, allow_nan=False))
    except DataError:
        raise
    except Exception as error:  # noqa: BLE001 - a fault on one text is told with its line, and the others are read
        _LOG.debug("Line %d", number, exc_info=True)
        what = (f"{type(error).__name__}: {error}".splitlines() or [""])[0][:300]
        line = json.dumps({"id": given["id"], "toponyms": [], "error": f"Salient failed on this text ({what})"}, allow_nan=False)
        return Answer(number, line, f"Salient failed on the text {_shown(given['id'])} ({what}); report it with the text.", fault=True)

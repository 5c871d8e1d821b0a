"""Many documents, one a line: what `python -m geo parse --jsonl` does."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from geo.documents import from_text
from geo.errors import InputError, SalientError
from geo.recognition import is_toponym, recognise
from geo.records import Document, Mention, Place
from geo.resolution import candidates, resolve
from geo.use import with_use

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["given_mentions", "parse_document", "parse_lines"]

_LOG = logging.getLogger(__name__)


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
            given = _read(line)
            if not given["text"].strip():
                yield {"id": given["id"], "toponyms": []}
                continue
            document = _document(given)
            mentions = given_mentions(document, given) if gold_spans else None
        except SalientError as error:
            report(number, str(error))
            continue
        yield {"id": given["id"], "toponyms": parse_document(document, gazetteer=gazetteer, mentions=mentions)}


def parse_document(document: Document, *, gazetteer: Gazetteer, mentions: Iterable[Mention] | None = None) -> list[dict[str, Any]]:
    """Return the toponyms of one document as plain values, in the order of the text; unresolved ones have no coordinates.

    `lat` and `lon` are degrees (EPSG:4326). The mentions are recognised unless given.
    """
    named = tuple(mentions) if mentions is not None else recognise(document, gazetteer=gazetteer)
    named = tuple(mention for mention in named if is_toponym(mention))
    places = resolve(document, candidates(named, gazetteer=gazetteer), mentions=named, gazetteer=gazetteer)
    of = {(mention.start, mention.end): place for place in places for mention in place.mentions}
    return [_toponym(mention, of.get((mention.start, mention.end))) for mention in named]


def _toponym(mention: Mention, place: Place | None) -> dict[str, Any]:
    feature = place.feature if place else None
    return {
        "start": mention.start,
        "end": mention.end,
        "surface": mention.text,
        "lat": round(feature.lat, 5) if feature else None,
        "lon": round(feature.lon, 5) if feature else None,
        "country": (feature.country or None) if feature else None,
        "geonameid": feature.geonameid if feature else None,
        "kind": feature.kind if feature else mention.kind,
        "use": mention.use,
        "confidence": place.confidence if place else 0.0,
        "reason": place.reason if place else "unresolved: no candidate fits",
    }


def _read(line: str) -> Mapping[str, Any]:
    try:
        given = json.loads(line)
    except ValueError as error:
        raise InputError(f"The line is not JSON ({error}); give one object a line with \"id\" and \"text\".") from error
    if not isinstance(given, dict) or not isinstance(given.get("text"), str) or "id" not in given:
        raise InputError("The line has no \"id\" or no \"text\"; give one object a line with both.")
    return given


def _document(given: Mapping[str, Any]) -> Document:
    published = None
    if isinstance(given.get("date"), str):
        try:
            published = dt.date.fromisoformat(given["date"][:10])
        except ValueError:
            published = None
    title = given.get("title")
    document = from_text(given["text"], title=title if isinstance(title, str) else "", published=published)
    if document.text != given["text"]:
        raise InputError("The text holds characters that cannot be kept (NUL, lone surrogates), so that offsets would move; remove them.")
    return document


def given_mentions(document: Document, given: Mapping[str, Any]) -> tuple[Mention, ...]:
    """Return the spans of `given["toponyms"]` as mentions, with their use.

    Raises
    ------
    InputError
        There is no such list, or a span lies outside the text.
    """
    spans = given.get("toponyms")
    if not isinstance(spans, list):
        raise InputError("The line has no list \"toponyms\"; with gold spans each line gives the spans to resolve.")
    made = []
    for span in spans:
        start, end = (span.get("start"), span.get("end")) if isinstance(span, dict) else (None, None)
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(document.text)):
            length = len(document.text)
            raise InputError(f"The span {span!r} does not lie in the text of {length} characters; give 0 <= start < end <= length.")
        use = "demonym" if isinstance(span, dict) and span.get("demonym") else "literal"
        made.append(Mention(document_id=document.id, start=start, end=end, text=document.text[start:end], kind="other", recogniser="given"))
        made[-1] = replace(made[-1], use="demonym") if use == "demonym" else made[-1]
    return with_use(document, sorted(made, key=lambda mention: (mention.start, mention.end)))


def _log(number: int, message: str) -> None:
    _LOG.warning("line %d: %s", number, message)

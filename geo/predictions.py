"""What Salient itself makes of gold texts: its toponyms, as a run of `parse` would give them, and why it chose each place."""

from __future__ import annotations

import itertools
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo import corpus
from geo.errors import InputError
from geo.gold import GoldText, Named, named
from geo.recognition import is_toponym, recognise
from geo.resolution import candidates, resolve

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer
    from geo.records import Place

__all__ = ["Why", "predict", "why"]

_LOG = logging.getLogger(__name__)

BATCH = 16  # texts that are prepared together; as many as `parse` takes at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a name was placed where it was: the place in words, the reason, and the candidates not chosen, in words."""

    place: str
    reason: str
    rivals: tuple[str, ...]


def predict(
    gold: Sequence[GoldText],
    *,
    gazetteer: Gazetteer,
    gold_spans: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
) -> dict[str | int, tuple[Named, ...]]:
    """Parse the texts of gold, in batches.

    Parameters
    ----------
    gold_spans
        Resolve the names that gold gives instead of recognising them.
    progress
        Called before each batch with (texts done, texts in all, what is being done); to cancel, raise in it.

    Raises
    ------
    InputError
        A text holds characters that cannot be kept (NUL, lone surrogates).

    Examples
    --------
    >>> from geo.gazetteer import open_gazetteer
    >>> text = GoldText(id=1, text="In Aleppo.", names=(), given={"id": 1, "text": "In Aleppo."})
    >>> predict([text], gazetteer=open_gazetteer())[1][0].country
    'SY'
    """
    made: dict[str | int, tuple[Named, ...]] = {}
    numbered = enumerate(gold)
    while batch := list(itertools.islice(numbered, BATCH)):
        if progress is not None:
            progress(batch[0][0], len(gold), "parsing texts")
        lines: list[tuple[int, str | InputError]] = [(number, json.dumps(text.given)) for number, text in batch]
        for (_, text), answer in zip(batch, corpus.answers(lines, gazetteer=gazetteer, gold_spans=gold_spans), strict=True):
            if not answer.line:
                raise InputError(f"Document {text.id!r}: {answer.complaint}")
            if answer.fault:
                _LOG.error("document %r: %s", text.id, answer.complaint)
            found = json.loads(answer.line).get("toponyms") or []
            made[text.id] = tuple(named(f"Document {text.id!r}", name, text.text) for name in found)
    return made


def why(text: GoldText, *, gazetteer: Gazetteer, gold_spans: bool = False) -> dict[tuple[int, int], Why]:
    """Read one text again and return, for each name placed, why it was placed there, by (start, end)."""
    document = corpus.document_of({**text.given, "text": text.text})
    found = corpus.given_mentions(document, text.given) if gold_spans else recognise(document, gazetteer=gazetteer)
    mentions = tuple(mention for mention in found if is_toponym(mention))
    places = resolve(document, candidates(mentions, gazetteer=gazetteer), mentions=mentions, gazetteer=gazetteer)
    told = {place.id: _told(place) for place in places}
    return {(mention.start, mention.end): told[place.id] for place in places for mention in place.mentions}


def _told(place: Place) -> Why:
    rivals = tuple(dict.fromkeys(
        f"{rival.feature.name} ({_where(rival.feature.kind, rival.feature.country, rival.feature.admin1)})" for rival in place.rivals
    ))
    feature = place.feature
    return Why(place=f"{feature.name} ({_where(feature.kind, feature.country, feature.admin1)})", reason=place.reason, rivals=rivals)


def _where(kind: str, country: str, admin1: str) -> str:
    return ", ".join(part for part in (kind, admin1 or country) if part)

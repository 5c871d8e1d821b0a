"""Where the text names something: places, roads, bases, seas, regions, borders, parties and dates.

A recogniser is any callable from a document to mentions; `RECOGNISERS` names the factories that are used, in the order of their
priority. All of them are asked, then one rule settles overlaps: the longest mention wins, then the recogniser of higher priority,
then the earlier mention. `geo.use` says last what each name stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from geo.languages import READ
from geo.name_candidates import gather
from geo.recogniser_coordinates import coordinate_recogniser
from geo.recogniser_gazetteer import gazetteer_recogniser
from geo.recogniser_groups import group_recogniser
from geo.recogniser_languages import language_recogniser
from geo.recogniser_own import own_recogniser
from geo.recogniser_patterns import (
    actor_recogniser,
    border_recogniser,
    date_recogniser,
    demonym_recogniser,
    phrase_recogniser,
    road_recogniser,
)
from geo.records import Document, Mention
from geo.use import with_use

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["RECOGNISERS", "TOPONYMS", "Recogniser", "is_toponym", "recognise", "settle"]

Recogniser = Callable[[Document], Iterable[Mention]]

RECOGNISERS: Mapping[str, Callable[[Gazetteer], Recogniser]] = {
    "roads": road_recogniser,
    "dates": date_recogniser,
    "demonyms": demonym_recogniser,
    "actors": actor_recogniser,
    "groups": group_recogniser,
    "phrases": phrase_recogniser,
    "gazetteer": gazetteer_recogniser,
    "coordinates": coordinate_recogniser,
    "languages": language_recogniser,
    "borders": border_recogniser,
    "own": own_recogniser,
}

# Recognisers of reports in other languages than English (geo.languages.READ); they need no `with_use`.
OTHER_LANGUAGES = frozenset({"languages", "coordinates", "own"})

# The kinds that name a place; borders, parties and dates are mentions, but no toponyms.
TOPONYMS = frozenset({"populated", "admin", "country", "road", "base", "water", "region", "other"})


def recognise(
    document: Document, *, gazetteer: Gazetteer, recognisers: Mapping[str, Callable[[Gazetteer], Recogniser]] = RECOGNISERS
) -> tuple[Mention, ...]:
    """Return what a document names, in the order of the text, without overlaps.

    Parameters
    ----------
    document
        The report; names are looked for in its reading text and quoted from its original text.
    gazetteer
        Which names are places.
    recognisers
        Name -> factory, in order of priority.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> from geo.gazetteer import open_gazetteer
    >>> found = recognise(from_text("Turkish forces left Saraqib for the city of Idlib."), gazetteer=open_gazetteer())
    >>> [(mention.text, mention.kind, mention.use) for mention in found if is_toponym(mention)]
    [('Turkish', 'country', 'demonym'), ('Saraqib', 'populated', 'literal'), ('Idlib', 'populated', 'literal')]
    """
    if document.language in READ:
        makers = [make for name, make in recognisers.items() if name in OTHER_LANGUAGES]
        return settle((mention for make in makers for mention in make(gazetteer)(document)), order=tuple(recognisers))
    found = [mention for make in recognisers.values() for mention in make(gazetteer)(document)]
    tags = gather(document, gazetteer)[1].tags  # type: ignore[arg-type]
    return with_use(document, settle(found, order=tuple(recognisers)), tags=tags)


def settle(mentions: Iterable[Mention], *, order: tuple[str, ...] = tuple(RECOGNISERS)) -> tuple[Mention, ...]:
    """Return mentions without overlaps, sorted: the longest wins, then the recogniser named first in `order`, then the earlier.

    Examples
    --------
    >>> from geo.records import Mention
    >>> short = Mention(document_id="d", start=8, end=12, text="Aden", kind="populated", recogniser="gazetteer")
    >>> long = Mention(document_id="d", start=0, end=12, text="Gulf of Aden", kind="water", recogniser="gazetteer")
    >>> [mention.text for mention in settle([short, long])]
    ['Gulf of Aden']
    """
    rank = {name: position for position, name in enumerate(order)}
    kept: list[Mention] = []
    taken: set[int] = set()
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, rank.get(m.recogniser, len(rank)), m.start)):
        span = range(mention.start, mention.end)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(mention)
    return tuple(sorted(kept, key=lambda m: m.start))


def is_toponym(mention: Mention) -> bool:
    """Say whether a mention names a place (not a border, a party or a date)."""
    return mention.kind in TOPONYMS

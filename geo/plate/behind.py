"""What stands behind a mark: its title, its status, and the sentences with their numbered sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geo.plate.items import Note

if TYPE_CHECKING:
    from geo.situation import Situation

__all__ = ["Numbers", "note_of", "numbers_of"]

Numbers = Mapping[tuple[str, str, str], int]
"""The number, from 1, of each source (title, publisher, date)."""

_MOST_QUOTES = 6  # sentences in one note: a slide's notes hold no more, and the page has all of them
_ADDRESS = ("https://", "http://")


def numbers_of(situation: Situation) -> Numbers:
    """Number the sources as the plate's list has them: the base map, if any, then the reports."""
    base = getattr(situation, "base", None)
    told = [*([tuple(base.source)] if base is not None else []), *map(_source, situation.documents)]
    return {source: number for number, source in reversed(list(enumerate(told, 1)))}


def note_of(rows: Sequence[Any], situation: Situation, numbers: Numbers) -> Note:
    """Return the note of a mark that stands for some rows of a layer (one, or several that say the same of one spot)."""
    row = rows[0]
    quotes = dict.fromkeys(_one_line(quote[3]) for each in rows for quote in each.quotes)
    sources = dict.fromkeys(numbers[tuple(source)] for each in rows for source in each.sources if tuple(source) in numbers)
    titles = list(dict.fromkeys(each.title for each in rows))
    title = titles[0] + (f" (and {len(titles) - 1} more)" if len(titles) > 1 else "")
    return Note(
        title=title, status=row.status_words, alt=_alt(title, row), quotes=tuple(quotes)[:_MOST_QUOTES], sources=tuple(sources),
        confidence=max(float(each.confidence) for each in rows),
        limits=tuple(dict.fromkeys(limit for each in rows for limit in each.limits)),
        link=_link(situation, rows),
    )


def _alt(title: str, row: Any) -> str:
    """A sentence for who cannot see the mark."""
    told = ", ".join(filter(None, (row.actor_name if row.actor_name not in title else "", row.status_words, row.when)))
    return f"{title}: {told}." if told else f"{title}."


def _link(situation: Situation, rows: Sequence[Any]) -> str:
    told = {quote[0] for row in rows for quote in row.quotes}
    found = (address for document in situation.documents if document.id in told for address in (document.path, document.source))
    return next((address for address in found if address.startswith(_ADDRESS)), "")


def _source(document: Any) -> tuple[str, str, str]:
    return document.title, document.source, document.published.isoformat() if document.published else ""


def _one_line(words: str) -> str:
    return " ".join(words.split())

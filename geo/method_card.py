"""The card that goes with a map: what was read, by what, what it shows and does not show; and the line to set under a picture."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from geo import __version__, datafiles, symbology
from geo import layers as drawing
from geo.choices import DEFAULT, Choices
from geo.languages import READ
from geo.plate.small_print import Paragraph, day_words, paragraphs, sources_of
from geo.plate.wrapping import clean

if TYPE_CHECKING:
    from geo.situation import Situation

__all__ = ["caption", "card", "card_text", "data_version"]

MOST_SOURCES = 4  # that a caption names; the card names all
MOST_SPEAKERS = 8


def caption(situation: Situation, choices: Choices = DEFAULT) -> str:
    """Return the line to set under a picture of a map: what it is, its sources, its day, its borders and whose data it stands on.

    Parameters
    ----------
    situation, choices
        What some reports say, and how the map is drawn.
    """
    sources = [clean(one) for one in sources_of(situation)]
    more = f"; and {len(sources) - MOST_SOURCES} more" if len(sources) > MOST_SOURCES else ""
    title = symbology.preset(choices.preset)["title"]
    day = day_words(situation.as_of)
    said = [
        f"{title}: {clean(situation.title).rstrip('.')}.",
        f"Source{'s' if len(sources) > 1 else ''}: {'; '.join(sources[:MOST_SOURCES])}{more}." if sources else "",
        f"As of {day}." if day else "",
        "It shows what the reports say, not what is so.",
        *(text.text for text in _small_print(situation, choices) if text.heading in ("Borders", "Data")),
    ]
    return " ".join(filter(None, said))


def card(situation: Situation, choices: Choices = DEFAULT) -> tuple[Paragraph, ...]:
    """Return the card of a map: its paragraphs, in their order."""
    told = {one.heading: one for one in _small_print(situation, choices)}
    own = (
        ("What was read", _read(situation)),
        ("What was found", _found(situation)),
        ("Who says it", _speakers(situation)),
        ("How", _how(situation)),
    )
    made = [Paragraph(heading=heading, text=text, role="note") for heading, text in own if text]
    sources = [told[name] for name in ("Source", "Sources") if name in told]
    rest = [told[name] for name in ("What this map does not say", "Borders", "Data") if name in told]
    return (*made[:1], *sources, *made[1:], *rest)


def card_text(situation: Situation, choices: Choices = DEFAULT) -> str:
    """Return the card as plain text, to paste beside a map or to keep with it."""
    title = clean(situation.title)
    told = "\n\n".join(f"{one.heading}\n{one.text}" for one in card(situation, choices))
    return f"{title}\n\n{told}\n"


def data_version() -> str:
    """Return eight digits that name the shipped data as they are: other data, other digits.

    Examples
    --------
    >>> len(data_version())
    8
    """
    listed = "\n".join(sorted(f"{source.file} {source.sha256}" for source in datafiles.sources()))
    return hashlib.sha256(listed.encode()).hexdigest()[:8]


def _small_print(situation: Situation, choices: Choices) -> tuple[Paragraph, ...]:
    """As below a wide map, whatever size is chosen: a square page leaves some of it out."""
    wide = Choices(preset=choices.preset, names=choices.names, basemap=choices.basemap)
    return paragraphs(situation, drawing.layers(situation), wide, sources=sources_of(situation))


def _read(situation: Situation) -> str:
    documents = situation.documents
    words = sum(len(document.text.split()) for document in documents)
    days = sorted(document.published for document in documents if document.published is not None)
    between = f", of {' to '.join(dict.fromkeys(map(day_words, (days[0], days[-1]))))}" if days else ""
    names = sum(document.language in READ for document in documents)
    only = "in other languages than English only the names of places were read"
    foreign = f" Of {_count(names, 'report', 'reports')} {only}." if names else ""
    return f"{_count(len(documents), 'report', 'reports')}, {words:,} words{between}.{foreign}" if documents else ""


def _found(situation: Situation) -> str:
    statuses = Counter(claim.status for claim in situation.claims)
    by_status = ", ".join(f"{count:,} {status}" for status, count in statuses.most_common())
    said = [
        f"{_count(len(situation.places), 'place', 'places')} and {_count(len(situation.claims), 'claim', 'claims')}"
        f"{f' ({by_status})' if by_status else ''}.",
        f"{_count(len(situation.unresolved), 'name was', 'names were')} not placed." if situation.unresolved else "",
    ]
    return " ".join(filter(None, said))


def _speakers(situation: Situation) -> str:
    told = Counter(clean(claim.speaker) or "the report" for claim in situation.claims)
    named = [f"{name} ({count})" for name, count in told.most_common(MOST_SPEAKERS)]
    more = f" and {len(told) - MOST_SPEAKERS} more" if len(told) > MOST_SPEAKERS else ""
    return f"{', '.join(named)}{more}." if named else ""


def _how(situation: Situation) -> str:
    readers = ", ".join(sorted({claim.made_by for claim in situation.claims if claim.made_by}))
    corrected = len(situation.decisions)
    said = [
        f"Read and drawn by Salient {__version__}, data {data_version()}{f', claims read by {readers}' if readers else ''}.",
        f"{_count(corrected, 'correction', 'corrections')} by people {'counts' if corrected == 1 else 'count'}." if corrected
        else "Nobody has corrected it.",
        "Each mark leads to its sentence; confidence is that of the reading, not of the fact.",
    ]
    return " ".join(said)


def _count(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"

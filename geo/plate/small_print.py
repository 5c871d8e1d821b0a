"""What stands below a map in small type: sources, what the map does not say, whose borders it shows, whose data it is drawn on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo import basemap, symbology
from geo.installed import credits
from geo.languages import limit
from geo.plate.wrapping import clean

if TYPE_CHECKING:
    from geo.choices import Choices
    from geo.layers import Layer
    from geo.situation import Situation

__all__ = ["VIEW_WORDS", "Paragraph", "day_words", "paragraphs", "sources_of"]

VIEW_WORDS = {
    "de_facto": "borders in the de facto view: a disputed area counts with who holds it",
    "de_jure": "borders in the de jure view: a disputed area counts with whose it is after the United Nations",
    "neutral": "borders in the neutral view: a disputed area counts with nobody",
}
"""What each border view says of disputed areas."""

_EMPTY = ("An area without colour", "A town without colour")
MOST_NAMES = 5  # of a list inside a sentence; the rest is counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A heading and its text; `role` is that of its items ("source" or "note"); the least `weight` is cut first where room is short."""

    heading: str
    text: str
    role: str
    weight: int = 0


def paragraphs(
    situation: Situation, layers: Iterable[Layer], choices: Choices, *, sources: Sequence[str], outside: Sequence[str] = ()
) -> tuple[Paragraph, ...]:
    """Return the small print of a map, in its order.

    Parameters
    ----------
    situation, layers, choices
        What some reports say, the layers drawn, and how the user wants the map.
    sources
        "title, publisher, date" of each numbered source.
    outside
        Names of what the map would draw beyond its frame.
    """
    named = " ".join(f"[{number}] {clean(source)}." for number, source in enumerate(sources, 1))
    made = [
        Paragraph(heading="Source" if len(sources) == 1 else "Sources", text=named, role="source", weight=3) if named else None,
        Paragraph(heading="What this map does not say", text=_limits(situation, tuple(layers), choices, outside), role="note", weight=2),
        *_ground(situation, choices),
    ]
    return tuple(paragraph for paragraph in made if paragraph is not None)


def sources_of(situation: Situation) -> tuple[str, ...]:
    """Return "title, publisher, date" of each source: the base map, if any, and then the reports."""
    base = [", ".join(filter(None, situation.base.source))] if situation.base is not None else []
    told = [", ".join(filter(None, (d.title, d.source, day_words(d.published)))) or "an untitled report" for d in situation.documents]
    return (*base, *told)


def day_words(day: object) -> str:
    """Return a day as a reader writes it, or nothing.

    Examples
    --------
    >>> import datetime as dt
    >>> day_words(dt.date(2020, 3, 7)), day_words(None)
    ('7 March 2020', '')
    """
    return f"{day.day} {day:%B %Y}" if day is not None else ""  # type: ignore[attr-defined]


def _ground(situation: Situation, choices: Choices) -> tuple[Paragraph, ...]:
    """Whose borders and whose data: one paragraph on a square page, two on all others."""
    if choices.size == "social":
        return (Paragraph(heading="Borders", text=f"{_boundaries(situation, short=True)} {_credit(choices)}", role="note", weight=4),)
    return (
        Paragraph(heading="Borders", text=_boundaries(situation, short=False), role="note", weight=4),
        Paragraph(heading="Data", text=_credit(choices), role="source", weight=4),
    )


def _limits(situation: Situation, drawn: Sequence[Layer], choices: Choices, outside: Sequence[str]) -> str:
    keys = {layer.key for layer in drawn}
    rows = [row for layer in drawn for row in layer.rows if not row.quiet]
    vague = any(bool(row.vague) and "Polygon" in row.geometry.geom_type for row in rows)
    fronts = any(row.predicate == "front_line" for row in rows)
    told = "one report says" if len(situation.documents) == 1 else f"{len(situation.documents)} reports say"
    told_apart = keys & {"control", "claimed"} and choices.size != "social"  # a square page says what it must
    faded = vague and choices.size != "social" and symbology.preset(choices.preset)["zones"] == "fill"
    said = [
        f"It shows what {told}, not what is so." if situation.documents else "",
        *situation.notes,
        "Who holds what is not shown." if choices.preset == "locator" else "",
        f"{_EMPTY[choices.preset == 'dots']} is one of which no report says who holds it." if told_apart else "",
        "A faded edge: the words give no exact line." if faded else "",
        "Front lines are inferred from who is said to hold what." if fronts else "",
        *dict.fromkeys(filter(None, (limit(document.language) for document in situation.documents))),
        _listed("Beyond the frame:", outside),
        _listed("Named but not placed:", [mention.text for mention in situation.unresolved]),
    ]
    return " ".join(clean(sentence) for sentence in said if sentence)


def _listed(before: str, names: Iterable[str]) -> str:
    known = list(dict.fromkeys(filter(None, map(clean, names))))
    more = f" and {len(known) - MOST_NAMES} more" if len(known) > MOST_NAMES else ""
    return f"{before} {', '.join(known[:MOST_NAMES])}{more}." if known else ""


def _boundaries(situation: Situation, *, short: bool) -> str:
    words = VIEW_WORDS.get(situation.view, f"borders: {situation.view}")
    words = words.partition(":")[0] if short else words
    return f"{basemap.BOUNDARY_NOTE} {words[:1].upper()}{words[1:]}."


def _credit(choices: Choices) -> str:
    further = "".join(f"; {origin} ({licence})" for origin, licence in credits() if origin not in basemap.ATTRIBUTION)
    ground = f"{basemap.ATTRIBUTION}{further}. " if choices.basemap != "none" else ""
    return f"{ground}Drawn by Salient."

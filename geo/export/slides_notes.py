"""The speaker's notes of a slide: the map in words, what stands behind each mark, and the numbered sources."""

from __future__ import annotations

from collections.abc import Iterator

from geo.plate.items import Note, Plate

__all__ = ["paragraphs"]


def paragraphs(plate: Plate, *, first: str = "") -> tuple[str, ...]:
    """Return the notes of a plate, a paragraph each; `first` is a sentence about the slide that goes before the map in words."""
    return tuple(_told(plate, first))


def _told(plate: Plate, first: str) -> Iterator[str]:
    yield from filter(None, (first, plate.alt))
    shown = {item.note for item in plate.items if item.note}
    notes = [note for key, note in plate.notes.items() if key in shown]
    if notes:
        yield "What stands behind each mark:"
        for number, note in enumerate(notes, 1):
            yield f"{number}. {_mark(note)}"
    if plate.sources:
        yield "Sources:"
        for number, source in enumerate(plate.sources, 1):
            yield f"[{number}] {source}"


def _mark(note: Note) -> str:
    """A mark in one paragraph: what, which status, the words, who says so, how sure."""
    title = ": ".join(filter(None, (note.title, note.status)))
    cited = "".join(f"[{number}]" for number in note.sources)
    quotes = " ".join(f"“{quote}”" for quote in note.quotes)
    sure = f"Confidence {note.confidence:.2f}." if note.confidence > 0 else ""
    limits = " ".join(note.limits)
    return " ".join(filter(None, (f"{title}." if title else "", quotes, cited, sure, limits)))

"""The map told in a few plain sentences, for who cannot see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from geo import symbology
from geo.plate.small_print import day_words
from geo.plate.wrapping import clean

if TYPE_CHECKING:
    from geo.plate.scene import Mark, Scene

__all__ = ["alt_text"]

MOST_NAMES = 5  # in one sentence; the rest is counted
MOST_LETTERS = 1600  # of the whole: screen readers read it in one breath

_HELD = ("control", "claimed", "contested", "influence", "overlay", "proposed")
_COUNTED = {"events": ("event", "events"), "places": ("place", "places"), "past": ("past event or holding", "past events or holdings")}


def alt_text(scene: Scene) -> str:
    """Return what the map shows: of when and from whom, who is said to hold or contest what, how many events and places."""
    by_layer: dict[str, list[Mark]] = {}
    for mark in scene.marks:
        by_layer.setdefault(mark.layer, []).append(mark)
    said = [_opening(scene)]
    for key in _HELD:
        said += _held(key, by_layer.get(key, ()))
    said += _counts(by_layer)
    if not scene.marks:
        said.append("Nothing that the text says is drawn on it.")
    said.append(_sources(scene.sources))
    text = " ".join(filter(None, said))
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1].rsplit(" ", 1)[0] + "…"


def _opening(scene: Scene) -> str:
    title = symbology.preset(scene.choices.preset)["title"]
    day = day_words(scene.situation.as_of)
    return f"{title}: {clean(scene.situation.title).rstrip('.')}{f', as of {day}' if day else ''}."


def _held(key: str, marks: Iterable[Mark]) -> list[str]:
    places: dict[str, list[str]] = {}
    fronts = 0
    for mark in marks:
        if mark.row.predicate == "front_line":
            fronts += 1
        elif not getattr(mark.row, "course", ""):
            places.setdefault(mark.row.actor_name, []).append(_place(mark.row))
    words = symbology.layer_style(key)["legend"]
    words = words[:1].upper() + words[1:]
    said = [f"{words}{f', {clean(who)}' if who else ''}: {_listed(names)}." for who, names in places.items()]
    return [*said, f"{_number(fronts, 'front line is', 'front lines are')} inferred."] if fronts else said


def _counts(by_layer: dict[str, list[Mark]]) -> list[str]:
    said = []
    for key, (one, more) in _COUNTED.items():
        rows = [row for mark in by_layer.get(key, ()) for row in (mark.row, *mark.also) if not getattr(row, "course", "")]
        if rows:
            names = [_place(row) for row in rows] if key != "events" else [clean(row.title) for row in rows]
            said.append(f"{_number(len(rows), one, more)}: {_listed(names)}.")
    return said


def _place(row: Any) -> str:
    return clean(row.label or row.words or row.title)


def _listed(names: Sequence[str]) -> str:
    known = list(dict.fromkeys(filter(None, names)))
    if len(known) > MOST_NAMES:
        return f"{', '.join(known[:MOST_NAMES])} and {len(known) - MOST_NAMES} more"
    return " and ".join(filter(None, (", ".join(known[:-1]), known[-1]))) if known else "an area without a name"


def _number(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _sources(sources: Sequence[str]) -> str:
    named = "; ".join(clean(source) for source in sources[:3])
    more = f"; and {len(sources) - 3} more" if len(sources) > 3 else ""
    return f"Source{'s' if len(sources) > 1 else ''}: {named}{more}." if sources else ""

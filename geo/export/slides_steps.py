"""The slides of a deck: one in all, one more for each layer, or one more for each day, as plates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo import playback, symbology
from geo.choices import Choices
from geo.plate.compose import compose, plate_of, scene
from geo.plate.items import Item, Plate, Words
from geo.plate.small_print import day_words

if TYPE_CHECKING:
    from geo.plate.scene import Scene
    from geo.situation import Situation

__all__ = ["MOST_DAYS", "Step", "by_layer", "steps"]

MOST_DAYS = 24
"""Slides that a deck steps through at most by date; it is no longer followed after more."""

_WHOLE = 1000  # days, more than any report tells of


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One slide: its plate, and a sentence for the speaker about what it adds."""

    plate: Plate
    words: str = ""


def steps(situation: Situation, choices: Choices) -> tuple[Step, ...]:
    """Return the slides of a situation, as a user chose."""
    shown = scene(situation, choices)
    whole = plate_of(shown)
    if choices.steps == "layers":
        return by_layer(whole)
    if choices.steps == "dates":
        return _by_day(shown, whole)
    return (Step(plate=whole),)


def by_layer(plate: Plate) -> tuple[Step, ...]:
    """Return the ground first, then each layer added to it in the order of drawing, the last slide being the whole plate.

    What belongs to no layer stands on every slide, but for what stands for a mark that is not there yet.
    """
    present = {item.layer for item in plate.items if item.layer}
    keys = [key for key in symbology.LAYER_KEYS if key in present]
    if len(keys) < 2:
        return (Step(plate=plate),)
    of_key = {item.note: item.layer for item in plate.items if item.note and item.layer}
    made = []
    for number in range(len(keys) + 1):
        shown = {"", *keys[:number]} if number < len(keys) else {"", *present}
        titled = f"{plate.title} ({number + 1} of {len(keys) + 1})"
        added = symbology.layer_style(keys[number - 1])["title"] if number else ""
        words = f"This slide adds: {added}." if added else "This slide shows the ground alone; the layers follow one by one."
        made.append(Step(plate=_only(plate, shown, of_key, titled), words=words))
    return tuple(made)


def _only(plate: Plate, shown: set[str], of_key: Mapping[str, str], title: str) -> Plate:
    items = tuple(_retitled(item, title) for item in plate.items if (item.layer or of_key.get(item.note, "")) in shown)
    notes = {key: note for key, note in plate.notes.items() if of_key.get(key, "") in shown}
    return replace(plate, items=items, notes=notes, title=title)


def _by_day(last: Scene, whole: Plate) -> tuple[Step, ...]:
    situation = last.situation
    days = playback.days_of(situation, most=_WHOLE)
    if not days:
        return (Step(plate=whole, words="The reports tell of one day only, so there is one slide."),)
    kept = playback.days_of(situation, most=MOST_DAYS)
    words = "This slide shows what the reports, as they stand, say of {}."
    if len(days) > len(kept):
        words += f" They tell of {len(days)} days; the {len(kept)} on which most began have a slide."
    made = []
    for day in kept:
        plate = compose(playback.on_the_day(situation, day), last.choices, bounds=last.bounds, like=last.layout)
        titled = f"{plate.title} ({day_words(day)})"
        items = tuple(_retitled(item, titled) for item in plate.items)
        made.append(Step(plate=replace(plate, items=items, title=titled), words=words.format(day_words(day))))
    return tuple(made)


def _retitled(item: Item, title: str) -> Item:
    """The title's words with what tells the slides apart; as many lines as they were."""
    if item.role != "title" or not isinstance(item, Words) or not item.lines:
        return item
    ending = title[title.rindex(" ("):]
    return replace(item, lines=(*item.lines[:-1], item.lines[-1] + ending))

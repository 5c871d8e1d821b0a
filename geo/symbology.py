"""How things are drawn: one style for every output, read from data/symbology.json.

Colour says which party, pattern says which status, and nothing is told by colour alone.
"""

from __future__ import annotations

import colorsys
import functools
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from geo.errors import DataError, InputError
from geo.records import Actor

__all__ = [
    "LAYER_KEYS", "UNREAL", "colours", "heading", "icon", "icon_title", "layer_style", "luminance", "predicate_words", "preset", "ring_km",
    "size", "status_words", "style",
]

LAYER_KEYS = ("reference", "places", "events", "past", "control", "claimed", "contested", "influence", "overlay", "proposed", "uncertain")
"""The layers of a map, in the order in which they are drawn: what is past lies under what is said of the present and of the future."""

UNREAL = ("proposed", "demanded", "intended", "conditional", "denied")
"""Statuses of what is said but has not come about; its signs are hollow."""

_FILE = Path(__file__).parents[1] / "data" / "symbology.json"


@functools.cache
def style() -> Mapping[str, Any]:
    """Return the whole style: layers, palette, icons, words, rings and the basemap's colours.

    Raises
    ------
    DataError
        If data/symbology.json is missing or damaged.

    Examples
    --------
    >>> style()["layers"]["proposed"]["legend"]
    'proposed, not in force'
    """
    try:
        read: Mapping[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"The style sheet {_FILE.name} cannot be read ({error}); restore data/{_FILE.name} from the repository.") from error
    return read


def preset(name: str) -> Mapping[str, Any]:
    """Return what a preset chooses: `layers` drawn, `zones` ("fill", "dots", "none"), `signs` ("icons", "app6"), `base` colours ...

    Raises
    ------
    InputError
        If there is no such preset.

    Examples
    --------
    >>> preset("locator")["zones"]
    'none'
    """
    presets: Mapping[str, Mapping[str, Any]] = style()["presets"]
    if name not in presets:
        raise InputError(f"There is no preset {name!r}; choose {', '.join(presets)}.")
    return {**presets[name], "base": style()["base"] | presets[name].get("base", {})}


def size(name: str) -> Mapping[str, Any]:
    """Return the `width` and `height` of a page in points, and the `dpi` of its pictures.

    Raises
    ------
    InputError
        If there is no such size.
    """
    sizes: Mapping[str, Mapping[str, Any]] = style()["sizes"]
    if name not in sizes:
        raise InputError(f"There is no size {name!r}; choose {', '.join(sizes)}.")
    return sizes[name]


def layer_style(key: str) -> Mapping[str, Any]:
    """Return how a layer is drawn: pattern, fill opacity, line width in pixels, dashes, and its words.

    Raises
    ------
    InputError
        If there is no such layer.
    """
    if key not in LAYER_KEYS:
        raise InputError(f"There is no layer {key!r}; the layers are {', '.join(LAYER_KEYS)}.")
    found: Mapping[str, Any] = style()["layers"][key]
    return found


def colours(actors: Iterable[Actor]) -> dict[str, str]:
    """Return a colour (#rrggbb) for each actor: its own where it has one, else the next of the palette that none has taken.

    Of two actors that would look alike, the later takes a darker or lighter shade, so that a legend can tell allies apart.

    Examples
    --------
    >>> colours([Actor(id="a", name="A", colour="#123456"), Actor(id="b", name="B")])
    {'a': '#123456', 'b': '#c0453b'}
    >>> colours([Actor(id="a", name="A", colour="#2c6fad"), Actor(id="b", name="B", colour="#2c6fad")])
    {'a': '#2c6fad', 'b': '#1c476f'}
    """
    known = tuple(actors)
    chosen: dict[str, str] = {}
    for actor in known:
        if actor.colour and actor.id not in chosen:
            chosen[actor.id] = _apart(actor.colour, chosen.values())
    free = [colour for colour in style()["palette"] if colour not in chosen.values()]
    for number, actor in enumerate(actor for actor in known if not actor.colour):
        chosen[actor.id] = free[number % len(free)] if free else style()["neutral"]
    return chosen


# Shares by which a second party's colour goes towards black (below 0) or white, in the order tried; and how far, in 255ths of the channel
# that differs most, two colours must be apart: set by eye on discs of 10 points.
_SHADES, _APART = (0.0, -0.36, 0.4, -0.56, 0.6), 34


def _apart(colour: str, taken: Iterable[str]) -> str:
    others = [_channels(one) for one in taken]
    shades = [tuple(round(part * (1 + min(share, 0)) + (255 - part) * max(share, 0)) for part in _channels(colour)) for share in _SHADES]
    fit = (shade for shade in shades if all(max(abs(a - b) for a, b in zip(shade, other, strict=True)) >= _APART for other in others))
    return "#" + "".join(f"{part:02x}" for part in next(fit, shades[0]))


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def heading(key: str, *, status: str = "", predicate: str = "") -> str:
    """Return what the legend says of a layer; of what is not in force, whether it is proposed, demanded, intended or agreed.

    Examples
    --------
    >>> heading("proposed", status="intended")
    'intended, not done'
    >>> heading("control", status="reported")
    'reported control'
    """
    words: str = layer_style(key)["legend"]
    if key != "proposed":
        return words
    said: Mapping[str, str] = style()["proposed_as"]
    return said.get(predicate if status == "proposed" else status, words)


def status_words(status: str, speaker: str = "") -> str:
    """Return a status in words, with who says so where that matters.

    Examples
    --------
    >>> status_words("proposed", "Russia")
    'proposed by Russia'
    >>> status_words("reported", "")
    'reported'
    """
    words: str = style()["status"].get(status, status)
    if speaker.lower() in _NOBODY or status == "reported":
        return words
    return f"{words} by {speaker}" if status in _SAID_BY else f"{words}, says {speaker}"


_NOBODY = ("", "the report", "report")
_SAID_BY = ("claimed", "assessed", "proposed", "demanded", "denied")


def predicate_words(predicate: str) -> str:
    """Return what is said of an area, in words that stand before its name ("fighting for")."""
    words: str = style()["predicates"].get(predicate, predicate.replace("_", " "))
    return words


def icon(name: str) -> str:
    """Return the icon that stands for a predicate or a kind of base, or an empty string."""
    found: str = style()["icon_of"].get(name, "")
    return found


def icon_title(name: str) -> str:
    """Return an icon's name in the legend."""
    found: str = style()["icon_titles"].get(name, name)
    return found


def ring_km(precision: int) -> float:
    """Return the radius, in kilometres, of the ring that shows how precise a place is (UCDP class); 0 draws a dot alone."""
    return float(style()["ring_km"].get(str(precision), 0))


def luminance(colour: str) -> float:
    """Return how light a colour (#rrggbb) looks, 0 to 1, as a greyscale print would show it.

    Examples
    --------
    >>> round(luminance("#ffffff"), 2)
    1.0
    """
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return colorsys.rgb_to_yiq(red, green, blue)[0]

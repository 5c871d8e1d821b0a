"""Which fill and which line a layer has on a page: one answer for the map, its legend and its slides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo import symbology
from geo.plate.items import Fill, Stroke

__all__ = ["ARROW_HEAD", "SOFT", "edge", "fill", "muted", "stroke"]

PIXEL = 0.8  # points to a pixel of the style sheet, which counts in those of a screen
LIGHT = 0.55  # luminance above which a line is lost on the land, which has 0.95
SOFT = 9.0  # points over which the edge of what is vague fades
ARROW_HEAD = 9.0  # points
_LINE_LAYER = {"width": 2.2, "dash": ""}


def fill(key: str, colour: str, unit: float = 1.0) -> Fill | None:
    """Return what fills an area of a layer in a party's colour; None where the layer fills nothing.

    Parameters
    ----------
    key
        Of the layer.
    colour
        The party's, as #rrggbb.
    unit
        How many times as large as on an article's page things are drawn.
    """
    drawn = symbology.layer_style(key)
    pattern = str(drawn["pattern"])
    opacity = float(drawn["fill"])
    if pattern in ("none", "inline"):
        return Fill(colour=colour, opacity=opacity) if opacity else None
    if pattern == "solid":
        return Fill(colour=colour, opacity=opacity)
    return Fill(
        colour=edge(colour), opacity=opacity, pattern=pattern, angle=float(drawn.get("angle", 45)),
        gap=float(drawn["gap"]) * PIXEL * unit, line=float(drawn["line"]) * PIXEL * unit,
    )


def stroke(key: str, colour: str, unit: float = 1.0) -> Stroke | None:
    """Return the outline of a layer's areas; None where it has none."""
    return _stroke(symbology.layer_style(key), edge(colour), unit)


def edge(colour: str) -> str:
    """Return the colour of an outline: the party's own, or a darker one where that is too light to be seen on the land.

    Examples
    --------
    >>> edge("#c0453b"), edge("#f0e442")
    ('#c0453b', '#9d962b')
    """
    light = symbology.luminance(colour)
    share = LIGHT / light if light > LIGHT else 1.0
    return "#" + "".join(f"{round(int(colour[place : place + 2], 16) * share):02x}" for place in (1, 3, 5))


def muted(colour: str, preset: Mapping[str, Any]) -> str:
    """Return a party's colour as a preset has it: nearer to grey by its `mute` (0 to 1).

    Examples
    --------
    >>> muted("#c0453b", {"mute": 0.0}), muted("#c0453b", {"mute": 1.0})
    ('#c0453b', '#696969')
    """
    share = float(preset.get("mute", 0.0))
    grey = round(symbology.luminance(colour) * 255)
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(part + (grey - part) * share):02x}" for part in parts)


def _stroke(drawn: Mapping[str, Any], colour: str, unit: float) -> Stroke | None:
    width = float(drawn["width"]) * PIXEL * unit
    if not width:
        return None
    dash = tuple(float(step) * PIXEL * unit for step in str(drawn["dash"]).split())
    return Stroke(colour=colour, width=width, dash=dash)

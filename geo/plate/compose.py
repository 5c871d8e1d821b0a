"""From a situation to a page: which layers, which part of the Earth, and everything on the page at its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from geo import layers as drawing
from geo import symbology
from geo.choices import DEFAULT, Choices
from geo.plate.alt_text import alt_text
from geo.plate.behind import note_of, numbers_of
from geo.plate.districts import district_lines
from geo.plate.dots import dotted
from geo.plate.furniture import furniture
from geo.plate.graticule import graticule, lettered
from geo.plate.ground import ground
from geo.plate.items import Area, Box, Item, Plate, Stroke
from geo.plate.labels import labels
from geo.plate.layout import Layout, layout
from geo.plate.marks import PLANES, Look, marks, plane_of
from geo.plate.military import symbols_of
from geo.plate.scene import Mark, Scene
from geo.plate.small_print import sources_of
from geo.plate.view import fitted
from geo.views import first_view

if TYPE_CHECKING:
    from geo.layers import Layer
    from geo.situation import Situation

__all__ = ["PAPER", "compose", "plate_of", "scene"]

PAPER = "#ffffff"
USUAL_FRAME, LEAST_SHARE = 684 * 330, 0.75  # square points of the window on an article's page; signs never get smaller than this share
FRAME_LINE = Stroke(colour="#6b665d", width=1.1)


def compose(
    situation: Situation, choices: Choices = DEFAULT, *, layers: Iterable[Layer] | None = None, bounds: Sequence[float] | None = None,
    like: Layout | None = None,
) -> Plate:
    """Lay out a situation on a page.

    Parameters
    ----------
    situation
        What some reports say.
    choices
        Preset, size, names and the rest that a user chooses.
    layers
        What to draw; by default `geo.layers.layers(situation)`. The preset draws those that it names.
    bounds
        West, south, east and north in degrees of what to show; by default what the reports are mainly about.
    like
        The plan of a page that this one follows on, whose frame and columns it takes, so that two days lie on each other.

    Raises
    ------
    InputError
        If there is no such preset or size.
    """
    return plate_of(scene(situation, choices, layers=layers, bounds=bounds, like=like))


def scene(
    situation: Situation, choices: Choices = DEFAULT, *, layers: Iterable[Layer] | None = None, bounds: Sequence[float] | None = None,
    like: Layout | None = None,
) -> Scene:
    """Return what the page shows, before its words (see `compose`)."""
    preset = symbology.preset(choices.preset)
    every = drawing.layers(situation) if layers is None else tuple(layers)
    drawn = _uncovered([layer for layer in every if layer.key in preset["layers"]])
    wanted = tuple(bounds) if bounds is not None else first_view(drawn or every, turn=True)
    drawn = dotted(drawn, situation, wanted) if preset["zones"] == "dots" else drawn
    plan = layout(situation, drawn, choices, wanted)
    plan = plan if like is None else replace(like, heading=plan.heading)
    view = fitted(wanted, plan.frame, **({"room": 0.0} if bounds is not None else {}))
    symbols = symbols_of(situation, choices) if preset["signs"] == "app6" else None
    found, outside = marks(drawn, Look(view=view, preset=preset, unit=plan.unit * _share(plan.frame), symbols=symbols))
    return Scene(
        situation=situation, layers=drawn, choices=choices, preset=preset, layout=plan, view=view, marks=found,
        sources=sources_of(situation), outside=outside,
    )


def plate_of(shown: Scene) -> Plate:
    """Return the page of a scene: its ground, marks, labels and furniture."""
    around = furniture(shown)
    fine = district_lines(shown.situation, shown.view) if shown.preset["admin"] > 1 else None
    under = ground(shown.view, shown.preset, shown.unit, fine) if shown.choices.basemap != "none" else ()
    grid = graticule(shown.view, shown.preset["base"], shown.unit, around.reserved) if shown.preset["graticule"] else ()
    named = labels(shown, (*around.reserved, *lettered(grid)))
    numbers, page = numbers_of(shown.situation), shown.layout.page
    west, south, east, north = shown.bounds
    return Plate(
        width=page.width, height=page.height, dpi=shown.choices.dpi or int(symbology.size(shown.choices.size)["dpi"]), frame=shown.frame,
        bounds=(round(west, 4), round(south, 4), round(east, 4), round(north, 4)), paper=PAPER,
        items=(*under, *grid, *_in_planes(shown.marks), _frame(shown.frame), *named, *around.items),
        title=shown.situation.title, alt=alt_text(shown), sources=shown.sources, legend_box=around.legend_box,
        notes=MappingProxyType({mark.key: note_of((mark.row, *mark.also), shown.situation, numbers) for mark in shown.marks}),
    )


def _share(frame: Box) -> float:
    """How much smaller signs are where the map has only a small part of its page."""
    return float(min(max((frame.width * frame.height / USUAL_FRAME) ** 0.5, LEAST_SHARE), 1.0))


def _uncovered(drawn: Sequence[Layer]) -> tuple[Layer, ...]:
    """Layers whose places are all drawn where no claim's sign stands for them (see `geo.rows.place_rows`)."""
    if {layer.key for layer in drawn} - {"reference", "places"}:
        return tuple(drawn)
    return tuple(drawing.layer(one.key, [{**row, "quiet": False} for row in one.frame.to_dict("records")]) if one.key == "places" else one
                 for one in drawn)


def _in_planes(found: Sequence[Mark]) -> list[Item]:
    """What is drawn, areas below lines, lines below signs; within a plane as the layers have it."""
    planes: list[list[Item]] = [[] for _ in PLANES]
    for mark in found:
        for item in mark.items:
            planes[plane_of(item)].append(item)
    return [item for plane in planes for item in plane]


def _frame(box: Box) -> Area:
    ring = np.array([[box.x, box.y], [box.x + box.width, box.y], [box.x + box.width, box.y + box.height], [box.x, box.y + box.height]])
    return Area(role="frame", polygons=((ring,),), stroke=FRAME_LINE)

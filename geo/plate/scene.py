"""What a plate shows, before its words: the view, the layers chosen, and each drawn feature as a mark on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.plate.items import Box, Item, Ring

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.choices import Choices
    from geo.layers import Layer
    from geo.plate.layout import Layout
    from geo.plate.view import View
    from geo.situation import Situation

__all__ = ["Mark", "Scene"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mark:
    """One drawn feature on the page.

    Attributes
    ----------
    key
        Of its note in the plate.
    row
        The feature's row of its layer's frame (see `geo.rows.COLUMNS`).
    layer
        The key of its layer.
    kind
        "area", "line" or "point".
    label
        What the map calls it: a place's name, a road's number, or empty.
    colour
        Its own (#rrggbb).
    anchor
        Where a label belongs to: the sign's centre, or a point inside the area or on the line.
    radius
        Of the sign or dot in points; 0 for lines and areas.
    shape
        On the page in points, cut to the frame and thinned; a point stays a point.
    paths
        The lines of what is a line, for words along them and as obstacles.
    boxes
        What no label may cover.
    items
        As drawn, in order.
    also
        Rows that say the same of the same spot and have no sign of their own.
    """

    key: str
    row: Any
    layer: str
    kind: str
    label: str
    colour: str
    anchor: tuple[float, float]
    radius: float
    shape: BaseGeometry
    paths: tuple[Ring, ...] = ()
    boxes: tuple[Box, ...] = ()
    items: tuple[Item, ...] = ()
    also: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """All that words and furniture are laid out by.

    Attributes
    ----------
    layers
        Those that the preset draws, in drawing order.
    preset
        Of `geo.symbology.preset`.
    marks
        The features inside the frame, in drawing order.
    sources
        "title, publisher, date" of each numbered source.
    outside
        Rows of what the preset draws that lies beyond the frame.
    """

    situation: Situation
    layers: tuple[Layer, ...]
    choices: Choices
    preset: Mapping[str, Any]
    layout: Layout
    view: View
    marks: tuple[Mark, ...]
    sources: tuple[str, ...] = ()
    outside: tuple[Any, ...] = ()

    @property
    def frame(self) -> Box:
        """The window through which the map is seen."""
        return self.layout.frame

    @property
    def unit(self) -> float:
        """How many times as large as on an article's page things are drawn."""
        return self.layout.unit

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of what the frame shows, in degrees; east is above 180 where the date line is crossed."""
        return self.view.bounds

    @property
    def km_per_point(self) -> float:
        """The scale at the middle of the frame."""
        return self.view.km_per_point

    @property
    def north(self) -> float:
        """Where north is at the middle of the frame, in degrees clockwise from up."""
        return self.view.north

    def project(self, lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return where points (degrees) lie on the page; NaN where they lie beyond the world that the view can show."""
        return self.view.project(lon, lat)

    def inverse(self, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the (lon, lat) in degrees of points of the page."""
        return self.view.degrees(x, y)

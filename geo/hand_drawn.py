"""Which area somebody drew on the map by hand, as a recipe: a ring that is one piece, not too large and not too fine.

No words stand behind such an area; its recipe says who drew it, and wherever it is shown it says so.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import GeometryError, InputError
from geo.projections import area_km2, split_at_180
from geo.recipes import Drawn, Where, walk

__all__ = ["LIMIT", "MOST_CORNERS", "MOST_KM2", "check", "drawn", "limit_of", "polygon"]

LIMIT = "The area was drawn by hand{by}; it is not in the text."

# Choices by hand.
MOST_CORNERS = 200  # the text of a recipe stays below 5,000 characters; more corners than a hand draws are thinned
LEAST_KM2, MOST_KM2 = 0.01, 5_000_000.0  # a block of houses; two thirds of Europe
SPIKES = 0.05  # a hand that crosses its own line by less of the area has not meant to: the largest part is taken
_DIGITS = 5  # of a degree: 1 m


def drawn(ring: Iterable[tuple[float, float]], *, by: str = "", name: str = "") -> Drawn:
    """Return the recipe of an area that was drawn by hand.

    Parameters
    ----------
    ring
        Its corners as (lon, lat) in degrees, in either direction; it need not be closed, and may cross the antimeridian.
    by, name
        Who drew it, and what it is called, if anything.

    Raises
    ------
    InputError
        Fewer than three corners, a line that crosses itself, or an area that is too small or too large.

    Examples
    --------
    >>> drawn([(36.0, 35.0), (36.5, 35.0), (36.5, 35.5)], by="Ada").by
    'Ada'
    """
    corners = _corners(ring)
    if len(corners) < 3:
        raise InputError(f"An area needs at least three corners, and {len(corners)} were drawn; click one more, then close the area.")
    shape = _repaired(shapely.Polygon(_unwrapped(corners)))
    _sized(shape)
    turned = [((lon + 180) % 360 - 180, lat) for lon, lat in shapely.get_coordinates(_thinned(shape).exterior)]
    return Drawn(ring=_corners(turned), by=" ".join(by.split()), name=" ".join(name.split()))


def check(recipe: Where) -> Where:
    """Return a recipe whose areas drawn by hand, if it holds any, can be drawn.

    Raises
    ------
    InputError
        The line of one crosses itself, or it is too small or too large.
    """
    for area in (node for node in walk(recipe) if isinstance(node, Drawn)):
        try:
            _sized(polygon(area))
        except GeometryError as error:
            raise InputError(str(error)) from error
    return recipe


def polygon(area: Drawn) -> BaseGeometry:
    """Return the area of a recipe, EPSG:4326, with longitudes beyond 180 where it crosses the antimeridian.

    Raises
    ------
    GeometryError
        Its line crosses itself.
    """
    shape = shapely.Polygon(_unwrapped(area.ring))
    if not shape.is_valid:
        raise GeometryError("The line of an area drawn by hand crosses itself; draw it again.")
    return shape


def limit_of(recipe: Where | None) -> str:
    """Return the sentence that says that an area, or a part of it, was drawn by hand; empty where none was.

    Examples
    --------
    >>> limit_of(drawn([(36.0, 35.0), (36.5, 35.0), (36.5, 35.5)], by="Ada"))
    'The area was drawn by hand by Ada; it is not in the text.'
    """
    found = [node for node in walk(recipe) if isinstance(node, Drawn)] if recipe is not None else []
    return LIMIT.format(by=f" by {found[0].by}" if found[0].by else "") if found else ""


def _corners(ring: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Corners to a metre, none of them twice in a row, the last not the first again."""
    rounded = [(round(float(lon), _DIGITS), round(float(lat), _DIGITS)) for lon, lat in ring]
    kept = [corner for number, corner in enumerate(rounded) if number == 0 or corner != rounded[number - 1]]
    return tuple(kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept)


def _unwrapped(ring: Iterable[tuple[float, float]]) -> np.ndarray:
    """The corners as one run of longitudes: each the short way from the one before."""
    corners = np.array(list(ring), dtype=float)
    corners[:, 0] = np.degrees(np.unwrap(np.radians(corners[:, 0])))
    return np.round(corners, _DIGITS)


def _repaired(shape: BaseGeometry) -> BaseGeometry:
    """The area without the loops of a hand that slipped."""
    if shape.is_valid and not shape.is_empty and shape.area > 0:
        return shape
    parts = shapely.get_parts(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    areas = [part for part in parts if part.geom_type == "Polygon" and part.area > 0]
    largest = max(areas, key=lambda part: part.area, default=None)
    if largest is None:
        raise InputError("The corners lie on one line and enclose nothing; draw an area.")
    if largest.area < (1 - SPIKES) * sum(part.area for part in areas):
        raise InputError("The line of the area crosses itself; draw it without crossing, or as two areas.")
    return shapely.Polygon(largest.exterior)


def _sized(shape: BaseGeometry) -> None:
    km2 = area_km2(split_at_180(shape))
    if not LEAST_KM2 <= km2 <= MOST_KM2:
        most = f"{MOST_KM2 / 1e6:g} million"
        raise InputError(f"The area has {km2:,.2f} km²; draw one of at least {LEAST_KM2:g} and at most {most} km².")


def _thinned(shape: BaseGeometry) -> BaseGeometry:
    """The area with at most as many corners as a recipe holds."""
    thin, degrees = shape, 10.0**-_DIGITS
    while shapely.get_num_coordinates(thin) > MOST_CORNERS:
        thin, degrees = shapely.simplify(shape, degrees), degrees * 2
    return thin

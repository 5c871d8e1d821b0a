"""The maps of a comparison: before, after and what changed, of one extent, so that the eye can go from one to the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from geo import layers as drawing
from geo.changes_drawn import behind, layers_of
from geo.choices import DEFAULT, Choices
from geo.export.drawing import POINTS
from geo.export.picture import png
from geo.plate.compose import compose, plate_of, scene
from geo.views import first_view

if TYPE_CHECKING:
    from geo.changes import Changes
    from geo.holdings import Holdings
    from geo.layers import Layer
    from geo.plate.items import Plate
    from geo.plate.layout import Layout
    from geo.plate.scene import Scene
    from geo.situation import Situation

__all__ = ["Maps", "Tell", "extent", "maps", "picture_of", "round_about"]

Tell = Callable[[int, int], None]
"""Told (maps drawn, maps in all); raise from it to cancel."""

SIDE_SIZE, CHANGE_SIZE = "social", "slide"  # square maps beside each other, and a wide one below
MOST_WIDE = 1440  # pixels of a picture on a page: twice a column's, and what Streamlit shows without making it smaller at every run
LEAST_DEGREES = 0.4  # of what is shown round one change
ROOM = 0.35  # of its width, on each side


@dataclass(frozen=True, slots=True, kw_only=True)
class Maps:
    """Three pictures (PNG) of one extent, with what each shows in words; a side that is no situation has none (b"")."""

    before: bytes
    after: bytes
    changes: bytes
    alts: tuple[str, str, str]
    bounds: tuple[float, float, float, float]


def extent(found: Changes, *, whole: bool = True) -> tuple[float, float, float, float]:
    """Return west, south, east, north, in degrees, of what is compared: both sides whole, or only what changed, where anything did."""
    changed = layers_of(found)
    if changed and not whole:
        return first_view(changed, turn=True)
    return first_view((*changed, *_layers(found.before), *_layers(found.after)), turn=True)


def round_about(bounds: Sequence[float]) -> tuple[float, float, float, float]:
    """Return the extent in which one change is seen with the land round it."""
    west, south, east, north = bounds
    across, up = max(east - west, LEAST_DEGREES) * (0.5 + ROOM), max(north - south, LEAST_DEGREES) * (0.5 + ROOM)
    x, y = (west + east) / 2, (south + north) / 2
    return max(x - across, -180.0), max(y - up, -84.0), x + across, min(y + up, 84.0)


def maps(found: Changes, bounds: Sequence[float], choices: Choices = DEFAULT, *, tell: Tell | None = None) -> Maps:
    """Draw both sides and what changed, of the same extent; both sides to the same scale, with the same frame.

    Parameters
    ----------
    found
        What is different.
    bounds
        West, south, east, north in degrees (see `extent`).
    choices
        Preset and names; the sizes are those that stand well side by side.
    """
    said = tell or _nobody
    sides = [_scene(side, bounds, choices) for side in (found.before, found.after)]
    plan = _roomier([one.layout for one in sides if one is not None])
    plates: list[Plate | None] = []
    for number, (side, shown) in enumerate(zip((found.before, found.after), sides, strict=True)):
        said(number, 3)
        alike = shown if shown is None or plan is None or shown.layout.frame == plan.frame else _scene(side, bounds, choices, like=plan)
        plates.append(None if alike is None else plate_of(alike))
    said(2, 3)
    gazetteer = found.gazetteer or next(s.situation.gazetteer for s in (found.before, found.after) if s.situation is not None)
    changed = compose(
        behind(found, gazetteer=gazetteer), replace(choices, size=CHANGE_SIZE, preset="control"), layers=layers_of(found), bounds=bounds
    )
    before, after, change = (b"" if plate is None else picture_of(plate) for plate in (*plates, changed))
    said(3, 3)
    return Maps(
        before=before, after=after, changes=change, alts=tuple("" if p is None else p.alt for p in (*plates, changed)),  # type: ignore[arg-type]
        bounds=(float(bounds[0]), float(bounds[1]), float(bounds[2]), float(bounds[3])),
    )


def picture_of(plate: Plate, *, wide: int = MOST_WIDE) -> bytes:
    """Return a plate as the octets of a PNG of at most so many pixels across, and no finer than its own resolution."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "map.png"
        png(plate, path, dpi=min(plate.dpi, int(wide * POINTS / plate.width)))
        return path.read_bytes()


def _layers(side: Holdings) -> tuple[Layer, ...]:
    return drawing.layers(side.situation) if side.situation is not None else ()


def _scene(side: Holdings, bounds: Sequence[float], choices: Choices, *, like: Layout | None = None) -> Scene | None:
    shown: Situation | None = side.situation
    return None if shown is None else scene(shown, replace(choices, size=SIDE_SIZE), bounds=bounds, like=like)


def _roomier(plans: Sequence[Layout]) -> Layout | None:
    """The plan with the smaller window: its legend is the longer one and stands off the map, and the shorter one fits there too."""
    return min(plans, key=lambda plan: plan.frame.width * plan.frame.height, default=None)


def _nobody(done: int, total: int) -> None:
    """Tell nobody."""

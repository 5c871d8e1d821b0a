"""What is drawn of the layers of a user's own: grey shapes, said to be from no report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from geo.projections import area_km2
from geo.rows import Paint, row

__all__ = ["OWN", "own_rows"]

OWN = "own"
"""Stands in the rows for what a shape of such a layer does: nothing."""


def own_rows(paint: Paint) -> Iterable[dict[str, Any]]:
    """Return a row for each shape of the layers beside the situation; they are of the reference layer."""
    for number, layer in enumerate(getattr(paint.situation, "own", ())):
        for at, (label, shape) in enumerate(zip(layer.frame["label"], layer.frame.geometry, strict=True)):
            yield row(
                paint, id=f"own-{number}-{at}", layer="reference", title=label or layer.name, status="mentioned",
                label=label if shape.geom_type == "Point" else "", status_words="not from the reports", words=layer.name, predicate=OWN,
                sources=((layer.name, "", ""),), limits=("This layer was brought by whoever made the map; no report says it.",),
                geometry=shape, km2=area_km2(shape) if "Polygon" in shape.geom_type else 0.0,
            )

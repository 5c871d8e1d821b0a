"""Which feature an installed area or road is: by code, by name, and by where it lies.

The links are worked out anew after every change of what is installed, since a place that is installed later may be what an area shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import shapely

from geo.added import LINKS
from geo.gazetteer import OfflineGazetteer
from geo.indexes import PlaceIndex, PlaceRow
from geo.installed import Installed, installed, write_json
from geo.names import fold
from geo.records import Feature

__all__ = ["link"]

_BESIDE_DEGREES = 0.1  # how far outside of an area the point of its feature may lie: sources differ by some km
_LEVELS = {"ADM1": 1, "ADM2": 2, "ADM3": 3, "ADM4": 4, "ADM5": 5}


def link(folder: Path) -> int:
    """Write which features the installed areas and roads are, and return how many have one."""
    drawn = [one for one in installed(folder) if one.holds in ("areas", "roads")]
    target = folder / LINKS
    if not drawn:
        target.unlink(missing_ok=True)
        return 0
    known = OfflineGazetteer(added=tuple((folder, one) for one in installed(folder) if one.holds == "places"))
    links: dict[str, str] = {}
    for one in drawn:
        taken = set(links.values())
        for own, feature_id in _links_of(one, folder, known):
            if feature_id not in taken:
                taken.add(feature_id)
                links[own] = feature_id
    write_json(links, target)
    return len(links)


def _links_of(one: Installed, folder: Path, known: OfflineGazetteer) -> Iterator[tuple[str, str]]:
    index = PlaceIndex(folder / one.file, source=one.origin)
    try:
        notes = index.remarks()
        for row in index.all():
            found = _area(row, notes.get(row.key, ("", ""))[0], index, known) if one.holds == "areas" else _road(row, known)
            if row.id and found and found.id != row.id:
                yield row.id, found.id
    finally:
        index.close()


def _area(row: PlaceRow, iso: str, index: PlaceIndex, known: OfflineGazetteer) -> Feature | None:
    """The unit of that ISO 3166-2 code, or the unit of that name and level whose point lies in the area."""
    wkb = index.wkb(row.id or "")
    if wkb is None:
        return None
    shape = shapely.from_wkb(wkb)
    found = [hit.feature for hit in known.search(row.name, country=row.country, kinds={"admin"}, limit=20)]
    if row.code == "ADM1":
        units = {unit.id: unit for unit in known.children(f"country:{row.country}")}
        if iso and f"admin1:{iso}" in units:
            return units[f"admin1:{iso}"]
        found = [feature for feature in found if feature.id in units]
    else:
        found = [feature for feature in found if not feature.id.startswith("admin1:") and _same_level(feature, row)]
    apart = {feature: float(shape.distance(shapely.Point(feature.lon, feature.lat))) for feature in found}
    near = [feature for feature in found if apart[feature] <= _BESIDE_DEGREES]
    return min(near, key=lambda feature: (fold(feature.name) != fold(row.name), apart[feature]), default=None)


def _same_level(feature: Feature, row: PlaceRow) -> bool:
    """Sources number levels differently by one; two apart is another unit."""
    return abs(_LEVELS.get(feature.code, _LEVELS[row.code]) - _LEVELS[row.code]) <= 1


def _road(row: PlaceRow, known: OfflineGazetteer) -> Feature | None:
    """The road of that number in that country."""
    found = [hit.feature for hit in known.search(row.name, country=row.country, kinds={"road"}, limit=20)]
    return next((feature for feature in found if feature.country == row.country), None)

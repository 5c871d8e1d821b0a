"""What a user installed or added, behind the shipped gazetteer as one: the same look-ups, and no place twice.

A row with the geonameid of a shipped feature is that feature: its names lead there. A feature that lies where a shipped one of its kind
and name lies is left out, whatever its id. Shapes that were installed take the place of shipped ones of the same feature; borders
between states stay as they ship.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import DataError
from geo.handtables import HandTables
from geo.indexes import PlaceIndex, PlaceRow
from geo.installed import Installed, data_dir, installed
from geo.records import Feature, Kind

__all__ = ["LINKS", "OWN", "Added", "Known", "State", "same_place", "state"]

LINKS = "links.json"  # in the folder of what is installed: the id of an installed area or road -> the feature that it is
OWN = "own"  # the data set of the places that a user adds, and the prefix of their ids

State = tuple[tuple[Path, Installed], ...]
Known = tuple[str, int, str, str, int, str | int]
Named = tuple[Feature, int]
Make = Callable[[PlaceRow, str], Feature]

# Degrees within which two features of one kind and name, of two gazetteers, are one thing. A river's point may lie anywhere along it;
# airfields and villages of two sources differ by 1 to 4 km in Syria, Ukraine and Mali.
_NEAR: dict[Kind, float] = {"water": 6.0, "region": 4.0, "road": 8.0, "base": 0.06, "populated": 0.05, "admin": 0.1, "other": 0.02}
_OUTSKIRTS = 0.2  # degrees, as far as a tell or a camp lies from the village of its name in Syria and Iraq
_LOG = logging.getLogger(__name__)


def state() -> State:
    """Return (folder, data set) for what is installed and adds to the gazetteer; another state is another gazetteer.

    Examples
    --------
    >>> isinstance(state(), tuple)
    True
    """
    folder = data_dir()
    return tuple((folder, one) for one in installed(folder) if one.holds != "events")


class Added:
    """The installed data sets, opened; `make` turns a row and its source into a feature, in the border view of the gazetteer."""

    def __init__(self, sets: State, *, shipped: Sequence[PlaceIndex], hand: HandTables, make: Make) -> None:
        self._shipped, self._hand, self._make = shipped, hand, make
        self._indexes = [_opened(one, folder) for folder, one in sets]
        self._remarks = {id(index): index.remarks() for (_, one), index in zip(sets, self._indexes, strict=True) if one.holds == OWN}
        self._links = _links(sets[0][0]) if any(one.holds in ("areas", "roads") for _, one in sets) else {}
        self._shaped: dict[str, str] = {target: own for own, target in self._links.items()}

    def named(self, folded: str, found: list[Named]) -> tuple[Named, ...]:
        """Return (feature, rank) of what ships under a folded name and of what was added under it."""
        rows = [(rank, row, index) for index in self._indexes for rank, row in index.named(folded)]
        if not rows:
            return tuple(found)
        held = {feature.id: feature for feature, _ in found}
        held |= self._lookup({same for _, row, _ in rows if (same := self._elsewhere(row)) and same not in held})
        for rank, row, index in rows:
            same = self._same(row)
            if same not in held:
                held[same] = self._make(self._told(row, index), index.source)
            found.append((held[same], rank))
        return tuple(_without_doubles(found))

    def known(self, folded: Sequence[str]) -> Iterator[Known]:
        """Yield (folded name, rank, kind, country, population, what it is) of what was added, as an index does."""
        for index in self._indexes:
            for name, rank, kind, country, population, key in index.known(folded):
                is_now = self._links.get(key, key) if isinstance(key, str) else self._taken.get(key, key)
                yield name, rank, kind, country, population, is_now

    def get(self, feature_id: str) -> Feature | None:
        """Return an added feature."""
        for index in self._indexes:
            if row := index.get(feature_id):
                return self._make(self._told(row, index), index.source)
        return None

    def folds(self, skeleton: str) -> Iterator[str]:
        """Yield the folded names of a skeleton."""
        for index in self._indexes:
            yield from index.folds(skeleton)

    def names_in(self, country: str) -> Iterator[str]:
        """Yield the names of what lies in a country."""
        for index in self._indexes:
            yield from index.names_in(country)

    def around(self, cells: Collection[int], found: Sequence[Feature]) -> list[Feature]:
        """Return what was added in one-degree cells and is not among the features found there."""
        seen = {feature.id for feature in found}
        rows = [(row, index) for index in self._indexes for row in index.in_cells(cells)]
        new = {same: (row, index) for row, index in rows if (same := self._same(row)) not in seen}
        return [self._make(self._told(row, index), index.source) for same, (row, index) in new.items() if same == _id(row)]

    def units(self, admin1: str) -> list[tuple[PlaceRow, PlaceIndex]]:
        """Return the units below a first-level unit that do not ship."""
        rows = [(row, index) for index in self._indexes for row in index.units(admin1=admin1)]
        return [(row, index) for row, index in rows if not self._elsewhere(row)]

    def shape(self, feature_id: str) -> BaseGeometry | None:
        """Return an installed shape of a feature."""
        own = self._shaped.get(feature_id, feature_id)
        for index in self._indexes:
            if wkb := index.wkb(own):
                return shapely.from_wkb(wkb)
        return None

    def _told(self, row: PlaceRow, index: PlaceIndex) -> PlaceRow:
        """The row with what its user said of it, and with its own source where the gazetteer would take another."""
        if remarks := self._remarks.get(id(index)):
            note, source = remarks.get(row.key, ("", ""))
            return row._replace(note=note, source=source or index.source)
        return row._replace(source=index.source) if row.kind == "base" else row

    def _same(self, row: PlaceRow) -> str:
        """Return the id of the feature that a row is."""
        if row.id is None:
            return self._taken.get(row.key, f"geonames:{row.key}")
        return self._links.get(row.id, row.id)

    def _elsewhere(self, row: PlaceRow) -> str:
        """Return the id of the feature that a row is, where another gazetteer holds it; empty where it is the row's own."""
        same = self._same(row)
        if row.id is None and same == f"geonames:{row.key}":
            at = int(np.searchsorted(self._keys, row.key))
            return same if at < len(self._keys) and self._keys[at] == row.key else ""
        return same if same != row.id or same in self._hand.features else ""

    def _lookup(self, feature_ids: set[str]) -> dict[str, Feature]:
        found = {key: feature for key in feature_ids if (feature := self._hand.features.get(key))}
        for index in (*self._shipped, *self._indexes):
            if wanted := feature_ids - found.keys():
                for row in index.many(wanted):
                    told = self._told(row, index) if index in self._indexes else row
                    found[_id(row)] = self._make(told, index.source)
        return found

    @cached_property
    def _keys(self) -> np.ndarray:
        """The geonameids of what ships, sorted; shape (n,)."""
        return np.unique(np.fromiter((key for index in self._shipped for key in index.geonameids()), dtype=np.int64))

    @cached_property
    def _taken(self) -> dict[int, str]:
        """The ids of shipped features by the geonameid that they bear besides."""
        return {number: own for index in self._shipped for number, own in index.second_ids()}


def same_place(one: Feature, other: Feature) -> bool:
    """Say whether two features of one name are one thing by their kind and where they lie.

    Examples
    --------
    >>> here = Feature(id="airport:OSAP", name="Aleppo International Airport", kind="base", lon=37.224, lat=36.181)
    >>> there = Feature(id="geonames:1", name="Aleppo International Airport", kind="base", lon=37.23, lat=36.185)
    >>> same_place(here, there)
    True
    """
    near = _NEAR.get(one.kind, 0.0)
    return one.kind == other.kind and abs(one.lon - other.lon) <= near and abs(one.lat - other.lat) <= near


def _without_doubles(found: Iterable[Named]) -> Iterator[Named]:
    """Leave out what lies where another gazetteer has a feature of that kind and name: the user's own stay, then what ships."""
    kept: dict[Kind, list[tuple[str, Feature]]] = {}
    told: set[tuple[str, int]] = set()
    for feature, rank in sorted(found, key=lambda pair: (not pair[0].id.startswith(f"{OWN}:"), pair[0].kind == "other")):
        if (feature.id, rank) in told:
            continue
        prefix, others = feature.id.partition(":")[0], kept.setdefault(feature.kind, [])
        if feature.kind == "other" and prefix != OWN and any(_beside(town, feature) for _, town in kept.get("populated", ())):
            continue
        if not any(other_prefix != prefix and same_place(other, feature) for other_prefix, other in others):
            others.append((prefix, feature))
            told.add((feature.id, rank))
            yield feature, rank


def _beside(town: Feature, feature: Feature) -> bool:
    """Whether a hill, camp or dam lies beside the town of its name, which a reader means by the name."""
    return abs(town.lon - feature.lon) <= _OUTSKIRTS and abs(town.lat - feature.lat) <= _OUTSKIRTS


def _opened(one: Installed, folder: Path) -> PlaceIndex:
    try:
        return PlaceIndex(folder / one.file, source=one.origin)
    except DataError as error:
        raise DataError(f"What is installed as {one.name} cannot be read; take it out with data remove {one.name}.") from error


def _links(folder: Path) -> dict[str, str]:
    try:
        read = json.loads((folder / LINKS).read_text(encoding="utf-8"))
        return {str(own): str(target) for own, target in read.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        _LOG.warning("%s cannot be read (%s); areas and roads that are installed stand by themselves", LINKS, error)
        return {}


def _id(row: PlaceRow) -> str:
    return row.id or f"geonames:{row.key}"

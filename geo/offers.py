"""Which data sets can be installed, and how each is made of its files: one function a family.

Each returns the finished file and its description; nothing is installed yet.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from geo import archives, geoboundaries
from geo.download import is_url
from geo.errors import DataError, InputError
from geo.geonames_dump import AlternateNames, Skipped, read_alternates, read_dump
from geo.holding_units import shipped, unit_finder
from geo.index_writing import write_places
from geo.installed import Installed
from geo.supply import Supply

if TYPE_CHECKING:
    from geo.road_lines import Piece, Road

__all__ = ["NAMES", "OFFERS"]

NAMES = (
    "geonames:SY (any ISO country code, or allCountries), boundaries:SYR/ADM2 (ADM1 to ADM5), roads:SYR, naturalearth:10m_roads, events"
)
_GEONAMES = "https://download.geonames.org/export/dump/"
_NATURAL_EARTH = "https://naturalearth.s3.amazonaws.com/10m_cultural/ne_10m_roads.zip"
_ROW_BYTES = 110  # of an average row of a dump, packed three to one; only for the progress bar


_Made = tuple[Path, Installed]


def _geonames(supply: Supply, what: str) -> _Made:
    """``geonames:SY``: all places, units, waters and bases of a country, with their names in every script."""
    every = what == "allCountries"
    if not every:
        supply.check_country(what)
    file = supply.get(f"{_GEONAMES}{what}.zip")
    packed = "alternateNamesV2.zip" if every else f"alternatenames/{what}.zip"
    others, table = supply.further(f"{_GEONAMES}{packed}", packed), f"{Path(packed).stem}.txt"
    made, skipped = supply.making / "index.sqlite", Skipped()
    total = max(file.stat().st_size * (3 if archives.is_zip(file) else 1) // _ROW_BYTES // 2, 1)

    def told(read: int) -> None:
        if supply.progress:
            supply.progress(read, max(total, read), f"rows of {what}, about")

    with _alternates(others, table, made) as names:
        places = read_dump(
            file, f"{what}.txt", unit=unit_finder(), skipped=skipped, alternates=names, country="" if every else what,
            progress=told,
        )
        rows = write_places(made, places)
    if not rows:
        raise DataError(f"{file.name} holds no place of {what}; give the file of that country.")
    note = "" if others else "without the separate file of alternate names: former names are not told apart"
    return made, supply.described("places", origin="GeoNames", licence="CC BY 4.0", rows=rows, skipped=skipped, note=note)


def _boundaries(supply: Supply, what: str) -> _Made:
    """``boundaries:SYR/ADM2``: the areas of one level of a country."""
    iso3, _, level = what.partition("/")
    if level not in geoboundaries.LEVELS:
        raise InputError(f"{supply.name!r} names no level; write boundaries:SYR/ADM2, with a level from ADM1 to ADM5.")
    country = supply.country(iso3)
    licence, origin, file = "see the publisher", "geoBoundaries", supply.copy(f"geoBoundaries-{iso3}-{level}.geojson")
    if file is None:
        release = geoboundaries.read_release(supply.fetch(geoboundaries.release_url(iso3, level)))
        licence, origin = release.licence, f"geoBoundaries, {release.source} {release.year}".strip(" ,")
        file = supply.fetch(release.url, sha256=supply.sha256)
    if archives.is_zip(file):
        names = [name for name in archives.members(file) if name.endswith(f"{level}.geojson")]
        file = archives.extract(file, min(names, key=len, default=f"{iso3}-{level}.geojson"), supply.making / "areas.geojson")
    areas = geoboundaries.read_areas(file, expected=iso3)
    spots = [area.shape.representative_point() for area in areas]
    units = unit_finder()([(spot.x, spot.y, country) for spot in spots])
    prefix, made = f"boundary:{iso3}-{level}", supply.making / "index.sqlite"
    rows = geoboundaries.area_rows(areas, prefix=prefix, level=level, country=country, units=units)
    count = write_places(made, rows, shapes=geoboundaries.area_shapes(areas, prefix=prefix))
    return made, supply.described("areas", origin=origin, licence=licence, rows=count)


def _roads(supply: Supply, what: str) -> _Made:
    """``roads:SYR``: the lines of the numbered main roads of a country."""
    from geo import road_lines

    country = supply.country(what)
    ground = shipped().shape(f"country:{country}").buffer(0.05)
    copy = supply.copy(f"{what}-roads.json")
    file = supply.fetch(road_lines.OVERPASS, data=road_lines.overpass_query(country)) if copy is None else copy
    with _unpacked(file, supply.making) as plain:
        pieces = road_lines.read_overpass(plain) if _is_json(plain) else road_lines.read_vector(plain)
    roads = road_lines.roads_of(pieces, country=country, ground=ground, codes={what: country})
    return _written_roads(supply, roads, origin="OpenStreetMap contributors", licence="ODbL 1.0")


def _natural_earth(supply: Supply, what: str) -> _Made:
    """``naturalearth:10m_roads``: the main roads of the world, coarse."""
    from geo import road_lines

    if what != "10m_roads":
        raise InputError(f"{supply.name!r} is not offered; of Natural Earth, write naturalearth:10m_roads.")
    with _unpacked(supply.get(_NATURAL_EARTH), supply.making) as plain:
        pieces = road_lines.read_vector(plain)
    roads = road_lines.roads_of(_with_country(pieces), codes={})
    return _written_roads(supply, roads, origin="Natural Earth", licence="public domain")


def _written_roads(supply: Supply, roads: tuple[Road, ...], *, origin: str, licence: str) -> _Made:
    from geo import road_lines

    if not roads:
        raise DataError(f"No numbered road of {supply.name.partition(':')[2]} is in what was given; give the roads of that country.")
    made = supply.making / "index.sqlite"
    rows = write_places(made, road_lines.road_rows(roads), shapes=road_lines.road_shapes(roads))
    return made, supply.described("roads", origin=origin, licence=licence, rows=rows)


def _with_country(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces with ISO 3166-1 alpha-2 codes: Natural Earth has codes of its own for some states, so where a piece lies decides there."""
    known: dict[str, str] = {}
    for code in {piece.country for piece in pieces}:
        found = shipped().search(code, kinds={"country"}) if code else ()
        known[code] = found[0].feature.country if found and code in found[0].feature.names[:1] else ""
    lost = [piece for piece in pieces if not known[piece.country]]
    middles = [piece.line.representative_point() for piece in lost]
    units = unit_finder()([(middle.x, middle.y, "") for middle in middles])
    lands = {unit: shipped().get(f"admin1:{unit}").country for unit in set(units) if unit}
    yield from (replace(piece, country=known[piece.country]) for piece in pieces if known[piece.country])
    yield from (replace(piece, country=lands[unit]) for piece, unit in zip(lost, units, strict=True) if unit and lands[unit])


def _events(supply: Supply, what: str) -> _Made:
    """``events``: the user's own table of ACLED or the UCDP GED, kept as it is."""
    from geo import events

    file = supply.copy("events.csv") if not is_url(supply.source) else None
    if what or file is None:
        raise InputError("Events are your own file: write data install events --from FILE.csv, as ACLED or the UCDP GED gave it to you.")
    skipped = Skipped()
    publisher = events.kind_of_table(file)
    rows = sum(1 for _ in events.read_events(file, skipped=skipped))
    if not rows:
        raise DataError(f"{file.name} holds no event; give the table as {publisher} gave it to you.")
    made = supply.making / "events.csv"
    shutil.copyfile(file, made)
    licence = f"terms of {publisher}; not to be passed on"
    return made, supply.described("events", origin=publisher, licence=licence, rows=rows, skipped=skipped)


OFFERS: Mapping[str, Callable[[Supply, str], _Made]] = {
    "geonames": _geonames, "boundaries": _boundaries, "roads": _roads, "naturalearth": _natural_earth, "events": _events,
}


@contextmanager
def _alternates(file: Path | None, member: str, beside: Path) -> Iterator[AlternateNames | None]:
    if file is None:
        yield None
        return
    with read_alternates(file, member, beside, skipped=Skipped()) as names:
        yield names


@contextmanager
def _unpacked(file: Path, making: Path) -> Iterator[Path]:
    """Yield a plain file, or the shapefile of an archive that holds the roads, unpacked under names of our own."""
    if not archives.is_zip(file):
        yield file
        return
    names = archives.members(file)
    shapes = sorted((name for name in names if name.lower().endswith(".shp")), key=lambda name: ("road" not in name.lower(), name))
    if not shapes:
        raise DataError(f"{file.name} holds no shapefile; give the archive as Geofabrik or Natural Earth offers it.")
    stem = shapes[0][:-4]
    for name in names:
        if name.startswith(f"{stem}.") and (suffix := name[len(stem) :].lower()) in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
            archives.extract(file, name, making / f"lines{suffix}")
    yield making / "lines.shp"


def _is_json(file: Path) -> bool:
    with file.open("rb") as handle:
        return handle.read(64).lstrip()[:1] == b"{"

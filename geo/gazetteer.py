"""Which places bear this name: search, get, near, shape, all offline.

`Feature.country` is an ISO 3166-1 alpha-2 code ("SY") and `Feature.admin1` the code of the first-level unit ("SY-ID"): the unit itself is
the feature ``admin1:SY-ID``, the country ``country:SY``. A border view decides which state the few disputed units count with.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol, get_args

import shapely
from rapidfuzz import fuzz, process
from shapely.geometry.base import BaseGeometry

from geo import datafiles
from geo.added import Added, State, state
from geo.coordinates import fix_of
from geo.errors import GeometryError, InputError, UnknownPlace
from geo.handtables import VIEWS, holdings, read_hand_tables
from geo.indexes import PlaceIndex, PlaceRow, cell_of, cells_within
from geo.names import fold, skeleton
from geo.points import extent_km, is_point, point, point_id
from geo.projections import buffer_km, distance_km
from geo.prominence import importance, named_hit, order, with_extent
from geo.records import Feature, Hit, Kind, Match
from geo.territory import Territory

__all__ = ["DEFAULT_VIEW", "Gazetteer", "NameInfo", "OfflineGazetteer", "importance", "open_gazetteer"]

DEFAULT_VIEW = "de_jure"

_INDEXES = {"gazetteer": "GeoNames", "boundaries": "Natural Earth; GeoNames", "water": "Natural Earth"}
_VARIANT_FLOOR = 0.6  # least likeness of two spellings with one skeleton ("homs" and "hums" have 0.75)
_FUZZY_FLOOR = 0.82  # least likeness of a fuzzy match; "nayrab" and "aynarab" have 0.77 and must not match
_KM_PER_DEGREE = 111.2
_KEPT, _KEPT_INFOS = 4_000, 40_000  # answers kept; set over 2,400 texts of news and Wikipedia: more save no time
_SPOT_KM = 2.0  # coordinates that leave more open than this are an area: a map marks a base or a village with as much


@dataclass(frozen=True, slots=True)
class NameInfo:
    """What the gazetteer knows of a folded name: how many features bear it, the largest population, kinds, countries; `own` is
    true where it is the proper name of one of them, not only another name."""

    count: int
    population: int
    kinds: frozenset[str]
    countries: frozenset[str]
    own: bool = False


class Gazetteer(Protocol):
    """What every gazetteer can do; `OfflineGazetteer` is the shipped one, `geo.geocoding.GeopyGazetteer` asks a service."""

    view: str

    def search(self, name: str, *, country: str | None = None, kinds: Collection[str] | None = None, fuzzy: bool = False,
               limit: int = 20) -> tuple[Hit, ...]:
        """Return the features of a name, the best match first."""
        ...

    def known(self, folded_names: Iterable[str]) -> dict[str, NameInfo]:
        """Return what is known of those folded names that a feature bears."""
        ...

    def get(self, feature_id: str) -> Feature:
        """Return the feature of an id."""
        ...

    def near(self, lon: float, lat: float, *, radius_km: float, kinds: Collection[str] | None = None,
             limit: int = 20) -> tuple[tuple[Feature, float], ...]:
        """Return features with their distance in km from a point, the nearest first."""
        ...

    def shape(self, feature: Feature | str) -> BaseGeometry:
        """Return the shape of a feature."""
        ...


def open_gazetteer(*, view: str = DEFAULT_VIEW, extra: Iterable[str] = ()) -> OfflineGazetteer:
    """Open the shipped gazetteer with what is installed; the same arguments give the same object while nothing is added or removed.

    `view` is one of "de_facto" (who holds a disputed unit), "de_jure" (whose it is after the United Nations) and "neutral" (nobody's).
    It changes the shapes of countries and `Feature.country`; a unit that it gives to nobody keeps the country code of its source.
    `extra` are paths of further indexes.

    Raises
    ------
    InputError
        The view is unknown.
    DataError
        A data file is missing or damaged.

    Examples
    --------
    >>> open_gazetteer().search("Idlib", country="SY", kinds={"populated"})[0].feature.id
    'geonames:169389'
    """
    return _open(view, tuple(extra), state())


class OfflineGazetteer:
    """The gazetteer of the shipped indexes and hand-written tables."""

    def __init__(self, *, view: str = DEFAULT_VIEW, extra: tuple[str, ...] = (), added: State = ()) -> None:
        if view not in VIEWS:
            raise InputError(f"{view!r} is no border view; choose one of {', '.join(VIEWS)}.")
        self.view = view
        self._made_of = (view, extra, added)
        self._indexes = [PlaceIndex(datafiles.index(name), source=source) for name, source in _INDEXES.items() if _shipped(name)]
        self._indexes += [PlaceIndex(Path(file), source=Path(file).stem) for file in extra]
        self._held = holdings(view)
        self._hand = read_hand_tables(self._positions)
        self._added = Added(added, shipped=self._indexes, hand=self._hand, make=self._feature)
        self._all: tuple[PlaceIndex | Added, ...] = (*self._indexes, self._added)
        self._named = lru_cache(maxsize=_KEPT)(self._find_named)
        self._search = lru_cache(maxsize=_KEPT)(self._find)
        self.territory = Territory(self._indexes, self._hand.routes, self._held)
        self._fuzzy_names = lru_cache(maxsize=8)(self._names_of_country)
        self._infos: dict[str, NameInfo | None] = {}

    def __reduce__(self) -> tuple[object, tuple[str, tuple[str, ...], State]]:
        return _open, self._made_of

    def search(self, name: str, *, country: str | None = None, kinds: Collection[str] | None = None, fuzzy: bool = False,
               limit: int = 20) -> tuple[Hit, ...]:
        """Return the features that a name may mean: by the name itself, else by a transliteration of it, else (if asked) by likeness.

        An exact match has similarity 1, another name .95, a transliteration less than .9. Within a tier the most important comes
        first. `fuzzy` needs a `country` (ISO 3166-1 alpha-2) and is tried only where nothing else is found.

        Raises
        ------
        InputError
            `fuzzy` without a country, or a limit below 1.

        Examples
        --------
        >>> [hit.feature.name for hit in open_gazetteer().search("Khan Sheikhoun", country="SY", limit=1)]
        ['Khān Shaykhūn']
        """
        if limit < 1:
            raise InputError(f"A limit of {limit} asks for nothing; give 1 or more.")
        if fuzzy and not country:
            raise InputError(f"A fuzzy search for {name!r} needs a country such as 'SY': across the world it finds false friends.")
        code = country.removeprefix("country:").upper() if country else ""
        return self._search(name, code, frozenset(kinds) if kinds is not None else None, fuzzy)[:limit]

    def known(self, folded_names: Iterable[str]) -> dict[str, NameInfo]:
        """Return what is known of those folded names (see `geo.names.fold`) that a feature bears.

        Examples
        --------
        >>> sorted(open_gazetteer().known(["idlib", "no such place"]))
        ['idlib']
        """
        wanted = set(folded_names)
        infos = self._infos = self._infos if len(self._infos) < _KEPT_INFOS else {}
        if unseen := [name for name in wanted if name not in infos]:
            infos.update(self._learn(unseen))
        return {name: info for name in wanted if (info := infos[name]) is not None}

    def get(self, feature_id: str) -> Feature:
        """Return the feature of an id.

        Raises
        ------
        UnknownPlace
            No feature has this id.

        Examples
        --------
        >>> open_gazetteer().get("admin1:SY-ID").name
        'Idlib'
        """
        if feature := self._hand.features.get(feature_id):
            return feature
        if is_point(feature_id):
            spot = point(feature_id)
            inside = self.containing(spot.lon, spot.lat)
            return point(feature_id, country=inside[0].country, admin1=inside[-1].admin1) if inside else spot
        for index in self._indexes:
            if row := index.get(feature_id):
                return self._feature(row, index.source)
        if feature := self._added.get(feature_id):
            return feature
        raise UnknownPlace(f"The gazetteer holds no feature {feature_id!r}; ids look like geonames:169389, admin1:SY-ID or country:SY.")

    def near(self, lon: float, lat: float, *, radius_km: float, kinds: Collection[str] | None = None,
             limit: int = 20) -> tuple[tuple[Feature, float], ...]:
        """Return (feature, distance in km) for points within a radius of a point, the nearest first.

        Examples
        --------
        >>> feature, km = open_gazetteer().near(36.63, 35.93, radius_km=5, kinds={"populated"})[0]
        >>> feature.name
        'Idlib'
        """
        found = []
        for feature in self._around(lon, lat, radius_km, kinds):
            if kinds is None or feature.kind in kinds:
                km = distance_km(shapely.Point(lon, lat), shapely.Point(feature.lon, feature.lat))
                if km <= radius_km:
                    found.append((feature, km))
        return tuple(sorted(found, key=lambda pair: (pair[1], pair[0].id))[:limit])

    def shape(self, feature: Feature | str) -> BaseGeometry:
        """Return the shape of a feature (EPSG:4326): an area, a line, or the point of the feature.

        Raises
        ------
        UnknownPlace
            No feature has this id.
        GeometryError
            The feature has a recipe; `geo.where` makes its shape.

        Examples
        --------
        >>> open_gazetteer().shape("admin1:SY-ID").geom_type
        'Polygon'
        """
        feature_id = feature if isinstance(feature, str) else feature.id
        shape = self._added.shape(feature_id) or self.territory.shape(feature_id)
        if shape is not None:
            return shape
        known = feature if isinstance(feature, Feature) else self.get(feature_id)
        if known.recipe:
            raise GeometryError(f"{known.name} ({feature_id}) is described by a recipe; geo.where.geometry makes its shape.")
        place, km = shapely.Point(known.lon, known.lat), extent_km(feature_id)
        return buffer_km(place, km) if km > _SPOT_KM else place

    def containing(self, lon: float, lat: float) -> tuple[Feature, ...]:
        """Return the country and the first-level unit that hold a point; none at sea.

        Examples
        --------
        >>> [feature.id for feature in open_gazetteer().containing(36.63, 35.93)]
        ['country:SY', 'admin1:SY-ID']
        """
        units = self.territory.units_at(lon, lat)
        if not units:
            return ()
        unit = self.get(units[0])
        return (self.get(f"country:{unit.country}"), unit) if unit.country else (unit,)

    def children(self, feature_id: str) -> tuple[Feature, ...]:
        """Return the first-level units of a country in this view, or the known units below a first-level unit.

        Examples
        --------
        >>> open_gazetteer().get("admin1:SY-ID") in open_gazetteer().children("country:SY")
        True
        """
        prefix, _, code = self.get(feature_id).id.partition(":")
        if prefix == "country":
            codes, units = self.territory.units_of(code)
            rows = [(row, index) for index in self._indexes for other in codes for row in index.units(country=other)]
            rows += [(row, index) for index in self._indexes for row in index.many(f"admin1:{unit}" for unit in units)]
        else:
            rows = [(row, index) for index in self._indexes for row in index.units(admin1=code)]
            rows += self._added.units(code)
        features = {row.id or row.key: self._feature(row, index.source) for row, index in rows}
        return tuple(feature for feature in features.values() if prefix != "country" or feature.country == code)

    def land(self, west: float, south: float, east: float, north: float) -> BaseGeometry:
        """Return the land within a box (degrees; EPSG:4326), empty where there is none. Its edge at sea is the coast.

        Examples
        --------
        >>> open_gazetteer().land(30.0, 34.0, 31.0, 34.2).is_empty
        True
        """
        return self.territory.land(west, south, east, north)

    def _find(self, name: str, country: str, kinds: frozenset[str] | None, fuzzy: bool) -> tuple[Hit, ...]:
        folded = fold(name)
        if not folded:
            return ()

        def wanted(feature: Feature) -> bool:
            return (not country or self._is_in(feature, country)) and (kinds is None or feature.kind in kinds)

        if (fix := fix_of(name)) is not None:
            spot = self.get(point_id(fix.lon, fix.lat, radius_m=fix.radius_m))
            return (Hit(feature=spot, match="exact", similarity=1.0),) if wanted(spot) else ()
        hits = [named_hit(name, feature, rank=rank) for feature, rank in self._named(folded) if wanted(feature)]
        if not hits:
            hits = self._like(folded, self._same_skeleton(name), "alias", _VARIANT_FLOOR, wanted)
        if not hits and fuzzy:
            hits = self._like(folded, self._likely(folded, country), "fuzzy", _FUZZY_FLOOR, wanted)
        best: dict[str, Hit] = {}
        for hit in hits:
            if hit.feature.id not in best or hit.similarity > best[hit.feature.id].similarity:
                best[hit.feature.id] = hit
        return tuple(sorted(with_extent(best.values()), key=order))

    def _is_in(self, feature: Feature, country: str) -> bool:
        """Say whether a feature lies in a country in this view, or in the country's own."""
        claims = self._held.claims
        return feature.country == country or country in claims.get(feature.admin1, ()) or country in claims.get(feature.country, ())

    def _like(self, folded: str, spellings: Iterable[str], match: Match, floor: float, wanted: Callable[[Feature], bool]) -> list[Hit]:
        hits = []
        for spelling in spellings:
            likeness = fuzz.ratio(folded.replace(" ", ""), spelling.replace(" ", "")) / 100
            if likeness >= floor:
                found = (feature for feature, _ in self._named(spelling) if wanted(feature))
                hits += [Hit(feature=feature, match=match, similarity=min(0.9 * likeness, 0.89)) for feature in found]
        return hits

    def _same_skeleton(self, name: str) -> list[str]:
        sound = skeleton(name)
        if len(sound) < 3:
            return []
        folds = {sound, *self._hand.sounds.get(sound, ())}
        for index in self._all:
            folds.update(index.folds(sound))
        return sorted(folds - {fold(name)})

    def _likely(self, folded: str, country: str) -> list[str]:
        """Return the spellings of a country that are like a name and begin with the same sound."""
        choices = self._fuzzy_names(country)
        initial = skeleton(folded)[:1]
        found = process.extract(folded, choices, scorer=fuzz.ratio, score_cutoff=100 * _FUZZY_FLOOR, limit=20)
        return [spelling for spelling, _, _ in found if skeleton(spelling)[:1] == initial]

    def _names_of_country(self, country: str) -> tuple[str, ...]:
        folds = {fold(name) for index in self._all for name in index.names_in(country)}
        names = {name for name in folds if len(name) > 3}
        own = {feature.id for feature in self._hand.features.values() if feature.country == country}
        names |= {name for name, held in self._hand.names.items() if any(key in own for key, _ in held)}
        return tuple(sorted(names))

    def _find_named(self, folded: str) -> tuple[tuple[Feature, int], ...]:
        found = [(self._feature(row, index.source), rank) for index in self._indexes for rank, row in index.named(folded)]
        found += [(self.get(feature_id), rank) for feature_id, rank in self._hand.names.get(folded, ())]
        return self._added.named(folded, found)

    def _learn(self, folded: list[str]) -> dict[str, NameInfo | None]:
        found: dict[str, dict[str | int, tuple[int, str, str, int]]] = {}
        for index in self._all:
            for name, rank, kind, country, population, key in index.known(folded):
                found.setdefault(name, {}).setdefault(key, (rank, kind, country, population))
        for name in folded:
            for feature_id, rank in self._hand.names.get(name, ()):
                feature = self.get(feature_id)
                found.setdefault(name, {}).setdefault(f"hand:{feature_id}", (rank, feature.kind, feature.country, feature.population))
        infos: dict[str, NameInfo | None] = dict.fromkeys(folded)
        for name, rows in found.items():
            ranks, kinds, countries, populations = zip(*rows.values(), strict=True)
            infos[name] = NameInfo(len(rows), max(populations), frozenset(kinds), frozenset(countries) - {""}, own=0 in ranks)
        return infos

    def _positions(self, feature_ids: Iterable[str]) -> dict[str, tuple[float, float]]:
        wanted = set(feature_ids)
        return {key: place for index in self._indexes for key, place in index.positions(wanted).items()}

    def _feature(self, row: PlaceRow, source: str) -> Feature:
        country = self._held.units.get(row.admin1) or row.country
        if row.kind != "country":
            country = self._held.countries.get(country) or country
        return Feature(
            id=row.id or f"geonames:{row.key}", name=row.name, kind=_KINDS[row.kind], lon=row.lon / 1e5, lat=row.lat / 1e5,
            names=tuple(row.names.split("|")) if row.names else (), code=row.code, country=country, admin1=row.admin1,
            population=row.population, geonameid=row.geonameid if row.id else row.key,
            source=row.source or ("airportsdata" if row.kind == "base" else source), note=row.note,
        )

    def _around(self, lon: float, lat: float, radius_km: float, kinds: Collection[str] | None) -> list[Feature]:
        dy = radius_km / _KM_PER_DEGREE + 0.01
        dx = min(dy / max(math.cos(math.radians(min(abs(lat) + dy, 89.9))), 0.01), 180.0)
        cells = cells_within(lon, lat, dx, dy)
        features = [self._feature(row, index.source) for index in self._indexes for row in index.in_cells(cells, kinds)]
        features += self._added.around(cells, features)
        own = (feature for feature in self._hand.features.values() if not feature.recipe or feature.kind == "populated")
        features += [feature for feature in own if cell_of(feature.lon, feature.lat) in cells]
        return [feature for feature in features if abs(feature.lat - lat) <= dy and abs((feature.lon - lon + 180) % 360 - 180) <= dx]


_KINDS: Mapping[str, Kind] = {kind: kind for kind in get_args(Kind)}


def _shipped(name: str) -> bool:
    """Say whether an index should be there: all ship (and one that is missing is an error), but the builds run one after the other."""
    return datafiles.complete() or (datafiles.DATA / f"{name}.sqlite.xz").is_file()


@lru_cache(maxsize=4)
def _open(view: str, extra: tuple[str, ...], added: State = ()) -> OfflineGazetteer:
    return OfflineGazetteer(view=view, extra=extra, added=added)


# mypy checks here that OfflineGazetteer keeps the protocol.
_CHECK: type[Gazetteer] = OfflineGazetteer

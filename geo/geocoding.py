"""The geopy side: the offline gazetteer as a geopy geocoder, and (from `geo.services`) any geopy geocoder as a gazetteer.

Here, and in the web map, coordinates are (latitude, longitude), as geopy wants them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely
from geopy.adapters import BaseAsyncAdapter
from geopy.exc import GeocoderQueryError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from geo.errors import GeometryError, UnknownPlace
from geo.gazetteer import DEFAULT_VIEW, OfflineGazetteer, open_gazetteer
from geo.projections import distance_km
from geo.prominence import importance, order
from geo.records import Feature, Hit
from geo.services import GeopyGazetteer

__all__ = ["GeopyGazetteer", "OfflineGeocoder", "find"]

# Of a structured query, from the narrowest to the widest.
_STRUCTURED = ("amenity", "village", "town", "city", "county", "state", "country")
_WITHIN_KM = 50.0  # "X, Y" where Y is a town: X lies this near (a district's radius)
_NEAR_KM_PER_STEP = 150.0  # with `near`, this distance outweighs a tenfold population
_REVERSE_KM = 50.0  # a place further away does not name a point
_RAW = ("id", "name", "kind", "code", "country", "admin1", "population", "geonameid")
_ARABIC, _CYRILLIC = "\u0600\u06ff", "\u0400\u04ff"
_SCRIPTS = {"ar": _ARABIC, "fa": _ARABIC, "ur": _ARABIC, "he": "\u0590\u05ff", "el": "\u0370\u03ff",
            "ru": _CYRILLIC, "uk": _CYRILLIC, "bg": _CYRILLIC}
_FOREIGN = {"ru": "іїєґў", "bg": "іїєґўыэ", "uk": "ыэъё"}  # letters that show another language of the same script


def find(name: str, *, gazetteer: OfflineGazetteer, countries: Iterable[str] = (), near: tuple[float, float] | None = None,
         limit: int = 20) -> tuple[Hit, ...]:
    """Return what a name with its parents means: "X, Y" is an X inside a Y.

    `countries` are ISO 3166-1 alpha-2 codes, `near` is (longitude, latitude) in degrees.

    Examples
    --------
    >>> find("Bangor, Maine", gazetteer=open_gazetteer())[0].feature.country
    'US'
    """
    hits: Sequence[Hit] = _named(name, gazetteer, countries)
    own, _, parents = name.partition(",")
    if not hits and own.strip() and parents.strip():
        wider = [hit.feature for hit in find(parents, gazetteer=gazetteer, limit=10)]
        hits = _inside(own, wider, gazetteer, countries)
    hits = _town_first(hits)
    if near is not None:
        hits = sorted(hits, key=lambda hit: _near_rank(hit, near))
    return tuple(hits[:limit])


class OfflineGeocoder(Geocoder):  # type: ignore[misc]
    """Geocode names to places, and points to names, with the shipped gazetteer: no network, no key, no rate limit.

    It keeps the contract of `geopy.geocoders.base.Geocoder`, so it works with `geopy.extra.rate_limiter.RateLimiter` and as the
    `provider` of `geopandas.tools.geocode`.

    Examples
    --------
    >>> location = OfflineGeocoder().geocode("Idlib, Syria")
    >>> location.address, round(location.latitude, 2), round(location.longitude, 2)
    ('Idlib, Syria', 35.93, 36.63)
    """

    def __init__(self, *, view: str = DEFAULT_VIEW, gazetteer: OfflineGazetteer | None = None, scheme: str | None = None,
                 timeout: Any = DEFAULT_SENTINEL, proxies: Any = DEFAULT_SENTINEL, user_agent: str | None = None,
                 ssl_context: Any = DEFAULT_SENTINEL, adapter_factory: Any = None) -> None:
        super().__init__(scheme=scheme, timeout=timeout, proxies=proxies, user_agent=user_agent, ssl_context=ssl_context,
                         adapter_factory=adapter_factory)
        self._view = view
        self._gazetteer = gazetteer

    @property
    def gazetteer(self) -> OfflineGazetteer:
        """The gazetteer that is asked; opened on first use."""
        if self._gazetteer is None:
            self._gazetteer = open_gazetteer(view=self._view)
        return self._gazetteer

    def geocode(self, query: str | Mapping[str, str], *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL,
                limit: int | None = None, country_codes: str | Sequence[str] | None = None, language: str | bool | None = None,
                near: str | Sequence[float] | Point | None = None) -> Any:
        """Return the location of a place name.

        Parameters
        ----------
        query
            A name ("Idlib"), a name with its parents ("Bangor, Maine"), or a mapping with some of "city", "town", "village", "county",
            "state" and "country".
        exactly_one
            Return the best location, else a list.
        timeout
            Accepted for geopy's sake; nothing is waited for.
        limit
            The most locations to return.
        country_codes
            One or more ISO 3166-1 alpha-2 codes to search in.
        language
            Answer in the script of this language where the gazetteer has such a name ("ar", "ru", "uk", "he", "el", "fa").
        near
            Prefer places near a point: a name, a `Point`, or (latitude, longitude).

        Returns
        -------
        None, geopy.location.Location or a list of them
            None where nothing is found. `raw` holds id, name, kind, code, country, admin1, population, geonameid, match, similarity.

        Raises
        ------
        geopy.exc.GeocoderQueryError
            The query is neither a name nor a mapping of the known keys.
        ValueError
            The limit is below 1.
        """
        if limit is not None and int(limit) < 1:
            raise ValueError("Limit cannot be less than 1")
        name = _query_text(query)
        codes = [country_codes] if isinstance(country_codes, str) else list(country_codes or ())
        count = 1 if exactly_one else int(limit or 10)
        hits = find(name, gazetteer=self.gazetteer, countries=[code.upper() for code in codes], near=self._position(near), limit=count)
        return self._answer([self._location(hit, language) for hit in hits], exactly_one)

    def reverse(self, query: Any, *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL, language: str | bool | None = None,
                limit: int | None = None) -> Any:
        """Return the place at a point: the nearest town, else the unit or country that holds it.

        `query` is a `Point`, (latitude, longitude) or "latitude, longitude". Returns None where the gazetteer knows nothing (the open
        sea), a location, or with ``exactly_one=False`` a list from the nearest town to the country.

        Raises
        ------
        ValueError
            The query is no coordinate pair.
        """
        lat, lon = (float(part) for part in self._coerce_point_to_string(query).split(","))
        gazetteer = self.gazetteer
        around = gazetteer.near(lon, lat, radius_km=_REVERSE_KM, kinds={"populated"}, limit=int(limit or 5))
        holding = gazetteer.containing(lon, lat)
        codes = {feature.country for feature in holding}
        found: list[tuple[Feature, float]] = [pair for pair in around if not codes or pair[0].country in codes]
        found += [(feature, 0.0) for feature in reversed(holding)]
        locations = [self._location(_sure(feature), language, distance_km=round(km, 3)) for feature, km in found]
        return self._answer(locations[: int(limit)] if limit else locations, exactly_one)

    def _answer(self, locations: list[Location], exactly_one: bool) -> Any:
        answer = None if not locations else locations[0] if exactly_one else locations
        if not isinstance(self.adapter, BaseAsyncAdapter):
            return answer

        async def later() -> Any:
            return answer

        return later()

    def _position(self, near: str | Sequence[float] | Point | None) -> tuple[float, float] | None:
        if near is None:
            return None
        if isinstance(near, str) and not re.fullmatch(r"[-\d., ]+", near):
            hits = find(near, gazetteer=self.gazetteer, limit=1)
            if not hits:
                raise GeocoderQueryError(f"near={near!r} is no place that the gazetteer knows; give a known name or (latitude, longitude).")
            return hits[0].feature.lon, hits[0].feature.lat
        point = Point(near)
        return point.longitude, point.latitude

    def _location(self, hit: Hit, language: str | bool | None, **more: object) -> Location:
        feature = hit.feature
        raw = {key: getattr(feature, key) for key in _RAW} | {"match": hit.match, "similarity": hit.similarity, **more}
        names = [_in_language(part, language) for part in (feature, *self._parents(feature))]
        return Location(", ".join(dict.fromkeys(names)), (feature.lat, feature.lon), raw)

    def _parents(self, feature: Feature) -> list[Feature]:
        wanted = [f"admin1:{feature.admin1}"] if feature.admin1 else []
        wanted += [f"country:{feature.country}"] if feature.country else []
        found = []
        for feature_id in wanted:
            if feature_id != feature.id:
                try:
                    found.append(self.gazetteer.get(feature_id))
                except UnknownPlace:
                    continue  # a territory without polygons, such as Bouvet Island
        return found


def _named(name: str, gazetteer: OfflineGazetteer, countries: Iterable[str]) -> tuple[Hit, ...]:
    codes = list(countries)
    if not codes:
        return gazetteer.search(name, limit=200)
    hits = {hit.feature.id: hit for code in codes for hit in gazetteer.search(name, country=code, fuzzy="," not in name, limit=200)}
    return tuple(sorted(hits.values(), key=order))


def _inside(own: str, parents: Sequence[Feature], gazetteer: OfflineGazetteer, countries: Iterable[str]) -> tuple[Hit, ...]:
    """Return the places called `own` that lie in the first of the parents to hold any."""
    for parent in parents:
        codes = list(countries) or ([parent.country] if parent.country else [])
        held = tuple(hit for hit in _named(own, gazetteer, codes) if hit.feature.id != parent.id and _holds(parent, hit.feature, gazetteer))
        if held:
            return held
    return ()


def _holds(parent: Feature, feature: Feature, gazetteer: OfflineGazetteer) -> bool:
    if parent.kind == "country" and not parent.recipe:
        return feature.country == parent.country
    if parent.id == f"admin1:{parent.admin1}" and feature.admin1:
        return feature.admin1 == parent.admin1
    point = shapely.Point(feature.lon, feature.lat)
    try:
        shape = gazetteer.shape(parent)
    except GeometryError:
        shape = shapely.Point(parent.lon, parent.lat)
    return bool(shape.covers(point)) if shape.area else distance_km(shape, point) <= _WITHIN_KM


def _town_first(hits: Sequence[Hit]) -> list[Hit]:
    """Put the town before the unit that is named after it: a bare "Idlib" on a map means the town."""
    first = hits[0].feature if hits else None
    if first is None or first.code != "ADM1":
        return list(hits)
    towns = (hit for hit in hits if hit.feature.kind == "populated" and hit.feature.admin1 == first.admin1)
    town = next((hit for hit in towns if hit.feature.population), None)
    return list(hits) if town is None or town.similarity < hits[0].similarity else [town, *(hit for hit in hits if hit is not town)]


def _sure(feature: Feature) -> Hit:
    return Hit(feature=feature, match="exact", similarity=1.0)


def _near_rank(hit: Hit, near: tuple[float, float]) -> tuple[float, str]:
    km = distance_km(shapely.Point(hit.feature.lon, hit.feature.lat), shapely.Point(near))
    return km / _NEAR_KM_PER_STEP - importance(hit.feature) * (0.5 + hit.similarity / 2), hit.feature.id


def _query_text(query: object) -> str:
    if isinstance(query, str):
        return query.strip()
    if isinstance(query, Mapping):
        parts = [str(query[key]).strip() for key in _STRUCTURED if query.get(key)]
        if parts:
            return ", ".join(part for part in parts if part)
    raise GeocoderQueryError(f"The query {query!r} is neither a name nor a mapping with some of {', '.join(_STRUCTURED)}.")


def _in_language(feature: Feature, language: str | bool | None) -> str:
    code = language.split(",")[0].split("-")[0].lower() if isinstance(language, str) else ""
    if code not in _SCRIPTS:
        return feature.name
    first, last = _SCRIPTS[code][0], _SCRIPTS[code][1]
    foreign = set(_FOREIGN.get(code, ""))
    return next((name for name in feature.names if first <= name[0] <= last and not foreign & set(name.lower())), feature.name)

"""Any geopy geocoder (Nominatim, Photon, GeoNames ...) as a gazetteer: asked slowly, remembered on disk.

Nothing is sent before the first search. Answers are kept in a bounded SQLite cache, so a question is asked once.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

import shapely
from geopy.adapters import BaseAsyncAdapter
from geopy.exc import GeocoderRateLimited, GeocoderTimedOut, GeocoderUnavailable, GeopyError
from geopy.geocoders.base import Geocoder
from shapely.geometry.base import BaseGeometry

from geo import datafiles
from geo.coordinates import fix_of
from geo.errors import DataError, InputError, UnknownPlace
from geo.gazetteer import NameInfo
from geo.names import fold, plain
from geo.points import is_point, point, point_id
from geo.projections import distance_km
from geo.records import Feature, Hit, Kind

__all__ = ["AnswerCache", "GeopyGazetteer"]

_LOG = logging.getLogger(__name__)
_MAX_ANSWERS = 20_000  # rows kept on disk, about 50 MB of Nominatim answers
_MAX_ANSWER_BYTES = 1 << 20  # a larger answer is not kept
_TABLE = "CREATE TABLE IF NOT EXISTS answer(key TEXT PRIMARY KEY, used REAL NOT NULL, value TEXT NOT NULL) WITHOUT ROWID"
# What the services call a place -> our kinds. Nominatim: addresstype or type; Photon: type or osm_value; GeoNames: feature class.
_WORDS: dict[Kind, str] = {
    "country": "country", "admin": "state province region county district municipality administrative a",
    "populated": "city town village hamlet suburb locality p", "water": "river sea bay strait water lake h",
    "road": "road motorway trunk primary street r", "base": "aerodrome military airfield naval_base",
    "region": "island peninsula mountain_range t l",
}
_KINDS: dict[str, Kind] = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_KIND_KEYS = ("addresstype", "type", "fcl", "fclass", "osm_value", "class")
_COUNTRY_KEYS = ("country_code", "countrycode", "countryCode")


class AnswerCache:
    """A bounded store of answers on disk; the least recently used leave first.

    Examples
    --------
    >>> cache = AnswerCache(None, max_rows=2)
    >>> cache.put("a", 1); cache.put("b", 2); cache.put("c", 3)
    >>> cache.get("a") is None, cache.get("c")
    (True, 3)
    """

    def __init__(self, file: Path | None, *, max_rows: int = _MAX_ANSWERS) -> None:
        if max_rows < 1:
            raise InputError(f"A cache of {max_rows} rows keeps nothing; give 1 or more.")
        self._max_rows = max_rows
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(str(file) if file else ":memory:", check_same_thread=False, isolation_level=None, timeout=10)
        try:
            self._connection.execute(_TABLE)
            self._connection.execute("CREATE INDEX IF NOT EXISTS answer_used ON answer(used)")
        except sqlite3.DatabaseError as error:
            raise DataError(f"{file} is not a cache of answers ({error}); delete it, and it will be made again.") from error

    def get(self, key: str) -> Any:
        """Return the answer kept under a key, or None."""
        with self._lock:
            row = self._connection.execute("SELECT value FROM answer WHERE key = ?", (key,)).fetchone()
            if row is None:
                return None
            self._connection.execute("UPDATE answer SET used = ? WHERE key = ?", (time.time(), key))
        return json.loads(row[0])

    def put(self, key: str, value: Any) -> None:
        """Keep an answer; the least recently used ones beyond the bound go."""
        text = json.dumps(value, ensure_ascii=False, default=str)
        if len(text) > _MAX_ANSWER_BYTES:
            return
        with self._lock:
            self._connection.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?)", (key, time.time(), text))
            excess = len(self) - self._max_rows
            if excess > 0:
                self._connection.execute("DELETE FROM answer WHERE key IN (SELECT key FROM answer ORDER BY used LIMIT ?)", (excess,))

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM answer").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class GeopyGazetteer:
    """A gazetteer that asks a geopy geocoder.

    Parameters
    ----------
    geocoder
        A synchronous geopy geocoder, made by the caller with its key, user agent and timeout.
    cache
        The file that remembers answers; by default one in the user's cache folder.
    min_delay_s
        Least time between two requests (the public Nominatim allows one per second).
    max_rows
        How many answers are remembered.

    Raises
    ------
    InputError
        The geocoder is asynchronous, or the delay negative.

    Examples
    --------
    >>> from geopy.geocoders import Nominatim
    >>> gazetteer = GeopyGazetteer(Nominatim(user_agent="salient-example"))  # nothing is sent yet
    """

    def __init__(self, geocoder: Geocoder, *, cache: Path | None = None, min_delay_s: float = 1.0, max_rows: int = _MAX_ANSWERS) -> None:
        if isinstance(geocoder.adapter, BaseAsyncAdapter):
            raise InputError("An asynchronous geocoder cannot be a gazetteer; make it with a synchronous adapter.")
        if min_delay_s < 0:
            raise InputError(f"A delay of {min_delay_s} s is not possible; give 0 or more.")
        self.view = "as the service draws borders"
        self.service = type(geocoder).__name__
        self._geocoder = geocoder
        self._min_delay_s = min_delay_s
        self._last = -min_delay_s
        self._turn = threading.Lock()
        self._cache = AnswerCache(cache or datafiles.cache_dir() / "answers.sqlite", max_rows=max_rows)

    def search(self, name: str, *, country: str | None = None, kinds: Collection[str] | None = None, fuzzy: bool = False,
               limit: int = 20) -> tuple[Hit, ...]:
        """Return what the service finds for a name, in its order; `fuzzy` is the service's own affair.

        Raises
        ------
        InputError
            The limit is below 1.
        DataError
            The service cannot be reached, refuses, or answers with what is no answer.
        """
        if limit < 1:
            raise InputError(f"A limit of {limit} asks for nothing; give 1 or more.")
        if not fold(name):
            return ()
        if (fix := fix_of(name)) is not None:  # coordinates are no question to a service
            spot = point(point_id(fix.lon, fix.lat, radius_m=fix.radius_m))
            return (Hit(feature=spot, match="exact", similarity=1.0),) if kinds is None or spot.kind in kinds else ()
        options = {"exactly_one": False, "limit": limit, "country_codes": country.lower() if country else None}
        found = [_feature(self.service, *answer) for answer in self._ask(self._geocoder.geocode, name, options)]
        if country:
            found = [feature for feature in found if feature.country in ("", country.upper())]
        if kinds is not None:
            found = [feature for feature in found if feature.kind in kinds]
        return tuple(_hit(name, feature) for feature in found[:limit])

    def known(self, folded_names: Iterable[str]) -> dict[str, NameInfo]:
        """Return nothing: a service cannot be asked for every word of a report."""
        return {}

    def get(self, feature_id: str) -> Feature:
        """Return a feature that an earlier answer held.

        Raises
        ------
        UnknownPlace
            No answer in the cache held it.
        """
        if is_point(feature_id):
            return point(feature_id)
        kept = self._cache.get(f"feature {feature_id}")
        if kept is None:
            raise UnknownPlace(f"No answer of {self.service} held {feature_id!r}; search for its name first.")
        return _feature(self.service, *kept)

    def near(self, lon: float, lat: float, *, radius_km: float, kinds: Collection[str] | None = None,
             limit: int = 20) -> tuple[tuple[Feature, float], ...]:
        """Return what the service finds at a point, with its distance in km."""
        point = shapely.Point(lon, lat)
        answers = self._ask(self._geocoder.reverse, (lat, lon), {"exactly_one": False})
        features = [_feature(self.service, *answer) for answer in answers]
        found = [(feature, distance_km(point, shapely.Point(feature.lon, feature.lat))) for feature in features]
        found = [pair for pair in found if pair[1] <= radius_km and (kinds is None or pair[0].kind in kinds)]
        return tuple(sorted(found, key=lambda pair: pair[1])[:limit])

    def shape(self, feature: Feature | str) -> BaseGeometry:
        """Return the point of a feature; services give no shapes."""
        known = feature if isinstance(feature, Feature) else self.get(feature)
        return shapely.Point(known.lon, known.lat)

    def _ask(self, method: Callable[..., Any], query: Any, options: dict[str, Any]) -> list[list[Any]]:
        accepted = inspect.signature(method).parameters
        options = {key: value for key, value in options.items() if key in accepted and value is not None}
        where = getattr(self._geocoder, "domain", "")
        key = json.dumps([self.service, where, method.__name__, query, options], ensure_ascii=False, sort_keys=True)
        if (kept := self._cache.get(key)) is not None:
            return list(kept)
        locations = self._request(method, query, options)
        answers = [[location.address, location.latitude, location.longitude, location.raw] for location in locations]
        self._cache.put(key, answers)
        for answer in answers:
            self._cache.put(f"feature {_feature_id(self.service, *answer)}", answer)
        return answers

    def _request(self, method: Callable[..., Any], query: Any, options: dict[str, Any]) -> list[Any]:
        with self._turn:
            time.sleep(max(0.0, self._last + self._min_delay_s - time.monotonic()))
            try:
                found = method(query, **options)
            except GeocoderRateLimited as error:
                wait = f"in {error.retry_after} seconds" if error.retry_after else "later"
                raise DataError(f"{self.service} refuses more requests for now; try again {wait}, or raise min_delay_s.") from error
            except (GeocoderTimedOut, GeocoderUnavailable) as error:
                late = isinstance(error, GeocoderTimedOut) or "timed out" in str(error)
                what = "did not answer in time; give its geocoder a longer timeout" if late else "cannot be reached; check its address"
                raise DataError(f"{self.service} {what}, try again later, or work offline.") from error
            except (GeopyError, LookupError, ValueError, TypeError, AttributeError) as error:  # how geopy's parsers fail on damage
                what = f"{type(error).__name__}: {str(error)[:120]}"
                raise DataError(f"{self.service} gave no usable answer ({what}); check its address, or work offline.") from error
            finally:
                self._last = time.monotonic()
        return [location for location in (found or []) if _on_globe(location)]


def _on_globe(location: Any) -> bool:
    return bool(-90 <= location.latitude <= 90 and -180 <= location.longitude <= 180)


def _feature(service: str, address: str, lat: float, lon: float, raw: dict[str, Any]) -> Feature:
    facts = _facts(raw)
    words = (str(facts.get(key, "")).lower() for key in _KIND_KEYS)
    kind: Kind = next((_KINDS[word] for word in words if word in _KINDS), "other")
    country = next((str(facts[key]).upper() for key in _COUNTRY_KEYS if facts.get(key)), "")
    population = str(facts.get("population") or 0)
    return Feature(
        id=_feature_id(service, address, lat, lon, raw),
        name=str(facts.get("name") or facts.get("toponymName") or address.split(",")[0]).strip(),
        kind=kind, lon=lon, lat=lat, country=country if len(country) == 2 else "",
        population=int(population) if population.isdecimal() else 0, source=service, note=address,
    )


def _facts(raw: dict[str, Any]) -> dict[str, Any]:
    inner = [raw[key] for key in ("address", "properties") if isinstance(raw.get(key), dict)]
    return {**{key: value for part in inner for key, value in part.items()}, **raw}


def _feature_id(service: str, address: str, lat: float, lon: float, raw: dict[str, Any]) -> str:
    facts = _facts(raw)
    own = next((f"{facts.get('osm_type', '')}{facts[key]}" for key in ("osm_id", "geonameId", "place_id") if facts.get(key)), "")
    return f"{service.lower()}:{own or hashlib.sha256(f'{address} {lat} {lon}'.encode()).hexdigest()[:12]}"


def _hit(name: str, feature: Feature) -> Hit:
    same = plain(name) == plain(feature.name) or fold(name) == fold(feature.name)
    return Hit(feature=feature, match="exact" if same else "alias", similarity=1.0 if same else 0.8)

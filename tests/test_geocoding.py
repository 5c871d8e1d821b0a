"""The geopy contract, offline and through a service on loopback."""

from __future__ import annotations

import inspect
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import geopandas
import pytest
from geopy.exc import GeocoderQueryError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim, Photon
from geopy.geocoders.base import Geocoder
from geopy.location import Location
from geopy.point import Point

from geo.errors import DataError, InputError, UnknownPlace
from geo.gazetteer import Gazetteer, open_gazetteer
from geo.geocoding import GeopyGazetteer, OfflineGeocoder
from geo.services import AnswerCache

GEOCODER = OfflineGeocoder()
IDLIB = {
    "place_id": 1,
    "osm_type": "node",
    "osm_id": 77,
    "lat": "35.93",
    "lon": "36.63",
    "display_name": "Idlib, Idlib Governorate, Syria",
    "name": "Idlib",
    "addresstype": "city",
    "address": {"country_code": "sy"},
}


@pytest.mark.parametrize(
    ("query", "feature_id"),
    [
        ("Idlib, Syria", "geonames:169389"),
        ("Bangor, Maine", "geonames:4957280"),
        ("Paris, Texas", "geonames:4717560"),
        ("Springfield, Illinois, USA", "geonames:4250542"),
        ("London, Ontario", "geonames:6058560"),
        ("Albany, Georgia", "geonames:4179320"),
        ({"city": "Idlib", "country": "Syria"}, "geonames:169389"),
        ({"country": "Ukraine"}, "country:UA"),
        ("Syria", "country:SY"),
        ("Al-Bab, Aleppo", "geonames:174018"),
    ],
)
def test_a_name_with_its_parents_finds_the_place_inside_them(query: str | dict[str, str], feature_id: str) -> None:
    location = GEOCODER.geocode(query)
    assert location.raw["id"] == feature_id


def test_an_answer_is_none_a_location_or_a_list() -> None:
    assert GEOCODER.geocode("no such place at all") is None
    assert GEOCODER.geocode("no such place at all", exactly_one=False) is None
    assert GEOCODER.geocode("") is None
    assert isinstance(GEOCODER.geocode("Idlib"), Location)
    found = GEOCODER.geocode("Springfield", exactly_one=False, limit=4)
    assert isinstance(found, list)
    assert len(found) == 4


def test_a_village_of_the_tables_lies_in_its_unit() -> None:
    assert GEOCODER.geocode("Qminas, Idlib, Syria").raw["kind"] == "populated"


def test_a_parent_that_does_not_hold_the_name_gives_none() -> None:
    assert GEOCODER.geocode("Idlib, Japan") is None


def test_coordinates_are_latitude_then_longitude() -> None:
    location = GEOCODER.geocode("Idlib, Syria")
    address, (latitude, longitude) = location
    assert (round(latitude), round(longitude)) == (36, 37)
    assert address == "Idlib, Syria"


def test_raw_says_what_was_found() -> None:
    raw = GEOCODER.geocode("Idlib, Syria").raw
    assert {"id", "kind", "country", "admin1", "population", "match"} <= raw.keys()
    assert raw["country"] == "SY"
    json.dumps(raw)


@pytest.mark.parametrize(
    ("options", "country"),
    [
        ({"country_codes": "cr"}, "CR"),
        ({"country_codes": ["us", "mx"]}, "US"),
        ({"near": "California"}, "US"),
        ({"near": (9.9, -84.1)}, "CR"),
        ({"near": Point(37.3, -121.9)}, "US"),
    ],
)
def test_country_codes_and_near_decide_between_bearers_of_a_name(options: dict[str, Any], country: str) -> None:
    assert GEOCODER.geocode("San Jose", **options).raw["country"] == country


@pytest.mark.parametrize(
    ("language", "start"), [("ar", "إدلب"), ("ru", "Идлиб"), ("en", "Idlib"), (None, "Idlib"), ("he-IL,he;q=0.9", "אדלב")]
)
def test_the_address_is_in_the_script_of_the_language(language: str | None, start: str) -> None:
    assert GEOCODER.geocode("Idlib, Syria", language=language).address.startswith(start)


@pytest.mark.parametrize("query", [42, None, {}, {"street": "Main Street"}, ["Idlib"]])
def test_a_query_of_another_kind_is_a_query_error(query: object) -> None:
    with pytest.raises(GeocoderQueryError, match="neither a name nor a mapping"):
        GEOCODER.geocode(query)  # type: ignore[arg-type]


def test_a_limit_below_one_is_an_error() -> None:
    with pytest.raises(ValueError, match="Limit cannot be less than 1"):
        GEOCODER.geocode("Idlib", exactly_one=False, limit=0)


def test_an_unknown_near_is_a_query_error() -> None:
    with pytest.raises(GeocoderQueryError, match="no place that the gazetteer knows"):
        GEOCODER.geocode("San Jose", near="no such place at all")


@pytest.mark.parametrize("query", [(35.93, 36.63), "35.93, 36.63", Point(35.93, 36.63)])
def test_reverse_finds_the_nearest_town(query: Any) -> None:
    assert GEOCODER.reverse(query).raw["id"] == "geonames:169389"


def test_reverse_lists_from_the_town_to_the_country_and_is_none_at_sea() -> None:
    found = GEOCODER.reverse((35.93, 36.63), exactly_one=False)
    assert [location.raw["id"] for location in found[-2:]] == ["admin1:SY-ID", "country:SY"]
    assert GEOCODER.reverse((0.0, -30.0)) is None
    assert GEOCODER.reverse((0.0, -30.0), exactly_one=False) is None


@pytest.mark.parametrize("query", ["here", "1,2,3,x", (95.0, 400.0, "x")])
def test_reverse_of_no_point_is_a_value_error(query: Any) -> None:
    with pytest.raises(ValueError):
        GEOCODER.reverse(query)


@pytest.mark.parametrize("method", ["geocode", "reverse"])
def test_the_signature_is_that_of_a_geopy_geocoder(method: str) -> None:
    parameters = inspect.signature(getattr(OfflineGeocoder, method)).parameters
    assert issubclass(OfflineGeocoder, Geocoder)
    assert list(parameters)[:2] == ["self", "query"]
    assert parameters["exactly_one"].default is True
    assert all(parameter.kind is inspect.Parameter.KEYWORD_ONLY for name, parameter in parameters.items() if name not in ("self", "query"))
    assert "timeout" in parameters


def test_the_rate_limiter_takes_it() -> None:
    limited = RateLimiter(GEOCODER.geocode, min_delay_seconds=0)
    assert [limited(name, country_codes="sy").raw["country"] for name in ("Idlib", "Homs")] == ["SY", "SY"]


def test_geopandas_takes_it() -> None:
    frame = geopandas.tools.geocode(["Idlib, Syria", "no such place at all"], provider=OfflineGeocoder)
    assert round(frame.geometry.iloc[0].x, 1) == 36.6
    assert frame.address.iloc[0] == "Idlib, Syria"
    assert frame.geometry.iloc[1].is_empty


class _Service(BaseHTTPRequestHandler):
    """Nominatim as far as it is asked; a query chooses how it fails."""

    asked: list[str] = []

    def do_GET(self) -> None:
        url = urlparse(self.path)
        query = parse_qs(url.query)
        _Service.asked.append(self.path)
        text = query.get("q", [""])[0]
        if text == "busy":
            self._send(429, b"slow down", {"Retry-After": "1"})
        elif text == "garbage":
            self._send(200, b"<html>{{{not json")
        elif text == "odd":
            self._send(200, json.dumps([{"display_name": "x"}, 3]).encode())
        elif text == "broken":
            self._send(500, b"oops")
        elif text == "stall":
            time.sleep(1.5)
            self._send(200, b"[]")
        elif text == "nowhere":
            self._send(200, b"[]")
        else:
            self._send(200, json.dumps(IDLIB if "reverse" in url.path else [IDLIB]).encode())

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        try:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            return  # the client has given up waiting

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def domain() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Service)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def service(domain: str, tmp_path: Path) -> GeopyGazetteer:
    _Service.asked.clear()
    geocoder = Nominatim(domain=domain, scheme="http", user_agent="salient-tests", timeout=0.5)
    return GeopyGazetteer(geocoder, cache=tmp_path / "answers.sqlite", min_delay_s=0)


@pytest.fixture(params=["offline", "service"])
def gazetteer(request: pytest.FixtureRequest, service: GeopyGazetteer) -> Gazetteer:
    return open_gazetteer() if request.param == "offline" else service


def test_every_gazetteer_keeps_the_contract(gazetteer: Gazetteer) -> None:
    hits = gazetteer.search("Idlib", country="SY", kinds={"populated"}, limit=3)
    feature = hits[0].feature
    assert (feature.name, feature.kind, feature.country) == ("Idlib", "populated", "SY")
    assert hits[0].match == "exact"
    assert abs(feature.lon - 36.63) < 0.05
    assert abs(feature.lat - 35.93) < 0.05
    assert gazetteer.get(feature.id) == feature
    assert gazetteer.shape(feature).equals(gazetteer.shape(feature.id))
    near, km = gazetteer.near(36.63, 35.93, radius_km=10, kinds={"populated"})[0]
    assert near.id == feature.id
    assert km < 1
    assert gazetteer.near(36.63, 30.0, radius_km=1, kinds={"country"}) == ()
    assert gazetteer.search("Idlib", country="JP") == ()
    assert gazetteer.search(" ") == ()
    assert isinstance(gazetteer.known(["idlib"]), dict)
    assert gazetteer.view
    with pytest.raises(UnknownPlace):
        gazetteer.get("nominatim:0")
    with pytest.raises(InputError, match="asks for nothing"):
        gazetteer.search("Idlib", limit=0)


def test_nothing_is_asked_twice(domain: str, service: GeopyGazetteer, tmp_path: Path) -> None:
    for _ in range(3):
        assert service.search("Idlib")[0].feature.name == "Idlib"
        assert service.search("nowhere") == ()
    assert len(_Service.asked) == 2
    again = GeopyGazetteer(
        Nominatim(domain=domain, scheme="http", user_agent="salient-tests"), cache=tmp_path / "answers.sqlite", min_delay_s=0
    )
    assert again.search("Idlib")[0].feature == service.search("Idlib")[0].feature
    assert len(_Service.asked) == 2


def test_only_options_that_the_geocoder_takes_are_sent(domain: str, tmp_path: Path) -> None:
    photon = GeopyGazetteer(Photon(domain=domain, scheme="http", timeout=0.5), cache=tmp_path / "p.sqlite", min_delay_s=0)
    with pytest.raises(DataError, match="no usable answer"):  # our server speaks Nominatim only
        photon.search("Idlib", country="SY")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("busy", "refuses more requests for now; try again in 1 seconds"),
        ("garbage", "no usable answer"),
        ("odd", "no usable answer"),
        ("broken", "no usable answer"),
        ("stall", "did not answer in time"),
    ],
)
def test_a_failing_service_is_one_clear_error_and_is_not_remembered(service: GeopyGazetteer, name: str, message: str) -> None:
    asked = 0
    for _ in range(2):
        with pytest.raises(DataError, match=message):
            service.search(name)
        assert len(_Service.asked) > asked
        asked = len(_Service.asked)


def test_a_service_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    gone = GeopyGazetteer(
        Nominatim(domain="127.0.0.1:9", scheme="http", user_agent="salient-tests", timeout=0.5), cache=tmp_path / "a.sqlite"
    )
    with pytest.raises(DataError, match="Nominatim cannot be reached"):
        gone.search("Idlib")


def test_requests_keep_their_distance(domain: str, tmp_path: Path) -> None:
    slow = GeopyGazetteer(
        Nominatim(domain=domain, scheme="http", user_agent="salient-tests", timeout=1), cache=tmp_path / "a.sqlite", min_delay_s=0.2
    )
    started = time.monotonic()
    for name in ("Idlib", "Homs", "Hama"):
        slow.search(name)
    assert time.monotonic() - started >= 0.4


def test_an_asynchronous_geocoder_is_refused() -> None:
    class Later:
        adapter = object.__new__(_async_adapter())

    with pytest.raises(InputError, match="asynchronous"):
        GeopyGazetteer(Later())  # type: ignore[arg-type]


def _async_adapter() -> type:
    from geopy.adapters import BaseAsyncAdapter

    return type("Adapter", (BaseAsyncAdapter,), {"get_json": None, "get_text": None})


@pytest.mark.parametrize("put", [lambda cache, key: cache.put(key, {"n": key})])
def test_the_cache_is_bounded_and_the_least_used_leave_first(tmp_path: Path, put: Callable[[AnswerCache, str], None]) -> None:
    cache = AnswerCache(tmp_path / "c.sqlite", max_rows=3)
    for key in ("a", "b", "c"):
        put(cache, key)
    assert cache.get("a") == {"n": "a"}
    put(cache, "d")
    assert len(cache) == 3
    assert cache.get("b") is None
    assert cache.get("a") == {"n": "a"}


def test_a_cache_that_is_no_database_is_a_data_error(tmp_path: Path) -> None:
    (tmp_path / "c.sqlite").write_bytes(b"not a database at all, but long enough to be looked at" * 40)
    with pytest.raises(DataError, match="is not a cache of answers"):
        AnswerCache(tmp_path / "c.sqlite")


def test_a_cache_of_no_rows_is_refused() -> None:
    with pytest.raises(InputError, match="keeps nothing"):
        AnswerCache(None, max_rows=0)

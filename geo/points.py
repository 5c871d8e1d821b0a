"""Places that are nothing but a point: the feature, its id, and how far off it may be.

The id of such a feature is ``point:36.2012,37.1612;u=10``: latitude first, in degrees (EPSG:4326), then the uncertainty in metres, as in
RFC 5870. Any gazetteer can make the feature of such an id. One that a reader placed on the map also has the kind and the name that the
text gives it, the name percent-encoded: ``point:36.2012,37.1612;u=100;k=populated;n=Kafr%20Nabl``.
"""

from __future__ import annotations

import re
from typing import cast
from urllib.parse import quote, unquote

from geo.errors import UnknownPlace
from geo.records import Feature, Kind

__all__ = ["DEGREE_M", "PREFIX", "digits_m", "extent_km", "good_to", "is_point", "named_point", "point", "point_id", "precision"]

PREFIX = "point:"
DEGREE_M = 111_200.0  # metres in a degree of latitude
# UCDP precision of a place by the metres that its digits leave open: a village, 25 km, a district, else a province.
_CLASSES = ((2_000, 1), (25_000, 2), (60_000, 3))
_ID = re.compile(
    rf"{PREFIX}(-?\d{{1,3}}(?:\.\d{{1,15}})?),(-?\d{{1,3}}(?:\.\d{{1,15}})?)(?:;u=(\d{{1,7}}))?"
    r"(?:;k=(populated|base|other);n=([\w%.~-]{1,400}))?", re.ASCII,
)
LONGEST_NAME = 60  # characters of a name in an id


def point_id(lon: float, lat: float, *, radius_m: float) -> str:
    """Return the id of a point in degrees that may be off by some metres.

    Examples
    --------
    >>> point_id(37.1612, 36.2012, radius_m=11.1)
    'point:36.2012,37.1612;u=10'
    """
    first, second = (f"{value + 0.0:.6f}".rstrip("0").rstrip(".") for value in (lat, lon))
    return f"{PREFIX}{_unsigned(first)},{_unsigned(second)};u={_rounded(radius_m)}"


def named_point(feature_id: str, *, name: str, kind: str) -> str:
    """Return the id of the same point with a name, and the kind of place that it is; a kind that no point can be is "other".

    Raises
    ------
    UnknownPlace
        The id is no point's.

    Examples
    --------
    >>> named_point("point:36.2,37.1;u=100", name="Kafr Nabl", kind="populated")
    'point:36.2,37.1;u=100;k=populated;n=Kafr%20Nabl'
    """
    spot = point(feature_id)
    bare = spot.id.partition(";k=")[0]
    written = " ".join(name.split())[:LONGEST_NAME]
    return f"{bare};k={kind if kind in ('populated', 'base') else 'other'};n={quote(written, safe='')}" if written else bare


def is_point(feature_id: str) -> bool:
    """Say whether an id is that of a place written as coordinates."""
    return feature_id.startswith(PREFIX)


def point(feature_id: str, *, country: str = "", admin1: str = "") -> Feature:
    """Return the feature of an id such as ``point:36.2012,37.1612;u=10``; without an uncertainty, the digits give it.

    Raises
    ------
    UnknownPlace
        The id holds no coordinates, or coordinates that are nowhere.

    Examples
    --------
    >>> found = point("point:36.2012,37.1612;u=10")
    >>> found.name, found.note
    ('36.2012, 37.1612', 'good to about 10 m')
    """
    match = _ID.fullmatch(feature_id)
    lat, lon = (float(match[1]), float(match[2])) if match else (91.0, 0.0)
    if match is None or abs(lat) > 90 or abs(lon) > 180:
        raise UnknownPlace(f"{feature_id!r} is no point; write {PREFIX}LATITUDE,LONGITUDE in degrees, such as {PREFIX}36.2,37.16.")
    name, kind = (unquote(match[5]), match[4]) if match[5] else (f"{match[1]}, {match[2]}", "other")
    return Feature(
        id=feature_id, name=name, kind=cast(Kind, kind), lon=lon, lat=lat, country=country, admin1=admin1,
        source="placed by hand" if match[5] else "the text itself", note=f"good to about {good_to(1000 * extent_km(feature_id))}",
    )


def extent_km(feature_id: str) -> float:
    """Return how far a place may lie from the point of its id, in km; 0 for an id that is no point's.

    Examples
    --------
    >>> extent_km("point:36.2,37.2;u=11000"), extent_km("point:36.2,37.2"), extent_km("country:SY")
    (11.0, 11.12, 0.0)
    """
    match = _ID.fullmatch(feature_id)
    if match is None:
        return 0.0
    return (float(match[3]) if match[3] else max(digits_m(match[1]), digits_m(match[2]))) / 1000


def precision(feature_id: str) -> int:
    """Return how precisely a point's id locates, on the scale of UCDP.

    Examples
    --------
    >>> precision("point:36.2012,37.1612;u=10"), precision("point:36.2,37.1;u=10000"), precision("point:36,37;u=100000")
    (1, 2, 4)
    """
    metres = 1000 * extent_km(feature_id)
    return next((grade for most, grade in _CLASSES if metres <= most), 4)


def good_to(metres: float) -> str:
    """Return a distance in words, to one figure.

    Examples
    --------
    >>> good_to(11.1), good_to(1852)
    ('10 m', '2 km')
    """
    rounded = _rounded(metres)
    return f"{rounded} m" if rounded < 1000 else f"{rounded // 1000:,} km"


def digits_m(number: str) -> float:
    """Return the metres that the last decimal of a number of degrees stands for.

    Examples
    --------
    >>> round(digits_m("36.2012"), 1)
    11.1
    """
    return DEGREE_M / 10.0 ** len(number.partition(".")[2])


def _unsigned(number: str) -> str:
    return "0" if number == "-0" else number


def _rounded(metres: float) -> int:
    """A length to one figure, a metre at least."""
    whole = max(1, round(metres))
    step: int = 10 ** (len(str(whole)) - 1)
    return round(whole / step) * step

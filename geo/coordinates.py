"""Where a text writes a place as numbers: degrees, minutes and seconds, grid references, links to a map.

Latitude comes first, unless letters ("37.16 E, 36.20 N") or labels ("lon, lat") say otherwise. Words such as "north", "longitude" and
"coordinates" are in data/coordinate_words.csv. What the numbers mean is a feature of `geo.points`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from geo.coordinate_words import (
    AFTER,
    BEFORE,
    PLAIN,
    SIGN,
    angle_patterns,
    compass,
    cue,
    cue_before,
    cues,
    join,
    labels,
    measured,
    unit_before,
)
from geo.grid import Square, from_mgrs, from_utm
from geo.points import digits_m

__all__ = ["Fix", "fix_of", "fixes"]

DECIMALS = 3  # decimals of a bare pair of numbers, from which no cue is needed: prices, scores and percentages have fewer
LONGEST = 300  # characters of a whole text that may be one reference; the longest link to a map has about 200
CUE = 60  # characters in which a cue and the few words after it stand before a pair

_ASCII = str.maketrans("٫−–", ".--")
_FIGURE = re.compile(r"\d")
# What every form of coordinates holds; all else is left unread. A form begins and ends within `REACH` characters of such a sign.
_SIGN_OF = re.compile(
    r"\d(?:[.٫]\d|\s?[°º˚Â]|\s?[dD](?:eg|\s?\d)|\s?[NSEW](?![A-Za-z])|\s?[C-X] ?[A-HJ-NP-Z]{2} ?\d|\s?[C-X] \d)|geo:\d"
)
REACH = 100
_DECIMAL = r"\d{1,3}\.\d{1,12}"


@dataclass(frozen=True, slots=True)
class Fix:
    """Coordinates in a text: characters `start` to `end`, degrees (EPSG:4326), how far off they may be, and how they are written.

    `sure` is false for a bare pair of numbers: it counts only where it falls on or near known land.
    """

    start: int
    end: int
    lat: float
    lon: float
    radius_m: float
    form: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class _Angle:
    """One of two angles: `axis` is "lat", "lon" or "" where no letter tells, `exact` whether its form can be nothing else."""

    start: int
    end: int
    value: float
    axis: str
    radius_m: float
    exact: bool


def fixes(text: str, *, alone: bool = False) -> tuple[Fix, ...]:
    """Return the coordinates in a text, in order, without overlaps.

    Parameters
    ----------
    alone
        The text is known to be nothing but coordinates, so that a bare pair such as "36.2, 37.1" needs no cue.

    Examples
    --------
    >>> [(fix.lat, fix.lon, round(fix.radius_m)) for fix in fixes("They struck 36.2012° N, 37.1612° E at dawn.")]
    [(36.2012, 37.1612, 11)]
    >>> fixes("Shares rose 10.5, 12.7 per cent.")
    ()
    """
    found = [fix for first, last in _stretches(text, whole=alone) for fix in _all_forms(text, first, last, alone=alone)]
    kept: list[Fix] = []
    for fix in sorted(found, key=lambda fix: (fix.start, -fix.end)):
        if abs(fix.lat) <= 90 and abs(fix.lon) <= 180 and (not kept or fix.start >= kept[-1].end):
            kept.append(fix)
    return tuple(kept)


def fix_of(words: str) -> Fix | None:
    """Return the coordinates that some words are as a whole, or None: brackets, a cue and the rest of a link may stand around them.

    Examples
    --------
    >>> fix_of("(36.2, 37.1)").lat, fix_of("Idlib"), fix_of("12,000 men")
    (36.2, None, None)
    """
    return _fix_of(words) if len(words) <= LONGEST and _FIGURE.search(words) else None


@lru_cache(maxsize=4096)
def _fix_of(words: str) -> Fix | None:
    found = fixes(words, alone=True)
    if len(found) != 1:
        return None
    around = cue().sub(" ", words[: found[0].start] + " " + words[found[0].end :])
    linked = "://" in words and " " not in words.strip()
    return found[0] if linked or not re.search(r"\w", around) else None


def _stretches(text: str, *, whole: bool) -> Iterator[tuple[int, int]]:
    """Yield the parts of a text that may hold coordinates."""
    if whole:
        yield 0, len(text)
        return
    first = last = 0
    for match in _SIGN_OF.finditer(text):
        if match.start() - REACH > last:
            if last:
                yield first, last
            first = max(last, match.start() - REACH)
        last = min(len(text), match.end() + REACH)
    if last:
        yield first, last


def _all_forms(text: str, first: int, last: int, *, alone: bool) -> Iterator[Fix]:
    for read in (_links, _grids, _labelled, _marked, _packed):
        yield from read(text, first, last)
    yield from _bare(text, first, last, alone=alone)


# Of two in one link the first in this order counts: the place that it marks, not the middle of the view.
_LINKS = (
    re.compile(rf"\bgeo:(?P<lat>-?{PLAIN}),(?P<lon>-?{PLAIN})(?:,-?\d{{1,5}}(?:\.\d{{1,9}})?)?(?:;u=(?P<u>\d{{1,6}}))?{AFTER}"),
    re.compile(rf"!3d(?P<lat>-?{_DECIMAL})!4d(?P<lon>-?{_DECIMAL})"),
    re.compile(rf"[?&#]m?lat=(?P<lat>-?{_DECIMAL})&m?(?:lon|lng|long)=(?P<lon>-?{_DECIMAL})"),
    # One service writes the longitude first; its name is part of what is quoted.
    re.compile(rf"\byandex\.[^\s<>]{{1,80}}?[?&]l?ll=(?P<lon>-?{_DECIMAL})(?:,|%2C)(?P<lat>-?{_DECIMAL})", re.IGNORECASE),
    re.compile(
        rf"[?&/](?:q|ll|sll|query|center|destination|daddr|saddr|loc|cp|cbll|coords?)=(?:loc:)?"
        rf"(?P<lat>-?{_DECIMAL})(?:,|%2C|~)(?:%20|\+)?(?P<lon>-?{_DECIMAL})"
    ),
    re.compile(rf"@(?P<lat>-?{_DECIMAL}),(?P<lon>-?{_DECIMAL})(?!\d)"),
    re.compile(rf"#(?:map=)?\d{{1,2}}(?:\.\d{{1,3}})?/(?P<lat>-?{_DECIMAL})/(?P<lon>-?{_DECIMAL})"),
    re.compile(rf"\bPOINT ?\( ?(?P<lon>-?{PLAIN}) (?P<lat>-?{PLAIN}) ?\)"),
)


def _links(text: str, first: int, last: int) -> Iterator[Fix]:
    found: dict[int, Fix] = {}
    for pattern in _LINKS:
        for match in pattern.finditer(text, first, last):
            start = match.end() - len(match.group().lstrip("?&/@!#"))
            stated = match.groupdict().get("u")
            radius = max(1.0, float(stated)) if stated else max(digits_m(match["lat"]), digits_m(match["lon"]))
            link = max(text.rfind(space, max(0, start - LONGEST), start) for space in " \n\t<>")
            link = link if link >= 0 else start // LONGEST
            found.setdefault(link, Fix(start, match.end(), float(match["lat"]), float(match["lon"]), radius, "a link to a map"))
    yield from found.values()


_ZONE = r"(?<![\w.,:/-])(?P<zone>0?[1-9]|[1-5]\d|60) ?"
_MGRS = re.compile(
    rf"{_ZONE}(?P<letters>[C-HJ-NP-X] ?[A-HJ-NP-Z][A-HJ-NP-V]) ?"
    r"(?P<digits>\d{2} \d{2}|\d{3} \d{3}|\d{4} \d{4}|\d{5} \d{5}|(?:\d\d){2,5})(?!\w|[.,:/-]\d)"
)
_UTM = re.compile(
    rf"{_ZONE}(?P<letter>[C-HJ-NP-X]),? {{1,2}}(?P<east>\d{{6}})(?:\.\d{{1,4}})? ?m?E?,? {{1,2}}"
    r"(?P<north>\d{7})(?:\.\d{1,4})?(?: ?m?N\b)?(?!\w|[.,:/-]\d)"
)


def _grids(text: str, first: int, last: int) -> Iterator[Fix]:
    for match in _MGRS.finditer(text, first, last):
        square = from_mgrs(int(match["zone"]), match["letters"].replace(" ", ""), match["digits"].replace(" ", ""))
        yield from _squared(match, square, "a grid reference (MGRS)")
    for match in _UTM.finditer(text, first, last):
        spot = from_utm(int(match["zone"]), match["letter"], int(match["east"]), int(match["north"]))
        yield from _squared(match, spot, "UTM coordinates")


def _squared(match: re.Match[str], square: Square | None, form: str) -> Iterator[Fix]:
    if square is not None:
        yield Fix(match.start(), match.end(), round(square.lat, 6), round(square.lon, 6), square.side_m, form)


def _labelled(text: str, first: int, last: int) -> Iterator[Fix]:
    """Numbers with the words latitude and longitude, before each or before both."""
    for pattern in labels():
        for match in pattern.finditer(text, first, last):
            lat, lon = (match[axis].translate(_ASCII) for axis in ("lat", "lon"))
            yield Fix(match.start(), match.end(), float(lat), float(lon), max(digits_m(lat), digits_m(lon)), "coordinates")


def _marked(text: str, first: int, last: int) -> Iterator[Fix]:
    """Two angles that stand next to each other, with degree signs or the letters of the compass."""
    kept: list[_Angle] = []
    for angle in sorted(_angles(text, first, last), key=lambda angle: (angle.start, -angle.end)):
        if not kept or angle.start >= kept[-1].end:
            kept.append(angle)
    used = -1
    for one, two in pairwise(kept):
        if one.start >= used and join().fullmatch(text, one.end, two.start) and (fix := _crossed(text, one, two)) is not None:
            used = fix.end
            yield fix


def _crossed(text: str, one: _Angle, two: _Angle) -> Fix | None:
    other = {"lat": "lon", "lon": "lat", "": ""}
    first = one.axis or other[two.axis] or "lat"
    second = two.axis or other[first]
    lettered = one.axis or two.axis
    if first == second or not (lettered or (one.exact and two.exact) or _cued(text, one.start)):
        return None
    lat, lon = (one.value, two.value) if first == "lat" else (two.value, one.value)
    return Fix(one.start, two.end, round(lat, 7), round(lon, 7), max(one.radius_m, two.radius_m), "coordinates")


def _angles(text: str, first: int, last: int) -> Iterator[_Angle]:
    for pattern in angle_patterns():
        for match in pattern.finditer(text, first, last):
            found = match.groupdict()
            degrees, minutes, seconds = (
                (found.get(part) or "").translate(_ASCII).replace(",", ".") for part in ("deg", "min", "sec")
            )
            if float(minutes or 0) >= 60 or float(seconds or 0) >= 60 or (minutes and "." in degrees):
                continue
            value = float(degrees) + float(minutes or 0) / 60 + float(seconds or 0) / 3600
            meaning = compass().get((found["before"] or found["after"] or "").lower(), "")
            negative = (found["sign"] or "+") in "-−–" or meaning in {"south", "west"}
            axis = {"north": "lat", "south": "lat", "east": "lon", "west": "lon"}.get(meaning, "")
            radius = digits_m(seconds or minutes or degrees) / (3600 if seconds else 60 if minutes else 1)
            exact = bool(minutes) or len(degrees.partition(".")[2]) >= DECIMALS
            yield _Angle(match.start(), match.end(), -value if negative else value, axis, radius, exact)


_PACKED = tuple(re.compile(rf"(?<![\w.,-]){pattern}(?!\w|\.\d)") for pattern in (
    r"(?P<lat>\d{4}(?:\d\d)?(?:\.\d{1,4})?) ?(?P<north>[NS]) ?[,/]? ?(?P<lon>\d{5}(?:\d\d)?(?:\.\d{1,4})?) ?(?P<east>[EW])",
    r"(?P<north>[NS]) ?(?P<lat>\d{4}(?:\d\d)?(?:\.\d{1,4})?) ?[,/]? ?(?P<east>[EW]) ?(?P<lon>\d{5}(?:\d\d)?(?:\.\d{1,4})?)",
))


def _packed(text: str, first: int, last: int) -> Iterator[Fix]:
    """Degrees, minutes and seconds without signs, as sailors and airmen write them: 361204N 0370940E."""
    for pattern in _PACKED:
        for match in pattern.finditer(text, first, last):
            (lat, radius), (lon, other) = _unpacked(match["lat"], 2), _unpacked(match["lon"], 3)
            signed = lat * (-1 if match["north"] == "S" else 1), lon * (-1 if match["east"] == "W" else 1)
            if radius and other:
                yield Fix(match.start(), match.end(), *signed, max(radius, other), "coordinates")


def _unpacked(digits: str, width: int) -> tuple[float, float]:
    """Degrees, and the metres that the last digit stands for; 0 metres for what are no minutes or seconds."""
    whole, _, decimals = digits.partition(".")
    minutes, seconds = whole[width : width + 2], whole[width + 2 :]
    if int(minutes) >= 60 or int(seconds or 0) >= 60:
        return 0.0, 0.0
    last = float(f"{seconds or minutes}.{decimals or 0}")
    value = int(whole[:width]) + (int(minutes) / 60 + last / 3600 if seconds else last / 60)
    return round(value, 7), digits_m(f"0.{decimals}" if decimals else "0") / (3600 if seconds else 60)


_BARE = re.compile(rf"{BEFORE}(?P<lat>{SIGN}?{PLAIN})(?P<gap> ?[,;] ?| {{1,2}})(?P<lon>{SIGN}?{PLAIN})(?![\w%‰€$£°]|[.:/]\d|,\d)")
_LISTED_BEFORE = re.compile(r"\d[\d.]{0,14}\s?(?:[,;]|and)\s?$")
_LISTED_AFTER = re.compile(rf"\s?(?:[,;]|,? and)\s?{SIGN}?\d{{1,9}}(?:\.\d|\s?(?:[,;]|$))")


def _bare(text: str, first: int, last: int, *, alone: bool) -> Iterator[Fix]:
    """A pair of numbers with nothing but their decimals, or a cue before them, to tell what they are."""
    for match in _BARE.finditer(text, first, last):
        lat, lon = (match[axis].translate(_ASCII) for axis in ("lat", "lon"))
        decimals = min(len(number.partition(".")[2]) for number in (lat, lon))
        comma = bool(match["gap"].strip())
        cued = (alone and (comma or decimals > 0)) or (decimals > 0 and _cued(text, match.start()))
        if not cued and decimals < DECIMALS + (not comma):
            continue
        if _LISTED_BEFORE.search(text[max(0, match.start() - 20) : match.start()]) or _LISTED_AFTER.match(text, match.end()):
            continue
        if not measured().match(text, match.end()) and not unit_before().search(text[max(0, match.start() - 20) : match.start()]):
            yield Fix(match.start(), match.end(), float(lat), float(lon), max(digits_m(lat), digits_m(lon)), "coordinates", sure=cued)


def _cued(text: str, start: int) -> bool:
    """Whether a word such as "coordinates" stands right before."""
    before = text[max(0, start - CUE) : start].lower()
    return any(word in before for word in cues()) and cue_before().search(before) is not None

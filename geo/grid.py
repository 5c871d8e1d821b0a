"""Where a grid reference lies: MGRS ("37S BV 12345 67890") and UTM ("37S 312345 4012345").

After NGA.STND.0037 (The Universal Grids and the Military Grid Reference System): zones of 6 degrees, bands of 8 degrees lettered C to X,
squares of 100 km lettered in a cycle, with the exceptions of Norway and Svalbard. The polar grids (bands A, B, Y, Z) are not read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from geo.errors import InputError

__all__ = ["BANDS", "Square", "from_mgrs", "from_utm", "to_mgrs", "zone_of"]

BANDS = "CDEFGHJKLMNPQRSTUVWX"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which look like figures
_COLUMNS = {1: "ABCDEFGH", 2: "JKLMNPQR", 0: "STUVWXYZ"}  # of the squares, by the zone modulo 3
_ROWS = _LETTERS[:20]
_SQUARE_M, _CYCLE_M = 100_000, 2_000_000
_EQUATOR_M = 10_000_000  # northing of the equator in the southern half
_EVEN_ROW = 5  # in even zones the rows begin with F
# A reference may be given in the grid of the next zone or band, as maps along the edge print it; no map prints more than a degree of it.
BEYOND_DEGREES = 1.0
_MISSING = {(32, "X"), (34, "X"), (36, "X")}  # zones that Svalbard does not have
_SPECIAL = {  # (zone, band) -> degrees from, to
    (31, "V"): (0.0, 3.0), (32, "V"): (3.0, 12.0), (31, "X"): (0.0, 9.0), (33, "X"): (9.0, 21.0), (35, "X"): (21.0, 33.0),
    (37, "X"): (33.0, 42.0),
}


@dataclass(frozen=True, slots=True)
class Square:
    """The middle of a square of the grid in degrees, and the length of its side in metres."""

    lon: float
    lat: float
    side_m: float


def from_mgrs(zone: int, letters: str, digits: str) -> Square | None:
    """Return the square of a MGRS reference, or None where there is no such square.

    Parameters
    ----------
    letters
        The band and the two letters of the 100 km square, such as "SBV".
    digits
        An even number of digits, from none (the 100 km square) to ten (1 m).

    Examples
    --------
    >>> square = from_mgrs(37, "SDA", "12345678")
    >>> round(square.lat, 4), round(square.lon, 4), square.side_m
    (36.6526, 38.0193, 10.0)
    """
    half = len(digits) // 2
    if len(digits) % 2 or half > 5 or not 1 <= zone <= 60 or letters[0] not in BANDS or (zone, letters[0]) in _MISSING:
        return None
    column, row = _COLUMNS[zone % 3].find(letters[1]), _ROWS.find(letters[2])
    if column < 0 or row < 0:
        return None
    side = _SQUARE_M / 10**half
    easting = (column + 1) * _SQUARE_M + _along(digits[:half], side)
    northing = (row - (_EVEN_ROW if zone % 2 == 0 else 0)) % len(_ROWS) * _SQUARE_M + _along(digits[half:], side)
    turns = range(_EQUATOR_M // _CYCLE_M)
    found = (_placed(zone, letters[0], easting, northing + turn * _CYCLE_M, side) for turn in turns)
    return next((square for square in found if square is not None), None)


def from_utm(zone: int, letter: str, easting_m: float, northing_m: float, *, side_m: float = 1.0) -> Square | None:
    """Return the place of a UTM reference, or None where there is none.

    `letter` is the MGRS band; where the northing does not lie in that band, N and S are the northern and the southern half.

    Examples
    --------
    >>> square = from_utm(37, "S", 312345, 4012345)
    >>> round(square.lat, 4), round(square.lon, 4)
    (36.2378, 36.9118)
    """
    if not 1 <= zone <= 60 or letter not in BANDS or not _SQUARE_M <= easting_m < 9 * _SQUARE_M or not 0 <= northing_m <= _EQUATOR_M:
        return None
    middle = side_m / 2
    square = _placed(zone, letter, easting_m + middle, northing_m + middle, side_m)
    if square is None and letter in "NS":
        return _square(zone, easting_m + middle, northing_m + middle, side_m, south=letter == "S")
    return square


def to_mgrs(lon: float, lat: float, *, digits: int = 10) -> str:
    """Return the MGRS reference of a point, its squares named by their south-west corners.

    Raises
    ------
    InputError
        The point lies beyond 80 S or 84 N, or the number of digits is odd or beyond 10.

    Examples
    --------
    >>> to_mgrs(44.4, 33.3, digits=8)
    '38SMB44148470'
    """
    if not (-80 <= lat <= 84 and -180 <= lon <= 180):
        raise InputError(f"lon {lon}, lat {lat} has no MGRS reference here; give lon -180 to 180 and lat -80 to 84.")
    if digits % 2 or not 0 <= digits <= 10:
        raise InputError(f"A MGRS reference cannot have {digits} digits; give 0, 2, 4, 6, 8 or 10.")
    from geo.projections import utm_metres

    zone, band = zone_of(lon, lat)
    easting, northing = utm_metres(lon, lat, zone=zone, south=lat < 0)
    column = _COLUMNS[zone % 3][int(easting // _SQUARE_M) - 1]
    row = _ROWS[(int(northing // _SQUARE_M) + (_EVEN_ROW if zone % 2 == 0 else 0)) % len(_ROWS)]
    half, side = digits // 2, _SQUARE_M // 10 ** (digits // 2)
    written = "".join(f"{int(metres % _SQUARE_M // side):0{half}d}" if half else "" for metres in (easting, northing))
    return f"{zone}{band}{column}{row}{written}"


def zone_of(lon: float, lat: float) -> tuple[int, str]:
    """Return the zone and the band of a point between 80 S and 84 N, with the exceptions of Norway and Svalbard.

    Examples
    --------
    >>> zone_of(5.3, 60.4), zone_of(15.6, 78.2), zone_of(-70.7, -33.4)
    ((32, 'V'), (33, 'X'), (19, 'H'))
    """
    band = BANDS[min(int((lat + 80) // 8), len(BANDS) - 1)]
    lon = (lon + 180) % 360 - 180
    for (zone, of), (west, east) in _SPECIAL.items():
        if of == band and west <= lon < east:
            return zone, band
    return int((lon + 180) // 6) + 1, band


def _along(digits: str, side: float) -> float:
    return (int(digits or 0) + 0.5) * side


def _placed(zone: int, band: str, easting: float, northing: float, side: float) -> Square | None:
    """The square at that place, if it lies in its band and zone, or little beyond."""
    square = _square(zone, easting, northing, side, south=band < "N")
    if square is None:
        return None
    south = BANDS.index(band) * 8 - 80
    north = south + (12 if band == "X" else 8)
    west, east = _SPECIAL.get((zone, band), (zone * 6 - 186.0, zone * 6 - 180.0))
    beyond = BEYOND_DEGREES + side / 111_000
    sideways = abs((square.lon - (west + east) / 2 + 180) % 360 - 180) - (east - west) / 2
    wide = beyond / max(0.1, math.cos(math.radians(square.lat)))
    return square if south - beyond <= square.lat <= north + beyond and sideways <= wide else None


def _square(zone: int, easting: float, northing: float, side: float, *, south: bool) -> Square | None:
    from geo.projections import utm_degrees

    lon, lat = utm_degrees(easting, northing, zone=zone, south=south)
    return Square(lon, lat, side) if math.isfinite(lon) and math.isfinite(lat) and -80.5 <= lat <= 84.5 else None

"""A hundred thousand places and a thousand zones on a folium map: one packed layer, drawn on one canvas.

Folium writes a call for every marker and compiles each as a template; that takes minutes and runs what a report says. `PackedLayer` writes
one block of base64 instead, in which no text of a report stands in the open, and geo/assets/packed.js draws it.

Positions are cells of the Web Mercator square, 2**25 on a side (1.2 m at the equator), interleaved to one number and sorted by it (the Z
order of Morton, 1966): what is near on the map is near in the list, so that the page needs no other index. Their differences are written as
planes of bytes, words as codes of a list, and all of it is squeezed by gzip.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import shapely
from branca.element import Element, Figure
from folium.map import Layer
from numpy.typing import NDArray

from geo import symbology
from geo.errors import GeometryError, InputError

__all__ = ["SCRIPTS", "PackedLayer", "Raw", "boxed", "packed_places", "packed_zones", "squeezed"]

SCRIPTS = ("phrases.js", "packed.js", "packed_canvas.js", "packed_reader.js")
"""The scripts in geo/assets/ that unpack and draw, in their order."""

_ASSETS = Path(__file__).parent / "assets"

BITS = 25  # of a cell's number in each direction: the world is 2**25 cells wide

_ZONE_BITS = 23  # outlines are cut to 4.8 m at the equator: a quarter of a pixel at zoom 13

_LEVEL = 6  # of gzip: set over 100,000 places, where 9 takes four times as long and saves one part in a hundred

_REPEATED = 0.5  # a column of words whose different words are fewer than this share of its rows is written as codes of a list

_CODED = ("kind", "source", "colour", "status", "key", "icon", "hollow")  # what the page filters, counts and paints by; always codes

_COORDINATES = ("lon", "lat", "geometry")


def squeezed(data: bytes) -> str:
    """Return bytes as gzip in base64, the same for the same bytes; `Salient.inflatePacked` of packed.js reads it.

    Examples
    --------
    >>> gzip.decompress(base64.b64decode(squeezed(b"the same"))) == b"the same"
    True
    """
    return base64.b64encode(gzip.compress(data, _LEVEL, mtime=0)).decode("ascii")


def boxed(told: Mapping[str, Any], parts: Iterable[tuple[str, bytes]]) -> str:
    """Return a value that JSON can carry and named blocks of bytes as one squeezed text; `Salient.unbox` of packed.js reads it."""
    blocks = tuple(parts)
    head = json.dumps({**told, "parts": [[name, len(block)] for name, block in blocks]}, ensure_ascii=True, allow_nan=False).encode("ascii")
    return squeezed(b"".join((len(head).to_bytes(4, "little"), head, *(block for _, block in blocks))))


def packed_places(places: Any) -> dict[str, Any]:
    """Return places as the page's script takes them: positions and codes in one squeezed text, words in another that is read later.

    Parameters
    ----------
    places
        A GeoDataFrame of points in EPSG:4326, a DataFrame or a mapping of columns. Its columns: `lon` and `lat` in degrees (unless there is
        a geometry), `title`, and if wanted `kind`, `source`, `colour` ("#rrggbb"), `status`, `key` (what a legend hides by), `icon` (an SVG
        path on a 24 by 24 grid), `id`; any other column is a text shown when a place is opened. Places beyond 85 degrees north or
        south stand on the edge of the map.

    Raises
    ------
    InputError
        If there are no positions, or a colour is none.
    GeometryError
        If a frame is not in EPSG:4326, a geometry is no point, or a position is not on the globe.
    """
    table = _table(places)
    codes = _morton(*_cells(table.pop("lon"), table.pop("lat"), BITS))
    order = np.argsort(codes, kind="stable")
    codes = codes[order]
    steps = np.diff(codes, prepend=np.uint64(0))
    words = {name: values.take(order) for name, values in table.items()}
    coded, said = _split(words)
    told = {"count": len(codes), "columns": [[name, found] for name, found, _ in coded]}
    parts = [("steps", _planes(steps)), *((f"c:{name}", _planes(numbers)) for name, _, numbers in coded)]
    return {"head": boxed(told, parts), "words": _words(said)}


def packed_zones(zones: Any) -> dict[str, Any]:
    """Return areas as the page's script takes them: outlines and codes in one squeezed text, words in another that is read later.

    Parameters
    ----------
    zones
        A GeoDataFrame of polygons in EPSG:4326 with, if wanted, `title`, `colour` ("#rrggbb"), `layer` (one of `geo.symbology.LAYER_KEYS`,
        whose pattern is drawn) or `pattern` ("solid", "hatch", "cross", "dots", "dashes", "inline", "stipple"), `kind`, `source`, `status`,
        `key`, `id`; any other column is a text.

    Raises
    ------
    InputError
        If a colour is none, or there is no such pattern or layer.
    GeometryError
        If the frame is not in EPSG:4326 or a geometry is no area.
    """
    shapes = _shapes(zones, ("Polygon", "MultiPolygon"), "areas")
    styles, style_of = _styles(zones)
    table = {name: np.asarray(zones[name], dtype=object) for name in zones.columns if name not in (zones.geometry.name, "layer", "pattern")}
    _check_colours(table.get("colour"))
    coded, said = _split({name: _text(values) for name, values in table.items()})
    rings, points = _outlines(shapes)
    told = {"count": len(shapes), "columns": [[name, found] for name, found, _ in coded], "styles": styles, "shift": BITS - _ZONE_BITS}
    parts = [
        *((f"c:{name}", _planes(numbers)) for name, _, numbers in coded),
        *((name, _planes(numbers)) for name, numbers in rings.items()),
        ("style", _planes(style_of)),
        ("x", _planes(_zigzag(np.diff(points[0], prepend=0)))),
        ("y", _planes(_zigzag(np.diff(points[1], prepend=0)))),
    ]
    return {"head": boxed(told, parts), "words": _words(said)}


class PackedLayer(Layer):
    """Many places and areas as one layer of a folium map; `PackedLayer(places=frame).add_to(folium_map)`.

    The reader can hover, click and zoom, go from place to place with the arrow keys, and print. No text passes through a template.

    Parameters
    ----------
    places
        As `packed_places` takes them.
    zones
        As `packed_zones` takes them.
    name
        Of the layer, in folium's LayerControl and to a screen reader; no braces, since folium runs what stands in them.
    cluster
        Whether places that crowd are drawn as one bubble with their number.
    show
        Whether the layer is drawn when the map opens.

    Raises
    ------
    InputError
        If there is neither a place nor a zone, or the name has a brace.

    Examples
    --------
    >>> import folium
    >>> layer = PackedLayer(places={"lon": [36.63], "lat": [35.93], "title": ["Idlib"], "kind": ["town"]})
    >>> isinstance(layer.add_to(folium.Map()), PackedLayer)
    True
    """

    def __init__(self, places: Any = None, zones: Any = None, *, name: str = "Places", cluster: bool = True, show: bool = True) -> None:
        if places is None and zones is None:
            raise InputError("A packed layer needs places, zones or both; neither was given.")
        if set(name) & set("{}"):
            raise InputError(f"The layer cannot be called {name!r}: folium runs what stands in braces; give a name without them.")
        super().__init__(name=name, overlay=True, show=show)
        self._name = "PackedLayer"
        payload: dict[str, Any] = {"name": name, "cluster": bool(cluster)}
        if places is not None:
            payload["places"] = packed_places(places)
        if zones is not None:
            payload["zones"] = packed_zones(zones)
        self.payload = payload
        self._id = hashlib.sha256(json.dumps(payload, sort_keys=True).encode("ascii")).hexdigest()[:12]

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Put the script and the packed data on the page, raw; the parent's render, which compiles text as a template, is never called."""
        figure, parent = cast("Figure", self.get_root()), cast("Element", self._parent)
        code = "\n".join((_ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS)
        figure.script.add_child(Raw(f"\n{code}"), name="packed_script")
        shown = f".addTo({parent.get_name()})" if self.show else ""
        data = json.dumps(self.payload, separators=(",", ":")).replace("<", "\\u003c")
        made = f"var {self.get_name()} = Salient.packed({parent.get_name()}, {data}){shown};"
        figure.script.add_child(Raw(f"\n{made}\n"), name=self.get_name())


class Raw(Element):
    """An element that is what it was given: it calls no template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> str:
        return self.text


def _table(places: Any) -> dict[str, Any]:
    """The columns of places: positions as arrays of floats, the rest as series of text."""
    if not isinstance(places, pd.DataFrame | Mapping):
        raise InputError(f"Places were given as {type(places).__name__}; give a GeoDataFrame, a DataFrame or a mapping of columns.")
    if hasattr(places, "geometry"):
        shapes = _shapes(places, ("Point",), "points")
        positions = {"lon": shapely.get_x(shapes), "lat": shapely.get_y(shapes)}
        skipped = {places.geometry.name, *_COORDINATES}
    elif "lon" in places and "lat" in places:
        positions = {name: np.asarray(places[name], dtype=np.float64) for name in ("lon", "lat")}
        skipped = set(_COORDINATES)
    else:
        raise InputError(f"The places have no positions among {', '.join(map(str, places)) or 'no columns'}; give columns lon and lat.")
    rest = {str(name): np.asarray(places[name], dtype=object) for name in places if name not in skipped}
    for name, values in {**positions, **rest}.items():
        if len(values) != len(positions["lon"]):
            raise InputError(f"The column {name!r} has {len(values)} rows and lon has {len(positions['lon'])}; give columns of one length.")
    _check_colours(rest.get("colour"))
    return {**positions, **{name: _text(values) for name, values in rest.items()}}


def _shapes(frame: Any, kinds: Sequence[str], wanted: str) -> NDArray[np.object_]:
    """The geometries of a frame in EPSG:4326, all of them of one sort and none of them empty."""
    if getattr(frame, "crs", None) is None or frame.crs.to_epsg() != 4326:
        raise GeometryError(f"The {wanted} are in {getattr(frame, 'crs', None)}; call to_crs('EPSG:4326') first.")
    shapes = frame.geometry.to_numpy()
    for number, shape in enumerate(shapes):
        if shape is None or shape.is_empty or shape.geom_type not in kinds:
            found = "nothing" if shape is None or shape.is_empty else f"a {shape.geom_type}"
            raise GeometryError(f"Row {number} of the {wanted} is {found}; give {' or '.join(kinds)} alone.")
    return cast("NDArray[np.object_]", shapes)


def _text(values: Any) -> NDArray[np.object_]:
    """A column as text; what is missing is an empty string."""
    held = np.array(values, dtype=object)
    held[pd.isna(held)] = ""
    text = np.empty(len(held), dtype=object)
    text[:] = [*map(str, held)]
    return text


def _check_colours(values: Any) -> None:
    for colour in () if values is None else pd.unique(values):
        if not pd.isna(colour) and str(colour) and not _is_colour(str(colour)):
            raise InputError(f"{str(colour)!r} is no colour; give it as #rrggbb.")


def _is_colour(text: str) -> bool:
    return len(text) == 7 and text[0] == "#" and set(text[1:]) <= set("0123456789abcdefABCDEF")


def _cells(lon: Any, lat: Any, bits: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The cells of the Web Mercator square in which positions lie, from its north-western corner."""
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    wrong = ~((np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise GeometryError(f"Row {row} is at lon {lon[row]}, lat {lat[row]}; give degrees on the globe, lon first.")
    sine = np.sin(np.radians(np.clip(lat, -85.05112878, 85.05112878)))
    square = lon / 360 + 0.5, 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    size = 1 << bits
    x, y = (np.clip(np.floor(side * size), 0, size - 1).astype(np.int64) for side in square)
    return x, y


def _morton(x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The bits of x and y in turn, those of x first: one number that keeps neighbours together."""
    return _spread(x) | (_spread(y) << np.uint64(1))


def _spread(values: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A zero between the bits of each number of up to 32 bits."""
    spread = values.astype(np.uint64)
    for shift in (16, 8, 4, 2, 1):
        spread = (spread | (spread << np.uint64(shift))) & np.uint64((2**64 - 1) // (2**shift + 1))
    return spread


def _zigzag(values: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Small numbers of either sign as small numbers."""
    return ((values << 1) ^ (values >> 63)).astype(np.uint64)


def _planes(values: Any) -> bytes:
    """Numbers byte by byte: the lowest bytes of all, then the next, as many planes as the largest needs."""
    numbers = np.ascontiguousarray(values, dtype="<u8")
    count = max(1, (int(numbers.max(initial=0)).bit_length() + 7) // 8)
    return numbers.view(np.uint8).reshape(-1, 8)[:, :count].T.tobytes()


def _split(table: Mapping[str, Any]) -> tuple[list[tuple[str, list[str], NDArray[np.int64]]], list[tuple[str, Any]]]:
    """Columns as codes of a list of words, where words repeat, and columns as they are."""
    coded, said = [], []
    for name, values in table.items():
        codes, words = pd.factorize(values)
        if name in _CODED or (name not in ("id", "title") and len(words) <= _REPEATED * len(values)):
            coded.append((name, [_writable(word) for word in words], np.asarray(codes, dtype=np.int64)))
        else:
            said.append((name, values))
    return coded, said


def _writable(word: str) -> str:
    """A word that UTF-8 can carry: half of a surrogate pair cannot stand alone."""
    return word.encode("utf-8", "replace").decode("utf-8")


def _words(columns: Sequence[tuple[str, Any]]) -> str:
    """Columns of text: for each the lengths, and all of its words without anything between them."""
    parts: list[tuple[str, bytes]] = []
    for name, values in columns:
        words = [word.encode("utf-8", "replace") for word in values]
        parts += [(f"l:{name}", _planes([len(word) for word in words])), (f"t:{name}", b"".join(words))]
    return boxed({"columns": [name for name, _ in columns]}, parts)


def _styles(zones: Any) -> tuple[list[dict[str, Any]], NDArray[np.int64]]:
    """The ways in which zones are drawn, and which of them each zone is."""
    column = "layer" if "layer" in zones.columns else "pattern"
    names = zones[column].fillna("").map(str) if column in zones.columns else pd.Series(["solid"] * len(zones))
    codes, found = pd.factorize(names)
    return [_style(name, column) for name in found], np.asarray(codes, dtype=np.int64)


def _style(name: str, column: str) -> dict[str, Any]:
    if column == "layer":
        chosen = symbology.layer_style(name)
    else:
        known = {symbology.layer_style(key)["pattern"]: key for key in reversed(symbology.LAYER_KEYS) if key != "past"}
        if name not in known:
            raise InputError(f"There is no pattern {name!r}; choose {', '.join(sorted(known))}.")
        chosen = symbology.layer_style(known[name])
    return {key: chosen[key] for key in ("pattern", "fill", "width", "dash", "angle", "gap", "line", "grey") if key in chosen}


def _outlines(shapes: NDArray[np.object_]) -> tuple[dict[str, NDArray[np.int64]], tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """How many rings a zone and points a ring has, and all points as cells; rings stay open, points that coincide are one."""
    parts, zone_of_part = shapely.get_parts(shapes, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    spots, ring_of = shapely.get_coordinates(rings, return_index=True)
    x, y = _cells(spots[:, 0], spots[:, 1], _ZONE_BITS)
    ends = np.flatnonzero(np.diff(ring_of, append=-1))
    starts = np.flatnonzero(np.diff(ring_of, prepend=-1))
    keep = np.ones(len(x), dtype=bool)
    keep[1:] = (x[1:] != x[:-1]) | (y[1:] != y[:-1])
    keep[ends], keep[starts] = False, True
    lengths = np.bincount(ring_of[keep], minlength=len(rings))
    per_zone = np.bincount(zone_of_part[part_of_ring], minlength=len(shapes))
    return {"rings": per_zone, "points": lengths}, (x[keep], y[keep])

"""What a KML file draws: its placemarks with their areas, lines and points, and what it says of each.

Read with the XML reader of the standard library; a document type or an entity is refused, so nothing can be made to grow or be fetched.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from xml.parsers import expat

import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import InputError

__all__ = ["Placemark", "read_kml"]

Placemark = tuple[dict[str, str], BaseGeometry | None]
"""The columns of a placemark (name, folder, description, style and its extended data) and its shape (EPSG:4326, maybe 3-D)."""

_DEEPEST = 100  # elements within elements; Google Earth writes about 12
_LONGEST_VALUE = 10_000  # characters of a description that are kept
_SHAPES = frozenset({"Point", "LineString", "LinearRing", "Polygon"})
_SAID = frozenset({"name", "description", "styleUrl"})


def read_kml(data: bytes, *, source: str) -> list[Placemark]:
    """Return the placemarks of a KML document, in its order.

    Parameters
    ----------
    data
        The document, UTF-8 or as its first line says.
    source
        What to call it in an error.

    Raises
    ------
    InputError
        It is not well-formed, is no KML, declares entities, or has coordinates that are no numbers.

    Examples
    --------
    >>> point = b"<kml><Placemark><name>Here</name><Point><coordinates>1,2</coordinates></Point></Placemark></kml>"
    >>> [(said["name"], shape.wkt) for said, shape in read_kml(point, source="here.kml")]
    [('Here', 'POINT (1 2)')]
    """
    reader = _Reader(source)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = reader.start, reader.end, reader.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = reader.refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, UnicodeError, LookupError) as error:
        raise InputError(f"{source} is not well-formed XML ({error}); export the map again as KML.") from error
    if not reader.is_kml:
        raise InputError(f"{source} is XML but no KML; give a map as KML, GeoJSON, GeoPackage or shapefile.")
    return reader.found


class _Reader:
    """Follows the elements of a KML document."""

    def __init__(self, source: str) -> None:
        self.source, self.is_kml, self.found = source, False, list[Placemark]()
        self.path: list[str] = []
        self.words: list[str] = []
        self.folders: list[str] = []
        self.said: dict[str, str] | None = None
        self.shapes: list[BaseGeometry] = []
        self.rings: list[list[tuple[float, ...]]] = []
        self.hole = False
        self.key = ""

    def refuse(self, *_: object) -> None:
        """No map needs a document type or an entity; a file that grows when it is read has them."""
        raise InputError(f"{self.source} declares a document type or entities, which a map does not need; it is not read.")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = tag.rpartition(":")[2]
        self.path.append(name)
        self.words = []
        if len(self.path) > _DEEPEST:
            raise InputError(f"{self.source} nests elements more than {_DEEPEST} deep; it is not read as a map.")
        if name == "kml" or (len(self.path) == 1 and name in ("Document", "Folder", "Placemark")):
            self.is_kml = True
        if name in ("Folder", "Document"):
            self.folders.append("")
        elif name == "Placemark":
            self.said, self.shapes = {}, []
        elif name == "Polygon":
            self.rings, self.hole = [[], []], False
        elif name == "innerBoundaryIs":
            self.hole = True
        elif name in ("Data", "SimpleData"):
            self.key = attributes.get("name", "")

    def text(self, words: str) -> None:
        """Some characters."""
        self.words.append(words)

    def end(self, tag: str) -> None:
        """An element ends."""
        name = self.path.pop()
        words, self.words = "".join(self.words).strip(), []
        within = self.path[-1] if self.path else ""
        if name == "coordinates":
            self._place(within, list(_numbers(words, self.source)))
        elif name == "Polygon" and self.rings[0]:
            self.shapes.append(shapely.Polygon(self.rings[0], self.rings[2:]))
        elif name == "innerBoundaryIs":
            self.hole = False
        elif name in ("Folder", "Document"):
            self.folders.pop()
        elif name == "Placemark" and self.said is not None:
            self.found.append(({**self.said, "folder": self._folder()}, _joined(self.shapes)))
            self.said = None
        elif name == "name" and within in ("Folder", "Document"):
            self.folders[-1] = words
        elif self.said is not None:
            self._say(name, within, words)

    def _folder(self) -> str:
        return next((name for name in reversed(self.folders) if name), "")

    def _say(self, name: str, within: str, words: str) -> None:
        assert self.said is not None
        if name in _SAID and within == "Placemark":
            self.said[name] = words[:_LONGEST_VALUE]
        elif (name == "SimpleData" or (name == "value" and within == "Data")) and self.key:
            self.said[self.key] = words[:_LONGEST_VALUE]

    def _place(self, shape: str, points: list[tuple[float, ...]]) -> None:
        inside = "Polygon" in self.path
        if shape not in _SHAPES or not points or (self.said is None):
            return
        if inside and shape == "LinearRing":
            if len(points) < 3:
                return
            if self.hole:
                self.rings.append(points)
            else:
                self.rings[0] = points
        elif shape == "Point":
            self.shapes.append(shapely.Point(points[0]))
        elif len(points) > 1:
            self.shapes.append(shapely.LineString(points))


def _numbers(words: str, source: str) -> Iterator[tuple[float, ...]]:
    """Yield the points of a list of coordinates: lon,lat or lon,lat,height, separated by blanks; blanks after commas are forgiven."""
    for point in re.sub(r"\s*,\s*", ",", words).split():
        try:
            numbers = tuple(float(part) for part in point.split(",")[:3])
        except ValueError:
            numbers = ()
        if len(numbers) < 2 or not all(math.isfinite(number) for number in numbers):
            raise InputError(f"{source} has the coordinates {point[:40]!r}; KML needs longitude,latitude in degrees.")
        yield numbers if len(numbers) == 3 else numbers[:2]


def _joined(shapes: list[BaseGeometry]) -> BaseGeometry | None:
    """Return the shapes of one placemark as one; its areas alone where it has any."""
    areas = [shape for shape in shapes if shape.geom_type == "Polygon"]
    kept = areas or shapes
    if len(kept) < 2:
        return kept[0] if kept else None
    return shapely.MultiPolygon(areas) if areas else shapely.GeometryCollection(kept)

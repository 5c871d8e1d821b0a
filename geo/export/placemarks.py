"""A situation as KML and KMZ: what the map draws, a folder for each layer, with the words behind every mark in its balloon.

The order of elements is that of the schema of OGC KML 2.2 (07-147r2). KML has no patterns: what is not reported as a fact is drawn faint,
and its balloon says what it is. Balloons are HTML in the programs that show them, so every word in them is escaped by `annotate.escape`,
which also leaves no ``$[...]`` for them to fill in; beside it the words stand as they were written, as extended data.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as Xml

import shapely

from geo import symbology
from geo.annotate import escape
from geo.choices import DEFAULT, Choices
from geo.export.antimeridian import uncrossed
from geo.export.pins import pin
from geo.export.vector import about
from geo.export.xml_text import xml_text
from geo.layers import Layer, layers
from geo.projections import distance_km
from geo.tables import geometry_json
from geo.views import first_view

if TYPE_CHECKING:
    from geo.records import Claim
    from geo.situation import Situation

__all__ = ["KML", "write_kml", "write_kmz"]

KML = "http://www.opengis.net/kml/2.2"
"""The namespace of KML 2.2."""

_TOLD = ("title", "actor_name", "status", "speaker", "predicate", "words", "confidence", "reason", "when", "recipe", "note")
_PATTERN_INK = 0.14  # added to the fill of what has a pattern on our map: about what the pattern's ink adds to its darkness
_HALF_VIEW = 1.4  # the height of the eye, in widths of the first view, from which Google Earth shows all of it
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the date of the files in a KMZ, so that one situation gives the same bytes
_LIMIT = (
    "KML has no patterns: a strong fill is reported control, a faint one is claimed, contested, agreed or proposed, as each balloon says."
)


def write_kml(situation: Situation, path: Path, choices: Choices = DEFAULT) -> None:
    """Write a situation as KML; points get the pin of the program that shows them, in the party's colour."""
    path.write_bytes(_document(situation, None))


def write_kmz(situation: Situation, path: Path, choices: Choices = DEFAULT) -> None:
    """Write a situation as KMZ: the same, with our signs as pictures inside, so that nothing is fetched."""
    pictures: dict[str, bytes] = {}
    document = _document(situation, pictures)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (("doc.kml", document), *sorted(pictures.items())):
            entry = zipfile.ZipInfo(name, date_time=_EARLIEST)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, data)
    path.write_bytes(packed.getvalue())


def _document(situation: Situation, pictures: dict[str, bytes] | None) -> bytes:
    """The KML; the pictures that it names are put into `pictures`, unless it is to name none."""
    drawn = layers(situation)
    root = Xml.Element("kml", xmlns=KML)
    document = Xml.SubElement(root, "Document")
    _text(document, "name", situation.title)
    _text(document, "open", "1")
    _text(document, "description", "".join(f"<p>{escape(line)}</p>" for line in (*about(situation).values(), _LIMIT) if line))
    _look_at(document, drawn)
    styles: dict[str, Xml.Element] = {}
    folders = []
    dates = {claim.id: claim for claim in situation.claims}
    for layer in reversed(drawn):
        folder = Xml.Element("Folder")
        _text(folder, "name", layer.title)
        _text(folder, "open", "0")
        _text(folder, "description", escape(layer.note))
        for row in layer.frame.to_dict("records"):
            folder.append(_placemark(row, layer, dates, styles, pictures))
        folders.append(folder)
    document.extend([*styles.values(), *folders])
    Xml.indent(root, " ")
    made: bytes = Xml.tostring(root, encoding="UTF-8", xml_declaration=True)
    return made + b"\n"


def _placemark(
    row: Mapping[str, Any], layer: Layer, claims: Mapping[str, Claim], styles: dict[str, Xml.Element], pictures: dict[str, bytes] | None,
) -> Xml.Element:
    """One feature, its elements in the order of the schema."""
    mark = Xml.Element("Placemark")
    _text(mark, "name", str(row["title"] or row["label"] or layer.title))
    _text(mark, "visibility", "0" if row["quiet"] else "1")
    _text(mark, "description", _balloon(row, layer))
    _time(mark, [claims[name] for name in row["claims"] if name in claims])
    _text(mark, "styleUrl", "#" + _style(row, layer, styles, pictures))
    data = Xml.SubElement(mark, "ExtendedData")
    heading = escape(row["title"] or row["label"] or layer.title)  # a balloon takes its words as HTML, and a name is none
    told = {"heading": heading, "id": row["id"], "layer": layer.key, **{name: row[name] for name in _TOLD}}
    told |= {"limits": " ".join(row["limits"]), "quote": " ".join(quote[3] for quote in row["quotes"])}
    told |= {"source": "; ".join(", ".join(filter(None, source)) for source in row["sources"]), "claims": " ".join(row["claims"])}
    for name, value in told.items():
        if value not in ("", None):
            _text(Xml.SubElement(data, "Data", name=name), "value", f"{value:.2f}" if isinstance(value, float) else str(value))
    _geometry(mark, geometry_json(uncrossed(row["geometry"])) or {})
    return mark


def _balloon(row: Mapping[str, Any], layer: Layer) -> str:
    """The words behind a mark, as HTML in which nothing runs and nothing is fetched."""
    head = ", ".join(filter(None, (str(row["actor_name"]), str(row["status_words"]))))
    parts = [f"<p><b>{escape(head)}</b></p>" if head else "", f"<p>{escape(layer.note)}</p>" if layer.note else ""]
    parts += [f"<blockquote>{escape(quote[3])}</blockquote>" for quote in row["quotes"]]
    parts += [f"<p>{escape(', '.join(filter(None, source)))}</p>" for source in row["sources"]]
    if row["confidence"]:
        parts.append(f"<p>Confidence of the reading: {row['confidence']:.0%}. {escape(row['reason'])}</p>")
    parts += [f"<p><i>{escape(limit)}</i></p>" for limit in row["limits"]]
    if layer.style.get("pattern", "none") not in ("none", "solid") and "Polygon" in row["geometry"].geom_type:
        parts.append("<p><i>Drawn faint, for KML has no patterns.</i></p>")
    return "".join(parts)


def _style(row: Mapping[str, Any], layer: Layer, styles: dict[str, Xml.Element], pictures: dict[str, bytes] | None) -> str:
    """The name of a feature's style, made when it is first met; its elements in the order of the schema."""
    hollow, point = row["status"] in symbology.UNREAL, "Point" in row["geometry"].geom_type
    icon = str(row["icon"]) if point else ""
    name = "-".join(filter(None, (layer.key, str(row["colour"]).lstrip("#"), (icon or "dot") if point else "", "hollow" if hollow else "")))
    if name in styles:
        return name
    drawn, colour = symbology.layer_style(layer.key), str(row["colour"])
    style = styles[name] = Xml.Element("Style", id=name)
    if point:
        _sign(Xml.SubElement(style, "IconStyle"), icon, colour, hollow, pictures)
    _text(Xml.SubElement(style, "LabelStyle"), "scale", "0.8" if row["label"] or layer.key == "places" else "0")
    line = Xml.SubElement(style, "LineStyle")
    _text(line, "color", _colour(colour, 0.9 if not hollow else 0.6))
    _text(line, "width", f"{drawn['width']:g}")
    area = Xml.SubElement(style, "PolyStyle")
    ink = _PATTERN_INK if drawn["pattern"] not in ("none", "solid", "inline") else 0.0
    _text(area, "color", _colour(colour, float(drawn["fill"]) + ink))
    _text(area, "fill", "1")
    _text(area, "outline", "1" if drawn["width"] else "0")
    balloon = Xml.SubElement(style, "BalloonStyle")
    _text(balloon, "text", "<h3>$[heading]</h3>$[description]")
    return name


def _sign(sign: Xml.Element, icon: str, colour: str, hollow: bool, pictures: dict[str, bytes] | None) -> None:
    """Our own picture, or without pictures the pin of the program that shows the file, in the party's colour."""
    if pictures is None:
        _text(sign, "color", _colour(colour, 1))
    _text(sign, "scale", "0.9" if icon else "0.6")
    if pictures is not None:
        file = "-".join(filter(None, ("signs/" + (icon or "dot"), colour.lstrip("#"), "hollow" if hollow else ""))) + ".png"
        pictures[file] = pin(icon, colour, hollow=hollow)
        _text(Xml.SubElement(sign, "Icon"), "href", file)
        Xml.SubElement(sign, "hotSpot", x="0.5", y="0.5", xunits="fraction", yunits="fraction")


def _time(mark: Xml.Element, claims: Sequence[Claim]) -> None:
    """When the fact holds, as far as the claims behind a mark say; an end only where every one of them ends."""
    starts = [claim.when.start for claim in claims if claim.when.start]
    ends = [claim.when.end for claim in claims if claim.when.end]
    if not starts and not ends:
        return
    span = Xml.SubElement(mark, "TimeSpan")
    if starts:
        _text(span, "begin", min(starts).isoformat())
    if ends and len(ends) == len(claims):
        _text(span, "end", max(ends).isoformat())


def _look_at(document: Xml.Element, drawn: Iterable[Layer]) -> None:
    west, south, east, north = first_view(tuple(drawn))
    middle = ((west + east) / 2, (south + north) / 2)
    wide = distance_km(shapely.Point(west, middle[1]), shapely.Point(east, middle[1]))
    high = distance_km(shapely.Point(middle[0], south), shapely.Point(middle[0], north))
    look = Xml.SubElement(document, "LookAt")
    for name, value in (
        ("longitude", f"{middle[0]:.4f}"), ("latitude", f"{middle[1]:.4f}"), ("altitude", "0"), ("heading", "0"), ("tilt", "0"),
        ("range", f"{_HALF_VIEW * 1000 * max(wide, high):.0f}"), ("altitudeMode", "clampToGround"),
    ):
        _text(look, name, value)


def _geometry(within: Xml.Element, shape: Mapping[str, Any]) -> None:
    """A GeoJSON geometry as KML, on the ground."""
    kind, at = shape.get("type", ""), shape.get("coordinates", ())
    if kind.startswith("Multi") or kind == "GeometryCollection":
        many = Xml.SubElement(within, "MultiGeometry")
        for part in shape.get("geometries") or [{"type": kind.removeprefix("Multi"), "coordinates": part} for part in at]:
            _geometry(many, part)
    elif kind == "Polygon":
        area = Xml.SubElement(within, "Polygon")
        _text(area, "tessellate", "1")
        _text(area, "altitudeMode", "clampToGround")
        for number, ring in enumerate(at):
            edge = Xml.SubElement(area, "innerBoundaryIs" if number else "outerBoundaryIs")
            _text(Xml.SubElement(edge, "LinearRing"), "coordinates", _points(ring))
    elif kind in ("LineString", "Point"):
        one = Xml.SubElement(within, kind)
        if kind == "LineString":
            _text(one, "tessellate", "1")
        _text(one, "altitudeMode", "clampToGround")
        _text(one, "coordinates", _points(at if kind == "LineString" else [at]))


def _points(at: Iterable[Sequence[float]]) -> str:
    return " ".join(f"{point[0]!r},{point[1]!r}" for point in at)


def _text(within: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(within, name).text = xml_text(text)


def _colour(colour: str, opacity: float) -> str:
    """A colour as KML writes it: opacity, blue, green, red, two hex digits each."""
    red, green, blue = colour[1:3], colour[3:5], colour[5:7]
    return f"{round(255 * min(1.0, opacity)):02x}{blue}{green}{red}".lower()

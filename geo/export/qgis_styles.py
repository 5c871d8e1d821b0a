"""How QGIS is to draw a layer: rules with the colour of the party and the pattern of the status, and labels, as QML and as SLD.

Everything comes from data/symbology.json. The form of a QML file is that of QGIS 3: a rule-based renderer whose symbols are stacks of
symbol layers; that of the SLD is OGC 1.0.0, which has no patterns. Sizes are in millimetres: a pixel of the style
sheet is a 96th of an inch.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from geo import symbology
from geo.export.geopackage import Style
from geo.export.xml_text import xml_text

__all__ = ["Label", "Rule", "style"]

_MM = 25.4 / 96  # millimetres of a pixel
_KINDS = {"POINT": ("marker", 0), "MULTILINESTRING": ("line", 1), "MULTIPOLYGON": ("fill", 2)}
_KEYS = uuid.UUID("6f1f0c1e-4a55-4d0c-9b57-0d5a2f6c7e11")  # the space of the keys of our rules, so that one style is always the same
_DOTTED = {"dots": 1.4, "stipple": 0.7}  # diameter of the points of a pattern
_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_LINE = 28  # letters of a line of a label
_SLD = "http://www.opengis.net/sld"
_OGC = "http://www.opengis.net/ogc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is drawn alike: the values that columns must have, how the legend calls it, its layer of the style sheet, its colour.

    `radius` is that of a point in millimetres; 0 shows its name alone.
    """

    label: str
    where: tuple[tuple[str, str], ...]
    layer: str
    colour: str
    radius: float = 2.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Which column is written on the map, how large (points) and in which colour."""

    column: str
    size: float = 8
    colour: str = "#3d3933"


def style(name: str, rules: Sequence[Rule], *, shape: str, label: Label | None = None) -> Style:
    """Return the style of a layer of "POINT", "MULTILINESTRING" or "MULTIPOLYGON"; what no rule fits is drawn in grey.

    Examples
    --------
    >>> rule = Rule(label="Turkey", where=(("actor", "turkey"),), layer="control", colour="#56B4E9")
    >>> '"actor" = ' in style("zones", [rule], shape="MULTIPOLYGON").qml
    True
    """
    return Style(name=name, qml=_qml(rules, shape, label), sld=_sld(name, rules, shape))


def _qml(rules: Sequence[Rule], shape: str, label: Label | None) -> str:
    kind, number = _KINDS[shape]
    root = Xml.Element("qgis", version="3.22.0", styleCategories="Symbology|Labeling", labelsEnabled="1" if label else "0")
    renderer = Xml.SubElement(root, "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0", forceraster="0")
    listed = Xml.SubElement(renderer, "rules", key=_key("root", ""))
    symbols = Xml.SubElement(renderer, "symbols")
    rest = [Rule(label="other", where=(), layer="reference", colour=symbology.style()["neutral"])]
    for place, rule in enumerate([*rules, *(rest if all(rule.where for rule in rules) else ())]):
        test = " AND ".join(_test(column, value) for column, value in rule.where) or "ELSE"
        Xml.SubElement(listed, "rule", filter=test, label=_inert(rule.label), key=_key(test, rule.label), symbol=str(place))
        symbol = Xml.SubElement(symbols, "symbol", type=kind, name=str(place), alpha="1", clip_to_extent="1", force_rhr="0")
        for one, values, within in _stack(rule, kind):
            _symbol_layer(symbol, one, values, within, place)
    if label:
        _labels(root, label, number)
    for name in ("blendMode", "featureBlendMode"):
        Xml.SubElement(root, name).text = "0"
    Xml.SubElement(root, "layerGeometryType").text = str(number)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + Xml.tostring(root, encoding="unicode")


_Within = tuple[str, str, Mapping[str, str]]
_Layer = tuple[str, Mapping[str, str], _Within | None]


def _stack(rule: Rule, kind: str) -> Iterable[_Layer]:
    """The symbol layers of a rule, the lowest first: class, values, and the symbol inside it (kind, class, values)."""
    drawn = symbology.layer_style(rule.layer)
    width, dash = max(0.1, float(drawn["width"]) * _MM), str(drawn["dash"])
    if kind == "marker":
        hollow = rule.layer in ("proposed", "reference", "events")
        yield "SimpleMarker", {
            "name": "circle", "color": _rgba(rule.colour, 0 if rule.radius == 0 else 0.15 if hollow else 1),
            "outline_color": _rgba(rule.colour if hollow else "#ffffff", 1), "outline_style": "solid" if rule.radius else "no",
            "outline_width": "0.3", "outline_width_unit": "MM", "size": _mm(rule.radius or 0.1),
            "size_unit": "MM",
        }, None
        return
    if kind == "line":
        yield "SimpleLine", _line("#ffffff", width + 0.8, "", 0.8), None
        yield "SimpleLine", _line(rule.colour, max(width, 0.5), dash, 1), None
        return
    yield "SimpleFill", {
        "color": _rgba(rule.colour, float(drawn["fill"])), "style": "solid", "outline_style": "no", "outline_width_unit": "MM",
        "joinstyle": "round",
    }, None
    yield from _pattern(rule, drawn)
    if float(drawn["width"]) > 0:
        yield "SimpleLine", _line(rule.colour, width, dash, 1), None


def _pattern(rule: Rule, drawn: Mapping[str, object]) -> Iterable[_Layer]:
    """The pattern that stands for a status: hatching, cross-hatching, broken hatching, dots, or an inner line."""
    pattern, gap = str(drawn["pattern"]), float(str(drawn.get("gap", 8))) * _MM
    line, angle = float(str(drawn.get("line", 1))) * _MM, float(str(drawn.get("angle", 45)))
    for turn in {"hatch": (angle,), "cross": (angle, angle + 90), "dashes": (angle,)}.get(pattern, ()):
        inside = _line(rule.colour, line, "8 5" if pattern == "dashes" else "", 1)
        spread = {"angle": _mm(turn), "distance": _mm(gap), "distance_unit": "MM", "offset": "0"}
        yield "LinePatternFill", spread, ("line", "SimpleLine", inside)
    if pattern in _DOTTED:
        dot = {
            "name": "circle", "color": _rgba(rule.colour, 1), "outline_style": "no", "size": _mm(_DOTTED[pattern] * line),
            "size_unit": "MM",
        }
        spread = {"distance_x": _mm(gap), "distance_x_unit": "MM", "distance_y": _mm(gap), "distance_y_unit": "MM"}
        yield "PointPatternFill", {**spread, "displacement_x": _mm(gap / 2), "displacement_x_unit": "MM"}, ("marker", "SimpleMarker", dot)


def _line(colour: str, width: float, dash: str, opacity: float) -> dict[str, str]:
    dashes = ";".join(_mm(float(length) * _MM) for length in dash.split())
    return {
        "line_color": _rgba(colour, opacity), "line_style": "solid", "line_width": _mm(width), "line_width_unit": "MM", "capstyle": "round",
        "joinstyle": "round", "use_custom_dash": "1" if dash else "0", "customdash": dashes or "5;2", "customdash_unit": "MM",
    }


def _symbol_layer(symbol: Xml.Element, name: str, values: Mapping[str, str], within: _Within | None, place: int) -> None:
    """One symbol layer; its values stand twice, as QGIS 3.22 and later read them and as those before did."""
    layer = Xml.SubElement(symbol, "layer", {"class": name, "enabled": "1", "pass": "0", "locked": "0"})
    options = Xml.SubElement(layer, "Option", type="Map")
    for key, value in values.items():
        Xml.SubElement(options, "Option", name=key, value=value, type="QString")
    for key, value in values.items():
        Xml.SubElement(layer, "prop", k=key, v=value)
    if within:
        kind, inner, inside = within
        _symbol_layer(
            Xml.SubElement(layer, "symbol", type=kind, name=f"@{place}@{len(symbol) - 1}", alpha="1", clip_to_extent="1", force_rhr="0"),
            inner, inside, None, place,
        )


def _labels(root: Xml.Element, label: Label, number: int) -> None:
    settings = Xml.SubElement(Xml.SubElement(root, "labeling", type="simple"), "settings", calloutType="simple")
    text = Xml.SubElement(
        settings, "text-style", fieldName=label.column, isExpression="0", fontFamily="Open Sans", fontSize=f"{label.size:g}",
        fontSizeUnit="Point", textColor=_rgba(label.colour, 1), textOpacity="1", fontWeight="50", allowHtml="0", useSubstitutions="0",
    )
    Xml.SubElement(
        text, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM", bufferColor=_rgba("#ffffff", 1), bufferOpacity="0.85",
        bufferJoinStyle="128", bufferNoFill="1",
    )
    if number != 1:
        Xml.SubElement(settings, "text-format", autoWrapLength=str(_LINE), useMaxLineLengthForAutoWrap="1", wrapChar="", multilineAlign="1")
    # Beside a point, along a line, inside an area or around its middle.
    Xml.SubElement(settings, "placement", placement=("6", "2", "1")[number], dist="1", distUnits="MM", priority="5", placementFlags="10")
    Xml.SubElement(settings, "rendering", drawLabels="1", obstacle="1", scaleVisibility="0", displayAll="0",
                   mergeLines="1", minFeatureSize="3")


def _sld(name: str, rules: Sequence[Rule], shape: str) -> str:
    Xml.register_namespace("", _SLD)
    Xml.register_namespace("ogc", _OGC)
    root = Xml.Element(f"{{{_SLD}}}StyledLayerDescriptor", version="1.0.0")
    layer = _sub(root, "NamedLayer")
    _sub(layer, "Name", name)
    told = _sub(_sub(layer, "UserStyle"), "FeatureTypeStyle")
    for rule in rules:
        one = _sub(told, "Rule")
        _sub(one, "Title", rule.label)
        tests = Xml.SubElement(one, f"{{{_OGC}}}Filter") if rule.where else one
        within = Xml.SubElement(tests, f"{{{_OGC}}}And") if len(rule.where) > 1 else tests
        for column, value in rule.where:
            either = within
            if not value:
                either = Xml.SubElement(within, f"{{{_OGC}}}Or")
                empty = Xml.SubElement(either, f"{{{_OGC}}}PropertyIsNull")
                Xml.SubElement(empty, f"{{{_OGC}}}PropertyName").text = column
            equal = Xml.SubElement(either, f"{{{_OGC}}}PropertyIsEqualTo")
            Xml.SubElement(equal, f"{{{_OGC}}}PropertyName").text = column
            Xml.SubElement(equal, f"{{{_OGC}}}Literal").text = xml_text(value)
        _symbolizer(one, rule, shape)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode")


def _symbolizer(one: Xml.Element, rule: Rule, shape: str) -> None:
    drawn = symbology.layer_style(rule.layer)
    paint = {"fill": rule.colour, "fill-opacity": f"{max(0.05, float(drawn['fill'])):g}"}
    stroke = {"stroke": rule.colour, "stroke-width": f"{drawn['width']:g}"} | ({"stroke-dasharray": drawn["dash"]} if drawn["dash"] else {})
    if shape == "POINT":
        graphic = _sub(_sub(one, "PointSymbolizer"), "Graphic")
        mark = _sub(graphic, "Mark")
        _sub(mark, "WellKnownName", "circle")
        _parameters(_sub(mark, "Fill"), {"fill": rule.colour})
        _sub(graphic, "Size", f"{rule.radius / _MM:.0f}")
        return
    symbolizer = _sub(one, "LineSymbolizer" if shape == "MULTILINESTRING" else "PolygonSymbolizer")
    if shape == "MULTIPOLYGON":
        _parameters(_sub(symbolizer, "Fill"), paint)
    _parameters(_sub(symbolizer, "Stroke"), stroke)


def _parameters(within: Xml.Element, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        parameter = _sub(within, "CssParameter", value)
        parameter.set("name", name)


def _sub(within: Xml.Element, name: str, text: str = "") -> Xml.Element:
    made = Xml.SubElement(within, f"{{{_SLD}}}{name}")
    made.text = xml_text(text) or None
    return made


def _test(column: str, value: str) -> str:
    """What a column must hold; nothing said and an empty word are one."""
    return f'"{column}" = {_literal(value)}' if value else f"coalesce(\"{column}\", '') = ''"


def _literal(value: str) -> str:
    """A text of QGIS's expressions: what ends it or begins an escape is doubled."""
    return "'" + xml_text(value).replace("\\", "\\\\").replace("'", "''") + "'"


def _inert(label: str) -> str:
    """A label in which QGIS finds no expression to work out."""
    return xml_text(label).replace("[%", "[\u200b%")


def _rgba(colour: str, opacity: float) -> str:
    known = colour if _COLOUR.fullmatch(colour) else str(symbology.style()["neutral"])
    red, green, blue = (int(known[place : place + 2], 16) for place in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def _mm(length: float) -> str:
    return f"{length:.3g}"


def _key(*parts: str) -> str:
    return "{" + str(uuid.uuid5(_KEYS, "\n".join(parts))) + "}"

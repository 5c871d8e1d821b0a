"""Which words describe which area: the rules of `geo.phrases` for names with a noun, borders, coasts, banks, roads and bases.

A rule is a pattern of words and nodes (see `geo.phrase_text`) and a function from what was found to a recipe, or to None where it
does not fit. The rules stand in the order in which they are tried: names first, then lines, then (in `geo.phrase_relations`)
what is said to lie near, between or on one side of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from shapely.geometry import Point

from geo.phrase_context import Context
from geo.phrase_text import DIRECTION, Found, Made, Node
from geo.projections import distance_km
from geo.recipes import Around, Border, Buffer, Described, Difference, Named, Part, RoadSection, Strip, Union, Where
from geo.records import Feature

__all__ = ["LINE_RULES", "NAME_RULES", "Rule", "area_id", "border", "compass", "feature_of"]

Rule = tuple[str, Callable[[Found, Context], "Made | None"]]

FARTHEST_ROAD_KM = 600.0  # an unknown "route from X to Y" longer than this is a journey, not a road (Damascus to Deir ez-Zor is 410 km)
FARTHEST_RAIL_KM = 1800.0  # a railway or motorway is a thing, however long

_UNIT = "province|governorate|oblast|region|state|department|county|prefecture|wilayah|muhafazah|canton|emirate|republic|voivodeship"
_DISTRICT = "district|raion|sub-?district|municipality"
_UNITS = "provinces|governorates|oblasts|regions|states|departments|counties|prefectures|districts|raions|republics"
_TOWN = "city|town|village|hamlet|settlement|township|port city|border town"
# "the north-eastern Syrian city of": where in the country the town lies, not a part of the town
_LOCATED = rf"(?:{DIRECTION}(?:ern)? |central |coastal |besieged |strategic |key )?(?:<D> )?"
_NOT_BORDER = (
    r"(?! ?-? ?(?:guards?|police|troops|forces?|crossings?|posts?|patrols?|towns?|villages?|officials?|agency|service|control|gate|wall|"
    r"fence|disputes?))"
)
_TAIL = r"(?P<tail> areas?| regions?| zones?| belt| strip)?"
_ROAD = "road|highway|motorway|expressway|route|railway|railroad|rail line|road link"
_BASES = {
    "naval base": "naval_base", "naval facility": "naval_base", "naval port": "naval_base", "air base": "air_base", "airbase": "air_base",
    "airfield": "air_base", "military airport": "air_base", "military air base": "air_base", "military airfield": "air_base",
    "military base": "military_base", "army base": "military_base", "airport": "airport", "port": "port", "seaport": "port",
    "dam": "dam", "border crossing": "crossing", "crossing": "crossing", "prison": "prison", "refugee camp": "camp", "camp": "camp",
    "oil field": "oilfield", "oilfield": "oilfield", "power plant": "power_plant", "power station": "power_plant", "base": "military_base",
}
_BASE = "|".join(sorted((re.escape(word).replace(r"\ ", "[ -]?") for word in _BASES), key=len, reverse=True))


def compass(word: str) -> str:
    """Return the direction of recipes for a compass word of a text: "north-western" is "northwest"."""
    plain = re.sub(r"[- ]", "", word.lower())
    return "central" if plain.startswith(("cent", "heart")) else re.sub(r"ern(most)?$", "", plain)


def feature_of(node: Node | None) -> Feature | None:
    """Return the feature of a node that is a plain name."""
    return node.feature if node is not None else None


def border(a: str, b: str, about: Context) -> Where | None:
    """Return the border of two areas, if they share one."""
    line = Border(a, b) if a and b and a != b else None
    return line if line is not None and about.drawn(line) is not None else None


def _unit_where(node: Node, noun: str, about: Context) -> Where | None:
    """Return the province, district or region that a name with that noun means."""
    feature = node.feature
    if feature is None or node.family == "G":
        return node.where
    unit = about.unit(feature, level="ADM2" if re.fullmatch(_DISTRICT + "s?|districts", noun) else "ADM1")
    if unit is not None:
        return Named(unit.id)
    if node.family == "A":
        return node.where
    return Around(Named(feature.id))


def _units(found: Found, about: Context) -> Made | None:
    nouns = found.word("noun")
    single = {"counties": "county"}.get(nouns, nouns.removesuffix("s"))
    parts = [_unit_where(node, single, about) for node in found.nodes("PAG")]
    kept = [part for part in parts if part is not None]
    return Made("A", Union(*kept), f"the {nouns} of those names") if len(kept) > 1 else None


def _unit(found: Found, about: Context) -> Made | None:
    node = found.node("x")
    where = _unit_where(node, found.word("noun"), about) if node else None
    return Made("A", where, f"\"{found.word('noun')}\" asks for the area, not the town") if where is not None else None


def _towns(found: Found, about: Context) -> Made | None:
    parts = [town for node in found.nodes("PA") if node.feature and (town := about.town(node.feature))]
    return Made("Z", Union(*(Named(town.id) for town in parts)), "the towns of those names") if len(parts) > 1 else None


def _town(found: Found, about: Context) -> Made | None:
    feature = feature_of(found.node("x"))
    town = about.town(feature) if feature is not None else None
    return Made("P", Named(town.id), f"\"{found.word('noun')}\" asks for the town, not the province") if town is not None else None


def _countryside(found: Found, about: Context) -> Made | None:
    feature = feature_of(found.nodes("PA")[0])
    if feature is None:
        return None
    unit, town = about.unit(feature), about.town(feature)
    if unit is not None and town is not None:
        where: Where = Difference(Named(unit.id), Named(town.id))
    elif unit is not None:
        where = Named(unit.id)
    else:
        where = Difference(Around(Named(feature.id)), Named(feature.id))
    if word := found.word("dir") or found.word("dir2"):
        where = Part(where, compass(word))
    return Made("A", where, "the countryside is the province without its town, or the surroundings")


def _pair(found: Found, about: Context) -> Made | None:
    a, b = found.nodes("CDMAPG")[:2]
    line = border(area_id(a, about), area_id(b, about), about)
    return _border_made(found, about, line, "the border that the two share")


def _border_with(found: Found, about: Context) -> Made | None:
    other = area_id(found.node("b"), about)
    own = area_id(found.node("a"), about) if found.node("a") else ""
    if not own:
        whose = found.word("whose")
        own = about.owner(found.start, without=(other,)) if whose else about.home(found.start, without=(other,))
    if border(own, other, about) is None:
        own = about.other_side(other, found.start)
    return _border_made(found, about, border(own, other, about), "the other side is the country that the report is about")


def _one_border(found: Found, about: Context) -> Made | None:
    named = area_id(found.node("a"), about)
    if word := found.word("dir"):
        other = _neighbour_toward(named, compass(word), about)
    else:
        other = about.home(found.start, without=(named,))
        if border(other, named, about) is None:
            other = about.other_side(named, found.start)
    first, second = (named, other) if found.word("dir") else (other, named)
    return _border_made(found, about, border(first, second, about), "the other side is the country that the report is about")


def _unit_border(found: Found, about: Context) -> Made | None:
    unit = area_id(found.node("a"), about)
    if not unit or about.drawn(Border(unit)) is None:
        return None
    return _border_made(found, about, Border(unit), "the whole land border of that province")


def _border_made(found: Found, about: Context, line: Where | None, reason: str) -> Made | None:
    if line is None:
        return None
    if re.search(r"area|region|zone|belt|strip", found.word("tail")):
        reason = f"{reason}; \"{found.word('tail').strip()}\" is taken as within that distance"
        return Made("Z", Buffer(line, about.defaults["border_side_km"]), reason)
    return Made("L", line, reason)


def _border_side(found: Found, about: Context) -> Made | None:
    side = area_id(found.node("x"), about)
    node = found.node("line")
    line = node.where if node is not None else border(about.other_side(side, found.start), side, about)
    if line is None or not side.startswith("country:"):
        return None
    return Made("Z", Strip(line, about.defaults["border_side_km"], side), "a strip on that country's side of the border")


def _both_sides(found: Found, about: Context) -> Made | None:
    node = found.node("line")
    if node is None or node.where is None:
        return None
    if found.word("number"):
        km = found.km()
        return Made("Z", Buffer(node.where, km), "that far on both sides of the line") if km else None
    km = about.defaults["border_side_km" if node.family == "L" else "along_km"]
    return Made("Z", Strip(node.where, km), "\"along\" is taken as within that distance of the line")


def _bank(found: Found, about: Context) -> Made | None:
    river = found.node("river")
    if river is None or river.where is None:
        return None
    if found.word("hand"):
        reason = "the bank of that hand as the river runs, within that distance"
        return Made("Z", Strip(river.where, about.defaults["along_km"], found.word("hand")), reason)
    if found.word("valley"):
        return Made("Z", Buffer(river.where, about.defaults["around_km"]), "the valley is taken as within that distance of the river")
    side = compass(found.word("dir")) if found.word("dir") else ""
    return Made("Z", Strip(river.where, about.defaults["along_km"], side), "the bank is taken as within that distance of the river")


def _road_between(found: Found, about: Context) -> Made | None:
    a, b = (found.node(name) for name in ("a", "b"))
    if a is None or b is None or a.feature is None or b.feature is None or a.feature.id == b.feature.id:
        return None
    road = about.road(a.feature, b.feature)
    ends = Named(a.feature.id), Named(b.feature.id)
    if road is not None:
        return Made("E", RoadSection(road.id, *ends), f"{road.name} passes both places")
    farthest = FARTHEST_RAIL_KM if re.search("rail|motorway|expressway", found.word("kind")) else FARTHEST_ROAD_KM
    if distance_km(Point(a.feature.lon, a.feature.lat), Point(b.feature.lon, b.feature.lat)) > farthest:
        return None
    return Made("E", RoadSection("", *ends), "no known road joins the two: a schematic line")


def _noun_after_road(found: Found, about: Context) -> Made | None:
    node = found.node("x")
    return Made("R", node.where, "the road of that name") if node is not None and node.where is not None else None


def _base(found: Found, about: Context) -> Made | None:
    kind = _BASES.get(found.word("kind").replace("-", " "), "military_base")
    node = found.node("x")
    if node is None or node.where is None:
        return None
    if node.family == "B":
        return Made("B", node.where, "the base of that name")
    candidates = about.bases(kind, node.where)
    if node.feature is not None and found.word("at") in ("in", "at"):
        name = node.feature.name.lower()
        own = [base for base in candidates if (known := about.get(base)) and name in f"{known.name} {known.names}".lower()]
        if own:
            return Made("B", Named(own[0]), "the base of that place")
    if found.word("one") not in ("a", "an", "another", "its", "their"):
        return None
    reason = "candidates are inferred from the gazetteer" if candidates else "none is known there"
    reason = f"unnamed in the text; {reason}"
    return Made("Z", Described(kind, node.where, candidates), reason)


def area_id(node: Node | None, about: Context) -> str:
    """Return the id of the country or province that a node means in a border or coast."""
    feature = feature_of(node)
    if feature is None:
        return node.where.feature if node is not None and isinstance(node.where, Named) else ""
    if feature.kind == "populated":
        unit = about.unit(feature)
        return unit.id if unit is not None else ""
    return feature.id


def _neighbour_toward(country: str, direction: str, about: Context) -> str:
    """Return the neighbour on one side of a country: whose stretch of border lies farthest that way."""
    whole = about.drawn(Named(country))
    toward = {"north": (0, 1), "south": (0, -1), "east": (1, 0), "west": (-1, 0)}.get(direction)
    if whole is None or toward is None:
        return ""
    ranked = []
    for other in about.around(country):
        line = about.drawn(Border(country, other))
        if line is not None:
            away = (line.centroid.x - whole.centroid.x) * toward[0] + (line.centroid.y - whole.centroid.y) * toward[1]
            ranked.append((away * line.length, other))
    return max(ranked)[1] if ranked else ""


NAME_RULES: tuple[Rule, ...] = (
    (rf"{{the}}(?P<noun>{_UNITS}) of {{the}}<PAG>(?:, {{the}}<PAG>){{0,12}},? and {{the}}<PAG>", _units),
    (rf"{{the}}<PAG>(?:, {{the}}<PAG>){{0,12}},? (?:and|or) {{the}}<PAG>(?:'s)? (?P<noun>{_UNITS})\b", _units),
    (r"{the}(?:towns|cities|villages|ports) of <PA>(?:, <PA>){0,12},? and <PA>", _towns),
    (r"{the}{ern} (?:countryside|hinterland) of <PA:x>", _countryside),
    (r"{the}(?:rural {ern}|{ern2} rural) <PA:x>", _countryside),
    (r"{the}(?:countryside|hinterland) (?:of|around) {the}<PA:x>", _countryside),
    (r"{the}<PA>(?:'s)? (?:{ern} )?(?:countryside|hinterland)\b|\brural <PA>", _countryside),
    (rf"{{the}}{_LOCATED}(?P<noun>{_UNIT}|{_DISTRICT}) of {{the}}<PAG:x>", _unit),
    (rf"{{the}}<PAG:x>(?:'s)? (?P<noun>{_UNIT}|{_DISTRICT})\b", _unit),
    (rf"{{the}}{_LOCATED}(?P<noun>{_TOWN}|capital) of <PA:x>", _town),
    (rf"{{the}}<PA:x> (?P<noun>{_TOWN})\b", _town),
    (rf"{{the}}<R:x> (?:international )?(?:{_ROAD})\b", _noun_after_road),
)
LINE_RULES: tuple[Rule, ...] = (
    (r"{the}<CDMAP> ?(?:-|/|and) ?<CDMAP> (?:border|frontier|boundary)" + _TAIL + _NOT_BORDER, _pair),
    (r"{the}(?:border|frontier|boundary)" + _TAIL + r" (?:between|of|separating|dividing) {the}<CDMA> (?:and|from) {the}<CDMA>", _pair),
    (r"<CM:a>'s? (?:{dir}ern )?(?:land )?(?:border|frontier)(?P<tail> areas?| regions?)? with {the}<CMDA:b>", _border_with),
    (r"{the}<CMD:a> (?:border|frontier)(?P<tail> areas?| regions?)? with {the}<CMD:b>", _border_with),
    (r"(?P<whose>its|their|his|her|the country's) (?:own )?(?:{dir}ern )?(?:border|frontier)(?P<tail> areas?)? with {the}<CMD:b>",
     _border_with),
    (r"{the}(?:border|frontier|boundary)(?P<tail> areas?| regions?| zones?| belt)? (?:with|to) {the}<CMDA:b>", _border_with),
    (r"<CM:a>'s (?:{dir}ern )(?:border|frontier)" + _NOT_BORDER, _one_border),
    (r"{the}<CMD:a>(?:'s)? (?:border|frontier)" + _TAIL + _NOT_BORDER, _one_border),
    (r"{the}<A:a>(?:'s)? (?:border|frontier)" + _TAIL + _NOT_BORDER, _unit_border),
    (r"{the}<DCM:x>(?:'s)? side of (?:{the}<L:line>|the (?:border|frontier))", _border_side),
    (r"(?:{some}{km} )?(?:\b(?:on|to) )?\b(?:both|either|each) sides? of {the}<LRV:line>(?: river)?", _both_sides),
    (r"(?:\b(?:both|either|the two|opposite) |{the}(?:{ern} |(?P<hand>left|right)[ -](?:hand )?)?)(?:river ?)?banks? of "
     r"{the}(?:river )?<V:river>(?: river)?", _bank),
    (r"{the}<V:river>(?: river)?(?:'s)? (?:{ern} |(?P<hand>left|right)[ -](?:hand )?)?banks?\b", _bank),
    (r"{the}<V:river>(?: river)? (?P<valley>valley|basin)\b", _bank),
    (rf"(?<!\ben ){{the}}(?:[a-z]+ )?(?<!\ben )(?P<kind>{_ROAD})s?(?: {DIRECTION}(?:wards?)?)? (?:which |that |running |leading )?"
     rf"(?:from|between|links|linking|connects|connecting|joining) <PB:a>(?: {DIRECTION}(?:wards?)?)? (?:to|and|with) <PB:b>",
     _road_between),
    (rf"{{the}}<P:a> ?(?:-| to ) ?<P:b>(?: [a-z]+)? (?P<kind>{_ROAD})\b", _road_between),
    (rf"\b(?P<one>an?|its|their|the|another) (?:[a-z-]+ ){{0,2}}?(?P<kind>{_BASE}) (?:known as |called )?"
     r"(?P<at>in|at|near|on|outside|along|close to) {the}<PACKVLB:x>", _base),
    (rf"<B:x>(?:'s)? (?:[a-z]+ )??(?P<kind>{_BASE})\b", _base),
)

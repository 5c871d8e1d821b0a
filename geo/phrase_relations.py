"""Which words place an area by another: sections, strips, distances, parts, outskirts, between, sides, and words that point back.

The second half of the rules of `geo.phrases`; see `geo.phrase_rules` for the first half and for what a rule is.
"""

from __future__ import annotations

import re

from shapely.geometry import Point

from geo.phrase_back import ITS_RULES, meant
from geo.phrase_coasts import LATE_COAST_RULES, SHORE_RULES
from geo.phrase_context import Context
from geo.phrase_nested import LIST_RULES, NEST_RULES
from geo.phrase_rules import Rule, border, compass, feature_of
from geo.phrase_text import DIRECTION, NUMBER, UNIT, Found, Made, Node, kilometres
from geo.projections import distance_km
from geo.recipes import (
    Between,
    Border,
    Buffer,
    Coast,
    Difference,
    Direction,
    Intersection,
    Named,
    Outskirts,
    Part,
    RoadSection,
    Side,
    Strip,
    Union,
    Until,
    Where,
)

__all__ = ["RELATION_RULES"]

# "between X and Y" of towns farther apart is talk, not land: of two countries, and of one.
FARTHEST_PAIR_KM, FARTHEST_HOME_KM = 250.0, 450.0
RING_SHARE = 0.2  # "20 km from X" = the ring of 16 to 24 km
_LAND = (
    "area|territory|territories|land|lands|zone|region|ground|countryside|strip|space|corridor|front ?lines?|villages|towns|fields|plains?|"
    "hills|mountains|heights|pocket|enclave|salient|desert|farmland|suburbs|outposts|positions|valleys?|basin|sierra|steppe|forests?|woods|jungle|"
    "highlands|lowlands|marsh(?:es)?|waters|coast|shore|islands|settlements|hamlets|districts|crossings|surroundings|farms|oilfields"
)
_STRIP = "strip|corridor|zone|belt|band|buffer|area|swathe?|stretch|safe zone|buffer zone|security zone"
_REACH = "(?:leading |stretching |extending |reaching |running |up |all the way |north |south |east |west )*(?:to|until|as far as)"
_WIDE = "(?:[- ](?:wide|deep|long|broad))?"
_END = r"(?:{the}<PABCGVLKW:%s>|(?P<%s_bare>the (?:coast|border|frontier)\b))"


def _target(found: Found, about: Context, name: str = "x") -> Where | None:
    """Return the recipe of the place in a slot, also where it is only "the border" or "the city"."""
    node = found.node(name)
    if node is not None:
        return node.where
    bare = found.word("bare" if name == "x" else f"{name}_bare")
    return meant(bare.removeprefix("the ").removeprefix("its "), found.start, about) if bare else None


def _section(found: Found, about: Context) -> Made | None:
    road = found.node("road")
    if road is None or road.where is None:
        return None
    road_id = road.where.feature if isinstance(road.where, Named) else ""
    ends = [_road_end(found, about, name, road) for name in ("a", "b")]
    if not road_id or ends[0] is None or ends[1] is None:
        return None
    section = RoadSection(road_id, ends[0], ends[1])
    return Made("E", section, "the road cut between the two named ends") if about.drawn(section) is not None else None


def _road_end(found: Found, about: Context, name: str, road: Node) -> Where | None:
    node = found.node(name)
    if node is not None:
        sea = node.family == "W" and node.feature is not None and road.feature is not None
        return Coast(node.feature.id, about.country(road.feature)) if sea and node.feature and road.feature else node.where
    home = about.country(road.feature) if road.feature is not None else about.home(found.start)
    if "coast" in found.word(f"{name}_bare"):
        return Coast("", home) if home else None
    return about.nearest_border(road.feature, found.start)


def _half_road(found: Found, about: Context) -> Made | None:
    road, place = found.node("road"), found.node("x")
    if road is None or place is None or not isinstance(road.where, Named) or not about.on_road(place, road):
        return None
    word = found.word("dir") or found.word("dir2")
    end: Where | str = compass(word) if word else ""
    section = RoadSection(road.where.feature, place.where or "", end) if word else road.where
    return Made("E", section, "the road on that side of the place" if word else "the road that passes the place")


def _ends_of_road(found: Found, about: Context) -> Made | None:
    a, b = found.node("a"), found.node("b")
    last = about.last("R", found.start)
    road = last[0] if last and last[0].start >= about.sentence_start(found.start) else None
    if road is None or a is None or b is None or not isinstance(road.where, Named) or a.where is None or b.where is None:
        return None
    if not (about.on_road(a, road) and about.on_road(b, road)):
        return None
    return Made("E", RoadSection(road.where.feature, a.where, b.where), "the ends of the road named before")


def _sea_lane(found: Found, about: Context) -> Made | None:
    sea, end = found.node("sea"), found.node("b")
    if sea is None or sea.where is None:
        return None
    ports = [node for node in about.last("PB", found.start) if node.start >= about.sentence_start(found.start)]
    if end is not None and end.where is not None and ports and ports[0].where is not None:
        return Made("Z", Intersection(sea.where, Between(ports[0].where, end.where)), "the water between its two ends")
    return Made("Z", sea.where, "no course is given: the sea that it crosses")


def _strip(found: Found, about: Context) -> Made | None:
    line, km = _target(found, about), found.km()
    node, side = found.node("x"), found.node("side") or found.node("inside")
    if found.word("bare").startswith("its ") and side is not None and side.feature is not None:
        line = border(side.feature.id, about.owner(found.start, without=(side.feature.id,)), about)
    if line is None or km is None or (node is not None and node.family in "PACG"):
        return None
    if side is not None and isinstance(side.where, Named) and side.where.feature.startswith("country:"):
        return Made("Z", Strip(line, km, side.where.feature), "the strip on that country's side")
    if isinstance(line, Border) and not found.word("both"):
        home = about.home(found.start)
        inside = home if home in (line.a, line.b) else line.a
        return Made("Z", Strip(line, km, inside), "no side is named: taken on the side of the country that the report is about")
    if isinstance(line, Coast):
        return Made("Z", Strip(line, km, line.country), "the strip on land")
    if found.word("both"):
        return Made("Z", Buffer(line, km), "that far on both sides of the line")
    half = "wide" in found.word("wide") and node is not None and node.family in "REV"
    return Made("Z", Strip(line, km / 2 if half else km), "half of the width on each side" if half else "that far on each side")


def _two_sides(found: Found, about: Context) -> Made | None:
    line, km = found.node("line"), found.km()
    if line is None or line.where is None or km is None:
        return None
    return Made("Z", Strip(line.where, km), "that far on both sides of the line")


def _along(found: Found, about: Context) -> Made | None:
    node = found.node("line")
    if node is None or node.where is None:
        return None
    if isinstance(node.where, Coast):
        km = about.defaults["coast_km"]
        return Made("Z", Strip(node.where, km, node.where.country), "\"along the coast\" is taken as that deep inland")
    return Made("Z", Strip(node.where, about.defaults["along_km"]), "\"along\" is taken as within that distance of the line")


def _until(found: Found, about: Context) -> Made | None:
    node = found.node("place")
    if node is None:
        last = about.last("PA", found.start)
        node = last[0] if last else None
    if node is None or node.where is None:
        return None
    line = found.node("x").where if found.node("x") else None  # type: ignore[union-attr]
    if line is None:
        home = about.country(node.feature) if node.feature is not None else about.home(found.start)
        line = Coast("", home) if re.search("coast|sea", found.word("bare")) else about.nearest_border(node.feature, found.start)
    if line is None:
        return None
    land = Until(node.where, line)
    with_place = found.node("place") is not None and found.word("with")
    return Made("Z", Union(node.where, land) if with_place else land, "the land from the place to the nearest stretch of that line")


def _within(found: Found, about: Context) -> Made | None:
    where, km = _target(found, about), found.km()
    return Made("Z", Buffer(where, km), "the distance is the text's") if where is not None and km else None


def _away(found: Found, about: Context) -> Made | None:
    where, km = _target(found, about), found.km()
    if where is None or not km:
        return None
    if word := found.word("dir"):
        return Made("Z", Direction(where, compass(word), km), "the distance and direction are the text's")
    near, far = km * (1 - RING_SHARE), km * (1 + RING_SHARE)
    if found.word("upper"):
        near, far = (kilometres(found.word(name), found.word("unit")) for name in ("number", "upper"))
    if not 0 < near < far:
        return None
    return Made("Z", Difference(Buffer(where, round(far, 2)), Buffer(where, round(near, 2))), "no direction is named: a ring")


def _part(found: Found, about: Context) -> Made | None:
    node = found.node("x")
    where = node.where if node is not None else None
    if node is None and found.word("country"):
        home = about.home(found.start)
        where = Named(home) if home else None
    if where is None:
        return None
    words = [compass(found.word(name)) for name in ("dir", "dir2") if found.word(name)] or ["central"]
    if len(words) == 1 and node is not None and node.feature is not None and node.feature.kind == "country":
        adjective = words[0] if words[0] == "central" else f"{words[0]}ern"
        region = about.region(f"{adjective} {node.feature.name}", node.feature.country or node.feature.id.removeprefix("country:"))
        if region is not None:
            return Made("G", Named(region.id), "a region of that name")
    parts: list[Where] = [Part(where, word) for word in words]
    return Made("Z", parts[0] if len(parts) == 1 else Union(*parts), "a part of an area, its inner edge vague")


def _outskirts(found: Found, about: Context) -> Made | None:
    node = found.node("x")
    feature = feature_of(node)
    if node is None or node.where is None:
        return None
    town = about.town(feature) if feature is not None else None
    where = Named(town.id) if town is not None else node.where
    word = compass(found.word("dir") or found.word("dir2"))
    return Made("Z", Outskirts(where, "" if word == "central" else word), "the edge of the town")


def _around(found: Found, about: Context) -> Made | None:
    node = found.nodes("PBRLVE")[-1]
    if node.where is None:
        return None
    if node.family in "LRVE":
        return Made("Z", Buffer(node.where, about.defaults["border_side_km"]), "\"near\" is taken as within that distance")
    return Made("Z", about.surroundings(node.where), "\"near\" and \"around\" are taken as within the default distance")


def _between(found: Found, about: Context) -> Made | None:
    nodes = [node for node in found.nodes("PABCGRVLEZK") if node.where is not None]
    wheres = list(dict.fromkeys(node.where for node in nodes if node.where is not None))
    bare = _target(found, about)
    if bare is not None:
        if len(nodes) == 1 and nodes[0].family in "PA":
            return Made("Z", Until(wheres[0], _from_place(nodes[0], bare, found, about)), "the land between the place and the line")
        wheres.append(bare)
    if len(wheres) < 2 or (any(node.family == "C" for node in nodes) and not found.word("noun")):
        return None
    if not found.word("noun") and _too_far([node for node in nodes if node.family in "PAB"]):
        return None
    return Made("Z", Between(*wheres), "the land between them" if len(wheres) == 2 else "the land that they enclose")


def _from_place(node: Node, line: Where, found: Found, about: Context) -> Where:
    if isinstance(line, Border) and node.feature is not None:
        return about.nearest_border(node.feature, found.start) or line
    return line


def _too_far(nodes: list[Node]) -> bool:
    features = [node.feature for node in nodes if node.feature is not None]
    if len(features) < 2:
        return False
    a, b = (Point(feature.lon, feature.lat) for feature in features[:2])
    one, other = (feature.country for feature in features[:2])
    return distance_km(a, b) > (FARTHEST_HOME_KM if one and one == other else FARTHEST_PAIR_KM)


def _side(found: Found, about: Context) -> Made | None:
    node, of = found.node("line"), found.node("of")
    if node is None or node.where is None:
        return None
    words = [compass(found.word(name)) for name in ("dir", "dir2") if found.word(name)]
    parent = of.where if of is not None else None
    if of is not None and of.family == "P" and not about.crossed(of.where, node.where):
        return None
    if parent is None and node.family == "V":
        home = about.home(found.start)
        parent = Named(home) if home else None
    sides: list[Where] = [_one_side(node, parent, word, about) for word in words]
    reason = "the part of that area on that side of the line" if parent is not None else "no area is named: within the default distance"
    return Made("Z", sides[0] if len(sides) == 1 else Union(*sides), reason)


def _one_side(node: Node, parent: Where | None, word: str, about: Context) -> Where:
    line = node.where if node.where is not None else Named("")
    if parent is not None:
        return Side(line, parent, word)
    return Strip(line, about.defaults["border_side_km" if node.family == "L" else "sector_km"], word)


def _direction(found: Found, about: Context) -> Made | None:
    where, node = _target(found, about), found.node("x")
    words = [compass(found.word(name)) for name in ("dir", "dir2") if found.word(name)]
    if where is None or (node is not None and node.family in "RVLKE"):
        return None
    sectors: list[Where] = [Direction(where, word) for word in words]
    return Made("Z", sectors[0] if len(sectors) == 1 else Union(*sectors), "that side of the place, to the default distance")


_PARTS = (
    "parts?|areas?|half|portions?|sections?|fringes?|reaches|tip|corner|edges?|sectors?|districts?|neighbou?rhoods?|regions?|provinces?|"
    "third|countryside"
)
_RUNS = (
    r"(?:,? (?:which|that))? (?:runs?|goes|leads|links|connects|stretches|joins)[^;:\n\ue000-\ue07f]{0,45}?|"
    r",? (?:running|leading|stretching|going|linking|connecting)(?: [a-z-]+)?"
)
_LINE = "(?:{the}<LKVR:x>|(?P<bare>(?:the|its) (?:border|frontier|coast|sea)\\b(?! (?:with|between))))"
_WITH = (
    rf"{{gap}},? ?(?P<with>(?:along|together) with|plus|as well as|and) (?:all )?(?:the |its )?(?:surrounding )?(?:{_LAND}) {_REACH} "
)
_SIDES = "(?P<both>(?:on|along) (?:both|either) sides? of)"
_INSIDE = "(?:,? (?:inside|in|within|on) {the}<CDM:side>(?: side| territory)?)?"
_ALONG = rf"(?:along|inside|on|from|parallel to|around|astride|{_SIDES})"
_NEAR = "(?:in and )?\\b(?:around|surrounding|near(?: to| by)?|close to|outside|(?:in )?the vicinity of)"
_PLACES = "<PABCGRVLEZK>"
_AND_LAST = rf"(?:,? and (?:{{the}}{_PLACES}|(?P<bare>the (?:border|frontier|coast|river)\b)))"
_GOING = "stretching|running|extending|stretches|runs|extends|stretched|ran|corridor|line|arc"
_NOT_A_PART = "(?![- ]?(?:[a-z]+ern|coast|border|front|bank|city|outskirts|suburb|countryside)|\\w)"
_OF_LINE = r"\b(?:to the )?{dir}(?: and {dir2})? of {the}<RVLE:line>(?: river)?"
_AREAS = rf"(?:(?:all |{{the}})?(?:{_LAND}|everything|areas|parts) )?"

SECTION_RULES: tuple[Rule, ...] = (
    (rf"{{the}}(?:(?:section|stretch|part|portion|segment|length)s? of )?{{the}}<RV:road>(?: river)?(?:{_RUNS})? "
     r"(?:from|of|between|links|connects) "
     + _END % ("a", "a") + r",? (?:to|and|with|up to|as far as) " + _END % ("b", "b"), _section),
    (r"from " + _END % ("a", "a") + " to " + _END % ("b", "b") + r",? (?:along|on|via) {the}<RV:road>", _section),
    (r"(?:{dir}(?:wards?)? )?(?:along )?{the}<R:road> (?:{dir2} )?from <PB:x>", _half_road),
    (r"{the}<R:road> (?:to the )?{dir} of <PB:x>", _half_road),
    (r"from <PB:a> to <PB:b>", _ends_of_road),
    (r"\b(?:an? |the )?(?:[a-z]+ )?(?:corridor|sea lane|lane|passage) (?:across|through) {the}<W:sea>(?: to {the}<WPBC:b>)?", _sea_lane),
    (rf"(?:(?:an?|the) )?(?:[a-z-]+ )?{{km}}(?P<wide>{_WIDE})(?: [a-z-]+){{0,3}}? ?(?:{_STRIP}) (?:of (?:land|territory) )?"
     rf"(?:(?:inside|in|within) {{the}}<CDM:inside>,? )?{_ALONG} {{x}}{_INSIDE}", _strip),
    (rf"(?:\b(?:an?|the) )?(?:{_STRIP})(?: of|,| measuring)? {{km}}(?P<wide>{_WIDE}),? (?:along|{_SIDES}) {{x}}{_INSIDE}", _strip),
    (rf"{{some}}{{km}} (?:to the )?{DIRECTION} and (?:{NUMBER}[ -]?{UNIT} )?(?:to the )?{DIRECTION} of {{the}}<REVL:line>(?: river)?",
     _two_sides),
    (rf"{{the}}<PA:place>{_WITH}{_LINE}", _until),
    (rf"(?:{{the}}(?:{_LAND}) )?\b{DIRECTION} of {{the}}<P:place> {_REACH} {_LINE}", _until),
    (rf"{{the}}(?:{_LAND}) (?:from|between) {{the}}<PA:place> (?:up |all the way )?(?:to|and) {_LINE}", _until),
    (rf"from {{the}}<PA:place> {_REACH} {_LINE}", _until),
    (rf"{{the}}(?:{_LAND}) {_REACH} (?P<bare>the (?:border|frontier|coast)\b)(?! (?:with|between))", _until),
)
DISTANCE_RULES: tuple[Rule, ...] = (
    (r"\b(?:within|in) (?:an? |{the})?{some}{km}(?:[ -]radius)? (?:of|from|around) {x}", _within),
    (r"\ban? {km}[- ]radius (?:of|around|from) {x}", _within),
    (r"\b(?:less than|under|up to|no more than) {km} (?:away )?(?:from|of|outside) {x}", _within),
    (r"{some}{km} (?:away )?(?:to the )?(?:further )?{dir} (?:of|from|outside) {x}", _away),
    (r"{some}{km} (?:away )?(?:from|outside|off) {x}", _away),
)
PART_RULES: tuple[Rule, ...] = (
    (rf"{{the}}(?:far |extreme |deep )?{{ern}}(?:,? (?:and|or) {{ern2}})?(?: (?:{_PARTS}) of)? {{the}}<PACGZ:x>", _part),
    (r"(?<!to )the (?:far |extreme )?(?:{dir}|centre|center|heart)(?:,? and {dir2})? of {the}<PACG:x>", _part),
    (rf"<PACG:x>'s (?:far |extreme )?(?:{{ern}} (?:{_PARTS})|{{dir2}}){_NOT_A_PART}", _part),
    (rf"(?P<country>the country's) (?:far )?{{ern}}(?: (?:{_PARTS}))?\b", _part),
    (rf"{{the}}{{ern}}(?: (?:{_PARTS}))? of (?P<country>the country)\b", _part),
    (r"{the}(?:{ern} )?(?:outskirts?|suburbs?|edges?|fringes?|approaches|environs|periphery|entrances?) (?:of|to) {the}<PA:x>", _outskirts),
    (r"{the}(?:{ern} )?<P:x>(?:'s)? (?:{ern2} )?(?:outskirts|suburbs?|environs|periphery)\b", _outskirts),
)
NEAR_RULES: tuple[Rule, ...] = (
    (rf"{_AREAS}{_OF_LINE},? (?:in|inside|within) {{the}}<ACGZ:of>", _side),
    (rf"<P:of>,? {_OF_LINE}", _side),
    (rf"(?:{{the}}<ACZ:of>,? )?{_AREAS}{_OF_LINE}", _side),
    (rf"{{the}}(?:{_LAND}) {_NEAR} {{the}}<PBRLVE>|{_NEAR} {{the}}<PBRLVE>", _around),
    (r"{the}<P:x>(?:'s)? (?:areas?|pocket|enclave|axis|surroundings|salient)\b", _around),
    (rf"(?:(?P<noun>{{the}}(?:{_LAND}|triangle|axis|line))(?: of land)? )?(?:lying |located |stretching |formed by |enclosed by )?"
     rf"\bbetween {{the}}{_PLACES}(?:(?:,| and) {{the}}{_PLACES}){{0,12}}{_AND_LAST}", _between),
    (r"(?P<noun>{the}triangle) (?:of|formed by) {the}<PABG>(?:, {the}<PABG>){0,12},? and {the}<PABG>", _between),
    (r"(?P<noun>{the})<P>-<P>(?:-<P>)? (?:triangle|axis|corridor|line|front)\b", _between),
    (rf"(?P<noun>\b(?:{_GOING})) from {{the}}<PA>(?: in <AC>)? (?:to|through|and) {{the}}<PA>(?: (?:and|to|through) <PA>)?", _between),
    (rf"{_AREAS}\b(?:to the )?{{dir}}(?: and {{dir2}})? of {{x}}", _direction),
    (r"\b(?:along|alongside) {the}<REVLK:line>(?: river)?", _along),
)
RELATION_RULES: tuple[Rule, ...] = (
    *SECTION_RULES, *SHORE_RULES, *ITS_RULES, *LIST_RULES, *DISTANCE_RULES, *PART_RULES, *LATE_COAST_RULES, *NEAR_RULES, *NEST_RULES
)

"""Which phrases are made of others: lists ("around Bambari and Bria"), half-way, one area within another, the capital, a land pushed into.

Rules of `geo.phrases`; see `geo.phrase_rules` for what a rule is.
"""

from __future__ import annotations

import shapely

from geo.phrase_back import meant
from geo.phrase_context import Context
from geo.phrase_rules import Rule, area_id, border, compass
from geo.phrase_text import Found, Made, Node
from geo.recipes import (
    Between,
    Border,
    Box,
    Buffer,
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

__all__ = ["EARLY_RULES", "LIST_RULES", "NEST_RULES"]

TRIPLE_KM = 80.0  # "the tri-border area" = within this distance of all three countries; by hand, after the Liptako-Gourma of the Sahel
WHOLE = 0.98  # an area that lies in another to this share is in it already


def _apposed(found: Found, about: Context) -> Made | None:
    town = found.node("x")
    return Made("P", town.where, "the town named beside the noun", town.feature) if town is not None and town.where is not None else None


def _capital(found: Found, about: Context) -> Made | None:
    feature = about.capital(area_id(found.node("x"), about) if found.node("x") else about.home(found.start))
    return Made("P", Named(feature.id), "the capital of the country that the words are about") if feature is not None else None


def _island(found: Found, about: Context) -> Made | None:
    """An island, peninsula or valley by its name: the area rather than a town of that name."""
    node = found.node("x")
    if node is None or node.where is None or node.feature is None:
        return None
    if node.family != "P":
        return Made(node.family, node.where, f"the {found.word('noun')} of that name", node.feature)
    region = about.named(node.feature, {"region"})
    return Made("G", Named(region.id), f"\"{found.word('noun')}\" asks for the area, not the town") if region is not None else None


def _roads(found: Found, about: Context) -> Made | None:
    wheres = tuple(dict.fromkeys(node.where for node in found.nodes("R") if node.where is not None))
    return Made("Z", Union(*wheres), "the roads of those names") if len(wheres) > 1 else None


def _around_each(found: Found, about: Context) -> Made | None:
    reason = "\"near\" and \"around\" are taken as within the default distance, of each"
    return _each(found, lambda node: about.surroundings(node.where or ""), reason)


def _outskirts_each(found: Found, about: Context) -> Made | None:
    word = compass(found.word("dir"))

    def edge(node: Node) -> Where:
        town = about.town(node.feature) if node.feature is not None else None
        return Outskirts(Named(town.id) if town is not None else node.where or "", "" if word == "central" else word)

    return _each(found, edge, "the edge of each of the towns")


def _each(found: Found, make: object, reason: str) -> Made | None:
    nodes = [node for node in found.nodes("PAB") if node.where is not None]
    wheres = tuple(dict.fromkeys(make(node) for node in nodes))  # type: ignore[operator]
    return Made("Z", Union(*wheres), reason) if len(wheres) > 1 else None


def _half_way(found: Found, about: Context) -> Made | None:
    x, a, b = found.node("x"), found.node("a"), found.node("b")
    if x is not None and isinstance(x.where, Between | RoadSection):
        return Made("Z", Part(x.where, "central"), "the middle of the way")
    if a is None or b is None or a.where is None or b.where is None or a.where == b.where:
        return None
    return Made("Z", Part(Between(a.where, b.where), "central"), "the middle of the land between the two")


def _triple(found: Found, about: Context) -> Made | None:
    lands = tuple(dict.fromkeys(area_id(node, about) for node in found.nodes("CDM")))
    if len(lands) != 3:
        return None
    km = found.km() if found.word("number") else None
    parts = tuple(Buffer(Named(land), km or TRIPLE_KM) for land in lands)
    return Made("Z", Intersection(*parts), "where the three meet: within that distance of each")


def _pushed_into(found: Found, about: Context) -> Made | None:
    """Land taken that far into a country: a strip inside its border with the other country that the report is about."""
    land, km = area_id(found.node("x"), about), found.km()
    if not land.startswith("country:") or not km:
        return None
    owner = about.owner(found.start, without=(land,))
    line = border(owner, land, about) or border(about.other_side(land, found.start), land, about)
    return Made("Z", Strip(line, km, land), "the strip inside the border, as deep as the text says") if line is not None else None


def _within(found: Found, about: Context) -> Made | None:
    """One area as far as it lies in another: "the mountains east of Sanaa in Marib governorate"."""
    x, of = found.node("x"), found.node("of")
    if x is None or of is None or x.where is None or of.where is None or isinstance(x.where, Side | Until):
        return None
    inner, outer = about.drawn(x.where), about.drawn(of.where)
    if inner is None or outer is None or not inner.intersects(outer):
        return None
    size = "area" if inner.geom_type.endswith("Polygon") else "length"
    share = getattr(shapely.intersection(inner, outer), size) / max(getattr(inner, size), 1e-9)
    if of.family == "C" and share >= WHOLE:
        return None
    if share >= WHOLE:
        return Made(x.family, x.where, x.reason or "an area within the one named")
    family = "E" if size == "length" else "Z"
    return Made(family, Intersection(x.where, of.where), f"{x.reason or 'the line of that name'}; only what lies in the area named with it")


def _bare_part(found: Found, about: Context) -> Made | None:
    """A part of what a word points back to: "the north of the province", "the city's eastern districts"."""
    where = meant(found.word("noun"), found.start, about)
    if where is None:
        return None
    words = [compass(found.word(name)) for name in ("dir", "dir2") if found.word(name)]
    parts: list[Where] = [Part(where, word) for word in words or ["central"]]
    return Made("Z", parts[0] if len(parts) == 1 else Union(*parts), "a part of the area named before, its inner edge vague")


def _bare_outskirts(found: Found, about: Context) -> Made | None:
    where = meant(found.word("noun"), found.start, about)
    word = compass(found.word("dir"))
    if where is None:
        return None
    return Made("Z", Outskirts(where, "" if word == "central" else word), "the edge of the town named before")


def _of_people(found: Found, about: Context) -> Made | None:
    """A part of a country by its people's name: "the Syrian north-east", "eastern Ukrainian towns"."""
    land = area_id(found.node("x"), about)
    if not land.startswith("country:"):
        return None
    return Made("Z", Part(Named(land), compass(found.word("dir"))), "a part of that country, its inner edge vague")


def _deep(found: Found, about: Context) -> Made | None:
    """A strip on one side of a border, as deep as the text says."""
    strip, km = found.node("strip"), found.km()
    if strip is None or not isinstance(strip.where, Strip) or not isinstance(strip.where.line, Border) or not strip.where.side or not km:
        return None
    return Made("Z", Strip(strip.where.line, km, strip.where.side), "the strip on that country's side, as deep as the text says")


def _beyond_parallel(found: Found, about: Context) -> Made | None:
    """What lies beyond a circle of latitude in a country: "north of the 38th parallel"."""
    land = area_id(found.node("x"), about) if found.node("x") else about.home(found.start)
    whole = about.drawn(Named(land)) if land else None
    degrees = float(found.word("degrees"))
    if whole is None or not 0 < degrees < 80:
        return None
    at = -degrees if found.word("south") or whole.centroid.y < -1 else degrees
    box = Box(-180, at, 180, 90) if found.word("dir") == "north" else Box(-180, -90, 180, at)
    return Made("Z", Intersection(Named(land), box), "the part of the country beyond that circle of latitude")


def _bare_near(found: Found, about: Context) -> Made | None:
    noun = found.word("noun")
    where = meant(noun, found.start, about)
    if where is None:
        return None
    if isinstance(where, Border | RoadSection) or noun in ("river", "road", "highway", "border", "frontier"):
        km = about.defaults["border_side_km"]
        return Made("Z", Buffer(where, km), "\"near\" is taken as within that distance of the one named before")
    return Made("Z", about.surroundings(where), "\"near\" and \"around\" are taken as within the default distance of the one named before")


def _bare_along(found: Found, about: Context) -> Made | None:
    where = meant(found.word("noun"), found.start, about)
    if where is None:
        return None
    km = about.defaults["coast_km" if found.word("noun") == "coast" else "along_km"]
    home = about.home(found.start) if found.word("noun") == "coast" else ""
    return Made("Z", Strip(where, km, home), "\"along\" is taken as within that distance of the line named before")


def _north_to_south(found: Found, about: Context) -> Made | None:
    a, b = found.node("a"), found.node("b")
    if a is None or b is None or a.where is None or b.where is None or a.where == b.where:
        return None
    return Made("Z", Between(a.where, b.where), "the land between the two ends")


_NEAR = "(?:in and )?\\b(?:around|surrounding|near(?: to)?|close to|outside|in the vicinity of)"
_STRIP = "strip|corridor|zone|belt|band|buffer zone|safe zone|security zone|buffer"
_LANDS = "area|territory|zone|region|countryside|villages|towns|hills|mountains|heights|settlements|positions"
# After "near A and B" a verb shows that B begins another clause.
_NO_VERB = (
    r"(?! (?:was|were|is|are|has|have|had|fell|remains?|remained|came|saw|lies|lay|will|would|could|may|might|said|says|did|does|sent|took|"
    r"held|holds|agreed|wants?|denied|vowed|fired|attacked|[a-z]+ed)\b)"
)
_LIST = rf"{{the}}<PB>(?:, {{the}}<PB>){{0,8}},? and (?:the )?<PB>{_NO_VERB}"
_NOT_BACK = r"(?!'?s? (?:of|with|between|at|called|named|council|guards?|hall|officials?|police|crossings?|authorities|where|which)\b|-)"
_AREA_NOUN = "(?P<noun>city|town|village|province|governorate|oblast|region|country|island|peninsula|enclave|district|capital)"

EARLY_RULES: tuple[Rule, ...] = (
    (r"\bthe (?:provincial |regional |national )?(?:capital|city|town|village|port|border town|port city)(?: city)?,? <P:x>", _apposed),
    (r"\bthe (?P<noun>island|peninsula|archipelago|enclave|exclave|valley|emirate|islands) of {the}<PAGC:x>", _island),
    (r"{the}<PAG:x> (?P<noun>peninsula|island|islands|archipelago|valley|plateau|enclave|exclave|plain|desert|mountains|"
     r"highlands)\b", _island),
    (r"{the}<R>(?:, {the}<R>){0,6},? and {the}<R> (?:highways|roads|motorways|routes|expressways)\b", _roads),
    (r"{the}(?:tri-?border|three-border|triple frontier)(?: (?:area|region|zone))? (?:between|of|where|shared by|linking) {the}<CDM>, "
     r"{the}<CDM>,? and {the}<CDM>(?: meet)?", _triple),
    (r"{the}(?:<CDM>-<CDM>-<CDM>) (?:tri-?border|border|triple frontier)(?: (?:area|region|zone))?", _triple),
)
LIST_RULES: tuple[Rule, ...] = (
    (rf"(?<!to )\bthe (?:far )?{{dir}}(?:,? and {{dir2}})? of the {_AREA_NOUN}\b{_NOT_BACK}", _bare_part),
    (r"{the}<D:x> {dir}\b(?!ern| of\b|-)", _of_people),
    (r"\b{dir}ern <D:x> (?:towns|villages|cities|provinces|governorates|regions|districts|areas|countryside|territory)\b", _of_people),
    (rf"{{the}}(?:[a-z]+ )?(?:{_STRIP})?(?: of)?,? ?{{km}}(?:[- ](?:wide|deep|broad))?,? (?:{_STRIP} )?(?:on|along|inside) <Z:strip>",
     _deep),
    (r"{the}(?:territory |land |area |everything |zone )?\b(?P<dir>north|south) of the (?P<degrees>\d\d)(?:st|nd|rd|th) parallel"
     r"(?P<south> south)?(?: north)?(?: (?:in|of|inside|across) {the}<C:x>)?", _beyond_parallel),
    (rf"(?:{{the}}(?:{_LANDS}) )?{_NEAR} {_LIST}", _around_each),
    (rf"{{the}}(?:{{ern}} )?(?:outskirts|suburbs|edges|fringes|approaches) of {_LIST}", _outskirts_each),
    (r"\b(?:half-? ?way|mid-?way) (?:along|down|up|on) {the}<E:x>", _half_way),
    (r"\b(?:half-? ?way|mid-?way) (?:along the (?:road|way) )?(?:between|from) {the}<PAB:a> (?:and|to) {the}<PAB:b>", _half_way),
    (r"\bfrom {the}<PA:a> in the (?:far )?{dir} (?:down |up |all the way )?to {the}<PA:b> in the (?:far )?{dir2}\b", _north_to_south),
    (r"{some}{km} (?:deep )?(?:into|inside) {the}<CD:x>(?:n territory| territory)?(?! (?:side|border))", _pushed_into),
)
NEST_RULES: tuple[Rule, ...] = (
    (r"{the}(?:{ern} )?(?:outskirts|suburbs|edges?|approaches|entrances?) (?:of|to) the (?P<noun>city|town|village|capital)\b" + _NOT_BACK,
     _bare_outskirts),
    (rf"\b(?:the )?(?:far )?{{ern}}(?:,? and {{ern2}})?(?: (?:parts?|areas?|half|districts|edge|tip))? of the {_AREA_NOUN}\b{_NOT_BACK}",
     _bare_part),
    (rf"\bthe {_AREA_NOUN}'s (?:far )?{{ern}}(?:,? and {{ern2}})?(?: (?:parts?|areas?|half|districts|neighbou?rhoods|provinces|edge))?\b",
     _bare_part),
    (r"{the}<ZREVLK:x>,? (?:in|inside|within) {the}<ACG:of>(?! (?:city|border))", _within),
    (rf"{_NEAR} the (?P<noun>city|town|village|capital|border|frontier|river|road|highway|base|airport|port|dam|crossing)\b{_NOT_BACK}",
     _bare_near),
    (rf"\b(?:along|alongside) the (?P<noun>border|frontier|river|road|highway|motorway|coast)\b{_NOT_BACK}", _bare_along),
)

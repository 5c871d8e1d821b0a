"""Which place words such as "the town", "both towns" or "the base" point back to.

Only an antecedent without a rival counts: the one place of that kind in the last sentence that names any, in the same paragraph or the
sentence before it. Where that sentence names several, their size or its own subject may decide; else the words mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from geo.phrase_context import Context
from geo.phrase_rules import Rule, compass
from geo.phrase_text import Found, Made, Node
from geo.recipes import Buffer, Coast, Named, Outskirts, Strip, Union, Where

__all__ = ["BACK_RULES", "ITS_RULES", "meant"]

# People from which on a report says "city", and up to which it says "village"; unknown counts as fitting. By hand, for rivals only.
CITY_PEOPLE, VILLAGE_PEOPLE = 100_000, 20_000
SUBJECT_WITHIN = 4  # a name that begins this near to the start of its sentence, but for "the", is its subject
MOST_TOWNS = 6  # "the towns" of a longer list are not meant one by one

_FAMILIES = {
    "city": "P", "town": "P", "village": "P", "hamlet": "P", "settlement": "P", "border": "L", "frontier": "L", "coast": "K", "river": "V",
    "road": "RE", "highway": "RE", "motorway": "RE", "route": "RE", "province": "A", "governorate": "A", "oblast": "A", "region": "AG",
    "peninsula": "AG", "district": "A",
    "strait": "W", "lake": "W", "gulf": "W", "sea": "W", "canal": "VW", "country": "C", "enclave": "G",
    "pocket": "G", "valley": "G", "island": "G",
}
_CODES = {
    "base": ("military_base", "air_base", "naval_base", "outpost", "airb"), "outpost": ("outpost", "military_base"),
    "airbase": ("air_base", "airb", "airfield"), "air base": ("air_base", "airb", "airfield"),
    "airport": ("airport", "airp", "air_base", "airfield", "airf"), "airfield": ("air_base", "airfield", "airf", "airp", "airb"),
    "plant": ("power_plant",), "power plant": ("power_plant",), "power station": ("power_plant",), "nuclear plant": ("power_plant",),
    "dam": ("dam",), "port": ("port", "naval_base"), "camp": ("camp", "military_base"), "crossing": ("crossing",), "bridge": ("crossing",),
    "prison": ("prison",),
}
_LANDS = {"peninsula": ("peninsula",), "enclave": ("enclave", "pocket"), "pocket": ("pocket", "enclave"), "valley": ("valley",),
          "island": ("island", "islands")}


def meant(noun: str, position: int, about: Context) -> Where | None:
    """Return the place that "the town", "the river" or "the border" means at a position; None where nothing, or no one thing, fits."""
    node = _antecedent(noun, position, about)
    if node is not None:
        return node.where
    if noun == "capital":
        town = about.capital(about.home(position))
        return Named(town.id) if town is not None else None
    if noun in ("border", "frontier"):
        return about.nearest_border(None, position)
    if noun == "coast":
        coast = Coast("", home) if (home := about.home(position)) else None
        return coast if coast is not None and about.drawn(coast) is not None else None
    return None


def _antecedent(noun: str, position: int, about: Context) -> Node | None:
    if noun in _CODES:
        return _base_before(noun, position, about)
    families = _FAMILIES.get(noun, "")
    if set(families) & set("WC"):
        told = about.told_last(families, position, _of_water(noun, about))
        return told[0] if len(told) == 1 else None
    if not set(families) <= set("PAG"):
        last = about.last(families, position)
        return last[0] if last else None
    told = about.told_last(families, position, _fits(noun, about))
    if not told and "P" in families:  # a town whose people or rulers were meant: "Sarajevo starved. The hills around the city"
        told = about.told_last("X", position, lambda node: node.feature is not None and node.feature.kind == "populated")
    return told[0] if len(told) == 1 else _chosen(noun, told, about)


def _fits(noun: str, about: Context) -> Callable[[Node], bool]:
    """Return whether a node can be what a noun means: no town that only names its province, no region of another kind."""

    def fits(node: Node) -> bool:
        if node.family == "P":
            return not about.in_area(node)
        code = node.feature.code.lower() if node.feature is not None else ""
        return node.family == "A" or noun not in _LANDS or code in _LANDS[noun]

    return fits


def _of_water(noun: str, about: Context) -> Callable[[Node], bool]:
    """Return whether a node can be what "the strait" or "the lake" means: its name or its kind has the word."""

    def fits(node: Node) -> bool:
        if node.family == "C" or node.feature is None:
            return node.family == "C"
        told = f"{node.feature.id} {node.feature.name} {' '.join(node.feature.names)} {node.feature.code}".lower()
        return noun in told

    return fits


def _chosen(noun: str, told: tuple[Node, ...], about: Context) -> Node | None:
    """Return the one of several towns that has the size of the noun, or that is the subject of its sentence."""
    people = {"city": lambda count: count >= CITY_PEOPLE, "village": lambda count: count <= VILLAGE_PEOPLE}.get(noun)
    if people is not None:
        sized = [node for node in told if node.feature is not None and people(node.feature.population)]
        if len(sized) == 1:
            return sized[0]
    subjects = [node for node in told if node.start - about.sentence_start(node.start) <= SUBJECT_WITHIN]
    return subjects[0] if len(subjects) == 1 else None


def _base_before(noun: str, position: int, about: Context) -> Node | None:
    """Return the base of a kind named last, else the only one of the report that is named after a town of the paragraph."""

    def of_kind(node: Node) -> bool:
        return node.feature is not None and node.feature.code.lower() in _CODES[noun]

    told = about.told_last("B", position, of_kind)
    if len(told) == 1:
        return told[0]
    found = {node.where: node for node in about.before("B", position, since=0) if of_kind(node)}
    towns = [node.feature.name for node in about.before("P", position) if node.feature is not None]
    own = [node for node in found.values() if node.feature is not None and any(town in node.feature.name for town in towns)]
    kept = own or ([] if told else list(found.values()))
    return kept[0] if len(kept) == 1 else None


def _back(found: Found, about: Context) -> Made | None:
    noun = found.word("noun")
    where = meant(noun, found.start, about)
    family = "B" if noun in _CODES else _FAMILIES.get(noun, "Z")[0]
    return Made(family, where, "refers back to the one named before") if where is not None else None


def _back_two(found: Found, about: Context) -> Made | None:
    nodes = about.last("RE", found.start, count=2)
    wheres = [node.where for node in nodes if node.where is not None]
    return Made("Z", Union(*wheres), "refers back to the two roads named before") if len(wheres) == 2 else None


def _back_towns(found: Found, about: Context) -> Made | None:
    told = about.told_last("P" if found.word("town") else "A", found.start, _fits("town", about))
    count = {"both": 2, "two": 2, "three": 3, "four": 4}.get(found.word("count") or found.word("both").split(" ")[0], 0)
    if not 2 <= len(told) <= MOST_TOWNS or (count and len(told) != count):
        return None
    return Made("Z", Union(*(node.where for node in told if node.where is not None)), "refers back to those named before")


def _bank(found: Found, about: Context) -> Made | None:
    last = about.told_last("V", found.start, lambda node: True)
    earlier = {node.where: node for node in about.before("V", found.start, since=0)}
    later = {node.where: node for node in about.before("V", about.end, since=0)} if not earlier else {}
    rivers = {node.where: node for node in last} or earlier or later
    node = next(iter(rivers.values())) if len(rivers) == 1 else None
    if node is None or node.where is None:
        return None
    bank = Strip(node.where, about.defaults["along_km"], compass(found.word("dir")))
    return Made("Z", bank, "the bank of the river that the report names")


def _outskirts(found: Found, about: Context) -> Made | None:
    where = meant("town", found.start, about)
    if where is None or not isinstance(where, Named):
        return None
    word = compass(found.word("dir")) if found.word("dir") else ""
    return Made("Z", Outskirts(where, "" if word == "central" else word), "the edge of the town named before")


def _either_side(found: Found, about: Context) -> Made | None:
    node = found.node("line")
    where = node.where if node is not None else meant(re.sub(r"^(?:the|its) ", "", found.word("bare")), found.start, about)
    km = found.km()
    return Made("Z", Buffer(where, km), "that far on both sides of the line") if where is not None and km else None


_NOT_BACK = (
    r"(?!'?s? (?:of|with|between|at|called|named|known|council|crossing|guards?|hall|officials?|police|centre|center|commanders?|"
    r"authorities|administration|mayors?|residents?|people|leaders?|workers?|staff|operators?|director|limits|bus|market|hospital|university|airport|"
    r"where|which)\b|-)"
)
_WHOLE = r"(?:whole |entire |besieged |surrounded |strategic |port |historic |ancient |encircled )?"
_TOWNS = "towns|cities|villages|settlements"

ITS_RULES: tuple[Rule, ...] = (
    (r"\b(?:its|the|their) (?:{ern} )(?:outskirts|suburbs|edges?|environs|approaches)\b(?! (?:of|to)\b)", _outskirts),
    (r"\b(?:its|the|their) (?:outskirts|suburbs)\b(?! (?:of|to)\b)", _outskirts),
    (r"\bthe (?:{ern}) (?:river ?)?bank\b(?! of\b)", _bank),
    (r"{some}{km} (?:on|to|along) (?:both|either|each) sides? of (?:{the}<RVLE:line>(?: river)?|"
     r"(?P<bare>(?:the|its) (?:river|road|highway|border|frontier))\b)", _either_side),
)
BACK_RULES: tuple[Rule, ...] = (
    (r"\b(?:the two|both|both of the)(?: [a-z]+)? (?:roads|highways|motorways)", _back_two),
    (rf"\b(?:(?P<both>both|both of the)|(?:all )?(?:the|these|those)(?: (?P<count>two|three|four))?) (?P<town>{_TOWNS})" + _NOT_BACK,
     _back_towns),
    (r"\b(?:(?P<both>both|both of the)|the (?P<count>two|three|four)) (?:provinces|regions|oblasts|governorates)" + _NOT_BACK,
     _back_towns),
    (rf"\bthe {_WHOLE}(?P<noun>city|town|village|hamlet|settlement|province|governorate|oblast|border|frontier|river|highway|motorway|"
     r"peninsula|enclave|pocket|island|strait|lake|gulf|canal)\b" + _NOT_BACK, _back),
    (r"\bthe (?:whole|entire) (?P<noun>region|valley)\b" + _NOT_BACK, _back),
    (r"\bthe (?:military |marine |army |nuclear |captured |besieged )?(?P<noun>air ?base|base|outpost|airport|airfield|power plant|"
     r"power station|plant|dam|port|camp|crossing|bridge|prison)\b" + _NOT_BACK, _back),
)

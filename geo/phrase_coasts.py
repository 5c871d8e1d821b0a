"""Which words describe coasts and the sea before them: "the west coast of Korea", "off the port of Bushehr", "30 nautical miles off Yemen".

Rules of `geo.phrases`; see `geo.phrase_rules` for what a rule is.
"""

from __future__ import annotations

from geo.phrase_back import meant
from geo.phrase_context import Context
from geo.phrase_rules import Rule, area_id, compass
from geo.phrase_text import Found, Made, Node
from geo.recipes import Buffer, Coast, Difference, Intersection, Named, Part, Section, Strip, Where

__all__ = ["COAST_RULES", "LATE_COAST_RULES", "SHORE_RULES"]

RING_SHARE = 0.2  # "20 km off X" = from 16 to 24 km
ON_LINE_KM = 0.5  # an area is widened by this before it cuts its own outline
BY_THE_SEA_KM = 20.0  # a town this near to the coast is on it; farther inland nothing lies "off" it
_NOUN = r"(?:coast(?:line|al (?:area|strip|region|belt))?|seaboard|littoral|shoreline)"
# What stands before "off" where it belongs to the verb.
_VERBS = (
    "call calls called cut cuts cutting seal seals sealed sealing hold holds held fend fended fight fights fought ward warded set sets "
    "break breaks broke kick kicked pay paid sign signed block blocked drop dropped sell sold split splits take took drive drove"
)
_OFF = r"\b(?=off |waters )" + "".join(rf"(?<!\b{verb} )" for verb in _VERBS.split()) + r"(?:off|waters (?:off|near|around))"


def _coast_where(found: Found, about: Context) -> Coast | None:
    sea, land = found.node("sea"), found.node("x")
    if sea is not None and sea.feature is not None and not sea.feature.id.startswith("sea:"):
        return None
    country = area_id(land, about) if land is not None else about.home(found.start)
    tried = [country] if land is not None else [country, about.main_country()]
    for area in tried:
        coast = Coast(sea.feature.id if sea is not None and sea.feature is not None else "", area) if area else None
        if coast is not None and about.drawn(coast) is not None:
            return coast
    return None


def _line(found: Found, about: Context) -> tuple[Where, Coast] | None:
    """Return the stretch of coast that is meant, and the whole coast that it is of: "the west coast of Korea", "northern Norway"."""
    part = found.node("part")
    if part is not None:
        inside = part.where.x if isinstance(part.where, Part) else part.where
        if not isinstance(inside, Named):
            return None
        whole = Coast("", inside.feature)
        line: Where = whole if inside is part.where else Intersection(whole, Buffer(part.where or "", ON_LINE_KM))
        if about.drawn(line) is None and isinstance(part.where, Part):  # the north of Kenya has no coast: the north of Kenya's coast
            line = Part(Strip(whole, about.defaults["coast_km"], inside.feature), part.where.direction)
        return (line, whole) if about.drawn(line) is not None else None
    coast = _coast_where(found, about)
    if coast is None:
        return None
    word = compass(found.word("dir") or found.word("dir2"))
    side = Part(Coast("", coast.country), word) if word and word != "central" and not coast.sea else coast
    return (side, coast) if about.drawn(side) is not None else (coast, coast)


def _coast(found: Found, about: Context) -> Made | None:
    made = _line(found, about)
    if made is None:
        return None
    line, whole = made
    reason = "the coast of that country" if found.node("x") or found.node("part") else "the coast of the country that the report is about"
    if isinstance(line, Coast):
        return Made("K", line, reason)
    if isinstance(line, Part) and isinstance(line.x, Strip):
        return Made("Z", line, f"{reason}: its part on that side")
    return Made("Z", Strip(line, about.defaults["coast_km"], whole.country), f"{reason}, as far as it faces that way or lies there")


def _offshore(found: Found, about: Context) -> Made | None:
    town, km = found.node("town"), found.km() if found.word("number") else None
    if town is not None:
        return _off_town(town, km, about)
    made = _line(found, about)
    if made is None:
        return None
    line, _ = made
    if km:
        near, far = (Strip(line, round(km * factor, 2), "sea") for factor in (1 - RING_SHARE, 1 + RING_SHARE))
        return Made("Z", Difference(far, near), "the distance is the text's: the sea about that far from the coast")
    return Made("Z", Strip(line, about.defaults["offshore_km"], "sea"), "\"off\" is taken as that far out at sea")


def _off_town(town: Node, km: float | None, about: Context) -> Made | None:
    if town.feature is None or not about.by_sea(town.feature, BY_THE_SEA_KM):
        return None
    home, spot = about.country(town.feature), Named(town.feature.id)
    if km:
        ring = Difference(Buffer(spot, round(km * (1 + RING_SHARE), 2)), Buffer(spot, round(km * (1 - RING_SHARE), 2)))
        return Made("Z", Difference(ring, Named(home)), "the distance is the text's: the water about that far from the town")
    return Made("Z", Difference(Buffer(spot, about.defaults["offshore_km"]), Named(home)), "the water within that distance of the town")


def _stretch(found: Found, about: Context) -> Made | None:
    a, b = found.node("a"), found.node("b")
    if a is None:  # "along the coast as far as X", after the place where it begins
        before = [node for node in about.last("P", found.start) if node.start >= about.sentence_start(found.start)]
        a = before[0] if before else None
    if a is None or b is None or a.feature is None or b.feature is None or a.feature.id == b.feature.id:
        return None
    home = about.country(a.feature)
    if not home or not all(about.by_sea(node.feature, 2 * BY_THE_SEA_KM) for node in (a, b) if node.feature):
        return None
    section = Section(Coast("", home), Named(a.feature.id), Named(b.feature.id))
    return Made("Z", Strip(section, about.defaults["coast_km"], home), "the coast between the two, taken as that deep inland")


def _shore(found: Found, about: Context) -> Made | None:
    """The shore of a lake, or one side of it."""
    lake = found.nodes("W")[0] if found.nodes("W") else None
    where = lake.where if lake is not None else meant("lake", found.start, about)
    if where is None or (lake is not None and lake.feature is not None and lake.feature.id.startswith("sea:")):
        return None
    word = compass(found.word("dir") or found.word("dir2"))
    shore = Strip(where, about.defaults["along_km"])
    if word and word != "central":
        bank = Strip(where, about.defaults["along_km"], word)
        return Made("Z", bank, "that side of the shore, within that distance")
    return Made("Z", shore, "the shore is taken as within that distance of the water")


COAST_RULES: tuple[Rule, ...] = (
    (rf"{{some}}{{km}} {_OFF} {{the}}(?:(?:<W:sea> |{{ern}} )?(?:coast|shores?) of )?{{the}}<CA:x>", _offshore),
    (rf"{{some}}{{km}} {_OFF} (?:{{the}}(?:coast|shores?|port|city|port city|town|island) of )?{{the}}<P:town>", _offshore),
    (rf"{{some}}{{km}} {_OFF} {{the}}<CDMA:x>(?:'s)?(?: <W:sea>| {{ern}})? (?:coast|shores?|coastline)(?! guard)", _offshore),
    (rf"{_OFF} {{the}}{{ern}} (?:coast|shores?) of {{the}}<CAG:x>", _offshore),
    (rf"{_OFF} {{the}}(?:(?:<W:sea> )?(?:coast|shores?) of ){{the}}<CAG:x>", _offshore),
    (rf"{_OFF} {{the}}<CDMA:x>(?:'s)? (?:{{ern}} )?(?:<W:sea> )?(?:coast|shores?|coastline)(?! guard)", _offshore),
    (rf"{_OFF} {{the}}<W:sea> (?:coast|shores?|coastline)(?! guard)", _offshore),
    (rf"{_OFF} (?:{{the}}(?:coast|shores?|port|port city|city|town) of )?<P:town>", _offshore),
    (rf"{_OFF} (?:{{the}}island of )?<CG:x>(?!'s|-)", _offshore),
    (r"{the}<W:sea> (?:coast(?:line)?|shores?|seaboard|littoral|shoreline) (?:of|in) {the}<CA:x>", _coast),
    (rf"{{the}}{{ern}} {_NOUN} (?:of|in) {{the}}<CAG:x>", _coast),
    (rf"{{the}}<CDMAG:x>(?:'s)? (?:far )?{{ern}} {_NOUN}(?! guards?)\b", _coast),
    (r"{the}(?:coast(?:line)?|shores?|seaboard|shoreline) of {the}<CAG:x>", _coast),
    (rf"{{the}}<CDMA:x>(?:'s)?(?: <W:sea>)? {_NOUN}(?! guards?)\b", _coast),
    (rf"{{the}}<W:sea> (?:{_NOUN}|shores?)(?! guards?)\b", _coast),
    (r"{the}(?:coast(?:line)?|shores?) of {the}<W:sea>", _coast),
)
LATE_COAST_RULES: tuple[Rule, ...] = (  # after the parts of areas are known
    (rf"{_OFF} {{the}}(?:coast|shores?) of {{the}}<ZG:part>", _offshore),
    (rf"{_OFF} <Z:part>", _offshore),
    (rf"{{the}}{_NOUN} (?:of|in) {{the}}<ZG:part>", _coast),
)
SHORE_RULES: tuple[Rule, ...] = (
    (r"{the}(?:coast(?:line)?|coastal (?:strip|area|belt|plain|land)|shore(?:line)?) (?:running |stretching |extending )?"
     r"(?:from|between) {the}<P:a>(?: in <AC>)? (?:up |down |all the way )?(?:to|and|as far as) {the}<P:b>", _stretch),
    (r"\b(?:an? |the )?(?:[a-z-]+ )?(?:strip|belt|area|land|stretch|towns|villages|positions)? ?(?:of land |of territory )?"
     r"(?:along|of|on) the coast (?:from {the}<P:a> )?(?:up |down |all the way )?(?:to|as far as|until) {the}<P:b>", _stretch),
    (r"{the}{ern} (?:shores?|banks?|side|end) of {the}<W>|{the}<W>(?:'s)? {ern2} (?:shores?|shoreline|banks?|side)\b", _shore),
    (r"{the}(?:lake's )?{ern} shores? of the lake\b|\bthe lake's {ern2} shores?\b", _shore),
    (r"{the}(?:shores?|banks) of {the}<W>|{the}<W> (?:shores?|shoreline)", _shore),
)

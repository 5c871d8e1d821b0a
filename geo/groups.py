"""Which words are the name of an armed group that no table knows, told by how it is called.

"The 47th Brigade", "the Volta Liberation Army", "Movement for the Salvation of Azare", "Katibat al-Nour", "a militia calling itself the
Sons of the Valley", "forces loyal to General Osman": general knowledge of how such groups name themselves, in English and in what
English reports leave in Arabic, French, Spanish or Portuguese.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["Group", "acronyms", "commander", "groups_in", "is_band", "is_group", "owner_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Words of a text that name a group, and the name that it goes by: in full where they are its acronym."""

    start: int
    end: int
    name: str


_CAP = r"[A-ZÀ-ÖØ-ÞĀŁŚŠŽ][\w'’-]*"
_PART = r"(?:al|ul|el|as|ash|ar|an|ad|at|az|ed|e|i|ye|bin|ibn|abu)"
_ARABIC = rf"{_PART}[- ]{_CAP}"
_NUMBER = r"(?:\d{1,3}(?:st|nd|rd|th|d)|[IVX]{1,5}|First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Eleventh|Twelfth)"
_UNIT = r"(?:Brigades?|Battalions?|Divisions?|Regiments?|Corps|Army(?: Corps| Group)?|Fleet|Squadron|Legion|Cavalry)"
_KIND = (
    r"(?:Army|Armies|Front|Movement|Brigades?|Battalions?|Division|Regiment|Corps|Legion|Cartel|Militias?|Vanguard|Guards?|"
    r"Volunteers|Commandos?|Rangers|Resistance|Alliance|(?:Liberation|Defen[cs]e|Special|Rapid|Armed|Task|Security) Forces?|"
    r"Revolutionaries|Partisans|Fedayeen|Mujahideen|Mujahidin)"
)
_BODY = r"(?:Union|Council|Congress|Rally|Party|Coalition|Organi[sz]ation|Command|Committee)"
_OF_MANY = r"(?:Lions|Soldiers|Guardians|Sons|Hawks|Wolves|Tigers|Eagles|Falcons|Forces)"
_MARTIAL = re.compile(
    r"\b(?:Liberation|Revolution\w*|Salvation|Resistance|Defen[cs]e|Self-Defen[cs]e|Patriotic|Shura|Mujah\w+|Military|Armed|Jihad|Islamic|"
    r"People['’]s|Popular|Redemption|Independence|Freedom|Free|Martyrs['’]?|Fighters|Rebel|Guerrilla|Insurg\w+|Unity|United|Justice)\b"
)
_ARABIC_HEAD = (
    r"(?:Katibat|Kata['’]?ib|Kateeba|Liwa|Jaysh|Jaish|Jeish|Jabhat|Harakat|Ansar|Saraya|Tehrik|Tehreek|Lashkar|Faylaq|Hizb|Hezb|Jund|Asa['’]?ib|"
    r"Suqour|Suqur|Ahrar|Firqat|Tanzim|Jama['’]?at|Jama['’]?a|Hay['’]?at|Usbat|Majlis|Quwat|Fursan|Nour|Liwa['’]?)"
)
_ROMANCE_HEAD = (
    r"(?:Mouvement|Armée|Frente|Ejército|Ejercito|Fuerzas|Movimiento|Bloque|Autodefensas|Exército|Exercito|Comando|Brigadas?|Columna|Cártel|"
    r"Rassemblement|Coordinadora|Movimento|Força|Forças)"
)
_BOTH_HEAD = r"(?:Front|Forces|Union|Alliance|Coalition|Clan|Cartel|Coordination|Brigades)"
_ROMANCE_LINK = r"(?:de|du|des|del|la|le|les|los|las|el|pour|por|para|et|y|e|da|do|dos|das|al|en)"
_ROMANCE_WORD = (
    r"(?:populaires?|patriotiques?|démocratiques?|nationales?|national|nationaux|islamiques?|libération|défense|salut|résistance|armées?|"
    r"nouvelles?|révolutionnaires?|renaissance|unité|paix|justice|république|peuple|changement|liberación|nacional|popular(?:es)?|"
    r"revolucionari[oa]s?|armad[oa]s?|unid[oa]s|defensa|pueblo|resistencia|libertação|independência|independencia)"
)
_ROMANCE_STEP = rf"(?:(?:{_ROMANCE_LINK}\s+){{0,3}}(?:[dl]['’])?(?:{_CAP}|{_ROMANCE_WORD}))"
_TITLE = (
    r"(?:General|Gen\.|Colonel|Col\.|Major|Maj\.|Captain|Capt\.|Commander|Marshal|Field Marshal|Brigadier|Lieutenant|Lt\.|Sheikh|Admiral|"
    r"warlord)"
)
_PERSON = rf"{_CAP}(?:\s+(?:{_PART}[- ])?{_CAP}){{0,3}}"
_MEN = r"(?:forces|troops|fighters|soldiers|units|militias?|militiamen|men|gunmen|rebels|guerrillas|faction|loyalists)"
_JOIN = r"(?:\s+(?:of|for|and|the|in))*\s+"

_FORMS: Final = (
    rf"{_NUMBER}\s+(?:{_CAP}\s+){{0,4}}?{_UNIT}",
    rf"(?:{_CAP}\s+){{0,5}}(?:{_KIND}|{_BODY}|{_OF_MANY})\s+(?:of|for)\s+(?:the\s+)?{_CAP}(?:(?:{_JOIN}){_CAP}){{0,6}}",
    rf"{_ARABIC_HEAD}(?:[- ](?:{_PART}[- ])?{_CAP}){{1,3}}(?:\s+(?:{_UNIT}|Front|Movement))?",
    rf"{_ROMANCE_HEAD}(?:\s+{_ROMANCE_STEP}){{1,6}}",
    rf"{_BOTH_HEAD}\s+(?:(?:{_ROMANCE_LINK})\s+(?:[dl]['’])?|[dl]['’]|(?={_ROMANCE_WORD}\b))(?:{_CAP}|{_ROMANCE_WORD})(?:\s+{_ROMANCE_STEP}){{0,6}}",
    rf"(?:(?:{_ARABIC}|{_CAP}|{_NUMBER})(?:\s+(?:and\s+)?)){{1,6}}(?:{_KIND}|{_BODY})",
    rf"(?:(?:{_ARABIC}|{_CAP})\s+){{1,4}}militias?",
)
_PLAIN = r"(?!(?:The|A|An|In|On|At|By|But|And|When|While|After|Before|As|Its|Their|His|Both|Some|Most|Many|Two|Three|Four|Armed|Former)\s)"
_FORM = re.compile(rf"(?<![\w'’-]){_PLAIN}(?:" + "|".join(f"(?:{form})" for form in _FORMS) + r")(?![\w-])")
_CALLED = re.compile(
    rf"\b(?i:militia|group|faction|movement|gang|force|unit|cell|alliance|brigade|outfit|fighters|gunmen|army|organi[sz]ation|coalition|rebels|"
    rf"insurgents|guerrillas|separatists|jihadists|militants|column|network)\s+(?:(?:that|which|who)\s+)?"
    rf"(?:call(?:s|ing)? (?:itself|themselves)|called|known as|styl(?:es|ing) itself|named|by the name of)\s+(?:the\s+)?[\"“'‘]?"
    rf"(?P<name>{_CAP}(?:{_JOIN}{_CAP}){{0,5}})"
)
_LOYAL = re.compile(
    rf"(?<![\w-])(?P<men>{_MEN}|[A-Z]\w+)\s+(?:(?P<bond>loyal to|commanded by|led by|answering to|aligned with)|of)\s+"
    rf"(?:the\s+)?(?P<title>(?:{_TITLE}\s+)+)?(?P<person>{_PERSON})"
)
_OF_STATE = re.compile(
    rf"(?<![\w-])(?:[Aa]rmed [Ff]orces|[Aa]rmy|[Ss]ecurity [Ff]orces|[Gg]overnment|[Aa]uthorities|[Tt]roops|[Ss]oldiers|[Ff]orces|"
    rf"[Aa]ir [Ff]orce|[Nn]avy) of (?:the )?{_CAP}(?:\s+{_CAP}){{0,3}}"
)
_OWNED = re.compile(rf"(?<![\w-])(?P<title>(?:{_TITLE}\s+)+)(?P<person>{_PERSON})['’]s\s+{_MEN}\b")
_BAND = re.compile(
    rf"(?<![\w'’-]){_PLAIN}(?P<name>(?:{_CAP})(?:\s+{_CAP}){{0,2}})\s+(?:fighters|rebels|militia|militiamen|gunmen|guerrillas|insurgents|separatists|militants)\b"
)
_OWNER = re.compile(rf"^(?:.*\s)?(?P<owner>{_CAP}(?:['’]s|s['’]))\s+(?=\S)")
_PROUD = re.compile(
    r"\b(?:People|Workers?|Lord|Peasants?|Martyrs?|Women|Farmers?|Soldiers?|Citizens?|Youth|God|Nation|Patriots?|Students?|Men)['’]?s?['’]?$"
)
_CIVIL = re.compile(
    r"\b(?:Highways?|Control|Forestry|Criminal|Prosecutions?|Services|Support|Planning|Zoning|Protection|Environmental|Patrol|Warrant|"
    r"Management|Marketing|Assets?|Markets?|League|Works|Public|Foreign|Relations|Downtown|Motor Vehicles?|Traffic|Engineers|Fire|Fraud|"
    r"Homicide|Care|Drugs?|Housing|Youth Orchestra|Football|Sales|Finance|Research|"
    r"President|Minister|Premier|Olympic|Trade|Labou?r|Church|Temperance)\b"
)
_WAR_PLACE = re.compile(
    r"(?:(?:Far|North|South|East|West|Home|Northern|Southern|Eastern|Western|Central|Italian|Second|Both|New|War|Cold|Popular|Water|Labou?r|"
    r"Green|Peace|Civil Rights|Women['’]s|Trade Union|Premier|First|Second|Third)[ -]?)+(?:Front|Movement|Division|League)"
)
_INITIALS = re.compile(
    r"\s*(?:\(\s*(?:the\s+)?(?P<brackets>[A-Z][A-Za-z0-9/-]{1,9})\s*[);,]|"
    r",?\s+(?:or|known as|known by (?:its|the) (?:\w+\s)?(?:acronym|initials)),?\s+(?:the\s+)?(?P<words>[A-Z][A-Z0-9-]{1,8})\b)"
)
_ALIKE = re.compile(r"(?:ists?|ians?|ic|ite|ish|ese|ni|ed)$")  # "Islamist rebels", "Christian militia": what they are, not who
_CALENDAR = re.compile(  # "in February insurgents had"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)(?:day)?$"
)
_BEFORE = re.compile(r"(?<![\w-])(?P<short>[A-Z][A-Za-z0-9/-]{1,9})\s*\((?:the\s+)?$")


def groups_in(text: str) -> Iterator[Group]:
    """Yield the names of groups in a text by their form; they may overlap.

    Examples
    --------
    >>> [group.name for group in groups_in("The Volta Liberation Army and Katibat al-Nour left; Ukraine's 47th Brigade stayed.")]
    ['Volta Liberation Army', 'Katibat al-Nour', "Ukraine's 47th Brigade"]
    """
    for match in _FORM.finditer(text):
        if found := _trimmed(match.group()):
            start = match.start() + match.group().rindex(found)
            yield Group(start=start, end=match.end(), name=_with_owner(text, start, found))
    for name in dict.fromkeys(match["name"] for match in _CALLED.finditer(text)):
        for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text):
            yield Group(start=match.start(), end=match.end(), name=name)
    for pattern in (_LOYAL, _OWNED):
        for match in pattern.finditer(text):
            parts = match.groupdict()
            men = parts.get("men")
            bound = parts.get("title") or (parts.get("bond") and " " in match["person"])
            if bound and (men is None or re.fullmatch(_MEN, men.lower())):
                yield Group(start=match.start(), end=match.end(), name=f"forces of {match['person']}")
    for match in _OF_STATE.finditer(text):
        yield Group(start=match.start(), end=match.end(), name=match.group())
    for match in _BAND.finditer(text):
        if is_band(match.group()) and not is_group(match["name"]):
            yield Group(start=match.start(), end=match.end(), name=match.group())


def is_group(name: str) -> bool:
    """Say whether a name, without its article, is that of a group by its form.

    Examples
    --------
    >>> is_group("Popular Redemption Front"), is_group("Eastern Front"), is_group("Security Council")
    (True, False, False)
    """
    whole = _FORM.fullmatch(name)
    return whole is not None and _trimmed(name) == name


def is_band(name: str) -> bool:
    """Say whether a name is one of its own before those who fight under it, and not what they are like.

    Examples
    --------
    >>> is_band("Raia Mutomboki fighters"), is_band("Islamist fighters"), is_band("tribal fighters")
    (True, False, False)
    """
    match = _BAND.fullmatch(name)
    if match is None or _ALIKE.search(match["name"]) or _CALENDAR.search(match["name"]):
        return False
    return not re.search(r"-[a-z]+$|^[A-Z0-9-]+$", match["name"])


def acronyms(text: str, named: Iterable[Group]) -> Iterator[Group]:
    """Yield every use of an acronym that the text itself gives for one of some names: "the Volta Liberation Front (VLF)".

    Examples
    --------
    >>> text = "The Volta Liberation Front (VLF) left. The VLF denied it."
    >>> [(group.start, group.name) for group in acronyms(text, groups_in(text))]
    [(28, 'Volta Liberation Front'), (43, 'Volta Liberation Front')]
    """
    given: dict[str, str] = {}
    for group in named:
        short = _short_for(text, group)
        if sum(letter.isupper() for letter in short) >= 2 and _abbreviates(short, group.name):
            given.setdefault(short, group.name)
    for short, name in given.items():
        for match in re.finditer(rf"(?<![\w-]){re.escape(short)}(?![\w-])", text):
            yield Group(start=match.start(), end=match.end(), name=name)


def commander(name: str) -> str:
    """Return who leads a group that goes by its commander ("forces of Malik Osman"), or ""."""
    return name.removeprefix("forces of ") if name.startswith("forces of ") else ""


def owner_of(name: str) -> tuple[str, str]:
    """Return the people or state before a numbered unit, and the unit: "Ukraine's 47th Brigade" is Ukraine's.

    Examples
    --------
    >>> owner_of("Russian 76th Air Assault Division"), owner_of("Hamza Division")
    (('Russian', '76th Air Assault Division'), ('', 'Hamza Division'))
    """
    match = re.fullmatch(rf"(?P<owner>(?:U\.S\.|U\.K\.|{_CAP}(?:\s+{_CAP})?))\s+(?P<unit>{_NUMBER}\s.*)", name)
    return (re.sub(r"['’]s$", "", match["owner"]), match["unit"]) if match else ("", name)


def _trimmed(words: str) -> str:
    """The name without the words before it that are none of it: an article, an owner; "" where it is no group."""
    name = words
    while (owner := _OWNER.match(name)) and not _PROUD.search(owner["owner"]):
        name = name[owner.end() :]
    if re.search(rf"\s{_NUMBER}\s", f" {name}") and (at := re.search(rf"(?<!\S){_NUMBER}\s", name)):
        name = name[at.start() :]
    if not _FORM.fullmatch(name) or _WAR_PLACE.fullmatch(name) or _CIVIL.search(name):
        return ""
    body = re.search(rf"\b{_BODY}\b|^Alliance\b", name)
    return "" if (body and not _MARTIAL.search(name)) or re.fullmatch(r"(?:Security|City|State|Federal|European) \w+", name) else name


def _with_owner(text: str, start: int, name: str) -> str:
    """A numbered unit with the people or state that stands before it."""
    if not re.match(_NUMBER, name):
        return name
    before = re.search(rf"(?P<owner>(?:U\.S\.|U\.K\.|{_CAP}(?:\s+{_CAP})?))\s+$", text[max(0, start - 40) : start])
    return f"{before['owner']} {name}" if before and before["owner"] not in ("The", "A", "An") else name


def _short_for(text: str, group: Group) -> str:
    """The acronym that stands in brackets behind a name, or before a name in brackets."""
    if after := _INITIALS.match(text, group.end):
        return str(after["brackets"] or after["words"])
    before = _BEFORE.search(text[max(0, group.start - 20) : group.start])
    return before["short"] if before and text[group.end : group.end + 1] == ")" else ""


def _abbreviates(short: str, name: str) -> bool:
    """Whether the capitals of an acronym come in a name in that order, from its first letter on."""
    letters = iter(name.lower())
    capitals = [letter.lower() for letter in short if letter.isupper()]
    return capitals[0] == name[0].lower() and all(letter in letters for letter in capitals)

"""Names by their form: numbered roads, borders, dates, peoples and parties.

Each function returns a recogniser. What a pattern finds is checked before it counts: "M4" is a road only where the gazetteer
holds such a road or the text says highway, and never where it is a rifle.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Set
from functools import lru_cache
from typing import TYPE_CHECKING

from geo import actors, datafiles
from geo.demonyms import any_of, demonym_pattern
from geo.names import fold
from geo.records import Document, Kind, Mention, Use
from geo.runs import scene
from geo.times import dates_in
from geo.tokens import cues

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["actor_recogniser", "border_recogniser", "date_recogniser", "demonym_recogniser", "phrase_recogniser", "road_recogniser"]

_Recogniser = Callable[[Document], Iterable[Mention]]

_ROAD = re.compile(
    r"\b(?:(?:Highway|Route|Interstate|Motorway|Autobahn|Autoroute|Hwy|Road No|National Road|Federal Highway|Main Supply Route)\.?[ -]"
    r"(?:No\. ?)?[A-Z]{0,2}-?\d{1,4}[A-Z]?|[A-Z]{1,2}-?\d{1,4})\b(?!-\d|\.\d|[%°])"
)
_CONTEXT = re.compile(r"\b(?:highways?|motorways?|roads?|routes?|expressway|autobahn|lanes?|junction|interchange)\b", re.IGNORECASE)
_ARMS = re.compile(r"\W{0,2}(?:\w+ )?(?:rifles?|carbines?|guns?|tanks?|missiles?|howitzers?|jets?|helicopters?|summit)\b", re.IGNORECASE)
_NEAR = 60  # characters in which a word such as "highway" makes a number a road; a clause is about that long
_BORDER = re.compile(r"(?<![-\w])(?:borders?|frontiers?|borderlands?)(?![-\w])")
_PHRASE_TABLES = ("regions.csv", "bases.csv", "roads.csv")
_PHRASE_KINDS: tuple[Kind, ...] = ("base", "region", "road")
# Ends of the names of regions and roads that are names as a whole; "Idlib countryside" and "Homs road" are described by geo.phrases.
_LANDS = frozenset("corridor valley trail plain plains plateau delta basin triangle marshes heights gap salient peninsula desert".split())
_PLAIN_NUMBER = re.compile(r"[A-Z]{1,2}-?\d{1,4}")


def road_recogniser(gazetteer: Gazetteer) -> _Recogniser:
    """Return a recogniser of numbered roads: M4, E40, Highway 1."""

    def recognise(document: Document) -> Iterator[Mention]:
        text = document.reading
        for match in _ROAD.finditer(text):
            if _ARMS.match(text, match.end()):
                continue
            around = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
            bare = _PLAIN_NUMBER.fullmatch(match.group())
            if not bare or _CONTEXT.search(around) or (_bears(gazetteer, match.group(), {"road"}) and _CONTEXT.search(text)):
                yield _mention(document, match.start(), match.end(), kind="road", made_by="roads")

    return recognise


def phrase_recogniser(gazetteer: Gazetteer) -> _Recogniser:
    """Return a recogniser of names of the hand-written tables that hold words in lower case: Zaporizhzhia nuclear power plant."""

    def recognise(document: Document) -> Iterator[Mention]:
        for match in _phrases().finditer(document.reading):
            info = gazetteer.known([fold(match.group())]).get(fold(match.group()))
            kind = next((kind for kind in _PHRASE_KINDS if info is not None and kind in info.kinds), None)
            if kind is not None:
                yield _mention(document, match.start(), match.end(), kind=kind, made_by="phrases")

    return recognise


def border_recogniser(gazetteer: Gazetteer) -> _Recogniser:
    """Return a recogniser of the word "border" where it is a line between two lands."""

    def recognise(document: Document) -> Iterator[Mention]:
        for match in _BORDER.finditer(document.reading):
            yield _mention(document, match.start(), match.end(), kind="border", made_by="borders")

    return recognise


def date_recogniser(gazetteer: Gazetteer) -> _Recogniser:
    """Return a recogniser of the words that name a day, a month or a year."""

    def recognise(document: Document) -> Iterator[Mention]:
        for match in dates_in(document.reading):
            yield _mention(document, match.start(), match.end(), kind="date", made_by="dates")

    return recognise


def demonym_recogniser(gazetteer: Gazetteer) -> _Recogniser:
    """Return a recogniser of words that mean "of a place": Turkish, Syrians. They are kept, and never drawn."""

    def recognise(document: Document) -> Iterator[Mention]:
        read = scene(document)
        at_start = {read.tokens[position].start: position for position in read.run_of}
        for match in demonym_pattern().finditer(document.reading):
            at = match.start()
            token = at_start.get(at)
            if token is not None and read.labels.get(token) == "person" and token > read.run_of[token].first:
                continue
            info = gazetteer.known([fold(match.group())]).get(fold(match.group()))
            code = match.group().replace(".", "").isupper() and len(match.group()) <= 4
            if info is not None and (("water" in info.kinds and not info.countries) or (code and "country" in info.kinds)):
                continue
            yield _mention(document, at, match.end(), kind="country", made_by="demonyms", use="demonym")

    return recognise


def actor_recogniser(gazetteer: Gazetteer) -> _Recogniser:
    """Return a recogniser of parties: alliances, armed groups, seats of power, "the rebels"."""

    def recognise(document: Document) -> Iterator[Mention]:
        for match in _actor_names().finditer(document.reading):
            land = _bears(gazetteer, match.group(), {"country", "region"})  # South Ossetia: read as a place first, as a party else
            yield _mention(document, match.start(), match.end(), kind="actor", made_by="parties of a land" if land else "actors")

    return recognise


@lru_cache(maxsize=1)
def _phrases() -> re.Pattern[str]:
    """Names of several words that end in a word such as "corridor", in title case and with such words in lower case."""
    works = {word.lower() for word in cues("named_works")}
    names = set(cues("common_places"))
    for table in _PHRASE_TABLES:
        for _, row in datafiles.rows(table):
            for name in (row["name"], *row["aliases"].split("|")):
                words = name.split()
                opens = len(words) > 1 and words[0][:1].isupper() and words[0].lower() not in cues("locative") | works
                if opens and words[-1].lower() in (works if table == "bases.csv" else _LANDS):
                    names |= {name, " ".join([words[0], *(word.lower() if word.lower() in works else word for word in words[1:])])}
    return any_of(names)


def _bears(gazetteer: Gazetteer, name: str, kinds: Set[str]) -> bool:
    return any(info.kinds & kinds for info in gazetteer.known([fold(name)]).values())


def _mention(document: Document, start: int, end: int, *, kind: Kind, made_by: str, use: Use = "literal") -> Mention:
    return Mention(document_id=document.id, start=start, end=end, text=document.text[start:end], kind=kind, use=use, recogniser=made_by)


@lru_cache(maxsize=1)
def _actor_names() -> re.Pattern[str]:
    known = actors.shipped()
    with datafiles.path("metonyms.csv").open(encoding="utf-8", newline="") as file:
        seats = [row["name"] for row in csv.DictReader(file) if not row["place"]]
    demonyms = demonym_pattern()
    names = {alias for actor, aliases in known.aliases().items() if known.get(actor).kind != "state" for alias in aliases}
    return any_of({name for name in (*names, *seats) if not demonyms.fullmatch(name) and _tells(name)})


def _tells(name: str) -> bool:
    """A name says something: capital letters, or a word of more than three letters."""
    return (len(name) > 2 and name != name.lower()) or len(name) > 4

"""How a text is read as words and nodes: every place that is known becomes one sign, and a rule turns signs and words into one sign.

A node is written as two private-use characters, its family and its number, so that ordinary regular expressions can ask for
"a town": ``<P:x>``. Families: P town, A province or district, C country, D demonym, M a country standing for its government, G region,
B base, R road, V river, W sea or lake, L border, K coast, E part of a road, Z any other area, X a name that is no place here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from geo.phrase_needs import letters_needed, stretches
from geo.recipes import Where
from geo.records import Feature

__all__ = ["Found", "Made", "Node", "Signs", "compiled", "kilometres"]

_FAMILY, _NUMBER = 0xE000, 0xF0000  # private-use areas; such characters of the text itself are blanked
_FAMILIES = "PACDMGBRVWLKEZX"
_SLOT = re.compile(r"<([A-Z]+)(?::(\w+))?>")
MOST_KM = 2000.0  # a greater "distance from" is no place any more
_RUN = re.compile(r"(\s+)|\S+")
LONGEST_WORD = 80  # a longer run without a blank is no word of English; it becomes one sign, so that no pattern runs along it
_NO_WORD = "\ufffc"
# Only round a place, or a noun that points back to one, can a rule find anything: other text farther than this from both is left out.
# The longest words of a rule between two places are the 60 characters of {gap} with some 100 around it.
KEPT_AROUND = 250
_POINTING = re.compile(
    r"[\ue000-\ue07f]|\b(?:border|frontier|coast|sea|river|road|highway|motorway|route|cit(?:y|ies)|town|village|province|governorate|"
    r"oblast|region|peninsula|countr(?:y|ies)|base|plant|port|airport|airfield|bank|outskirts|island|district|camp|dam|area)",
    re.IGNORECASE,
)
_JOINER = "\u2060"  # what `geo.documents` puts for a removed character inside a word

DIRECTION = r"(?:(?:north|south)(?:[- ]?(?:east|west))?|east|west)"
NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|a hundred|[a-z]+teen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-[a-z]+)?|" \
         r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a dozen|a few|several)"
UNIT = r"(?:nautical miles?|nm|nmi|sea miles?|km|kms|kilomet(?:er|re)s?|miles?|mi|m|met(?:er|re)s?)"
_MACROS = {
    "{the}": r"(?:the )?",
    "{some}": r"(?:(?:about|around|some|roughly|approximately|nearly|almost|just|only|at least|more than|over) ){0,2}",
    "{km}": rf"(?P<number>{NUMBER})(?: ?(?:-|to|or) ?(?P<upper>{NUMBER}))?[ -]?(?P<unit>{UNIT})",
    "{dir}": rf"(?P<dir>{DIRECTION})",
    "{dir2}": rf"(?P<dir2>{DIRECTION})",
    "{x}": r"(?:(?:the )?<PACGBRVLKEZ:x>(?: river| highway| motorway| road)?|"
           r"(?P<bare>(?:the (?:city|town|village|capital|river|road|highway|base|airport|port|dam|camp|island|strait|lake)|"
           r"(?:the|its) (?:border|frontier|coast))\b))",
    "{gap}": r"(?:<DXMC>|[^.;\n\ue000-\ue07f]){0,60}?",
    "{ern}": rf"(?P<dir>{DIRECTION}(?:ern|ernmost)?|central)",
    "{ern2}": rf"(?P<dir2>{DIRECTION}(?:ern|ernmost)?|central)",
}


_LOWER = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_TO_NINETEEN = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
                "eighteen nineteen")
_NUMBERS = {word: value for value, word in enumerate(_TO_NINETEEN.split())} | {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "a hundred": 100,
    "a dozen": 12, "a few": 5, "several": 7,
}
_KM = {"nm": 1.852, "mi": 1.609344, "m": 0.001}


@dataclass(frozen=True, slots=True)
class Node:
    """A place of the text so far: its family, its recipe, the feature if it is a plain name, and its span in the text."""

    family: str
    where: Where | None
    start: int
    end: int
    feature: Feature | None = None
    reason: str = ""
    made: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """What a rule makes of its words: a family and a recipe, with the reason in words."""

    family: str
    where: Where
    reason: str
    feature: Feature | None = None


class Found:
    """A match of a rule: its words and nodes by name."""

    def __init__(self, match: re.Match[str], signs: Signs) -> None:
        self._match, self._signs = match, signs
        self.start, self.end = signs.span(*match.span())

    def word(self, name: str) -> str:
        """Return the words of a group in lower case, "" if it is not there."""
        return (self._match.groupdict().get(name) or "").lower()

    def km(self) -> float | None:
        """Return the distance of ``{km}``, None where it is none that a text can mean."""
        km = kilometres(self.word("number"), self.word("unit"), self.word("upper"))
        return round(km, 2) if 0 < km < MOST_KM else None

    def node(self, name: str) -> Node | None:
        """Return the node of a slot, None if it is not there."""
        written = self._match.groupdict().get(name)
        return self._signs.nodes[ord(written[1]) - _NUMBER] if written else None

    def nodes(self, families: str = _FAMILIES) -> tuple[Node, ...]:
        """Return all nodes of some families inside the match, in order."""
        found = [self._signs.nodes[ord(sign) - _NUMBER] for sign in self._match.group() if ord(sign) >= _NUMBER]
        return tuple(node for node in found if node.family in families)


class Signs:
    """A text whose places are signs, with the way back to its offsets."""

    def __init__(
        self, reading: str, nodes: Iterable[Node], *, breaks: frozenset[int] = frozenset(), start: int = 0, end: int | None = None
    ) -> None:
        self.nodes: list[Node] = []
        pieces: list[tuple[str, int, int]] = []
        position = start
        for node in sorted(nodes, key=lambda node: node.start):
            pieces += _characters(reading, position, node.start, breaks)
            pieces += self._sign(node)
            position = node.end
        pieces = _near_places(pieces + _characters(reading, position, len(reading) if end is None else end, breaks))
        self.text = "".join(piece[0] for piece in pieces)
        self._lower = self.text.translate(_LOWER)
        self._starts = [piece[1] for piece in pieces]
        self._ends = [piece[2] for piece in pieces]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the span in the text of some signs."""
        return self._starts[first], self._ends[last - 1]

    def apply(self, rule: str, make: Callable[[Found], Made | None]) -> None:
        """Replace every match of a rule's pattern that something can be made of by one node, from left to right."""
        made_here: list[tuple[int, int, list[tuple[str, int, int]]]] = []
        pattern, position = compiled(rule), 0
        for begin, stop in stretches(self._lower, _needed(rule)):
            position = max(position, begin)
            while match := pattern.search(self.text, position, stop):
                first, last = match.span()
                made = make(Found(match, self)) if last > first else None
                if made is None:
                    position = first + (2 if first < len(self.text) and _is_family(self.text[first]) else 1)
                    continue
                start, end = self.span(first, last)
                made_here.append((first, last, self._sign(Node(made.family, made.where, start, end, made.feature, made.reason, True))))
                position = last
        if made_here:
            self._replace(made_here)

    def _replace(self, made: list[tuple[int, int, list[tuple[str, int, int]]]]) -> None:
        words: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for first, last, sign in [*made, (len(self.text), len(self.text), [])]:
            words += [self.text[done:first], *(piece[0] for piece in sign)]
            starts += [*self._starts[done:first], *(piece[1] for piece in sign)]
            ends += [*self._ends[done:first], *(piece[2] for piece in sign)]
            done = last
        self.text, self._starts, self._ends = "".join(words), starts, ends
        self._lower = self.text.translate(_LOWER)

    def left(self) -> tuple[Node, ...]:
        """Return the nodes that stand in the text now: the outermost ones."""
        return tuple(self.nodes[ord(sign) - _NUMBER] for sign in self.text if ord(sign) >= _NUMBER)

    def _sign(self, node: Node) -> list[tuple[str, int, int]]:
        self.nodes.append(node)
        return [(chr(_FAMILY + ord(node.family)), node.start, node.end), (chr(_NUMBER + len(self.nodes) - 1), node.start, node.end)]


def kilometres(number: str, unit: str, upper: str = "") -> float:
    """Return a distance of a text in km; of "20-30 km", the middle.

    Examples
    --------
    >>> kilometres("20", "km"), round(kilometres("ten", "miles"), 1), kilometres("500", "metres")
    (20.0, 16.1, 0.5)
    """
    values = [_value(word) for word in (number, upper) if word]
    if unit.startswith(("nautical", "nm", "sea")):
        return sum(values) / len(values) * _KM["nm"]
    factor = _KM["mi"] if unit.startswith("mi") else _KM["m"] if unit == "m" or unit.startswith("met") else 1.0
    return sum(values) / len(values) * factor


def _value(word: str) -> float:
    plain = word.replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", plain):
        return float(plain)
    if plain in _NUMBERS:
        return float(_NUMBERS[plain])
    return float(sum(_NUMBERS.get(part, 0) for part in plain.split("-")))


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a rule's pattern as a regular expression: ``<PA:x>`` asks for a town or province, ``{km}`` for a distance."""
    pattern = _written_out(pattern)
    number = f"[{chr(_NUMBER)}-{chr(_NUMBER + 0xFFFD)}]"

    def slot(match: re.Match[str]) -> str:
        families = "".join(chr(_FAMILY + ord(letter)) for letter in match[1])
        return f"(?P<{match[2]}>[{families}]{number})" if match[2] else f"(?:[{families}]{number})"

    return re.compile(_SLOT.sub(slot, pattern), re.IGNORECASE)


def _written_out(pattern: str) -> str:
    for macro, meaning in _MACROS.items():
        pattern = pattern.replace(macro, meaning)
    return pattern.replace("{the}", _MACROS["{the}"])


@lru_cache(maxsize=512)
def _needed(pattern: str) -> tuple[str, ...]:
    """The strings near which a rule is tried: words in lower case, or the signs of families."""
    needed = letters_needed(_written_out(pattern))
    return tuple(chr(_FAMILY + ord(word[1])) if word.startswith("<") else word for word in needed)


def _is_family(character: str) -> bool:
    return _FAMILY <= ord(character) < _FAMILY + 128


def _characters(reading: str, start: int, end: int, breaks: frozenset[int]) -> list[tuple[str, int, int]]:
    """Return the plain characters of a stretch: runs of blanks as one space (a new line before a new paragraph), dashes as "-"."""
    pieces: list[tuple[str, int, int]] = []
    for run in _RUN.finditer(reading, start, end):
        first, last = run.span()
        if run[1]:
            if not (pieces and pieces[-1][0] == " "):
                pieces.append(("\n" if last in breaks else " ", first, last))
        elif last - first > LONGEST_WORD:
            pieces.append((_NO_WORD, first, last))
        else:
            pieces += [(_plain(reading[at]), at, at + 1) for at in range(first, last) if reading[at] != _JOINER]
    return pieces


def _near_places(pieces: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Return the pieces near a place or a noun that points back to one; a line break stands for what is left out."""
    text = "".join(piece[0] for piece in pieces)
    kept: list[tuple[str, int, int]] = []
    done = 0
    for match in _POINTING.finditer(text):
        first, last = match.start() - KEPT_AROUND, match.end() + KEPT_AROUND
        if first > done:
            kept.append(("\n", pieces[done][1], pieces[first - 1][2]))
        kept += pieces[max(first, done) : last]
        done = max(done, last)
    return kept


def _plain(character: str) -> str:
    if character in "‐‑‒–—−":
        return "-"
    if character in "’‘ʼ`":
        return "'"
    return " " if 0xE000 <= ord(character) <= 0xF8FF or ord(character) >= _NUMBER else character

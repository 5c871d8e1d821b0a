"""Reading damaged text: the same text with the marks of machines mended, character for character of the same length.

Every repair keeps the number of characters, so that an offset into the repaired text is an offset into the original. What is left
over is filled with blanks, or inside a word with U+2060 WORD JOINER, which folding drops. The repairs are few and shy: a clean
text comes back as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from geo.abbreviations import ABBREVIATIONS

__all__ = ["blank_markup", "repair"]

_JOINER = "\u2060"
_NAMES = (
    "quot|apos|lsquo|rsquo|ldquo|rdquo|laquo|raquo|amp|nbsp|ndash|mdash|hellip|lt|gt"
    "|[a-zA-Z](?:acute|grave|circ|uml|cedil|tilde|caron|ring)"
)
_ENTITY = re.compile(
    rf"&(?:amp;)*(?:(?P<name>{_NAMES})|#(?P<number>\d{{2,6}}|[xX][0-9a-fA-F]{{2,5}}));"
    r"|,(?P<broken>quot|apos|lsquo|rsquo|ldquo|rdquo|#0?39|#34|#82(?:16|17|20|21));"
)
_QUOTES = "\"'‘’“”«»"

# UTF-8 read as Windows-1252: a lead character and one to three continuation characters, none after another lead.
_TAIL = "".join(bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xC0)) + "\x81\x8d\x8f\x90\x9d"
_MOJIBAKE = re.compile(f"(?<![Â-ô])(?:[Â-ß][{re.escape(_TAIL)}]|[à-ï][{re.escape(_TAIL)}]{{2}}|[ð-ô][{re.escape(_TAIL)}]{{3}})")
# A capital before a quotation mark or a dash is ordinary typing ("IRMÃ”"), so two-character damage ending in one is left.
_TYPED = set("‘’“”–—…•‹› ")

# "north. south of": a stop in the middle of a sentence, before a small letter.
_STRAY_STOP = re.compile(r"(?<![\w.’'-])(?P<word>[a-z]{3,})(?P<stop>\.)(?=[ \t]{1,3}(?P<next>[a-z]+)\b(?![-’'.@]))")
_TRUE_STOP = re.compile(r"[a-z]{2}[.!?][\"”’)]*\s+[\"“‘(]*[A-Z]")
# Set over the commissioned report (2 stray stops among some 40): above this share the text simply has no capitals.
_STRAY_SHARE = 0.2

_STRAY_PRONOUN = re.compile(
    r"\b(?P<before>(?:had|has|have|was|were|been)[ \t]+)(?P<pronoun>He|She|They|It|We)(?=[ \t]+[a-z]+"
    r"(?:ed|en|wn|ght|ept|ade|eld|old|aid|one|ung|un)\b)"
)


def repair(text: str) -> str:
    """Return a text of the same length with broken entities, mojibake, stray stops and stray pronouns mended.

    Repairing twice is repairing once, and a text without damage comes back unchanged.

    Examples
    --------
    >>> repair('keep "in balance,quot; with Turkey')
    'keep "in balance"      with Turkey'
    >>> repair("which run north. south of Damascus. It is long. It is old. It is wide. It is flat. It is his.")[:28]
    'which run north  south of Da'
    """
    mended = _ENTITY.sub(_entity, text) if ";" in text else text
    mended = _MOJIBAKE.sub(_unmojibake, mended)
    mended = _stray_stops(mended)
    return _STRAY_PRONOUN.sub(lambda match: match["before"] + " " * len(match["pronoun"]), mended)


def blank_markup(text: str) -> str:
    """Return a Markdown text of the same length with its marks blanked: headings, emphasis, code, links, images, quotes.

    Examples
    --------
    >>> blank_markup("# The [M5](https://example.org) *road*")
    '  The  M5                        road '
    """
    blank: Callable[[re.Match[str]], str] = lambda match: " " * len(match[0])  # noqa: E731
    text = re.sub(r"<!--.{0,20000}?-->", lambda match: re.sub(r"[^\n]", " ", match[0]), text, flags=re.DOTALL)
    text = re.sub(r"^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?)+", blank, text, flags=re.MULTILINE)
    text = re.sub(r"(!?\[)([^\[\]\n]{1,300})(\]\([^()\s]{0,2000}\))", _link, text)
    text = re.sub(r"(?<![\w*])\*{1,3}(?=[^\s*])|(?<=[^\s*])\*{1,3}(?![\w*])", blank, text)
    return re.sub(r"(?<![\w_])_{1,3}(?=[^\s_])|(?<=[^\s_])_{1,3}(?![\w_])|`", blank, text)


def _link(match: re.Match[str]) -> str:
    return " " * len(match[1]) + match[2] + " " * len(match[3])


def _entity(match: re.Match[str]) -> str:
    whole = match[0]
    body = match["name"] or match["broken"] or f"#{match['number']}"
    character = html.unescape(f"&{body};").replace("\xa0", " ")
    if len(character) != 1 or not character.isprintable() or (character != " " and character.isspace()):
        return whole
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    if before.isalnum() and after.isalnum() and character != " ":
        return character + _JOINER * (len(whole) - 1)
    pad = " " * (len(whole) - 1)
    opening = character in _QUOTES and (not before or before.isspace() or before in "([—–") and after.isalnum()
    return pad + character if opening else character + pad


def _unmojibake(match: re.Match[str]) -> str:
    damaged = match[0]
    if len(damaged) == 2 and damaged[1] in _TYPED:
        return damaged
    data = b"".join(_byte(character) for character in damaged)
    try:
        character = data.decode("utf-8")
    except UnicodeDecodeError:
        return damaged
    if len(character) != 1 or not (character.isprintable() or character == "\xa0"):
        return damaged
    return character.replace("\xa0", " ") + _JOINER * (len(damaged) - 1)


def _byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")


def _stray_stops(text: str) -> str:
    found = [match for match in _STRAY_STOP.finditer(text) if match["word"] not in ABBREVIATIONS]
    if not found or len(found) > _STRAY_SHARE * (len(found) + len(_TRUE_STOP.findall(text))):
        return text
    characters = list(text)
    for match in found:
        characters[match.start("stop")] = " "
    return "".join(characters)

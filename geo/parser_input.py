"""What the parser reads of a sentence: its words, and the window of word pieces that the inner layers of the tagger turn into states."""

from __future__ import annotations

from collections.abc import Sequence

from geo.parser_words import words_of
from geo.tagger_input import Window, bare_window
from geo.tokens import Token

__all__ = ["LONGEST", "sentence_window", "sentence_words"]

LONGEST = 150  # words of a sentence that is parsed; longer ones are lists and tables
_PIECES = 500  # word pieces of such a sentence; the encoder knows 512 positions
_OPENERS = "\"“‘«:[(•-–—*"  # after these a capital may be that of a beginning, as geo.tokens reads it


def sentence_words(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return where the words of a sentence begin and end; none for a sentence too long or empty."""
    found = words_of(text, start, end)
    return found if len(found) <= LONGEST else ()


def sentence_window(text: str, words: Sequence[tuple[int, int]]) -> Window | None:
    """Return the window of a sentence of these words, or None where it has too many pieces."""
    tokens, first = [], True
    for start, end in words:
        written = text[start:end]
        is_word = written[0].isalpha() or written[0] in "ʿʾ"
        tokens.append(Token(start, end, written, first, 0, is_word))
        first = written in _OPENERS if first or not is_word else False
    window = bare_window(tokens)
    return window if len(window.pieces) <= _PIECES else None

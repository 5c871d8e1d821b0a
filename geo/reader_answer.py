"""What a service answered: from bytes to single answers of checked form, whatever came.

Nothing here says that an answer is true; `geo.reader_proof` does, sentence by sentence.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from geo.reader_question import FIELDS

__all__ = ["MALFORMED", "Answer", "Unusable", "answers"]

MALFORMED = "not in the form that was asked for"
TOO_MANY = "beyond what one passage can hold"
CUT_OFF = "the answer broke off"
MOST_CLAIMS = 100  # of one passage; a passage of 5,000 characters holds some forty sentences
LONGEST = 1_200  # characters of a field; a quote is one sentence
_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)
_FENCE = re.compile(r"```(?:json)?\s*|\s*```", re.IGNORECASE)


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


_DECODER = json.JSONDecoder(parse_constant=_no_number)


class Unusable(Exception):
    """An answer is no JSON of the form that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One claim as a service tells it; every field is text that nobody has checked."""

    quote: str
    act: str
    predicate: str
    actor: str
    target: str
    place: str
    status: str
    speaker: str
    when: str


def answers(body: bytes) -> tuple[tuple[Answer, ...], Counter[str]]:
    """Return the claims of an answer, and what was left out of it, counted by reason.

    Raises
    ------
    Unusable
        The answer is no JSON, or not of the form of a chat completion with a list of claims.

    Examples
    --------
    >>> answers(b'{"choices": [{"message": {"content": "{\\\\"claims\\\\": [1]}"}}]}')
    ((), Counter({'not in the form that was asked for': 1}))
    """
    told, whole = _listed(_content(body))
    read = [_answer(item) for item in told[:MOST_CLAIMS]]
    distinct = dict.fromkeys(answer for answer in read if answer is not None)
    left = Counter({MALFORMED: read.count(None), TOO_MANY: max(0, len(told) - MOST_CLAIMS), CUT_OFF: int(not whole)})
    return tuple(distinct), +left


def _content(body: bytes) -> str:
    """The text of the model in a chat completion."""
    try:
        message = _parsed(body.decode("utf-8"))["choices"][0]["message"]["content"]
    except (UnicodeDecodeError, LookupError, TypeError) as error:
        raise Unusable("is no chat completion") from error
    if isinstance(message, list):
        message = "".join(part["text"] for part in message if isinstance(part, dict) and isinstance(part.get("text"), str))
    if not isinstance(message, str):
        raise Unusable("holds no text")
    return message


def _listed(content: str) -> tuple[list[Any], bool]:
    """The list of claims in a text, past thoughts aloud and fences of code, and whether it is whole; if not, as far as it goes."""
    bare = _FENCE.sub("", _THOUGHTS.sub("", content))
    begin = re.search(r"[{\[]", bare)
    if begin is None:
        raise Unusable("holds no JSON")
    try:
        found = _parsed(bare[begin.start() :], whole=False)
    except Unusable:
        if read := _as_far_as_it_goes(bare):
            return read, False
        raise
    told: Any = found.get("claims") if isinstance(found, dict) else found
    if not isinstance(told, list):
        raise Unusable("holds no list of claims")
    return told, True


def _as_far_as_it_goes(text: str) -> list[Any]:
    """The objects at the beginning of a list that is broken later on."""
    found: list[Any] = []
    at = text.find("[") + 1
    while at > 0 and len(found) < MOST_CLAIMS and (begin := re.compile(r"[\s,]*(?={)").match(text, at)):
        try:
            item, at = _DECODER.raw_decode(text, begin.end())
        except (ValueError, RecursionError):
            break
        found.append(item)
    return found


def _parsed(text: str, *, whole: bool = True) -> Any:
    try:
        return _DECODER.decode(text) if whole else _DECODER.raw_decode(text)[0]
    except (ValueError, RecursionError) as error:
        raise Unusable("is no JSON") from error


def _answer(item: Any) -> Answer | None:
    """One claim, or None where a field is no text or is too long; a field that is missing or null is empty."""
    if not isinstance(item, dict):
        return None
    values = {name: "" if item.get(name) is None else item[name] for name in FIELDS}
    if not all(isinstance(value, str) and len(value) <= LONGEST for value in values.values()):
        return None
    return Answer(**dict(_clean(values)))


def _clean(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        yield name, " ".join(value.split())

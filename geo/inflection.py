"""How a name is written where its language bends it: case endings and attached prefixes undone.

Only the letters are looked at; which of the forms is a name is for the gazetteer to say. The rules are rows of
data/language_endings.csv: ``ru,noun,ом,-`` reads "Херсоном" as "Херсон".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice, product

from geo import datafiles

__all__ = ["adjective_stems", "forms", "prefixes", "unit_forms"]

STEM = 2  # letters that must be left of a word when an ending is taken off ("Уфы" -> "Уфа" has two)
PER_WORD, PER_NAME = 10, 60  # forms of one word, and of a name of several, that are tried
# Endings that a town may have where its adjective has none: Харьков-ский, Полтав-ский, Донец-кий, Сум-ский.
_TOWN_ENDINGS = {"ru": ("", "а", "о", "ы", "и", "ск", "ь", "е", "ье", "ец", "ка", "ино"),
                 "uk": ("", "а", "о", "и", "ськ", "ь", "е", "я", "ка", "не", "жя", "ів")}
_BEFORE_TS = {"ru": ("цк", "к", "ч", "ца", "цы", "ц"), "uk": ("цьк", "к", "ч", "ця", "ці", "ць", "цька")}
_UNITS = {"ru": {"ск": "ская область|ский район|ская республика|ский край|ский", "цк": "цкая область|цкий район|цкая республика|цкий край"},
          "uk": {"ськ": "ська область|ський район|ський", "цьк": "цька область|цький район", "зьк": "зька область|зький район"}}
_VOWELS = frozenset("аеёиоуыэюяіїє")


def forms(words: Sequence[str], language: str) -> tuple[str, ...]:
    """Return the names that the words of one name may be forms of, the words as they stand first.

    Examples
    --------
    >>> "Херсон" in forms(["Херсоном"], "ru"), "Красный Лиман" in forms(["Красного", "Лимана"], "ru")
    (True, True)
    >>> "Харків" in forms(["Харкова"], "uk"), forms(["Alep"], "fr")
    (True, ('Alep',))
    """
    choices = [tuple(islice(dict.fromkeys((word, *_undone(word, language))), PER_WORD)) for word in words]
    return tuple(" ".join(chosen) for chosen in islice(_nearest(choices), PER_NAME))


def adjective_stems(word: str, language: str) -> tuple[str, ...]:
    """Return the towns that an adjective of a place may come from: "Харьковской" from Харьков, "Донецкая" from Донецк.

    Examples
    --------
    >>> "Полтава" in adjective_stems("Полтавском", "ru"), "Донецк" in adjective_stems("донецкой", "ru"), adjective_stems("Идлиб", "ru")
    (True, True, ())
    """
    cut = _adjective(word, language)
    if cut is None:
        return ()
    stem, ending = cut
    if ending in ("цк", "цьк"):
        return tuple(_title(stem + end) for end in _BEFORE_TS[language])
    if ending == "зьк":
        return tuple(_title(stem + end) for end in ("", "г", "га", "зя", "жя"))
    return tuple(_title(stem + end) for end in _TOWN_ENDINGS[language])


def unit_forms(word: str, language: str) -> tuple[str, ...]:
    """Return the units that an adjective may name, in full: "Харьковской" gives "Харьковская область" and others.

    Examples
    --------
    >>> unit_forms("Харьковской", "ru")[0], unit_forms("Донецькою", "uk")[0]
    ('Харьковская область', 'Донецька область')
    """
    cut = _adjective(word, language)
    if cut is None:
        return ()
    stem, ending = cut
    return tuple(_title(stem) + unit for unit in _UNITS[language][ending].split("|"))


def prefixes(word: str, language: str) -> tuple[tuple[int, str], ...]:
    """Return how a word may begin after its attached prefixes: (letters cut off, the word that is left), nothing cut off first.

    Examples
    --------
    >>> prefixes("وبحلب", "ar")
    ((0, 'وبحلب'), (1, 'بحلب'), (2, 'حلب'))
    >>> prefixes("للرقة", "ar")[-1]
    (2, 'الرقة')
    """
    found = [(0, word)]
    for written, bases in _rules().get((language, "prefix"), {}).items():
        if word.startswith(written) and len(word) - len(written) >= STEM:
            found += [(len(written), base + word[len(written) :]) for base in bases]
    return tuple(sorted(found))


def _nearest(choices: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """All ways to take one form of each word, those with common ranks first."""
    ranked = sorted(product(*(range(len(choice)) for choice in choices[:6])), key=sum)
    for ranks in ranked:
        yield tuple(choice[rank] for choice, rank in zip(choices, ranks, strict=False))


def _undone(word: str, language: str) -> Iterator[str]:
    """A word with each of its possible endings undone, the longest ending first."""
    rules = _rules().get((language, "noun"))
    if not rules:
        return
    folded = word.replace("ё", "е").replace("’", "'").replace("ʼ", "'")
    for length in (5, 4, 3, 2, 1):
        ending = folded[-length:].lower()
        if ending in rules and len(folded) - length >= STEM:
            for base in rules[ending]:
                yield folded[:-length] + (base.upper() if folded.isupper() else base)
    stem = folded[:-2] if folded.endswith(("ом", "ем")) else folded[:-1]
    if len(stem) > STEM + 1 and folded[-1] in "ауеимі" and not set(stem[-2:].lower()) & _VOWELS:  # Египта, Єгипту
        yield from (f"{stem[:-1]}{vowel}{stem[-1]}" for vowel in "ео")
    if len(folded) > STEM and folded[-1].lower() not in _VOWELS | set("йь"):  # a plural without ending: Сум, Черкасс
        yield from (folded + ending for ending in ({"ru": "ыиао", "uk": "иіао"}.get(language, "")))


def _adjective(word: str, language: str) -> tuple[str, str] | None:
    """The stem of an adjective of a place and its suffix, or None: ("харьков", "ск")."""
    folded = word.lower()
    for written in sorted(_rules().get((language, "adjective"), {}), key=len, reverse=True):
        if folded.endswith(written) and len(folded) - len(written) >= STEM:
            suffix = re.match("ськ|цьк|зьк|ск|цк", written)
            return folded[: -len(written)], suffix.group() if suffix else ""
    return None


def _title(words: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in words.split("-"))


@lru_cache(maxsize=1)
def _rules() -> Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]]:
    """(language, part) -> what is written -> what it may stand for, in the order of data/language_endings.csv."""
    found: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for _, row in datafiles.rows("language_endings.csv", required=("language", "part", "written", "base")):
        found[row["language"], row["part"]][row["written"]] += ["" if base == "-" else base for base in row["base"].split("|")]
    return {where: {written: tuple(bases) for written, bases in rules.items()} for where, rules in found.items()}

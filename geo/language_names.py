"""Which stretches of a report in another language the gazetteer knows, with their endings and prefixes undone."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo.asked_languages import asked_around
from geo.exonyms import exonyms
from geo.inflection import adjective_stems, forms, prefixes, unit_forms
from geo.languages import vocabulary
from geo.names import fold
from geo.records import Document, Kind
from geo.words import Word

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer, NameInfo

__all__ = ["Name", "Report", "known_names"]

LONGEST = 5  # words in a name
SHARED = 4  # words within which a generic word may be shared: "в Донецкой и Луганской областях"
_JOINS = frozenset({" ", "-", "\u00a0", "\u202f", ""})  # "" after an elision: d'Ivoire
_JOINED = frozenset({"и", "й", "та", "і", "или", "або"})


@dataclass(slots=True)
class Name:
    """Words `first` to `last` (exclusive) that may be a name: from which character on, looked up as what, known as what.

    `bent` says that an ending or prefix was undone, `foreign` that data/exonyms.csv has the name, `lands` in which countries.
    """

    first: int
    last: int
    start: int
    end: int
    name: str
    info: NameInfo
    bent: bool
    foreign: bool
    asked: Kind | None
    lands: tuple[str, ...] = ()
    score: float = 0.0


@dataclass(slots=True)
class Report:
    """A document as it is read here: its words, who is a person, and the countries that it names."""

    document: Document
    words: tuple[Word, ...]
    gazetteer: Gazetteer
    people: frozenset[int]
    home: Counter[str] = field(default_factory=Counter)

    @property
    def language(self) -> str:
        """The language of the document."""
        return self.document.language


@dataclass(slots=True)
class _Stretch:
    """Words that may be a name, with the forms under which to look them up, the likeliest first."""

    first: int
    last: int
    start: int
    forms: tuple[str, ...]
    asked: Kind | None


def known_names(report: Report) -> tuple[Name, ...]:
    """Return every stretch of words that the gazetteer or data/exonyms.csv knows, long and short."""
    stretches = list(_arabic(report) if report.language == "ar" else _cased(report))
    known = report.gazetteer.known({fold(form) for stretch in stretches for form in stretch.forms})
    made = (_name(stretch, report, known) for stretch in stretches)
    return tuple(name for name in made if name is not None)


def _name(stretch: _Stretch, report: Report, known: dict[str, NameInfo]) -> Name | None:
    """The likeliest form of a stretch: as it stands if that is known and of note, else the most important."""
    best: tuple[float, Name] | None = None
    for rank, form in enumerate(stretch.forms):
        folded = fold(form)
        features: tuple[str, ...] = exonyms(report.language).get(folded, ())
        info, written = known.get(folded), form
        land = info is not None and stretch.asked in ("populated", "admin") and stretch.asked in info.kinds  # "municipio de Argelia"
        if len(features) == 1 and not (land and report.gazetteer.get(features[0]).kind in ("country", "region", "water")):
            written = report.gazetteer.get(features[0]).name
            info = report.gazetteer.known([fold(written)]).get(fold(written), info)
        if info is None:
            continue
        weight = (3.0 if features else 0.0) + _size(info, stretch.asked) - (0.0 if rank == 0 else 1.0 + 0.005 * rank)
        if best is None or weight > best[0]:
            end = report.words[stretch.last - 1].end
            best = weight, Name(
                stretch.first, stretch.last, stretch.start, end, written, info, bent=rank > 0, foreign=bool(features), asked=stretch.asked,
                lands=tuple({report.gazetteer.get(feature).country for feature in features} - {""}),
            )
    return best[1] if best else None


def _size(info: NameInfo, asked: Kind | None) -> float:
    kinds = info.kinds
    size = 4.0 if "country" in kinds else math.log10(info.population + 3) / 2
    return size + (2.0 if asked in kinds else 0.0)


def _cased(report: Report) -> Iterator[_Stretch]:
    """Stretches from a capital letter to a capital letter, with a generic word in small letters before or after: "mer Noire"."""
    found, text, language = report.words, report.document.reading, report.language
    heads = [vocabulary(language, f"head_{kind}") for kind in ("water", "region")]
    tails = [vocabulary(language, f"tail_{kind}") for kind in ("water", "region")]
    rivers = vocabulary(language, "river")
    for first, word in enumerate(found):
        if language in ("ru", "uk") and (unit := _unit(report, first)) is not None:
            yield unit
        if not (word.capital or any(word.key in head for head in heads)) or word.key.endswith("'"):
            continue
        for last in range(first + 1, min(len(found), first + LONGEST) + 1):
            if last - first > 1 and not _goes_on(found, text, last - 1):
                break
            parts = found[first:last]
            closing = parts[-1].capital or (len(parts) > 1 and any(parts[-1].key in tail for tail in tails))
            river = len(parts) > 1 and {word.key in rivers, parts[-1].key in rivers} != {False}  # "Drina Nehri" is the Drina
            if closing and not river and any(part.capital for part in parts):
                yield _Stretch(first, last, word.start, _forms(report, first, last), asked_around(found, first, last, language))


def _goes_on(found: tuple[Word, ...], text: str, position: int) -> bool:
    """Whether the word at `position` may belong to one name with the word before it."""
    return found[position].sentence == found[position - 1].sentence and text[found[position - 1].end : found[position].start] in _JOINS


def _forms(report: Report, first: int, last: int) -> tuple[str, ...]:
    parts = report.words[first:last]
    if report.language in ("ru", "uk"):
        return forms([part.text for part in parts], report.language)
    return (report.document.reading[parts[0].start : parts[-1].end],)


def _unit(report: Report, position: int) -> _Stretch | None:
    """An adjective before "область" or "район", or before "направление": the unit, or the town that it comes from."""
    found, language = report.words, report.language
    word = found[position]
    if not word.capital and not adjective_stems(word.text, language):
        return None
    here = position + 1
    while here < min(len(found), position + SHARED) and found[here].sentence == word.sentence:
        if found[here].key not in _JOINED and not found[here].capital:
            break
        here += 1
    if here >= len(found) or found[here].sentence != word.sentence:
        return None
    if word.capital and found[here].key in vocabulary(language, "tail_admin"):
        wanted = (*unit_forms(word.text, language), *adjective_stems(word.text, language))
        return _Stretch(position, position + 1, word.start, wanted, "admin") if wanted else None
    if found[here].key in vocabulary(language, "tail_populated"):
        wanted = (word.text, *adjective_stems(word.text, language))
        return _Stretch(position, position + 1, word.start, wanted, "populated")
    return None


def _arabic(report: Report) -> Iterator[_Stretch]:
    """Every stretch of up to four words that is not made of function words; there are no capitals to go by."""
    found, text = report.words, report.document.reading
    stop, heads = vocabulary("ar", "stop"), [vocabulary("ar", listed) for listed in ("head_populated", "head_admin", "river")]
    for first, word in enumerate(found):
        if word.key in stop:
            continue
        alone = any(word.key in head for head in heads)  # "محافظة صعدة" is Saada
        for last in range(first + 1, min(len(found), first + LONGEST) + 1):
            if last - first > 1 and (found[last - 1].sentence != word.sentence or text[found[last - 2].end : found[last - 1].start] != " "):
                break
            if found[last - 1].key in stop or (alone and last - first > 1):
                break
            rest = text[word.end : found[last - 1].end]
            for cut, begun in prefixes(word.text, "ar"):
                asked = asked_around(found, first, last, "ar")
                yield _Stretch(first, last, word.start + cut, (begun + rest,), asked)

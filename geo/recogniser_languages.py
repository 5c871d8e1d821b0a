"""Places in reports that are not in English: names of the gazetteer in their own script and in their own grammar.

Every stretch of words that the gazetteer knows is weighed by plain signs (geo.language_signs); what is left over is tried in another
spelling (geo.respelt). Each mention bears the name under which the gazetteer knows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, get_args

from geo.exonyms import demonym_of, english_demonym
from geo.language_names import Name, Report, known_names
from geo.language_signs import AND, ARTICLES, BESIDE, KEPT, NEVER, is_led, is_plain, score
from geo.languages import READ, vocabulary
from geo.names import fold
from geo.persons import persons
from geo.records import Document, Kind, Mention, Use
from geo.respelt import Spelling, spelt_otherwise
from geo.words import words

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["language_recogniser"]

FAMOUS, SETTLED = 500_000, 20_000  # inhabitants of a city that speaks for its country, and of a town that does so with others
MANY = 3  # towns of one country that make it a country of the report, where the text does not name it
_SUBJECT_FIRST = frozenset({"fr", "es", "ru", "uk"})
_KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}


def language_recogniser(gazetteer: Gazetteer) -> Callable[[Document], Iterable[Mention]]:
    """Return a recogniser of the places in French, Spanish, Arabic, Russian, Ukrainian and Turkish reports; silent on others."""

    def recognise(document: Document) -> Iterable[Mention]:
        if document.language not in READ:
            return
        report = Report(document, words(document), gazetteer, persons(document))
        peoples = tuple(_peoples(report))
        report.home.update(feature.removeprefix("country:") for _, feature in peoples if feature.startswith("country:"))
        names = known_names(report)
        report.home.update(_lands(names, report))
        chosen = _chosen(names, report)
        yield from (_mention(name, report) for name in chosen)
        taken = {position for name in chosen for position in range(name.first, name.last)}
        yield from (_respelt(found, report) for found in spelt_otherwise(report, taken, {position for position, _ in peoples}))
        yield from (_people(report, position, feature) for position, feature in peoples if position not in taken)

    return recognise


def _peoples(report: Report) -> Iterator[tuple[int, str]]:
    """Words for the people and things of a place: position and feature."""
    for position, word in enumerate(report.words):
        if report.language == "es" and word.capital and not word.first:
            continue  # Siria is the country, siria the adjective
        if feature := demonym_of(word.text, report.language):
            yield position, feature


def _lands(names: Iterable[Name], report: Report) -> Counter[str]:
    """The countries that a report names, and those of big towns that have no namesake abroad."""
    votes: Counter[str] = Counter()
    towns: Counter[str] = Counter()
    for name in names:
        if name.first in report.people or is_plain(name, report):
            continue
        if name.foreign:
            votes.update(name.lands)
        elif len(name.info.countries) == 1 and ("country" in name.info.kinds or (name.info.population >= FAMOUS and not name.bent)):
            votes.update(name.info.countries)
        elif len(name.info.countries) == 1 and name.info.population >= SETTLED:
            towns.update(name.info.countries)
    votes.update({land: count for land, count in towns.items() if count >= MANY})
    return votes


def _chosen(names: Sequence[Name], report: Report) -> list[Name]:
    """The names that are kept: the sure ones first, then those that stand beside them or are named again."""
    for name in names:
        name.score = score(name, report)
    kept = _apart(name for name in names if name.score >= KEPT)
    begins, ends = {name.first for name in kept}, {name.last for name in kept}
    sure = {fold(name.name) for name in kept}
    for name in names:
        if _beside(name, report, begins, ends):
            name.score += BESIDE
        if fold(name.name) in sure and report.people.isdisjoint(range(name.first, name.last)) and name.score > KEPT + NEVER:
            name.score = max(name.score, KEPT)
    return _apart(name for name in names if name.score >= KEPT)


def _beside(name: Name, report: Report, begins: set[int], ends: set[int]) -> bool:
    """Whether the name stands in a list beside a name that is kept: "Gao et Kidal", "حمص وحماة"."""
    before, after = name.first, name.last
    found = report.words
    if before and found[before - 1].key in AND:
        before -= 1
    if after < len(found) and found[after].key in AND:
        after += 1
    near_before = before in ends and found[before - 1].sentence == found[name.first].sentence
    return near_before or (after in begins and found[after].sentence == found[name.first].sentence)


def _apart(names: Iterable[Name]) -> list[Name]:
    """Longest first, then the better; no two share a word."""
    taken: set[int] = set()
    kept: list[Name] = []
    for name in sorted(names, key=lambda name: (name.first - name.last, -name.score, name.first)):
        if taken.isdisjoint(range(name.first, name.last)):
            taken.update(range(name.first, name.last))
            kept.append(name)
    return sorted(kept, key=lambda name: name.first)


def _mention(name: Name, report: Report) -> Mention:
    start = _article(name, report)
    lost = name.asked == "water" and "water" not in name.info.kinds  # a river that the gazetteer lacks is not the town of its name
    return Mention(
        document_id=report.document.id, start=start, end=name.end, text=report.document.text[start : name.end],
        kind=_kind(name, report), use=_use(name, report), recogniser="languages", score=round(min(1.0, name.score / 2 / KEPT), 3),
        name=f"{name.asked} {name.name}" if lost else name.name,
    )


def _respelt(found: Spelling, report: Report) -> Mention:
    return Mention(
        document_id=report.document.id, start=found.start, end=found.end, text=report.document.text[found.start : found.end],
        kind=found.kind, recogniser="languages", score=0.5, name=found.name,
    )


def _article(name: Name, report: Report) -> int:
    """Where the name begins with its Arabic article: "Ель-Генейна", "el-Bab"."""
    if not name.first or name.foreign or report.language == "ar":
        return name.start
    before = report.words[name.first - 1]
    return before.start if before.key in ARTICLES and report.document.reading[before.end : name.start] in {"-", "‐"} else name.start


def _people(report: Report, position: int, feature: str) -> Mention:
    word = report.words[position]
    kind = _KINDS.get(report.gazetteer.get(feature).kind, "country")
    return Mention(
        document_id=report.document.id, start=word.start, end=word.end, text=report.document.text[word.start : word.end],
        kind=kind, use="demonym", recogniser="languages", name=english_demonym().get(feature, word.text),
    )


def _kind(name: Name, report: Report) -> Kind:
    """The kind that the text asks for, else that of the most important place of this name."""
    kinds = name.info.kinds
    if name.asked in kinds or name.asked == "water":
        return _KINDS[str(name.asked)]
    if len(kinds) > 1 and (hits := report.gazetteer.search(name.name, limit=1)):
        return hits[0].feature.kind
    return _KINDS[next(iter(kinds), "other")]


def _use(name: Name, report: Report) -> Use:
    """A country or capital that speaks, or that an army or ministry bears in its name, stands for those who act."""
    if "country" not in name.info.kinds and not any(hit.feature.code == "PPLC" for hit in report.gazetteer.search(name.name, limit=2)):
        return "literal"
    found, language = report.words, report.language
    sentence = found[name.first].sentence
    speech, organisations = vocabulary(language, "speech"), vocabulary(language, "org")
    after = [word.key for word in found[name.last : name.last + 3] if word.sentence == sentence]
    before = [word.key for word in found[max(0, name.first - 2) : name.first] if word.sentence == sentence]
    if language == "tr" and after and after[0] in organisations:
        return "metonym"
    if language != "tr" and set(before[-2:] if language in ("ru", "uk") else before[-1:]) & organisations.whole:
        return "metonym"
    if is_led(name, report):
        return "literal"
    opens = len(before) < 2 and not name.bent and (not before or before[-1] in vocabulary(language, "link"))
    if opens and "country" in name.info.kinds and language in _SUBJECT_FIRST:
        return "metonym"  # a country that begins a sentence does something
    spoken = {" ".join(after[:2]), *after[:2]} if language != "ar" else {*after[:1], *before[-1:]}
    return "metonym" if any(words in speech for words in spoken) else "literal"

"""Which place each name means, and why: an ordered chain of named passes over the candidates.

The names of one document are settled together. Each pass of `geo.passes` looks at one name with its candidates and at what has
been settled so far, and either chooses, giving its reason, or leaves the name to the next pass. Candidates not chosen are kept as
rivals. "None of these" is an answer too: such a mention belongs to no place and stays unresolved.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.asked import asked_kind, has_article
from geo.asked_languages import asked_in
from geo.certainty import certain
from geo.coordinate_passes import COORDINATE_PASSES
from geo.coordinates import fix_of
from geo.demonyms import demonyms
from geo.foreign import evened, looked_up
from geo.names import fold, skeleton
from geo.namesakes import told_apart
from geo.nested_names import hits_inside
from geo.outlets import votes
from geo.own_passes import OWN_PASSES
from geo.passes import PASSES, Pass
from geo.points import is_point, precision
from geo.questions import Choice, Evidence, Question
from geo.recognition import is_toponym
from geo.records import Candidate, Document, Feature, Hit, Mention, Place
from geo.runs import scene
from geo.tokens import Token, cues

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["candidates", "precision_of", "questions_of", "resolve"]

RIVALS = 5  # candidates not chosen that a place keeps
SEARCHED = 60  # candidates of one name; "San Antonio" and "Springfield" have more, all of them villages
LANDS = 3  # countries of a report in which other spellings of a name are looked for
SPELT = 4  # letters that a name needs before another spelling may be tried
_DROPPED = frozenset({"City", "Town", "West", "East", "North", "South"})
_WITH_ARTICLE = frozenset({"water", "region"})  # kinds whose names are written with "the": the Dnipro, the Sahel
_SETTLED = ("populated", "admin", "base")
BIG = 100_000  # inhabitants of a city that is not mistaken for a country spelt almost alike: Columbia is not Colombia
SLACK = 0.04  # a name written with or without its article may be the one meant; a name of another place may not


def candidates(mentions: Iterable[Mention], *, gazetteer: Gazetteer) -> tuple[Candidate, ...]:
    """Return the features that each name may mean; a name that occurs twice is searched once, for its first mention.

    Examples
    --------
    >>> from geo.gazetteer import open_gazetteer
    >>> named = Mention(document_id="d", start=0, end=5, text="Idlib", kind="populated")
    >>> sorted({found.feature.kind for found in candidates([named], gazetteer=open_gazetteer())})[:2]
    ['admin', 'populated']
    """
    named = tuple(mention for mention in mentions if is_toponym(mention))
    lands = _lands(named, gazetteer)
    first = {_key(mention): mention for mention in reversed(named)}
    return tuple(
        Candidate(mention=mention, feature=hit.feature, match=hit.match, similarity=hit.similarity)
        for mention in sorted(first.values(), key=lambda mention: mention.start)
        if mention.use != "demonym"
        for hit in _hits(mention, lands, gazetteer)
    )


def _hits(mention: Mention, lands: Sequence[str], gazetteer: Gazetteer) -> list[Hit]:
    """What a name may mean: in the whole world, then as another spelling in the countries of the report, then without its generic word."""
    found = list(evened(mention, gazetteer.search(looked_up(mention), limit=SEARCHED)))
    if mention.kind in {"road", "water", "region", "country"} or any(hit.feature.country in lands for hit in found):
        return found
    for land in lands:
        if len(fold(looked_up(mention))) >= SPELT:
            found += evened(mention, gazetteer.search(looked_up(mention), country=land, kinds=_SETTLED, limit=5))
    words = mention.text.split()
    if not found and len(words) > 1 and words[-1] in cues("head_base") | cues("head_region") | _DROPPED:
        shorter = " ".join(words[:-1])
        found = [replace(hit, match="fuzzy", similarity=0.7) for land in lands for hit in gazetteer.search(shorter, country=land, limit=3)]
    if not found:
        found = hits_inside(looked_up(mention), anything=mention.kind == "other", lands=lands, gazetteer=gazetteer)
    known: set[str] = set()
    return [hit for hit in found if not (hit.feature.id in known or known.add(hit.feature.id))]  # type: ignore[func-returns-value]


def _lands(mentions: Sequence[Mention], gazetteer: Gazetteer) -> tuple[str, ...]:
    """The countries that a report names most, by name or by demonym."""
    votes: Counter[str] = Counter()
    for mention in mentions:
        if mention.use == "demonym":
            land = demonyms().get(fold(looked_up(mention)), "")
            votes[land.removeprefix("country:")] += land.startswith("country:")
        elif hits := gazetteer.search(looked_up(mention), limit=1):
            votes[hits[0].feature.country] += hits[0].feature.kind == "country"
    return tuple(land for land, count in votes.most_common(LANDS) if land and count)


def resolve(
    document: Document,
    candidates: Iterable[Candidate],
    *,
    mentions: Iterable[Mention],
    gazetteer: Gazetteer,
    passes: Sequence[Pass] = (*COORDINATE_PASSES, *OWN_PASSES, *PASSES),
) -> tuple[Place, ...]:
    """Return the places of a document, in the order in which they are first named; one place for one feature.

    Parameters
    ----------
    document
        The report; the words around a name count as evidence ("X, Y", "the city of X", the dateline).
    candidates
        What `candidates` found for the mentions.
    mentions
        What the document names; a mention that no pass settles belongs to no place.
    passes
        The chain, in order; see `geo.passes`.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> from geo.gazetteer import open_gazetteer
    >>> from geo.recognition import recognise
    >>> gazetteer, report = open_gazetteer(), from_text("He flew to Bangor, Maine.")
    >>> named = recognise(report, gazetteer=gazetteer)
    >>> places = resolve(report, candidates(named, gazetteer=gazetteer), mentions=named, gazetteer=gazetteer)
    >>> [(place.feature.name, place.feature.country) for place in places]
    [('Bangor', 'US'), ('Maine', 'US')]
    """
    questions = questions_of(document, tuple(candidates), tuple(mentions))
    home = votes(document, gazetteer=gazetteer)
    evidence = Evidence(document=document, questions=questions, gazetteer=gazetteer, home=home)
    chosen: dict[int, Choice] = {}
    for step in passes:
        for position, question in enumerate(questions):
            if position not in chosen:
                choice = step(question, evidence)
                if choice is not None:
                    evidence.settle(question, choice)
                    chosen[position] = replace(choice, confidence=certain(getattr(step, "__name__", ""), choice.confidence))
    return _places(questions, chosen)


def precision_of(feature: Feature) -> int:
    """Return how precisely a feature locates what happened there, on the scale of UCDP (1 exact ... 7 sea or air)."""
    if is_point(feature.id):
        return precision(feature.id)
    if feature.kind == "admin":
        return 4 if feature.code == "ADM1" or feature.id.startswith("admin1:") else 3
    return {"populated": 1, "base": 1, "other": 2, "country": 6, "water": 7}.get(feature.kind, 5)


def _key(mention: Mention) -> str:
    return looked_up(mention) if mention.use == "demonym" or fix_of(mention.text) is not None else fold(looked_up(mention))


def questions_of(document: Document, found: tuple[Candidate, ...], mentions: tuple[Mention, ...]) -> tuple[Question, ...]:
    """One question for each name and kind asked, and each place of it that the text tells apart: "Idlib" and "Idlib province" are two."""
    by_key: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in found:
        by_key[_key(candidate.mention)].append(candidate)
    read = scene(document).tokens
    at = {token.start: position for position, token in enumerate(read)}
    grouped: dict[tuple[str, str], list[Mention]] = defaultdict(list)
    apart: dict[tuple[str, str, int], list[Mention]] = defaultdict(list)
    named = [mention for mention in mentions if is_toponym(mention)]
    other_place = told_apart(document, named, {mention.start: by_key.get(_key(mention), ()) for mention in named})
    for mention in named:
        key, asked = _key(mention), _asked(document, read, at, mention) or ""
        if asked == "the":
            best = max((c.similarity for c in by_key[key]), default=0.0)
            kinds = [c.feature.kind for c in by_key[key] if c.similarity >= best - 2 * SLACK]
            asked = next((kind for kind in kinds if kind in _WITH_ARTICLE), "")
        if mention.start in other_place:
            apart[key, asked, other_place[mention.start]].append(mention)
        else:
            grouped[key, asked].append(mention)
    for key in {key for key, _ in grouped}:
        _tell_apart(grouped, key)
    split = [*grouped.items(), *(((key, asked), group) for (key, asked, _), group in apart.items())]
    return tuple(_question(key, asked, tuple(group), tuple(by_key.get(key, ()))) for (key, asked), group in split)


def _tell_apart(grouped: dict[tuple[str, str], list[Mention]], key: str) -> None:
    """Where a report tells "the city of Idlib" from "the Idlib region", the bare name is the region."""
    if {(key, "populated"), (key, "admin"), (key, "")} <= grouped.keys():
        grouped[key, "admin"] = sorted([*grouped[key, "admin"], *grouped.pop((key, ""))], key=lambda mention: mention.start)


def _question(key: str, asked: str, mentions: tuple[Mention, ...], found: tuple[Candidate, ...]) -> Question:
    """The candidates of the kind asked for, where there are any, a city before a country spelt otherwise.

    A place whose name sounds like the one written stands before a place of its country that only once bore it: Sloviansk is not Nikopol.
    The rest are rivals only.
    """
    best = max((candidate.similarity for candidate in found), default=0.0)
    slack = 2 * SLACK if asked in _WITH_ARTICLE else SLACK
    sound = skeleton(mentions[0].text)

    def close(c: Candidate) -> bool:
        """Whether a name is near enough: that of a city may be spelt another way where it sounds the same (Zaporizhzhya)."""
        known = c.feature.population >= BIG and skeleton(c.feature.name) == sound
        return c.similarity >= best - (2 * SLACK if known else slack)

    fit = tuple(c for c in found if c.feature.kind == asked and close(c)) or found
    cities = max((c.feature.population for c in fit if c.feature.kind == "populated" and c.similarity >= best - SLACK), default=0)
    if cities >= BIG and not mentions[0].text.isupper():
        fit = tuple(c for c in fit if c.feature.kind != "country" or c.similarity >= best - SLACK)
    alike = {c.feature.country for c in fit if c.feature.kind == "populated" and skeleton(c.feature.name) == sound}
    fit = tuple(c for c in fit if c.feature.kind != "populated" or c.feature.country not in alike or skeleton(c.feature.name) == sound)
    others = tuple(candidate for candidate in found if candidate not in fit)
    return Question(key=key, asked=asked, mentions=mentions, candidates=fit, others=others)


def _asked(document: Document, read: Sequence[Token], at: dict[int, int], mention: Mention) -> str | None:
    """The kind asked for, where it tells two places of one name apart; a demonym asks for nothing."""
    if mention.name and mention.use != "demonym":
        return asked_in(document, mention.start, mention.end) or ("water" if mention.kind == "water" else None)
    if mention.use == "demonym" or mention.start not in at:
        return "country" if mention.use == "demonym" else None
    first = last = at[mention.start]
    while last < len(read) and read[last].start < mention.end:
        last += 1
    return asked_kind(read, first, last) or ("the" if has_article(read, first, last) else None)


def _places(questions: Sequence[Question], chosen: dict[int, Choice]) -> tuple[Place, ...]:
    grouped: dict[str, list[tuple[Question, Choice]]] = defaultdict(list)
    for position, choice in chosen.items():
        if choice.feature is not None:
            grouped[choice.feature.id].append((questions[position], choice))
    places = [_place(answers) for answers in grouped.values()]
    return tuple(sorted(places, key=lambda place: place.mentions[0].start))


def _place(answers: Sequence[tuple[Question, Choice]]) -> Place:
    question, best = max(answers, key=lambda answer: answer[1].confidence)
    assert best.feature is not None
    others = [candidate for candidate in (*question.candidates, *question.others) if candidate.feature.id != best.feature.id]
    return Place(
        id=best.feature.id, feature=best.feature, reason=best.reason, confidence=round(best.confidence, 3),
        precision=precision_of(best.feature),
        mentions=tuple(sorted((mention for asked, _ in answers for mention in asked.mentions), key=lambda mention: mention.start)),
        rivals=tuple(others[:RIVALS]),
    )

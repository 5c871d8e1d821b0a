"""Doing no harm: a situation in which no place is finer than some kilometres or a district, for maps that leave the house.

A village, a base or a pair of coordinates can cost lives. `blurred` makes a new situation before anything is written, so that no format
can forget it: a place becomes the middle of its cell or its district, recipes are rewritten and the zones drawn anew from them, so that
nothing that is drawn or kept was derived from where the place was. A town as wide as the blur keeps its name and moves like the others.

The text goes along in a version of its own. It could have been left out, but a map without its sentences has no evidence; and a map beside
which the text still names the village has hidden nothing. So names finer than the blur, names that were not resolved, and coordinates are
replaced: "[place A]". Ids, file names and rivals go too, because each can be looked up or guessed.

What it cannot do: see a place in words that name none ("the only bakery that was still open"), or in a spelling that nothing recognised.
Read the text before it is published; a map that must not be turned back should be made from fewer words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from geo import points, where, zones
from geo.coarse import Blur, Lift
from geo.errors import InputError
from geo.recipes import Named
from geo.records import Claim, Course, Document, Feature, Mention, Phrase, Place, Span
from geo.redaction import Cut, Moved, Names, redacted

if TYPE_CHECKING:
    from geo.situation import Situation

__all__ = ["blurred"]

_PLACELIKE = ("populated", "base", "other", "admin", "region", "water")  # kinds of names that are replaced although nothing resolved them
_UNKNOWN = "a place"
_PRECISION = {True: 2, False: 3}  # of UCDP: within 25 km; a district


def blurred(situation: Situation, blur: Blur) -> Situation:
    """Return a situation whose places are no finer than a blur; blurring it again as far changes nothing.

    Parameters
    ----------
    situation
        What was read, with the exact places.
    blur
        How far; see `geo.coarse.blur_of`.

    Raises
    ------
    InputError
        If the situation stands on an earlier map, whose areas would stay as exact as its publisher drew them.
    """
    if situation.base is not None:
        raise InputError("A map on an earlier map cannot be blurred, because that map's own areas would stay exact; leave out --base.")
    lift = Lift(blur, situation.gazetteer, {place.feature.id: place.feature for place in situation.places})
    labels = _Labels(situation, lift)
    gazetteer: Any = _Relabelled(situation.gazetteer, _features(situation, lift, labels), lift)
    lift.gazetteer = gazetteer  # from here on, what recipes fix is measured on the blurred ground
    texts = _Texts(situation, lift, labels)
    claims = tuple(texts.claim(number, claim) for number, claim in enumerate(situation.claims))
    drawn = zones.draw(claims, gazetteer=gazetteer, as_of=situation.as_of, settings=situation.settings)
    gone = {mention for mention in situation.unresolved if mention.kind in _PLACELIKE}
    return replace(
        situation,
        documents=tuple(texts.documents.values()),
        mentions=tuple(texts.mention(mention) for mention in situation.mentions if mention not in gone),
        places=_merged([texts.place(place) for place in situation.places]),
        phrases=tuple(texts.phrase(phrase) for phrase in situation.phrases),
        claims=claims,
        unresolved=tuple(texts.mention(mention) for mention in situation.unresolved if mention not in gone),
        zones=drawn.zones,
        front_lines=drawn.front_lines,
        title=texts.names.out_of(situation.title),
        gazetteer=gazetteer,
        decisions=(),
        own=(),  # exact, and not from the reports
        notes=tuple(dict.fromkeys((*map(texts.names.out_of, situation.notes), blur.said()))),
    )


class _Relabelled:
    """A gazetteer that calls cells by their labels and finds nothing finer near a point; the rest it leaves to the one it stands on."""

    def __init__(self, gazetteer: Any, features: Mapping[str, Feature], lift: Lift) -> None:
        self.lift = lift
        self.inner: Any = gazetteer.inner if isinstance(gazetteer, _Relabelled) else gazetteer
        self.features: dict[str, Feature] = {**(gazetteer.features if isinstance(gazetteer, _Relabelled) else {}), **features}
        self.view: str = self.inner.view

    def __getattr__(self, name: str) -> Any:
        if name in ("inner", "features", "lift"):  # asked for while it is copied
            raise AttributeError(name)
        return getattr(self.inner, name)

    def get(self, feature_id: str) -> Feature:
        """Return the feature of an id, with its label if it is a cell."""
        return self.features[feature_id] if feature_id in self.features else self.inner.get(feature_id)


    def near(
        self, lon: float, lat: float, *, radius_km: float, kinds: Collection[str] | None = None, limit: int = 20,
    ) -> tuple[tuple[Feature, float], ...]:
        """Return the features near a point: towns that fill a cell in the middle of theirs, and no smaller ones."""
        found = []
        for feature, km in self.inner.near(lon, lat, radius_km=radius_km, kinds=kinds, limit=limit):
            now = self.lift.feature_id(feature.id)
            if now == feature.id:
                found.append((feature, km))
            elif points.is_point(now) and self.lift.keeps_name(feature):
                spot = points.point(now)
                found.append((replace(feature, id=now, lon=spot.lon, lat=spot.lat, names=(), geonameid=None), km))
        return tuple(found)


class _Labels:
    """What each cell or district is called: a district by its name, a cell by the town that fills it, else by a letter and its province."""

    def __init__(self, situation: Situation, lift: Lift) -> None:
        self._lift = lift
        self._words: dict[str, str] = {}
        self._letters: dict[str, str] = {}
        in_order = sorted(situation.places, key=lambda place: _first(situation, place))
        for place in in_order:
            cell = lift.feature_id(place.feature.id)
            if points.is_point(cell) and lift.keeps_name(place.feature):
                self._words.setdefault(cell, place.feature.name)  # a large town, or blurred before
        for place in in_order:
            self.of(lift.feature_id(place.feature.id))

    def of(self, feature_id: str) -> str:
        """The name of a cell or district on the map."""
        if feature_id not in self._words:
            self._words[feature_id] = self._made(feature_id)
        return self._words[feature_id]

    def instead(self, feature_id: str) -> str:
        """What the text says instead of a place's name; the map writes the same beside its sign."""
        word = self.of(feature_id)
        if feature_id in self._lift.units:
            return f"a place in {self._unit(feature_id)}"
        return f"place {self._letters[feature_id]}" if feature_id in self._letters else f"place near {word}"

    def _unit(self, feature_id: str) -> str:
        return where.words(Named(self._lift.units[feature_id]), self._lift.gazetteer)

    def _made(self, feature_id: str) -> str:
        feature = self._lift.gazetteer.get(feature_id)
        if feature_id in self._lift.units or not points.is_point(feature_id):
            return self._unit(feature_id) if feature_id in self._lift.units else feature.name
        letter = self._letters[feature_id] = _letters(len(self._letters))
        unit = self._lift.unit(feature.lon, feature.lat)
        return f"place {letter} in {unit}" if unit else f"place {letter} at sea"


class _Texts:
    """The records of a situation as they stand once its documents are redacted."""

    def __init__(self, situation: Situation, lift: Lift, labels: _Labels) -> None:
        self._lift, self._labels = lift, labels
        hidden = [place.feature for place in situation.places if not lift.keeps_name(place.feature)]
        self._hidden = {feature.id: labels.instead(lift.feature_id(feature.id)) for feature in hidden}
        self._recipes = {phrase: lift.recipe(phrase.where) for phrase in situation.phrases}
        self._where = {claim.id: lift.recipe(claim.where) for claim in situation.claims if claim.where is not None}
        self.names = Names(_names(situation, self._hidden, lift.lifted()))
        self.documents: dict[str, Document] = {}
        self._moved: dict[str, Moved] = {}
        for document in situation.documents:
            cuts = tuple(self._cuts(situation, document))
            made, self._moved[document.id] = redacted(document, cuts, title=self.names.out_of(document.title))
            brief = lift.blur.brief()
            source = made.source if made.source.endswith(brief) else "; ".join(filter(None, (made.source, brief)))
            self.documents[document.id] = replace(made, source=source)

    def mention(self, mention: Mention) -> Mention:
        document, start, end = self._span(mention.document_id, mention.start, mention.end)
        text = document.text[start:end]
        name = mention.name if text == mention.text else ""
        return replace(mention, document_id=document.id, start=start, end=end, text=text, name=name)

    def place(self, place: Place) -> Place:
        feature_id = self._lift.feature_id(place.feature.id)
        mentions = tuple(self.mention(mention) for mention in place.mentions)
        if feature_id == place.feature.id:
            return replace(place, mentions=mentions, reason=self.names.out_of(place.reason), rivals=())
        coarsest = max(place.precision, _PRECISION[bool(self._lift.blur.km)])
        return Place(
            id=feature_id, feature=self._lift.gazetteer.get(feature_id), mentions=mentions,
            reason=self._lift.blur.said().rstrip("."), confidence=place.confidence, precision=coarsest,
        )

    def phrase(self, phrase: Phrase) -> Phrase:
        document, start, end = self._span(phrase.document_id, phrase.start, phrase.end)
        return replace(
            phrase, document_id=document.id, start=start, end=end, text=document.text[start:end], where=self._recipes[phrase],
            reason=self.names.out_of(phrase.reason),
        )

    def claim(self, number: int, claim: Claim) -> Claim:
        """A claim with a number for its id: a hash of the village's name can be guessed."""
        return replace(
            claim,
            id=f"c{number + 1}",
            where=self._where.get(claim.id),
            course=self._course(claim.course) if claim.course is not None else None,
            when=replace(claim.when, words=self.names.out_of(claim.when.words)),
            speaker=self.names.out_of(claim.speaker),
            evidence=tuple(self._evidence(span) for span in claim.evidence),
            reason=self.names.out_of(claim.reason),
            limits=tuple(dict.fromkeys((*map(self.names.out_of, claim.limits), self._lift.blur.said()))),
        )

    def _course(self, course: Course) -> Course:
        origin, goal, along = (self._lift.recipe(end) if end is not None else None for end in (course.origin, course.goal, course.along))
        return replace(course, origin=origin, goal=goal, along=along)

    def _evidence(self, span: Span) -> Span:
        document, start, end = self._span(span.document_id, span.start, span.end)
        return replace(span, document_id=document.id, start=start, end=end, quote=document.text[start:end])

    def _span(self, document_id: str, start: int, end: int) -> tuple[Document, int, int]:
        return self.documents[document_id], *self._moved[document_id].span(start, end)

    def _cuts(self, situation: Situation, document: Document) -> Iterator[Cut]:
        """What is replaced in a document: names of what is finer, names that nothing resolved, descriptions of what is small."""
        kept = []
        for place in situation.places:
            for mention in (mention for mention in place.mentions if mention.document_id == document.id):
                if place.feature.id in self._hidden:
                    yield Cut(mention.start, mention.end, f"[{self._hidden[place.feature.id]}]")
                else:
                    kept.append((mention.start, mention.end))
        for mention in situation.unresolved:
            if mention.document_id == document.id and mention.kind in _PLACELIKE:
                yield Cut(mention.start, mention.end, f"[{_UNKNOWN}]")
        for phrase, recipe in self._recipes.items():
            if phrase.document_id == document.id and isinstance(recipe, Named) and recipe != phrase.where:
                yield Cut(phrase.start, phrase.end, f"[{self._labels.instead(recipe.feature)}]")
        for cut in self.names.cuts(document.text):
            if not any(start < cut.end and cut.start < end for start, end in kept):
                yield cut


def _features(situation: Situation, lift: Lift, labels: _Labels) -> dict[str, Feature]:
    """The cells as features, as the largest town that was lifted there; of what else stands there, a base or a bridge, no kind is said."""
    found: dict[str, Feature] = {}
    for place in sorted(situation.places, key=lambda place: -place.feature.population):
        cell = lift.feature_id(place.feature.id)
        if points.is_point(cell) and cell not in found:
            people = place.feature.population if lift.keeps_name(place.feature) else 0
            known = lift.gazetteer.get(cell)
            found[cell] = replace(
                known, name=labels.of(cell), kind="populated" if place.feature.kind == "populated" else "other", population=people,
                note=lift.blur.said(), source="",
            )
    return found


def _names(situation: Situation, hidden: Mapping[str, str], lifted: tuple[Feature, ...]) -> dict[str, str]:
    """Every name of what is hidden, with what stands for it; not those that something coarser or a party bears too.

    `lifted` are features that only recipes hold, such as the bases that "a naval base on the coast" may mean.
    """
    shown = [place for place in situation.places if place.feature.id not in hidden]
    borne = {name for place in shown for name in (place.feature.name, *(mention.text for mention in place.mentions))}
    borne |= {actor.name for actor in situation.actors}
    found: dict[str, str] = {}
    for place in situation.places:
        word = hidden.get(place.feature.id, "")
        for name in (place.feature.name, *place.feature.names, *(mention.text for mention in place.mentions)):
            if word and name not in borne and any(letter.isalpha() for letter in name):
                found.setdefault(name, word)
    unnamed = [mention.text for mention in situation.unresolved if mention.kind in _PLACELIKE]
    for name in (*unnamed, *(name for feature in lifted for name in (feature.name, *feature.names))):
        if name not in borne:
            found.setdefault(name, _UNKNOWN)
    return found


def _first(situation: Situation, place: Place) -> tuple[int, int]:
    """Where the reports name a place first."""
    order = {document.id: number for number, document in enumerate(situation.documents)}
    return min(((order.get(mention.document_id, 0), mention.start) for mention in place.mentions), default=(len(order), 0))


def _letters(number: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    return (_letters(number // 26 - 1) if number >= 26 else "") + chr(ord("A") + number % 26)


def _merged(places: list[Place]) -> tuple[Place, ...]:
    """One place per feature: the surest, with the mentions of all."""
    by_feature: dict[str, Place] = {}
    for place in places:
        if (known := by_feature.get(place.feature.id)) is not None:
            best = max(known, place, key=lambda one: one.confidence)
            place = replace(best, mentions=(*known.mentions, *place.mentions), precision=max(known.precision, place.precision))
        by_feature[place.feature.id] = place
    return tuple(by_feature.values())

"""What else a name of a report may mean, and what speaks for each: for the person who corrects a reading.

The features that the reading weighed come first, then others of the same name in the gazetteer. What speaks for each is given as facts
(distances to the other places of the text, size, land); the interface says them in its own language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from geo.errors import InputError, SalientError
from geo.names import fold
from geo.points import point_id
from geo.projections import great_circle_km
from geo.ranking import unit_of
from geo.records import Decision, Feature, Mention

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer
    from geo.situation import Situation

__all__ = ["NEAR_KM", "SPOTS", "Rival", "around", "context", "decision", "found", "mention_at", "missed", "reach", "rivals", "spot"]

NEAR_KM = 100.0  # another place of the text within this distance speaks for a rival: as in geo.reasons
SHOWN = 8  # rivals offered at once; a list that fits the drawer without scrolling, and the reading itself keeps five
LONGEST = 80  # characters of a name; the longest of the gazetteer that reports write have some 60
ROUND = 110  # characters of the text shown on each side of a name: two lines of the drawer
NAMED = 2  # places of the text named as near
SPOTS = frozenset({"populated", "base", "other", "admin"})  # kinds whose point says where they are

Scope = Literal["here", "document", "desk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A feature that a name may mean, and what speaks for it.

    Attributes
    ----------
    feature
        The feature itself.
    chosen
        Whether the reading chose it.
    land, unit
        The country and the first-level unit that it lies in, by name; "" where there is none.
    near
        (name, km) of the nearest other places of the text within `NEAR_KM`, the nearest first.
    within
        How many other places of the text lie within `NEAR_KM`.
    in_land
        How many other places of the text lie in its country, that country itself left out.
    land_named, unit_named
        Whether the text names its country, or its first-level unit.
    """

    feature: Feature
    chosen: bool = False
    land: str = ""
    unit: str = ""
    near: tuple[tuple[str, float], ...] = ()
    within: int = 0
    in_land: int = 0
    land_named: bool = False
    unit_named: bool = False


def mention_at(drawn: Situation, document: str, start: int, end: int) -> Mention | None:
    """Return the mention that stands at a span of a text, or that covers its first character; None where there is none."""
    here = [mention for mention in drawn.mentions if mention.document_id == document and mention.start <= start < mention.end]
    return next((one for one in here if (one.start, one.end) == (start, end)), here[0] if here else None)


def missed(drawn: Situation, document: str, start: int, end: int) -> Mention:
    """Return words that the reading took for no name as one, without the spaces round them.

    Raises
    ------
    InputError
        If the span is none of that text, holds no letter, or is longer than a name.
    """
    text = drawn.document(document).text
    words = text[start:end] if 0 <= start < end <= len(text) else ""
    start, words = start + len(words) - len(words.lstrip()), words.strip()
    if not any(letter.isalnum() for letter in words) or len(words) > LONGEST or "\n" in words:
        raise InputError(f"These words are no name; select one name of at most {LONGEST} characters in the text.")
    return Mention(document_id=document, start=start, end=start + len(words), text=words, kind="populated", recogniser="a reader")


def rivals(drawn: Situation, mention: Mention) -> tuple[Rival, ...]:
    """Return what a name may mean: the feature chosen first, then those that lost, then others of that name; at most `SHOWN`.

    Parameters
    ----------
    drawn
        The situation that holds the mention.
    mention
        A name of one of its texts, resolved or not.
    """
    place = next((place for place in drawn.places if mention in place.mentions), None)
    features = [place.feature, *(rival.feature for rival in place.rivals)] if place else []
    features += _searched(drawn, mention.name or mention.text)
    return _weighed(drawn, mention, features, chosen=place.feature.id if place else "")[:SHOWN]


def found(drawn: Situation, mention: Mention, words: str) -> tuple[Rival, ...]:
    """Return the features of another name, such as one that a person types; at most `SHOWN`.

    Parameters
    ----------
    drawn
        The situation that holds the mention.
    mention
        The name that is corrected: what speaks for a feature comes from the text round it.
    words
        What is looked for: a name, or coordinates.
    """
    place = next((place for place in drawn.places if mention in place.mentions), None)
    return _weighed(drawn, mention, _searched(drawn, words), chosen=place.feature.id if place else "")[:SHOWN]


def spot(drawn: Situation, mention: Mention, *, lon: float, lat: float, radius_km: float) -> Rival:
    """Return a spot on the map (degrees, good to `radius_km`) as what a name may mean."""
    feature = drawn.gazetteer.get(point_id(lon, lat, radius_m=1000 * radius_km))
    return _weighed(drawn, mention, [feature], chosen="")[0]


def context(drawn: Situation, mention: Mention) -> tuple[str, str, str]:
    """Return the words before a mention, the mention itself and the words after it, cut at the ends of its line."""
    text = drawn.document(mention.document_id).text
    before, after = text[max(0, mention.start - ROUND) : mention.start], text[mention.end : mention.end + ROUND]
    before, after = before.rpartition("\n")[2], after.partition("\n")[0]
    if len(before) == ROUND:
        before = "…" + before.partition(" ")[2]
    if len(after) == ROUND:
        after = after.rpartition(" ")[0] + "…"
    return before, mention.text, after


def around(drawn: Situation, mention: Mention) -> tuple[Feature, ...]:
    """Return the other places that the same text names, those named most often first."""
    counted: Counter[str] = Counter()
    features: dict[str, Feature] = {}
    name = fold(mention.text)
    for place in drawn.places:
        times = sum(m.document_id == mention.document_id and fold(m.text) != name for m in place.mentions)
        if times and mention not in place.mentions:
            counted[place.feature.id] += times
            features[place.feature.id] = place.feature
    return tuple(features[key] for key, _ in counted.most_common())


def reach(drawn: Situation, target: str, scope: Scope, *, document: str = "") -> tuple[int, int]:
    """Return how many mentions of a situation a decision on some words would touch, and in how many reports.

    Examples
    --------
    A decision "here" is about one mention, whatever else the text says: ``reach(drawn, "Tripoli", "here") == (1, 1)``.
    """
    if scope == "here":
        return 1, 1
    name = fold(target)
    meant = [m for m in drawn.mentions if fold(m.text) == name and (scope == "desk" or m.document_id == document)]
    return len(meant), len({mention.document_id for mention in meant})


def decision(
    mention: Mention, action: str, value: str = "", *, scope: Scope = "here", note: str = "", by: str = "", made: str = ""
) -> Decision:
    """Return the decision on a mention that reaches as far as `scope` says.

    Examples
    --------
    >>> here = Mention(document_id="d", start=4, end=11, text="Tripoli", kind="populated")
    >>> decision(here, "drop", scope="desk").document
    ''
    >>> decision(here, "drop").start
    4
    """
    return Decision(
        target=mention.text, action=action, value=value, scope=scope, document="" if scope == "desk" else mention.document_id,
        start=mention.start if scope == "here" else -1, note=note, by=by, made=made,
    )


def _searched(drawn: Situation, words: str) -> list[Feature]:
    """The features of a name; of a name that nobody bears, those spelt like it in the lands of the situation."""
    words = " ".join(words.split())
    if not words:
        return []
    hits = drawn.gazetteer.search(words, limit=SHOWN * 2)
    lands = Counter(place.feature.country for place in drawn.places if place.feature.country)
    for land, _ in lands.most_common(3):
        if not hits:
            hits = drawn.gazetteer.search(words, country=land, fuzzy=True, limit=SHOWN)
    return [hit.feature for hit in hits]


def _weighed(drawn: Situation, mention: Mention, features: Iterable[Feature], *, chosen: str) -> tuple[Rival, ...]:
    others = around(drawn, mention)
    distinct = tuple({feature.id: feature for feature in features}.values())
    spots = [other for other in others if other.kind in SPOTS and not other.id.startswith("admin1:")]
    km = _distances(distinct, spots)
    return tuple(
        _rival(feature, row, others, spots, chosen=chosen, gazetteer=drawn.gazetteer) for feature, row in zip(distinct, km, strict=True)
    )


def _rival(
    feature: Feature, km: np.ndarray, others: tuple[Feature, ...], spots: list[Feature], *, chosen: str, gazetteer: Gazetteer
) -> Rival:
    beside = sorted(
        (float(away), other.name) for away, other in zip(km, spots, strict=True) if away <= NEAR_KM and other.id != feature.id
    )
    spot = feature.kind not in ("country", "water", "region", "road", "border")
    beside = beside if spot else []
    unit = f"admin1:{unit_of(feature)}" if unit_of(feature) else ""
    land = f"country:{feature.country}" if feature.country else ""
    return Rival(
        feature=feature,
        chosen=feature.id == chosen,
        land=_name(land, gazetteer) if land != feature.id else "",
        unit=_name(unit, gazetteer) if unit != feature.id else "",
        near=tuple((name, away) for away, name in beside[:NAMED]),
        within=len(beside),
        in_land=sum(other.country == feature.country and other.kind != "country" and other.id != feature.id for other in others if land),
        land_named=bool(land) and land != feature.id and any(other.id == land for other in others),
        unit_named=bool(unit) and unit != feature.id and any(other.id == unit for other in others),
    )


def _distances(features: tuple[Feature, ...], others: list[Feature]) -> np.ndarray:
    """Km between features and others, shape (features, others)."""
    if not features or not others:
        return np.zeros((len(features), len(others)))
    mine, theirs = (np.array([[one.lon, one.lat] for one in side]) for side in (features, others))
    return np.asarray(great_circle_km(mine[:, :1], mine[:, 1:], theirs[None, :, 0], theirs[None, :, 1]))


def _name(feature_id: str, gazetteer: Gazetteer) -> str:
    if not feature_id:
        return ""
    try:
        return gazetteer.get(feature_id).name
    except SalientError:
        return feature_id.partition(":")[2]

"""Places in words: what a feature is, where it lies, and what in the text speaks for it."""

from __future__ import annotations

from collections.abc import Sequence

from geo.records import Feature
from geo.rivals import NEAR_KM, Rival
from geo.ui.words import say

__all__ = ["KIND_WORDS", "USE_WORDS", "described", "kind_of", "labels", "named", "speaks_for"]

KIND_WORDS = {
    "populated": "town or village", "admin": "province or district", "country": "country", "road": "road", "base": "base",
    "water": "water", "region": "region", "border": "border", "other": "other place", "actor": "party", "date": "date",
}
USE_WORDS = {"literal": "the place itself", "metonym": "its government", "demonym": "its people or forces"}
CITY, TOWN = 100_000, 5_000  # inhabitants from which on a place is called a city, a town
MANY = 3  # other places nearby from which on their number says more than the names of two


def named(rival: Rival) -> str:
    """Return a place's name with its country; of a spot, its coordinates."""
    feature = rival.feature
    if feature.id.startswith("point:"):
        spot = say("{lat}, {lon}", lat=f"{feature.lat:.3f}", lon=f"{feature.lon:.3f}")
        return f"{spot}, {rival.land}" if rival.land else spot
    return f"{rival.feature.name}, {rival.land}" if rival.land else rival.feature.name


def described(rival: Rival) -> str:
    """Return what a feature is, how many people live there and in which province it lies."""
    feature, people = rival.feature, rival.feature.population
    what = _with_people(feature.code, people) if feature.kind == "populated" and people else kind_of(feature)
    if rival.unit and rival.unit != feature.name:
        what = say("{what} in {unit}", what=what, unit=rival.unit)
    return what


def kind_of(feature: Feature) -> str:
    """Return what kind of place a feature is."""
    if feature.id.startswith("admin1:"):
        return say("province or state")
    if feature.id.startswith("point:"):
        return say("a spot on the map")
    return say("capital") if feature.code == "PPLC" else say(KIND_WORDS.get(feature.kind, "other place"))


def labels(rivals: Sequence[Rival]) -> list[str]:
    """Return the names of places to choose among; of two that read the same, each says what kind of place it is."""
    names = [named(rival) for rival in rivals]
    return [f"{name} ({kind_of(rival.feature)})" if names.count(name) > 1 else name for name, rival in zip(names, rivals, strict=True)]


def speaks_for(rival: Rival) -> str:
    """Return what in the text speaks for a place, or that nothing does."""
    told = []
    if len(rival.near) == 1:
        (name, km), = rival.near
        told.append(say("{km} km from {place}, which the text names too", km=_km(km), place=name))
    elif rival.near:
        (one, km), (two, further) = rival.near[:2]
        told.append(
            say("{km} km from {place} and {further} km from {other}, which the text names too",
                km=_km(km), place=one, further=_km(further), other=two)
        )
    if rival.within >= MANY:
        told.append(say("{count} other places of the text lie within {km} km", count=rival.within, km=round(NEAR_KM)))
    if rival.unit_named:
        told.append(say("the text names {land}, where it lies", land=rival.unit))
    elif rival.land_named:
        told.append(say("the text names {land}, where it lies", land=rival.land))
    if rival.in_land and not rival.near:
        told.append(say("{count} other place of the text lies in {land} | {count} other places of the text lie in {land}",
                        count=rival.in_land, land=rival.land or rival.feature.name))
    return "; ".join(told) or say("no other place of the text lies near it")


def _with_people(code: str, people: int) -> str:
    people = _rounded(people)
    if code == "PPLC":
        return say("capital with {count} inhabitants", count=people)
    if people >= CITY:
        return say("city with {count} inhabitants", count=people)
    if people >= TOWN:
        return say("town with {count} inhabitants", count=people)
    return say("village with {count} inhabitants", count=people)


def _rounded(people: int) -> int:
    """A number of people to three figures: censuses are years old."""
    step: int = 10 ** max(0, len(str(people)) - 3)
    return round(people / step) * step


def _km(km: float) -> int:
    return max(1, round(km))

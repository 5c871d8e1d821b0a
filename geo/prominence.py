"""How likely a bare name means a feature, and in which order the hits of a search stand."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping

from geo.names import plain
from geo.records import Feature, Hit

__all__ = ["importance", "named_hit", "order", "with_extent"]

# Similarity by kind of match; for ordering only, set by hand on the towns of the Idlib report.
_EXACT, _ARTICLE_DIFFERS, _ALIAS = 1.0, 0.97, 0.95
_ALIAS_PENALTY = 0.7  # in units of `importance`: an own name is worth five times the population of another name
_ARTICLE_PENALTY = 0.15
_BY_KIND: Mapping[str, float] = {"country": 10.0, "region": 5.5, "water": 5.5, "road": 5.0, "base": 4.0}
# What only an installed gazetteer holds: streams, islands, hills and camps stand behind the towns of their name, hills behind villages too.
_MINOR: Mapping[str, float] = {"water": 1.0, "region": 2.0, "other": -0.5}
_WORLDLY = frozenset({"RGN", "CONT"})
_SAME_REGION = 4.0  # degrees between the points of two gazetteers for one region; Krajina and Slavonia differ by less than 1
_GONE = 3.0  # how far a state that is gone stands below one that is there


def importance(feature: Feature) -> float:
    """Return how likely a name alone means a feature: about the decimal logarithm of its population; capitals and countries stand above.

    Examples
    --------
    >>> state = Feature(id="country:SY", name="Syria", kind="country", lon=38.5, lat=35.0, population=16_906_283)
    >>> town = Feature(id="geonames:169389", name="Idlib", kind="populated", lon=36.6, lat=35.9, population=128_840)
    >>> importance(state) > importance(town)
    True
    """
    size = math.log10(feature.population + 1)
    if feature.id.startswith("geonames:") and feature.code not in _WORLDLY and feature.kind in _MINOR:
        return _MINOR[feature.kind]
    if feature.kind == "country":
        return _BY_KIND["country"] + size / 10 - (_GONE if feature.code == "PCLH" else 0.0)
    if feature.kind == "admin":
        return 5.5 + size / 10 if feature.code == "ADM1" else size - 1.5
    if feature.code == "CONT":
        return 9.0
    if feature.kind == "populated":
        return size + (1.0 if feature.code == "PPLC" else 0.0)
    return _BY_KIND.get(feature.kind, 3.0)


def named_hit(name: str, feature: Feature, *, rank: int) -> Hit:
    """Return the hit of a feature that bears a name; rank 0 is its own name, 1 another one.

    Examples
    --------
    >>> paso = Feature(id="geonames:5520993", name="El Paso", kind="populated", lon=-106.5, lat=31.8)
    >>> named_hit("El Paso", paso, rank=0).similarity, named_hit("Paso", paso, rank=0).similarity
    (1.0, 0.97)
    """
    if rank:
        return Hit(feature=feature, match="alias", similarity=_ALIAS)
    same = plain(name).removeprefix("the ") == plain(feature.name).removeprefix("the ")
    return Hit(feature=feature, match="exact", similarity=_EXACT if same else _ARTICLE_DIFFERS)


def order(hit: Hit) -> tuple[float, float, str]:
    """Return the sorting key of a hit: names before likenesses, then the more important feature.

    Examples
    --------
    >>> town = Feature(id="geonames:1", name="Gao", kind="populated", lon=0.0, lat=16.3, population=133_110)
    >>> exact, like = Hit(feature=town, match="exact", similarity=1.0), Hit(feature=town, match="fuzzy", similarity=0.8)
    >>> order(exact) < order(like)
    True
    """
    tier = min(hit.similarity, _ALIAS)
    penalty = _ALIAS_PENALTY if hit.match != "exact" else _ARTICLE_PENALTY if hit.similarity < _EXACT else 0.0
    return -tier, penalty - importance(hit.feature), hit.feature.id


def with_extent(hits: Collection[Hit]) -> Iterator[Hit]:
    """Leave out a region that is only a point where one of that name, nearby, has an extent (a row of data/regions.csv)."""
    drawn = [hit.feature for hit in hits if hit.feature.kind == "region" and hit.feature.recipe]
    for hit in hits:
        point = hit.feature.kind == "region" and not hit.feature.recipe and hit.feature.code != "CONT"
        if not (point and any(_close(hit.feature, other) for other in drawn)):
            yield hit


def _close(a: Feature, b: Feature) -> bool:
    return abs(a.lon - b.lon) < _SAME_REGION and abs(a.lat - b.lat) < _SAME_REGION

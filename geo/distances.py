"""How far words reach: the one table of how near "near" is, how deep "along" is and where "northern" begins.

Each value is taken where a text leaves it open; `geo.where.geometry` and `geo.where.bands` take others by name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

__all__ = ["DEFAULTS", "chosen", "town_radius_km"]

DEFAULTS: dict[str, float] = {
    # Towns as discs; the density is a choice by hand that gives the radii named beside it.
    "people_per_km2": 5000.0,  # Idlib (165,000): 3.2 km; Aleppo (1.6 million): 10 km; Kyiv (2.8 million): 13 km
    "least_town_km": 1.0,  # radius of a village
    "unknown_town_km": 1.5,  # radius where the population is not known
    "largest_town_km": 25.0,
    "base_km": 2.0,  # radius of a base, port, crossing or dam; an airfield's fence lies 1 to 3 km from its centre
    "district_km": 15.0,  # radius of a district of which only a point is known
    "region_km": 60.0,  # radius of a region of which only a point is known; always vague
    # Distances that words leave open: choices by hand, checked on the phrases of tests/gold/phrases.csv.
    "around_km": 15.0,  # "around X": beyond the edge of the town or area
    "near_km": 25.0,  # "near X" for something unnamed
    "along_km": 5.0,  # "along the road", "the banks of"
    "border_side_km": 15.0,  # "the Turkish side of the border"
    "coast_km": 10.0,  # "the coast" as an area
    "offshore_km": 40.0,  # "off the coast of": twice the territorial sea
    "sector_km": 40.0,  # "north of X" without a distance: how far from the edge of X
    "road_reach_km": 60.0,  # a named end may lie this far from the road
    "sea_reach_km": 18.0,  # an outline this near to a sea's shape is its coast
    "neighbour_km": 3.0,  # an outline this near to a neighbour is a land border
    "outskirts_km": 3.0,  # beyond the edge of the town
    "corridor_least_km": 2.0,  # half-width of "between X and Y", at least
    # Shares.
    # "northern X" begins half-way between these two cuts; set over 248 towns in or out of 56 parts of countries: 10 are wrong,
    # against 15 with the best share of the area alone and 12 with the best share of the length alone.
    "part_share": 0.36,  # the northernmost 36 % of its area
    "part_extent": 0.64,  # all beyond 64 % of its length from south to north
    "central_share": 0.25,  # "central X" = the inner quarter of its area: the best of .20 to .33 but one over 17 towns of five areas
    "distance_share": 0.2,  # "20 km south of X" = a disc of 4 km
    "corridor_share": 0.15,  # half-width of "between X and Y" as a share of their distance
    "until_reach": 1.6,  # "to the border": the stretch within 1.6 times the shortest way
    "until_margin": 0.15,  # widened by this share of the shortest way; the hull alone misses a crossing 33 km from Idlib by 1 km
    "outskirts_inner": 0.7,  # outskirts begin at this share of the town's radius
}


def chosen(settings: Mapping[str, object]) -> dict[str, float]:
    """Return the distances among some settings, by the names of `DEFAULTS`.

    Examples
    --------
    >>> chosen({"view": "de_jure", "around_km": 5})
    {'around_km': 5.0}
    """
    return {name: float(str(settings[name])) for name in DEFAULTS if settings.get(name) is not None}


def town_radius_km(population: int, *, defaults: Mapping[str, float] = DEFAULTS) -> float:
    """Return the radius of the disc that stands for a town of that many people.

    Examples
    --------
    >>> round(town_radius_km(165_000), 1)
    3.2
    """
    if population <= 0:
        return defaults["unknown_town_km"]
    radius = math.sqrt(population / defaults["people_per_km2"] / math.pi)
    return min(max(radius, defaults["least_town_km"]), defaults["largest_town_km"])

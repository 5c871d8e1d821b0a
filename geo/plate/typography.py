"""How large the words on a page are, by its size."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Type", "type_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """Sizes of letters and distances on a page, in points.

    Attributes
    ----------
    title, subtitle, body, small
        Of the head, and of what stands below and beside the map.
    legend
        Of the legend.
    place, town, unit_name, country, sea
        Of names on the map: those that the report names, those that it does not, first-level units, countries and seas (the largest).
    margin
        Of the page.
    lead
        Distance of two lines, as a share of the letters' size.
    """

    title: float
    subtitle: float
    body: float
    small: float
    legend: float
    place: float
    town: float
    unit_name: float
    country: float
    sea: float
    margin: float
    lead: float = 1.28


# Set by eye on the five briefings at the pixels that people see: nothing under 6.5 points on paper, under 7.5 on a page whose picture is
# 1,280 pixels wide, under 9.5 on a square that is read on a telephone.
_BY_SIZE = {
    name: Type(title=title, subtitle=subtitle, body=body, small=small, legend=legend, place=place, town=town, unit_name=unit_name,
               country=country, sea=sea, margin=margin)
    for name, title, subtitle, body, small, legend, place, town, unit_name, country, sea, margin in (
        ("article", 20, 10, 8, 7.5, 8.8, 10, 8.6, 8, 13, 11.5, 18),
        ("social", 25, 12.5, 9.8, 9.5, 10.8, 11.6, 10, 9.6, 14, 13, 18),
        ("slide", 26, 12.5, 9.4, 8.6, 11, 12, 10.2, 9.6, 16, 14, 24),
        ("a4", 21, 10, 7.4, 6.8, 8.6, 9.4, 8, 7.6, 13, 11.5, 26),
        ("a3", 30, 13.5, 9.6, 8.6, 11.2, 11.6, 9.8, 9.2, 17, 15, 36),
    )
}


def type_of(size: str) -> Type:
    """Return the letters of a size of page; a size without its own has those of an article.

    Examples
    --------
    >>> type_of("a4").small
    6.8
    """
    return _BY_SIZE.get(size, _BY_SIZE["article"])

"""How the resolver asks for a name that is not English: by its dictionary form, with every spelling as good as the English one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from geo.records import Hit, Mention

__all__ = ["evened", "looked_up"]

SURE = 0.95  # similarity of a hit by another name of the place, from which on it is one of its names


def looked_up(mention: Mention) -> str:
    """Return the name that the gazetteer is asked for: the dictionary form where the recogniser found one, else the words themselves.

    Examples
    --------
    >>> looked_up(Mention(document_id="d", start=0, end=8, text="Херсоном", kind="populated", name="Херсон"))
    'Херсон'
    """
    return mention.name or mention.text


def evened(mention: Mention, hits: Iterable[Hit]) -> Iterator[Hit]:
    """Yield the hits of a name; in another language a place is as well named by its name there as by the one that the gazetteer shows.

    Examples
    --------
    >>> from geo.records import Feature
    >>> town = Feature(id="geonames:706448", name="Kherson", kind="populated", lon=32.6, lat=46.6)
    >>> named = Mention(document_id="d", start=0, end=8, text="Херсоном", kind="populated", name="Херсон")
    >>> [hit.similarity for hit in evened(named, [Hit(feature=town, match="alias", similarity=0.95)])]
    [1.0]
    """
    for hit in hits:
        yield replace(hit, match="exact", similarity=1.0) if mention.name and hit.similarity >= SURE else hit

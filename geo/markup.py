"""HTML and SVG built from values: every string that is not markup already is escaped, so that a report's words can do nothing."""

from __future__ import annotations

from collections.abc import Iterable

from geo.annotate import escape

__all__ = ["Markup", "join", "tag"]

_EMPTY = frozenset({"br", "circle", "hr", "line", "meta", "path", "rect"})


class Markup(str):
    """Text that is HTML already; only `tag` and `join` make it."""

    __slots__ = ()


def tag(element: str, *inside: object, **attributes: object) -> Markup:
    """Return an element; what is inside is escaped unless it is `Markup`, attributes always are.

    An attribute of value None is left out; "_" in its name stands for "-", and one at its end is dropped (``class_``).

    Examples
    --------
    >>> tag("p", "1 < 2", tag("b", "so"), class_="x")
    '<p class="x">1 &lt; 2<b>so</b></p>'
    """
    told = "".join(f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"' for name, value in attributes.items() if value is not None)
    return Markup(f"<{element}{told}/>" if element in _EMPTY and not inside else f"<{element}{told}>{join(inside)}</{element}>")


def join(parts: Iterable[object], between: str = "") -> Markup:
    """Return parts one after another, each escaped unless it is `Markup`."""
    return Markup(escape(between).join(str(part) if isinstance(part, Markup) else escape(part) for part in parts))

"""What of an area's recipe can be turned in a form: its places, its distances, its sides, its shares.

A recipe is a tree; each knob names one value in it by the way that leads there. Turning a knob makes a new recipe and leaves the rest as
it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

from geo import recipes
from geo.distances import DEFAULTS
from geo.errors import InputError, SalientError
from geo.recipes import DIRECTIONS, LEAST_SHARE, MOST_SHARE, Named, Where

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["LEAST_KM", "MOST_KM", "Knob", "knobs", "turned"]

LEAST_KM, MOST_KM = 0.1, 1000.0  # of a distance that a form asks for; a recipe may hold more

_COMPASS = tuple(DIRECTIONS)
_WINDS = tuple(name for name in DIRECTIONS if name != "central")


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """One value of a recipe that a person can change.

    Attributes
    ----------
    key
        Names the value in its recipe, as "line.feature"; it stays when the value changes.
    label
        English words for what it is, a key of the interface's messages: "Place", "Road", "Distance (km)" ...
    kind
        "place": `value` is the id of a feature; "km" and "share": a number within `least` and `most`; "choice": one of `allowed`.
    value
        What it is now; where the words leave a distance open, what is taken for it.
    shown
        The value in words: the name of the feature.
    open
        Whether the words leave it open, so that a default counts.
    """

    key: str
    label: str
    kind: Literal["place", "km", "share", "choice"]
    value: str | float
    shown: str = ""
    allowed: tuple[str, ...] = ()
    least: float = 0.0
    most: float = 0.0
    open: bool = False


def knobs(recipe: Where, gazetteer: Gazetteer | None) -> tuple[Knob, ...]:
    """Return what of a recipe can be turned, outermost first; without a gazetteer, ids stand for names.

    Examples
    --------
    >>> from geo import where
    >>> [(knob.label, knob.value) for knob in knobs(where.parse('Direction("geonames:169389", "south", 20)'), None)]
    [('Place', 'geonames:169389'), ('Direction', 'south'), ('Distance (km)', 20.0)]
    """
    return tuple(_told(knob, gazetteer) for knob in _knobs(recipe, ""))


def turned(recipe: Where, knob: Knob, value: str | float) -> Where:
    """Return a recipe with one of its knobs turned; the value that it has already gives the recipe itself.

    Raises
    ------
    InputError
        The recipe has no such knob, or it does not allow the value.

    Examples
    --------
    >>> from geo import where
    >>> recipe = where.parse('Buffer("geonames:169389", 20)')
    >>> where.text(turned(recipe, knobs(recipe, None)[1], 35))
    'Buffer("geonames:169389", 35)'
    """
    known = next((one for one in _knobs(recipe, "") if one.key == knob.key), None)
    if known is None:
        raise InputError(f"The area has nothing called {knob.key!r} to be changed; choose another part of it.")
    checked = _checked(known, value)
    return recipe if checked == known.value else _with(recipe, known.key.split("."), checked)


def _knobs(recipe: Where, way: str) -> Iterator[Knob]:
    """The knobs of a recipe and of those inside it, in the order of its fields."""
    if isinstance(recipe, Named):
        yield Knob(key=f"{way}feature", label="Place", kind="place", value=recipe.feature)
        return
    for field in fields(recipe):
        value = getattr(recipe, field.name)
        key = f"{way}{field.name}"
        if isinstance(value, Where):
            yield from _knobs(value, f"{key}.")
        elif isinstance(value, tuple) and all(isinstance(part, Where) for part in value):
            for number, part in enumerate(value):
                yield from _knobs(part, f"{key}.{number}.")
        elif make := _MAKERS.get((type(recipe).__name__, field.name)):
            yield from make(key, value)


def _place(label: str) -> Callable[[str, object], Iterator[Knob]]:
    """The maker of knobs for the id of a feature, where one is given."""

    def make(key: str, value: object) -> Iterator[Knob]:
        if value:
            yield Knob(key=key, label=label, kind="place", value=str(value))

    return make


def _choice(label: str, allowed: tuple[str, ...]) -> Callable[[str, object], Iterator[Knob]]:
    """The maker of knobs for one of some words; a value that is none of them is left as it is."""

    def make(key: str, value: object) -> Iterator[Knob]:
        if value in allowed:
            yield Knob(key=key, label=label, kind="choice", value=str(value), allowed=allowed)

    return make


def _km(default: str = "") -> Callable[[str, object], Iterator[Knob]]:
    """The maker of knobs for a distance; where the words leave it open, `default` names what is taken."""

    def make(key: str, value: object) -> Iterator[Knob]:
        km = float(str(value)) if value is not None else DEFAULTS[default]
        yield Knob(
            key=key, label="Distance (km)", kind="km", value=km, least=min(LEAST_KM, km), most=max(MOST_KM, km), open=value is None
        )

    return make


def _share(key: str, value: object) -> Iterator[Knob]:
    share = float(str(value)) if value is not None else DEFAULTS["part_share"]
    yield Knob(key=key, label="Share of the area", kind="share", value=share, least=LEAST_SHARE, most=MOST_SHARE, open=value is None)


def _side(key: str, value: object) -> Iterator[Knob]:
    """The side of a strip: of the compass, of the line's course, the sea's, both, or within a country or province."""
    sides = ("", *_WINDS, "left", "right", "sea")
    yield from _choice("Side", sides)(key, value) if value in sides else _place("Side")(key, value)


_MAKERS: dict[tuple[str, str], Callable[[str, object], Iterator[Knob]]] = {
    ("RoadSection", "road"): _place("Road or river"),
    ("RoadSection", "from_"): _choice("From", _WINDS),
    ("RoadSection", "to"): _choice("To", _WINDS),
    ("Section", "from_"): _choice("From", _WINDS),
    ("Section", "to"): _choice("To", _WINDS),
    ("Border", "a"): _place("Border of"),
    ("Border", "b"): _place("Border with"),
    ("Coast", "sea"): _place("Sea"),
    ("Coast", "country"): _place("Coast of"),
    ("Buffer", "km"): _km(),
    ("Strip", "km"): _km(),
    ("Strip", "side"): _side,
    ("Part", "direction"): _choice("Part", _COMPASS),
    ("Part", "share"): _share,
    ("Direction", "bearing"): _choice("Direction", _WINDS),
    ("Direction", "km"): _km("sector_km"),
    ("Side", "side"): _choice("Side", _WINDS),
    ("Around", "km"): _km("around_km"),
    ("Outskirts", "direction"): _choice("Side", ("", *_WINDS)),
}


def _told(knob: Knob, gazetteer: Gazetteer | None) -> Knob:
    """A knob whose feature is named; one that the gazetteer does not hold is shown by its id."""
    if knob.kind != "place" or gazetteer is None:
        return knob if knob.kind != "place" else _named(knob, str(knob.value))
    try:
        feature = gazetteer.get(str(knob.value))
    except SalientError:
        return _named(knob, str(knob.value))
    return _named(knob, ", ".join(filter(None, (feature.name, feature.country if feature.country not in feature.id else ""))))


def _named(knob: Knob, shown: str) -> Knob:
    return Knob(key=knob.key, label=knob.label, kind=knob.kind, value=knob.value, shown=shown)


def _checked(knob: Knob, value: str | float) -> str | float:
    if knob.kind in ("km", "share"):
        if isinstance(value, str | bool) or not knob.least <= float(value) <= knob.most:
            raise InputError(f"{knob.label} takes a number from {knob.least:g} to {knob.most:g}, not {value!r}.")
        return float(value)
    if not isinstance(value, str) or (knob.kind == "choice" and value not in knob.allowed):
        raise InputError(f"{knob.label} cannot be {str(value)[:40]!r}; choose {', '.join(filter(None, knob.allowed)) or 'a place'}.")
    if knob.kind == "place" and not value.strip():
        raise InputError(f"{knob.label} needs the id of a place, such as geonames:169389.")
    return value


def _with(recipe: Where, way: list[str], value: object) -> Where:
    """The recipe with a value put at the end of a way."""
    first, rest = way[0], way[1:]
    old = getattr(recipe, first)
    if not rest:
        made = value
    elif isinstance(old, tuple):
        number = int(rest[0])
        made = tuple(_with(part, rest[1:], value) if at == number else part for at, part in enumerate(old))
    else:
        made = _with(old, rest, value)
    if isinstance(recipe, recipes.Between | recipes.Union | recipes.Intersection):
        return type(recipe)(*made)  # type: ignore[misc]
    return type(recipe)(**{field.name: made if field.name == first else getattr(recipe, field.name) for field in fields(recipe)})

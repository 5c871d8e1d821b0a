"""How a map leaves the house: preset, size, names and the rest that a user chooses for an output, in one value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from geo.errors import InputError

__all__ = ["DEFAULT", "LANGUAGES", "NAMES", "STEPS", "Choices"]

NAMES = ("en", "local", "both")
"""Languages of names: English, that of the place, or both one over the other."""

STEPS = ("", "layers", "dates")
"""Slides: one in all, one more for each layer, or one more for each date of the claims."""

LANGUAGES = ("en", "fr", "es", "ar")
"""Languages of what a web page says of its own; the reports and names keep theirs."""

MOST_DPI = 1200


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a user chooses for an output; every writer takes what concerns it and leaves the rest.

    Parameters
    ----------
    preset
        Of data/symbology.json: "locator", "control", "dots", "humanitarian" or "military".
    size
        Of data/symbology.json: "article", "social", "slide", "a4" or "a3".
    dpi
        Of a PNG, in pixels to the inch; 0 takes that of the size.
    names
        One of `NAMES`.
    basemap
        "offline", "none", or the name of tiles in xyzservices, which a page then fetches; pictures and slides know the first two.
    steps
        One of `STEPS`.
    template
        A PowerPoint file whose layout the slides take.
    own
        Actors on whose side the reader stands, by id, for the frames of the military preset; with none, no party is friend or foe.
    language
        One of `LANGUAGES`, for web pages; the other files are in English.

    Raises
    ------
    InputError
        If a value is none of those allowed.
    """

    preset: str = "control"
    size: str = "article"
    dpi: int = 0
    names: str = "en"
    basemap: str = "offline"
    steps: str = ""
    template: Path | None = None
    own: tuple[str, ...] = ()
    language: str = "en"

    def __post_init__(self) -> None:
        if self.names not in NAMES:
            raise InputError(f"The names are {self.names!r}; choose {', '.join(NAMES)}.")
        if self.language not in LANGUAGES:
            raise InputError(f"The language is {self.language!r}; choose {', '.join(LANGUAGES)}.")
        if self.steps not in STEPS:
            raise InputError(f"The steps are {self.steps!r}; choose {' or '.join(filter(None, STEPS))}.")
        if not 0 <= self.dpi <= MOST_DPI:
            raise InputError(f"The resolution is {self.dpi} pixels to the inch; choose 0 to {MOST_DPI}.")


DEFAULT = Choices()

"""What places are called on the page: in English, as the place writes them, or both, one under the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.local_names import local_name, local_town

if TYPE_CHECKING:
    from geo.choices import Choices
    from geo.situation import Situation

__all__ = ["Names"]

MOST_TOWNS = 700  # of the basemap, the most important first, are asked for their local names: each takes some milliseconds


class Names:
    """The names of a page's places in the language that a user chose.

    Parameters
    ----------
    situation
        Whose places they are.
    choices
        `names` says which.
    """

    def __init__(self, situation: Situation, choices: Choices) -> None:
        self.which = choices.names
        self.gazetteer = situation.gazetteer
        self.of_label: dict[str, str] = {}
        if self.which == "en":
            return
        for place in situation.places:
            local = local_name(place.feature, self.gazetteer)
            for label in (place.feature.name, *(mention.text for mention in place.mentions)):
                self.of_label.setdefault(label, local)

    def label(self, label: str) -> str:
        """A place's label, its English name given; the local name stands on a line of its own where both are asked for."""
        return self._told(label, self.of_label.get(label, ""))

    def on_basemap(self, basemap: dict[str, Any]) -> dict[str, Any]:
        """The basemap with its towns named so; of two names, only capitals and the towns of the reports have both."""
        if self.which == "en":
            return basemap
        asked = [[self._town(*town[:3], capital=bool(town[4])), *town[1:]] for town in basemap["towns"][:MOST_TOWNS]]
        return {**basemap, "towns": [*asked, *basemap["towns"][MOST_TOWNS:]]}

    def _town(self, name: str, lon: float, lat: float, *, capital: bool) -> str:
        if self.which == "both" and not capital:
            return name
        return self._told(name, local_town(name, lon, lat, self.gazetteer))

    def _told(self, name: str, local: str) -> str:
        if not local or local == name:
            return name
        return f"{name}\n{local}" if self.which == "both" else local

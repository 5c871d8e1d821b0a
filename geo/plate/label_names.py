"""Which name a place bears on the map: English, that of the place, or one over the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.local_names import local_name, local_town

if TYPE_CHECKING:
    from geo.plate.scene import Mark, Scene

__all__ = ["Names"]


class Names:
    """The names of a scene in the languages that the user chose."""

    def __init__(self, scene: Scene) -> None:
        self.choice = scene.choices.names
        self.gazetteer: Any = scene.situation.gazetteer
        self.features = {place.id: place.feature for place in scene.situation.places}
        self.by_name: dict[str, Any] = {}
        for place in scene.situation.places:
            for words in (place.feature.name, *(mention.text for mention in place.mentions)):
                self.by_name.setdefault(words, place.feature)

    def of_mark(self, mark: Mark) -> tuple[str, str]:
        """Return the name of a mark, and the second one that stands below it, if any."""
        if self.choice == "en":
            return mark.label, ""
        feature = self.features.get(str(mark.row.id)) or self.by_name.get(mark.label)
        return self._chosen(mark.label, local_name(feature, self.gazetteer) if feature is not None else "")

    def of_town(self, name: str, lon: float, lat: float) -> tuple[str, str]:
        """Return the name of a town of the basemap, and the second one, if any."""
        return (name, "") if self.choice == "en" else self._chosen(name, local_town(name, lon, lat, self.gazetteer))

    def _chosen(self, english: str, local: str) -> tuple[str, str]:
        if not local:
            return english, ""
        return (local, "") if self.choice == "local" else (english, local)

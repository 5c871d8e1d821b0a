"""What can be set: one list that feeds the command line, the app and the README.

A setting that is not in `SETTINGS` does not exist; a test fails on one that the README does not document.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from geo.distances import DEFAULTS as DISTANCES
from geo.errors import SettingError

__all__ = ["DEFAULTS", "SETTINGS", "Setting", "Value", "settings"]

Value = float | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing that can be set: its default, its unit, the values allowed and a line of help.

    `bounds` is (lowest, highest) for a number; `choices` are the words allowed; both empty means a date (ISO) or nothing.
    """

    name: str
    default: Value
    help: str
    unit: str = ""
    bounds: tuple[float, float] | None = None
    choices: tuple[str, ...] = ()

    @property
    def option(self) -> str:
        """The option of the command line: ``--near-km`` for ``near_km``."""
        return "--" + self.name.replace("_", "-")

    def read(self, given: object) -> Value:
        """Return a value that this setting allows.

        Raises
        ------
        SettingError
            If the value is outside the bounds or choices.

        Examples
        --------
        >>> SETTINGS[0].read("de_jure")
        'de_jure'
        """
        if given is None or given == "":
            return self.default
        if self.choices:
            return self._choice(str(given))
        return self._number(given) if self.bounds else self._date(given)

    def allowed(self) -> str:
        """The values allowed, in words."""
        if self.choices:
            return ", ".join(self.choices)
        if self.bounds:
            return f"{self.bounds[0]:g} to {self.bounds[1]:g}" + (f" {self.unit}" if self.unit else "")
        return "a date such as 2020-03-05"

    def _choice(self, given: str) -> str:
        if given not in self.choices:
            raise SettingError(f"{self.name} cannot be {given!r}; choose one of {self.allowed()}.")
        return given

    def _number(self, given: object) -> float:
        assert self.bounds is not None
        try:
            number = float(str(given))
        except ValueError as error:
            raise SettingError(f"{self.name} is {given!r}; it must be a number, {self.allowed()}.") from error
        if not self.bounds[0] <= number <= self.bounds[1]:
            raise SettingError(f"{self.name} is {number:g}; it must lie within {self.allowed()}.")
        return number

    def _date(self, given: object) -> str:
        try:
            return dt.date.fromisoformat(str(given)).isoformat()
        except ValueError as error:
            raise SettingError(f"{self.name} is {given!r}; give {self.allowed()}.") from error


SETTINGS: tuple[Setting, ...] = (
    Setting(
        name="view", default="de_jure", choices=("de_facto", "de_jure", "neutral"),
        help="whose borders are drawn: who holds the land, what international law says, or both sides dashed",
    ),
    Setting(name="as_of", default=None, help="the day that the map describes; the latest date of the reports unless set"),
    Setting(
        name="window", default=None, unit="days", bounds=(1, 36_500),
        help="reports and facts older than this on the day of the map are left out; unless set they count, the older the less",
    ),
    Setting(
        name="cell_km", default=4.0, unit="km", bounds=(1, 25),
        help="largest side of the cells in which control is worked out from points; a small area gets smaller ones",
    ),
    Setting(
        name="near_km", default=30.0, unit="km", bounds=(1, 200),
        help="beyond this distance from any report the map says: no evidence",
    ),
    *(
        Setting(name=name, default=DISTANCES[name], unit="km", bounds=(0.5, 200), help=help)
        for name, help in (
            ("around_km", "how far \"near X\" and \"around X\" reach beyond the edge of X"),
            ("along_km", "how far to each side \"along the road\" and \"the banks of the river\" reach"),
            ("border_side_km", "how deep \"the Turkish side of the border\" and \"near the border\" are"),
            ("coast_km", "how deep inland \"the coast\" is"),
            ("offshore_km", "how far out at sea \"off the coast\" is"),
        )
    ),
    Setting(name="max_mb", default=5.0, unit="MB", bounds=(0.001, 20), help="largest report that is read"),
)
"""Every setting; the order is that of the help and of the README."""

DEFAULTS: Mapping[str, Value] = MappingProxyType({setting.name: setting.default for setting in SETTINGS})
"""The value of each setting where nothing is set."""


def settings(given: Mapping[str, object]) -> dict[str, Value]:
    """Check the values given and fill in the rest.

    Raises
    ------
    SettingError
        If a name is unknown or a value is not allowed.

    Examples
    --------
    >>> settings({"cell_km": "2"})["cell_km"]
    2.0
    """
    names = {setting.name for setting in SETTINGS}
    unknown = sorted(set(given) - names)
    if unknown:
        raise SettingError(f"There is no setting {unknown[0]!r}; the settings are {', '.join(sorted(names))}.")
    return {setting.name: setting.read(given.get(setting.name)) for setting in SETTINGS}

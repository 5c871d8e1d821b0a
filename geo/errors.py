"""What can go wrong, as one tree; every error is also a fitting builtin.

::

    SalientError
    ├── InputError        (ValueError)   a report, table or option that cannot be used as given
    │   ├── NothingToMap  (ValueError)   a readable report that names no place
    │   └── SettingError  (ValueError)   a setting out of its bounds, or unknown
    ├── UnknownPlace      (LookupError)  an id or name that the gazetteer does not hold
    ├── GeometryError     (ValueError)   a shape in the wrong CRS, empty, or impossible to build
    ├── DataError         (OSError)      a shipped or installed data file that is missing or damaged
    └── WorkerLost        (RuntimeError) a process that helped to read many texts, ended by the system

A message is one sentence: what was given, what is allowed, what to do next.
"""

__all__ = ["DataError", "GeometryError", "InputError", "NothingToMap", "SalientError", "SettingError", "UnknownPlace", "WorkerLost"]


class SalientError(Exception):
    """Any error that Salient raises on purpose; its text is meant for the user."""


class InputError(SalientError, ValueError):
    """A report, table or option cannot be used as given."""


class NothingToMap(InputError):
    """The report could be read, but names no place that can be put on a map."""


class SettingError(InputError):
    """A setting is unknown or out of its bounds."""


class UnknownPlace(SalientError, LookupError):
    """The gazetteer holds no feature of that id or name."""


class GeometryError(SalientError, ValueError):
    """A shape is in the wrong CRS, empty, or cannot be built from its recipe."""


class DataError(SalientError, OSError):
    """A data file is missing or damaged."""


class WorkerLost(SalientError, RuntimeError):
    """A process that helped to read many texts was ended by the system."""

"""What the evidence is: tables of who was reported where and when, areas and earlier maps, read and checked.

A table of evidence has one row per report: name, lat, lon (degrees), actor, status (control or contested), date (ISO), confidence (0 to 1).
"""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.errors import InputError
from geo.mapfiles import read_map
from geo.projections import valid

__all__ = ["COLUMNS", "STATUSES", "check_evidence", "read_area", "read_base", "read_evidence", "weight"]

COLUMNS = ("name", "lat", "lon", "actor", "status", "date", "confidence")
STATUSES = ("control", "contested")
LARGEST_MB = 200

_USUAL = 0.9  # confidence of a report that counts as one
_LEAST, _MOST = 0.1, 4.0  # bounds of a report's weight

_log = logging.getLogger(__name__)


def read_evidence(path: str | Path) -> pd.DataFrame:
    """Read a table of evidence (CSV, UTF-8) and check every row.

    Raises
    ------
    InputError
        The file is missing or not a table, a column is missing, or a row holds something that cannot be used; the message names the row.
    """
    file = _file(path, "a table of evidence")
    try:
        frame = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{file} is not a table in CSV and UTF-8 ({_line(error)}); give columns {', '.join(COLUMNS)}.") from error
    return check_evidence(frame, source=str(file))


def check_evidence(frame: pd.DataFrame, *, source: str = "The evidence") -> pd.DataFrame:
    """Return a checked copy of a table of evidence: numbers as numbers, dates as dates (None where empty), statuses known.

    `status` and `confidence` may be missing (control, 0.9), and `date` (undated: as good as today).

    Raises
    ------
    InputError
        A column is missing or a row cannot be used; the message names the row (2 is the first below the header).
    """
    frame = frame.rename(columns=lambda name: str(name).strip().lower()).reset_index(drop=True)
    missing = [name for name in ("lat", "lon", "actor") if name not in frame]
    if missing:
        raise InputError(f"{source} has no column {' or '.join(missing)}; it needs {', '.join(COLUMNS)}.")
    if frame.empty:
        raise InputError(f"{source} has no rows; give at least one report.")
    table = pd.DataFrame({
        "name": _words(frame, "name", ""),
        "lat": _numbers(frame, "lat", source, -90, 90),
        "lon": _numbers(frame, "lon", source, -180, 180),
        "actor": _words(frame, "actor", ""),
        "status": _words(frame, "status", "control").str.lower().replace("", "control"),
        "date": _dates(frame, source),
        "confidence": _numbers(frame, "confidence", source, 0, 1, default=_USUAL),
    })
    _refuse(~table.status.isin(STATUSES), table.status, source, "status", "control or contested")
    _refuse((table.actor == "") & (table.status == "control"), table.actor, source, "actor", "who holds the place")
    return table


def read_area(path: str | Path) -> BaseGeometry:
    """Read the area to be divided (GeoJSON, GeoPackage or shapefile) as one valid polygon in EPSG:4326.

    Raises
    ------
    InputError
        The file is missing, unreadable, or holds no polygon.
    """
    frame = _frame(path, "an area")
    area = _flat(frame.geometry)
    polygons = [valid(shape) for shape in area if shape is not None and shape.area > 0]
    if not polygons:
        raise InputError(f"{path} holds no polygon; give the area to be divided, such as a country's outline.")
    return valid(shapely.union_all(polygons))


def read_base(path: str | Path) -> gpd.GeoDataFrame:
    """Read an earlier map: polygons with a column `actor`, in EPSG:4326; invalid and 3-D shapes are repaired, and the log says so.

    A column `date` or `as_of` tells which day it shows (`date` in the frame; None where it says none): it ages from that day on.

    Raises
    ------
    InputError
        The file is missing, unreadable, or has no polygons with a column `actor`.
    """
    frame = _frame(path, "a base map")
    column = next((name for name in frame.columns if str(name).lower() == "actor"), None)
    if column is None:
        names = ", ".join(map(str, frame.columns.drop("geometry"))) or "none"
        raise InputError(f"{path} has no property actor, which says who held each area; its properties are {names}.")
    shapes = _flat(frame.geometry)
    broken = sum(shape is not None and not shape.is_valid for shape in shapes)
    if broken:
        _log.warning("%s: %d of %d shapes were not valid and have been repaired.", path, broken, len(shapes))
    mended = [valid(shape) if shape is not None else shapely.Polygon() for shape in shapes]
    actor = frame[column].fillna("").astype(str).str.strip()
    base = gpd.GeoDataFrame({"actor": actor, "date": _days(frame)}, geometry=mended, crs=4326)
    base = base[(base.actor != "") & (shapely.area(base.geometry.values) > 0)]
    if base.empty:
        raise InputError(f"{path} holds no polygon with an actor; give areas and who held them.")
    return base.reset_index(drop=True)


def weight(confidence: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much a report counts: the root of its odds against those of a usual report (0.9), from 0.1 to 4.

    A doubtful report (0.3) counts 0.2, a verified one (0.99) 3.3.

    Examples
    --------
    >>> [round(float(w), 1) for w in weight(np.array([0.3, 0.9, 0.99]))]
    [0.2, 1.0, 3.3]
    """
    sure = np.clip(np.asarray(confidence, dtype=float), 0.001, 0.999)
    return np.asarray(np.clip(np.sqrt(sure / (1 - sure) / (_USUAL / (1 - _USUAL))), _LEAST, _MOST))


def _file(path: str | Path, what: str) -> Path:
    file = Path(path)
    if not file.exists():
        raise InputError(f"There is no file {file}; give {what}.")
    if file.is_dir():
        raise InputError(f"{file} is a directory; give a file with {what}.")
    if file.stat().st_size > LARGEST_MB * 1_000_000:
        raise InputError(f"{file} is larger than {LARGEST_MB} MB; give a smaller file.")
    if file.stat().st_size == 0:
        raise InputError(f"{file} is empty; give {what}.")
    return file


def _frame(path: str | Path, what: str) -> gpd.GeoDataFrame:
    _file(path, what)
    return read_map(path).frame


def _flat(shapes: Any) -> list[BaseGeometry | None]:
    return [shapely.force_2d(shape) if shape is not None else None for shape in shapes]


def _days(frame: gpd.GeoDataFrame) -> pd.Series:
    """Return the day that each shape of a map shows, None where none is given that can be read."""
    column = next((name for name in frame.columns if str(name).lower() in ("date", "as_of")), None)
    days = [None] * len(frame) if column is None else [_day(str(value)) for value in frame[column]]
    return pd.Series(days, index=frame.index, dtype=object)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def _words(frame: pd.DataFrame, name: str, default: str) -> pd.Series:
    if name not in frame:
        return pd.Series([default] * len(frame), dtype=object)
    return frame[name].where(frame[name].notna(), "").astype(str).str.strip()


def _numbers(
    frame: pd.DataFrame, name: str, source: str, lowest: float, highest: float, *, default: float | None = None,
) -> pd.Series:
    if name not in frame:
        return pd.Series([default] * len(frame), dtype=float)
    given = frame[name]
    numbers = pd.to_numeric(given, errors="coerce").astype(float)
    if default is not None:
        numbers = numbers.where(~(given.isna() | (given.astype(str).str.strip() == "")), default)
    _refuse(~numbers.between(lowest, highest), given, source, name, f"a number from {lowest:g} to {highest:g}")
    return numbers


def _dates(frame: pd.DataFrame, source: str) -> pd.Series:
    known: dict[str, dt.date | None] = {"": None, "nan": None, "nat": None, "none": None}
    words = _words(frame, "date", "").tolist()
    for row, text in enumerate(words):
        if text not in known:
            try:
                known[text] = dt.date.fromisoformat(text[:10]) if text.lower() not in known else None
            except ValueError as error:
                raise InputError(f"{source}, row {row + 2}: date is {text!r}; give a date such as 2022-11-20.") from error
    return pd.Series([known[text] for text in words], dtype=object)


def _refuse(bad: pd.Series, given: pd.Series, source: str, name: str, allowed: str) -> None:
    if bad.any():
        row = int(np.flatnonzero(np.asarray(bad))[0])
        raise InputError(f"{source}, row {row + 2}: {name} is {str(given.iloc[row])!r}; give {allowed}.")


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:120]

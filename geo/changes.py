"""What changed between two days or two sources: which ground was gained, lost, contested or is no longer reported, on which words.

Both sides are cut into the same pieces (`geo.overlay`), so what one side gains the other way round is lost, and areas add up. A piece so
thin or small that it is a difference of drawing is no change; how much of that there was is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.claim_changes import claim_changes, quotes_of
from geo.errors import InputError
from geo.holdings import Holdings, of_situation
from geo.overlay import Piece, is_sliver, pieces
from geo.projections import area_km2, length_km, valid
from geo.settlements import places_within
from geo.situation import Situation
from geo.tallies import roads_within
from geo.window import OVERTAKEN

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer
    from geo.records import Feature

__all__ = ["AREA_COLUMNS", "CHANGES", "CONTESTED", "TOTAL_COLUMNS", "Changes", "changes"]

CHANGES = ("changed hands", "gained", "lost", "newly contested", "no longer contested", "newly reported", "no longer reported")
"""What may have happened to a piece of ground, in the order in which they are told.

*gained*: nobody was said to hold it, and a report tells of its capture; *newly reported*: nobody was said to hold it; *lost*: a report
says that its holder has left, and names no other; *no longer reported*: nobody says anything of it any more, which is not a loss.
"""

AREA_COLUMNS = (
    "id", "change", "from_actor", "from_name", "to_actor", "to_name", "km2", "width_km", "road_km", "settlements", "largest",
    "before_claims", "after_claims", "before_quotes", "after_quotes", "geometry",
)
TOTAL_COLUMNS = ("actor", "actor_name", "before_km2", "after_km2", "gained_km2", "lost_km2", "slivers_km2")

_OF_SOURCES = {
    "changed hands": "told differently", "gained": "told by {second} only", "newly reported": "told by {second} only",
    "lost": "told by {first} only", "no longer reported": "told by {first} only", "newly contested": "contested after {second}",
    "no longer contested": "contested after {first}", "changed actor": "other actor", "changed status": "other status",
    "new": "told by {second} only", "gone": "told by {first} only",
}
CONTESTED = "contested"  # stands for the holder of contested ground
_GAIN = "gain)"  # what the reason of a claim says of its words where they tell of a capture ("captured" (gain))
_NAMED = 5  # settlements named for each change, the largest
_NEAR_DEGREES = 0.1  # a claim this near to a piece is about it, where none lies in it
PUBLISHERS_KM = 1.0  # by how much the maps of two publishers differ everywhere (design of zones, 6)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Changes:
    """What is different: `areas` (one row per connected piece), `claims`, and `totals` for each actor; km2 are geodesic.

    `notes` are sentences that a reader of the comparison must know.
    """

    before: Holdings
    after: Holdings
    gazetteer: Gazetteer | None
    areas: gpd.GeoDataFrame
    claims: gpd.GeoDataFrame
    totals: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def of_sources(self) -> bool:
        """Whether both sides are of one day: then two sources are compared, and nothing has changed."""
        return self.before.day is not None and self.before.day == self.after.day

    def words(self, change: str) -> str:
        """What to call a change: between two sources of one day nothing was gained or lost, but told by one of them only."""
        return self.phrase(change).format(first=self.before.title, second=self.after.title) if self.of_sources else change

    def phrase(self, change: str) -> str:
        """The same with {first} and {second} still in it, the titles of the two sides, so that it can be said in another language."""
        return _OF_SOURCES[change] if self.of_sources else change


def changes(
    before: Situation | Holdings, after: Situation | Holdings, *, gazetteer: Gazetteer | None = None, within: BaseGeometry | None = None,
) -> Changes:
    """Return what changed from one situation or map to another.

    Parameters
    ----------
    before, after
        The two sides, in EPSG:4326 and drawn to the same borders.
    gazetteer
        Counts settlements and roads; by default that of a situation, else they are not counted.
    within
        Compare only inside this area (EPSG:4326).

    Raises
    ------
    InputError
        The sides were drawn with different border views, so that every border would be a change.
    """
    old, new = (side if isinstance(side, Holdings) else of_situation(side) for side in (before, after))
    if old.view and new.view and old.view != new.view:
        raise InputError(f"The one map has the border view {old.view} and the other {new.view}; draw both with the same --view.")
    gazetteer = gazetteer or next((side.situation.gazetteer for side in (old, new) if side.situation is not None), None)
    cut = [_clipped(side.zones, within) for side in (old, new)]
    found = pieces(*(zones.geometry.to_list() for zones in cut))
    judged = [(piece, _holder(cut[0], piece.before), _holder(cut[1], piece.after)) for piece in found]
    moved = _connected([(piece, a, b) for piece, a, b in judged if a != b])
    real = [change for change in moved if not is_sliver(change[2])]
    told = _Told(old, new, cut)
    rows = [told.row(a, b, part, numbers) for a, b, part, numbers in real]
    rows.sort(key=lambda row: (CHANGES.index(row["change"]), -row["km2"], row["geometry"].bounds))
    for number, row in enumerate(rows):
        row["id"] = f"change:{number}"
    areas = gpd.GeoDataFrame(_counted(rows, gazetteer), columns=list(AREA_COLUMNS), geometry="geometry", crs=4326)
    said = claim_changes(old.claims, new.claims)
    return Changes(
        before=old, after=new, gazetteer=gazetteer, areas=areas, claims=said, totals=_totals(judged, real, told.names),
        notes=_notes(old, new, areas, said, sum(area_km2(part) for _, _, part, _ in moved) - float(areas.km2.sum())),
    )


_Change = tuple[str, str, BaseGeometry, tuple[tuple[int, ...], tuple[int, ...]]]


class _Told:
    """What the claims of both sides say of a piece."""

    def __init__(self, old: Holdings, new: Holdings, cut: Sequence[gpd.GeoDataFrame]) -> None:
        self.cut = cut
        self.claims: tuple[dict[str, Mapping[str, Any]], ...] = tuple({str(r["id"]): r for r in side.claims} for side in (old, new))
        self.names = {row.actor: row.actor_name for zones in cut for row in zones.itertuples() if row.actor}
        self.left = [row for row in new.claims if row["predicate"] == "withdraws" and row["status"] in ("reported", "assessed")]

    def row(self, a: str, b: str, part: BaseGeometry, numbers: tuple[tuple[int, ...], tuple[int, ...]]) -> dict[str, Any]:
        """The row of a change but for what is counted in it."""
        km2 = area_km2(part)
        made = {
            "change": self.kind(a, b, part), "from_actor": a, "from_name": self.name(a), "to_actor": b, "to_name": self.name(b),
            "km2": km2, "width_km": 2 * km2 / length_km(part.boundary), "geometry": part,
        }
        for side, word in enumerate(("before", "after")):
            names = dict.fromkeys(name for zone in numbers[side] for name in self.cut[side].claims.iloc[zone])
            near = self.near(part, list(names), side)
            known = [self.claims[side][name] for name in near if name in self.claims[side]]
            made |= {f"{word}_claims": tuple(near), f"{word}_quotes": quotes_of(known)}
            if side == 1 and made["change"] == "newly reported" and _taken(known, part):
                made["change"] = "gained"
        if made["change"] == "lost":
            gone = self.gone(a, part)
            made |= {"after_claims": tuple(str(claim["id"]) for claim in gone), "after_quotes": quotes_of(gone)}
        return made

    def kind(self, a: str, b: str, part: BaseGeometry) -> str:
        """What happened to a piece that `a` held and `b` holds; empty for nobody."""
        if b == CONTESTED:
            return "newly contested"
        if a == CONTESTED and b:
            return "no longer contested"
        if a and b:
            return "changed hands"
        if b:
            return "newly reported"
        return "lost" if self.gone(a, part) else "no longer reported"

    def gone(self, a: str, part: BaseGeometry) -> list[Mapping[str, Any]]:
        """The claims that the holder of a piece has left it."""
        left = (row for row in self.left if row["actor"] in a.split("|") and row["geometry"] is not None)
        return [row for row in left if row["geometry"].intersects(part)]

    def name(self, key: str) -> str:
        """The names of those who hold a piece."""
        return key if key in ("", CONTESTED) else " and ".join(self.names.get(actor, actor) for actor in key.split("|"))

    def near(self, part: BaseGeometry, names: list[str], side: int) -> list[str]:
        """Of the claims that an area stands on, those about this piece of it; all where none is."""
        shapes = {name: self.claims[side][name]["geometry"] for name in names if name in self.claims[side]}
        for reach in (0.0, _NEAR_DEGREES):
            found = [name for name, shape in shapes.items() if shape is not None and shapely.dwithin(shape, part, reach)]
            if found:
                return found
        return names


def _taken(claims: Sequence[Mapping[str, Any]], part: BaseGeometry) -> bool:
    """Say whether claims tell of the capture of a piece itself: not of towns between which it was inferred."""
    told = [claim["geometry"] for claim in claims if _GAIN in str(claim["reason"]) and claim["geometry"] is not None]
    return len(told) == len(claims) > 0 and bool(shapely.intersection(shapely.union_all(told), part).area > part.area / 2)


def _clipped(zones: gpd.GeoDataFrame, within: BaseGeometry | None) -> gpd.GeoDataFrame:
    if within is None:
        return zones
    shapes = [valid(shapely.intersection(shape, within)) for shape in zones.geometry]
    cut = zones.set_geometry(gpd.GeoSeries(shapes, index=zones.index, crs=4326))
    return cut[shapely.area(cut.geometry.to_numpy()) > 0].reset_index(drop=True)


def _holder(zones: gpd.GeoDataFrame, covering: tuple[int, ...]) -> str:
    """Return who holds a piece: one actor, several with bars between, `CONTESTED`, or nobody ("")."""
    rows = [zones.iloc[number] for number in covering]
    if any(row.layer == CONTESTED for row in rows):
        return CONTESTED
    return "|".join(sorted({str(row.actor) for row in rows}))


def _connected(moved: Sequence[tuple[Piece, str, str]]) -> list[_Change]:
    """Return connected pieces of ground of which the same is true, with the areas of each side that cover them."""
    groups: dict[tuple[str, str], list[Piece]] = {}
    for piece, a, b in moved:
        groups.setdefault((a, b), []).append(piece)
    found: list[_Change] = []
    for (a, b), mine in groups.items():
        tree = shapely.STRtree([piece.geometry for piece in mine])
        for part in shapely.get_parts(valid(shapely.union_all([piece.geometry for piece in mine]))):
            if part.geom_type == "Polygon":
                inner = [mine[n] for n in tree.query(part) if part.covers(shapely.point_on_surface(mine[n].geometry))]
                sides = (tuple(sorted({n for piece in inner for n in getattr(piece, side)})) for side in ("before", "after"))
                first, second = sides
                found.append((a, b, part, (first, second)))
    return found


def _counted(rows: list[dict[str, Any]], gazetteer: Gazetteer | None) -> list[dict[str, Any]]:
    """Add to each row the roads and settlements in it; quarters of a larger place count with it."""
    places: tuple[Feature, ...] = ()
    roads: BaseGeometry = shapely.LineString()
    if rows and gazetteer is not None:
        ground = valid(shapely.union_all([row["geometry"] for row in rows]))
        places, roads = places_within(ground, gazetteer), roads_within(ground, gazetteer)
    lon, lat = [place.lon for place in places], [place.lat for place in places]
    for row in rows:
        shapely.prepare(row["geometry"])
        inside = [place for place, at in zip(places, shapely.contains_xy(row["geometry"], lon, lat), strict=True) if at]
        row["road_km"] = length_km(shapely.intersection(roads, row["geometry"]))
        row["settlements"], row["largest"] = len(inside), tuple(place.name for place in inside[:_NAMED])
    return rows


def _totals(judged: Sequence[tuple[Piece, str, str]], real: Sequence[_Change], names: Mapping[str, str]) -> pd.DataFrame:
    """Return for each actor what it held, held then, gained and lost: before + gained - lost + slivers = after."""
    held: dict[str, dict[str, float]] = {}

    def add(key: str, column: str, km2: float) -> None:
        for actor in key.split("|"):
            if actor and actor != CONTESTED:
                held.setdefault(actor, dict.fromkeys(TOTAL_COLUMNS[2:], 0.0))[column] += km2

    for piece, a, b in judged:
        km2 = area_km2(piece.geometry)
        add(a, "before_km2", km2)
        add(b, "after_km2", km2)
    for a, b, part, _ in real:
        km2, both = area_km2(part), set(a.split("|")) & set(b.split("|"))
        add("|".join(sorted(set(a.split("|")) - both)), "lost_km2", km2)
        add("|".join(sorted(set(b.split("|")) - both)), "gained_km2", km2)
    rows = [
        {"actor": actor, "actor_name": names.get(actor, actor), **km2,
         "slivers_km2": km2["after_km2"] - km2["before_km2"] - km2["gained_km2"] + km2["lost_km2"]}
        for actor, km2 in sorted(held.items())
    ]
    return pd.DataFrame(rows, columns=list(TOTAL_COLUMNS))


def _notes(
    old: Holdings, new: Holdings, areas: gpd.GeoDataFrame, said: gpd.GeoDataFrame, slivers_km2: float,
) -> tuple[str, ...]:
    told = list(dict.fromkeys(f"{side.title}: {note}" if side.situation else note for side in (old, new) for note in side.notes))
    if not old.drawn_by == new.drawn_by != "":
        narrow = int((areas.width_km < 2 * PUBLISHERS_KM).sum())
        told.append(
            f"{_publishers(old.drawn_by, new.drawn_by)} differ by about {PUBLISHERS_KM:g} km everywhere, whatever happened; {narrow} of "
            f"the {len(areas)} changes are less than {2 * PUBLISHERS_KM:g} km wide and may be no more than that."
        )
    if slivers_km2 > 0.05:
        told.append(f"Differences thinner than 100 m or smaller than 0.1 km2 are left out ({slivers_km2:,.1f} km2 in all).")
    known = {row["id"] for row in old.claims}
    back = {str(row["words"]) for row in new.claims if OVERTAKEN in str(row["reason"]) and row["id"] not in known} - set(said.place)
    if back:
        told.append(f"Changed hands in between, and back by the later day: {', '.join(sorted(back))}.")
    gone = int((areas.change == "no longer reported").sum())
    if gone and not (old.day is not None and old.day == new.day):
        told.append("Ground that is no longer reported is not lost: no report of the later side speaks of it.")
    return tuple(told)


def _publishers(a: str, b: str) -> str:
    if a and b:
        return f"These are maps of two publishers ({a}; {b}): such maps"
    return "If these are maps of two publishers (--base-credit tells): such maps"

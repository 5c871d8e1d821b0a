"""Which geometry a recipe has: areas, strips, sectors and parts, by geodesic and local-plane geometry.

How far words reach stands in `geo.distances`; each value can be overridden by argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache, singledispatch
from typing import TYPE_CHECKING

import shapely
from shapely.geometry import LineString, box
from shapely.geometry import Point as Dot
from shapely.geometry.base import BaseGeometry

from geo import areas, lines, recipes
from geo.coasts import facing
from geo.distances import DEFAULTS, town_radius_km
from geo.errors import GeometryError, InputError
from geo.grounds import downstream, land_round, on_land, on_other_land, within
from geo.hand_drawn import polygon
from geo.neighbours import Itself, neighbours
from geo.projections import buffer_km, split_at_180, valid
from geo.recipe_text import parse, text
from geo.recipes import Named, Where, walk

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer
    from geo.records import Feature

__all__ = ["geometry"]

MAX_DEPTH = 12  # features made of features made of ...; the deepest shipped recipe has 3
_RADII = {"base": "base_km", "admin": "district_km", "region": "region_km", "country": "region_km", "water": "around_km"}
# Figures of the plane, of which only the land is meant.
_FIGURES = (recipes.Box, recipes.Buffer, recipes.Strip, recipes.Direction, recipes.Around, recipes.Between, recipes.Outskirts)
SIMPLER = 0.0002  # degrees for each km of a strip at sea: its shore may lie 2 % of its width off before it is widened
BEYOND_DEGREES = 0.1  # a town farther outside its country's ground (Sukhumi, as it is held) is not held by it
KEPT = 4096  # shapes remembered per gazetteer and table of defaults


def geometry(where: Where, gazetteer: Gazetteer, *, defaults: Mapping[str, float] | None = None) -> BaseGeometry:
    """Return the shape of a recipe in EPSG:4326 degrees: valid, non-empty, cut at the antimeridian.

    Raises
    ------
    GeometryError
        The recipe has no shape: parts that do not meet, an end far from the road, an unnamed place without candidates.
    UnknownPlace
        The gazetteer does not hold one of its features.
    """
    return _site(Itself(gazetteer), tuple(sorted((defaults or {}).items()))).draw(where)


@dataclass(slots=True)
class _Site:
    """A gazetteer and a table of defaults, with the shapes drawn so far."""

    gazetteer: Gazetteer
    defaults: dict[str, float]
    drawn: dict[object, BaseGeometry] = field(default_factory=dict)
    depth: int = 0

    def draw(self, where: Where | str) -> BaseGeometry:
        """Return the shape of a recipe, remembered."""
        node = Named(where) if isinstance(where, str) else where
        if node in self.drawn:
            return self.drawn[node]
        if self.depth > MAX_DEPTH:
            raise GeometryError(f"{text(node)} is made of features that are made of each other; correct its recipe in the data.")
        self.depth += 1
        try:
            shape = _whole(valid(_draw(node, self)))
            if shape.is_empty:
                raise GeometryError(f"{text(node)} describes no ground: its parts do not meet; change one of them.")
            return self.keep(node, _on_ground(node, split_at_180(shape), self))
        finally:
            self.depth -= 1

    def keep(self, key: object, shape: BaseGeometry) -> BaseGeometry:
        """Remember a shape; the oldest are forgotten first."""
        if len(self.drawn) >= KEPT:
            del self.drawn[next(iter(self.drawn))]
        self.drawn[key] = shape
        return shape


@lru_cache(maxsize=8)
def _site(kept: Itself, overrides: tuple[tuple[str, float], ...]) -> _Site:
    if unknown := [name for name, _ in overrides if name not in DEFAULTS]:
        raise InputError(f"There is no distance called {unknown[0]!r}; known are {', '.join(DEFAULTS)}.")
    return _Site(kept.gazetteer, DEFAULTS | dict(overrides))


@singledispatch
def _draw(where: Where, site: _Site) -> BaseGeometry:
    raise GeometryError(f"{text(where)} has no shape; use one of the recipes of geo.where.")


@_draw.register(Named)
def _draw_named(where: Named, site: _Site) -> BaseGeometry:
    feature = site.gazetteer.get(where.feature)
    if feature.recipe:
        return site.draw(parse(feature.recipe))
    shape = site.gazetteer.shape(feature)
    if shape is None or shape.is_empty:
        raise GeometryError(f"The gazetteer holds no shape for {feature.name} ({feature.id}); give it a recipe or a point.")
    return buffer_km(shape, _radius_km(feature, site.defaults)) if shape.geom_type == "Point" else shape


@_draw.register(recipes.RoadSection)
def _draw_road_section(where: recipes.RoadSection, site: _Site) -> BaseGeometry:
    if not where.road:
        return LineString([_centre_or_shape(end, site).centroid for end in (where.from_, where.to)])
    line = _line(Named(where.road), site)
    start, end = (_road_end(end, line, site) for end in (where.from_, where.to))
    return line if start is None or end is None else lines.section(line, start, end, reach_km=site.defaults["road_reach_km"])


@_draw.register(recipes.Section)
def _draw_section(where: recipes.Section, site: _Site) -> BaseGeometry:
    line = _line(where.line, site)
    start, end = (_road_end(end, line, site) for end in (where.from_, where.to))
    return lines.section(line, start, end, reach_km=site.defaults["road_reach_km"])


@_draw.register(recipes.Border)
def _draw_border(where: recipes.Border, site: _Site) -> BaseGeometry:
    a = site.draw(Named(where.a))
    if where.b:
        shared = lines.shared_border(a, site.draw(Named(where.b)))
        if shared is None:
            raise GeometryError(f"{where.a} and {where.b} share no border; name two neighbours.")
        return shared
    found = [lines.shared_border(a, site.draw(Named(other))) for other in neighbours(where.a, site.gazetteer)]
    kept = [line for line in found if line is not None]
    if not kept:
        raise GeometryError(f"{where.a} has no land border; name a country with neighbours.")
    return shapely.line_merge(shapely.union_all(kept))


@_draw.register(recipes.Coast)
def _draw_coast(where: recipes.Coast, site: _Site) -> BaseGeometry:
    if not where.country:
        return lines.open_edge(site.draw(Named(where.sea)))
    key = ("coast", where.country)
    if key not in site.drawn and site.gazetteer.get(where.country).recipe:
        area = site.draw(Named(where.country))
        shore = lines.without_neighbours(area, [land_round(area, site.gazetteer)], tolerance_km=site.defaults["neighbour_km"])
        if shore is None:
            raise GeometryError(f"{where.country} has no coast; name a region by the sea.")
        site.keep(key, shore)
    if key not in site.drawn:
        others = [site.draw(Named(other)) for other in neighbours(where.country, site.gazetteer)]
        edge = lines.without_neighbours(site.draw(Named(where.country)), others, tolerance_km=site.defaults["neighbour_km"])
        if edge is None:
            raise GeometryError(f"{where.country} has no coast; name a country by the sea.")
        site.keep(key, edge)
    edge = site.drawn[key]
    if not where.sea:
        return edge
    shore = lines.coast(edge, site.draw(Named(where.sea)), tolerance_km=site.defaults["sea_reach_km"])
    if shore is None:
        raise GeometryError(f"{where.country} has no coast on {where.sea}; name a sea that it touches.")
    return shore


@_draw.register(recipes.Buffer)
def _draw_buffer(where: recipes.Buffer, site: _Site) -> BaseGeometry:
    return buffer_km(_centre_or_shape(where.x, site), where.km)


@_draw.register(recipes.Strip)
def _draw_strip(where: recipes.Strip, site: _Site) -> BaseGeometry:
    whole = site.draw(where.line)
    line = lines.outline(whole)
    if whole.geom_type.endswith("Polygon") and where.side in recipes.DIRECTIONS:  # one side of a lake
        return buffer_km(facing(line, whole, _bearing(where.side)), where.km)
    if not where.side:
        return buffer_km(line, where.km, cap="flat")
    if where.side in recipes.DIRECTIONS:
        around = buffer_km(line, where.km, cap="flat")
        return lines.side_of_line(around, line, _bearing(where.side))
    if where.side == "sea":
        return _offshore(where, line, site)
    if where.side in ("left", "right"):
        course = downstream(lines.one_line(line), site.gazetteer)
        return lines.bank(buffer_km(line, where.km, cap="flat"), course, left=where.side == "left")
    return shapely.intersection(buffer_km(line, where.km, cap="flat"), site.draw(Named(where.side)))


@_draw.register(recipes.Part)
def _draw_part(where: recipes.Part, site: _Site) -> BaseGeometry:
    if isinstance(where.x, recipes.Coast) and where.x.country and where.direction != "central":
        return facing(site.draw(where.x), site.draw(Named(where.x.country)), _bearing(where.direction))
    shape = _figure(where.x, site)
    if not shape.geom_type.endswith("Polygon"):
        shape = buffer_km(shape, site.defaults["along_km"])
    if where.direction == "central":
        return areas.inner(shape, share=where.share or site.defaults["central_share"])
    share, extent = (where.share, 1 - where.share) if where.share else (site.defaults["part_share"], site.defaults["part_extent"])
    return areas.part(shape, _bearing(where.direction), share=share, extent=extent)


@_draw.register(recipes.Direction)
def _draw_direction(where: recipes.Direction, site: _Site) -> BaseGeometry:
    shape, toward, defaults = site.draw(where.x), _bearing(where.bearing), site.defaults
    if where.km is None:
        return areas.sector(shape, toward, km=defaults["sector_km"])
    if _is_spot(where.x, site):
        return areas.ahead(_centre_or_shape(where.x, site), toward, km=where.km, share=defaults["distance_share"])
    return areas.band(shape, toward, km=where.km, share=defaults["distance_share"])


@_draw.register(recipes.Between)
def _draw_between(where: recipes.Between, site: _Site) -> BaseGeometry:
    shapes = [site.draw(end) for end in where.ends]
    return areas.between(shapes, share=site.defaults["corridor_share"], least_km=site.defaults["corridor_least_km"])


@_draw.register(recipes.Until)
def _draw_until(where: recipes.Until, site: _Site) -> BaseGeometry:
    area = site.draw(where.x)
    land = areas.swept(area, site.draw(where.line), reach=site.defaults["until_reach"], margin=site.defaults["until_margin"])
    country = _country_of(where.x, site)
    return shapely.intersection(land, site.draw(Named(country))) if country else land


@_draw.register(recipes.Side)
def _draw_side(where: recipes.Side, site: _Site) -> BaseGeometry:
    return lines.side_of_line(site.draw(where.of), _line(where.line, site), _bearing(where.side))


@_draw.register(recipes.Around)
def _draw_around(where: recipes.Around, site: _Site) -> BaseGeometry:
    return buffer_km(site.draw(where.x), site.defaults["around_km"] if where.km is None else where.km)


@_draw.register(recipes.Outskirts)
def _draw_outskirts(where: recipes.Outskirts, site: _Site) -> BaseGeometry:
    toward = _bearing(where.direction) if where.direction else None
    return areas.ring(
        _figure(where.x, site), inside=site.defaults["outskirts_inner"], beyond_km=site.defaults["outskirts_km"], bearing=toward,
    )


@_draw.register(recipes.Union)
def _draw_union(where: recipes.Union, site: _Site) -> BaseGeometry:
    return shapely.union_all(sorted((site.draw(part) for part in where.parts), key=lambda shape: shape.wkb))


@_draw.register(recipes.Difference)
def _draw_difference(where: recipes.Difference, site: _Site) -> BaseGeometry:
    if isinstance(where.b, Named):  # "off the coast of Odesa"
        return shapely.difference(_plane_figure(where.a, site), site.draw(where.b))
    return shapely.difference(site.draw(where.a), site.draw(where.b))


@_draw.register(recipes.Intersection)
def _draw_intersection(where: recipes.Intersection, site: _Site) -> BaseGeometry:
    shape = _figure(where.parts[0], site)
    for part in where.parts[1:]:
        shape = shapely.intersection(shape, _figure(part, site))
    return shape


@_draw.register(recipes.Described)
def _draw_described(where: recipes.Described, site: _Site) -> BaseGeometry:
    if not where.candidates:
        raise GeometryError(f"The text names no {where.kind.replace('_', ' ')}; choose one to put it on the map.")
    return shapely.union_all([site.draw(Named(candidate)) for candidate in where.candidates])


@_draw.register(recipes.Box)
def _draw_box(where: recipes.Box, site: _Site) -> BaseGeometry:
    east = where.east if where.east > where.west else where.east + 360
    return split_at_180(box(where.west, where.south, east, where.north))


@_draw.register(recipes.Drawn)
def _draw_drawn(where: recipes.Drawn, site: _Site) -> BaseGeometry:
    return split_at_180(polygon(where))


@_draw.register(recipes.Point)
def _draw_point(where: recipes.Point, site: _Site) -> BaseGeometry:
    return Dot(where.lon, where.lat)


def _figure(where: Where | str, site: _Site) -> BaseGeometry:
    """Return the plane figure of a box, disc or town that is about to be cut, the shape of anything else."""
    node = Named(where) if isinstance(where, str) else where
    return _draw(node, site) if isinstance(node, recipes.Box | recipes.Buffer) or _is_spot(node, site) else site.draw(node)


def _plane_figure(where: Where | str, site: _Site) -> BaseGeometry:
    """Return a disc, or a ring of two, with its part at sea; the shape of anything else."""
    if isinstance(where, recipes.Difference) and all(isinstance(part, recipes.Buffer) for part in (where.a, where.b)):
        return shapely.difference(_draw(where.a, site), _draw(where.b, site))  # type: ignore[arg-type]
    return _draw(where, site) if isinstance(where, recipes.Buffer) else site.draw(where)


def _on_ground(where: Where, shape: BaseGeometry, site: _Site) -> BaseGeometry:
    """Return the part of a figure that its words are about: land, and in one country what lies round or between its places."""
    if isinstance(where, Named):
        feature = site.gazetteer.get(where.feature)
        spot = feature.kind in ("populated", "admin", "region") and not feature.recipe
        return on_land(shape, site.gazetteer) if spot and site.gazetteer.shape(feature).geom_type == "Point" else shape
    at_sea = (isinstance(where, recipes.Strip) and where.side == "sea") or _of_water(where)
    if at_sea or not (isinstance(where, _FIGURES) or (isinstance(where, recipes.Part) and _is_spot(where.x, site))):
        return shape
    if isinstance(where, recipes.Around | recipes.Between | recipes.Outskirts) and (ground := _home(where, site)) is not None:
        return within(shape, ground)
    return on_land(shape, site.gazetteer)


def _of_water(where: Where) -> bool:
    return any(isinstance(node, Named) and node.feature.startswith(("sea:", "lake:")) for node in walk(where))


def _whole(shape: BaseGeometry) -> BaseGeometry:
    """Return only the areas (or without any, only the lines) of a mixed geometry."""
    if shape.geom_type != "GeometryCollection" or shape.is_empty:
        return shape
    parts = [piece for part in shapely.get_parts(shape) for piece in shapely.get_parts(part)]
    highest = max(shapely.get_dimensions(parts))
    return shapely.union_all([part for part in parts if shapely.get_dimensions(part) == highest])


def _radius_km(feature: Feature, defaults: dict[str, float]) -> float:
    if feature.kind == "populated":
        return town_radius_km(feature.population, defaults=defaults)
    return defaults[_RADII.get(feature.kind, "base_km")]


def _bearing(word: str) -> float:
    bearing = recipes.DIRECTIONS[word]
    if bearing is None:
        raise GeometryError(f"{word!r} has no bearing; use a compass word.")
    return bearing


def _is_spot(where: Where | str, site: _Site) -> bool:
    """Say whether a recipe is a town, a base or a point, from whose centre distances are meant."""
    if isinstance(where, Named):
        feature = site.gazetteer.get(where.feature)
        return feature.kind in ("populated", "base") and not feature.recipe
    return isinstance(where, recipes.Point)


def _centre_or_shape(where: Where | str, site: _Site) -> BaseGeometry:
    return _draw(Named(where) if isinstance(where, str) else where, site).centroid if _is_spot(where, site) else site.draw(where)


def _line(where: Where | str, site: _Site) -> BaseGeometry:
    """Return a recipe's shape as a line: an area gives its outline."""
    return lines.outline(site.draw(where))


def _road_end(end: Where | str, line: BaseGeometry, site: _Site) -> BaseGeometry | None:
    if isinstance(end, str):
        return lines.far_end(line, _bearing(end)) if end else None
    return _centre_or_shape(end, site)


def _offshore(where: recipes.Strip, line: BaseGeometry, site: _Site) -> BaseGeometry:
    water = buffer_km(shapely.simplify(line, where.km * SIMPLER), where.km)
    lands = {node.country for node in walk(where) if isinstance(node, recipes.Coast) and node.country}
    for land in sorted(lands | {other for own in lands for other in neighbours(own, site.gazetteer)}):
        water = shapely.difference(water, shapely.clip_by_rect(site.draw(Named(land)), *water.bounds))
    seas = [node.sea for node in walk(where) if isinstance(node, recipes.Coast) and node.sea]
    return shapely.intersection(water, site.draw(Named(seas[0]))) if seas and not lands else water


def _country_of(where: Where | str, site: _Site) -> str:
    """Return the id of the country that all features of a recipe lie in, waters left out; "" where there is none or several."""
    found = set()
    for node in walk(Named(where) if isinstance(where, str) else where):
        if isinstance(node, Named):
            feature = site.gazetteer.get(node.feature)
            if feature.kind != "water" or feature.country:
                found.add(feature.country or feature.code)
        elif isinstance(node, recipes.Border | recipes.Coast):
            found.add("")
    return f"country:{found.pop()}" if len(found) == 1 and "" not in found else ""


def _home(where: Where, site: _Site) -> BaseGeometry | None:
    """Return the country that all features of a recipe lie in, as it is drawn; None where it does not hold one of its towns."""
    country = _country_of(where, site)
    ground = site.draw(Named(country)) if country else None
    named = (site.gazetteer.get(node.feature) for node in walk(where) if isinstance(node, Named))
    towns = [Dot(feature.lon, feature.lat) for feature in named if feature.kind == "populated"]
    if ground is None or any(ground.distance(town) > BEYOND_DEGREES for town in towns):
        return None
    abroad = (town for town in towns if not ground.intersects(town))
    return None if any(on_other_land(town, ground, site.gazetteer) for town in abroad) else ground

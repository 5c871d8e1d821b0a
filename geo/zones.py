"""Which areas the claims describe: zones of the map, the fronts between them and the ground that nobody can tell.

A claim draws what its words say and no more. Reported control of towns on both sides of a front makes a field between them
(`geo.theatre`), which ends where the evidence ends; control of an area is that area, less what more particular claims say of its parts.
Nothing is drawn without a claim.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo import where
from geo.ageing import Ceasefire
from geo.earlier import EarlierMap
from geo.errors import GeometryError, UnknownPlace
from geo.evidence import read_area, read_base, read_evidence
from geo.frames import FRONT_COLUMNS, UNCERTAIN_COLUMNS, ZONE_COLUMNS, Drawn, frame, write
from geo.held import FAR_KM, from_evidence
from geo.projections import area_km2, buffer_km, length_km, valid
from geo.records import Actor, Claim
from geo.theatre import Theatre, opposed, theatres
from geo.truces import ceasefires
from geo.updating import Updated, update

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = [
    "FRONT_COLUMNS", "UNCERTAIN_COLUMNS", "ZONE_COLUMNS", "Drawn", "draw", "from_evidence", "layer_of", "read_area", "read_base",
    "read_evidence", "write",
]

# Set by judgement on the commissioned report and the briefings.
OLD_DAYS = 365  # a fact that ended this long before the day of the map is past
PRESENCE_KM = 3.0  # radius of a base, post or patrol in a town: never the town itself
LARGEST_PRESENCE_KM2 = 400.0  # "forces stationed in the province" fixes no place in it: left to the events
SIEGE_KM = 5.0  # width of the ring around a besieged place
VAGUE_FIGHT_KM2 = 500.0  # "fighting in the province" is somewhere in it: a larger contested area has a faded edge
ALIKE = 2.0  # areas whose sizes differ by less than this factor are equally particular; neither cuts the other

_UNREAL = frozenset({"proposed", "conditional", "intended"})
_DRAWN = frozenset({
    "controls", "contests", "besieges", "withdraws", "hands_over", "proposes", "demands", "bases", "patrols", "supports", "agrees",
})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Shape:
    """What some claims of one actor say of one area, with its geometry."""

    layer: str
    actor: Actor | None
    claims: tuple[Claim, ...]
    geometry: BaseGeometry
    words: str
    vague: bool
    names: str = ""

    @property
    def km2(self) -> float:
        """Area in km2."""
        return area_km2(self.geometry)


def draw(
    claims: Iterable[Claim], *, gazetteer: Gazetteer, as_of: dt.date | None = None, settings: Mapping[str, object] | None = None,
    base: EarlierMap | None = None,
) -> Drawn:
    """Draw the zones of a situation.

    Parameters
    ----------
    claims
        What the reports say; claims without a place and mere events draw no zone.
    gazetteer
        Gives the shapes of their recipes.
    as_of
        The day of the map: later facts are left out, long ended ones are past.
    settings
        `cell_km` (side of a cell of the field) and `near_km` (how far control reaches from a report).
    base
        An earlier map, which the claims bring up to date.
    """
    chosen = dict(settings or {})
    current = _current(claims, as_of)
    shapes = _merged([shape for claim in current for shape in _shapes(claim, gazetteer, as_of)])
    control = [shape for shape in shapes if shape.layer == "control"]
    others = [shape for shape in shapes if shape.layer != "control"]
    calm = ceasefires(current, gazetteer=gazetteer)
    updated, control = _updated(base, control, current, gazetteer, as_of, float(str(chosen.get("cell_km") or 4.0)), calm)
    plays = theatres(
        [shape.claims for shape in control], [shape.claims for shape in others if shape.layer == "contested"], gazetteer=gazetteer,
        as_of=as_of, areas=[shape.geometry for shape in control if not _is_town(shape.claims[0], gazetteer)],
        cell_km=float(str(chosen.get("cell_km") or 4.0)), near_km=float(str(chosen.get("near_km") or FAR_KM)), calm=calm,
    )
    control, disputed = _settled(control, plays)
    rows = [*updated.rows, *(_row(shape) for shape in (*control, *disputed, *others)), *(row for play in plays for row in play.rows)]
    fronts = [*updated.fronts, *(row for play in plays for row in play.fronts)]
    numbered = [{**row, "id": f"zone:{number}"} for number, row in enumerate(rows)]
    unsure = [row for row in numbered if row["layer"] == "uncertain"]
    return Drawn(zones=frame(numbered, ZONE_COLUMNS), front_lines=frame(fronts, FRONT_COLUMNS), uncertain=frame(unsure, UNCERTAIN_COLUMNS))


def _updated(
    base: EarlierMap | None, control: list[_Shape], claims: Iterable[Claim], gazetteer: Gazetteer, as_of: dt.date | None, cell_km: float,
    calm: Sequence[Ceasefire],
) -> tuple[Updated, list[_Shape]]:
    """Return the base map as the claims have it now, and the control that is still to be drawn: what it does not cover or cannot place."""
    if base is None:
        return Updated(rows=(), fronts=(), used=frozenset(), replacing=frozenset(), outline=shapely.Polygon()), control
    areas = [shape for shape in control if not _is_town(shape.claims[0], gazetteer) and not shape.vague]
    left = [claim for claim in claims if claim.predicate == "withdraws"]
    updated = update(
        base, [shape.claims for shape in control], [(s.actor, s.claims, s.geometry) for s in areas if s.actor], left, gazetteer=gazetteer,
        as_of=as_of, cell_km=cell_km, calm=calm,
    )
    rest = [shape for shape in control if not all(claim.id in updated.used for claim in shape.claims)]
    return updated, [s for s in rest if s.claims[0].id in updated.replacing or not s.geometry.intersects(updated.outline)]


def layer_of(claim: Claim, *, as_of: dt.date | None = None) -> str:
    """Return the key of the layer that a claim is drawn in, or "" where it draws no zone (events, denials, relations between actors)."""
    if claim.where is None or claim.status == "denied" or claim.predicate not in _DRAWN:
        return ""
    if claim.status in _UNREAL or claim.predicate in ("proposes", "demands"):
        return "proposed"
    if claim.predicate == "agrees":
        return "past" if claim.status == "past" else "overlay"
    if claim.status == "agreed":
        return "proposed"
    if claim.status == "past" or _ended(claim, as_of):
        return "past" if claim.predicate in ("controls", "contests", "besieges") else ""
    return _layer_of_fact(claim)


def _layer_of_fact(claim: Claim) -> str:
    if claim.predicate in ("contests", "besieges"):
        return "contested"
    if claim.predicate in ("bases", "patrols", "supports"):
        return "influence"
    holder = claim.target if claim.predicate == "hands_over" else claim.actor
    if claim.predicate in ("controls", "hands_over") and holder is not None:
        return "claimed" if claim.status == "claimed" else "control"
    return ""


def _ended(claim: Claim, as_of: dt.date | None) -> bool:
    return as_of is not None and claim.when.end is not None and (as_of - claim.when.end).days > OLD_DAYS


def _current(claims: Iterable[Claim], as_of: dt.date | None) -> tuple[Claim, ...]:
    """Leave out what is later than the map, and control that a later withdrawal or handover has ended."""
    said = (*_UNREAL, "agreed")  # was said on the day of the report, whatever day it is meant for
    known = [c for c in claims if as_of is None or c.when.start is None or c.when.start <= as_of or c.status in said]
    real = [claim for claim in known if claim.status in ("reported", "assessed")]
    left = [claim for claim in real if claim.predicate in ("withdraws", "hands_over") and claim.actor is not None]
    return tuple(claim for claim in known if not any(_ends(later, claim) for later in left))


def _ends(later: Claim, claim: Claim) -> bool:
    if claim.predicate != "controls" or claim.status not in ("reported", "assessed"):
        return False
    if claim.where != later.where or claim.actor != later.actor:
        return False
    return (later.when.start or dt.date.max) >= (claim.when.start or dt.date.min)


def _shapes(claim: Claim, gazetteer: Gazetteer, as_of: dt.date | None) -> list[_Shape]:
    """Return what one claim draws: nothing, its area, or for a siege the ring and what the besieged hold."""
    layer = layer_of(claim, as_of=as_of)
    if not layer or claim.where is None:
        return []
    try:
        ground = where.geometry(claim.where, gazetteer)
        words, vague = where.words(claim.where, gazetteer), where.vague(claim.where, gazetteer)
    except (GeometryError, UnknownPlace) as error:
        _log.info("Claim %s is not drawn: %s", claim.id, error)
        return []
    proposed = claim.predicate in ("proposes", "demands") and claim.status == "proposed"
    holder = claim.target if claim.predicate == "hands_over" or proposed else claim.actor
    made = _Shape(layer=layer, actor=holder, claims=(claim,), geometry=ground, words=words, vague=vague)
    if layer == "influence":
        return _presence(made, gazetteer)
    if claim.predicate == "besieges" and layer == "contested":
        return _siege(made, claim)
    if layer == "contested":
        return [replace(made, vague=vague or made.km2 > VAGUE_FIGHT_KM2)]
    return [made]


def _presence(shape: _Shape, gazetteer: Gazetteer) -> list[_Shape]:
    """Return a presence no larger than the words fix it."""
    if "Line" in shape.geometry.geom_type or shape.claims[0].predicate == "supports":
        return [shape]
    if _is_town(shape.claims[0], gazetteer) or shape.geometry.area == 0:
        words = f"near {shape.words}" if shape.geometry.area else shape.words
        return [replace(shape, geometry=buffer_km(shape.geometry.centroid, PRESENCE_KM), words=words)]
    return [shape] if shape.km2 <= LARGEST_PRESENCE_KM2 else []


def _siege(shape: _Shape, claim: Claim) -> list[_Shape]:
    ring = valid(shapely.difference(buffer_km(shape.geometry, SIEGE_KM), shape.geometry))
    found = [replace(shape, geometry=ring, words=f"around {shape.words}", vague=True)] if not ring.is_empty else []
    if claim.target is not None and claim.target != claim.actor:
        found.append(replace(shape, layer="claimed" if claim.status == "claimed" else "control", actor=claim.target))
    return found


def _merged(shapes: Sequence[_Shape]) -> list[_Shape]:
    """Join the shapes that say the same: same layer, actor, status and area."""
    groups: dict[tuple[str, ...], list[_Shape]] = {}
    for shape in shapes:
        claim = shape.claims[0]
        place = where.text(claim.where) if claim.where else ""
        by = claim.speaker if shape.layer == "proposed" else ""
        key = (shape.layer, shape.actor.id if shape.actor else "", claim.status, claim.predicate, place, by)
        groups.setdefault(key, []).append(shape)
    return [replace(group[0], claims=tuple(dict.fromkeys(c for shape in group for c in shape.claims))) for group in groups.values()]


def _settled(control: Sequence[_Shape], plays: Sequence[Theatre]) -> tuple[list[_Shape], list[_Shape]]:
    """Cut larger areas by more particular ones of another side; what equals dispute is contested by both.

    Claims that a theatre draws are left to it.
    """
    staged = {claim.id for play in plays for claim in play.claims}
    fields = [_Shape(layer="control", actor=a, claims=c, geometry=g, words="", vague=False) for play in plays for a, c, g in play.grounds]
    ordered = sorted((s for s in control if not all(c.id in staged for c in s.claims)), key=lambda s: (s.km2, _latest(s), s.claims[0].id))
    kept: list[_Shape] = []
    disputed: list[_Shape] = []
    for shape in ordered:
        ground = shape.geometry
        for index, finer in enumerate(kept):
            if _against(finer, shape) and ground.intersects(finer.geometry):
                if shape.km2 < ALIKE * finer.km2 and not _later(finer, shape):
                    common = valid(shapely.intersection(ground, finer.geometry))
                    if area_km2(common) > 0 and not _later(shape, finer):
                        disputed.append(_dispute(finer, shape, common))
                    kept[index] = replace(finer, geometry=_less(finer.geometry, ground))
                    ground = ground if _later(shape, finer) else _less(ground, common)
                else:
                    ground = _less(ground, finer.geometry)
        for field in fields:
            if _against(field, shape):
                ground = _less(ground, field.geometry)
        kept.append(replace(shape, geometry=ground))
    return [shape for shape in kept if not shape.geometry.is_empty], disputed


def _against(a: _Shape, b: _Shape) -> bool:
    return a.actor is not None and b.actor is not None and opposed(a.actor, b.actor)


def _latest(shape: _Shape) -> dt.date:
    return max((claim.when.start for claim in shape.claims if claim.when.start), default=dt.date.min)


def _later(a: _Shape, b: _Shape) -> bool:
    """Say whether `a` tells of a later day than `b`."""
    return _latest(b) != dt.date.min and _latest(a) > _latest(b)


def _dispute(a: _Shape, b: _Shape, ground: BaseGeometry) -> _Shape:
    names = " or ".join(sorted(shape.actor.name for shape in (a, b) if shape.actor))
    claims = tuple(dict.fromkeys((*a.claims, *b.claims)))
    words = f"{a.words}: reports disagree on who holds it"
    return replace(a, layer="contested", actor=None, claims=claims, geometry=ground, names=names, words=words)


def _less(ground: BaseGeometry, cut: BaseGeometry) -> BaseGeometry:
    return valid(shapely.difference(ground, cut))


def _is_town(claim: Claim, gazetteer: Gazetteer) -> bool:
    if not isinstance(claim.where, where.Named):
        return False
    try:
        return gazetteer.get(claim.where.feature).kind == "populated"
    except UnknownPlace:
        return False


def _row(shape: _Shape) -> dict[str, Any]:
    """Return the row of the zones frame for a shape."""
    best = max(shape.claims, key=lambda claim: claim.confidence)
    actor = shape.actor
    lines = "Line" in shape.geometry.geom_type
    return {
        "layer": shape.layer, "actor": actor.id if actor else "", "actor_name": shape.names or (actor.name if actor else ""),
        "side": actor.side if actor else "", "colour": actor.colour if actor else "", "status": best.status, "predicate": best.predicate,
        "words": shape.words, "claims": tuple(claim.id for claim in shape.claims),
        "speaker": ", ".join(dict.fromkeys(claim.speaker for claim in shape.claims if claim.speaker)), "confidence": best.confidence,
        "km2": 0.0 if lines else shape.km2, "length_km": length_km(shape.geometry) if lines else 0.0, "vague": shape.vague,
        "geometry": shape.geometry,
    }

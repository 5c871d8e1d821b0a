"""One line for a road that its source draws in many pieces: two carriageways, slip roads, gaps at junctions.

The pieces are a graph. The path between its two ends, taken as the points farthest apart, is the road; what lies beside that path is the
other carriageway; what lies elsewhere is a further part, found in the same way.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

__all__ = ["centreline"]

# Degrees; set by hand so that drawn motorways with carriageways 20 to 500 m apart, cut at every bridge, become one line.
GAP = 0.03  # pieces that end this near to each other belong together
BESIDE = 0.03  # what lies nowhere farther than this from the road is the road
LEAST = 0.05  # further parts that are shorter are slip roads
GAP_COST = 3.0  # a gap counts as longer than a road, so that the path keeps to what is drawn
MOST_PARTS = 40

_Node = tuple[float, float]
_Edge = tuple[_Node, float, int]  # to, cost, piece (or -1 across a gap)


def centreline(lines: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return the pieces of a road (EPSG:4326) as one line, or as few as its real gaps allow.

    Examples
    --------
    >>> east = shapely.LineString([(36.8, 35.0), (36.8, 35.4)])
    >>> west = shapely.LineString([(36.799, 35.8), (36.799, 35.4), (36.799, 35.0)])
    >>> centreline([east, west, shapely.LineString([(36.8, 35.401), (36.8, 35.8)])]).geom_type
    'LineString'
    """
    rest = [piece for piece in shapely.get_parts(shapely.line_merge(shapely.union_all(list(lines)))) if piece.length > 0]
    kept: list[BaseGeometry] = []
    while rest and len(kept) < MOST_PARTS:
        path, used = _path(rest)
        if not kept or path.length >= LEAST:
            kept.append(path)
        rest = [piece for number, piece in enumerate(rest) if number not in used and not _beside(piece, path)]
    return kept[0] if len(kept) == 1 else shapely.line_merge(shapely.MultiLineString(kept))


def _path(pieces: Sequence[BaseGeometry]) -> tuple[BaseGeometry, set[int]]:
    """The way between the two farthest points of the widest connected part of some pieces, and which pieces it uses: one at least."""
    graph = _graph(pieces)
    nodes = max(_connected(graph), key=_extent)
    start, end = _farthest(nodes)
    steps = _shortest(graph, start, end)
    used = {piece for _, piece in steps if piece >= 0}
    if not used:  # a closed ring, or rings beside each other
        alone = max((piece for node in nodes for _, _, piece in graph[node] if piece >= 0), key=lambda piece: pieces[piece].length)
        return pieces[alone], {alone}
    coordinates = [start]
    for node, piece in steps:
        if piece >= 0:
            line = shapely.get_coordinates(pieces[piece]).tolist()
            forward = tuple(line[0]) == coordinates[-1] and tuple(line[-1]) == node
            coordinates += [(x, y) for x, y in (line if forward else line[::-1])[1:]]
        else:
            coordinates.append(node)
    return shapely.LineString(coordinates), used


def _graph(pieces: Sequence[BaseGeometry]) -> dict[_Node, list[_Edge]]:
    graph: dict[_Node, list[_Edge]] = defaultdict(list)
    for number, piece in enumerate(pieces):
        ends = shapely.get_coordinates(piece)
        first, last = (float(ends[0][0]), float(ends[0][1])), (float(ends[-1][0]), float(ends[-1][1]))
        graph[first].append((last, piece.length, number))
        graph[last].append((first, piece.length, number))
    nodes = list(graph)
    points = shapely.points(nodes)
    for one, other in shapely.STRtree(points).query(points, predicate="dwithin", distance=GAP).T:
        if one != other:
            graph[nodes[one]].append((nodes[other], GAP_COST * shapely.distance(points[one], points[other]), -1))
    return graph


def _connected(graph: dict[_Node, list[_Edge]]) -> Iterator[list[_Node]]:
    left = set(graph)
    while left:
        waiting = [left.pop()]
        found = list(waiting)
        while waiting:
            for other, _, _ in graph[waiting.pop()]:
                if other in left:
                    left.remove(other)
                    waiting.append(other)
                    found.append(other)
        yield found


def _extent(nodes: Sequence[_Node]) -> float:
    spread = np.ptp(np.asarray(nodes), axis=0)
    return float(np.hypot(*spread))


def _farthest(nodes: Sequence[_Node]) -> tuple[_Node, _Node]:
    """The two nodes that lie farthest apart; both are corners of the hull."""
    hull = shapely.get_coordinates(shapely.MultiPoint(list(nodes)).convex_hull)
    apart = np.hypot(hull[:, None, 0] - hull[None, :, 0], hull[:, None, 1] - hull[None, :, 1])
    one, other = np.unravel_index(int(apart.argmax()), apart.shape)
    return (float(hull[one][0]), float(hull[one][1])), (float(hull[other][0]), float(hull[other][1]))


def _shortest(graph: dict[_Node, list[_Edge]], start: _Node, end: _Node) -> list[tuple[_Node, int]]:
    """The steps (node, piece) of the shortest way, after Dijkstra."""
    came: dict[_Node, tuple[_Node, int]] = {}
    best = {start: 0.0}
    waiting = [(0.0, start)]
    while waiting:
        cost, node = heapq.heappop(waiting)
        if node == end:
            break
        if cost > best[node]:
            continue
        for other, length, piece in graph[node]:
            if cost + length < best.get(other, np.inf):
                best[other], came[other] = cost + length, (node, piece)
                heapq.heappush(waiting, (cost + length, other))
    steps: list[tuple[_Node, int]] = []
    while end != start:
        before, piece = came[end]
        steps.append((end, piece))
        end = before
    return steps[::-1]


def _beside(piece: BaseGeometry, path: BaseGeometry) -> bool:
    places = shapely.points(shapely.get_coordinates(shapely.segmentize(piece, BESIDE)))
    return bool(shapely.distance(places, path).max() <= BESIDE)

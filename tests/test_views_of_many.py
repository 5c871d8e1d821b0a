"""The heaviest cluster, which the first view shows: the same as by asking every pair, and quick for many points."""

from __future__ import annotations

import math
import random
import time

import numpy as np
import pytest
from shapely import Point, box
from shapely.geometry.base import BaseGeometry

from geo import situation, views
from geo.documents import from_text
from geo.gazetteer import open_gazetteer
from geo.layers import layers


def by_asking_every_pair(weighed: list[tuple[BaseGeometry, float]]) -> set[int]:
    """The heaviest group, found the slow way."""
    group = list(range(len(weighed)))
    for one, (shape, _) in enumerate(weighed):
        degrees = views.CLUSTER_KM / 111.2 / max(math.cos(math.radians(shape.centroid.y)), 0.2)
        for other, (second, _) in enumerate(weighed):
            if shape.distance(second) <= degrees and group[one] != group[other]:
                old, new = max(group[one], group[other]), min(group[one], group[other])
                group = [new if mine == old else mine for mine in group]
    weight = {name: sum(weighed[n][1] for n, mine in enumerate(group) if mine == name) for name in group}
    best = max(sorted(weight), key=lambda name: weight[name])
    return {id(weighed[n][0]) for n, mine in enumerate(group) if mine == best}


@pytest.mark.parametrize("seed", range(12))
def test_the_heaviest_cluster_is_that_of_asking_every_pair(seed: int) -> None:
    chance = random.Random(seed)
    weighed: list[tuple[BaseGeometry, float]] = []
    for _ in range(chance.randint(1, 5)):
        x, y = chance.uniform(-60, 90), chance.uniform(-50, 60)
        for _ in range(chance.randint(1, 12)):
            at = Point(chance.gauss(x, 1.5), chance.gauss(y, 1.5))
            weighed.append((at if chance.random() < 0.8 else box(at.x, at.y, at.x + 2, at.y + 1), chance.choice([1.0, 2.0, 6.0])))
    assert {id(shape) for shape in views._heaviest(weighed)} == by_asking_every_pair(weighed)


def test_one_place_held_is_shown_with_the_events_about_it() -> None:
    text = "JUBA, 3 May 2014 - In South Sudan, government troops retook Bentiu from rebels on Saturday. Shelling was heard near Bor."
    found = situation.read([from_text(text)], gazetteer=open_gazetteer())
    west, south, east, north = views.first_view(layers(found))
    for lon, lat in ((29.83, 9.23), (31.56, 6.21)):  # Bentiu, Bor
        assert west <= lon <= east
        assert south <= lat <= north


def test_nothing_has_no_cluster() -> None:
    assert views._heaviest([]) == []


def test_many_points_take_a_time_that_grows_with_their_number() -> None:
    rng = np.random.default_rng(3)
    points = [(Point(*at), 1.0) for at in rng.normal((38, 35), 2.5, (20_000, 2))]
    start = time.process_time()
    assert len(views._heaviest(points)) > 19_000
    assert time.process_time() - start < 3

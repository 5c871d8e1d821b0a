"""What the page's script is told: days, presets, names, and points too many to be elements."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest

from geo import situation, symbology
from geo.choices import Choices
from geo.documents import from_text
from geo.layers import layers
from geo.payload import MOST_REDRAWN, payload
from geo.payload_points import MOST_SIGNS, pack_points
from tests.fake_situation import control_map

PRESETS = list(symbology.style()["presets"])


@pytest.fixture(scope="module")
def told(idlib: Any) -> dict[str, Any]:
    return payload(idlib, layers(idlib), basemap=False, steps=True)


def features(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [feature for layer in told["layers"] for feature in layer["features"]]


def test_the_days_end_with_that_of_the_map(told: dict[str, Any], idlib: Any) -> None:
    assert told["days"] == ["2020-02-05", "2020-03-05"]
    assert told["as_of"] == idlib.as_of.isoformat() == told["days"][-1]


def test_without_steps_nothing_is_said_of_earlier_days(idlib: Any) -> None:
    plain = payload(idlib, layers(idlib), basemap=False)
    assert plain["days"] == []
    assert not any("on" in feature for feature in features(plain))


def test_the_last_day_is_the_map_without_days(told: dict[str, Any], idlib: Any) -> None:
    plain = {feature["id"]: feature for feature in features(payload(idlib, layers(idlib), basemap=False))}
    last = {f["id"]: {k: v for k, v in f.items() if k != "on"} for f in features(told) if 1 in f.get("on", (0, 1))}
    assert {name: feature["geometry"] for name, feature in last.items()} == {name: feature["geometry"] for name, feature in plain.items()}
    assert set(last) == set(plain)


def test_ids_are_unique_and_days_are_numbers_of_days(told: dict[str, Any]) -> None:
    ids = [feature["id"] for feature in features(told)]
    assert len(ids) == len(set(ids))
    assert {day for feature in features(told) for day in feature.get("on", ())} <= {0, 1}
    assert any(feature.get("on") == [1] for feature in features(told))


def test_words_lead_only_to_features_that_are_there(told: dict[str, Any]) -> None:
    known = {feature["id"] for feature in features(told)}
    led = {name for text in told["texts"] for line in text["paragraphs"] for piece in line for name in piece.get("f", ())}
    assert led
    assert led <= known


def test_the_same_situation_gives_the_same_payload(told: dict[str, Any], idlib: Any) -> None:
    assert json.dumps(payload(idlib, layers(idlib), basemap=False, steps=True)) == json.dumps(told)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_turns_off_what_it_leaves_out_and_loses_nothing(idlib: Any, preset: str) -> None:
    drawn = symbology.preset(preset)["layers"]
    made = payload(idlib, layers(idlib), basemap=False, choices=Choices(preset=preset))
    assert all(entry["off"] is (entry["layer"] not in drawn) for entry in made["legend"])
    assert {layer["key"] for layer in made["layers"]} >= {layer.key for layer in layers(idlib)} - {"control", "claimed", "contested"}
    assert made["style"]["base"] == symbology.preset(preset)["base"]
    keys = {entry["key"] for entry in made["legend"]}
    assert all(feature["entry"] in keys for feature in features(made) if not feature["quiet"])


def test_settlement_dots_stand_where_areas_were(gazetteer: Any) -> None:
    report = from_text("Russia controls all of Crimea. Ukraine holds Mykolaiv.", published=dt.date(2022, 11, 12))
    held = situation.read([report], gazetteer=gazetteer)
    made = payload(held, layers(held), basemap=False, choices=Choices(preset="dots"))
    dots = [feature for feature in features(made) if "dot" in feature]
    assert dots
    assert all(feature["geometry"]["type"] == "Point" and feature["quotes"] for feature in dots)
    areas = [f for layer in made["layers"] if layer["key"] in ("control", "contested") for f in layer["features"]]
    assert not any("Polygon" in feature["geometry"]["type"] and not feature["icon"] for feature in areas)


def test_the_military_preset_gives_signs_and_says_what_they_are(idlib: Any) -> None:
    made = payload(idlib, layers(idlib), basemap=False, choices=Choices(preset="military"))
    used = {feature["symbol"] for feature in features(made) if "symbol" in feature}
    assert used
    assert used == set(made["symbols"])
    assert all("no side taken" in words for _, words in made["units"])
    own = payload(idlib, layers(idlib), basemap=False, choices=Choices(preset="military", own=("turkey",)))
    assert any("own side" in words for _, words in own["units"])


@pytest.mark.parametrize(("names", "label"), [("en", "Idlib"), ("both", "Idlib\nإدلب"), ("local", "إدلب")])
def test_names_are_in_the_language_that_was_asked_for(idlib: Any, names: str, label: str) -> None:
    made = payload(idlib, layers(idlib), choices=Choices(names=names))
    labels = {feature["label"] for feature in features(made)}
    towns = {town[0] for town in made["basemap"]["towns"]}
    if names == "en":
        assert label in labels
        assert all(town.isascii() or town.upper() != town.lower() for town in towns)
    else:
        assert any(found.replace("ا", "إ", 1) == label or found.replace("ا", "إ") == label or found == label for found in labels), labels
        assert ("Beirut" in towns) is False


def many(count: int) -> list[dict[str, Any]]:
    point = {"quiet": False, "title": "T", "colour": "", "status_words": "mentioned", "icon": "", "hollow": False, "entry": "places-0"}
    spots = ({"type": "Point", "coordinates": [36 + n / 1e4, 35.0]} for n in range(count))
    return [{"key": "places", "features": [{**point, "id": f"p{n}", "geometry": spot} for n, spot in enumerate(spots)]}]


def test_few_points_are_elements_and_many_are_packed() -> None:
    few, more = many(MOST_SIGNS), many(MOST_SIGNS + 1)
    assert pack_points(few, icons={}) is None
    assert not any("packed" in feature for feature in few[0]["features"])
    assert pack_points(more, icons={}) is not None
    assert all(feature["packed"] == "places-0" for feature in more[0]["features"])


def test_settlement_dots_and_quiet_places_do_not_count_as_many() -> None:
    points = many(MOST_SIGNS + 50)
    for feature in points[0]["features"][:60]:
        feature["dot"] = 4.0
    assert pack_points(points, icons={}) is None


def test_of_many_claims_the_signs_of_later_days_are_hidden_and_the_areas_are_those_of_the_last(idlib: Any) -> None:
    event = next(claim for claim in idlib.claims if claim.predicate == "attacks" and claim.where is not None)
    day = dt.date(2020, 2, 20)
    days = [dataclasses.replace(event.when, start=day + dt.timedelta(n), end=None, precision="day") for n in range(3)]
    spread = tuple(dataclasses.replace(event, id=f"x{n}", when=days[n % 3]) for n in range(MOST_REDRAWN + 1))
    full = dataclasses.replace(idlib, claims=(*idlib.claims, *spread))
    made = payload(full, layers(full), basemap=False, steps=True)
    assert len(made["days"]) == 5
    assert any("Areas of control are those of the last day" in line for line in made["about"])
    by_id = {feature["id"]: feature for feature in features(made)}
    assert [by_id[f"x{n}"]["on"] for n in range(3)] == [[1, 2, 3, 4], [2, 3, 4], [3, 4]]
    assert not any("on" in f for layer in made["layers"] if layer["key"] in ("contested", "influence") for f in layer["features"])


def test_a_map_of_nothing_is_a_page() -> None:
    empty = dataclasses.replace(control_map(), places=(), claims=(), phrases=(), mentions=(), zones=control_map().zones.iloc[:0],
                                front_lines=control_map().front_lines.iloc[:0], actors=())
    assert payload(empty, (), steps=True)["legend"] == []

"""The Folium map: report text passes no template, ids follow from the content, and the first view is where the report is about."""

import json
import re

import folium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import webmap
from geo.errors import InputError
from geo.layers import layers
from geo.payload import payload, script_json
from tests.fake_situation import FakeSituation, control_map, idlib
from tests.hostile import HOSTILE
from tests.hostile_situation import hostile

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_script_json_reads_back_and_can_end_no_script_and_open_no_template(value: object) -> None:
    text = script_json(value)
    assert json.loads(text) == value
    assert not re.search("[<>&\u2028\u2029]|{{|{%|{#", text)


def test_a_map_is_a_folium_map_that_others_can_draw_on() -> None:
    made = webmap.web_map(control_map())
    assert isinstance(made, folium.Map)
    folium.Marker([36, 36]).add_to(made)
    assert "L.marker" in made.get_root().render()


def test_only_leaflet_is_loaded() -> None:
    rendered = webmap.web_map(control_map()).get_root().render()
    assert re.findall(r'(?:src|href)="([^"]+)"', rendered) == [webmap.LEAFLET_JS_URL, webmap.LEAFLET_CSS_URL]


def test_the_same_situation_gives_the_same_page_and_another_gives_other_ids() -> None:
    first, second, other = (webmap.web_map(made) for made in (idlib(), idlib(), control_map()))
    assert first.get_root().render() == second.get_root().render()
    assert first.get_name() != other.get_name()


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_pass_no_template_and_stay_in_their_script(words: str) -> None:
    situation: FakeSituation = hostile(words)
    rendered = webmap.web_map(situation, panel=True).get_root().render()
    data = rendered[rendered.rindex("Salient.start(") :]
    told = json.loads(data[data.index(", ") + 2 : data.rindex(");")])
    assert told["title"] == words
    assert any(
        words in layer["features"][0]["title"] or any(f["title"] == words or words in f["actor_name"] for f in layer["features"])
        for layer in told["layers"]
    )
    assert told["unresolved"] == [words]
    assert "".join(piece["t"] for text in told["texts"] for line in text["paragraphs"] for piece in line) == situation.documents[0].text
    assert rendered.count("</script>") == webmap.web_map(control_map()).get_root().render().count("</script>")


def test_the_first_view_is_the_claims_and_not_a_far_capital() -> None:
    west, south, east, north = payload(idlib(), layers(idlib()), basemap=False)["bounds"]
    assert 34 < west < 36.5
    assert 33 < south < 34
    assert 41 < east < 43
    assert 36 < north < 38


def test_every_drawn_feature_has_its_line_in_the_legend() -> None:
    told = payload(idlib(), layers(idlib()), basemap=False)
    keys = {entry["key"] for entry in told["legend"]}
    assert all(feature["entry"] in keys for layer in told["layers"] for feature in layer["features"] if not feature["quiet"])


def test_each_mention_in_the_text_leads_to_a_feature_or_says_why_not() -> None:
    told = payload(idlib(), layers(idlib()), basemap=False)
    pieces = [piece for text in told["texts"] for line in text["paragraphs"] for piece in line]
    ankara = next(piece for piece in pieces if piece["t"] == "Ankara")
    assert ankara["m"] == "metonym"
    assert "f" not in ankara or ankara.get("c")
    assert next(piece for piece in pieces if piece["t"] == "Hmeimim")["f"]


def test_unknown_tiles_are_refused() -> None:
    with pytest.raises(InputError, match=r"no tiles called 'Nosuch\.Tiles'"):
        webmap.web_map(control_map(), basemap="Nosuch.Tiles")


def test_online_tiles_come_only_on_request() -> None:
    assert "tile.openstreetmap.org" not in webmap.web_map(control_map()).get_root().render()
    online = webmap.web_map(control_map(), basemap="OpenStreetMap.Mapnik").get_root().render()
    assert "tile.openstreetmap.org" in online
    assert '"basemap":null' in online

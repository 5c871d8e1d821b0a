"""What the desk's frame is told, and the page that hears it: laws without a browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from geo import annotate, basemap, deskpage, situation
from geo.choices import Choices
from geo.desk_ground import MOST_BOXES, further_boxes
from geo.deskpage import Feed, feed, shell
from geo.documents import from_text
from geo.layers import layers
from geo.payload import payload
from geo.payload_texts import Texts
from geo.records import Document, Mention
from tests import hostile_report as hostile


@pytest.fixture(scope="module")
def told(idlib: Any) -> dict[str, Any]:
    return read(feed(idlib))


def read(made: Feed) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(made.data)
    return data


def features(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [feature for layer in told["layers"] for feature in layer["features"]]


def pieces(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [piece for text in told["texts"] for line in text["paragraphs"] for piece in line]


def test_the_page_is_the_same_each_time_and_holds_no_address_to_fetch() -> None:
    assert shell() is shell()
    markup = re.sub(r"<script>.*?</script>", "", shell(), flags=re.DOTALL)
    assert not re.search(r"(?:src|href)=|url\((?!#)|@import", markup)


def test_the_page_may_run_its_own_scripts_and_no_other() -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', shell())
    assert policy
    scripts = re.findall(r"<script>(.*?)</script>", shell(), re.DOTALL)
    assert len(scripts) == 2
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in scripts}
    assert set(re.findall(r"'sha256-[^']+'", policy.group(1))) == hashes
    assert "default-src 'none'" in policy.group(1)
    assert "connect-src 'none'" in policy.group(1)


def test_each_paragraph_stands_where_it_says(told: dict[str, Any], idlib: Any) -> None:
    for text, document in zip(told["texts"], idlib.documents, strict=True):
        assert text["id"] == document.id
        for start, line in zip(text["starts"], text["paragraphs"], strict=True):
            words = "".join(piece["t"] for piece in line)
            assert document.text[start : start + len(words)] == words


LETTERS = some.text(alphabet="ab \n\r\u2028é\U0001f6a8ا", max_size=60)


@given(text=LETTERS, cuts=some.lists(some.integers(min_value=0, max_value=60), max_size=8))
def test_paragraphs_of_any_text_stand_where_they_say(text: str, cuts: list[int]) -> None:
    document = Document(id="d", text=text, reading=text)
    spans = [(a, b) for a, b in zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False) if a < b <= len(text)]
    apart = [span for number, span in enumerate(spans) if all(span[0] >= other[1] for other in spans[:number])]
    named = tuple(Mention(document_id="d", start=a, end=b, text=text[a:b], kind="populated") for a, b in apart)

    class Told:
        documents, mentions, claims = (document,), named, ()

    found = Texts(Told(), desk=True).all()[0]  # type: ignore[arg-type]
    for start, line in zip(found["starts"], found["paragraphs"], strict=True):
        words = "".join(piece["t"] for piece in line)
        assert text[start : start + len(words)] == words
        assert "\n" not in words
    kept = "".join(piece["t"] for line in found["paragraphs"] for piece in line)
    assert "".join(kept.split()) == "".join(text.split())
    assert {tuple(piece["r"]) for line in found["paragraphs"] for piece in line if "r" in piece} <= {(m.start, m.end) for m in named}


def test_every_name_but_a_date_can_be_picked(told: dict[str, Any], idlib: Any) -> None:
    spans = {tuple(piece["r"]) for piece in pieces(told) if "r" in piece}
    assert spans == {(mention.start, mention.end) for mention in idlib.mentions if mention.kind != "date"}


def test_a_piece_tells_the_claims_whose_sentence_it_stands_in(told: dict[str, Any], idlib: Any) -> None:
    ids = [claim[0] for claim in told["claims"]]
    assert ids == [claim.id for claim in idlib.claims]
    found = {ids[number] for piece in pieces(told) for number in piece.get("k", ())}
    evidence = annotate.evidence_by_document(idlib)
    assert found == {name for spans in evidence.values() for name in spans}


def test_what_stands_on_claims_names_them(told: dict[str, Any], idlib: Any) -> None:
    known = {claim.id for claim in idlib.claims}
    assert {name for feature in features(told) for name in feature["claims"]} <= known
    assert any(feature["claims"] for feature in features(told))
    assert all(relation["claims"] for relation in told["relations"])


def test_only_the_desk_is_told_of_offsets_and_claims(idlib: Any) -> None:
    plain = payload(idlib, layers(idlib), basemap=False)
    assert not any({"id", "starts"} & set(text) for text in plain["texts"])
    assert not any({"r", "k"} & set(piece) for piece in pieces(plain))
    assert not any("claims" in feature for feature in features(plain))


def test_without_steps_the_days_are_named_and_nothing_is_drawn_of_them(idlib: Any, told: dict[str, Any]) -> None:
    lazy = read(feed(idlib, steps=False))
    assert lazy["lazy"] is True
    assert told["lazy"] is False
    assert lazy["days"] == told["days"]
    assert not any("on" in feature for feature in features(lazy))


def test_the_same_situation_has_the_same_keys_and_another_has_others(idlib: Any) -> None:
    assert feed(idlib) == feed(idlib)
    other = feed(replace(idlib, title="Another"))
    assert other.data_key != feed(idlib).data_key
    assert other.ground_key == feed(idlib).ground_key, "the basemap is sent again only where it changed"
    assert feed(idlib, Choices(basemap="none")).ground == b"null"


def test_the_language_goes_along(idlib: Any) -> None:
    arabic = read(feed(idlib, language="ar"))
    assert arabic["language"]["rtl"] is True
    assert arabic["texts"][0]["paragraphs"][0][0]["t"] == read(feed(idlib))["texts"][0]["paragraphs"][0][0]["t"]


def test_a_hostile_report_is_told_as_it_is_written() -> None:
    told = read(feed(hostile.situation()))
    assert "".join(piece["t"] for piece in pieces(told)).startswith(f"Idlib. {hostile.STRINGS[0]}")


APP = """
import streamlit as st
from geo.choices import Choices
from geo.filters import Seen
from geo.ui import frame
from tests.test_frame import SHOWN

told = frame.show(
    SHOWN["drawn"], key="one", choices=Choices(), seen=Seen(statuses=tuple(st.session_state.get("statuses", ()))),
    mode=st.session_state.get("mode", ""),
)
st.text(repr(told))
"""
SHOWN: dict[str, Any] = {}


@pytest.fixture
def app(gazetteer: Any) -> AppTest:
    if not SHOWN:
        report = from_text("SECRETWORD: rebels hold Saraqib. Shelling hit Aleppo on 3 May 2023.", title="One")
        SHOWN["drawn"] = situation.read([report], gazetteer=gazetteer)
    return AppTest.from_string(APP).run(timeout=60)


def parts(app: AppTest) -> dict[str, Any]:
    """What each component is given: bytes of the parts by their name, and the frame's own value."""
    assert not app.exception
    found = {}
    for one in app.get("bidi_component"):
        proto = one.proto
        if proto.component_name == "salient_frame":
            found["frame"] = json.loads(proto.json)
        else:
            name, key, _ = proto.bytes.split(b"\n", 2)
            found[name.decode()] = key.decode()
    return found


def test_the_frame_is_told_keys_and_the_parts_hold_what_is_large(app: AppTest) -> None:
    found = parts(app)
    assert [found["frame"][name] for name in ("shell", "ground", "feed")] == [found[name] for name in ("shell", "ground", "feed")]
    assert "SECRETWORD" not in json.dumps(found["frame"])
    assert len(json.dumps(found["frame"])) < 2000


def test_a_run_in_which_nothing_changed_tells_the_frame_nothing_new(app: AppTest) -> None:
    before = parts(app)
    assert parts(app.run()) == before


def test_a_filter_goes_with_the_frame_and_leaves_the_parts_as_they_are(app: AppTest) -> None:
    before = parts(app)
    app.session_state["statuses"] = ["reported"]
    after = parts(app.run())
    drawn = SHOWN["drawn"]
    assert before["frame"]["filter"] == {"layers": [], "claims": None}
    assert after["frame"]["filter"]["claims"] == [claim.id for claim in drawn.claims if claim.status == "reported"]
    assert {name: key for name, key in after.items() if name != "frame"} == {name: key for name, key in before.items() if name != "frame"}


@pytest.mark.parametrize(("value", "kind", "mode"), [
    ({"kind": "mention", "document": "d", "start": 1, "end": 4, "text": "abc"}, "mention", "draw"),
    ({"kind": "spot", "lat": 35.0, "lon": 36.0}, "spot", "spot"),
    ({"kind": "spot", "lat": "x", "lon": 36.0}, None, "spot"),
])
def test_what_the_frame_told_is_checked_and_ends_a_mode(app: AppTest, value: Any, kind: str | None, mode: str) -> None:
    app.session_state["mode"] = mode
    app.session_state["_told"] = value
    found = parts(app.run())
    assert (f"kind='{kind}'" if kind else "None") in app.text[-1].value
    assert found["frame"]["mode"] == ("" if kind else mode)
    assert (found["frame"]["pick"] is not None) == (kind == "mention")


def test_every_script_of_the_desk_is_there_once() -> None:
    assert len(set(deskpage.SCRIPTS)) == len(deskpage.SCRIPTS)


def test_the_ground_has_detail_also_where_a_mark_lies_far_from_the_rest(idlib: Any) -> None:
    ground = json.loads(feed(idlib).ground)
    moscow = (37.62, 55.75)
    assert any(one["box"][0] < moscow[0] < one["box"][2] and one["box"][1] < moscow[1] < one["box"][3] for one in ground["more"])
    assert not any("world" in one for one in ground["more"]), "the world is there once"
    places = [(town[1], town[2]) for town in ground["towns"]]
    assert len(places) == len(set(places))


SPOTS = some.lists(some.tuples(some.floats(min_value=-180, max_value=180), some.floats(min_value=-90, max_value=90)), max_size=12)


@given(spots=SPOTS)
def test_further_boxes_are_boxes_beyond_the_first_view_few_and_of_whole_degrees(spots: list[tuple[float, float]]) -> None:
    boxes = further_boxes(spots, (36, 35, 38, 37))
    inside = basemap.region((36, 35, 38, 37))
    assert len(boxes) <= MOST_BOXES
    for west, south, east, north in boxes:
        assert -180 <= west < east <= 180
        assert -84 <= south < north <= 84
        assert all(edge == round(edge) for edge in (west, south, east, north))
        assert any(west <= lon <= east and south <= lat <= north and not within(inside, lon, lat) for lon, lat in spots)


def within(box: tuple[float, float, float, float], lon: float, lat: float) -> bool:
    return box[0] <= lon <= box[2] and box[1] <= lat <= box[3]

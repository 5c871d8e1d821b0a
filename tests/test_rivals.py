"""What else a name may mean: the rivals offered, what speaks for each, how far a decision on them reaches, and where they are drawn."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import rivals, rivals_map, situation
from geo.documents import from_text
from geo.errors import InputError
from geo.projections import distance_km
from geo.records import Feature, Mention
from geo.situation import Situation
from tests.hostile import HOSTILE

FIRST = (
    "Fighters held the port of Tripoli on Monday. Shells fell near Zliten and in Misrata. TRIPOLI was calm at night, and Tripoli's port\n"
    "stayed open. Nobody knew where Xanqarbeh lies. Hezbollah watched."
)
SECOND = "The road from Tripoli to Beirut was cut on Tuesday, the Lebanese army said."
LEBANESE, LIBYAN = "geonames:266826", "geonames:2210247"


@pytest.fixture(scope="module")
def drawn(gazetteer: Any) -> Situation:
    reports = [from_text(text, published=dt.date(2014, 10, 27), title=f"Report {n}") for n, text in enumerate((FIRST, SECOND))]
    return situation.read(reports, gazetteer=gazetteer)


@pytest.fixture(scope="module")
def tripoli(drawn: Situation) -> Mention:
    start = FIRST.index("Tripoli")
    found = rivals.mention_at(drawn, drawn.documents[0].id, start, start + 7)
    assert found is not None
    return found


def place_of(drawn: Situation, mention: Mention) -> str:
    return next(place.feature.id for place in drawn.places if mention in place.mentions)


# ---------------------------------------------------------------- which


def test_what_was_chosen_comes_first_and_is_the_only_one_marked(drawn: Situation) -> None:
    for place in drawn.places:
        for mention in place.mentions:
            found = rivals.rivals(drawn, mention)
            assert found[0].feature.id == place.feature.id
            assert [one.chosen for one in found] == [True] + [False] * (len(found) - 1)


def test_a_name_that_several_places_bear_offers_them_and_none_twice(drawn: Situation, tripoli: Mention) -> None:
    ids = [one.feature.id for one in rivals.rivals(drawn, tripoli)]
    assert {LEBANESE, LIBYAN} <= set(ids)
    assert len(ids) == len(set(ids))


def test_words_that_no_place_bears_offer_what_is_spelt_like_them_or_nothing(drawn: Situation) -> None:
    start = FIRST.index("Xanqarbeh")
    missed = rivals.missed(drawn, drawn.documents[0].id, start, start + 9)
    assert all(not one.chosen for one in rivals.rivals(drawn, missed))


def test_another_name_can_be_looked_for(drawn: Situation, tripoli: Mention) -> None:
    found = rivals.found(drawn, tripoli, "Khan Sheikhoun")
    assert found[0].feature.name == "Khān Shaykhūn"
    assert not any(one.chosen for one in found)


def test_coordinates_can_be_looked_for(drawn: Situation, tripoli: Mention) -> None:
    found = rivals.found(drawn, tripoli, "34.43, 35.84")
    assert [one.feature.id[:6] for one in found] == ["point:"]


@pytest.mark.parametrize("words", ["", "   ", *HOSTILE])
def test_whatever_is_looked_for_is_answered(drawn: Situation, tripoli: Mention, words: str) -> None:
    assert len(rivals.found(drawn, tripoli, words)) <= rivals.SHOWN


# ---------------------------------------------------------------- what speaks for them


def test_distances_to_the_other_places_are_true_and_in_order(drawn: Situation) -> None:
    import shapely

    misrata = next(one for one in drawn.mentions if one.text == "Misrata")
    others = {one.name: one for one in rivals.around(drawn, misrata)}
    found = rivals.rivals(drawn, misrata)
    named = [(one, name, km) for one in found for name, km in one.near]
    assert named
    for one, name, km in named:
        true = distance_km(shapely.Point(one.feature.lon, one.feature.lat), shapely.Point(others[name].lon, others[name].lat))
        assert km == pytest.approx(true, rel=0.006)  # a sphere is within 0.5 % of the Earth
        assert km <= rivals.NEAR_KM
    for one in found:
        assert [km for _, km in one.near] == sorted(km for _, km in one.near)
        assert one.within >= len(one.near)


def test_a_place_speaks_not_for_itself(drawn: Situation, tripoli: Mention) -> None:
    assert place_of(drawn, tripoli) not in {one.id for one in rivals.around(drawn, tripoli)}
    for place in drawn.places:
        for one in rivals.rivals(drawn, place.mentions[0]):
            assert all(km > 0 for name, km in one.near), f"{one.feature.name} is near itself"


def test_only_the_places_of_the_same_text_speak(drawn: Situation, tripoli: Mention) -> None:
    assert "Beirut" not in {one.name for one in rivals.around(drawn, tripoli)}


def test_a_country_that_the_text_names_speaks_for_what_lies_in_it(gazetteer: Any) -> None:
    report = from_text("Fighters held Tripoli on Monday. Lebanon said nothing, and Lebanon waited.", published=dt.date(2014, 10, 27))
    read = situation.read([report], gazetteer=gazetteer)
    mention = next(one for one in read.mentions if one.text == "Tripoli")
    by_id = {one.feature.id: one for one in rivals.rivals(read, mention)}
    assert by_id[LEBANESE].land_named
    assert not by_id[LIBYAN].land_named
    assert by_id[LEBANESE].land == "Lebanon"


# ---------------------------------------------------------------- which words


def test_a_mention_is_found_by_its_span_and_by_any_letter_of_it(drawn: Situation, tripoli: Mention) -> None:
    document = tripoli.document_id
    assert rivals.mention_at(drawn, document, tripoli.start, tripoli.end) == tripoli
    assert rivals.mention_at(drawn, document, tripoli.start + 2, tripoli.start + 4) == tripoli
    assert rivals.mention_at(drawn, "no such report", tripoli.start, tripoli.end) is None


def test_words_that_were_missed_lose_the_spaces_round_them(drawn: Situation) -> None:
    start = FIRST.index(" Xanqarbeh ")
    found = rivals.missed(drawn, drawn.documents[0].id, start, start + 11)
    assert (found.text, found.start) == ("Xanqarbeh", start + 1)


@pytest.mark.parametrize(
    ("start", "end"), [(0, 0), (5, 2), (-1, 4), (0, 100), (8, 9), (125, 140), (10_000, 10_010)],
    ids=["empty", "turned round", "negative", "too long", "a space", "over a line", "beyond the end"],
)
def test_a_span_that_is_no_name_is_refused(drawn: Situation, start: int, end: int) -> None:
    with pytest.raises(InputError, match="are no name"):
        rivals.missed(drawn, drawn.documents[0].id, start, end)


@given(data=st.data())
def test_the_words_round_a_name_stand_in_its_text(data: st.DataObject, drawn: Situation) -> None:
    mention = data.draw(st.sampled_from(drawn.mentions))
    before, words, after = rivals.context(drawn, mention)
    text = drawn.document(mention.document_id).text
    assert words == mention.text
    assert f"{before.removeprefix('…')}{words}{after.removesuffix('…')}" in text
    assert "\n" not in before + after


# ---------------------------------------------------------------- how far


@pytest.mark.parametrize("scope", ["here", "document", "desk"])
def test_a_decision_reaches_as_far_as_is_said(drawn: Situation, tripoli: Mention, scope: Any, gazetteer: Any) -> None:
    chosen = "geonames:252601"  # Tripoli in Greece: nothing reads it so by itself
    made = rivals.decision(tripoli, "place", chosen, scope=scope, by="Ada", note="seen", made="2026-01-01")
    after = situation.read(drawn.documents, gazetteer=gazetteer, decisions=[made])
    moved = next((place.mentions for place in after.places if place.feature.id == chosen), ())
    told = rivals.reach(drawn, tripoli.text, scope, document=tripoli.document_id)
    assert (len(moved), len({one.document_id for one in moved})) == told
    assert told == {"here": (1, 1), "document": (3, 1), "desk": (4, 2)}[scope]


def test_a_spot_on_the_map_is_a_place_that_says_how_exact_it_is(drawn: Situation, tripoli: Mention) -> None:
    found = rivals.spot(drawn, tripoli, lon=35.84, lat=34.43, radius_km=5)
    assert found.feature.id.startswith("point:34.43,35.84;u=5000")
    assert found.land == "Lebanon"


# ---------------------------------------------------------------- where they are drawn

SPOTS = st.lists(
    st.tuples(st.floats(-179.9, 179.9), st.floats(-80, 80)), min_size=1, max_size=rivals.SHOWN,
)


def features(spots: list[tuple[float, float]]) -> list[Feature]:
    return [Feature(id=f"x:{n}", name=f"{n}", kind="populated", lon=lon, lat=lat) for n, (lon, lat) in enumerate(spots)]


@given(spots=SPOTS)
def test_every_place_has_a_dot_inside_the_picture_and_none_covers_another(spots: list[tuple[float, float]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rivals_map, "_ground", lambda frame: ("", ""))  # the land takes a tenth of a second
        dots = rivals_map.picture(features(spots))["dots"]
    assert len(dots) == len(spots)
    for number, (x, y, _, _) in enumerate(dots):
        assert 0 < x < rivals_map.WIDTH
        assert 0 < y < rivals_map.HEIGHT
        for other_x, other_y, _, _ in dots[:number]:
            assert ((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5 > rivals_map.DOT  # never more than half covered


def test_eight_places_on_one_spot_stand_beside_each_other() -> None:
    dots = rivals_map.picture(features([(35.0, 34.0)] * 8))["dots"]
    gaps = [((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5 for n, a in enumerate(dots) for b in dots[:n]]
    assert min(gaps) > 1.9 * rivals_map.DOT


def test_the_picture_keeps_north_up_and_east_right() -> None:
    (x, y, *_), (east, _, *_), (_, north, *_) = rivals_map.picture(features([(35, 34), (37, 34), (35, 36)]))["dots"]
    assert east > x
    assert north < y


def test_names_are_lettered_clear_of_each_other(drawn: Situation, tripoli: Mention) -> None:
    found = rivals_map.picture([one.feature for one in rivals.rivals(drawn, tripoli)][:2], rivals.around(drawn, tripoli))
    assert found["land"].startswith("M")
    boxes = [(x, y - 5, x + rivals_map.LETTER * len(words), y + 5) for x, y, words, _ in found["labels"]]
    assert boxes
    for number, one in enumerate(boxes):
        for other in boxes[:number]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_no_place_is_an_empty_picture() -> None:
    assert rivals_map.picture([])["dots"] == []

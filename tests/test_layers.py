"""What is drawn: the order, the sources, and what is not drawn."""

from dataclasses import replace

import pytest

from geo import basemap, payload_features, projections, symbology
from geo import layers as drawing
from geo.layers import COLUMNS, Layer, layers, unsourced
from geo.payload import payload, script_json
from tests.fake_situation import FakeSituation, control_map, fronts, idlib, zones


@pytest.fixture(scope="module", params=[idlib, control_map], ids=["idlib", "control"])
def drawn(request: pytest.FixtureRequest) -> tuple[Layer, ...]:
    return layers(request.param())


def rows(drawn: tuple[Layer, ...], key: str) -> dict[str, object]:
    return {row.title: row for layer in drawn if layer.key == key for row in layer.frame.itertuples()}


def test_layers_come_in_drawing_order_and_only_those_that_hold_something(drawn: tuple[Layer, ...]) -> None:
    keys = [layer.key for layer in drawn]
    assert keys == [key for key in symbology.LAYER_KEYS if key in keys]
    assert all(len(layer.frame) for layer in drawn)


def test_every_frame_has_the_columns_and_the_crs(drawn: tuple[Layer, ...]) -> None:
    for layer in drawn:
        assert tuple(layer.frame.columns) == COLUMNS
        assert layer.frame.crs == "EPSG:4326"
        assert layer.frame.geometry.is_valid.all()
        assert not layer.frame.geometry.is_empty.any()


def test_no_ink_without_a_source(drawn: tuple[Layer, ...]) -> None:
    assert unsourced(drawn) == ()
    for layer in drawn:
        for row in layer.frame.itertuples():
            assert row.quotes, row.title
            assert row.sources, row.title


def test_ink_without_a_source_is_found() -> None:
    situation = idlib()
    frame = situation.zones.copy()
    frame.at[0, "claims"] = ()
    assert unsourced(layers(replace(situation, zones=frame))) == ("zone-1",)


def test_every_quote_stands_in_its_document(drawn: tuple[Layer, ...], request: pytest.FixtureRequest) -> None:
    situation = request.getfixturevalue("drawn") and (idlib() if any(layer.key == "events" for layer in drawn) else control_map())
    texts = {document.id: document.text for document in situation.documents}
    for layer in drawn:
        for row in layer.frame.itertuples():
            assert all(texts[document][start:end] == quote for document, start, end, quote in row.quotes)


def test_a_capital_that_stands_for_its_government_is_not_drawn() -> None:
    titles = {row.title for layer in layers(idlib()) for row in layer.frame.itertuples()}
    assert "Moscow" in titles  # the dateline and the meeting are literal
    assert not titles & {"Ankara", "Kremlin", "Washington"}


def test_a_demonym_adds_no_mention_to_its_country() -> None:
    turkey = rows(layers(idlib()), "reference")["Turkey"]
    assert len(turkey.mentions) == 1


def test_countries_and_seas_are_listed_but_not_drawn_over_the_map() -> None:
    reference = rows(layers(idlib()), "reference")
    assert reference["Syria"].quiet
    assert reference["Black Sea"].quiet
    assert not reference["Idlib"].quiet


def test_a_place_under_a_claims_sign_is_not_drawn_twice() -> None:
    places = rows(layers(idlib()), "places")
    assert places["Hmeimim air base"].quiet
    assert not places["Aleppo"].quiet


def test_the_proposal_is_no_control() -> None:
    drawn = layers(idlib())
    assert "control" not in {layer.key for layer in drawn}
    area = rows(drawn, "proposed")["The city of Idlib, with the territory to the Syria-Turkey border"]
    assert area.status_words == "proposed by Russia"
    assert area.when == "in the past"
    assert area.km2 > 100
    assert area.vague


def test_roads_carry_their_number() -> None:
    assert {row.label for row in rows(layers(idlib()), "proposed").values()} == {"", "M4", "M5"}


def test_claims_without_a_zone_are_events_or_past() -> None:
    drawn = layers(idlib())
    assert {row.icon for row in rows(drawn, "events").values()} == {"attack", "meeting"}
    assert [row.status for row in rows(drawn, "past").values()] == ["past"]


def test_a_described_area_that_no_claim_uses_is_reference() -> None:
    area = rows(layers(idlib()), "reference")["Northern Syria"]
    assert area.vague
    assert area.claims == ()
    assert area.mentions


def test_the_legend_names_only_what_is_present_and_each_thing_once(drawn: tuple[Layer, ...]) -> None:
    for layer in drawn:
        shown = {drawing.legend_key(row, layer.key) for row in layer.frame.itertuples() if not row.quiet}
        assert {entry.key for entry in layer.legend} == shown
        assert len({entry.key for entry in layer.legend}) == len(layer.legend)


def test_a_front_line_leads_to_the_claims_of_both_sides() -> None:
    front = rows(layers(control_map()), "control")["Front line between Syrian government and Syrian opposition"]
    assert set(front.claims) == {"c-g", "c-o", "c-c"}
    assert "inferred" in front.status_words


def test_a_decision_is_told_on_what_it_changed() -> None:
    from geo.records import Decision

    situation = replace(idlib(), decisions=(Decision(target="c-city", action="confirm"),))
    assert rows(layers(situation), "proposed")["The city of Idlib, with the territory to the Syria-Turkey border"].decisions == (
        "confirm c-city",
    )


def test_an_empty_situation_has_no_layers() -> None:
    empty: FakeSituation = replace(
        idlib(), mentions=(), places=(), phrases=(), claims=(), zones=zones([]), front_lines=fronts([]), unresolved=(), actors=()
    )
    assert layers(empty) == ()


def test_an_event_that_has_not_come_about_is_told_apart_by_word_and_sign() -> None:
    situation = idlib()
    unreal = tuple(replace(claim, status="conditional") if claim.predicate == "attacks" else claim for claim in situation.claims)
    events = next(layer for layer in layers(replace(situation, claims=unreal)) if layer.key == "events")
    signs = {entry.label: entry.hollow for entry in events.legend}
    assert signs["attack, on a condition"] is True
    assert signs["meeting"] is False


@pytest.mark.parametrize(
    ("status", "predicate", "heading"),
    [
        ("proposed", "proposes", "proposed, not in force"),
        ("proposed", "demands", "demanded, not in force"),
        ("intended", "controls", "intended, not done"),
        ("conditional", "withdraws", "only if a condition is met"),
        ("agreed", "withdraws", "agreed, not yet done"),
    ],
)
def test_the_legend_says_how_an_area_that_is_not_in_force_was_put(status: str, predicate: str, heading: str) -> None:
    situation = idlib()
    frame = situation.zones.assign(status=status, predicate=predicate)
    (proposed,) = [layer for layer in layers(replace(situation, zones=frame)) if layer.key == "proposed"]
    assert {entry.key[0] for entry in proposed.legend} == {heading}


def test_what_is_kept_from_one_drawing_to_the_next_changes_nothing() -> None:
    """Areas, thinned shapes and the basemap are kept between drawings; another situation in between leaves no trace."""
    one, other = control_map(), idlib()
    first = script_json(payload(one, layers(one), desk=True))
    script_json(payload(other, layers(other), desk=True))
    assert script_json(payload(one, layers(one), desk=True)) == first
    projections._areas.clear()
    payload_features._shapes.clear()
    basemap._drawn.cache_clear()
    basemap._named.cache_clear()
    assert script_json(payload(one, layers(one), desk=True)) == first

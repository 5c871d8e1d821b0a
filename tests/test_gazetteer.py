"""Which places bear a name."""

from __future__ import annotations

import json
import pickle
import time
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import datafiles
from geo.errors import DataError, GeometryError, InputError, UnknownPlace
from geo.gazetteer import OfflineGazetteer, importance, open_gazetteer
from geo.names import fold
from geo.projections import distance_km

GAZETTEER = open_gazetteer()
# Name, country or "", and the id that must come first.
FIRST = [
    ("Idlib", "SY", "geonames:169389"),
    ("Aleppo", "", "geonames:170063"),
    ("Syria", "", "country:SY"),
    ("Ariha", "SY", "geonames:172994"),
    ("Gao", "ML", "admin1:ML-7"),
    ("Kyiv", "", "geonames:703448"),
    ("Kiev", "", "geonames:703448"),
    ("Moscow", "", "geonames:524901"),
    ("Khan Sheikhoun", "", "geonames:168325"),
    ("Paris", "", "geonames:2988507"),
    ("Black Sea", "", "sea:black-sea"),
    ("Euphrates", "", "river:euphrates"),
    ("Orontes", "", "river:orontes"),
    ("Gaza Strip", "", "admin1:PS-GZZ"),
    ("Russian Federation", "", "country:RU"),
    ("England", "", "geonames:6269131"),
    ("Kosovo", "", "country:XK"),
    ("Crimea", "", "admin1:UA-43"),
    ("Heathrow Airport", "", "airport:EGLL"),
    ("Africa", "", "geonames:6255146"),
    ("Харків", "", "geonames:706483"),
    ("حلب", "", "geonames:170063"),
]


@pytest.mark.parametrize(("name", "country", "feature_id"), FIRST)
def test_a_known_name_finds_its_place_first(name: str, country: str, feature_id: str) -> None:
    hits = GAZETTEER.search(name, country=country or None)
    found = [hit.feature.id for hit in hits]
    kinds = {hit.feature.kind for hit in hits[:2]}
    assert feature_id in found[: 2 if kinds == {"admin", "populated"} else 1]


@pytest.mark.parametrize(
    ("name", "feature_ids"),
    [
        ("Gaza", {"geonames:281133", "admin1:PS-GZZ"}),
        ("Ariha", {"geonames:172994", "geonames:284899"}),
        ("Gao", {"geonames:2457163", "admin1:ML-7"}),
        ("Georgia", {"country:GE", "admin1:US-GA"}),
        ("Jordan", {"country:JO", "river:jordan"}),
        ("M4", {"road:sy-m4"}),
    ],
)
def test_all_bearers_of_a_name_are_found(name: str, feature_ids: set[str]) -> None:
    assert feature_ids <= {hit.feature.id for hit in GAZETTEER.search(name, limit=100)}


def test_palestine_is_not_called_gaza() -> None:
    assert "country:PS" not in {hit.feature.id for name in ("Gaza", "Gaza Strip", "West Bank") for hit in GAZETTEER.search(name)}


@pytest.mark.parametrize("fuzzy", [False, True])
def test_a_false_friend_is_not_found(fuzzy: bool) -> None:
    hits = GAZETTEER.search("Nayrab", country="SY", fuzzy=fuzzy)
    assert not [hit for hit in hits if "ayn" in fold(hit.feature.name)]


def test_a_misspelling_is_found_only_when_asked_for_and_with_its_likeness() -> None:
    assert GAZETTEER.search("Jisr al-Shugur al", country="SY") == ()
    assert GAZETTEER.search("Sarakibb", country="SY", fuzzy=True)[0].feature.id == "geonames:164816"
    hit = GAZETTEER.search("Maarat al-Nomaan city", country="SY", fuzzy=True) or GAZETTEER.search("Qamishlli", country="SY", fuzzy=True)
    assert hit[0].similarity < 0.9


def test_fuzzy_search_across_the_world_is_refused() -> None:
    with pytest.raises(InputError, match="needs a country"):
        GAZETTEER.search("Idleeb", fuzzy=True)


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(InputError, match="asks for nothing"):
        GAZETTEER.search("Idlib", limit=0)


@pytest.mark.parametrize("name", ["", " ", "…", "\u2060", "{{7*7}}", "<script>", "'; DROP TABLE name; --", "a" * 10_000, "\x00", "%", "*"])
def test_odd_names_find_nothing_and_break_nothing(name: str) -> None:
    assert GAZETTEER.search(name) == ()
    assert GAZETTEER.search("Idlib") != ()


@settings(deadline=None)
@given(st.sampled_from(["Idlib", "Gaza", "San Antonio", "Springfield", "Al Bab", "Kharkov", "Deir ez-Zor"]), st.integers(1, 50))
def test_hits_are_in_order_and_unique(name: str, limit: int) -> None:
    hits = GAZETTEER.search(name, limit=limit)
    assert len({hit.feature.id for hit in hits}) == len(hits) <= limit
    assert all(0 <= hit.similarity <= 1 for hit in hits)
    assert hits == GAZETTEER.search(name, limit=200)[:limit]


@pytest.mark.parametrize(("country", "kinds"), [("US", None), (None, {"admin"}), ("MZ", {"populated", "admin"})])
def test_filters_hold(country: str | None, kinds: set[str] | None) -> None:
    hits = GAZETTEER.search("Gaza", country=country, kinds=kinds) or GAZETTEER.search("Georgia", country=country, kinds=kinds)
    assert hits
    assert all((country is None or hit.feature.country == country) and (kinds is None or hit.feature.kind in kinds) for hit in hits)


def test_known_says_the_same_as_search() -> None:
    names = ["idlib", "aleppo", "m4", "black sea", "xyzzy qq", "san antonio", "khan sheikhoun"]
    infos = GAZETTEER.known(names)
    for name in names:
        hits = [hit for hit in GAZETTEER.search(name, limit=1000) if hit.similarity >= 0.95]
        assert (name in infos) == bool(hits)
        if hits:
            assert infos[name].count >= len(hits)
            assert infos[name].population == max(hit.feature.population for hit in hits)
            assert infos[name].kinds == {hit.feature.kind for hit in hits}
    assert infos["idlib"].own
    assert not GAZETTEER.known(["kiev"])["kiev"].own


@pytest.mark.parametrize(
    "feature_id", ["geonames:169389", "admin1:SY-ID", "country:SY", "sea:black-sea", "road:sy-m5", "river:orontes", "airport:OSLK"]
)
def test_get_gives_the_feature_of_an_id(feature_id: str) -> None:
    feature = GAZETTEER.get(feature_id)
    assert feature.id == feature_id
    assert GAZETTEER.shape(feature).is_valid
    assert feature.source


@pytest.mark.parametrize(
    "feature_id", ["", "nonsense", "geonames:", "geonames:abc", "geonames:9" + "9" * 30, "country:", "country:ZZ", "geonames:-1"]
)
def test_an_unknown_id_is_an_unknown_place(feature_id: str) -> None:
    with pytest.raises(UnknownPlace, match="holds no feature"):
        GAZETTEER.get(feature_id)


def test_near_is_in_order_and_within_the_radius() -> None:
    found = GAZETTEER.near(36.63, 35.93, radius_km=30, kinds={"populated"}, limit=50)
    distances = [km for _, km in found]
    assert found[0][0].id == "geonames:169389"
    assert distances == sorted(distances)
    assert max(distances) <= 30
    assert "geonames:164816" in {feature.id for feature, _ in found}


@settings(deadline=None, max_examples=30)
@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(1, 60))
def test_near_misses_nothing(lon: float, lat: float, radius_km: float) -> None:
    found = {feature.id for feature, _ in GAZETTEER.near(lon, lat, radius_km=radius_km, limit=10_000)}
    wide = GAZETTEER.near(lon, lat, radius_km=radius_km * 2, limit=10_000)
    assert {feature.id for feature, km in wide if km <= radius_km} == found


def test_near_crosses_the_antimeridian() -> None:
    assert GAZETTEER.near(179.9, -16.8, radius_km=60, kinds={"populated"}) == GAZETTEER.near(
        -180.1, -16.8, radius_km=60, kinds={"populated"}
    )


def test_containing_leads_from_country_to_unit() -> None:
    assert [feature.id for feature in GAZETTEER.containing(36.63, 35.93)] == ["country:SY", "admin1:SY-ID"]
    assert GAZETTEER.containing(-30.0, 0.0) == ()


@pytest.mark.parametrize(("country", "child"), [("UA", "admin1:UA-63"), ("SY", "admin1:SY-ID"), ("FR", "admin1:FR-75")])
def test_children_of_a_country_are_its_units(country: str, child: str) -> None:
    children = {feature.id: feature for feature in GAZETTEER.children(f"country:{country}")}
    assert child in children
    assert {feature.country for feature in children.values()} == {country}


@pytest.mark.parametrize("country", ["SY", "UA", "TR", "IL", "LB", "ML", "GE", "CY"])
def test_a_country_is_the_union_of_its_units(country: str) -> None:
    gazetteer = open_gazetteer(view="de_jure")
    units = shapely.union_all([gazetteer.shape(unit) for unit in gazetteer.children(f"country:{country}")])
    assert gazetteer.shape(f"country:{country}").symmetric_difference(units).area < 1e-4


@pytest.mark.parametrize(("one", "other"), [("SY", "TR"), ("UA", "RU"), ("IQ", "IR"), ("RS", "XK"), ("MD", "UA")])
def test_neighbours_share_their_border_exactly(one: str, other: str) -> None:
    gazetteer = open_gazetteer(view="de_facto")
    a, b = gazetteer.shape(f"country:{one}"), gazetteer.shape(f"country:{other}")
    assert a.intersection(b).area < 1e-6
    assert a.intersection(b).length > 1


@pytest.mark.parametrize(
    ("unit", "holders"),
    [
        ("admin1:UA-43", {"de_facto": "RU", "de_jure": "UA"}),
        ("admin1:IL-Z-GOLAN", {"de_facto": "IL", "de_jure": "SY"}),
        ("admin1:MA-16", {"de_facto": "MA", "de_jure": "EH"}),
        ("admin1:GE-AB", {"de_jure": "GE"}),
    ],
)
def test_the_view_decides_whose_a_disputed_unit_is(unit: str, holders: dict[str, str]) -> None:
    for view in ("de_facto", "de_jure", "neutral"):
        gazetteer = open_gazetteer(view=view)
        inside = gazetteer.shape(unit).representative_point()
        claimants = {code for code in ("RU", "UA", "IL", "SY", "MA", "EH", "GE") if gazetteer.shape(f"country:{code}").contains(inside)}
        assert claimants == ({holders[view]} if view in holders else claimants & {"EH"})
        if view in holders:
            assert gazetteer.get(unit).country == holders[view]
            assert gazetteer.containing(inside.x, inside.y)[0].id == f"country:{holders[view]}"


def test_a_disputed_town_is_found_under_every_claimant() -> None:
    for country in ("RU", "UA"):
        assert GAZETTEER.search("Simferopol", country=country)


def test_an_unknown_view_is_refused() -> None:
    with pytest.raises(InputError, match="no border view"):
        open_gazetteer(view="mine")


def test_every_country_and_unit_has_a_valid_shape_and_its_point_near_it() -> None:
    countries = [GAZETTEER.get(f"country:{code}") for code in ("SY", "UA", "TR", "US", "FJ", "KI", "VA", "PS", "XK", "EH", "TW", "AQ")]
    for feature in [*countries, *GAZETTEER.children("country:SY"), *GAZETTEER.children("country:TR")]:
        shape = GAZETTEER.shape(feature)
        assert shape.is_valid
        assert shape.area > 0
        assert shape.distance(shapely.Point(feature.lon, feature.lat)) < 0.1


def test_every_stored_shape_is_valid_and_on_the_globe() -> None:
    for index in GAZETTEER._indexes:
        for feature_id, west, south, east, north in index.boxes(""):
            assert -180.001 <= west <= east <= 180.001, feature_id
            assert -90.001 <= south <= north <= 90.001, feature_id
            assert shapely.from_wkb(index.wkb(feature_id)).is_valid, feature_id


def test_every_sea_has_a_shape_that_is_mostly_off_the_land() -> None:
    for _, row in datafiles.rows("seas.csv"):
        assert GAZETTEER.shape(row["id"]).area > 0, row["id"]


@pytest.mark.parametrize(
    ("river", "countries"),
    [
        ("river:euphrates", ("TR", "SY", "IQ")),
        ("river:dnieper", ("BY", "UA")),
        ("river:tigris", ("TR", "IQ")),
        ("river:litani-lb", ("LB",)),
        ("river:kura", ("GE", "AZ")),
    ],
)
def test_a_river_is_one_line_through_its_countries(river: str, countries: tuple[str, ...]) -> None:
    line = GAZETTEER.shape(river)
    assert all(line.intersects(GAZETTEER.shape(f"country:{country}")) for country in countries)


def test_land_and_sea_part_at_the_coast() -> None:
    land, sea = GAZETTEER.land(30, 41, 37, 47), GAZETTEER.shape("sea:black-sea")
    assert land.intersection(sea).area < 1e-4 * sea.area
    assert GAZETTEER.land(-40, 0, -39, 1).is_empty


def test_every_feature_is_found_by_each_of_its_names() -> None:
    for index in GAZETTEER._indexes:
        for key, name, names in index._connection.execute("SELECT key, name, names FROM feature WHERE key % 499 = 0").fetchall():
            for own in [name, *(names.split("|") if names else ())]:
                assert not fold(own) or key in {row.key for _, row in index.named(fold(own))}, own


def test_the_disputed_lines_ship_as_valid_lines_with_their_claims() -> None:
    lines = json.loads(datafiles.path("disputed.geojson").read_text(encoding="utf-8"))["features"]
    assert len(lines) == 46
    assert all(line["properties"]["claim"] for line in lines)
    assert all(shapely.from_geojson(json.dumps(line["geometry"])).length > 0 for line in lines)


def test_a_recipe_is_not_a_stored_shape() -> None:
    with_recipe = next(feature for feature in GAZETTEER._hand.features.values() if feature.recipe)
    with pytest.raises(GeometryError, match="recipe"):
        GAZETTEER.shape(with_recipe)


def test_the_gazetteer_travels_to_other_processes() -> None:
    assert pickle.loads(pickle.dumps(GAZETTEER)) is GAZETTEER


def test_importance_puts_a_capital_before_a_larger_town_of_its_size() -> None:
    hits = [hit.feature for hit in GAZETTEER.search("London", limit=3)]
    assert importance(hits[0]) > importance(hits[1])


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped indexes with hand-written tables of a test's own."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("gazetteer", "boundaries", "water"):
        (folder / f"{name}.sqlite.xz").symlink_to(datafiles.path(f"{name}.sqlite.xz"))
    (folder / "views.csv").symlink_to(datafiles.path("views.csv"))
    monkeypatch.setattr(datafiles, "DATA", folder)
    return folder


@pytest.mark.parametrize(
    ("table", "header", "row", "message"),
    [
        (
            "roads.csv",
            "id,name,aliases,country,kind,waypoints,source,note",
            "road:x,X,,SY,road,geonames:1|geonames:169389,s,",
            "the gazetteer has no geonames:1",
        ),
        (
            "roads.csv",
            "id,name,aliases,country,kind,waypoints,source,note",
            "road:x,X,,SY,road,geonames:169389,s,",
            "at least two waypoints",
        ),
        ("roads.csv", "id,name,aliases,country,kind,waypoints,source,note", "road:x,X,,SY,road,36 35|here there,s,", "is no position"),
        ("bases.csv", "id,name,aliases,kind,country,lon,lat,source", "base:x,X,,port,SY,35,136,s", "off the globe"),
        ("bases.csv", "id,name,aliases,kind,country,lon,lat,source", "base:x,,,port,SY,35,36,s", "needs an id .* and a name"),
        (
            "regions.csv",
            "id,name,aliases,country,kind,recipe,vague,source",
            'region:x,X,,SY,region,"Union(""admin1:ZZ-ZZ"")",0,s',
            "names no place",
        ),
        ("aliases.csv", "alias,feature,kind,source", "Foo,geonames:1,exonym,s", "needs a feature"),
        ("seas.csv", "id,name,aliases,kind,west,south,east,north,seed_lon,seed_lat,source", "sea:x,X,,sea,1,1,2,2,,,s", "is no position"),
    ],
)
def test_a_broken_row_names_its_file_and_line(tables: Path, table: str, header: str, row: str, message: str) -> None:
    (tables / table).write_text(f"{header}\n{row}\n", encoding="utf-8")
    with pytest.raises(DataError, match=rf"{table}, line 2: .*{message}"):
        OfflineGazetteer()


def test_a_row_of_each_table_becomes_a_feature(tables: Path) -> None:
    write = {
        "roads.csv": "id,name,aliases,country,kind,waypoints,source\n"
        "road:x,X1,X-1,SY,road,geonames:169389|36.5 36|/|37 36|geonames:170063,s\n",
        "bases.csv": "id,name,aliases,kind,country,lon,lat,source\nbase:x,Xbase,,port,SY,35,36,s\n",
        "regions.csv": 'id,name,aliases,country,kind,recipe,vague,source\nregion:x,Xland,,SY,region,"Union(""admin1:SY-ID"")",1,s\n',
        "historic.csv": 'id,name,aliases,start,end,recipe,limits,source\nhistoric:x,Oldland,,1949,1990,"Union(""region:x"")",none,s\n',
        "aliases.csv": "alias,feature,kind,source\nXalias,base:x,exonym,s\nYalias,geonames:169389,exonym,s\n",
    }
    for name, text in write.items():
        (tables / name).write_text(text, encoding="utf-8")
    gazetteer = OfflineGazetteer()
    found = {name: gazetteer.search(name)[0] for name in ("X1", "X-1", "Xbase", "Xland", "Oldland", "Xalias", "Yalias")}
    assert {name: hit.feature.id for name, hit in found.items()} == {
        "X1": "road:x",
        "X-1": "road:x",
        "Xbase": "base:x",
        "Xland": "region:x",
        "Oldland": "historic:x",
        "Xalias": "base:x",
        "Yalias": "geonames:169389",
    }
    assert gazetteer.shape("road:x").geom_type == "MultiLineString"
    assert found["Xland"].feature.recipe
    assert found["Xland"].feature.vague
    assert found["Oldland"].feature.end == "1990"
    assert found["Xalias"].match == "alias"
    assert distance_km(shapely.Point(found["Xland"].feature.lon, found["Xland"].feature.lat), gazetteer.shape("admin1:SY-ID")) == 0
    assert [feature.id for feature, _ in gazetteer.near(35, 36, radius_km=1)] == ["base:x"]


def test_a_village_of_the_tables_is_a_populated_place(tables: Path) -> None:
    row = 'region:x,Xton,,SY,village,"Around(Point(36.6, 35.9), 1.5)",0,s'
    (tables / "regions.csv").write_text(f"id,name,aliases,country,kind,recipe,vague,source\n{row}\n", encoding="utf-8")
    gazetteer = OfflineGazetteer()
    village = gazetteer.search("Xton", kinds={"populated"})[0].feature
    assert (village.lon, village.lat) == (36.6, 35.9)
    assert "region:x" in {feature.id for feature, _ in gazetteer.near(36.6, 35.9, radius_km=1)}


def test_searching_is_quick() -> None:
    names = [f"{a}{b}" for a in ("ab", "kaf", "tel ", "san ", "new") for b in ("ar", "rin", "ton", "dor", "iya", "ov", "sk", "abad")]
    started = time.process_time()
    for name in names:
        GAZETTEER._find(name, "", None, False)
    assert (time.process_time() - started) / len(names) < 0.005
    started = time.process_time()
    GAZETTEER._learn([f"{a} {b}" for a in names for b in names])
    assert time.process_time() - started < 0.2

"""A GeoPackage follows its standard, opens styled in QGIS, and opens again in Salient as what it was."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sqlite3
import struct
from contextlib import closing
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given
from hypothesis import strategies as st

from geo import project, records
from geo.__main__ import main
from geo.documents import from_text
from geo.earlier import EarlierMap
from geo.errors import InputError
from geo.export import export
from geo.export.geopackage import TYPES, stamp
from geo.export.html import page
from geo.export.qgis_styles import Label, Rule, style
from geo.project import is_project, reopen
from geo.project_records import from_rows, to_rows
from geo.recipes import Named
from geo.records import Actor, Decision
from tests import hostile_report as hostile
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def packed(idlib: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The briefing on Idlib as a GeoPackage, written once."""
    return export(idlib, tmp_path_factory.mktemp("project") / "idlib.gpkg")


@pytest.fixture
def copy(packed: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may spoil."""
    return Path(shutil.copy(packed, tmp_path / "situation.gpkg"))


def asked(path: Path, question: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(question).fetchall()


def told(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def rewritten(path: Path, part: str, change: Any) -> None:
    """Change the first record of a part and make the digest fit, as someone would who wants to be believed."""
    rows = asked(path, "SELECT part, number, value FROM project ORDER BY fid")
    number = next(place for place, row in enumerate(rows) if row[0] == part)
    value = json.loads(rows[number][2])
    change(value)
    rows[number] = (*rows[number][:2], json.dumps(value))
    about = json.loads(rows[0][2])
    about["sha256"] = project._digest(rows[1:])
    with closing(sqlite3.connect(path)) as database:
        for fid, row in ((1, json.dumps(about)), (number + 1, rows[number][2])):
            if fid > 1 or part != "about":
                database.execute("UPDATE project SET value = ? WHERE fid = ?", (row, fid))
        if part == "about":
            database.execute("UPDATE project SET value = ? WHERE fid = 1", (rows[0][2],))
        database.commit()


# The standard


def test_the_header_says_geopackage_and_the_database_is_whole(packed: Path) -> None:
    assert asked(packed, "PRAGMA application_id") == [(0x47504B47,)]
    assert asked(packed, "PRAGMA user_version") == [(10300,)]
    assert asked(packed, "PRAGMA integrity_check") == [("ok",)]
    assert asked(packed, "PRAGMA foreign_key_check") == []
    assert packed.read_bytes()[:16] == b"SQLite format 3\x00"


def test_every_table_is_in_the_contents_and_every_column_of_a_type_of_the_standard(packed: Path) -> None:
    system = "name NOT LIKE 'gpkg_%' AND name NOT LIKE 'rtree_%' AND name NOT LIKE 'sqlite_%'"
    tables = {name for (name,) in asked(packed, f"SELECT name FROM sqlite_master WHERE type = 'table' AND {system}")}
    contents = asked(packed, "SELECT table_name, data_type, identifier, description FROM gpkg_contents")
    assert {row[0] for row in contents} == tables
    assert all(row[1] in ("features", "attributes") and row[2] and row[3] for row in contents)
    for name, kind, _, _ in contents:
        columns = asked(packed, f"PRAGMA table_info({name})")
        geometry = [column[2] for column in columns if column[1] == "geom"]
        assert bool(geometry) == (kind == "features")
        assert {column[2].partition("(")[0] for column in columns if column[1] != "geom"} <= set(TYPES)
        assert [column[1] for column in columns if column[5]] == (["id"] if name == "layer_styles" else ["fid"])


def test_every_layer_is_of_one_kind_of_shape_in_degrees_with_its_index_and_extent(packed: Path) -> None:
    layers = asked(packed, "SELECT table_name, geometry_type_name, srs_id, z, m FROM gpkg_geometry_columns")
    assert {"places", "claims", "zones", "zone_lines", "front_lines", "settlements", "areas"} <= {row[0] for row in layers}
    indexed = {row[0] for row in asked(packed, "SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'")}
    for name, kind, srs, z, m in layers:
        assert kind in ("POINT", "MULTILINESTRING", "MULTIPOLYGON")
        assert (srs, z, m) == (4326, 0, 0)
        assert name in indexed
        shapes = [row[0] for row in asked(packed, f"SELECT geom FROM {name} WHERE geom IS NOT NULL")]
        assert asked(packed, f"SELECT count(*) FROM rtree_{name}_geom") == [(len(shapes),)]
        read = pyogrio.read_dataframe(packed, layer=name)
        assert set(read.geometry.dropna().geom_type.str.upper()) <= {kind}
        assert read.geometry.dropna().is_valid.all()
        if shapes:
            box = asked(packed, f"SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = '{name}'")[0]
            assert box == pytest.approx(tuple(read.total_bounds))


def test_a_shape_has_the_standard_head_with_its_box(packed: Path) -> None:
    (blob,) = asked(packed, "SELECT geom FROM zones LIMIT 1")[0]
    magic, version, flags, srs = struct.unpack("<2sBBi", blob[:8])
    assert (magic, version, flags, srs) == (b"GP", 0, 3, 4326)
    west, east, south, north = struct.unpack("<4d", blob[8:40])
    assert shapely.from_wkb(blob[40:]).bounds == (west, south, east, north)


def test_numbers_are_numbers_and_days_are_days(packed: Path, idlib: Any) -> None:
    claims = pyogrio.read_info(packed, layer="claims")
    kinds = dict(zip(claims["fields"], claims["dtypes"], strict=True))
    assert kinds["when_start"] == "datetime64[D]"
    assert kinds["confidence"] == "float64"
    places = pyogrio.read_info(packed, layer="places")
    assert dict(zip(places["fields"], places["dtypes"], strict=True))["geonameid"] == "int64"
    missing = asked(packed, "SELECT count(*) FROM places WHERE geonameid IS NULL")[0][0]
    assert missing == sum(place.feature.geonameid is None for place in idlib.places if any(m.use == "literal" for m in place.mentions))


def test_the_tables_hold_the_reports_the_names_and_the_evidence(packed: Path, idlib: Any) -> None:
    assert asked(packed, "SELECT id, text FROM documents") == [(one.id, one.text) for one in idlib.documents]
    assert asked(packed, 'SELECT start, "end", text FROM mentions') == [(one.start, one.end, one.text) for one in idlib.mentions]
    spans = [(claim.id, span.start, span.end, span.quote) for claim in idlib.claims for span in claim.evidence]
    assert asked(packed, 'SELECT claim, start, "end", quote FROM evidence') == spans
    assert asked(packed, "SELECT count(*) FROM claims") == [(len(idlib.claims),)]
    assert {row[0] for row in asked(packed, "SELECT DISTINCT kind FROM made_by")} >= {"version", "data", "choice", "reader"}


def test_a_shape_of_several_kinds_is_split_over_its_layers(idlib: Any, tmp_path: Path) -> None:
    mixed = shapely.GeometryCollection([shapely.box(36, 35, 37, 36), shapely.LineString([(35, 35), (36, 36)]), shapely.Point(38, 35)])
    zones = idlib.zones.iloc[:1].assign(geometry=gpd.GeoSeries([mixed], crs=4326))
    path = export(replace(idlib, zones=zones), tmp_path / "mixed.gpkg")
    for name in ("zones", "zone_lines", "zone_points"):
        assert list(pyogrio.read_dataframe(path, layer=name)["id"]) == [zones["id"].iloc[0]]
    assert reopen(path).zones.geometry.iloc[0].equals(mixed)


def test_nul_cuts_no_text(idlib: Any, tmp_path: Path) -> None:
    claim = replace(idlib.claims[0], reason="before\x00after")
    path = export(replace(idlib, claims=(claim, *idlib.claims[1:])), tmp_path / "nul.gpkg")
    assert asked(path, "SELECT reason FROM claims LIMIT 1") == [("beforeafter",)]
    assert reopen(path).claims[0].reason == "before\x00after"


@pytest.mark.parametrize(("given", "said"), [("", "2020-03-05T00:00:00.000Z"), ("2021-01-02T03:04:05.000Z", "2021-01-02T03:04:05.000Z")])
def test_the_time_of_change_is_that_of_ogr_or_the_day_of_the_map(given: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OGR_CURRENT_DATE", given)
    assert stamp(dt.date(2020, 3, 5)) == said


def test_a_time_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OGR_CURRENT_DATE", "yesterday")
    with pytest.raises(InputError, match="OGR_CURRENT_DATE is 'yesterday'; write it as"):
        stamp()


def test_a_row_that_another_program_adds_goes_into_the_index_and_the_project_stays_what_it_was(copy: Path, idlib: Any) -> None:
    before = asked(copy, "SELECT count(*) FROM rtree_places_geom")[0][0]
    added = gpd.GeoDataFrame({"id": ["mine"], "name": ["Mine"]}, geometry=[shapely.Point(36, 35)], crs=4326)
    pyogrio.write_dataframe(added, copy, layer="places", append=True)
    assert asked(copy, "SELECT count(*) FROM rtree_places_geom") == [(before + 1,)]
    assert reopen(copy).places == idlib.places


# Styles


def test_each_layer_has_a_default_style_that_qgis_finds(packed: Path) -> None:
    columns = "f_table_catalog, f_table_schema, f_table_name, f_geometry_column, useAsDefault, styleQML, styleSLD"
    rows = asked(packed, f"SELECT {columns} FROM layer_styles")
    layers = {row[0] for row in asked(packed, "SELECT table_name FROM gpkg_geometry_columns")}
    assert {row[2] for row in rows} == layers
    for catalog, schema, name, column, default, qml, sld in rows:
        assert (catalog, schema, column, default) == ("", "", "geom", 1)
        root = Xml.fromstring(qml)
        symbols = {symbol.get("name") for symbol in root.iterfind("renderer-v2/symbols/symbol")}
        assert {rule.get("symbol") for rule in root.iter("rule")} == symbols
        assert Xml.fromstring(sld).find("{http://www.opengis.net/sld}NamedLayer/{http://www.opengis.net/sld}Name").text == name  # type: ignore[union-attr]


def test_zones_have_a_rule_for_each_party_and_status_with_its_colour_and_pattern(packed: Path, idlib: Any) -> None:
    (qml,) = asked(packed, "SELECT styleQML FROM layer_styles WHERE f_table_name = 'zones'")[0]
    root = Xml.fromstring(qml)
    filters = [rule.get("filter") for rule in root.iter("rule")]
    areas = idlib.zones[idlib.zones.geom_type.str.contains("Polygon")]
    for zone in areas.itertuples():
        wanted = f"\"actor\" = '{zone.actor}'" if zone.actor else "coalesce(\"actor\", '') = ''"
        parts = (f"\"layer\" = '{zone.layer}'", f"\"status\" = '{zone.status}'", wanted)
        assert sum(all(part in str(test) for part in parts) for test in filters) == 1
    proposed = next(rule for rule in root.iter("rule") if "'proposed'" in str(rule.get("filter")))
    symbol = next(one for one in root.iterfind("renderer-v2/symbols/symbol") if one.get("name") == proposed.get("symbol"))
    assert [layer.get("class") for layer in symbol.findall("layer")] == ["SimpleFill", "LinePatternFill", "SimpleLine"]


@pytest.mark.parametrize("words", hostile.STRINGS)
def test_no_word_leaves_its_place_in_a_style(words: str) -> None:
    rule = Rule(label=words, where=(("actor", words), ("status", "it's \\ 'so'")), layer="control", colour=words)
    made = style("zones", [rule], shape="MULTIPOLYGON", label=Label(column="words"))
    first = next(Xml.fromstring(made.qml).iter("rule"))
    assert str(first.get("filter")).replace("''", "").replace("\\\\", "").count("'") == 4
    quoted = "'it''s " + "\\" * 2 + " ''so'''"
    assert quoted in str(first.get("filter"))
    assert "[%" not in str(first.get("label"))
    assert Xml.fromstring(made.sld) is not None


# Opened again


def test_what_is_opened_again_is_what_was_written(packed: Path, idlib: Any, gazetteer: Any) -> None:
    opened = reopen(packed, gazetteer=gazetteer)
    for field in fields(opened):
        if field.name not in ("zones", "front_lines", "gazetteer"):
            assert getattr(opened, field.name) == getattr(idlib, field.name), field.name
    assert_geodataframe_equal(opened.zones, idlib.zones)
    assert_geodataframe_equal(opened.front_lines, idlib.front_lines)
    assert [shape.wkb for shape in opened.zones.geometry] == [shape.wkb for shape in idlib.zones.geometry]


@pytest.mark.parametrize("suffix", [".geojson", ".json", ".csv", ".gpkg", ".kmz", ".jsonld", ".acled.csv"])
def test_what_is_opened_again_exports_the_same_bytes(suffix: str, packed: Path, idlib: Any, tmp_path: Path) -> None:
    opened = reopen(packed)
    assert export(opened, tmp_path / f"b{suffix}").read_bytes() == export(idlib, tmp_path / f"a{suffix}").read_bytes()


def test_what_is_opened_again_is_the_same_page(packed: Path, idlib: Any) -> None:
    assert page(reopen(packed)) == page(idlib)


def test_a_base_map_corrections_settings_and_notes_come_back(idlib: Any, tmp_path: Path) -> None:
    rebels = Actor(id="base:rebels", name="Rebels", allies=("a", "b"), colour="#112233")
    zones = gpd.GeoDataFrame(
        {"actor": ["base:rebels"], "actor_name": ["Rebels"], "value": ["R"]}, geometry=[shapely.box(36, 35, 37, 36)], crs=4326,
    )
    base = EarlierMap(
        title="m.kml", credit="Made-up Maps", day=dt.date(2020, 1, 10), zones=zones, contested=shapely.Point(36, 35).buffer(0.1),
        actors=(rebels,), notes=("One shape was repaired.",),
    )
    decided = (Decision(target="Idlib", action="place", value="geonames:169389", note="it's so", by="me", made="2020-03-06"),)
    settings = {"view": "de_jure", "near_km": 30.5, "as_of": None}
    whole = replace(idlib, base=base, decisions=decided, settings=settings, notes=("A note.",), actors=(*idlib.actors, rebels))
    opened = reopen(export(whole, tmp_path / "whole.gpkg"))
    assert (opened.decisions, opened.settings, opened.notes, opened.actors) == (decided, settings, whole.notes, whole.actors)
    assert opened.base is not None
    for name in ("title", "credit", "day", "actors", "notes"):
        assert getattr(opened.base, name) == getattr(base, name)
    assert_geodataframe_equal(opened.base.zones, base.zones)
    assert opened.base.contested.equals_exact(base.contested, 0)
    assert asked(tmp_path / "whole.gpkg", "SELECT target, action, value FROM decisions") == [("Idlib", "place", "geonames:169389")]


def test_hostile_words_come_back_as_they_were(tmp_path: Path) -> None:
    situation = hostile.situation()
    opened = reopen(export(situation, tmp_path / "hostile.gpkg"), gazetteer=situation.gazetteer)
    assert (opened.documents, opened.claims, opened.places, opened.title) == (
        situation.documents, situation.claims, situation.places, situation.title,
    )


@given(words=st.text(st.characters(exclude_categories=["Cs"])), number=st.floats(allow_nan=False, allow_infinity=False))
def test_every_word_and_number_comes_back(words: str, number: float) -> None:
    situation = hostile.situation()
    changed = replace(situation.claims[0], speaker=words, confidence=number, limits=(words, "x"))
    given_ = replace(situation, claims=(changed,), title=words, settings={"near_km": number})
    opened = from_rows(to_rows(given_), gazetteer=situation.gazetteer)
    assert (opened.claims, opened.title, opened.settings) == (given_.claims, given_.title, given_.settings)


@pytest.mark.parametrize("kind", [value for value in vars(records).values() if isinstance(value, type) and is_dataclass(value)])
def test_every_record_is_of_types_that_can_be_read_back(kind: type) -> None:
    from geo.project_records import _types

    assert set(_types(kind)) == {field.name for field in fields(kind)}


def test_frames_without_rows_come_back_with_their_columns(idlib: Any) -> None:
    empty = replace(idlib, zones=idlib.zones.iloc[:0], front_lines=idlib.front_lines.iloc[:0])
    opened = from_rows(to_rows(empty), gazetteer=idlib.gazetteer)
    assert_geodataframe_equal(opened.zones, empty.zones)


# Files of others, damaged files, files that mean harm


def test_a_file_that_is_none_of_ours_is_named(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.gpkg"
    pyogrio.write_dataframe(gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(1, 2)], crs=4326), theirs)
    with pytest.raises(InputError, match=r"theirs\.gpkg is a GeoPackage, but none that Salient wrote"):
        reopen(theirs)
    assert not is_project(theirs)


def test_what_is_no_geopackage_is_named(tmp_path: Path) -> None:
    (tmp_path / "no.gpkg").write_text("SELECT 1")
    with pytest.raises(InputError, match=r"no\.gpkg is no GeoPackage"):
        reopen(tmp_path / "no.gpkg")
    with pytest.raises(InputError, match=r"There is no file .*none\.gpkg"):
        reopen(tmp_path / "none.gpkg")
    assert not is_project(tmp_path / "no.gpkg")


@pytest.mark.parametrize("kept", [100, 5_000, 60_000, 0.5, 0.9])
def test_a_file_cut_short_is_named(kept: float, copy: Path) -> None:
    data = copy.read_bytes()
    copy.write_bytes(data[: int(kept * len(data)) if kept < 1 else int(kept)])
    with pytest.raises(InputError, match="is damaged"):
        reopen(copy)


def test_a_record_changed_by_hand_is_seen(copy: Path) -> None:
    told(copy, "UPDATE project SET value = replace(value, 'Idlib', 'Homs') WHERE part = 'document'")
    with pytest.raises(InputError, match="damaged, or its table project was changed by hand"):
        reopen(copy)


def test_a_file_of_a_newer_version_says_so(copy: Path) -> None:
    rewritten(copy, "about", lambda value: value.update(format=project.FORMAT + 1, made_with="Salient 9.0"))
    with pytest.raises(InputError, match=r"was written by Salient 9\.0, which is newer than this version"):
        reopen(copy)


@pytest.mark.parametrize(
    "definition",
    [
        "CREATE VIEW project AS SELECT 'about' AS part, 0 AS number, '{}' AS value",
        "CREATE TABLE project (part TEXT, number INTEGER, value TEXT AS (hex(zeroblob(900000000))))",
        "CREATE VIRTUAL TABLE project USING fts4(part, number, value)",
    ],
)
def test_a_table_that_would_do_more_than_hold_text_is_not_read(definition: str, copy: Path) -> None:
    told(copy, "ALTER TABLE project RENAME TO kept", definition)
    with pytest.raises(InputError, match="none that Salient wrote"):
        reopen(copy)


def spoil(name: str, value: Any) -> Any:
    return lambda record: record.update({name: value})


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("claim", spoil("where", "__import__('os').system('true')")),
        ("claim", spoil("where", "Part(" * 50)),
        ("claim", spoil("status", "certain")),
        ("claim", spoil("confidence", "high")),
        ("claim", spoil("actor", 10**6)),
        ("claim", spoil("evidence", [])),
        ("claim", spoil("further", 1)),
        ("mention", spoil("end", -1)),
        ("place", spoil("mentions", [-1])),
        ("document", spoil("published", "soon")),
        ("document", spoil("id", "0" * 12)),
        ("actor", spoil("colour", "url(http://127.0.0.1/)")),
        ("zones", spoil("geometry", "00")),
        ("zones", spoil("geometry", shapely.Polygon([(0, 0), (1, 1), (0, 1), (1, 0)]).wkb_hex)),
        ("zones", spoil("colour", "red;}")),
        ("head", spoil("zones", {"columns": [["geometry", "geometry"], ["id", "datetime64[ns, mars]"]]})),
        ("head", spoil("settings", [])),
        ("head", lambda record: record.pop("title")),
    ],
)
def test_a_record_that_is_none_is_refused_in_one_sentence(part: str, change: Any, copy: Path) -> None:
    rewritten(copy, part, change)
    with pytest.raises(InputError, match=r"situation\.gpkg is damaged[^.]*") as caught:
        reopen(copy)
    assert "\n" not in str(caught.value)


def test_a_record_twice_there_or_missing_is_refused(idlib: Any) -> None:
    rows = to_rows(idlib)
    with pytest.raises(InputError, match="is there twice"):
        from_rows([*rows, rows[-1]], gazetteer=idlib.gazetteer)
    with pytest.raises(InputError, match="records of 'mention' are missing"):
        from_rows([row for row in rows if row[:2] != ("mention", 0)], gazetteer=idlib.gazetteer)


def test_another_view_of_borders_is_refused(packed: Path) -> None:
    from geo.gazetteer import open_gazetteer

    with pytest.raises(InputError, match="shows the borders of the view 'de_jure', not 'neutral'"):
        reopen(packed, gazetteer=open_gazetteer(view="neutral"))


@pytest.mark.parametrize("kind", ["populated", "admin"])
def test_a_place_that_only_the_file_knows_is_shown_as_it_has_it_and_an_area_is_refused(kind: str, copy: Path, tmp_path: Path) -> None:
    number = json.loads(asked(copy, "SELECT value FROM project WHERE part = 'place' AND number = 0")[0][0])["feature"]
    rows = asked(copy, "SELECT part, number, value FROM project ORDER BY fid")
    own = {"id": "own:camp-nine", "name": "Camp Nine", "kind": kind}
    changed = [
        (part, at, json.dumps(json.loads(value) | own) if (part, at) == ("feature", number) else value)
        for part, at, value in rows[1:]
    ]
    about = json.loads(rows[0][2]) | {"sha256": project._digest(changed)}
    with closing(sqlite3.connect(copy)) as database:
        database.executemany("UPDATE project SET value = ? WHERE part = ? AND number = ?", [(v, p, n) for p, n, v in changed])
        database.execute("UPDATE project SET value = ? WHERE part = 'about'", (json.dumps(about),))
        database.commit()
    if kind == "admin":
        with pytest.raises(InputError, match=r"names Camp Nine \(own:camp-nine\), which is not known here; install or add"):
            reopen(copy)
        return
    opened = reopen(copy)
    assert opened.notes[-1] == "Not in the gazetteer here, and shown as situation.gpkg has them: Camp Nine."
    place = next(place for place in opened.places if place.feature.id == "own:camp-nine")
    shape = opened.geometry(Named("own:camp-nine"))
    assert shape is not None
    assert shape.covers(shapely.Point(place.feature.lon, place.feature.lat))
    assert "Camp Nine" in page(opened)
    assert export(opened, tmp_path / "again.gpkg").stat().st_size > 0


class Renaming:
    """A gazetteer that calls one place otherwise, as that of a blurred situation does."""

    def __init__(self, gazetteer: Any, feature_id: str, name: str) -> None:
        self.inner, self.feature = gazetteer, replace(gazetteer.get(feature_id), name=name)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def get(self, feature_id: str) -> Any:
        return self.feature if feature_id == self.feature.id else self.inner.get(feature_id)


@pytest.mark.parametrize("suffix", [".geojson", ".kmz", ".jsonld", ".gpkg"])
def test_a_place_that_the_situation_calls_otherwise_keeps_that_name(suffix: str, idlib: Any, tmp_path: Path) -> None:
    situation = replace(idlib, gazetteer=Renaming(idlib.gazetteer, "admin1:SY-ID", "[province A]"))
    opened = reopen(export(situation, tmp_path / "renamed.gpkg"))
    assert opened.notes == situation.notes
    first, last = (export(one, tmp_path / f"{name}{suffix}").read_bytes() for name, one in (("a", situation), ("b", opened)))
    assert first == last
    if suffix in (".geojson", ".jsonld"):
        assert b"[province A]" in first


def test_other_data_than_at_the_time_of_writing_are_told(copy: Path) -> None:
    rewritten(copy, "about", lambda value: value["data"].update({"roads.csv": "0" * 64}))
    assert reopen(copy).notes[-1] == "Shapes are drawn with other data than when situation.gpkg was written (roads.csv)."


# The command line


def test_map_takes_a_project_and_writes_what_it_was(packed: Path, idlib: Any, tmp_path: Path) -> None:
    assert main(["map", str(packed), "-o", str(tmp_path / "a.geojson")]) == 0
    assert (tmp_path / "a.geojson").read_bytes() == export(idlib, tmp_path / "b.geojson").read_bytes()


def test_map_reads_the_reports_of_a_project_anew_where_a_setting_asks_for_it(packed: Path, tmp_path: Path) -> None:
    assert main(["map", str(packed), "--view", "neutral", "-o", str(tmp_path / "a.gpkg")]) == 0
    opened = reopen(tmp_path / "a.gpkg")
    assert opened.view == "neutral"
    assert opened.documents == reopen(packed).documents


def test_map_adds_reports_to_a_project_and_keeps_its_corrections(idlib: Any, tmp_path: Path) -> None:
    decided = (Decision(target="Sochi", action="drop"),)
    path = export(replace(idlib, decisions=decided), tmp_path / "a.gpkg")
    (tmp_path / "more.txt").write_text("6 March 2020\nRebels hold the town of Saraqib.", encoding="utf-8")
    assert main(["map", str(path), str(tmp_path / "more.txt"), "-o", str(tmp_path / "b.gpkg")]) == 0
    opened = reopen(tmp_path / "b.gpkg")
    assert len(opened.documents) == 2
    assert opened.decisions == decided
    assert not any(mention.text == "Sochi" for mention in opened.mentions)


def test_map_says_in_one_sentence_what_is_wrong_with_a_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "no.gpkg").write_bytes(b"SQLite format 3\x00" + bytes(100))
    assert main(["map", str(tmp_path / "no.gpkg"), "-o", str(tmp_path / "a.html")]) == 2
    said = capsys.readouterr().err
    assert "no.gpkg is damaged" in said
    assert said.count("\n") == 1
    assert not (tmp_path / "a.html").exists()


def test_a_report_without_places_can_be_kept(gazetteer: Any, tmp_path: Path) -> None:
    from geo import situation

    empty = situation.read([from_text("Nothing is named here.")], gazetteer=gazetteer, allow_empty=True)
    opened = reopen(export(empty, tmp_path / "empty.gpkg"))
    assert opened.documents == empty.documents
    assert np.array_equal(opened.zones.columns, empty.zones.columns)


# The documentation


def test_the_documentation_names_every_layer_table_and_column(packed: Path, tmp_path: Path) -> None:
    from geo.export.event_tables import ACLED
    from geo.export.vector import CSV_COLUMNS
    from tests import fake_situation

    told_ = (ROOT / "docs" / "data-formats.md").read_text(encoding="utf-8")
    control = export(replace(hostile.situation(), front_lines=fake_situation.control_map().front_lines), tmp_path / "control.gpkg")
    for path in (packed, control):
        for (name,) in asked(path, "SELECT table_name FROM gpkg_contents"):
            columns = [row[1] for row in asked(path, f"PRAGMA table_info({name})")] if name != "layer_styles" else []
            for word in [name, *columns]:
                assert f"`{word}`" in told_ or word in ("fid", "geom", "document", "start", "end"), word
    for word in (*ACLED, *CSV_COLUMNS):
        assert f"`{word}`" in told_, word

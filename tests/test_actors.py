"""Who is who: the laws of the table of actors, and of the words that are read as an actor."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import actors, datafiles
from geo.errors import DataError, UnknownPlace
from geo.records import Actor, Feature, Mention

KINDS = {"state", "state_force", "armed_group", "alliance", "organisation", "generic", "person", "people"}
WAR_COLOURS_NEUTRAL = {"#7F7F7F"}
DATE = re.compile(r"(?:\d{4}(?:-\d{2}(?:-\d{2})?)?)?")


@pytest.fixture(scope="module")
def who() -> actors.Actors:
    return actors.shipped()


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with datafiles.path("actors.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


# ---------------------------------------------------------------- the tables


def test_the_table_is_long_enough_and_every_id_is_given_once(rows):
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids)) >= 260
    assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", actor_id) for actor_id in ids)


def test_every_row_has_a_source_a_known_kind_and_dates_that_run_forwards(rows):
    for row in rows:
        assert row["source"], row["id"]
        assert row["kind"] in KINDS, row["id"]
        assert DATE.fullmatch(row["start"]), row["id"]
        assert DATE.fullmatch(row["end"]), row["id"]
        assert not row["end"] or row["start"] <= row["end"], row["id"]


def test_allies_and_principals_are_actors_of_the_table(rows):
    ids = {row["id"] for row in rows}
    for row in rows:
        assert set(filter(None, row["allies"].split("|"))) <= ids, row["id"]
        for principal in re.findall(r"acts for: ([\w-]+)", row["note"]):
            assert principal in ids, row["id"]


def test_every_person_and_state_force_says_for_whom_it_acts(rows, who):
    for row in rows:
        if row["kind"] in {"person", "state_force"}:
            actor = who.get(row["id"])
            assert who.acts_for(actor).id != actor.id, row["id"]


def test_a_side_names_a_war_and_a_party(rows):
    for row in rows:
        for side in filter(None, row["side"].split("|")):
            assert re.fullmatch(r"[a-z0-9-]+:[a-z0-9-]+", side), (row["id"], side)


def test_enemies_in_a_war_never_share_a_colour(rows):
    wars: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        if row["kind"] != "state_force":
            for side in filter(None, row["side"].split("|")):
                wars[side.split(":")[0]].append(row)
    clashes = [
        (war, a["id"], b["id"])
        for war, parties in wars.items()
        for a, b in combinations(parties, 2)
        if a["colour"] and a["colour"] == b["colour"] and not _share(a["side"], b["side"], war)
    ]
    assert clashes == []


def test_no_neutral_actor_wears_the_colour_of_a_party(rows):
    party = {row["colour"] for row in rows if row["side"]} - {""}
    neutral = {row["colour"] for row in rows if not row["side"] and row["kind"] == "organisation"}
    assert neutral == WAR_COLOURS_NEUTRAL
    assert not neutral & party
    assert not party & set(actors.PALETTE)


def test_the_demonyms_and_metonyms_are_given_once_and_have_sources():
    with datafiles.path("demonyms.csv").open(encoding="utf-8", newline="") as lines:
        demonyms = list(csv.DictReader(lines))
    with datafiles.path("metonyms.csv").open(encoding="utf-8", newline="") as lines:
        metonyms = list(csv.DictReader(lines))
    assert len({row["demonym"] for row in demonyms}) == len(demonyms) >= 350
    assert len({(row["name"], row["actor"]) for row in metonyms}) == len(metonyms) >= 200
    assert all(row["source"] for row in (*demonyms, *metonyms))


def test_every_metonym_means_an_actor(who):
    with datafiles.path("metonyms.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            assert who.get(row["actor"]).id == row["actor"], row


def test_every_actor_answers_to_its_own_name_in_its_country_and_time(rows, who):
    for row in rows:
        on = dt.date.fromisoformat((row["start"] + "-06-30")[:10]) if len(row["start"]) == 4 and row["start"] > "1000" else None
        found = who.named(row["name"], countries=row["country"].split("|")[:1], on=on)
        assert found is not None, row["id"]


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("words", "actor"),
    [
        ("the Government of Iraq", "iraq"), ("the Kurdish YPG", "sdf"), ("Lebanese militant group Hezbollah", "hezbollah"),
        ("Russian forces", "russia"), ("Russian troops", "russia"), ("Russian", "russia"), ("Turkish", "turkey"), ("Turks", "turkey"),
        ("Syrian forces", "syria-government"), ("Syrian army", "syria-government"), ("the Syrian government", "syria-government"),
        ("Damascus", "syria-government"), ("Ankara", "turkey"), ("Washington", "united-states"), ("the Kremlin", "russia"),
        ("NATO", "nato"), ("US-led military alliance", "nato"), ("U.S.", "united-states"), ("Türkiye", "turkey"), ("TURKEY", "turkey"),
        ("Hezbollah fighters", "hezbollah"), ("M23 rebels", "m23"), ("Wagner mercenaries", "wagner"), ("Houthi", "houthis"),
        ("Syrian rebels", "syrian-opposition"), ("Russian-backed Syrian forces", "syria-government"), ("Hizbullah", "hezbollah"),
        ("Bosnian Serb forces", "vrs"), ("Viet Cong", "viet-cong"), ("North Vietnamese troops", "north-vietnam"),
        ("Ansar Eddine", "ansar-dine"),
        ("Al Shabaab", "al-shabaab"), ("Soviet troops", "soviet-union"), ("Israeli soldiers", "israel"),
        ("the Taliban's fighters", "taliban"),
    ],
)
def test_words_name_an_actor_without_any_context(who, words, actor):
    assert who.named(words).id == actor


@pytest.mark.parametrize(
    ("words", "countries", "actor"),
    [
        ("rebels", ["SY"], "syrian-opposition"), ("the rebels", ["TR", "SY"], "syrian-opposition"), ("rebel", ["SY"], "syrian-opposition"),
        ("the rebels", ["FR"], "rebels"), ("rebels", [], "rebels"), ("rebels", ["YE"], "houthis"),
        ("separatists", ["UA"], "donbas-separatists"),
        ("Turkish-backed rebels", ["SY"], "syrian-opposition"), ("pro-Russian separatists", ["UA"], "donbas-separatists"),
        ("the regime", ["SY"], "syria-government"), ("government", ["ML"], "mali"), ("government forces", ["CO"], "colombia"),
        ("the army", ["SD"], "saf"), ("the army", ["CO"], "colombia"), ("paramilitary", ["SD"], "rsf"), ("Serbs", ["BA"], "vrs"),
        ("Serbs", ["HR"], "rsk"), ("coalition forces", ["IQ"], "us-coalition"), ("the nationalists", ["ES"], "spanish-nationalists"),
        ("SLA", ["SD"], "slm"), ("SLA", ["LB"], "sla"), ("SNA", ["SY"], "sna"), ("Islamist fighters", ["ML"], "islamists-mali"),
    ],
)
def test_a_common_word_is_narrowed_by_the_countries_of_the_document(who, words, countries, actor):
    assert who.named(words, countries=countries).id == actor


@pytest.mark.parametrize(
    ("words", "countries", "on", "actor"),
    [
        ("Syria", [], dt.date(2020, 3, 5), "syria-government"), ("Syria", ["SY"], dt.date(2025, 3, 5), "syria-transition"),
        ("German forces", [], dt.date(1943, 2, 1), "nazi-germany"), ("German forces", [], dt.date(2010, 2, 1), "germany"),
        ("Hanoi", [], dt.date(1968, 4, 9), "north-vietnam"), ("Hanoi", [], dt.date(2020, 4, 9), "vietnam"),
        ("coalition", ["IQ"], dt.date(1991, 2, 20), "gulf-coalition"), ("coalition", ["IQ"], dt.date(2016, 2, 20), "us-coalition"),
        ("rebels", ["LY"], dt.date(2011, 4, 1), "ntc"), ("rebels", ["LY"], dt.date(2019, 4, 1), "rebels"),
        ("Afghan government", [], dt.date(2010, 1, 1), "afghanistan"),
        ("Afghan government", [], dt.date(2023, 1, 1), "afghanistan-emirate"),
    ],
)
def test_the_actors_of_the_time_are_preferred(who, words, countries, on, actor):
    assert who.named(words, countries=countries, on=on).id == actor


@pytest.mark.parametrize(
    "words",
    ["", " ", "the", "us", "is", "Idlib", "helicopter", "Chechen", "European", "Western politics",
     "Republicans"],
)
def test_words_that_name_no_actor_give_none(who, words):
    assert who.named(words, countries=["US"]) is None


@pytest.mark.parametrize(
    ("words", "person", "party"),
    [("Mr. Putin", "vladimir-putin", "russia"), ("President Bashar al-Assad", "bashar-al-assad", "syria-government"),
     ("Assad", "bashar-al-assad", "syria-government"), ("Erdoğan", "recep-tayyip-erdogan", "turkey"),
     ("Hemedti", "mohamed-hamdan-dagalo", "rsf")],
)
def test_a_person_acts_for_a_party_and_wears_its_side_and_colour(who, words, person, party):
    actor = who.named(words)
    assert (actor.id, who.acts_for(actor).id) == (person, party)
    assert (actor.side, actor.colour) == (who.get(party).side, who.get(party).colour)


@given(st.text(max_size=40))
def test_no_text_breaks_the_look_up(text):
    found = actors.shipped().named(text, countries=["SY"]) or actors.shipped().by_form(text)
    assert found is None or isinstance(found, Actor)


def test_a_hostile_run_of_words_is_refused_quickly(who):
    assert who.named("rebel " * 20_000) is None
    assert who.by_form("Al " * 20_000) is None


def test_case_article_possessive_and_accents_do_not_count(who):
    for name in ("the séléka", "Seleka", "SELEKA", "Seleka’s", "The Seleka's fighters"):
        assert who.named(name).id == "fprc", name


def test_the_aliases_are_forms_of_actors_and_leave_places_and_demonyms_to_others(who):
    aliases = who.aliases()
    assert "Hezbollah" in aliases["hezbollah"]
    assert {"rebels", "Rebels"} <= set(aliases["rebels"])
    assert aliases["russia"] == ()
    assert not {"Syria", "Syrian government", "Syrian Arab Republic"} & set(aliases["syria-government"])
    assert "Assad regime" in aliases["syria-government"]


# ---------------------------------------------------------------- groups that no table knows


@pytest.mark.parametrize(
    "name",
    ["Ahrar al-Sharqiya Brigade", "Hamza Division", "Popular Redemption Front", "Volta Liberation Army", "Army of Conquest",
     "Free Coast Movement",
     "Tribal Militia", "Sheikh Mansur Battalion", "the 4th Division", "Katibat al-Tawhid", "Liwa al-Quds", "Jaysh al-Izza", "Harakat Nour"],
)
def test_a_group_is_recognised_by_its_form_and_keeps_its_name(who, name):
    group = who.by_form(name)
    assert group.name == name.removeprefix("the ")
    assert group.id.startswith("group:")
    assert who.by_form(name) == group


@pytest.mark.parametrize(
    "name",
    ["Army", "the army", "the Western Front", "Eastern Front", "a movement", "division of labour",
     "the Front", "Idlib", ""],
)
def test_a_place_of_war_or_a_bare_noun_is_no_group(who, name):
    assert who.by_form(name) is None


# ---------------------------------------------------------------- places


@pytest.mark.parametrize(
    ("feature", "actor"),
    [("country:TR", "turkey"), ("country:SY", "syria-government"), ("geonames:323786", "turkey"), ("geonames:170654", "syria-government"),
     ("geonames:524901", "russia"), ("historic:soviet-union", "soviet-union"), ("country:UA", "ukraine"),
     ("geonames:4140963", "united-states")],
)
def test_a_country_or_capital_stands_for_its_state(who, feature, actor):
    assert who.of_place(feature).id == actor


@pytest.mark.parametrize("feature", ["admin1:RU-CE", "geonames:170063", "", "country:XX", "sea:black-sea"])
def test_a_place_that_governs_nothing_stands_for_nobody(who, feature):
    assert who.of_place(feature) is None


def test_the_state_of_a_place_changes_with_the_day(who):
    assert who.of_place("geonames:170654", on=dt.date(2025, 6, 1)).id == "syria-transition"
    assert who.of_place("geonames:524901", on=dt.date(1985, 6, 1)).id == "soviet-union"
    assert who.of_place("geonames:1566083", on=dt.date(1968, 6, 1)).id == "south-vietnam"
    assert who.of_place("geonames:1566083", on=dt.date(2020, 6, 1)) is None


def test_a_mention_stands_for_the_actor_of_its_place_first(who):
    ankara = Feature(id="geonames:323786", name="Ankara", kind="populated", lon=32.85, lat=39.92)
    mention = Mention(document_id="d", start=0, end=6, text="Ankara", kind="populated", use="metonym")
    assert who.of(mention, ankara).id == "turkey"
    group = Mention(document_id="d", start=0, end=9, text="Liwa Asad", kind="actor")
    assert who.of(group).id == "group:liwa-asad"


# ---------------------------------------------------------------- sides


@pytest.mark.parametrize(
    ("a", "b", "war", "same"),
    [
        ("russia", "syria-government", "", True), ("turkey", "syria-government", "", False), ("turkey", "syrian-opposition", "", True),
        ("hts", "isis", "", False), ("russia", "ukraine", "", False), ("vrs", "arbih", "", False),
        ("vladimir-putin", "syria-government", "", True),
        ("wagner", "russia", "syria", True), ("hamas", "fatah", "palestine", False), ("hamas", "fatah", "israel-palestine", True),
        ("hamas", "fatah", "", None), ("taliban", "farc", "", None), ("russia", "russia", "", True),
        ("united-states", "china", "korea", False),
    ],
)
def test_sides_say_who_fights_with_whom_and_enemy_is_the_opposite(who, a, b, war, same):
    first, second = who.get(a), who.get(b)
    assert who.same_side(first, second, war=war) is same
    assert who.enemy(first, second, war=war) is (None if same is None else not same)


@given(st.sampled_from([actor.id for actor in actors.shipped()]), st.sampled_from([actor.id for actor in actors.shipped()]))
def test_sides_do_not_depend_on_the_order(a, b):
    who = actors.shipped()
    assert who.same_side(who.get(a), who.get(b)) is who.same_side(who.get(b), who.get(a))


def test_the_war_of_some_actors_is_the_one_that_most_share(who):
    assert who.war_of([who.get("russia"), who.get("turkey"), who.get("syria-government")]) == "syria"
    assert who.war_of([who.get("farc")]) == ""
    assert who.war_of([]) == ""


def test_a_colour_is_always_given_and_always_the_same(who):
    for actor in who:
        assert re.fullmatch(r"#[0-9A-F]{6}", who.colour(actor)), actor.id
    unknown = Actor(id="group:x", name="X")
    assert who.colour(unknown) == who.colour(unknown) in actors.PALETTE


# ---------------------------------------------------------------- bad input


def test_an_unknown_id_is_refused_in_one_sentence(who):
    with pytest.raises(UnknownPlace, match=r"No actor has the id 'nobody'"):
        who.get("nobody")


def test_a_missing_or_wrong_table_is_refused_in_one_sentence(tmp_path: Path):
    with pytest.raises(DataError, match=r"cannot be read"):
        actors.load_actors(tmp_path / "none.csv")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"no column 'aliases'"):
        actors.load_actors(wrong)


def _share(a: str, b: str, war: str) -> bool:
    def party(sides: str) -> set[str]:
        return {side.split(":")[1] for side in sides.split("|") if side.startswith(f"{war}:")}

    return bool(party(a) & party(b))

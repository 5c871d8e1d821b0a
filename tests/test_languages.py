"""Reports in French, Spanish, Arabic, Russian, Ukrainian and Turkish: the language told, names found in their grammar, and placed."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import datafiles
from geo.asked_languages import asked_in
from geo.corpus import parse_document
from geo.documents import from_text
from geo.exonyms import demonym_of, english_demonym, exonyms
from geo.gazetteer import open_gazetteer
from geo.inflection import forms, prefixes
from geo.languages import READ, detect, limit, vocabulary
from geo.names import fold
from geo.payload import payload
from geo.persons import persons
from geo.projections import distance_km
from geo.recogniser_languages import language_recogniser
from geo.recognition import recognise
from geo.respelt import in_latin
from geo.situation import read
from geo.tokens import word_list
from geo.words import words

ROOT = Path(__file__).parents[1]
GOLD = Path(__file__).parent / "gold" / "languages.jsonl"
NEAR_KM = 25


@lru_cache(maxsize=1)
def gold() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines())


def named(text: str, language: str) -> dict[str, dict[str, Any]]:
    """What a text names, by the words of the text; demonyms left out."""
    found = parse_document(from_text(text, language=language), gazetteer=open_gazetteer())
    return {toponym["surface"]: toponym for toponym in found if toponym["use"] != "demonym"}


def away(toponym: dict[str, Any], feature_id: str) -> float:
    feature = open_gazetteer().get(feature_id)
    return distance_km(shapely.Point(toponym["lon"], toponym["lat"]), shapely.Point(feature.lon, feature.lat))


# --- which language


@pytest.mark.parametrize("document", gold(), ids=lambda document: str(document["id"]))
def test_the_language_of_a_report_is_told(document: dict[str, Any]) -> None:
    assert from_text(document["text"]).language == document["language"]


@pytest.mark.parametrize("seed", sorted((ROOT / "seeds").glob("*.md")), ids=lambda path: path.stem)
def test_an_english_report_full_of_foreign_names_stays_english(seed: Path) -> None:
    assert detect(seed.read_text(encoding="utf-8")) == "en"


@pytest.mark.parametrize(
    "text",
    ["", "Alep", "Deir ez-Zor, Tel Abyad, Ras al-Ayn", "El Salvador", "De la Rosa", "Le Monde", "12.03.2020",
     "Villes: Gao, Kidal, Tombouctou",
     "The mayor of San José de los Ramos and La Paz de la Frontera met the head of the port of El Callao."],
)
def test_what_is_too_short_or_only_names_counts_as_english(text: str) -> None:
    assert detect(text) == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Truppen haben die Stadt nach schweren Kämpfen eingenommen, und die Bewohner sind auf der Flucht.", "de"),
        ("As tropas do governo retomaram a cidade e os moradores não podem sair das suas casas.", "pt"),
        ("نیروهای ارتش وارد شهر شدند و به گفته یک منبع در این شهر جنگ ادامه دارد", "fa"),
        ("כוחות הצבא נכנסו לעיר", "he"),
        ("Войските са влезли в града, след като жителите не са напуснали домовете си.", "bg"),
    ],
)
def test_a_language_that_is_not_read_is_told_and_said_so(text: str, language: str) -> None:
    assert detect(text) == language
    assert "read as if it were English" in limit(language)


@given(st.text(max_size=300))
def test_any_text_has_a_language(text: str) -> None:
    assert len(detect(text)) == 2


# --- grammar


CYRILLIC = st.text(alphabet="абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ'-", min_size=1, max_size=12)


@given(st.lists(CYRILLIC, min_size=1, max_size=5), st.sampled_from(["ru", "uk"]))
def test_the_words_themselves_are_the_first_form_and_forms_are_few(parts: list[str], language: str) -> None:
    found = forms(parts, language)
    assert found[0] == " ".join(parts)
    assert len(found) <= 60


@given(st.text(alphabet="وفبلكالحمصدرعة", min_size=1, max_size=10))
def test_a_prefix_that_is_cut_off_leaves_the_rest_of_the_word(word: str) -> None:
    for cut, rest in prefixes(word, "ar"):
        assert rest.removeprefix("ال").endswith(word[cut:].removeprefix("ال"))


@pytest.mark.parametrize(
    ("text", "language", "surface", "feature"),
    [
        ("Des combats ont éclaté près d'Alep hier.", "fr", "Alep", "geonames:170063"),
        ("L'armée a quitté Gao et la ville de Kidal.", "fr", "Kidal", "geonames:2455290"),
        ("Il est né à Addis-Abeba et vit dans le Haut-Karabakh.", "fr", "Haut-Karabakh", "region:nagorno-karabakh"),
        ("Un navire a coulé dans la mer Noire.", "fr", "mer Noire", "sea:black-sea"),
        ("Murió en Londres y no en París.", "es", "Londres", "geonames:2643743"),
        ("Los combates siguen en Járkov.", "es", "Járkov", "geonames:706483"),
        ("El barco cruzó el mar Rojo.", "es", "mar Rojo", "sea:red-sea"),
        ("اندلعت معارك بحلب وريفها", "ar", "حلب", "geonames:170063"),
        ("وصل الوفد إلى صنعاء وعدن", "ar", "عدن", "geonames:415189"),
        ("غرقت سفينة في البحر الأسود", "ar", "البحر الأسود", "sea:black-sea"),
        ("دخل الجيش مدينة الرقة أمس", "ar", "الرقة", "geonames:172955"),
        ("Бои идут под Херсоном.", "ru", "Херсоном", "geonames:706448"),
        ("Он вылетел из Краматорска в Одессу.", "ru", "Краматорска", "geonames:704508"),
        ("Обстреляна граница Харьковской области.", "ru", "Харьковской", "admin1:UA-63"),
        ("Противник наступает на Купянском направлении.", "ru", "Купянском", "geonames:703656"),
        ("Корабль вошёл в Чёрное море.", "ru", "Чёрное море", "sea:black-sea"),
        ("Колонна прошла через Нижний Новгород.", "ru", "Нижний Новгород", "geonames:520555"),
        ("Ворог обстріляв околиці Харкова.", "uk", "Харкова", "geonames:706483"),
        ("Бої тривають у Донецькій області.", "uk", "Донецькій", "admin1:UA-14"),
        ("Військові вийшли з Авдіївки.", "uk", "Авдіївки", "geonames:713122"),
        ("Кораблі увійшли до Азовського моря.", "uk", "Азовського моря", "sea:sea-of-azov"),
        ("İdlib'deki hastane vuruldu.", "tr", "İdlib", "geonames:169389"),
        ("Uçaklar Halep'in kuzeyini bombaladı.", "tr", "Halep", "geonames:170063"),
        ("Tanklar Hatay ilinden geçti.", "tr", "Hatay", "admin1:TR-31"),
        ("Heyet Şam'a gitti.", "tr", "Şam", "geonames:170654"),
        ("Gemi Karadeniz'de battı.", "tr", "Karadeniz", "sea:black-sea"),
    ],
)
def test_a_name_is_found_in_its_grammar_and_placed(text: str, language: str, surface: str, feature: str) -> None:
    found = named(text, language)
    assert surface in found
    assert away(found[surface], feature) <= NEAR_KM


@pytest.mark.parametrize(
    ("text", "surface", "language", "kind"),
    [
        ("la province d'Idleb", "Idleb", "fr", "admin"), ("la ville d'Idleb", "Idleb", "fr", "populated"),
        ("les villes d'Ukraine", "Ukraine", "fr", None),
        ("le fleuve Niger", "Niger", "fr", "water"), ("el departamento del Cauca", "Cauca", "es", "admin"),
        ("el río Cauca", "Cauca", "es", "water"),
        ("محافظة إدلب", "إدلب", "ar", "admin"), ("مدينة إدلب", "إدلب", "ar", "populated"), ("نهر الفرات", "الفرات", "ar", "water"),
        ("в городе Херсоне", "Херсоне", "ru", "populated"), ("Херсонской области", "Херсонской", "ru", "admin"),
        ("в Донецкой и Луганской областях", "Донецкой", "ru", "admin"), ("у місті Херсон", "Херсон", "uk", "populated"),
        ("Херсонській області", "Херсонській", "uk", "admin"), ("Hatay ilinde", "Hatay", "tr", "admin"),
        ("Halep kentinde", "Halep", "tr", "populated"),
        ("dans la capitale, Gao", "Gao", "fr", None),
    ],
)
def test_the_words_around_a_name_ask_for_a_kind(text: str, surface: str, language: str, kind: str | None) -> None:
    start = text.index(surface)
    assert asked_in(from_text(text, language=language), start, start + len(surface)) == kind


@pytest.mark.parametrize(
    ("text", "language", "surface", "feature"),
    [
        ("سيطر الجيش السوري على بلدة كفر نبل في سوريا", "ar", "كفر نبل", "geonames:168661"),
        ("Сирийские войска взяли Эль-Баб и окружили Растан.", "ru", "Эль-Баб", "geonames:174018"),
        ("В Ливии колонны дошли до Гарьяна.", "ru", "Гарьяна", "geonames:2217362"),
        ("Suriye ordusu Maaret el Numan'a girdi.", "tr", "Maaret el Numan", "geonames:168325"),
        ("L'Ukraine a repris la ville de Koupiansk.", "fr", "Koupiansk", "geonames:703656"),
    ],
)
def test_a_name_that_the_gazetteer_spells_otherwise_is_found_by_its_sound(text: str, language: str, surface: str, feature: str) -> None:
    found = named(text, language)
    assert surface in found
    assert away(found[surface], feature) <= NEAR_KM


@pytest.mark.parametrize(("name", "language", "latin"), [("Джуфра", "ru", "Jufra"), ("Münbiç", "tr", "Munbich"), ("Gao", "fr", "Gao")])
def test_a_name_is_written_with_the_sounds_of_english(name: str, language: str, latin: str) -> None:
    assert in_latin(name, language) == latin


# --- what is no place


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("وقال المتحدث إن وقف القتال يبدأ صباح اليوم بعد حصار طويل", "ar"),
        ("وأضاف محمد صالح أن عددا من الجنود عادوا من جديد إلى الحياة", "ar"),
        ("Вчера утром президент Владимир Путин встретился с министром.", "ru"),
        ("Победа была близка, сказал генерал Александр Сырский.", "ru"),
        ("Перемога близько, сказав генерал Олександр Сирський.", "uk"),
        ("Barış görüşmeleri Aralık ayında başladı, dedi Recep Tayyip Erdoğan.", "tr"),
        ("Le président Emmanuel Macron a parlé. Mardi, la paix était loin.", "fr"),
        ("El presidente Gustavo Petro habló. La victoria y la paz están lejos.", "es"),
    ],
)
def test_people_and_plain_words_are_no_places(text: str, language: str) -> None:
    assert named(text, language) == {}


def test_a_surname_that_stands_once_with_a_title_is_a_person_in_all_of_the_report() -> None:
    report = from_text("Le général Jean Valence a parlé. Valence a ensuite quitté Damas.", language="fr")
    assert [words(report)[position].text for position in sorted(persons(report))] == ["Jean", "Valence", "Valence"]


@pytest.mark.parametrize(
    ("word", "language", "feature"),
    [
        ("syriennes", "fr", "country:SY"), ("turque", "fr", "country:TR"), ("ucranianas", "es", "country:UA"),
        ("والسورية", "ar", "country:SY"),
        ("للروس", "ar", "country:RU"), ("الأتراك", "ar", "country:TR"), ("российскими", "ru", "country:RU"),
        ("українських", "uk", "country:UA"),
        ("Suriyeliler", "tr", "country:SY"), ("Rusya", "tr", ""), ("اليمنى", "ar", ""), ("ville", "fr", ""),
    ],
)
def test_the_people_and_things_of_a_land_are_told_from_the_land(word: str, language: str, feature: str) -> None:
    assert demonym_of(word, language) == feature


def test_people_and_things_of_a_land_are_mentions_that_are_not_drawn() -> None:
    gazetteer = open_gazetteer()
    report = from_text("Турецкие войска вошли в Идлиб.", language="ru")
    found = recognise(report, gazetteer=gazetteer)
    assert [(mention.text, mention.use) for mention in found] == [("Турецкие", "demonym"), ("Идлиб", "literal")]
    situation = read([report], gazetteer=gazetteer)
    assert "TR" not in {place.feature.country for place in situation.places if any(m.use == "literal" for m in place.mentions)}


@pytest.mark.parametrize(
    ("text", "language", "surface", "use"),
    [
        ("Москва заявила, что переговоры идут.", "ru", "Москва", "metonym"), ("Он прибыл в Москву.", "ru", "Москву", "literal"),
        ("Paris a annoncé son retrait.", "fr", "Paris", "metonym"), ("Il est mort à Paris.", "fr", "Paris", "literal"),
        ("وأعلنت أنقرة وقف القتال", "ar", "أنقرة", "metonym"), ("وصل إلى أنقرة", "ar", "أنقرة", "literal"),
        ("Rusya Savunma Bakanlığı açıkladı.", "tr", "Rusya", "metonym"), ("Berlin'de bir toplantı yapıldı.", "tr", "Berlin", "literal"),
    ],
)
def test_who_acts_is_told_from_where(text: str, language: str, surface: str, use: str) -> None:
    assert named(text, language)[surface]["use"] == use


# --- English loses nothing


def test_the_reader_of_other_languages_is_silent_on_english() -> None:
    report = from_text("Turkish forces left Saraqib for the city of Idlib, near Aleppo.")
    assert list(language_recogniser(open_gazetteer())(report)) == []


def test_no_exonym_that_counts_everywhere_is_an_english_word() -> None:
    everywhere = {row["exonym"] for _, row in datafiles.rows("exonyms.csv") if row["everywhere"] == "1"}
    assert not {name for name in everywhere if fold(name) in word_list("common")}


def test_the_turkish_name_of_a_city_is_kept_for_turkish_reports() -> None:
    assert exonyms("tr")["sam"] == ("geonames:170654",)
    assert [toponym for toponym in named("Sam left the town and went home.", "en").values() if toponym["country"] == "SY"] == []


@pytest.mark.parametrize("language", sorted(READ))
def test_every_list_of_a_language_is_there(language: str) -> None:
    for name in ("stop", "org", "title", "given", "speech", "never", "seldom"):
        assert len(vocabulary(language, name).whole) + len(vocabulary(language, name).stems) > 15, name


def test_every_people_of_the_tables_is_known_to_the_resolver_or_to_nobody() -> None:
    features = {row["feature"] for _, row in datafiles.rows("language_demonyms.csv")}
    assert {feature for feature in features if feature.startswith("country:")} <= english_demonym().keys()


# --- measured


def score(language: str, source: str) -> tuple[float, float]:
    """Exact F1 of the names, and the share of gold that is placed within 25 km, or inside an area; demonyms do not count."""
    right = named_in_all = wanted = placed = 0
    for document in gold():
        if document["language"] != language or document["source"] != source:
            continue
        truth = {(t["start"], t["end"]): t for t in document["toponyms"] if not t.get("demonym")}
        found = parse_document(from_text(document["text"]), gazetteer=open_gazetteer())
        spans = {(t["start"], t["end"]): t for t in found if t["use"] != "demonym"}
        right, named_in_all, wanted = right + len(truth.keys() & spans.keys()), named_in_all + len(spans), wanted + len(truth)
        for span in truth.keys() & spans.keys():
            here, there = truth[span], spans[span]
            if there["lat"] is not None:
                km = distance_km(shapely.Point(here["lon"], here["lat"]), shapely.Point(there["lon"], there["lat"]))
                placed += km <= max(NEAR_KM, here.get("radius_km", 0))
    return 2 * right / (named_in_all + wanted), placed / wanted


# own-dev was written before the rules; own-unseen and own-last after they were finished, and scored before anything was mended:
# exact F1 then .889 .969 .925 .937 .946 .904 and .917 .943 .918 .941 .969 .951 (fr es ar ru uk tr), placed .86 to .91 and .85 to .94.
@pytest.mark.parametrize("source", ["own-dev", "own-unseen", "own-last"])
@pytest.mark.parametrize(
    ("language", "exact", "placed"),
    [("fr", 0.94, 0.90), ("es", 0.95, 0.87), ("ar", 0.92, 0.88), ("ru", 0.95, 0.90), ("uk", 0.95, 0.92), ("tr", 0.93, 0.91)],
)
def test_names_are_found_and_placed_in_every_language(language: str, source: str, exact: float, placed: float) -> None:
    found, there = score(language, source)
    assert found >= exact
    assert there >= placed


def test_the_gold_texts_are_marked_where_they_say() -> None:
    for document in gold():
        assert all(document["text"][t["start"] : t["end"]] == t["surface"] for t in document["toponyms"]), document["id"]
    for language in READ:
        assert sum(not t.get("demonym") for document in gold() if document["language"] == language for t in document["toponyms"]) >= 80


# --- the whole way


def test_a_report_in_another_language_shows_places_and_says_that_claims_are_not_read() -> None:
    report = from_text("Les rebelles ont pris la ville de Goma, et les soldats se sont repliés vers Sake, selon une source locale.")
    situation = read([report], gazetteer=open_gazetteer())
    assert {place.feature.name for place in situation.places} == {"Goma", "Sake"}
    assert (situation.claims, situation.phrases) == ((), ())
    assert any("in French" in line and "English only" in line for line in payload(situation, (), basemap=False)["about"])


@settings(max_examples=40)
@given(st.sampled_from(sorted(READ)), st.data())
def test_no_text_breaks_the_reader(language: str, data: st.DataObject) -> None:
    lists = ("lead", "head_populated", "title", "given", "tail_admin")
    pieces = [word for name in lists for word in sorted(vocabulary(language, name).whole)[:6]]
    pieces += ["Alep", "حلب", "بحلب", "Алеппо", "Харьковской", "области", "İdlib'de", "d'", "'", "-", ",", "."]
    pieces += ["\n", "Ель-", "ال", "و", "ʼ", "\u0301", "ä"]
    text = data.draw(st.lists(st.sampled_from(pieces), min_size=1, max_size=25).map(" ".join))
    if not text.strip():
        return
    report = from_text(text, language=language)
    for mention in recognise(report, gazetteer=open_gazetteer()):
        assert report.text[mention.start : mention.end] == mention.text
    parse_document(report, gazetteer=open_gazetteer())


GEOCODED = {
    "حلب": "geonames:170063", "إدلب": "geonames:169389", "ادلب": "geonames:169389", "دمشق": "geonames:170654",
    "الخرطوم": "geonames:379252", "صنعاء": "geonames:71137", "الموصل": "geonames:99072", "غزة": "geonames:281133",
    "بنغازي": "geonames:88319", "سوريا": "country:SY", "الولايات المتحدة": "country:US",
    "نهر الفرات": "river:euphrates", "دارفور": "region:darfur", "خاركيف": "geonames:706483",
    "Алеппо": "geonames:170063", "Херсон": "geonames:706448", "Бахмут": "geonames:713174",
    "Чёрное море": "sea:black-sea", "Черное море": "sea:black-sea", "Евфрат": "river:euphrates", "Сирия": "country:SY",
    "Донбасс": "region:donbas", "Нагорный Карабах": "region:nagorno-karabakh", "Харків": "geonames:706483",
    "Слов'янськ": "geonames:693468", "Азовське море": "sea:sea-of-azov", "Туреччина": "country:TR",
    "Київ": "geonames:703448", "ירושלים": "geonames:281184", "חיפה": "geonames:294801", "Halep": "geonames:170063",
    "İstanbul": "geonames:745044", "Münbiç": "geonames:167357", "Fırat": "river:euphrates",
    "Karadeniz": "sea:black-sea", "Kızıldeniz": "sea:red-sea", "Gazze": "geonames:281133", "Suriye": "country:SY",
    "Alep": "geonames:170063", "Méditerranée": "sea:mediterranean", "mer Noire": "sea:black-sea",
    "Mossoul": "geonames:99072", "Londres": "geonames:2643743", "Nueva York": "geonames:5128581",
    "Jersón": "geonames:706448", "mar Rojo": "sea:red-sea", "Nagorno Karabaj": "region:nagorno-karabakh",
}


@pytest.mark.parametrize("name", GEOCODED)
def test_a_name_in_its_own_script_and_spelling_is_geocoded(name: str) -> None:
    hits = [hit.feature for hit in open_gazetteer().search(name, limit=5)]
    wanted = open_gazetteer().get(GEOCODED[name])
    assert wanted.id in [feature.id for feature in hits]

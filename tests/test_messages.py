"""The words of the interface: every one has a row, every row is used and whole, and what fills the braces cannot upset a sentence."""

from __future__ import annotations

import ast
import datetime as dt
import json
import re
import unicodedata
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import messages
from geo.choices import LANGUAGES as CHOICES
from geo.choices import Choices
from geo.errors import InputError
from geo.export.html import page
from geo.layers import layers
from geo.messages import FORMS, LANGUAGES, RTL, say
from geo.payload import payload
from geo.payload_language import spoken
from geo.retold import retold
from geo.situation import Situation
from scripts.check_messages import ROOT, in_javascript, in_python, python_files, said, script_files

OTHERS = sorted(LANGUAGES.keys() - {"en"})
ROWS = messages.rows()
SAID = [row for row in ROWS if row["where"] != "glossary"]
SLOT = re.compile(r"\{\w+\}")

# What is said without being written there: the engine's words, each with where they come from.
DYNAMIC = {
    "change_card.py": {"words"},  # Moves.told
    "compared.py": {"found.phrase(row.change)"},  # geo.changes
    "correct_zone.py": {"knob.label"},  # geo.recipe_edits
    "reading.py": {"state.doing"},  # geo.jobs
    "words.py": {"words"},  # it is the function itself
}


@pytest.mark.parametrize(("files", "read"), [(python_files(), in_python), (script_files(), in_javascript)], ids=["page", "frame"])
def test_all_words_that_are_said_can_be_read_from_the_code(files, read) -> None:
    lost = [
        f"{path.name}:{line}: {text.splitlines()[line - 1].strip()}"
        for path in files for text in [path.read_text(encoding="utf-8")] for line, words in read(text)
        if words is None and not any(known in text.splitlines()[line - 1] for known in DYNAMIC.get(path.name, ()))
    ]
    assert lost == [], "say() and S.phrase() take a literal, or a constant of the module"


@pytest.mark.parametrize("kind", ["page", "frame"])
def test_every_word_that_is_said_has_a_row(kind: str) -> None:
    rows = {row["en"] for row in SAID}
    assert {place: words for words, place in said()[kind].items() if words not in rows} == {}


def test_every_row_of_the_page_and_the_frame_is_used_where_it_says() -> None:
    wrong = []
    for row in SAID:
        if row["where"] in ("page", "frame", "both"):
            used = [kind for kind in ("page", "frame") if row["en"] in said()[kind]]
            if used != {"both": ["page", "frame"]}.get(row["where"], [row["where"]]):
                wrong.append((row["where"], row["en"], used))
    assert wrong == []


@cache
def _engine() -> str:
    """Every text in the engine's code, without its docstrings, and in its tables, one after the other."""
    texts: set[str] = set()
    for path in sorted((ROOT / "geo").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        remarks = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        found = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in remarks)
        texts.update(node.value for node in found if isinstance(node.value, str))
    texts |= {(ROOT / "data" / name).read_text(encoding="utf-8") for name in ("symbology.json", "claim_cues.csv", "claim_gates.csv")}
    return "\x00".join(sorted(texts))


@pytest.mark.parametrize("where", ["data", "sentence"])
def test_every_row_of_the_engine_stands_in_its_code(where: str) -> None:
    """Of a composed sentence, each piece of some words between the names."""
    lost = []
    for row in (row for row in SAID if row["where"] == where):
        whole = row["en"] in _engine()
        pieces = [piece for piece in re.split(r"\{\w+\}|; |, |: |\. | is | are ", row["en"]) if len(piece.split()) > 2]
        if not whole and (where == "data" or not all(_stands(piece) for piece in pieces)):
            lost.append(row["en"])
    assert lost == []


def _stands(piece: str) -> bool:
    """A piece as it is, or in two that code put together ("the eastern" and "outskirts of")."""
    words = piece.strip(" ()-").split()
    for cut in range(len(words) + 1):
        first, second = " ".join(words[:cut]), " ".join(words[cut:])
        if first in _engine() and second in _engine():
            return True
    return any(
        all(" ".join(part) in _engine() for part in (words[:one], words[one:two], words[two:]))
        for one in range(len(words)) for two in range(one, len(words))
    )


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_a_cell_is_whole_and_plain(code: str) -> None:
    markup = re.compile(r"<\w|&\w+;|\*\*|__|`|\]\(|\$|  ")
    for row in ROWS:
        cell = row[code]
        assert row["where"] in messages.WHERE
        assert cell, row["en"]
        assert cell == cell.strip() == unicodedata.normalize("NFC", cell), row["en"]
        assert not markup.search(cell), f"no Markdown, no HTML: {cell}"
        odd = {sign for sign in cell if unicodedata.category(sign) in ("Cf", "Cc", "Zl", "Zp") or (sign.isspace() and sign != " ")}
        allowed = {"\u202f", "\u00a0"} if code == "fr" else {"\u2066", "\u2069"} if code in RTL else set()
        assert odd <= allowed, f"no hidden signs, no spaces that look like others: {cell}"
        assert cell.count("\u2066") == cell.count("\u2069"), "what runs from the left ends there"


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_keeps_the_braces_and_has_its_forms(code: str) -> None:
    for row in SAID:
        forms, wanted = row[code].split(" | "), set(SLOT.findall(row["en"]))
        assert row["en"].count(" | ") in (0, 1), row["en"]
        assert len(forms) in (1, FORMS[code]), row[code]
        assert set(SLOT.findall(forms[-1])) == wanted, row[code]
        for form in forms[:-1]:
            assert wanted - set(SLOT.findall(form)) <= {"{count}", "{day}"}, f"only the number itself may go into the words: {form}"
            assert set(SLOT.findall(form)) <= wanted, form


def test_arabic_is_written_in_arabic_letters() -> None:
    for row in SAID:
        assert not re.search(r"[\u06a9\u06cc\u06c1\u0660-\u0669\u06f0-\u06f9]", row["ar"]), f"Arabic letters, Western digits: {row['ar']}"
        if row["where"] != "form" and re.search(r"[a-z]{3}", SLOT.sub("", row["en"])) and row["en"] not in FORMATS:
            assert re.search(r"[\u0621-\u064a]", row["ar"]), row["en"]


FORMATS = ("GeoJSON", "GeoPackage", "GeoParquet")


def test_no_english_stands_twice() -> None:
    for kind in (True, False):
        keys = [row["en"] for row in ROWS if (row["where"] == "glossary") is kind]
        assert len(keys) == len(set(keys))


@pytest.mark.parametrize("code", OTHERS)
def test_no_sentence_is_left_in_english(code: str) -> None:
    same = [SLOT.sub("", row["en"]) for row in SAID if row[code] == row["en"]]
    assert [words for words in same if len(re.findall(r"[a-z]{3,}", words)) > 2] == []


@pytest.mark.parametrize(("term", "code", "roots"), [
    ("front line", "fr", ("ligne de front", "lignes de front")), ("front line", "es", ("línea del frente", "líneas del frente")),
    ("front line", "ar", ("خط جبهة", "خط الجبهة", "خطوط الجبهة")), ("gazetteer", "fr", ("répertoire",)),
    ("gazetteer", "es", ("nomenclátor",)), ("gazetteer", "ar", ("معجم الأماكن",)), ("correction", "fr", ("correction",)),
    ("correction", "es", ("correccion", "corrección")), ("correction", "ar", ("تصحيح",)),
    ("besieg", "ar", ("حاصر", "حاصَر", "محاصِر", "حصار")),
])
def test_a_term_is_translated_alike_everywhere(term: str, code: str, roots: tuple[str, ...]) -> None:
    rows = [row for row in SAID if term in row["en"].lower()]
    assert rows
    assert [row[code] for row in rows if not any(root in row[code].lower() for root in roots)] == []


@pytest.mark.parametrize(("count", "words"), [
    (1, "تقرير واحد"), (2, "تقريران"), (3, "3 تقارير"), (10, "10 تقارير"), (11, "11 تقريرًا"), (99, "99 تقريرًا"), (100, "100 تقرير"),
    (103, "103 تقارير"), (0, "0 تقرير"), (1234, "1,234 تقريرًا"),
])
def test_arabic_counts_in_five_forms(count: int, words: str) -> None:
    assert say("{count} report | {count} reports", language="ar", count=count) == words


@pytest.mark.parametrize(("code", "number", "words"), [
    ("en", 12345.5, "12,345.5"), ("fr", 12345.5, "12\u202f345,5"), ("es", 12345, "12.345"), ("ar", 12345, "12,345"), ("fr", -3, "-3"),
])
def test_numbers_are_written_as_a_language_writes_them(code: str, number: float, words: str) -> None:
    assert messages.number_words(number, language=code) == words


@pytest.mark.parametrize(("code", "words"), [
    ("en", "1 August 2022"), ("fr", "1er août 2022"), ("es", "1 de agosto de 2022"), ("ar", "1 أغسطس 2022"),
])
def test_dates_are_written_as_a_language_writes_them(code: str, words: str) -> None:
    assert re.sub(r"[\u2068\u2069]", "", messages.date_words(dt.date(2022, 8, 1), language=code)) == words


def test_a_language_is_chosen_by_the_first_that_is_known() -> None:
    assert messages.chosen("de-DE", None, "AR_lb", "fr") == "ar"
    assert messages.chosen("tlh", "") == "en"


def test_unknown_words_and_languages_stay_english() -> None:
    assert say("No such words {x}", language="ar", x=2) == "No such words 2"
    assert say("Undo", language="tlh") == "Undo"
    assert messages.table("tlh")["words"] == {}


@given(st.text(max_size=40), st.sampled_from(sorted(LANGUAGES)))
def test_a_name_stands_in_a_sentence_as_it_is_and_cannot_turn_what_follows(name: str, code: str) -> None:
    told = say("Show: {name}", language=code, name=name)
    bare = "".join(sign for sign in name if sign not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert bare in told
    assert told.count("\u2068") == told.count("\u2069") <= 1
    assert not set(told) & set("\u202a\u202b\u202d\u202e\u2066\u2067")


@pytest.mark.parametrize("name", ["{0}", "{name}", "{name.__class__}", "%s", "{{7*7}}", "a | b", "<script>", "{count}"])
@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_a_name_in_braces_is_no_brace(name: str, code: str) -> None:
    assert name in say("Show: {name}", language=code, name=name)


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("name", ["Port", "Past", "base", "the coastguard", "A; b", "Attack", "Idlib"])
def test_a_name_alone_is_never_translated(name: str, code: str) -> None:
    assert retold(name, code, named=True) == name


@pytest.mark.parametrize(("words", "french"), [
    ("claimed by Wagner Group", "revendiqué par Wagner Group"),
    ("Attack: around Pale (within 15 km)", "Attaque : autour de Pale (à moins de 15 km)"),
    ("Withdrawal from the M5 from Damascus to Aleppo", "Retrait : M5, de Damascus à Aleppo"),
    ("near Idlib (56 km)", "près de Idlib (56 km)"),
    ("“hold” (hold); the actor is named in the sentence before", "« hold » (maintien) ; l'acteur est nommé dans la phrase précédente"),
    ("An attack does not show who holds the place.", "Une attaque ne montre pas qui tient le lieu."),
])
def test_what_the_engine_says_is_said_again(words: str, french: str) -> None:
    assert retold(words, "fr").replace("\u00a0", " ") == french


def test_no_line_of_french_begins_with_a_colon() -> None:
    assert retold("Attack: Pale", "fr") == "Attaque\u00a0: Pale"
    assert say("“{name}” is a place", language="fr", name="Pale") == "«\u00a0Pale\u00a0» est un lieu"


@given(st.text(max_size=80), st.sampled_from(OTHERS))
def test_any_text_is_said_again_without_harm(words: str, code: str) -> None:
    assert isinstance(retold(words, code), str)
    assert retold(words, "en") == words


PLACE = {
    "title": "Port", "status": "mentioned", "predicate": "populated", "status_words": "mentioned", "reason": "the only Port",
    "words": "Port", "limits": ["That the text names a place does not show who holds it."], "label": "Port",
    "quotes": [[["past", 1]]], "sources": [["Past", "base", ""]], "actor_name": "Past", "speaker": "past", "when": "past",
}
ATTACK = {**PLACE, "title": "Attack: Port", "status": "reported", "predicate": "attacks", "status_words": "reported", "actor_name": "base"}
PAGE = {
    "title": "Past", "view_words": "borders: de jure view", "preset": {"title": "Military"},
    "listed": [["Mali: control (reported), airport", "A sentence; past."]],
    "legend": [{"label": "Past: Mali, road", "group": "Contested"}],
    "layers": [{"key": "places", "title": "Past", "features": [PLACE, ATTACK]}],
    "texts": [{
        "title": "Past", "byline": "Past, 5 March 2020",
        "paragraphs": [[{"t": "past", "m": "literal", "w": "not placed"}, {"t": "not placed"}]],
    }],
}


def test_the_page_is_told_in_a_language_and_the_reports_are_not() -> None:
    before = json.dumps(PAGE)
    found = spoken(PAGE, "es")
    place, attack = found["layers"][0]["features"]
    assert json.dumps(PAGE) == before
    assert spoken(PAGE, "en") is PAGE
    assert (found["title"], found["layers"][0]["title"], found["preset"]["title"]) == ("Past", "Pasado", "Militar")
    for field in ("title", "words", "label", "actor_name", "speaker", "when", "quotes", "sources"):
        assert place[field] == PLACE[field]
    assert (place["status_words"], place["reason"]) == ("mencionado", "el único Port")
    assert (attack["title"], attack["actor_name"]) == ("Ataque: Port", "base")
    assert found["texts"][0]["byline"] == "Past, 5 de marzo de 2020"
    assert found["texts"][0]["paragraphs"] == [[{"t": "past", "m": "literal", "w": "sin situar"}, {"t": "not placed"}]]
    assert found["listed"][0][1] == "A sentence; past."


def test_languages_are_those_of_the_table() -> None:
    assert set(ROWS[0]) - {"where"} == set(LANGUAGES) == set(FORMS)
    assert set(LANGUAGES) >= RTL


@pytest.mark.browser
def test_the_frame_speaks_as_the_page_does(browser) -> None:
    sheet = browser.new_context(offline=True).new_page()
    sheet.set_content("<!DOCTYPE html><title>words</title>")
    sheet.add_script_tag(content=(ROOT / "geo" / "assets" / "phrases.js").read_text(encoding="utf-8"))
    asked = [
        (code, words, values)
        for code in sorted(LANGUAGES)
        for words, values in [
            *[("{count} places", {"count": count}) for count in (0, 1, 2, 3, 11, 100, 102, 1234)], ("Copy link", {}), ("No such words", {}),
            ("Show: {name}", {"name": "Idlib"}), ("Show: {name}", {"name": "إدلب"}), ("Show: {name}", {"name": "\u202e{name} $& 7"}),
            ("{name}: {count} in view. Arrow keys go from one to the next, Enter opens it.", {"name": "Places", "count": 2}),
        ]
    ]
    ask = "([table, words, values]) => { Salient.speak(table); return Salient.phrase(words, values); }"
    told = [sheet.evaluate(ask, [messages.table(code), words, values]) for code, words, values in asked]
    assert told == [say(words, language=code, **values) for code, words, values in asked]
    for code in LANGUAGES:
        sheet.evaluate("table => Salient.speak(table)", messages.table(code))
        assert sheet.evaluate("Salient.date('2020-03-01')") == messages.date_words(dt.date(2020, 3, 1), language=code)
        assert sheet.evaluate("Salient.number(1234567.4)") == messages.number_words(1234567, language=code)
    sheet.context.close()


@pytest.mark.parametrize("code", OTHERS)
def test_what_the_engine_says_of_a_report_has_its_rows(idlib: Situation, code: str) -> None:
    english = payload(idlib, layers(idlib), basemap=False)
    other = spoken(english, code)
    same = [
        (field, ours)
        for one, two in zip(english["layers"], other["layers"], strict=True)
        for before, after in zip(one["features"], two["features"], strict=True)
        for field, ours, theirs in [
            *((name, before[name], after[name]) for name in ("status_words", "reason")),
            *(("limits", *pair) for pair in zip(before["limits"], after["limits"], strict=True)),
        ]
        if ours and ours == theirs
    ]
    kept = {one["actor_name"] for layer in english["layers"] for one in layer["features"]} | {row["en"] for row in SAID}
    lines = zip(english["legend"], other["legend"], strict=True)
    same += [("legend", one["label"]) for one, two in lines if one["label"] == two["label"] and one["label"] not in kept]
    same += [("about", one) for one, two in zip(english["about"], other["about"], strict=True) if one == two]
    assert same == []


def test_a_page_of_another_language_says_so_and_the_english_one_is_what_it_was(idlib: Situation) -> None:
    english, arabic = page(idlib), page(idlib, choices=Choices(language="ar"))
    assert page(idlib, choices=Choices(language="en")) == english
    assert '<html lang="en">' in english
    assert '<html lang="ar" dir="rtl">' in arabic
    assert "متنازع عليه، قتال بحسب التقارير" in arabic
    assert "متنازع" not in english


def test_a_language_that_is_none_is_refused() -> None:
    assert set(CHOICES) == set(LANGUAGES)
    with pytest.raises(InputError, match="The language is 'tlh'; choose en, fr, es, ar"):
        Choices(language="tlh")


@pytest.mark.browser
@pytest.mark.parametrize("code", OTHERS)
def test_a_page_of_another_language_opens_offline_and_fits_a_telephone(idlib: Situation, browser, tmp_path, code: str) -> None:
    (tmp_path / "map.html").write_text(page(idlib, choices=Choices(language=code)), encoding="utf-8")
    sheet = browser.new_context(offline=True, viewport={"width": 390, "height": 800}).new_page()
    faults: list[str] = []
    sheet.on("pageerror", lambda error: faults.append(str(error)))
    sheet.goto((tmp_path / "map.html").as_uri())
    sheet.locator("[data-ready=true]").wait_for()
    assert faults == []
    assert sheet.locator(".s-legend summary").first.text_content() == say("What the map shows", language=code)
    assert sheet.evaluate("document.documentElement.scrollWidth <= window.innerWidth && document.documentElement.scrollLeft === 0")
    assert sheet.evaluate("getComputedStyle(document.querySelector('.s-tabs')).direction") == ("rtl" if code in RTL else "ltr")
    sheet.context.close()

"""Evaluation: the definitions, the intervals, what bad gold is told, and the page of errors."""

from __future__ import annotations

import gzip
import importlib.util
import itertools
import json
import math
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import evaluation_report, figures, mistakes, scoreboard
from geo.__main__ import main
from geo.errors import InputError
from geo.evaluation import LEADING, Evaluation, evaluate
from geo.figures import KM
from geo.gold import GoldText, Named, Predicted, read_gold, read_predictions
from geo.locator import locator
from geo.markup import tag
from geo.matching import FURTHEST_KM, NEUTRAL, ledger
from geo.predictions import Why, predict, why
from tests.hostile import HOSTILE

BENCH = Path(__file__).parents[2] / "shared" / "bench" / "geoparsing"
TEXT = "Troops left Idlib for Aleppo near the Turkish border in Syria."
PLACES: dict[str, dict[str, Any]] = {
    "Idlib": {"lat": 35.93, "lon": 36.63, "country": "SY", "geonameid": 1},
    "Aleppo": {"lat": 36.2, "lon": 37.16, "country": "SY"},
    "Turkish": {"lat": 39.0, "lon": 35.0, "country": "TR", "demonym": True},
    "Syria": {"lat": 35.0, "lon": 38.0, "country": "SY", "radius_km": 240.0},
}


def name(surface: str, **told: Any) -> Named:
    start = TEXT.index(surface)
    return Named(start=start, end=start + len(surface), surface=surface, **told)


NAMES = tuple(name(surface, **told) for surface, told in PLACES.items())
GOLD = (GoldText(id="d", text=TEXT, names=NAMES, given={"id": "d", "text": TEXT}),)


def scored(*found: Named, **options: Any) -> Evaluation:
    return evaluate(GOLD, {"d": found}, **options)


def test_gold_scored_against_itself_is_perfect() -> None:
    whole = scored(*GOLD[0].names, resamples=20).whole
    assert {whole[figure]["F1"] for figure in ("recognition_exact", "recognition_overlap", "e2e_exact@25", "e2e_overlap@161")} == {1.0}
    assert whole["resolution_strict"] == whole["resolution_answered"]
    assert whole["resolution_strict"] | {"n": 4, "acc@1": 1.0, "mean_km": 0.0, "auc": 0.0} == whole["resolution_strict"]
    assert (whole["country_acc"], whole["exact_id"], whole["answered_share"]) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize("predicted", [{}, {"d": ()}, {"other": (name("Idlib"),)}])
def test_finding_nothing_is_the_worst(predicted: Predicted) -> None:
    found = evaluate(GOLD, predicted)
    assert found.whole["recognition_exact"] == {"P": 0.0, "R": 0.0, "F1": 0.0}
    assert found.whole["resolution_strict"] | {"acc@161": 0.0, "auc": 1.0, "mean_km": FURTHEST_KM} == found.whole["resolution_strict"]
    assert found.whole["resolution_answered"] is None
    assert found.unknown_texts == ("other" in predicted)


def test_an_overlap_counts_for_overlap_only() -> None:
    start = TEXT.index("left Idlib")
    found = scored(Named(start=start, end=start + 10, lat=35.93, lon=36.63)).whole
    assert (found["recognition_exact"]["R"], found["recognition_overlap"]["R"]) == (0.0, 0.25)
    assert (found["e2e_exact@25"]["R"], found["e2e_overlap@25"]["R"]) == (0.0, 0.25)
    assert found["resolution_strict"]["acc@1"] == 0.25


@pytest.mark.parametrize(("degrees", "right"), [(0.2, (10, 25, 161)[1:]), (0.0, (1, 10, 25, 161)), (1.4, (161,)), (1.5, ())])
def test_accuracy_at_k_counts_errors_up_to_k_km(degrees: float, right: tuple[int, ...]) -> None:
    found = scored(name("Idlib", lat=35.93 + degrees, lon=36.63)).whole["resolution_answered"]
    assert tuple(km for km in (1, 10, 25, 161) if found[f"acc@{km}"]) == right


def test_an_unresolved_name_counts_for_recognition_but_not_for_end_to_end_precision() -> None:
    found = scored(name("Idlib"), name("Syria", lat=35.0, lon=38.0)).whole
    assert (found["recognition_exact"]["P"], found["e2e_exact@161"]["P"], found["e2e_exact@161"]["R"]) == (1.0, 1.0, 0.25)
    assert (found["answered_share"], found["resolution_answered"]["acc@1"]) == (0.25, 1.0)


def test_the_same_span_found_twice_counts_once_and_the_first_counts() -> None:
    found = scored(name("Idlib", lat=0.0, lon=0.0), name("Idlib", **PLACES["Idlib"])).whole
    assert (found["pred"], found["resolution_answered"]["acc@161"]) == (1, 0.0)


@pytest.mark.parametrize(
    ("neutral", "gold", "pred"), [((), 4, 2), (("demonym",), 3, 1), (("m3",), 1, 1), (("big",), 4, 2), (("nocoord",), 4, 2)]
)
def test_what_is_neutral_is_in_no_denominator(neutral: tuple[str, ...], gold: int, pred: int) -> None:
    found = scored(name("Turkish", lat=39.0, lon=35.0), name("Idlib"), neutral=neutral).whole
    assert (found["gold"], found["pred"]) == (gold, pred)


def test_anywhere_inside_an_area_is_right_when_areas_count() -> None:
    far, further = (name("Syria", lat=lat, lon=38.0) for lat in (36.9, 41.0))
    assert [scored(far, area=area).whole["resolution_answered"]["acc@1"] for area in (False, True)] == [0.0, 1.0]
    assert scored(further, area=True).whole["resolution_answered"]["acc@161"] == 0.0


def test_only_literal_names_are_kept_on_request() -> None:
    found = (name("Idlib", use="literal"), name("Aleppo", use="associative"), name("Turkish", use="literal", demonym=True))
    assert [scored(*found, literal=literal).whole["pred"] for literal in (False, True)] == [3, 1]


def test_an_unknown_word_in_neutral_is_told_with_those_allowed() -> None:
    with pytest.raises(InputError, match=r"cannot be 'nonsense'; give some of demonym,nocoord"):
        scored(neutral=("nonsense",))


def test_expected_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    found = scored(
        name("Idlib", lat=35.93, lon=36.63, confidence=0.95), name("Aleppo", lat=0.0, lon=0.0, confidence=0.92),
        name("Syria", lat=35.0, lon=38.0, confidence=0.5), name("Turkish", lat=39.0, lon=35.0),
    ).calibration[0]
    assert [(b.low, b.count, b.right) for b in found.bins] == [(0.5, 1, 1.0), (0.9, 2, 0.5)]
    assert found.error == pytest.approx((1 * abs(0.5 - 1.0) + 2 * abs(0.935 - 0.5)) / 3)


def test_use_is_compared_where_both_tell_it() -> None:
    text = GoldText(id=1, text="abcd", given={}, names=tuple(
        Named(start=n, end=n + 1, use=use, demonym=n == 3) for n, use in enumerate(("literal", "associative", "literal", "associative"))
    ))
    ours = ("literal", "literal", "associative", "associative")
    found = evaluate([text], {1: tuple(Named(start=n, end=n + 1, use=use) for n, use in enumerate(ours))}, neutral=("associative",)).uses
    assert found is not None
    assert (found.count, found.accuracy, found.named) == (4, 0.5, pytest.approx(1 / 3))
    assert evaluate([text], {1: (Named(start=0, end=1),)}).uses is None
    only = evaluate([text], {1: (Named(start=3, end=4, use="literal"),)})
    assert only.as_json()["use"]["accuracy_without_demonyms"] is None
    assert "without demonyms -" in scoreboard.words(only, "one")


def spans(most: int) -> st.SearchStrategy[list[Named]]:
    """Names on a short line, with and without coordinates; spans may nest and repeat."""
    points = st.one_of(st.none(), st.tuples(st.floats(-80, 80), st.floats(-179, 179)))
    one = st.tuples(st.integers(0, 11), st.integers(1, 6), points, st.booleans())
    return st.lists(one, max_size=most).map(lambda rows: [
        Named(start=a, end=a + n, lat=p[0] if p else None, lon=p[1] if p else None, demonym=d) for a, n, p, d in rows
    ])


def corpus(rows: Sequence[tuple[list[Named], list[Named]]]) -> tuple[tuple[GoldText, ...], dict[str | int, tuple[Named, ...]]]:
    texts = tuple(GoldText(id=n, text="x" * 20, names=tuple(gold), given={}) for n, (gold, _) in enumerate(rows))
    return texts, {n: tuple(found) for n, (_, found) in enumerate(rows)}


def whole(texts: Sequence[GoldText], found: Predicted, *, neutral: tuple[str, ...] = ()) -> dict[str, Any]:
    """The figures alone, without groups: quick enough for many examples."""
    book = ledger(texts, found, neutral=neutral)
    return figures.told(book, figures.columns(book), book.text >= 0, book.found_text >= 0, texts=len(texts))


CORPUS = st.lists(st.tuples(spans(6), spans(6)), min_size=1, max_size=4)


@settings(max_examples=40)
@given(CORPUS)
def test_overlaps_are_paired_one_to_one_and_greedily(rows: list[tuple[list[Named], list[Named]]]) -> None:
    texts, found = corpus(rows)
    book = ledger(texts, found)
    pairs = {(int(gold), row) for row, gold in enumerate(book.match.tolist()) if gold >= 0}
    assert len({gold for gold, _ in pairs}) == len(pairs)
    assert book.overlap.sum() == len(pairs)
    wanted = [
        (int(book.text[i]), min(g.end, p.end) - max(g.start, p.start), abs(g.start - p.start) + abs(g.end - p.end), i, j)
        for i, g in enumerate(book.gold) for j, p in enumerate(book.found) if book.text[i] == book.found_text[j]
    ]
    taken: set[tuple[int, int]] = set()
    for _, shared, _, i, j in sorted(wanted, key=lambda row: (row[0], -row[1], row[2], row[3], row[4])):
        if shared > 0 and all(i != one and j != two for one, two in taken):
            taken.add((i, j))
    assert pairs == taken


@settings(max_examples=40)
@given(CORPUS, st.sampled_from([(), ("demonym",), ("nocoord",)]))
def test_the_area_under_the_curve_is_that_of_the_trapezoids(rows: list[tuple[list[Named], list[Named]]], neutral: tuple[str, ...]) -> None:
    texts, found = corpus(rows)
    book = ledger(texts, found, neutral=neutral)
    ln = sorted(math.log(km + 1) for km, located in zip(book.km, book.located, strict=True) if located)
    told = whole(texts, found, neutral=neutral)["resolution_strict"]
    if len(ln) > 1:
        area = sum((a + b) / 2 for a, b in itertools.pairwise(ln)) / (math.log(FURTHEST_KM) * (len(ln) - 1))
        assert told["auc"] == pytest.approx(min(1.0, area), abs=6e-5)
    else:
        assert (told is None) == (not ln)


@settings(max_examples=40)
@given(CORPUS, st.randoms(use_true_random=False))
def test_the_order_of_texts_does_not_matter(rows: list[tuple[list[Named], list[Named]]], shuffle: random.Random) -> None:
    texts, found = corpus(rows)
    mixed = list(texts)
    shuffle.shuffle(mixed)
    assert whole(mixed, found) == whole(texts, found)


@settings(max_examples=40)
@given(CORPUS)
def test_leaving_a_name_unresolved_never_helps_strict_figures(rows: list[tuple[list[Named], list[Named]]]) -> None:
    texts, found = corpus(rows)
    fewer = {key: tuple(replace(one, lat=None, lon=None) if one.demonym else one for one in names) for key, names in found.items()}
    more, less = (whole(texts, predicted)["resolution_strict"] for predicted in (found, fewer))
    if more:
        assert all(less[f"acc@{km}"] <= more[f"acc@{km}"] for km in KM)
        assert less["auc"] >= more["auc"]


def many(count: int) -> tuple[tuple[GoldText, ...], dict[str | int, tuple[Named, ...]]]:
    rng = random.Random(7)
    rows = []
    for _ in range(count):
        gold = [Named(start=2 * n, end=2 * n + 2, lat=rng.uniform(-60, 60), lon=rng.uniform(-170, 170), country="SY") for n in range(9)]
        kept = [one for one in gold if rng.random() < 0.8]
        found = [Named(start=one.start, end=one.end, lat=one.lat, lon=(one.lon or 0) + rng.choice((0, 0, 0, 1))) for one in kept]
        rows.append((gold, found))
    return corpus(rows)


def test_intervals_hold_the_figure_repeat_and_narrow_with_more_texts() -> None:
    few, plenty = (evaluate(*many(count), resamples=300) for count in (20, 400))
    again = evaluate(*many(400), resamples=300)
    assert plenty.intervals == again.intervals
    for path in LEADING.values():
        for found in (few, plenty):
            low, high = found.intervals[".".join(path)]
            assert low <= found.whole[path[0]][path[1]] <= high
        one, two = (found.intervals["recognition_exact.R"] for found in (few, plenty))
        assert two[1] - two[0] < one[1] - one[0]


def test_a_thousand_resamples_of_four_hundred_texts_take_less_than_three_seconds() -> None:
    texts, found = many(400)
    start = time.process_time()
    evaluate(texts, found, resamples=1000)
    assert time.process_time() - start < 3


def test_groups_add_up_to_the_whole() -> None:
    found = scored(name("Idlib", lat=1.0, lon=1.0), Named(start=0, end=6, kind="base", country="FR", use="literal"))
    for rows in found.groups.values():
        for part in ("gold", "pred", "gold_with_coords"):
            assert sum(row[part] for row in rows.values()) == found.whole[part]
    assert found.groups["country"]["FR"]["pred"] == 1


# What `geo evaluate` reads.

GOOD = {"id": "a", "text": "In Rome.", "toponyms": [{"start": 3, "end": 7, "surface": "Rome", "lat": 41.9, "lon": 12.5, "country": "IT"}]}


def changed(**told: Any) -> str:
    return json.dumps(GOOD | {"toponyms": [{"start": 3, "end": 7} | told]})


BAD_LINES = [
    ("{", "line 2: this is not JSON"),
    ("[1]", "line 2: the document has no \"id\""),
    (json.dumps(GOOD | {"id": True}), "line 2: the document has no \"id\""),
    (json.dumps(GOOD), "line 2: the id 'a' stands on an earlier line too"),
    (json.dumps({"id": "b", "toponyms": []}), "line 2: the document has no \"text\""),
    (json.dumps({"id": "b", "text": "x"}), "line 2: the document has no list \"toponyms\""),
    (changed(end=9), "line 2: the span 3-9 does not lie in the text of 8 characters"),
    (changed(start=True), "line 2: the span True-7"),
    (changed(surface="Roma"), "line 2: the text has 'Rome' at 3-7, not 'Roma'"),
    (changed(lat=91, lon=0), "line 2: lat is 91; it must lie between -90 and 90 degrees"),
    (changed(lat=1), "line 2: the name at 3-7 has only one of lat and lon"),
    (changed(lat="1", lon=2), "line 2: lat is '1'; give a number, or null"),
    (changed(lat=float("nan"), lon=2), "line 2: lat is nan; give a number, or null"),
    (changed(radius_km=-1), "line 2: radius_km is -1; give a number of 0 or more"),
    (changed(geonameid="x"), "line 2: geonameid is 'x'"),
    (changed(**{"class": "odd"}), "line 2: class is 'odd'; it must be literal or associative"),
    (json.dumps(GOOD | {"id": "b", "toponyms": [7]}), "line 2: the toponym 7 is not an object"),
]


@pytest.mark.parametrize(("line", "told"), BAD_LINES, ids=[told[8:] for _, told in BAD_LINES])
def test_a_bad_line_of_gold_is_told_in_one_sentence_with_its_number(
    line: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "gold.jsonl", tmp_path / "out.json"
    if "earlier" not in told:
        line = line.replace('"a"', '"b"')
    file.write_text(json.dumps(GOOD) + "\n" + line + "\n", encoding="utf-8")
    assert main(["evaluate", str(file), "--json", str(out)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"gold.jsonl, {told}" in printed.err
    assert printed.err.count("\n") == 1
    assert not out.exists()


def test_gold_may_be_packed_spread_over_files_and_marked_by_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "one.jsonl.gz").write_bytes(gzip.compress(json.dumps(GOOD).encode()))
    (tmp_path / "two.jsonl").write_text("\ufeff\n" + json.dumps(GOOD | {"id": 2}) + "\n\n", encoding="utf-8")
    assert [text.id for text in read_gold(tmp_path / "one.jsonl.gz", tmp_path / "two.jsonl")] == ["a", 2]


@pytest.mark.parametrize(
    ("content", "told"), [(b"\n", "holds no document"), (b"\xff\n", "is not UTF-8"), (None, "There is no file"), (b"x", "cannot be read")]
)
def test_a_file_that_cannot_be_used_is_told(content: bytes | None, told: str, tmp_path: Path) -> None:
    file = tmp_path / ("gold.jsonl.gz" if content == b"x" else "gold.jsonl")
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError, match=told):
        read_gold(file)


@pytest.mark.parametrize(("kind", "ours"), [
    ({"kind": "village"}, "populated"), ({"fclass": "A", "fcode": "PCLI"}, "country"), ({"fclass": "A", "fcode": "ADM2"}, "admin"),
    ({"level": "country", "fclass": "P"}, "country"),
    ({"type": "CITY"}, "populated"), ({"kind": "odd"}, "other"), ({"type": "Literal"}, ""), ({}, ""), ({"kind": "sea"}, "water"),
])
def test_kinds_of_published_corpora_are_read_as_ours(kind: Mapping[str, str], ours: str, tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text(changed(**kind), encoding="utf-8")
    assert read_gold(file)[0].names[0].kind == ours


# The command.


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    gold, pred = tmp_path / "gold.jsonl", tmp_path / "pred.jsonl"
    gold.write_text(json.dumps(GOOD) + "\n", encoding="utf-8")
    found = {"start": 3, "end": 7, "lat": 34.26, "lon": -85.16, "confidence": 0.9, "country": "US", "reason": "<b>because</b>"}
    pred.write_text(json.dumps({"id": "a", "toponyms": [found]}) + "\n", encoding="utf-8")
    return str(gold), str(pred)


def test_predictions_of_any_geoparser_are_scored(files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, told = tmp_path / "page.html", tmp_path / "figures.json"
    assert main(["evaluate", files[0], "--pred", files[1], "--html", str(page), "--json", str(told)]) == 0
    printed = capsys.readouterr().out
    assert "gold.jsonl: 1 text, 1 gold name (1 with coordinates), 1 name found" in printed
    assert "expected calibration error 0.900 within 161 km" in printed
    made = json.loads(told.read_text(encoding="utf-8"))
    assert (made["all"]["recognition_exact"]["F1"], made["all"]["e2e_exact@161"]["F1"]) == (1.0, 0.0)
    assert made["ci95"]["recognition_exact.F1"] == [1.0, 1.0]
    assert "&lt;b&gt;because&lt;/b&gt;" in page.read_text(encoding="utf-8")


def test_texts_are_parsed_where_no_predictions_are_given(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", files[0], "--gold-spans", "--ci", "0"]) == 0
    printed = capsys.readouterr().out
    assert "1 name found" in printed
    assert "interval" not in printed


@pytest.mark.parametrize(("options", "told"), [
    (["--pred", "PRED", "--gold-spans"], "--gold-spans makes Salient resolve"),
    (["--neutral", "demonym,odd"], "--neutral cannot be 'odd'"),
    (["--html", "errors.txt"], "its suffix must be one of .html"),
    (["--json", "figures"], "its suffix must be one of .json"),
    (["--pred", "missing.jsonl"], "There is no file missing.jsonl"),
])
def test_options_that_cannot_be_used_are_told_and_nothing_is_printed(
    options: list[str], told: str, files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", files[0], *(files[1] if option == "PRED" else option for option in options)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert told in printed.err


class Cancelled(Exception):
    """Raised by a progress callback."""


def test_a_run_can_be_followed_and_cancelled(gazetteer: Any) -> None:
    texts = tuple(GoldText(id=n, text="In Rome.", names=(), given={"id": n, "text": "In Rome."}) for n in range(40))
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int, doing: str) -> None:
        told.append((done, total))
        if done > 16:
            raise Cancelled

    with pytest.raises(Cancelled):
        predict(texts, gazetteer=gazetteer, progress=progress)
    assert told == [(0, 40), (16, 40), (32, 40)]


def test_a_text_that_cannot_be_kept_is_told_by_its_id(gazetteer: Any) -> None:
    with pytest.raises(InputError, match=r"Document 'bad': The text holds characters that cannot be kept"):
        predict([GoldText(id="bad", text="\x00", names=(), given={"id": "bad", "text": "\x00"})], gazetteer=gazetteer)


def test_the_reason_and_the_rivals_of_a_place_can_be_told_again(gazetteer: Any) -> None:
    words = "He flew from Paris, Texas, to Dallas."
    told = why(GoldText(id=1, text=words, names=(), given={"id": 1, "text": words}), gazetteer=gazetteer)[13, 18]
    assert told.place == "Paris (populated, US-TX)"
    assert told.reason
    assert "Paris (populated, FR-75)" in told.rivals


# The page of errors.


def hostile_evaluation() -> tuple[tuple[GoldText, ...], dict[str | int, tuple[Named, ...]]]:
    """Each hostile string as a name, as a title, as a reason, and as words about a name."""
    texts, found = [], {}
    for number, words in enumerate(HOSTILE):
        text, start = f"{words} stands {words} in {words}.", len(words) + 8
        gold = Named(start=start, end=start + len(words), surface=words, lat=10.0, lon=number * 1.0, country=words)
        names = (gold, Named(start=0, end=1, surface=words))
        texts.append(GoldText(id=words, text=text, names=names, given={"title": words, "date": words}))
        mine = Named(start=start, end=start + len(words), surface=words, lat=30.0, lon=-5.0, country=words, reason=words, confidence=0.9)
        found[words] = (mine, Named(start=len(text) - 2, end=len(text), surface=words))
    return tuple(texts), found


@cache
def hostile_page() -> str:
    def told(text: GoldText) -> dict[tuple[int, int], Why]:
        words = str(text.id)
        return {(one.start, one.end): Why(place=words, reason=words, rivals=(words, words + words)) for one in text.names}

    return evaluation_report.page(evaluate(*hostile_evaluation()), title=HOSTILE[6], reasons=told)


def test_the_page_shows_hostile_words_and_has_no_script_at_all() -> None:
    page = hostile_page()
    assert "script-src" not in page
    assert "<script" not in page.lower()
    assert "default-src 'none'" in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{" not in page.partition("</style>")[2]


@pytest.mark.browser
def test_the_page_opens_with_no_request_and_no_complaint(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "errors.html"
    file.write_text(hostile_page(), encoding="utf-8")
    context = browser.new_context(offline=True)
    view = context.new_page()
    complaints: list[str] = []
    view.on("console", lambda message: complaints.append(message.text))
    view.on("dialog", lambda dialog: complaints.append("dialog"))
    view.on("request", lambda request: complaints.append(request.url) if not request.url.startswith("file:") else None)
    view.goto(file.as_uri())
    assert view.locator("article").count() == evaluation_report.WORST
    assert view.locator("article svg .land").count() == evaluation_report.WORST
    assert view.evaluate("getComputedStyle(document.querySelector('article')).display") == "grid"
    shown = view.locator("article h3 bdi").all_text_contents()
    assert set(shown) <= set(HOSTILE)
    context.close()
    assert complaints == []


def test_the_most_harmful_mistake_is_far_off_sure_and_repeated() -> None:
    far = Named(start=0, end=1, surface="a", lat=0.0, lon=0.0)
    near, sure, unsure = (Named(start=0, end=1, lat=lat, lon=0.0, confidence=c) for lat, c in ((1.0, 0.9), (60.0, 0.9), (60.1, 0.1)))
    inside = Named(start=0, end=1, surface="a", lat=0.0, lon=0.0, radius_km=200.0)
    texts = tuple(GoldText(id=n, text="a", names=(gold,), given={}) for n, gold in enumerate((far, far, far, far, inside)))
    found = mistakes.misplaced(ledger(texts, dict(enumerate([(near,), (sure,), (sure,), (unsure,), (near,)]))))
    assert [(one.ours, one.count) for one in found] == [(sure, 2), (near, 1), (unsure, 1)]


def test_names_missed_made_up_and_cut_differently_are_told_apart() -> None:
    start = TEXT.index("Syria")
    book = scored(name("Troops"), name("border"), Named(start=start, end=start + 6, surface="Syria."), name("Idlib")).ledger
    assert [tally.surface for tally in mistakes.missed(book)] == ["Aleppo", "Turkish"]
    assert [tally.surface for tally in mistakes.made_up(book)] == ["Troops", "border"]
    assert [tally.surface for tally in mistakes.cut_differently(book)] == ["Syria → Syria."]


def test_the_page_of_no_mistakes_says_so() -> None:
    page = evaluation_report.page(scored(*GOLD[0].names), title="gold")
    assert "No name was put more than 25 km from its place." in page


@pytest.mark.parametrize(("one", "two"), [
    ((179.0, 10.0), (-179.0, 10.0)), ((0.0, 0.0), (0.0, 0.0)), ((30.0, 89.9), (31.0, -89.9)), ((36.6, 35.9), (37.2, 36.2)),
])
def test_a_small_map_is_drawn_for_any_two_places(one: tuple[float, float], two: tuple[float, float]) -> None:
    drawn = locator(one, two)
    assert drawn.startswith("<svg")
    assert "nan" not in drawn
    assert len(drawn) < 150_000


def test_only_markup_is_not_escaped() -> None:
    assert tag("p", "<", tag("b", ">"), title='"') == '<p title="&quot;">&lt;<b>&gt;</b></p>'


def test_words_and_page_tell_the_same_tables() -> None:
    found = scored(name("Idlib", lat=1.0, lon=1.0, confidence=0.5, use="literal"))
    words, page = scoreboard.words(found, "gold"), evaluation_report.page(found, title="gold")
    for table in scoreboard.tables(found):
        for row in (table.head, *table.rows):
            for cell in row:
                assert cell in words
                assert str(tag("b", cell))[3:-4] in page


# Agreement with the scorer of the development corpora, to the last digit.


@cache
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", BENCH / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def worsened(document: Mapping[str, Any], rng: random.Random) -> list[dict[str, Any]]:
    """Gold with names dropped, cut otherwise, moved, doubled and made up."""
    found, length = [], len(document["text"])
    for true in document["toponyms"]:
        start, end, draw = true["start"], true["end"], rng.random()
        if draw < 0.15:
            continue
        if draw < 0.3:
            start, end = max(0, start - rng.randint(0, 4)), min(length, end + rng.randint(0, 12))
        made = {"start": start, "end": end, "lat": None, "lon": None, "geonameid": true.get("geonameid") if draw < 0.8 else 5}
        if true.get("lat") is not None and rng.random() < 0.9:
            off = rng.choice((0.0, 0.01, 0.1, 0.5, 20.0))
            made["lat"] = max(-90.0, min(90.0, true["lat"] + rng.gauss(0, off)))
            made["lon"] = max(-180.0, min(180.0, true["lon"] + rng.gauss(0, off)))
            made |= {"country": rng.choice((true.get("country"), "US"))} if rng.random() < 0.8 else {}
        found += [made, made | {"lat": 1.0, "lon": 1.0}] if draw > 0.95 else [made]
        found += [made | {"end": min(length, end + 3)}] if draw > 0.9 else []
    rng.shuffle(found)
    return found


OPTIONS = [(), ("demonym", "nocoord"), ("associative", "area"), ("m3",), ("big", "nocoord"), ("area",)]
FILES = [("conflict_dev.jsonl", 1), ("lgl_train.jsonl", 3), ("trnews_train.jsonl", 1), ("gwn_train.jsonl", 1), ("tud.jsonl", 2),
         ("geocorpora.jsonl", 6), ("wiktor.jsonl.gz", 40)]


@pytest.mark.bench
@pytest.mark.skipif(not BENCH.is_dir(), reason="the development corpora are not here")
@pytest.mark.parametrize(("file", "step"), FILES)
def test_every_figure_is_that_of_the_scorer_of_the_corpora(file: str, step: int, tmp_path: Path) -> None:
    rng = random.Random(file)
    gold = dict(list(scorer().load(BENCH / file).items())[::step])
    lines = {key: {"id": key, "toponyms": worsened(document, rng)} for key, document in gold.items() if rng.random() < 0.97}
    one, two = tmp_path / "gold.jsonl", tmp_path / "pred.jsonl"
    one.write_text("\n".join(map(json.dumps, gold.values())), encoding="utf-8")
    two.write_text("\n".join(map(json.dumps, lines.values())), encoding="utf-8")
    texts = read_gold(one)
    found = read_predictions(two, texts)
    for options in OPTIONS:
        resamples = 40 if options == ("demonym", "nocoord") and len(gold) < 500 else 0
        wanted = scorer().score(gold, lines, set(options), None, resamples)
        ours = evaluate(
            texts, found, neutral=[word for word in options if word in NEUTRAL], area="area" in options, resamples=resamples,
        )
        assert {key: ours.whole[key] for key in wanted["all"]} == wanted["all"]
        assert {key: list(ours.intervals[".".join(path)]) for key, path in LEADING.items() if resamples} == wanted.get("ci95", {})


@pytest.mark.bench
@pytest.mark.skipif(not BENCH.is_dir(), reason="the development corpora are not here")
def test_sources_means_and_looked_up_countries_are_those_of_the_scorer(tmp_path: Path) -> None:
    gold = {key: text for file in ("conflict_dev.jsonl", "trnews_train.jsonl") for key, text in scorer().load(BENCH / file).items()}
    rng = random.Random(3)
    lines = {key: {"id": key, "toponyms": worsened(document, rng)} for key, document in gold.items()}
    (tmp_path / "pred.jsonl").write_text("\n".join(map(json.dumps, lines.values())), encoding="utf-8")
    texts = read_gold(BENCH / "conflict_dev.jsonl", BENCH / "trnews_train.jsonl")
    country_at = scorer().CC(BENCH / "cc_points.csv.gz")
    ours = evaluate(texts, read_predictions(tmp_path / "pred.jsonl", texts), country_at=country_at)
    wanted = scorer().score(gold, lines, (), country_at)
    assert wanted["macro"] == ours.macro
    assert {name: row["country_acc"] for name, row in wanted["by_source"].items()} == {
        name: row["country_acc"] for name, row in ours.groups["source"].items()
    }

"""The scorer of claims: what counts as found, right, neutral and made up; what bad gold is told; the page of errors."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import claims_report, claims_scoreboard
from geo.__main__ import main
from geo.actors import shipped
from geo.claim_agreement import Told, actor_agrees, date_agrees, place_agrees, speaker_agrees
from geo.claim_matching import pairs
from geo.claims_scoring import SHARES, ClaimsScore, read_claims_of, score
from geo.documents import from_text
from geo.errors import InputError
from geo.gazetteer import Gazetteer
from geo.gold_claims import GoldClaim, GoldReport, Nonclaim, Party, read_gold_claims
from geo.names import fold
from geo.records import Actor
from tests.hostile import HOSTILE

ROOT = Path(__file__).parents[1]
GOLD = sorted((ROOT / "tests" / "gold" / "claims").glob("*.jsonl"))
TEXT = (
    "Rebels seized Goma and Sake on Monday. The army may retake Goma. "
    "They captured a general in Bukavu. Troops left Minova, Kigali said."
)
SENTENCES = {"seized": (0, 38), "retake": (39, 64), "captured": (65, 99), "left": (100, 132)}


def party(name: str, *, surface: str = "", **told: Any) -> Party:
    start = TEXT.index(surface or name)
    return Party(name=name, span=(start, start + len(surface or name)), surface=surface or name, **told)


def words(text: str) -> tuple[int, int]:
    return TEXT.index(text), TEXT.index(text) + len(text)


CLAIMS = (
    GoldClaim(sentence=SENTENCES["seized"], act=words("seized"), predicate="controls", actor=party("rebels", surface="Rebels"),
              place=party("Goma", lat=-1.68, lon=29.22), start="2024-01"),
    GoldClaim(sentence=SENTENCES["seized"], act=words("seized"), predicate="controls", actor=party("rebels", surface="Rebels"),
              place=party("Sake", lat=-1.57, lon=29.04)),
    GoldClaim(sentence=SENTENCES["retake"], act=words("retake"), predicate="controls", status="conditional",
              actor=party("army", surface="The army"), place=Party(name="Goma", span=(59, 63), surface="Goma")),
    GoldClaim(sentence=SENTENCES["left"], act=words("left"), predicate="withdraws", status="claimed", actor=party("Troops"),
              place=party("Minova"), speaker="Kigali", also=("advances",)),
)
OPTIONAL = replace(CLAIMS[3], predicate="attacks", also=(), optional=True)
REPORT = GoldReport(
    id="r", document=from_text(TEXT, title="t", source="s", published=dt.date(2024, 1, 15)), claims=CLAIMS, war="Congo", kind="wire",
    nonclaims=(Nonclaim(span=words("captured a general"), why="a person"),),
)


def actor(name: str) -> Actor:
    return Actor(id=f"test:{name}", name=name)


def echo(claim: GoldClaim) -> Told:
    """The claim that a perfect reader reads."""
    day = (claim.start + "-01-01")[:10] if claim.start else ""
    end = (claim.end + "-01-01")[:10] if claim.end else ""
    place = claim.place
    return Told(
        predicate=claim.predicate, status=claim.status, sentence=claim.sentence, act=claim.act, speaker=claim.speaker,
        actor=actor(claim.actor.name) if claim.actor else None, target=actor(claim.target.name) if claim.target else None,
        places=(place.span,) if place and place.span else (), names=frozenset({fold(place.name)}) if place else frozenset(),
        placed=place is not None, where=place.name if place else "", lon=place.lon if place else None, lat=place.lat if place else None,
        start=dt.date.fromisoformat(day) if day else None, end=dt.date.fromisoformat(end) if end else None,
    )


PERFECT = tuple(echo(claim) for claim in CLAIMS)
FALSE = Told(predicate="controls", sentence=SENTENCES["captured"], act=words("captured a general"), actor=actor("rebels"),
             names=frozenset({"bukavu"}), placed=True, where="Bukavu")


def scored(*found: Told, report: GoldReport = REPORT, **options: Any) -> ClaimsScore:
    return score([report], [found], **options)


def found_of(result: ClaimsScore) -> dict[str, float]:
    figures: dict[str, float] = result.whole["found"]
    return figures


def test_gold_read_perfectly_is_perfect() -> None:
    whole = scored(*PERFECT, resamples=20).whole
    assert whole["found"] == whole["complete"] == whole["mapped"] == {"P": 1.0, "R": 1.0, "F1": 1.0}
    assert {whole[name]["share"] for name in SHARES[:6]} == {1.0}
    assert {whole[name]["share"] for name in SHARES[6:]} == {0.0}


@cache
def committed(path: Path) -> tuple[GoldReport, ...]:
    return read_gold_claims(path, corpora=ROOT.parent / "shared" / "bench" / "geoparsing").reports


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_committed_gold_read_perfectly_is_perfect(path: Path) -> None:
    reports = committed(path)
    if not reports:
        pytest.skip("the texts of this gold are not here")
    whole = score(reports, [[echo(claim) for claim in report.claims] for report in reports]).whole
    assert whole["found"]["F1"] == whole["complete"]["F1"] == 1.0
    assert whole["nonclaims"]["share"] in (None, 0.0)


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_committed_gold_stands_in_its_sentences(path: Path) -> None:
    for report in committed(path):
        for claim in report.claims:
            first, last = claim.sentence
            parts = [claim.act, *(one.span for one in (claim.actor, claim.target, claim.place) if one and one.span)]
            assert all(first <= start < end <= last for start, end in parts), f"{report.id}: {report.document.text[first:last]}"


def test_no_two_committed_reports_have_one_id_and_none_copies_a_corpus() -> None:
    lines = [json.loads(line) for path in GOLD for line in path.read_text(encoding="utf-8").splitlines()]
    assert lines
    assert len({line["id"] for line in lines}) == len(lines)
    assert all(("text" in line) != bool({"corpus", "path"} & line.keys()) for line in lines)


@given(st.permutations(range(len(PERFECT) + 2)), st.permutations(range(len(CLAIMS))))
@settings(max_examples=25)
def test_the_order_of_claims_does_not_matter(found: Sequence[int], gold: Sequence[int]) -> None:
    read = (*PERFECT[:3], replace(PERFECT[0], status="past"), FALSE, replace(PERFECT[1], predicate="attacks"))
    shuffled = replace(REPORT, claims=tuple(CLAIMS[number] for number in gold))
    assert scored(*(read[number] for number in found), report=shuffled).as_json() == scored(*read).as_json()


@pytest.mark.parametrize("extra", [FALSE, PERFECT[0], replace(PERFECT[3], predicate="bases")], ids=["false", "twice", "other predicate"])
def test_one_claim_too_many_lowers_precision_only(extra: Told) -> None:
    figures = found_of(scored(*PERFECT, extra))
    assert figures["P"] == 0.8
    assert figures["R"] == 1.0


@pytest.mark.parametrize("number", range(len(PERFECT)))
def test_one_claim_too_few_lowers_recall_only(number: int) -> None:
    figures = found_of(scored(*PERFECT[:number], *PERFECT[number + 1 :]))
    assert figures["P"] == 1.0
    assert figures["R"] == 0.75


def test_an_optional_claim_is_neither_asked_for_nor_wrong() -> None:
    report = replace(REPORT, claims=(*CLAIMS, OPTIONAL))
    assert scored(*PERFECT, report=report).whole == scored(*PERFECT, echo(OPTIONAL), report=report).whole == scored(*PERFECT).whole


def test_an_optional_claim_does_not_take_the_place_of_one_that_is_asked_for() -> None:
    twin = replace(CLAIMS[0], optional=True)
    assert found_of(scored(PERFECT[0], report=replace(REPORT, claims=(twin, CLAIMS[0]))))["R"] == 1.0


def test_a_bare_location_is_neutral() -> None:
    assert scored(*PERFECT, replace(FALSE, predicate="located")).whole == scored(*PERFECT).whole


def test_a_claim_drawn_from_a_nonclaim_is_counted_as_such() -> None:
    assert scored(*PERFECT, FALSE).whole["nonclaims"] == {"n": 1, "share": 1.0}
    assert scored(*PERFECT, replace(FALSE, act=None)).whole["nonclaims"]["share"] == 1.0, "without an act its sentence counts"
    assert scored(*PERFECT, replace(FALSE, act=words("in Bukavu"))).whole["nonclaims"]["share"] == 0.0


def test_a_claim_that_gold_has_hits_no_nonclaim() -> None:
    report = replace(REPORT, nonclaims=(Nonclaim(span=SENTENCES["seized"], why="law"),))
    assert scored(*PERFECT, report=report).whole["nonclaims"]["share"] == 0.0


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("status", {"status": "past"}), ("actor", {"actor": actor("Uganda")}), ("actor", {"actor": None}), ("speaker", {"speaker": "Kinshasa"}),
    ("place", {"places": (), "names": frozenset({"kindu"}), "lat": -2.9, "lon": 25.9}), ("date", {"start": dt.date(2023, 5, 1)}),
    ("located", {"lat": -2.9, "lon": 25.9}),
]


@pytest.mark.parametrize(("part", "change"), WRONG, ids=[f"{part}-{number}" for number, (part, _) in enumerate(WRONG)])
def test_a_wrong_part_makes_that_part_wrong_and_no_other(part: str, change: dict[str, Any]) -> None:
    wrong = scored(replace(PERFECT[0], **change), *PERFECT[1:]).whole
    assert wrong["found"]["F1"] == 1.0
    share = {name: wrong[name]["share"] for name in SHARES[:6]}
    assert share.pop(part) < 1.0
    assert {name for name, value in share.items() if value < 1.0} <= ({"located"} if part == "place" else set())
    assert (wrong["complete"]["F1"] < 1.0) == (part in ("status", "actor", "place"))
    assert (wrong["mapped"]["F1"] < 1.0) == (part in ("status", "actor", "place", "located"))


def test_with_neither_actor_nor_place_right_it_is_another_claim() -> None:
    figures = found_of(scored(replace(PERFECT[0], actor=actor("Uganda"), places=(), names=frozenset(), lat=0.0, lon=0.0), *PERFECT[1:]))
    assert figures["P"] == figures["R"] == 0.75


def test_a_plan_told_as_a_fact_is_counted() -> None:
    assert scored(*PERFECT[:2], replace(PERFECT[2], status="reported")).whole["asserted"] == {"n": 1, "share": 1.0}
    assert scored(*PERFECT[:2], replace(PERFECT[2], status="proposed")).whole["asserted"] == {"n": 1, "share": 0.0}


def test_a_predicate_that_gold_allows_as_well_is_right() -> None:
    assert found_of(scored(*PERFECT[:3], replace(PERFECT[3], predicate="advances")))["F1"] == 1.0


def test_what_is_handed_over_may_be_told_as_held_by_the_receiver() -> None:
    given_over = replace(CLAIMS[3], predicate="hands_over", target=Party(name="Kinshasa"), also=())
    report = replace(REPORT, claims=(given_over,))
    held = replace(echo(given_over), predicate="controls", actor=actor("Kinshasa"), target=None)
    assert scored(echo(given_over), held, report=report).whole == scored(echo(given_over), report=report).whole


@pytest.mark.parametrize(("predicate", "right"), [("contests", True), ("meets", True), ("agrees", True), ("attacks", False)])
def test_of_those_who_do_a_thing_together_either_may_be_first(predicate: Any, right: bool) -> None:
    gold = replace(CLAIMS[0], predicate=predicate, actor=Party(name="Goma Front"), target=Party(name="Sake Army"))
    found = replace(echo(gold), actor=actor("Sake Army"), target=actor("Goma Front"))
    assert pairs([gold], [found])[0].actor is right


@pytest.mark.parametrize(("predicate", "right"), [("withdraws", True), ("proposes", False)])
def test_of_a_proposal_told_as_its_act_whoever_would_act_is_the_actor(predicate: Any, right: bool) -> None:
    gold = replace(CLAIMS[0], predicate="proposes", status="proposed", also=("withdraws",), target=Party(name="Sake Army"))
    found = replace(echo(gold), predicate=predicate, actor=actor("Sake Army"), target=None)
    assert pairs([gold], [found])[0].actor is right


PLACES: list[tuple[str, Party | None, dict[str, Any]]] = [
    ("none", None, {}), ("", None, {"placed": True}), ("", party("Goma"), {}),
    ("span", party("Goma"), {"placed": True, "places": (words("Goma and"),)}), ("span", party("Goma"), {"places": (words("Goma"),)}),
    ("", party("Goma"), {"placed": True, "places": ((0, 64),)}), ("name", party("Goma"), {"placed": True, "names": frozenset({"goma"})}),
    ("", party("Goma"), {"placed": True, "names": frozenset({""})}),
    ("near", party("Goma", lat=-1.68, lon=29.22), {"placed": True, "lat": -1.7, "lon": 29.4}),
    ("", party("Goma", lat=-1.68, lon=29.22), {"placed": True, "lat": -1.7, "lon": 29.6}),
    ("near", party("Goma", lat=-1.68, lon=29.22, radius_km=60.0), {"placed": True, "lat": -1.7, "lon": 29.6}),
]


@pytest.mark.parametrize(("way", "gold", "found"), PLACES)
def test_a_place_agrees_by_words_by_name_or_by_where_it_lies(way: str, gold: Party | None, found: dict[str, Any]) -> None:
    assert place_agrees(gold, Told(predicate="controls", sentence=(0, 9), **found)) == way


ACTORS: list[tuple[Party | None, str, bool]] = [
    (Party(name="Ankara"), "Turkey", True), (Party(name="the Turkish army"), "Turkey", True), (None, "Turkey", False),
    (Party(name="Russian troops"), "Turkey", False), (Party(name="the regime"), "the Syrian government", True),
    (Party(name="they", surface="they"), "Turkey", False), (Party(name="the commander", surface="the Turkish army"), "Turkey", True),
]


@pytest.mark.parametrize(("gold", "found", "right"), ACTORS)
def test_an_actor_agrees_by_whom_the_words_mean(gold: Party | None, found: str, right: bool) -> None:
    assert actor_agrees(gold, shipped().named(found)) is right


@pytest.mark.parametrize(("gold", "found", "right"), [("Goma Front fighters", "the Goma Front", True), ("Goma", "Gomarra Front", False)])
def test_an_actor_that_no_table_knows_agrees_by_whole_words(gold: str, found: str, right: bool) -> None:
    assert actor_agrees(Party(name=gold), actor(found)) is right


@pytest.mark.parametrize(
    ("gold", "found", "right"),
    [("", "", True), ("", "Russia", False), ("Russia", "", False), ("the Kremlin", "Russia", True), ("the army's spokesman", "army", True)],
)
def test_a_speaker_agrees_by_whom_the_words_mean(gold: str, found: str, right: bool) -> None:
    assert speaker_agrees(gold, found) is right


DATES: list[tuple[str, str, str, str, bool]] = [
    ("2024-01", "", "2024-01-15", "", True), ("2024-01-15", "", "2024-01-14", "2024-01-15", True),
    ("2024-01-15", "", "2024-01-01", "2024-01-31", False), ("2024-01-15", "", "", "", False), ("", "2024-02", "", "2024-02-01", True),
]


@pytest.mark.parametrize(("start", "end", "ours", "until", "right"), DATES)
def test_a_date_is_right_as_precisely_as_gold_tells_it(start: str, end: str, ours: str, until: str, right: bool) -> None:
    days = [dt.date.fromisoformat(day) if day else None for day in (ours, until)]
    found = Told(predicate="controls", sentence=(0, 9), start=days[0], end=days[1])
    assert date_agrees(GoldClaim(sentence=(0, 9), act=(0, 3), predicate="controls", start=start, end=end), found) is right


def test_intervals_hold_the_figure_and_are_the_same_for_one_seed() -> None:
    reports = [replace(REPORT, id=str(number)) for number in range(6)]
    read = [PERFECT[: number % 4 + 1] for number in range(6)]
    first, again = (score(reports, read, resamples=200, seed=5) for _ in range(2))
    assert first.intervals == again.intervals
    low, high = first.intervals["found.R"]
    assert low < first.whole["found"]["R"] < high
    assert not score(reports, read).intervals


def test_groups_add_up_to_the_whole() -> None:
    result = scored(*PERFECT, FALSE)
    for name in ("predicate", "status", "war", "kind"):
        assert sum(row["gold"] for row in result.groups[name].values()) == result.whole["gold"]
        assert sum(row["pred"] for row in result.groups[name].values()) == result.whole["pred"]


def test_claims_that_salient_reads_are_compared_as_they_stand(gazetteer: Gazetteer) -> None:
    document = from_text("Russian troops captured Lyman on 1 October 2022.", published=dt.date(2022, 10, 2), source="s", title="t")
    ((read,),) = read_claims_of([GoldReport(id="a", document=document, claims=())], gazetteer=gazetteer)
    assert (read.predicate, read.status, read.actor and read.actor.id, read.speaker) == ("controls", "reported", "russia", "")
    assert "lyman" in read.names
    assert document.text[slice(*(read.act or (0, 0)))] == "captured"


def line(**change: Any) -> dict[str, Any]:
    claim = {"sentence": [0, 20], "act": [5, 9], "predicate": "controls", "status": "reported", **change.pop("claim", {})}
    return {"id": "a", "text": "They took the town. ", "claims": [claim], **change}


BAD: list[tuple[dict[str, Any], str]] = [
    (line(claims="no"), 'has no list "claims"'), (line(text=None), 'no "text", "corpus" or "path"'),
    (line(published="2020-13-01"), "published is"),
    (line(claims=["no"]), "is not an object"), (line(claim={"predicate": "owns"}), "'owns' is not known; allowed are controls"),
    (line(claim={"status": "sure"}), "'sure' is not known; allowed are reported"), (line(claim={"also": ["x"]}), "'x' is not known"),
    (line(claim={"sentence": [0, 99]}), "0 <= start < end <= 20"), (line(claim={"act": [5.0, 9]}), "act is"),
    (line(claim={"actor": {"name": ""}}), "actor is neither null nor"),
    (line(claim={"place": {"name": "x", "lat": 91, "lon": 0}}), "lat 91"),
    (line(claim={"place": {"name": "x", "lat": 1}}), "lon None"), (line(nonclaims=[{"span": [3, 3], "why": "x"}]), "span is"),
    (line(text="They took the town.\x00"), "NUL"),
]


@pytest.mark.parametrize(("given_line", "said"), BAD, ids=[said for _, said in BAD])
def test_bad_gold_is_told_by_its_line(given_line: dict[str, Any], said: str, tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps(given_line))
    with pytest.raises(InputError, match=said.replace("(", r"\(")) as told_error:
        read_gold_claims(file)
    assert "gold.jsonl, line 1" in str(told_error.value)


def test_one_id_stands_on_one_line_only(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text("\n".join([json.dumps(line())] * 2))
    with pytest.raises(InputError, match="line 2: the id 'a' stands on an earlier line"):
        read_gold_claims(file)


def test_a_text_of_a_corpus_is_found_by_its_hash_or_left_out_with_a_sentence(tmp_path: Path) -> None:
    text = "They took the town. "
    file, sha256 = tmp_path / "gold.jsonl", hashlib.sha256(text.encode()).hexdigest()
    named = {key: value for key, value in line(corpus="wire", sha256=sha256).items() if key != "text"}
    file.write_text("\n".join(json.dumps({**named, "id": number, "sha256": hash_}) for number, hash_ in ((1, sha256), (2, "0"))))
    (tmp_path / "wire.jsonl").write_text(json.dumps({"id": 7, "text": text}))
    asked = read_gold_claims(file, corpora=tmp_path)
    assert [report.document.text for report in asked.reports] == [text]
    assert asked.left_out == ("1 report of the corpus wire left out: wire.jsonl does not hold that text.",)
    assert read_gold_claims(file).left_out == ("2 reports of the corpus wire left out: give the folder of the corpora with --corpora.",)


def test_a_text_in_a_file_is_found_from_the_folders_above_the_gold(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text("They took the town. ")
    (tmp_path / "gold").mkdir()
    file = tmp_path / "gold" / "gold.jsonl"
    text = "They took the town. "
    for sha256, count in ((hashlib.sha256(text.encode()).hexdigest(), 1), ("0", 0)):
        file.write_text(json.dumps({key: value for key, value in line(path="seeds/a.txt", sha256=sha256).items() if key != "text"}))
        asked = read_gold_claims(file)
        assert (len(asked.reports), len(asked.left_out)) == (count, 1 - count)


def test_the_page_shows_each_error_under_its_heading() -> None:
    page = claims_report.page(scored(replace(PERFECT[0], status="past"), PERFECT[2], FALSE), title="x")
    headings = ("No fact, told as one (0)", "On a nonclaim (1)", "Made up (1)", "Missed (2)", "Another status (1)", "Another actor (0)")
    assert all(f"<h2>{heading}</h2>" in page for heading in headings)
    assert "<script" not in page
    assert "seized</mark> Goma and Sake" in page


@pytest.mark.parametrize("words_of", HOSTILE)
def test_words_of_gold_do_nothing_on_the_page(words_of: str) -> None:
    document = from_text(f"They took {words_of} and left. ", title=words_of, source="s", published=dt.date(2024, 1, 15))
    claim = GoldClaim(sentence=(0, 9), act=(5, 9), predicate="controls", actor=Party(name=words_of), speaker=words_of)
    report = GoldReport(id="r", document=document, claims=(claim,), nonclaims=(Nonclaim(span=(0, 9), why=words_of),), war=words_of)
    false = Told(predicate="attacks", sentence=(0, len(document.text)), where=words_of, reason=words_of, actor=actor(words_of))
    page = claims_report.page(scored(false, report=report), title=words_of)
    for opening in ("<script", "<img", "<svg o"):
        assert opening not in page
    assert "onmouseover='" not in page


def test_the_command_scores_gold_and_writes_page_and_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, page, figures = tmp_path / "gold.jsonl", tmp_path / "e.html", tmp_path / "e.json"
    text = "Russian troops captured Lyman on 1 October 2022."
    claim = {"sentence": [0, 48], "act": [15, 23], "predicate": "controls", "status": "reported", "actor": {"name": "Russia"},
             "place": {"name": "Lyman", "span": [24, 29], "lat": 48.99, "lon": 37.8}, "from": "2022-10-01"}
    absent = {"id": "b", "corpus": "elsewhere", "sha256": "0", "claims": []}
    report = {"id": "a", "text": text, "title": "t", "source": "s", "published": "2022-10-02", "claims": [claim]}
    gold.write_text("\n".join(map(json.dumps, (report, absent))))
    assert main(["evaluate", "--claims", str(gold), "--ci", "50", "--html", str(page), "--json", str(figures)]) == 0
    out, err = capsys.readouterr()
    assert "1 report, 1 gold claim, 1 claim read" in out
    assert "1 report of the corpus elsewhere left out" in err
    told_figures = json.loads(figures.read_text(encoding="utf-8"))
    assert told_figures["all"]["complete"]["F1"] == 1.0
    assert told_figures["left_out"]
    assert "<h2>Missed (0)</h2>" in page.read_text(encoding="utf-8")


MIXED = [["--claims", "--area"], ["--claims", "--neutral", "m3"], ["--claims", "--gold-spans"], ["--corpora", "x"]]


@pytest.mark.parametrize("options", MIXED)
def test_options_that_do_not_go_together_are_refused(options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps({**line(), "toponyms": []}))
    assert main(["evaluate", str(gold), *options]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_every_share_has_a_row_in_the_tables() -> None:
    text = claims_scoreboard.words(scored(*PERFECT, FALSE, resamples=10), "x")
    assert len([row for row in text.splitlines() if "(" in row and row[-1] == ")"]) >= len(SHARES)

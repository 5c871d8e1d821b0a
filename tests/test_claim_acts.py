"""The words that make a claim: how many acts the table of cues knows, how rarely other words are taken for one, and that it stays quick."""

from __future__ import annotations

import csv
import random
import time
from pathlib import Path

import pytest

from geo.typology import Cue, cues, cues_in
from tests.marked import claims_in

GOLD = Path(__file__).parent / "gold"
COVERED = 0.97  # of the acts written down, the share with a cue of the right predicate
CLAIMED = 0.05  # of the sentences that hold no claim, the share that may make one
SECONDS = 0.03  # for 5,000 characters: ten times what the slowest pattern takes, so that only a runaway pattern fails
ASKS = {"proposes", "demands"}
WORDS = "the army of rebels in a to was on from and forces with under its troops for town out by at their control old drone street".split()


def table(name: str) -> list[dict[str, str]]:
    with (GOLD / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_covered(row: dict[str, str]) -> bool:
    wanted = ASKS if row["predicate"] in ASKS else {row["predicate"], row["also"]}
    for part in row["act"].split(" ... "):
        start = row["sentence"].index(part)
        if any(cue.cue.predicate in wanted and cue.start < start + len(part) and cue.end > start for cue in cues_in(row["sentence"])):
            return True
    return False


@pytest.mark.parametrize("predicate", sorted({row["predicate"] for row in table("claim_acts.csv")} - {"none"}))
def test_nine_in_ten_acts_of_each_predicate_are_known(predicate: str) -> None:
    rows = [row for row in table("claim_acts.csv") if row["predicate"] == predicate]
    assert sum(map(is_covered, rows)) >= 0.9 * len(rows)


def test_nearly_all_acts_are_known() -> None:
    rows = [row for row in table("claim_acts.csv") if row["predicate"] != "none"]
    assert len(rows) > 700
    assert sum(map(is_covered, rows)) >= COVERED * len(rows)


def test_words_that_only_look_like_an_act_make_no_claim() -> None:
    rows = [row for row in table("claim_marked.csv") if row["predicate"] == "none"]
    assert len(rows) >= 150
    claimed = [row["marked"] for row in rows if claims_in(row["marked"])]
    assert len(claimed) <= CLAIMED * len(rows), claimed


def test_marked_acts_are_read_with_their_predicate() -> None:
    rows = [row for row in table("claim_marked.csv") if row["predicate"] != "none"]
    read = [row for row in rows if {row["predicate"], row["also"]} & {claim.predicate for claim in claims_in(row["marked"])}]
    assert len(read) >= 0.75 * len(rows)


@pytest.mark.parametrize("cue", [pytest.param(cue, id=f"{number}-{cue.family}") for number, cue in enumerate(cues())])
def test_a_pattern_needs_no_more_time_than_the_length_of_the_text(cue: Cue) -> None:
    words = " ".join(random.Random(1).choices(WORDS, k=1500))[:5000]
    for text in ("a " * 2500, words, "x" * 5000, "heavy street " * 380, "the old army " * 380):
        assert min(_seconds(cue, text) for _ in range(2)) < SECONDS


def _seconds(cue: Cue, text: str) -> float:
    began = time.perf_counter()
    for _ in cue.pattern.finditer(text):
        pass
    return time.perf_counter() - began

"""What ``python -m geo evaluate`` does: gold in; tables, and on request a page of errors and figures as JSON, out."""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import InputError
from geo.terminal import Bar, printable

if TYPE_CHECKING:
    from geo.evaluation import Evaluation
    from geo.gold import GoldText, Named

__all__ = ["evaluate"]

_Found = dict[str | int, tuple["Named", ...]]


def evaluate(given: argparse.Namespace) -> int:
    """``evaluate GOLD...``: how good the geoparser is on annotated texts."""
    if given.claims:
        return _claims(given)
    from geo import evaluation, scoreboard
    from geo.export import check_target, replacing
    from geo.gold import read_gold

    if given.corpora:
        raise InputError("--corpora is where the texts of gold claims stand; give --claims with it.")
    if given.pred and given.gold_spans:
        raise InputError("--gold-spans makes Salient resolve the spans of gold; it cannot go with --pred, which brings its own spans.")
    page = check_target(given.html, allowed=(".html",)) if given.html else None
    file = check_target(given.json, allowed=(".json",)) if given.json else None
    neutral = [word for word in given.neutral.split(",") if word]
    gold = read_gold(*given.gold)
    bar = Bar()
    try:
        evaluation.evaluate((), {}, neutral=neutral)  # a wrong word is told before the texts are parsed
        predicted = _predicted(given, gold, bar)
        bar(len(gold), len(gold), "comparing")
        found = evaluation.evaluate(gold, predicted, neutral=neutral, area=given.area, literal=given.literal, resamples=given.ci)
    finally:
        bar.clear()
    title = ", ".join(Path(name).name for name in given.gold)
    sys.stdout.write(printable(scoreboard.words(found, title)))
    if file:
        text = json.dumps(found.as_json(), ensure_ascii=False, allow_nan=False, indent=1)
        replacing(file, lambda draft: _write(draft, text + "\n"))
    if page:
        _write_page(given, found, title, page, bar)
    return 0


def _predicted(given: argparse.Namespace, gold: tuple[GoldText, ...], bar: Bar) -> _Found:
    from geo.gold import read_predictions

    if given.pred:
        return read_predictions(given.pred, gold)
    from geo.gazetteer import open_gazetteer
    from geo.predictions import predict

    return predict(gold, gazetteer=open_gazetteer(), gold_spans=given.gold_spans, progress=bar)


def _write_page(given: argparse.Namespace, found: Evaluation, title: str, page: Path, bar: Bar) -> None:
    from geo import evaluation_report
    from geo.export import replacing
    from geo.gazetteer import open_gazetteer
    from geo.predictions import why

    try:
        gazetteer = open_gazetteer()
        reasons = None if given.pred else partial(why, gazetteer=gazetteer, gold_spans=given.gold_spans)
        text = evaluation_report.page(found, title=title, gazetteer=gazetteer, reasons=reasons, progress=bar)
    finally:
        bar.clear()
    replacing(page, lambda draft: _write(draft, text))


def _claims(given: argparse.Namespace) -> int:
    """``evaluate --claims GOLD...``: how well claims are read."""
    from geo import claims_report, claims_scoreboard, claims_scoring
    from geo.export import check_target, replacing
    from geo.gazetteer import open_gazetteer
    from geo.gold_claims import read_gold_claims

    if given.pred or given.gold_spans or given.neutral or given.area or given.literal:
        raise InputError("--pred, --gold-spans, --neutral, --area and --literal are for places; give --claims without them.")
    page = check_target(given.html, allowed=(".html",)) if given.html else None
    file = check_target(given.json, allowed=(".json",)) if given.json else None
    asked = read_gold_claims(*given.gold, corpora=given.corpora)
    for sentence in asked.left_out:
        sys.stderr.write(printable(sentence) + "\n")
    if not asked.reports:
        raise InputError("No report is left to score; give gold claims whose texts are here.")
    bar = Bar()
    try:
        read = claims_scoring.read_claims_of(asked.reports, gazetteer=open_gazetteer(), progress=bar)
        bar(len(read), len(read), "comparing")
        found = claims_scoring.score(asked.reports, read, resamples=given.ci)
    finally:
        bar.clear()
    title = ", ".join(Path(name).name for name in given.gold)
    sys.stdout.write(printable(claims_scoreboard.words(found, title)))
    if file:
        text = json.dumps({**found.as_json(), "left_out": asked.left_out}, ensure_ascii=False, allow_nan=False, indent=1)
        replacing(file, lambda draft: _write(draft, text + "\n"))
    if page:
        replacing(page, lambda draft: _write(draft, claims_report.page(found, title=title)))
    return 0


def _write(draft: Path, text: str) -> None:
    draft.write_text(text, encoding="utf-8", newline="\n")

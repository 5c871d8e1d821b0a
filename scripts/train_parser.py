"""Train the parser, data/parser.onnx.gz: for each word of a sentence its head, its relation to it, and its tag.

    python -m scripts.train_parser features --bench BENCH -o features.npz
    python -m scripts.train_parser train --features features.npz --encoder model.safetensors --vocabulary vocab.txt \\
        --tagger base.pt final.pt --epochs 9 -o first.pt
    python -m scripts.train_parser train ... --from first.pt --seed 8 --epochs 3.5 -o second.pt
    python -m scripts.train_parser score --features features.npz --weights first.pt second.pt

BENCH holds ud/. Features are what data/tagger_states.onnx.gz gives, so that only the parser's own layers learn. The tagger's weights
(scripts/train_tagger.py) are where those layers begin; several weights named together are averaged. scripts/export_parser.py makes the
file that ships.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

SEED, PER_BATCH = 7, 1200  # word pieces of a batch
RATE, HEAD_RATE, WARM = 3e-4, 1.2e-3, 0.06  # AdamW's rates of the layers and of the heads; share of steps in which they grow
AGAIN = 0.35  # of the rates, where training goes on from a trained parser
DROPPED = 0.07  # words that a sentence is read without, in training
CHANGED = 0.3  # sentences that are also kept as another hand would write them
RARE = 12  # a relation seen more rarely counts as the one before its colon
LESS = {"ewt reviews": 0.5, "ewt answers": 0.5, "ewt email": 0.5}  # share of the sentences of a genre far from news read in a round
KEPT = 0.998  # of the running mean of the weights, for each step


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
    learn.add_argument("--tagger", type=Path, nargs="+", required=True)
    learn.add_argument("--epochs", type=float, default=9.0)
    learn.add_argument("--from", dest="start", type=Path, help="go on from these weights, at a third of the rate")
    learn.add_argument("--seed", type=int, default=SEED)
    learn.add_argument("-o", "--output", type=Path, required=True)
    learn.set_defaults(run=train)
    judge = steps.add_parser("score")
    judge.add_argument("--features", type=Path, required=True)
    judge.add_argument("--weights", type=Path, nargs="+", required=True)
    judge.set_defaults(run=score)
    options = parser.parse_args()
    options.run(options)


def write_features(options: argparse.Namespace) -> None:
    """Write the states of every sentence with its tree."""
    from scripts.parser_treebank import changed, trees

    rng, rows = random.Random(SEED), []
    found = list(trees(options.bench / "ud"))
    counts = Counter(relation for tree in found for relation in tree.relations)
    labels = {name: name if count >= RARE else name.split(":")[0] for name, count in counts.items()}
    relations, tags = sorted(set(labels.values())), sorted({tag for tree in found for tag in tree.tags})
    for number, tree in enumerate(found):
        other = changed(tree, rng) if tree.part == "train" and rng.random() < CHANGED else tree
        for each, copy in ((tree, False), *([(other, True)] if other is not tree else [])):
            row = _row(each)
            if row is not None:
                row["heads"] = np.array(each.heads, dtype=np.int16)
                row["relations"] = np.array([relations.index(labels[name]) for name in each.relations], dtype=np.int8)
                row["tags"] = np.array([tags.index(tag) for tag in each.tags], dtype=np.int8)
                row["is"] = (each.part, each.genre, number, copy)
                rows.append(row)
        if number % 4000 == 0:
            print(number, "sentences", flush=True)
    arrays = {key: np.concatenate([row[key] for row in rows]) for key in ("states", "firsts", "heads", "relations", "tags")}
    parts, genres, numbers, copies = (np.array(column) for column in zip(*(row["is"] for row in rows), strict=True))
    sizes = {"pieces": np.array([len(row["states"]) for row in rows]), "words": np.array([len(row["heads"]) for row in rows])}
    np.savez(options.output, **arrays, **sizes, parts=parts, genres=genres, numbers=numbers, copies=copies,
             relation_names=np.array(relations), tag_names=np.array(tags))
    print(len(rows), "sentences,", len(arrays["states"]), "pieces")


def _row(tree: object) -> dict | None:
    from geo.parser_input import sentence_window
    from geo.tagger import states

    window = sentence_window(tree.text, tree.words)
    if window is None:
        return None
    return {"states": states(window)[0].astype(np.float16), "firsts": window.firsts.astype(np.int16)}


class Data:
    """The features, with what belongs to each sentence."""

    def __init__(self, path: Path) -> None:
        self.whole = dict(np.load(path))
        self.piece_ends, self.word_ends = np.cumsum(self.whole["pieces"]), np.cumsum(self.whole["words"])

    def batch(self, chosen: list[int]) -> dict[str, np.ndarray]:
        """Return the arrays of some sentences, filled up to the longest."""
        whole = self.whole
        length, count = int(whole["pieces"][chosen].max()), int(whole["words"][chosen].max())
        made = {"states": np.zeros((len(chosen), length, whole["states"].shape[1]), np.float32),
                "mask": np.zeros((len(chosen), length), np.float32), "firsts": np.zeros((len(chosen), count), np.int64)}
        made |= {key: np.full((len(chosen), count), -100, np.int64) for key in ("heads", "relations", "tags")}
        for row, i in enumerate(chosen):
            pieces, words = int(whole["pieces"][i]), int(whole["words"][i])
            made["states"][row, :pieces] = whole["states"][self.piece_ends[i] - pieces : self.piece_ends[i]]
            made["mask"][row, :pieces] = 1
            for key in ("firsts", "heads", "relations", "tags"):
                made[key][row, :words] = whole[key][self.word_ends[i] - words : self.word_ends[i]]
        made["heads"][made["heads"] >= -1] += 1  # column 0 is the root
        return made


def batches(data: Data, epochs: float, seed: int) -> list[list[int]]:
    """Return batches of sentences of about the same length; of a sentence and its changed copy one is read in each round."""
    rng, order = random.Random(seed), []
    of: dict[int, list[int]] = {}
    share: dict[int, float] = {}
    for i in np.flatnonzero(data.whole["parts"] == "train"):
        number = int(data.whole["numbers"][i])
        of.setdefault(number, []).append(int(i))
        share[number] = LESS.get(str(data.whole["genres"][i]), 1.0)
    while epochs > 0:
        part = [rng.choice(same) for number, same in of.items() if rng.random() < share[number]]
        rng.shuffle(part)
        part = part[: int(len(part) * min(1.0, epochs))]
        epochs -= 1
        round_ = []
        for begin in range(0, len(part), 2400):
            round_ += grouped(sorted(part[begin : begin + 2400], key=lambda i: data.whole["pieces"][i]), data)
        rng.shuffle(round_)
        order += round_
    return order


def grouped(ordered: list[int], data: Data) -> Iterator[list[int]]:
    """Yield sentences in a row, as many as fill a batch."""
    group: list[int] = []
    for i in ordered:
        if group and (len(group) + 1) * int(data.whole["pieces"][i]) > PER_BATCH:
            yield group
            group = []
        group.append(i)
    if group:
        yield group


def train(options: argparse.Namespace) -> None:
    """Train and write the running mean of the weights."""
    import torch

    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    data = Data(options.features)
    net = begin(data, options)
    layers = list(net.layers.parameters())
    others = [p for name, p in net.named_parameters() if not name.startswith("layers.")]
    slower = AGAIN if options.start else 1.0
    groups = [{"params": layers, "lr": RATE * slower}, {"params": others, "lr": HEAD_RATE * slower}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))
    order = batches(data, options.epochs, options.seed)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (WARM * len(order))) * max(0.01, 1 - step / len(order))
    )
    mean = {name: value.clone() for name, value in net.state_dict().items()}
    begun, losses = time.time(), []
    names = {key: [str(name) for name in data.whole[key]] for key in ("relation_names", "tag_names")}
    for number, chosen in enumerate(order):
        loss = loss_of(net, data.batch(chosen))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        kept = min(KEPT, number / (number + 10))
        torch._foreach_lerp_(list(mean.values()), list(net.state_dict().values()), 1 - kept)
        losses.append(float(loss.detach()))
        if number % 100 == 99 or number + 1 == len(order):
            print(f"{number + 1}/{len(order)} loss {np.mean(losses[-100:]):.4f} {time.time() - begun:.0f} s", flush=True)
            torch.save({"weights": mean, **names}, options.output)


def begin(data: Data, options: argparse.Namespace) -> object:
    """Return a parser whose layers are those of the tagger."""
    import torch

    from geo.tagger import OUTPUTS
    from geo.tagger_input import SIGNS
    from scripts.parser_net import Parser, from_tagger
    from scripts.tagger_net import mean_of, pretrained

    tagger = pretrained(SIGNS, {name: len(labels) for name, labels in OUTPUTS.items()}, options.encoder, options.vocabulary)
    tagger.load_state_dict(mean_of(options.tagger, options.vocabulary))
    net = Parser(len(data.whole["relation_names"]), len(data.whole["tag_names"]))
    sample = data.batch(random.Random(SEED).sample(range(len(data.whole["pieces"])), 60))
    from_tagger(net, tagger, torch.from_numpy(sample["states"]), torch.from_numpy(sample["mask"]))
    if options.start:
        net.load_state_dict(torch.load(options.start, weights_only=True)["weights"])
    return net.train()


def loss_of(net: object, arrays: dict[str, np.ndarray]) -> object:
    """Return the loss of a batch, some of its words left out."""
    import torch
    from torch.nn import functional

    given = {key: torch.from_numpy(value) for key, value in arrays.items()}
    states = given["states"]
    dropped = torch.rand(given["firsts"].shape) < DROPPED
    where = given["firsts"][dropped]
    states[torch.nonzero(dropped)[:, 0], where] = 0
    with torch.autocast("cpu", dtype=torch.bfloat16):
        arcs, relations, tags = net(states, given["firsts"], given["mask"])
    known = given["heads"] >= 0
    real = torch.cat((torch.ones_like(known[:, :1]), known), dim=1)
    arcs = arcs.float().masked_fill(~real.unsqueeze(1), -1e4)
    chosen = relations[known.nonzero()[:, 0], known.nonzero()[:, 1], given["heads"][known]].float()
    loss = functional.cross_entropy(arcs[known], given["heads"][known]) + functional.cross_entropy(chosen, given["relations"][known])
    return loss + 0.4 * functional.cross_entropy(tags[known].float(), given["tags"][known])


def score(options: argparse.Namespace) -> None:
    """Print how many heads, heads with relations, and tags are right, by part and genre, and F1 by relation."""
    import torch

    from geo.parser_trees import best_heads
    from scripts.parser_net import trained

    torch.set_num_threads(1)
    data, net = Data(options.features), trained(options.weights)[0]
    counts: dict[str, np.ndarray] = {}
    by_relation: dict[str, np.ndarray] = {}
    chosen = sorted(np.flatnonzero(data.whole["parts"] != "train"), key=lambda i: data.whole["pieces"][i])
    for group in grouped(chosen, data):
        arrays = data.batch(group)
        with torch.no_grad():
            out = net(*(torch.from_numpy(arrays[key]) for key in ("states", "firsts", "mask")))
        arcs, relations, tags = (part.numpy() for part in out)
        for row, i in enumerate(group):
            n = int(data.whole["words"][i])
            heads = best_heads(arcs[row, :n, : n + 1]) + 1
            named = relations[row, np.arange(n), heads].argmax(axis=-1)
            gold = {key: arrays[key][row, :n] for key in ("heads", "relations", "tags")}
            both = (heads == gold["heads"]) & (named == gold["relations"])
            tagged = tags[row, :n].argmax(axis=-1) == gold["tags"]
            part, genre = str(data.whole["parts"][i]), str(data.whole["genres"][i])
            for key in (f"{part} {genre}", f"{part} {genre.split()[0]} all"):
                counts[key] = counts.get(key, np.zeros(4)) + np.array([(heads == gold["heads"]).sum(), both.sum(), tagged.sum(), n])
            for found, wanted, right in zip(named, gold["relations"], both, strict=True):
                for place, relation in enumerate((found, wanted)):
                    name = str(data.whole["relation_names"][relation])
                    by_relation.setdefault(name, np.zeros(3))[[place, 2] if right and place else [place]] += 1
    _print_scores(counts, by_relation)


def _print_scores(counts: dict[str, np.ndarray], by_relation: dict[str, np.ndarray]) -> None:
    for key, found in sorted(counts.items()):
        shares = found[:3] / found[3]
        print(f"{key:24} {int(found[3]):6} words  UAS {shares[0]:.4f}  LAS {shares[1]:.4f}  tags {shares[2]:.4f}")
    for name, (found, wanted, right) in sorted(by_relation.items(), key=lambda item: -item[1][1]):
        print(f"{name:16} {int(wanted):6} words  F1 {2 * right / max(1, found + wanted):.3f}")


if __name__ == "__main__":
    main()

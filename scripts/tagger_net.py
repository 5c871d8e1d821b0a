"""The network of the tagger: a six-layer BERT encoder with signs added to its word embeddings, and four heads.

The encoder has the shape and takes the weights of all-MiniLM-L6-v2 (Apache-2.0). Training and export only; the product runs the
exported file with onnxruntime.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

from geo.datafiles import DATA
from scripts.cut_vocabulary import read_pieces

HIDDEN, LAYERS, HEADS, INNER, POSITIONS = 384, 6, 12, 1536, 512


class Layer(nn.Module):
    """Self-attention and a feed-forward step, each with its residual and norm."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(HIDDEN, HIDDEN) for _ in range(3))
        self.attended, self.widen, self.narrow = nn.Linear(HIDDEN, HIDDEN), nn.Linear(HIDDEN, INNER), nn.Linear(INNER, HIDDEN)
        self.norm1, self.norm2 = nn.LayerNorm(HIDDEN, eps=1e-12), nn.LayerNorm(HIDDEN, eps=1e-12)
        self.drop = nn.Dropout(dropout)

    def forward(self, states: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        batch, length, _ = states.shape
        split = [part(states).view(batch, length, HEADS, -1).transpose(1, 2) for part in (self.query, self.key, self.value)]
        scores = split[0] @ split[1].transpose(-1, -2) / (HIDDEN // HEADS) ** 0.5
        scores = scores if bias is None else scores + bias
        mixed = (self.drop(functional.softmax(scores, dim=-1)) @ split[2]).transpose(1, 2).reshape(batch, length, HIDDEN)
        states = self.norm1(states + self.drop(self.attended(mixed)))
        return self.norm2(states + self.drop(self.narrow(functional.gelu(self.widen(states)))))


class Tagger(nn.Module):
    """Word pieces (batch, length), signs (batch, length, families) and mask (batch, length) -> logits of names, entities, kinds, uses.

    Without a mask every piece counts: the exported network reads one window at a time.
    """

    def __init__(self, signs: int, outputs: dict[str, int], *, words: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.words, self.positions = nn.Embedding(words, HIDDEN), nn.Embedding(POSITIONS, HIDDEN)
        self.kind_of_piece = nn.Parameter(torch.zeros(HIDDEN))
        self.signs = nn.Embedding(signs, HIDDEN)
        self.norm, self.drop = nn.LayerNorm(HIDDEN, eps=1e-12), nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.outputs = nn.ModuleDict({name: nn.Linear(HIDDEN, size) for name, size in outputs.items()})
        nn.init.normal_(self.signs.weight, std=0.02)

    def forward(self, pieces: torch.Tensor, signs: torch.Tensor, mask: torch.Tensor | None = None) -> tuple[torch.Tensor, ...]:
        places = torch.arange(pieces.shape[1], device=pieces.device)
        states = self.words(pieces) + self.positions(places) + self.kind_of_piece + self.signs(signs).sum(dim=2)
        states = self.drop(self.norm(states))
        bias = None if mask is None else (1.0 - mask[:, None, None, :].to(states.dtype)) * -10000.0
        for layer in self.layers:
            states = layer(states, bias)
        states = self.drop(states)
        return tuple(head(states) for head in self.outputs.values())


def rows_of(vocabulary: Path) -> list[int]:
    """Return the rows that data/tagger_words.txt keeps of the encoder's own vocabulary."""
    row_of = {piece: row for row, piece in enumerate(read_pieces(vocabulary))}
    return [row_of[piece] for piece in read_pieces(DATA / "tagger_words.txt")]


def mean_of(paths: list[Path], vocabulary: Path) -> dict[str, torch.Tensor]:
    """Return the mean of several weights of one training; those made with the encoder's whole vocabulary are cut to what is kept."""
    states, rows = [torch.load(path, weights_only=True) for path in paths], rows_of(vocabulary)
    for state in states:
        if len(state["words.weight"]) != len(rows):
            state["words.weight"] = state["words.weight"][rows]
    return {key: torch.stack([state[key].float() for state in states]).mean(dim=0) for key in states[0]}


def pretrained(signs: int, outputs: dict[str, int], weights: Path, vocabulary: Path) -> Tagger:
    """Return a tagger with the encoder's published weights, vocab.txt beside them; its signs and heads are untrained."""
    found, rows = load_file(str(weights)), rows_of(vocabulary)
    net = Tagger(signs, outputs, words=len(rows))
    found = {name.removeprefix("bert."): value for name, value in found.items()}
    with torch.no_grad():
        net.words.weight.copy_(found["embeddings.word_embeddings.weight"][rows])
        net.positions.weight.copy_(found["embeddings.position_embeddings.weight"])
        net.kind_of_piece.copy_(found["embeddings.token_type_embeddings.weight"][0])
        _copy(net.norm, found, "embeddings.LayerNorm")
        for number, layer in enumerate(net.layers):
            prefix = f"encoder.layer.{number}."
            for name, part in (("query", layer.query), ("key", layer.key), ("value", layer.value)):
                _copy(part, found, f"{prefix}attention.self.{name}")
            _copy(layer.attended, found, f"{prefix}attention.output.dense")
            _copy(layer.norm1, found, f"{prefix}attention.output.LayerNorm")
            _copy(layer.widen, found, f"{prefix}intermediate.dense")
            _copy(layer.narrow, found, f"{prefix}output.dense")
            _copy(layer.norm2, found, f"{prefix}output.LayerNorm")
    net.words.weight.requires_grad_(False)
    net.positions.weight.requires_grad_(False)
    return net


def _copy(part: nn.Module, found: dict[str, torch.Tensor], name: str) -> None:
    part.weight.copy_(found[f"{name}.weight"])
    part.bias.copy_(found[f"{name}.bias"])

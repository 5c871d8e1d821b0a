"""The network of the parser: encoder layers on the word pieces of the tagger, and who governs whom by pairs of words.

Arcs and relations are scored by deep biaffine attention (Dozat and Manning 2017). The layers begin as the tagger's own, with
the inner units of their feed-forward steps that matter most. Training and export only; the product runs the exported file with onnxruntime.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from scripts.tagger_net import HIDDEN, LAYERS, Layer, Tagger

INNER, ARC, LABEL = 1024, 256, 96  # inner units of a layer, width of the vectors for arcs and for relations: set by the megabytes at hand


class Parser(nn.Module):
    """States (batch, pieces, hidden), first pieces of words (batch, words) -> logits of arcs, relations and tags.

    Arcs have shape (batch, words, words + 1) and relations (batch, words, words + 1, relations): the head 0 is the root, the mark that
    begins the window. Tags have shape (batch, words, tags).
    """

    def __init__(self, relations: int, tags: int, *, layers: int = LAYERS, dropout: float = 0.1) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(layers))
        for layer in self.layers:
            layer.widen, layer.narrow = nn.Linear(HIDDEN, INNER), nn.Linear(INNER, HIDDEN)
        self.arc_word, self.arc_head = _vector(ARC), _vector(ARC)
        self.arc = nn.Linear(ARC, ARC)
        self.label_word, self.label_head = _vector(LABEL), _vector(LABEL)
        self.label = nn.Linear(LABEL, LABEL * relations, bias=False)
        self.label_of_word, self.label_of_head = nn.Linear(LABEL, relations), nn.Linear(LABEL, relations, bias=False)
        self.tags = nn.Linear(HIDDEN, tags)
        nn.init.normal_(self.label.weight, std=0.02)
        self.relations = relations

    def forward(self, states: torch.Tensor, firsts: torch.Tensor, mask: torch.Tensor | None = None) -> tuple[torch.Tensor, ...]:
        bias = None if mask is None else (1.0 - mask[:, None, None, :].to(states.dtype)) * -10000.0
        for layer in self.layers:
            states = layer(states, bias)
        words = torch.gather(states, 1, firsts.unsqueeze(-1).expand(-1, -1, HIDDEN))
        heads = torch.cat((states[:, :1], words), dim=1)
        arcs = self.arc(self.arc_word(words)) @ self.arc_head(heads).transpose(1, 2)
        word, head = self.label_word(words), self.label_head(heads)
        batch, count = words.shape[0], words.shape[1]
        pairs = self.label(word).view(batch, count * self.relations, LABEL) @ head.transpose(1, 2)
        pairs = pairs.view(batch, count, self.relations, count + 1).transpose(2, 3)
        relations = pairs + self.label_of_word(word).unsqueeze(2) + self.label_of_head(head).unsqueeze(1)
        return arcs, relations, self.tags(words)


def _vector(width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(HIDDEN, width), nn.GELU(), nn.Dropout(0.25))


def from_tagger(net: Parser, tagger: Tagger, states: torch.Tensor, mask: torch.Tensor) -> None:
    """Give the layers of a parser the weights of the tagger's last ones, keeping the inner units that move these `states` most."""
    tagger.eval()
    bias = (1.0 - mask[:, None, None, :]) * -10000.0
    with torch.no_grad():
        for mine, whole in zip(net.layers, tagger.layers[LAYERS - len(net.layers) :], strict=True):
            for name in ("query", "key", "value", "attended", "norm1", "norm2"):
                getattr(mine, name).load_state_dict(getattr(whole, name).state_dict())
            kept = _units(whole, states, bias, mask)
            mine.widen.weight.copy_(whole.widen.weight[kept])
            mine.widen.bias.copy_(whole.widen.bias[kept])
            mine.narrow.weight.copy_(whole.narrow.weight[:, kept])
            mine.narrow.bias.copy_(whole.narrow.bias)
            states = whole(states, bias)


def trained(paths: list[Path]) -> tuple[Parser, dict[str, list[str]]]:
    """Return the parser with the mean of some weights, and the names of its relations and tags."""
    saved = [torch.load(path, weights_only=True) for path in paths]
    names = {key: saved[0][key] for key in ("relation_names", "tag_names")}
    net = Parser(len(names["relation_names"]), len(names["tag_names"])).eval()
    weights = [each["weights"] for each in saved]
    net.load_state_dict({key: torch.stack([each[key] for each in weights]).mean(dim=0) for key in weights[0]})
    return net, names


def _units(layer: Layer, states: torch.Tensor, bias: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    seen: list[torch.Tensor] = []
    hook = layer.narrow.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    layer(states, bias)
    hook.remove()
    strength = seen[0][mask > 0].pow(2).mean(dim=0).sqrt() * layer.narrow.weight.norm(dim=0)
    return strength.topk(INNER).indices.sort().values

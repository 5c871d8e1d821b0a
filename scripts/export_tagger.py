"""Make the file that ships of trained weights: 8-bit ONNX, weights per channel; print how far it is from the weights.

    python -m scripts.export_tagger --weights base.pt final.pt --encoder model.safetensors --vocabulary vocab.txt -o tagger.onnx

Several weights of one training are averaged: those of both stages together read unseen corpora better than the
last alone. scripts/split_tagger.py makes the files that ship of the result. Needs torch, onnx and onnxruntime.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from geo.tagger import OUTPUTS
from geo.tagger_input import FAMILIES, SIGNS
from scripts.tagger_net import Tagger, mean_of, pretrained


def main() -> None:
    """Average, export, quantise, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, nargs="+", required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--vocabulary", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    net = pretrained(SIGNS, {name: len(labels) for name, labels in OUTPUTS.items()}, options.encoder, options.vocabulary)
    net.load_state_dict(mean_of(options.weights, options.vocabulary))
    net.eval()
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "tagger.onnx"
        export(net, whole)
        quantize_dynamic(
            whole, options.output, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gather"],
            reduce_range=True,  # seven bits: processors without VNNI add pairs of products in 16 bits, which eight would overflow
            extra_options={"MatMulConstBOnly": True},
        )
        compare(net, options.output)
    print(f"{options.output.stat().st_size / 1e6:.1f} MB")


def sample(length: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return a window of random words."""
    draw = np.random.default_rng(1)
    pieces = torch.from_numpy(draw.integers(1000, 28000, (1, length)))
    return pieces, torch.from_numpy(draw.integers(0, SIGNS, (1, length, len(FAMILIES))))


def export(net: Tagger, path: Path) -> None:
    """Write a network as ONNX, for one window of any length at a time."""
    axes = {1: "length"}
    names = ["pieces", "signs"]
    torch.onnx.export(
        net, sample(24), str(path), input_names=names, output_names=list(OUTPUTS), opset_version=17, dynamo=False,
        dynamic_axes=dict.fromkeys((*names, *OUTPUTS), axes),
    )


def compare(net: Tagger, path: Path) -> None:
    """Print the largest difference of the probabilities of a name, before and after."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    given = sample(90)
    with torch.no_grad():
        whole = torch.softmax(net(*given)[0], dim=-1).numpy()
    logits = session.run(["names"], {key: part.numpy() for key, part in zip(("pieces", "signs"), given, strict=True)})[0]
    found = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    print(f"largest difference of a probability on random words: {np.abs(found - whole).max():.3f}")


if __name__ == "__main__":
    main()

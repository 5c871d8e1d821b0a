"""Make the file that ships of trained weights: 8-bit ONNX packed with gzip, weights per channel, the names of relations and tags inside.

    python -m scripts.export_parser --weights parser.pt -o data/parser.onnx.gz

Needs torch, onnx and onnxruntime.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from scripts.parser_net import Parser, trained
from scripts.tagger_net import HIDDEN

STEP = 3  # of 63 on each side: 1.3 MB less for 0.2 points of labelled heads in the treebanks' test parts; 4 would cost 0.4
OUTPUTS = ("arcs", "relations", "tags")


def main() -> None:
    """Export, quantise, name, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, nargs="+", required=True, help="several of one training are averaged")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    net, saved = trained(options.weights)
    with tempfile.TemporaryDirectory() as folder:
        whole, small = Path(folder) / "whole.onnx", Path(folder) / "small.onnx"
        export(net, whole)
        quantize_dynamic(
            whole, small, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul"],
            reduce_range=True,  # seven bits, as for the tagger
            extra_options={"MatMulConstBOnly": True},
        )
        model = onnx.load(small)
    coarsen(model)
    for key in ("relation_names", "tag_names"):
        model.metadata_props.add(key=key, value=json.dumps(saved[key]))
    options.output.write_bytes(gzip.compress(model.SerializeToString(), 9, mtime=0))
    compare(net, model.SerializeToString())
    print(f"{options.output.stat().st_size / 1e6:.2f} MB")


def coarsen(model: onnx.ModelProto) -> None:
    """Round the 8-bit weights to multiples of `STEP`, so that the file packs smaller."""
    for table in model.graph.initializer:
        if table.data_type == onnx.TensorProto.INT8 and len(table.dims) == 2:
            whole = onnx.numpy_helper.to_array(table).astype(np.int32)
            most = 63 // STEP * STEP
            rounded = np.clip(np.round(whole / STEP) * STEP, -most, most).astype(np.int8)
            table.CopyFrom(onnx.numpy_helper.from_array(rounded, table.name))


def sample(pieces: int, words: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return random states and the first pieces of words."""
    draw = np.random.default_rng(1)
    states = torch.from_numpy(draw.normal(0, 0.6, (1, pieces, HIDDEN)).astype(np.float32))
    return states, torch.arange(1, words + 1).unsqueeze(0)


def export(net: Parser, path: Path) -> None:
    """Write a network as ONNX, for one sentence of any length at a time."""
    axes = {"states": {1: "pieces"}, "firsts": {1: "words"}, "arcs": {1: "words", 2: "heads"},
            "relations": {1: "words", 2: "heads"}, "tags": {1: "words"}}
    torch.onnx.export(
        net, sample(31, 24), str(path), input_names=["states", "firsts"], output_names=list(OUTPUTS), opset_version=17, dynamo=False,
        dynamic_axes=axes,
    )


def compare(net: Parser, network: bytes) -> None:
    """Print on how many random words the two choose the same head."""
    session = onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])
    given = sample(90, 70)
    with torch.no_grad():
        whole = net(*given)[0].numpy()
    found = session.run(["arcs"], {key: part.numpy() for key, part in zip(("states", "firsts"), given, strict=True)})[0]
    print(f"the same head for {(whole.argmax(-1) == found.argmax(-1)).mean():.2f} of random words")


if __name__ == "__main__":
    main()

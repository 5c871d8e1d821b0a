"""Make the files of the tagger that ship: its lowest part, which the parser shares, and the layers above it, both packed.

    python -m scripts.split_tagger tagger.onnx --pieces vocab.txt --words data/tagger_words.txt -o data

The rows of word pieces that English never needs are left out (scripts/cut_vocabulary.py chooses them); the others are copied bit by bit,
and the cut lies between two steps, so that what the tagger gives does not change. `scripts.export_tagger` makes the file that goes in.
Needs onnx.
"""

from __future__ import annotations

import argparse
import gzip
from pathlib import Path

import onnx
from onnx import numpy_helper
from onnx.utils import Extractor

from geo.tagger import OUTPUTS, STATES
from scripts.cut_vocabulary import read_pieces

_TABLE = "words.weight_quantized"
_LOWEST = "/norm/LayerNormalization_output_0"  # what the first layer reads


def main() -> None:
    """Read, cut, split, pack."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tagger", type=Path)
    parser.add_argument("--pieces", type=Path, required=True)
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path, required=True, help="the folder for tagger_states.onnx.gz and tagger.onnx.gz")
    options = parser.parse_args()
    model = onnx.load(options.tagger)
    cut(model, read_pieces(options.pieces), read_pieces(options.words))
    name_states(model)
    extractor = Extractor(model)
    pack(extractor.extract_model(["pieces", "signs"], [STATES]), options.output / "tagger_states.onnx.gz")
    pack(extractor.extract_model([STATES], list(OUTPUTS)), options.output / "tagger.onnx.gz")


def cut(model: onnx.ModelProto, pieces: list[str], kept: list[str]) -> None:
    """Keep the rows of some pieces in the table of word pieces, in their order."""
    row_of = {piece: row for row, piece in enumerate(pieces)}
    table = next(part for part in model.graph.initializer if part.name == _TABLE)
    whole = numpy_helper.to_array(table)
    if len(whole) == len(kept):
        return
    if len(whole) != len(pieces):
        raise SystemExit(f"The table holds {len(whole)} rows and the vocabulary {len(pieces)} pieces; give the two that belong together.")
    table.CopyFrom(numpy_helper.from_array(whole[[row_of[piece] for piece in kept]].copy(), _TABLE))


def name_states(model: onnx.ModelProto) -> None:
    """Give what the first layer reads the name that geo.tagger asks for."""
    for node in model.graph.node:
        for names in (node.input, node.output):
            for place, name in enumerate(names):
                if name == _LOWEST:
                    names[place] = STATES
    model.graph.value_info.append(onnx.helper.make_tensor_value_info(STATES, onnx.TensorProto.FLOAT, [1, "length", 384]))


def pack(model: onnx.ModelProto, path: Path) -> None:
    """Check a network and write it with gzip; the same network makes the same bytes."""
    onnx.checker.check_model(model)
    path.write_bytes(gzip.compress(model.SerializeToString(), 9, mtime=0))
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

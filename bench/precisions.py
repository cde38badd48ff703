"""Weight files of one network side by side: bytes, time, and what they recognize.

    python bench/precisions.py [--models training/models] [--labels LABELS.csv] [--runs 60]

Every model of the folder (default: the shipped one, at both of its inputs) is asked for the same labeled
pictures as `twin evaluate` asks, and runs the same single input in turn with the others, in sessions of one
thread. The time is processor time of this process (median), so that other work on the machine hardly counts.
Without labels, artifacts are generated that the shipped model never saw: each has one view in the gallery and
three that ask.

What it does not show: real photos, unless labels name them; batches; other processors, where INT8 may differ.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.results import record
from inference.manifest import SUFFIX, read_manifest
from inference.runtime.recognizer import Recognizer
from inference.shipped import FOLDER
from inference.training.evaluate import Extent, evaluate
from inference.training.generated import artifact
from inference.training.pictures import Shot, read_labels
from inference.training.rendered import write_views

FIRST = 1000
"""The shipped model learned from artifacts below 480."""


def generated(folder: Path, artifacts: int) -> list[Shot]:
    return [
        Shot(path, str(number))
        for number in range(FIRST, FIRST + artifacts)
        for path in write_views(artifact(number), folder / str(number), 4, 320, seed=number)
    ]


def milliseconds(manifests: Sequence[Path], runs: int) -> list[float]:
    """Median processor time of one input each, in turn."""
    recognizers = [Recognizer.load(path) for path in manifests]
    draw = np.random.default_rng(0)
    taken: list[list[float]] = [[] for _ in manifests]
    for turn in range(runs + 5):
        for recognizer, own in zip(recognizers, taken, strict=True):
            side = recognizer.manifest.preprocessing.size
            picture = draw.integers(0, 256, (side, side, 3), dtype=np.uint8)
            began = time.process_time()
            recognizer.run([picture])
            if turn >= 5:
                own.append(1e3 * (time.process_time() - began))
    return [float(np.median(own)) for own in taken]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--models", type=Path, default=FOLDER)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--artifacts", type=int, default=24)
    parser.add_argument("--runs", type=int, default=60)
    told = parser.parse_args()
    manifests = sorted(told.models.glob(f"*{SUFFIX}"))
    with tempfile.TemporaryDirectory() as scratch:
        shots = read_labels(told.labels) if told.labels else generated(Path(scratch), told.artifacts)
        print("model, input, MB, ms, recall@1 one photo, recall at 1 % false accepts, AUROC")
        for path, took in zip(manifests, milliseconds(manifests, told.runs), strict=True):
            model = read_manifest(path)
            found = evaluate(path, shots, Extent(robustness=False))
            recall, gate = found.figures["recall@1, one photo"], found.open_set
            print(
                f"{model.name}, {model.preprocessing.size}, {model.bytes / 1e6:.1f}, {took:.1f}, {recall}, "
                f"{gate.recall}, {gate.auroc}",
                flush=True,
            )
            row = {"model": model.name, "mb": model.bytes / 1e6, "ms": took, "recall": recall.value}
            record("precisions", [row])


if __name__ == "__main__":
    main()

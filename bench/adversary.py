"""What learning from attacked pictures buys, and what it costs: pairs of runs that differ in nothing else.

    python bench/adversary.py [--seeds 0 1] [--steps 80] [--epsilon 2] [--labels training/.../labels.csv]

For each seed two short runs of the default description at 96 pixels: one on pictures as they are, one with
every batch moved by PGD (two steps within epsilon of 255) to be taken for others. Both are asked for the
artifacts that were held out, one view each in the gallery, by the other views: as they are, and moved by an
attacker who knows network and gallery (five steps). Printed is recall@1, and the difference within pairs with
its interval from drawing artifacts again, all seeds together. Without labels, a few artifacts are rendered.

What it does not show: long runs, the full input, real photos, or attacks that are printed and shown.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.results import record
from inference.preprocessing import fitted
from inference.training.adversary import hits_under_attack
from inference.training.experiment import Adversary, Experiment, PictureSources, Schedule, read_experiment
from inference.training.metrics import bootstrapped
from inference.training.network import EmbeddingNet
from inference.training.pictures import Shot, read_labels
from inference.training.rendered import generated_views
from inference.training.train import BEST, parted, train

DESCRIPTION = Path(__file__).resolve().parent.parent / "inference/training/experiments/default.toml"
SIDE = 96
ATTACK_STEPS = 5


def described(seed: int, steps: int, epsilon: float) -> Experiment:
    """The default description, shorter and smaller; ``epsilon`` 0 learns from pictures as they are."""
    told = read_experiment(DESCRIPTION)
    schedule = told.schedule.model_dump() | {
        "steps": steps, "artifacts": 8, "validate_every": steps, "warm_up": steps // 8
    }  # fmt: skip
    return told.model_copy(
        update={
            "seed": seed, "learning_size": 0, "pretrained_share": 0.0,
            "preprocessing": told.preprocessing.model_copy(update={"size": SIDE}),
            "pictures": PictureSources(generated=1, held_out=0.2),
            "schedule": Schedule.model_validate(schedule),
            "adversary": Adversary(share=1.0 if epsilon else 0.0, epsilon=epsilon, steps=2),
        }
    )  # fmt: skip


def trained(experiment: Experiment, shots: Sequence[Shot], folder: Path) -> EmbeddingNet:
    """The network at the end of the run."""
    train(experiment, shots, folder, lambda *_: None)
    network = EmbeddingNet(experiment.network.backbone, experiment.preprocessing, embedding=0)
    network.load_state_dict(torch.load(folder / BEST, map_location="cpu", weights_only=True))
    return network.eval()


def asked(
    network: EmbeddingNet, shots: Sequence[Shot], epsilon: float
) -> tuple[NDArray[np.bool_], list[str]]:
    """Whether each query found its artifact, and which that is; the first view of each is the gallery."""
    seen: set[str] = set()
    sides: tuple[list[Shot], list[Shot]] = ([], [])
    for shot in shots:
        sides[shot.artifact in seen].append(shot)
        seen.add(shot.artifact)
    gallery, queries = (
        ([fitted(shot.pixels(), described(0, 8, 0).preprocessing) for shot in side],
         [shot.artifact for shot in side])
        for side in sides
    )  # fmt: skip
    return hits_under_attack(network, queries, gallery, epsilon, ATTACK_STEPS), queries[1]


def difference(plain: NDArray[np.bool_], moved: NDArray[np.bool_], rows: NDArray[np.int64]) -> float:
    return float(moved[rows].mean() - plain[rows].mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--steps", type=int, default=24)
    parser.add_argument("--epsilon", type=float, default=2.0)
    parser.add_argument(
        "--labels", type=Path, help="of a collection; its artifacts must have several pictures"
    )
    parser.add_argument("--artifacts", type=int, default=40, help="rendered where no labels are given")
    told = parser.parse_args()
    names: list[str] = []
    found: dict[tuple[str, float], list[bool]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        shots = read_labels(told.labels) if told.labels else generated_views(
            folder / "views", told.artifacts, 4, 128
        )  # fmt: skip
        for seed in told.seeds:
            held_out: list[Shot] = []
            for kind, epsilon in (("plain", 0.0), ("attacked", told.epsilon)):
                experiment, began = described(seed, told.steps, epsilon), time.process_time()
                network = trained(experiment, shots, folder / f"{kind}-{seed}")
                taken = time.process_time() - began
                held_out = parted(experiment, shots)[1]
                for level in (0.0, told.epsilon / 2, told.epsilon):
                    hits, shown = asked(network, held_out, level)
                    found.setdefault((kind, level), []).extend(hits.tolist())
                    print(
                        f"seed {seed}, learned {kind} in {taken:.0f} s of CPU, attack of {level:g}: "
                        f"recall@1 {hits.mean():.3f} of {len(hits)}",
                        flush=True,
                    )
                    said = "".join(str(int(hit)) for hit in hits)
                    row = {"seed": seed, "learned": kind, "attack": level, "hits": said, "cpu_s": taken}
                    record("adversary", [row])
            names += [f"{seed} {name}" for name in shown]
    for level in (0.0, told.epsilon / 2, told.epsilon):
        plain, moved = (np.array(found[kind, level]) for kind in ("plain", "attacked"))
        gain = bootstrapped(partial(difference, plain, moved), names)
        print(f"attack of {level:g}: plain {plain.mean():.3f}, attacked {moved.mean():.3f}, gain {gain}")


if __name__ == "__main__":
    main()

"""What adaptation to a gallery gains on real photos: recall before and after, all candidates.

    python bench/adaptation.py photos/labels.csv --run FOLDER [--trial one | fold | strangers] [--rounds 1]

``one``: the gallery is the photos of the role ``gallery``, those of the role ``query`` ask. ``fold``: a fifth
of all photos asks, the rest is the gallery; ``--rounds`` of five. ``strangers``: as ``one``, and a third of
the artifacts are in neither adaptation nor gallery; their queries ask as well. Queries adapt nothing. A round
that was stopped goes on. What the judgment on synthetic photos would choose is marked. A round takes ten to
twenty minutes of one core. Without photos nothing is measured.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from bench.results import record
from inference.manifest import read_manifest
from inference.preprocessing import fitted, gallery_inputs
from inference.shipped import shipped_model
from inference.training.adapt import RECIPE, Candidate, candidates, learned, recipe_of
from inference.training.evaluate import folds
from inference.training.examination import Examination
from inference.training.experiment import Experiment, read_experiment
from inference.training.metrics import auroc, bootstrapped, ranked, recall_at_false_accepts
from inference.training.network import EmbeddingNet
from inference.training.pictures import Shot, read_labels
from inference.training.reread import network_of
from inference.training.train import embed

Round = tuple[str, list[Shot], list[Shot]]
"""Name, gallery, queries."""


def rounds(shots: Sequence[Shot], trial: str, most: int) -> Iterator[Round]:
    gallery = [shot for shot in shots if shot.role == "gallery"]
    queries = [shot for shot in shots if shot.role == "query"]
    if trial == "one":
        yield "one", gallery, queries
    elif trial == "fold":
        for number, (part, rest) in enumerate(folds([shot.artifact for shot in shots])):
            if number < most:
                yield f"fold-{number}", [shots[n] for n in rest], [shots[n] for n in part]
    else:
        artifacts = sorted({shot.artifact for shot in gallery})
        for number in range(most):
            drawn = np.random.default_rng(number).permutation(artifacts)
            absent = set(drawn[: round(len(artifacts) / 3)].tolist())
            yield f"strangers-{number}", [shot for shot in gallery if shot.artifact not in absent], queries


def asked(network: EmbeddingNet, gallery: list[Shot], queries: list[Shot], recipe: Experiment) -> str:
    """The figures of one network."""
    held, holds = [], []
    for shot in gallery:
        inputs = gallery_inputs(shot.pixels(), recipe.preprocessing)
        held += inputs
        holds += [shot.artifact] * len(inputs)
    vectors = embed(network, [fitted(shot.pixels(), recipe.preprocessing) for shot in queries])
    found = ranked(vectors, [shot.artifact for shot in queries], embed(network, held), holds)
    known = found.places > 0
    owners = [shot.artifact for shot, ours in zip(queries, known, strict=True) if ours]
    places = found.places[known]

    def within(k: int, rows: np.ndarray) -> float:
        return float((places[rows] <= k).mean())

    told = ", ".join(f"recall@{k} {bootstrapped(partial(within, k), owners)}" for k in (1, 5))
    if known.all():
        return told
    scores = found.similarities
    recall, _ = recall_at_false_accepts(found.places == 1, scores, known, 0.01)
    return f"{told}, AUROC {auroc(scores[known], scores[~known]):.3f}, at 1 % false accepts {recall:.3f}"


def adapted(gallery: list[Shot], folder: Path) -> tuple[list[Candidate], Experiment]:
    model = shipped_model()
    recipe = recipe_of(read_experiment(RECIPE), read_manifest(model))
    start = network_of(model)

    def tell(step: int, figures: dict[str, float]) -> None:
        if step % 25 == 0:
            print(f"step {step}: {', '.join(f'{k} {v:.3f}' for k, v in figures.items())}", flush=True)

    network = learned(recipe, start, gallery, folder, tell)
    return candidates(recipe, start, network, Examination(gallery, recipe.preprocessing, recipe.seed)), recipe


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("labels", type=Path, nargs="?")
    parser.add_argument("--run", type=Path, default=Path("adaptation"), help="rounds are kept here")
    parser.add_argument("--trial", choices=("one", "fold", "strangers"), default="one")
    parser.add_argument("--rounds", type=int, default=1)
    told = parser.parse_args()
    if told.labels is None:
        print("not measured: name the labels.csv of a collection with several photos of each artifact")
        return
    for name, gallery, queries in rounds(read_labels(told.labels), told.trial, told.rounds):
        found, recipe = adapted(gallery, told.run / name)
        print(f"{name}: {len(gallery)} photos adapt, {len(queries)} ask", flush=True)
        for place, one in enumerate(found):
            figures = asked(one.network, gallery, queries, recipe)
            mark = "*" if place == 0 else " "
            judged = f"{one.judgment.recall:.3f} and {one.judgment.recall_open:.3f} on synthetic photos"
            print(f"{mark} {one.name}: {figures} ({judged})", flush=True)
            record("adaptation", [{"round": name, "network": one.name, "figures": figures}])


if __name__ == "__main__":
    main()

"""Adaptation to a museum's own gallery: a short fine-tune on nothing but its pictures, then whitening.

Learning starts from the network that serves. Every picture is photographed synthetically, anew for each
batch, and prototypes start where the network sees the artifacts already. What comes of it, with and without
whitening fitted on the gallery's own pictures, is judged on photos that no batch contains; the best goes on.
"""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from inference.manifest import Manifest
from inference.preprocessing import Pixels, fitted
from inference.subject import subject
from inference.training.augmentation import Augmentation, photographed, shrunk
from inference.training.examination import Examination, Judgment, Seen
from inference.training.experiment import Experiment, PictureSources, save_run
from inference.training.metrics import ranked, recall_at
from inference.training.network import EmbeddingNet, whitening_of
from inference.training.pictures import Shot, fingerprint
from inference.training.train import Gallery, Run, Tell, embed, load_best

RECIPE: Final = Path(__file__).parent / "experiments" / "gallery.toml"
"""How a gallery is adapted to unless told otherwise."""
KEPT_SIDE: Final = 2.5
"""Times the learned size: how large a picture is kept in memory, so that a close-up still has its pixels."""
WATCHED: Final = 120
"""Most pictures by which the steps of learning are compared; the result is judged on more."""
SHRINKAGE: Final = 0.5
"""Of the whitening's variances: a gallery is small (docs/recognition.md)."""


Whitening = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Mean and matrix."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A network that may be released, and how it was judged."""

    name: str
    network: EmbeddingNet
    judgment: Judgment
    learned: float = 0.0
    """Share of its weights that comes from learning on the gallery."""


def recipe_of(recipe: Experiment, told: Manifest) -> Experiment:
    """A recipe with the preprocessing and the backbone of the model that is adapted."""
    sources = PictureSources(photos=(Path("gallery"),), generated=0)
    network = recipe.network.model_copy(update={"backbone": told.backbone})
    return recipe.model_copy(
        update={"preprocessing": told.preprocessing, "pictures": sources, "network": network}
    )


def learned(
    experiment: Experiment, start: EmbeddingNet, shots: Sequence[Shot], folder: Path, tell: Tell
) -> EmbeddingNet:
    """Fine-tune ``start`` on a gallery into a folder; a run that was stopped goes on, to the same weights.

    Never worse than ``start`` on the photos that are watched meanwhile. Raises ``ValueError`` for a folder of
    another run, or a gallery of fewer than two artifacts.
    """
    if len({shot.artifact for shot in shots}) < 2:
        raise ValueError("a gallery of fewer than two artifacts gives nothing to tell apart")
    torch.set_num_threads(experiment.threads)
    folder.mkdir(parents=True, exist_ok=True)
    save_run(folder, experiment, fingerprint(shots))
    side = round(KEPT_SIDE * experiment.learned_with.size)
    run = Run(experiment, Gallery(shots, experiment, lambda picture: reduced(picture, side)), folder)
    run.network.load_state_dict(start.state_dict())
    if not run.resume():
        run.start_prototypes(shots)
    recall = watched(experiment, shots)
    if run.step == 0:
        # The network as it was is the first to be kept: nothing worse ever is.
        run.judge(recall)
    run.fit(recall, tell)
    network = load_best(experiment, folder)
    network.power = start.power
    return network


def reduced(picture: Pixels, side: int) -> Pixels:
    """What an even background surrounds, its longer side at most ``side`` pixels: what serving looks at."""
    shown = subject(picture).cut(picture)
    return np.ascontiguousarray(shrunk(shown, min(side / max(shown.shape[:2]), 1.0)))


def watched(experiment: Experiment, shots: Sequence[Shot]) -> Callable[[EmbeddingNet], float]:
    """Recall@1 of a network while it learns: pictures are the gallery, a synthetic photo of each asks."""
    draw = np.random.default_rng([experiment.seed, 2**31])
    size, augmentation = experiment.learned_with.size, Augmentation(experiment.augmentation)
    chosen = [shots[int(n)] for n in np.linspace(0, len(shots) - 1, min(len(shots), WATCHED))]
    pictures = [shot.pixels() for shot in chosen]
    names = [shot.artifact for shot in chosen]
    gallery = [fitted(picture, experiment.learned_with) for picture in pictures]
    queries = [photographed(picture, size, draw, augmentation) for picture in pictures]

    def recall(network: EmbeddingNet) -> float:
        return recall_at(ranked(embed(network, queries), names, embed(network, gallery), names), 1)

    return recall


def candidates(
    experiment: Experiment, start: EmbeddingNet, network: EmbeddingNet, examination: Examination
) -> list[Candidate]:
    """What may come of an adaptation, the best first: the networks before and after, their average (Wortsman
    et al. 2022), each as it is and whitened on the gallery."""
    between = copy.deepcopy(network)
    between.averaged_with(start, 0.5)
    found = []
    tried = (("as before", start, 0.0), ("adapted", network, 1.0), ("adapted, averaged", between, 0.5))
    for name, one, share in tried:
        seen = examination.seen(lambda inputs, one=one: embed(one, inputs))  # type: ignore[misc]
        found.append(Candidate(name, one, examination.judged(seen), share))
        whitening = _whitening(experiment, seen.parts)
        if whitening is not None:
            white = copy.deepcopy(one)
            white.whiten(*whitening)
            seen = Seen(_applied(whitening, seen.parts), _applied(whitening, seen.photos))
            found.append(Candidate(f"{name}, whitened", white, examination.judged(seen), share))
    return sorted(found, key=lambda candidate: -candidate.judgment.sum)


def _whitening(experiment: Experiment, rows: NDArray[np.float32]) -> Whitening | None:
    # Half as many directions as rows at most: the others would be noise.
    dimension = min(experiment.whitening, len(rows) // 2, rows.shape[1])
    return whitening_of(rows, dimension, SHRINKAGE) if dimension >= 2 else None


def _applied(whitening: Whitening, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    mean, matrix = whitening
    found = (vectors - mean) @ matrix.T
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)

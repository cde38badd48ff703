"""Adaptation to a museum's own gallery: a short fine-tune on nothing but its reference pictures.

Every picture is photographed synthetically, anew for each batch; prototypes start where the network sees the
artifacts already. The result is judged on synthetic photos that no batch contains, beside the network as it
was, and is refused where it did not get better. A gallery is recognizable without it, better after it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from inference.preprocessing import fitted
from inference.training.augmentation import Augmentation, photographed
from inference.training.experiment import Experiment, save_run
from inference.training.metrics import ranked, recall_at
from inference.training.network import EmbeddingNet
from inference.training.pictures import Shot, fingerprint
from inference.training.train import BEST, Gallery, Run, Tell, embed


@dataclass(frozen=True, slots=True)
class Adaptation:
    """What an adaptation came to."""

    before: float
    """Recall@1 on held-out synthetic photos of the gallery."""
    after: float
    steps: int

    @property
    def is_better(self) -> bool:
        """Whether it may take the place of what was there."""
        return self.after > self.before


def adapt(
    experiment: Experiment, start: EmbeddingNet, shots: Sequence[Shot], folder: Path, tell: Tell
) -> Adaptation:
    """Fine-tune ``start`` on a gallery into a folder; a run that was stopped goes on.

    The best network lies in the folder as of any run. Raises ``ValueError`` for a folder of another run, or a
    gallery of fewer than two artifacts.
    """
    if len({shot.artifact for shot in shots}) < 2:
        raise ValueError("a gallery of fewer than two artifacts gives nothing to tell apart")
    torch.set_num_threads(experiment.threads)
    folder.mkdir(parents=True, exist_ok=True)
    save_run(folder, experiment, fingerprint(shots))
    recall = judged_on(experiment, shots)
    before = recall(start)
    gallery = Gallery(shots, experiment)
    run = Run(experiment, gallery, folder)
    run.network.load_state_dict(start.state_dict())
    run.network.power = start.power
    run.start_prototypes(shots)
    run.resume()
    if run.step == 0:
        # The network as it was is the first candidate: nothing worse is ever kept.
        run.judge(recall)
    run.fit(recall, tell)
    return Adaptation(before, run.best, run.step)


def judged_on(
    experiment: Experiment, shots: Sequence[Shot], turns: int = 3
) -> Callable[[EmbeddingNet], float]:
    """Recall@1 of a network: the pictures are the gallery, ``turns`` synthetic photos of each ask."""
    draw = np.random.default_rng([experiment.seed, 2**31])
    size, augmentation = experiment.learned_with.size, Augmentation(experiment.augmentation)
    pictures = [shot.pixels() for shot in shots]
    names = [shot.artifact for shot in shots]
    gallery = [fitted(picture, experiment.learned_with) for picture in pictures]
    queries = [photographed(picture, size, draw, augmentation) for picture in pictures for _ in range(turns)]
    asked = [name for name in names for _ in range(turns)]

    def recall(network: EmbeddingNet) -> float:
        return recall_at(ranked(embed(network, queries), asked, embed(network, gallery), names), 1)

    return recall


def adapted(experiment: Experiment, folder: Path) -> EmbeddingNet:
    """The best network of an adaptation."""
    from inference.training.train import load_best

    if not (folder / BEST).exists():
        raise ValueError(f"{folder}: no adaptation was finished there")
    return load_best(experiment, folder)

"""A finished run becomes weight files: whitened, exported, quantized, each with its manifest."""

from pathlib import Path
from typing import cast

import numpy as np
import torch

from inference.manifest import TrainingSource
from inference.preprocessing import Pixels
from inference.training.augmentation import Augmentation, photographed
from inference.training.experiment import Experiment
from inference.training.export import About, export, quantized
from inference.training.network import Backbone, EmbeddingNet
from inference.training.pictures import Shot
from inference.training.train import gather, load_best, whitened

CALIBRATION_PICTURES = 128
"""That set the ranges of an INT8 file."""


def release(experiment: Experiment, run: Path | None, folder: Path, *, int8: bool = True) -> list[Path]:
    """Write the network of a run, or the pretrained backbone as it is where ``run`` is ``None``.

    Returns the manifests' paths: fp32, then INT8.
    """
    torch.set_num_threads(experiment.threads)
    shots = gather(experiment)
    if run is None:
        network = EmbeddingNet(experiment.network.backbone, experiment.preprocessing).eval()
    else:
        network = load_best(experiment, run)
    network = whitened(network, experiment, shots)
    backbone = cast("Backbone", network.backbone)
    about = About(
        experiment.name, backbone.name, backbone.license,
        _sources(experiment, shots) if run is not None else (),
        run=experiment.identity if run is not None else "",
        remarks="" if run is not None else "Pretrained on ImageNet; only the whitening was fitted here.",
    )  # fmt: skip
    seen = _seen(experiment, shots, CALIBRATION_PICTURES if int8 else 4)
    samples = [picture[::2, ::2].copy() for picture in seen[:4]]
    written = [export(network, experiment.preprocessing, samples, folder, about)]
    if int8:
        written.append(quantized(written[0], seen, samples))
    return written


def _seen(experiment: Experiment, shots: list[Shot], count: int) -> list[Pixels]:
    """Synthetic photos of pictures drawn by chance."""
    draw = np.random.default_rng([experiment.seed, 0, 2])
    chosen = draw.choice(len(shots), min(count, len(shots)), replace=False)
    augmentation = Augmentation(0.5 * experiment.augmentation)
    size = experiment.preprocessing.size
    return [photographed(shots[int(n)].pixels(), size, draw, augmentation) for n in chosen]


def _sources(experiment: Experiment, shots: list[Shot]) -> tuple[TrainingSource, ...]:
    """What was learned from, by license."""
    made = []
    for license_ in sorted({shot.license for shot in shots}):
        own = [shot for shot in shots if shot.license == license_]
        generated = all(shot.artifact.startswith("generated-") for shot in own)
        made.append(
            TrainingSource(
                name="generated artifacts" if generated else "labeled photos",
                license=license_ or "not stated",
                artifacts=len({shot.artifact for shot in own}),
                pictures=len(own),
                address=f"twin train ({experiment.name})" if generated else "",
            )
        )
    return tuple(made)

"""A finished run becomes weight files: whitened, exported, quantized, each with its manifest."""

from pathlib import Path
from typing import cast

import numpy as np
import torch

from inference.manifest import TrainingSource
from inference.preprocessing import Pixels
from inference.training.augmentation import Augmentation, photographed
from inference.training.experiment import Experiment
from inference.training.export import About, at_size, export, halved, quantized
from inference.training.network import Backbone, EmbeddingNet
from inference.training.pictures import Shot
from inference.training.train import gather, load_best, whitened

CALIBRATION_PICTURES = 128
"""That set the ranges of an INT8 file."""


def release(experiment: Experiment, run: Path | None, folder: Path, *, smaller: bool = True) -> list[Path]:
    """Write the network of a run, or the pretrained backbone as it is where ``run`` is ``None``.

    Returns the manifests' paths: fp32, and where ``smaller`` ones are wanted, fp16, INT8, and fp16 at the
    smaller input that the network learned at, where there is one.
    """
    torch.set_num_threads(experiment.threads)
    shots = gather(experiment)
    network = whitened(_starting(experiment, run), experiment, shots)
    if run is None:
        about = _about(experiment, network, (), "Pretrained on ImageNet; only the whitening was fitted here.")
    else:
        about = _about(experiment, network, _sources(experiment, shots), "")
    whole = _written(experiment, network, shots, folder, about)
    return [whole, *_made_small(experiment, network, shots, whole)] if smaller else [whole]


def release_adapted(
    experiment: Experiment, network: EmbeddingNet, shots: list[Shot], folder: Path, told: str
) -> list[Path]:
    """Write an adapted network as fp32, fp16 and INT8, calibrated on synthetic photos of the gallery."""
    about = _about(experiment, network, _sources(experiment, shots), told)
    whole = _written(experiment, network, shots, folder, about)
    return [whole, *_made_small(experiment, network, shots, whole)]


def _starting(experiment: Experiment, run: Path | None) -> EmbeddingNet:
    if run is not None:
        return load_best(experiment, run)
    torch.manual_seed(experiment.seed)
    told = experiment.network
    network = EmbeddingNet(told.backbone, experiment.preprocessing, embedding=told.embedding)
    network.power = experiment.power
    return network.eval()


def _about(
    experiment: Experiment, network: EmbeddingNet, sources: tuple[TrainingSource, ...], remarks: str
) -> About:
    backbone = cast("Backbone", network.backbone)
    run = experiment.identity if sources else ""
    return About(experiment.name, backbone.name, backbone.license, sources, run=run, remarks=remarks)


def _written(
    experiment: Experiment, network: EmbeddingNet, shots: list[Shot], folder: Path, about: About
) -> Path:
    return export(network, experiment.preprocessing, _samples(_seen(experiment, shots, 4)), folder, about)


def _made_small(
    experiment: Experiment, network: EmbeddingNet, shots: list[Shot], manifest: Path
) -> list[Path]:
    seen = _seen(experiment, shots, CALIBRATION_PICTURES)
    made = [halved(manifest, _samples(seen)), quantized(manifest, seen, _samples(seen))]
    size = experiment.learned_with.size
    if size < experiment.preprocessing.size:
        # What it learned at it can also serve at, in half the time: a step of the ladder.
        made.append(at_size(made[0], _resized(experiment, network, size), size, _samples(seen)))
    return made


def _resized(experiment: Experiment, network: EmbeddingNet, size: int) -> EmbeddingNet:
    """The same network, made for inputs of another size."""
    told = experiment.network
    preprocessing = experiment.preprocessing.model_copy(update={"size": size})
    other = EmbeddingNet(told.backbone, preprocessing, embedding=told.embedding, pretrained=False)
    other.power, other.whitening, other.dimension = network.power, network.whitening, network.dimension
    other.load_state_dict(network.state_dict())
    return other.eval()


def _samples(seen: list[Pixels]) -> list[Pixels]:
    """Small ones: they travel in the manifest."""
    return [picture[::2, ::2].copy() for picture in seen[:4]]


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

"""Is a model that was trained anew the one that it should be?

Two runs of one description give the same weights on one machine with the same packages. Elsewhere sums are
rounded otherwise, and hundreds of steps make more of it; so two models are compared by what they answer, on
pictures of artifacts that the description holds out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inference.manifest import Manifest, read_manifest
from inference.preprocessing import Pixels, fitted, gallery_inputs
from inference.training.augmentation import Augmentation, photographed
from inference.training.export import embedded
from inference.training.metrics import Interval, bootstrapped, ranked
from inference.training.pictures import Shot, one_each

COSINE: Final = 0.98
"""Tolerance: least median of the cosines between both models' embeddings of one picture."""
RECALL: Final = 0.05
"""Tolerance: largest difference of recall@1."""
_PHOTO: Final = 2
"""A synthetic photo has this many times the pixels of the network's side."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two models answer."""

    pictures: int
    median: float
    """Of the cosines between both embeddings of each picture; ``least`` likewise."""
    least: float
    recall: tuple[float, float]
    """Recall@1 of the first and of the second model: one picture an artifact in the gallery, a synthetic
    photo of each other one asks."""
    difference: Interval
    """First less second, with the interval from drawing artifacts again."""

    @property
    def is_within(self) -> bool:
        """Whether both are one model, within the stated tolerance."""
        return self.median >= COSINE and abs(self.difference.value) <= RECALL


def likeness(first: Path, second: Path, shots: Sequence[Shot], seed: int = 0) -> Likeness:
    """Compare the models of two manifests on pictures that neither learned from.

    Raises ``ValueError`` where their embeddings cannot be compared, or no artifact has two pictures.
    """
    told = read_manifest(first), read_manifest(second)
    if told[0].dimension != told[1].dimension or told[0].preprocessing.fit != told[1].preprocessing.fit:
        raise ValueError(
            f"{first} gives {told[0].dimension} components of a {told[0].preprocessing.fit}, {second} "
            f"{told[1].dimension} of a {told[1].preprocessing.fit}: models of two descriptions"
        )
    gallery, queries = one_each(shots)
    if not queries:
        raise ValueError("no artifact has a second picture, so nothing can be asked")
    shown = [shot.artifact for shot in queries]
    pictures = [shot.pixels() for shot in [*gallery, *queries]]
    vectors: list[NDArray[np.float32]] = []
    hits: list[NDArray[np.bool_]] = []
    for path, manifest in zip((first, second), told, strict=True):
        found, right = _answers(path, manifest, pictures, ([shot.artifact for shot in gallery], shown, seed))
        vectors.append(found)
        hits.append(right)
    cosines = (vectors[0] * vectors[1]).sum(axis=1)
    return Likeness(
        len(pictures),
        float(np.median(cosines)),
        float(cosines.min()),
        (float(hits[0].mean()), float(hits[1].mean())),
        bootstrapped(lambda rows: float(hits[0][rows].mean() - hits[1][rows].mean()), shown),
    )


def _answers(
    path: Path, told: Manifest, pictures: Sequence[Pixels], asked: tuple[list[str], list[str], int]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Embeddings of all pictures, and which queries were answered rightly; the gallery comes first."""
    holds, shown, seed = asked
    weights, preprocessing = path.parent / told.weights, told.preprocessing
    vectors = embedded(weights, np.stack([fitted(picture, preprocessing) for picture in pictures]))
    parts = [part for picture in pictures[: len(holds)] for part in gallery_inputs(picture, preprocessing)]
    held = embedded(weights, np.stack(parts))
    owners = np.repeat(holds, len(parts) // len(holds)).tolist()
    photos = [
        fitted(_photo(picture, preprocessing.size, [seed, number]), preprocessing)
        for number, picture in enumerate(pictures[len(holds) :])
    ]
    ranking = ranked(embedded(weights, np.stack(photos)), shown, held, owners)
    return vectors, np.asarray(ranking.places == 1)


def _photo(picture: Pixels, size: int, seed: list[int]) -> Pixels:
    return photographed(picture, _PHOTO * size, np.random.default_rng(seed), Augmentation())

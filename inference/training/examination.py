"""How well networks tell a gallery's artifacts apart on synthetic photos that no learning saw.

The gallery is indexed as it is served, whole and in details; each photo is asked with its artifact in the
gallery and without. Two figures: the share that is named rightly, and the share that is still named where one
in a hundred frames of artifacts left out is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inference.manifest import Preprocessing
from inference.preprocessing import Pixels, fitted, gallery_inputs
from inference.training.augmentation import Augmentation, photographed
from inference.training.metrics import recall_at_false_accepts
from inference.training.pictures import Shot

Vectors = NDArray[np.float32]

PICTURES: Final = 240
"""Most pictures of the gallery that are examined, evenly from all, and ..."""
PHOTOS: Final = 300
"""... most synthetic photos of them."""
_STRENGTH: Final = 0.8
_FALSE_ACCEPTS: Final = 0.01
_TOLD_APART: Final = 2**31
"""In the seed of a draw: no batch of a run has such a number."""


@dataclass(frozen=True, slots=True)
class Judgment:
    """What a network came to on the held-out photos."""

    recall: float
    """Share of the photos whose artifact is the nearest."""
    recall_open: float
    """Share named rightly by similarity and margin, where 1 % of photos of artifacts left out are named."""
    photos: int

    @property
    def sum(self) -> float:
        """Both figures count alike."""
        return self.recall + self.recall_open

    def is_better_than(self, other: "Judgment") -> bool:
        """No figure is lower, and one is higher."""
        lower = self.recall < other.recall or self.recall_open < other.recall_open
        return not lower and self.sum > other.sum


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a network makes of the examined pictures."""

    parts: Vectors
    """(rows, dimension) of the gallery, details included."""
    photos: Vectors
    """(photos, dimension)."""


class Examination:
    """Pictures and held-out photos, prepared once for all networks with one preprocessing."""

    def __init__(self, shots: Sequence[Shot], preprocessing: Preprocessing, seed: int) -> None:
        """Raises ``ValueError`` for a gallery of fewer than two artifacts."""
        if len({shot.artifact for shot in shots}) < 2:
            raise ValueError("a gallery of fewer than two artifacts gives nothing to tell apart")
        chosen = [shots[int(n)] for n in np.linspace(0, len(shots) - 1, min(len(shots), PICTURES))]
        turns = max(min(PHOTOS // len(chosen), 3), 1)
        self.parts: list[Pixels] = []
        self.photos: list[Pixels] = []
        holds: list[str] = []
        shown: list[str] = []
        for number, shot in enumerate(chosen):
            picture = shot.pixels()
            inputs = gallery_inputs(picture, preprocessing)
            self.parts += inputs
            holds += [shot.artifact] * len(inputs)
            for turn in range(turns):
                draw = np.random.default_rng([seed, _TOLD_APART + number, turn])
                photo = photographed(picture, 2 * preprocessing.size, draw, Augmentation(_STRENGTH))
                self.photos.append(fitted(photo, preprocessing))
                shown.append(shot.artifact)
        names = np.unique(holds)
        self._count = len(names)
        self._holds, self._shown = np.searchsorted(names, holds), np.searchsorted(names, shown)

    def seen(self, embed: Callable[[Sequence[Pixels]], Vectors]) -> Seen:
        """The pictures through a network."""
        return Seen(embed(self.parts), embed(self.photos))

    def judged(self, seen: Seen) -> Judgment:
        """Both figures of what a network made of the pictures."""
        scores = seen.photos @ seen.parts.T
        best = np.stack(
            [scores[:, self._holds == artifact].max(axis=1) for artifact in range(self._count)], axis=1
        )
        right = best.argmax(axis=1) == self._shown
        without = best.copy()
        without[np.arange(len(best)), self._shown] = -1.0
        stands = np.concatenate([_standing(best), _standing(without)])
        known = np.arange(len(stands)) < len(best)
        named = np.concatenate([right, np.zeros(len(best), dtype=np.bool_)])
        recall, _ = recall_at_false_accepts(named, stands, known, _FALSE_ACCEPTS)
        return Judgment(float(right.mean()), recall, len(best))


def _standing(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """Similarity of the nearest artifact and its margin over the next, added."""
    first, second = np.sort(scores, axis=1)[:, :-3:-1].T.astype(np.float64)
    return np.asarray(2 * first - second)

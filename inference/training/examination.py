"""How well networks tell a gallery's artifacts apart on photos that no learning saw, synthetic ones or real.

The gallery is indexed as it is served, whole and in details; each photo is asked with its artifact in the
gallery and without. Two figures: the share that is named rightly, and the share that is still named where one
in a hundred frames of artifacts left out is.
"""

import hashlib
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
ASIDE: Final = 100
"""Most photos that are taken from the gallery to judge, where none is named to: each is one that is not
learned from."""
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

    def is_worse_than(self, other: "Judgment") -> bool:
        """Some figure is lower."""
        return self.recall < other.recall or self.recall_open < other.recall_open

    def is_better_than(self, other: "Judgment") -> bool:
        """No figure is lower, and one is higher."""
        return not self.is_worse_than(other) and self.sum > other.sum


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
        _refuse_one(shots)
        chosen = _evenly(shots, PICTURES)
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
        self._name(holds, shown)

    def _name(self, holds: list[str], shown: list[str]) -> None:
        """Whose the rows of the gallery and the photos are."""
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


class RealExamination(Examination):
    """The same by real photos, of artifacts that the gallery has other pictures of."""

    def __init__(
        self, shots: Sequence[Shot], questions: Sequence[Shot], preprocessing: Preprocessing
    ) -> None:
        """``shots`` are the gallery. Raises ``ValueError`` for one of fewer than two artifacts."""
        _refuse_one(shots)
        # What is asked for must be there; others stand beside it evenly.
        asked = {shot.artifact for shot in questions}
        own = _evenly([shot for shot in shots if shot.artifact in asked], PICTURES)
        others = [shot for shot in shots if shot.artifact not in asked]
        self.parts, holds = [], []
        for shot in [*own, *_evenly(others, max(PICTURES - len(own), 1))]:
            inputs = gallery_inputs(shot.pixels(), preprocessing)
            self.parts += inputs
            holds += [shot.artifact] * len(inputs)
        there = [shot for shot in _evenly(questions, PHOTOS) if shot.artifact in set(holds)]
        self.photos = [fitted(shot.pixels(), preprocessing) for shot in there]
        self._name(holds, [shot.artifact for shot in there])


def apart(
    photos: Sequence[Shot], others: Sequence[Shot], asked: Sequence[Shot]
) -> tuple[list[Shot], list[Shot]]:
    """What may be learned from, and the real photos that judge: no picture is in both.

    ``photos`` and ``others`` (rendered views) are a gallery, ``asked`` real photos beside it. Where none of
    these can be asked, the last photo of artifacts with more than one of their own is set aside, of
    :data:`ASIDE` artifacts at the most, evenly.
    """
    learned = [*photos, *others]
    content = {shot.path: hashlib.sha256(shot.path.read_bytes()).digest() for shot in [*learned, *asked]}
    known, there = {content[shot.path] for shot in learned}, {shot.artifact for shot in learned}
    questions = [shot for shot in asked if shot.artifact in there and content[shot.path] not in known]
    if questions:
        return learned, questions
    takes: dict[str, dict[bytes, Shot]] = {}
    for shot in photos:
        takes.setdefault(shot.artifact, {})[content[shot.path]] = shot
    aside = _evenly([list(of.values())[-1] for of in takes.values() if len(of) > 1], ASIDE)
    judging = {content[shot.path] for shot in aside}
    return [shot for shot in learned if content[shot.path] not in judging], aside


def _evenly(shots: Sequence[Shot], most: int) -> list[Shot]:
    return [shots[int(n)] for n in np.linspace(0, len(shots) - 1, min(len(shots), most))]


def _refuse_one(shots: Sequence[Shot]) -> None:
    if len({shot.artifact for shot in shots}) < 2:
        raise ValueError("a gallery of fewer than two artifacts gives nothing to tell apart")


def _standing(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """Similarity of the nearest artifact and its margin over the next, added."""
    first, second = np.sort(scores, axis=1)[:, :-3:-1].T.astype(np.float64)
    return np.asarray(2 * first - second)

"""A recognizer with the gallery it knows: what a registry puts into service and takes out again, whole."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from inference.preprocessing import fitted
from inference.runtime.decoding import Frame
from inference.runtime.index import EmbeddingIndex, Match
from inference.runtime.index_files import IndexRefused
from inference.runtime.recognizer import LADDER, Prepared, Recognizer, Rung
from inference.runtime.rejection import Calibration, Finding, blank, standing
from inference.runtime.sightings import Lens, Pose, Rejection, RejectionReason, Sighting
from inference.runtime.threads import one_thread_a_caller

Row = NDArray[np.float32]
"""(width,) of the manifest's layout."""

PROPOSED: Final = 5
"""Artifacts that the embedding proposes."""
CALIBRATION: Final = "calibration.json"
"""In the index's folder; ``FEATURES`` as well, a folder that is there where sightings are verified."""
FEATURES: Final = "features"


@dataclass(frozen=True, slots=True)
class Verification:
    """What local features say of one proposed artifact."""

    view: str
    inliers: int
    corners: tuple[float, ...]
    """Outline of the view in the frame: x, y pairs in pixels from the top left; empty where not known."""
    region: tuple[float, ...] = ()
    """Hull of the features that agree, likewise."""
    pose: Pose | None = None

    def enlarged(self, factor: float) -> "Verification":
        """The same in a picture with pixels so much smaller."""
        pose = self.pose and replace(self.pose, error=self.pose.error * factor)
        corners, region = (tuple(at * factor for at in told) for told in (self.corners, self.region))
        return replace(self, corners=corners, region=region, pose=pose)


class Verifier(Protocol):
    """Checks proposed artifacts by geometry. Called in worker threads, many at once."""

    def verify(
        self, picture: NDArray[np.uint8], proposed: Collection[Match], lens: Lens | None = None
    ) -> dict[str, Verification]:
        """By artifact, for those that were checked; ``lens`` in pixels of the picture gives poses."""


def verifier_of(index: Path) -> Verifier | None:
    """What checks sightings of an index, where features were kept with it."""
    folder = index / FEATURES
    if not folder.is_dir():
        return None
    # OpenCV is loaded only where it verifies.
    from inference.runtime.local_features import OWN, learned, sift
    from inference.runtime.verification import LocalVerifier, read_features

    network = folder / OWN
    describe = learned(network) if network.is_file() else sift
    return LocalVerifier(partial(read_features, folder), describe)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a frame, beside what it shows."""

    candidates: Collection[str] | None = None
    """Artifacts near the visitor, for a second answer."""
    lens: Lens | None = None
    """The camera, in pixels of the frame as sent; poses need it."""
    reduction: float = 1.0
    """How many pixels of the frame as sent one of those handed over is wide."""


ANYTHING: Final = Question()


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What an embedding means."""

    sightings: tuple[Sighting, ...]
    nearby: tuple[Sighting, ...]
    rejection: Rejection | None
    verifying: int = 0
    """Nanoseconds that verification took."""


class Serving:
    """prepare -> run -> interpret. The parts never change; a new gallery state is a new serving."""

    def __init__(
        self,
        recognizer: Recognizer,
        index: EmbeddingIndex,
        calibration: Calibration,
        verifier: Verifier | None = None,
    ) -> None:
        """Raises :class:`inference.runtime.index.IndexRefused` where the parts are of different models."""
        identity = recognizer.manifest.identity
        for what, model in (("index", index.model), ("calibration", calibration.model)):
            if model != identity:
                raise IndexRefused(
                    f"the {what} was made with model {model}, the recognizer is {identity}: run `twin index`"
                )
        self.recognizer, self.index = recognizer, index
        self.calibration, self.verifier = calibration, verifier

    @classmethod
    def load(
        cls, manifest: Path, index: Path, *, ladder: tuple[Rung, ...] = LADDER, threads: int = 1
    ) -> Self:
        """Load a model, and the index and calibration in a folder; everything is verified, then warmed.

        From then on numeric libraries of the process keep to the thread that calls them.

        Raises :class:`inference.manifest.ManifestError`, :class:`inference.runtime.recognizer.ModelError` or
        :class:`inference.runtime.index.IndexRefused`, each with its remedy.
        """
        one_thread_a_caller()
        recognizer = Recognizer.load(manifest, ladder=ladder, threads=threads)
        told = recognizer.manifest
        found = EmbeddingIndex.open(index, model=told.identity, layout=told.layout)
        try:
            calibration = Calibration.model_validate_json((index / CALIBRATION).read_bytes())
        except (OSError, ValueError) as error:
            raise IndexRefused(f"{index / CALIBRATION}: not readable ({error}); run `twin index`") from error
        serving = cls(recognizer, found, calibration, verifier_of(index))
        recognizer.warm()
        return serving

    @property
    def model(self) -> str:
        """Identity of the manifest, as told on the wire."""
        return self.recognizer.manifest.identity

    def prepare(self, frame: Frame | NDArray[np.uint8]) -> Prepared:
        """From a frame as it came, or from pixels (h, w, 3) or (h, w) that are decoded already.

        Raises :class:`inference.runtime.decoding.UnreadableFrame`, or ``ValueError`` for other arrays.
        """
        if isinstance(frame, Frame):
            return self.recognizer.prepare(frame)
        picture = np.repeat(frame[:, :, None], 3, axis=2) if frame.ndim == 2 else frame
        return Prepared(fitted(picture, self.recognizer.manifest.preprocessing), picture)

    def interpret(self, embedding: Row, prepared: Prepared, question: Question = ANYTHING) -> Interpretation:
        """Sightings out of the whole gallery, and out of the candidates near the visitor where given."""
        if not len(self.index):
            nothing = Rejection(RejectionReason.unavailable, "the gallery is empty: run `twin index`")
            return Interpretation((), (), nothing)
        rejection = blank(prepared.picture)
        if rejection is not None:
            return Interpretation((), (), rejection)
        everywhere = self.index.search(embedding, PROPOSED)
        near = (
            [] if question.candidates is None else self.index.search(embedding, PROPOSED, question.candidates)
        )
        # Among fewer artifacts more views of each are compared: the better match holds for both answers.
        best: dict[str, Match] = {}
        for match in [*everywhere, *near]:
            known = best.setdefault(match.artifact, match)
            if match.similarity > known.similarity:
                best[match.artifact] = match
        everywhere, near = ([best[match.artifact] for match in own] for own in (everywhere, near))
        began = time.perf_counter_ns()
        # Artifacts near the visitor are looked at too, but no artifact twice.
        reduced = replace(prepared, reduction=prepared.reduction * question.reduction)
        checked = self._checked(reduced, list(best.values()), question.lens)
        took = time.perf_counter_ns() - began
        sightings, rejection = self._judged(everywhere, checked)
        return Interpretation(sightings, self._judged(near, checked)[0], rejection, took if checked else 0)

    def close(self) -> None:
        """Let the network's memory go."""
        self.recognizer.close()

    def _judged(
        self, matches: list[Match], checked: Mapping[str, Verification]
    ) -> tuple[tuple[Sighting, ...], Rejection | None]:
        if not matches:
            return (), Rejection(RejectionReason.not_ours, "no candidate has a view in the gallery")
        ranked = findings(matches, checked)
        rejection = self.calibration.judge(ranked[0][1])[1]
        if rejection is not None:
            return (), rejection
        first = self._sighting(*ranked[0], checked)
        others = [self._sighting(match, finding, checked) for match, finding in ranked[1:]]
        return (first, *(other for other in others if other.score >= self.calibration.threshold)), None

    def _checked(
        self, prepared: Prepared, matches: list[Match], lens: Lens | None
    ) -> dict[str, Verification]:
        if self.verifier is None:
            return {}
        reduction = prepared.reduction
        found = self.verifier.verify(prepared.picture, matches, lens and lens.reduced(reduction))
        return {artifact: one.enlarged(reduction) for artifact, one in found.items()}

    def _sighting(self, match: Match, finding: Finding, checked: Mapping[str, Verification]) -> Sighting:
        evidence = f"similarity {match.similarity:.2f} to view {match.view}"
        found = checked.get(match.artifact)
        if found is not None:
            evidence += f"; {found.inliers} local features agree with view {found.view}"
        return Sighting(
            match.artifact,
            self.calibration.probability(finding),
            match.similarity,
            match.view,
            evidence,
            finding.inliers,
            found.corners if found else (),
            found.region if found else (),
            found.pose if found else None,
        )


def findings(matches: Sequence[Match], checked: Mapping[str, Verification]) -> list[tuple[Match, Finding]]:
    """Proposed artifacts by their standing, best first, each with what the decision needs to know."""
    inliers = {
        match.artifact: checked[match.artifact].inliers for match in matches if match.artifact in checked
    }
    stands = {m.artifact: standing(m.similarity, inliers.get(m.artifact, 0)) for m in matches}
    made = []
    for match in sorted(matches, key=lambda match: -stands[match.artifact]):
        others = [stand for artifact, stand in stands.items() if artifact != match.artifact]
        # An artifact that stands alone exceeds nothing: no margin speaks for it.
        margin = stands[match.artifact] - max(others) if others else 0.0
        made.append((match, Finding(match.similarity, margin, inliers.get(match.artifact, 0))))
    return made

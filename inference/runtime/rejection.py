"""Whether the nearest artifact is the one in the frame, or "none of ours". Rules only.

The decision is open-set: a frame may show anything. A logistic model turns what the search found into the
probability that the nearest artifact is right; a threshold on it is set so that of frames that show nothing
of the gallery at most a stated share is accepted. Both are fitted on queries that are used for nothing else.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from inference.runtime.sightings import Rejection, RejectionReason

Floats = NDArray[np.float64]
Share = Annotated[float, Field(ge=0.0, le=1.0)]

_RIDGE: Final = 1.0
_STEPS: Final = 50
LEAST_CONTRAST: Final = 4.0
"""Standard deviation of luma, 0..255, below which a picture shows nothing that could be told apart."""
LEAST_SHARPNESS: Final = 0.35
"""Mean absolute difference of neighbors in luma; a lens cap or a wall in motion lies below."""


_ROWS: Final = 60
"""In which contrast and sharpness are measured."""
WORTH: Final = 0.01
"""Similarity that one inlier beyond chance is worth when artifacts are ranked (docs/recognition.md)."""
CHANCE: Final = 8
"""Inliers that unlike pictures reach by chance."""


class CalibrationError(ValueError):
    """Too few queries, or one-sided ones: no honest threshold can be set from them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a search found, as the decision sees it."""

    similarity: float
    """Cosine of the query and the nearest view, -1..1."""
    margin: float
    """By how much its standing exceeds that of the next artifact."""
    inliers: int = 0
    """Local features that agree on one geometry; 0 where not verified."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A query of the calibration set and what came of it."""

    finding: Finding
    known: bool
    """Whether the gallery holds the artifact that the query shows."""
    right: bool
    """Whether the nearest artifact is that one; never for an unknown one."""


class Calibration(BaseModel):
    """How findings become probabilities, and from where on they are accepted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    model: str
    """Identity of the manifest whose embeddings were measured."""
    weights: tuple[float, float, float, float]
    """Of 1, similarity, margin, and log(1 + inliers beyond chance)."""
    threshold: Share
    """Least probability at which an artifact is named."""
    false_accepts: Share
    """Stated share of frames of unknown things that are accepted at that threshold."""
    false_accepts_high: Share
    """Upper end of its 95 % interval, from the number of trials (Clopper and Pearson 1934)."""
    accepted: Share
    """Share of known queries that were named rightly at that threshold."""
    known: int
    unknown: int
    measured_on: str

    def probability(self, finding: Finding) -> float:
        """That the nearest artifact is the one in the frame."""
        total = float(np.dot(self.weights, _terms(finding)))
        return 1.0 / (1.0 + math.exp(-min(max(total, -40.0), 40.0)))

    def judge(self, finding: Finding) -> tuple[float, Rejection | None]:
        """The probability, and a rejection where it does not reach the threshold."""
        probability = self.probability(finding)
        if probability >= self.threshold:
            return probability, None
        detail = (
            f"nearest view has similarity {finding.similarity:.2f}, {finding.margin:.2f} above the next "
            f"artifact: probability {probability:.2f}, {self.threshold:.2f} is needed"
        )
        return probability, Rejection(RejectionReason.not_ours, detail)


def calibrated(trials: Sequence[Trial], *, model: str, false_accepts: float, measured_on: str) -> Calibration:
    """Fit the probability and set the threshold from trials that nothing else has used.

    Raises :class:`CalibrationError` where the trials cannot support the stated share: at least
    ``1 / false_accepts`` of unknown things are needed, and right and wrong answers.
    """
    unknown = [trial for trial in trials if not trial.known]
    known = [trial for trial in trials if trial.known]
    if any(trial.right and not trial.known for trial in trials):
        raise CalibrationError("a trial of an unknown thing cannot be right")
    if len(unknown) * false_accepts < 1.0:
        raise CalibrationError(
            f"{len(unknown)} trials of unknown things cannot support {false_accepts:.1%} false accepts: "
            f"{math.ceil(1 / false_accepts)} are needed, or a larger share"
        )
    right = np.array([trial.right for trial in trials])
    if right.all() or not right.any():
        raise CalibrationError(
            "all trials came out alike: right and wrong answers are needed to tell them apart"
        )
    weights = _fitted(np.array([_terms(trial.finding) for trial in trials]), right.astype(np.float64))
    draft = Calibration(
        model=model, weights=weights, threshold=1.0, false_accepts=0.0, false_accepts_high=1.0, accepted=0.0,
        known=len(known), unknown=len(unknown), measured_on=measured_on,
    )  # fmt: skip
    threshold = _threshold([draft.probability(trial.finding) for trial in unknown], false_accepts)
    accepted = [trial for trial in trials if draft.probability(trial.finding) >= threshold]
    wrong = sum(not trial.known for trial in accepted)
    return draft.model_copy(
        update={
            "threshold": threshold,
            "false_accepts": wrong / len(unknown),
            "false_accepts_high": _upper(wrong, len(unknown)),
            "accepted": sum(trial.right for trial in accepted) / max(len(known), 1),
        }
    )


def standing(similarity: float, inliers: int) -> float:
    """What proposed artifacts are ranked by: similarity, raised by inliers beyond chance."""
    return similarity + WORTH * max(inliers - CHANCE, 0)


def blank(picture: NDArray[np.uint8]) -> Rejection | None:
    """A rejection where (h, w, 3) pixels show nothing that could be told apart.

    Of a large picture some 60 rows, evenly apart, stand for all.
    """
    rows = picture[:: max(len(picture) // _ROWS, 1)]
    luma = rows.astype(np.float32) @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    contrast = float(luma.std())
    sharpness = float(np.abs(np.diff(luma, axis=1)).mean()) if luma.shape[1] > 1 else 0.0
    if contrast >= LEAST_CONTRAST and sharpness >= LEAST_SHARPNESS:
        return None
    what = "dark" if luma.mean() < 24 else "even" if contrast < LEAST_CONTRAST else "blurred"
    return Rejection(
        RejectionReason.uncertain, f"too {what}: contrast {contrast:.1f}, sharpness {sharpness:.2f}"
    )


def _terms(finding: Finding) -> tuple[float, float, float, float]:
    return 1.0, finding.similarity, finding.margin, math.log1p(max(finding.inliers - CHANCE, 0))


def _fitted(terms: Floats, right: Floats) -> tuple[float, float, float, float]:
    """Logistic regression by Newton's method, with a ridge that keeps separable data finite.

    The first term is 1. Each step is halved until the fit is better for it: a whole one may overshoot, and
    from where nearly every probability is 0 or 1 no later step leads back.
    """
    # The ridge is meant for terms of like spread; around their middle the steps do not hinder each other.
    spread = np.where(terms.std(axis=0) > 1e-9, terms.std(axis=0), 1.0)
    middle = np.concatenate([[0.0], terms.mean(axis=0)[1:]])
    scaled = (terms - middle) / spread
    ridge = _RIDGE * np.diag([0.0, 1.0, 1.0, 1.0]) + 1e-9 * np.eye(4)

    def misfit(weights: Floats) -> float:
        logits = scaled @ weights
        return float((np.logaddexp(0.0, logits) - right * logits).sum() + 0.5 * weights @ ridge @ weights)

    weights = np.zeros(terms.shape[1])
    for _ in range(_STEPS):
        found = 1.0 / (1.0 + np.exp(-np.clip(scaled @ weights, -40, 40)))
        slope = scaled.T @ (right - found) - ridge @ weights
        curve = (scaled * (found * (1 - found))[:, None]).T @ scaled + ridge
        step = np.linalg.solve(curve, slope)
        while np.abs(step).max() > 1e-9 and misfit(weights + step) > misfit(weights):
            step = step / 2.0
        weights = weights + step
        if np.abs(step).max() <= 1e-9:
            break
    own = weights / spread
    one, similarity, margin, inliers = own.tolist()
    return one - float(own[1:] @ middle[1:]), similarity, margin, inliers


def _threshold(unknown: Sequence[float], false_accepts: float) -> float:
    """Just above the highest probability that must not be accepted."""
    allowed = math.floor(false_accepts * len(unknown))
    highest = sorted(unknown, reverse=True)
    return 0.0 if allowed >= len(highest) else min(math.nextafter(highest[allowed], 1.0), 1.0)


def _upper(hits: int, trials: int) -> float:
    """Upper end of the one-sided 97.5 % interval of a share, by bisection on the binomial tail."""
    if hits == trials:
        return 1.0
    low, high = hits / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        tail = sum(math.exp(_log_binomial(trials, k, middle)) for k in range(hits + 1))
        low, high = (middle, high) if tail > 0.025 else (low, middle)
    return high


def _log_binomial(trials: int, hits: int, share: float) -> float:
    choose = math.lgamma(trials + 1) - math.lgamma(hits + 1) - math.lgamma(trials - hits + 1)
    return choose + hits * math.log(max(share, 1e-300)) + (trials - hits) * math.log(max(1 - share, 1e-300))

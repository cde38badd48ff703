"""Where an artifact stands before the camera: from local features whose places on its scan are known.

Perspective from n points by SQPnP (Terzakis and Lourakis 2020) within RANSAC, then refined by
Levenberg-Marquardt over the points that agree. The camera is a pinhole without distortion.
"""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.runtime.sightings import Lens, Pose

Floats = NDArray[np.float32]

LEAST: Final = 8
"""Points that must agree: six numbers are sought, and chance agrees on a few."""
APART: Final = 55.0
"""Degrees between frame and view, as seen from the points, beyond which local features do not look alike."""
TURNED: Final = 15.0
"""Degrees from which two poses are not one."""
_SHARE: Final = 0.25
"""Of the points whose places are known: how many must agree."""
_RIVAL: Final = 0.6
"""Of the points that agree: how many others may agree on another pose."""
_REACH: Final = 6.0
"""Pixels, of a picture 448 pixels long, from which a point no longer agrees."""
_TRIES: Final = 300
_FLIP: Final = np.diag([1.0, -1.0, -1.0])
"""OpenCV's camera looks along +Z with +Y down; this project's along -Z with +Y up (glTF)."""


@dataclass(frozen=True, slots=True, eq=False)
class Sights:
    """Points of an artifact as a picture shows them."""

    pixels: Floats
    """(n, 2) from the center of the picture's upper left pixel."""
    places: Floats
    """(n, 3) metres, in the artifact's own frame."""
    eye: Floats | None = None
    """(3,) where the camera of the view was that shows these places, likewise."""


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    turn: NDArray[np.float64]
    shift: NDArray[np.float64]
    agreed: NDArray[np.int64]
    """Positions of the points that agree."""
    error: float
    """Root mean square, pixels."""

    @property
    def rotation(self) -> NDArray[np.float64]:
        return np.asarray(cv2.Rodrigues(self.turn)[0], dtype=np.float64)

    @property
    def eye(self) -> NDArray[np.float64]:
        """Where the camera is, in the artifact's frame."""
        return np.asarray(-self.rotation.T @ self.shift.ravel(), dtype=np.float64)


def pose_of(sights: Sights, lens: Lens, length: int) -> Pose | None:
    """The artifact's frame in the camera's; ``None`` where the points do not agree on one beyond doubt.

    No pose is told where too few agree, where the camera would see them from a side from which the view does
    not show them, or where other points, nearly as many, agree on another pose, as repeating ornament does.

    ``lens`` is in pixels of the same picture, from its upper left corner; ``length`` is its longer side.
    """
    known = np.isfinite(sights.places).all(axis=1)
    pixels, places = sights.pixels[known].astype(np.float64), sights.places[known].astype(np.float64)
    matrix = np.array([[lens.fx, 0, lens.cx - 0.5], [0, lens.fy, lens.cy - 0.5], [0, 0, 1.0]])
    reach = _REACH * length / 448
    found = _fitted(places, pixels, matrix, reach)
    if found is None or len(found.agreed) < _SHARE * len(pixels):
        return None
    if sights.eye is not None and _apart(found.eye, sights.eye, places[found.agreed]) > APART:
        return None
    others = np.setdiff1d(np.arange(len(pixels)), found.agreed)
    rival = _fitted(places[others], pixels[others], matrix, reach)
    if (
        rival is not None
        and len(rival.agreed) > _RIVAL * len(found.agreed)
        and _turned(found, rival) > TURNED
    ):
        return None
    rotation, position = _FLIP @ found.rotation, _FLIP @ found.shift.ravel()
    x, y, z = (float(value) for value in position)
    return Pose((x, y, z), _quaternion(np.asarray(rotation)), found.error, len(found.agreed))


def _fitted(
    places: NDArray[np.float64], pixels: NDArray[np.float64], matrix: NDArray[np.float64], reach: float
) -> _Fit | None:
    """The pose that most points agree on; ``None`` where fewer than ``LEAST`` do."""
    if len(pixels) < LEAST:
        return None
    # One generator for the process, which threads share: set anew, so that a frame has one answer.
    cv2.setRNGSeed(1)
    try:
        found, turn, shift, agreed = cv2.solvePnPRansac(
            places, pixels, matrix, None, iterationsCount=_TRIES, reprojectionError=reach,
            confidence=0.999, flags=cv2.SOLVEPNP_SQPNP,
        )  # fmt: skip
        if not found or agreed is None or len(agreed) < LEAST:
            return None
        agreed = agreed.ravel()
        turn, shift = cv2.solvePnPRefineLM(places[agreed], pixels[agreed], matrix, None, turn, shift)
    except cv2.error:
        # Points in one line or one place leave nothing to solve.
        return None
    again = cv2.projectPoints(places[agreed], turn, shift, matrix, None)[0].reshape(-1, 2)
    error = float(np.sqrt(np.mean(np.sum((again - pixels[agreed]) ** 2, axis=1))))
    if not np.isfinite(error) or error > reach or shift[2] <= 0:
        return None
    return _Fit(
        np.asarray(turn, np.float64), np.asarray(shift, np.float64), np.asarray(agreed, np.int64), error
    )


def _apart(eye: NDArray[Any], other: NDArray[Any], places: NDArray[np.float64]) -> float:
    """Degrees between the directions in which two cameras lie from places, the median of them."""
    first, second = (at - places for at in (eye, other))
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    cosines = np.einsum("ij,ij->i", first, second) / np.maximum(lengths, 1e-12)
    return float(np.degrees(np.arccos(np.clip(np.median(cosines), -1.0, 1.0))))


def _turned(first: _Fit, second: _Fit) -> float:
    """Degrees from one pose to the other."""
    cosine = (np.trace(first.rotation.T @ second.rotation) - 1) / 2
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def _quaternion(rotation: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """x, y, z, w with w >= 0, of a rotation matrix (Bar-Itzhack 2000: the largest eigenvector)."""
    (a, b, c), (d, e, f), (g, h, i) = rotation.tolist()
    matrix = np.array(
        [
            [a - e - i, b + d, c + g, h - f],
            [b + d, e - a - i, f + h, c - g],
            [c + g, f + h, i - a - e, d - b],
            [h - f, c - g, d - b, a + e + i],
        ]
    )
    x, y, z, w = np.linalg.eigh(matrix)[1][:, -1].tolist()
    return (x, y, z, w) if w >= 0 else (-x, -y, -z, -w)

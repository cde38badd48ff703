"""Where an artifact stands before the camera: from local features whose places on its scan are known.

Perspective from n points by SQPnP (Terzakis and Lourakis 2020) within RANSAC, then refined by
Levenberg-Marquardt over the points that agree. The camera is a pinhole without distortion.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.runtime.sightings import Lens, Pose

Floats = NDArray[np.float32]

LEAST: Final = 8
"""Points that must agree: six numbers are sought, and chance agrees on a few."""
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


def pose_of(sights: Sights, lens: Lens, length: int) -> Pose | None:
    """The artifact's frame in the camera's; ``None`` where fewer than ``LEAST`` points agree on one.

    ``lens`` is in pixels of the same picture, from its upper left corner; ``length`` is its longer side.
    """
    known = np.isfinite(sights.places).all(axis=1)
    pixels, places = sights.pixels[known].astype(np.float64), sights.places[known].astype(np.float64)
    if len(pixels) < LEAST:
        return None
    matrix = np.array([[lens.fx, 0, lens.cx - 0.5], [0, lens.fy, lens.cy - 0.5], [0, 0, 1.0]])
    reach = _REACH * length / 448
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
    rotation, position = _FLIP @ cv2.Rodrigues(turn)[0], _FLIP @ shift.ravel()
    x, y, z = (float(value) for value in position)
    return Pose((x, y, z), _quaternion(np.asarray(rotation, dtype=np.float64)), error, len(agreed))


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

"""Two scans of one thing laid over each other, so that points of the old one can be found on the new one.

Iterative closest point on samples, point to plane (Chen and Medioni 1992), trimmed (Chetverikov et al. 2002),
from the identity and from turns about the vertical. Round things fit at any turn: there the identity stays.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from assets.pipeline.scan import Scan

Doubles = NDArray[np.float64]

_SAMPLES: Final = 4000
_TARGETS: Final = 30_000
_KEPT: Final = 0.9
"""Share of the nearest pairs that count: the rest may be what one scan has and the other has not."""
_TURNS: Final = 24
_ROUNDS: Final = (6, 40)
"""Rounds for every start, and for the best of them."""
_CLEARLY: Final = 0.8
"""A turned fit is taken only where its error is below this share of the unturned one's."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """How the old scan lies in the frame of the new one."""

    matrix: Doubles
    """(4, 4) from the old scan's frame to the new one's."""
    rms_mm: float
    """Of the pairs that count."""
    turn: float
    """Angle between the scans, degrees."""

    def points(self, positions: Doubles) -> Doubles:
        """(n, 3) points of the old scan in the frame of the new one."""
        moved: Doubles = positions @ self.matrix[:3, :3].T + self.matrix[:3, 3]
        return moved

    def directions(self, vectors: Doubles) -> Doubles:
        """(n, 3) directions, turned likewise."""
        turned: Doubles = vectors @ self.matrix[:3, :3].T
        return turned


def align(old: Scan, new: Scan) -> Alignment:
    """Lay an old scan over a new one of the same thing."""
    points, _ = _samples(old, _SAMPLES)
    targets, normals = _samples(new, _TARGETS)
    tree = cKDTree(targets)
    middle = points.mean(axis=0)
    starts = [_about_vertical(2 * np.pi * k / _TURNS, middle, targets.mean(axis=0)) for k in range(_TURNS)]
    fits = [_fit(points, tree, normals, start, _ROUNDS[0]) for start in (np.eye(4), *starts)]
    straight = _fit(points, tree, normals, fits[0][0], _ROUNDS[1])
    best = min(fits[1:], key=lambda fit: fit[1])
    turned = _fit(points, tree, normals, best[0], _ROUNDS[1])
    matrix, error = turned if turned[1] < _CLEARLY * straight[1] else straight
    cosine = (float(np.trace(matrix[:3, :3])) - 1.0) / 2.0
    return Alignment(matrix, error * 1000.0, math.degrees(math.acos(min(max(cosine, -1.0), 1.0))))


def _about_vertical(angle: float, of: Doubles, to: Doubles) -> Doubles:
    cosine, sine = np.cos(angle), np.sin(angle)
    matrix = np.eye(4)
    matrix[:3, :3] = ((cosine, 0, sine), (0, 1, 0), (-sine, 0, cosine))
    matrix[:3, 3] = to - matrix[:3, :3] @ of
    return matrix


def _samples(scan: Scan, count: int) -> tuple[Doubles, Doubles]:
    """Points spread over the surface by area, and the normals of their triangles; the same at every call."""
    corners = np.concatenate([mesh.positions[mesh.triangles] for mesh in scan.meshes]).astype(np.float64)
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = np.linalg.norm(cross, axis=1)
    chance = np.random.default_rng(0)
    face = np.searchsorted(np.cumsum(area), chance.random(count) * area.sum()).clip(0, len(area) - 1)
    u, v = np.sqrt(chance.random(count)), chance.random(count)
    weights = np.stack((1 - u, u * (1 - v), u * v), axis=1)
    return (weights[:, :, None] * corners[face]).sum(axis=1), cross[face] / area[face, None]


def _fit(points: Doubles, tree: Any, normals: Doubles, start: Doubles, rounds: int) -> tuple[Doubles, float]:
    """Matrix and root mean square error after some rounds, metres."""
    matrix, error = start, np.inf
    for _ in range(rounds):
        moved = points @ matrix[:3, :3].T + matrix[:3, 3]
        distance, index = tree.query(moved)
        kept = distance <= np.quantile(distance, _KEPT)
        gap = ((tree.data[index] - moved) * normals[index]).sum(axis=1)[kept]
        now = float(np.sqrt((gap**2).mean()))
        if abs(error - now) <= 1e-4 * now:
            return matrix, now
        error = now
        matrix = _step(moved[kept], normals[index][kept], gap) @ matrix
    return matrix, error


def _step(moved: Doubles, normals: Doubles, gap: Doubles) -> Doubles:
    """The small turn and shift that closes the gaps along the normals, by least squares."""
    middle = moved.mean(axis=0)
    system = np.hstack((np.cross(moved - middle, normals), normals))
    solution, *_ = np.linalg.lstsq(system, gap, rcond=None)
    angle = float(np.linalg.norm(solution[:3]))
    turn = np.eye(3)
    if angle > 1e-12:
        x, y, z = solution[:3] / angle
        skew = np.array(((0, -z, y), (z, 0, -x), (-y, x, 0)))
        turn = turn + np.sin(angle) * skew + (1 - np.cos(angle)) * skew @ skew
    matrix = np.eye(4)
    matrix[:3, :3] = turn
    matrix[:3, 3] = middle + solution[3:] - turn @ middle
    return matrix

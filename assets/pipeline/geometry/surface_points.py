"""Points on a surface that survive re-meshing, levels of detail and a new scan.

A point is kept as a triangle of the master with barycentric weights, and as position and normal, by which it
finds its place on any other mesh of the same thing. What moves too far is handed back, not moved.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import trimesh
from numpy.typing import NDArray

from assets.pipeline.scan import Scan

Doubles = NDArray[np.float64]
Vector = tuple[float, float, float]

closest_point: Any = trimesh.triangles.closest_point

_FACING: Final = 0.25
"""Least cosine between a point's normal and the surface it may lie on: not the other side of a thin wall."""


@dataclass(frozen=True, slots=True)
class NamedPoint:
    """Where somebody put a point: metres, and the direction out of the surface."""

    name: str
    position: Vector
    normal: Vector


@dataclass(frozen=True, slots=True)
class PlacedPoint:
    """A point on one mesh of a scan."""

    point: NamedPoint
    """Where it lies now; where it was put, when it is handed back."""
    mesh: int
    triangle: int
    barycentric: Vector
    drift_mm: float
    """From where it was put to the surface."""
    review: str | None = None
    """Why it was handed back."""


class Facets:
    """The triangles of a scan, ready to be asked for nearest points."""

    def __init__(self, scan: Scan) -> None:
        self._scan = scan
        corners = np.concatenate([mesh.positions[mesh.triangles] for mesh in scan.meshes])
        self._corners = corners
        self._middle = corners.mean(axis=1)
        self._radius = np.linalg.norm(corners - self._middle[:, None], axis=2).max(axis=1)
        cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        length = np.linalg.norm(cross, axis=1, keepdims=True)
        self._facing = cross / np.where(length > 0, length, 1.0)
        self._starts = np.cumsum([0, *(len(mesh.triangles) for mesh in scan.meshes)])

    def nearest(self, point: NamedPoint) -> tuple[PlacedPoint, bool]:
        """The nearest point of the surface, and whether it faces the way the point does.

        Only where nothing faces that way, the surface as a whole is asked.
        """
        at, normal = np.asarray(point.position), np.asarray(point.normal)
        facing = self._facing @ normal > _FACING
        faced = bool(facing.any())
        among = np.flatnonzero(facing) if faced else np.arange(len(self._middle))
        # A triangle is no nearer than its bounding ball, and no farther than its middle.
        away = np.linalg.norm(self._middle[among] - at, axis=1)
        near = among[away - self._radius[among] <= away.min() + 1e-12]
        closest: Doubles = closest_point(
            self._corners[near].astype(np.float64), np.broadcast_to(at, (len(near), 3))
        )
        distances = np.linalg.norm(closest - at, axis=1)
        best = int(np.argmin(distances))
        return self._placed(point.name, int(near[best]), closest[best], float(distances[best])), faced

    def _placed(self, name: str, face: int, place: Doubles, distance: float) -> PlacedPoint:
        mesh = int(np.searchsorted(self._starts, face, side="right")) - 1
        triangle = face - int(self._starts[mesh])
        corners = self._corners[face].astype(np.float64)
        weights = _weights(corners, place)
        vertices = self._scan.meshes[mesh].triangles[triangle]
        normal = weights @ self._scan.meshes[mesh].normals[vertices].astype(np.float64)
        length = float(np.linalg.norm(normal))
        normal = normal / length if length > 1e-6 else self._facing[face].astype(np.float64)
        point = NamedPoint(name, _vector(weights @ corners, 7), _vector(normal / np.linalg.norm(normal), 7))
        return PlacedPoint(point, mesh, triangle, _vector(weights, 9), distance * 1000.0)


def placed_point(facets: Facets, point: NamedPoint, limit_mm: float) -> PlacedPoint:
    """Put a point on the surface, or hand it back where that is farther than the limit or turned away.

    A point that is handed back keeps position and normal; its triangle is the nearest there is.
    """
    found, faced = facets.nearest(point)
    if not faced:
        review = "nothing near it faces the way it does"
    elif found.drift_mm > limit_mm:
        review = f"the surface is {found.drift_mm:.2f} mm away, the limit is {limit_mm:.2f} mm"
    else:
        return found
    return PlacedPoint(point, found.mesh, found.triangle, found.barycentric, found.drift_mm, review)


def drift_mm(facets: Facets, point: NamedPoint) -> float:
    """How far a point lies from another mesh of the same thing, millimetres."""
    return facets.nearest(point)[0].drift_mm


def position_of(scan: Scan, mesh: int, triangle: int, barycentric: Vector) -> Vector:
    """The position that triangle and weights name on the master, metres."""
    found = scan.meshes[mesh]
    corners = found.positions[found.triangles[triangle]].astype(np.float64)
    return _vector(np.asarray(barycentric) @ corners, 7)


def _weights(corners: Doubles, place: Doubles) -> Doubles:
    """Barycentric weights by least squares: defined for triangles without area, too."""
    system = np.vstack((corners.T, np.ones(3) * max(float(np.abs(corners).max()), 1e-6)))
    target = np.append(place, max(float(np.abs(corners).max()), 1e-6))
    weights, *_ = np.linalg.lstsq(system, target, rcond=None)
    weights = np.clip(weights, 0.0, 1.0)
    shares: Doubles = weights / weights.sum()
    return shares


def _vector(values: Doubles, digits: int) -> Vector:
    x, y, z = (round(float(value), digits) + 0.0 for value in values)
    return (x, y, z)

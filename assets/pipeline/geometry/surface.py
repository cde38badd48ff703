"""A scan as one surface that can be measured: points on it, and the nearest place to any point."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import igl
import numpy as np
from numpy.typing import NDArray

from assets.pipeline.scan import Scan

Points = NDArray[np.float64]
Triangles = NDArray[np.int64]

_PLASTIC = (0.7548776662466927, 0.5698402909980532)
"""Steps of the R2 sequence (M. Roberts, 2018): evenly spread pairs without chance."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """For each of n points, the nearest place on a surface."""

    distances: NDArray[np.float64]
    """(n,) metres."""
    triangles: NDArray[np.int64]
    """(n,) which triangle."""
    points: Points
    """(n, 3) metres."""


class Surface:
    """Triangles of all meshes of a scan in one frame. Trees are built on first use and kept.

    Nearest points are exact (bounding volume hierarchy of libigl), 100,000 in about a second on one core.
    """

    def __init__(self, positions: Points, triangles: Triangles) -> None:
        self.positions = np.ascontiguousarray(positions, dtype=np.float64)
        self.triangles = np.ascontiguousarray(triangles, dtype=np.int64)
        if not len(self.triangles):
            raise ValueError("a surface needs at least one triangle; this scan has none")

    @classmethod
    def of(cls, scan: Scan) -> "Surface":
        """The surface of a scan; triangles are numbered through its meshes in order."""
        offsets = np.cumsum([0, *(len(mesh.positions) for mesh in scan.meshes)])
        return cls(
            np.concatenate([mesh.positions for mesh in scan.meshes]).astype(np.float64),
            np.concatenate(
                [mesh.triangles.astype(np.int64) + at for mesh, at in zip(scan.meshes, offsets, strict=False)]
            ),
        )

    @cached_property
    def corners(self) -> Points:
        """(m, 3, 3) metres: the corners of each triangle."""
        return self.positions[self.triangles]

    @cached_property
    def used(self) -> NDArray[np.int64]:
        """(k,) the vertices that some triangle uses, ascending."""
        mask = np.zeros(len(self.positions), dtype=np.bool_)
        mask[self.triangles.reshape(-1)] = True
        return np.flatnonzero(mask)

    @cached_property
    def areas(self) -> NDArray[np.float64]:
        """(m,) square metres."""
        a, b, c = np.moveaxis(self.corners, 1, 0)
        return np.asarray(np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2.0)

    @cached_property
    def extent(self) -> float:
        """Length of the bounding box's diagonal, metres."""
        corners = self.positions[self.used]
        return float(np.linalg.norm(corners.max(axis=0) - corners.min(axis=0)))

    def samples(self, count: int) -> Points:
        """``count`` points spread evenly by area, (count, 3) metres: the same each time.

        Stratified along the summed areas; within the triangles by the R2 sequence.
        """
        total = np.cumsum(self.areas)
        chosen = np.searchsorted(total, (np.arange(count) + 0.5) / count * total[-1])
        u, v = (np.mod(0.5 + np.arange(1, count + 1) * step, 1.0)[:, None] for step in _PLASTIC)
        folded = u + v > 1.0
        u, v = np.where(folded, 1.0 - u, u), np.where(folded, 1.0 - v, v)
        a, b, c = np.moveaxis(self.corners[np.minimum(chosen, len(total) - 1)], 1, 0)
        return np.asarray(a + u * (b - a) + v * (c - a))

    def vertices(self, limit: int) -> Points:
        """The used vertices, evenly thinned to at most ``limit``, (n, 3) metres."""
        return self.positions[self.used[:: max(1, -(-len(self.used) // limit))]]

    def nearest(self, points: Points) -> Nearest:
        """The nearest place on this surface to each of the points, (n, 3) metres."""
        squared, triangles, found = self._tree.squared_distance(
            self.positions, self.triangles, np.ascontiguousarray(points, dtype=np.float64)
        )
        return Nearest(np.sqrt(squared), np.asarray(triangles), np.asarray(found))

    @cached_property
    def _tree(self) -> Any:
        tree = igl.AABB()
        tree.init(self.positions, self.triangles)
        return tree

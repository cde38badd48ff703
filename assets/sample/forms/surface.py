"""A surface: vertices with normals and texture coordinates, and what can be done to it.

Texture coordinates follow glTF (v grows downwards), so that a picture painted upright on a canvas stands
upright on the artifact.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Surface:
    """Geometry without a material. Metres."""

    positions: Array
    normals: Array
    texcoords: Array
    triangles: Ints

    def moved(self, offset: Sequence[float]) -> "Surface":
        """Shifted by ``offset`` metres."""
        return replace(self, positions=self.positions + np.asarray(offset, dtype=np.float64))

    def turned(self, axis: Sequence[float], degrees: float) -> "Surface":
        """Rotated about ``axis`` through the origin, counter-clockwise seen against the axis."""
        matrix = rotation(axis, degrees)
        return replace(self, positions=self.positions @ matrix.T, normals=self.normals @ matrix.T)

    def scaled(self, factors: Sequence[float]) -> "Surface":
        """Stretched by positive factors per axis; normals follow."""
        f = np.asarray(factors, dtype=np.float64)
        normals = self.normals / f
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        return replace(self, positions=self.positions * f, normals=normals)

    def reshaped(self, positions: Array) -> "Surface":
        """The same net over other positions, normals computed anew."""
        return replace(self, positions=positions, normals=smooth_normals(positions, self.triangles))

    def in_window(self, window: tuple[float, float, float, float]) -> "Surface":
        """Texture coordinates squeezed into ``(u0, v0, u1, v1)`` of a shared canvas."""
        u0, v0, u1, v1 = window
        return replace(self, texcoords=self.texcoords * [u1 - u0, v1 - v0] + [u0, v0])


def rotation(axis: Sequence[float], degrees: float) -> Array:
    """Rotation matrix by Rodrigues' formula."""
    x, y, z = np.asarray(axis, dtype=np.float64) / np.linalg.norm(axis)
    angle = np.radians(degrees)
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * cross @ cross)


def grid_triangles(rows: int, columns: int) -> Ints:
    """Two triangles per cell of a ``rows`` × ``columns`` grid of vertices, numbered row by row.

    Rows run down and columns run right as seen from outside; triangles are counter-clockwise there.
    """
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b = index[:-1, :-1].ravel(), index[:-1, 1:].ravel()
    c, d = index[1:, :-1].ravel(), index[1:, 1:].ravel()
    return np.concatenate([np.stack([a, c, b], 1), np.stack([b, c, d], 1)])


def without_slivers(positions: Array, triangles: Ints, smallest: float = 1e-13) -> Ints:
    """The triangles whose area exceeds ``smallest`` square metres."""
    corners = positions[triangles]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return np.asarray(triangles[np.linalg.norm(cross, axis=1) > 2.0 * smallest])


def smooth_normals(positions: Array, triangles: Ints) -> Array:
    """Area-weighted vertex normals; vertices at the same place (seams, poles) share one normal."""
    corners = positions[triangles]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    span = float(np.ptp(positions, axis=0).max()) or 1.0
    keys = np.round(positions / span * 2**20).astype(np.int64)
    packed = (keys[:, 0] << 42) ^ (keys[:, 1] << 21) ^ keys[:, 2]
    _, place = np.unique(packed, return_inverse=True)
    count = int(place.max()) + 1
    normals = np.zeros((count, 3))
    for axis in range(3):
        for corner in range(3):
            normals[:, axis] += np.bincount(place[triangles[:, corner]], cross[:, axis], count)
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    normals = np.where(length > 1e-30, normals / np.maximum(length, 1e-30), [0.0, 1.0, 0.0])
    return np.asarray(normals[place])


def make_surface(positions: Array, texcoords: Array, triangles: Ints) -> Surface:
    """A surface with smooth normals and without degenerate triangles."""
    kept = without_slivers(positions, triangles)
    return Surface(positions, smooth_normals(positions, kept), texcoords, kept)


def make_grid(points: Array, texcoords: Array) -> Surface:
    """A surface over a (rows, columns, 3) net of points."""
    rows, columns = points.shape[:2]
    return make_surface(points.reshape(-1, 3), texcoords.reshape(-1, 2), grid_triangles(rows, columns))


def joined(parts: Sequence[Surface]) -> Surface:
    """Several surfaces as one; vertices are not merged."""
    offsets = np.cumsum([0] + [len(part.positions) for part in parts[:-1]])
    return Surface(
        np.concatenate([part.positions for part in parts]),
        np.concatenate([part.normals for part in parts]),
        np.concatenate([part.texcoords for part in parts]),
        np.concatenate([part.triangles + start for part, start in zip(parts, offsets, strict=True)]),
    )


def sample(raster: Array, texcoords: Array) -> Array:
    """Bilinear reading of a (height, width) raster at texture coordinates; u wraps, v stops at the edge."""
    height, width = raster.shape
    x = texcoords[:, 0] * width - 0.5
    y = np.clip(texcoords[:, 1] * height - 0.5, 0.0, height - 1.0)
    x0, y0 = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    fx, fy = x - x0, y - y0
    left, right, low = x0 % width, (x0 + 1) % width, np.minimum(y0 + 1, height - 1)
    top = raster[y0, left] * (1 - fx) + raster[y0, right] * fx
    bottom = raster[low, left] * (1 - fx) + raster[low, right] * fx
    return np.asarray(top * (1 - fy) + bottom * fy)


def displaced(surface: Surface, height: Array) -> Surface:
    """Moved along the normals by a raster of heights in metres."""
    offset = sample(height, surface.texcoords)[:, None] * surface.normals
    return surface.reshaped(surface.positions + offset)

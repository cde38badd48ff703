"""Move a simplified surface's vertices to where it lies closest to the surface it stands for.

Collapses choose among places they know; afterwards one least-squares step does better: sample points of the
original, each tied to its nearest place on the simplified surface, must be met by the corners of the triangle
there (energy of Hoppe et al., "Mesh optimization", 1993, with the connectivity held). Open borders stay.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from assets.pipeline.geometry.joined import Joined, same_place
from assets.pipeline.geometry.surface import Nearest, Points, Surface, Triangles

_SAMPLES_A_VERTEX = 6
_FEWEST, _MOST = 20_000, 100_000
_STAY = 0.05
"""Weight of staying put against one sample."""
_HOLD = 1e6
_TURN = 0.5
"""A triangle may turn by 60 degrees at most; the corners of one that turns further go back."""
_STEPS = 30


def fitted(joined: Joined, original: Surface) -> Joined:
    """``joined`` with its vertices moved; triangles, seams and open borders are kept."""
    places, first = same_place(joined)
    start = joined.positions[first].astype(np.float64)
    triangles = places[joined.triangles]
    points = original.samples(int(np.clip(_SAMPLES_A_VERTEX * len(start), _FEWEST, _MOST)))
    found = Surface(start, triangles).nearest(points)
    moved = _unturned(start, _solved(start, triangles, points, found), triangles)
    return replace(joined, positions=moved.astype(np.float32)[places])


def _solved(start: Points, triangles: Triangles, points: Points, found: Nearest) -> Points:
    corners = triangles[found.triangles]
    shares = _barycentric(start[corners], found.points)
    rows = np.repeat(np.arange(len(points)), 3)
    ties = sparse.csr_matrix((shares.reshape(-1), (rows, corners.reshape(-1))), (len(points), len(start)))
    stay = np.where(_on_border(triangles, len(start)), _HOLD, _STAY * max(shares.sum() / len(start), 1.0))
    matrix = (ties.T @ ties + sparse.diags(stay)).tocsr()
    wanted = ties.T @ points + stay[:, None] * start
    step = 1.0 / np.asarray(matrix.sum(axis=1))
    solved = start
    for _ in range(_STEPS):  # no entry is negative, so steps of one over the row's sum always approach
        solved = solved + step * (wanted - matrix @ solved)
    return solved


def _on_border(triangles: Triangles, count: int) -> NDArray[np.bool_]:
    """(count,) whether a vertex lies on an edge that only one triangle has."""
    edges = np.sort(
        np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1
    )
    keys, uses = np.unique(edges[:, 0] * count + edges[:, 1], return_counts=True)
    border = np.zeros(count, dtype=np.bool_)
    border[np.concatenate(np.divmod(keys[uses == 1], count))] = True
    return border


def _unturned(start: Points, moved: Points, triangles: Triangles) -> Points:
    """Put back the corners of triangles that turned too far, until none is left that did."""
    before = _normals(start, triangles)
    for _ in range(_STEPS):
        turned = np.einsum("ij,ij->i", before, _normals(moved, triangles)) < _TURN
        back = np.unique(triangles[turned])
        if np.array_equal(moved[back], start[back]):
            break
        moved[back] = start[back]
    return moved


def _normals(positions: Points, triangles: Triangles) -> Points:
    a, b, c = np.moveaxis(positions[triangles], 1, 0)
    cross = np.cross(b - a, c - a)
    return np.asarray(cross / np.maximum(np.linalg.norm(cross, axis=1, keepdims=True), 1e-30))


def _barycentric(corners: Points, points: Points) -> Points:
    """(k, 3) shares of each triangle's corners (k, 3, 3) in points on it (k, 3)."""
    a, b, c = np.moveaxis(corners, 1, 0)
    u, v, w = b - a, c - a, points - a
    uu, uv, vv, wu, wv = (np.einsum("ij,ij->i", x, y) for x, y in ((u, u), (u, v), (v, v), (w, u), (w, v)))
    scale = uu * vv - uv * uv
    flat = scale <= 1e-12 * uu * vv
    scale = np.where(flat, 1.0, scale)
    second = np.where(flat, 0.0, np.clip((vv * wu - uv * wv) / scale, 0.0, 1.0))
    third = np.where(flat, 0.0, np.clip((uu * wv - uv * wu) / scale, 0.0, 1.0))
    return np.column_stack([1.0 - second - third, second, third])

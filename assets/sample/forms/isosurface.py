"""From a solid to triangles: naive surface nets on a grid that is evaluated only near the surface.

Method: Gibson, "Constrained elastic surface nets", MICCAI 1998, in its one-pass form. Chosen over
marching cubes because its triangles are well shaped, which smooth shading and the atlas need.
"""

import itertools

import numpy as np

from assets.sample.forms.sdf import Solid
from assets.sample.forms.surface import Array, Ints, smooth_normals, without_slivers

_BLOCK = 8


def _field(solid: Solid, low: Array, cell: float, counts: Array) -> Array:
    """Distances on the grid; blocks far from the surface carry their corner's distance."""
    blocks = np.asarray(np.ceil(counts / _BLOCK), dtype=np.int64)
    center = np.stack(np.meshgrid(*(np.arange(n) for n in blocks), indexing="ij"), axis=-1).reshape(-1, 3)
    coarse = solid(low + (center * _BLOCK + (_BLOCK - 1) / 2) * cell)
    reach = _BLOCK * cell * np.sqrt(3) / 2
    field = np.repeat(coarse, _BLOCK**3).reshape(*blocks, _BLOCK, _BLOCK, _BLOCK)
    near = np.nonzero(np.abs(coarse) < 1.4 * reach)[0]
    inner = np.stack(np.meshgrid(*(np.arange(_BLOCK),) * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    points = low + (center[near][:, None] * _BLOCK + inner) * cell
    values = solid(points.reshape(-1, 3)).reshape(-1, _BLOCK, _BLOCK, _BLOCK)
    b = center[near]
    field[b[:, 0], b[:, 1], b[:, 2]] = values
    ordered = field.transpose(0, 3, 1, 4, 2, 5).reshape(blocks * _BLOCK)
    return np.asarray(ordered)


def _vertices(field: Array, inside: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> tuple[Ints, Array]:
    """Per active cell its index, and its vertex: the mean of where the surface crosses the cell's edges."""
    corners = [
        inside[x : x - 1 or None, y : y - 1 or None, z : z - 1 or None]
        for x, y, z in itertools.product((0, 1), repeat=3)
    ]
    count = np.sum(corners, axis=0)
    active = np.argwhere((count > 0) & (count < 8))
    total = np.zeros((len(active), 3))
    crossings = np.zeros(len(active))
    for axis in range(3):
        for side in itertools.product((0, 1), repeat=2):
            start = np.insert(np.array(side), axis, 0)
            end = np.insert(np.array(side), axis, 1)
            a = field[tuple((active + start).T)]
            b = field[tuple((active + end).T)]
            crossed = (a < 0) != (b < 0)
            t = np.where(crossed, a / np.where(crossed, a - b, 1.0), 0.0)
            place = np.broadcast_to(start, (len(active), 3)).astype(np.float64).copy()
            place[:, axis] += t
            total += np.where(crossed[:, None], place, 0.0)
            crossings += crossed
    return active, active + total / crossings[:, None]


def _quads(inside: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], number: Ints) -> Ints:
    """Around each grid edge that the surface crosses, the four cells' vertices as two triangles."""
    faces = []
    for axis in range(3):
        one, two = (axis + 1) % 3, (axis + 2) % 3
        head = [slice(1, -1)] * 3
        tail = [slice(1, -1)] * 3
        head[axis], tail[axis] = slice(0, -1), slice(1, None)
        a, b = inside[tuple(head)], inside[tuple(tail)]
        cells = np.argwhere(a != b) + np.where(np.arange(3) == axis, 0, 1)
        leaving = a[a != b]
        back_one, back_two = np.eye(3, dtype=np.int64)[one], np.eye(3, dtype=np.int64)[two]
        v = [number[tuple((cells - shift).T)] for shift in (0, back_one, back_one + back_two, back_two)]
        quad = np.stack(v, axis=1)
        quad = np.where(leaving[:, None], quad, quad[:, ::-1])
        faces.append(np.concatenate([quad[:, [0, 1, 2]], quad[:, [0, 2, 3]]]))
    return np.concatenate(faces)


def isosurface(solid: Solid, low: Array, high: Array, cell: float) -> tuple[Array, Array, Ints]:
    """Positions, unit normals and triangles of the solid's surface between two corners (metres)."""
    margin = 2 * cell
    start = np.asarray(low, dtype=np.float64) - margin
    counts = np.ceil((np.asarray(high) - low + 2 * margin) / cell) + 1
    field = _field(solid, start, cell, counts)
    inside = field < 0
    active, places = _vertices(field, inside)
    number = np.full(np.array(field.shape) - 1, -1, dtype=np.int64)
    number[tuple(active.T)] = np.arange(len(active))
    triangles = _quads(inside, number)
    positions = start + places * cell
    step = cell * 0.5
    for _ in range(2):
        gradient = _gradient(solid, positions, step)
        length = np.maximum(np.linalg.norm(gradient, axis=1), 0.3)
        move = np.clip(solid(positions) / length, -0.4 * cell, 0.4 * cell)
        positions = positions - gradient / length[:, None] * move[:, None]
    kept = without_slivers(positions, triangles, smallest=1e-14)
    return positions, smooth_normals(positions, kept), kept


def _gradient(solid: Solid, points: Array, step: float) -> Array:
    """Central differences of the distance; tetrahedral stencil of four samples."""
    signs = np.array([[1, -1, -1], [-1, -1, 1], [-1, 1, -1], [1, 1, 1]], dtype=np.float64)
    total = sum(sign * solid(points + sign * step)[:, None] for sign in signs)
    return np.asarray(total / (4 * step))

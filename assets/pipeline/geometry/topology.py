"""How triangles hang together: welded corners, edges, components, boundary loops, smooth normals.

Rules only, vectorized. Files store a vertex once for each normal, texture coordinate or triangle; here two
vertices are one corner where their positions are equal bit by bit.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from assets.pipeline.scan import Floats, Indices, Scan

Integers = NDArray[np.int64]
Doubles = NDArray[np.float64]

_MIX: Final = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
"""Odd constants of 64 bits: multiply-and-add hashing of rows of words."""


def row_groups(rows: NDArray[Any]) -> tuple[Integers, Integers]:
    """First index of each distinct row, in order of appearance, and the group of every row.

    ``rows`` is (n, k) of 4-byte words; rows are equal where all their bits are, 0.0 and -0.0 too. Sorts one
    64-bit hash a row; the result is checked against the rows, and rows sorted whole where a hash lies.
    """
    plain = rows + np.float32(0) if rows.dtype == np.float32 else rows
    words = np.ascontiguousarray(plain).view(np.uint32).astype(np.uint64)
    key = np.zeros(len(words), dtype=np.uint64)
    for column in range(words.shape[1]):
        key = (key ^ (key >> np.uint64(29))) * _MIX[1] + (words[:, column] + np.uint64(1)) * _MIX[column % 3]
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    if not np.array_equal(words[first][group], words):
        _, first, group = np.unique(words, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return first[order].astype(np.int64), rank[group.reshape(-1)]


def smooth_normals(positions: Floats, triangles: Indices) -> Floats:
    """(n, 3) unit normals: the triangles around a corner, weighed by area; +Y where there are none."""
    _, corner = row_groups(positions)
    faces = corner[triangles.astype(np.int64)]
    sums = corner_sums(faces, face_normals(positions, triangles), int(corner.max(initial=-1)) + 1)
    length = np.linalg.norm(sums, axis=1)
    flat = length < 1e-30
    normals = sums / np.where(flat, 1.0, length)[:, None]
    normals[flat] = (0.0, 1.0, 0.0)
    return normals[corner].astype(np.float32)


def face_normals(positions: Floats, triangles: Indices) -> Doubles:
    """(m, 3) normals of twice the triangle's area in length."""
    a, b, c = (positions[triangles[:, k]].astype(np.float64) for k in range(3))
    return np.cross(b - a, c - a)


def corner_sums(faces: Integers, values: Doubles, count: int) -> Doubles:
    """Sum of the triangles' values, (m, k), at each of ``count`` corners."""
    flat = faces.reshape(-1)
    columns = [np.bincount(flat, np.repeat(values[:, k], 3), minlength=count) for k in range(values.shape[1])]
    return np.stack(columns, axis=1)


@dataclass(frozen=True)
class Topology:
    """The triangles of a scan over its welded corners."""

    corners: Doubles
    """(n, 3) positions, each once."""
    faces: Integers
    """(m, 3) corners of every triangle, mesh after mesh."""
    vertices: Integers
    """(n,) first vertex at each corner, counted over the meshes."""

    @classmethod
    def of(cls, scan: Scan) -> "Topology":
        """Weld a scan's meshes together."""
        positions = np.concatenate([mesh.positions for mesh in scan.meshes])
        first, group = row_groups(positions)
        starts = np.cumsum([0, *(len(mesh.positions) for mesh in scan.meshes)])
        pairs = zip(scan.meshes, starts[:-1], strict=True)
        faces = np.concatenate([mesh.triangles.astype(np.int64) + start for mesh, start in pairs])
        return cls(positions[first].astype(np.float64), group[faces], first)

    @cached_property
    def cross(self) -> Doubles:
        """(m, 3) normals of twice the area in length."""
        a, b, c = (self.corners[self.faces[:, k]] for k in range(3))
        return np.cross(b - a, c - a)

    @cached_property
    def areas(self) -> Doubles:
        """(m,) square metres."""
        lengths: Doubles = np.linalg.norm(self.cross, axis=1)
        return lengths / 2.0

    @cached_property
    def degenerate(self) -> NDArray[np.bool_]:
        """(m,) whether a triangle names a corner twice, or has no area beside its longest side."""
        a, b, c = (self.corners[self.faces[:, k]] for k in range(3))
        longest = np.max([((p - q) ** 2).sum(axis=1) for p, q in ((a, b), (b, c), (c, a))], axis=0)
        flat: NDArray[np.bool_] = 2.0 * self.areas <= 1e-9 * longest
        return flat

    @cached_property
    def collapsed(self) -> NDArray[np.bool_]:
        """(m,) whether a triangle names a corner twice; such a one has no edges that others could share."""
        a, b, c = self.faces.T
        found: NDArray[np.bool_] = (a == b) | (b == c) | (c == a)
        return found

    @cached_property
    def duplicates(self) -> NDArray[np.bool_]:
        """(m,) whether an earlier triangle has the same three corners and runs them the same way.

        Two that run them against each other are both sides of a sheet.
        """
        turn = self.faces.argmin(axis=1)[:, None] + np.arange(3)
        first, _ = row_groups(np.take_along_axis(self.faces, turn % 3, axis=1).astype(np.uint32))
        repeated = np.ones(len(self.faces), dtype=np.bool_)
        repeated[first] = False
        return repeated & ~self.collapsed

    @cached_property
    def _ends(self) -> tuple[Integers, Integers]:
        """First and last corner of every half-edge of the triangles that have three corners."""
        faces = self.faces[~self.collapsed]
        return faces.reshape(-1), faces[:, [1, 2, 0]].reshape(-1)

    @cached_property
    def _half_edges(self) -> tuple[Integers, NDArray[np.bool_]]:
        """Undirected key of every half-edge, (3k,), and whether it runs from the lower corner."""
        start, end = self._ends
        return np.minimum(start, end) * len(self.corners) + np.maximum(start, end), start < end

    @cached_property
    def edges(self) -> tuple[Integers, Integers, Integers]:
        """Key of each edge, its number of triangles, and how many of them run it upward."""
        keys, upward = self._half_edges
        edge, group, count = np.unique(keys, return_inverse=True, return_counts=True)
        return edge, count, np.bincount(group.reshape(-1), upward, minlength=len(edge)).astype(np.int64)

    @cached_property
    def pairs(self) -> tuple[Integers, Integers, NDArray[np.bool_]]:
        """Both triangles at each edge that has two, and whether they run it in the same direction."""
        keys, upward = self._half_edges
        _, count, _ = self.edges
        order = np.argsort(keys, kind="stable")
        two = np.repeat(count == 2, count)
        first, second = order[two].reshape(-1, 2).T
        owner = np.flatnonzero(~self.collapsed)
        return owner[first // 3], owner[second // 3], upward[first] == upward[second]

    @property
    def watertight(self) -> bool:
        """Whether every edge belongs to exactly two triangles."""
        return bool((self.edges[1] == 2).all())

    @property
    def winding_consistent(self) -> bool:
        """Whether two triangles at an edge run it in opposite directions, wherever there are two."""
        _, count, upward = self.edges
        return bool((upward[count == 2] == 1).all())

    @property
    def non_manifold_edges(self) -> int:
        """Edges of more than two triangles."""
        return int((self.edges[1] > 2).sum())

    @cached_property
    def boundary(self) -> Integers:
        """(k, 2) corners of the half-edges that no other triangle shares, in the triangles' direction."""
        edge, count, _ = self.edges
        keys, _ = self._half_edges
        alone = (count == 1)[np.searchsorted(edge, keys)]
        start, end = self._ends
        return np.stack((start[alone], end[alone]), axis=1)

    @cached_property
    def components(self) -> tuple[int, Integers]:
        """How many pieces share no corner, and the piece of each triangle, (m,)."""
        size = len(self.corners)
        start, end = self.faces.reshape(-1), self.faces[:, [1, 2, 0]].reshape(-1)
        graph = coo_matrix((np.ones(len(start), dtype=np.int8), (start, end)), shape=(size, size))
        _, label = connected_components(graph, directed=False)
        _, piece = np.unique(label[self.faces[:, 0]], return_inverse=True)
        return int(piece.max(initial=-1)) + 1, piece.reshape(-1).astype(np.int64)

    @property
    def volume(self) -> float:
        """Signed cubic metres by the divergence theorem; meaningful where the surface is closed."""
        middle = self.corners.mean(axis=0)
        return float(((self.corners[self.faces[:, 0]] - middle) * self.cross).sum() / 6.0)

    @cached_property
    def loops(self) -> tuple[Integers, ...]:
        """Corners of each closed boundary in order, longest loop first.

        Where loops touch, they are walked corner by corner as the triangles run; a walk that returns to a
        corner it has passed closes there.
        """
        follow: dict[int, list[int]] = {}
        for start, end in self.boundary.tolist():
            follow.setdefault(start, []).append(end)
        found: list[Integers] = []
        while follow:
            found.extend(_walk(follow))
        return tuple(sorted(found, key=len, reverse=True))


def _walk(follow: dict[int, list[int]]) -> list[Integers]:
    """Take one walk out of the boundary, cut into simple loops; an open end is dropped with its walk."""
    at = next(iter(follow))
    path, place, loops = [at], {at: 0}, []
    while at in follow:
        following = follow[at].pop()
        if not follow[at]:
            del follow[at]
        at = following
        if at in place:
            start = place[at]
            loops.append(np.array(path[start:], dtype=np.int64))
            for corner in path[start + 1 :]:
                del place[corner]
            path = path[: start + 1]
        else:
            place[at] = len(path)
            path.append(at)
    return loops

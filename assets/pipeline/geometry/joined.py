"""All meshes of a scan in one set of vertices, so that a step can work across their borders.

Vertices at one position that differ otherwise (texture seam, hard edge, another material) stay apart:
together they are a seam, and a step that treats seams well also keeps neighboring materials free of cracks.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assets.pipeline.geometry import meshoptimizer
from assets.pipeline.scan import Floats, Indices, Mesh, Scan

Whole = NDArray[np.int64]

_WHITE = 255
_SMOOTH = float(np.cos(np.radians(40.0)))
"""Normals at one position closer than this are two sides of a texture seam on a smooth surface."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Vertices and triangles of all meshes; n vertices, m triangles."""

    positions: Floats
    """(n, 3) metres."""
    normals: Floats
    """(n, 3)."""
    texcoords: Floats
    """(n, 2)."""
    colors: Floats
    """(n, 4) in 0..255; white where a mesh has none."""
    mesh: Indices
    """(n,) which mesh of the scan a vertex belongs to."""
    triangles: Indices
    """(m, 3)."""


def join(scan: Scan) -> Joined:
    """Join a scan's meshes; vertices that are equal in everything become one.

    Normals that nearly agree at one place are made to agree first: formats that store a normal a face, or
    rounded ones, would otherwise be full of seams that no one sees.
    """
    whole = smoothed_over_seams(_concatenated(scan))
    kinds, first = meshoptimizer.equal_rows(
        np.hstack(
            [whole.positions, whole.normals, whole.texcoords, whole.colors, whole.mesh[:, None]]
        ).astype(np.float32)
        + np.float32(0)  # -0.0 is 0.0
    )
    triangles = kinds[whole.triangles.astype(np.int64)].astype(np.uint32)
    a, b, c = triangles.T
    return replace(_used(whole, first), triangles=triangles[(a != b) & (b != c) & (c != a)])


def split(joined: Joined, scan: Scan) -> Scan:
    """The scan with its meshes' vertices and triangles taken from ``joined``; meshes left empty are gone."""
    owner = joined.mesh[joined.triangles[:, 0]]
    meshes = (_mesh(joined, owner == at, mesh) for at, mesh in enumerate(scan.meshes))
    return replace(scan, meshes=tuple(mesh for mesh in meshes if len(mesh.triangles)))


def compacted(joined: Joined) -> Joined:
    """Without the vertices that no triangle uses; the others keep their order."""
    used = np.zeros(len(joined.positions), dtype=np.bool_)
    used[joined.triangles.reshape(-1)] = True
    places = np.cumsum(used, dtype=np.uint32) - np.uint32(1)
    return replace(_used(joined, np.flatnonzero(used)), triangles=places[joined.triangles])


def on_borders(joined: Joined) -> NDArray[np.bool_]:
    """(n,) whether a vertex stands where two meshes meet."""
    places, first = same_place(joined)
    some = joined.mesh[first]
    differs = np.bincount(places, joined.mesh != some[places], len(first)) > 0
    return np.asarray(differs[places])


def same_place(joined: Joined) -> tuple[Whole, Whole]:
    """Which place each vertex stands at (n,), and one vertex a place (p,)."""
    return meshoptimizer.equal_rows(joined.positions + np.float32(0))


def smoothed_over_seams(joined: Joined) -> Joined:
    """Where normals at one place nearly agree, make them agree, so that no seam shows in the light."""
    places, first = same_place(joined)
    mean = _unit(_summed(places, joined.normals.astype(np.float64), len(first)))[places]
    own = _unit(joined.normals.astype(np.float64))
    agree = np.einsum("ij,ij->i", own, mean) > _SMOOTH
    return replace(joined, normals=np.where(agree[:, None], mean, own))


def leaning_on_faces(joined: Joined) -> Joined:
    """Normals halfway between what they are and the faces around, which large triangles else betray."""
    corners = joined.positions.astype(np.float64)[joined.triangles]
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    count = len(joined.positions)
    around = sum(_summed(joined.triangles[:, at].astype(np.int64), faces, count) for at in range(3))
    own = _unit(joined.normals.astype(np.float64))
    return replace(joined, normals=_unit(own.astype(np.float64) + _unit(np.asarray(around))))


def _summed(places: Whole, vectors: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """The vectors (n, 3) added up by place, (count, 3)."""
    return np.column_stack([np.bincount(places, vectors[:, axis], count) for axis in range(3)])


def _unit(vectors: NDArray[np.float64]) -> Floats:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    up = np.array([0.0, 1.0, 0.0])
    return np.where(length > 0.0, vectors / np.where(length > 0.0, length, 1.0), up).astype(np.float32)


def _concatenated(scan: Scan) -> Joined:
    counts = [len(mesh.positions) for mesh in scan.meshes]
    offsets = np.cumsum([0, *counts])[:-1]
    return Joined(
        positions=np.concatenate([mesh.positions for mesh in scan.meshes]),
        normals=np.concatenate([mesh.normals for mesh in scan.meshes]),
        texcoords=np.concatenate([mesh.texcoords for mesh in scan.meshes]),
        colors=np.concatenate([_colors(mesh) for mesh in scan.meshes]),
        mesh=np.repeat(np.arange(len(counts), dtype=np.uint32), counts),
        triangles=np.concatenate(
            [mesh.triangles + np.uint32(offset) for mesh, offset in zip(scan.meshes, offsets, strict=True)]
        ),
    )


def _colors(mesh: Mesh) -> Floats:
    if mesh.colors is None:
        return np.full((len(mesh.positions), 4), _WHITE, dtype=np.float32)
    return mesh.colors.astype(np.float32)


def _used(joined: Joined, vertices: Whole | Indices) -> Joined:
    return Joined(
        positions=joined.positions[vertices],
        normals=joined.normals[vertices],
        texcoords=joined.texcoords[vertices],
        colors=joined.colors[vertices],
        mesh=joined.mesh[vertices],
        triangles=joined.triangles,
    )


def _mesh(joined: Joined, own: NDArray[np.bool_], mesh: Mesh) -> Mesh:
    vertices, triangles = np.unique(joined.triangles[own], return_inverse=True)
    kept = _used(joined, vertices)
    return replace(
        mesh,
        positions=kept.positions,
        normals=kept.normals,
        texcoords=kept.texcoords,
        triangles=triangles.reshape(-1, 3).astype(np.uint32),
        colors=None if mesh.colors is None else np.rint(kept.colors).clip(0, _WHITE).astype(np.uint8),
    )

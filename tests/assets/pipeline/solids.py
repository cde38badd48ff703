"""Generated scans with known geometry: what a level of detail must keep can be computed for them."""

import numpy as np
from numpy.typing import NDArray

from assets.pipeline.scan import Material, Mesh, Scan, Texture

Rows = NDArray[np.float64]


def grid(rows: int, columns: int) -> NDArray[np.uint32]:
    """Triangles of a grid of (rows + 1) * (columns + 1) vertices, counter-clockwise seen along -normal."""
    corner = (np.arange(rows)[:, None] * (columns + 1) + np.arange(columns)).reshape(-1)
    right, below, across = corner + 1, corner + columns + 1, corner + columns + 2
    return np.concatenate([np.c_[corner, below, right], np.c_[right, below, across]]).astype(np.uint32)


def mesh(name: str, positions: Rows, normals: Rows, texcoords: Rows, triangles: NDArray[np.uint32]) -> Mesh:
    a, b, c = positions[triangles.T.astype(np.int64)]
    whole = triangles[np.linalg.norm(np.cross(b - a, c - a), axis=1) > 1e-12]
    return Mesh(
        name,
        positions.astype(np.float32),
        normals.astype(np.float32),
        texcoords.astype(np.float32),
        whole,
        Material(name, base_color_texture=Texture(checker())),
    )


def checker(size: int = 64) -> NDArray[np.uint8]:
    """A texture, (size, size, 3)."""
    across, down = np.meshgrid(np.arange(size), np.arange(size))
    return np.stack([(across * 4) % 256, (down * 4) % 256, (across ^ down) * 4 % 256], axis=2).astype(
        np.uint8
    )


def on_sphere(texcoords: Rows, radius: float, bumps: float) -> Rows:
    """Points of a bumpy sphere at texture coordinates (n, 2): u once around, v from pole to pole."""
    around, down = texcoords[:, 0] * 2 * np.pi, texcoords[:, 1] * np.pi
    height = radius * (1.0 + bumps * np.cos(5 * around) * np.sin(down) ** 3 * np.cos(7 * down))
    x, z = np.sin(down) * np.cos(around), -np.sin(down) * np.sin(around)
    return np.asarray(np.column_stack([x, np.cos(down), z]) * height[:, None])


def sphere(count: int = 80, radius: float = 0.2, bumps: float = 0.0) -> Scan:
    """A textured sphere of about 4 * count**2 triangles, with a seam at u = 0 and u = 1."""
    return Scan("sphere", (_patch(count, radius, bumps, 0.0, 1.0, "sphere"),))


def two_materials(count: int = 60, radius: float = 0.2, bumps: float = 0.05) -> Scan:
    """The bumpy sphere in two meshes, northern and southern, which meet at the equator."""
    halves = (
        _patch(count, radius, bumps, 0.0, 0.5, "north"),
        _patch(count, radius, bumps, 0.5, 1.0, "south"),
    )
    return Scan("two materials", halves)


def square(size: float = 1.0, height: float = 0.0, count: int = 1) -> Scan:
    """A flat square facing +Z, with a corner at the origin."""
    side = np.linspace(0.0, 1.0, count + 1)
    v, u = (values.reshape(-1) for values in np.meshgrid(side, side, indexing="ij"))
    positions = np.column_stack([u * size, (1.0 - v) * size, np.full(len(u), height)])
    normals = np.tile([0.0, 0.0, 1.0], (len(u), 1))
    return Scan("square", (mesh("square", positions, normals, np.column_stack([u, v]), grid(count, count)),))


def _patch(count: int, radius: float, bumps: float, top: float, bottom: float, name: str) -> Mesh:
    rows, columns = round(count * (bottom - top)), 2 * count
    down, around = np.linspace(top, bottom, rows + 1), np.linspace(0.0, 1.0, columns + 1)
    v, u = (values.reshape(-1) for values in np.meshgrid(down, around, indexing="ij"))
    texcoords = np.column_stack([u, v])
    # The seam's two sides must be the same place to the bit, and so must all vertices at a pole.
    positions = on_sphere(np.column_stack([np.where(u == 1.0, 0.0, u), v]), radius, bumps)
    positions[(v == 0.0) | (v == 1.0), 0::2] = 0.0
    outward = positions / np.linalg.norm(positions, axis=1, keepdims=True)
    return mesh(name, positions, outward, texcoords, grid(rows, columns))


def volume(scan: Scan) -> float:
    """Cubic metres inside the closed surface of all meshes."""
    total = 0.0
    for part in scan.meshes:
        a, b, c = part.positions.astype(np.float64)[part.triangles.T.astype(np.int64)]
        total += float(np.einsum("ij,ij->", a, np.cross(b, c))) / 6.0
    return total


def area(scan: Scan) -> float:
    """Square metres."""
    total = 0.0
    for part in scan.meshes:
        a, b, c = part.positions.astype(np.float64)[part.triangles.T.astype(np.int64)]
        total += float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum()) / 2.0
    return total


def open_edges(scan: Scan) -> int:
    """Edges where the surface ends, vertices at one position counting as one: an odd number of triangles."""
    positions = np.concatenate([part.positions for part in scan.meshes])
    starts = np.cumsum([0, *(len(part.positions) for part in scan.meshes)])
    triangles = np.concatenate(
        [part.triangles + start for part, start in zip(scan.meshes, starts, strict=False)]
    )
    _, place = np.unique(positions, axis=0, return_inverse=True)
    corners = place.reshape(-1)[triangles.astype(np.int64)]
    edges = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]]), axis=1)
    _, uses = np.unique(edges, axis=0, return_counts=True)
    return int((uses % 2).sum())

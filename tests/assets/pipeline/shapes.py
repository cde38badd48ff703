"""Shapes whose pictures are known beforehand."""

import numpy as np

from assets.pipeline.scan import Material, Mesh, Scan, Texture

WHITE = Material("white")


def ball(radius: float, bands: int = 96, material: Material = WHITE) -> Scan:
    """A sphere around the origin with longitude and latitude as texture coordinates."""
    v, u = np.meshgrid(np.linspace(0, 1, bands + 1), np.linspace(0, 1, 2 * bands + 1), indexing="ij")
    polar, around = v * np.pi, u * 2 * np.pi
    normals = np.stack(
        [np.sin(polar) * np.sin(around), np.cos(polar), np.sin(polar) * np.cos(around)], axis=-1
    ).reshape(-1, 3)
    first = (np.arange(bands)[:, None] * (2 * bands + 1) + np.arange(2 * bands)).ravel()
    below = first + 2 * bands + 1
    triangles = np.concatenate(
        [np.stack([first, below, first + 1], 1), np.stack([first + 1, below, below + 1], 1)]
    )
    mesh = Mesh(
        "ball",
        (normals * radius).astype(np.float32),
        normals.astype(np.float32),
        np.stack([u, v], axis=-1).reshape(-1, 2).astype(np.float32),
        triangles.astype(np.uint32),
        material,
    )
    return Scan("ball", (mesh,))


def box(size: tuple[float, float, float], center: tuple[float, float, float] = (0, 0, 0)) -> Scan:
    """An axis-parallel box, six separate faces."""
    positions: list[np.ndarray] = []
    normals: list[np.ndarray] = []
    triangles: list[list[int]] = []
    for axis in range(3):
        for side in (-1.0, 1.0):
            normal, right, up = np.zeros(3), np.zeros(3), np.zeros(3)
            normal[axis], right[(axis + 1) % 3], up[(axis + 2) % 3] = side, side, 1.0
            first = len(positions)
            corners = [normal - right - up, normal + right - up, normal + right + up, normal - right + up]
            positions += [np.asarray(center) + np.asarray(size) / 2 * corner for corner in corners]
            normals += [normal] * 4
            triangles += [[first, first + 1, first + 2], [first, first + 2, first + 3]]
    mesh = Mesh(
        "box",
        np.array(positions, dtype=np.float32),
        np.array(normals, dtype=np.float32),
        np.zeros((len(positions), 2), dtype=np.float32),
        np.array(triangles, dtype=np.uint32),
        WHITE,
    )
    return Scan("box", (mesh,))


def panel(
    material: Material, width: float = 1.0, height: float = 1.0, z: float = 0.0, colors: object = None
) -> Scan:
    """An upright rectangle that faces +Z, its picture the right way up as glTF's coordinates have it."""
    x, y = width / 2, height / 2
    mesh = Mesh(
        "panel",
        np.array([[-x, -y, z], [x, -y, z], [x, y, z], [-x, y, z]], dtype=np.float32),
        np.array([[0, 0, 1]] * 4, dtype=np.float32),
        np.array([[0, 1], [1, 1], [1, 0], [0, 0]], dtype=np.float32),
        np.array([[0, 1, 2], [0, 2, 3]], dtype=np.uint32),
        material,
        None if colors is None else np.asarray(colors, dtype=np.uint8),
    )
    return Scan("panel", (mesh,))


def together(*scans: Scan) -> Scan:
    """Several scans as one."""
    return Scan("together", tuple(mesh for scan in scans for mesh in scan.meshes))


def picture(*rows: tuple[tuple[int, int, int], ...]) -> Texture:
    """A texture of single-colored squares of 16 texels."""
    return Texture(np.repeat(np.repeat(np.array(rows, dtype=np.uint8), 16, axis=0), 16, axis=1))

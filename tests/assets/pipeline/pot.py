"""A generated scan such as museums hand over: large, in millimetres, on its back, with a hole in its base."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HEIGHT = 0.42
"""Metres, of the pot as it stood."""
WIDTH = 0.268


def write_pot(path: Path, triangles: int) -> tuple[int, float]:
    """Write a pot of about so many triangles as binary PLY with vertex colors.

    Its axis lies along -Z, its base, which is open, at the far end. Returns the triangles written and the
    diameter of the hole in metres.
    """
    around = int(np.sqrt(triangles / 2.0) * 1.2)
    along = triangles // (2 * around)
    positions, base = _positions(around, along)
    faces = _faces(around, along)
    _write(path, positions, _colors(positions), faces)
    return len(faces), 2.0 * base / 1000.0


def _positions(around: int, along: int) -> tuple[NDArray[np.float64], float]:
    """(n, 3) millimetres; a lathe's profile with the unevenness of a hand, from base to lip and inside."""
    t = np.linspace(0.0, 1.0, along + 1)
    height = np.where(t < 0.6, t / 0.6, 1.0 - (t - 0.6) / 0.4 * 0.96)
    outside = 45.0 + 88.0 * np.sin(np.pi * np.clip(height, 0, 1) ** 0.8) ** 0.9
    radius = np.where(t < 0.6, outside, outside - 6.0)
    radius = np.where(t > 0.98, radius * (1.0 - t) / 0.02, radius)  # the inside closes above the hole
    angle = np.linspace(0.0, 2 * np.pi, around, endpoint=False)
    wave = 0.35 * np.sin(23 * angle)[None] * np.sin(40 * np.pi * height)[:, None]
    grain = np.random.default_rng(7).normal(0.0, 0.004, (along + 1, around))
    r = radius[:, None] + np.where(radius[:, None] > 20, wave + grain, 0.0)
    x, y = r * np.cos(angle)[None], r * np.sin(angle)[None]
    z = np.broadcast_to(-420.0 * height[:, None], r.shape)
    return np.stack((x, y, z), axis=-1).reshape(-1, 3), float(radius[0])


def _faces(around: int, along: int) -> NDArray[np.int32]:
    here = np.arange(along)[:, None] * around + np.arange(around)
    right = np.arange(along)[:, None] * around + (np.arange(around) + 1) % around
    up, up_right = here + around, right + around
    first, second = np.stack((here, up, right), axis=-1), np.stack((right, up, up_right), axis=-1)
    return np.concatenate((first.reshape(-1, 3), second.reshape(-1, 3))).astype(np.int32)


def _colors(positions: NDArray[np.float64]) -> NDArray[np.uint8]:
    band = (np.floor(positions[:, 2] / 30.0).astype(int) % 2)[:, None]
    return np.where(band, (148, 82, 54), (206, 176, 138)).astype(np.uint8)


def _write(
    path: Path, positions: NDArray[np.float64], colors: NDArray[np.uint8], faces: NDArray[np.int32]
) -> None:
    vertex = np.zeros(len(positions), dtype=[("at", "<f4", 3), ("color", "u1", 3)])
    vertex["at"], vertex["color"] = positions, colors
    face = np.zeros(len(faces), dtype=[("count", "u1"), ("corners", "<i4", 3)])
    face["count"], face["corners"] = 3, faces
    header = (
        f"ply\nformat binary_little_endian 1.0\nelement vertex {len(vertex)}\n"
        "property float x\nproperty float y\nproperty float z\n"
        "property uchar red\nproperty uchar green\nproperty uchar blue\n"
        f"element face {len(face)}\nproperty list uchar int vertex_indices\nend_header\n"
    )
    with path.open("wb") as file:
        file.write(header.encode() + vertex.tobytes() + face.tobytes())

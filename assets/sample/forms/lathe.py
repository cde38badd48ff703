"""Turned forms: vessels from measured profiles, and tubes swept along a path (handles, cords, rims)."""

from collections.abc import Sequence

import numpy as np

from assets.sample.forms.curves import Point, arc_lengths, resampled, smooth
from assets.sample.forms.surface import Array, Surface, make_grid


def revolve(profile: Array, segments: int) -> Surface:
    """Turn a profile of (radius, height) about +Y.

    The profile runs so that the outside lies to the left hand of nobody: from the top of an outer wall
    down, or from the bottom of an inner wall up. u = 0.5 faces +Z and grows towards +X, v follows the
    arc length of the profile.
    """
    u = np.linspace(0.0, 1.0, segments + 1)
    phi = 2.0 * np.pi * (u - 0.5)
    radius, height = profile[:, :1], profile[:, 1:2]
    points = np.stack(
        [radius * np.sin(phi), np.broadcast_to(height, (len(profile), len(u))), radius * np.cos(phi)], axis=-1
    )
    points[:, -1] = points[:, 0]
    v = arc_lengths(profile)
    v /= v[-1]
    texcoords = np.stack(np.meshgrid(u, v), axis=-1)
    return make_grid(points, texcoords)


def turned(profile: Sequence[Point], rows: int, segments: int) -> Surface:
    """Revolve a smooth profile through measured (radius, height) points, listed from the top down."""
    return revolve(resampled(smooth(profile), rows), segments)


def _transported_frames(path: Array) -> tuple[Array, Array]:
    """Two unit vectors across each point of a path that twist as little as possible (Bishop frame)."""
    tangent = np.gradient(path, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    first = np.cross(tangent[0], [0.0, 0.0, 1.0])
    if np.linalg.norm(first) < 1e-6:
        first = np.cross(tangent[0], [1.0, 0.0, 0.0])
    across = np.zeros_like(path)
    vector = first / np.linalg.norm(first)
    for row, t in enumerate(tangent):
        vector = vector - t * (vector @ t)
        vector = vector / np.linalg.norm(vector)
        across[row] = vector
    return across, np.cross(tangent, across)


def tube(path: Array, radius: Array | float, sides: int = 24, flat: float = 1.0) -> Surface:
    """A closed rod along ``path`` (n, 3), rounded at both ends; ``flat`` squeezes it across.

    u runs around, v along.
    """
    count = len(path)
    across, beside = _transported_frames(path)
    radii = np.broadcast_to(np.asarray(radius, dtype=np.float64), (count,)).copy()
    cap = np.cos(np.linspace(np.pi / 2, 0.0, 6))[:-1]
    reach = np.sin(np.linspace(np.pi / 2, 0.0, 6))[:-1]
    start = path[0] - path[1]
    end = path[-1] - path[-2]
    start, end = start / np.linalg.norm(start), end / np.linalg.norm(end)
    centers = np.vstack(
        [path[0] + start * radii[0] * reach[:, None], path, path[-1] + end * radii[-1] * reach[::-1, None]]
    )
    full = np.concatenate([radii[0] * cap, radii, radii[-1] * cap[::-1]])
    a = np.vstack([np.repeat(across[:1], 5, 0), across, np.repeat(across[-1:], 5, 0)])
    b = np.vstack([np.repeat(beside[:1], 5, 0), beside, np.repeat(beside[-1:], 5, 0)])
    u = np.linspace(0.0, 1.0, sides + 1)
    angle = -2.0 * np.pi * u
    ring = np.cos(angle)[None, :, None] * a[:, None] + flat * np.sin(angle)[None, :, None] * b[:, None]
    points = centers[:, None] + full[:, None, None] * ring
    points[:, -1] = points[:, 0]
    v = arc_lengths(centers)
    texcoords = np.stack(np.meshgrid(u, v / v[-1]), axis=-1)
    return make_grid(points, texcoords)


def swept(points: Sequence[Sequence[float]], count: int) -> Array:
    """A smooth path in space through the given points, ``count`` samples evenly spaced."""
    array = np.array(points, dtype=np.float64)
    t = np.arange(len(array), dtype=np.float64)
    fine = np.linspace(0.0, t[-1], len(array) * 16)
    planes = [smooth([(float(a), float(b)) for a, b in zip(t, array[:, k], strict=True)]) for k in range(3)]
    curve = np.stack([np.interp(fine, plane[:, 0], plane[:, 1]) for plane in planes], axis=1)
    return resampled(curve, count)

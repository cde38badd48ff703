"""Sculpting with signed distances: solids, smooth unions and cuts as functions of points.

A :data:`Solid` takes (n, 3) points in metres and returns signed distances, negative inside. Formulas
after Inigo Quilez, "3D signed distance functions" (iquilezles.org), 2008-2023.
"""

from collections.abc import Callable, Sequence

import numpy as np

from assets.sample.forms.surface import Array, rotation

Solid = Callable[[Array], Array]
Triple = tuple[float, float, float]


def ellipsoid(center: Triple, radii: Triple, turn: tuple[Triple, float] | None = None) -> Solid:
    """An ellipsoid (distance exact on the surface, bounded elsewhere); ``turn`` is (axis, degrees)."""
    c, r = np.array(center), np.array(radii)
    matrix = None if turn is None else rotation(*turn)

    def distance(p: Array) -> Array:
        q = p - c
        if matrix is not None:
            q = q @ matrix
        k0 = np.linalg.norm(q / r, axis=1)
        k1 = np.linalg.norm(q / (r * r), axis=1)
        return np.asarray(k0 * (k0 - 1.0) / np.maximum(k1, 1e-9))

    return distance


def box(
    center: Triple, half: Triple, rounding: float = 0.0, turn: tuple[Triple, float] | None = None
) -> Solid:
    """A box with rounded edges; ``half`` includes the rounding."""
    c, h = np.array(center), np.array(half) - rounding
    matrix = None if turn is None else rotation(*turn)

    def distance(p: Array) -> Array:
        q = p - c
        if matrix is not None:
            q = q @ matrix
        d = np.abs(q) - h
        outside = np.linalg.norm(np.maximum(d, 0.0), axis=1)
        return np.asarray(outside + np.minimum(d.max(axis=1), 0.0) - rounding)

    return distance


def rod(start: Triple, end: Triple, radius: float, end_radius: float | None = None) -> Solid:
    """A capsule whose radius runs evenly from one end to the other."""
    a, b = np.array(start), np.array(end)
    axis = b - a
    last = radius if end_radius is None else end_radius

    def distance(p: Array) -> Array:
        t = np.clip((p - a) @ axis / (axis @ axis), 0.0, 1.0)
        near = np.linalg.norm(p - a - t[:, None] * axis, axis=1)
        return np.asarray(near - (radius + (last - radius) * t))

    return distance


def path(points: Sequence[Triple], radius: float, end_radius: float | None = None) -> Solid:
    """A rod along a chain of points."""
    last = radius if end_radius is None else end_radius
    steps = len(points) - 1
    radii = [radius + (last - radius) * k / steps for k in range(steps + 1)]
    pieces = [rod(points[k], points[k + 1], radii[k], radii[k + 1]) for k in range(steps)]
    return union(pieces)


def union(solids: Sequence[Solid], blend: float = 0.0) -> Solid:
    """All solids; ``blend`` metres of fillet where they meet."""

    def distance(p: Array) -> Array:
        result = solids[0](p)
        for solid in solids[1:]:
            other = solid(p)
            result = np.minimum(result, other) if blend <= 0 else _smooth_minimum(result, other, blend)
        return np.asarray(result)

    return distance


def cut(solid: Solid, tool: Solid, blend: float = 0.0) -> Solid:
    """The solid without the tool; ``blend`` rounds the new edge."""

    def distance(p: Array) -> Array:
        a, b = solid(p), -tool(p)
        return np.asarray(np.maximum(a, b) if blend <= 0 else -_smooth_minimum(-a, -b, blend))

    return distance


def mirrored(solid: Solid) -> Solid:
    """The solid and its mirror image across the plane x = 0 (give the half at +X)."""
    return lambda p: solid(np.column_stack([np.abs(p[:, 0]), p[:, 1], p[:, 2]]))


def roughened(solid: Solid, relief: Callable[[Array], Array]) -> Solid:
    """The surface raised by ``relief`` metres at each point."""
    return lambda p: np.asarray(solid(p) - relief(p))


def _smooth_minimum(a: Array, b: Array, k: float) -> Array:
    h = np.maximum(k - np.abs(a - b), 0.0) / k
    return np.asarray(np.minimum(a, b) - h * h * k * 0.25)


def stations(rows: Sequence[tuple[float, float, float, float, float]], power: float = 2.0) -> Solid:
    """A lofted body: at each height an ellipse. Rows are (y, half width, half depth, x, z), rising in y.

    ``power`` above 2 squares the ellipse. Ends are closed flat; the distance is a bounded estimate.
    """
    table = np.array(rows, dtype=np.float64)

    def distance(p: Array) -> Array:
        y = p[:, 1]
        a, b, x, z = (_cubic(table[:, 0], table[:, k], y) for k in (1, 2, 3, 4))
        u, w = np.abs((p[:, 0] - x) / a), np.abs((p[:, 2] - z) / b)
        norm = (u**power + w**power) ** (1.0 / power)
        side = (norm - 1.0) * np.minimum(a, b) * np.minimum(1.0, 0.35 + 0.65 * norm)
        cap = np.maximum(table[0, 0] - y, y - table[-1, 0])
        return np.asarray(np.maximum(side, cap))

    return distance


def _cubic(at: Array, values: Array, y: Array) -> Array:
    """Monotone-ish Hermite interpolation with finite-difference slopes, constant beyond the ends."""
    slope = np.gradient(values, at)
    q = np.clip(y, at[0], at[-1])
    k = np.clip(np.searchsorted(at, q) - 1, 0, len(at) - 2)
    h = at[k + 1] - at[k]
    t = (q - at[k]) / h
    t2, t3 = t * t, t * t * t
    return np.asarray(
        (2 * t3 - 3 * t2 + 1) * values[k]
        + (t3 - 2 * t2 + t) * h * slope[k]
        + (-2 * t3 + 3 * t2) * values[k + 1]
        + (t3 - t2) * h * slope[k + 1]
    )

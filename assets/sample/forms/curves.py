"""Plane curves: measured profiles and outlines turned into evenly spaced points."""

import itertools
from collections.abc import Sequence

import numpy as np

from assets.sample.forms.surface import Array

Point = tuple[float, float]


def _catmull_rom(points: Array, steps: int) -> Array:
    """Centripetal-like smooth curve through the points (uniform Catmull-Rom), ``steps`` per segment."""
    if len(points) < 3:
        return points
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0.0, 1.0, steps, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(padded[:-3], padded[1:-2], padded[2:-1], padded[3:], strict=True):
        pieces.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    return np.vstack([*pieces, points[-1:]])


def smooth(points: Sequence[Point], steps: int = 16) -> Array:
    """A smooth curve through measured points; a point given twice running is a corner."""
    stretches: list[list[Point]] = [[points[0]]]
    for before, point in itertools.pairwise(points):
        if point == before:
            stretches.append([point])
        else:
            stretches[-1].append(point)
    curves = [_catmull_rom(np.array(s, dtype=np.float64), steps) for s in stretches if len(s) > 1]
    return np.vstack([curves[0], *(curve[1:] for curve in curves[1:])])


def arc_lengths(curve: Array) -> Array:
    """Length from the start to each point."""
    return np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])


def resampled(curve: Array, count: int) -> Array:
    """``count`` points evenly spaced by arc length."""
    along = arc_lengths(curve)
    target = np.linspace(0.0, along[-1], count)
    return np.stack([np.interp(target, along, curve[:, k]) for k in range(curve.shape[1])], axis=1)

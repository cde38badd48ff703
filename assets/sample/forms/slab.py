"""Flat forms with two faces and a rounded rim: tablets, coins, mirrors, leaves, textiles, boards."""

from collections.abc import Callable

import numpy as np

from assets.sample.forms.curves import Point, arc_lengths, resampled, smooth
from assets.sample.forms.surface import Array, Surface, joined, make_grid, sample

Outline = Callable[[Array], Array]
"""Angle (radians, counter-clockwise from +X) to (…, 2) points of a closed outline around the origin."""


def _net(outline: Outline, section: Array, count: tuple[int, int]) -> Array:
    """Points (rows, columns, 3) of the front face: a square net wrapped onto the outline."""
    columns, rows = count
    s, t = np.meshgrid(np.linspace(-1, 1, columns), np.linspace(1, -1, rows))
    ring = np.maximum(np.abs(s), np.abs(t))
    rim = outline(np.arctan2(t, s))
    along = arc_lengths(section)
    along /= along[-1]
    reach = np.interp(ring, along, section[:, 0])
    z = np.interp(ring, along, section[:, 1])
    return np.concatenate([rim * reach[..., None], z[..., None]], axis=-1)


def slab(outline: Outline, section: list[Point], count: tuple[int, int]) -> Surface:
    """Front (+Z) and back face over one outline; stands in the XY plane, centered on the origin.

    ``section`` runs from the center (0, half thickness) to the rim (1, 0): share of the way to the
    outline, and height in metres. The front face reads the left half of the canvas, the back the right
    half, both upright for who stands before them.
    """
    curve = smooth(section, 12)
    # A spline swings past sharp turns of a thin section; beyond the rim or backwards the face would fold.
    curve[:, 0] = np.maximum.accumulate(np.clip(curve[:, 0], 0.0, 1.0))
    curve[:, 1] = np.clip(curve[:, 1], 0.0, max(height for _, height in section))
    reach = float(np.abs(outline(np.linspace(0, 2 * np.pi, 256))).max())
    metric = resampled(curve * [reach, 1.0], 400) / [reach, 1.0]
    points = _net(outline, metric, count)
    low, high = points.reshape(-1, 3).min(axis=0), points.reshape(-1, 3).max(axis=0)
    across = (points[..., 0] - low[0]) / (high[0] - low[0])
    down = (high[1] - points[..., 1]) / (high[1] - low[1])
    front = make_grid(points, np.stack([across / 2, down], axis=-1))
    mirrored = points[:, ::-1] * [1.0, 1.0, -1.0]
    back = make_grid(mirrored, np.stack([1.0 - across[:, ::-1] / 2, down[:, ::-1]], axis=-1))
    both = joined([front, back])
    return both.reshaped(both.positions)


def embossed(surface: Surface, height: Array) -> Surface:
    """Displaced by a raster of metres that fades out towards the rim, where front and back meet."""
    z = np.abs(surface.positions[:, 2])
    fade = np.clip(z / (0.35 * z.max()), 0.0, 1.0)
    offset = (sample(height, surface.texcoords) * fade)[:, None] * surface.normals
    return surface.reshaped(surface.positions + offset)


def rectangle(width: float, height: float) -> Outline:
    """A rectangle with sharp corners; angles follow the net, so corners meet corners."""

    def points(angle: Array) -> Array:
        c, s = np.cos(angle), np.sin(angle)
        scale = np.maximum(np.abs(c), np.abs(s))
        return np.stack([c / scale * width / 2, s / scale * height / 2], axis=-1)

    return points


def cushion(width: float, height: float, power: float) -> Outline:
    """A rounded rectangle (Lamé curve)."""

    def points(angle: Array) -> Array:
        c, s = np.cos(angle), np.sin(angle)
        radius = (np.abs(c) ** power + np.abs(s) ** power) ** (-1.0 / power)
        return np.stack([radius * c * width / 2, radius * s * height / 2], axis=-1)

    return points


def _concentric(angle: Array) -> Array:
    """Angles of the square net spread evenly round a circle (Shirley & Chiu, 1997)."""
    c, s = np.cos(angle), np.sin(angle)
    sideways = np.abs(c) >= np.abs(s)
    with np.errstate(divide="ignore", invalid="ignore"):
        first = np.pi / 4 * s / c + np.where(c < 0, np.pi, 0.0)
        second = np.pi / 2 * np.sign(s) - np.pi / 4 * c / s
    return np.where(sideways, first, second)


def polar(radius: Callable[[Array], Array]) -> Outline:
    """An outline given as radius over angle."""

    def points(angle: Array) -> Array:
        even = _concentric(angle)
        r = radius(even)
        return np.stack([r * np.cos(even), r * np.sin(even)], axis=-1)

    return points

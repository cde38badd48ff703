"""Texture coordinates for sculpted figures: a box atlas, and the painting of its texels by position.

Each triangle joins a chart of neighbors that face the same of six directions; a chart is projected along
its direction and charts are packed in shelves. Colors are then computed per texel from the point in
space that the texel shows, so paint has no seams.
"""

from dataclasses import dataclass

import numpy as np

from assets.sample.forms.surface import Array, Ints, Surface

_PADDING = 3


@dataclass(frozen=True, slots=True)
class Atlas:
    """A surface with charts, and for each painted texel of its canvas the point it shows."""

    surface: Surface
    size: int
    rows: Ints
    columns: Ints
    points: Array
    normals: Array
    corners: Ints
    """The three vertices around each texel."""
    weights: Array
    """How much each of the three counts there."""

    def read(self, values: Array) -> Array:
        """Values given per vertex of the surface, read at each texel."""
        return np.asarray((values[self.corners] * self.weights).sum(axis=1))


def _labels(normals: Array, triangles: Ints) -> Ints:
    """The best of six directions per triangle, from normals smoothed over neighbors."""
    smooth = normals
    count = len(normals)
    for _ in range(6):
        mean = smooth[triangles].sum(axis=1)
        total = np.zeros_like(smooth)
        for axis in range(3):
            for corner in range(3):
                total[:, axis] += np.bincount(triangles[:, corner], mean[:, axis], count)
        smooth = total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)
    face = smooth[triangles].sum(axis=1)
    own = normals[triangles].sum(axis=1)
    score = np.concatenate([face, -face], axis=1)
    truth = np.concatenate([own, -own], axis=1)
    return np.asarray(np.argmax(np.where(truth > 0.25, score, score - 10.0), axis=1))


def _charts(triangles: Ints, labels: Ints, vertices: int) -> Ints:
    """Connected triangles of one label get one number (label propagation with pointer jumping)."""
    keys = labels[:, None] * vertices + triangles
    _, node = np.unique(keys, return_inverse=True)
    node = node.reshape(-1, 3)
    root = np.arange(int(node.max()) + 1)
    while True:
        least = root[node].min(axis=1)
        grown = root.copy()
        for corner in range(3):
            np.minimum.at(grown, node[:, corner], least)
        grown = grown[grown]
        if np.array_equal(grown, root):
            break
        root = grown
    _, chart = np.unique(root[node[:, 0]], return_inverse=True)
    return np.asarray(chart)


def _packed(sizes: Array, size: int, scale: float) -> Array | None:
    """Shelf packing of boxes (width, height in metres); the corner of each, or None where they overflow."""
    boxes = np.ceil(sizes * scale).astype(np.int64) + 2 * _PADDING
    corners = np.zeros((len(boxes), 2))
    x = y = shelf = 0
    for k in np.argsort(-boxes[:, 1], kind="stable"):
        width, height = int(boxes[k, 0]), int(boxes[k, 1])
        if width > size:
            return None
        if x + width > size:
            x, y, shelf = 0, y + shelf, 0
        if y + height > size:
            return None
        corners[k] = (x, y)
        x, shelf = x + width, max(shelf, height)
    return corners


def atlas(positions: Array, normals: Array, triangles: Ints, size: int = 1024) -> Atlas:
    """Lay out the charts on a square canvas of ``size`` pixels."""
    labels = _labels(normals, triangles)
    chart = _charts(triangles, labels, len(positions))
    axis = labels % 3
    flat = _projected(positions[triangles], axis, labels < 3)
    count = int(chart.max()) + 1
    low = np.full((count, 2), np.inf)
    high = np.full((count, 2), -np.inf)
    np.minimum.at(low, chart, flat.min(axis=1))
    np.maximum.at(high, chart, flat.max(axis=1))
    scale = size / np.sqrt((high - low).prod(axis=1).sum())
    corners = None
    while corners is None:
        scale *= 0.97
        corners = _packed(high - low, size, scale)
    pixels = (flat - low[chart][:, None]) * scale + corners[chart][:, None] + _PADDING
    keys = chart[:, None] * len(positions) + triangles
    _, first, split = np.unique(keys, return_index=True, return_inverse=True)
    source = triangles.ravel()[first]
    surface = Surface(
        positions[source], normals[source], pixels.reshape(-1, 2)[first] / size, split.reshape(-1, 3)
    )
    texels, corner, weights = _rasterized(surface, size)
    points = (surface.positions[corner] * weights[..., None]).sum(axis=1)
    directions = (surface.normals[corner] * weights[..., None]).sum(axis=1)
    directions /= np.maximum(np.linalg.norm(directions, axis=1, keepdims=True), 1e-9)
    return Atlas(surface, size, texels // size, texels % size, points, directions, corner, weights)


def _projected(
    corners: Array, axis: Ints, positive: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> Array:
    """Triangle corners seen along their direction, unmirrored, y down."""
    across = np.array([2, 0, 0])[axis]
    down = np.array([1, 2, 1])[axis]
    index = np.arange(len(corners))[:, None]
    each = np.arange(3)[None, :]
    x = corners[index, each, across[:, None]]
    y = corners[index, each, down[:, None]] * np.where(axis == 1, 1.0, -1.0)[:, None]
    flip = np.where((axis == 0) == positive, -1.0, 1.0)
    return np.stack([x * flip[:, None], y], axis=-1)


def _rasterized(surface: Surface, size: int) -> tuple[Ints, Ints, Array]:
    """Every texel whose center lies in a triangle (grown by half a texel), with its corners and weights."""
    corners = surface.texcoords[surface.triangles] * size
    low = np.floor(corners.min(axis=1) - 0.5).astype(np.int64)
    extent = np.ceil(corners.max(axis=1) + 0.5).astype(np.int64) - low
    owner = np.full(size * size, -1, dtype=np.int64)
    span = extent.max(axis=1)
    for group in np.unique(span):
        chosen = np.nonzero(span == group)[0]
        step = np.stack(np.meshgrid(np.arange(group), np.arange(group)), axis=-1).reshape(-1, 2)
        texel = low[chosen][:, None] + step
        weights = _barycentric(corners[chosen], texel + 0.5)
        hit = (weights.min(axis=-1) > -0.35) & (texel >= 0).all(axis=-1) & (texel < size).all(axis=-1)
        which = np.broadcast_to(chosen[:, None], hit.shape)[hit]
        owner[texel[hit][:, 1] * size + texel[hit][:, 0]] = which
    texels = np.nonzero(owner >= 0)[0]
    triangle = surface.triangles[owner[texels]]
    rows, columns = texels // size, texels % size
    center = np.stack([columns, rows], axis=-1).astype(np.float64) + 0.5
    w = _barycentric(corners[owner[texels]], center[:, None])[:, 0]
    w = np.clip(w, 0.0, 1.0)
    return texels, triangle, w / w.sum(axis=1, keepdims=True)


def _barycentric(corners: Array, points: Array) -> Array:
    a, b, c = (corners[:, None, k] for k in range(3))
    ab, ac, ap = b - a, c - a, points - a
    area = ab[..., 0] * ac[..., 1] - ab[..., 1] * ac[..., 0]
    area = np.where(np.abs(area) < 1e-9, 1e-9, area)
    v = (ap[..., 0] * ac[..., 1] - ap[..., 1] * ac[..., 0]) / area
    w = (ab[..., 0] * ap[..., 1] - ab[..., 1] * ap[..., 0]) / area
    return np.stack([1.0 - v - w, v, w], axis=-1)


def spread(atlas_: Atlas, values: Array, background: Array | float) -> Array:
    """Texel values (n,) or (n, k) as a raster, grown outward so that filtering finds no background."""
    shape = (atlas_.size, atlas_.size, *values.shape[1:])
    raster = np.empty(shape)
    raster[...] = background
    known = np.zeros((atlas_.size, atlas_.size), dtype=bool)
    raster[atlas_.rows, atlas_.columns] = values
    known[atlas_.rows, atlas_.columns] = True
    for _ in range(_PADDING):
        for axis, shift in ((0, 1), (0, -1), (1, 1), (1, -1)):
            moved = np.roll(known, shift, axis=axis) & ~known
            raster[moved] = np.roll(raster, shift, axis=axis)[moved]
            known |= moved
    return raster

"""From a solid to a painted mesh: the surface is found, laid out on an atlas, and painted by position."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assets.pipeline.scan import Mesh
from assets.sample.forms.finish import Finish, dressed, material
from assets.sample.forms.isosurface import isosurface
from assets.sample.forms.sdf import Solid
from assets.sample.forms.surface import Array
from assets.sample.forms.unwrap import atlas, spread


@dataclass(frozen=True, slots=True)
class Coat:
    """What a painter decides for each point: color (n, 3) in sRGB, roughness (n,), fine relief (n,)."""

    color: Array
    roughness: Array


Painter = Callable[[Array, Array, Array], Coat]
"""Points, normals and hollowness (0 open, 1 deep) to a coat."""


def hollowness(solid: Solid, points: Array, normals: Array, reach: float) -> Array:
    """How much of the view outward is closed off within ``reach`` metres (distance-field occlusion)."""
    total = np.zeros(len(points))
    for step in (0.35, 0.7, 1.0):
        away = reach * step
        total += np.clip(1.0 - solid(points + normals * away) / away, 0.0, 1.0)
    return np.asarray(np.clip(total / 3.0 * 1.3, 0.0, 1.0))


def sculpted(
    name: str,
    solid: Solid,
    bounds: tuple[tuple[float, float, float], tuple[float, float, float]],
    cell: float,
    painter: Painter,
) -> Mesh:
    """The solid's surface with grid ``cell`` metres, painted on a 1024 × 1024 atlas."""
    positions, normals, triangles = isosurface(solid, np.array(bounds[0]), np.array(bounds[1]), cell)
    sheet = atlas(positions, normals, triangles)
    hollow = sheet.read(hollowness(solid, sheet.surface.positions, sheet.surface.normals, cell * 6))
    coat = painter(sheet.points, sheet.normals, hollow)
    finish = Finish(
        color=spread(sheet, coat.color, coat.color.mean(axis=0)),
        roughness=spread(sheet, coat.roughness, 0.8),
        occlusion=spread(sheet, 1.0 - 0.55 * hollow, 1.0),
    )
    return dressed(name, sheet.surface, material(name, finish))


def mixed(base: Array, paint: Array | tuple[float, float, float], cover: NDArray[Any]) -> Array:
    """Paint over per-point colors."""
    c = np.clip(cover, 0.0, 1.0)[:, None]
    return np.asarray(base * (1.0 - c) + np.asarray(paint) * c)

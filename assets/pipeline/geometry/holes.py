"""Small holes closed: a flat or nearly flat loop gets a fan of triangles around its middle."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assets.pipeline.geometry.topology import Doubles, Integers, Topology
from assets.pipeline.scan import Mesh, Scan

_CORNERS: Final = 4096
"""Of the longest loop that is closed; longer ones are the rims of open scans."""


_MOST: Final = 0.5
"""Share of a piece's area that one filling may add."""


@dataclass(frozen=True, slots=True)
class FilledHoles:
    """What came of a scan's holes."""

    scan: Scan
    filled: int
    triangles: int
    """That the fillings are made of."""
    left: int
    """Holes that stay open, being wider than the limit or too crooked for a fan."""
    widest_left: float
    """Metres across, 0 where none is left."""


def fill_holes(scan: Scan, topology: Topology, widest: float) -> FilledHoles:
    """Close the holes that are at most ``widest`` metres across, in the color of one point of their rim.

    The rim of a sheet is no hole in it: what a filling adds must be little beside the piece it mends.
    """
    _, piece = topology.components
    area = np.zeros(len(topology.corners))
    area[topology.faces.reshape(-1)] = np.repeat(np.bincount(piece, topology.areas)[piece], 3)
    fans: list[tuple[Integers, Doubles]] = []
    left: list[float] = []
    for loop in topology.loops:
        rim = topology.corners[loop]
        width = float(np.ptp(rim, axis=0).max())
        small = 3 <= len(loop) <= _CORNERS and width <= widest
        if small and _fan_area(rim) < _MOST * area[loop[0]] and _is_star(rim):
            fans.append((loop, rim))
        else:
            left.append(width)
    filled = _patched(scan, topology, fans) if fans else scan
    triangles = filled.triangle_count - scan.triangle_count
    return FilledHoles(filled, len(fans), triangles, len(left), max(left, default=0.0))


def _fan_area(rim: Doubles) -> float:
    spokes = rim - rim.mean(axis=0)
    turns = np.cross(spokes, np.roll(spokes, -1, axis=0))
    return float(np.linalg.norm(turns, axis=1).sum() / 2.0)


def _is_star(rim: Doubles) -> bool:
    """Whether the rim, seen from its middle along its normal, turns one way only."""
    spokes = rim - rim.mean(axis=0)
    turns = np.cross(spokes, np.roll(spokes, -1, axis=0))
    normal = turns.sum(axis=0)
    return bool((turns @ normal > 0).all())


def _patched(scan: Scan, topology: Topology, fans: list[tuple[Integers, Doubles]]) -> Scan:
    starts = np.cumsum([0, *(len(mesh.positions) for mesh in scan.meshes)])
    owner = [int(np.searchsorted(starts, topology.vertices[loop[0]], side="right")) - 1 for loop, _ in fans]
    normals = np.concatenate([mesh.normals for mesh in scan.meshes])
    meshes = list(scan.meshes)
    for k, mesh in enumerate(scan.meshes):
        own = [fan for fan, of in zip(fans, owner, strict=True) if of == k]
        for loop, rim in own:
            at = topology.vertices[loop]
            meshes[k] = _with_fan(meshes[k], rim, normals[at], int(at[0] - starts[k]), mesh)
    return replace(scan, meshes=tuple(meshes))


def _with_fan(mesh: Mesh, rim: Doubles, normals: NDArray[np.float32], sample: int, original: Mesh) -> Mesh:
    """The mesh with a fan over a rim that runs as its triangles do, so that the fan runs against it.

    The fan has vertices of its own, because those of the rim may lie on several islands of the texture.
    """
    first, count = len(mesh.positions), len(rim)
    center = -np.cross(rim - rim.mean(axis=0), np.roll(rim, -1, axis=0) - rim.mean(axis=0)).sum(axis=0)
    center /= max(float(np.linalg.norm(center)), 1e-30)
    ring = first + np.arange(count)
    ahead = np.roll(ring, -1)
    if count == 3:
        added_points, added_normals = rim, normals.astype(np.float64)
        fan = ring[[2, 1, 0]][None]
    else:
        added_points = np.vstack((rim, rim.mean(axis=0)))
        added_normals = np.vstack((normals, center))
        fan = np.stack((ahead, ring, np.full(count, first + count)), axis=1)
    more = len(added_points)
    colors = mesh.colors
    if colors is not None and original.colors is not None:
        colors = np.vstack((colors, np.repeat(original.colors[sample : sample + 1], more, axis=0)))
    return replace(
        mesh,
        positions=np.vstack((mesh.positions, added_points)).astype(np.float32),
        normals=np.vstack((mesh.normals, added_normals)).astype(np.float32),
        texcoords=np.vstack(
            (mesh.texcoords, np.repeat(original.texcoords[sample : sample + 1], more, axis=0))
        ),
        triangles=np.vstack((mesh.triangles, fan)).astype(np.uint32),
        colors=colors,
    )

"""Which triangle every sample of a picture sees, in compiled loops.

It imports Numba, and nothing imports it before a picture is asked for. One thread, no
fused arithmetic, no state: the same input gives the same bytes on the same machine.

Triangles are rasterized in homogeneous coordinates (Olano and Greer 1997, *Triangle Scan Conversion using
2D Homogeneous Coordinates*), so that none has to be clipped, and edges that two triangles share are decided
the same way from both sides: no gaps, no pixel drawn twice.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

from assets import machine_code

Function = TypeVar("Function", bound=Callable[..., Any])

_inline: Any = numba.njit(nogil=True, error_model="numpy", forceinline=True)


def compiled(function: Function) -> Function:
    """Machine code for a loop, compiled when it is first called; see :mod:`assets.machine_code`."""
    kernel: Function = machine_code.compiled(function, nogil=True, error_model="numpy")  # type: ignore[assignment]
    return kernel


def inlined(function: Function) -> Function:
    """A step of a compiled loop, put into it: a call would copy every array's description each time."""
    kernel: Function = _inline(function)
    return kernel


class Shape(NamedTuple):
    """All triangles of a scan. n vertices, m triangles."""

    positions: NDArray[np.float64]
    """(n, 3) metres."""
    normals: NDArray[np.float32]
    """(n, 3) unit."""
    texcoords: NDArray[np.float32]
    """(n, 2)."""
    colors: NDArray[np.float32]
    """(n, 4) linear, with alpha."""
    openness: NDArray[np.float32]
    """(n, 2): share of the hemisphere that the scan itself does not hide, before the normal and behind it."""
    triangles: NDArray[np.int32]
    """(m, 3)."""
    materials: NDArray[np.int32]
    """(m,): a row of ``Surfaces``."""


class Eye(NamedTuple):
    """Where the picture is taken from."""

    position: NDArray[np.float64]
    projected: NDArray[np.float64]
    """(n, 3) vertices: x · depth, y · depth, depth."""
    places: NDArray[np.float64]
    """(n, 2) the same, in pixels; of no meaning behind the camera."""
    offsets: NDArray[np.float64]
    """(s, 2) sample places within a pixel; the first one is its center."""
    reach: NDArray[np.float64]
    """(4,) lowest and highest of the sample places, along x and along y."""
    slack: float
    """Relative difference in depth up to which samples of a pixel and a material share one color."""


@inlined
def row(values: Any, i: int) -> Any:
    """Three columns of an array's row. Numba counts references to array views, not to numbers."""
    return values[i, 0], values[i, 1], values[i, 2]


@inlined
def dot(a: Any, b: Any) -> Any:
    """Scalar product of two triples."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@inlined
def minus(a: Any, b: Any) -> Any:
    """The triple from ``b`` to ``a``."""
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


@inlined
def unit(a: Any) -> Any:
    """The same direction with length 1; zero stays zero."""
    length = math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2])
    scale = 1.0 / length if length > 1e-30 else 0.0
    return a[0] * scale, a[1] * scale, a[2] * scale


@inlined
def cross(a: Any, b: Any) -> Any:
    """Vector product of two triples."""
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


@inlined
def projected(view: Any, place: Any, normal: Any, lift: float) -> Any:
    """A place lifted along its normal, as (x · depth, y · depth, depth)."""
    x, y, z = place[0] + lift * normal[0], place[1] + lift * normal[1], place[2] + lift * normal[2]
    return (
        view[0, 0] * x + view[0, 1] * y + view[0, 2] * z + view[0, 3],
        view[1, 0] * x + view[1, 1] * y + view[1, 2] * z + view[1, 3],
        view[2, 0] * x + view[2, 1] * y + view[2, 2] * z + view[2, 3],
    )


@compiled
def project(positions: Any, view: Any, seen: Any, places: Any) -> None:
    """Every vertex as (x · depth, y · depth, depth), and its place in pixels; ``view`` is (3, 4)."""
    for i in range(len(positions)):
        x, y, depth = projected(view, row(positions, i), (0.0, 0.0, 0.0), 0.0)
        seen[i, 0], seen[i, 1], seen[i, 2] = x, y, depth
        places[i, 0], places[i, 1] = x / depth, y / depth


@inlined
def _scaled(edge: Any, turn: float) -> Any:
    return edge[0] * turn, edge[1] * turn, edge[2] * turn


@inlined
def _reach(edge: Any) -> Any:
    """The most by which an edge function grows within a pixel."""
    return max(edge[0], 0.0) + max(edge[1], 0.0)


@inlined
def _owns(value: float, edge: Any) -> bool:
    """Inside an edge; on the edge itself, one of its two triangles only."""
    return value > 0.0 or (value == 0.0 and (edge[0] > 0.0 or (edge[0] == 0.0 and edge[1] > 0.0)))


@inlined
def _span(a: float, b: float, c: float, reach: Any, size: int) -> Any:
    """First and past-last pixel, along one axis, with a sample between the outermost of three places."""
    # NumPy's floor and ceil keep floats: places near the camera's plane pass every integer.
    first = max(np.ceil(min(a, b, c) - reach[1]), 0.0)
    last = min(np.floor(max(a, b, c) - reach[0]) + 1.0, float(size))
    return (int(first), int(last)) if first < last else (0, 0)


@inlined
def _spans(eye: Any, corners: Any, size: Any) -> Any:
    """First and past-last column, first and past-last row, of the pixels that a triangle can touch."""
    i, j, k = corners
    p, q = eye.projected, eye.places
    ahead = (p[i, 2] > 0.0) + (p[j, 2] > 0.0) + (p[k, 2] > 0.0)
    if ahead == 0:
        return (0, 0), (0, 0)
    if ahead < 3:
        return (0, size[1]), (0, size[0])
    columns = _span(q[i, 0], q[j, 0], q[k, 0], (eye.reach[0], eye.reach[1]), size[1])
    return columns, _span(q[i, 1], q[j, 1], q[k, 1], (eye.reach[2], eye.reach[3]), size[0])


@inlined
def _hidden(nearness: Any, near: float, columns: Any, rows: Any) -> bool:
    """Whether all samples of some pixels see something at least as near."""
    for y in range(rows[0], rows[1]):
        for x in range(columns[0], columns[1]):
            for s in range(nearness.shape[2]):
                if nearness[y, x, s] < near:
                    return False
    return True


@inlined
def _cover(eye: Any, triangles: Any, number: int, buffers: Any) -> None:
    """Let one triangle claim the samples that it covers and that nothing nearer has claimed."""
    limit, nearness, seen = buffers
    i, j, k = row(triangles, number)
    (x0, x1), (y0, y1) = _spans(eye, (i, j, k), seen.shape)
    if x0 == x1 or y0 == y1:
        return
    if (x1 - x0) * (y1 - y0) <= 4:
        nearest = min(eye.projected[i, 2], eye.projected[j, 2], eye.projected[k, 2])
        if nearest > 0.0 and _hidden(nearness, 1.0 / nearest, (x0, x1), (y0, y1)):
            return
    a, b, c = row(eye.projected, i), row(eye.projected, j), row(eye.projected, k)
    # The edge function through two homogeneous points is their cross product: exactly negated, without
    # rounding, when they are exchanged.
    e0, e1, e2 = cross(b, c), cross(c, a), cross(a, b)
    volume = dot(a, e0)
    if volume == 0.0 or not math.isfinite(volume):
        return
    turn = 1.0 if volume > 0.0 else -1.0
    scale = 1.0 / abs(volume)
    e0, e1, e2 = _scaled(e0, turn), _scaled(e1, turn), _scaled(e2, turn)
    for y in range(y0, y1):
        for x in range(x0, x1):
            b0 = e0[0] * x + e0[1] * y + e0[2]
            b1 = e1[0] * x + e1[1] * y + e1[2]
            b2 = e2[0] * x + e2[1] * y + e2[2]
            if min(b0 + _reach(e0), b1 + _reach(e1), b2 + _reach(e2)) < 0.0:
                continue
            for s in range(seen.shape[2]):
                ox, oy = eye.offsets[s, 0], eye.offsets[s, 1]
                v0 = b0 + (e0[0] * ox + e0[1] * oy)
                v1 = b1 + (e1[0] * ox + e1[1] * oy)
                v2 = b2 + (e2[0] * ox + e2[1] * oy)
                least = min(v0, v1, v2)
                if least < 0.0:
                    continue
                if least == 0.0 and not (_owns(v0, e0) and _owns(v1, e1) and _owns(v2, e2)):
                    continue
                near = np.float32((v0 + v1 + v2) * scale)
                if limit[y, x, s] > near > nearness[y, x, s]:
                    nearness[y, x, s] = near
                    seen[y, x, s] = number


@compiled
def rasterize(eye: Eye, triangles: Any, chosen: Any, buffers: Any) -> None:
    """Mark for every sample the nearest of the ``chosen`` triangles, and its inverse depth.

    ``buffers``, all (h, w, s): the inverse depth that a triangle must be farther than, the one that it must
    be nearer than, which becomes its own, and the triangle's number.
    """
    for i in range(len(chosen)):
        _cover(eye, triangles, chosen[i], buffers)


@compiled
def open_toward(shape: Shape, view: Any, direction: Any, nearness: Any, opened: Any) -> None:
    """Add to ``opened`` (n, 4) what each vertex sees of one direction, weighted by its cosine.

    Columns: seen and possible, before the stated normal; seen and possible, behind it. ``nearness`` is the
    inverse depth map of ``view``, already biased.
    """
    size = nearness.shape[0]
    for i in range(len(shape.positions)):
        normal = row(shape.normals, i)
        cosine = dot(normal, direction)
        side = 0 if cosine > 0.0 else 2
        cosine = abs(cosine)
        if cosine < 0.05:
            continue
        x, y, depth = projected(view, row(shape.positions, i), normal, 0.0)
        column, line = int(x / depth), int(y / depth)
        opened[i, side + 1] += cosine
        if 0 <= column < size and 0 <= line < size and nearness[line, column, 0] * depth > 1.0:
            continue
        opened[i, side] += cosine

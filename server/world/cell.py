"""What can matter in one cell: found once, when a visitor first comes there, and packed into one array.

Compiled like :mod:`server.world.sight`, whose rows and columns it uses.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numba import boolean, float64, int64, types, void

from server.world.sight import (
    BOX,
    HALF,
    LEAVE,
    LINE,
    POINT,
    RADIUS,
    ROOM_ROW,
    ROW,
    SCENE,
    SLIM,
    SPOT,
    TABLE,
    WHOLE,
    Flags,
    Floats,
    Indices,
    Point,
    Scene,
    compiled,
    crosses,
    sight_point,
)


class Near(NamedTuple):
    """Everything around a cell, as it is gathered."""

    rows: Floats
    boxes: Floats
    walls: Floats


class Marks(NamedTuple):
    """What :func:`prepare` finds: artifacts that can matter, and the walls that may stand before each."""

    kept: Flags
    between: Flags


_types: Any = types  # Numba does not type this module
_MARKS = _types.NamedTuple((boolean[::1], boolean[:, ::1]), Marks)
_NEAR = _types.NamedUniTuple(TABLE, 3, Near)
_COUNTS = 5
"""Numbers at the head of a packed scene: artifacts, walls, walls between, hotspots, rooms."""


@compiled(boolean(TABLE, POINT, TABLE, WHOLE, int64))
def in_shadow(box: Floats, point: Point, walls: Floats, listed: Indices, count: int) -> bool:
    """Whether one of the walls listed hides the point from the whole box (lowest and highest corner).

    The shadow that a convex occluder throws from a point is convex: a box is in it when its corners are.
    """
    for i in range(count):
        corners = 0
        while corners < 8:
            corner = (box[corners & 1, 0], box[(corners >> 1) & 1, 1], box[corners >> 2, 2])
            if not crosses(corner, point, walls, listed[i], SLIM):
                break
            corners += 1
        if corners == 8:
            return True
    return False


@compiled(boolean(POINT, POINT, TABLE, int64, float64))
def is_aside(p: Point, s: Point, walls: Floats, i: int, growth: float) -> bool:
    """Whether the segment p to s passes outside the sphere around occluder ``i`` grown on all sides."""
    dx, dy, dz = s[0] - p[0], s[1] - p[1], s[2] - p[2]
    ox, oy, oz = walls[i, 0] - p[0], walls[i, 1] - p[1], walls[i, 2] - p[2]
    squared = dx * dx + dy * dy + dz * dz
    share = 0.0
    if squared > 0.0:
        share = min(max((ox * dx + oy * dy + oz * dz) / squared, 0.0), 1.0)
    ox, oy, oz = ox - share * dx, oy - share * dy, oz - share * dz
    a, b, c = walls[i, HALF], walls[i, HALF + 1], walls[i, HALF + 2]
    reach = math.sqrt(a * a + b * b + c * c) + growth * 3.0  # an axis of a box grows by up to root 3 times
    return bool(ox * ox + oy * oy + oz * oz > reach * reach)


@compiled(void(TABLE, _NEAR, float64, _MARKS))
def prepare(box: Floats, near: Near, gaze_reach: float, marks: Marks) -> None:
    """Find which artifacts can matter to an eye in a box (lowest and highest corner), behind which walls.

    Errs on the safe side in both.
    """
    rows, boxes, walls = near
    low, high = box[0], box[1]
    middle = ((low[0] + high[0]) / 2.0, (low[1] + high[1]) / 2.0, (low[2] + high[2]) / 2.0)
    half = max(high[0] - low[0], high[1] - low[1], high[2] - low[2]) / 2.0
    listed = np.empty(walls.shape[0], np.int64)
    for j in range(rows.shape[0]):
        squared = 0.0
        for k in range(3):
            squared += max(low[k] - rows[j, k], rows[j, k] - high[k], 0.0) ** 2
        if squared > max(rows[j, LEAVE], gaze_reach) ** 2:
            continue
        count = 0
        growth = max(half, rows[j, RADIUS]) + 1e-6
        for i in range(walls.shape[0]):
            # Most walls are far aside: their sphere tells it sooner than their box.
            if is_aside(middle, (rows[j, 0], rows[j, 1], rows[j, 2]), walls, i, growth):
                continue
            if crosses(middle, sight_point(boxes, j, 0), walls, i, growth):
                marks.between[j, i] = True
                listed[count] = i
                count += 1
        for k in range(5):
            if not in_shadow(box, sight_point(boxes, j, k), walls, listed, count):
                marks.kept[j] = True
                break


def packed(scene: Scene) -> Floats:
    """The scene in one array of float64: each array more that a compiled function is given costs it time."""
    counts = [len(scene.rows), len(scene.walls), len(scene.between), len(scene.spots), len(scene.rooms)]
    whole = (np.array(counts, np.int64), scene.starts, scene.between, scene.spot_starts)
    head, starts, between, spot_starts = (part.view(np.float64) for part in whole)
    rows, boxes, walls, spots, rooms = (
        part.ravel() for part in (scene.rows, scene.boxes, scene.walls, scene.spots, scene.rooms)
    )
    return np.concatenate((head, rows, boxes, walls, starts, between, spots, spot_starts, rooms))


@compiled(SCENE(LINE))
def unpacked(line: Floats) -> Scene:
    """The scene in what :func:`packed` made; nothing is copied."""
    counts = line[:_COUNTS].view(np.int64)
    artifacts, walls, between, spots, rooms = counts[0], counts[1], counts[2], counts[3], counts[4]
    a = _COUNTS
    b = a + artifacts * ROW
    c = b + artifacts * BOX
    d = c + walls * BOX
    e = d + artifacts + 1
    f = e + between
    g = f + spots * SPOT
    h = g + artifacts + 1
    return Scene(
        line[a:b].reshape((artifacts, ROW)),
        line[b:c].reshape((artifacts, BOX)),
        line[c:d].reshape((walls, BOX)),
        line[d:e].view(np.int64),
        line[e:f].view(np.int64),
        line[f:g].reshape((spots, SPOT)),
        line[g:h].view(np.int64),
        line[h:].reshape((rooms, ROOM_ROW)),
    )

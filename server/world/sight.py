"""The compiled part of interest: which artifacts one eye perceives, and what one ray hits.

Compiled by Numba at import (and kept in its cache), because it runs for every pose of every visitor: a few
microseconds instead of half a millisecond. With ``NUMBA_DISABLE_JIT=1`` it is ordinary Python. The rules are
described in ``docs/perception.md``, and their plain reference stands in ``tests/server/world/reference.py``.

Artifacts, occluders and hotspots come as rows of C-ordered float64 arrays; the columns are named below.
"""

import math
from collections.abc import Callable
from functools import partial
from typing import Any, Final, NamedTuple, ParamSpec, TypeVar

import numpy as np
from numba import boolean, float64, int64, types, void
from numpy.typing import NDArray

from assets import machine_code

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]
Point = tuple[float, float, float]
P = ParamSpec("P")
R = TypeVar("R")

# Columns of an artifact's row: middle (0-2) beside these. A row fills one line of the processor's cache.
RADIUS: Final = 3
ENTER: Final = 4
LEAVE: Final = 5
WEIGHT: Final = 6
INDEX: Final = 7
ROW: Final = 8

# Columns of a box: middle (0-2), half lengths along its own axes, these axes.
HALF: Final = 3
AXES: Final = 6
BOX: Final = 15

# Columns of a hotspot's row: position (0-2), normal (3-5).
SPOT: Final = 6

# Columns of a row of the held set: index (0) beside these.
LEVEL: Final = 1
DWELL: Final = 2
MODEL: Final = 3
HELD: Final = 4

# Column of a room's row behind those of its box.
ROOM: Final = BOX
ROOM_ROW: Final = BOX + 1

# Columns of a candidate's row.
PLACE: Final = 0
PRIORITY: Final = 1
CHOSEN: Final = 2
SHOWN: Final = 3
BURDEN: Final = 4
WAS: Final = 5
FOUND: Final = 6

# Positions in the vector of rules. First thresholds; label, full and media have three numbers each from STEPS
# on: distance in, distance out, dwell.
NEAR_IN, NEAR_OUT, GAZE_REACH, LARGE_IN, LARGE_OUT, BONUS, STEPS = range(7)
GAZE_SLACK, SPOT_SLACK, SPOT_SIZE = range(15, 18)
# One visit's limits follow: cone in which an artifact comes, and goes; most artifacts; most bytes of models.
COS_IN, SIN_IN, COS_OUT, SIN_OUT, COUNT, BYTES = range(18, 24)

# Positions in the vector of an eye: position (0-2), view direction (3-5), and what it perceived so far.
HOLDING, GAZED_AT = 6, 7
DWELT: Final = 8
"""Seconds that the gaze adds to the dwell of what it rests on."""
EYE: Final = 9

SLIMMER: Final = 0.1
"""Metres by which an occluder is slimmer, all around, when it is asked to hide what is already perceived."""
SLIM: Final = -1.0
"""Growth that stands for :data:`SLIMMER`."""
SPREAD: Final = 0.7
"""Sight points lie this share of the half length away from the middle."""
GAZED, NEAR, LARGE, REST = 4000.0, 3000.0, 2000.0, 1000.0
"""Tiers of priority; the size on the eye (radius over distance, at most 100) is added."""


class Scene(NamedTuple):
    """What can matter in one cell."""

    rows: Floats
    """Artifacts, ascending by index."""
    boxes: Floats
    """Their boxes."""
    walls: Floats
    starts: Indices
    between: Indices
    """``between[starts[j] : starts[j + 1]]``: the walls that may stand before artifact ``j``."""
    spots: Floats
    spot_starts: Indices
    """``spots[spot_starts[j] : spot_starts[j + 1]]``: the hotspots of artifact ``j``."""
    rooms: Floats
    """Rooms that reach into the cell, in the order in which they are asked."""


_types: Any = types  # Numba does not type this module
LINE, TABLE, WHOLE = float64[::1], float64[:, ::1], int64[::1]
POINT = _types.UniTuple(float64, 3)
SCENE = _types.NamedTuple((TABLE, TABLE, TABLE, WHOLE, WHOLE, TABLE, WHOLE, TABLE), Scene)
_PAIR = _types.UniTuple(int64, 2)
HIT = _types.Tuple((int64, int64, float64))


def compiled(signature: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Numba's ``njit`` at import, typed; see :mod:`assets.machine_code` for what is kept of it."""
    return partial(machine_code.compiled, signature=signature, error_model="numpy")


@compiled(boolean(POINT, POINT, TABLE, int64, float64))
def crosses(p: Point, s: Point, walls: Floats, i: int, growth: float) -> bool:
    """Whether the segment p to s meets occluder ``i`` grown on all sides, or made slimmer (slab method)."""
    near, far = 0.0, 1.0
    dx, dy, dz = s[0] - p[0], s[1] - p[1], s[2] - p[2]
    ox, oy, oz = p[0] - walls[i, 0], p[1] - walls[i, 1], p[2] - walls[i, 2]
    for k in range(3):
        at = AXES + 3 * k
        a, b, c = walls[i, at], walls[i, at + 1], walls[i, at + 2]
        half = walls[i, HALF + k]
        half += -min(SLIMMER, half / 2.0) if growth < 0.0 else growth * (abs(a) + abs(b) + abs(c))
        start, along = ox * a + oy * b + oz * c, dx * a + dy * b + dz * c
        end = start + along
        # Both ends to one side: most walls are passed so, and it costs no division.
        if min(start, end) > half or max(start, end) < -half:
            return False
        if abs(along) < 1e-12:
            continue
        t1, t2 = (-half - start) / along, (half - start) / along
        near, far = max(near, min(t1, t2)), min(far, max(t1, t2))
        if near > far:
            return False
    return True


@compiled(POINT(TABLE, int64, int64))
def sight_point(boxes: Floats, j: int, k: int) -> Point:
    """The k-th of five points by which artifact ``j`` is seen.

    The middle, then two points to either side of it along each of the box's two longer axes.
    """
    if k == 0:
        return boxes[j, 0], boxes[j, 1], boxes[j, 2]
    x, y, z = boxes[j, HALF], boxes[j, HALF + 1], boxes[j, HALF + 2]
    least = 0
    if y <= x and y <= z:
        least = 1
    if z < x and z < y:
        least = 2
    along = (least + 1 + (k - 1) // 2) % 3
    by = (SPREAD if k % 2 else -SPREAD) * boxes[j, HALF + along]
    at = AXES + 3 * along
    return (
        boxes[j, 0] + by * boxes[j, at],
        boxes[j, 1] + by * boxes[j, at + 1],
        boxes[j, 2] + by * boxes[j, at + 2],
    )


@compiled(boolean(POINT, SCENE, int64, float64))
def is_clear(eye: Point, scene: Scene, j: int, growth: float) -> bool:
    """Whether some sight point of artifact ``j`` can be seen from the eye."""
    boxes, walls, starts, between = scene.boxes, scene.walls, scene.starts, scene.between
    first, stop = starts[j], starts[j + 1]
    last = -1
    for k in range(5):
        point = sight_point(boxes, j, k)
        # What hid the point before most likely hides this one.
        if last >= 0 and crosses(eye, point, walls, last, growth):
            continue
        blocked = False
        for i in range(first, stop):
            if crosses(eye, point, walls, between[i], growth):
                blocked, last = True, between[i]
                break
        if not blocked:
            return True
    return False


@compiled(boolean(float64, float64, float64, float64, float64))
def in_cone(along: float, distance: float, radius: float, cos: float, sin: float) -> bool:
    """Whether a sphere meets a cone about the view: it does when the cone is no farther than its radius."""
    lateral = math.sqrt(max(distance * distance - along * along, 0.0))
    if lateral * sin + along * cos < 0.0:
        return distance <= radius  # the nearest point of the cone is its tip
    return lateral * cos - along * sin <= radius


@compiled(int64(float64, float64, int64, LINE))
def level_of(gap: float, dwell: float, before: int, rules: Floats) -> int:
    """Level of detail from the gap between eye and artifact (metres), dwell (seconds), the level before."""
    level = 1
    for step in range(3):
        at = STEPS + 3 * step
        is_close = gap <= rules[at + (1 if before >= step + 2 else 0)]
        has_dwelt = dwell >= rules[at + 2]
        if not ((is_close or has_dwelt) if step == 0 else (is_close and has_dwelt)):
            break
        level = step + 2
    return level


@compiled(float64(LINE, TABLE, int64, LINE, boolean))
def priority(eye: Floats, rows: Floats, j: int, rules: Floats, held: bool) -> float:
    """Priority of artifact ``j`` if it is large enough on the eye and in view; 0 where it is not."""
    x, y, z = rows[j, 0] - eye[0], rows[j, 1] - eye[1], rows[j, 2] - eye[2]
    distance, radius = math.sqrt(x * x + y * y + z * z), rows[j, RADIUS]
    near = distance <= rules[NEAR_OUT if held else NEAR_IN]
    if not near:
        cos, sin = rules[COS_OUT if held else COS_IN], rules[SIN_OUT if held else SIN_IN]
        if not in_cone(x * eye[3] + y * eye[4] + z * eye[5], distance, radius, cos, sin):
            return 0.0
    size = radius / max(distance, radius * 1e-2)
    large = size >= rules[LARGE_OUT if held else LARGE_IN]
    tier = NEAR if near else (LARGE if large else REST)
    return float(tier + size * (rules[BONUS] if held else 1.0))


@compiled(void(TABLE, int64, LINE))
def choose(found: Floats, count: int, rules: Floats) -> None:
    """Mark what is within the budget.

    In order of priority: as many as the count allows; models as long as their bytes last, and a smaller one
    further down may still fit where a larger one did not.
    """
    burden = 0.0
    for at in range(count):
        found[at, CHOSEN] = found[at, SHOWN] = 1.0
        burden += found[at, BURDEN]
    if count <= rules[COUNT] and burden <= rules[BYTES]:
        return
    order = np.argsort(-found[:count, PRIORITY], kind="mergesort")
    left = rules[BYTES]
    for rank in range(count):
        at = order[rank]
        is_chosen = rank < rules[COUNT]
        fits = is_chosen and found[at, BURDEN] <= left
        found[at, CHOSEN] = 1.0 if is_chosen else 0.0
        found[at, SHOWN] = 1.0 if fits else 0.0
        if fits:
            left -= found[at, BURDEN]


@compiled(int64(LINE, SCENE, LINE, TABLE, TABLE))
def candidates(eye: Floats, scene: Scene, rules: Floats, held: Floats, found: Floats) -> int:
    """Everything to be perceived, ascending by index, into ``found``; returns how many."""
    count = mine = 0
    at, rows = (eye[0], eye[1], eye[2]), scene.rows
    holding, gazed = int(eye[HOLDING]), eye[GAZED_AT]
    for j in range(rows.shape[0]):
        index = rows[j, INDEX]
        while mine < holding and held[mine, 0] < index:
            mine += 1
        is_held = mine < holding and held[mine, 0] == index
        rank = GAZED
        if index != gazed:
            x, y, z = rows[j, 0] - eye[0], rows[j, 1] - eye[1], rows[j, 2] - eye[2]
            if x * x + y * y + z * z > rows[j, LEAVE if is_held else ENTER] ** 2:
                continue
            rank = priority(eye, rows, j, rules, is_held)
            if rank > 0.0 and not is_clear(at, scene, j, SLIM if is_held else 0.0):
                continue
        if rank > 0.0:
            found[count, PLACE], found[count, PRIORITY] = j, rank
            found[count, BURDEN] = rows[j, WEIGHT]
            found[count, WAS] = mine if is_held else -1
            count += 1
    return count


@compiled(_PAIR(LINE, SCENE, LINE, TABLE, TABLE))
def judge(eye: Floats, scene: Scene, rules: Floats, held: Floats, result: Floats) -> tuple[int, int]:
    """The held set after a pose, into ``result``: its size, and whether it differs from ``held``.

    Both sets ascend by index and have room for as many rows as the budget allows. The dwell of what is gazed
    at grows in both, so that it counts whether or not the sets differ.
    """
    row = scene.rows
    found = np.empty((row.shape[0], FOUND))
    count = candidates(eye, scene, rules, held, found)
    choose(found, count, rules)
    size = same = 0
    for i in range(count):
        if found[i, CHOSEN] == 0.0:
            continue
        j, was = int(found[i, PLACE]), int(found[i, WAS])
        x, y, z = row[j, 0] - eye[0], row[j, 1] - eye[1], row[j, 2] - eye[2]
        gap = max(math.sqrt(x * x + y * y + z * z) - row[j, RADIUS], 0.0)
        dwell, before = 0.0, 0
        if was >= 0:
            if row[j, INDEX] == eye[GAZED_AT]:
                held[was, DWELL] += eye[DWELT]
            dwell, before = held[was, DWELL], int(held[was, LEVEL])
        level = level_of(gap, dwell, before, rules)
        if level == before and found[i, SHOWN] == held[was, MODEL]:
            same += 1
        result[size, 0], result[size, LEVEL] = row[j, INDEX], level
        result[size, DWELL], result[size, MODEL] = dwell, found[i, SHOWN]
        size += 1
    return size, 0 if size == same == int(eye[HOLDING]) else 1


@compiled(int64(TABLE, int64, TABLE, int64, WHOLE))
def compare(before: Floats, had: int, after: Floats, has: int, steps: Indices) -> int:
    """Where two held sets differ, as steps (see ``server.world.steps``); returns how many."""
    i = j = count = 0
    while i < had or j < has:
        old = before[i, 0] if i < had else math.inf
        new = after[j, 0] if j < has else math.inf
        was = now = 0
        if old <= new:
            was = int(before[i, LEVEL]) * 2 + int(before[i, MODEL])
            i += 1
        if new <= old:
            now = int(after[j, LEVEL]) * 2 + int(after[j, MODEL])
            j += 1
        if was != now:
            steps[count] = int(min(old, new)) << 8 | was << 4 | now
            count += 1
    return count


@compiled(float64(LINE, TABLE, int64, float64))
def entry(ray: Floats, boxes: Floats, j: int, growth: float) -> float:
    """Metres along the ray to the box of artifact ``j`` grown on all sides; -1 where it passes by."""
    near, far = 0.0, 1e9
    for k in range(3):
        at = AXES + 3 * k
        a, b, c = boxes[j, at], boxes[j, at + 1], boxes[j, at + 2]
        half = boxes[j, HALF + k] + growth
        start = (ray[0] - boxes[j, 0]) * a + (ray[1] - boxes[j, 1]) * b + (ray[2] - boxes[j, 2]) * c
        along = ray[3] * a + ray[4] * b + ray[5] * c
        if abs(along) < 1e-12:
            if abs(start) > half:
                return -1.0
            continue
        t1, t2 = (-half - start) / along, (half - start) / along
        near, far = max(near, min(t1, t2)), min(far, max(t1, t2))
    return near if near <= far else -1.0


@compiled(boolean(LINE, float64, SCENE, int64))
def is_reached(ray: Floats, length: float, scene: Scene, j: int) -> bool:
    """Whether nothing stands in the ray's way to artifact ``j``, and it is not hidden as a whole."""
    eye = (ray[0], ray[1], ray[2])
    end = (ray[0] + ray[3] * length, ray[1] + ray[4] * length, ray[2] + ray[5] * length)
    for i in range(scene.starts[j], scene.starts[j + 1]):
        if crosses(eye, end, scene.walls, scene.between[i], 0.0):
            return False
    return is_clear(eye, scene, j, SLIM)


@compiled(int64(LINE, SCENE, int64, LINE))
def spot_under(ray: Floats, scene: Scene, j: int, rules: Floats) -> int:
    """The hotspot of artifact ``j`` nearest to the ray among those that face it, from 0; -1 for none."""
    best, least = -1, 1e9
    first, spots = scene.spot_starts[j], scene.spots
    for i in range(first, scene.spot_starts[j + 1]):
        x, y, z = spots[i, 0] - ray[0], spots[i, 1] - ray[1], spots[i, 2] - ray[2]
        along = x * ray[3] + y * ray[4] + z * ray[5]
        facing = ray[3] * spots[i, 3] + ray[4] * spots[i, 4] + ray[5] * spots[i, 5] < 0.0
        aside = math.sqrt(max(x * x + y * y + z * z - along * along, 0.0))
        slack = max(rules[SPOT_SIZE], along * rules[SPOT_SLACK])
        if facing and along > 0.0 and aside <= slack and aside < least:
            best, least = i - first, aside
    return best


@compiled(HIT(LINE, SCENE, LINE))
def cast(ray: Floats, scene: Scene, rules: Floats) -> tuple[int, int, float]:
    """What a ray (origin, unit direction) rests on: the artifact's index, its hotspot's, metres to its box.

    -1, -1 and 0 for nothing. The nearest box hit exactly; where there is none, the nearest one within the
    tracker's error.
    """
    best, least, away = -1, 1e9, 0.0
    rows, boxes = scene.rows, scene.boxes
    for j in range(rows.shape[0]):
        x, y, z = rows[j, 0] - ray[0], rows[j, 1] - ray[1], rows[j, 2] - ray[2]
        squared = x * x + y * y + z * z
        if squared > rules[GAZE_REACH] ** 2:
            continue
        growth = math.sqrt(squared) * rules[GAZE_SLACK]
        around = (
            rows[j, RADIUS] + growth * 1.7321
        )  # a box grown by g lies in a sphere grown by g times root 3
        along = x * ray[3] + y * ray[4] + z * ray[5]
        if along < -around or squared - along * along > around * around:
            continue
        length = entry(ray, boxes, j, 0.0)
        rank = length
        if length < 0.0:
            length = entry(ray, boxes, j, growth)
            rank = length + 1e6
        if length >= 0.0 and rank < least and is_reached(ray, length, scene, j):
            best, least, away = j, rank, length
    if best < 0:
        return -1, -1, 0.0
    return int(rows[best, INDEX]), spot_under(ray, scene, best, rules), away

"""What one visitor's eyes do to their visit: the compiled steps that a pose and a look take.

All that changes from pose to pose lies in two arrays of the visit, and all that stands around it in one of
the cell, so that a pose is one call with few arguments: unpacking an array costs a compiled function more
than half of what it then does.
"""

from typing import Any, Final

import numpy as np
from numba import boolean, float64, int64, types

from server.world import gaze, sight
from server.world.cell import unpacked
from server.world.gaze import rest
from server.world.sight import (
    HIT,
    LINE,
    SCENE,
    TABLE,
    WHOLE,
    Floats,
    Indices,
    Scene,
    cast,
    compare,
    compiled,
    judge,
)
from server.world.space import NS

# The visit's numbers: rules, the eye, metres to what it looks at, a ray, and the held set twice.
RULES: Final = 24
EYE: Final = RULES
AWAY: Final = EYE + sight.EYE
RAY: Final = AWAY + 1
HELD: Final = RAY + 6

# The visit's counts: what the gaze remembers, then these, then the steps of the last pose.
MOST, HALF, ROOM, DWELT, LEFT, LEFT_DWELT = range(gaze.REMEMBERED, gaze.REMEMBERED + 6)
STEPS: Final = gaze.REMEMBERED + 6

REFOCUSED: Final = 1
"""The focus is another."""
MOVED: Final = 2
"""The room is another."""
COUNTED: Final = 4
"""What a result is divided by for the number of steps."""
Place = tuple[float, float, float, float, float, float, float]
"""Position and orientation (x, y, z, w) of a head."""
Hit = tuple[int, int, float]
"""Artifact and hotspot under a ray, -1 for none, and metres to the artifact."""
_types: Any = types  # Numba does not type this module
_SEVEN = _types.UniTuple(float64, 7)

DOORSTEP: Final = 0.3
"""Metres that one may stand outside a room without having left it: a head in a doorway sways."""


def made(most: int) -> tuple[Floats, Indices]:
    """Numbers and counts of a visit that perceives at most so many artifacts."""
    numbers, counts = np.zeros(HELD + 2 * most * sight.HELD), np.zeros(STEPS + 2 * most + 1, np.int64)
    counts[MOST] = most
    counts[ROOM] = counts[LEFT] = -1
    gaze.forget(counts)
    return numbers, counts


def held(numbers: Floats, counts: Indices) -> Floats:
    """The rows of what is perceived now."""
    most, size = int(counts[MOST]), int(numbers[EYE + sight.HOLDING])
    start = HELD + int(counts[HALF]) * most * sight.HELD
    return numbers[start : start + size * sight.HELD].reshape(size, sight.HELD)


def hold(numbers: Floats, rows: Floats) -> None:
    """Begin a fresh visit with these rows, ascending by index, as what is perceived."""
    numbers[HELD : HELD + rows.size] = rows.reshape(-1)
    numbers[EYE + sight.HOLDING] = len(rows)


@compiled(boolean(LINE, TABLE, int64, float64))
def is_inside(point: Floats, rooms: Floats, i: int, growth: float) -> bool:
    """Whether a point is inside room ``i`` grown on all sides."""
    for k in range(3):
        at = sight.AXES + 3 * k
        x, y, z = point[0] - rooms[i, 0], point[1] - rooms[i, 1], point[2] - rooms[i, 2]
        along = x * rooms[i, at] + y * rooms[i, at + 1] + z * rooms[i, at + 2]
        if abs(along) > rooms[i, sight.HALF + k] + growth:
            return False
    return True


@compiled(int64(LINE, TABLE, int64))
def room_at(eye: Floats, rooms: Floats, before: int) -> int:
    """The room the eye is in: the one it was in until it is past the doorstep; -1 for none."""
    found = -1
    for i in range(rooms.shape[0]):
        room = int(rooms[i, sight.ROOM])
        if room == before and is_inside(eye, rooms, i, DOORSTEP):
            return room
        if found < 0 and is_inside(eye, rooms, i, 0.0):
            found = room
    return found


@compiled(int64(LINE, WHOLE, HIT, int64))
def settle(numbers: Floats, counts: Indices, hit: Hit, time_ns: int) -> int:
    """Take in one look; returns :data:`REFOCUSED` or 0."""
    artifact, spot, away = hit
    was, was_spot = counts[gaze.ARTIFACT], counts[gaze.HOTSPOT]
    dwelt = rest(counts, artifact, spot, time_ns)
    target = counts[gaze.ARTIFACT]
    if artifact == target:
        numbers[AWAY] = away
    if target != was:
        counts[LEFT], counts[LEFT_DWELT], counts[DWELT] = was, counts[DWELT], 0
    counts[DWELT] += dwelt
    numbers[EYE + sight.DWELT] = dwelt / NS
    return 0 if target == was and counts[gaze.HOTSPOT] == was_spot else REFOCUSED


@compiled(int64(LINE, WHOLE, SCENE))
def weigh(numbers: Floats, counts: Indices, scene: Scene) -> int:
    """Judge what is perceived now; returns how many steps it took, which then lie in the counts."""
    most = counts[MOST]
    half = most * sight.HELD
    first = numbers[HELD : HELD + half].reshape((most, sight.HELD))
    second = numbers[HELD + half : HELD + 2 * half].reshape((most, sight.HELD))
    before, after = (second, first) if counts[HALF] else (first, second)
    eye = numbers[EYE:AWAY]
    eye[sight.GAZED_AT] = counts[gaze.ARTIFACT]
    size, differs = judge(eye, scene, numbers[:RULES], before, after)
    eye[sight.DWELT] = 0.0
    if not differs:
        return 0
    had = int(eye[sight.HOLDING])
    eye[sight.HOLDING], counts[HALF] = size, 1 - counts[HALF]
    return compare(before, had, after, size, counts[STEPS:])


@compiled(int64(LINE, WHOLE, LINE, _SEVEN, int64))
def stood(numbers: Floats, counts: Indices, around: Floats, place: Place, time_ns: int) -> int:
    """The head is at ``place`` in the packed scene around it; the middle of its view counts as a look.

    ``time_ns`` below 0: it does not, since the eyes themselves are known. Returns the number of steps times
    :data:`COUNTED`, and :data:`REFOCUSED` and :data:`MOVED`.
    """
    scene, eye = unpacked(around), numbers[EYE:AWAY]
    eye[0], eye[1], eye[2], x, y, z, w = place
    # -Z turned by the orientation.
    eye[3], eye[4], eye[5] = -2.0 * (x * z + w * y), -2.0 * (y * z - w * x), 2.0 * (x * x + y * y) - 1.0
    room = room_at(eye, scene.rooms, counts[ROOM])
    flags = 0 if room == counts[ROOM] else MOVED
    counts[ROOM] = room
    if time_ns >= 0:
        flags |= settle(numbers, counts, cast(eye, scene, numbers[:RULES]), time_ns)
    return weigh(numbers, counts, scene) * COUNTED | flags


@compiled(int64(LINE, WHOLE, LINE, int64))
def looked(numbers: Floats, counts: Indices, around: Floats, time_ns: int) -> int:
    """A look along the visit's ray in the packed scene around its origin; as :func:`settle`."""
    return settle(numbers, counts, cast(numbers[RAY:HELD], unpacked(around), numbers[:RULES]), time_ns)


@compiled(int64(LINE, WHOLE, int64))
def blinked(numbers: Floats, counts: Indices, time_ns: int) -> int:
    """A look with closed eyes; as :func:`settle`."""
    return settle(numbers, counts, (-1, -1, 0.0), time_ns)


@compiled(int64(LINE, WHOLE, LINE))
def weighed(numbers: Floats, counts: Indices, around: Floats) -> int:
    """Judge from where the eye is, in the packed scene around it, and in which room; as :func:`weigh`."""
    scene = unpacked(around)
    counts[ROOM] = room_at(numbers[EYE:AWAY], scene.rooms, counts[ROOM])
    return weigh(numbers, counts, scene)

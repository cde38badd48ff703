"""Made-up museums for the rules: a grid of rooms with doors, artifacts scattered in them."""

import random

from server.world.placement import Exhibit, Gallery, Hotspot, Placement
from server.world.space import Box, Pose, Vector, rotated, turn

ROOM = 8.0
"""Metres from wall to wall."""


def walls(rooms: int) -> list[Box]:
    """A square of ``rooms`` by ``rooms`` rooms, walls 0.24 m thick, a door of 1.8 m in each."""
    boxes = []
    for a in range(rooms + 1):
        for b in range(rooms):
            at, start = a * ROOM, b * ROOM
            for first, last in ((start, start + 3.1), (start + 4.9, start + ROOM)):
                boxes.append(Box.between((at - 0.12, 0.0, first), (at + 0.12, 4.0, last)))
                boxes.append(Box.between((first, 0.0, at - 0.12), (last, 4.0, at + 0.12)))
    return boxes


def exhibit(
    name: str, at: Vector, half: Vector = (0.2, 0.3, 0.2), angle: float = 0.0, weight: int = 0
) -> Exhibit:
    rotation = turn((0.0, 1.0, 0.0), angle)
    x, y, z = at
    front = rotated(rotation, (0.0, 0.0, 1.0))
    spot = Hotspot("front", (x + half[2] * front[0], y, z + half[2] * front[2]), front)
    return Exhibit(f"test:{name}", "hall", Pose(at, rotation), Box(at, half, rotation), weight, (spot,))


def museum(exhibits: list[Exhibit], occluders: list[Box] | None = None) -> Placement:
    hall = Gallery("hall", Pose((0.0, 0.0, 0.0)), Box.between((-500.0, -1.0, -500.0), (500.0, 9.0, 500.0)))
    return Placement("1", (hall,), tuple(exhibits), tuple(occluders or ()))


def scattered(seed: int, count: int, rooms: int) -> Placement:
    """``count`` artifacts of many sizes in a grid of rooms, some of them on solid plinths."""
    rng = random.Random(seed)
    exhibits, occluders = [], walls(rooms)
    for number in range(count):
        at = (
            rng.uniform(0.5, rooms * ROOM - 0.5),
            rng.uniform(0.9, 1.6),
            rng.uniform(0.5, rooms * ROOM - 0.5),
        )
        size = 10 ** rng.uniform(-2.0, 0.2) / 2
        half = (size * rng.uniform(0.3, 1.0), size * rng.uniform(0.3, 1.0), size)
        exhibits.append(exhibit(str(number), at, half, rng.uniform(0.0, 6.3), rng.randrange(0, 4_000_000)))
        if number % 3 == 0 and at[1] - half[1] > 0.4:
            top = at[1] - max(half) - 0.01
            occluders.append(
                Box((at[0], top / 2, at[2]), (0.3, top / 2, 0.3), turn((0.0, 1.0, 0.0), rng.uniform(0, 6.3)))
            )
    return museum(exhibits, occluders)

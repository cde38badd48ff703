"""A hang by rule: pictures along the walls in walking order, things in staggered rows. Rules only.

Things face the entrance in rows, every second row set off by half a place, so that one sees past the first
row to the next. Pictures begin on the left wall and go around to the right one, as visitors do. A room whose
size nobody states grows until everything has its place.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assets.hanging.poses import Spot, picture_middle, plinth_size, plinth_top, usual_support
from assets.hanging.work import Work
from assets.sample.galleries import DOOR_WIDTH, Wall

PASSAGE: Final = 1.5
"""Metres between two plinths, for two wheelchairs to meet nearly everywhere."""
BEFORE_PICTURES: Final = 2.4
"""Metres between a wall with pictures and the nearest plinth: room to stand back."""
BEHIND: Final = 1.6
"""Metres between a bare wall and the nearest plinth."""
ENTRANCE: Final = 2.6
"""Metres kept free inside the entrance."""
BETWEEN: Final = 0.6
"""Least metres between two pictures; a label hangs there."""
CORNER: Final = 0.7
"""Metres of wall left bare at a corner or beside a door."""
SMALLEST: Final = (6.0, 3.6, 6.0)
LARGEST: Final = 120.0
"""Metres: no room grows longer."""
ABOVE: Final = 0.6
"""Metres between the highest thing and the ceiling."""

Size = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Run:
    """A free stretch of wall: from ``start`` along the wall's direction, metres."""

    wall: Wall
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Hung:
    """A room's size and the spot of each artifact that has one."""

    size: Size
    spots: dict[str, Spot]


def hung(works: Sequence[Work], doors: Sequence[Wall], size: Size | None = None) -> Hung:
    """Every work at a spot, in a room with a door in the middle of each wall of ``doors``.

    In a room of a stated ``size`` some may find no place; they have no spot.
    """
    pictures = [work for work in works if usual_support(work) == "wall"]
    things = [work for work in works if usual_support(work) != "wall"]
    tall = max((_top(work) for work in works), default=0.0) + ABOVE
    if size is not None:
        return Hung(size, {**_along(pictures, size, doors), **_in_rows(things, size, bool(pictures))})
    width, depth = _least(things, bool(pictures))
    while True:
        room = (width, round(max(SMALLEST[1], tall), 2), depth)
        spots = {**_along(pictures, room, doors), **_in_rows(things, room, bool(pictures))}
        if len(spots) == len(works) or max(width, depth) >= LARGEST:
            return Hung(room, spots)
        width, depth = (width + 0.5, depth) if width <= depth else (width, depth + 0.5)


def _top(work: Work) -> float:
    tall = work.size[1]
    return picture_middle(tall) + tall / 2 if usual_support(work) == "wall" else plinth_top(work) + tall


def _margins(has_pictures: bool) -> tuple[float, float, float]:
    """Free depth before the side walls, before the back wall, inside the entrance."""
    aside = BEFORE_PICTURES if has_pictures else BEHIND
    return aside, aside, ENTRANCE


def _least(things: Sequence[Work], has_pictures: bool) -> tuple[float, float]:
    """The smallest room of pleasant shape whose rows hold all things."""
    aside, behind, before = _margins(has_pictures)
    if not things:
        return SMALLEST[0], SMALLEST[2]
    wide, deep = _places(things)
    best: tuple[float, float] | None = None
    for columns in range(min(2, len(things)), len(things) + 1):
        rows = _rows_needed(len(things), columns)
        width = max(SMALLEST[0], columns * wide - PASSAGE + 2 * aside)
        depth = max(SMALLEST[2], rows * deep - PASSAGE + behind + before)
        # A room a little deeper than wide lets visitors walk along it; long corridors and halls cost area.
        if best is None or _cost(width, depth) < _cost(*best):
            best = (width, depth)
    assert best is not None
    return _up(best[0]), _up(best[1])


def _cost(width: float, depth: float) -> float:
    shape = depth / width
    return width * depth * (1 + abs(math.log(shape / 1.2)))


def _up(length: float) -> float:
    return math.ceil(length * 10 - 1e-9) / 10


def _places(things: Sequence[Work]) -> tuple[float, float]:
    """Width and depth of a thing's place with its passage."""
    sides = [plinth_size(work) for work in things]
    return max(side[0] for side in sides) + PASSAGE, max(side[1] for side in sides) + PASSAGE


def _rows_needed(count: int, columns: int) -> int:
    rows = left = 0
    while left < count:
        left += _in_row(columns, rows)
        rows += 1
    return rows


def _in_row(columns: int, row: int) -> int:
    """Every second row has one place less, set off by half of one."""
    return max(1, columns - row % 2)


def _in_rows(things: Sequence[Work], size: Size, has_pictures: bool) -> dict[str, Spot]:
    """Spots from the entrance to the back, each row from left to right."""
    if not things:
        return {}
    aside, behind, before = _margins(has_pictures)
    wide, deep = _places(things)
    columns = int((size[0] - 2 * aside + PASSAGE + 1e-9) // wide)
    rows = int((size[2] - before - behind + PASSAGE + 1e-9) // deep)
    if columns < 1 or rows < 1:
        return {}
    spots: dict[str, Spot] = {}
    row, waiting = 0, list(things)
    while waiting and row < rows:
        here, waiting = waiting[: _in_row(columns, row)], waiting[_in_row(columns, row) :]
        z = size[2] / 2 - before - (deep - PASSAGE) / 2 - row * deep
        # A last row that is not full stands in the middle.
        for place, work in enumerate(here):
            x = (place - (len(here) - 1) / 2) * wide
            spots[work.artifact] = Spot(round(x, 4), round(z, 4), 0.0, usual_support(work))
        row += 1
    return spots


def _along(pictures: Sequence[Work], size: Size, doors: Sequence[Wall]) -> dict[str, Spot]:
    """Spots along the walls, spread evenly over each stretch."""
    runs = _runs(size, doors)
    # As full as the walls must be on the whole; where that does not come out, the first ones are filled.
    used = sum(work.size[0] + BETWEEN for work in pictures)
    share = used / max(sum(run.length + BETWEEN for run in runs), 1e-9)
    for full in (share, share + 0.1, share + 0.25, 1.0):
        spots = _filled(pictures, runs, size, min(full, 1.0))
        if len(spots) == len(pictures):
            break
    return spots


def _filled(pictures: Sequence[Work], runs: Sequence[Run], size: Size, full: float) -> dict[str, Spot]:
    """Each stretch filled to a share of its length."""
    spots: dict[str, Spot] = {}
    waiting = list(pictures)
    for run in runs:
        here = _taken(waiting, run.length, full)
        waiting = waiting[len(here) :]
        if here:
            spots.update(_spread(here, run, size))
    return spots


def _runs(size: Size, doors: Sequence[Wall]) -> list[Run]:
    """Free stretches in walking order: left wall, back, right. The entrance's wall is at one's back."""
    found: list[Run] = []
    walls: tuple[tuple[Wall, float], ...] = (("left", size[2]), ("back", size[0]), ("right", size[2]))
    for wall, length in walls:
        whole = length - 2 * CORNER
        if wall in doors:
            each = (length - DOOR_WIDTH) / 2 - 2 * CORNER
            found += [Run(wall, CORNER, each), Run(wall, (length + DOOR_WIDTH) / 2 + CORNER, each)]
        else:
            found.append(Run(wall, CORNER, whole))
    return [run for run in found if run.length > 0]


def _taken(waiting: Sequence[Work], length: float, full: float) -> list[Work]:
    """As many of the next pictures as fill that share of the stretch; the first where it fits at all."""
    here: list[Work] = []
    used = 0.0
    for work in waiting:
        used += work.size[0] + (BETWEEN if here else 0.0)
        if used > length or (here and used > full * length):
            break
        here.append(work)
    return here


def _spread(here: Sequence[Work], run: Run, size: Size) -> dict[str, Spot]:
    bare = run.length - sum(work.size[0] for work in here)
    gap = max(bare / len(here), BETWEEN)
    spots = {}
    at = run.start + (bare - gap * (len(here) - 1)) / 2
    for work in here:
        spots[work.artifact] = _on_wall(run.wall, at + work.size[0] / 2, size)
        at += work.size[0] + gap
    return spots


def _on_wall(wall: Wall, along: float, size: Size) -> Spot:
    """A spot so many metres along the wall, as a visitor walks who has it on the left."""
    x, z = size[0] / 2, size[2] / 2
    at, facing = {
        "left": ((-x, z - along), 90.0),
        "back": ((along - x, -z), 0.0),
        "right": ((x, along - z), -90.0),
        "front": ((x - along, z), 180.0),
    }[wall]
    return Spot(round(at[0], 4), round(at[1], 4), facing, "wall")

"""An artifact and a spot become a pose: height of the support, middle of a picture, box in the room. Rules.

Heights follow the practice for standing visitors: the middle of a thing at 1.32 m where its plinth can bring
it there, the middle of a picture at 1.55 m.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from assets.hanging.work import Vector, Work
from assets.sample.forms.surface import rotation
from assets.sample.galleries import Placement, Support, quaternion

_SIGHT: Final = 1.32
_PICTURE: Final = 1.55
_LOWEST_TOP, _HIGHEST_TOP = 0.1, 1.2
_ABOVE_FLOOR: Final = 0.25
"""Metres: a picture hangs no lower."""
_STAND_OFF: Final = 0.035
"""Metres between a wall and the back of what hangs on it."""
_BORDER: Final = 0.11
"""Metres of plinth around what stands on it."""
_SMALLEST_PLINTH: Final = 0.4
_CASED: Final = 0.45
"""Metres: what is no longer goes under glass."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a gallery: x and z in metres, the way it faces in degrees, on what, how high."""

    x: float
    z: float
    facing: float
    support: Support
    height: float | None = None
    """Top of the plinth or middle of the picture; ``None``: by rule."""


def usual_support(work: Work) -> Support:
    """On what an artifact goes where nobody says."""
    if work.is_flat:
        return "wall"
    return "case" if max(work.size) <= _CASED else "plinth"


def plinth_size(work: Work) -> tuple[float, float]:
    """Width and depth of its plinth, metres, before it is turned."""
    wide, _, deep = work.size
    return max(_SMALLEST_PLINTH, wide + 2 * _BORDER), max(_SMALLEST_PLINTH, deep + 2 * _BORDER)


def picture_middle(tall: float) -> float:
    """Metres above the floor of the middle of a picture so tall."""
    return max(_PICTURE, tall / 2 + _ABOVE_FLOOR)


def plinth_top(work: Work) -> float:
    """Metres above the floor of the top of its plinth."""
    return min(_HIGHEST_TOP, max(_LOWEST_TOP, _SIGHT - work.size[1] / 2))


def posed(work: Work, spot: Spot) -> Placement:
    """The artifact at its spot. For a wall, ``x`` and ``z`` lie on the wall's face."""
    low, high = np.array(work.low), np.array(work.high)
    turn = rotation((0, 1, 0), spot.facing)
    middle = (low + high) / 2
    if spot.support == "wall":
        at = picture_middle(work.size[1]) if spot.height is None else spot.height
        origin = np.array([spot.x, at - middle[1], spot.z])
        origin += turn @ np.array([-middle[0], 0.0, _STAND_OFF - low[2]])
        support: Vector = (0.0, 0.0, 0.0)
    else:
        top = plinth_top(work) if spot.height is None else spot.height
        wide, deep = plinth_size(work)
        origin = np.array([spot.x, top, spot.z]) - turn @ np.array([middle[0], low[1], middle[2]])
        support = (round(wide, 6), round(top, 6), round(deep, 6))
    corners = np.array(
        [[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])]
    )
    box = corners @ turn.T + origin
    return Placement(
        work.artifact, _triple(origin), quaternion(turn), spot.support, support,
        _triple(box.min(axis=0)), _triple(box.max(axis=0)), spot.facing,
    )  # fmt: skip


def _triple(vector: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Vector:
    x, y, z = (round(float(value), 6) for value in vector)
    return (x, y, z)

"""From a frame as it was sent to the upright picture that recognition looks at, and back.

A file may say in EXIF how its rows are to be turned when it is shown. All that the wire tells in pixels
belongs to the rows and columns of the frame as sent, whose width and height its message states: the camera's
intrinsics, and in the answer outlines, hotspots and the pose. Rules only.
"""

from dataclasses import dataclass
from math import pi
from typing import Final

from server.world.space import Quaternion, Vector, product, rotated, turn

_SWAPPED: Final = frozenset({5, 6, 7, 8})
_FROM_RIGHT: Final = frozenset({2, 3, 6, 7})
_FROM_BOTTOM: Final = frozenset({3, 4, 7, 8})
_QUARTERS: Final = {1: 0, 3: 2, 6: 1, 8: 3}
"""By orientation, quarter turns of the camera about its own +Z from the upright picture to the frame."""


@dataclass(frozen=True, slots=True)
class Turning:
    """How a frame is turned to be upright; pixels count from the upper left corner."""

    orientation: int
    """EXIF 2.32, tag 0x0112: 1 to 8; 1 is upright already."""
    width: int
    height: int
    """Of the frame as sent."""

    @property
    def is_mirrored(self) -> bool:
        """Whether no turn of the camera explains it: such a frame has no intrinsics and no pose."""
        return self.orientation not in _QUARTERS

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height of the upright picture."""
        sent = self.width, self.height
        return sent[::-1] if self.orientation in _SWAPPED else sent

    def upright(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the frame lies in the upright picture."""
        wide, tall = self.upright_size
        across, down = (y, x) if self.orientation in _SWAPPED else (x, y)
        return (
            wide - across if self.orientation in _FROM_RIGHT else across,
            tall - down if self.orientation in _FROM_BOTTOM else down,
        )

    def focal(self, fx: float, fy: float) -> tuple[float, float]:
        """Focal lengths of the camera across and down the upright picture."""
        return (fy, fx) if self.orientation in _SWAPPED else (fx, fy)

    def sent(self, points: tuple[float, ...]) -> tuple[float, ...]:
        """Points of the upright picture, x and y in turn, in the frame as sent."""
        wide, tall = self.upright_size
        found: list[float] = []
        for x, y in zip(points[::2], points[1::2], strict=True):
            across = wide - x if self.orientation in _FROM_RIGHT else x
            down = tall - y if self.orientation in _FROM_BOTTOM else y
            found += (down, across) if self.orientation in _SWAPPED else (across, down)
        return tuple(found)

    def stands(self, position: Vector, rotation: Quaternion) -> tuple[Vector, Quaternion]:
        """A pose before the upright picture's camera, before that of the frame; ``is_mirrored`` has none."""
        rolled = turn((0.0, 0.0, 1.0), _QUARTERS[self.orientation] * pi / 2)
        return rotated(rolled, position), product(rolled, rotation)

"""The museum as one space: how the galleries join, and what in them hides what is behind it.

Each gallery is modeled in its own frame. The site frame is that of the first gallery; every other gallery is
laid so that its front door stands in the same wall as the door it is entered through.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from assets.sample.forms.surface import Array, rotation
from assets.sample.galleries import GALLERIES, Gallery, Placement, Wall, quaternion
from assets.sample.rooms import WALL_THICKNESS, obstacles

LINKS: Final[tuple[tuple[str, Wall, str], ...]] = (
    ("clay-and-fire", "back", "signs-and-numbers"),
    ("signs-and-numbers", "right", "sound-cloth-and-ceremony"),
)
"""Gallery, the wall whose door leads on, and the gallery whose front door that is."""

_FACING: Final[dict[Wall, float]] = {"front": 0.0, "right": 90.0, "back": 180.0, "left": -90.0}
"""Degrees about +Y by which the outward side of a wall is turned from +Z."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A gallery's own frame in the site frame: metres, and degrees about +Y."""

    origin: Array
    degrees: float

    @property
    def entry(self) -> dict[str, Any]:
        """As ``museum.json`` states it."""
        turn = rotation((0, 1, 0), self.degrees)
        return {"position": [round(float(c), 6) for c in self.origin], "rotation": quaternion(turn)}


def frames() -> dict[str, Frame]:
    """Every gallery's frame. Raises ``KeyError`` where a gallery is joined to none."""
    known = {gallery.slug: gallery for gallery in GALLERIES}
    laid = {GALLERIES[0].slug: Frame(np.zeros(3), 0.0)}
    for slug, wall, following in LINKS:
        laid[following] = _joined(known[slug], laid[slug], wall, known[following])
    return {gallery.slug: laid[gallery.slug] for gallery in GALLERIES}


def _joined(gallery: Gallery, frame: Frame, wall: Wall, following: Gallery) -> Frame:
    """The frame in which the next gallery's front door lies in that wall's door, back to back."""
    out = _FACING[wall]
    degrees = (frame.degrees + out + 180.0) % 360.0
    through = frame.origin + rotation((0, 1, 0), frame.degrees) @ _sill(gallery, wall)
    outward = rotation((0, 1, 0), frame.degrees + out) @ np.array([0.0, 0.0, 1.0])
    sill = rotation((0, 1, 0), degrees) @ _sill(following, "front")
    # Both galleries have their wall of the same thickness there: it is one wall.
    return Frame(through + outward * WALL_THICKNESS - sill, degrees)


def _sill(gallery: Gallery, wall: Wall) -> Array:
    """The middle of a door's sill on the inner side of its wall."""
    offset = next(offset for side, offset in gallery.doors if side == wall)
    x, z = gallery.width / 2, gallery.depth / 2
    return np.array(
        {
            "front": (offset, 0.0, z),
            "back": (offset, 0.0, -z),
            "left": (-x, 0.0, offset),
            "right": (x, 0.0, offset),
        }[wall]
    )


def occluders(gallery: Gallery, placed: list[Placement]) -> list[dict[str, Any]]:
    """Walls and plinths as boxes in the gallery's frame; the glass of cases hides nothing."""
    boxes = [
        {
            "center": _triple((low + high) / 2),
            "half": _triple((high - low) / 2),
            "rotation": [0.0, 0.0, 0.0, 1.0],
        }
        for low, high in obstacles(gallery)
    ]
    for placement in placed:
        if placement.support == "wall":
            continue
        middle = (np.array(placement.low) + placement.high) / 2
        top = placement.support_size[1]
        size = np.array(placement.support_size)
        boxes.append(_box(np.array([middle[0], top / 2, middle[2]]), size, placement.facing))
    return boxes


def _box(center: Array, size: Array, degrees: float) -> dict[str, Any]:
    turn = quaternion(rotation((0, 1, 0), degrees))
    return {"center": _triple(center), "half": _triple(size / 2), "rotation": turn}


def _triple(vector: Array) -> list[float]:
    return [round(float(value), 6) for value in vector]

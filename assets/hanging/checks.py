"""What is wrong with a hang: overlaps, what stands outside, blocked doors, hidden exhibits. Rules only."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assets.hanging.work import HungGallery, Problem
from assets.sample.forms.surface import rotation
from assets.sample.galleries import DOOR_HEIGHT, DOOR_WIDTH, EYE_HEIGHT, Placement

Plane = NDArray[np.float64]
"""Corners of a footprint in order, (4, 2): x and z in metres."""

NARROWEST: Final = 0.9
"""Metres: the least clear width of a wheelchair's way (ISO 21542)."""
DOOR_FREE: Final = 1.2
"""Metres before a door that must be free."""
SLACK: Final = 0.005
"""Metres that nobody sees."""


@dataclass(frozen=True, slots=True)
class Body:
    """An exhibit as what one can walk into: its footprint, from what height to what height."""

    artifact: str
    plane: Plane
    bottom: float
    top: float
    is_wall: bool

    @property
    def middle(self) -> Plane:
        """x, z of its middle."""
        return np.asarray(self.plane.mean(axis=0))


def body_of(placement: Placement) -> Body:
    """Plinth and artifact together, or what hangs on a wall."""
    low, high = np.array(placement.low), np.array(placement.high)
    is_wall = placement.support == "wall"
    box = np.array([[low[0], low[2]], [high[0], low[2]], [high[0], high[2]], [low[0], high[2]]])
    if is_wall or not any(placement.support_size):
        return Body(placement.slug, box, float(low[1]), float(high[1]), is_wall)
    wide, _, deep = placement.support_size
    turn = rotation((0, 1, 0), placement.facing)[np.ix_((0, 2), (0, 2))]
    corners = np.array([[-wide, -deep], [wide, -deep], [wide, deep], [-wide, deep]]) / 2
    middle = (low + high)[[0, 2]] / 2
    return Body(placement.slug, corners @ turn.T + middle, 0.0, float(high[1]), is_wall)


def problems(gallery: HungGallery) -> list[Problem]:
    """Everything wrong with one gallery, faults before remarks."""
    bodies = [body_of(placement) for placement in gallery.placements]
    found = [
        *_outside(gallery, bodies), *_overlapping(gallery, bodies), *_in_doors(gallery, bodies),
        *_hidden(gallery, bodies),
    ]  # fmt: skip
    return sorted(found, key=lambda problem: not problem.stops)


def _outside(gallery: HungGallery, bodies: list[Body]) -> Iterator[Problem]:
    room = gallery.room
    for body in bodies:
        over = {
            "left": -body.plane[:, 0].min() - room.width / 2,
            "right": body.plane[:, 0].max() - room.width / 2,
            "back": -body.plane[:, 1].min() - room.depth / 2,
            "front": body.plane[:, 1].max() - room.depth / 2,
        }
        wall, much = max(over.items(), key=lambda one: one[1])
        if much > SLACK:
            axis = "x" if wall in ("left", "right") else "z"
            yield Problem(
                gallery.slug, body.artifact,
                f"reaches {much:.2f} m beyond the {wall} wall; change its {axis} by as much, or make the "
                f"gallery larger than {room.width:g} × {room.depth:g} m",
            )  # fmt: skip
        if body.top > room.height + SLACK:
            yield Problem(
                gallery.slug, body.artifact,
                f"is {body.top:.2f} m high where it stands, and the ceiling {room.height:g} m; "
                "lower it or make the gallery higher",
            )  # fmt: skip


def _overlapping(gallery: HungGallery, bodies: list[Body]) -> Iterator[Problem]:
    for one, other in combinations(bodies, 2):
        if one.bottom >= other.top - SLACK or other.bottom >= one.top - SLACK:
            continue
        gap = distance(one.plane, other.plane)
        if gap < -SLACK:
            yield Problem(
                gallery.slug, one.artifact,
                f"overlaps {other.artifact} by {-gap:.2f} m; move one of them at least as far",
            )  # fmt: skip
        elif gap < NARROWEST and not (one.is_wall and other.is_wall):
            yield Problem(
                gallery.slug, one.artifact,
                f"leaves {max(gap, 0.0):.2f} m to {other.artifact}; a wheelchair needs {NARROWEST:g} m",
                stops=False,
            )  # fmt: skip


def distance(one: Plane, other: Plane) -> float:
    """Metres between two convex footprints; negative: how far they overlap (separating axes).

    Between corners that face each other it is somewhat less than the true distance, never more.
    """
    gap = -math.inf
    for plane in (one, other):
        edges = np.roll(plane, -1, axis=0) - plane
        for along in edges:
            length = float(np.hypot(*along))
            if length > 0:
                axis = np.array([-along[1], along[0]]) / length
                a, b = one @ axis, other @ axis
                gap = max(gap, float(a.min() - b.max()), float(b.min() - a.max()))
    return gap


def _in_doors(gallery: HungGallery, bodies: list[Body]) -> Iterator[Problem]:
    room = gallery.room
    for wall, offset in room.doors:
        sign = 1.0 if wall == "front" else -1.0
        near, far = sign * room.depth / 2, sign * (room.depth / 2 - DOOR_FREE)
        half = DOOR_WIDTH / 2
        zone = np.array(
            [[offset - half, near], [offset + half, near], [offset + half, far], [offset - half, far]]
        )
        for body in bodies:
            if body.bottom < DOOR_HEIGHT and distance(body.plane, zone) < -SLACK:
                yield Problem(
                    gallery.slug, body.artifact,
                    f"stands in the way of the {wall} door; keep {DOOR_FREE:g} m before it free",
                )  # fmt: skip


def _hidden(gallery: HungGallery, bodies: list[Body]) -> Iterator[Problem]:
    """Remarks on what cannot be seen from where a visitor would stand to look at it."""
    for body, placement in zip(bodies, gallery.placements, strict=True):
        eye = spot_before(placement)
        target = (np.array(placement.low) + placement.high) / 2
        room = gallery.room
        if abs(eye[0]) > room.width / 2 or abs(eye[2]) > room.depth / 2:
            yield Problem(
                gallery.slug, body.artifact,
                "faces a wall without room to stand before it; turn it or move it", stops=False,
            )  # fmt: skip
            continue
        between = [other for other in bodies if other is not body and _crosses(eye, target, other)]
        if between:
            yield Problem(
                gallery.slug, body.artifact,
                f"is hidden by {between[0].artifact} from where one stands before it; move one of them",
                stops=False,
            )  # fmt: skip


def spot_before(placement: Placement) -> Plane:
    """Where a visitor's eyes are who looks at it: x, y, z; as far off as it is large, 1.2 m at least."""
    low, high = np.array(placement.low), np.array(placement.high)
    away = max(1.2, float((high - low).max()))
    ahead = rotation((0, 1, 0), placement.facing) @ np.array([0.0, 0.0, 1.0])
    # Bounds are of the turned artifact, the support's size is its own: both measured the way one looks.
    deep = max(float(np.abs(ahead) @ (high - low)), placement.support_size[2])
    eye = (low + high) / 2 + ahead * (away + (deep / 2 if placement.support != "wall" else 0.0))
    eye[1] = EYE_HEIGHT
    return np.asarray(eye)


def _crosses(eye: Plane, target: Plane, body: Body) -> bool:
    """Whether the line of sight goes through a body (clipped against its sides and heights)."""
    start, end = 0.0, 1.0
    ray = target - eye
    for at, step, low, high in (
        (eye[1], ray[1], body.bottom, body.top),
        *_sides(eye[[0, 2]], ray[[0, 2]], body.plane),
    ):
        if abs(step) < 1e-12:
            if not low < at < high:
                return False
            continue
        a, b = sorted(((low - at) / step, (high - at) / step))
        start, end = max(start, a), min(end, b)
    return bool(start < end)


def _sides(at: Plane, ray: Plane, plane: Plane) -> Iterator[tuple[float, float, float, float]]:
    for edge in (plane[1] - plane[0], plane[3] - plane[0]):
        length = float(np.hypot(*edge))
        axis = edge / length if length else np.array([1.0, 0.0])
        reach = plane @ axis
        yield float(at @ axis), float(ray @ axis), float(reach.min()), float(reach.max())

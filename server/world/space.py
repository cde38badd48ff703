"""Positions, directions and volumes; units and axes are declared here, once.

Metres, radians, nanoseconds (``int``); right-handed, +Y up, a view looks along -Z; quaternions x, y, z, w
(glTF 2.0, WebXR, OpenXR). Everything in ``server.world`` is in the *site frame*: one frame for the whole
museum, floor of the entrance at y = 0. Unity mirrors Z and is converted in its own package;
``tests/golden/coordinate_vectors.json`` holds the cases that every language must agree on.
"""

import math
from dataclasses import dataclass
from typing import Final

Vector = tuple[float, float, float]
"""x, y, z in metres, or a direction."""

Quaternion = tuple[float, float, float, float]
"""x, y, z, w; a rotation where it has length 1."""

IDENTITY: Final[Quaternion] = (0.0, 0.0, 0.0, 1.0)
NS: Final = 1_000_000_000
"""Nanoseconds in a second."""


def dot(a: Vector, b: Vector) -> float:
    """Scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def minus(a: Vector, b: Vector) -> Vector:
    """``a - b``."""
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def plus(a: Vector, b: Vector) -> Vector:
    """``a + b``."""
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def scaled(a: Vector, factor: float) -> Vector:
    """``a`` times ``factor``."""
    return (a[0] * factor, a[1] * factor, a[2] * factor)


def unit(a: Vector) -> Vector:
    """``a`` with length 1. Raises ``ValueError`` for the zero vector and for numbers that are not finite."""
    length = math.hypot(*a)
    if not 0.0 < length < math.inf:
        raise ValueError(f"direction {a} has length {length}, expected a finite length above 0")
    return scaled(a, 1.0 / length)


def rotated(q: Quaternion, v: Vector) -> Vector:
    """``v`` turned by the unit quaternion ``q``: v + 2w (u × v) + 2 u × (u × v), u the vector part."""
    x, y, z, w = q
    a, b, c = v
    tx, ty, tz = 2.0 * (y * c - z * b), 2.0 * (z * a - x * c), 2.0 * (x * b - y * a)
    return (
        a + w * tx + y * tz - z * ty,
        b + w * ty + z * tx - x * tz,
        c + w * tz + x * ty - y * tx,
    )


def product(p: Quaternion, q: Quaternion) -> Quaternion:
    """Hamilton product: turns by ``q`` first, then by ``p``."""
    px, py, pz, pw = p
    qx, qy, qz, qw = q
    return (
        pw * qx + px * qw + py * qz - pz * qy,
        pw * qy - px * qz + py * qw + pz * qx,
        pw * qz + px * qy - py * qx + pz * qw,
        pw * qw - px * qx - py * qy - pz * qz,
    )


def conjugate(q: Quaternion) -> Quaternion:
    """The opposite turn of a unit quaternion."""
    return (-q[0], -q[1], -q[2], q[3])


def turn(axis: Vector, angle: float) -> Quaternion:
    """Rotation by ``angle`` radians about ``axis``, right-hand rule."""
    x, y, z = unit(axis)
    s = math.sin(angle / 2.0)
    return (x * s, y * s, z * s, math.cos(angle / 2.0))


@dataclass(frozen=True, slots=True)
class Pose:
    """Position and orientation in a frame. Maps to XrPosef."""

    position: Vector
    rotation: Quaternion = IDENTITY

    @property
    def ahead(self) -> Vector:
        """Unit direction of the view: -Z turned by the rotation."""
        x, y, z, w = self.rotation
        return (-2.0 * (x * z + w * y), -2.0 * (y * z - w * x), 2.0 * (x * x + y * y) - 1.0)

    def point(self, local: Vector) -> Vector:
        """A point of this pose's own frame, in the frame the pose is given in."""
        return plus(self.position, rotated(self.rotation, local))

    def local(self, point: Vector) -> Vector:
        """A point of the outer frame, in this pose's own frame."""
        return rotated(conjugate(self.rotation), minus(point, self.position))

    def then(self, inner: "Pose") -> "Pose":
        """A pose given in this pose's own frame, in the outer frame."""
        return Pose(self.point(inner.position), product(self.rotation, inner.rotation))


@dataclass(frozen=True, slots=True)
class Ray:
    """A half line: gaze, or the middle of the view. ``direction`` has length 1."""

    origin: Vector
    direction: Vector

    def at(self, distance: float) -> Vector:
        """The point that many metres along."""
        return plus(self.origin, scaled(self.direction, distance))


@dataclass(frozen=True, slots=True)
class Box:
    """A box with its own orientation: middle, half lengths along its own axes, rotation."""

    center: Vector
    half: Vector
    rotation: Quaternion = IDENTITY

    @classmethod
    def between(cls, low: Vector, high: Vector) -> "Box":
        """The axis-aligned box with these corners. Raises ``ValueError`` where ``low`` is above ``high``."""
        half = scaled(minus(high, low), 0.5)
        if min(half) < 0.0:
            raise ValueError(f"lowest corner {low} is above highest corner {high}")
        return cls(plus(low, half), half)

    @property
    def radius(self) -> float:
        """Radius of the sphere around it."""
        return math.hypot(*self.half)

    @property
    def axes(self) -> tuple[Vector, Vector, Vector]:
        """Its own unit axes in the outer frame."""
        q = self.rotation
        return (
            rotated(q, (1.0, 0.0, 0.0)), rotated(q, (0.0, 1.0, 0.0)), rotated(q, (0.0, 0.0, 1.0)),
        )  # fmt: skip

    @property
    def extent(self) -> tuple[Vector, Vector]:
        """Lowest and highest corner of the axis-aligned box around it."""
        x, y, z = self.axes
        hx, hy, hz = self.half
        reach = (
            abs(x[0]) * hx + abs(y[0]) * hy + abs(z[0]) * hz,
            abs(x[1]) * hx + abs(y[1]) * hy + abs(z[1]) * hz,
            abs(x[2]) * hx + abs(y[2]) * hy + abs(z[2]) * hz,
        )
        return minus(self.center, reach), plus(self.center, reach)

    def seen_from(self, pose: Pose) -> "Box":
        """The same box where this one is given in ``pose``'s own frame."""
        return Box(pose.point(self.center), self.half, product(pose.rotation, self.rotation))

    def contains(self, point: Vector) -> bool:
        """Whether the point is inside or on the surface."""
        local = Pose(self.center, self.rotation).local(point)
        return all(abs(c) <= h for c, h in zip(local, self.half, strict=True))

    def hit(self, ray: Ray) -> float | None:
        """Metres along the ray to the box (0 from inside), or ``None`` (slab method, Kay and Kajiya 1986)."""
        frame = Pose(self.center, self.rotation)
        origin = frame.local(ray.origin)
        direction = rotated(conjugate(self.rotation), ray.direction)
        near, far = 0.0, math.inf
        for o, d, h in zip(origin, direction, self.half, strict=True):
            if abs(d) < 1e-12:
                if abs(o) > h:
                    return None
                continue
            a, b = (-h - o) / d, (h - o) / d
            near, far = max(near, min(a, b)), min(far, max(a, b))
        return near if near <= far else None


@dataclass(frozen=True, slots=True)
class FieldOfView:
    """Four half angles of a view in radians, left and down negative. Maps to XrFovf."""

    left: float
    right: float
    up: float
    down: float

    @classmethod
    def symmetric(cls, horizontal: float, vertical: float) -> "FieldOfView":
        """From full angles in radians."""
        return cls(-horizontal / 2, horizontal / 2, vertical / 2, -vertical / 2)

    @property
    def half_cone(self) -> float:
        """Half angle of the narrowest cone about the view's axis that holds all four corners, in radians."""
        across = max(math.tan(abs(self.left)), math.tan(abs(self.right)))
        upward = max(math.tan(abs(self.up)), math.tan(abs(self.down)))
        return math.atan(math.hypot(across, upward))


@dataclass(frozen=True, slots=True)
class Frustum:
    """What a view shows: a pose, four angles, nearest and farthest distance."""

    pose: Pose
    view: FieldOfView
    near: float = 0.05
    far: float = 1000.0

    def contains(self, point: Vector) -> bool:
        """Whether the point is drawn."""
        x, y, z = self.pose.local(point)
        depth = -z
        if not self.near <= depth <= self.far:
            return False
        across, upward = math.atan2(x, depth), math.atan2(y, depth)
        return self.view.left <= across <= self.view.right and self.view.down <= upward <= self.view.up

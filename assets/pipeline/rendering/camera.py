"""A pinhole camera: intrinsics in pixels and a pose; where a pixel looks and where a point lands.

Words only. World and camera are glTF's: metres, right-handed, +Y up, and a view looks along its own -Z
with +X to the right (glTF 2.0, section 3.10). Image coordinates are pixels from the upper left *corner* of
the image, x to the right, y down: the center of the upper left pixel is (0.5, 0.5).

OpenCV says the same things otherwise: its camera looks along +Z with +Y down, and pixel *centers* have whole
numbers. :meth:`Camera.opencv` converts; nothing else in this project uses that frame.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

Matrix = NDArray[np.float64]
Points = NDArray[np.float64]

_FLIP = np.diag([1.0, -1.0, -1.0, 1.0])
"""Half a turn about X: glTF's camera axes to OpenCV's and back."""


@dataclass(frozen=True, slots=True)
class Lens:
    """What a camera's pixels see, without saying where it stands. Pixels."""

    width: int
    height: int
    fx: float
    """Focal length in pixel widths; ``fy`` in pixel heights."""
    fy: float
    cx: float
    """Where the optical axis meets the image, from its upper left corner; ``cy`` likewise."""
    cy: float

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise ValueError(f"a lens of {self.width} x {self.height} pixels: at least 1 x 1 is needed")
        if not (self.fx > 0.0 and self.fy > 0.0):
            raise ValueError(f"focal lengths ({self.fx}, {self.fy}) must be positive, in pixels")

    @classmethod
    def of_field(cls, degrees: float, width: int, height: int) -> "Lens":
        """Square pixels, axis in the middle; ``degrees`` is the field of view from top to bottom.

        The same angle as glTF's ``yfov`` and three.js' ``fov``. Raises :class:`ValueError` outside 0..180.
        """
        if not 0.0 < degrees < 180.0:
            raise ValueError(f"a field of view of {degrees} degrees: it must lie between 0 and 180")
        focal = height / 2.0 / math.tan(math.radians(degrees) / 2.0)
        return cls(width, height, focal, focal, width / 2.0, height / 2.0)

    @property
    def field_of_view(self) -> float:
        """Degrees from the top to the bottom of the image, for an axis in the middle."""
        return math.degrees(2.0 * math.atan(self.height / 2.0 / self.fy))


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """A lens and where it stands."""

    lens: Lens
    pose: Matrix
    """(4, 4) camera to world, a rotation and a translation in metres; read-only."""

    def __post_init__(self) -> None:
        pose = np.array(self.pose, dtype=np.float64)
        if pose.shape != (4, 4) or not np.isfinite(pose).all():
            raise ValueError(f"a pose is a finite 4 x 4 matrix, camera to world, got shape {pose.shape}")
        if np.abs(pose[:3, :3] @ pose[:3, :3].T - np.eye(3)).max() > 1e-6 or np.linalg.det(pose[:3, :3]) < 0:
            raise ValueError("a pose's upper left 3 x 3 must be a rotation: no scale, no mirror")
        pose.setflags(write=False)
        object.__setattr__(self, "pose", pose)

    @property
    def position(self) -> Points:
        """The optical center in the world, (3,) metres."""
        return np.asarray(self.pose[:3, 3])

    @property
    def forward(self) -> Points:
        """Where it looks, (3,) unit vector in the world."""
        return np.asarray(-self.pose[:3, 2])

    def rolled(self, degrees: float) -> "Camera":
        """The same view with the camera turned about its axis, counter-clockwise as it sees itself."""
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        turn = np.array([[c, -s, 0, 0], [s, c, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
        return replace(self, pose=self.pose @ turn)

    def projection(self) -> Matrix:
        """(3, 4): world point to (x · depth, y · depth, depth) in pixels and metres along the axis."""
        lens = self.lens
        intrinsics = np.array([[lens.fx, 0, lens.cx], [0, lens.fy, lens.cy], [0, 0, 1.0]])
        return np.asarray(intrinsics @ (_FLIP @ _inverse(self.pose))[:3])

    def project(self, points: ArrayLike) -> Points:
        """(n, 3) metres in the world to (n, 3): x and y in pixels, depth in metres along the axis.

        Points at or behind the camera have a depth of 0 or less; their pixels mean nothing.
        """
        world = np.asarray(points, dtype=np.float64)
        seen = world @ self.projection()[:, :3].T + self.projection()[:, 3]
        depth = seen[:, 2]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.column_stack([seen[:, :2] / depth[:, None], depth])

    def unproject(self, pixels: ArrayLike, depth: ArrayLike) -> Points:
        """(n, 2) image coordinates and (n,) depths in metres along the axis to (n, 3) world points."""
        at, far = np.asarray(pixels, dtype=np.float64), np.asarray(depth, dtype=np.float64)
        lens = self.lens
        x = (at[:, 0] - lens.cx) / lens.fx * far
        y = (at[:, 1] - lens.cy) / lens.fy * far
        seen = np.column_stack([x, -y, -far])
        return np.asarray(seen @ self.pose[:3, :3].T + self.pose[:3, 3])

    def opencv(self) -> tuple[Matrix, Matrix]:
        """OpenCV's camera matrix (3, 3) and its world-to-camera transform (4, 4).

        The principal point moves by half a pixel, since OpenCV counts from the center of the first pixel.
        ``cv2.projectPoints(points, R, t, K, None)`` takes the rotation and translation of the second.
        """
        lens = self.lens
        matrix = np.array([[lens.fx, 0, lens.cx - 0.5], [0, lens.fy, lens.cy - 0.5], [0, 0, 1.0]])
        return matrix, np.asarray(_FLIP @ _inverse(self.pose))

    @classmethod
    def from_opencv(cls, matrix: Matrix, world_to_camera: Matrix, size: tuple[int, int]) -> "Camera":
        """The inverse of :meth:`opencv`; ``size`` is (width, height) in pixels."""
        fx, fy = float(matrix[0, 0]), float(matrix[1, 1])
        lens = Lens(*size, fx, fy, float(matrix[0, 2]) + 0.5, float(matrix[1, 2]) + 0.5)
        return cls(lens, _inverse(_FLIP @ np.asarray(world_to_camera, dtype=np.float64)))


def orbit(
    lens: Lens, target: Sequence[float], distance: float, azimuth: float = 0.0, elevation: float = 0.0
) -> Camera:
    """A camera that looks at ``target`` (metres) from ``distance`` metres away, upright.

    ``azimuth`` 0 stands before the front (+Z) and grows to the viewer's right (toward +X); ``elevation``
    is above the horizon; both in degrees. Straight above (90), the front is at the bottom of the image.
    """
    turn, tilt = math.radians(azimuth), math.radians(elevation)
    pose = np.eye(4)
    pose[:3, 0] = math.cos(turn), 0.0, -math.sin(turn)
    pose[:3, 2] = math.cos(tilt) * math.sin(turn), math.sin(tilt), math.cos(tilt) * math.cos(turn)
    pose[:3, 1] = np.cross(pose[:3, 2], pose[:3, 0])
    pose[:3, 3] = np.asarray(target, dtype=np.float64) + distance * pose[:3, 2]
    return Camera(lens, pose)


def framed(
    lens: Lens, points: ArrayLike, azimuth: float = 0.0, elevation: float = 0.0, fill: float = 0.9
) -> Camera:
    """The nearest upright camera from that direction that sees all ``points`` (n, 3), centered.

    They fill at most ``fill`` of the image's width or height, around the optical axis.
    """
    cloud = np.asarray(points, dtype=np.float64)
    turned = orbit(lens, (0.0, 0.0, 0.0), 0.0, azimuth, elevation).pose[:3, :3]
    seen = cloud @ turned
    middle = (seen.min(axis=0) + seen.max(axis=0)) / 2.0
    seen = seen - middle
    reach = np.array([min(lens.cx, lens.width - lens.cx), min(lens.cy, lens.height - lens.cy)])
    slope = np.maximum(reach * fill, 1e-9) / np.array([lens.fx, lens.fy])
    # A point at height z before the center needs distance z + |x| / slope to stay inside the image.
    right, left = seen[:, :2] / slope + seen[:, 2:], -seen[:, :2] / slope + seen[:, 2:]
    high, low = right.max(axis=0), left.max(axis=0)
    center = np.append((high - low) / 2.0 * slope, 0.0)
    distance = float(((high + low) / 2.0).max())
    return orbit(lens, tuple(turned @ (middle + center)), max(distance, 1e-6), azimuth, elevation)


def _inverse(pose: Matrix) -> Matrix:
    inverse = np.eye(4)
    inverse[:3, :3] = pose[:3, :3].T
    inverse[:3, 3] = -pose[:3, :3].T @ pose[:3, 3]
    return inverse

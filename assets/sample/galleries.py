"""Three galleries: which artifact stands where, on what, and why one sees it from there.

Each gallery has its own frame: metres, floor at y = 0, origin in the middle of the floor, the entrance in
the wall at +Z; a visitor comes in looking along -Z. Heights follow the practice for standing visitors:
the middle of an artifact between 1.2 and 1.55 m, passages at least 1.2 m wide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assets.sample.forms.surface import Array, rotation

Support = Literal["plinth", "case", "wall"]
Wall = Literal["front", "back", "left", "right"]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """An artifact's place: floor position, the way it faces (degrees about +Y, 0 toward +Z), its support."""

    slug: str
    x: float
    z: float
    facing: float
    support: Support
    tilt: float = 0.0
    """Degrees leaned back (positive) from its modelled stance; dishes are tilted up to show their face."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """A room: width (x), depth (z) and height, walls, exhibits, benches (x, z, turned)."""

    slug: str
    width: float
    depth: float
    height: float
    wall_color: str
    doors: tuple[tuple[Wall, float], ...]
    """Door openings: wall, and offset of the middle along it (x or z)."""
    exhibits: tuple[Exhibit, ...]
    benches: tuple[tuple[float, float, bool], ...]
    viewpoint: tuple[tuple[float, float, float], tuple[float, float, float]]
    """Where a picture of the gallery is taken from, and what it aims at."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an artifact stands. Maps to an Exhibit of the Exhibition; quaternion is x, y, z, w."""

    slug: str
    position: tuple[float, float, float]
    rotation: tuple[float, float, float, float]
    support: Support
    support_size: tuple[float, float, float]
    """Plinth width, height, depth; zero for what hangs on a wall."""
    low: tuple[float, float, float]
    high: tuple[float, float, float]
    """The artifact's bounding box in the gallery."""
    facing: float = 0.0

    @property
    def matrix(self) -> Array:
        """4 × 4 pose."""
        x, y, z, w = self.rotation
        pose = np.eye(4)
        pose[:3, :3] = [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
        pose[:3, 3] = self.position
        return pose


DOOR_WIDTH, DOOR_HEIGHT = 1.8, 2.5
EYE_HEIGHT = 1.6
_SIGHT_HEIGHT = 1.32
_WALL_HEIGHT = 1.55
_STAND_OFF = 0.035

GALLERIES: tuple[Gallery, ...] = (
    Gallery(
        "clay-and-fire", 11.6, 10.0, 3.9, "#8f5f4a", (("front", 0.0), ("back", 0.0)),
        (
            Exhibit("attic-column-krater", 0.0, 0.9, 0, "case"),
            Exhibit("yuan-blue-white-jar", 0.0, -2.2, 0, "case"),
            Exhibit("jomon-deep-vessel", -4.9, 2.2, 90, "plinth"),
            Exhibit("moche-feline-vessel", -4.9, -0.1, 90, "case"),
            Exhibit("maya-ruler-vase", -4.9, -2.4, 90, "case"),
            Exhibit("acoma-water-jar", 4.9, 2.2, -90, "plinth"),
            Exhibit("iznik-artichoke-dish", 4.9, -0.1, -90, "case", -62),
            Exhibit("goryeo-celadon-bowl", 4.9, -2.4, -90, "case", -42),
            Exhibit("samanid-proverb-bowl", -2.7, -4.15, 0, "case", -55),
            Exhibit("roman-glass-aryballos", 2.7, -4.15, 0, "case"),
        ),
        (), ((0.9, 1.62, 4.85), (-0.1, 1.12, -1.6)),
    ),
    Gallery(
        "signs-and-numbers", 10.6, 9.2, 3.9, "#4c5a66", (("front", 0.0), ("right", -1.6)),
        (
            Exhibit("waldseemueller-map", 0.0, -4.6, 0, "wall"),
            Exhibit("marshall-stick-chart", -5.3, -0.4, 90, "wall"),
            Exhibit("umma-barley-receipt", -2.3, 1.4, 0, "case", 12),
            Exhibit("athens-tetradrachm", 2.3, 1.4, 0, "case", 12),
            Exhibit("tang-phoenix-mirror", -2.3, -1.7, 0, "case", 12),
            Exhibit("isfahan-astrolabe", 2.3, -1.7, 0, "case", 8),
            Exhibit("antiphonary-leaf", 4.5, 1.2, -90, "case", 28),
        ),
        ((0.0, -0.3, False),), ((0.9, 1.62, 4.35), (-0.75, 1.3, -2.0)),
    ),
    Gallery(
        "sound-cloth-and-ceremony", 12.4, 10.6, 4.4, "#5d6453", (("front", 0.0), ("right", 3.6)),
        (
            Exhibit("saryk-carpet", 0.0, -5.3, 0, "wall"),
            Exhibit("inka-key-tunic", -6.2, -0.4, 90, "wall"),
            Exhibit("lai-zhong-bell", 0.0, 0.6, 0, "plinth"),
            Exhibit("jade-bi", -2.7, -1.9, 0, "case", 10),
            Exhibit("cycladic-figure", 2.7, -1.9, 0, "case"),
            Exhibit("shabty-amunemhat", -2.9, 1.9, 20, "case"),
            Exhibit("bidri-hookah-bowl", 2.9, 1.9, -20, "case"),
            Exhibit("moon-lute", 5.3, 1.0, -90, "case", 6),
            Exhibit("yoruba-talking-drum", 5.3, -2.2, -90, "plinth"),
        ),
        ((0.0, -2.9, False),), ((-1.6, 1.62, 4.95), (0.35, 1.3, -1.2)),
    ),
)  # fmt: skip


def exhibit_of(slug: str) -> tuple[Gallery, Exhibit]:
    """The gallery and place of an artifact. Raises ``KeyError`` for a slug that is not shown."""
    for gallery in GALLERIES:
        for exhibit in gallery.exhibits:
            if exhibit.slug == slug:
                return gallery, exhibit
    raise KeyError(f"no gallery shows {slug!r}; add it to assets/sample/galleries.py")


def stance(exhibit: Exhibit, points: Array) -> tuple[Array, Array]:
    """Lowest and highest corner of the artifact as it leans (before it is turned to face a side)."""
    leaned = points @ rotation((1, 0, 0), -exhibit.tilt).T
    return leaned.min(axis=0), leaned.max(axis=0)


def place(exhibit: Exhibit, low: Array, high: Array) -> Placement:
    """Solve one exhibit: support height from the artifact's size, pose from its lean and facing.

    ``low`` and ``high`` are what :func:`stance` gave.
    """
    size = high - low
    turn = rotation((0, 1, 0), exhibit.facing)
    if exhibit.support == "wall":
        origin = np.array([exhibit.x, _WALL_HEIGHT - size[1] / 2 - low[1], exhibit.z])
        origin += turn @ np.array([0.0, 0.0, _STAND_OFF - low[2]])
        support = (0.0, 0.0, 0.0)
    else:
        top = float(np.clip(_SIGHT_HEIGHT - size[1] / 2, 0.62, 1.26))
        width = float(max(0.46, size[0] + 0.22, size[2] + 0.22))
        middle = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
        origin = np.array([exhibit.x, top, exhibit.z]) - turn @ middle
        support = (width, top, width)
    corners = np.array(
        [[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])]
    )
    box = corners @ turn.T + origin
    pose = turn @ rotation((1, 0, 0), -exhibit.tilt)
    return Placement(
        exhibit.slug, _triple(origin), quaternion(pose), exhibit.support, support,
        _triple(box.min(axis=0)), _triple(box.max(axis=0)), exhibit.facing,
    )  # fmt: skip


def arranged(gallery: Gallery, stances: Mapping[str, tuple[Array, Array]]) -> list[Placement]:
    """All placements of a gallery."""
    return [place(exhibit, *stances[exhibit.slug]) for exhibit in gallery.exhibits]


def quaternion(matrix: Array) -> tuple[float, float, float, float]:
    """x, y, z, w of a rotation matrix (Shepperd, 1978)."""
    m = matrix
    weights = np.array(
        [
            1 + m[0, 0] - m[1, 1] - m[2, 2],
            1 - m[0, 0] + m[1, 1] - m[2, 2],
            1 - m[0, 0] - m[1, 1] + m[2, 2],
            1 + np.trace(m),
        ]
    )
    best = int(np.argmax(weights))
    rows = (
        (weights[0], m[0, 1] + m[1, 0], m[0, 2] + m[2, 0], m[2, 1] - m[1, 2]),
        (m[0, 1] + m[1, 0], weights[1], m[1, 2] + m[2, 1], m[0, 2] - m[2, 0]),
        (m[0, 2] + m[2, 0], m[1, 2] + m[2, 1], weights[2], m[1, 0] - m[0, 1]),
        (m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1], weights[3]),
    )
    q = np.array(rows[best]) / (2.0 * np.sqrt(weights[best]))
    x, y, z, w = (round(float(value), 9) for value in q)
    return (x, y, z, w)


def _triple(vector: Array) -> tuple[float, float, float]:
    x, y, z = (round(float(value), 6) for value in vector)
    return (x, y, z)

"""Which artifacts a visitor should perceive from where they stand; the collection's size does not matter.

Space is divided into cells. What can matter to an eye anywhere in a cell (within reach, not hidden by one
occluder from the whole cell) is found once, when a visitor first comes there, and kept in arrays of the
cell's own; a pose is then judged against its cell alone. The rules themselves, with their reasons, are in
``docs/perception.md``.
"""

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from server.world import sight
from server.world.cell import Marks, Near, packed, prepare
from server.world.eyes import DOORSTEP
from server.world.placement import Exhibit, Gallery, Placement
from server.world.sight import Flags, Floats, Indices, Scene
from server.world.space import Box, FieldOfView, Vector

_BUCKET: Final = 6.0
"""Metres; a cell gathers what is around it from buckets of this size."""
_MIDDLE: Final = 1 << 31
_ZERO: Final = np.zeros(1, np.int64)


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds of interest. Pairs are (comes, goes); the gap between them is what keeps borders quiet.

    Angles in degrees, distances in metres, dwell in seconds. The gap of a step of detail is measured from
    the eye to the sphere around the artifact.
    """

    size: tuple[float, float] = (1.0, 0.8)
    """Visual angle from which an artifact is perceived."""
    reach: tuple[float, float] = (25.0, 27.5)
    """Distance within which anything is perceived, however large."""
    near: tuple[float, float] = (1.2, 1.6)
    """Distance within which an artifact is perceived whether or not it is in view."""
    margin: tuple[float, float] = (10.0, 25.0)
    """Added to half the field of view."""
    large: tuple[float, float] = (12.0, 10.0)
    """Visual angle from which an artifact goes before smaller ones."""
    kept: float = 1.25
    """What is perceived already counts this much larger when the budget is short."""
    gaze_reach: float = 12.0
    """Distance within which a look is taken as meant for an artifact."""
    label: tuple[float, float, float] = (3.0, 3.6, 0.7)
    """Gap to come, gap to go, or dwell: the label is shown for either."""
    full: tuple[float, float, float] = (2.0, 2.5, 2.0)
    """Gap to come, gap to go, and dwell: the whole text is shown for both."""
    media: tuple[float, float, float] = (1.5, 2.0, 6.0)
    """As ``full``, for images, audio and links."""
    tracker: float = 1.0
    """Error of the gaze ray."""
    hotspot: tuple[float, float] = (2.0, 0.02)
    """A hotspot is under the ray when it is within this angle or this many metres of it."""

    def __post_init__(self) -> None:
        for name in ("reach", "near", "margin", "label", "full", "media"):
            comes, goes = getattr(self, name)[:2]
            if not 0.0 <= comes < goes:
                raise ValueError(
                    f"{name}: comes at {comes}, goes at {goes}; it must go farther out than it comes"
                )
        for name in ("size", "large"):
            comes, goes = getattr(self, name)
            if not 0.0 < goes < comes < 180.0:
                raise ValueError(
                    f"{name}: comes at {comes}°, goes at {goes}°; it must go smaller than it comes"
                )

    @property
    def vector(self) -> Floats:
        """As :mod:`server.world.sight` takes them."""
        return np.array(
            [
                *self.near, self.gaze_reach,
                *(math.tan(math.radians(angle) / 2.0) for angle in self.large), self.kept,
                *self.label, *self.full, *self.media,
                math.tan(math.radians(self.tracker)), math.tan(math.radians(self.hotspot[0])),
                self.hotspot[1],
            ]
        )  # fmt: skip

    def cone(self, view: FieldOfView) -> tuple[float, float, float, float]:
        """Cosine and sine of the half angles in which an artifact comes, and goes."""
        comes, goes = (min(view.half_cone + math.radians(m), math.pi * 0.99) for m in self.margin)
        return math.cos(comes), math.sin(comes), math.cos(goes), math.sin(goes)

    def distances(self, radius: Floats) -> tuple[Floats, Floats]:
        """Distance at which artifacts of these radii (metres) come, and go: visual angle is 2 atan(r / d)."""
        comes, goes = (
            np.minimum(reach, radius / math.tan(math.radians(angle) / 2.0))
            for reach, angle in zip(self.reach, self.size, strict=True)
        )
        return comes, goes


@dataclass(frozen=True, slots=True)
class Cell:
    """What can matter to an eye in one cube of space."""

    key: tuple[int, int, int]
    low: Vector
    high: Vector
    scene: Floats
    """Packed, see :func:`server.world.cell.packed`."""

    def holds(self, point: Vector) -> bool:
        """Whether the point lies in it."""
        low, high = self.low, self.high
        return low[0] <= point[0] < high[0] and low[1] <= point[1] < high[1] and low[2] <= point[2] < high[2]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counters of one interest since it was made."""

    artifacts: int
    occluders: int
    cells: int
    """In memory now."""
    prepared: int
    """Cells prepared so far, counted again where one had been dropped."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells into which space is divided."""

    edge: float = 2.0
    """Of a cell, metres."""
    most: int = 8192
    """Cells kept; the one used longest ago is forgotten first."""


class Interest:
    """Interest over one placement, shared by all visits of a process. Not for use by two threads at once."""

    def __init__(self, placement: Placement, policy: Policy | None = None, grid: Grid | None = None) -> None:
        self.placement = placement
        self.policy = policy or Policy()
        self.grid = grid or Grid()
        self.artifacts: tuple[str, ...] = tuple(exhibit.artifact for exhibit in placement.exhibits)
        self.thresholds = self.policy.vector
        self._boxes = _box_rows([exhibit.bounds for exhibit in placement.exhibits])
        self._table = _table(placement.exhibits, self._boxes, self.policy)
        self._walls = _box_rows(placement.occluders)
        self._spots, self._spot_starts = _spot_rows(placement.exhibits)
        self._buckets = _point_buckets(self._table, _BUCKET)
        self._wall_buckets = _wall_buckets(placement.occluders, _BUCKET)
        self._rooms, self._room_extents = _room_rows(placement.galleries)
        self._cells: OrderedDict[tuple[int, int, int], Cell] = OrderedDict()
        self._prepared = 0

    @cached_property
    def positions(self) -> dict[str, int]:
        """Position of each artifact in the placement."""
        return {artifact: position for position, artifact in enumerate(self.artifacts)}

    def hotspot(self, artifact: int, position: int) -> str:
        """Annotation of an artifact's hotspot."""
        return self.placement.exhibits[artifact].hotspots[position].annotation

    def cell_at(self, point: Vector) -> Cell:
        """The cell a point lies in. Raises ``ValueError`` or ``OverflowError`` unless the point is finite."""
        edge = self.grid.edge
        key = (math.floor(point[0] / edge), math.floor(point[1] / edge), math.floor(point[2] / edge))
        cell = self._cells.get(key)
        if cell is None:
            cell = self._prepare(key)
            self._cells[key] = cell
            if len(self._cells) > self.grid.most:
                self._cells.popitem(last=False)
        else:
            self._cells.move_to_end(key)
        return cell

    def statistics(self) -> Statistics:
        """Sizes and counters."""
        return Statistics(len(self.artifacts), len(self._walls), len(self._cells), self._prepared)

    def _prepare(self, key: tuple[int, int, int]) -> Cell:
        self._prepared += 1
        low = np.array(key, dtype=np.float64) * self.grid.edge
        box = np.array([low, low + self.grid.edge])
        reach = max(self.policy.reach[1], self.policy.gaze_reach)
        indices = self._buckets.within(box, reach)
        walls = self._walls[self._wall_buckets.within(box, reach)]
        # The nearest first: what hides most is tried first.
        away = np.square(walls[:, :3] - (low + self.grid.edge / 2.0)).sum(axis=1)
        walls = walls[np.argsort(away, kind="stable")]
        near = Near(self._table[indices], self._boxes[indices], walls)
        marks = Marks(np.zeros(len(indices), np.bool_), np.zeros((len(indices), len(walls)), np.bool_))
        prepare(box, near, self.policy.gaze_reach, marks)
        kept, between = marks.kept, marks.between[marks.kept]
        standing = between.any(axis=0)
        between, walls = between[:, standing], walls[standing]
        spots, spot_starts = _gathered(self._spot_starts, indices[kept])
        scene = Scene(
            near.rows[kept], near.boxes[kept], walls, _starts(between.sum(axis=1)),
            np.ascontiguousarray(np.nonzero(between)[1]),
            self._spots[spots], spot_starts, self._rooms_in(box),
        )  # fmt: skip
        low, high = box.tolist()
        return Cell(key, tuple(low), tuple(high), packed(scene))

    def _rooms_in(self, box: Floats) -> Floats:
        low, high = self._room_extents[:, 0], self._room_extents[:, 1]
        reach_into: Flags = (low <= box[1]).all(axis=1) & (high >= box[0]).all(axis=1)
        return self._rooms[reach_into]


class _Buckets:
    """Things hashed by every place on the floor plan that they cover; no cost for empty places."""

    def __init__(self, places: Indices, members: Indices, edge: float) -> None:
        """``places``: x and z of buckets of ``edge`` metres, one row for each place that a member covers."""
        keys = _key(places[:, 0], places[:, 1])
        order = np.argsort(keys, kind="stable")
        self._keys, self._members, self._edge = keys[order], members[order], edge

    def within(self, box: Floats, reach: float) -> Indices:
        """Members in every bucket that the box (lowest and highest corner) grown by ``reach`` touches."""
        first = np.floor((box[0] - reach) / self._edge).astype(np.int64)
        last = np.floor((box[1] + reach) / self._edge).astype(np.int64)
        # All z of one x lie side by side.
        columns = np.arange(first[0], last[0] + 1)
        starts = np.searchsorted(self._keys, _key(columns, first[2]), "left")
        stops = np.searchsorted(self._keys, _key(columns, last[2]), "right")
        spans = zip(starts.tolist(), stops.tolist(), strict=True)
        return np.unique(np.concatenate([self._members[start:stop] for start, stop in spans]))


def _key(x: Indices, z: Indices) -> Indices:
    return (x << 32) + z + _MIDDLE


def _point_buckets(points: Floats, edge: float) -> _Buckets:
    places = np.floor(points[:, 0:3:2] / edge).astype(np.int64)
    return _Buckets(places, np.arange(len(points)), edge)


def _wall_buckets(walls: Sequence[Box], edge: float) -> _Buckets:
    places, members = list[tuple[int, int]](), list[int]()
    for number, wall in enumerate(walls):
        low, high = wall.extent
        for x in range(math.floor(low[0] / edge), math.floor(high[0] / edge) + 1):
            for z in range(math.floor(low[2] / edge), math.floor(high[2] / edge) + 1):
                places.append((x, z))
                members.append(number)
    return _Buckets(np.array(places, np.int64).reshape(-1, 2), np.array(members, np.int64), edge)


def _table(exhibits: Sequence[Exhibit], boxes: Floats, policy: Policy) -> Floats:
    table = np.zeros((len(exhibits), sight.ROW))
    table[:, 0:3] = boxes[:, 0:3]
    table[:, sight.RADIUS] = np.linalg.norm(boxes[:, sight.HALF : sight.HALF + 3], axis=1)
    table[:, sight.ENTER], table[:, sight.LEAVE] = policy.distances(table[:, sight.RADIUS])
    table[:, sight.WEIGHT] = [exhibit.weight for exhibit in exhibits]
    table[:, sight.INDEX] = np.arange(len(exhibits))
    return table


def _box_rows(boxes: Sequence[Box]) -> Floats:
    rows = np.zeros((len(boxes), sight.BOX))
    for row, box in zip(rows, boxes, strict=True):
        row[0:3], row[sight.HALF : sight.AXES] = box.center, box.half
        row[sight.AXES :] = [c for axis in box.axes for c in axis]
    return rows


def _room_rows(galleries: Sequence[Gallery]) -> tuple[Floats, Floats]:
    """Their rows, and lowest and highest corners of the boxes around them, doorstep included."""
    rows = np.zeros((len(galleries), sight.ROOM_ROW))
    rows[:, : sight.BOX] = _box_rows([gallery.interior for gallery in galleries])
    rows[:, sight.ROOM] = np.arange(len(galleries))
    extents = np.array([gallery.interior.extent for gallery in galleries], np.float64).reshape(-1, 2, 3)
    # A room that is turned grows farther along the site's axes than along its own.
    step = DOORSTEP * math.sqrt(3.0)
    return rows, extents + np.array([[-step], [step]])


def _spot_rows(exhibits: Sequence[Exhibit]) -> tuple[Floats, Indices]:
    spots = [(*spot.position, *spot.normal) for exhibit in exhibits for spot in exhibit.hotspots]
    counts = np.array([len(exhibit.hotspots) for exhibit in exhibits], np.int64)
    return np.array(spots, dtype=np.float64).reshape(-1, sight.SPOT), _starts(counts)


def _starts(counts: Indices) -> Indices:
    """Where each run begins, and where the last one ends."""
    return np.concatenate((_ZERO, np.cumsum(counts)))


def _gathered(starts: Indices, chosen: Indices) -> tuple[Indices, Indices]:
    """Positions of the chosen runs' members one run after the other, and where each run then begins."""
    counts = starts[chosen + 1] - starts[chosen]
    begins = _starts(counts)
    return np.arange(begins[-1]) + np.repeat(starts[chosen] - begins[:-1], counts), begins

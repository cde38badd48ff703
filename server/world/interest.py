"""Which artifacts a visitor should perceive from where they stand; the collection's size does not matter.

Space is divided into cells. What can matter to an eye anywhere in a cell (within reach, not hidden by one
occluder from the whole cell) is found once, when a visitor first comes there, and kept in arrays of the
cell's own; a pose is then judged against its cell alone. The rules themselves, with their reasons, are in
``docs/perception.md``.
"""

import math
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from server.world import sight
from server.world.placement import Exhibit, Placement
from server.world.sight import Floats, Indices, Marks, Near, Scene
from server.world.space import Box, FieldOfView, Vector


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
    """What can matter to an eye in one cube of space; arrays as :mod:`server.world.sight` takes them."""

    key: tuple[int, int, int]
    scene: Scene


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counters of one interest since it was made."""

    artifacts: int
    occluders: int
    cells: int
    """In memory now."""
    prepared: int
    """Cells prepared so far, counted again where one had been dropped."""


class Interest:
    """Interest over one placement, shared by all visits of a process. Not for use by two threads at once."""

    def __init__(
        self, placement: Placement, policy: Policy | None = None, *, cell: float = 2.0, cells: int = 8192
    ) -> None:
        """``cell`` is the edge of a cell in metres; the ``cells`` used last are kept."""
        self.placement = placement
        self.policy = policy or Policy()
        self.artifacts: tuple[str, ...] = tuple(exhibit.artifact for exhibit in placement.exhibits)
        self.thresholds = self.policy.vector
        self.edge = cell
        self._boxes = _box_rows([exhibit.bounds for exhibit in placement.exhibits])
        self._table = _table(placement.exhibits, self._boxes, self.policy)
        self._walls = _box_rows(placement.occluders)
        self._buckets = _Buckets(self._table[:, 0:3:2], self.policy.reach[1])
        self._wall_buckets = _WallBuckets(placement.occluders, self._buckets.edge)
        self._cells: OrderedDict[tuple[int, int, int], Cell] = OrderedDict()
        self._most_cells = cells
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
        edge = self.edge
        key = (math.floor(point[0] / edge), math.floor(point[1] / edge), math.floor(point[2] / edge))
        cell = self._cells.get(key)
        if cell is None:
            cell = self._prepare(key)
            self._cells[key] = cell
            if len(self._cells) > self._most_cells:
                self._cells.popitem(last=False)
        else:
            self._cells.move_to_end(key)
        return cell

    def statistics(self) -> Statistics:
        """Sizes and counters."""
        return Statistics(len(self.artifacts), len(self._walls), len(self._cells), self._prepared)

    def _prepare(self, key: tuple[int, int, int]) -> Cell:
        self._prepared += 1
        low = np.array(key, dtype=np.float64) * self.edge
        box = np.array([low, low + self.edge])
        reach = max(self.policy.reach[1], self.policy.gaze_reach)
        indices = self._buckets.within(box[0], box[1], reach)
        walls = self._walls[self._wall_buckets.within(box[0], box[1], reach)]
        # The nearest first: what hides most is tried first.
        away = np.linalg.norm(walls[:, :3] - box.mean(axis=0), axis=1)
        walls = np.ascontiguousarray(walls[np.argsort(away, kind="stable")])
        near = Near(self._table[indices], self._boxes[indices], walls)
        marks = Marks(np.zeros(len(indices), np.bool_), np.zeros((len(indices), len(walls)), np.bool_))
        sight.prepare(box, near, self.policy.gaze_reach, marks)
        kept, between = marks.kept, marks.between[marks.kept]
        standing = between.any(axis=0)
        between, walls = between[:, standing], walls[standing]
        starts = np.concatenate(([0], np.cumsum(between.sum(axis=1)))).astype(np.int64)
        spots, spot_starts = _spot_rows([self.placement.exhibits[index] for index in indices[kept]])
        listed = np.ascontiguousarray(np.nonzero(between)[1].astype(np.int64))
        scene = Scene(near.rows[kept], near.boxes[kept], walls, starts, listed, spots, spot_starts)
        return Cell(key, scene)


class _Buckets:
    """Points hashed by their place on the floor plan; no cost for empty places."""

    def __init__(self, plan: Floats, reach: float) -> None:
        self.edge = max(reach / 4.0, 1.0)
        places = np.floor(plan / self.edge).astype(np.int64)
        self._order = np.lexsort((places[:, 1], places[:, 0])) if len(places) else np.zeros(0, np.int64)
        ordered = places[self._order]
        changes = np.any(np.diff(ordered, axis=0, prepend=ordered[:1] - 1), axis=1)
        firsts = np.nonzero(changes)[0].tolist()
        self._spans = {
            (int(x), int(z)): span
            for (x, z), span in zip(ordered[firsts], pairwise([*firsts, len(ordered)]), strict=True)
        }

    def within(self, low: Floats, high: Floats, reach: float) -> Indices:
        """Positions of the points in every bucket that the box grown by ``reach`` touches, ascending."""
        spans = (self._spans.get(place) for place in _places(low - reach, high + reach, self.edge))
        parts = [self._order[first:last] for first, last in filter(None, spans)]
        return np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.int64)


class _WallBuckets:
    """Occluders hashed by every place on the floor plan that they cover."""

    def __init__(self, occluders: Sequence[Box], edge: float) -> None:
        self._edge = edge
        self._covering: dict[tuple[int, int], list[int]] = {}
        for number, box in enumerate(occluders):
            low, high = (np.array(corner) for corner in box.extent)
            for place in _places(low, high, edge):
                self._covering.setdefault(place, []).append(number)

    def within(self, low: Floats, high: Floats, reach: float) -> Indices:
        """Positions of the occluders that the box grown by ``reach`` may touch, ascending."""
        found: set[int] = set()
        for place in _places(low - reach, high + reach, self._edge):
            found.update(self._covering.get(place, ()))
        return np.array(sorted(found), dtype=np.int64)


def _places(low: Floats, high: Floats, edge: float) -> Iterable[tuple[int, int]]:
    first_x, last_x = math.floor(low[0] / edge), math.floor(high[0] / edge)
    first_z, last_z = math.floor(low[2] / edge), math.floor(high[2] / edge)
    return ((x, z) for x in range(first_x, last_x + 1) for z in range(first_z, last_z + 1))


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


def _spot_rows(exhibits: Sequence[Exhibit]) -> tuple[Floats, Indices]:
    spots = [(*spot.position, *spot.normal) for exhibit in exhibits for spot in exhibit.hotspots]
    counts = [len(exhibit.hotspots) for exhibit in exhibits]
    starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return np.array(spots, dtype=np.float64).reshape(-1, sight.SPOT), starts

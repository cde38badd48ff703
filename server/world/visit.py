"""One visit: where the visitor is, what they perceive, what they looked at and for how long.

Pure: a pose or a gaze ray and its time come in, what changed for the visitor goes out::

    visit = Visit(interest, Budget(artifacts=32, model_bytes=64_000_000))
    changes = visit.pose(Pose((0.0, 1.6, 4.0)), time_ns)   # head pose, site frame
    changes = visit.gaze(Ray(eye, direction), time_ns)     # where the eyes point, if the client knows
    changes = visit.gaze(None, time_ns)                    # eyes closed, low confidence

Most poses change nothing; they answer with the shared :data:`NOTHING`, so ``if not changes`` is cheap.
"""

import math
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np

from server.world import sight
from server.world.gaze import NOWHERE, Look
from server.world.interest import Cell, Interest
from server.world.sight import Floats
from server.world.space import NS, FieldOfView, Pose, Ray, Vector

HEADSET: Final = FieldOfView.symmetric(math.radians(100.0), math.radians(90.0))
"""Assumed where a client does not state its field of view."""
_EYES_SILENT: Final = NS
"""After so long without a word of the eyes, the middle of the view stands in for them."""


class Detail(IntEnum):
    """How much of an artifact is shown; each level holds the ones before it."""

    GLANCE = 1
    """Title and one line."""
    LABEL = 2
    """The wall label."""
    FULL = 3
    """The whole text, and the annotations with their hotspots."""
    MEDIA = 4
    """Images, audio description, related pages."""


_DETAILS: Final[dict[int, Detail]] = {int(detail): detail for detail in Detail}
"""Looked up, because the enumeration's own call costs a microsecond."""


class Perceived(NamedTuple):
    """One artifact of the interest set, as the visitor should have it now."""

    artifact: str
    detail: Detail
    model: bool
    """Whether its model is within the visitor's byte budget; False: words only."""


@dataclass(frozen=True, slots=True)
class Focus:
    """What the gaze rests on. Equal to another where both name the same."""

    artifact: str
    annotation: str | None = None
    """The annotation whose hotspot is under the ray."""
    distance: float = field(default=0.0, compare=False)
    """Metres from the eye along the last ray to the artifact's bounds."""
    dwell: int = field(default=0, compare=False)
    """Nanoseconds for which the artifact was looked at in this visit."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What one pose or gaze changed. Applying all ``Changes`` in order to an empty set gives the snapshot."""

    entered: tuple[Perceived, ...] = ()
    left: tuple[str, ...] = ()
    changed: tuple[Perceived, ...] = ()
    """Still perceived, at another level of detail, or its model came within or fell out of the budget."""
    shown: tuple[str, ...] = ()
    """Artifacts whose annotations are to be shown from now on (they reached :attr:`Detail.FULL`)."""
    hidden: tuple[str, ...] = ()
    """Artifacts whose annotations are to be removed (they fell below it, or left)."""
    focus: Focus | None = None
    """What the gaze rests on now; read it only where ``refocused``."""
    refocused: bool = False
    """The focus is another than before."""

    def __bool__(self) -> bool:
        return self is not NOTHING


NOTHING: Final = Changes()
"""No change; always this one object."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a visitor's client can hold."""

    artifacts: int = 32
    """Most artifacts perceived at once, at least 1."""
    model_bytes: int = 64_000_000
    """Most bytes of models at once."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What the visitor agreed to; everything else is not used."""

    gaze: bool = False
    """Eye gaze may steer what is shown. Without it the middle of the view stands in for it."""
    frames: bool = False
    """Camera frames may be sent and recognized."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole state a client needs to begin, or to begin again."""

    gallery: str | None
    perceived: tuple[Perceived, ...]
    shown: tuple[str, ...]
    focus: Focus | None


class Visit:
    """State of one visit."""

    def __init__(
        self,
        interest: Interest,
        budget: Budget | None = None,
        consent: Consent | None = None,
        view: FieldOfView = HEADSET,
    ) -> None:
        """``interest`` belongs to the museum's current placement and is shared by all visits."""
        self.consent = consent or Consent()
        self.budget = budget or Budget()
        self._interest = interest
        self._view = view
        self._rules = self._rules_of(interest)
        self._held, self._next = (np.zeros((self.budget.artifacts, sight.HELD)) for _ in range(2))
        self._size = 0
        self._differing = np.zeros((2 * self.budget.artifacts + 1, sight.DIFFERENCE))
        self._perceived: dict[int, Perceived] = {}
        self._eye = np.zeros(sight.EYE)
        self._ray = np.zeros(6)
        self._cell: Cell | None = None
        self._look = Look()
        self._away = 0.0
        self._eyes_heard: int | None = None
        self._dwelt: dict[int, int] = {}

    def pose(self, pose: Pose, time_ns: int) -> Changes:
        """The head is here now (site frame). Where no gaze is known, the middle of the view counts as one.

        Raises ``ValueError`` or ``OverflowError`` where the position is not finite.
        """
        self._cell = self._cell_of(pose.position)
        _fill(self._eye, pose.position, pose.ahead)
        heard = self._eyes_heard
        if heard is not None and time_ns - heard < _EYES_SILENT:
            return self._judge(False)
        return self._judge(self._looked(self._cell, self._eye, time_ns))

    def gaze(self, ray: Ray | None, time_ns: int) -> Changes:
        """The eyes point there now (site frame, unit direction); ``None`` where the tracker is not sure.

        Ignored without the visitor's consent to gaze, and before the first pose.
        """
        if self._cell is None or not self.consent.gaze:
            return NOTHING
        self._eyes_heard = time_ns
        if ray is None:
            return self._judge(self._looked(self._cell, None, time_ns))
        _fill(self._ray, ray.origin, ray.direction)
        return self._judge(self._looked(self._cell_of(ray.origin), self._ray, time_ns))

    def snapshot(self) -> Snapshot:
        """Everything perceived now, by artifact identifier."""
        perceived = sorted(self._perceived.values(), key=lambda one: one.artifact)
        return Snapshot(
            self.gallery,
            tuple(perceived),
            tuple(one.artifact for one in perceived if one.detail >= Detail.FULL),
            self.focus,
        )

    def relocate(self, interest: Interest) -> Changes:
        """The museum's placement changed: judge the last pose in the new one.

        Everything is told anew: what was perceived leaves and what is perceived now enters, since an
        artifact that stayed may have been moved.
        """
        left = self._perceived
        shown = tuple(one.artifact for one in left.values() if one.detail >= Detail.FULL)
        known = interest.positions
        dwelt = {self._interest.artifacts[index]: time for index, time in self._dwelt.items()}
        self._dwelt = {known[artifact]: time for artifact, time in dwelt.items() if artifact in known}
        had_focus = self.focus is not None
        self._rules = self._rules_of(interest)
        self._interest, self._perceived, self._size, self._look = interest, {}, 0, Look()
        after = NOTHING
        if self._cell is not None:
            x, y, z = self._eye[:3].tolist()
            self._cell = interest.cell_at((x, y, z))
            after = self._judge(had_focus)
        return Changes(
            after.entered, tuple(one.artifact for one in left.values()), (), after.shown, shown,
            None, had_focus,
        )  # fmt: skip

    @property
    def gallery(self) -> str | None:
        """The gallery the visitor is in; ``None`` between galleries and before the first pose."""
        if self._cell is None:
            return None
        x, y, z = self._eye[:3].tolist()
        found = self._interest.placement.gallery_at((x, y, z))
        return found.slug if found else None

    @property
    def focus(self) -> Focus | None:
        """What the gaze rests on."""
        artifact, spot = self._look.target
        if artifact < 0:
            return None
        hotspot = self._interest.hotspot(artifact, spot) if spot >= 0 else None
        return Focus(self._interest.artifacts[artifact], hotspot, self._away, self._dwelt.get(artifact, 0))

    @property
    def seen(self) -> dict[str, int]:
        """Nanoseconds for which each artifact was looked at during this visit."""
        return {self._interest.artifacts[index]: time for index, time in self._dwelt.items()}

    def _rules_of(self, interest: Interest) -> Floats:
        budget = (self.budget.artifacts, self.budget.model_bytes)
        return np.array([*interest.thresholds, *interest.policy.cone(self._view), *budget], np.float64)

    def _cell_of(self, point: Vector) -> Cell:
        cell, edge = self._cell, self._interest.edge
        if cell is not None:
            x, y, z = cell.key
            if x == point[0] // edge and y == point[1] // edge and z == point[2] // edge:
                return cell
        return self._interest.cell_at(point)

    def _looked(self, cell: Cell, ray: Floats | None, time_ns: int) -> bool:
        """Count the look; returns whether the focus is another."""
        hit, away = NOWHERE, 0.0
        if ray is not None:
            artifact, spot, away = sight.cast(ray, cell.scene, self._rules)
            hit = (artifact, spot)
        before = self._look.target
        dwelt = self._look.at(hit, time_ns)
        target = self._look.target
        if hit[0] == target[0]:
            self._away = away
        if dwelt:
            self._dwelt[target[0]] = self._dwelt.get(target[0], 0) + dwelt
            self._eye[sight.DWELT] = dwelt / NS
        return target != before

    def _judge(self, refocused: bool) -> Changes:
        cell = self._cell
        assert cell is not None
        self._eye[sight.HOLDING], self._eye[sight.GAZED_AT] = self._size, self._look.target[0]
        size, differs = sight.judge(self._eye, cell.scene, self._rules, self._held, self._next)
        self._eye[sight.DWELT] = 0.0
        if not (differs or refocused):
            return NOTHING
        focus = self.focus if refocused else None
        if not differs:
            return Changes(focus=focus, refocused=True)
        self._held, self._next = self._next, self._held
        return self._differences(size, focus, refocused)

    def _differences(self, size: int, focus: Focus | None, refocused: bool) -> Changes:
        # After the exchange, what was held before lies in ``_next``.
        count = sight.compare(self._next, self._size, self._held, size, self._differing)
        self._size = size
        perceived, known = self._perceived, self._interest.artifacts
        entered, changed = list[Perceived](), list[Perceived]()
        left, shown, hidden = list[str](), list[str](), list[str]()
        for number, was, _, level, model in self._differing[:count].tolist():
            index = int(number)
            artifact = known[index]
            if level:
                one = perceived[index] = Perceived(artifact, _DETAILS[int(level)], bool(model))
                (changed if was else entered).append(one)
            else:
                del perceived[index]
                left.append(artifact)
            if (level >= Detail.FULL) != (was >= Detail.FULL):
                (shown if level >= Detail.FULL else hidden).append(artifact)
        return Changes(
            tuple(entered), tuple(left), tuple(changed), tuple(shown), tuple(hidden), focus, refocused
        )


def _fill(array: Floats, origin: Vector, direction: Vector) -> None:
    array[0], array[1], array[2] = origin
    array[3], array[4], array[5] = direction

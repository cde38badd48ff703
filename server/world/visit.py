"""One visit: where the visitor is, what they perceive, what they looked at and for how long.

Pure: a pose or a gaze ray and its time come in, what changed for the visitor goes out::

    visit = Visit(interest, Budget(artifacts=32, model_bytes=64_000_000))
    changes = visit.pose(Pose((0.0, 1.6, 4.0)), time_ns)   # head pose, site frame
    changes = visit.gaze(Ray(eye, direction), time_ns)     # where the eyes point, if the client knows
    changes = visit.gaze(None, time_ns)                    # eyes closed, low confidence

Most poses change nothing; they answer with the shared :data:`NOTHING`, so ``if not changes`` is cheap.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, NamedTuple

from server.world import eyes, gaze, sight
from server.world.interest import Cell, Interest
from server.world.space import NS, FieldOfView, Pose, Quaternion, Ray, Vector
from server.world.steps import OPEN, parts

HEADSET: Final = FieldOfView.symmetric(math.radians(100.0), math.radians(90.0))
"""Assumed where a client does not state its field of view."""
SEATED: Final = 2.0
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


class Stepped(NamedTuple):
    """What one pose or gaze changed, in numbers: what the live connection works with."""

    steps: list[int]
    """See :mod:`server.world.steps`; ascending by index, one an artifact."""
    refocused: bool = False
    """The focus is another than before."""
    moved: bool = False
    """The gallery is another than before."""


STILL: Final = Stepped([])
"""No change; always this one object."""
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
        seated: bool = False,
    ) -> None:
        """``interest`` belongs to the museum's current placement and is shared by all visits.

        A visitor who is ``seated`` cannot come near, and reads as much from :data:`SEATED` times as far.
        """
        self.consent = consent or Consent()
        self.budget = budget or Budget()
        self._interest = interest
        self._view = view
        self._seated = seated
        self._numbers, self._counts = eyes.made(self.budget.artifacts)
        self._set_rules()
        self._cell: Cell | None = None
        self._eyes_heard: int | None = None
        self._dwelt: dict[int, int] = {}

    def pose(self, pose: Pose, time_ns: int) -> Changes:
        """The head is here now (site frame). Where no gaze is known, the middle of the view counts as one.

        Raises ``ValueError`` or ``OverflowError`` where the position is not finite.
        """
        return self._named(self.stand(pose.position, pose.rotation, time_ns))

    def gaze(self, ray: Ray | None, time_ns: int) -> Changes:
        """The eyes point there now (site frame, unit direction); ``None`` where the tracker is not sure.

        Ignored without the visitor's consent to gaze, and before the first pose.
        """
        return self._named(self.look(ray, time_ns))

    def stand(self, position: Vector, rotation: Quaternion, time_ns: int) -> Stepped:
        """As :meth:`pose`, told in numbers."""
        cell = self._cell
        if cell is None or not cell.holds(position):
            cell = self._cell = self._interest.cell_at(position)
        heard = self._eyes_heard
        looks_at = -1 if heard is not None and time_ns - heard < _EYES_SILENT else time_ns
        place = (*position, *rotation)
        return self._stepped(eyes.stood(self._numbers, self._counts, cell.scene, place, looks_at))

    def look(self, ray: Ray | None, time_ns: int) -> Stepped:
        """As :meth:`gaze`, told in numbers."""
        cell = self._cell
        if cell is None or not self.consent.gaze:
            return STILL
        numbers, counts = self._numbers, self._counts
        self._eyes_heard = time_ns
        if ray is None:
            refocused = eyes.blinked(numbers, counts, time_ns)
        else:
            numbers[eyes.RAY : eyes.HELD] = (*ray.origin, *ray.direction)
            around = cell if cell.holds(ray.origin) else self._interest.cell_at(ray.origin)
            refocused = eyes.looked(numbers, counts, around.scene, time_ns)
        return self._stepped(eyes.weighed(numbers, counts, cell.scene) * eyes.COUNTED | refocused)

    def snapshot(self) -> Snapshot:
        """Everything perceived now, by artifact identifier."""
        perceived = sorted(self._perceived(), key=lambda one: one.artifact)
        return Snapshot(
            self.gallery,
            tuple(perceived),
            tuple(one.artifact for one in perceived if one.detail >= Detail.FULL),
            self.focus,
        )

    def codes(self) -> dict[int, int]:
        """What is perceived now, by index, as steps tell it."""
        rows = eyes.held(self._numbers, self._counts)
        return {int(row[0]): int(row[sight.LEVEL]) * 2 + int(row[sight.MODEL]) for row in rows.tolist()}

    def relocate(self, interest: Interest) -> Changes:
        """The museum's placement changed: judge the last pose in the new one.

        Everything is told anew: what was perceived leaves and what is perceived now enters, since an
        artifact that stayed may have been moved. How long it was looked at is kept, and so is what that
        had opened.
        """
        left, seen, had_focus = list(self._perceived()), self.seen, self.focus is not None
        held = self._kept(interest)
        eye = self._numbers[eyes.EYE : eyes.EYE + 6].copy()
        self._numbers, self._counts = eyes.made(self.budget.artifacts)
        self._numbers[eyes.EYE : eyes.EYE + 6] = eye
        eyes.hold(self._numbers, held)
        self._interest = interest
        self._set_rules()
        known = interest.positions
        self._dwelt = {known[artifact]: time for artifact, time in seen.items() if artifact in known}
        if self._cell is not None:
            x, y, z = eye[:3].tolist()
            self._cell = interest.cell_at((x, y, z))
            eyes.weighed(self._numbers, self._counts, self._cell.scene)
        entered = tuple(self._perceived())
        return Changes(
            entered, tuple(one.artifact for one in left), (),
            tuple(one.artifact for one in entered if one.detail >= Detail.FULL),
            tuple(one.artifact for one in left if one.detail >= Detail.FULL),
            None, had_focus,
        )  # fmt: skip

    @property
    def gallery(self) -> str | None:
        """The gallery the visitor is in; ``None`` between galleries and before the first pose."""
        room = int(self._counts[eyes.ROOM])
        return self._interest.placement.galleries[room].slug if room >= 0 else None

    @property
    def focus(self) -> Focus | None:
        """What the gaze rests on."""
        artifact, spot = self._counts[[gaze.ARTIFACT, gaze.HOTSPOT]].tolist()
        if artifact < 0:
            return None
        hotspot = self._interest.hotspot(artifact, spot) if spot >= 0 else None
        dwell = self._dwelt.get(artifact, 0) + int(self._counts[eyes.DWELT])
        return Focus(self._interest.artifacts[artifact], hotspot, float(self._numbers[eyes.AWAY]), dwell)

    @property
    def seen(self) -> dict[str, int]:
        """Nanoseconds for which each artifact was looked at during this visit."""
        known = self._interest.artifacts
        seen = {known[index]: time for index, time in self._dwelt.items()}
        if (focus := self.focus) is not None:
            seen[focus.artifact] = focus.dwell
        return seen

    def _kept(self, interest: Interest) -> sight.Floats:
        """The rows of what is perceived now and is placed in ``interest`` too, by its indices."""
        rows, known = eyes.held(self._numbers, self._counts).copy(), self._interest.artifacts
        now = [interest.positions.get(known[int(index)], -1) for index in rows[:, 0]]
        rows[:, 0] = now
        rows = rows[rows[:, 0] >= 0]
        return rows[rows[:, 0].argsort()]

    def _set_rules(self) -> None:
        interest, budget = self._interest, self.budget
        limits = (budget.artifacts, budget.model_bytes)
        rules = (*interest.thresholds, *interest.policy.cone(self._view), *limits)
        self._numbers[: eyes.RULES] = rules
        if self._seated:
            for step in range(3):  # distance in and distance out of label, full text and media
                first = sight.STEPS + 3 * step
                self._numbers[first : first + 2] *= SEATED

    def _stepped(self, result: int) -> Stepped:
        if not result:
            return STILL
        refocused, counts = bool(result & eyes.REFOCUSED), self._counts
        if refocused and (left := int(counts[eyes.LEFT])) >= 0:
            self._dwelt[left] = self._dwelt.get(left, 0) + int(counts[eyes.LEFT_DWELT])
            counts[eyes.LEFT] = -1
        steps = counts[eyes.STEPS : eyes.STEPS + result // eyes.COUNTED].tolist()
        return Stepped(steps, refocused, bool(result & eyes.MOVED))

    def _perceived(self) -> Iterator[Perceived]:
        for index, code in self.codes().items():
            yield self._one(index, code)

    def _one(self, index: int, code: int) -> Perceived:
        return Perceived(self._interest.artifacts[index], _DETAILS[code >> 1], bool(code & 1))

    def _named(self, stepped: Stepped) -> Changes:
        if not (stepped.steps or stepped.refocused):
            return NOTHING
        known, steps = self._interest.artifacts, [parts(step) for step in stepped.steps]
        return Changes(
            tuple(self._one(index, now) for index, was, now in steps if not was),
            tuple(known[index] for index, _, now in steps if not now),
            tuple(self._one(index, now) for index, was, now in steps if was and now),
            tuple(known[index] for index, was, now in steps if was < OPEN <= now),
            tuple(known[index] for index, was, now in steps if now < OPEN <= was),
            self.focus if stepped.refocused else None,
            stepped.refocused,
        )

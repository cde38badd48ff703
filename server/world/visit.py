"""One visit: where the visitor is, what they perceive, what they looked at and for how long.

Pure: a pose or a gaze ray and its time come in, what changed for the visitor goes out::

    visit = Visit(interest, Budget(artifacts=32, model_bytes=64_000_000))
    changes = visit.pose(Pose((0.0, 1.6, 4.0)), time_ns)   # head pose, site frame
    changes = visit.gaze(Ray(eye, direction), time_ns)     # where the eyes point, if the client knows
    changes = visit.gaze(None, time_ns)                    # eyes closed, low confidence

Most poses change nothing; they answer with the shared :data:`NOTHING`, so ``if not changes`` is cheap.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final


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


@dataclass(frozen=True, slots=True)
class Perceived:
    """One artifact of the interest set, as the visitor should have it now."""

    artifact: str
    detail: Detail
    model: bool
    """Whether its model is within the visitor's byte budget; False: words only."""


@dataclass(frozen=True, slots=True)
class Focus:
    """What the gaze rests on."""

    artifact: str
    annotation: str | None = None
    """The annotation whose hotspot is under the ray."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What one pose or gaze changed. Applying every ``Changes`` in order to an empty set gives the snapshot."""

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
    """State of one visit. Constructor and methods are the whole interface of this package to its callers.

    ``Visit(interest, budget, consent, view)``: the interest of the museum's current placement, shared by
    all visits; what the client can hold; what the visitor agreed to; the client's field of view.
    """

    def pose(self, pose: "Pose", time_ns: int) -> Changes:
        """The head is here now (site frame)."""
        raise NotImplementedError

    def gaze(self, ray: "Ray | None", time_ns: int) -> Changes:
        """The eyes point there now (site frame, unit direction); ``None`` where the tracker is not sure."""
        raise NotImplementedError

    def snapshot(self) -> Snapshot:
        """Everything perceived now, by artifact identifier."""
        raise NotImplementedError

    def relocate(self, interest: "Interest") -> Changes:
        """The museum's placement changed: judge the last pose in the new one."""
        raise NotImplementedError

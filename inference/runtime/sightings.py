"""What the runtime answers: sightings, or one rejection with its reason. Words only."""

from dataclasses import dataclass
from enum import StrEnum


class RejectionReason(StrEnum):
    """Why a frame has no sighting."""

    not_ours = "not-ours"
    """Looked at, and it is none of this museum's artifacts."""
    unreadable = "unreadable"
    """The frame could not be decoded, or is larger than allowed."""
    uncertain = "uncertain"
    """Too dark, too even or too blurred to say."""
    superseded = "superseded"
    """A newer frame of the same client came before this one was looked at."""
    late = "late"
    """Its deadline could not be kept."""
    unavailable = "unavailable"
    """No recognizer is in service, or its gallery is empty."""


@dataclass(frozen=True, slots=True)
class Lens:
    """A pinhole camera without distortion, in pixels from the upper left corner of the picture."""

    fx: float
    fy: float
    cx: float
    cy: float

    def reduced(self, reduction: float) -> "Lens":
        """The same for a picture whose pixels are so many of these wide."""
        return Lens(self.fx / reduction, self.fy / reduction, self.cx / reduction, self.cy / reduction)


@dataclass(frozen=True, slots=True)
class Pose:
    """An artifact's own frame in the camera's; metres, the camera looks along -Z with +Y up."""

    position: tuple[float, float, float]
    rotation: tuple[float, float, float, float]
    """Quaternion, x, y, z, w."""
    error: float
    """Root mean square distance of points as seen and as this pose puts them, pixels."""
    points: int
    """That agree."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One artifact recognized in a frame."""

    artifact: str
    """Its identifier in the catalog."""
    score: float
    """Calibrated, 0..1: of sightings with score s, a share of s is right."""
    similarity: float
    """Cosine of the frame's embedding and the nearest view's, -1..1."""
    view: str
    """The photo or rendered view that it is nearest to."""
    evidence: str = ""
    """Why, in words a curator can check."""
    inliers: int = 0
    """Local features that agree on one geometry; 0 where not verified."""
    corners: tuple[float, ...] = ()
    """Outline of the view in the upright frame: x, y pairs in its own pixels; empty if unknown."""
    region: tuple[float, ...] = ()
    """Hull of the local features that agree: x, y pairs in the same pixels."""
    pose: Pose | None = None
    """Where it stands; needs a lens, and a view whose pixels have known places on a scan."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why there is no sighting."""

    reason: RejectionReason
    detail: str = ""
    """In words, for a log; never shows a byte of the frame."""


@dataclass(frozen=True, slots=True)
class StageTime:
    """Where the time of one frame went."""

    stage: str
    """``decode``, ``embed``, ``search``, ``verify``."""
    duration: int
    """Nanoseconds."""


@dataclass(frozen=True, slots=True)
class Sightings:
    """The answer to one frame."""

    model: str
    """Identity of the manifest of the recognizer that answered; empty where none did."""
    sightings: tuple[Sighting, ...] = ()
    """Best first, out of the whole gallery; empty where rejected."""
    rejection: Rejection | None = None
    """``None`` where there is a sighting."""
    nearby: tuple[Sighting, ...] = ()
    """The same among the candidates that the caller named; empty without candidates or without a match."""
    stages: tuple[StageTime, ...] = ()
    """In order."""

"""What is hung, where it came to be, and what stands against it. Words only."""

from dataclasses import dataclass
from typing import Literal

from assets.catalog.annotation import Annotation
from assets.sample.galleries import Gallery, Placement

Vector = tuple[float, float, float]
Measured = Literal["scan", "record", "plan"]


@dataclass(frozen=True, slots=True)
class ScanFile:
    """The master of a scan, as the store holds it."""

    sha256: str
    bytes: int
    triangles: int
    points: dict[str, tuple[Vector, Vector]]
    """Name to position and normal; metres, the artifact's own frame."""


@dataclass(frozen=True, slots=True)
class Work:
    """An artifact with its size, ready to be hung."""

    artifact: str
    """Artifact id, ``institution:identifier``."""
    label: tuple[str, ...]
    """Lines of its label: title, maker, date, medium, number."""
    is_flat: bool
    """Hangs on a wall, where nothing else is stated."""
    low: Vector
    """Lowest corner in the artifact's own frame, metres."""
    high: Vector
    measured: Measured
    """What says its size."""
    assumed: str = ""
    """Sides that nothing states, in words; empty where all are known."""
    year: int | None = None
    """Astronomical year it was made by, for the order of a hang."""
    scan: ScanFile | None = None

    @property
    def size(self) -> Vector:
        """Width, height, depth in metres."""
        (a, b, c), (x, y, z) = self.low, self.high
        return (x - a, y - b, z - c)


@dataclass(frozen=True, slots=True)
class Unsized:
    """An artifact that cannot be hung, and why."""

    artifact: str
    reason: str


@dataclass(frozen=True, slots=True)
class HungGallery:
    """A gallery with what hangs in it."""

    room: Gallery
    name: dict[str, str]
    placements: tuple[Placement, ...]
    works: dict[str, Work]
    """By artifact."""

    @property
    def slug(self) -> str:
        """Name of the gallery in addresses."""
        return self.room.slug


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a hang."""

    gallery: str
    artifact: str
    told: str
    """What is wrong, what was expected, the remedy."""
    stops: bool = True
    """Whether nothing is written because of it; otherwise a remark."""

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.gallery, self.artifact) if part)
        return f"{where}: {self.told}" if where else self.told


@dataclass(frozen=True, slots=True)
class Hang:
    """A whole museum, hung and judged."""

    name: str
    galleries: tuple[HungGallery, ...]
    problems: tuple[Problem, ...]
    annotations: dict[str, tuple[Annotation, ...]]
    """By artifact."""
    left_out: int = 0
    """Artifacts with a size that this hang has no place for."""

    @property
    def faults(self) -> tuple[Problem, ...]:
        """What must be mended before it can be written."""
        return tuple(problem for problem in self.problems if problem.stops)

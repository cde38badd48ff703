"""Where everything stands: galleries, exhibits, hotspots and what hides them, in one site frame.

A placement is a snapshot and never changes; a museum that moves something loads the next one, which has
another ``version``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from server.world.space import Box, Pose, Vector


class PlacementError(ValueError):
    """A placement that contradicts itself: which exhibit or gallery, what was expected, the remedy."""


@dataclass(frozen=True, slots=True)
class Hotspot:
    """The marker that opens an annotation: a point on an exhibit's surface. IIIF PointSelector."""

    annotation: str
    """Identifier of the annotation, unique within its artifact."""
    position: Vector
    """Site frame, metres."""
    normal: Vector
    """Unit vector out of the surface, site frame."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """An artifact placed. E7 Activity / P16 used specific object."""

    artifact: str
    """Artifact identifier, ``institution:identifier``."""
    gallery: str
    pose: Pose
    """The artifact's own frame in the site frame."""
    bounds: Box
    """The artifact's bounding box in the site frame, turned with it."""
    weight: int = 0
    """Bytes that a client loads to show its model; 0 where it has none."""
    hotspots: tuple[Hotspot, ...] = ()


@dataclass(frozen=True, slots=True)
class Door:
    """An opening a visitor can walk through."""

    position: Vector
    """Middle of its sill on the inner side of the wall, site frame."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """A room. E53 Place."""

    slug: str
    frame: Pose
    """The gallery's own frame in the site frame."""
    interior: Box
    """The space inside its walls, site frame."""
    doors: tuple[Door, ...] = ()


@dataclass(frozen=True, slots=True)
class Placement:
    """Everything that stands in the museum at one time.

    Raises :class:`PlacementError` where an artifact is placed twice or stands in a gallery that is missing.
    """

    version: str
    """Names this snapshot; another content has another version."""
    galleries: tuple[Gallery, ...]
    exhibits: tuple[Exhibit, ...]
    occluders: tuple[Box, ...] = ()
    """What hides what is behind it: walls beside their doors, plinths. Glass is none."""
    _by_artifact: dict[str, Exhibit] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {exhibit.artifact: exhibit for exhibit in self.exhibits}
        if len(known) < len(self.exhibits):
            doubled = _first_doubled(exhibit.artifact for exhibit in self.exhibits)
            raise PlacementError(f"artifact {doubled!r} is placed twice; keep one of its exhibits")
        rooms = {gallery.slug for gallery in self.galleries}
        for exhibit in self.exhibits:
            if exhibit.gallery not in rooms:
                raise PlacementError(
                    f"artifact {exhibit.artifact!r} stands in gallery {exhibit.gallery!r}, "
                    f"which is not one of {sorted(rooms)}; add the gallery or correct the name"
                )
        object.__setattr__(self, "_by_artifact", known)

    def exhibit(self, artifact: str) -> Exhibit:
        """The exhibit of an artifact. Raises ``KeyError`` where it is not shown."""
        return self._by_artifact[artifact]

    def gallery_at(self, point: Vector) -> Gallery | None:
        """The gallery a point lies in; ``None`` between galleries and outside."""
        for gallery in self.galleries:
            if gallery.interior.contains(point):
                return gallery
        return None


def _first_doubled(names: Iterable[str]) -> str:
    met: set[str] = set()
    for name in names:
        if name in met:
            return name
        met.add(name)
    raise ValueError("no name occurs twice")

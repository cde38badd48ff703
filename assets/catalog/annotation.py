"""Annotations: what is said about one spot of an artifact.

Words only, after the W3C Web Annotation model as IIIF Presentation uses it: an annotation has a motivation,
bodies (texts by language) and a target. The target is a point on the artifact's surface that has a name;
where that point lies is known to whoever holds the artifact's geometry.
"""

import math
from typing import Final, Literal

from pydantic import Field, model_validator

from assets.catalog.record import ArtifactId, Slug, Text, Word

Vector = tuple[float, float, float]

_NORMAL_TOLERANCE: Final = 1e-3


class SurfacePoint(Word):
    """A point on an artifact's surface. Maps to a IIIF PointSelector with a direction.

    In the artifact's own frame: metres, right-handed, +Y up, origin at the middle of its footprint.
    """

    position: Vector
    """x, y, z in metres."""
    normal: Vector
    """Unit vector out of the surface."""

    @model_validator(mode="after")
    def _normal_is_a_unit_vector(self) -> "SurfacePoint":
        length = math.hypot(*self.normal)
        if abs(length - 1.0) > _NORMAL_TOLERANCE:
            raise ValueError(f"normal {self.normal} has length {length:.4f}, expected 1")
        return self


class PointTarget(Word):
    """A named point of one artifact."""

    artifact: ArtifactId
    point: Slug
    """The point's name, the same in the catalog and in the geometry (``rim``, ``handle-left``)."""
    surface: SurfacePoint | None = None
    """Where the point lies; ``None`` until the geometry has been asked."""


class Annotation(Word):
    """Texts about one spot. Maps to a W3C/IIIF Annotation; its marker is the hotspot."""

    id: Slug
    """Unique within the artifact."""
    motivation: Literal["describing", "commenting", "highlighting", "linking"] = "describing"
    bodies: tuple[Text, ...] = Field(min_length=1)
    """``title`` and ``description`` texts, one per language and kind."""
    target: PointTarget

    @model_validator(mode="after")
    def _one_body_per_language_and_kind(self) -> "Annotation":
        keys = [(body.kind, body.language) for body in self.bodies]
        doubled = {key for key in keys if keys.count(key) > 1}
        if doubled:
            raise ValueError(f"annotation {self.id!r} has more than one body for {sorted(doubled)}")
        return self

    def body(self, kind: str, language: str) -> str | None:
        """The text of that kind in exactly that language, or ``None``."""
        for body in self.bodies:
            if body.kind == kind and body.language == language:
                return body.content
        return None

    def placed(self, surface: SurfacePoint) -> "Annotation":
        """The same annotation with its point found on the surface."""
        return self.model_copy(update={"target": self.target.model_copy(update={"surface": surface})})

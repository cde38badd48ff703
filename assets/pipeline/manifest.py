"""What is published of one scan: its files, how good each is, and where its points lie.

Words only. The real-time server and the clients read this as JSON; ``docs/schema/scan-manifest.json`` is its
schema. Names of files are hashes of their content: a name never means two things and may be cached for ever.
"""

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION: Final = 1
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
IDENTIFIER: Final = f"urn:museum-twin:schema:scan-manifest:{SCHEMA_VERSION}"

Vector = tuple[float, float, float]
Sha256 = str


class _Word(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TextureSize(_Word):
    """One image inside a file."""

    use: str
    """``base color``, ``surface`` or ``normal``."""
    width: int = Field(gt=0)
    height: int = Field(gt=0)


class Derivative(_Word):
    """A published file made from a scan. Maps to CRMdig D1."""

    sha256: Sha256 = Field(pattern=r"^[0-9a-f]{64}$")
    """Hash of its content; it lies at ``derivatives/<sha256>.glb``."""
    media_type: Literal["model/gltf-binary"] = "model/gltf-binary"
    usage: str
    """What it is for: ``master``, ``headset``, ``phone`` or ``thumb``."""
    quality: int = Field(ge=0)
    """Place in the usage's chain: 0 is the finest."""
    encoding: str
    """``plain``, ``meshopt``, ``draco`` ...; what a reader must know is in ``extensions``."""
    bytes: int = Field(gt=0)
    triangles: int = Field(gt=0)
    textures: tuple[TextureSize, ...] = ()
    hausdorff_mm: float = Field(ge=0)
    """Two-sided Hausdorff distance to the master, sampled, millimetres; 0 for the master. Of compressed
    files with the most that their rounding moves a vertex added."""
    rms_mm: float = Field(ge=0)
    """Root mean square of the same distances, millimetres."""
    bounds: tuple[Vector, Vector]
    """Lowest and highest corner, metres."""
    extensions: tuple[str, ...] = ()
    """glTF extensions without which a reader cannot show it."""
    device_bytes: int = Field(gt=0)
    """Memory on a graphics processor, estimated: buffers and uncompressed textures with mipmaps."""
    point_drift_mm: dict[str, float] = {}
    """How far each point of the master lies from this file's surface, millimetres."""


class Point(_Word):
    """A named point of the surface, as it lies on the master. Maps to a IIIF PointSelector."""

    name: str
    position: Vector
    """Metres, in the scan's frame."""
    normal: Vector
    """Unit vector out of the surface."""
    mesh: int = Field(ge=0)
    """Mesh of the master, counted from 0 as they stand in the file."""
    triangle: int = Field(ge=0)
    """Triangle of that mesh."""
    barycentric: Vector
    """Weights of its three corners."""
    drift_mm: float = Field(ge=0)
    """How far the surface lies from where the point was put, or was on the last master."""
    review: str | None = None
    """Why a curator should look: the point was not moved to the surface. ``None`` where all is well."""


class Decision(_Word):
    """How the unit or the upright axis was found."""

    value: str
    by: str
    """``option``, ``file``, ``format``, ``record``."""
    reason: str
    ratio: float | None = None
    """Box over record, of the side that fits worst."""


class SourceFile(_Word):
    """The scan that was handed in."""

    name: str
    sha256: Sha256
    """Hash over its content and that of every file it names."""
    files: dict[str, Sha256]
    """The scan and every file it names, with the hash of each."""
    bytes: int
    """Of the scan's own file."""
    triangles: int
    format: str
    unit: Decision
    up: Decision
    matrix: tuple[float, ...] = Field(min_length=16, max_length=16)
    """From the file's coordinates to the master's, row by row."""
    remarks: tuple[str, ...] = ()
    """What the file has and the master has not."""


class Repair(_Word):
    """What one step of the repair changed."""

    name: str
    changed: int
    remark: str = ""


class Manifest(_Word):
    """All that is published of one scan. Maps to a IIIF Manifest's list of contents."""

    schema_version: Literal[1] = SCHEMA_VERSION
    scan: str
    """Name of the scan, and of its folder."""
    artifact: str | None = None
    """Identifier of the record it belongs to."""
    key: Sha256
    """Hash of the input, the options and the pipeline that made it."""
    source: SourceFile
    repairs: tuple[Repair, ...] = ()
    bounds: tuple[Vector, Vector]
    """Of the master, metres, +Y up."""
    derivatives: tuple[Derivative, ...] = Field(min_length=1)
    """The master first, then each usage from fine to coarse."""
    points: tuple[Point, ...] = ()
    sheet: Sha256 | None = None
    """Picture of the scan from four sides, at ``derivatives/<sha256>.png``."""
    remarks: tuple[str, ...] = ()
    """Why a usage has fewer levels than asked for."""
    provenance: dict[str, str] = {}

    @property
    def master(self) -> Derivative:
        """The uncompressed file at full detail."""
        return self.derivatives[0]


def manifest_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a manifest as it is stored."""
    return {"$schema": DIALECT, "$id": IDENTIFIER, **Manifest.model_json_schema(mode="serialization")}

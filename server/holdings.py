"""What lies beside the catalog in a museum's store: galleries, and files that are published by their hash.

The sample museum states both in ``sample/museum.json``. A file is served only while its content is what its
hash says: it is hashed when it is first asked for, and again when it was touched since.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from assets.catalog.store.database import StoreError

SAMPLE: Final = "sample"
"""Folder, source and institution of the museum that comes with the project."""

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]
Usage = Literal["master", "gallery", "web", "ar", "thumbnail"]

_MEDIA_TYPES: Final = {
    ".glb": "model/gltf-binary",
    ".usdz": "model/vnd.usdz+zip",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ktx2": "image/ktx2",
}


class Stated(BaseModel):
    """Base of what is read from JSON: immutable, fields we do not know are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, use_attribute_docstrings=True)


class Door(Stated):
    """An opening in a wall."""

    wall: Literal["front", "back", "left", "right"]
    """``front`` is at +Z, ``right`` at +X."""
    offset: float
    """Metres along the wall from its middle."""


class Viewpoint(Stated):
    """A place to look at the gallery from."""

    position: Vector
    """Metres, in the gallery's frame."""
    target: Vector
    """The point looked at; metres."""


class Exhibit(Stated):
    """An artifact placed in a gallery: metres, right-handed, +Y up, floor at y = 0."""

    artifact: str
    """Artifact id."""
    position: Vector
    rotation: Quaternion
    """Quaternion x, y, z, w."""
    support: Literal["plinth", "case", "wall"]
    support_size: Vector
    """Width, height, depth of the plinth in metres; zeros for what hangs on a wall."""
    bounds: tuple[Vector, Vector]
    """Lowest and highest corner of the artifact in the gallery; metres."""


class Gallery(Stated):
    """A room and what stands in it; origin in the middle of the floor, entrance in the wall at +Z."""

    slug: str
    size: Vector
    """Width (x), height (y), depth (z) in metres."""
    doors: tuple[Door, ...] = ()
    viewpoint: Viewpoint
    placements: tuple[Exhibit, ...]
    model: str | None = None
    """SHA-256 of the room's GLB, where it was built."""

    def only(self, shown: Callable[[str], bool]) -> Self:
        """The gallery with those exhibits whose artifact may be shown."""
        return self.model_copy(update={"placements": tuple(p for p in self.placements if shown(p.artifact))})


@dataclass(frozen=True, slots=True)
class Derivative:
    """One published file."""

    sha256: str
    path: Path
    media_type: str
    size: int
    """Bytes."""
    artifact: str | None
    """Whose file it is; ``None`` for a gallery's room."""
    usage: Usage
    quality: str = "highest"
    triangles: int | None = None
    error_mm: float | None = None
    """Largest distance from the master in millimetres; ``None`` where not measured."""
    needs: frozenset[str] = frozenset()
    """Capabilities a client must have to use it: ``meshopt``, ``ktx2``, ``draco``."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """Galleries and files of a store, as they stood when ``stamp`` was taken."""

    galleries: tuple[Gallery, ...]
    files: dict[str, Derivative] = field(repr=False)
    stamp: str
    """Changes with every change of what was read."""

    @classmethod
    def none(cls) -> "Holdings":
        """Before anything was read."""
        return cls((), {}, "")

    def of(self, artifact: str) -> tuple[Derivative, ...]:
        """Files of one artifact, largest first."""
        found = (file for file in self.files.values() if file.artifact == artifact)
        return tuple(sorted(found, key=lambda file: -file.size))


class _Sheet(Stated):
    file: str
    sha256: str
    bytes: int
    triangles: int


class _Museum(Stated):
    artifacts: dict[str, _Sheet]
    galleries: list[dict[str, Any]]


def read_holdings(store: Path, known: Holdings) -> Holdings:
    """What the store holds now; ``known`` itself where nothing was touched since.

    Raises :class:`StoreError` where a file that lists holdings is damaged.
    """
    listing = store / SAMPLE / "museum.json"
    stamp = _touched(listing)
    if stamp == known.stamp:
        return known
    if not stamp:
        return Holdings.none()
    try:
        museum = _Museum.model_validate_json(listing.read_bytes())
        galleries = tuple(_gallery(listing.parent, stated) for stated in museum.galleries)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise StoreError(f"{listing}: {place}: {first['msg']}. Build the sample museum anew") from error
    files = [_master(listing.parent, slug, sheet) for slug, sheet in museum.artifacts.items()]
    files += [room for gallery in galleries if (room := _room(listing.parent, gallery)) is not None]
    return Holdings(galleries, {file.sha256: file for file in files}, stamp)


def is_intact(file: Derivative) -> bool:
    """Is the file there, with the content that its hash names? Reads it when it was touched since."""
    try:
        return digest(file.path) == file.sha256
    except OSError:
        return False


def digest(path: Path) -> str:
    """SHA-256 of a file's content, hex. Raises ``OSError`` where it cannot be read."""
    stat = path.stat()
    return _digest(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=16_384)
def _digest(path: Path, _touched_ns: int, _size: int) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _touched(path: Path) -> str:
    try:
        stat = path.stat()
    except OSError:
        return ""
    return f"{stat.st_mtime_ns:x}-{stat.st_size:x}"


def _gallery(folder: Path, stated: dict[str, Any]) -> Gallery:
    placements = [
        {**placement, "artifact": f"{SAMPLE}:{placement['artifact']}"}
        for placement in stated.get("placements", [])
    ]
    room = folder / str(stated.get("file"))
    model = digest(room) if room.is_file() else None
    return Gallery.model_validate({**stated, "placements": placements, "model": model})


def _master(folder: Path, slug: str, sheet: _Sheet) -> Derivative:
    path = folder / "artifacts" / Path(sheet.file).name
    return Derivative(
        sheet.sha256, path, _MEDIA_TYPES[".glb"], sheet.bytes, f"{SAMPLE}:{slug}", "master",
        triangles=sheet.triangles, error_mm=0.0,
    )  # fmt: skip


def _room(folder: Path, gallery: Gallery) -> Derivative | None:
    if gallery.model is None:
        return None
    path = folder / "galleries" / f"{gallery.slug}.glb"
    return Derivative(gallery.model, path, _MEDIA_TYPES[".glb"], path.stat().st_size, None, "gallery")

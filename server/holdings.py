"""What lies beside the catalog in a museum's store: galleries, and files that are published by their hash.

``museum.json`` (in the store, or in its folder ``sample`` where the sample museum was built) lists galleries
and models; each built scan has a manifest of its own. A file is published under its artifact's id, so that
it is seen by nobody who may not see the artifact.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assets.catalog.store.database import StoreError
from server.files import MEDIA_TYPES, Derivative, digest
from server.scan_manifests import manifest_paths, published_files

SAMPLE: Final = "sample"
"""Folder, source and institution of the museum that comes with the project."""

LISTING: Final = "museum.json"

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]


class Stated(BaseModel):
    """Base of what is read from JSON: immutable, fields we do not know are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, use_attribute_docstrings=True)


class Door(Stated):
    """An opening in a wall."""

    wall: Literal["front", "back", "left", "right"]
    """``front`` is at +Z, ``right`` at +X."""
    offset: float
    """Metres along the wall from its middle."""
    width: float = Field(default=1.8, gt=0)
    """Metres; of the opening."""
    height: float = Field(default=2.5, gt=0)
    """Metres; of the opening, from the floor."""


class Bench(Stated):
    """A seat in a gallery."""

    position: Vector
    """The middle of its footprint; metres."""
    size: Vector
    """Width (x), height, depth (z) in metres."""


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


class Frame(Stated):
    """A frame in another one."""

    position: Vector
    """Metres."""
    rotation: Quaternion
    """Quaternion x, y, z, w."""


class Gallery(Stated):
    """A room and what stands in it; origin in the middle of the floor, entrance in the wall at +Z."""

    slug: str
    name: dict[str, str] = Field(default_factory=dict)
    """Language (BCP 47) to name."""
    site: Frame = Frame(position=(0.0, 0.0, 0.0), rotation=(0.0, 0.0, 0.0, 1.0))
    """The gallery's frame in that of the whole museum, which poses on the live connection are in."""
    size: Vector
    """Width (x), height (y), depth (z) in metres."""
    doors: tuple[Door, ...] = ()
    viewpoint: Viewpoint
    placements: tuple[Exhibit, ...]
    wall_color: str | None = Field(default=None, pattern="^#[0-9a-f]{6}$")
    """sRGB, for renderers that draw the room from this description; null: theirs to choose."""
    benches: tuple[Bench, ...] = ()
    model: str | None = None
    """SHA-256 of the room's GLB, where it was built."""

    def only(self, shown: Callable[[str], bool]) -> Self:
        """The gallery with those exhibits whose artifact may be shown."""
        return self.model_copy(update={"placements": tuple(p for p in self.placements if shown(p.artifact))})


@dataclass(frozen=True, slots=True)
class Holdings:
    """Galleries and files of a store, as they stood when ``stamp`` was taken."""

    galleries: tuple[Gallery, ...]
    files: dict[str, tuple[Derivative, ...]] = field(repr=False)
    """By hash; several artifacts may have the same file."""
    stamp: str
    """Changes with every change of what was read."""
    _by_artifact: dict[str, tuple[Derivative, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_artifact: dict[str, list[Derivative]] = {}
        for file in (file for same in self.files.values() for file in same):
            if file.artifact is not None:
                by_artifact.setdefault(file.artifact, []).append(file)
        ordered = {artifact: _largest_first(files) for artifact, files in by_artifact.items()}
        object.__setattr__(self, "_by_artifact", ordered)

    @classmethod
    def none(cls) -> "Holdings":
        """Before anything was read."""
        return cls((), {}, "")

    def of(self, artifact: str) -> tuple[Derivative, ...]:
        """Files of one artifact, largest first."""
        return self._by_artifact.get(artifact, ())


class _Sheet(Stated):
    file: str
    sha256: str
    bytes: int
    triangles: int


class _Room(Stated):
    model_config = ConfigDict(extra="allow")

    file: str | None = None
    placements: list[dict[str, Any]] = Field(default_factory=list)


class _Museum(Stated):
    institution: str = SAMPLE
    artifacts: dict[str, _Sheet]
    galleries: list[_Room]


def artifact_id(institution: str, stated: str) -> str:
    """The id of an artifact as a listing names it: whole, or without the institution that all share."""
    return stated if ":" in stated else f"{institution}:{stated}"


def read_holdings(store: Path, known: Holdings) -> Holdings:
    """What the store holds now; ``known`` itself where nothing was touched since.

    Raises :class:`StoreError` where a file that lists holdings is damaged or cannot be read.
    """
    try:
        listing = next((p for p in (store / LISTING, store / SAMPLE / LISTING) if p.is_file()), None)
        manifests = manifest_paths(store)
        stamp = "/".join(_touched(path) for path in ([listing] if listing else []) + manifests)
        if stamp == known.stamp:
            return known
        galleries, models = _listed(listing) if listing else ((), [])
        scanned = [file for path in manifests for file in published_files(store, path)]
    except OSError as error:
        raise StoreError(f"{error.filename}: cannot be read ({error.strerror})") from error
    built = {file.artifact for file in scanned}
    # A built scan has a master of its own, and lighter files beside it.
    files = [file for file in models if file.artifact not in built] + scanned
    by_hash: dict[str, tuple[Derivative, ...]] = {}
    for file in files:
        by_hash[file.sha256] = (*by_hash.get(file.sha256, ()), file)
    return Holdings(galleries, by_hash, stamp)


def _listed(listing: Path) -> tuple[tuple[Gallery, ...], list[Derivative]]:
    """Galleries, and models of artifacts and rooms."""
    folder = listing.parent
    try:
        museum = _Museum.model_validate_json(listing.read_bytes())
        galleries = tuple(_gallery(folder, museum.institution, stated) for stated in museum.galleries)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise StoreError(f"{listing}: {place}: {first['msg']}. Correct it, or build it anew") from error
    models = [
        _model(_inside(folder, sheet.file), artifact_id(museum.institution, local), sheet)
        for local, sheet in museum.artifacts.items()
    ]
    for gallery, stated in zip(galleries, museum.galleries, strict=True):
        if gallery.model is not None:
            models.append(_room(_inside(folder, str(stated.file)), gallery.model))
    return galleries, models


def _inside(folder: Path, stated: str) -> Path:
    """A file that a listing names; a name that leads out of its folder is refused."""
    path = folder / stated
    if "\0" in stated or not path.resolve().is_relative_to(folder.resolve()):
        raise StoreError(f"{folder / LISTING}: {stated!r} lies outside of its folder. Name a file inside it")
    return path


def _gallery(folder: Path, institution: str, stated: _Room) -> Gallery:
    placements = [
        {**placement, "artifact": artifact_id(institution, str(placement.get("artifact")))}
        for placement in stated.placements
    ]
    room = _inside(folder, stated.file or "none")
    model = digest(room) if room.is_file() else None
    return Gallery.model_validate({**stated.model_dump(), "placements": placements, "model": model})


def _model(path: Path, artifact: str, sheet: _Sheet) -> Derivative:
    return Derivative(
        sheet.sha256, path, MEDIA_TYPES[".glb"], sheet.bytes, artifact, "master",
        triangles=sheet.triangles, error_mm=0.0,
    )  # fmt: skip


def _room(path: Path, sha256: str) -> Derivative:
    return Derivative(sha256, path, MEDIA_TYPES[".glb"], path.stat().st_size, None, "gallery")


def _touched(path: Path) -> str:
    stat = path.stat()
    return f"{stat.st_mtime_ns:x}-{stat.st_size:x}"


def _largest_first(files: Iterable[Derivative]) -> tuple[Derivative, ...]:
    return tuple(sorted(files, key=lambda file: -file.size))

"""Manifests of built scans, as the server reads them: ``scans/<name>/manifest.json`` in the store.

Their schema is ``docs/schema/scan-manifest.json``. Only what is needed to publish a file is read; a scan that
belongs to no artifact is not published, because nobody could say who may see it.
"""

from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from assets.catalog.store.database import StoreError
from server.files import MEDIA_TYPES, Derivative, Usage

FOLDER: Final = "scans"
NAME: Final = "manifest.json"

_NEEDS: Final = {
    "EXT_meshopt_compression": "meshopt",
    "KHR_meshopt_compression": "meshopt",
    "KHR_draco_mesh_compression": "draco",
    "KHR_texture_basisu": "ktx2",
}
"""glTF extension to the capability a client states; other extensions every client of ours can read."""


class _Stated(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class _File(_Stated):
    sha256: str
    media_type: str
    usage: Usage
    quality: int
    encoding: str
    bytes: int
    triangles: int
    hausdorff_mm: float
    extensions: tuple[str, ...] = ()


class _Manifest(_Stated):
    schema_version: Literal[1]
    artifact: str | None = None
    derivatives: tuple[_File, ...]
    sheet: str | None = None


def manifest_paths(store: Path) -> list[Path]:
    """Manifests of all scans, in order of their names."""
    return sorted((store / FOLDER).glob(f"*/{NAME}"))


def published_files(store: Path, path: Path) -> tuple[Derivative, ...]:
    """What one manifest publishes.

    Raises :class:`StoreError` where it is damaged, and ``OSError`` where it cannot be read.
    """
    stat = path.stat()
    return _read(store, path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=65_536)
def _read(store: Path, path: Path, _touched_ns: int, _size: int) -> tuple[Derivative, ...]:
    try:
        manifest = _Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise StoreError(f"{path}: {place}: {first['msg']}. Remove it and build the scan again") from error
    if manifest.artifact is None:
        return ()
    files = [_derivative(store, manifest.artifact, file) for file in manifest.derivatives]
    if manifest.sheet is not None and (sheet := _sheet(store, manifest.artifact, manifest.sheet)) is not None:
        files.append(sheet)
    return tuple(files)


def _derivative(store: Path, artifact: str, file: _File) -> Derivative:
    return Derivative(
        sha256=file.sha256,
        path=_place(store, file.sha256, ".glb"),
        media_type=file.media_type,
        size=file.bytes,
        artifact=artifact,
        usage=file.usage,
        quality=file.quality,
        encoding=file.encoding,
        triangles=file.triangles,
        error_mm=file.hausdorff_mm,
        needs=frozenset(_NEEDS[name] for name in file.extensions if name in _NEEDS),
    )


def _sheet(store: Path, artifact: str, sha256: str) -> Derivative | None:
    path = _place(store, sha256, ".png")
    if not path.is_file():
        return None
    return Derivative(sha256, path, MEDIA_TYPES[".png"], path.stat().st_size, artifact, "picture")


def _place(store: Path, sha256: str, suffix: str) -> Path:
    return store / "derivatives" / f"{sha256}{suffix}"

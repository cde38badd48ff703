"""Published files: named by their content, and only served while that is what they hold."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

Usage = Literal["master", "headset", "phone", "thumb", "picture", "gallery"]

MEDIA_TYPES: Final = {".glb": "model/gltf-binary", ".png": "image/png"}


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
    quality: int = 0
    """Place in the usage's chain: 0 is the finest."""
    encoding: str = "plain"
    """``plain``, ``meshopt``, ``draco`` ..."""
    triangles: int | None = None
    error_mm: float | None = None
    """Largest distance from the master in millimetres; ``None`` where not measured."""
    needs: frozenset[str] = frozenset()
    """Capabilities a client must have to use it: ``meshopt``, ``ktx2``, ``draco``."""


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


@lru_cache(maxsize=65_536)
def _digest(path: Path, _touched_ns: int, _size: int) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()

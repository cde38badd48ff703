"""Hashes by which a build knows what it has done already: of files, of options, of its own code."""

import hashlib
import json
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

_CODE: Final = Path(__file__).resolve().parent.parent
_LIBRARIES: Final = ("numpy", "scipy", "trimesh", "pillow", "DracoPy", "libigl", "almeshopt", "alktx2")
_APART: Final = {"cli.py", "workers.py", "jobs.py", "store.py"}
"""Modules that decide when and where something is built, and nothing of what it looks like."""


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(*values: object) -> str:
    """SHA-256 of plain values, the same for equal values in every process."""
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def pipeline_digest() -> str:
    """SHA-256 of the code and the libraries that decide what a derivative looks like."""
    found = [
        (str(source.relative_to(_CODE)), source.read_text("utf-8"))
        for source in sorted(_CODE.rglob("*.py"))
        if source.name not in _APART
    ]
    return digest(found, [_version(name) for name in _LIBRARIES])


def _version(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"{name} is not installed"

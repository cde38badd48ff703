"""Published files on disk: derivatives by the hash of their content, one manifest a scan.

A file appears under its name when all of it has reached the disk, and never changes; a manifest is replaced
in one step. Killed anywhere, the store shows what it showed before, or what it should show now.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from assets.pipeline.manifest import Manifest
from assets.pipeline.refusal import PipelineError

DERIVATIVES: Final = "derivatives"
SCANS: Final = "scans"
_CACHE: Final = "cache/pipeline"
_MANIFEST: Final = "manifest.json"
_PART: Final = ".part"


class StoreError(PipelineError):
    """The store is in use, or a file in it is not what it should be."""


class DerivativeStore:
    """The derivatives and manifests in one museum's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str, suffix: str = ".glb") -> Path:
        """Where a derivative lies, whether or not it is there."""
        return self.folder / DERIVATIVES / f"{sha256}{suffix}"

    def put(self, content: bytes, suffix: str = ".glb") -> str:
        """Keep a file under the hash of its content, which is returned."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256, suffix)
        if not self.holds(sha256, len(content), suffix):
            write_durably(path, content)
        return sha256

    def holds(self, sha256: str, size: int | None = None, suffix: str = ".glb") -> bool:
        """Whether a derivative is there, with that many bytes."""
        try:
            found = self.path(sha256, suffix).stat().st_size
        except FileNotFoundError:
            return False
        return size is None or found == size

    def manifest(self, scan: str) -> Manifest | None:
        """What is published of a scan. Raises :class:`StoreError` where its manifest is damaged."""
        path = self.folder / SCANS / scan / _MANIFEST
        try:
            return Manifest.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as error:
            raise StoreError(
                str(path),
                f"it is no manifest ({error.error_count()} errors)",
                "Remove it and build the scan again",
            ) from error

    def manifests(self) -> Iterator[Manifest]:
        """All that is published, by name of scan."""
        for path in sorted((self.folder / SCANS).glob(f"*/{_MANIFEST}")):
            found = self.manifest(path.parent.name)
            if found is not None:
                yield found

    def is_whole(self, manifest: Manifest) -> bool:
        """Whether every file that a manifest names is there."""
        sheet = manifest.sheet is None or self.holds(manifest.sheet, suffix=".png")
        return sheet and all(self.holds(d.sha256, d.bytes) for d in manifest.derivatives)

    def publish(self, manifest: Manifest) -> None:
        """Replace what is published of a scan. Raises :class:`StoreError` where a named file is missing."""
        if not self.is_whole(manifest):
            raise StoreError(manifest.scan, "a file of its manifest is not in the store", "Build it again")
        content = manifest.model_dump_json(indent=1).encode() + b"\n"
        write_durably(self.folder / SCANS / manifest.scan / _MANIFEST, content)

    def recall(self, key: str) -> bytes | None:
        """What an earlier step with the same input left behind."""
        try:
            return (self.folder / _CACHE / f"{key}.json").read_bytes()
        except FileNotFoundError:
            return None

    def remember(self, key: str, content: bytes) -> None:
        """Keep the result of a step for the next build; losing it costs time and nothing else."""
        write_durably(self.folder / _CACHE / f"{key}.json", content)

    @contextmanager
    def building(self) -> Iterator[None]:
        """Hold the store for one build at a time. Raises :class:`StoreError` where another holds it.

        Unfinished files of a build that was killed are removed.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".build-lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise StoreError(
                    str(self.folder), "another build is at work in it", "Wait for its end"
                ) from error
            for place in (DERIVATIVES, SCANS, _CACHE):
                for part in (self.folder / place).rglob(f".*{_PART}"):
                    part.unlink(missing_ok=True)
            yield

    def sweep(self, before: float) -> list[Path]:
        """Remove what no manifest names and was written before a time (seconds since 1970); what it was."""
        with self.building():
            swept = [path for path in self.unused() if path.stat().st_mtime < before]
            for path in swept:
                path.unlink()
            return swept

    def unused(self) -> list[Path]:
        """Derivatives that no manifest names: of earlier builds, or of one that was killed."""
        named = {d.sha256 for manifest in self.manifests() for d in manifest.derivatives}
        named |= {manifest.sheet for manifest in self.manifests() if manifest.sheet}
        files = sorted((self.folder / DERIVATIVES).glob("*"))
        return [path for path in files if path.stem not in named and not path.name.startswith(".")]


def write_durably(path: Path, content: bytes) -> None:
    """Write a file so that it is there completely or not at all, whatever happens to the machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}{_PART}")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

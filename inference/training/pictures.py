"""Labeled pictures on disk, from whatever source, and splits of them that cannot leak.

A collection is a folder with ``labels.csv``: ``file`` and ``artifact`` (or ``object_id``), and where known
``institution``, ``kind``, ``role``, ``license``, ``culture`` and ``material``. Photos come with one; views
rendered from scans and of generated artifacts get one here.
"""

import csv
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageOps

from inference.preprocessing import Pixels

LABELS: Final = "labels.csv"
_COLUMNS: Final = ("file", "artifact", "institution", "kind", "role", "license", "culture", "material")


class PicturesError(ValueError):
    """A collection that cannot be read; names the file, the row and what was expected."""


class LeakError(ValueError):
    """Training would see what it is measured on; names an example."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of one artifact."""

    path: Path
    artifact: str
    institution: str = ""
    kind: str = ""
    role: str = ""
    """``gallery`` or ``query`` where the collection says."""
    license: str = ""
    culture: str = ""
    material: str = ""

    def pixels(self) -> Pixels:
        """(h, w, 3) RGB. Raises :class:`PicturesError`."""
        try:
            with Image.open(self.path) as opened:
                # A phone writes how it was held beside the pixels.
                return np.asarray(ImageOps.exif_transpose(opened).convert("RGB"))
        except (OSError, ValueError) as error:
            raise PicturesError(f"{self.path}: not a readable picture ({error})") from error


def read_labels(labels: Path) -> list[Shot]:
    """All shots of a collection, in the file's order.

    Raises :class:`PicturesError` for a row without file or artifact, or whose file is missing.
    """
    shots = []
    try:
        with labels.open(encoding="utf-8", newline="") as stream:
            for number, row in enumerate(csv.DictReader(stream), start=2):
                artifact = row.get("artifact") or row.get("object_id")
                if not row.get("file") or not artifact:
                    raise PicturesError(f"{labels}:{number}: 'file' and 'artifact' must be filled")
                path = labels.parent / row["file"]
                if not path.is_file():
                    raise PicturesError(f"{labels}:{number}: {path} is missing")
                rest = {name: row.get(name) or "" for name in _COLUMNS[2:]}
                shots.append(Shot(path, artifact, **rest))
    except OSError as error:
        raise PicturesError(f"{labels}: cannot be read ({error.strerror})") from error
    return shots


def write_labels(folder: Path, shots: Iterable[Shot]) -> Path:
    """Write ``labels.csv`` for shots in the folder; returns its path."""
    path = folder / LABELS
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_COLUMNS)
        for shot in shots:
            file = shot.path.relative_to(folder).as_posix()
            writer.writerow([file, *(getattr(shot, name) for name in _COLUMNS[1:])])
    return path


def fingerprint(shots: Sequence[Shot]) -> str:
    """SHA-256 over every picture's bytes and label: what a run was trained on."""
    digest = hashlib.sha256()
    for shot in sorted(shots, key=lambda shot: (shot.artifact, shot.path.name)):
        digest.update(f"{shot.artifact}\0{shot.institution}\0".encode())
        digest.update(hashlib.sha256(shot.path.read_bytes()).digest())
    return digest.hexdigest()


def one_each(shots: Sequence[Shot]) -> tuple[list[Shot], list[Shot]]:
    """The first picture of each artifact, which makes a gallery, and all others, which ask."""
    seen: set[str] = set()
    gallery: list[Shot] = []
    queries: list[Shot] = []
    for shot in shots:
        (queries if shot.artifact in seen else gallery).append(shot)
        seen.add(shot.artifact)
    return gallery, queries


def split(
    shots: Sequence[Shot], share: float, seed: int, *, by: Callable[[Shot], str] = lambda shot: shot.artifact
) -> tuple[list[Shot], list[Shot]]:
    """The rest, and about ``share`` of the groups that ``by`` names: artifacts, or institutions.

    Every picture of a group is on one side. Raises :class:`PicturesError` where there are fewer than two
    groups.
    """
    groups = sorted({by(shot) for shot in shots})
    if len(groups) < 2:
        raise PicturesError(f"{len(groups)} group(s) cannot be split; two are needed")
    held = min(max(round(share * len(groups)), 1), len(groups) - 1)
    chosen = set(np.random.default_rng(seed).permutation(groups)[:held].tolist())
    rest, aside = [s for s in shots if by(s) not in chosen], [s for s in shots if by(s) in chosen]
    refuse_leak(rest, aside)
    return rest, aside


def refuse_leak(train: Sequence[Shot], test: Sequence[Shot]) -> None:
    """Raises :class:`LeakError` where both sides show one artifact, or hold one picture under two names."""
    shared = {shot.artifact for shot in train} & {shot.artifact for shot in test}
    if shared:
        raise LeakError(
            f"{len(shared)} artifacts are on both sides, such as {min(shared)!r}: split by artifact"
        )
    seen = {hashlib.sha256(shot.path.read_bytes()).digest(): shot for shot in train}
    for shot in test:
        twin = seen.get(hashlib.sha256(shot.path.read_bytes()).digest())
        if twin is not None:
            raise LeakError(f"{shot.path} is the same picture as {twin.path}: one artifact under two names?")

"""Which scans a build is about: files and folders made into jobs, with the points that lie beside them."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from assets.pipeline.examined import Format
from assets.pipeline.geometry.place import PlaceOptions
from assets.pipeline.geometry.surface_points import NamedPoint
from assets.pipeline.refusal import UnreadableScan

_FOREIGN: Final = {
    "fbx",
    "dae",
    "blend",
    "3ds",
    "usdz",
    "usdc",
    "usda",
    "wrl",
    "x3d",
    "ztl",
    "e57",
    "max",
    "c4d",
}
"""Scans by their names, which end in an error of their own instead of being passed over."""
_SCANS: Final = {kind.value for kind in Format} | _FOREIGN
_POINTS_SIZE: Final = 4 << 20


@dataclass(frozen=True, slots=True)
class ScanJob:
    """One scan to build."""

    name: str
    """Of its folder in the store."""
    path: Path
    artifact: str | None = None
    """Identifier of the record it belongs to."""
    place: PlaceOptions = field(default_factory=PlaceOptions)
    points: tuple[NamedPoint, ...] | None = None
    """In the file's frame and unit; ``None`` where none lie beside it: those of the last build stay."""


def find_scans(paths: Iterable[Path]) -> list[Path]:
    """The scans among files and folders, in the order given and by name. Raises :class:`UnreadableScan`."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.suffix.lower().lstrip(".") in _SCANS)
            if not inside:
                raise UnreadableScan(path.name, "no scan lies in this folder", "Name the folder of the scans")
            found.extend(file for file in inside if file.is_file() and not file.name.startswith("."))
        else:
            found.append(path)
    for path in found:
        must_be_text(path)
    return list(dict.fromkeys(found))


def must_be_text(path: Path) -> None:
    """Manifests and the cache name their files in UTF-8; a name in bytes of another encoding has none.

    Raises :class:`UnreadableScan` where it is not.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        remedy = "Rename it, or its folder (convmv does many at once), then try again"
        raise UnreadableScan(ascii(path.name), "the name is not text in UTF-8", remedy) from error


def named(paths: Iterable[Path]) -> list[tuple[str, Path]]:
    """A name for each scan: that of its file, and of its format where two files share one.

    Raises :class:`UnreadableScan` where two names are still the same.
    """
    stems = [(slug(path.stem), path) for path in paths]
    shared = Counter(stem for stem, _ in stems)
    names = [
        (stem if shared[stem] == 1 else f"{stem}-{slug(path.suffix.lstrip('.'))}", path)
        for stem, path in stems
    ]
    twice = [name for name, count in Counter(name for name, _ in names).items() if count > 1]
    if twice:
        alike = next(path for name, path in names if name == twice[0])
        raise UnreadableScan(
            alike.name,
            f"another scan of this build is called {twice[0]!r}, too",
            "Build them one by one, with --name",
        )
    return names


def slug(text: str) -> str:
    """Lower-case letters, digits and hyphens: safe as a folder and in an address."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "scan"


def points_beside(scan: Path) -> tuple[NamedPoint, ...] | None:
    """The points of ``<scan>.json``: ``{"hotspots": {name: {"position": [...], "normal": [...]}}}``.

    ``None`` where there is no such file, or it has no ``hotspots``. Raises :class:`UnreadableScan`.
    """
    path = scan.with_suffix(".json")
    if not path.is_file() or path.stat().st_size > _POINTS_SIZE:
        return None
    try:
        found = json.loads(path.read_bytes())
        hotspots = found.get("hotspots") if isinstance(found, dict) else None
        if hotspots is None:
            return None
        return tuple(
            NamedPoint(str(name), _vector(spot["position"]), _vector(spot["normal"]))
            for name, spot in sorted(hotspots.items())
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableScan(
            path.name,
            f"its hotspots cannot be read ({error})",
            "Give each a position and a normal of three numbers, in the scan's own frame and unit",
        ) from error


def _vector(values: Any) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in values)
    if not all(abs(value) < 1e12 for value in (x, y, z)):
        raise ValueError(f"{values} is no place")
    return (x, y, z)

"""Build the sample museum into a folder: a GLB per artifact and gallery, and ``museum.json``.

Every artifact carries the hash of the code that made it; what is up to date stays as it is. A file appears
under its name only when it is complete, so a build that was killed is continued by the next one.
"""

import hashlib
import json
import multiprocessing
import os
import time
import tomllib
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assets.catalog.annotation import Annotation, SurfacePoint
from assets.pipeline.files import glb_bytes
from assets.sample.catalog import INSTITUTION, SampleMuseum, load_sample
from assets.sample.collection import BUILDERS
from assets.sample.galleries import (
    GALLERIES,
    Gallery,
    Placement,
    arranged,
    exhibit_of,
    stance,
)
from assets.sample.listing import gallery_entry
from assets.sample.rooms import room
from assets.sample.site import frames

Progress = Callable[[str], None]

_HERE = Path(__file__).resolve().parent
_FORMAT = 1
_MANIFEST_FORMAT = 2
_ARTIFACT_SOURCES = (
    "sample/forms/*.py",
    "sample/models/*.py",
    "sample/replica.py",
    "pipeline/scan.py",
    "pipeline/files.py",
)
_ROOM_SOURCES = ("sample/forms/*.py", "sample/rooms.py", "sample/galleries.py", "pipeline/files.py")


@dataclass(frozen=True, slots=True)
class BuiltMuseum:
    """What a build left behind."""

    folder: Path
    manifest: Path
    artifacts: dict[str, Path]
    galleries: dict[str, Path]
    triangles: int
    """Of all artifacts together."""
    size: int
    """Bytes of all files together."""
    rebuilt: int
    """How many files were made anew; 0 where everything was up to date."""
    seconds: float


def build_sample_museum(
    out: Path, *, jobs: int | None = None, on_progress: Progress | None = None
) -> BuiltMuseum:
    """Build what is missing or out of date. ``jobs`` is the number of processes (default: all cores).

    Raises ``OSError`` where the folder cannot be written.
    """
    began = time.monotonic()
    tell = on_progress or (lambda _: None)
    folders = [out / "artifacts", out / "galleries"]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    key = _code_key(_ARTIFACT_SOURCES)
    stale = [slug for slug in BUILDERS if not _fresh(folders[0], slug, key)]
    for done, slug in enumerate(_made(stale, folders[0], key, jobs), start=1):
        tell(f"{slug} ({done} of {len(stale)})")
    sheets = {slug: _sheet(folders[0], slug) for slug in BUILDERS}
    rebuilt = len(stale)
    for gallery in GALLERIES:
        rebuilt += _make_gallery(gallery, sheets, folders[1])
        tell(gallery.slug)
    manifest = _write_manifest(out, sheets)
    artifacts = {slug: folders[0] / f"{slug}.glb" for slug in BUILDERS}
    galleries = {gallery.slug: folders[1] / f"{gallery.slug}.glb" for gallery in GALLERIES}
    size = sum(path.stat().st_size for path in (*artifacts.values(), *galleries.values(), manifest))
    triangles = sum(int(sheet["triangles"]) for sheet in sheets.values())
    return BuiltMuseum(
        out, manifest, artifacts, galleries, triangles, size, rebuilt, time.monotonic() - began
    )


def _code_key(sources: tuple[str, ...]) -> str:
    """Hash of the code that decides what the geometry looks like."""
    digest = hashlib.sha256(f"{_FORMAT} numpy {np.__version__}".encode())
    for pattern in sources:
        for source in sorted(_HERE.parent.glob(pattern)):
            digest.update(source.name.encode())
            digest.update(source.read_bytes())
    leans = [(exhibit.slug, exhibit.tilt) for gallery in GALLERIES for exhibit in gallery.exhibits]
    digest.update(_json(leans))
    return digest.hexdigest()


def _sheet(folder: Path, slug: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / f"{slug}.json").read_text(encoding="utf-8"))
    return found


def _fresh(folder: Path, slug: str, key: str) -> bool:
    try:
        sheet = _sheet(folder, slug)
        return bool(sheet["key"] == key and (folder / f"{slug}.glb").stat().st_size == sheet["bytes"])
    except (OSError, ValueError, KeyError):
        return False


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is either there completely or not at all."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    partial.write_bytes(content)
    partial.replace(path)


def make_artifact(slug: str, folder: Path, key: str) -> str:
    """Model one artifact and write its GLB, then its data sheet; returns the slug."""
    replica = BUILDERS[slug]()
    content = glb_bytes(replica.scan)
    points = np.concatenate([mesh.positions for mesh in replica.scan.meshes]).astype(np.float64)
    low, high = stance(exhibit_of(slug)[1], points)
    sheet = {
        "key": key,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "triangles": replica.scan.triangle_count,
        "bounds": replica.scan.bounds.round(6).tolist(),
        "stance": [low.tolist(), high.tolist()],
        "view": list(replica.view),
        "hotspots": {name: point.model_dump(mode="json") for name, point in replica.hotspots.items()},
    }
    write_whole(folder / f"{slug}.glb", content)
    write_whole(folder / f"{slug}.json", _json(sheet))
    return slug


def _made(slugs: list[str], folder: Path, key: str, jobs: int | None) -> Iterable[str]:
    workers = min(len(slugs), jobs or len(os.sched_getaffinity(0)))
    if workers <= 1:
        for slug in slugs:
            yield make_artifact(slug, folder, key)
        return
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        for task in as_completed([pool.submit(make_artifact, slug, folder, key) for slug in slugs]):
            yield task.result()


def placements(gallery: Gallery, sheets: dict[str, dict[str, Any]]) -> list[Placement]:
    """The gallery's placements, from the artifacts' data sheets."""
    stances = {}
    for exhibit in gallery.exhibits:
        low, high = sheets[exhibit.slug]["stance"]
        stances[exhibit.slug] = (np.array(low), np.array(high))
    return arranged(gallery, stances)


def label_lines(slug: str) -> list[str]:
    """Title, date and place, medium, and keeper's number, as the catalog entry states them."""
    path = _HERE / "artifacts" / f"{slug}.toml"
    if not path.exists():
        return [slug]
    entry = tomllib.loads(path.read_text(encoding="utf-8"))
    made = entry.get("produced", {}).get("text") or ""
    places = entry.get("places", [])
    where = places[0]["name"] if places else ""
    facts = entry["object"]
    return [
        line
        for line in (
            entry["title"]["en"],
            ", ".join(part for part in (where, made) if part),
            facts.get("medium") or "",
            facts["institution"],
            f"{facts['accession']} (modeled)",
        )
        if line
    ]


def _make_gallery(gallery: Gallery, sheets: dict[str, dict[str, Any]], folder: Path) -> int:
    labels = {exhibit.slug: label_lines(exhibit.slug) for exhibit in gallery.exhibits}
    placed = placements(gallery, sheets)
    mark = hashlib.sha256(
        _code_key(_ROOM_SOURCES).encode() + _json([labels, [asdict(placement) for placement in placed]])
    ).hexdigest()
    path, stamp = folder / f"{gallery.slug}.glb", folder / f"{gallery.slug}.key"
    if path.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == mark:
        return 0
    write_whole(path, glb_bytes(room(gallery, placed, labels)))
    write_whole(stamp, mark.encode())
    return 1


def _write_manifest(out: Path, sheets: dict[str, dict[str, Any]]) -> Path:
    museum, laid = load_sample(), frames()
    names = {gallery.slug: dict(gallery.name.items()) for gallery in museum.galleries}
    content = {
        "format": _MANIFEST_FORMAT,
        "institution": INSTITUTION,
        "units": "metres, right-handed, +Y up; quaternions x, y, z, w",
        "artifacts": {
            slug: {
                "file": f"artifacts/{slug}.glb",
                **{k: v for k, v in sheet.items() if k not in ("key", "stance")},
                "annotations": _annotations(museum, slug, sheet),
            }
            for slug, sheet in sorted(sheets.items())
        },
        "galleries": [
            gallery_entry(gallery, placements(gallery, sheets), names[gallery.slug], laid[gallery.slug].entry)
            for gallery in GALLERIES
        ],
    }
    path = out / "museum.json"
    data = _json(content)
    if not path.exists() or path.read_bytes() != data:
        write_whole(path, data)
    return path


def _annotations(museum: SampleMuseum, slug: str, sheet: dict[str, Any]) -> list[dict[str, Any]]:
    """The catalog's annotations with their points found on the modeled surface."""
    placed: list[Annotation] = []
    for annotation in museum.artifact(slug).annotations:
        point = sheet["hotspots"].get(annotation.target.point)
        placed.append(annotation.placed(SurfacePoint.model_validate(point)) if point else annotation)
    return [annotation.model_dump(mode="json", exclude_defaults=True) for annotation in placed]


def _json(content: object) -> bytes:
    return (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()

"""Views of a museum's scans, rendered as its gallery: an artifact is recognized without a photo.

Every pixel of a rendered view has a known place on the artifact, so its local features carry it, and a frame
that agrees with them tells where the artifact stands before the camera.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from assets.catalog.publication import visitor_record
from assets.catalog.store.catalog import Catalog
from assets.pipeline.building.store import DerivativeStore
from assets.pipeline.building.workers import WorkerLimits, run_all
from assets.pipeline.files import read_glb
from assets.pipeline.rendering.camera import Lens, framed
from assets.pipeline.rendering.render import Quality, Renderer
from assets.pipeline.scan import Scan
from inference.enrollment import ViewFile
from inference.runtime import sightings
from inference.runtime.pose import pose_of
from inference.runtime.verification import Features, agreement, features, write_feature_file

SIDE: Final = 320
"""Pixels of a view's side."""
FIELD: Final = 40.0
"""Degrees of the field of view, as of a phone that is held near."""
DIRECTIONS: Final = (
    *((azimuth, 8.0) for azimuth in range(0, 360, 30)),
    *((azimuth, 40.0) for azimuth in range(0, 360, 90)),
)
"""Azimuth and elevation of the views, degrees: all around at a visitor's eye, and from above."""
_VERSION: Final = 3
"""Of what is kept of a view; 2: with the place of its camera; 3: no places where views repeat."""
_NEIGHBORS, _ELSEWHERE = 45.0, 60.0
"""Degrees up to which views share what they show, and from which they share nothing (more than ``APART``)."""
LISTING: Final = "museum.json"
_TOGETHER: Final = 8
"""Scans that one process renders, so that it starts but once for them."""


@dataclass(frozen=True, slots=True)
class ScanFile:
    """The finest model of an artifact's scan in a store."""

    artifact: str
    path: Path


@dataclass(frozen=True, slots=True)
class _Task:
    scans: tuple[ScanFile, ...]
    folder: Path


def scans_of(store: Path) -> list[ScanFile]:
    """Scans of all artifacts that visitors may see: built ones, and those of the sample museum.

    Raises the store's and the pipeline's errors where catalog or manifests cannot be read.
    """
    derivatives = DerivativeStore(store)
    found: dict[str, Path] = dict(_listed_scans(store))
    for manifest in derivatives.manifests():
        master = next((one for one in manifest.derivatives if one.usage == "master"), None)
        if manifest.artifact is not None and master is not None:
            found[manifest.artifact] = derivatives.path(master.sha256)
    with Catalog(store, reading=True) as catalog:
        return [
            ScanFile(artifact, path)
            for artifact, path in sorted(found.items())
            if path.is_file() and visitor_record(catalog, artifact) is not None
        ]


def _listed_scans(store: Path) -> Iterator[tuple[str, Path]]:
    """Files that a placement names beside its exhibits (docs/perception.md)."""
    path = next((p for p in (store / LISTING, store / "sample" / LISTING) if p.is_file()), None)
    if path is None:
        return
    try:
        listing = json.loads(path.read_bytes())
        institution = listing.get("institution", "sample")
        for slug, told in listing["artifacts"].items():
            if "file" in told:
                yield f"{institution}:{slug}", path.parent / told["file"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: not a placement ({error!r}); build it again") from error


def rendered(
    scans: Sequence[ScanFile],
    folder: Path,
    processes: int | None = None,
    advance: Callable[[], None] = lambda: None,
) -> tuple[list[ViewFile], list[str]]:
    """Views of scans, rendered into ``folder`` where they are not there yet, and what could not be rendered.

    Each process has a limit of memory and time, and a scan that breaks one spoils no other.
    """
    missing = [scan for scan in scans if not _is_done(_place(folder, scan))]
    for _ in range(len(scans) - len(missing)):
        advance()
    limits = WorkerLimits(processes=processes or min(os.cpu_count() or 1, 4))
    together = [tuple(missing[at : at + _TOGETHER]) for at in range(0, len(missing), _TOGETHER)]
    _run([_Task(chunk, folder) for chunk in together], limits, advance)
    # What a neighbor took with it gets a process of its own.
    left = [scan for scan in missing if not _is_done(_place(folder, scan)) and not _why(folder, scan)]
    faults = _run([_Task((scan,), folder) for scan in left], limits, advance)
    for scan in missing:
        if reason := _why(folder, scan):
            faults.append(f"{scan.artifact}: {reason}")
    done = [scan for scan in scans if _is_done(_place(folder, scan))]
    return [view for scan in done for view in _views(folder, scan)], faults


def render(scan: Scan, folder: Path) -> None:
    """Write the views of one scan: pictures, and their local features with places on the scan.

    A view that looks like one from another side, as those of a bowl with repeating ornament do, keeps no
    places: a pose from it would be right only by chance.
    """
    points = np.concatenate([mesh.positions for mesh in scan.meshes])
    lens = Lens.of_field(FIELD, SIDE, SIDE)
    described = []
    with Renderer(scan, Quality(samples=4, openness=False)) as renderer:
        for number, (azimuth, elevation) in enumerate(DIRECTIONS):
            view = renderer.view(framed(lens, points, azimuth, elevation, 0.88))
            found = features(view.rgb, view.mask)
            # OpenCV counts from the center of the first pixel, as depth does.
            at = np.clip(np.rint(found.points), 0, SIDE - 1).astype(int)
            depth = view.depth[at[:, 1], at[:, 0]]
            places = view.camera.unproject(found.points + 0.5, depth).astype(np.float32)
            places[depth == 0] = np.nan
            described.append(found.placed(places, view.camera.pose[:3, 3].astype(np.float32)))
            Image.fromarray(view.rgb).save(folder / f"{number:02d}.jpg", "JPEG", quality=92)
    center = (points.min(axis=0) + points.max(axis=0)) / 2
    for number, found in enumerate(described):
        kept = replace(found, places=None, eye=None) if _repeats(number, described, center) else found
        write_feature_file(folder / f"{number:02d}.npz", kept)


def _repeats(number: int, views: Sequence[Features], center: NDArray[np.float32]) -> bool:
    """Whether a view agrees on a pose with one from another side better than with its neighbors."""
    lens, ours = sightings.Lens(*_lens_numbers()), views[number]
    near = far = 0
    for other in (view for view in views if view is not ours):
        between = _between(ours, other, center)
        if _NEIGHBORS < between < _ELSEWHERE:
            continue
        found = agreement(ours, other).sights
        pose = None if found is None else pose_of(found, lens, SIDE)
        points = 0 if pose is None else pose.points
        # A pose lies within APART of the view that gave it: from elsewhere it cannot be the right one.
        near, far = (max(near, points), far) if between <= _NEIGHBORS else (near, max(far, points))
    return far > near


def _between(first: Features, second: Features, center: NDArray[np.float32]) -> float:
    """Degrees between the directions from which two views see the middle of an artifact."""
    assert first.eye is not None
    assert second.eye is not None
    one, two = (np.asarray(eye - center, dtype=np.float64) for eye in (first.eye, second.eye))
    cosine = one @ two / (np.linalg.norm(one) * np.linalg.norm(two))
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def _lens_numbers() -> tuple[float, float, float, float]:
    lens = Lens.of_field(FIELD, SIDE, SIDE)
    return lens.fx, lens.fy, lens.cx, lens.cy


def _run(tasks: list[_Task], limits: WorkerLimits, advance: Callable[[], None]) -> list[str]:
    """Render in processes; what could not be, of tasks of one scan."""
    named = [(", ".join(scan.artifact for scan in task.scans), task) for task in tasks]
    return [
        f"{outcome.task.scans[0].artifact}: {outcome.refusal}"
        for outcome in run_all(named, _work, limits, lambda *_: advance())
        if outcome.refusal is not None and len(outcome.task.scans) == 1
    ]


def _work(task: _Task, tell: Callable[[str, float], None]) -> int:
    for scan in task.scans:
        place = _place(task.folder, scan)
        place.mkdir(parents=True, exist_ok=True)
        try:
            render(read_glb(scan.path), place)
        except Exception as error:  # whatever is wrong with one scan is told of it alone
            (place / "fault.json").write_text(json.dumps(str(error)), encoding="utf-8")
            continue
        (place / "done.json").write_text(json.dumps(scan.artifact), encoding="utf-8")
        tell(scan.artifact, 1.0)
    return len(task.scans)


def _place(folder: Path, scan: ScanFile) -> Path:
    """Named by what was rendered and how: another file, or another way of rendering, is another place."""
    stat = scan.path.stat()
    how = (DIRECTIONS, SIDE, FIELD, _VERSION)
    told = repr((scan.artifact, scan.path.name, stat.st_size, stat.st_mtime_ns, *how))
    return folder / hashlib.sha256(told.encode()).hexdigest()[:24]


def _is_done(place: Path) -> bool:
    return (place / "done.json").is_file()


def _why(folder: Path, scan: ScanFile) -> str:
    fault = _place(folder, scan) / "fault.json"
    return str(json.loads(fault.read_bytes())) if fault.is_file() else ""


def _views(folder: Path, scan: ScanFile) -> Iterator[ViewFile]:
    place = _place(folder, scan)
    for number, (azimuth, elevation) in enumerate(DIRECTIONS):
        picture = place / f"{number:02d}.jpg"
        told = f"scan-{azimuth:03.0f}-{elevation:02.0f}-{place.name[:8]}"
        yield ViewFile(scan.artifact, picture, told, picture.with_suffix(".npz"), details=False)

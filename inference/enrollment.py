"""A gallery becomes recognizable: its pictures embedded, indexed, and the rejection calibrated on them.

Needs no training and no torch: an artifact is recognized from the moment its views are in the index.
"""

import csv
import fcntl
import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from inference.patches import PLACED, Axes, Layout, placed
from inference.preprocessing import Pixels, fitted, gallery_inputs
from inference.runtime.decoding import Encoding, Frame, decode
from inference.runtime.index import EmbeddingIndex
from inference.runtime.index_files import Entry, FormerFormat
from inference.runtime.recognizer import Recognizer, Rows
from inference.runtime.rejection import Calibration, CalibrationError, Trial, calibrated
from inference.runtime.serving import (
    CALIBRATION,
    FEATURES,
    PROPOSED,
    Interpretation,
    Serving,
    Verifier,
    findings,
    verifier_of,
)

ALONE: Final = 0.80
"""Similarity from which an artifact is named where nothing could be calibrated, ..."""
ALONE_WITH_PATCHES: Final = 0.72
"""... and where patches count in it, which agree less: as many strangers reach one as the other."""
_BATCH = 16
_TOGETHER = 64
"""Views that enter an index in one change."""
_SEGMENTS = 64
"""Changes after which an index is compacted: each keeps files open."""
_TURNS = 6
"""Most synthetic queries per view in the calibration, ..."""
_PHOTOS = 400
"""... and at all: evenly from the views."""


@dataclass(frozen=True, slots=True)
class ViewFile:
    """A photo or rendered view of an artifact."""

    artifact: str
    path: Path
    told: str = ""
    features: Path | None = None
    """Local features that were taken already, with their places on the artifact."""
    details: bool = True
    """Whether its details are indexed as well; needless among many views from all around."""

    @property
    def name(self) -> str:
        """In the index: file name and the start of its content's hash, so that a new take is a new view."""
        return self.told or f"{self.path.stem}-{hashlib.sha256(self.path.read_bytes()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What an enrollment changed."""

    artifacts: int
    views: int
    added: int
    removed: int
    calibration: str
    """In words."""
    folder: Path
    """Of the index."""
    rebuilt: str = ""
    """Why the index that was there could not be continued, where it could not."""


def read_gallery(labels: Path) -> list[ViewFile]:
    """The pictures that ``labels.csv`` names: those of the role ``gallery``, or all where none has it.

    Raises ``ValueError`` for a row without file or artifact, or whose file is missing.
    """
    rows = _rows(labels)
    views = _views_of(labels, [row for row in rows if row.get("role") == "gallery"] or rows)
    if not views:
        raise ValueError(f"{labels}: names no picture, so there is nothing to index")
    return views


def read_questions(labels: Path) -> list[ViewFile]:
    """Photos of the role ``query`` beside those of the role ``gallery``: never indexed, they only ask.

    Raises ``ValueError`` as :func:`read_gallery`.
    """
    rows = _rows(labels)
    if not any(row.get("role") == "gallery" for row in rows):
        return []
    return _views_of(labels, [row for row in rows if row.get("role") == "query"])


def _rows(labels: Path) -> list[dict[str, str]]:
    with labels.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _views_of(labels: Path, rows: Sequence[dict[str, str]]) -> list[ViewFile]:
    views = []
    for row in rows:
        artifact = row.get("artifact") or row.get("object_id")
        if not artifact or not row.get("file"):
            raise ValueError(f"{labels}: a row without 'file' or 'artifact': {row}")
        path = labels.parent / row["file"]
        if not path.is_file():
            raise ValueError(f"{labels}: {path} is missing")
        views.append(ViewFile(artifact, path))
    return views


def frame_of(path: Path) -> Frame:
    """A file as a camera frame. Raises ``ValueError`` where it is neither JPEG nor PNG by its first bytes."""
    content = path.read_bytes()
    if content.startswith(b"\xff\xd8"):
        return Frame(Encoding.jpeg, content, 0, 0)
    if content.startswith(b"\x89PNG"):
        return Frame(Encoding.png, content, 0, 0)
    raise ValueError(f"{path}: neither JPEG nor PNG; convert it first")


def look(serving: Serving, image: Path) -> Interpretation:
    """What a picture on disk shows."""
    prepared = serving.prepare(frame_of(image))
    return serving.interpret(serving.recognizer.run([prepared.input])[0], prepared)


@dataclass(frozen=True, slots=True)
class Enrollment:
    """How a gallery is enrolled."""

    false_accepts: float = 0.01
    """Share of frames of other things that may be named."""
    verify: bool = False
    """Whether local features are kept, and sightings checked by them."""
    local_features: Path | None = None
    """A network that takes them (``runtime/local_features.py``); ``None``: the index's own, else SIFT."""


def enroll(
    model: Path,
    views: Sequence[ViewFile],
    folder: Path,
    enrollment: Enrollment = Enrollment(),
    advance: Callable[[], None] = lambda: None,
) -> Enrolled:
    """Make the index in ``folder`` hold exactly these views, and calibrate its rejection.

    Only what is new is embedded; all, where the index is of a former format. An index of another model is
    refused; build into a new folder. One process at a time: another one waits.
    Raises ``ValueError`` or ``RuntimeError`` of the runtime's modules, each with its remedy.
    """
    recognizer = Recognizer.load(model)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".enrolling").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _enrolled(recognizer, views, folder, enrollment, advance)


def _enrolled(
    recognizer: Recognizer,
    views: Sequence[ViewFile],
    folder: Path,
    enrollment: Enrollment,
    advance: Callable[[], None],
) -> Enrolled:
    index, rebuilt = _continued(folder, recognizer, views)
    wanted = {Entry(view.artifact, view.name): view for view in views}
    present = {Entry(artifact, view) for artifact in index.artifacts for view in index.views(artifact)}
    gone, new = present - wanted.keys(), [entry for entry in wanted if entry not in present]
    if _outgrown(index.axes, len(wanted), recognizer.manifest.layout):
        rebuilt = "The gallery has outgrown the axes along which patches are compared; it was built anew."
        new = list(wanted)
        index = index.rebuilt(_axes(recognizer, views), _embedded(recognizer, wanted, new, advance))
    else:
        for artifact in sorted({entry.artifact for entry in gone}):
            # Views of an artifact go together: those that stay are embedded again.
            index = index.without(artifact)
            new += [entry for entry in wanted if entry.artifact == artifact and entry in present]
        for rows, vectors in _embedded(recognizer, wanted, new, advance):
            index = index.added(rows, vectors)
            if index.segments >= _SEGMENTS:
                index = index.compacted()
    if new or gone:
        index = index.compacted().swept()
    _keep_features(folder / FEATURES, wanted if enrollment.verify else None, enrollment.local_features)
    asking = _Asking(recognizer, index, verifier_of(folder))
    calibration, told = _calibration(asking, list(wanted.items()), enrollment.false_accepts)
    partial = folder / f".{CALIBRATION}.part"
    partial.write_text(calibration.model_dump_json(indent=1), encoding="utf-8")
    partial.replace(folder / CALIBRATION)
    return Enrolled(len(index.artifacts), len(wanted), len(new), len(gone), told, folder, rebuilt)


def _embedded(
    recognizer: Recognizer,
    wanted: Mapping[Entry, ViewFile],
    chosen: Sequence[Entry],
    advance: Callable[[], None],
) -> Iterator[tuple[list[Entry], Rows]]:
    """What of views goes into an index, some at a time."""
    for at in range(0, len(chosen), _TOGETHER):
        entries, rows = [], []
        for entry in chosen[at : at + _TOGETHER]:
            view, preprocessing = wanted[entry], recognizer.manifest.preprocessing
            inputs = gallery_inputs(decode(frame_of(view.path)), preprocessing)[: None if view.details else 1]
            entries += [replace(entry, part=part) for part in range(len(inputs))]
            rows.append(recognizer.run(inputs))
            advance()
        yield entries, np.concatenate(rows)


def _axes(recognizer: Recognizer, views: Sequence[ViewFile]) -> Axes | None:
    """Axes of a gallery, from pictures that are spread evenly over it."""
    manifest = recognizer.manifest
    if not manifest.layout.places or not views:
        return None
    chosen = [views[at] for at in placed(len(views))]
    inputs = [fitted(decode(frame_of(view.path)), manifest.preprocessing) for view in chosen]
    rows = [recognizer.run(inputs[at : at + _BATCH]) for at in range(0, len(inputs), _BATCH)]
    return Axes.of(manifest.layout.features(np.concatenate(rows)))


def _outgrown(axes: Axes | None, views: int, layout: Layout) -> bool:
    if axes is None:
        return bool(layout.places and views)
    return axes.pictures < min(views // 2, PLACED)


def _continued(folder: Path, recognizer: Recognizer, views: Sequence[ViewFile]) -> tuple[EmbeddingIndex, str]:
    """The index that is there, or an empty one; and why, where one of a former format gives way."""
    model, layout = recognizer.manifest.identity, recognizer.manifest.layout
    if not any(folder.glob("index-*.json")):
        return EmbeddingIndex.create(folder, model=model, layout=layout, axes=_axes(recognizer, views)), ""
    try:
        return EmbeddingIndex.open(folder, model=model, layout=layout), ""
    except FormerFormat:
        told = "The index was of a former format and was built anew from all pictures."
        axes = _axes(recognizer, views)
        return EmbeddingIndex.create_anew(folder, model=model, layout=layout, axes=axes), told


def _keep_features(folder: Path, wanted: Mapping[Entry, ViewFile] | None, network: Path | None) -> None:
    """Features of every view that is wanted; none at all, and no folder, where ``wanted`` is ``None``."""
    if wanted is None:
        shutil.rmtree(folder, ignore_errors=True)
        return
    from inference.runtime.local_features import OWN, learned, sift
    from inference.runtime.verification import feature_file, features, read_features, write_feature_file

    own = folder / OWN
    if network is None and own.is_file():
        network = own
    describe = sift if network is None else learned(network)
    if (own.read_bytes() if own.is_file() else None) != (network.read_bytes() if network else None):
        # Features of another kind cannot be compared.
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    if network is not None and not own.is_file():
        shutil.copyfile(network, own)
    for entry, view in wanted.items():
        if read_features(folder, entry.artifact, entry.view) is None:
            kept = feature_file(folder, entry.artifact, entry.view)
            if view.features is not None and network is None:
                shutil.copyfile(view.features, kept)
            else:
                write_feature_file(kept, features(decode(frame_of(view.path)), describe=describe))


@dataclass(frozen=True, slots=True)
class _Asking:
    recognizer: Recognizer
    index: EmbeddingIndex
    verifier: Verifier | None

    def trials(self, picture: Pixels, artifact: str) -> Iterator[Trial]:
        """One query with its artifact in the gallery, and the same without."""
        embedding = self.recognizer.run([fitted(picture, self.recognizer.manifest.preprocessing)])[0]
        found = self.index.search(embedding, PROPOSED + 1)
        for known in (True, False):
            matches = [match for match in found if known or match.artifact != artifact][:PROPOSED]
            if matches:
                checked = self.verifier.verify(picture, matches) if self.verifier else {}
                match, finding = findings(matches, checked)[0]
                yield Trial(finding, known, known and match.artifact == artifact)


def _calibration(
    asking: _Asking, views: list[tuple[Entry, ViewFile]], false_accepts: float
) -> tuple[Calibration, str]:
    """From synthetic photos of the gallery's own views, each asked with and without its artifact there."""
    identity = asking.recognizer.manifest.identity
    trials: list[Trial] = []
    turns = min(max(_PHOTOS // max(len(views), 1), 1), _TURNS)
    chosen = views[:: max(len(views) * turns // _PHOTOS, 1)]
    for number, (entry, view) in enumerate(chosen):
        picture = decode(frame_of(view.path))
        draw = np.random.default_rng(number)
        for _ in range(turns):
            trials += asking.trials(changed(picture, draw), entry.artifact)
    try:
        found = calibrated(
            trials, model=identity, false_accepts=false_accepts, measured_on="the gallery's own views"
        )
    except CalibrationError as error:
        least = ALONE if asking.index.axes is None else ALONE_WITH_PATCHES
        told = f"Not calibrated ({error}): named only where similarity is {least:.2f} or more."
        return unfitted(identity, least), told
    return found, (
        f"Calibrated on {found.unknown} trials with the artifact left out: at most "
        f"{found.false_accepts_high:.1%} named wrongly."
    )


def unfitted(model: str, least: float = ALONE) -> Calibration:
    """A cautious decision for galleries too small to calibrate: named from a similarity of ``least`` on."""
    return Calibration(
        model=model, weights=(-20.0 * least, 20.0, 0.0, 0.05), threshold=0.5, false_accepts=0.0,
        false_accepts_high=1.0, accepted=0.0, known=0, unknown=0, measured_on="too few views",
    )  # fmt: skip


def changed(picture: Pixels, draw: np.random.Generator) -> Pixels:
    """A mild synthetic photo: another crop, light and sharpness; numpy and Pillow only."""
    height, width = picture.shape[:2]
    share = float(draw.uniform(0.6, 1.0))
    rows, columns = max(int(height * share), 1), max(int(width * share), 1)
    top, left = int(draw.integers(height - rows + 1)), int(draw.integers(width - columns + 1))
    cut = Image.fromarray(np.ascontiguousarray(picture[top : top + rows, left : left + columns]))
    small = cut.resize((max(columns // 3, 1), max(rows // 3, 1))) if draw.random() < 0.4 else cut
    turned = small.rotate(float(draw.uniform(-12, 12)), Image.Resampling.BILINEAR, fillcolor=(128, 128, 128))
    values = np.asarray(turned, dtype=np.float32) * draw.uniform(0.5, 1.3, 3) * float(draw.uniform(0.7, 1.1))
    return np.clip(values + draw.normal(0, 6, values.shape), 0, 255).astype(np.uint8)

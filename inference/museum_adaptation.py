"""A museum's model adapted to its own gallery, and put into service where it got better.

The work lies in ``recognition/adaptation`` of the store and goes on where it was stopped, as long as
pictures, recipe and model are the same. Networks before and after are judged alike, as files, on synthetic
photos that nothing learned from; ``recognition/adaptation.json`` keeps what was found. Needs the ``train``
extra.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from inference.enrollment import Enrollment, ViewFile
from inference.manifest import ManifestError, read_manifest
from inference.museum_index import MuseumEnrolled, Tell, enroll_museum, pictures_of
from inference.runtime.home import NAME, Home
from inference.training.adapt import RECIPE, Candidate, candidates, learned, recipe_of
from inference.training.examination import Examination, Judgment
from inference.training.experiment import Experiment, read_experiment
from inference.training.export import embedded
from inference.training.pictures import Shot, fingerprint
from inference.training.release import release_adapted
from inference.training.reread import network_of

MOST: Final = 2000
"""Pictures that are learned from, since they are held in memory; of more, evenly chosen ones."""
LOST: Final = 0.01
"""What INT8 may lose of either figure and still be chosen: it is half the size and faster."""
_REPORT: Final = "adaptation.json"


class Judged(BaseModel):
    """A model and its figures."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    recall: float
    """Recall@1 on held-out synthetic photos."""
    recall_open: float
    """The same where 1 % of photos of artifacts that are left out are named."""

    def judgment(self, photos: int) -> Judgment:
        """The same as what is compared."""
        return Judgment(self.recall, self.recall_open, photos)


class AdaptationReport(BaseModel):
    """What an adaptation came to; kept in the store."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    started_from: str
    """Manifest of the model that was adapted."""
    artifacts: int
    pictures: int
    photos: int
    """Synthetic ones, by which was judged."""
    before: Judged
    """The model in service."""
    after: Judged
    """The file that came of it, or the best network where that was no better."""
    tried: tuple[Judged, ...]
    """Networks and files that were compared."""
    swapped: bool = False
    """Whether what came of it was put into service."""
    serves: str
    """Manifest that serves from then on."""


@dataclass(frozen=True, slots=True)
class MuseumAdapted:
    """The report, and the index of the adapted model where it was taken."""

    report: AdaptationReport
    enrolled: MuseumEnrolled | None


@dataclass(frozen=True, slots=True)
class Telling:
    """Who is told what."""

    doing: Tell = lambda *_: None
    step: Callable[[int, dict[str, float]], None] = lambda *_: None


def adapt_museum(
    store: Path,
    enrollment: Enrollment,
    *,
    start: Path | None = None,
    recipe: Path = RECIPE,
    telling: Telling = Telling(),
) -> MuseumAdapted:
    """Adapt the model that serves in a store to its gallery, and swap it where it got better.

    ``start`` is the manifest that learning starts from; otherwise the model in service, or what that was
    adapted from. Raises ``ValueError`` or ``RuntimeError``, each with its remedy; among them where another
    adaptation is at work in the store.
    """
    home = Home(store / NAME)
    with _alone(home.folder):
        found = pictures_of(store, (), telling.doing)
        shots = _shots([*found.photos, *found.views])
        work = _Work(home, _started_from(home, start), shots, read_experiment(recipe))
        report, chosen = work.done(telling)
        enrolled = None
        if chosen is not None:
            manifest = _moved(chosen, home.adapted)
            # One with a smaller input stays; a graphics processor takes the adapted one too.
            models = replace(home.models(), cpu=manifest, gpu=None)
            enrolled = enroll_museum(store, (), models, enrollment, telling.doing)
            report = report.model_copy(update={"swapped": True, "serves": str(manifest.resolve())})
        _write(home.folder / _REPORT, report.model_dump_json(indent=1))
        shutil.rmtree(work.folder)
        return MuseumAdapted(report, enrolled)


def read_report(store: Path) -> AdaptationReport | None:
    """What the last finished adaptation of a store came to; ``None`` where none is readable."""
    try:
        return AdaptationReport.model_validate_json((store / NAME / _REPORT).read_bytes())
    except (OSError, ValidationError):
        return None


class _Work:
    """One adaptation: learn, judge, export, judge the files."""

    def __init__(self, home: Home, start: Path, shots: list[Shot], recipe: Experiment) -> None:
        told = read_manifest(start)
        self.start, self.shots, self.serving = start, shots, home.models().cpu
        self.recipe = recipe_of(recipe, told)
        of_what = f"{self.recipe.identity} {told.identity} {fingerprint(shots)}"
        self.name = hashlib.sha256(of_what.encode()).hexdigest()[:12]
        every = home.folder / "adaptation"
        self.folder = every / self.name
        for other in every.glob("*"):
            if other != self.folder:
                # Of other pictures: it will never be gone on with.
                shutil.rmtree(other)

    def done(self, telling: Telling) -> tuple[AdaptationReport, Path | None]:
        """The report, and the manifest of the file that may serve."""
        start = network_of(self.start)
        network = learned(self.recipe, start, self.shots, self.folder / "run", telling.step)
        telling.doing("judging", 0, 3)
        examination = Examination(self.shots, self.recipe.preprocessing, self.recipe.seed)
        ranked = candidates(self.recipe, start, network, examination)
        before = _judged(examination, self.serving)
        tried = tuple(_told(one.name, one.judgment) for one in ranked)
        report = AdaptationReport(
            started_from=str(self.start.resolve()),
            serves=str(self.serving.resolve()),
            artifacts=len({shot.artifact for shot in self.shots}),
            pictures=len(self.shots),
            photos=len(examination.photos),
            before=before,
            after=tried[0],
            tried=tried,
        )
        if not ranked[0].judgment.is_better_than(before.judgment(report.photos)):
            return report, None
        telling.doing("exporting", 1, 3)
        files = self._exported(ranked[0])
        telling.doing("judging files", 2, 3)
        whole, half, small = (_judged(examination, file) for file in files)
        fits = min(small.recall - half.recall, small.recall_open - half.recall_open) >= -LOST
        chosen, after = (files[2], small) if fits else (files[1], half)
        report = report.model_copy(update={"after": after, "tried": (*tried, whole, half, small)})
        better = after.judgment(report.photos).is_better_than(before.judgment(report.photos))
        return report, chosen if better else None

    def _exported(self, best: Candidate) -> list[Path]:
        folder = self.folder / "files"
        shutil.rmtree(folder, ignore_errors=True)
        named = self.recipe.model_copy(update={"name": f"{self.recipe.name}-{self.name}"})
        remarks = (
            f"{best.name} to a gallery, from {self.start.name}: recall@1 {best.judgment.recall:.3f} and "
            f"{best.judgment.recall_open:.3f} at 1 % false accepts on {best.judgment.photos} held-out "
            "synthetic photos; says little of real ones."
        )
        return release_adapted(named, best.network, self.shots, folder, remarks)


def _judged(examination: Examination, manifest: Path) -> Judged:
    told = read_manifest(manifest)
    weights = manifest.parent / told.weights
    seen = examination.seen(lambda inputs: embedded(weights, np.stack(inputs)))
    return _told(told.name, examination.judged(seen))


def _told(name: str, judgment: Judgment) -> Judged:
    return Judged(name=name, recall=round(judgment.recall, 4), recall_open=round(judgment.recall_open, 4))


def _shots(views: Sequence[ViewFile]) -> list[Shot]:
    """Pictures to learn from, evenly chosen where there are too many."""
    kept = views if len(views) <= MOST else [views[at * len(views) // MOST] for at in range(MOST)]
    return [Shot(view.path, view.artifact) for view in kept]


def _started_from(home: Home, start: Path | None) -> Path:
    """What learning starts from: never an adapted model, which would drift from gallery to gallery."""
    serving = home.models().cpu
    if start is not None:
        return start
    known = read_report(home.folder.parent)
    if known is None or Path(known.serves) != serving.resolve():
        return serving
    origin = Path(known.started_from)
    if not origin.is_file():
        raise ManifestError(
            f"{origin}: the model in service was adapted from it, and it is gone; name one by --model"
        )
    return origin


def _moved(manifest: Path, folder: Path) -> Path:
    """A model copied to where it serves: weights first, since a manifest without them is a damaged model."""
    folder.mkdir(parents=True, exist_ok=True)
    told = read_manifest(manifest)
    partial = folder / f".{told.weights}.part"
    shutil.copyfile(manifest.parent / told.weights, partial)
    partial.replace(folder / told.weights)
    return told.write(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One adaptation of a store at a time; the lock of a process that was killed is free."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".adapting").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise RuntimeError(
                f"{folder.parent}: another adaptation is at work (process {lock.read().strip()}): wait for "
                "it, or stop it; this command goes on from there"
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _write(path: Path, content: str) -> None:
    partial = path.with_name(f".{path.name}.part")
    partial.write_text(content, encoding="utf-8")
    partial.replace(path)

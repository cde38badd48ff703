"""A museum's model adapted to its own gallery, and put into service where it got better.

The work lies in ``recognition/adaptation`` of the store and goes on where it was stopped, as long as
pictures, recipe and model are the same. Networks before and after are judged alike, as files, on synthetic
photos that nothing learned from, and where the museum has them on real ones; ``recognition/adaptation.json``
keeps what was found. Needs the ``train`` extra.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from inference.enrollment import Enrollment, ViewFile
from inference.manifest import ManifestError, read_manifest
from inference.museum_index import MuseumEnrolled, Tell, pictures_of, questions_of, serve_adapted
from inference.preprocessing import Pixels
from inference.runtime.home import NAME, Home
from inference.training.adapt import RECIPE, Candidate, candidates, learned, recipe_of
from inference.training.examination import Examination, Judgment, RealExamination, apart
from inference.training.experiment import Experiment, read_experiment
from inference.training.export import embedded
from inference.training.pictures import Shot, fingerprint
from inference.training.release import release_adapted
from inference.training.reread import network_of
from inference.training.train import embed

MOST: Final = 2000
"""Pictures that are learned from, since they are held in memory; of more, evenly chosen ones."""
LOST: Final = 0.01
"""What INT8 may lose of either figure and still be chosen: it is half the size and faster."""
LEARNED_FROM: Final = 100
"""Artifacts from which on what has learned is offered where no real photo judges: of fewer, synthetic photos
are too easy to tell better from worse (docs/recognition.md)."""
MOST_LEARNED: Final = 0.5
"""Share of learned weights that is offered then."""
_REPORT: Final = "adaptation.json"


class Judged(BaseModel):
    """A model and its figures."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    recall: float
    """Recall@1 on held-out synthetic photos."""
    recall_open: float
    """The same where 1 % of photos of artifacts that are left out are named."""
    real_recall: float | None = None
    """Recall@1 on real photos; ``None``: not asked, or there are none."""
    real_recall_open: float | None = None

    def judgment(self, photos: int) -> Judgment:
        """What is compared of synthetic photos."""
        return Judgment(self.recall, self.recall_open, photos)

    def is_worse_on_real_ones(self, other: "Judged") -> bool:
        """Whether some figure is lower on real photos, where both were asked with any."""
        if self.real_recall is None or other.real_recall is None:
            return False
        mine, theirs = self.real_recall_open or 0.0, other.real_recall_open or 0.0
        return self.real_recall < other.real_recall or mine < theirs

    def is_better_than(self, other: "Judged") -> bool:
        """Better on synthetic photos, and no worse on real ones."""
        return self.judgment(0).is_better_than(other.judgment(0)) and not self.is_worse_on_real_ones(other)


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
    real_photos: int = 0
    """Real ones, which may refuse what was better on synthetic ones; 0: these alone judged."""
    before: Judged
    """The model in service."""
    after: Judged
    """The file that came of it, or the best network where that was no better."""
    tried: tuple[Judged, ...]
    """Networks and files that were compared."""
    withheld: tuple[Judged, ...] = ()
    """Networks that learned too much to be offered where no real photo judged."""
    swapped: bool = False
    """Whether what came of it was put into service."""
    served: str = ""
    """Manifest that served until then: it goes on where a server takes the adapted one back."""
    serves: str
    """Manifest that serves from then on."""

    @property
    def is_refused_by_real_photos(self) -> bool:
        """Whether something was better on synthetic photos, and worse on real ones."""
        return not self.swapped and any(one.is_worse_on_real_ones(self.before) for one in self.tried)


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
        learned_from, asking = apart(*map(_shots, (found.photos, found.views, questions_of(store))))
        shots = (_at_most(learned_from), asking)
        work = _Work(home, _started_from(home, start), shots, read_experiment(recipe))
        report, chosen = work.done(telling)
        enrolled = None
        if chosen is not None:
            manifest, enrolled = serve_adapted(store, chosen, enrollment, telling.doing)
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

    def __init__(
        self, home: Home, start: Path, shots: tuple[list[Shot], list[Shot]], recipe: Experiment
    ) -> None:
        """``shots``: those that are learned from, and real photos that judge."""
        told = read_manifest(start)
        self.start, self.serving = start, home.models().cpu
        self.shots, self.asking = shots
        self.recipe = recipe_of(recipe, told)
        of_what = f"{self.recipe.identity} {told.identity} {fingerprint(self.shots)}"
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
        examined = _Examined(self.shots, self.asking, self.recipe)
        ranked = candidates(self.recipe, start, network, examined.synthetic)
        artifacts = len({shot.artifact for shot in self.shots})
        most = 1.0 if examined.asked else MOST_LEARNED if artifacts >= LEARNED_FROM else 0.0
        withheld = tuple(_told(one.name, one.judgment) for one in ranked if one.learned > most)
        ranked = [one for one in ranked if one.learned <= most]
        before = examined.file(self.serving)
        best, tried = _best(ranked, before, examined)
        report = AdaptationReport(
            started_from=str(self.start.resolve()),
            served=str(self.serving.resolve()),
            serves=str(self.serving.resolve()),
            artifacts=artifacts,
            pictures=len(self.shots),
            photos=len(examined.synthetic.photos),
            real_photos=examined.asked,
            before=before,
            after=tried[0],
            tried=tried,
            withheld=withheld,
        )
        if best is None:
            return report, None
        telling.doing("exporting", 1, 3)
        files = self._exported(ranked[best])
        telling.doing("judging files", 2, 3)
        whole, half, small = (examined.file(file) for file in files)
        chosen, after = (files[2], small) if _loses_little(small, half) else (files[1], half)
        report = report.model_copy(update={"after": after, "tried": (*tried, whole, half, small)})
        return report, chosen if after.is_better_than(before) else None

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


class _Examined:
    """Files and networks by synthetic photos and, where there are any, by real ones."""

    def __init__(self, shots: Sequence[Shot], asking: Sequence[Shot], recipe: Experiment) -> None:
        self.synthetic = Examination(shots, recipe.preprocessing, recipe.seed)
        self._real = RealExamination(shots, asking, recipe.preprocessing) if asking else None

    @property
    def asked(self) -> int:
        """Real photos."""
        return 0 if self._real is None else len(self._real.photos)

    def file(self, manifest: Path) -> Judged:
        """A model as it serves."""
        told = read_manifest(manifest)
        weights = manifest.parent / told.weights

        def embed_all(inputs: Sequence[Pixels]) -> NDArray[np.float32]:
            return embedded(weights, np.stack(inputs))

        judgment = self.synthetic.judged(self.synthetic.seen(embed_all))
        return self._really(_told(told.name, judgment), embed_all)

    def network(self, candidate: Candidate) -> Judged:
        """What is known of one that was judged by synthetic photos already, and how it does on real ones."""
        told = _told(candidate.name, candidate.judgment)
        return self._really(told, lambda inputs: embed(candidate.network, inputs))

    def _really(self, told: Judged, embed_all: Callable[[Sequence[Pixels]], NDArray[np.float32]]) -> Judged:
        if self._real is None:
            return told
        found = self._real.judged(self._real.seen(embed_all))
        figures = {"real_recall": found.recall, "real_recall_open": found.recall_open}
        return told.model_copy(update={name: round(value, 4) for name, value in figures.items()})


def _best(
    ranked: Sequence[Candidate], before: Judged, examined: _Examined
) -> tuple[int | None, tuple[Judged, ...]]:
    """The place of the best candidate that is better than what serves, and what became known of all.

    Real photos are asked down to that one: more costs minutes.
    """
    tried = [_told(one.name, one.judgment) for one in ranked]
    for place, one in enumerate(ranked):
        if tried[place].is_better_than(before):
            tried[place] = examined.network(one)
            if tried[place].is_better_than(before):
                return place, tuple(tried)
    return None, tuple(tried)


def _loses_little(small: Judged, half: Judged) -> bool:
    """Whether INT8 is near enough to fp16, on real photos as well."""
    lost = [half.recall - small.recall, half.recall_open - small.recall_open]
    lost += [(half.real_recall or 0.0) - (small.real_recall or 0.0)]
    lost += [(half.real_recall_open or 0.0) - (small.real_recall_open or 0.0)]
    return max(lost) <= LOST


def _told(name: str, judgment: Judgment) -> Judged:
    return Judged(name=name, recall=round(judgment.recall, 4), recall_open=round(judgment.recall_open, 4))


def _shots(views: Sequence[ViewFile]) -> list[Shot]:
    return [Shot(view.path, view.artifact) for view in views]


def _at_most(shots: list[Shot]) -> list[Shot]:
    """Pictures to learn from, evenly chosen where there are too many."""
    return shots if len(shots) <= MOST else [shots[at * len(shots) // MOST] for at in range(MOST)]


def _started_from(home: Home, start: Path | None) -> Path:
    """What learning starts from: never an adapted model, which would drift from gallery to gallery."""
    serving = home.models().cpu
    if start is not None:
        return start
    known = read_report(home.folder.parent)
    if known is None or str(serving.resolve()) not in (known.serves, known.served):
        return serving
    origin = Path(known.started_from)
    if not origin.is_file():
        raise ManifestError(
            f"{origin}: the model in service was adapted from it, and it is gone; name one by --model"
        )
    return origin


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

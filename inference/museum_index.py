"""A museum's own indexes: photos named to it and views rendered from its scans, for every model that serves.

Which photos belong to it is remembered, so that an index brought up to date later keeps them.
"""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from inference.enrollment import Enrolled, Enrollment, ViewFile, enroll, read_gallery, read_questions
from inference.manifest import read_manifest, small_of, verified_weights
from inference.runtime.home import NAME, Home, Models
from inference.scan_views import rendered, scans_of

_PHOTOS: Final = "photos.json"

Tell = Callable[[str, int, int], None]
"""Told what is done, how much of it is, and how much there is."""


@dataclass(frozen=True, slots=True)
class MuseumEnrolled:
    """What became of a museum's indexes."""

    reports: dict[Path, Enrolled]
    """By manifest of the model."""
    scans: int
    photos: int
    faults: tuple[str, ...]
    """Scans that could not be rendered, and why; their artifacts are recognized by photos alone."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """What a museum's store has of its artifacts to index."""

    photos: tuple[ViewFile, ...]
    views: tuple[ViewFile, ...]
    """Rendered from scans."""
    scans: int
    faults: tuple[str, ...]
    """Scans that could not be rendered, and why."""


def pictures_of(store: Path, labels: Sequence[Path], tell: Tell = lambda *_: None) -> Pictures:
    """All photos and views of a museum's store; ``labels`` are remembered, views rendered where missing.

    Raises ``ValueError`` with its remedy, also where there is no picture at all.
    """
    home = Home(store / NAME)
    photos = [view for path in _remembered(home.folder, labels) for view in read_gallery(path)]
    scans = scans_of(store)
    done = 0

    def advance() -> None:
        nonlocal done
        done += 1
        tell("rendering scans", done, len(scans))

    views, faults = rendered(scans, home.views, advance=advance)
    if not photos and not views:
        raise ValueError(
            f"{store}: no scan of an artifact that visitors may see, and no photo: build scans with "
            "`twin build`, or name a labels.csv of photos"
        )
    return Pictures(tuple(photos), tuple(views), len(scans) - len(faults), tuple(faults))


def questions_of(store: Path) -> list[ViewFile]:
    """Photos that the store's lists name to ask with, beside those of the gallery.

    Raises ``ValueError`` with its remedy.
    """
    home = Home(store / NAME)
    return [view for path in _remembered(home.folder, ()) for view in read_questions(path)]


def enroll_museum(
    store: Path,
    labels: Sequence[Path],
    model: Path | Models | None,
    enrollment: Enrollment,
    tell: Tell = lambda *_: None,
) -> MuseumEnrolled:
    """Bring the indexes of a museum's store up to date; a server that runs puts them into service by itself.

    ``labels`` are remembered; ``model`` is put into service in the place of those that serve. Raises
    ``ValueError`` or ``RuntimeError``, each with its remedy, also where there is no picture at all.
    """
    home = Home(store / NAME)
    chosen = Models(model, small=small_of(model)) if isinstance(model, Path) else model
    models = chosen or home.models()
    for path in models.all:
        # Before anything is rendered, which takes long.
        verified_weights(path, read_manifest(path))
    found = pictures_of(store, labels, tell)
    every = [*found.photos, *found.views]
    reports = {path: _enrolled(path, home, every, (enrollment, tell)) for path in models.all}
    if chosen is not None:
        home.choose(chosen)
    return MuseumEnrolled(reports, found.scans, len(found.photos), found.faults)


def serve_adapted(
    store: Path, model: Path, enrollment: Enrollment, tell: Tell = lambda *_: None
) -> tuple[Path, MuseumEnrolled]:
    """Have a model made for a store serve there: copied into it, with an index of its own, then chosen.

    One with a smaller input stays; a graphics processor takes the new one too. Returns the manifest that is
    chosen from then on. Raises as :func:`enroll_museum`.
    """
    home = Home(store / NAME)
    manifest = _copied(model, home.adapted)
    return manifest, enroll_museum(
        store, (), replace(home.models(), cpu=manifest, gpu=None), enrollment, tell
    )


def _copied(manifest: Path, folder: Path) -> Path:
    """Weights first, since a manifest without them is a damaged model."""
    folder.mkdir(parents=True, exist_ok=True)
    told = read_manifest(manifest)
    partial = folder / f".{told.weights}.part"
    shutil.copyfile(manifest.parent / told.weights, partial)
    partial.replace(folder / told.weights)
    return told.write(folder)


def _enrolled(model: Path, home: Home, views: Sequence[ViewFile], how: tuple[Enrollment, Tell]) -> Enrolled:
    enrollment, tell = how
    done = 0

    def advance() -> None:
        nonlocal done
        done += 1
        tell("embedding", done, len(views))

    return enroll(model, views, home.index(model), enrollment, advance)


def _remembered(folder: Path, labels: Sequence[Path]) -> list[Path]:
    """The museum's lists of photos, with new ones."""
    path = folder / _PHOTOS
    known = json.loads(path.read_bytes()) if path.is_file() else []
    every = list(dict.fromkeys([*known, *(str(one.resolve()) for one in labels)]))
    for one in every:
        if not Path(one).is_file():
            raise ValueError(f"{path}: {one} is no longer there; bring it back, or take it out of this list")
    if labels:
        folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part")
        partial.write_text(json.dumps(every, indent=1, ensure_ascii=False), encoding="utf-8")
        partial.replace(path)
    return [Path(one) for one in every]

"""How well a model recognizes the artifacts of a labeled collection that it never learned from.

Three questions, each with its interval: who is it, with one gallery photo each; who is it, with all photos
but those of the query's fifth; and is it ours at all, with artifacts left out of the gallery. Intervals come
from drawing artifacts again, since photos of one artifact are not independent.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from inference.manifest import read_manifest
from inference.patches import Axes, agreements, placed
from inference.preprocessing import Pixels, fitted, gallery_inputs
from inference.runtime.index import COMPARED
from inference.runtime.rejection import CalibrationError, Finding, Trial, calibrated, standing
from inference.runtime.serving import PROPOSED
from inference.training.augmentation import DISTURBANCES
from inference.training.export import Given, given
from inference.training.metrics import (
    Interval,
    Ranking,
    auroc,
    bootstrapped,
    global_average_precision,
    mean_average_precision,
    ranked_by,
    recall_at_false_accepts,
)
from inference.training.pictures import PicturesError, Shot

Vectors = NDArray[np.float32]

FOLDS: Final = 5
LEFT_OUT: Final = 1 / 3
"""Share of the artifacts that a gallery lacks in an open-set trial; repeated until each was left out."""
ROUNDS: Final = 12
GROUPS: Final = ("institution", "kind", "culture", "material")
"""Columns of ``labels.csv`` by which recall is told apart: whom the model serves worse."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A query that was answered wrongly."""

    query: Shot
    answered: Shot
    """The gallery's nearest picture."""
    right: Shot | None
    """The nearest picture of the right artifact."""
    similarity: float


@dataclass(frozen=True, slots=True)
class Group:
    """Queries that have a column's value in common."""

    recall: Interval
    """Recall@1 with one photo each."""
    queries: int
    artifacts: int

    def __str__(self) -> str:
        """The recall; with its interval where more than one artifact can be drawn again."""
        return str(self.recall) if self.artifacts > 1 else f"{self.recall.value:.3f} (one artifact)"


@dataclass(frozen=True, slots=True)
class OpenSet:
    """Whether it is ours at all: pooled over galleries that lack a third of the artifacts each."""

    auroc: Interval
    recall: Interval
    """Of known queries, named rightly, at the stated share of false accepts, by similarity alone."""
    false_accepts: float
    gap: Interval
    """Global average precision: all answers of all queries in one order, by similarity."""
    calibrated_recall: float | None
    """The same with a calibration from other artifacts; ``None`` where there are too few trials."""
    calibrated_false_accepts: float | None
    """What that calibration really accepted of the unknown."""
    unknown: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of one model on one collection."""

    model: str
    queries: int
    artifacts: int
    figures: dict[str, Interval]
    groups: dict[str, dict[str, Group]]
    """By institution, kind, culture and material, each by its values."""
    open_set: OpenSet
    robustness: dict[str, list[tuple[float, Interval]]]
    """By disturbance: level and recall@1 with one photo each."""
    failures: tuple[Failure, ...]
    """Worst, that is most confident, first."""


@dataclass(frozen=True, slots=True)
class Extent:
    """What is measured."""

    false_accepts: float = 0.01
    robustness: bool = True
    verify: bool = False
    """Local features on top: the nearest artifacts ranked again by their standing."""


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """Shots and their embeddings."""

    shots: tuple[Shot, ...]
    seen: Given
    """Of the shots as queries: (shots, ...)."""
    parts: Vectors
    """(shots, parts, dimension) as a gallery's pictures."""
    places: NDArray[np.float16] | None = None
    """(shots, parts, places, channels) likewise, where the model gives features of places."""

    def ranking(self, queries: Sequence[int], gallery: Sequence[int], seen: Given | None = None) -> Ranking:
        """Rank the gallery's artifacts for some of the shots, or for other pictures of them."""
        names = [shot.artifact for shot in self.shots]
        scores = self.similarities(queries, gallery, seen).astype(np.float64)
        return ranked_by(scores, [names[place] for place in queries], [names[place] for place in gallery])

    def similarities(
        self, queries: Sequence[int], gallery: Sequence[int], seen: Given | None = None
    ) -> Vectors:
        """(queries, gallery): with the nearest part of each picture, as the index compares them.

        Pictures whose patches are not compared, since others are nearer, come after all that are.
        """
        chosen = list(queries)
        vectors = self.seen.embeddings[chosen] if seen is None else seen.embeddings
        scores = np.einsum("qd,gpd->qgp", vectors, self.parts[list(gallery)]).max(axis=2)
        places = seen.places if seen is not None else self.seen.places
        if self.places is None or places is None:
            return np.asarray(scores)
        asked = places if seen is not None else places[chosen]
        return self._compared(scores, asked.reshape(len(asked), -1, asked.shape[-1]), np.array(gallery))

    def _compared(self, scores: Vectors, asked: Vectors, gallery: NDArray[np.int64]) -> Vectors:
        assert self.places is not None
        # As an index does, along axes of this gallery and nothing else.
        axes = Axes.of(self.places[gallery[placed(len(gallery))], 0].astype(np.float32))
        held = np.stack([axes.kept(self.places[picture].astype(np.float32)) for picture in gallery])
        names = np.array([self.shots[place].artifact for place in gallery])
        both = (scores - 1) / 2
        for row, features in enumerate(asked):
            nearest = _worth_comparing(scores[row], names)
            owners = np.repeat(np.arange(len(nearest)), held.shape[1])
            near = held[nearest].reshape(-1, *held.shape[2:])
            found = agreements(axes.asked(features), near, owners, len(nearest))
            both[row, nearest] = (scores[row, nearest] + found) / 2
        return np.asarray(both, dtype=np.float32)


def _worth_comparing(scores: Vectors, names: NDArray[np.str_]) -> NDArray[np.int64]:
    """Pictures whose patches are compared: the nearest ones, and one of each of the nearest artifacts."""
    order = np.argsort(-scores, kind="stable")
    _, first = np.unique(names[order], return_index=True)
    return np.unique(np.concatenate([order[:COMPARED], order[np.sort(first)[:PROPOSED]]]))


def evaluate(
    manifest: Path,
    shots: Sequence[Shot],
    extent: Extent = Extent(),
    tell: Callable[[str], None] = lambda _: None,
) -> Evaluation:
    """Evaluate the model whose manifest lies at a path.

    Shots of the role ``gallery`` are the one photo each; without roles the first shot of each artifact is.
    Raises :class:`inference.training.pictures.PicturesError` where no artifact has two.
    """
    told = read_manifest(manifest)
    weights = manifest.parent / told.weights
    tell(f"embedding {len(shots)} pictures")
    pictures = [shot.pixels() for shot in shots]
    held = [gallery_inputs(picture, told.preprocessing) for picture in pictures]
    collection = collected(shots, given(weights, np.stack([part for own in held for part in own])))
    gallery, queries = _roles(shots)
    one_photo = collection.ranking(queries, gallery)
    groups = {name: _by(shots, queries, one_photo, attrgetter(name)) for name in GROUPS}

    shown = [shots[place].artifact for place in queries]

    def disturbed(change: Callable[[Pixels, float], Pixels], level: float) -> Interval:
        inputs = np.stack([fitted(change(pictures[place], level), told.preprocessing) for place in queries])
        places = collection.ranking(queries, gallery, given(weights, inputs)).places
        return bootstrapped(partial(_within, places, 1), shown)

    curves: dict[str, list[tuple[float, Interval]]] = {}
    for name, (levels, change) in DISTURBANCES.items() if extent.robustness else ():
        tell(f"robustness: {name}")
        curves[name] = [(float(level), disturbed(change, level)) for level in levels]
    figures = _figures(collection, queries, one_photo)
    if extent.verify:
        tell("verification by local features")
        figures |= _verified(collection, pictures, queries, gallery)
    return Evaluation(
        told.name,
        len(queries),
        len({shot.artifact for shot in shots}),
        figures,
        groups,
        open_set(collection, extent.false_accepts),
        curves,
        _failures(collection, queries, gallery),
    )


def collected(shots: Sequence[Shot], found: Given) -> Collection:
    """Shots and what a network gives for all parts of all of them, one shot's after the other's.

    The first part is the picture as a query's is.
    """
    parts = found.embeddings.reshape(len(shots), -1, found.embeddings.shape[1])
    embeddings = np.ascontiguousarray(parts[:, 0])
    if found.places is None:
        return Collection(tuple(shots), Given(embeddings), parts)
    places = found.places.reshape(*parts.shape[:2], -1, found.places.shape[-1])
    # Half the memory, of what is kept in bytes anyway.
    return Collection(tuple(shots), Given(embeddings, places[:, 0].copy()), parts, places.astype(np.float16))


def _roles(shots: Sequence[Shot]) -> tuple[list[int], list[int]]:
    gallery = [place for place, shot in enumerate(shots) if shot.role == "gallery"]
    if not gallery:
        first: dict[str, int] = {}
        for place, shot in enumerate(shots):
            first.setdefault(shot.artifact, place)
        gallery = list(first.values())
    chosen = set(gallery)
    queries = [place for place in range(len(shots)) if place not in chosen]
    if not queries:
        raise PicturesError("no artifact has a second picture, so nothing can be asked")
    return gallery, queries


def _figures(collection: Collection, queries: list[int], one_photo: Ranking) -> dict[str, Interval]:
    names = [shot.artifact for shot in collection.shots]
    shown = [names[place] for place in queries]
    folded = np.zeros(len(names), dtype=np.int64)
    for part, rest in folds(names):
        folded[part] = collection.ranking(part, rest).places
    figures = {
        f"recall@{k}, one photo": bootstrapped(partial(_within, one_photo.places, k), shown) for k in (1, 5)
    }
    figures["mAP, one photo"] = bootstrapped(
        lambda rows: float(np.where(one_photo.places[rows] > 0, 1 / one_photo.places[rows], 0).mean()), shown
    )
    asked = np.array([names.count(name) > 1 for name in names])
    several = [name for name, kept in zip(names, asked, strict=True) if kept]
    for k in (1, 5):
        figures[f"recall@{k}, {FOLDS}-fold"] = bootstrapped(partial(_within, folded[asked], k), several)
    assert mean_average_precision(one_photo) == figures["mAP, one photo"].value
    return figures


def _verified(
    collection: Collection, pictures: Sequence[Pixels], queries: list[int], gallery: list[int]
) -> dict[str, Interval]:
    """Recall@1 where local features have a say."""
    from inference.runtime.verification import agreement, features

    kept = [features(picture) for picture in pictures]
    names = [shot.artifact for shot in collection.shots]

    def right(place: int, gallery: list[int]) -> bool:
        nearest: dict[str, int] = {}
        similarities = collection.similarities([place], gallery)[0]
        for row in np.argsort(-similarities).tolist():
            nearest.setdefault(names[gallery[row]], row)
            if len(nearest) == PROPOSED:
                break
        stands = {
            artifact: standing(float(similarities[row]), agreement(kept[place], kept[gallery[row]]).counted)
            for artifact, row in nearest.items()
        }
        return max(stands, key=stands.__getitem__) == names[place]

    one = np.array([right(place, gallery) for place in queries])
    several = {place: right(place, rest) for part, rest in folds(names) for place in part}
    asked = [place for place in sorted(several) if names.count(names[place]) > 1]
    folded = np.array([several[place] for place in asked])
    return {
        "recall@1, one photo, verified": bootstrapped(
            lambda rows: float(one[rows].mean()), [names[place] for place in queries]
        ),
        f"recall@1, {FOLDS}-fold, verified": bootstrapped(
            lambda rows: float(folded[rows].mean()), [names[place] for place in asked]
        ),
    }


def _within(places: NDArray[np.int64], k: int, rows: NDArray[np.int64] | None = None) -> float:
    chosen = places if rows is None else places[rows]
    return float(((chosen > 0) & (chosen <= k)).mean())


def folds(names: Sequence[str], seed: int = 0) -> Iterator[tuple[list[int], list[int]]]:
    """Fifths of the pictures and their rests; an artifact with two or more pictures is in every rest."""
    draw = np.random.default_rng(seed)
    fold = np.zeros(len(names), dtype=np.int64)
    for name in sorted(set(names)):
        own = np.array([place for place, other in enumerate(names) if other == name])
        # Dealt out one by one: with two pictures or more, no fold has all of them.
        fold[draw.permutation(own)] = (np.arange(len(own)) + int(draw.integers(FOLDS))) % FOLDS
    for number in range(FOLDS):
        part, rest = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        if len(part):
            yield part.tolist(), rest.tolist()


def open_set(collection: Collection, false_accepts: float, seed: int = 0) -> OpenSet:
    """Leave a third of the artifacts out of the gallery, again and again, and ask with every picture.

    A known query's own picture is never in the gallery (its fifth is left out).
    """
    names = np.array([shot.artifact for shot in collection.shots])
    artifacts = sorted(set(names.tolist()))
    draw = np.random.default_rng(seed)
    trials: list[Trial] = []
    owners: list[str] = []
    parts = list(folds(names.tolist()))
    for _ in range(ROUNDS):
        absent = set(draw.permutation(artifacts)[: max(round(LEFT_OUT * len(artifacts)), 1)].tolist())
        for part, rest in parts:
            gallery = [place for place in rest if names[place] not in absent]
            kept = {names[place] for place in gallery}
            ranking = collection.ranking(part, gallery)
            for row, place in enumerate(part):
                finding = Finding(float(ranking.similarities[row]), float(ranking.margins[row]))
                trials.append(Trial(finding, names[place] in kept, int(ranking.places[row]) == 1))
                owners.append(str(names[place]))
    scores = np.array([trial.finding.similarity for trial in trials])
    known, right = np.array([t.known for t in trials]), np.array([t.right for t in trials])
    recall, accepted = _cross_calibrated(trials, owners, false_accepts)
    return OpenSet(
        bootstrapped(lambda rows: auroc(scores[rows][known[rows]], scores[rows][~known[rows]]), owners, 200),
        bootstrapped(
            lambda rows: recall_at_false_accepts(right[rows], scores[rows], known[rows], false_accepts)[0],
            owners, 200,
        ),
        false_accepts,
        bootstrapped(
            lambda rows: global_average_precision(right[rows], scores[rows], int(known[rows].sum())),
            owners, 200,
        ),
        recall,
        accepted,
        int((~known).sum()),
    )  # fmt: skip


def _cross_calibrated(
    trials: list[Trial], owners: list[str], false_accepts: float
) -> tuple[float | None, float | None]:
    """(recall, false accepts) where each artifact's trials are judged by a calibration from the others'."""
    artifacts = sorted(set(owners))
    hits = wrong = known = unknown = 0
    for number in range(FOLDS):
        own = set(artifacts[number::FOLDS])
        others = [trial for trial, owner in zip(trials, owners, strict=True) if owner not in own]
        try:
            found = calibrated(others, model="", false_accepts=false_accepts, measured_on="")
        except CalibrationError:
            return None, None
        for trial, owner in zip(trials, owners, strict=True):
            if owner not in own:
                continue
            accepted = found.judge(trial.finding)[1] is None
            known, unknown = known + trial.known, unknown + (not trial.known)
            hits, wrong = hits + (accepted and trial.right), wrong + (accepted and not trial.known)
    return hits / max(known, 1), wrong / max(unknown, 1)


def _by(
    shots: Sequence[Shot], queries: list[int], ranking: Ranking, key: Callable[[Shot], str]
) -> dict[str, Group]:
    rows: dict[str, list[int]] = {}
    for row, place in enumerate(queries):
        rows.setdefault(key(shots[place]) or "not stated", []).append(row)
    found = {}
    for name, own in sorted(rows.items()):
        shown = [shots[queries[row]].artifact for row in own]
        recall = bootstrapped(partial(_within, ranking.places[own], 1), shown)
        found[name] = Group(recall, len(own), len(set(shown)))
    return found


def _failures(collection: Collection, queries: list[int], gallery: list[int]) -> tuple[Failure, ...]:
    scores = collection.similarities(queries, gallery)
    names = np.array([collection.shots[place].artifact for place in gallery])
    found = []
    for row, place in enumerate(queries):
        query, best = collection.shots[place], int(scores[row].argmax())
        if names[best] == query.artifact:
            continue
        own = np.flatnonzero(names == query.artifact)
        right = collection.shots[gallery[own[scores[row][own].argmax()]]] if len(own) else None
        found.append(Failure(query, collection.shots[gallery[best]], right, float(scores[row, best])))
    return tuple(sorted(found, key=lambda failure: -failure.similarity))


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """What a file keeps of it; intervals as [value, low, high]."""

    def numbers(interval: Interval) -> list[float]:
        return [round(value, 4) for value in (interval.value, interval.low, interval.high)]

    found = evaluation.open_set
    return {
        "model": evaluation.model,
        "queries": evaluation.queries,
        "artifacts": evaluation.artifacts,
        "figures": {name: numbers(interval) for name, interval in evaluation.figures.items()},
        "groups": {
            column: {
                name: {"recall": numbers(g.recall), "queries": g.queries, "artifacts": g.artifacts}
                for name, g in rows.items()
            }
            for column, rows in evaluation.groups.items()
        },
        "open_set": {
            "auroc": numbers(found.auroc), "recall": numbers(found.recall), "gap": numbers(found.gap),
            "false_accepts": found.false_accepts, "calibrated_recall": found.calibrated_recall,
            "calibrated_false_accepts": found.calibrated_false_accepts, "unknown_trials": found.unknown,
        },
        "robustness": {
            name: [[level, *numbers(recall)] for level, recall in curve]
            for name, curve in evaluation.robustness.items()
        },
        "failures": [
            [str(one.query.path.name), one.answered.artifact, round(one.similarity, 4)]
            for one in evaluation.failures
        ],
    }  # fmt: skip

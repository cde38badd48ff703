"""How good a ranking and a rejection are, with intervals. Numbers in, numbers out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """For each query, the gallery's artifacts from the nearest on, and whether each is right."""

    artifacts: list[list[str]]
    similarities: Floats
    """(queries,) of the nearest view."""
    margins: Floats
    """(queries,) by which it exceeds the nearest view of another artifact."""
    places: NDArray[np.int64]
    """(queries,) rank of the right artifact, 1 the best; 0 where the gallery lacks it."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Such as ``0.386 (0.28 to 0.49)``."""
        return f"{self.value:.3f} ({self.low:.2f} to {self.high:.2f})"


def ranked(
    queries: NDArray[np.floating], shown: Sequence[str], gallery: NDArray[np.floating], holds: Sequence[str]
) -> Ranking:
    """Rank the gallery's artifacts for each query by their nearest view; all vectors have length 1."""
    return ranked_by(np.asarray(queries @ gallery.T, dtype=np.float64), shown, holds)


def ranked_by(scores: Floats, shown: Sequence[str], holds: Sequence[str]) -> Ranking:
    """Rank the gallery's artifacts for each query by similarities (queries, views) to what views hold."""
    names = np.array(sorted(set(holds)))
    codes = np.searchsorted(names, np.array(holds))
    best = np.full((len(scores), len(names)), -np.inf)
    for code in range(len(names)):
        best[:, code] = scores[:, codes == code].max(axis=1)
    order = np.argsort(-best, axis=1, kind="stable")
    sorted_scores = np.take_along_axis(best, order, axis=1)
    places = np.zeros(len(scores), dtype=np.int64)
    for row, artifact in enumerate(shown):
        hit = np.flatnonzero(names[order[row]] == artifact)
        places[row] = hit[0] + 1 if len(hit) else 0
    runner_up = sorted_scores[:, 1] if len(names) > 1 else sorted_scores[:, 0]
    ordered = [names[row].tolist() for row in order]
    return Ranking(ordered, sorted_scores[:, 0], sorted_scores[:, 0] - runner_up, places)


def recall_at(ranking: Ranking, k: int) -> float:
    """Share of queries whose artifact is among the first ``k``."""
    return float(np.mean((ranking.places > 0) & (ranking.places <= k)))


def mean_average_precision(ranking: Ranking) -> float:
    """Over artifacts, of which one is right: the mean of 1 / place."""
    with np.errstate(divide="ignore"):
        return float(np.where(ranking.places > 0, 1.0 / ranking.places, 0.0).mean())


def global_average_precision(right: Bools, scores: Floats, known: int) -> float:
    """GAP as in the Met benchmark (Ypsilantis et al. 2021): over all queries together, by score.

    ``right`` is false for every query of an unknown artifact; ``known`` counts the others.
    """
    order = np.argsort(-scores, kind="stable")
    hits = right[order]
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float((precision * hits).sum() / max(known, 1))


def auroc(positive: Floats, negative: Floats) -> float:
    """Probability that a positive score exceeds a negative one, ties half (Mann and Whitney 1947)."""
    both = np.concatenate([positive, negative])
    _, inverse, counts = np.unique(both, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    n, m = len(positive), len(negative)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


def recall_at_false_accepts(right: Bools, scores: Floats, known: Bools, share: float) -> tuple[float, float]:
    """(recall, threshold): known queries named rightly where ``share`` of the unknown is accepted."""
    unknown = np.sort(scores[~known])[::-1]
    allowed = int(np.floor(share * len(unknown)))
    threshold = -np.inf if allowed >= len(unknown) else float(unknown[allowed])
    return float((right & (scores > threshold) & known).sum() / max(known.sum(), 1)), threshold


def bootstrapped(
    statistic: Callable[[NDArray[np.int64]], float], groups: Sequence[str], draws: int = 1000, seed: int = 0
) -> Interval:
    """A statistic of query positions, with the interval from drawing whole groups again.

    Queries of one artifact are not independent, so artifacts are drawn, not queries.
    """
    members: dict[str, list[int]] = {}
    for place, group in enumerate(groups):
        members.setdefault(group, []).append(place)
    blocks = [np.array(places) for places in members.values()]
    draw = np.random.default_rng(seed)
    found = [
        statistic(np.concatenate([blocks[k] for k in draw.integers(0, len(blocks), len(blocks))]))
        for _ in range(draws)
    ]
    low, high = np.percentile(found, [2.5, 97.5])
    return Interval(statistic(np.arange(len(groups))), float(low), float(high))

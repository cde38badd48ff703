import numpy as np
import pytest

from inference.training.metrics import (
    auroc,
    bootstrapped,
    global_average_precision,
    mean_average_precision,
    ranked,
    recall_at,
    recall_at_false_accepts,
)


def test_artifacts_are_ranked_by_their_nearest_view() -> None:
    gallery = np.eye(3)
    ranking = ranked(np.array([[0.6, 0.0, 0.8], [1.0, 0.0, 0.0]]), ["b", "c"], gallery, ["a", "b", "a"])
    assert ranking.artifacts[0] == ["a", "b"]
    assert ranking.similarities.tolist() == [0.8, 1.0]
    assert ranking.margins.tolist() == [0.8, 1.0]
    assert ranking.places.tolist() == [2, 0]
    assert recall_at(ranking, 1) == 0.0
    assert recall_at(ranking, 2) == 0.5
    assert mean_average_precision(ranking) == 0.25


def test_gap_is_that_of_the_definition() -> None:
    # Right, wrong, right by falling score: (1/1 + 2/3) / 2 known queries.
    found = global_average_precision(np.array([True, False, True]), np.array([0.9, 0.8, 0.7]), known=2)
    assert found == pytest.approx((1 + 2 / 3) / 2)
    # An unknown query that is sure of itself costs those below it.
    assert global_average_precision(np.array([False, True]), np.array([0.9, 0.8]), known=1) == 0.5


def test_auroc_counts_pairs_in_order_and_ties_half() -> None:
    positive, negative = np.array([0.9, 0.5, 0.5]), np.array([0.5, 0.1])
    pairs = [(p > n) + 0.5 * (p == n) for p in positive for n in negative]
    assert auroc(positive, negative) == pytest.approx(np.mean(pairs))


def test_recall_at_false_accepts_accepts_no_more_of_the_unknown_than_stated() -> None:
    draw = np.random.default_rng(0)
    known = np.arange(1000) < 500
    scores = np.where(known, draw.normal(1.5, 1, 1000), draw.normal(0, 1, 1000))
    recall, threshold = recall_at_false_accepts(known.copy(), scores, known, 0.01)
    assert (scores[~known] > threshold).mean() <= 0.01
    assert recall == pytest.approx((scores[known] > threshold).mean())


def test_intervals_are_wider_where_queries_hang_together() -> None:
    right = np.repeat(np.random.default_rng(1).random(20) < 0.5, 10)
    loose = bootstrapped(lambda rows: float(right[rows].mean()), [str(n) for n in range(200)])
    tied = bootstrapped(lambda rows: float(right[rows].mean()), [str(n // 10) for n in range(200)])
    assert loose.value == tied.value == right.mean()
    assert tied.low < loose.low < loose.value < loose.high < tied.high

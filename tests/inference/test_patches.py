"""Features of places: how they are laid out, turned onto a gallery's axes, and compared."""

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.patches import Axes, Layout, agreements

PLACES, CHANNELS = 9, 24


def features(pictures: int, seed: int = 0) -> NDArray[np.float32]:
    drawn = np.random.default_rng(seed).normal(size=(pictures, PLACES, CHANNELS))
    return np.asarray(drawn * np.linspace(4, 0.2, CHANNELS) + 1.0, dtype=np.float32)


@pytest.fixture
def axes() -> Axes:
    return Axes.of(features(80))


def test_a_row_holds_the_embedding_and_then_the_features_of_each_place() -> None:
    layout = Layout(5, PLACES, CHANNELS)
    embeddings, given = np.eye(5, dtype=np.float32)[:3], features(3)
    rows = layout.joined(embeddings, given.reshape(3, 3, 3, CHANNELS))
    assert rows.shape == (3, layout.width)
    assert np.array_equal(layout.embeddings(rows), embeddings)
    assert np.array_equal(layout.features(rows[1]), given[1])
    assert Layout(5).width == 5


def test_a_picture_agrees_wholly_with_itself_and_less_with_another(axes: Axes) -> None:
    gallery = features(6, seed=1)
    found = agreements(axes.asked(gallery[2]), axes.kept(gallery), np.arange(6), 6)
    assert found.argmax() == 2
    # A byte a component loses a little.
    assert found[2] == pytest.approx(1.0, abs=0.01)
    assert np.delete(found, 2).max() < 0.9


def test_what_a_detail_shows_may_lie_anywhere_and_in_any_part_of_a_picture(axes: Axes) -> None:
    gallery = features(4, seed=2)
    shuffled = gallery[3][np.random.default_rng(0).permutation(PLACES)]
    # Rows 0 and 1 are parts of the first picture, 2 and 3 of the second.
    found = agreements(axes.asked(shuffled), axes.kept(gallery), np.array([0, 0, 1, 1]), 2)
    assert found[1] == pytest.approx(1.0, abs=0.01)
    assert found[0] < 0.9


def test_places_count_by_the_strength_of_their_features(axes: Axes) -> None:
    gallery = features(2, seed=3)
    mixed = np.concatenate([gallery[0, :5], gallery[1, 5:]])
    mixed[:5] *= 1e-4
    found = agreements(axes.asked(mixed), axes.kept(gallery), np.arange(2), 2)
    assert found[1] == pytest.approx(1.0, abs=0.01)
    assert found[1] > found[0]


def test_a_mean_of_other_features_than_the_matrix_is_refused(axes: Axes) -> None:
    with pytest.raises(ValueError, match="do not belong together"):
        Axes(axes.mean[1:], axes.matrix, 80)


def test_one_place_alone_gives_no_axes() -> None:
    with pytest.raises(ValueError, match="two places at least"):
        Axes.of(features(1)[:, :1])

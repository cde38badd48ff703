import numpy as np
import pytest

from inference.training.augmentation import DISTURBANCES, Augmentation, photographed
from tests.inference.conftest import picture


def test_the_same_draw_gives_the_same_photo_and_another_a_different_one() -> None:
    first, again, other = (
        photographed(picture(1), 64, np.random.default_rng(seed), Augmentation()) for seed in (5, 5, 6)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("size", [(1, 1), (300, 20), (40, 500), (64, 64)])
def test_any_picture_becomes_a_square_photo(size: tuple[int, int]) -> None:
    for seed in range(8):
        found = photographed(picture(1, size), 48, np.random.default_rng(seed), Augmentation())
        assert found.shape == (48, 48, 3)
        assert found.dtype == np.uint8


def test_without_strength_a_square_picture_stays_as_it_is() -> None:
    square = picture(1, (64, 64))
    found = photographed(square, 64, np.random.default_rng(1), Augmentation(0.0))
    # The warp reads between pixels; only the outermost ones meet the border.
    assert np.abs(found[2:-2, 2:-2].astype(int) - square[2:-2, 2:-2]).max() <= 1


@pytest.mark.parametrize("name", DISTURBANCES)
def test_a_disturbance_grows_with_its_level(name: str) -> None:
    levels, disturb = DISTURBANCES[name]
    whole = picture(4, (224, 224))
    away = [np.abs(disturb(whole, level).astype(int) - whole).mean() for level in levels]
    assert away == sorted(away)
    assert away[0] > 0

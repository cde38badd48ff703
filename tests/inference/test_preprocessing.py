import numpy as np
import pytest

from inference.manifest import Preprocessing
from inference.preprocessing import fitted


def test_letterbox_keeps_the_whole_picture_in_its_proportions() -> None:
    wide = np.zeros((50, 200, 3), dtype=np.uint8)
    wide[:, :100] = (200, 10, 10)
    wide[:, 100:] = (10, 10, 200)
    square = fitted(wide, Preprocessing(size=64, padding=(1, 2, 3)))
    assert square.shape == (64, 64, 3)
    assert (square[:24] == (1, 2, 3)).all()
    assert (square[40:] == (1, 2, 3)).all()
    assert (square[24:40, :31] == (200, 10, 10)).all()
    assert (square[24:40, 33:] == (10, 10, 200)).all()


def test_crop_keeps_the_central_square() -> None:
    wide = np.zeros((64, 192, 3), dtype=np.uint8)
    wide[:, 64:128] = 255
    assert (fitted(wide, Preprocessing(size=64, fit="crop")) == 255).all()


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (64, 64)])
def test_any_shape_fits(size: tuple[int, int]) -> None:
    assert fitted(np.full((*size, 3), 9, dtype=np.uint8), Preprocessing(size=64)).shape == (64, 64, 3)


def test_shrinking_averages_instead_of_picking_pixels() -> None:
    board = np.indices((512, 512)).sum(axis=0) % 2 * 255
    small = fitted(np.repeat(board[..., None], 3, axis=2).astype(np.uint8), Preprocessing(size=64))
    assert (np.abs(small.astype(int) - 127) <= 1).all()


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4), (0, 4, 3)])
def test_what_is_no_rgb_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected uint8 \(height, width, 3\)"):
        fitted(np.zeros(shape, dtype=np.uint8), Preprocessing(size=64))

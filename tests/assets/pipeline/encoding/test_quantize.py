"""Bits a coordinate, and the error they cost."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assets.pipeline.encoding.quantize import Grid, Precision

sizes = st.floats(1e-3, 100.0)


@given(st.floats(1e-4, 50.0), sizes)
def test_precision_is_the_least_that_keeps_the_error(error_mm: float, size: float) -> None:
    chosen = Precision.within(error_mm, size)
    assert chosen.position_bits == 16 or chosen.position_error_mm(size) <= error_mm
    assert chosen.position_bits == 8 or Precision(chosen.position_bits - 1).position_error_mm(size) > error_mm


@given(st.integers(8, 16), sizes, st.integers(0, 2**32 - 1))
def test_rounding_moves_a_point_by_no_more_than_stated(bits: int, size: float, seed: int) -> None:
    points = np.random.default_rng(seed).uniform(-0.5, 0.5, (50, 3)) * size
    grid = Grid.cubic([points], bits)
    back = grid.origin + grid.step * grid.whole(points)
    longest = float(np.ptp(points, axis=0).max())
    moved = np.linalg.norm(back - points, axis=1).max() * 1000
    assert moved <= Precision(bits).position_error_mm(longest) * (1 + 1e-9)


def test_groups_share_one_grid() -> None:
    left, right = np.array([[0.0, 0, 0], [1, 1, 1]]), np.array([[1.0, 1, 1], [7, 1, 1]])
    grid = Grid.cubic([left, right], 10)
    assert (grid.whole(left[1:]) == grid.whole(right[:1])).all()


def test_a_flat_or_single_point_has_a_grid_too() -> None:
    grid = Grid.cubic([np.zeros((3, 3))], 14)
    assert (grid.whole(np.zeros((3, 3))) == 0).all()


def test_a_level_is_stored_finer_than_it_was_simplified() -> None:
    assert Precision.beside(rms_mm=3.0, size=1.0).position_error_mm(1.0) <= 1.0
    assert Precision.beside(rms_mm=0.0, size=0.5).position_error_mm(0.5) <= 0.02

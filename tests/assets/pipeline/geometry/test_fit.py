"""Vertices fitted to the master: less error with the same triangles."""

from dataclasses import replace

import numpy as np
import pytest

from assets.pipeline.geometry.deviation import deviation_of_surfaces
from assets.pipeline.geometry.fit import fitted
from assets.pipeline.geometry.joined import Joined, join
from assets.pipeline.geometry.meshoptimizer import Goal
from assets.pipeline.geometry.simplify import simplified
from assets.pipeline.geometry.surface import Surface
from assets.pipeline.scan import Scan
from tests.assets.pipeline.solids import sphere, two_materials


def surface(joined: Joined) -> Surface:
    return Surface(joined.positions.astype(np.float64), joined.triangles.astype(np.int64))


def bowl() -> Scan:
    """The northern half of a bumpy sphere: open at the equator, where y is 0."""
    scan = two_materials(60)
    return replace(scan, meshes=scan.meshes[:1])


@pytest.mark.parametrize("count", [3_000, 600])
def test_fitting_takes_a_tenth_of_the_error_or_more(count: int) -> None:
    master = Surface.of(sphere(80, bumps=0.05))
    before = simplified(join(sphere(80, bumps=0.05)), Goal(count)).joined
    after = fitted(before, master)
    unfitted, fit = (deviation_of_surfaces(master, surface(joined)) for joined in (before, after))
    assert fit.rms_mm < 0.9 * unfitted.rms_mm
    assert fit.hausdorff_mm < 1.1 * unfitted.hausdorff_mm


def test_fitting_keeps_triangles_and_everything_but_positions() -> None:
    before = simplified(join(sphere(60, bumps=0.05)), Goal(900)).joined
    after = fitted(before, Surface.of(sphere(60, bumps=0.05)))
    assert not np.array_equal(after.positions, before.positions)
    for name in ("triangles", "normals", "texcoords", "colors", "mesh"):
        assert getattr(after, name) is getattr(before, name)


def test_no_triangle_turns_over() -> None:
    before = simplified(join(sphere(60, bumps=0.15)), Goal(300)).joined
    after = fitted(before, Surface.of(sphere(60, bumps=0.15)))
    a, b = (normals(joined) for joined in (before, after))
    assert np.einsum("ij,ij->i", a, b).min() > 0.5 - 1e-6


def test_an_open_border_is_not_drawn_inward() -> None:
    before = simplified(join(bowl()), Goal(800)).joined
    after = fitted(before, Surface.of(bowl()))
    rim = np.abs(before.positions[:, 1]) < 1e-4
    assert rim.sum() > 10
    assert after.positions[rim] == pytest.approx(before.positions[rim], abs=1e-6)
    inner = ~rim & (np.abs(before.positions[:, 1]) > 1e-3)
    assert np.abs(after.positions[inner] - before.positions[inner]).max() > 1e-5


def test_vertices_at_one_place_move_together() -> None:
    before = simplified(join(sphere(60, bumps=0.05)), Goal(900)).joined
    after = fitted(before, Surface.of(sphere(60, bumps=0.05)))
    _, place = np.unique(before.positions, axis=0, return_inverse=True)
    _, moved = np.unique(after.positions, axis=0, return_inverse=True)
    assert len(np.unique(np.c_[place.reshape(-1), moved.reshape(-1)], axis=0)) == place.max() + 1


def normals(joined: Joined) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    a, b, c = joined.positions.astype(np.float64)[joined.triangles.T.astype(np.int64)]
    cross = np.cross(b - a, c - a)
    return np.asarray(cross / np.maximum(np.linalg.norm(cross, axis=1, keepdims=True), 1e-30))

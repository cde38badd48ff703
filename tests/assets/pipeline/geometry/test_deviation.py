"""Distances between scans, against shapes whose distance is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.pipeline.geometry.deviation import deviation
from assets.pipeline.geometry.surface import Surface
from assets.pipeline.scan import Mesh, Scan
from tests.assets.pipeline.solids import area, sphere, square


def test_a_scan_does_not_deviate_from_itself() -> None:
    measured = deviation(sphere(), sphere())
    assert measured.hausdorff_mm == pytest.approx(0.0, abs=1e-6)
    assert measured.rms_mm == pytest.approx(0.0, abs=1e-6)


@given(st.floats(1e-5, 2.0))
def test_offset_planes_deviate_by_the_offset(offset: float) -> None:
    measured = deviation(square(), square(height=offset), samples=500)
    assert measured.hausdorff_mm == pytest.approx(1000 * offset, rel=1e-5)
    assert measured.rms_mm == pytest.approx(1000 * offset, rel=1e-5)


def test_what_one_scan_lacks_counts_whichever_way_they_are_given() -> None:
    # From the far corner of the unit square to the corner of a square half its size.
    whole, quarter = square(), square(size=0.5)
    for measured in (deviation(whole, quarter), deviation(quarter, whole)):
        assert measured.hausdorff_mm == pytest.approx(500 * np.sqrt(2), rel=1e-6)
        assert measured.rms_mm == pytest.approx(1000 * np.sqrt(1 / 12), rel=1e-3)


def test_a_coarse_sphere_deviates_by_the_sagitta_of_its_widest_cell() -> None:
    radius, count = 0.2, 16
    measured = deviation(sphere(count, radius), sphere(count * 16, radius))
    corners = sphere(count, radius).meshes[0]
    a, b, c = corners.positions.astype(np.float64)[corners.triangles.T.astype(np.int64)]
    normal = np.cross(b - a, c - a)
    depth = radius - np.abs(np.einsum("ij,ij->i", a, normal)) / np.linalg.norm(normal, axis=1)
    assert measured.hausdorff_mm == pytest.approx(1000 * depth.max(), rel=0.02)
    assert 0 < measured.rms_mm < measured.hausdorff_mm


def test_the_nearest_place_is_the_one_that_trying_every_triangle_finds() -> None:
    surface = Surface.of(sphere(8, bumps=0.1))
    chance = np.random.default_rng(3)
    points = chance.normal(0.0, 0.2, (60, 3))
    found = surface.nearest(points)
    # Every triangle as a dense cloud: no point of it may be nearer than the place that was found.
    shares = chance.dirichlet((1, 1, 1), 400)
    cloud = np.einsum("sk,tkx->tsx", shares, surface.corners).reshape(-1, 3)
    nearest = np.linalg.norm(points[:, None] - cloud[None], axis=2).min(axis=1)
    assert (found.distances <= nearest + 1e-12).all()
    assert found.distances == pytest.approx(nearest, abs=2e-3)
    assert np.linalg.norm(points - found.points, axis=1) == pytest.approx(found.distances)


def test_samples_are_spread_by_area() -> None:
    small, large = square(size=1.0).meshes[0], square(size=3.0, height=5.0).meshes[0]
    points = Surface.of(Scan("both", (small, large))).samples(10_000)
    assert int((points[:, 2] == 0.0).sum()) == pytest.approx(1_000, abs=2)
    on_large = points[points[:, 2] == 5.0]
    for axis in (0, 1):
        counts, _ = np.histogram(on_large[:, axis], bins=9, range=(0.0, 3.0))
        assert counts == pytest.approx(np.full(9, 1_000), rel=0.05)


def test_measuring_twice_gives_the_same_figures() -> None:
    assert deviation(sphere(30, bumps=0.1), sphere(20)) == deviation(sphere(30, bumps=0.1), sphere(20))


def test_the_figures_hold_at_any_size_of_scan() -> None:
    def scaled(scan: Scan, by: float) -> Scan:
        part = scan.meshes[0]
        positions = (part.positions * np.float32(by)).astype(np.float32)
        larger = Mesh(part.name, positions, part.normals, part.texcoords, part.triangles, part.material)
        return Scan("scaled", (larger,))

    fine, coarse = sphere(40), sphere(12)
    there = deviation(scaled(fine, 50.0), scaled(coarse, 50.0))
    here = deviation(fine, coarse)
    assert there.hausdorff_mm == pytest.approx(50 * here.hausdorff_mm, rel=1e-3)
    assert area(scaled(fine, 50.0)) == pytest.approx(2500 * area(fine), rel=1e-4)


def test_a_scan_without_triangles_is_refused() -> None:
    empty = square().meshes[0]
    nothing = Mesh(
        "empty", empty.positions, empty.normals, empty.texcoords, empty.triangles[:0], empty.material
    )
    with pytest.raises(ValueError, match="at least one triangle"):
        deviation(square(), Scan("empty", (nothing,)))

"""Building blocks of the sample museum: shapes that can be calculated by hand."""

import numpy as np
import pytest

from assets.sample.forms.canvas import Canvas
from assets.sample.forms.clay import Clay
from assets.sample.forms.curves import resampled, smooth
from assets.sample.forms.isosurface import isosurface
from assets.sample.forms.lathe import revolve, tube
from assets.sample.forms.noise import blurred, cells, generator, spectral, volume
from assets.sample.forms.sdf import box, cut, ellipsoid, rod, union
from assets.sample.forms.slab import cushion, polar, slab
from assets.sample.forms.surface import Array, Surface, displaced, joined, smooth_normals
from assets.sample.forms.unwrap import atlas


def volume_of(surface: Surface) -> float:
    corners = surface.positions[surface.triangles]
    return float(np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6)


def area_of(positions: Array, triangles: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> float:
    corners = positions[triangles]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return float(np.linalg.norm(cross, axis=1).sum() / 2)


def test_a_turned_cylinder_has_the_volume_of_a_cylinder_and_faces_outward() -> None:
    profile = resampled(smooth([(0.0, 2.0), (1.0, 2.0), (1.0, 2.0), (1.0, 0.0), (1.0, 0.0), (0.0, 0.0)]), 400)
    assert volume_of(revolve(profile, 256)) == pytest.approx(2 * np.pi, rel=2e-3)


def test_a_tube_has_the_volume_of_a_rod_with_round_ends() -> None:
    path = np.stack([np.zeros(40), np.linspace(0, 1, 40), np.zeros(40)], axis=1)
    expected = np.pi * 0.1**2 + 4 / 3 * np.pi * 0.1**3
    assert volume_of(tube(path, 0.1, 96)) == pytest.approx(expected, rel=0.01)


def test_a_slab_is_closed_and_holds_what_its_section_says() -> None:
    disk = slab(polar(lambda a: np.full_like(a, 1.0)), [(0, 0.1), (1, 0.1), (1, 0.1), (1, 0)], (120, 120))
    assert volume_of(disk) == pytest.approx(np.pi * 0.2, rel=5e-3)


def test_front_and_back_of_a_slab_read_different_halves_of_the_canvas() -> None:
    tablet = slab(cushion(2, 1, 6), [(0, 0.2), (0.9, 0.15), (1, 0)], (40, 40))
    front = tablet.positions[:, 2] > 0.1
    back = tablet.positions[:, 2] < -0.1
    assert tablet.texcoords[front, 0].max() <= 0.5
    assert tablet.texcoords[back, 0].min() >= 0.5


def test_displacement_moves_a_sphere_outward_by_the_stated_metres() -> None:
    angle = np.linspace(np.pi / 2, -np.pi / 2, 200)
    ball = revolve(np.stack([np.cos(angle).clip(0), np.sin(angle)], axis=1), 200)
    grown = displaced(ball, np.full((8, 8), 0.25))
    assert np.linalg.norm(grown.positions, axis=1) == pytest.approx(
        np.full(len(grown.positions), 1.25), abs=1e-3
    )


def test_the_isosurface_of_an_ellipsoid_is_closed_and_lies_on_it() -> None:
    solid = ellipsoid((0, 0, 0), (0.5, 0.3, 0.4))
    positions, normals, triangles = isosurface(
        solid, np.array([-0.5, -0.3, -0.4]), np.array([0.5, 0.3, 0.4]), 0.02
    )
    assert np.abs(solid(positions)).max() < 1e-3
    surface = Surface(positions, normals, positions[:, :2], triangles)
    assert volume_of(surface) == pytest.approx(4 / 3 * np.pi * 0.06, rel=0.01)
    assert (normals * positions).sum(axis=1).min() > 0


def test_cutting_removes_exactly_the_tool() -> None:
    solid = cut(box((0, 0, 0), (1, 1, 1)), box((0.75, 0, 0), (0.25, 2, 2)))
    inside = solid(np.array([[0.4, 0, 0], [0.6, 0, 0]]))
    assert inside[0] < 0 < inside[1]


def test_blended_union_never_loses_material() -> None:
    parts = [rod((0, 0, 0), (0, 1, 0), 0.2), rod((0, 0.5, 0), (1, 0.5, 0), 0.2)]
    points = generator("union").uniform(-1, 1, (500, 3))
    assert (union(parts, 0.1)(points) <= union(parts)(points) + 1e-12).all()


def test_the_atlas_keeps_areas_in_proportion_and_shows_every_triangle_unmirrored() -> None:
    solid = union([ellipsoid((0, 0, 0), (0.4, 0.4, 0.4)), rod((0, 0, 0), (0.7, 0.2, 0.1), 0.15)], 0.1)
    positions, normals, triangles = isosurface(solid, np.array([-0.4] * 3), np.array([0.9, 0.4, 0.4]), 0.03)
    sheet = atlas(positions, normals, triangles, 256)
    uv = sheet.surface.texcoords[sheet.surface.triangles]
    ab, ac = uv[:, 1] - uv[:, 0], uv[:, 2] - uv[:, 0]
    turning = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
    assert (turning < 0).mean() > 0.99
    assert sheet.surface.texcoords.min() >= 0
    assert sheet.surface.texcoords.max() <= 1
    assert np.abs(solid(sheet.points)).max() < 0.02


def test_normals_of_vertices_at_one_place_agree_across_a_seam() -> None:
    ring = revolve(np.array([[1.0, 1.0], [1.0, 0.0]]), 32)
    left = ring.normals[ring.texcoords[:, 0] == 0.0]
    right = ring.normals[ring.texcoords[:, 0] == 1.0]
    assert left == pytest.approx(right)


def test_joined_surfaces_keep_their_areas() -> None:
    ring = revolve(np.array([[1.0, 1.0], [1.0, 0.0]]), 32)
    both = joined([ring, ring.moved((3, 0, 0))])
    assert area_of(both.positions, both.triangles) == pytest.approx(
        2 * area_of(ring.positions, ring.triangles)
    )
    assert smooth_normals(both.positions, both.triangles) == pytest.approx(both.normals)


def test_noise_repeats_for_the_same_words_and_differs_for_others() -> None:
    one, same, other = (spectral(generator(words), (32, 64)) for words in ("a", "a", "b"))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert one.std() == pytest.approx(1.0)


def test_cell_noise_has_its_second_point_farther_than_its_first() -> None:
    net = cells(generator("cells"), (40, 60), (4, 6))
    assert (net.second >= net.nearest).all()


def test_volume_noise_is_periodic() -> None:
    noise = volume(generator("volume"), 16)
    points = generator("points").random((50, 3))
    assert noise.at(points, 1.0) == pytest.approx(noise.at(points + 4.0, 1.0), abs=1e-9)


def test_blur_keeps_the_mean() -> None:
    raster = generator("blur").random((32, 48))
    assert blurred(raster, 3.0).mean() == pytest.approx(raster.mean())


def test_what_leaves_a_wrapping_canvas_comes_back_on_the_other_side() -> None:
    canvas = Canvas((100, 20), (1.0, 0.2), wrap=True)
    canvas.disc((1.0, 0.1), 0.05)
    drawn = canvas.array()
    assert drawn[10, 1] == pytest.approx(1.0)
    assert drawn[10, 98] == pytest.approx(1.0)
    assert drawn[10, 50] == 0.0


def test_a_wedge_is_deepest_at_its_head_and_ends_after_its_length() -> None:
    clay = Clay((200, 100), (0.02, 0.01))
    clay.wedge((0.005, 0.005), 0.0, 0.008, 0.003)
    row = clay.height[50]
    assert row.min() < -0.0005
    assert np.argmin(row) < 90
    assert abs(row[150]) < 1e-6

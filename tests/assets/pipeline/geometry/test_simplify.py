"""The level-of-detail chain keeps what a visitor would miss, and states its error truthfully."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from assets.pipeline.geometry.deviation import deviation
from assets.pipeline.geometry.simplify import Budget, Level, LodChain, Usage, budget_of, lod_chain
from assets.pipeline.scan import Scan
from tests.assets.pipeline.solids import area, on_sphere, open_edges, sphere, square, two_materials, volume

LEVELS = Budget((6_000, 2_000, 600), limit_share=0.05)
RADIUS, BUMPS = 0.2, 0.05


@pytest.fixture(scope="module")
def master() -> Scan:
    return sphere(80, RADIUS, BUMPS)


@pytest.fixture(scope="module")
def chain(master: Scan) -> LodChain:
    return lod_chain(master, Usage.HEADSET, LEVELS)


@pytest.fixture(scope="module")
def meeting() -> LodChain:
    return lod_chain(two_materials(), Usage.HEADSET, Budget((4_000, 1_000), limit_share=0.05))


def drift_mm(level: Level) -> NDArray[np.float64]:
    """How far each vertex lies from the place that its texture coordinate shows."""
    part = level.scan.meshes[0]
    shown = on_sphere(part.texcoords.astype(np.float64), RADIUS, BUMPS)
    return np.asarray(np.linalg.norm(shown - part.positions, axis=1) * 1000)


def test_every_level_has_the_triangles_asked_for(chain: LodChain) -> None:
    for level, wanted in zip(chain.levels, LEVELS.triangles, strict=True):
        assert 0.95 * wanted < level.triangles <= wanted
        assert level.triangles == level.scan.triangle_count


def test_error_grows_along_the_chain_and_stays_within_the_limit(chain: LodChain) -> None:
    errors = [(level.hausdorff_mm, level.rms_mm) for level in chain.levels]
    assert errors == sorted(errors)
    assert all(0 < rms < hausdorff <= chain.limit_mm for hausdorff, rms in errors)
    assert chain.stopped is None


def test_the_stated_error_is_what_an_independent_measurement_finds(master: Scan, chain: LodChain) -> None:
    for level in chain.levels:
        again = deviation(master, level.scan, samples=20_000)
        assert again.rms_mm == pytest.approx(level.rms_mm, rel=0.05)
        assert again.hausdorff_mm == pytest.approx(level.hausdorff_mm, rel=0.2)


def test_bounds_move_by_no_more_than_the_stated_error(master: Scan, chain: LodChain) -> None:
    for level in chain.levels:
        assert np.abs(level.scan.bounds - master.bounds).max() * 1000 <= level.hausdorff_mm + 1e-6


def test_volume_changes_by_no_more_than_the_error_spread_over_the_surface(
    master: Scan, chain: LodChain
) -> None:
    for level in chain.levels:
        assert abs(volume(level.scan) - volume(master)) <= area(master) * level.rms_mm / 1000


def test_a_closed_surface_stays_closed_along_its_texture_seam(chain: LodChain) -> None:
    assert [open_edges(level.scan) for level in chain.levels] == [0, 0, 0]


def test_texture_stays_where_it_was(chain: LodChain) -> None:
    for level in chain.levels:
        drift = drift_mm(level)
        assert np.sqrt(np.mean(drift**2)) < 4 * level.rms_mm + 0.2
        assert drift.max() < 6 * level.hausdorff_mm + 0.5


def test_no_triangle_runs_across_the_texture_seam(chain: LodChain) -> None:
    for level in chain.levels:
        across = np.ptp(level.scan.meshes[0].texcoords[level.scan.meshes[0].triangles][..., 0], axis=1)
        assert across.max() < 0.5


def test_texture_coordinates_stay_within_the_texture(chain: LodChain) -> None:
    for level in chain.levels:
        texcoords = level.scan.meshes[0].texcoords
        assert texcoords.min() >= 0.0
        assert texcoords.max() <= 1.0


def test_normals_are_unit_and_point_the_way_the_triangles_face(chain: LodChain) -> None:
    for level in chain.levels:
        part = level.scan.meshes[0]
        assert np.linalg.norm(part.normals, axis=1) == pytest.approx(1.0, abs=1e-5)
        a, b, c = part.positions[part.triangles.T]
        faces = np.cross(b - a, c - a)
        mean = part.normals[part.triangles].mean(axis=1)
        assert (np.einsum("ij,ij->i", faces, mean) > 0).mean() > 0.999
        outward = part.positions / np.linalg.norm(part.positions, axis=1, keepdims=True)
        assert np.quantile(np.einsum("ij,ij->i", part.normals, outward), 0.01) > 0.8


def test_nothing_else_of_the_scan_changes(master: Scan, chain: LodChain) -> None:
    for level in chain.levels:
        assert level.scan.name == master.name
        assert level.scan.meshes[0].material is master.meshes[0].material
        assert level.scan.meshes[0].colors is None


def test_materials_that_meet_still_meet(meeting: LodChain) -> None:
    assert [open_edges(level.scan) for level in meeting.levels] == [0, 0]


def test_each_material_stays_on_its_side(meeting: LodChain) -> None:
    for level in meeting.levels:
        north, south = level.scan.meshes
        assert (north.name, south.name) == ("north", "south")
        assert north.positions[:, 1].min() * 1000 > -level.hausdorff_mm
        assert south.positions[:, 1].max() * 1000 < level.hausdorff_mm


def test_vertex_colors_stay_where_they_were() -> None:
    plain = sphere(60, RADIUS)
    part = plain.meshes[0]
    ramp = np.rint((part.positions / RADIUS + 1) * 127.5)
    colors = np.column_stack([ramp, np.full(len(ramp), 200)]).astype(np.uint8)
    painted = replace(plain, meshes=(replace(part, colors=colors),))
    for level in lod_chain(painted, Usage.PHONE, Budget((3_000, 800), 0.05)).levels:
        kept = level.scan.meshes[0]
        assert kept.colors is not None
        wanted = np.column_stack([(kept.positions / RADIUS + 1) * 127.5, np.full(len(kept.positions), 200)])
        assert np.abs(kept.colors - wanted).max() < 12


def test_a_small_scan_is_its_own_first_level() -> None:
    small = sphere(20)
    chain = lod_chain(small, Usage.HEADSET)
    assert chain.levels[0] == Level(small, small.triangle_count, 0.0, 0.0)
    assert [level.triangles for level in chain.levels[1:]] == []
    assert chain.stopped is None


def test_a_chain_ends_where_the_limit_would_be_passed_and_says_so(master: Scan) -> None:
    strict = replace(LEVELS, limit_mm=1.0)
    chain = lod_chain(master, Usage.HEADSET, strict)
    assert chain.limit_mm == 1.0
    assert chain.levels[-1].triangles > 600
    assert all(level.hausdorff_mm <= 1.0 for level in chain.levels)
    assert chain.stopped is not None
    assert "more than the 1.00 mm that headset allows" in chain.stopped
    assert f"the chain ends at {chain.levels[-1].triangles:,}" in chain.stopped


def test_a_scan_that_may_not_change_at_all_is_kept_as_it_is(master: Scan) -> None:
    chain = lod_chain(master, Usage.THUMB, Budget((1_000,), 0.05, limit_mm=1e-4))
    assert chain.levels == (Level(master, master.triangle_count, 0.0, 0.0),)
    assert chain.stopped is not None


def test_triangles_without_shared_vertices_simplify_as_if_they_had_them(master: Scan) -> None:
    part = master.meshes[0]
    corners = part.triangles.reshape(-1)
    a, b, c = part.positions[part.triangles.T]
    flat = np.cross(b - a, c - a)
    normals = np.repeat(flat / np.linalg.norm(flat, axis=1, keepdims=True), 3, axis=0).astype(np.float32)
    loose = replace(
        part,
        positions=part.positions[corners],
        normals=normals,
        texcoords=part.texcoords[corners],
        triangles=np.arange(len(corners), dtype=np.uint32).reshape(-1, 3),
    )
    (level,) = lod_chain(replace(master, meshes=(loose,)), Usage.PHONE, Budget((2_000,), 0.05)).levels
    (joined,) = lod_chain(master, Usage.PHONE, Budget((2_000,), 0.05)).levels
    assert open_edges(level.scan) == 0
    assert level.rms_mm == pytest.approx(joined.rms_mm, rel=0.1)


def shattered(scan: Scan) -> Scan:
    """The scan with each of its triangles somewhere else in the texture."""
    chance = np.random.default_rng(1)
    meshes = []
    for part in scan.meshes:
        corners = part.triangles.reshape(-1)
        texcoords = chance.random((len(corners), 2)).astype(np.float32)
        triangles = np.arange(len(corners), dtype=np.uint32).reshape(-1, 3)
        apart = replace(part, positions=part.positions[corners], normals=part.normals[corners])
        meshes.append(replace(apart, texcoords=texcoords, triangles=triangles))
    return replace(scan, meshes=tuple(meshes))


def test_where_a_texture_is_all_seams_they_give_way_and_the_level_says_so() -> None:
    (level,) = lod_chain(shattered(square(count=40)), Usage.THUMB, Budget((500,), 0.05)).levels
    assert level.triangles <= 550
    assert not level.seams_kept
    assert all(kept.seams_kept for kept in lod_chain(sphere(30), Usage.THUMB, Budget((500,), 0.05)).levels)


def test_where_seams_give_way_materials_still_do_not_mix() -> None:
    scan = shattered(two_materials(40))
    (level,) = lod_chain(scan, Usage.THUMB, Budget((1_500,), 0.05)).levels
    assert not level.seams_kept
    assert open_edges(level.scan) == 0
    north, south = level.scan.meshes
    assert north.positions[:, 1].min() * 1000 > -level.hausdorff_mm
    assert south.positions[:, 1].max() * 1000 < level.hausdorff_mm


def test_open_borders_stay_in_place() -> None:
    (level,) = lod_chain(square(count=60), Usage.THUMB, Budget((200,), 0.05)).levels
    assert level.scan.bounds == pytest.approx(square().bounds, abs=1e-6)
    assert area(level.scan) == pytest.approx(1.0, abs=1e-5)
    assert level.hausdorff_mm < 1e-3


def test_the_same_scan_gives_the_same_chain(master: Scan, chain: LodChain) -> None:
    again = lod_chain(master, Usage.HEADSET, LEVELS)
    for one, other in zip(chain.levels, again.levels, strict=True):
        assert np.array_equal(one.scan.meshes[0].positions, other.scan.meshes[0].positions)
        assert np.array_equal(one.scan.meshes[0].triangles, other.scan.meshes[0].triangles)
        assert one.hausdorff_mm == other.hausdorff_mm


@pytest.mark.parametrize("usage", Usage)
def test_every_usage_has_a_budget_of_falling_levels(usage: Usage) -> None:
    budget = budget_of(usage)
    assert list(budget.triangles) == sorted(budget.triangles, reverse=True)
    assert budget.limit(extent=1.0) == 1000 * budget.limit_share

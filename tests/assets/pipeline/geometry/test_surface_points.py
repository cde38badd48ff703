"""Points stay where somebody put them: on the master, on its levels, on a new mesh, on a new scan."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.pipeline.geometry.align import align
from assets.pipeline.geometry.surface_points import Facets, NamedPoint, drift_mm, placed_point, position_of
from assets.pipeline.scan import Scan
from tests.assets.pipeline.made import ball, box, joined, scan_of

BALL = ball(4, 0.1)
FACETS = Facets(BALL)


def on_ball(direction: tuple[float, float, float], away: float = 0.0) -> NamedPoint:
    unit = np.array(direction) / np.linalg.norm(direction)
    x, y, z = (float(value) for value in unit * (0.1 + away))
    return NamedPoint("spot", (x, y, z), (float(unit[0]), float(unit[1]), float(unit[2])))


directions = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda vector: np.linalg.norm(vector) > 0.1)


@given(direction=directions, away=st.floats(0, 0.0015))
@settings(deadline=None, max_examples=60)
def test_triangle_and_weights_give_the_position_back(
    direction: tuple[float, float, float], away: float
) -> None:
    found = placed_point(FACETS, on_ball(direction, away), limit_mm=2.0)
    assert found.review is None
    assert sum(found.barycentric) == pytest.approx(1.0)
    assert min(found.barycentric) >= 0
    assert position_of(BALL, found.mesh, found.triangle, found.barycentric) == pytest.approx(
        found.point.position, abs=1e-6
    )
    assert found.drift_mm == pytest.approx(away * 1000.0, abs=0.2)  # the facets lie up to 0.2 mm inside
    assert np.dot(found.point.normal, on_ball(direction).normal) > 0.999


def test_the_nearest_point_is_as_near_as_any() -> None:
    chance = np.random.default_rng(3)
    mesh = BALL.meshes[0]
    weights = chance.dirichlet((1, 1, 1), len(mesh.triangles))
    samples = (weights[:, :, None] * mesh.positions[mesh.triangles]).sum(axis=1)
    for _ in range(20):
        point = on_ball(tuple(chance.normal(size=3)), away=float(chance.uniform(0.0, 0.02)))
        nearest = FACETS.nearest(point)[0].drift_mm / 1000.0
        assert nearest <= np.linalg.norm(samples - np.array(point.position), axis=1).min() + 1e-9


def test_a_point_of_one_side_of_a_thin_wall_stays_on_its_side() -> None:
    wall = box((0.2, 0.2, 0.001))
    point = NamedPoint("back", (0.03, 0.02, 0.0004), (0.0, 0.0, -1.0))
    found = placed_point(Facets(wall), point, limit_mm=2.0)
    assert found.point.position[2] == pytest.approx(-0.0005)
    assert found.point.normal[2] < 0


def test_a_point_too_far_from_the_surface_is_handed_back_unmoved() -> None:
    point = on_ball((0, 1, 0), away=0.0031)
    found = placed_point(FACETS, point, limit_mm=2.0)
    assert found.point == point
    assert found.review is not None
    assert "3.1" in found.review
    assert "limit is 2.00 mm" in found.review
    assert found.drift_mm == pytest.approx(3.1, abs=0.2)


def test_a_point_that_faces_away_from_everything_is_handed_back() -> None:
    sheet = scan_of([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]])
    found = placed_point(Facets(sheet), NamedPoint("under", (0.2, 0.2, 0.0), (0.0, 0.0, -1.0)), 2.0)
    assert found.review == "nothing near it faces the way it does"


def test_points_of_the_second_mesh_name_their_mesh() -> None:
    pair = joined(ball(2, 0.1), ball(2, 0.05, (0.5, 0, 0)))
    found = placed_point(Facets(pair), NamedPoint("far", (0.55, 0, 0), (1.0, 0, 0)), 5.0)
    assert found.mesh == 1
    assert found.triangle < 320
    assert position_of(pair, 1, found.triangle, found.barycentric) == pytest.approx((0.55, 0, 0), abs=0.003)


def test_drift_on_a_coarser_mesh_is_the_distance_of_the_surfaces() -> None:
    coarse = Facets(ball(1, 0.1))
    spots = ((1, 0, 0), (0.3, 0.5, 0.7), (-1, 2, 0.1))
    points = [placed_point(FACETS, on_ball(spot), 2.0).point for spot in spots]
    drifts = [drift_mm(coarse, point) for point in points]
    assert max(drifts) < 100 * (1 - np.cos(np.radians(21)))  # sagitta of the coarse ball's widest triangle
    assert max(drifts) > 0.5


def statue(turn: float = 0.0, noise: float = 0.0, level: int = 5) -> Scan:
    """A lump without symmetry, turned about the vertical by some degrees, with a scanner's noise."""
    mesh = ball(level, 0.1).meshes[0]
    at = mesh.positions.astype(np.float64)
    unit = at / 0.1
    bumps = 1 + 0.25 * unit[:, 0] + 0.2 * unit[:, 2] ** 2 + 0.15 * np.sin(3 * unit[:, 1] + 2 * unit[:, 0])
    at *= bumps[:, None] * np.array([1.0, 1.8, 0.8])
    at += np.random.default_rng(9).normal(0, noise, at.shape)
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    at = at @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]).T
    low, high = at.min(axis=0), at.max(axis=0)
    at -= np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    return scan_of(at, mesh.triangles, "statue")


@pytest.mark.parametrize("turn", [0.0, 4.0, 73.0, 181.0])
def test_a_new_scan_at_another_angle_is_laid_over_the_old_one(turn: float) -> None:
    old, new = statue(), statue(turn, noise=0.0001, level=4)
    found = align(old, new)
    moved = found.points(statue().meshes[0].positions.astype(np.float64))
    target = statue(turn).meshes[0].positions
    assert np.linalg.norm(moved - target, axis=1).max() < 0.001
    assert found.rms_mm < 0.5
    assert found.turn == pytest.approx(min(turn, 360 - turn), abs=0.5)


def test_a_thing_that_is_round_is_not_turned() -> None:
    profile = ball(4, 0.1)
    mesh = profile.meshes[0]
    positions = mesh.positions * np.array([1.0, 1.7, 1.0])
    noise = np.random.default_rng(1).normal(0, 2e-4, positions.shape)
    found = align(scan_of(positions, mesh.triangles), scan_of(positions + noise, mesh.triangles))
    assert found.turn < 1.0
    assert found.matrix == pytest.approx(np.eye(4), abs=0.02)

"""Where a pixel looks and where a point lands."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.pipeline.rendering.camera import Camera, Lens, framed, orbit

LENS = Lens.of_field(40.0, 320, 240)
angles = st.floats(-180.0, 180.0)
tilts = st.floats(-89.0, 89.0)


@given(angles, tilts, st.floats(0.1, 50.0), angles)
def test_a_pixel_unprojected_and_projected_comes_back(
    azimuth: float, elevation: float, distance: float, roll: float
) -> None:
    camera = orbit(LENS, (0.3, -1.0, 2.0), distance, azimuth, elevation).rolled(roll)
    pixels = np.array([[0.0, 0.0], [319.5, 12.25], [160.0, 120.0]])
    depths = np.array([0.5, 3.0, distance])
    seen = camera.project(camera.unproject(pixels, depths))
    assert seen == pytest.approx(np.column_stack([pixels, depths]), abs=1e-6)


@given(angles, tilts, st.floats(0.1, 50.0))
def test_an_orbit_looks_at_its_target_from_its_distance_upright(
    azimuth: float, elevation: float, distance: float
) -> None:
    target = np.array([0.3, -1.0, 2.0])
    camera = orbit(LENS, tuple(target), distance, azimuth, elevation)
    assert camera.project([target])[0] == pytest.approx([160.0, 120.0, distance])
    assert camera.position + camera.forward * distance == pytest.approx(target)
    assert camera.pose[1, 0] == pytest.approx(0.0)
    above = camera.project([target + np.array([0.0, 0.01, 0.0])])[0]
    assert above[1] < 120.0
    assert above[0] == pytest.approx(160.0)


def test_from_the_front_the_scan_s_right_is_the_picture_s_right() -> None:
    camera = orbit(LENS, (0, 0, 0), 2.0)
    assert camera.position == pytest.approx([0, 0, 2])
    assert camera.project([[0.1, 0, 0]])[0, 0] > 160.0
    assert orbit(LENS, (0, 0, 0), 2.0, azimuth=90.0).position == pytest.approx([2, 0, 0])
    assert orbit(LENS, (0, 0, 0), 2.0, elevation=90.0).position == pytest.approx([0, 2, 0])


def test_from_straight_above_the_front_is_at_the_bottom() -> None:
    camera = orbit(LENS, (0, 0, 0), 2.0, elevation=90.0)
    assert camera.project([[0, 0, 0.1]])[0, 1] > 120.0
    assert camera.project([[0.1, 0, 0]])[0, 0] > 160.0


def test_a_roll_turns_the_picture_the_other_way() -> None:
    rolled = orbit(LENS, (0, 0, 0), 2.0).rolled(90.0)
    # The camera lies on its left side: what was up is now at its right.
    assert rolled.project([[0, 0.1, 0]])[0, :2] == pytest.approx([160.0 + LENS.fx * 0.05, 120.0])


def test_a_field_of_view_spans_the_height() -> None:
    assert LENS.field_of_view == pytest.approx(40.0)
    camera = orbit(LENS, (0, 0, 0), 1.0)
    top = camera.project([[0, math.tan(math.radians(20.0)), 0]])[0]
    assert top[:2] == pytest.approx([160.0, 0.0])


def test_opencv_projects_the_same_point_half_a_pixel_earlier() -> None:
    camera = orbit(LENS, (0.1, 0.2, 0.3), 1.7, 33.0, -12.0).rolled(7.0)
    point = np.array([0.21, 0.13, 0.35])
    matrix, world_to_camera = camera.opencv()
    x, y, z = matrix @ (world_to_camera @ [*point, 1.0])[:3]
    ours = camera.project([point])[0]
    assert (x / z, y / z) == pytest.approx((ours[0] - 0.5, ours[1] - 0.5))
    assert z == pytest.approx(ours[2])
    assert z > 0


def test_opencv_there_and_back_is_the_same_camera() -> None:
    camera = orbit(LENS, (0.1, 0.2, 0.3), 1.7, 33.0, -12.0).rolled(7.0)
    back = Camera.from_opencv(*camera.opencv(), size=(320, 240))
    assert back.pose == pytest.approx(camera.pose)
    assert (back.lens.cx, back.lens.cy, back.lens.fx) == pytest.approx((160.0, 120.0, LENS.fx))


@given(angles, tilts, st.integers(0, 10_000))
def test_a_framed_cloud_fills_the_picture_and_stays_inside(
    azimuth: float, elevation: float, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    cloud = generator.normal(size=(60, 3)) * generator.uniform(0.01, 2.0, size=3) + [5.0, 2.0, 1.0]
    seen = framed(LENS, cloud, azimuth, elevation, fill=0.8).project(cloud)
    across = np.abs(seen[:, 0] - 160.0).max() / 160.0
    down = np.abs(seen[:, 1] - 120.0).max() / 120.0
    assert seen[:, 2].min() > 0.0
    assert max(across, down) == pytest.approx(0.8, abs=1e-6)


@pytest.mark.parametrize("degrees", [0.0, 180.0, -3.0])
def test_a_field_of_view_outside_the_possible_is_refused(degrees: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 180"):
        Lens.of_field(degrees, 320, 240)


@pytest.mark.parametrize("broken", [np.diag([2.0, 2, 2, 1]), np.diag([1.0, 1, -1, 1]), np.eye(3)])
def test_a_pose_that_is_no_rotation_is_refused(broken: np.ndarray) -> None:
    with pytest.raises(ValueError, match="pose"):
        Camera(LENS, broken)


def test_a_pose_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="read-only"):
        orbit(LENS, (0, 0, 0), 1.0).pose[0, 0] = 2.0

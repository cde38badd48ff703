"""Where an artifact stands before the camera, judged on views whose camera is known exactly."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assets.pipeline.rendering.camera import Camera, Lens, framed
from assets.pipeline.rendering.render import Quality, Renderer
from assets.pipeline.scan import Scan
from inference import scan_views
from inference.runtime import sightings
from inference.runtime.index import Match
from inference.runtime.pose import LEAST, Sights, pose_of
from inference.runtime.verification import LocalVerifier, read_feature_file
from inference.training.generated import artifact
from tests.inference.conftest import rotation_of

LENS = sightings.Lens(500.0, 500.0, 320.0, 240.0)


def stood_at(camera: Camera) -> NDArray[np.float64]:
    """(4, 4) of the artifact's frame, which is the world's, in the camera's."""
    return np.asarray(np.linalg.inv(camera.pose))


def errors(found: sightings.Pose, camera: Camera) -> tuple[float, float]:
    """Millimetres and degrees between a pose and the truth."""
    truth = stood_at(camera)
    turned = rotation_of(found.rotation).T @ truth[:3, :3]
    degrees = math.degrees(math.acos(min(max((np.trace(turned) - 1) / 2, -1.0), 1.0)))
    return 1000 * float(np.linalg.norm(np.array(found.position) - truth[:3, 3])), degrees


def seen_by(camera: Camera, count: int, noise: float, seed: int = 0) -> Sights:
    draw = np.random.default_rng(seed)
    places = draw.uniform(-0.15, 0.15, (count, 3))
    pixels = camera.project(places)[:, :2] - 0.5 + draw.normal(0, noise, (count, 2))
    return Sights(pixels.astype(np.float32), places.astype(np.float32))


@pytest.fixture(scope="module")
def camera() -> Camera:
    lens = Lens(640, 480, 500.0, 500.0, 320.0, 240.0)
    return framed(lens, np.array([[-0.15, -0.15, -0.15], [0.15, 0.15, 0.15]]), 33.0, 12.0).rolled(8.0)


def test_exact_points_give_the_exact_pose_and_no_error(camera: Camera) -> None:
    found = pose_of(seen_by(camera, 40, 0.0), LENS, 640)
    assert found is not None
    millimetres, degrees = errors(found, camera)
    assert (millimetres < 0.05, degrees < 0.01, found.error < 0.01, found.points) == (True, True, True, 40)


def test_a_third_of_wrong_matches_does_not_move_it(camera: Camera) -> None:
    sights = seen_by(camera, 60, 0.5)
    sights.pixels[:20] = np.random.default_rng(1).uniform(0, 480, (20, 2))
    found = pose_of(sights, LENS, 640)
    assert found is not None
    millimetres, degrees = errors(found, camera)
    assert millimetres < 5.0
    assert degrees < 1.0
    assert 40 <= found.points <= 44


def test_points_of_unknown_place_are_left_out_and_too_few_give_no_pose(camera: Camera) -> None:
    sights = seen_by(camera, LEAST + 4, 0.0)
    sights.places[:5] = np.nan
    assert pose_of(sights, LENS, 640) is None


def test_points_in_one_line_or_at_random_give_no_pose(camera: Camera) -> None:
    line = np.linspace(-0.1, 0.1, 20)[:, None] * np.array([1.0, 0.0, 0.0])
    alike = Sights(camera.project(line)[:, :2].astype(np.float32) * 0 + 7, line.astype(np.float32))
    draw = np.random.default_rng(2)
    chance = Sights(
        draw.uniform(0, 480, (40, 2)).astype(np.float32), draw.uniform(-1, 1, (40, 3)).astype(np.float32)
    )
    assert pose_of(alike, LENS, 640) is None
    assert pose_of(chance, LENS, 640) is None


def test_a_camera_on_the_side_that_the_view_does_not_show_has_no_pose(camera: Camera) -> None:
    sights = seen_by(camera, 40, 0.0)
    here = np.asarray(camera.pose[:3, 3], dtype=np.float32)
    assert pose_of(replace(sights, eye=here), LENS, 640) is not None
    across = here * np.array([-1.0, 1.0, -1.0], dtype=np.float32)
    assert pose_of(replace(sights, eye=across), LENS, 640) is None


@pytest.mark.parametrize(("others", "is_told"), [(10, True), (35, False)])
def test_ornament_that_repeats_around_an_artifact_gives_no_pose_where_both_ways_hold(
    camera: Camera, others: int, is_told: bool
) -> None:
    """The same matches fit the artifact as it stands, and turned by 60 degrees."""
    sights, more = seen_by(camera, 40, 0.0), seen_by(camera, others, 0.0, seed=1)
    angle = math.radians(60.0)
    turned = np.array(
        [[math.cos(angle), 0, math.sin(angle)], [0, 1, 0], [-math.sin(angle), 0, math.cos(angle)]]
    )
    both = Sights(
        np.concatenate([sights.pixels, more.pixels]),
        np.concatenate([sights.places, more.places @ turned.T]).astype(np.float32),
    )
    assert (pose_of(both, LENS, 640) is not None) == is_told


@pytest.fixture(scope="module")
def scan() -> Scan:
    return artifact(3)


def test_a_rendered_photo_of_a_scan_gives_its_pose_to_millimetres(
    scan: Scan, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_views, "DIRECTIONS", ((0.0, 8.0), (30.0, 8.0)))
    folder: Path = tmp_path_factory.mktemp("views")
    scan_views.render(scan, folder)
    views = {name: read_feature_file(folder / f"{name}.npz") for name in ("00", "01")}
    points = np.concatenate([mesh.positions for mesh in scan.meshes])
    lens = Lens.of_field(48.0, 640, 480)
    camera = framed(lens, points, 21.0, 14.0, 0.8).rolled(5.0)
    with Renderer(scan, Quality(openness=False)) as renderer:
        photo = renderer.view(camera, (96, 90, 80)).rgb
    told = sightings.Lens(lens.fx, lens.fy, lens.cx, lens.cy)
    found = LocalVerifier(lambda _, view: views[view]).verify(photo, [Match("it", "01", 0.9)], told)["it"]
    assert found.inliers > LEAST
    assert found.pose is not None
    millimetres, degrees = errors(found.pose, camera)
    distance = float(np.linalg.norm(stood_at(camera)[:3, 3]))
    assert millimetres < 10.0 * distance
    assert degrees < 1.5
    assert found.pose.error < 4.0
    # Where the decision rests lies on the artifact.
    hull = np.array(found.region).reshape(-1, 2)
    shown = camera.project(points)
    assert (hull >= shown[:, :2].min(axis=0) - 4).all()
    assert (hull <= shown[:, :2].max(axis=0) + 4).all()

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inference.runtime.index import Match
from inference.runtime.verification import Features, LocalVerifier, agreement, features, object_mask

Picture = NDArray[np.uint8]


def painting(seed: int, size: tuple[int, int] = (400, 300)) -> Picture:
    """(300, 400, 3): many small shapes, different for every seed."""
    draw = np.random.default_rng(seed)
    picture = np.full((size[1], size[0], 3), draw.integers(90, 160, 3), dtype=np.uint8)
    for _ in range(250):
        center = (int(draw.integers(size[0])), int(draw.integers(size[1])))
        color = tuple(int(c) for c in draw.integers(0, 256, 3))
        cv2.ellipse(
            picture, center, (int(draw.integers(3, 16)), int(draw.integers(3, 16))), 0, 0, 360, color, -1
        )
    return picture


def photographed(picture: Picture, homography: NDArray[np.float64]) -> Picture:
    """Another picture of the same thing, on an even ground."""
    seen = cv2.warpPerspective(picture, homography, (500, 400), borderValue=(128, 128, 128))
    return np.asarray(np.clip(seen * 0.8 + 10, 0, 255), dtype=np.uint8)


SIDEWAYS = np.array([[0.9, -0.1, 60.0], [0.15, 0.85, 20.0], [0.0003, 0.0001, 1.0]])


def test_a_photo_agrees_with_the_painting_it_shows_and_says_where_it_is() -> None:
    whole = painting(1)
    found = agreement(features(photographed(whole, SIDEWAYS)), features(whole))
    assert found.inliers > 40
    corners = np.array([[[0, 0], [400, 0], [400, 300], [0, 300]]], dtype=np.float64)
    expected = cv2.perspectiveTransform(corners, SIDEWAYS).ravel()
    assert np.abs(np.array(found.corners) - expected).max() < 3.0


def test_another_painting_does_not_agree() -> None:
    found = agreement(features(photographed(painting(1), SIDEWAYS)), features(painting(2)))
    assert found.inliers < 12


def test_only_what_stands_out_from_an_even_background_has_features() -> None:
    studio = np.full((300, 300, 3), 128, dtype=np.uint8)
    studio[80:220, 100:200] = painting(3)[:140, :100]
    mask = object_mask(studio)
    assert mask[150, 150]
    assert not mask[:70].any()
    points = features(studio).points
    assert len(points) > 20
    assert (points[:, 0] > 95).all()
    assert (points[:, 0] < 205).all()


def test_a_given_mask_keeps_frames_and_backgrounds_out() -> None:
    whole = painting(4)
    mask = np.zeros((300, 400), dtype=np.bool_)
    mask[100:200, 100:300] = True
    points = features(whole, mask).points
    assert len(points) > 10
    assert ((points >= [98, 98]) & (points <= [302, 202])).all()


@pytest.mark.parametrize(
    "picture", [np.zeros((200, 200, 3), dtype=np.uint8), np.full((1, 1, 3), 9, dtype=np.uint8)]
)
def test_a_picture_of_nothing_has_no_features_and_agrees_with_nothing(picture: Picture) -> None:
    nothing = features(picture)
    assert nothing.points.shape == (0, 2)
    assert agreement(nothing, features(painting(1))).inliers == 0


def test_each_proposed_artifact_is_checked_by_its_nearest_view() -> None:
    kept: dict[tuple[str, str], Features] = {
        ("right", "front"): features(painting(1)), ("wrong", "front"): features(painting(2)),
    }  # fmt: skip
    verifier = LocalVerifier(lambda artifact, view: kept.get((artifact, view)))
    proposed = [Match("wrong", "front", 0.9), Match("right", "front", 0.8), Match("new", "front", 0.7)]
    checked = verifier.verify(photographed(painting(1), SIDEWAYS), proposed)
    assert set(checked) == {"right", "wrong"}
    assert checked["right"].inliers > 40 > 12 > checked["wrong"].inliers


def test_points_that_repeat_agree_on_nothing_and_raise_nothing() -> None:
    draw = np.random.default_rng(5)
    descriptors = np.abs(draw.normal(size=(12, 128))).astype(np.float32)
    descriptors /= np.linalg.norm(descriptors, axis=1, keepdims=True)
    spots = np.repeat(np.array([[10, 10], [50, 40]], dtype=np.float32), 6, axis=0)
    same = Features(spots, descriptors, (96, 96))
    assert agreement(same, same).counted <= 6

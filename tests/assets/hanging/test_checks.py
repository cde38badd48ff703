"""What is wrong with a hang is told with names, how much, and the remedy."""

import math

import numpy as np
import pytest

from assets.hanging.checks import distance, problems, spot_before
from assets.hanging.poses import Spot, posed
from assets.hanging.work import HungGallery, Work
from assets.sample.galleries import Gallery

HALL = Gallery(
    "hall", 10.0, 8.0, 4.0, "#888888", (("front", 0.0),), (), (), ((0.0, 1.6, 3.0), (0.0, 1.0, 0.0))
)


def work(name: str, size: tuple[float, float, float] = (0.5, 1.0, 0.5)) -> Work:
    w, h, d = size
    return Work(name, (name,), False, (-w / 2, 0.0, -d / 2), (w / 2, h, d / 2), "record")


def told(*placed: tuple[Work, Spot]) -> list[str]:
    placements = tuple(posed(one, spot) for one, spot in placed)
    return [
        str(p) for p in problems(HungGallery(HALL, {}, placements, {one.artifact: one for one, _ in placed}))
    ]


def standing(x: float, z: float, facing: float = 0.0) -> Spot:
    return Spot(x, z, facing, "plinth")


@pytest.mark.parametrize(
    ("placed", "expected"),
    [
        (
            [(work("m:a"), standing(0, 0)), (work("m:b"), standing(0.5, 0))],
            "hall: m:a: overlaps m:b by 0.22 m; move one of them at least as far",
        ),
        (
            [(work("m:a"), standing(5, 0))],
            "hall: m:a: reaches 0.36 m beyond the right wall; change its x by as much, or make the",
        ),
        (
            [(work("m:a", (0.5, 4.5, 0.5)), standing(0, 0))],
            "hall: m:a: is 4.60 m high where it stands, and the ceiling 4 m; lower it or make the",
        ),
        (
            [(work("m:a"), standing(0, 3.2))],
            "hall: m:a: stands in the way of the front door; keep 1.2 m before it free",
        ),
        (
            [(work("m:a"), standing(0, 0)), (work("m:b"), standing(1.3, 0))],
            "hall: m:a: leaves 0.58 m to m:b; a wheelchair needs 0.9 m",
        ),
        (
            [(work("m:a"), standing(0, -2)), (work("m:b", (1.0, 2.0, 0.2)), standing(0, -0.9))],
            "hall: m:a: is hidden by m:b from where one stands before it; move one of them",
        ),
        (
            [(work("m:a"), standing(0, -3.3, 180))],
            "hall: m:a: faces a wall without room to stand before it; turn it or move it",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_name_and_measure(placed: list[tuple[Work, Spot]], expected: str) -> None:
    assert any(line.startswith(expected) for line in told(*placed))


def test_nothing_is_wrong_with_two_things_well_apart() -> None:
    assert told((work("m:a"), standing(-2, 0)), (work("m:b"), standing(2, 0))) == []


def test_pictures_may_hang_over_what_stands_below_them() -> None:
    picture = Work("m:p", ("p",), True, (-0.5, 0.0, -0.02), (0.5, 1.0, 0.02), "record")
    chest = work("m:c", (0.6, 0.3, 0.4))
    assert told((picture, Spot(0, -4, 0, "wall", 2.4)), (chest, Spot(0, -3.6, 0, "plinth", 0.1))) == []


@pytest.mark.parametrize("degrees", [0, 30, 45, 90])
def test_the_distance_between_turned_squares_is_right_along_an_axis(degrees: float) -> None:
    angle = math.radians(degrees)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], dtype=float)
    apart = np.array([3.0, 0.0])
    assert distance(square @ turn.T, (square + apart) @ turn.T) == pytest.approx(1.0)
    assert distance(square @ turn.T, (square + apart / 2) @ turn.T) == pytest.approx(-0.5)


@pytest.mark.parametrize("facing", [0.0, 90.0, 180.0, -90.0])
def test_one_stands_as_far_before_a_long_artifact_whichever_way_it_is_turned(facing: float) -> None:
    bench = work("m:bench", (3.0, 1.0, 0.5))
    eye = spot_before(posed(bench, standing(0, 0, facing)))
    straight = spot_before(posed(bench, standing(0, 0)))
    assert math.hypot(eye[0], eye[2]) == pytest.approx(straight[2], abs=1e-6)
    assert straight[2] < 3.5


def test_a_long_artifact_turned_to_the_side_wall_has_room_before_it_where_a_visitor_has() -> None:
    placed = (work("m:bench", (3.0, 1.0, 0.5)), standing(1.0, 0, 90.0))
    assert told(placed) == []

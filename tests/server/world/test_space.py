"""Units and axes: the cases that Python, C# and TypeScript agree on, and the geometry built on them."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from server.world.space import (
    Box,
    FieldOfView,
    Frustum,
    Pose,
    Quaternion,
    Ray,
    Vector,
    conjugate,
    product,
    rotated,
    turn,
    unit,
)

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "coordinate_vectors.json"
CASES = json.loads(GOLDEN.read_text("utf-8"))

numbers = st.floats(-100.0, 100.0)
vectors = st.tuples(numbers, numbers, numbers)


@st.composite
def rotations(draw: st.DrawFn) -> Quaternion:
    axis = draw(vectors)
    assume(math.hypot(*axis) > 1e-3)
    return turn(axis, draw(st.floats(-math.pi, math.pi)))


@pytest.mark.parametrize("case", CASES)
def test_a_point_of_a_posed_thing_lies_where_every_language_says(case: dict[str, list[float]]) -> None:
    p, q, v = tuple(case["p"]), tuple(case["q"]), tuple(case["v"])
    pose = Pose(p, q)  # type: ignore[arg-type]
    assert pose.point(v) == pytest.approx(case["world"], abs=1e-12)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES)
def test_mirroring_z_for_unity_gives_the_same_place_mirrored(case: dict[str, list[float]]) -> None:
    (x, y, z), (a, b, c, w), (i, j, k) = case["p"], case["q"], case["v"]
    assert ([x, y, -z], [-a, -b, c, w]) == (case["unity_p"], case["unity_q"])
    mirrored = Pose((x, y, -z), (-a, -b, c, w)).point((i, j, -k))
    assert mirrored == pytest.approx(case["unity_world"], abs=1e-12)


def test_a_view_looks_along_minus_z_and_a_positive_turn_about_y_looks_to_minus_x() -> None:
    assert Pose((0.0, 0.0, 0.0)).ahead == (0.0, 0.0, -1.0)
    turned = Pose((0.0, 0.0, 0.0), turn((0.0, 1.0, 0.0), math.pi / 2))
    assert turned.ahead == pytest.approx((-1.0, 0.0, 0.0), abs=1e-12)


@given(rotations(), vectors)
def test_turning_keeps_lengths_and_turning_back_undoes_it(q: Quaternion, v: Vector) -> None:
    assert math.hypot(*rotated(q, v)) == pytest.approx(math.hypot(*v), abs=1e-9)
    assert rotated(conjugate(q), rotated(q, v)) == pytest.approx(v, abs=1e-9)


@given(rotations(), rotations(), vectors)
def test_a_product_turns_by_its_second_factor_first(p: Quaternion, q: Quaternion, v: Vector) -> None:
    assert rotated(product(p, q), v) == pytest.approx(rotated(p, rotated(q, v)), abs=1e-9)


@given(vectors, rotations(), vectors)
def test_local_undoes_point(position: Vector, q: Quaternion, v: Vector) -> None:
    pose = Pose(position, q)
    assert pose.local(pose.point(v)) == pytest.approx(v, abs=1e-9)
    assert pose.ahead == pytest.approx(rotated(q, (0.0, 0.0, -1.0)), abs=1e-12)


def test_a_direction_needs_a_length() -> None:
    assert unit((0.0, 3.0, 4.0)) == pytest.approx((0.0, 0.6, 0.8))
    for bad in ((0.0, 0.0, 0.0), (math.nan, 0.0, 0.0), (math.inf, 0.0, 0.0)):
        with pytest.raises(ValueError, match="expected a finite length above 0"):
            unit(bad)


@given(vectors, rotations(), st.tuples(*[st.floats(0.01, 5.0)] * 3), vectors)
def test_a_ray_hits_a_box_exactly_where_it_enters_it(
    center: Vector, q: Quaternion, half: Vector, target: Vector
) -> None:
    box = Box(center, half, q)
    origin = (200.0, 180.0, 190.0)
    ray = Ray(origin, unit((target[0] - origin[0], target[1] - origin[1], target[2] - origin[2])))
    hit = box.hit(ray)
    along = [box.contains(ray.at(step * 0.5)) for step in range(1200)]
    if hit is None:
        assert not any(along)
    else:
        outside, inside = ray.at(hit - 1e-6), ray.at(hit + 1e-7)
        surface = Box(center, (half[0] + 1e-6, half[1] + 1e-6, half[2] + 1e-6), q)
        assert surface.contains(inside) or surface.contains(ray.at(hit))
        assert not Box(center, (half[0] - 1e-5, half[1] - 1e-5, half[2] - 1e-5), q).contains(outside)


def test_a_box_between_corners_is_that_box_and_refuses_corners_in_the_wrong_order() -> None:
    box = Box.between((0.0, 1.0, 2.0), (2.0, 4.0, 8.0))
    assert (box.center, box.half, box.extent) == (
        (1.0, 2.5, 5.0),
        (1.0, 1.5, 3.0),
        ((0.0, 1.0, 2.0), (2.0, 4.0, 8.0)),
    )
    with pytest.raises(ValueError, match="is above highest corner"):
        Box.between((0.0, 0.0, 0.0), (1.0, -1.0, 1.0))


@given(vectors, rotations(), st.tuples(*[st.floats(0.01, 5.0)] * 3), vectors)
def test_the_extent_of_a_box_holds_every_corner_and_touches_the_outermost(
    center: Vector, q: Quaternion, half: Vector, _: Vector
) -> None:
    box = Box(center, half, q)
    corners = [
        Pose(center, q).point((x * half[0], y * half[1], z * half[2]))
        for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)
    ]  # fmt: skip
    low, high = box.extent
    for axis in range(3):
        assert low[axis] == pytest.approx(min(corner[axis] for corner in corners), abs=1e-9)
        assert high[axis] == pytest.approx(max(corner[axis] for corner in corners), abs=1e-9)


@given(rotations(), vectors)
def test_whatever_a_view_draws_lies_in_the_cone_around_it(q: Quaternion, point: Vector) -> None:
    view = FieldOfView(math.radians(-55), math.radians(48), math.radians(40), math.radians(-50))
    pose = Pose((0.0, 1.6, 0.0), q)
    if Frustum(pose, view).contains(point):
        local = pose.local(point)
        assert math.atan2(math.hypot(local[0], local[1]), -local[2]) <= view.half_cone + 1e-9

"""The pose's bytes: their length, their error, and what is refused."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.protocol.posebytes import (
    HEAD_BYTES,
    LONGEST,
    Hand,
    PoseError,
    Quaternion,
    Vector,
    WirePose,
    decode_pose,
    encode_pose,
    unwrapped,
)

NOW = 5_000_000_000_000
COORDINATES = st.floats(-511.99, 511.99)
POSITIONS = st.tuples(COORDINATES, COORDINATES, COORDINATES)
OFFSETS = st.tuples(*[st.floats(-3.99, 3.99)] * 3)
COMPONENT = st.floats(-1, 1)


def normalized(values: tuple[float, ...]) -> tuple[float, ...]:
    length = math.sqrt(sum(value * value for value in values))
    return tuple(value / length for value in values)


def long_enough(values: tuple[float, ...]) -> bool:
    return sum(value * value for value in values) > 1e-3


TURNS = st.tuples(*[COMPONENT] * 4).filter(long_enough).map(normalized)
DIRECTIONS = st.tuples(*[COMPONENT] * 3).filter(long_enough).map(normalized)
HANDS = st.builds(lambda offset, turn, tracked: (offset, turn, tracked), OFFSETS, TURNS, st.booleans())


def degrees_between(one: Quaternion, other: Quaternion) -> float:
    # From the chord, not the arc cosine: that one loses half its digits near 0.
    same = math.dist(one, other)
    opposite = math.dist(one, [-value for value in other])
    return math.degrees(4 * math.asin(min(1.0, min(same, opposite) / 2)))


def sent(pose: WirePose) -> WirePose:
    return decode_pose(encode_pose(pose), NOW)


@given(POSITIONS, TURNS)
@example((511.99, -512.0, 0.0), (0.5, 0.5, 0.5, 0.5))
@example((0.0, 0.0, 0.0), (0.0, 0.0, 0.0, -1.0))
def test_a_head_takes_24_bytes_and_keeps_a_millimetre_and_a_tenth_of_a_degree(
    position: Vector, turn: Quaternion
) -> None:
    data = encode_pose(WirePose(7, NOW, position, turn))
    came = decode_pose(data, NOW)

    assert len(data) == HEAD_BYTES == 24
    assert math.dist(came.position, position) <= 0.0000535
    assert degrees_between(came.orientation, turn) <= 0.01


@given(POSITIONS, HANDS, HANDS, DIRECTIONS)
def test_hands_and_gaze_follow_the_head_within_their_bounds(
    position: Vector,
    left: tuple[Vector, Quaternion, bool],
    right: tuple[Vector, Quaternion, bool],
    gaze: Vector,
) -> None:
    def hand(of: tuple[Vector, Quaternion, bool]) -> Hand:
        x, y, z = (origin + offset for origin, offset in zip(position, of[0], strict=True))
        return Hand((x, y, z), of[1], of[2])

    pose = WirePose(1, NOW, position, (0.0, 0.0, 0.0, 1.0), 15, hand(left), hand(right), gaze)
    came = sent(pose)

    assert len(encode_pose(pose)) == LONGEST == 52
    assert came.left is not None and came.right is not None and came.gaze is not None
    for given_hand, got in ((pose.left, came.left), (pose.right, came.right)):
        assert given_hand is not None
        # The hand's own rounding and that of the head it is told from.
        assert math.dist(got.position, given_hand.position) <= 0.000107 + 0.0000535
        assert degrees_between(got.orientation, given_hand.orientation) <= 0.01
        assert got.tracked == given_hand.tracked
    assert math.degrees(2 * math.asin(math.dist(came.gaze, gaze) / 2)) <= 0.01


@given(st.booleans(), st.booleans(), st.booleans())
def test_what_follows_the_head_is_told_by_the_flags(left: bool, right: bool, gaze: bool) -> None:
    hand = Hand((0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0))
    pose = WirePose(
        1, NOW, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0), 15,
        hand if left else None, hand if right else None, (0.0, 0.0, -1.0) if gaze else None,
    )  # fmt: skip
    came = sent(pose)

    assert len(encode_pose(pose)) == 24 + 12 * (left + right) + 4 * gaze
    assert (came.left is not None, came.right is not None, came.gaze is not None) == (left, right, gaze)


@given(st.integers(0, 2**53 - 1), st.integers(-2_000_000_000_000, 2_000_000_000_000))
def test_the_low_32_bits_of_a_time_name_the_nearest_instant(now: int, ago: int) -> None:
    time = max(0, now + ago) // 1000 * 1000

    assert unwrapped(time // 1000 % 2**32, now) == time


@given(st.binary(max_size=LONGEST + 8))
def test_any_bytes_are_a_pose_or_refused(data: bytes) -> None:
    try:
        pose = decode_pose(data, NOW)
    except PoseError:
        return
    assert all(abs(value) <= 512 for value in pose.position)
    assert math.isclose(math.hypot(*pose.orientation), 1.0, abs_tol=1e-9)


@given(st.binary(min_size=23, max_size=LONGEST - 1))
def test_bytes_that_start_as_a_pose_are_one_or_refused(rest: bytes) -> None:
    try:
        pose = decode_pose(b"\x10" + rest, NOW)
    except PoseError:
        return
    assert math.isclose(math.hypot(*pose.orientation), 1.0, abs_tol=1e-9)


@pytest.mark.parametrize(
    ("position", "turn"),
    [
        ((512.0, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0)),
        ((0.0, -512.1, 0.0), (0.0, 0.0, 0.0, 1.0)),
        ((math.nan, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0)),
        ((0.0, math.inf, 0.0), (0.0, 0.0, 0.0, 1.0)),
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0)),
        ((0.0, 0.0, 0.0), (0.0, math.nan, 0.0, 1.0)),
    ],
)
def test_a_pose_out_of_reach_is_refused_when_written(position: Vector, turn: Quaternion) -> None:
    with pytest.raises(PoseError, match="512 m"):
        encode_pose(WirePose(1, NOW, position, turn))

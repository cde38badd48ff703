"""What a visitor perceives: by size on the eye, view, walls and budget; quiet at every border."""

import math
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.world.interest import Grid, Interest, Policy
from server.world.placement import Placement
from server.world.space import NS, Box, FieldOfView, Pose, Ray, Vector, minus, turn, unit
from server.world.visit import NOTHING, Budget, Changes, Consent, Detail, Perceived, Visit
from tests.server.world.reference import Reference
from tests.server.world.scenes import ROOM, exhibit, museum, scattered

EYE = (0.0, 1.6, 0.0)
VIEW = FieldOfView.symmetric(math.radians(90), math.radians(80))
WALKED = scattered(7, 180, 3)
WALKED_INTEREST = Interest(WALKED)


def facing(at: Vector, yaw: float = 0.0, pitch: float = 0.0) -> Pose:
    sy, cy, sp, cp = math.sin(yaw / 2), math.cos(yaw / 2), math.sin(pitch / 2), math.cos(pitch / 2)
    return Pose(at, (cy * sp, sy * cp, -sy * sp, cy * cp))


def perceived(visit: Visit) -> set[str]:
    return {one.artifact for one in visit.snapshot().perceived}


def after(placement: Placement, pose: Pose, budget: Budget | None = None) -> Visit:
    visit = Visit(Interest(placement), budget, view=VIEW)
    visit.pose(pose, 0)
    return visit


def applied(state: dict[str, Perceived], changes: Changes) -> dict[str, Perceived]:
    gone = {artifact: one for artifact, one in state.items() if artifact not in changes.left}
    assert len(gone) == len(state) - len(changes.left), "something left that was not there"
    for one in changes.entered:
        assert one.artifact not in gone
    for one in changes.changed:
        assert gone[one.artifact] != one
    return gone | {one.artifact: one for one in (*changes.entered, *changes.changed)}


def test_what_is_large_enough_on_the_eye_enters_and_what_is_too_small_does_not() -> None:
    # A sphere of radius r is seen under 2 atan(r / d): 0.05 m at 5 m under 1.15 degrees, at 6 m under 0.95.
    half = 0.05 / math.sqrt(3)
    near, far = exhibit("near", (0.0, 1.6, -5.0), (half,) * 3), exhibit("far", (0.5, 1.6, -6.0), (half,) * 3)
    assert perceived(after(museum([near, far]), facing(EYE))) == {"test:near"}


def test_what_is_behind_is_not_perceived_unless_within_arms_reach() -> None:
    behind, beside = exhibit("behind", (0.0, 1.6, 3.0)), exhibit("beside", (0.0, 1.3, 1.0))
    assert perceived(after(museum([behind, beside]), facing(EYE))) == {"test:beside"}


def test_a_wall_hides_and_a_door_shows() -> None:
    wall = Box.between((-3.0, 0.0, -2.1), (1.0, 4.0, -1.9))
    hidden, shown = exhibit("hidden", (-1.0, 1.6, -4.0)), exhibit("shown", (2.5, 1.6, -4.0))
    assert perceived(after(museum([hidden, shown], [wall]), facing(EYE))) == {"test:shown"}


def test_a_large_artifact_is_perceived_when_a_part_of_it_shows_beside_a_column() -> None:
    column = Box.between((-0.3, 0.0, -2.3), (0.3, 4.0, -1.7))
    carpet = exhibit("carpet", (0.0, 1.6, -4.0), (1.5, 1.0, 0.02))
    figure = exhibit("figure", (0.0, 1.6, -4.0), (0.1, 0.1, 0.1))
    assert perceived(after(museum([carpet], [column]), facing(EYE))) == {"test:carpet"}
    assert perceived(after(museum([figure], [column]), facing(EYE))) == set()


def test_the_plinth_below_does_not_hide_its_own_artifact() -> None:
    plinth = Box.between((-0.3, 0.0, -2.3), (0.3, 1.2, -1.7))
    coin = exhibit("coin", (0.0, 1.212, -2.0), (0.02, 0.012, 0.02))
    assert perceived(after(museum([coin], [plinth]), facing(EYE))) == {"test:coin"}


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.floats(0.05, 1.0), st.floats(0.0, 24.0), st.floats(0.0, 24.0))
def test_coming_nearer_never_loses_what_is_straight_ahead(
    seed: int, size: float, first: float, second: float
) -> None:
    place = museum([exhibit("only", (0.0, 1.6, -30.0), (size, size, size))])
    far, near = max(first, second), min(first, second)
    at_far, at_near = (
        perceived(after(place, facing((0.0, 1.6, -30.0 + d)))) for d in (far + 0.3, near + 0.3)
    )
    assert at_far <= at_near


def walk(seed: int, steps: int) -> list[Pose]:
    """A visitor who strolls through rooms and doors, looking about; now and then they jump."""
    rng = random.Random(seed)
    x, z, yaw, side = rng.uniform(1, 23), rng.uniform(1, 23), rng.uniform(0, 6.28), 3 * ROOM
    poses = []
    for _ in range(steps):
        if rng.random() < 0.03:
            x, z = rng.uniform(0, side), rng.uniform(0, side)
        yaw += rng.gauss(0.0, 0.2)
        x, z = (x - 0.12 * math.sin(yaw)) % side, (z - 0.12 * math.cos(yaw)) % side
        poses.append(facing((x, rng.choice((1.1, 1.6, 1.75)), z), yaw, rng.gauss(-0.05, 0.15)))
    return poses


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1_000_000), st.sampled_from([4, 12, 64]), st.sampled_from([0, 6_000_000, 500_000_000]))
def test_cells_and_compiled_rules_agree_with_the_plain_reference_on_every_pose(
    seed: int, artifacts: int, model_bytes: int
) -> None:
    budget = Budget(artifacts, model_bytes)
    visit = Visit(WALKED_INTEREST, budget, view=VIEW)
    reference = Reference(WALKED, WALKED_INTEREST.policy, budget, VIEW)
    state: dict[str, Perceived] = {}
    for number, pose in enumerate(walk(seed, 12)):
        changes = visit.pose(pose, number * NS // 10)
        gazed = visit.focus.artifact if visit.focus else None
        expected = reference.perceived(pose, state, gazed)
        state = applied(state, changes)
        assert {artifact: one.model for artifact, one in state.items()} == expected
        assert sorted(state.values(), key=lambda one: one.artifact) == list(visit.snapshot().perceived)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1_000_000), st.integers(0, 24))
def test_nothing_flickers_while_a_head_trembles_anywhere(seed: int, where: int) -> None:
    # Within a tremble of 2 cm and 3 degrees nothing may leave and come back, or come, go and come again.
    rng = random.Random(seed)
    middle = walk(seed, where + 1)[-1]
    (x, y, z), yaw = middle.position, rng.uniform(0, 6.28)
    visit = Visit(WALKED_INTEREST, Budget(artifacts=256), view=VIEW)
    comings: dict[str, int] = {}
    for number in range(40):
        at = (x + rng.uniform(-0.01, 0.01), y + rng.uniform(-0.01, 0.01), z + rng.uniform(-0.01, 0.01))
        pose = facing(at, yaw + rng.uniform(-0.026, 0.026))
        changes = visit.pose(pose, number)  # nanoseconds: no dwell adds up
        for one in changes.entered:
            comings[one.artifact] = comings.get(one.artifact, 0) + 1
        assert number == 0 or not changes.left
    assert all(times == 1 for times in comings.values())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1_000_000), st.integers(1, 20), st.integers(0, 20_000_000))
def test_the_budget_is_never_exceeded(seed: int, artifacts: int, model_bytes: int) -> None:
    visit = Visit(WALKED_INTEREST, Budget(artifacts, model_bytes), view=VIEW)
    for number, pose in enumerate(walk(seed, 40)):
        visit.pose(pose, number * NS // 10)
        held = visit.snapshot().perceived
        assert len(held) <= artifacts
        assert sum(WALKED.exhibit(one.artifact).weight for one in held if one.model) <= model_bytes


def test_a_short_budget_goes_to_the_gazed_at_then_the_near_then_the_large() -> None:
    tiny = exhibit("tiny", (2.0, 1.6, -6.0), (0.05, 0.05, 0.05), weight=5)
    near = exhibit("near", (-0.6, 1.4, -0.8), (0.05, 0.05, 0.05), weight=5)
    large = exhibit("large", (-3.0, 1.6, -6.0), (1.0, 1.0, 1.0), weight=5)
    rest = exhibit("rest", (0.5, 1.6, -7.0), (0.3, 0.3, 0.3), weight=5)
    interest = Interest(museum([tiny, near, large, rest]))
    expected = [{"test:near"}, {"test:near", "test:large"}, {"test:near", "test:large", "test:rest"}]
    for count, names in enumerate(expected, start=1):
        visit = Visit(interest, Budget(count), Consent(gaze=True), VIEW)
        visit.pose(facing(EYE), 0)
        visit.gaze(None, 0)
        assert perceived(visit) == names
        for time in range(0, NS, NS // 20):
            visit.gaze(Ray(EYE, unit(minus(tiny.bounds.center, EYE))), time)
        assert "test:tiny" in perceived(visit)


def test_models_are_granted_while_their_bytes_last_and_a_smaller_one_may_still_fit() -> None:
    first = exhibit("first", (0.3, 1.5, -1.0), weight=60)
    second = exhibit("second", (0.0, 1.5, -2.0), weight=60)
    third = exhibit("third", (0.0, 1.5, -4.0), weight=30)
    visit = after(museum([first, second, third]), facing(EYE), Budget(8, 100))
    models = {one.artifact: one.model for one in visit.snapshot().perceived}
    assert models == {"test:first": True, "test:second": False, "test:third": True}


def test_a_pose_that_changes_nothing_answers_with_the_one_shared_object() -> None:
    visit = Visit(Interest(museum([exhibit("one", (3.0, 1.6, -3.0))])), view=VIEW)
    assert visit.pose(facing(EYE), 0).entered == (Perceived("test:one", Detail.GLANCE, True),)
    assert visit.pose(facing(EYE), 1) is NOTHING
    assert not NOTHING


def test_a_position_that_is_not_finite_is_refused_and_changes_nothing() -> None:
    visit = after(museum([exhibit("one", (0.0, 1.6, -2.0))]), facing(EYE))
    before = visit.snapshot()
    for bad in (math.nan, math.inf):
        with pytest.raises((ValueError, OverflowError)):
            visit.pose(Pose((bad, 1.6, 0.0)), 1)
    assert visit.snapshot() == before


def test_only_the_cells_used_last_are_kept() -> None:
    interest = Interest(museum([exhibit("one", (0.0, 1.6, -2.0))]), grid=Grid(most=3))
    visit = Visit(interest, view=VIEW)
    for step in range(20):
        visit.pose(facing((step * 2.0, 1.6, 0.0)), step)
    assert (interest.statistics().cells, interest.statistics().prepared) == (3, 20)


def test_an_empty_museum_and_a_place_far_outside_are_quiet() -> None:
    assert Visit(Interest(museum([])), view=VIEW).pose(facing(EYE), 0) is NOTHING
    visit = after(museum([exhibit("one", (0.0, 1.6, -2.0))]), facing((1e7, 1.6, 1e7)))
    assert visit.snapshot().perceived == ()


def _with(name: str, value: Any) -> Policy:
    return replace(Policy(), **{name: value})


@pytest.mark.parametrize("name", ["reach", "near", "margin", "label", "full", "media"])
def test_a_policy_whose_borders_leave_no_gap_is_refused(name: str) -> None:
    pair = getattr(Policy(), name)
    with pytest.raises(ValueError, match=f"{name}: comes at"):
        _with(name, (pair[0], pair[0], *pair[2:]))


@pytest.mark.parametrize("name", ["size", "large"])
def test_a_policy_whose_angles_leave_no_gap_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name}: comes at"):
        _with(name, (1.0, 1.5))


def test_turning_toward_and_away_by_less_than_the_gap_keeps_what_is_at_the_edge() -> None:
    # The cone is half the view plus 10 degrees to come, plus 25 to go.
    edge = VIEW.half_cone + math.radians(10)
    at = (4 * math.sin(edge), 1.6, -4 * math.cos(edge))
    visit = after(museum([exhibit("edge", at, (0.05, 0.05, 0.05))]), facing(EYE))
    assert perceived(visit) == {"test:edge"}
    assert visit.pose(Pose(EYE, turn((0.0, 1.0, 0.0), math.radians(14))), 1) is NOTHING
    assert visit.pose(Pose(EYE, turn((0.0, 1.0, 0.0), math.radians(18))), 2).left == ("test:edge",)

"""The state of one visit as its callers see it."""

from dataclasses import replace

from server.world.interest import Interest
from server.world.placement import Gallery, Placement
from server.world.space import IDENTITY, NS, Box, Pose
from server.world.visit import NOTHING, Budget, Changes, Detail, Visit
from tests.server.world.scenes import exhibit, museum

EYE = Pose((0.0, 1.6, 0.0))
VASE, BOWL = exhibit("vase", (0.3, 1.5, -1.6)), exhibit("bowl", (1.0, 1.5, -3.0))


def test_before_the_first_pose_nothing_is_perceived() -> None:
    visit = Visit(Interest(museum([VASE])))
    assert visit.snapshot().perceived == ()
    assert (visit.gallery, visit.focus, visit.seen) == (None, None, {})
    assert visit.gaze(None, 0) is NOTHING


def test_the_gallery_is_the_room_the_eye_is_in_and_a_head_that_sways_in_its_door_has_not_left_it() -> None:
    rooms = (
        Gallery("west", Pose((0.0, 0.0, 0.0)), Box.between((-5.0, 0.0, -5.0), (0.0, 3.0, 5.0))),
        Gallery("east", Pose((0.0, 0.0, 0.0)), Box.between((0.2, 0.0, -5.0), (5.0, 3.0, 5.0))),
    )
    visit = Visit(Interest(Placement("1", rooms, ())))
    told = []
    for x in (-1.0, -0.05, 0.1, 0.29, 0.4, 0.1, -0.05, -0.2, -9.0):
        moved = visit.stand((x, 1.6, 0.0), IDENTITY, 0).moved
        told.append((moved, visit.snapshot().gallery))
    west, east = (False, "west"), (False, "east")
    assert told == [
        (True, "west"), west, west, west, (True, "east"), east, east, (True, "west"), (True, None)
    ]  # fmt: skip


def test_a_new_placement_is_told_anew_and_what_was_seen_is_remembered() -> None:
    visit = Visit(Interest(museum([VASE, BOWL])))
    for time in range(0, 4 * NS, NS // 10):
        visit.pose(Pose((0.0, 1.5, 0.0), (0.0, -0.0923, 0.0, 0.9957)), time)  # looks at the vase
    assert visit.focus is not None
    assert visit.snapshot().shown == ("test:vase",)
    seen = visit.seen["test:vase"]
    assert seen > 3 * NS

    moved = replace(
        museum([exhibit("vase", (0.3, 1.5, -2.4)), exhibit("new", (-1.0, 1.5, -3.0))]), version="2"
    )
    changes = visit.relocate(Interest(moved))
    assert set(changes.left) == {"test:vase", "test:bowl"}
    assert {one.artifact for one in changes.entered} == {"test:vase", "test:new"}
    assert changes.hidden == ("test:vase",)
    assert (changes.refocused, changes.focus) == (True, None)
    assert set(visit.snapshot().perceived) == set(changes.entered)
    assert visit.seen == {"test:vase": seen}
    assert visit.snapshot().gallery == "hall"


def test_what_a_long_look_had_opened_stays_open_when_the_placement_of_something_else_changes() -> None:
    visit = Visit(Interest(museum([VASE, BOWL])))
    looking = Pose((0.0, 1.5, 0.0), (0.0, -0.0923, 0.0, 0.9957))
    for time in range(0, 12 * NS, NS // 10):
        visit.pose(looking, time)
    before = {one.artifact: one for one in visit.snapshot().perceived}["test:vase"]
    assert before.detail is Detail.MEDIA
    changes = visit.relocate(Interest(museum([exhibit("another", (-1.0, 1.5, -3.0)), VASE])))
    assert before in changes.entered
    assert changes.shown == ("test:vase",)
    assert visit.pose(looking, 12 * NS) is NOTHING
    # A second change at once loses nothing either; only what is placed no more is forgotten.
    assert before in visit.relocate(Interest(museum([VASE, BOWL]))).entered
    assert visit.relocate(Interest(museum([BOWL]))).shown == ()


def test_going_away_lowers_the_detail_and_coming_back_starts_over() -> None:
    visit = Visit(Interest(museum([VASE])))
    told: list[Detail | None] = []
    for step, z in enumerate((0.0, 6.0, 30.0, 0.0)):
        for part in range(25):
            changes = visit.pose(Pose((0.3, 1.5, z)), step * 3 * NS + part * NS // 10)
            told += [one.detail for one in (*changes.entered, *changes.changed)]
            told += [None for _ in changes.left]
    assert told == [Detail.LABEL, Detail.FULL, Detail.LABEL, None, Detail.LABEL, Detail.FULL]


def test_a_visitor_who_sits_reads_from_twice_as_far() -> None:
    def told(seated: bool) -> Detail:
        visit = Visit(Interest(museum([VASE])), seated=seated)
        for part in range(25):
            visit.pose(Pose((0.3, 1.5, 1.5)), part * NS // 10)
        return visit.snapshot().perceived[0].detail

    assert (told(seated=False), told(seated=True)) == (Detail.LABEL, Detail.FULL)


def test_changes_are_true_unless_they_are_nothing() -> None:
    assert not NOTHING
    assert Changes(left=("a",))
    assert Changes(refocused=True)


def test_a_budget_of_one_follows_the_visitor() -> None:
    visit = Visit(Interest(museum([VASE, exhibit("far", (0.0, 1.5, -12.0))])), Budget(artifacts=1))
    assert [one.artifact for one in visit.pose(EYE, 0).entered] == ["test:vase"]
    changes = visit.pose(Pose((0.0, 1.6, -9.0)), 1)
    assert (changes.left, [one.artifact for one in changes.entered]) == (("test:vase",), ["test:far"])

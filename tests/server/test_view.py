"""What was told against what is perceived: however it lags, the end is the same and nothing grows."""

from hypothesis import given
from hypothesis import strategies as st

from server.view import View
from server.world.steps import OPEN, parts, step_of

CODES = st.integers(2, 9)
"""Four levels of detail, with and without a model."""
STATE = st.dictionaries(st.integers(0, 5), CODES, max_size=4)


class Told:
    """A client that applies steps as the protocol says."""

    def __init__(self) -> None:
        self.perceived: dict[int, int] = {}

    def apply(self, step: int) -> None:
        index, was, now = parts(step)
        assert self.perceived.get(index, 0) == was != now
        if now:
            self.perceived[index] = now
        else:
            del self.perceived[index]


def steps(old: dict[int, int], new: dict[int, int]) -> list[int]:
    """What a visit says between two states."""
    return [
        step_of(index, old.get(index, 0), new.get(index, 0))
        for index in sorted(old.keys() | new.keys())
        if old.get(index, 0) != new.get(index, 0)
    ]


@given(st.lists(st.tuples(STATE, st.integers(0, 5)), max_size=30))
def test_any_walk_told_at_any_pace_ends_with_the_client_perceiving_the_same(
    walk: list[tuple[dict[int, int], int]],
) -> None:
    view, told, now = View(), Told(), dict[int, int]()
    for new, pace in walk:
        view.apply(steps(now, new))
        now = new
        assert view.due <= len(set(now) | set(told.perceived))
        for _ in range(pace):
            if (step := view.take(now)) is not None:
                told.apply(step)
    while (step := view.take(now)) is not None:
        told.apply(step)
    assert told.perceived == now
    assert not view.is_behind


@given(STATE, STATE)
def test_a_snapshot_tells_everything_as_entering(before: dict[int, int], after: dict[int, int]) -> None:
    view, told = View(), Told()
    view.apply(steps({}, before))
    view.take(before)
    view.forget(after)
    while (step := view.take(after)) is not None:
        told.apply(step)
    assert told.perceived == after


def test_what_came_and_went_unseen_is_never_told() -> None:
    view = View()
    view.apply([step_of(7, 0, OPEN)])
    view.apply([step_of(7, OPEN, 0)])
    assert view.due == 0
    assert view.take({}) is None


@given(st.integers(0, 1_000_000), st.integers(0, 9), st.integers(0, 9))
def test_a_step_is_taken_apart_as_it_was_put_together(index: int, was: int, now: int) -> None:
    assert parts(step_of(index, was, now)) == (index, was, now)

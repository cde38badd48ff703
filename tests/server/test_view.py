"""What was told against what is perceived: however it lags, the end is the same and nothing grows."""

from hypothesis import given
from hypothesis import strategies as st

from server.view import Step, View
from server.world.visit import Changes, Detail, Perceived, Snapshot

NAMES = st.sampled_from("abcdef")
STATE = st.dictionaries(NAMES, st.tuples(st.sampled_from(list(Detail)), st.booleans()), max_size=4)


class Told:
    """A client that applies steps as the protocol says."""

    def __init__(self) -> None:
        self.perceived: dict[str, Perceived] = {}
        self.open: set[str] = set()

    def apply(self, step: Step) -> None:
        if step.now is None:
            assert self.perceived.pop(step.artifact) == step.was
            self.open.discard(step.artifact)
            return
        assert self.perceived.get(step.artifact) == step.was
        self.perceived[step.artifact] = step.now
        if step.opens:
            assert step.artifact not in self.open
            self.open.add(step.artifact)
        if step.closes:
            self.open.remove(step.artifact)


def perceived(state: dict[str, tuple[Detail, bool]]) -> dict[str, Perceived]:
    return {name: Perceived(name, detail, model) for name, (detail, model) in state.items()}


def changes(old: dict[str, Perceived], new: dict[str, Perceived]) -> Changes:
    """What a visit says between two states."""
    was = {name for name, one in old.items() if one.detail >= Detail.FULL}
    now = {name for name, one in new.items() if one.detail >= Detail.FULL}
    return Changes(
        entered=tuple(one for name, one in new.items() if name not in old),
        left=tuple(name for name in old if name not in new),
        changed=tuple(one for name, one in new.items() if name in old and old[name] != one),
        shown=tuple(now - was),
        hidden=tuple(was - now),
    )


@given(st.lists(st.tuples(STATE, st.integers(0, 5)), max_size=30))
def test_any_walk_told_at_any_pace_ends_with_the_client_perceiving_the_same(
    walk: list[tuple[dict[str, tuple[Detail, bool]], int]],
) -> None:
    view, told, now = View(), Told(), dict[str, Perceived]()
    for state, pace in walk:
        new = perceived(state)
        view.apply(changes(now, new))
        now = new
        assert view.due <= len(set(now) | set(told.perceived))
        for _ in range(pace):
            if (step := view.take()) is not None:
                told.apply(step)
    while (step := view.take()) is not None:
        told.apply(step)
    assert told.perceived == now
    assert told.open == {name for name, one in now.items() if one.detail >= Detail.FULL}
    assert view.due == 0


@given(STATE, STATE)
def test_a_snapshot_tells_everything_as_entering(
    before: dict[str, tuple[Detail, bool]], after: dict[str, tuple[Detail, bool]]
) -> None:
    view, told, now = View(), Told(), perceived(after)
    view.apply(changes({}, perceived(before)))
    view.take()
    shown = tuple(name for name, one in now.items() if one.detail >= Detail.FULL)
    view.replace(Snapshot(None, tuple(now.values()), shown, None))
    while (step := view.take()) is not None:
        assert step.was is None
        told.apply(step)
    assert told.perceived == now


def test_what_came_and_went_unseen_is_never_told() -> None:
    view, vase = View(), Perceived("vase", Detail.FULL, True)
    view.apply(Changes(entered=(vase,), shown=("vase",)))
    view.apply(Changes(left=("vase",), hidden=("vase",)))
    assert view.due == 0
    assert view.take() is None

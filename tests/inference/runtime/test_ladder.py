import pytest

from inference.runtime.ladder import Descent, Patience

PATIENCE = Patience(failures=3, frames=10, late=0.5, rest=60.0, longest=200.0)


def frames(descent: Descent, count: int, *, now: float = 0.0, **fate: bool) -> list[bool]:
    told = {"failed": False, "late": False, "cheaper": True} | fate
    return [descent.took(now, **told) for _ in range(count)]


def test_failures_in_a_row_leave_the_step_and_single_ones_do_not() -> None:
    descent = Descent(PATIENCE)
    for _ in range(5):
        assert frames(descent, 2, failed=True) + frames(descent, 1) == [False] * 3
    assert frames(descent, 3, failed=True) == [False, False, True]
    assert descent.floor == 1


@pytest.mark.parametrize(
    ("late", "cheaper", "leaves"), [(6, True, True), (5, True, False), (10, False, False)]
)
def test_lateness_leaves_the_step_only_for_a_cheaper_one(late: int, cheaper: bool, leaves: bool) -> None:
    descent = Descent(PATIENCE)
    told = frames(descent, late, late=True, cheaper=cheaper) + frames(descent, 10 - late, cheaper=cheaper)
    assert any(told) is leaves


def test_lateness_long_ago_is_forgotten() -> None:
    descent = Descent(PATIENCE)
    for _ in range(4):
        assert not any(frames(descent, 5, late=True) + frames(descent, 5))


def test_a_step_is_tried_again_after_its_rest_which_doubles_up_to_a_bound() -> None:
    descent = Descent(PATIENCE)
    now, rests = 0.0, []
    for _ in range(4):
        frames(descent, 3, now=now, failed=True)
        began = now
        while not descent.rested(now):
            now += 10.0
        rests.append(now - began)
        assert descent.floor == 0
    assert rests == [60.0, 120.0, 200.0, 200.0]


def test_at_the_top_nothing_is_tried_again() -> None:
    assert not Descent(PATIENCE).rested(1e9)

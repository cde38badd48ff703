"""When things may go to a client: its byte budget, its patience, and the sizes of deltas."""

from hypothesis import given
from hypothesis import strategies as st

from server.outbox import Outbox, Patience
from server.protocol.limits import SECOND

PATIENCE = Patience()


def test_without_a_budget_everything_may_go() -> None:
    outbox = Outbox(0, PATIENCE, 0)
    outbox.spend(10**9)
    assert outbox.may_send(1)
    assert outbox.chunk == PATIENCE.delta


def test_a_spent_budget_says_how_long_to_wait() -> None:
    outbox = Outbox(1000, PATIENCE, 0)
    outbox.spend(3000)
    assert not outbox.may_send(0)
    wait = outbox.wait(0)
    assert abs(wait - 2 * SECOND) <= 2
    assert outbox.may_send(wait)


@given(st.integers(1_000, 1_000_000), st.lists(st.tuples(st.integers(0, SECOND), st.integers(1, 5_000))))
def test_a_budget_is_never_exceeded_by_more_than_a_second_and_one_message(
    budget: int, tries: list[tuple[int, int]]
) -> None:
    outbox, now, sent, largest = Outbox(budget, PATIENCE, 0), 0, 0, 0
    for pause, size in tries:
        now += pause
        if outbox.may_send(now):
            outbox.spend(size)
            sent += size
            largest = max(largest, size)
    assert sent <= budget * (now / SECOND + 1) + largest + 1


def test_a_small_budget_is_spent_in_small_pieces() -> None:
    assert Outbox(20_000, PATIENCE, 0).chunk == 5_000
    assert Outbox(100, PATIENCE, 0).chunk == 1024


def test_a_short_jam_changes_nothing_a_long_one_needs_a_snapshot_and_one_without_end_is_given_up() -> None:
    outbox = Outbox(0, PATIENCE, 0)
    outbox.block(SECOND)
    outbox.block(2 * SECOND)
    assert not outbox.may_send(2 * SECOND)
    outbox.unblock(3 * SECOND)
    assert (outbox.stale, outbox.may_send(3 * SECOND)) == (False, True)

    outbox.block(10 * SECOND)
    assert not outbox.is_stuck(29 * SECOND)
    assert outbox.is_stuck(30 * SECOND)
    outbox.unblock(30 * SECOND)
    assert outbox.stale
    assert not outbox.is_stuck(60 * SECOND)

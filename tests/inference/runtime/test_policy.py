import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.runtime.policy import Arrivals, LatencyFit, Line, Run, WaitUntil, decide

CPU, GPU = Line(0.0001, 0.005), Line(0.004, 0.0002)
NEVER = math.inf


def test_an_idle_network_takes_what_is_there_when_waiting_saves_nothing() -> None:
    assert decide([1.0], 0.0, CPU, gap=0.001, most=8) == Run((0,))


def test_where_starting_a_batch_is_dear_and_frames_come_fast_it_waits_for_the_next() -> None:
    assert decide([1.0], 0.0, GPU, gap=0.001, most=8) == WaitUntil(0.001)
    assert decide([1.0] * 4, 0.0, GPU, gap=0.001, most=8) == Run((0, 1, 2, 3))
    assert decide([1.0], 0.0, GPU, gap=0.005, most=8) == Run((0,))


def test_it_never_waits_past_a_deadline() -> None:
    assert decide([0.0045], 0.0, GPU, gap=0.001, most=8) == Run((0,))


def test_the_oldest_go_first_and_no_more_than_the_batch_holds() -> None:
    assert decide([1.0] * 10, 0.0, GPU, gap=NEVER, most=4) == Run((0, 1, 2, 3))


def test_a_batch_stays_small_enough_for_its_tightest_deadline() -> None:
    assert decide([0.012, 1.0, 1.0, 1.0], 0.0, CPU, gap=NEVER, most=8) == Run((0, 1))


def test_frames_that_cannot_be_ready_are_late_and_hold_nobody_up() -> None:
    assert decide([0.001, 1.0], 0.0, CPU, gap=NEVER, most=8) == Run((1,), late=(0,))
    assert decide([0.001], 0.0, CPU, gap=NEVER, most=8) == Run((), late=(0,))


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=40), st.floats(0, 0.5), st.floats(0, 0.05),
    st.floats(1e-5, 0.05), st.floats(1e-5, 1), st.integers(1, 16),
)  # fmt: skip
def test_every_frame_taken_is_in_time_and_progress_is_always_made(
    deadlines: list[float], now: float, fixed: float, each: float, gap: float, most: int
) -> None:
    line = Line(fixed, each)
    decision = decide(deadlines, now, line, gap, most)
    if isinstance(decision, WaitUntil):
        assert now < decision.time <= min(d for p, d in enumerate(deadlines) if p not in decision.late)
        return
    assert decision.frames or decision.late
    assert not set(decision.frames) & set(decision.late)
    assert len(decision.frames) <= most
    if decision.frames:
        assert now + line.seconds(len(decision.frames)) <= min(deadlines[p] for p in decision.frames)


def test_the_fit_finds_the_line_that_batches_were_measured_on() -> None:
    fit = LatencyFit(Line(0.0, 1.0))
    assert fit.line == Line(0.0, 1.0)
    for frames in [1, 4, 8, 2, 16, 3]:
        fit.measured(frames, GPU.seconds(frames))
    assert fit.line.fixed == pytest.approx(GPU.fixed, rel=1e-6)
    assert fit.line.each == pytest.approx(GPU.each, rel=1e-6)


def test_batches_of_one_size_only_are_all_slope() -> None:
    fit = LatencyFit(Line(0.0, 1.0))
    for _ in range(5):
        fit.measured(2, 0.01)
    assert fit.line.fixed == pytest.approx(0.0, abs=1e-12)
    assert fit.line.each == pytest.approx(0.005)


def test_gaps_are_smoothed_and_unknown_before_the_second_frame() -> None:
    arrivals = Arrivals()
    arrivals.came(10.0)
    assert arrivals.gap == NEVER
    for k in range(1, 60):
        arrivals.came(10.0 + 0.1 * k)
    assert arrivals.gap == pytest.approx(0.1)


def test_a_next_frame_that_does_not_come_is_not_waited_for_longer_than_it_saves() -> None:
    arrivals, now = Arrivals(), 0.0
    arrivals.came(0.0)
    arrivals.came(0.0001)
    decision = decide([NEVER], now := 0.0001, GPU, arrivals.until_next(now), most=8)
    while isinstance(decision, WaitUntil):
        decision = decide([NEVER], now := decision.time, GPU, arrivals.until_next(now), most=8)
    assert now < 0.0001 + 2 * GPU.fixed

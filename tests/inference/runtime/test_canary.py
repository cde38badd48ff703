from dataclasses import replace

import pytest

from inference.runtime.canary import CanaryLimits, Fared, Judgment, Record, Trial, Verdict, judge

LIMITS = CanaryLimits()
LIVE = Record(frames=1000, errors=2, looks=1000, abstained=300, seconds=10.0)
NOTHING = Record()
NAMED, NOTHING_NAMED, FAILED = (
    Fared(0.010), Fared(0.010, abstained=True), Fared(0.010, error=True, abstained=True)
)  # fmt: skip


def canary(frames: int = 200, errors: int = 0, abstained: int = 60, each: float = 0.010) -> Record:
    return Record(frames, errors, frames, abstained, frames * each)


def test_one_that_is_no_worse_is_promoted_after_its_time() -> None:
    assert judge(LIVE, canary(199), LIMITS).verdict is Verdict.watch
    assert judge(LIVE, canary(200), LIMITS).verdict is Verdict.promote


def test_nothing_is_judged_from_a_few_frames() -> None:
    assert judge(LIVE, canary(19, errors=19), LIMITS).verdict is Verdict.watch


@pytest.mark.parametrize(
    ("worse", "told"),
    [
        (canary(40, errors=8), "errors: 8 of 40 frames, 2 of 1000"),
        (canary(100, abstained=80), "abstentions: 80 of 100 frames, 300 of 1000"),
        (canary(30, abstained=9, each=0.020), "latency: 20.0 ms a frame, 10.0 ms"),
    ],
)
def test_one_that_is_surely_worse_is_rolled_back_with_its_reason(worse: Record, told: str) -> None:
    judgment = judge(LIVE, worse, LIMITS)
    assert judgment.verdict is Verdict.roll_back
    assert told in judgment.reason


def test_chance_alone_rolls_nothing_back() -> None:
    assert judge(LIVE, canary(40, abstained=17), LIMITS).verdict is Verdict.watch


def test_a_few_frames_that_the_machine_held_up_roll_nothing_back_and_slowness_throughout_does() -> None:
    held_up, slow, live = Record(), Record(), Record()
    for number in range(20):
        live.took(Fared(0.009 + 0.002 * (number % 2)))
        held_up.took(Fared(3.0 if number in (4, 11) else 0.010))
        slow.took(Fared(0.018 + 0.004 * (number % 2)))
    assert judge(live, held_up, LIMITS).verdict is Verdict.watch
    assert judge(live, slow, LIMITS).reason.startswith("latency: 20.0 ms a frame, 10.0 ms")


# Little or nothing to compare with


@pytest.mark.parametrize("seen", [0, 1, 19])
@pytest.mark.parametrize("waited", [0.0, 600.0])
def test_abstentions_and_times_beside_too_few_frames_of_the_one_in_service_decide_nothing(
    seen: int, waited: float
) -> None:
    live = Record(frames=seen, looks=seen, seconds=seen * 0.010)
    assert judge(live, canary(20, abstained=20, each=1.0), LIMITS, waited) == Judgment(Verdict.watch)
    assert judge(live, canary(1000, abstained=1000, each=1.0), LIMITS, waited) == Judgment(Verdict.watch)


def test_twenty_frames_of_the_one_in_service_are_enough_to_compare_with() -> None:
    live = Record(frames=20, looks=20, abstained=2, seconds=0.2)
    assert judge(live, canary(20, abstained=20), LIMITS).reason == (
        "abstentions: 20 of 20 frames, 2 of 20 in service"
    )
    assert judge(live, canary(20, abstained=2), LIMITS, 600.0).verdict is Verdict.promote


@pytest.mark.parametrize(
    ("errors", "verdict"),
    [(0, Verdict.watch), (3, Verdict.watch), (8, Verdict.roll_back), (20, Verdict.roll_back)],
)
def test_errors_are_judged_without_any_frame_of_the_one_in_service(errors: int, verdict: Verdict) -> None:
    judgment = judge(NOTHING, canary(20, errors=errors, abstained=20), LIMITS)
    assert judgment.verdict is verdict
    assert judgment.reason == (f"errors: {errors} of 20 frames" if errors >= 8 else "")


def test_after_twice_its_time_one_that_nothing_speaks_against_is_promoted_and_one_that_errs_is_not() -> None:
    walls = canary(20, abstained=20)
    assert judge(NOTHING, walls, LIMITS, 1199.0).verdict is Verdict.watch
    assert judge(NOTHING, walls, LIMITS, 1200.0).verdict is Verdict.promote
    assert judge(NOTHING, canary(19), LIMITS, 1200.0).verdict is Verdict.watch
    assert judge(NOTHING, canary(20, errors=20), LIMITS, 1200.0).verdict is Verdict.roll_back


# The trial in time


def took(trial: Trial, now: float, fared: Fared, *, is_canary: bool, visitors: int, frames: int) -> Judgment:
    """So many visitors show so many frames each; the last judgment."""
    told = Judgment(Verdict.watch)
    for visitor in range(visitors):
        for _ in range(frames):
            told = trial.took(f"visitor {visitor}", fared, now, is_canary=is_canary)
    return told


def clients(trial: Trial, now: float) -> int:
    return sum(trial.shows(f"client {number}", now) for number in range(1000))


def test_a_trial_begins_with_its_first_frame() -> None:
    trial = Trial(0.2, LIMITS)
    assert 150 < clients(trial, 0.0) < 250
    # Overnight nobody comes: an hour without a frame is no trial.
    assert clients(trial, 3600.0) == clients(trial, 0.0)
    assert trial.took("anna", NAMED, 3600.0, is_canary=False).verdict is Verdict.watch
    assert clients(trial, 4199.0) == clients(trial, 0.0)


def test_after_its_time_everybody_is_shown_a_canary_that_can_be_compared() -> None:
    trial = Trial(0.2, LIMITS)
    took(trial, 0.0, NAMED, is_canary=False, visitors=2, frames=10)
    assert 150 < clients(trial, 599.0) < 250
    assert clients(trial, 600.0) == 1000
    assert took(trial, 600.0, NAMED, is_canary=True, visitors=2, frames=10).verdict is Verdict.promote


def test_one_that_cannot_be_compared_yet_is_shown_to_half_until_it_can_or_twice_its_time_is_over() -> None:
    trial = Trial(0.2, LIMITS)
    took(trial, 0.0, NAMED, is_canary=False, visitors=1, frames=19)
    before = {number for number in range(1000) if trial.shows(f"client {number}", 0.0)}
    during = {number for number in range(1000) if trial.shows(f"client {number}", 600.0)}
    assert 450 < len(during) < 550
    assert before < during
    assert len(during) == clients(trial, 1199.0)
    assert clients(trial, 1200.0) == 1000
    took(trial, 700.0, NAMED, is_canary=False, visitors=2, frames=10)
    assert clients(trial, 701.0) == 1000


@pytest.mark.parametrize("now", [0.0, 601.0])
def test_one_visitor_who_points_at_walls_rolls_nothing_back_and_two_of_whom_each_sees_nothing_do(
    now: float,
) -> None:
    trial = Trial(0.2, LIMITS, live=replace(LIVE))
    trial.took("anna", NAMED, 0.0, is_canary=False)
    one = took(trial, now, NOTHING_NAMED, is_canary=True, visitors=1, frames=500)
    assert one == Judgment(Verdict.watch)
    assert took(trial, now, NOTHING_NAMED, is_canary=True, visitors=2, frames=10).reason.startswith(
        "abstentions: 20 of 20 frames"
    )


def test_one_visitor_of_the_one_in_service_is_no_measure_of_abstaining_either() -> None:
    trial = Trial(0.2, LIMITS)
    took(trial, 0.0, NAMED, is_canary=False, visitors=1, frames=500)
    walls = took(trial, 0.0, NOTHING_NAMED, is_canary=True, visitors=3, frames=100)
    assert walls == Judgment(Verdict.watch)


def test_a_lone_visitor_s_frames_end_a_trial_after_twice_its_time_by_promotion_or_errors() -> None:
    for fared, verdict in ((NOTHING_NAMED, Verdict.promote), (FAILED, Verdict.roll_back)):
        trial = Trial(0.2, LIMITS)
        assert trial.took("anna", NAMED, 0.0, is_canary=False).verdict is Verdict.watch
        assert trial.shows("anna", 1200.0)
        told = took(trial, 1200.0, fared, is_canary=True, visitors=1, frames=20)
        assert told.verdict is verdict

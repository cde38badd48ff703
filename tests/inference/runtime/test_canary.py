import pytest

from inference.runtime.canary import CanaryLimits, Record, Trial, Verdict, judge

LIMITS = CanaryLimits()
LIVE = Record(frames=1000, errors=2, abstained=300, seconds=10.0)


def canary(frames: int = 200, errors: int = 0, abstained: int = 60, each: float = 0.010) -> Record:
    return Record(frames, errors, abstained, frames * each)


def test_one_that_is_no_worse_is_promoted_after_its_time() -> None:
    assert judge(LIVE, canary(199), LIMITS).verdict is Verdict.watch
    assert judge(LIVE, canary(200), LIMITS).verdict is Verdict.promote


def test_nothing_is_judged_from_a_few_frames() -> None:
    assert judge(LIVE, canary(19, errors=19), LIMITS).verdict is Verdict.watch


@pytest.mark.parametrize(
    ("worse", "told"),
    [
        (canary(40, errors=8), "errors: 8 of 40 frames, 2 of 1000"),
        (canary(100, abstained=80), "abstentions: 80 of 100 frames"),
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
        live.took(0.009 + 0.002 * (number % 2), error=False, abstained=False)
        held_up.took(3.0 if number in (4, 11) else 0.010, error=False, abstained=False)
        slow.took(0.018 + 0.004 * (number % 2), error=False, abstained=False)
    assert judge(live, held_up, LIMITS).verdict is Verdict.watch
    assert judge(live, slow, LIMITS).reason.startswith("latency: 20.0 ms a frame, 10.0 ms")


def trial(frames: int = 0, **worse: int) -> Trial:
    return Trial(0.2, LIMITS, canary(frames, **worse), LIVE)


def clients(trial: Trial, now: float) -> int:
    return sum(trial.shows(f"client {number}", now) for number in range(1000))


def test_with_few_visitors_everybody_is_shown_a_canary_after_its_time_which_begins_with_the_first_frame() -> (
    None
):
    waits = trial()
    assert 150 < clients(waits, 0.0) < 250
    # Overnight nobody comes: an hour without a frame is no trial.
    assert clients(waits, 3600.0) == clients(waits, 0.0)
    assert waits.judged(3600.0).verdict is Verdict.watch
    assert clients(waits, 4199.0) == clients(waits, 0.0)
    assert clients(waits, 4200.0) == 1000


@pytest.mark.parametrize(
    ("frames", "abstained", "verdict"),
    [(19, 0, Verdict.watch), (20, 6, Verdict.promote), (20, 20, Verdict.roll_back)],
)
def test_after_its_time_few_frames_decide_but_never_none(
    frames: int, abstained: int, verdict: Verdict
) -> None:
    overdue = trial(frames, abstained=abstained)
    overdue.judged(0.0)
    assert overdue.judged(600.0).verdict is verdict

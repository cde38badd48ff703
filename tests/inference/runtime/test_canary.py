import pytest

from inference.runtime.canary import CanaryLimits, Record, Verdict, judge

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

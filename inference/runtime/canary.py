"""Whether a new recognizer does as well as the one in service. Rules only."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_SURE: Final = 2.33
"""Standard errors by which a difference must exceed its tolerance: 1 in 100 by chance."""


class Verdict(StrEnum):
    """What to do with the new one."""

    watch = "watch"
    promote = "promote"
    roll_back = "roll back"


@dataclass(slots=True)
class Record:
    """What was seen of one recognizer."""

    frames: int = 0
    errors: int = 0
    abstained: int = 0
    """Frames looked at without naming an artifact."""
    seconds: float = 0.0
    """All frames' times together."""

    def took(self, seconds: float, *, error: bool, abstained: bool) -> None:
        """Count one frame."""
        self.frames += 1
        self.errors += error
        self.abstained += abstained
        self.seconds += seconds


@dataclass(frozen=True, slots=True)
class CanaryLimits:
    """How much worse a new recognizer may be, and how long it is watched."""

    frames: int = 200
    """Frames after which a canary that is not worse is promoted."""
    least_frames: int = 20
    """Frames of each before anything is judged."""
    errors: float = 0.01
    """Share of frames by which errors may grow; ``abstained`` likewise."""
    abstained: float = 0.10
    slower: float = 1.5
    """Factor by which the mean time may grow."""


@dataclass(frozen=True, slots=True)
class Judgment:
    """A verdict and, for a rollback, its reason."""

    verdict: Verdict
    reason: str = ""


def judge(live: Record, canary: Record, limits: CanaryLimits) -> Judgment:
    """Compare the canary with what is live."""
    if canary.frames < limits.least_frames:
        return Judgment(Verdict.watch)
    for name, mine, theirs, tolerance in (
        ("errors", canary.errors, live.errors, limits.errors),
        ("abstentions", canary.abstained, live.abstained, limits.abstained),
    ):
        if _exceeds(mine, canary.frames, theirs, live.frames, tolerance):
            return Judgment(
                Verdict.roll_back,
                f"{name}: {mine} of {canary.frames} frames, {theirs} of {live.frames} in service",
            )
    if live.frames >= limits.least_frames:
        mine_mean, live_mean = canary.seconds / canary.frames, live.seconds / live.frames
        if mine_mean > limits.slower * live_mean:
            times = f"{mine_mean * 1e3:.1f} ms a frame, {live_mean * 1e3:.1f} ms"
            reason = f"latency: {times} with the one in service"
            return Judgment(Verdict.roll_back, reason)
    return Judgment(Verdict.promote if canary.frames >= limits.frames else Verdict.watch)


def _exceeds(mine: int, my_frames: int, theirs: int, their_frames: int, tolerance: float) -> bool:
    """Whether one share is surely greater than another by more than the tolerance."""
    my_share, their_share = mine / my_frames, theirs / max(their_frames, 1)
    pooled = (mine + theirs + 1) / (my_frames + their_frames + 2)
    error = math.sqrt(pooled * (1 - pooled) * (1 / my_frames + 1 / max(their_frames, 1)))
    return my_share - their_share > tolerance + _SURE * error

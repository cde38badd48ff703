"""Whether a new recognizer does as well as the one in service. Rules only."""

import math
import zlib
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
    squares: float = 0.0
    """Their squares together."""

    @property
    def mean(self) -> float:
        """Seconds of a frame; at least one must have been counted."""
        return self.seconds / self.frames

    @property
    def mean_error(self) -> float:
        """Standard error of the mean, seconds."""
        return math.sqrt(max(self.squares / self.frames - self.mean**2, 0.0) / self.frames)

    def took(self, seconds: float, *, error: bool, abstained: bool) -> None:
        """Count one frame."""
        self.frames += 1
        self.errors += error
        self.abstained += abstained
        self.seconds += seconds
        self.squares += seconds**2


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
    longest: float = 600.0
    """Seconds from the trial's first frame after which the canary answers everybody, so that it is judged
    however few visitors there are; it is then promoted after ``least_frames``."""


@dataclass(frozen=True, slots=True)
class Judgment:
    """A verdict and, for a rollback, its reason."""

    verdict: Verdict
    reason: str = ""


@dataclass(slots=True)
class Trial:
    """A new recognizer that answers a share of the clients, beside the one in service."""

    share: float
    """Of the clients: always the same ones."""
    limits: CanaryLimits
    canary: Record
    live: Record
    """Of the one in service since the trial began."""
    began: float | None = None
    """When the first frame was answered: before, there is nobody whom waiting would serve."""

    def shows(self, client: str, now: float) -> bool:
        """Whether the canary answers this client at a time in seconds."""
        return self._is_overdue(now) or zlib.crc32(client.encode()) % 10_000 < self.share * 10_000

    def judged(self, now: float) -> Judgment:
        """What to do, now that a frame was counted."""
        if self.began is None:
            self.began = now
        return judge(self.live, self.canary, self.limits, is_overdue=self._is_overdue(now))

    def _is_overdue(self, now: float) -> bool:
        return self.began is not None and now - self.began >= self.limits.longest


def judge(live: Record, canary: Record, limits: CanaryLimits, *, is_overdue: bool = False) -> Judgment:
    """Compare the canary with what is live; one that is overdue needs no more than ``least_frames``."""
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
        # A few frames that the machine held up say nothing of a model.
        error = math.hypot(canary.mean_error, limits.slower * live.mean_error)
        if canary.mean > limits.slower * live.mean + _SURE * error:
            times = f"{canary.mean * 1e3:.1f} ms a frame, {live.mean * 1e3:.1f} ms"
            reason = f"latency: {times} with the one in service"
            return Judgment(Verdict.roll_back, reason)
    is_seen_enough = is_overdue or canary.frames >= limits.frames
    return Judgment(Verdict.promote if is_seen_enough else Verdict.watch)


def _exceeds(mine: int, my_frames: int, theirs: int, their_frames: int, tolerance: float) -> bool:
    """Whether one share is surely greater than another by more than the tolerance."""
    my_share, their_share = mine / my_frames, theirs / max(their_frames, 1)
    pooled = (mine + theirs + 1) / (my_frames + their_frames + 2)
    error = math.sqrt(pooled * (1 - pooled) * (1 / my_frames + 1 / max(their_frames, 1)))
    return my_share - their_share > tolerance + _SURE * error

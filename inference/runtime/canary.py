"""Whether a new recognizer does as well as the one in service. Rules only."""

import math
import zlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

_SURE: Final = 2.33
"""Standard errors by which a difference must exceed its tolerance: 1 in 100 by chance."""
_KNOWN: Final = 10_000
"""Visitors of whom a trial keeps count; no more are needed to judge, and memory is bounded."""


class Verdict(StrEnum):
    """What to do with the new one."""

    watch = "watch"
    promote = "promote"
    roll_back = "roll back"


@dataclass(frozen=True, slots=True)
class Fared:
    """What became of one frame."""

    seconds: float
    error: bool = False
    abstained: bool = False
    """No artifact was named."""


@dataclass(slots=True)
class Record:
    """What was seen of one recognizer."""

    frames: int = 0
    errors: int = 0
    looks: int = 0
    """Frames by which abstaining is judged: of one visitor the first few, since they are alike."""
    abstained: int = 0
    """Of these, those in which no artifact was named."""
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

    def took(self, fared: Fared, *, is_look: bool = True) -> None:
        """Count one frame; ``is_look``: abstaining is judged by it too."""
        self.frames += 1
        self.errors += fared.error
        self.looks += is_look
        self.abstained += is_look and fared.abstained
        self.seconds += fared.seconds
        self.squares += fared.seconds**2


@dataclass(frozen=True, slots=True)
class CanaryLimits:
    """How much worse a new recognizer may be, and how long it is watched."""

    frames: int = 200
    """Frames after which a canary that is not worse is promoted."""
    least_frames: int = 20
    """Frames of the new one before anything is judged, and of both before they are compared."""
    errors: float = 0.01
    """Share of frames by which errors may grow; ``abstained`` likewise."""
    abstained: float = 0.10
    slower: float = 1.5
    """Factor by which the mean time may grow."""
    longest: float = 600.0
    """Seconds from the trial's first frame after which ``least_frames`` of both decide. After twice that time
    those of the new one alone do, so that a trial ends however few visitors there are."""

    @property
    def of_one(self) -> int:
        """Frames of one visitor by which abstaining is judged: it takes two visitors to make enough."""
        return max(1, self.least_frames // 2)


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
    canary: Record = field(default_factory=Record)
    live: Record = field(default_factory=Record)
    """Of the one in service since the trial began."""
    began: float | None = None
    """When the first frame was answered: before, there is nobody whom waiting would serve."""
    _looks: dict[tuple[str, bool], int] = field(default_factory=dict)
    """By client, and whether the canary answered."""

    def shows(self, client: str, now: float) -> bool:
        """Whether the canary answers this client at a time in seconds."""
        return zlib.crc32(client.encode()) % 10_000 < self._share_at(now) * 10_000

    def took(self, client: str, fared: Fared, now: float, *, is_canary: bool) -> Judgment:
        """Count a frame that one of the two has answered at a time in seconds; what to do now."""
        if self.began is None:
            self.began = now
        record = self.canary if is_canary else self.live
        record.took(fared, is_look=self._is_look(client, is_canary=is_canary))
        return judge(self.live, self.canary, self.limits, self._waited(now))

    def _share_at(self, now: float) -> float:
        waited, longest = self._waited(now), self.limits.longest
        if waited < longest:
            return self.share
        # With too little to compare the canary with, the one in service is to be seen as well.
        return 1.0 if waited >= 2 * longest or _is_comparable(self.live, self.limits) else 0.5

    def _waited(self, now: float) -> float:
        return 0.0 if self.began is None else now - self.began

    def _is_look(self, client: str, *, is_canary: bool) -> bool:
        key = client, is_canary
        looks = self._looks.get(key, 0)
        if looks >= self.limits.of_one or (not looks and len(self._looks) >= _KNOWN):
            return False
        self._looks[key] = looks + 1
        return True


def judge(live: Record, canary: Record, limits: CanaryLimits, waited: float = 0.0) -> Judgment:
    """What to do ``waited`` seconds after the trial's first frame.

    A canary that is surely worse is rolled back. Abstentions and times are judged only beside enough frames
    of the one in service: what visitors point their cameras at is no fault of a model. One that is not worse
    is promoted once both have been seen enough, or, after twice ``limits.longest``, the canary alone.
    """
    if canary.frames < limits.least_frames:
        return Judgment(Verdict.watch)
    worse = _errs(live, canary, limits) or _abstains(live, canary, limits) or _is_slow(live, canary, limits)
    if worse:
        return Judgment(Verdict.roll_back, worse)
    is_seen_enough = waited >= limits.longest or canary.frames >= limits.frames
    is_compared = _is_comparable(live, limits) and _is_comparable(canary, limits)
    is_promoted = waited >= 2 * limits.longest or (is_seen_enough and is_compared)
    return Judgment(Verdict.promote if is_promoted else Verdict.watch)


def _is_comparable(record: Record, limits: CanaryLimits) -> bool:
    return record.looks >= limits.least_frames


def _errs(live: Record, canary: Record, limits: CanaryLimits) -> str:
    """Errors are ours, whatever a camera shows: without enough of the one in service, none are expected."""
    mine, frames = canary.errors, canary.frames
    if live.frames >= limits.least_frames:
        if _exceeds((mine, frames), (live.errors, live.frames), limits.errors):
            return f"errors: {mine} of {frames} frames, {live.errors} of {live.frames} in service"
    elif _exceeds((mine, frames), None, limits.errors):
        return f"errors: {mine} of {frames} frames"
    return ""


def _abstains(live: Record, canary: Record, limits: CanaryLimits) -> str:
    if not (_is_comparable(live, limits) and _is_comparable(canary, limits)):
        return ""
    mine, theirs = (canary.abstained, canary.looks), (live.abstained, live.looks)
    if not _exceeds(mine, theirs, limits.abstained):
        return ""
    return f"abstentions: {mine[0]} of {mine[1]} frames, {theirs[0]} of {theirs[1]} in service"


def _is_slow(live: Record, canary: Record, limits: CanaryLimits) -> str:
    if live.frames < limits.least_frames:
        return ""
    # A few frames that the machine held up say nothing of a model.
    error = math.hypot(canary.mean_error, limits.slower * live.mean_error)
    if canary.mean <= limits.slower * live.mean + _SURE * error:
        return ""
    times = f"{canary.mean * 1e3:.1f} ms a frame, {live.mean * 1e3:.1f} ms"
    return f"latency: {times} with the one in service"


def _exceeds(mine: tuple[int, int], theirs: tuple[int, int] | None, tolerance: float) -> bool:
    """Whether a share, (part, whole), surely exceeds another, or 0, by more than the tolerance."""
    part, whole = mine
    their_part, their_whole = theirs or (0, 0)
    pooled = (part + their_part + 1) / (whole + their_whole + 2)
    spread = 1 / whole + (1 / their_whole if theirs else 0.0)
    error = math.sqrt(pooled * (1 - pooled) * spread)
    return part / whole - (their_part / their_whole if theirs else 0.0) > tolerance + _SURE * error

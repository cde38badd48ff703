"""What one client may cost: sizes, depth, rates, waiting times. Each excess has its named error.

========================== ====================== ======================================================
limit                      error, close code      what happens
========================== ====================== ======================================================
size of a message          TOO_LARGE, 4413        error, bye, close
nesting depth              TOO_DEEP, 4414         error, bye, close
entries of an array, 1024  MALFORMED, 4400        error, bye, close
messages per second        TOO_FAST, 4429         dropped and told; closes when it goes on
unanswered frames          TOO_MANY_UNANSWERED    the newest is dropped and told
unanswered questions       TOO_MANY_UNANSWERED    the newest is dropped and told
time to the hello          TOO_LATE, 4408         error, bye, close
silence                    IDLE, 4431             error, bye, close; the session stays resumable
faults that do not close   the last one's         the connection closes after ``faults`` of them
events not acknowledged    none                   the oldest are forgotten; a resume brings a snapshot
========================== ====================== ======================================================
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from server.protocol.messages import (
    POSE,
    Acknowledge,
    Bye,
    CameraFrame,
    ClockRequest,
    Gaze,
    Hello,
    Question,
)
from server.protocol.posebytes import LONGEST

SECOND: Final = 1_000_000_000
"""Nanoseconds."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a client may send of one message type."""

    size: int
    """Longest message, bytes."""
    rate: float
    """Messages per second that can go on for ever."""
    burst: int
    """Messages that may come at once after a rest."""


ALLOWANCES: Final[Mapping[int, Allowance]] = MappingProxyType(
    {
        Hello.code: Allowance(4096, 1.0, 2),
        ClockRequest.code: Allowance(32, 5.0, 20),
        Acknowledge.code: Allowance(32, 100.0, 200),
        Bye.code: Allowance(2048, 1.0, 2),
        POSE: Allowance(LONGEST, 144.0, 288),
        Gaze.code: Allowance(256, 144.0, 288),
        CameraFrame.code: Allowance(512 * 1024, 10.0, 10),
        Question.code: Allowance(5120, 1.0, 5),
    }
)


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits of one session. Times in nanoseconds."""

    allowances: Mapping[int, Allowance] = field(default_factory=lambda: ALLOWANCES)
    """By message number. Types that only the server sends need none."""
    depth: int = 6
    """Arrays within arrays, the message itself being the first."""
    excess: int = 5
    """A type's bursts that may be dropped before the connection closes; a full rest forgives all."""
    faults: int = 100
    """Errors that do not close by themselves before they do."""
    handshake: int = 10 * SECOND
    """From the open connection to the hello."""
    idle: int = 30 * SECOND
    """Longest silence of a client."""
    resume: int = 120 * SECOND
    """How long a session outlives its connection."""
    unanswered_frames: int = 4
    unanswered_questions: int = 4
    replay_events: int = 1024
    """Most events kept for a resume."""
    replay_bytes: int = 512 * 1024
    """Most bytes of them."""
    acknowledge_every: int = 32

    @property
    def largest(self) -> int:
        """Bytes of the longest message of any type: what the socket may ever gather."""
        return max(allowance.size for allowance in self.allowances.values())


class Bucket:
    """A token bucket: ``rate`` messages per second, ``burst`` at once. Time is an argument."""

    __slots__ = ("_burst", "_level", "_rate", "_time", "excess")

    def __init__(self, allowance: Allowance, now: int) -> None:
        self._rate = allowance.rate / SECOND
        self._burst = float(allowance.burst)
        self._level = self._burst
        self._time = now
        self.excess = 0
        """Messages refused since the bucket was last full."""

    def take(self, now: int) -> bool:
        """Whether one more message may pass at ``now`` (ns)."""
        level = self._level + (now - self._time) * self._rate
        self._time = now
        if level >= self._burst:
            level, self.excess = self._burst, 0
        if level < 1.0:
            self._level = level
            self.excess += 1
            return False
        self._level = level - 1.0
        return True

"""How many frames to run now, or until when to wait for more. Rules only: time is an argument, in seconds.

A batch of n frames takes ``fixed + n * each``. Waiting for one more frame saves ``fixed`` once (it would
start a batch of its own) and costs every frame that waits already the gap until it comes. So waiting pays
only while ``waiting * gap < fixed``; on a CPU, where ``fixed`` is next to nothing, it never does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

_FORGETTING: Final = 0.98
"""Weight of what was measured, per batch that comes after it."""
_SMOOTHING: Final = 0.2
"""Weight of the newest gap between two frames."""


@dataclass(frozen=True, slots=True)
class Line:
    """Measured latency of a batch, seconds."""

    fixed: float
    each: float

    def seconds(self, frames: int) -> float:
        """How long a batch takes."""
        return self.fixed + self.each * frames


@dataclass(slots=True)
class LatencyFit:
    """Least squares over measured batches, older ones counting less; prior: the line it starts with."""

    prior: Line
    _sums: list[float] = field(default_factory=lambda: [0.0] * 5)

    def measured(self, frames: int, seconds: float) -> None:
        """Take a finished batch into account."""
        terms = (1.0, frames, frames * frames, seconds, frames * seconds)
        self._sums = [_FORGETTING * old + new for old, new in zip(self._sums, terms, strict=True)]

    @property
    def line(self) -> Line:
        """The line now; neither part is ever negative."""
        weight, x, xx, y, xy = self._sums
        if weight == 0.0:
            return self.prior
        spread = weight * xx - x * x
        # Batches of one size say nothing about the slope: all of their time is each frame's.
        each = (weight * xy - x * y) / spread if spread > 1e-6 * weight * xx else y / x
        each = min(max(each, 0.0), y / x)
        return Line(max((y - each * x) / weight, 0.0), each)


@dataclass(slots=True)
class Arrivals:
    """The gaps between frames, smoothed."""

    gap: float = float("inf")
    _last: float | None = None

    def came(self, now: float) -> None:
        """A frame came."""
        if self._last is not None:
            seen = now - self._last
            self.gap = seen if self.gap == float("inf") else self.gap + _SMOOTHING * (seen - self.gap)
        self._last = now

    def until_next(self, now: float) -> float:
        """Expected seconds until the next frame: the longer it has not come, the less it is expected."""
        return self.gap if self._last is None else max(self.gap, now - self._last)


@dataclass(frozen=True, slots=True)
class Run:
    """Run the first ``frames`` of the queue now; ``late`` names those whose deadline cannot be kept."""

    frames: tuple[int, ...]
    late: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Wait for more frames, at most until then."""

    time: float
    late: tuple[int, ...] = ()


def decide(deadlines: Sequence[float], now: float, line: Line, gap: float, most: int) -> Run | WaitUntil:
    """What to do with the queue, given each frame's deadline, oldest first, and an idle network.

    Frames that could not be ready in time even alone are ``late``. Of the others, the oldest are taken, as
    many as leave every frame taken in time, ``most`` at the utmost. Positions refer to ``deadlines``.
    """
    late = tuple(place for place, deadline in enumerate(deadlines) if now + line.seconds(1) > deadline)
    if len(late) == len(deadlines):
        return Run((), late)
    gone, tightest = set(late), float("inf")
    taken: list[int] = []
    for place, deadline in enumerate(deadlines):
        if place in gone:
            continue
        tightest_with = min(tightest, deadline)
        if len(taken) == most or now + line.seconds(len(taken) + 1) > tightest_with:
            break
        taken.append(place)
        tightest = tightest_with
    all_taken = len(taken) + len(late) == len(deadlines)
    ready_with_one_more = now + gap + line.seconds(len(taken) + 1)
    if all_taken and len(taken) < most and len(taken) * gap < line.fixed and ready_with_one_more <= tightest:
        return WaitUntil(now + gap, late)
    return Run(tuple(taken), late)

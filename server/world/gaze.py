"""From single looks to what the gaze rests on, and for how long.

An eye tracker's rays jump: to a neighbor and back, to nothing during a blink, twice at the same time. A
target counts once it was hit without a break for as long as a fixation lasts at the least, and it is given up
only when a blink would be over. Fixations shorter than about 100 ms are commonly not counted (Salvucci and
Goldberg, Identifying fixations and saccades in eye-tracking protocols, 2000); blinks last 100 to 300 ms.
"""

from typing import Final

from server.world.space import NS

Hit = tuple[int, int]
"""Index of the artifact and of its hotspot; -1 for none."""

NOWHERE: Final[Hit] = (-1, -1)
FIXATION: Final = NS // 10
"""Nanoseconds on a new target before it counts."""
BLINK: Final = 3 * NS // 10
"""Nanoseconds on nothing before the target is given up."""
LONGEST_GAP: Final = NS // 4
"""Most nanoseconds that the pause between two looks adds to dwell; a longer pause says nothing."""


class Look:
    """What one visitor's gaze rests on; looks are told in the order they arrive."""

    __slots__ = ("_since", "_time", "_waiting", "target")

    def __init__(self) -> None:
        self.target: Hit = NOWHERE
        """What the gaze rests on now."""
        self._waiting: Hit = NOWHERE
        self._since = 0
        self._time: int | None = None

    def at(self, hit: Hit, time_ns: int) -> int:
        """One look; returns the nanoseconds of dwell it adds to :attr:`target`.

        A time that repeats or runs backwards adds nothing.
        """
        before = time_ns if self._time is None else self._time
        pause = min(max(time_ns - before, 0), LONGEST_GAP)
        self._time = max(time_ns, before)
        dwell = pause if hit[0] == self.target[0] and hit[0] >= 0 else 0
        if hit == self.target:
            self._waiting = hit
            return dwell
        if hit != self._waiting:
            self._waiting, self._since = hit, self._time
        waited = self._time - self._since
        if waited >= (FIXATION if hit[0] >= 0 else BLINK):
            dwell = dwell or (min(waited, LONGEST_GAP) if hit[0] >= 0 else 0)
            self.target = hit
        return dwell

"""From single looks to what the gaze rests on, and for how long.

An eye tracker's rays jump: to a neighbor and back, to nothing during a blink, twice at the same time. A
target counts once it was hit without a break for as long as a fixation lasts at the least, and it is given up
only when a blink would be over. Fixations shorter than about 100 ms are commonly not counted (Salvucci and
Goldberg, Identifying fixations and saccades in eye-tracking protocols, 2000); blinks last 100 to 300 ms.

The rule is compiled, because it runs for every pose; what it remembers lies in an array of int64.
"""

from typing import Final

import numpy as np
from numba import int64

from server.world.sight import WHOLE, Indices, compiled
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

# What is remembered: target and candidate (artifact, hotspot), since when, the last look's time, and whether
# there was any.
ARTIFACT, HOTSPOT, WAITING, WAITING_SPOT, SINCE, TIME, LOOKED = range(7)
REMEMBERED: Final = 7


def forget(memory: Indices) -> None:
    """Nothing was looked at so far."""
    memory[:REMEMBERED] = (-1, -1, -1, -1, 0, 0, 0)


@compiled(int64(WHOLE, int64, int64, int64))
def rest(memory: Indices, artifact: int, spot: int, time_ns: int) -> int:
    """One look; returns the nanoseconds of dwell that it adds to the target.

    A time that repeats or runs backwards adds nothing.
    """
    before = memory[TIME] if memory[LOOKED] else time_ns
    pause = min(max(time_ns - before, 0), LONGEST_GAP)
    memory[TIME], memory[LOOKED] = max(time_ns, before), 1
    is_hit = artifact >= 0
    dwell = pause if is_hit and artifact == memory[ARTIFACT] else 0
    if artifact == memory[ARTIFACT] and spot == memory[HOTSPOT]:
        memory[WAITING], memory[WAITING_SPOT] = artifact, spot
        return dwell
    if artifact != memory[WAITING] or spot != memory[WAITING_SPOT]:
        memory[WAITING], memory[WAITING_SPOT], memory[SINCE] = artifact, spot, memory[TIME]
    waited = memory[TIME] - memory[SINCE]
    if waited >= (FIXATION if is_hit else BLINK):
        if is_hit and dwell == 0:
            dwell = min(waited, LONGEST_GAP)
        memory[ARTIFACT], memory[HOTSPOT] = artifact, spot
    return dwell


class Look:
    """What one visitor's gaze rests on; looks are told in the order they arrive."""

    __slots__ = ("memory",)

    def __init__(self) -> None:
        self.memory: Indices = np.zeros(REMEMBERED, np.int64)
        forget(self.memory)

    @property
    def target(self) -> Hit:
        """What the gaze rests on now."""
        return int(self.memory[ARTIFACT]), int(self.memory[HOTSPOT])

    def at(self, hit: Hit, time_ns: int) -> int:
        """One look; returns the nanoseconds of dwell it adds to :attr:`target`."""
        return int(rest(self.memory, hit[0], hit[1], time_ns))

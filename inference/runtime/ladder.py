"""How recognition stands, from the best way of doing it down to none; when to step down, when to try again.

Rules only: time is an argument, in seconds. The steps are declared from the top; the service takes the first
that holds. A step that fails in service is left for the next one and tried again after a rest.
"""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """One step of the ladder, the best first."""

    gpu = "gpu"
    """The network on a graphics processor."""
    cpu = "cpu"
    """The network on the processor."""
    small = "small"
    """A network with a smaller input: less sure, a fraction of the time."""
    place = "place"
    """No network: a visitor is told what stands near, and that the picture was not looked at."""
    unavailable = "unavailable"
    """Neither a network nor a placement."""


@dataclass(frozen=True, slots=True)
class Patience:
    """When a step is left, and for how long."""

    failures: int = 3
    """Failed frames without an answered one between them."""
    frames: int = 40
    """Frames over which lateness is judged."""
    late: float = 0.5
    """Share of them that may be late."""
    rest: float = 60.0
    """Seconds until a step that was left is tried again; doubled at each fall, ``longest`` at the most."""
    longest: float = 960.0


class Descent:
    """How many steps from the top faults have driven the service down."""

    def __init__(self, patience: Patience = Patience()) -> None:
        self._patience = patience
        self.floor = 0
        """Steps of the ladder that are left out at the moment."""
        self._failed = self._seen = self._late = 0
        self._rest = patience.rest
        self._again = 0.0

    def took(self, now: float, *, failed: bool, late: bool, cheaper: bool) -> bool:
        """Count a frame; whether the step is to be left.

        Lateness counts only where the next step is ``cheaper``; elsewhere stepping down would not help.
        """
        self._failed = self._failed + 1 if failed else 0
        self._seen += 1
        self._late += late
        is_late = False
        if self._seen >= self._patience.frames:
            is_late = cheaper and self._late > self._patience.late * self._seen
            self._seen = self._late = 0
        if self._failed < self._patience.failures and not is_late:
            return False
        self.floor += 1
        self._failed = self._seen = self._late = 0
        self._again = now + self._rest
        self._rest = min(2 * self._rest, self._patience.longest)
        return True

    def rested(self, now: float) -> bool:
        """Whether the step above is to be tried again now; it then counts as back."""
        if not self.floor or now < self._again:
            return False
        self.floor -= 1
        self._again = now + self._rest
        return True

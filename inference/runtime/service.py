"""Keeps a recognizer in service: the best step of the ladder that holds, with the index as it is on disk.

A new index, calibration or model is put into service soon after it was written, without a frame lost; one
that is damaged is told, and what served before goes on. A step that fails is left for the next one.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from inference.manifest import ManifestError
from inference.runtime.home import Home, Models, state_of
from inference.runtime.ladder import Descent, Patience, Step
from inference.runtime.recognizer import LADDER, NOT_BUILT_IN, Rung, offered_providers
from inference.runtime.registry import Registry, State, Version
from inference.runtime.serving import Serving

_log = logging.getLogger(__name__)

LOOK_AGAIN_S: Final = 1.0
"""How often the files are looked at; seconds."""

Load = Callable[["Way"], Serving]


@dataclass(frozen=True, slots=True)
class Way:
    """A step with a network."""

    step: Step
    model: Path
    index: Path
    providers: tuple[Rung, ...]

    @property
    def state(self) -> "WayState":
        """Equal as long as nothing was written that this way is made of. Reads the disk."""
        # By custom the weights lie beside their manifest under its name: copied later, they are seen as well.
        written = (_stamp(self.model), _stamp(self.model.with_suffix("")))
        return WayState(self.step, self.model, written, self.index, *state_of(self.index))


@dataclass(frozen=True, slots=True)
class WayState:
    """What a way was made of when it was looked at."""

    step: Step
    model: Path
    written: tuple[tuple[int, int], tuple[int, int]]
    """When manifest and weights were written, in ns, and their bytes; zeros: not there."""
    index: Path
    number: int
    """Of the index's state; 0: there is none."""
    calibrated: int


def _stamp(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


@dataclass(frozen=True, slots=True)
class ServiceStanding:
    """How recognition stands now."""

    step: Step
    provider: str = ""
    model: str = ""
    """Identity of its manifest."""
    artifacts: int = 0
    views: int = 0
    passed_over: tuple[tuple[Step, str], ...] = ()
    """Higher steps, and why each does not serve."""

    @property
    def is_degraded(self) -> bool:
        """Whether something better was meant to serve here."""
        return self.step in (Step.place, Step.unavailable) or any(
            NOT_BUILT_IN not in why for _, why in self.passed_over
        )


def ways_of(home: Home, models: Models) -> list[Way]:
    """The declared steps with a network, the best first."""
    processor = LADDER[-1:]
    small = [] if models.small is None else [(Step.small, models.small, processor)]
    declared = [(Step.gpu, models.gpu or models.cpu, LADDER[:-1]), (Step.cpu, models.cpu, processor), *small]
    return [Way(step, model, _index_of(home, model), providers) for step, model, providers in declared]


def _index_of(home: Home, model: Path) -> Path:
    try:
        return home.index(model)
    except ManifestError:
        # The same is said, of this step alone, when it is loaded.
        return home.folder / "indexes" / "unknown"


class Service:
    """See the module. :meth:`keep` must run; everything else is called on the same event loop."""

    def __init__(
        self,
        registry: Registry,
        ways: Callable[[], Sequence[Way]],
        *,
        load: Load | None = None,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``ways`` is asked anew at each look, in a thread; ``load`` makes one serve (default: from disk)."""
        self._registry, self._ways, self._clock = registry, ways, clock
        self._load = load or (lambda way: Serving.load(way.model, way.index, ladder=way.providers))
        self._descent = Descent(patience or Patience())
        self._seen: object = None
        self._declared: Sequence[Way] = ()
        self._small_is_indexed = False
        self._at: Way | None = None
        self._hurry = asyncio.Event()
        self._numbers = count(1)
        self._changed = asyncio.Condition()
        self.standing = ServiceStanding(Step.place)
        self.tell: Callable[[ServiceStanding], None] = lambda _: None
        """Called when the standing has changed."""

    def heard(self, *, failed: bool, late: bool) -> None:
        """A frame was answered by the version in service."""
        # A smaller network without an index of its own would answer nothing: late answers are better.
        cheaper = self._small_is_indexed and self._at is not None and self._below(self._at) is Step.small
        if self._at is not None and self._descent.took(
            self._clock(), failed=failed, late=late, cheaper=cheaper
        ):
            # Steps that did not hold at loading are left out already: the floor lies below the one that fell.
            if self._at in self._declared:
                self._descent.floor = max(self._descent.floor, self._declared.index(self._at) + 1)
            _log.error("recognition step %s is left: %s", self._at.step, "frames late" if late else "failed")
            self._hurry.set()

    def rested(self) -> bool:
        """Whether a step that was left is to be tried again at the next look."""
        return self._descent.rested(self._clock())

    async def keep(self) -> None:
        """Look at the files again and again, until cancelled."""
        while True:
            await self.look()
            self._hurry.clear()
            try:
                async with asyncio.timeout(LOOK_AGAIN_S):
                    await self._hurry.wait()
            except TimeoutError:
                self.rested()

    async def look(self) -> None:
        """Put into service what the files hold now, if that is not what serves already."""
        try:
            ways = await asyncio.to_thread(self._ways)
        except (ManifestError, OSError) as error:
            # What serves goes on, and is judged as before; a repaired file is taken at a later look.
            self._seen = None
            await self._tell(((Step.cpu, str(error)),))
            return
        states = await asyncio.to_thread(lambda: [way.state for way in ways])
        state = (states, self._descent.floor)
        if state == self._seen:
            return
        self._seen, self._declared = state, ways
        self._small_is_indexed = any(one.step is Step.small and one.number for one in states)
        passed_over: list[tuple[Step, str]] = []
        for place, way in enumerate(ways):
            if place < self._descent.floor:
                passed_over.append((way.step, "it failed in service and rests"))
            elif await self._taken(way, passed_over):
                break
        else:
            left = list(zip(ways, states, strict=True))[self._descent.floor :]
            self._none_holds([way for way, state in left if state.number])
        await self._tell(tuple(passed_over))

    async def stands(self, is_so: Callable[[ServiceStanding], bool]) -> ServiceStanding:
        """Wait until the standing is so."""
        async with self._changed:
            await self._changed.wait_for(lambda: is_so(self.standing))
        return self.standing

    async def _taken(self, way: Way, passed_over: list[tuple[Step, str]]) -> bool:
        if not any(rung.provider in offered_providers() for rung in way.providers):
            passed_over.append((way.step, NOT_BUILT_IN))
            return False
        name = f"{way.step}-{next(self._numbers)}"
        try:
            version = await self._registry.install(name, lambda: self._load(way))
        except Exception as error:  # whatever is wrong with a file must not end the service
            passed_over.append((way.step, str(error)))
            return False
        self._registry.promote(version)
        self._at = way
        return True

    def _none_holds(self, there: Sequence[Way]) -> None:
        """Damaged files leave what serves in service; files that are gone, or that failed, do not."""
        at = self._at
        serves_still = at is not None and any(way.index == at.index and way.step is at.step for way in there)
        if not serves_still:
            self._at = None
            self._registry.stand_down()

    async def _tell(self, passed_over: tuple[tuple[Step, str], ...]) -> None:
        live = self._registry.live
        if live is None or self._at is None:
            standing = ServiceStanding(Step.place, passed_over=passed_over)
        else:
            standing = _standing(self._at, live, passed_over)
        if standing != self.standing:
            level = logging.WARNING if standing.is_degraded else logging.INFO
            reasons = "; ".join(f"{step}: {why}" for step, why in passed_over if why != NOT_BUILT_IN)
            _log.log(
                level, "recognition stands on %s (%s, %d artifacts)%s",
                standing.step, self._at.model if self._at else "no model", standing.artifacts,
                f": {reasons}" if reasons else "",
            )  # fmt: skip
        async with self._changed:
            self.standing = standing
            self.tell(standing)
            self._changed.notify_all()

    def _below(self, way: Way) -> Step | None:
        place = list(self._declared).index(way) if way in self._declared else len(self._declared)
        return self._declared[place + 1].step if place + 1 < len(self._declared) else None


def _standing(way: Way, live: Version, passed_over: tuple[tuple[Step, str], ...]) -> ServiceStanding:
    assert live.state is State.live
    serving = live.serving
    provider = serving.recognizer.standing.provider
    return ServiceStanding(
        way.step, provider, serving.model, len(serving.index.artifacts), len(serving.index), passed_over
    )

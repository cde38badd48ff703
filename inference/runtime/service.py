"""Keeps a recognizer in service: the best step of the ladder that holds, with the index as it is on disk.

A new index, calibration or model is put into service soon after it was written, without a frame lost; one
that is damaged is told, and what served before goes on. A step that fails is left for the next one. A model
that has not served here yet is a canary first, where so wished: it answers a share of the clients beside the
one in service, and takes its place or is rolled back.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Final

from inference.manifest import ManifestError, read_manifest
from inference.runtime.canary import Judgment, Verdict
from inference.runtime.home import Home, Models, state_of
from inference.runtime.ladder import Descent, Patience, Step
from inference.runtime.recognizer import LADDER, NOT_BUILT_IN, Rung, offered_providers
from inference.runtime.registry import Registry, State, Version
from inference.runtime.serving import Serving

_log = logging.getLogger(__name__)

LOOK_AGAIN_S: Final = 1.0
"""How often the files are looked at; seconds."""

_REFUSED: Final = (
    "model {model} was rolled back and is not tried again ({why}); it is still chosen: name another by "
    "`twin index --model`, or by recognition.model where that is set"
)

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
    canary: str = ""
    """Identity of the model that is tried beside it."""
    rolled_back: tuple[str, str] | None = None
    """Identity of the model that was last taken back, and why; ``None``: none since a model was tried."""

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


def models_of(ways: Sequence[Way]) -> Models:
    """What :func:`ways_of` declares these ways for."""
    of_step = {way.step: way.model for way in ways}
    cpu, gpu = of_step[Step.cpu], of_step.get(Step.gpu)
    return Models(cpu, None if gpu == cpu else gpu, of_step.get(Step.small))


@dataclass(frozen=True, slots=True)
class Newcomers:
    """How a model that has not served here is let in."""

    share: float = 0.0
    """Of the clients that it answers first; 0: all, at once."""
    take_back: Callable[[Path, Sequence[Way]], str] = lambda *_: ""
    """Called in a thread with the manifest of a model that was rolled back and the ways that go on: have the
    files name these again. Tells in words what is left to do; empty: nothing."""


@dataclass(frozen=True, slots=True)
class _Tried:
    """A way on trial."""

    way: Way
    ways: Sequence[Way]
    """All that were declared with it."""
    model: str


def _identity(model: Path) -> str:
    """Of a manifest; empty where none can be read."""
    try:
        return read_manifest(model).identity
    except ManifestError:
        return ""


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
        newcomers: Newcomers | None = None,
    ) -> None:
        """``ways`` is asked anew at each look, in a thread; ``load`` makes one serve (default: from disk).

        Time is what the registry's clock says.
        """
        self._registry, self._ways, self._clock = registry, ways, registry.clock
        self._newcomers = newcomers or Newcomers()
        registry.judged = self._judged
        self._load = load or (lambda way: Serving.load(way.model, way.index, ladder=way.providers))
        self._descent = Descent(patience or Patience())
        self._seen: object = None
        self._declared: Sequence[Way] = ()
        self._small_is_indexed = False
        self._at: Way | None = None
        self._around: Sequence[Way] = ()
        """The ways that were declared with the one in service."""
        self._served: set[str] = set()
        """Identities of the models that were in service."""
        self._tried: _Tried | None = None
        self._verdicts: list[tuple[_Tried, Judgment]] = []
        """Not yet told."""
        self._rolled_back: tuple[str, str] | None = None
        self._refused: dict[str, str] = {}
        """Reasons of the models that were rolled back and are named by the files all the same."""
        self.rollbacks = 0
        """Models that were taken back since the start."""
        self._passed_over: tuple[tuple[Step, str], ...] = ()
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
            self._descent.floor = max(self._descent.floor, self._around.index(self._at) + 1)
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
        await self._settle()
        try:
            ways = await asyncio.to_thread(self._ways)
        except (ManifestError, OSError) as error:
            # What serves goes on, and is judged as before; a repaired file is taken at a later look.
            self._seen = None
            await self._tell(((Step.cpu, str(error)),))
            return
        ways, passed_over = await self._not_refused(ways)
        states = await asyncio.to_thread(lambda: [way.state for way in ways])
        state = (states, self._descent.floor, tuple(passed_over))
        if state == self._seen:
            return
        self._seen, self._declared = state, tuple(ways)
        self._small_is_indexed = any(one.step is Step.small and one.number for one in states)
        for place, way in enumerate(ways):
            if place < self._descent.floor:
                passed_over.append((way.step, "it failed in service and rests"))
            elif await self._taken(way, passed_over):
                break
        else:
            await self._none_holds()
        await self._tell(tuple(passed_over))

    async def stands(self, is_so: Callable[[ServiceStanding], bool]) -> ServiceStanding:
        """Wait until the standing is so."""
        async with self._changed:
            await self._changed.wait_for(lambda: is_so(self.standing))
        return self.standing

    def _judged(self, _: Version, judgment: Judgment) -> None:
        """A canary's trial has ended; what is left to do waits for the next look."""
        tried, self._tried = self._tried, None
        if tried is None:
            return
        if judgment.verdict is Verdict.promote:
            self._serves(tried.way, tried.ways, tried.model)
            _log.info("model %s does as well as the one before, and serves from now on", tried.model)
        else:
            self.rollbacks += 1
            self._rolled_back = tried.model, judgment.reason
            self._refused[tried.model] = judgment.reason
            _log.error("model %s was rolled back, the one before goes on: %s", tried.model, judgment.reason)
        self._verdicts.append((tried, judgment))
        self._hurry.set()

    async def _settle(self) -> None:
        """Have the files name again what serves, where a model was rolled back, and tell how it stands."""
        verdicts, self._verdicts = self._verdicts, []
        for tried, judgment in verdicts:
            if judgment.verdict is Verdict.roll_back and self._around:
                left = await asyncio.to_thread(self._newcomers.take_back, tried.way.model, self._around)
                if left:
                    _log.error("%s is still chosen, and a restart would serve it: %s", tried.way.model, left)
        if verdicts:
            await self._tell(self._passed_over)

    async def _not_refused(self, ways: Sequence[Way]) -> tuple[Sequence[Way], list[tuple[Step, str]]]:
        """The ways to look at, and what is passed over since it was rolled back and is still declared.

        A refused model is tried anew once other files were declared in between, or its own have changed.
        """
        if not self._refused:
            return ways, []
        models = await asyncio.to_thread(lambda: [_identity(way.model) for way in ways])
        self._refused = {model: why for model, why in self._refused.items() if model in models}
        passed_over = [
            (way.step, _REFUSED.format(model=model, why=self._refused[model]))
            for way, model in zip(ways, models, strict=True)
            if model in self._refused
        ]
        return (self._around if passed_over else ways), passed_over

    def _serves(self, way: Way, ways: Sequence[Way], model: str) -> None:
        self._at, self._around = way, ways
        self._served.add(model)

    def _is_tried_first(self, model: str) -> bool:
        """Whether it is new, and something serves that can do so meanwhile."""
        if self._registry.live is None or self._at is None or not self._newcomers.share:
            return False
        return model not in self._served and not self._has_fallen(self._at)

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
        model = version.serving.model
        # Whatever was tried so far is no longer what the files hold.
        self._registry.roll_back("the files name another version")
        self._tried = None
        if self._is_tried_first(model):
            self._tried, self._rolled_back = _Tried(way, self._declared, model), None
            self._registry.try_out(version, self._newcomers.share)
            _log.info("model %s answers %.0f %% of the clients first", model, 100 * self._newcomers.share)
        else:
            self._registry.promote(version)
            self._serves(way, self._declared, model)
        return True

    async def _none_holds(self) -> None:
        """Damaged files leave what serves in service; files that are gone, or that failed, do not."""
        at = self._at
        if at is None or self._has_fallen(at) or not (await asyncio.to_thread(lambda: at.state)).number:
            self._at = self._tried = None
            self._registry.stand_down()

    def _has_fallen(self, at: Way) -> bool:
        """Whether the step that serves was left because of its faults."""
        return any(way.step is at.step for way in self._declared[: self._descent.floor])

    async def _tell(self, passed_over: tuple[tuple[Step, str], ...]) -> None:
        self._passed_over, live = passed_over, self._registry.live
        if live is None or self._at is None:
            standing = ServiceStanding(Step.place, passed_over=passed_over)
        else:
            standing = _standing(self._at, live, passed_over)
        canary = "" if self._tried is None else self._tried.model
        standing = replace(standing, canary=canary, rolled_back=self._rolled_back)
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
        place = self._around.index(way)
        return self._around[place + 1].step if place + 1 < len(self._around) else None


def _standing(way: Way, live: Version, passed_over: tuple[tuple[Step, str], ...]) -> ServiceStanding:
    assert live.state is State.live
    serving = live.serving
    provider = serving.recognizer.standing.provider
    return ServiceStanding(
        way.step, provider, serving.model, len(serving.index.artifacts), len(serving.index), passed_over
    )

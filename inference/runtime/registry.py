"""Which recognizer answers: loaded, proved, put into service, watched, drained, retired.

A version goes forward through the states of ``TRANSITIONS`` and never back. A frame holds a lease on the
version that answers it, so a swap loses no frame: the old version drains and is closed with its last lease.
A canary answers a share of the clients; it is promoted or rolled back by what ``canary.judge`` finds.
All methods are called on one event loop; loading runs in a thread.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inference.runtime.batching import Batcher, BatchLimits
from inference.runtime.canary import CanaryLimits, Fared, Judgment, Trial, Verdict
from inference.runtime.serving import Serving

_log = logging.getLogger(__name__)

Input = NDArray[np.uint8]
Embedding = NDArray[np.float32]


class State(StrEnum):
    """Of a version."""

    loading = "loading"
    warm = "warm"
    canary = "canary"
    live = "live"
    draining = "draining"
    retired = "retired"
    refused = "refused"
    """It could not be loaded, or did not keep its promises."""


TRANSITIONS: Final[Mapping[State, frozenset[State]]] = {
    State.loading: frozenset({State.warm, State.refused}),
    State.warm: frozenset({State.canary, State.live, State.draining}),
    State.canary: frozenset({State.live, State.draining}),
    State.live: frozenset({State.draining}),
    State.draining: frozenset({State.retired}),
    State.retired: frozenset(),
    State.refused: frozenset(),
}


class StateError(RuntimeError):
    """A step that the state of a version does not allow."""


class NothingLive(RuntimeError):
    """No recognizer is in service."""


@dataclass(slots=True, eq=False)
class Version:
    """One recognizer with its gallery and what became of it."""

    name: str
    state: State = State.loading
    reason: str = ""
    """Why it was refused or rolled back."""
    leases: int = 0
    _serving: Serving | None = None
    _batcher: Batcher[Input, Embedding] | None = None
    _thread: ThreadPoolExecutor | None = None
    _loop: "asyncio.Task[None] | None" = None

    @property
    def serving(self) -> Serving:
        """What answers. Raises :class:`StateError` before it is loaded and after it is retired."""
        if self._serving is None:
            raise StateError(f"{self.name} is {self.state}: it answers nothing")
        return self._serving

    @property
    def batcher(self) -> Batcher[Input, Embedding]:
        """Collects frames for its network. Raises :class:`StateError` likewise."""
        if self._batcher is None:
            raise StateError(f"{self.name} is {self.state}: it runs nothing")
        return self._batcher

    def enter(self, state: State) -> None:
        """Take a step. Raises :class:`StateError` where the table has no such step."""
        if state not in TRANSITIONS[self.state]:
            raise StateError(f"{self.name} is {self.state} and cannot become {state}")
        _log.info("recognizer %s: %s -> %s", self.name, self.state, state)
        self.state = state


class Registry:
    """All versions. ``async with`` it: the batch loops run inside, and the death of one ends the block."""

    def __init__(
        self,
        limits: BatchLimits | None = None,
        canary_limits: CanaryLimits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits, self.clock = limits or BatchLimits(), clock
        self._canary_limits = canary_limits or CanaryLimits()
        self._group = asyncio.TaskGroup()
        self._live: Version | None = None
        self._canary: Version | None = None
        self._trial: Trial | None = None
        self.judged: Callable[[Version, Judgment], None] = lambda *_: None
        """Told when a canary was promoted or rolled back by how it fared."""

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for version in (self._canary, self._live):
            if version is not None:
                self._drain(version)
                if version.state is not State.retired:
                    self._retire(version)
        self._live = self._canary = None
        await self._group.__aexit__(kind, error, trace)

    @property
    def live(self) -> Version | None:
        """What is in service."""
        return self._live

    @property
    def canary(self) -> Version | None:
        """What is being tried on a share of the clients."""
        return self._canary

    async def install(self, name: str, load: Callable[[], Serving]) -> Version:
        """Load and warm a version; ``load`` runs in a thread and raises where it finds anything amiss.

        What ``load`` raises is raised here, and the version, then ``refused``, never serves.
        """
        version = Version(name)
        try:
            serving = await asyncio.to_thread(load)
        except Exception as error:
            version.reason = str(error)
            version.enter(State.refused)
            raise
        version._serving = serving
        version._thread = ThreadPoolExecutor(1, thread_name_prefix=f"network {name}")
        version._batcher = Batcher(_runner(serving), version._thread, self._limits)
        version._loop = self._group.create_task(_served(version._batcher))
        version.enter(State.warm)
        return version

    def promote(self, version: Version) -> None:
        """Put a version into service; the one before drains. Raises :class:`StateError` if not ready."""
        version.enter(State.live)
        if self._canary is version:
            self._canary = self._trial = None
        older, self._live = self._live, version
        if older is not None:
            self._drain(older)

    def stand_down(self) -> None:
        """Take everything out of service: frames are answered as unavailable."""
        self.roll_back("nothing serves any more")
        older, self._live = self._live, None
        if older is not None:
            self._drain(older)

    def try_out(self, version: Version, share: float) -> None:
        """Let a version answer a share of the clients, always the same ones, until it has proved itself."""
        if self._live is None or self._canary is not None:
            raise StateError("a canary needs a live version beside it, and no other canary")
        if not 0.0 < share < 1.0:
            raise ValueError(f"a share of {share}; it lies between 0 and 1")
        version.enter(State.canary)
        self._canary = version
        self._trial = Trial(share, self._canary_limits)

    def roll_back(self, reason: str) -> None:
        """Take the canary out of service."""
        canary, self._canary, self._trial = self._canary, None, None
        if canary is not None:
            canary.reason = reason
            _log.warning("recognizer %s rolled back: %s", canary.name, reason)
            self._drain(canary)

    @contextmanager
    def lease(self, client: str, *, proved: bool = False) -> Iterator[Version]:
        """The version that answers this client, kept in service until the block ends; ``proved``: no canary.

        Raises :class:`NothingLive`.
        """
        version = self._live
        if self._trial is not None and not proved and self._trial.shows(client, self.clock()):
            version = self._canary
        if version is None:
            raise NothingLive("no recognizer is in service")
        version.leases += 1
        try:
            yield version
        finally:
            version.leases -= 1
            if version.state is State.draining and version.leases == 0:
                self._retire(version)

    def took(self, version: Version, client: str, fared: Fared) -> None:
        """Count a client's frame; a canary may be promoted or rolled back by it."""
        trial = self._trial
        if trial is None or version not in (self._canary, self._live):
            return
        judgment = trial.took(client, fared, self.clock(), is_canary=version is self._canary)
        # The other's frames judge nothing, but with the first of them the trial's time begins.
        if version is not self._canary or judgment.verdict is Verdict.watch:
            return
        if judgment.verdict is Verdict.promote:
            self.promote(version)
        else:
            self.roll_back(judgment.reason)
        self.judged(version, judgment)

    def _drain(self, version: Version) -> None:
        version.enter(State.draining)
        if version.leases == 0:
            self._retire(version)

    def _retire(self, version: Version) -> None:
        version.enter(State.retired)
        if version._loop is not None:
            version._loop.cancel()
        if version._thread is not None:
            version._thread.shutdown(wait=False)
        if version._serving is not None:
            version._serving.close()
        version._serving = version._batcher = version._thread = version._loop = None


def _runner(serving: Serving) -> Callable[[Sequence[Input]], Sequence[Embedding]]:
    run = serving.recognizer.run
    return lambda inputs: list(run(inputs))


async def _served(batcher: Batcher[Input, Embedding]) -> None:
    await batcher.serve()

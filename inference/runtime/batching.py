"""The loop that fills batches: many callers, one network, and none of them can hurt another.

Each client has at most one frame waiting; a newer one takes its place, and the older caller is told at once.
A caller that gives up is skipped. A batch that fails fails its own callers. A loop that dies fails everyone
who waits and ends :meth:`Batcher.serve` with the error, so that whoever runs it hears of it.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from inference.runtime.policy import Arrivals, LatencyFit, Line, Run, decide

T = TypeVar("T")
R = TypeVar("R")

PRIOR: Final = Line(0.0, 0.005)
"""Assumed until the first batch was measured."""


class NotRun(RuntimeError):
    """A frame that was not run; nothing is wrong with it."""


class Superseded(NotRun):
    """A newer frame of the same client came first."""


class Late(NotRun):
    """It could not have been ready by its deadline."""


class Full(NotRun):
    """As many clients wait as may."""


class Stopped(NotRun):
    """The loop has ended."""


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """How large things may get."""

    frames: int = 16
    """In one batch."""
    waiting: int = 256
    """Clients with a frame in the queue."""


@dataclass(slots=True)
class BatchStatistics:
    """Counts since the start."""

    frames: int = 0
    batches: int = 0
    failed_batches: int = 0
    superseded: int = 0
    late: int = 0
    refused: int = 0
    cancelled: int = 0
    waiting: int = 0
    """Now."""


@dataclass(slots=True)
class _Waiting(Generic[T, R]):
    frame: T
    deadline: float
    future: "asyncio.Future[R]"


class Batcher(Generic[T, R]):
    """Collects frames and runs them together. Everything but the network's own run is on one event loop."""

    def __init__(
        self,
        run: Callable[[Sequence[T]], Sequence[R]],
        executor: Executor,
        limits: BatchLimits = BatchLimits(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._run, self._executor, self._limits, self._clock = run, executor, limits, clock
        self._queue: dict[str, _Waiting[T, R]] = {}
        self._fit, self._arrivals = LatencyFit(PRIOR), Arrivals()
        self._came = asyncio.Event()
        self._ended = False
        self.statistics = BatchStatistics()

    @property
    def line(self) -> Line:
        """Latency of a batch as measured so far."""
        return self._fit.line

    async def submit(self, client: str, frame: T, deadline: float) -> R:
        """Run a frame with others; ``deadline`` is on the batcher's clock.

        Raises :class:`Superseded`, :class:`Late`, :class:`Full` or :class:`Stopped` where it was not run,
        and whatever the network raised for its batch.
        """
        if self._ended:
            raise Stopped("the batch loop has ended")
        if client not in self._queue and len(self._queue) >= self._limits.waiting:
            self.statistics.refused += 1
            raise Full(f"{self._limits.waiting} clients wait already")
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        # Taken out and put in anew: the newer frame stands at the end of the queue.
        older = self._queue.pop(client, None)
        if older is not None and not older.future.done():
            self.statistics.superseded += 1
            older.future.set_exception(Superseded("a newer frame of the same client came"))
        self._queue[client] = _Waiting(frame, deadline, future)
        self._arrivals.came(self._clock())
        self._came.set()
        return await future

    async def serve(self) -> None:
        """Run batches until cancelled. Raises what killed the loop; everyone who waits is told either way."""
        try:
            while True:
                await self._turn()
        finally:
            self._ended = True
            for waiting in self._queue.values():
                _fail(waiting, Stopped("the batch loop has ended"))
            self._queue.clear()

    async def _turn(self) -> None:
        self._forget_cancelled()
        if not self._queue:
            self._came.clear()
            await self._came.wait()
            return
        now = self._clock()
        queue = list(self._queue.items())
        deadlines = [waiting.deadline for _, waiting in queue]
        decision = decide(deadlines, now, self._fit.line, self._arrivals.until_next(now), self._limits.frames)
        for place in decision.late:
            client, waiting = queue[place]
            del self._queue[client]
            self.statistics.late += 1
            _fail(waiting, Late("it could not have been ready by its deadline"))
        if not isinstance(decision, Run):
            await self._wait(decision.time - now)
        elif decision.frames:
            batch = [queue[place] for place in decision.frames]
            for client, _ in batch:
                del self._queue[client]
            await self._batch([waiting for _, waiting in batch])

    async def _wait(self, seconds: float) -> None:
        self._came.clear()
        try:
            async with asyncio.timeout(max(seconds, 0.0)):
                await self._came.wait()
        except TimeoutError:
            pass

    async def _batch(self, batch: list[_Waiting[T, R]]) -> None:
        frames = [waiting.frame for waiting in batch]
        began = self._clock()
        try:
            results = await asyncio.get_running_loop().run_in_executor(self._executor, self._run, frames)
            if len(results) != len(frames):
                raise RuntimeError(f"{len(results)} results for a batch of {len(frames)} frames")
        except Exception as error:
            self.statistics.failed_batches += 1
            for waiting in batch:
                _fail(waiting, error)
            return
        except BaseException:
            for waiting in batch:
                _fail(waiting, Stopped("the batch loop has ended"))
            raise
        self._fit.measured(len(frames), self._clock() - began)
        self.statistics.batches += 1
        self.statistics.frames += len(frames)
        for waiting, result in zip(batch, results, strict=True):
            if not waiting.future.done():
                waiting.future.set_result(result)

    def _forget_cancelled(self) -> None:
        gone = [client for client, waiting in self._queue.items() if waiting.future.done()]
        for client in gone:
            del self._queue[client]
        self.statistics.cancelled += len(gone)
        self.statistics.waiting = len(self._queue)


def _fail(waiting: _Waiting[T, R], error: Exception) -> None:
    if not waiting.future.done():
        waiting.future.set_exception(error)

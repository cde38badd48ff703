"""From a camera frame to its one answer: the way through decode, batch, search and verification.

Every frame gets exactly one :class:`Sightings`, whatever happens to it. Decoding and searching run in worker
threads, the network in a thread of its own; nothing here blocks the event loop.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from inference.runtime.batching import Full, Late, Stopped, Superseded
from inference.runtime.canary import Fared
from inference.runtime.decoding import Frame, UnreadableFrame
from inference.runtime.registry import NothingLive, Registry, State, Version
from inference.runtime.serving import ANYTHING, Question
from inference.runtime.sightings import Rejection, RejectionReason, Sighting, Sightings, StageTime

_log = logging.getLogger(__name__)

T = TypeVar("T")

REASONS: Final[dict[type[Exception], RejectionReason]] = {
    UnreadableFrame: RejectionReason.unreadable,
    Superseded: RejectionReason.superseded,
    Late: RejectionReason.late,
    TimeoutError: RejectionReason.late,
    Full: RejectionReason.late,
    Stopped: RejectionReason.unavailable,
    NothingLive: RejectionReason.unavailable,
}
"""What an error means to the visitor; any other is a failure of ours: unavailable, and loud in the log."""
FAILED: Final = "the recognizer failed on this frame"
BY_PLACE: Final = "stands near the visitor; the picture was not looked at"


class Heard(Protocol):
    """Listens to how frames fare."""

    def __call__(self, *, failed: bool, late: bool) -> None:
        """A frame was answered."""


class Recognition:
    """Answers frames with whatever recognizer the registry has in service."""

    def __init__(
        self, registry: Registry, workers: int = 2, heard: Heard = lambda *, failed, late: None
    ) -> None:
        """``heard`` is told of each answered frame whether it failed by a fault of ours, or came late."""
        self._registry, self._heard = registry, heard
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="recognition")

    def close(self) -> None:
        """Let the worker threads go; frames under way are answered as unavailable."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    async def look(
        self,
        client: str,
        frame: Frame | NDArray[np.uint8],
        seconds: float = 2.0,
        question: Question = ANYTHING,
    ) -> Sightings:
        """What the frame shows: bytes as they came, or pixels (h, w, 3) or (h, w) decoded by the caller.

        ``seconds`` is how long the answer may take. Never raises but for cancellation.
        """
        deadline = time.monotonic() + seconds
        try:
            answer, must_repeat = await self._once(client, frame, deadline, question)
            if must_repeat:
                # What a new model cannot do is no loss of the visitor's: the one in service can.
                answer, _ = await self._once(client, frame, deadline, question, proved=True)
            return answer
        except NothingLive as error:
            rejection = Rejection(RejectionReason.unavailable, str(error))
            return Sightings("", rejection=rejection, nearby=_by_place(question.candidates or ()))

    async def _once(
        self,
        client: str,
        frame: Frame | NDArray[np.uint8],
        deadline: float,
        question: Question,
        *,
        proved: bool = False,
    ) -> tuple[Sightings, bool]:
        """The answer of one version, and whether it is the failure of one that is only tried."""
        began = time.monotonic()
        with self._registry.lease(client, proved=proved) as version:
            is_tried = version.state is State.canary
            answer, failed = await self._guarded(version, client, frame, deadline, question)
            fared = Fared(time.monotonic() - began, error=failed, abstained=not answer.sightings)
            self._registry.took(version, client, fared)
            if version is self._registry.live:
                self._heard(failed=failed, late=_is_late(answer))
            return answer, failed and is_tried

    async def _guarded(
        self,
        version: Version,
        client: str,
        frame: Frame | NDArray[np.uint8],
        deadline: float,
        question: Question,
    ) -> tuple[Sightings, bool]:
        """The answer, and whether it is a failure of ours."""
        model = version.serving.model
        stages: list[StageTime] = []
        try:
            async with asyncio.timeout_at(asyncio.get_running_loop().time() + deadline - time.monotonic()):
                answer = await self._answered(version, client, frame, deadline, (question, stages))
                return replace(answer, stages=tuple(stages)), False
        except tuple(REASONS) as error:
            reason = REASONS[type(error)]
            told = str(error) or "no answer by its deadline"
            return Sightings(model, rejection=Rejection(reason, told), stages=tuple(stages)), False
        except Exception:
            _log.exception("recognizer %s failed on a frame", version.name)
            rejection = Rejection(RejectionReason.unavailable, FAILED)
            return Sightings(model, rejection=rejection, stages=tuple(stages)), True

    async def _answered(
        self,
        version: Version,
        client: str,
        frame: Frame | NDArray[np.uint8],
        deadline: float,
        wanted: tuple[Question, list[StageTime]],
    ) -> Sightings:
        question, stages = wanted
        serving = version.serving
        prepared = await self._timed("decode", stages, lambda: serving.prepare(frame))
        began = time.perf_counter_ns()
        embedding = await version.batcher.submit(client, prepared.input, deadline)
        stages.append(StageTime("embed", time.perf_counter_ns() - began))
        found = await self._timed("search", stages, lambda: serving.interpret(embedding, prepared, question))
        if found.verifying:
            search = stages.pop()
            stages.append(replace(search, duration=search.duration - found.verifying))
            stages.append(StageTime("verify", found.verifying))
        return Sightings(serving.model, found.sightings, found.rejection, found.nearby)

    async def _timed(self, stage: str, stages: list[StageTime], work: Callable[[], T]) -> T:
        began = time.perf_counter_ns()
        result = await asyncio.get_running_loop().run_in_executor(self._workers, work)
        stages.append(StageTime(stage, time.perf_counter_ns() - began))
        return result


def _is_late(answer: Sightings) -> bool:
    return answer.rejection is not None and answer.rejection.reason is RejectionReason.late


def _by_place(candidates: Collection[str]) -> tuple[Sighting, ...]:
    """What stands near the visitor, where no network looked at the picture: it has no score."""
    return tuple(Sighting(artifact, 0.0, 0.0, "", BY_PLACE) for artifact in candidates)

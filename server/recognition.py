"""The recognizer as the live connection sees it: a picture in, sightings or a refusal out. A port.

Frames are opened (JPEG, PNG, raw gray) in a thread and recognized wherever the adapter likes, never on the
event loop. Of each client at most one frame is being looked at and one waits; a newer one takes the place of
one that waits, be it for its client's former one or for a turn among all clients, and that one is answered
as superseded. One whose turn does not come in time is answered as late, so a frame never waits for ever.
Every frame gets exactly one answer, unless its client went for good. What a picture shows is never kept.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from inference.runtime import decoding
from server.metrics import Metrics, NoMetrics
from server.upright import Turning

_log = logging.getLogger(__name__)

Pixels = NDArray[np.uint8]
LARGEST_SIDE: Final = 4096
"""Pixels; a larger picture is refused before it is opened."""
LEAST_SIDE: Final = 448
"""Pixels; a large JPEG is opened at a half, a quarter or an eighth of its size, but no smaller than this."""


@dataclass(frozen=True, slots=True)
class Lens:
    """A pinhole camera; pixels from the upper left corner of the frame."""

    fx: float
    fy: float
    cx: float
    cy: float
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Standpoint:
    """An artifact's own frame in the camera's, which looks along -Z with +Y up; metres."""

    position: tuple[float, float, float]
    rotation: tuple[float, float, float, float]
    """Quaternion, x, y, z, w."""
    error: float
    """Root mean square distance of points as seen and as this pose puts them, pixels."""
    lens: Lens
    """The camera it was seen with."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A camera frame as it came."""

    number: int
    encoding: str
    """``jpeg``, ``png`` or ``gray8``."""
    width: int
    height: int
    image: bytes
    near: tuple[str, ...] = ()
    """Artifacts that the visitor perceives where they stand."""
    lens: Lens | None = None
    """The camera, where the device says."""
    visitor: str = ""
    """The same for all frames of a visit: which version of a model answers goes by it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An opened frame, upright. ``pixels`` is uint8, (height, width, 3) in sRGB, or (height, width).

    A recognizer answers in pixels of the upright picture at the size of the frame; :class:`Frames` turns the
    answer back where EXIF turned the frame.
    """

    pixels: Pixels
    near: tuple[str, ...] = ()
    """Artifacts that the visitor perceives where they stand; empty where that is not known."""
    lens: Lens | None = None
    """The camera, where the device says; of this picture at the size of the frame."""
    reduction: float = 1.0
    """How many pixels of the frame one of these is wide."""
    deadline: float | None = None
    """When the answer is waited for no longer, as ``time.monotonic`` counts; ``None``: not said."""
    turning: Turning | None = None
    """How EXIF turned the frame to be upright; ``None``: it was."""
    visitor: str = ""
    """The same for all pictures of a visit; empty: not known."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One artifact in a picture."""

    artifact: str
    score: float
    """Calibrated, 0-1."""
    evidence: str = ""
    corners: tuple[float, ...] = ()
    """x, y pairs in pixels, clockwise from the top left."""
    view: str = ""
    """The gallery's view that it is nearest to."""
    inliers: int = 0
    """Local features that agree on one geometry; 0 where not looked at."""
    region: tuple[float, ...] = ()
    """Hull of those features: x, y pairs in pixels."""
    pose: Standpoint | None = None
    """Where it is before the camera."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a frame: artifacts, best first, or a reason why there are none."""

    seen: tuple[Seen, ...] = ()
    refusal: str = ""
    """``not_ours``, ``unreadable``, ``superseded``, ``no_consent``, ``unavailable``, ``late``,
    ``uncertain`` or ``other`` where ``seen`` is empty."""
    detail: str = ""
    stages: tuple[tuple[str, int], ...] = ()
    """Name and nanoseconds of each step."""
    model: str = ""
    """Hash of the manifest of the model."""
    nearby: tuple[Seen, ...] = ()
    """What was seen if only artifacts near the visitor are considered; beside a refusal as well."""


class Recognizer(Protocol):
    """Tells which artifact a picture shows. Many calls may be under way at once."""

    async def recognize(self, picture: Picture) -> Outcome:
        """Sightings, or a refusal. May be cancelled at any await; must not block the event loop."""


class UnreadableFrame(Exception):
    """A frame that cannot be opened."""


Answer = Callable[[int, Outcome], None]
"""Takes the frame's number and what came of it."""


@dataclass(slots=True)
class _Desk:
    answer: Answer
    task: asyncio.Task[None] | None = None
    looking: int = 0
    waiting: Frame | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much work frames may make."""

    deadline: float = 2.0
    """Seconds from a frame's turn to its answer."""
    wait: float = 2.0
    """Seconds that a frame, next of its client's, may wait for its turn among those of all clients."""
    parallel: int = 4
    """Frames of all clients looked at at once."""
    threads: int = 2
    """Threads that open images."""


@dataclass(slots=True)
class Statistics:
    """Counters since the start."""

    answered: int = 0
    superseded: int = 0
    cancelled: int = 0
    failed: int = 0


class Frames:
    """All clients' camera frames. ``None`` as recognizer answers every frame as unavailable."""

    def __init__(
        self, recognizer: Recognizer | None, bounds: Bounds | None = None, metrics: Metrics | None = None
    ) -> None:
        self._recognizer = recognizer
        self._bounds = bounds or Bounds()
        self._metrics = metrics or NoMetrics()
        self._desks: dict[object, _Desk] = {}
        self._turn = asyncio.Semaphore(self._bounds.parallel)
        self._threads = ThreadPoolExecutor(self._bounds.threads, thread_name_prefix="frames")
        self.statistics = Statistics()

    @property
    def is_available(self) -> bool:
        """Whether there is a recognizer."""
        return self._recognizer is not None

    @property
    def waiting(self) -> int:
        """Frames under way and waiting."""
        return sum((desk.task is not None) + (desk.waiting is not None) for desk in self._desks.values())

    def offer(self, client: object, frame: Frame, answer: Answer) -> None:
        """Look at ``frame`` when its turn comes; ``answer`` is called on the event loop, once."""
        if self._recognizer is None:
            answer(frame.number, Outcome(refusal="unavailable", detail="no recognizer runs here"))
            return
        desk = self._desks.get(client)
        if desk is None:
            desk = self._desks[client] = _Desk(answer)
        desk.answer = answer
        if desk.task is None:
            self._begin(client, desk, frame)
            return
        if desk.waiting is not None:
            self._supersede(desk, desk.waiting)
        desk.waiting = frame

    def cancel(self, client: object, *, answered: bool) -> None:
        """The client went. ``answered``: it may come back, so its frames are answered as lost."""
        desk = self._desks.pop(client, None)
        if desk is None:
            return
        numbers = [desk.looking] if desk.task is not None else []
        if desk.waiting is not None:
            numbers.append(desk.waiting.number)
        if desk.task is not None:
            desk.task.cancel()
        self.statistics.cancelled += len(numbers)
        for number in numbers if answered else ():
            desk.answer(number, Outcome(refusal="other", detail="the connection was lost meanwhile"))

    async def close(self) -> None:
        """Cancel everything and let go of the threads."""
        tasks = [desk.task for desk in self._desks.values() if desk.task is not None]
        for client in list(self._desks):
            self.cancel(client, answered=False)
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(self._threads.shutdown)

    def _newest(self, desk: _Desk, frame: Frame) -> Frame:
        """What to look at now that it is the client's turn: a newer frame may have come while it waited."""
        newer, desk.waiting = desk.waiting, None
        if newer is None:
            return frame
        desk.looking = newer.number
        self._supersede(desk, frame)
        return newer

    def _supersede(self, desk: _Desk, frame: Frame) -> None:
        self.statistics.superseded += 1
        self._metrics.dropped("frame")
        desk.answer(frame.number, Outcome(refusal="superseded", detail="a newer frame came"))

    def _begin(self, client: object, desk: _Desk, frame: Frame) -> None:
        desk.looking = frame.number
        desk.task = asyncio.get_running_loop().create_task(self._look(client, desk, frame))

    async def _look(self, client: object, desk: _Desk, frame: Frame) -> None:
        try:
            frame, outcome = await self._in_turn(desk, frame)
        finally:
            # Cancelled: the desk was taken away, and its frames were answered by whoever did.
            if self._desks.get(client) is desk:
                desk.task = None
        self.statistics.answered += 1
        desk.answer(frame.number, outcome)
        if desk.waiting is not None:
            following, desk.waiting = desk.waiting, None
            self._begin(client, desk, following)

    async def _in_turn(self, desk: _Desk, frame: Frame) -> tuple[Frame, Outcome]:
        """What came of the client's newest frame once its turn among all clients was there, if it came."""
        began, must_wait = time.perf_counter_ns(), self._turn.locked()
        try:
            async with asyncio.timeout(self._bounds.wait):
                await self._turn.acquire()
        except TimeoutError:
            late = f"its turn did not come within {self._bounds.wait:g} s"
            waited = time.perf_counter_ns() - began
            return frame, Outcome(refusal="late", detail=late, stages=(("queue", waited),))
        try:
            if must_wait:
                frame = self._newest(desk, frame)
            queued = time.perf_counter_ns() - began
            outcome = await self._judged(frame)
        finally:
            self._turn.release()
        return frame, replace(outcome, stages=(("queue", queued), *outcome.stages))

    async def _judged(self, frame: Frame) -> Outcome:
        assert self._recognizer is not None
        try:
            async with asyncio.timeout(self._bounds.deadline):
                return await self._recognized(frame, self._recognizer)
        except TimeoutError:
            return Outcome(refusal="late", detail=f"no answer within {self._bounds.deadline:g} s")
        except UnreadableFrame as error:
            return Outcome(refusal="unreadable", detail=str(error))
        except Exception:
            # One picture must not end the service, whatever an adapter raises; it is loud in the log.
            self.statistics.failed += 1
            _log.exception("the recognizer failed on a frame")
            return Outcome(refusal="other", detail="the recognizer failed")

    async def _recognized(self, frame: Frame, recognizer: Recognizer) -> Outcome:
        began, deadline = time.perf_counter_ns(), time.monotonic() + self._bounds.deadline
        loop = asyncio.get_running_loop()
        picture = await loop.run_in_executor(self._threads, opened, frame)
        decoded = time.perf_counter_ns()
        outcome = await recognizer.recognize(replace(picture, deadline=deadline, visitor=frame.visitor))
        self._metrics.timed("frame-decode", (decoded - began) / 1e9)
        self._metrics.timed("frame-infer", (time.perf_counter_ns() - decoded) / 1e9)
        for stage, duration in outcome.stages:
            self._metrics.timed(f"frame-{stage}", duration / 1e9)
        if picture.turning is not None:
            outcome = as_sent(outcome, picture.turning, frame.lens)
        return replace(outcome, stages=(("decode", decoded - began), *outcome.stages))


def opened(frame: Frame) -> Picture:
    """The frame's pixels.

    Raises:
        UnreadableFrame: not such an image, or of another size than stated.
    """
    size = (frame.width, frame.height)
    if not all(0 < side <= LARGEST_SIDE for side in size):
        raise UnreadableFrame(f"{size[0]}×{size[1]} pixels; each side must be 1 to {LARGEST_SIDE}")
    if frame.encoding == "gray8":
        if len(frame.image) != size[0] * size[1]:
            raise UnreadableFrame(f"gray8 of {size[0]}×{size[1]} has {size[0] * size[1]} bytes")
        return Picture(np.frombuffer(frame.image, np.uint8).reshape(size[1], size[0]), frame.near, frame.lens)
    if frame.encoding not in ("jpeg", "png"):
        raise UnreadableFrame("the encoding is none of jpeg, png, gray8")
    sent = decoding.Frame(decoding.Encoding(frame.encoding), frame.image, *size)
    try:
        decoded = decoding.decode_reduced(sent, decoding.DEFAULT_LIMITS, LEAST_SIDE)
    except decoding.UnreadableFrame as error:
        raise UnreadableFrame(str(error)) from error
    if decoded.orientation == 1:
        return Picture(decoded.pixels, frame.near, frame.lens, decoded.reduction)
    turning = Turning(decoded.orientation, *size)
    lens = _upright(frame.lens, turning)
    return Picture(decoded.pixels, frame.near, lens, decoded.reduction, turning=turning)


def _upright(lens: Lens | None, turning: Turning) -> Lens | None:
    """The camera of the upright picture; none where that is a mirror image, which no camera takes."""
    if lens is None or turning.is_mirrored:
        return None
    return Lens(*turning.focal(lens.fx, lens.fy), *turning.upright(lens.cx, lens.cy), *turning.upright_size)


def as_sent(outcome: Outcome, turning: Turning, lens: Lens | None) -> Outcome:
    """An answer about the upright picture, in pixels of the frame as sent, whose camera is ``lens``."""

    def turned(seen: Seen) -> Seen:
        pose = None
        if seen.pose is not None and lens is not None:
            position, rotation = turning.stands(seen.pose.position, seen.pose.rotation)
            pose = Standpoint(position, rotation, seen.pose.error, lens)
        corners, region = turning.sent(seen.corners), turning.sent(seen.region)
        return replace(seen, corners=corners, region=region, pose=pose)

    return replace(outcome, seen=tuple(map(turned, outcome.seen)), nearby=tuple(map(turned, outcome.nearby)))

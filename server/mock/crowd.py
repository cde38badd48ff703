"""Plays a scenario: brings the visitors, ticks their clock, sees them out."""

import asyncio
import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from server.mock.line import Line, connect
from server.mock.scenario import Group, Scenario, ScenarioError
from server.mock.tally import Tally
from server.mock.visitor import Picture, Stage, Visitor
from server.protocol.limits import ALLOWANCES
from server.protocol.messages import SUBPROTOCOL, CameraFrame
from server.protocol.parts import ImageEncoding

TICK: Final = 0.005
"""Seconds between two looks at whose pose is due."""
_PATIENCE: Final = 10.0
_MOST_BYTES: Final = ALLOWANCES[CameraFrame.code].size - 256
"""Of an image, so that the frame around it is within what a server takes by default."""
_MOST_SIDE: Final = 4096
"""Pixels of a side that a server looks at."""
_SIDE: Final = 960
"""Pixels to which the longer side of a larger picture is brought."""
_ENCODINGS: Final = {"JPEG": ImageEncoding.JPEG, "PNG": ImageEncoding.PNG}


@dataclass(frozen=True, slots=True)
class Played:
    """A scenario that was played."""

    scenario: Scenario
    url: str
    tally: Tally
    seconds: float
    busy: float
    """Share of the generator's one core that it used: near 1, it was the bottleneck, not the server."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand while a scenario is played."""

    seconds: float
    here: int
    tally: Tally


class Crowd:
    """One run of a scenario against one server."""

    def __init__(self, scenario: Scenario, url: str) -> None:
        """``url``: the live connection, ``ws://host:port/live``.

        Raises :class:`ScenarioError` where a folder of frames cannot be read.
        """
        self.tally = Tally()
        self._scenario = scenario
        self._url = url
        self._began = time.perf_counter_ns()
        self._dialing: set[asyncio.Task[None]] = set()
        self._visitors = [
            Visitor(stage, group, scenario.seed * 1_000_003 + number * 7919 + place)
            for place, (group, stage) in enumerate((group, self._stage(group)) for group in scenario.groups)
            for number in range(group.visitors)
        ]

    async def play(self, report: Callable[[Standing], None] = lambda _: None) -> Played:
        """The whole scenario; ``report`` is called four times a second."""
        began, used = time.perf_counter(), time.process_time()
        arriving = asyncio.create_task(self._arrive())
        told = 0.0
        try:
            while (passed := time.perf_counter() - began) < self._scenario.seconds:
                if passed - told >= 0.25:
                    told = passed
                    report(self._standing(passed))
                self._tick()
                await asyncio.sleep(TICK)
        finally:
            arriving.cancel()
            seconds, busy = time.perf_counter() - began, time.process_time() - used
            await self._see_out()
        return Played(self._scenario, self._url, self.tally, seconds, busy / seconds)

    def _stage(self, group: Group) -> Stage:
        pictures = pictures_in(group.frames) if group.frames else ()
        return Stage(time.perf_counter_ns, self._began, self.tally, self._dial, pictures)

    def _tick(self) -> None:
        now = time.perf_counter_ns()
        for visitor in self._visitors:
            if visitor.is_here:
                if now >= visitor.due:
                    visitor.act(now)
            elif visitor.back_at and now >= visitor.back_at:
                visitor.come()

    async def _arrive(self) -> None:
        pause = self._scenario.arrive_s / max(len(self._visitors), 1)
        began = time.perf_counter()
        for number, visitor in enumerate(self._visitors):
            await asyncio.sleep(max(0.0, began + number * pause - time.perf_counter()))
            visitor.come()

    def _dial(self, visitor: Visitor) -> Line:
        slow = visitor.group.read_bytes_s
        line = Line(self._url, SUBPROTOCOL, visitor, slow)
        task = asyncio.create_task(self._connect(visitor, line, slow > 0))
        self._dialing.add(task)
        task.add_done_callback(self._dialing.discard)
        return line

    async def _connect(self, visitor: Visitor, line: Line, slow: bool) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                await connect(self._url, lambda: line, small_buffer=slow)
        except (OSError, TimeoutError) as error:
            self.tally.counts["refused"] += 1
            visitor.closed(line, 1006, f"no connection: {type(error).__name__}")

    async def _see_out(self) -> None:
        for task in self._dialing:
            task.cancel()
        for visitor in self._visitors:
            visitor.leave()
            pair = (visitor.received, visitor.sent)
            self.tally.bytes.setdefault(visitor.group.name, []).append(pair)
        await asyncio.sleep(0.2)  # farewells leave the process

    def _standing(self, seconds: float) -> Standing:
        return Standing(seconds, sum(visitor.is_here for visitor in self._visitors), self.tally)


def pictures_in(folder: Path) -> tuple[Picture, ...]:
    """The JPEG and PNG files of a folder and those in it as a camera's frames, by name; large ones smaller.

    Raises :class:`ScenarioError` where there are none.
    """
    found: list[Picture] = []
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        try:
            with Image.open(path) as image:
                encoding = _ENCODINGS.get(image.format or "")
                if encoding is not None:
                    content = path.read_bytes()
                    fits = len(content) <= _MOST_BYTES and max(image.size) <= _MOST_SIDE
                    found.append(Picture(content, encoding, *image.size) if fits else _smaller(image))
        except (UnidentifiedImageError, OSError):
            continue
    if not found:
        raise ScenarioError(f"frames: {folder} holds no JPEG or PNG file; name a folder that does")
    return tuple(found)


def _smaller(image: Image.Image) -> Picture:
    """A photo as a client sends it: no larger than the server takes."""
    upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((_SIDE, _SIDE))
    content = io.BytesIO()
    upright.save(content, "JPEG", quality=80)
    return Picture(content.getvalue(), ImageEncoding.JPEG, *upright.size)


def play(scenario: Scenario, url: str, report: Callable[[Standing], None] = lambda _: None) -> Played:
    """Play a scenario in an event loop of its own (uvloop where it is installed)."""
    crowd = Crowd(scenario, url)
    try:
        import uvloop
    except ImportError:
        factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    else:
        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(crowd.play(report))

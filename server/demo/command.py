"""``twin demo``: a server, a handful of scripted visitors, a live line; all of it one process.

What it holds is this process's own: at Ctrl-C the visitors leave, the server drains, the port is free.
Killed, it leaves nothing either: no child, no file, no lock.
"""

import asyncio
import gc
import signal
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.live import Live

from inference.runtime.home import NAME, Home
from server.app import COLLECTING, Twin, loop_factory
from server.demo.figures import Figures, read_metrics, recent_latencies
from server.doctor.checks import Patient, Verdict, examine
from server.doctor.surroundings import Surroundings
from server.mock.crowd import Crowd
from server.mock.crowd import Standing as CrowdStanding
from server.mock.scenario import Group, Scenario
from server.mock.tally import Tally
from server.settings import Settings

ROUND: Final = 3600.0
"""Seconds after which the scripted visitors leave and come anew: nothing they count grows for ever."""
_TOLD_EVERY: Final = 1.0
_TOLD_EVERY_PLAIN: Final = 5.0
"""Seconds between two lines where nobody watches a terminal."""
_WANTED: Final = ("onnxruntime", "models", "placement", "web client")
"""Subjects of the doctor without which the demo shows less."""


@dataclass(frozen=True, slots=True)
class Show:
    """What a demo shows beside the museum."""

    visitors: int = 8
    """Scripted ones; 0: none."""
    seconds: float | None = None
    """How long; ``None``: until Ctrl-C."""
    frames: Path | None = None
    """Folder of JPEG and PNG files that the scripted phones film."""


def missing(settings: Settings) -> Iterator[str]:
    """What the demo cannot show here, each with the remedy."""
    for one in examine(Patient(settings, Surroundings()), _WANTED):
        if one.verdict is not Verdict.good:
            yield f"{one.subject}: {one.told}. {one.remedy}"


def views_of(settings: Settings) -> Path | None:
    """Pictures of the museum's own exhibits to film: those that were rendered from its scans."""
    folder = Home(settings.recognition.folder or settings.store / NAME).views
    return folder if any(folder.glob("*/*.jpg")) else None


def scenario(show: Show) -> Scenario:
    """Two thirds wear headsets and look about, the others film with phones."""
    phones = max(1, show.visitors // 3)
    groups = [Group(name="phones", visitors=phones, kind="phone", pose_hz=5, dwell_s=4,
                    ask_every_s=15, frame_every_s=3 if show.frames else 0, frames=show.frames)]  # fmt: skip
    if show.visitors > phones:
        headsets = show.visitors - phones
        groups.append(
            Group(name="headsets", visitors=headsets, gaze=True, pose_hz=20, dwell_s=4, ask_every_s=20)
        )
    return Scenario(name="Demo", seconds=ROUND, arrive_s=2, groups=tuple(groups))


def live_address(host: str, port: int) -> str:
    """Where the scripted visitors of this machine reach a server that listens on ``host``."""
    near = "127.0.0.1" if host in ("0.0.0.0", "::", "localhost") else host
    return f"ws://[{near}]:{port}/live" if ":" in near else f"ws://{near}:{port}/live"


class Demo:
    """One demo. Its twin listens already."""

    def __init__(self, twin: Twin, show: Show, console: Console) -> None:
        self._twin = twin
        self._show = show
        self._console = console
        self._stop = asyncio.Event()
        self._tally = Tally()
        self._seconds = 0.0

    def stop(self) -> None:
        """Begin to end."""
        self._stop.set()

    async def run(self) -> None:
        """Until :meth:`stop`, a signal, the time is up, or the server falls.

        Raises what :meth:`server.app.Twin.run` raises, and what ended the scripted visitors.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._signalled, number)
        served = asyncio.create_task(self._twin.run())
        served.add_done_callback(lambda _: self.stop())
        started = asyncio.create_task(self._twin.started.wait())
        await asyncio.wait({served, started}, return_when=asyncio.FIRST_COMPLETED)
        started.cancel()
        playing: list[asyncio.Task[None]] = []
        if self._twin.started.is_set():
            playing = [asyncio.create_task(work()) for work in self._work()]
        for task in playing:
            task.add_done_callback(lambda _: self.stop())
        try:
            async with asyncio.timeout(self._show.seconds):
                await self._stop.wait()
        except TimeoutError:
            pass
        finally:
            for task in playing:
                task.cancel()
            ended = await asyncio.gather(*playing, return_exceptions=True)
            self._twin.stop()
            await served
        for failed in ended:
            if failed is not None and not isinstance(failed, asyncio.CancelledError):
                raise failed

    def _work(self) -> Iterator[Callable[[], Coroutine[None, None, None]]]:
        yield self._tell
        if self._show.visitors and self._twin.settings.tls.certificate is None:
            yield self._visit
        elif self._show.visitors:
            self._console.print("no scripted visitors: they speak no TLS; leave the certificate out for them")

    def _signalled(self, number: int) -> None:
        if self._stop.is_set():
            self._twin.signalled(number)
        self._stop.set()

    async def _visit(self) -> None:
        address = live_address(self._twin.settings.host, self._twin.port)
        while True:
            crowd = Crowd(scenario(self._show), address)
            self._tally = crowd.tally
            await crowd.play(self._stands)

    def _stands(self, standing: CrowdStanding) -> None:
        self._seconds = standing.seconds

    async def _tell(self) -> None:
        figures, began = Figures(), time.monotonic()
        is_watched = self._console.is_terminal
        pause = _TOLD_EVERY
        with Live(console=self._console, auto_refresh=False, transient=True) as live:
            while True:
                await asyncio.sleep(pause)
                pause = _TOLD_EVERY if is_watched else _TOLD_EVERY_PLAIN
                page, _ = self._twin.metrics.page("text/plain")
                recent = recent_latencies(self._tally, self._seconds)
                line = figures.line(time.monotonic() - began, read_metrics(page), recent)
                if is_watched:
                    live.update(str(line), refresh=True)
                else:
                    self._console.print(str(line), markup=False)


def run_demo(twin_of: Callable[[], Twin], show: Show) -> None:
    """Run a demo to its end in an event loop of its own.

    Raises what :meth:`server.app.Twin.run` raises, and
    :class:`~server.mock.scenario.ScenarioError` where the folder of frames holds no picture.
    """
    gc.set_threshold(*COLLECTING)
    console = Console(highlight=False, soft_wrap=True)

    async def shown() -> None:
        await Demo(twin_of(), show, console).run()

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(shown())
    console.print("closed: the visitors left, the port is free")

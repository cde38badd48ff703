"""The composition root: builds the parts, owns their tasks, and ends them in order.

Order of ending: say "not ready", take no new connection, bid the visitors farewell, let open answers finish,
stop the loops, close the store. All of it within ``drain_s``; a second signal ends it at once. A loop that
dies takes the server with it, loudly: a supervisor restarts what it can see has fallen.
"""

import asyncio
import gc
import logging
import os
import signal
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from typing import Final

from assets.catalog.store.database import StoreError
from server.addresses import addresses_of
from server.connection import live
from server.exhibition import open_exhibition
from server.house_rules import budget, grid, policy, rules
from server.http.site import site
from server.http.standing import Standing
from server.hub import Hub
from server.listener import Listener
from server.metrics import PrometheusMetrics
from server.perception import Perception
from server.placement_files import PlacementMissing
from server.recognition import Recognizer
from server.seeing import Blind, Seeing, seeing
from server.settings import Settings
from server.showing import Showing
from server.store import Museum, StoreBusy, StoredMuseum
from server.world.interest import Interest
from server.world.placement import Placement

_log = logging.getLogger(__name__)

COLLECTING: Final = (10_000, 10, 10)
"""Thresholds of Python's cycle collector. Visitors make few cycles, and at the defaults (700, 10, 10) it
walks through all of them many times a second."""
LOOK_AGAIN_S: Final = 1.0
"""How often the store is looked at for changes; seconds."""

SAME_SIGNAL_S: Final = 0.5
"""Signals that come within this time of the first are one; seconds."""


class LoopDied(Exception):
    """A loop that should run as long as the server fell; the log tells why."""


class Twin:
    """One running server. ``sockets`` are listening already, and closed in the end."""

    def __init__(
        self,
        settings: Settings,
        sockets: Sequence[socket.socket],
        context: ssl.SSLContext | None = None,
        recognizer: Recognizer | None = None,
    ) -> None:
        """``context`` encrypts; a ``recognizer`` takes the place of what the settings say of recognition."""
        self.settings = settings
        self._sockets = sockets
        self._context = context
        self._recognizer = recognizer
        self._stop = asyncio.Event()
        self._signalled: float | None = None
        self.started = asyncio.Event()
        """Set once visitors are served."""
        self.metrics = PrometheusMetrics()
        self.sight: Seeing = Blind("the server has not started")
        """How camera frames are recognized."""

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._sockets[0].getsockname()[1])

    def stop(self) -> None:
        """Begin to end."""
        self._stop.set()

    def signalled(self, number: int) -> None:
        """End at a signal; at a later one at once, whatever is still open.

        What comes within :data:`SAME_SIGNAL_S` is the same wish: programs such as ``timeout`` signal a
        process and then its whole group.
        """
        now = time.monotonic()
        if self._signalled is None:
            self._signalled = now
        elif now - self._signalled < SAME_SIGNAL_S:
            return
        else:
            _log.warning("ended at once by a second signal")
            logging.shutdown()
            os._exit(128 + number)
        self.stop()

    async def run(self) -> None:
        """Serve until :meth:`stop` or a signal.

        Raises :class:`~assets.catalog.store.database.StoreError` where the store cannot be opened or its
        placement read, and :class:`LoopDied` where a loop fell.
        """
        try:
            await self._served()
        except ExceptionGroup as group:
            fallen, others = group.split(LoopDied)
            first: Exception = others or fallen or group
            # Groups of tasks stand within one another: recognition's batch loops are one of them.
            while isinstance(first, ExceptionGroup):
                first = first.exceptions[0]
            raise first from group

    async def _served(self) -> None:
        async with AsyncExitStack() as parts:
            for opened in self._sockets:
                parts.callback(opened.close)
            museum = await parts.enter_async_context(await asyncio.to_thread(self._museum))
            version = await self._first_version(museum)
            sight = await parts.enter_async_context(seeing(self.settings, museum, self.metrics))
            self.sight = sight
            recognizer = self._recognizer or sight.recognizer
            hub = Hub(await self._opened(), recognizer, rules(self.settings), self.metrics)
            parts.push_async_callback(hub.close)
            *_, (_, phones) = await asyncio.to_thread(list, addresses_of(self.settings, self.port))
            standing = Standing(museum, self.metrics, self.settings, (self._draining,), phones, sight.facts)
            listener = Listener(site(standing), live(hub), self.settings, self._context)
            self.metrics.watched("connections", lambda: listener.connections)
            async with asyncio.TaskGroup() as tasks:
                watch = tasks.create_task(self._kept("exhibition", self._keep_current(museum, hub, version)))
                look = tasks.create_task(self._kept("recognition", sight.keep()))
                tasks.create_task(self._kept("listener", listener.serve(self._sockets)))
                self.started.set()
                await self._stop.wait()
                _log.info("shutting down", extra={"connections": listener.connections})
                listener.stop_accepting()
                await hub.drain(self.settings.drain_s)
                watch.cancel()
                look.cancel()
                listener.close()

    def _museum(self) -> StoredMuseum:
        http = self.settings.http
        return StoredMuseum(
            self.settings.store, read_s=http.read_s, readers=http.readers, cached=http.cached_records
        )

    async def _opened(self) -> Showing:
        perception = self.settings.perception
        try:
            return await asyncio.to_thread(
                open_exhibition,
                self.settings.store,
                policy(perception),
                budget(perception),
                grid(perception),
            )
        except PlacementMissing as error:
            _log.warning("nothing is placed yet, so visitors perceive nothing: %s", error)
            return Showing(Interest(Placement("none", (), ())), Perception({}, {}, {}))

    async def _first_version(self, museum: Museum) -> str:
        try:
            return await museum.version()
        except StoreBusy as error:
            # A cold disk or a busy machine is no reason to stay closed: the watch soon reads it again.
            _log.warning("the store is slow to open: %s", error)
            return ""

    async def _keep_current(self, museum: Museum, hub: Hub, version: str) -> None:
        """Show visitors what the store holds, soon after it changed; a fault there changes nothing here."""
        while True:
            await asyncio.sleep(LOOK_AGAIN_S)
            try:
                now = await museum.version()
                if now == version:
                    continue
                showing = await self._opened()
            except (StoreBusy, StoreError) as error:
                _log.error("the changed store cannot be shown; visitors keep what they have: %s", error)
                continue
            version = now
            await hub.show(showing)
            _log.info("the store changed; visitors see it now", extra={"placement": showing.version})

    def _draining(self) -> str | None:
        return "the server is shutting down" if self._stop.is_set() else None

    async def _kept(self, name: str, loop: Awaitable[None]) -> None:
        try:
            await loop
        except Exception as error:
            _log.critical("the %s loop died; the server ends", name, exc_info=True)
            raise LoopDied(f"the {name} loop died ({type(error).__name__}); the log tells why") from error
        if not self._stop.is_set():
            _log.critical("the %s loop ended by itself; the server ends", name)
            raise LoopDied(f"the {name} loop ended by itself")


def spare_the_collector() -> None:
    """Have the cycle collector leave alone what is there now, which stays as long as the server.

    Else a full collection walks through the whole museum, and no visitor is answered meanwhile.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTING)


def run(twin_of: Callable[[], Twin]) -> None:
    """Run a server to its end in an event loop of its own (uvloop where it is installed)."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_signalled(twin_of))


async def _signalled(twin_of: Callable[[], Twin]) -> None:
    twin = twin_of()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, twin.signalled, number)
    sparing = asyncio.create_task(_spared(twin))
    try:
        await twin.run()
    finally:
        sparing.cancel()


async def _spared(twin: Twin) -> None:
    await twin.started.wait()
    spare_the_collector()


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's event loop where it is installed, otherwise asyncio's own."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop

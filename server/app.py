"""The composition root: builds the parts, owns their tasks, and ends them in order.

Order of ending: say "not ready", take no new connection, bid the visitors farewell, let open answers finish,
stop the loops, close the store. All of it within ``drain_s``; a second signal ends it at once. A loop that
dies takes the server with it, loudly: a supervisor restarts what it can see has fallen.
"""

import asyncio
import logging
import os
import signal
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack

from starlette.types import ASGIApp, Receive, Scope, Send

from server.http.site import site
from server.http.standing import Standing
from server.listener import Listener
from server.metrics import PrometheusMetrics
from server.settings import Settings
from server.store import StoredMuseum

_log = logging.getLogger(__name__)


class LoopDied(Exception):
    """A loop that should run as long as the server fell; the log tells why."""


class Twin:
    """One running server. ``sockets`` are listening already."""

    def __init__(
        self, settings: Settings, sockets: Sequence[socket.socket], context: ssl.SSLContext | None = None
    ) -> None:
        self.settings = settings
        self._sockets = sockets
        self._context = context
        self._stop = asyncio.Event()
        self.started = asyncio.Event()
        """Set once visitors are served."""
        self.metrics = PrometheusMetrics()

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._sockets[0].getsockname()[1])

    def stop(self) -> None:
        """Begin to end."""
        self._stop.set()

    def signalled(self, number: int) -> None:
        """End at a signal; at the second one at once, whatever is still open."""
        if self._stop.is_set():
            _log.warning("ended at once by a second signal")
            os._exit(128 + number)
        self.stop()

    async def run(self) -> None:
        """Serve until :meth:`stop` or a signal.

        Raises :class:`~assets.catalog.store.database.StoreError` where the store cannot be opened, and
        :class:`LoopDied` where a loop fell.
        """
        try:
            await self._served()
        except ExceptionGroup as group:
            fallen, others = group.split(LoopDied)
            raise (others or fallen or group).exceptions[0] from group

    async def _served(self) -> None:
        async with AsyncExitStack() as parts:
            museum = await parts.enter_async_context(await asyncio.to_thread(self._museum))
            standing = Standing(museum, self.metrics, self.settings, (self._draining,))
            listener = Listener(_dispatch(site(standing)), self.settings, self._context, 1 << 20)
            self.metrics.watched("connections", lambda: listener.connections)
            async with asyncio.TaskGroup() as tasks:
                loops = [tasks.create_task(self._kept("listener", listener.serve(self._sockets)))]
                self.started.set()
                await self._stop.wait()
                await self._drained(listener)
                for loop in loops[1:]:
                    loop.cancel()
                listener.close()

    def _museum(self) -> StoredMuseum:
        http = self.settings.http
        return StoredMuseum(
            self.settings.store, read_s=http.read_s, readers=http.readers, cached=http.cached_records
        )

    def _draining(self) -> str | None:
        return "the server is shutting down" if self._stop.is_set() else None

    async def _drained(self, listener: Listener) -> None:
        _log.info("shutting down", extra={"connections": listener.connections})
        listener.stop_accepting()

    async def _kept(self, name: str, loop: Awaitable[None]) -> None:
        try:
            await loop
        except Exception as error:
            _log.critical("the %s loop died; the server ends", name, exc_info=True)
            raise LoopDied(f"the {name} loop died ({type(error).__name__}); the log tells why") from error
        if not self._stop.is_set():
            _log.critical("the %s loop ended by itself; the server ends", name)
            raise LoopDied(f"the {name} loop ended by itself")


def run(twin_of: Callable[[], Twin]) -> None:
    """Run a server to its end in an event loop of its own (uvloop where it is installed)."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_signalled(twin_of))


async def _signalled(twin_of: Callable[[], Twin]) -> None:
    twin = twin_of()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, twin.signalled, number)
    await twin.run()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _dispatch(http: ASGIApp) -> ASGIApp:
    async def dispatched(scope: Scope, receive: Receive, send: Send) -> None:
        await http(scope, receive, send)

    return dispatched

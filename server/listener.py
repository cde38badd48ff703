"""The port: sockets, TLS, and uvicorn on them, with the deadlines that uvicorn lacks.

uvicorn closes an idle connection after an answer, but waits without end for a first request, for the rest of
a request's head, and for a client that does not read. :class:`PatientHttp` ends all three (a TLS handshake
has the same deadline), and refuses connections beyond the limit before anything is allocated for them. HTTP
is parsed by h11, which bounds the head of a request; httptools is faster and does not.
"""

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Final

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from server.settings import Http, Settings

BACKLOG: Final = 4096
"""Connections the system may hold before they are accepted: a whole join storm."""

TICK_S: Final = 1.0
"""How often the date in answers is renewed; seconds."""

_FULL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
)


class PortError(Exception):
    """An address that cannot be listened on; the message says why and what to do."""


def listen(host: str, port: int) -> list[socket.socket]:
    """Listening sockets for every address that ``host`` stands for.

    Raises :class:`PortError` where the port is taken or not allowed, or the host is none of this machine's.
    """
    try:
        found = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_NUMERICSERV
        )
    except socket.gaierror as error:
        raise PortError(f"{host}: is no address ({error.strerror}). Set host to 0.0.0.0 for all") from error
    opened: list[socket.socket] = []
    try:
        for family, address in sorted({(entry[0], entry[4]) for entry in found}, key=str):
            # Port 0 is chosen for the first address and kept for the others.
            chosen = opened[0].getsockname()[1] if opened and port == 0 else port
            opened.append(_bound(family, (address[0], chosen, *address[2:])))
    except OSError as error:
        for one in opened:
            one.close()
        raise PortError(_why(error, host, port)) from error
    return opened


class PatientHttp(H11Protocol):
    """HTTP/1.1 on one connection, with a deadline for the head of a request and for writing."""

    limits: Http
    most: int

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, or refuse where the house is full."""
        self._head: asyncio.TimerHandle | None = None
        self._stuck: asyncio.TimerHandle | None = None
        full = len(self.connections) >= self.most
        super().connection_made(transport)
        if full:
            transport.write(_FULL)
            transport.close()
            return
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        """Take in bytes; from the first of a request on, its head must be complete in time.

        So must a body that comes after the answer, as that of a GET may: uvicorn takes each byte of it for a
        sign of life, and then waits for the next request without end.
        """
        super().data_received(data)
        state = self.conn.their_state
        # A websocket's request has no cycle, and its head has come.
        has_answered = self.cycle is not None and self.cycle.response_complete
        is_late_body = state is h11.SEND_BODY and has_answered
        if not (is_late_body or state is h11.IDLE):
            self._head_came()
        elif self._head is None:
            self._expect_head()

    def pause_writing(self) -> None:
        """The client reads too slowly; if it goes on like this, it is cut off."""
        self._stuck = self.loop.call_later(self.limits.send_s, self.transport.abort)
        super().pause_writing()

    def resume_writing(self) -> None:
        """The client reads again."""
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._head_came()
        if self._stuck is not None:
            self._stuck.cancel()
        super().connection_lost(exc)

    def _head_came(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _expect_head(self) -> None:
        self._head = self.loop.call_later(self.limits.header_s, self.transport.abort)


class Listener:
    """uvicorn under our own order of shutting down; signals are the caller's business."""

    def __init__(
        self,
        app: ASGIApp,
        visitors: Callable[..., asyncio.Protocol],
        settings: Settings,
        context: ssl.SSLContext | None,
    ) -> None:
        """``visitors`` makes the protocol that takes over a connection which asks to be a websocket."""
        limited: dict[str, Any] = {"limits": settings.http, "most": settings.connections}
        self._engine = _Engine(
            uvicorn.Config(
                app,
                http=type("LimitedHttp", (PatientHttp,), limited),
                ws=visitors,  # type: ignore[arg-type]  # any callable will do: it is only called
                lifespan="off",
                access_log=False,
                log_config=None,
                server_header=False,
                proxy_headers=bool(settings.trusted_proxies),
                forwarded_allow_ips=list(settings.trusted_proxies),
                timeout_keep_alive=max(1, round(settings.http.keep_alive_s)),
                timeout_graceful_shutdown=max(1, round(settings.drain_s)),
                h11_max_incomplete_event_size=settings.http.header_bytes,
                ssl_context_factory=None if context is None else lambda _, __: context,
            ),
            settings.http.header_s,
        )

    @property
    def connections(self) -> int:
        """Open connections, HTTP and websockets together."""
        return len(self._engine.server_state.connections)

    async def serve(self, sockets: Sequence[socket.socket]) -> None:
        """Accept and answer until :meth:`close`; closes the sockets."""
        await self._engine.serve(list(sockets))

    def stop_accepting(self) -> None:
        """Take no new connection; open ones go on."""
        for server in getattr(self._engine, "servers", ()):
            server.close()

    def close(self) -> None:
        """Let open answers finish within the time to drain, then end :meth:`serve`."""
        self._engine.leave()


class _Engine(uvicorn.Server):
    """Waits to be told to end instead of looking ten times a second; limits the time of a TLS handshake."""

    def __init__(self, config: uvicorn.Config, handshake_s: float) -> None:
        super().__init__(config)
        self._handshake_s = handshake_s
        self._leaving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await self.lifespan.startup()
        loop, config = asyncio.get_running_loop(), self.config
        http: Callable[..., asyncio.Protocol] = config.http_protocol_class
        make = partial(http, config=config, server_state=self.server_state, app_state=self.lifespan.state)
        limit = None if config.ssl is None else self._handshake_s
        self.servers = [
            await loop.create_server(
                make, sock=opened, ssl=config.ssl, backlog=BACKLOG, ssl_handshake_timeout=limit
            )
            for opened in sockets or ()
        ]
        self.started = True

    def leave(self) -> None:
        self.should_exit = True
        self._leaving.set()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), TICK_S)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _bound(family: int, address: tuple[Any, ...]) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            # The same port on IPv4 is another socket of ours.
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.bind(address)
        opened.listen(BACKLOG)
        opened.setblocking(False)
    except OSError:
        opened.close()
        raise
    return opened


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} is taken. Choose another with --port, or end the program that holds it "
            f"(ss -ltnp 'sport = :{port}' names it)"
        )
    if error.errno == errno.EACCES:
        return f"port {port} needs a privilege this user lacks. Choose one from 1024 on with --port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host}: is no address of this machine. Set host to 0.0.0.0 for all, 127.0.0.1 for this one"
    return f"{host}, port {port}: cannot be listened on ({error.strerror})"

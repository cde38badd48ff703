"""One websocket: from the socket to the session and back.

The contract with the rest of the server: :func:`live` makes the class that uvicorn is given as ``ws``
(``uvicorn.Config(ws=live(hub))``), so that pages and visitors share one port, one certificate and one order
of shutting down. uvicorn hands over the socket with the bytes of the upgrade request; from then on it is
ours, and uvicorn only counts it (``server_state.connections``) and calls ``shutdown`` at the end. Without
uvicorn, ``loop.create_server(live(hub))`` serves the websocket alone.

The protocol of RFC 6455 is the ``websockets`` library's sans-I/O core: handshake, control frames, fragments,
errors. Around it stands as little as possible, because this is where the cost of a message lies: no task, no
queue and no future a message. The one frame that nearly all traffic consists of, short, whole, binary and
alone in its packet, is opened here; everything else goes through the library.
"""

import asyncio
import logging
import socket
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any, Final, cast

from websockets.exceptions import PayloadTooBig
from websockets.frames import Close as CloseFrame
from websockets.frames import Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import State as Open
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from server.client import Client
from server.hub import Hub
from server.protocol.limits import Allowance, Bucket
from server.protocol.messages import MESSAGES, POSE, SUBPROTOCOL, Hello
from server.protocol.parts import ErrorCode
from server.protocol.session import GOING_AWAY, Close, Output, Send, Session, State

try:
    from websockets.speedups import apply_mask
except ImportError:  # a platform for which the library has no compiled part
    from websockets.utils import apply_mask

PATH: Final = "/live"
CLOSING_SECONDS: Final = 3.0
"""How long a closed client may take to say so too before the socket is cut."""
_CONTROL: Final = Allowance(125, 20.0, 100)
"""Control frames and fragments; everything that is no whole message."""
_SHORT: Final = 127
_MOST: Final = 125
"""Bytes of a frame whose length stands in its second byte (RFC 6455, 5.2)."""
_LEAST: Final = 6
"""Bytes before the payload of such a frame: two of header, four of mask."""
_WHOLE_BINARY: Final = 0x82
_MASKED: Final = 0x80
_HEADERS: Final = tuple(bytes((_WHOLE_BINARY, size)) for size in range(_MOST + 1))
_KINDS: Final = {code: message.__name__.lower() for code, message in MESSAGES.items()} | {POSE: "pose"}

_log = logging.getLogger(__name__)
_library_log = logging.getLogger("websockets.live")
_library_log.setLevel(logging.ERROR)


def live(hub: Hub) -> Callable[..., "Live"]:
    """Makes one :class:`Live` a connection; takes and ignores what uvicorn passes of its own."""
    return partial(Live, hub)


class Live(asyncio.Protocol):
    """See the module."""

    __slots__ = (
        "_client", "_control", "_core", "_counted", "_hub", "_is_closing", "_parts", "_session", "_timer",
        "_transport",
    )  # fmt: skip

    def __init__(
        self, hub: Hub, config: object = None, server_state: Any = None, app_state: object = None
    ) -> None:
        self._hub = hub
        self._counted: set[object] = server_state.connections if server_state is not None else set()
        self._core = ServerProtocol(
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            max_size=hub.rules.limits.largest,
            logger=_library_log,
        )
        self._transport: asyncio.Transport
        self._session: Session | None = None
        """Until the hello; then the client's counts."""
        self._client: Client | None = None
        self._parts: list[bytes] = []
        self._control: Bucket | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_closing = False

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open, or was handed over with an upgrade request to come."""
        # uvloop's transports do not inherit from asyncio's.
        self._transport = cast("asyncio.Transport", transport)
        self._counted.add(self)
        self._transport.set_write_buffer_limits(high=self._hub.patience.socket)
        opened = self._transport.get_extra_info("socket")
        if opened is not None and opened.family in (socket.AF_INET, socket.AF_INET6):
            # Nagle's algorithm would hold a small delta back until the former one was acknowledged.
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        seconds = self._hub.rules.limits.handshake / 1e9
        self._timer = asyncio.get_running_loop().call_later(seconds, self._late)

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        core = self._core
        # The library's parser must stand between two frames, or these bytes belong into one.
        if core.state is Open.OPEN and not core.reader.buffer and core.current_size is None:
            at, end = 0, len(data)
            while end - at >= _LEAST and data[at] == _WHOLE_BINARY and data[at + 1] >= _MASKED:
                begin = at + _LEAST
                after = begin + (data[at + 1] & _SHORT)
                if data[at + 1] & _SHORT > _MOST or after > end:
                    break
                self._message(apply_mask(data[begin:after], data[at + 2 : begin]))
                at = after
            if at == end:
                return
            data = data[at:] if at else data
        is_early = core.state is Open.CONNECTING
        core.receive_data(data)
        if core.parser_exc is not None:
            self._broken(core.parser_exc)
            return
        events = core.events_received()
        if is_early and len(events) > 1:
            # A client must wait for the answer to its handshake before it sends frames (RFC 6455, 4.1), and
            # the library does not expect any before it has accepted.
            self._transport.abort()
            return
        for event in events:
            if isinstance(event, Frame):
                self._frame(event)
            else:
                self._upgrade(event)
        self._write_core()

    def eof_received(self) -> bool:
        """The client sends nothing more; then it is gone for us."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is gone."""
        self._counted.discard(self)
        # The library's parser is a generator that refers to its owner: a cycle, which would wait for the
        # cycle collector with all that the handshake left in it.
        self._core.parser.close()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        now = self._hub.now()
        if self._client is not None:
            self._client.lost(self, now)
            self._client = None
        elif self._session is not None:
            self._session.lost(now)

    def pause_writing(self) -> None:
        """The socket is full. One that is closing is no longer its client's."""
        if self._client is not None and not self._is_closing:
            self._client.blocked(self._hub.now())

    def resume_writing(self) -> None:
        """The socket takes bytes again."""
        if self._client is not None and not self._is_closing:
            self._client.unblocked(self._hub.now())

    def shutdown(self) -> None:
        """uvicorn ends. Clients had their farewell from the hub; what is left is closed."""
        self.close(GOING_AWAY, ErrorCode.SHUTTING_DOWN.name)

    # Wire, as the client sees it

    def send(self, data: bytes) -> None:
        """Hand one message to the socket."""
        if self._is_closing:
            return
        size = len(data)
        if size <= _MOST:
            self._transport.write(_HEADERS[size] + data)
        elif size < 1 << 16:
            self._transport.write(b"\x82\x7e" + size.to_bytes(2, "big") + data)
        else:
            self._transport.write(b"\x82\x7f" + size.to_bytes(8, "big") + data)
        self._hub.metrics.sent(_KINDS[data[1] if size > 1 and data[0] < 0xA0 else data[3]], size)

    def close(self, code: int, reason: str) -> None:
        """Close after what was sent; a client that does not answer is cut off soon."""
        if self._is_closing:
            return
        self._is_closing = True
        if self._core.state is Open.OPEN:
            self._core.send_close(code, reason[:120])
            self._write_core()
        else:
            # The library has failed the connection itself; its own close frame was dropped for ours.
            frame = Frame(Opcode.CLOSE, CloseFrame(code, reason[:120]).serialize())
            self._transport.write(frame.serialize(mask=False))
            self._transport.close()
        self._cut_later()

    # Inside

    def _upgrade(self, request: Request | Response) -> None:
        assert isinstance(request, Request)  # a server is sent no responses
        if request.path.partition("?")[0] != PATH:
            response = self._core.reject(HTTPStatus.NOT_FOUND, f"Visitors connect to {PATH}.\n")
        elif self._hub.is_draining:
            response = self._core.reject(HTTPStatus.SERVICE_UNAVAILABLE, "The server is going down.\n")
        else:
            response = self._core.accept(request)
        self._core.send_response(response)
        if self._core.state is Open.OPEN:
            self._session = self._hub.session(self._hub.now())

    def _frame(self, frame: Frame) -> None:
        if self._is_closing or frame.opcode is Opcode.CLOSE:
            return
        if frame.opcode is Opcode.BINARY and frame.fin:
            self._message(bytes(frame.data))
        elif not self._controls().take(self._hub.now()):
            self._fail(ErrorCode.TOO_FAST, "pings, pongs and fragments: more than 20/s after a burst of 100")
        elif frame.opcode is Opcode.TEXT:
            self._fail(ErrorCode.MALFORMED, "a text message; all messages are binary")
        elif frame.opcode is Opcode.BINARY or frame.opcode is Opcode.CONT:
            self._parts.append(bytes(frame.data))
            if frame.fin:
                whole, self._parts = b"".join(self._parts), []
                self._message(whole)

    def _controls(self) -> Bucket:
        if self._control is None:
            self._control = Bucket(_CONTROL, self._hub.now())
        return self._control

    def _message(self, data: bytes) -> None:
        if self._is_closing:
            return
        hub = self._hub
        now = hub.now()
        hub.metrics.received(_kind(data), len(data))
        if self._client is not None:
            self._client.receive(data, now)
        elif self._session is not None:
            outputs = self._session.receive(data, now)
            assert isinstance(outputs, list)  # only a live session gives poses, and it has a client
            self._perform(self._session, outputs, now)

    def _perform(self, session: Session, outputs: list[Output], now: int) -> None:
        """Before there is a client: only a hello leads further."""
        for output in outputs:
            if isinstance(output, Send):
                self.send(output.data)
            elif isinstance(output, Close):
                self._hub.metrics.closed(output.reason)
                self.close(output.code, output.reason)
            elif isinstance(output, Hello):
                self._greet(session, output, now)

    def _greet(self, session: Session, hello: Hello, now: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        greeted = self._hub.greet(self, session, hello, now)
        if isinstance(greeted, Client):
            self._client, self._session = greeted, None
        else:
            self._perform(session, greeted, now)

    def _fail(self, error: ErrorCode, detail: str) -> None:
        now = self._hub.now()
        if self._client is not None:
            self._client.fail(error, detail, now)
        elif self._session is not None and self._session.state is not State.CLOSED:
            self._perform(self._session, self._session.fail(error, detail, now), now)

    def _broken(self, error: Exception) -> None:
        if isinstance(error, PayloadTooBig) and not self._is_closing and (self._client or self._session):
            self._core.data_to_send()  # the library's own farewell, less telling than ours
            most = self._hub.rules.limits.largest
            self._fail(ErrorCode.TOO_LARGE, f"no message may be larger than {most} bytes")
            return
        self._write_core()
        self._cut_later()

    def _late(self) -> None:
        self._timer = None
        now = self._hub.now()
        if self._session is None:
            self._transport.abort()  # not even the websocket handshake came
        else:
            self._perform(self._session, self._session.check(now), now)
            if not self._is_closing:
                due = self._session.deadline() or now
                self._timer = asyncio.get_running_loop().call_later((due - now) / 1e9 + 0.001, self._late)

    def _write_core(self) -> None:
        for data in self._core.data_to_send():
            if data:
                self._transport.write(data)
            else:
                self._transport.close()

    def _cut_later(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(CLOSING_SECONDS, self._transport.abort)


def _kind(data: bytes) -> str:
    if data[:1] == b"\x10":
        return "pose"
    return _KINDS.get(data[1], "unknown") if len(data) > 1 else "unknown"

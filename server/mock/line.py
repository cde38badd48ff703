"""A lean websocket client, so that the load generator is not what is measured.

The handshake is the ``websockets`` library's; after it, frames are written and read here, because one task,
one queue and one future a message would cost more than the server does. What a server of ours never sends
(fragments, compression) ends the line.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Final, Protocol, cast
from urllib.parse import urlsplit

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake
from websockets.protocol import State
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

_BINARY, _TEXT, _CLOSE, _PING, _PONG = 0x82, 0x81, 0x88, 0x89, 0x8A
# A client's frames are masked (RFC 6455, 5.3); the key 0 leaves the payload as it is. Keys protect careless
# proxies from scripts in browsers, and here is neither.
_KEY: Final = b"\0\0\0\0"
_HEAD_ENDS: Final = b"\r\n\r\n"
_SMALL_BUFFER: Final = 4096


class Listener(Protocol):
    """Who is told what comes over the line."""

    def opened(self) -> None:
        """The handshake is done."""

    def told(self, data: bytes) -> None:
        """One binary message."""

    def closed(self, line: "Line", code: int, reason: str) -> None:
        """The line is gone: close code of the server, 1006 without one, 1002 for a refused handshake."""


class Line(asyncio.Protocol):
    """One connection."""

    def __init__(self, url: str, subprotocol: str, listener: Listener, read_bytes_s: int = 0) -> None:
        self._core = ClientProtocol(parse_uri(url), subprotocols=[Subprotocol(subprotocol)])
        self._listener = listener
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._is_open = False
        self._read_bytes_s = read_bytes_s
        self._close = (1006, "")
        self.received = 0
        """Bytes of all frames."""
        self.sent = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open: ask for the upgrade."""
        # uvloop's transports do not inherit from asyncio's.
        self._transport = cast("asyncio.Transport", transport)
        self._core.send_request(self._core.connect())
        for data in self._core.data_to_send():
            self._transport.write(data)

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        self.received += len(data)
        if self._read_bytes_s:
            self._rest(len(data))
        data = self._buffer + data if self._buffer else data
        if not self._is_open:
            head, end, data = data.partition(_HEAD_ENDS)
            if not end:
                self._buffer = head
                return
            self._shake(head + end)
        self._buffer = self._frames(data) if self._is_open else b""

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is gone."""
        self._transport = None
        self._is_open = False
        self._listener.closed(self, *self._close)

    def send(self, payload: bytes) -> None:
        """One binary message; nothing where the line is gone."""
        if self._transport is not None and self._is_open:
            frame = _frame(_BINARY, payload)
            self.sent += len(frame)
            self._transport.write(frame)

    def cut(self) -> None:
        """Cut the line without a word, as a lost network does."""
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        """Say goodbye and close."""
        if self._transport is not None and self._is_open:
            self._transport.write(_frame(_CLOSE, (1000).to_bytes(2, "big")))
            self._transport.close()

    def _shake(self, data: bytes) -> None:
        self._core.receive_data(data)
        if self._core.handshake_exc is not None or self._core.state is not State.OPEN:
            error = self._core.handshake_exc
            self._close = (1002, str(error) if isinstance(error, InvalidHandshake) else "no handshake")
            self.cut()
            return
        self._is_open = True
        self._listener.opened()

    def _frames(self, data: bytes) -> bytes:
        """Tell every whole frame; returns what is left."""
        at, end = 0, len(data)
        while end - at >= 2:
            size, head = data[at + 1], 2
            if size == 126:
                if end - at < 4:
                    break
                size, head = int.from_bytes(data[at + 2 : at + 4], "big"), 4
            elif size == 127:
                if end - at < 10:
                    break
                size, head = int.from_bytes(data[at + 2 : at + 10], "big"), 10
            if end - at < head + size:
                break
            self._frame(data[at], data[at + head : at + head + size])
            at += head + size
        return data[at:]

    def _frame(self, opcode: int, payload: bytes) -> None:
        if opcode == _BINARY:
            self._listener.told(payload)
        elif opcode == _PING and self._transport is not None:
            self._transport.write(_frame(_PONG, payload))
        elif opcode == _CLOSE:
            code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 1005
            self._close = (code, payload[2:].decode("utf-8", "replace"))
            if self._transport is not None:
                self._transport.write(_frame(_CLOSE, payload[:2]))
                self._transport.close()
        elif opcode not in (_PONG, _TEXT):
            self._close = (1003, f"frame 0x{opcode:02x} is none a server of ours sends")
            self.cut()

    def _rest(self, size: int) -> None:
        """Read no more until so many bytes would have been read at the slow reader's pace."""
        if self._transport is not None:
            self._transport.pause_reading()
            asyncio.get_running_loop().call_later(size / self._read_bytes_s, self._read_on)

    def _read_on(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()


def _frame(opcode: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return bytes((opcode, 0x80 | size)) + _KEY + payload
    if size < 1 << 16:
        return bytes((opcode, 0xFE)) + size.to_bytes(2, "big") + _KEY + payload
    return bytes((opcode, 0xFF)) + size.to_bytes(8, "big") + _KEY + payload


async def connect(url: str, make: Callable[[], Line], *, small_buffer: bool = False) -> None:
    """Open the socket of a line. Raises ``OSError`` where nobody listens.

    ``small_buffer``: the kernel takes little on the line's behalf, so that a slow reader is felt.
    """
    parts = urlsplit(url)
    loop = asyncio.get_running_loop()
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    if not small_buffer:
        await loop.create_connection(make, host, port)
        return
    narrow = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER)
    narrow.setblocking(False)
    await loop.sock_connect(narrow, (host, port))
    await loop.create_connection(make, sock=narrow)

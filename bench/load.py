"""The load generator of bench/realtime.py: raw sockets, frames made beforehand, costs read from /proc."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from server.protocol.codec import encode, unpack  # noqa: E402
from server.protocol.messages import SUBPROTOCOL, Acknowledge, Delta, Hello, Snapshot, Welcome  # noqa: E402
from server.protocol.parts import ClientKind  # noqa: E402
from server.protocol.posebytes import WirePose, encode_pose  # noqa: E402

SERVER_CORE: Final = 0
LOAD_CORE: Final = 1
PAYLOAD: Final = 24
"""Bytes of an echoed message: a pose's."""
_UPGRADE: Final = (
    b"GET /live HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: " + SUBPROTOCOL.encode() + b"\r\n\r\n"
)


def masked(payload: bytes) -> bytes:
    """A client's frame; the mask 0 leaves the payload as it is."""
    size = len(payload)
    head = bytes((0x82, 0x80 | size)) if size < 126 else bytes((0x82, 0xFE)) + size.to_bytes(2, "big")
    return head + bytes(4) + payload


class Line(asyncio.Protocol):
    """One websocket: the handshake, then every binary frame to ``told``."""

    def __init__(self, told: "Told", opened: "Callable[[Line], None]") -> None:
        self.told, self._opened = told, opened
        self.transport: asyncio.Transport
        self.sent_at = 0.0
        self.place = 0
        self.event = 0
        self.acknowledged = 0
        self.token = b""
        self.is_resumed = False
        self.path: Sequence[bytes] = ()
        self.number = 0
        self.waiting: deque[tuple[int, float]] = deque()
        """Number and time of what was sent and not answered yet."""
        self._buffer = b""
        self._is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        """Ask for the upgrade."""
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(_UPGRADE)

    def data_received(self, data: bytes) -> None:
        """Cut frames."""
        """Cut frames."""
        data = self._buffer + data if self._buffer else data
        at = 0
        if not self._is_open:
            at = data.find(b"\r\n\r\n") + 4
            if at < 4:
                self._buffer = data
                return
            assert data.startswith(b"HTTP/1.1 101"), data[:200]
            self._is_open = True
            self._opened(self)
        end = len(data)
        while end - at >= 2:
            size, head = data[at + 1], 2
            if size == 126:
                size, head = int.from_bytes(data[at + 2 : at + 4], "big"), 4
            elif size == 127:
                size, head = int.from_bytes(data[at + 2 : at + 10], "big"), 10
            if end - at < head + size:
                break
            if data[at] == 0x82:
                self.told(self, data[at + head : at + head + size])
            at += head + size
        self._buffer = data[at:]


Told = Callable[[Line, bytes], None]


@dataclass
class Served:
    """A server under measurement."""

    port: int
    process: "subprocess.Popen[bytes]"

    def cpu(self) -> float:
        """Seconds of its processor time so far, user and system."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """Bytes of its resident memory."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


@asynccontextmanager
async def served(kind: str, *options: str) -> AsyncIterator[Served]:
    """Start a server of ``bench/echo_servers.py`` and stop it."""
    command = [sys.executable, str(HERE / "echo_servers.py"), kind, "--core", str(SERVER_CORE), *options]
    process = await asyncio.to_thread(
        subprocess.Popen, command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        port = int(await asyncio.to_thread(process.stdout.readline))  # type: ignore[union-attr]
        yield Served(port, process)
    finally:
        process.kill()
        process.wait()


@dataclass
class Load:
    """Lines that echo; :class:`PoseLoad` makes visitors of them."""

    lines: list[Line] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    answered: int = 0
    sent: int = 0
    is_narrow: bool = False
    """Whether the system takes as little as it can for a line that does not read."""
    is_closed_loop: bool = False
    """Whether a line sends its next message when the last was answered."""

    async def open(self, port: int, count: int, at_once: int = 50) -> None:
        """Open so many more lines; returns when each is ready."""
        loop = asyncio.get_running_loop()
        for start in range(0, count, at_once):
            ready: list[asyncio.Future[None]] = []
            for _ in range(min(at_once, count - start)):
                future: asyncio.Future[None] = loop.create_future()
                ready.append(future)
                await self.dial(port, future)
            async with asyncio.timeout(60):
                await asyncio.gather(*ready)

    async def dial(self, port: int, ready: "asyncio.Future[None]") -> Line:
        """Open one line."""
        loop = asyncio.get_running_loop()
        opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if self.is_narrow:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        opened.setblocking(False)
        await loop.sock_connect(opened, ("127.0.0.1", port))
        _, line = await loop.create_connection(lambda: self.line(ready), sock=opened)
        self.lines.append(line)
        return line

    def line(self, ready: "asyncio.Future[None]") -> Line:
        """A line that completes ``ready`` once messages may be sent."""
        return Line(self.told, lambda line: _done(ready))

    def told(self, line: Line, payload: bytes) -> None:
        """A message came."""
        self.count(line, line.waiting[0][0])
        if self.is_closed_loop:
            self.send(line)

    def count(self, line: Line, number: int) -> None:
        """The line's message of that number was answered; what was sent before it never will be."""
        while line.waiting and (number - line.waiting[0][0]) & 0xFFFF < 0x8000:
            sent, when = line.waiting.popleft()
            if sent == number:
                self.answered += 1
                self.latencies.append(time.perf_counter() - when)

    def send(self, line: Line) -> None:
        """Send the line's next message."""
        line.number += 1
        self.sending(line)
        line.transport.write(_ECHO)

    def sending(self, line: Line) -> None:
        """The line's message goes now."""
        line.sent_at = time.perf_counter()
        line.waiting.append((line.number, line.sent_at))
        self.sent += 1

    def close(self) -> None:
        """Cut all lines."""
        for line in self.lines:
            line.transport.abort()

    def begin(self) -> None:
        """Forget what was counted."""
        self.latencies.clear()
        self.answered = self.sent = 0


_ECHO: Final = masked(bytes(PAYLOAD))
_HELLO: Final = Hello(kind=ClientKind.MOCK, languages=("en",), software="bench")


class PoseLoad(Load):
    """Visitors that walk: each sends the poses of a path, and a delta that names the newest answers it.

    ``stride``: every how manyeth pose of the path is sent.
    """

    def __init__(self, paths: Sequence[Sequence[Any]], stride: int = 1) -> None:
        super().__init__()
        self._paths = [
            [masked(encode_pose(WirePose(0, 0, pose.position, pose.rotation))) for pose in path[::stride]]
            for path in paths
        ]
        self.joined: list[float] = []
        """Seconds from hello to the first snapshot."""
        self.resumed: list[float] = []
        self.lost = 0
        """Events missed or told twice."""

    def line(self, ready: "asyncio.Future[None]") -> Line:
        """A line that says hello and is ready with its first snapshot."""

        def opened(line: Line) -> None:
            line.sent_at = time.perf_counter()
            line.transport.write(masked(encode(_HELLO)))

        def told(line: Line, payload: bytes) -> None:
            if payload[1] == Welcome.code:
                line.token = cast("bytes", unpack(payload)[2])
            elif payload[1] == Snapshot.code:
                self.joined.append(time.perf_counter() - line.sent_at)
                line.event = 1
                line.told = self.told
                _done(ready)

        line = Line(told, opened)
        line.path = self._paths[len(self.lines) % len(self._paths)]
        line.place = len(self.lines) * 37 % len(line.path)
        return line

    async def resume(self, port: int, line: Line) -> None:
        """Cut the line, and go on over another."""
        line.transport.abort()
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        hello = _HELLO.model_copy(update={"token": line.token, "received": line.event})

        def told(fresh: Line, payload: bytes) -> None:
            if payload[1] == Welcome.code:
                fresh.is_resumed = unpack(payload)[5] is True
                fresh.told = self.told
                self.resumed.append(time.perf_counter() - began)
                _done(ready)

        fresh = Line(told, lambda one: one.transport.write(masked(encode(hello))))
        fresh.path, fresh.place, fresh.number = line.path, line.place, line.number
        fresh.event, fresh.acknowledged, fresh.token = line.event, line.acknowledged, line.token
        await asyncio.get_running_loop().create_connection(lambda: fresh, "127.0.0.1", port)
        self.lines[self.lines.index(line)] = fresh
        async with asyncio.timeout(60):
            await ready
        if not fresh.is_resumed:
            self.lost += 1

    def send(self, line: Line) -> None:
        """Send the next pose of the line's path."""
        line.place = (line.place + 1) % len(line.path)
        line.number = (line.number + 1) & 0xFFFF
        frame = line.path[line.place]
        self.sending(line)
        line.transport.write(frame[:8] + line.number.to_bytes(2, "little") + frame[10:])

    def told(self, line: Line, payload: bytes) -> None:
        """A message came; only events are counted."""
        if payload[1] != Delta.code:
            return
        message = unpack(payload)
        if message[1] != line.event + 1:
            self.lost += 1
        line.event = cast("int", message[1])
        if line.event - line.acknowledged >= 32:
            line.acknowledged = line.event
            line.transport.write(masked(encode(Acknowledge(sequence=line.event))))
        self.count(line, cast("int", message[3]))
        if self.is_closed_loop and message[3] == line.number:
            self.send(line)


def _done(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)

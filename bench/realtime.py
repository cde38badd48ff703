"""The live connection beside bare echo servers: what a pose costs, how long its delta takes, what a visitor weighs.

    python bench/realtime.py [throughput] [latency] [idle] [slow] [storm] [resume] [soak] [--seconds 5] ...

One load generator (raw sockets on uvloop, frames made before the clock starts) drives every server over
127.0.0.1; server and generator are pinned to a core each. Because a shared machine is never quiet, the figure that
counts is CPU: messages a second of the server's processor time, user and system, read from /proc before and after.
Wall-clock rates stand beside it.

``throughput``: closed loop, 50 connections, one message in flight each. Echo: 24 bytes, a pose's size. Twin: visitors
walk so that (nearly) every pose is answered by a delta; ``every 10th`` walks a tenth as far a pose, as at 10 Hz.
"""

import argparse
import asyncio
import math
import os
import resource
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import uvloop

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from server.protocol.codec import encode, unpack  # noqa: E402
from server.protocol.messages import (  # noqa: E402
    SUBPROTOCOL,
    Acknowledge,
    ClockRequest,
    Hello,
)
from server.protocol.parts import ClientKind  # noqa: E402
from server.protocol.posebytes import WirePose, encode_pose  # noqa: E402

SERVER_CORE, LOAD_CORE = 0, 1
PAYLOAD = 24
HELLO = encode(Hello(kind=ClientKind.MOCK, languages=("en",), software="bench"))
KEY = b"\0\0\0\0"
LENGTH = 40.0 * 3
"""Metres of the museum along z: 40 rows of 25 artifacts, 3 m apart."""


def masked(payload: bytes) -> bytes:
    """A client's frame; the mask 0 leaves the payload as it is."""
    size = len(payload)
    head = bytes((0x82, 0x80 | size)) if size < 126 else bytes((0x82, 0xFE)) + size.to_bytes(2, "big")
    return head + KEY + payload


class Line(asyncio.Protocol):
    """One websocket of the load generator: handshake, then frames to ``told``."""

    def __init__(self, told: Callable[["Line", bytes], None], opened: Callable[["Line"], None]) -> None:
        self.told, self.opened = told, opened
        self.transport: asyncio.Transport
        self.buffer = b""
        self.is_open = False
        self.sent_at = 0.0
        self.place = 0
        self.count = 0
        self.event = 0
        self.acknowledged = 0
        self.token = b""
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport = cast(asyncio.Transport, transport)
        transport.write(
            b"GET /live HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Protocol: " + SUBPROTOCOL.encode() + b"\r\n\r\n"
        )

    def data_received(self, data: bytes) -> None:
        data = self.buffer + data if self.buffer else data
        at = 0
        if not self.is_open:
            at = data.find(b"\r\n\r\n") + 4
            if at < 4:
                self.buffer = data
                return
            assert data.startswith(b"HTTP/1.1 101"), data[:200]
            self.is_open = True
            self.opened(self)
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
        self.buffer = data[at:]

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.lost.done():
            self.lost.set_result(None)


@dataclass
class Served:
    """A server under measurement."""

    kind: str
    port: int
    process: "subprocess.Popen[bytes]"

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """Bytes of resident memory."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


@asynccontextmanager
async def served(kind: str, *options: str) -> AsyncIterator[Served]:
    """Start a server and stop it."""
    command = [sys.executable, str(HERE / "echo_servers.py"), kind, "--core", str(SERVER_CORE), *options]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        port = int(await asyncio.to_thread(process.stdout.readline))
        yield Served(kind, port, process)
    finally:
        process.kill()
        process.wait()


@dataclass
class Load:
    """Connections that send one message after the other."""

    lines: list[Line] = field(default_factory=list)
    is_running: bool = False
    latencies: list[float] = field(default_factory=list)
    answered: int = 0
    unanswered: int = 0

    async def open(self, port: int, count: int) -> None:
        loop = asyncio.get_running_loop()
        for start in range(0, count, 50):
            ready = []
            for _ in range(min(50, count - start)):
                future: asyncio.Future[None] = loop.create_future()
                ready.append(future)
                await loop.create_connection(lambda future=future: self.line(future), "127.0.0.1", port)  # type: ignore[misc]
            await asyncio.wait_for(asyncio.gather(*ready), 30)

    def line(self, ready: "asyncio.Future[None]") -> Line:
        raise NotImplementedError

    def send(self, line: Line) -> None:
        raise NotImplementedError

    def close(self) -> None:
        for line in self.lines:
            line.transport.abort()


class EchoLoad(Load):
    """Sends a message and waits for it to come back."""

    frame = masked(bytes(PAYLOAD))

    def line(self, ready: "asyncio.Future[None]") -> Line:
        line = Line(self.told, lambda _: ready.set_result(None))
        self.lines.append(line)
        return line

    def send(self, line: Line) -> None:
        line.sent_at = time.perf_counter()
        line.transport.write(self.frame)

    def told(self, line: Line, payload: bytes) -> None:
        self.answered += 1
        self.latencies.append(time.perf_counter() - line.sent_at)
        if self.is_running:
            self.send(line)


class PoseLoad(Load):
    """Walks through the museum: a pose, its delta, the next pose.

    ``stride`` metres a pose. A pose that changes nothing is answered by nothing; then a clock request, sent with
    every pose that was not answered before, tells that the server is through with it.
    """

    def __init__(self, stride: float, spread: float = 2.0) -> None:
        super().__init__()
        self.frames = [masked(encode_pose(pose)) for pose in walk(stride)]
        self.clock = masked(encode(ClockRequest(client_sent=0)))
        self.spread = spread

    def line(self, ready: "asyncio.Future[None]") -> Line:
        def told(line: Line, payload: bytes) -> None:
            if payload[1] == 2:
                line.token = bytes(unpack(payload)[2])  # type: ignore[arg-type]
            if payload[1] == 32:
                line.event = 1
                line.told = self.told
                ready.set_result(None)

        line = Line(told, lambda line: line.transport.write(masked(HELLO)))
        line.place = len(self.lines) * 37
        self.lines.append(line)
        return line

    def send(self, line: Line) -> None:
        line.place = (line.place + 1) % len(self.frames)
        line.sent_at = time.perf_counter()
        line.transport.write(self.frames[line.place])

    def told(self, line: Line, payload: bytes) -> None:
        if payload[1] != 33:
            return
        line.event += 1
        self.answered += 1
        self.latencies.append(time.perf_counter() - line.sent_at)
        if line.event - line.acknowledged >= 32:
            line.acknowledged = line.event
            line.transport.write(masked(encode(Acknowledge(sequence=line.event))))
        if self.is_running:
            self.send(line)


def walk(stride: float) -> Iterator[WirePose]:
    """Up one aisle and down the next, looking ahead with the head turning a little; closed."""
    steps = int(LENGTH / stride)
    for number in range(2 * steps):
        there = number < steps
        z = LENGTH - number * stride if there else (number - steps) * stride
        yaw = (0.0 if there else math.pi) + 0.6 * math.sin(number * stride)
        turn = (0.0, math.sin(yaw / 2), 0.0, math.cos(yaw / 2))
        yield WirePose(number % 65_536, 0, (37.5 if there else 34.5, 1.6, z), turn)


@dataclass(frozen=True)
class Result:
    """One row."""

    name: str
    per_cpu: float
    per_second: float
    p50: float
    p99: float


async def closed_loop(name: str, server: Served, load: Load, seconds: float, connections: int) -> Result:
    """One message in flight a connection."""
    await load.open(server.port, connections)
    load.is_running = True
    for line in load.lines:
        load.send(line)
    await asyncio.sleep(1.0)
    load.latencies.clear()
    answered, cpu, began = load.answered, server.cpu(), time.perf_counter()
    deadline = began + seconds
    stalled = 0
    while time.perf_counter() < deadline:
        await asyncio.sleep(0.05)
        now = time.perf_counter()
        for line in load.lines:
            if now - line.sent_at > 0.1:  # this pose changed nothing; go on
                stalled += 1
                load.send(line)
    spent, count, wall = server.cpu() - cpu, load.answered - answered, time.perf_counter() - began
    load.is_running = False
    load.close()
    load.unanswered = stalled
    times = sorted(load.latencies) or [0.0]
    return Result(
        name, count / max(spent, 1e-9), count / wall, times[len(times) // 2] * 1e3, times[int(len(times) * 0.99)] * 1e3
    )


async def throughput(options: argparse.Namespace) -> None:
    """Rounds of every server in turn, medians over the rounds."""
    kinds = ["websockets", "uvicorn", *(["picows"] if has_picows() else [])]
    rows: dict[str, list[Result]] = {}
    for _ in range(options.rounds):
        for kind in kinds:
            async with served(kind) as server:
                result = await closed_loop(f"echo, {kind}", server, EchoLoad(), options.seconds, options.connections)
                rows.setdefault(result.name, []).append(result)
        async with served("twin") as server:
            load = PoseLoad(options.stride)
            name = "pose to delta, twin"
            result = await closed_loop(name, server, load, options.seconds, options.connections)
            rows.setdefault(name, []).append(result)
            if load.unanswered:
                print(f"  ({load.unanswered} poses changed nothing, {load.answered} did)")
    print_rows(rows)


def print_rows(rows: dict[str, list[Result]]) -> None:
    base = statistics.median(result.per_cpu for result in rows["echo, websockets"])
    print("| server | messages per CPU second | times websockets | messages/s | p50 ms | p99 ms |")
    print("|---|---|---|---|---|---|")
    for name, results in rows.items():
        per_cpu = statistics.median(one.per_cpu for one in results)
        wall = statistics.median(one.per_second for one in results)
        p50, p99 = (statistics.median(getattr(one, key) for one in results) for key in ("p50", "p99"))
        print(f"| {name} | {per_cpu:,.0f} | {per_cpu / base:.2f} | {wall:,.0f} | {p50:.2f} | {p99:.2f} |")


def has_picows() -> bool:
    try:
        import picows  # noqa: F401
    except ImportError:
        return False
    return True


MEASURES: dict[str, Callable[[argparse.Namespace], "asyncio.Future[None]"]] = {"throughput": throughput}  # type: ignore[dict-item]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measures", nargs="*", default=list(MEASURES))
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--stride", type=float, default=1.2)
    options = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {LOAD_CORE})
    for measure in options.measures:
        print(f"\n## {measure}\n")
        uvloop.run(MEASURES[measure](options))



if __name__ == "__main__":
    main()

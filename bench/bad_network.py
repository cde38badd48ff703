"""A network of bad days before a server: delay, jitter and loss, as TCP lets a websocket feel them.

    python bench/bad_network.py PORT [--delay 40] [--jitter 10] [--loss 1]

Carries every connection to 127.0.0.1:PORT and prints the port it listens on. Each piece of bytes arrives
``delay`` ± ``jitter`` milliseconds later, in order, in each direction. Lost packets do not vanish from a TCP
connection: they come a retransmission later and hold up what is behind them. So a lost piece waits ``RESEND``
longer, and everything after it with it (RFC 6298: at least 200 ms on Linux, 1 s in the paper).

What it does not show: congestion control (a real loss also narrows the line for a while), reordering, and
what a WLAN does besides.
"""

import argparse
import asyncio
import random
import sys
from collections import deque
from dataclasses import dataclass
from typing import cast

import uvloop

RESEND = 0.2
"""Seconds until a lost packet comes again: Linux' least retransmission timeout."""
TICK = 0.002
"""Seconds between two looks at what is due."""


@dataclass(frozen=True, slots=True)
class Weather:
    """Seconds, and a share."""

    delay: float
    jitter: float
    loss: float


class Ways:
    """All directions of all connections; one timer sends what is due."""

    def __init__(self, weather: Weather) -> None:
        self.weather = weather
        self.draw = random.Random(1)
        self.busy: set[Way] = set()
        self.carried = self.lost = 0

    async def run(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(TICK)
            now = loop.time()
            self.busy = {way for way in self.busy if way.send(now)}


class Way:
    """One direction of one connection."""

    def __init__(self, ways: Ways) -> None:
        self.ways = ways
        self.target: asyncio.Transport | None = None
        self.waiting: deque[tuple[float, bytes]] = deque()
        self.last = 0.0
        self.is_over = False

    def take(self, data: bytes) -> None:
        """Bytes came; they go on later."""
        ways = self.ways
        weather, draw = ways.weather, ways.draw
        due = asyncio.get_running_loop().time() + weather.delay + draw.uniform(-1, 1) * weather.jitter
        ways.carried += 1
        if draw.random() < weather.loss:
            ways.lost += 1
            due += RESEND
        self.last = max(self.last, due)
        self.waiting.append((self.last, data))
        ways.busy.add(self)

    def send(self, now: float) -> bool:
        """Send what is due; whether anything still waits."""
        if self.target is None:
            return True
        pieces = []
        while self.waiting and self.waiting[0][0] <= now:
            pieces.append(self.waiting.popleft()[1])
        if pieces:
            self.target.write(b"".join(pieces))
        if self.is_over and not self.waiting:
            self.target.close()
        return bool(self.waiting)


class End(asyncio.Protocol):
    """One end: what comes in here goes its way; what came the other way is written here."""

    def __init__(self, way: Way, back: Way) -> None:
        self.way, self.back = way, back

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """What came the other way may be written now."""
        self.back.target = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Send it on its way."""
        self.way.take(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Carry what is under way to the other end, then close it."""
        self.back.waiting.clear()
        self.way.is_over = True
        if self.way.target is not None and not self.way.waiting:
            self.way.target.close()


async def carry(port: int, weather: Weather) -> None:
    loop = asyncio.get_running_loop()
    ways = Ways(weather)
    dialing: set[asyncio.Task[None]] = set()

    async def dial(onward: Way, backward: Way) -> None:
        try:
            await loop.create_connection(lambda: End(backward, onward), "127.0.0.1", port)
        except OSError:
            if backward.target is not None:
                backward.target.abort()

    def accepted() -> End:
        onward, backward = Way(ways), Way(ways)
        task = loop.create_task(dial(onward, backward))
        dialing.add(task)
        task.add_done_callback(dialing.discard)
        return End(onward, backward)

    server = await loop.create_server(accepted, "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    running = asyncio.create_task(ways.run())
    # Ends with whoever started it: its standard input closes then.
    await loop.run_in_executor(None, sys.stdin.read)
    running.cancel()
    print(f"{ways.carried} {ways.lost}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("port", type=int)
    parser.add_argument("--delay", type=float, default=40.0, help="milliseconds, one way")
    parser.add_argument("--jitter", type=float, default=10.0, help="milliseconds, more or less")
    parser.add_argument("--loss", type=float, default=1.0, help="percent")
    options = parser.parse_args()
    weather = Weather(options.delay / 1e3, options.jitter / 1e3, options.loss / 1e2)
    uvloop.run(carry(options.port, weather))


if __name__ == "__main__":
    main()

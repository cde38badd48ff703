"""How many poses a second ``twin mock`` can send before it is itself the bottleneck.

    python bench/mock.py [--visitors 1000] [--seconds 8]

Its counterpart answers every pose with a delta of one artifact and every clock request, and does nothing
else: a bare echo that speaks the protocol, on another core. *Generator µs* is the mock's own processor time
for a pose with all that belongs to it: walking, encoding, sending, and reading, decoding and timing the delta
that answers it. A real server answers fewer poses, so this is the mock at its dearest. *Limit* is how many of
them fill a core; *late* counts poses sent more than a period after their time.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final, cast

import uvloop
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from server.mock.crowd import play
from server.mock.scenario import Group, Scenario
from server.protocol.codec import (
    delta_tail,
    encode,
    encode_change,
    numbered,
    snapshot_tail,
    unpack,
)
from server.protocol.messages import (
    SUBPROTOCOL,
    ClockAnswer,
    ClockRequest,
    Delta,
    Hello,
    Snapshot,
    Welcome,
)
from server.protocol.parts import ArtifactEnter, ArtifactLeave, Detail

MOCK_CORE, ECHO_CORE = 0, 1
ENTER: Final = encode_change(
    ArtifactEnter(
        artifact="bench:vase", position=(3.0, 1.0, 2.0), orientation=(0.0, 0.0, 0.0, 1.0),
        bounds=(0.2, 0.3, 0.2), detail=Detail.GLANCE,
    )
)  # fmt: skip
LEAVE: Final = encode_change(ArtifactLeave(artifact="bench:other"))


class Echo(asyncio.Protocol):
    """Welcomes, and answers every pose with a delta that names it."""

    def __init__(self) -> None:
        self._core = ServerProtocol(subprotocols=[Subprotocol(SUBPROTOCOL)])
        self._buffer = b""
        self._is_open = False
        self._event = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A visitor."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Frames of short messages, masked with the key 0."""
        if not self._is_open:
            self._core.receive_data(data)
            for event in self._core.events_received():
                if isinstance(event, Request):
                    self._core.send_response(self._core.accept(event))
                    self._is_open = True
            self._transport.write(b"".join(self._core.data_to_send()))
            return
        data, at, told = self._buffer + data, 0, []
        while len(data) - at >= 6:
            size, head = data[at + 1] & 0x7F, 6
            if size == 126:
                size, head = int.from_bytes(data[at + 2 : at + 4], "big"), 8
            if len(data) - at < head + size:
                break
            told += self._answers(data[at + head : at + head + size])
            at += head + size
        self._buffer = data[at:]
        self._transport.write(b"".join(_framed(message) for message in told))

    def _answers(self, message: bytes) -> list[bytes]:
        if message[0] == 16:
            return [self._numbered(Delta, delta_tail(0, int.from_bytes(message[2:4], "little"), 1, LEAVE))]
        code = message[1]
        if code == Hello.code:
            welcome = Welcome(
                session="s", token=bytes(16), server_time=0, minor=0, resumed=False, gallery="",
                placement="1",
                resume_within=0, acknowledge_every=32, heartbeat=0,
            )  # fmt: skip
            return [encode(welcome), self._numbered(Snapshot, snapshot_tail((0, "", "1"), 1, ENTER))]
        if code == ClockRequest.code:
            sent = cast("int", unpack(message)[1])
            return [encode(ClockAnswer(client_sent=sent, server_received=0, server_sent=0))]
        return []

    def _numbered(self, kind: type[Delta] | type[Snapshot], tail: bytes) -> bytes:
        self._event += 1
        return numbered(kind.code, self._event, tail)


def _framed(payload: bytes) -> bytes:
    size = len(payload)
    return (bytes((0x82, size)) if size < 126 else bytes((0x82, 126)) + size.to_bytes(2, "big")) + payload


async def echo() -> None:
    """Serve until the input ends."""
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


def main() -> None:
    """Play against the echo, at rising rates."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visitors", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--echo", action="store_true")
    given = parser.parse_args()
    os.sched_setaffinity(0, {ECHO_CORE if given.echo else MOCK_CORE})
    if given.echo:
        uvloop.run(echo())
        return
    print(
        "| visitors | poses/s wanted | poses/s sent | generator µs a pose | limit, poses/s | late | p99 ms |"
    )
    print("|---|---|---|---|---|---|---|")
    for hz in (5.0, 10.0, 20.0):
        server = subprocess.Popen(
            [sys.executable, __file__, "--echo"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert server.stdout is not None
        port = int(server.stdout.readline())
        group = Group(name="all", visitors=given.visitors, pose_hz=hz)
        scenario = Scenario(name="limit", seconds=given.seconds, arrive_s=2.0, groups=(group,))
        used = time.process_time()
        played = play(scenario, f"ws://127.0.0.1:{port}/live")
        used = time.process_time() - used
        server.kill()
        poses = played.tally.counts["poses"]
        figures = played.tally.latencies["delta"].summary()
        each = used / poses
        print(
            f"| {given.visitors:,} | {given.visitors * hz:,.0f} | {poses / (played.seconds - 1.0):,.0f} "
            f"| {each * 1e6:.0f} | {1 / each:,.0f} | {played.tally.counts['late']:,} "
            f"| {figures['p99_ms']:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()

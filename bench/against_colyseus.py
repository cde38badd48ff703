"""Visitors a core holds: the live connection beside a Colyseus room that does the same work.

    python bench/against_colyseus.py [--visitors 100 200] [--seconds 6] [--rounds 2]

About three minutes. The room's packages are installed from npm into ``bench/colyseus`` the first time; where
there is no Node or npm cannot fetch them, nothing is measured and that is said.

Both servers hold the thousand artifacts of ``bench/interest.py``, without its walls. Every visitor walks at
one metre a second and sends a pose ten times a second; the server answers with what enters, leaves or changes
for that visitor. The Colyseus room (``colyseus/server.mjs``) filters its state with Colyseus's own StateView,
by the same thresholds and budget; its patches go out every 50 ms, its default. Ours casts the gaze, counts
dwell and chooses content by language besides; theirs does not.

The same light clients drive both, from two processes. The server is pinned to one core, the clients to
another. What counts is processor time of the server, user and system, from /proc, from the first pose until
it has nothing left to do: on a shared machine that is what one can trust. *Visitors a core* is how many ten
poses a second would fill it. Latency is from a pose to the first message that takes it into account: for us
a delta that names it (a pose that changes nothing is answered by nothing), for Colyseus the patch in which
the visitor's own ``pose`` field has its number (there every pose is acknowledged so, with six bytes).

What it does not show: presence, many rooms, networks; a room of another shape.
"""

import argparse
import asyncio
import json
import math
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgpack
import uvloop

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from bench.interest import ROOM, museum, rooms_of  # noqa: E402
from server.connection import live  # noqa: E402
from server.hub import Hub, Rules  # noqa: E402
from server.metrics import PrometheusMetrics  # noqa: E402
from server.mock.line import Line, connect  # noqa: E402
from server.mock.tally import quantile  # noqa: E402
from server.protocol.codec import encode, unpack  # noqa: E402
from server.protocol.messages import SUBPROTOCOL, Acknowledge, Delta, Hello, Snapshot  # noqa: E402
from server.protocol.parts import ClientKind  # noqa: E402
from server.protocol.posebytes import WirePose, encode_pose  # noqa: E402
from server.showing import Showing  # noqa: E402
from server.world.interest import Interest  # noqa: E402
from server.world.placement import Placement  # noqa: E402
from tests.server.museum import PlainContent  # noqa: E402

SERVER_CORE, LOAD_CORE = 0, 1
PATIENCE = 10.0
"""Seconds that a server may take to have nothing left to do; a room's clock never rests quite."""
PROCESSES, HZ, ARTIFACTS = 2, 10, 1000
FIRST = 0x2345
"""Pose numbers begin where their bytes are unlikely to occur by chance."""


Place = tuple[float, float, float, float]
"""x, y, z in metres, yaw in radians."""


def way(number: int, seconds: float) -> list[Place]:
    """Where a visitor is at every pose: a stroll of one metre a second."""
    draw = random.Random(number)
    length = rooms_of(ARTIFACTS) * ROOM
    x, z, yaw = draw.uniform(0, length), draw.uniform(0, length), draw.uniform(0, 6.28)
    places = []
    for _ in range(int(seconds * HZ)):
        yaw += draw.gauss(0.0, 0.12)
        x, z = (x - math.sin(yaw) / HZ) % length, (z - math.cos(yaw) / HZ) % length
        places.append((x, 1.6, z, yaw))
    return places


class Client:
    """One visitor; a subclass speaks a server's language."""

    def __init__(self, way: list[Place]) -> None:
        self.way = way
        self.number = FIRST
        self.sent: dict[int, float] = {}
        self.spans: list[float] = []
        self.is_in = False
        self.line: Line

    def opened(self) -> None:
        """The socket is open."""

    def closed(self, line: Line, code: int, reason: str) -> None:
        """The socket is gone."""
        if code != 1000:
            print(f"a client was closed: {code} {reason}", file=sys.stderr)

    def step(self, place: int) -> None:
        """Send a pose of the way."""
        self.number += 1
        self.sent[self.number & 0xFFFF] = time.perf_counter()
        if len(self.sent) > 64:
            self.sent.pop(next(iter(self.sent)))
        self.line.send(self.pose(*self.way[place]))

    def pose(self, x: float, y: float, z: float, yaw: float) -> bytes:
        """The message that says where the visitor is."""
        raise NotImplementedError

    def answered(self, number: int) -> None:
        """A message takes this pose into account, and so all before it."""
        since = self.sent.pop(number, None)
        if since is not None:
            self.spans.append(time.perf_counter() - since)
            for older in [one for one in self.sent if (number - one) & 0xFFFF < 0x8000]:
                del self.sent[older]


class Ours(Client):
    """Speaks the live protocol."""

    event = 0

    def opened(self) -> None:
        """Say hello."""
        self.line.send(encode(Hello(kind=ClientKind.MOCK, languages=("en",), software="bench")))

    def told(self, data: bytes) -> None:
        """One message of the server."""
        message: Any = unpack(data)
        if message[0] in (Snapshot.code, Delta.code):
            self.event += 1
            if self.event % 32 == 0:
                self.line.send(encode(Acknowledge(sequence=message[1])))
            if message[0] == Delta.code:
                self.answered(message[3])
            self.is_in = True

    def pose(self, x: float, y: float, z: float, yaw: float) -> bytes:
        """Twenty-four bytes."""
        turn = (0.0, math.sin(yaw / 2), 0.0, math.cos(yaw / 2))
        return encode_pose(WirePose(self.number & 0xFFFF, 0, (x, y, z), turn))


class Theirs(Client):
    """Speaks Colyseus: join (10), messages (13), state (14), patches (15)."""

    def told(self, data: bytes) -> None:
        """One message of the server."""
        if data[0] == 10:
            self.line.send(b"\x0a")
        elif data[0] == 14:
            self.is_in = True
        elif data[0] == 15:
            for number in reversed(self.sent):
                ack = number.to_bytes(2, "little")
                if b"\x00" + ack in data or b"\x80" + ack in data:
                    self.answered(number)
                    return

    def pose(self, x: float, y: float, z: float, yaw: float) -> bytes:
        """A message of type 0 with seven numbers."""
        ahead = (-math.sin(yaw), 0.0, -math.cos(yaw))
        packed: bytes = msgpack.packb([self.number & 0xFFFF, x, y, z, *ahead], use_single_float=True)
        return b"\x0d\x00" + packed


def seat(port: int) -> str:
    """Ask Colyseus for a place in the room; the address to connect to."""
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/matchmake/joinOrCreate/hall", b"{}", {"content-type": "application/json"}
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:
        found = json.load(answer)
    return f"ws://127.0.0.1:{port}/{found['processId']}/{found['roomId']}?sessionId={found['sessionId']}"


async def load(kind: str, port: int, first: int, count: int, seconds: float) -> list[float]:
    """Bring visitors, wait for the word on stdin, walk for so long; returns the latencies.

    Before the word every visitor hurries along the way they will walk, so that what a server prepares at the
    first visit of a place is prepared.
    """
    clients: list[Client] = []
    for number in range(first, first + count):
        walk_ = way(number, seconds)
        client: Client = Ours(walk_) if kind == "twin" else Theirs(walk_)
        url = f"ws://127.0.0.1:{port}/live" if kind == "twin" else await asyncio.to_thread(seat, port)
        client.line = Line(url, SUBPROTOCOL, client)  # type: ignore[arg-type]
        await connect(url, lambda line=client.line: line)  # type: ignore[misc]
        clients.append(client)
        await asyncio.sleep(0.002)
    async with asyncio.timeout(30):
        while not all(client.is_in for client in clients):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    for place in range(0, int(seconds * HZ), HZ // 2):
        for client in clients:
            client.step(place)
        await asyncio.sleep(0.2)
    await asyncio.sleep(2.0)
    for client in clients:
        client.step(0)
        client.spans.clear()
    await asyncio.sleep(0.5)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await walk(clients, seconds)
    await asyncio.sleep(1.0)
    return [span for client in clients for span in client.spans]


async def walk(clients: list[Client], seconds: float) -> None:
    """Ten poses a second each, spread evenly over the period."""
    began = time.perf_counter()
    for step in range(int(seconds * HZ)):
        for place, client in enumerate(clients):
            due = began + (step + place / len(clients)) / HZ
            if (wait := due - time.perf_counter()) > 0.001:
                await asyncio.sleep(wait)
            client.step(step)
        await asyncio.sleep(0)


def open_museum() -> Placement:
    """The museum of both servers: no walls, for the room knows none."""
    placement: Placement = museum(ARTIFACTS)
    return replace(placement, occluders=())


async def serve_ours() -> None:
    """The live connection alone, with all its limits; prints its port."""
    showing = Showing(Interest(open_museum()), PlainContent())
    hub = Hub(showing, None, Rules(), PrometheusMetrics())
    server = await asyncio.get_running_loop().create_server(live(hub), "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as opened:
        return int(opened.getsockname()[1])


def has_room() -> bool:
    """Whether the room's packages are there, installed now if need be."""
    if not (shutil.which("node") and shutil.which("npm")):
        print("no Node or npm, so nothing to measure against; on Debian: apt-get install nodejs npm")
        return False
    if (HERE / "colyseus" / "node_modules" / "@colyseus" / "core").exists():
        return True
    command = ["npm", "install", "--prefix", str(HERE / "colyseus"), "--no-audit", "--no-fund"]
    try:
        done = subprocess.run([*command, "--no-package-lock"], capture_output=True, text=True, timeout=180)
    except subprocess.TimeoutExpired:
        print("npm could not install Colyseus within three minutes; nothing is measured")
        return False
    if done.returncode:
        print(f"npm could not install Colyseus, so nothing is measured:\n{done.stderr[-600:]}")
    return done.returncode == 0


def serve(kind: str) -> "tuple[subprocess.Popen[str], int]":
    """Start a server on its core; returns it and its port."""
    pinned = ["taskset", "-c", str(SERVER_CORE)]
    if kind == "twin":
        command = [*pinned, sys.executable, __file__, "--serve"]
    else:
        listed = Path(tempfile.gettempdir()) / "bench-artifacts.json"
        boxes = [(e.artifact, *e.bounds.center, e.bounds.radius) for e in open_museum().exhibits]
        listed.write_text(json.dumps(boxes))
        command = [*pinned, "node", "server.mjs", str(free_port()), str(listed)]
    process = subprocess.Popen(
        command, cwd=HERE / "colyseus", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip().isdigit():
            return process, int(line)
    raise SystemExit(f"the {kind} server did not start")


def cpu(process: "subprocess.Popen[str]") -> float:
    """Seconds of processor time so far, all threads."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def settled(process: "subprocess.Popen[str]") -> float:
    """Processor time once the server has nothing left to do, or its time for that is over."""
    before, until = cpu(process), time.monotonic() + PATIENCE
    while time.monotonic() < until:
        time.sleep(0.5)
        now = cpu(process)
        if now - before <= 0.02:
            return now
        before = now
    return before


def measure(kind: str, visitors: int, seconds: float) -> dict[str, float]:
    """One server under one load."""
    server, port = serve(kind)
    share = visitors // PROCESSES
    loads = [
        subprocess.Popen(
            ["taskset", "-c", str(LOAD_CORE), sys.executable, __file__, "--load", kind, "--port", str(port),
             "--first", str(number * share), "--visitors", str(share), "--seconds", str(seconds)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for number in range(PROCESSES)
    ]  # fmt: skip
    try:
        for one in loads:
            assert one.stdout is not None
            if one.stdout.readline().strip() != "ready":
                raise SystemExit(f"the clients of {kind} did not get in")
        spent = settled(server)
        for one in loads:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        answers = [json.loads(one.communicate()[0].splitlines()[-1]) for one in loads]
        spent = settled(server) - spent
    finally:
        for process in (server, *loads):
            process.kill()
            process.wait()
    spans = sorted(span for answer in answers for span in answer)
    each = spent / (share * PROCESSES * int(seconds * HZ))
    return {
        "pose_us": each * 1e6, "per_core": 1.0 / (each * HZ), "answers": len(spans),
        "p50": quantile(spans, 0.5) * 1e3, "p99": quantile(spans, 0.99) * 1e3,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--visitors", type=int, nargs="+", default=[100, 200])
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--rounds", type=int, default=2, help="The cheapest round of each server counts.")
    parser.add_argument("--load", choices=["twin", "colyseus"])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--serve", action="store_true")
    given = parser.parse_args()
    if given.serve:
        uvloop.run(serve_ours())
        return
    if given.load:
        spans = uvloop.run(load(given.load, given.port, given.first, given.visitors[0], given.seconds))
        step = len(spans) // 3000 + 1  # a sample small enough for one write to a pipe
        print(json.dumps([round(span, 6) for span in sorted(spans)[::step]]))
        return
    if not has_room():
        return
    print(
        "| server | visitors | µs of processor a pose | visitors a core | answers sampled | p50 ms | p99 ms |"
    )
    print("|---|---|---|---|---|---|---|")
    for visitors in given.visitors:
        rounds = [
            {kind: measure(kind, visitors, given.seconds) for kind in ("twin", "colyseus")}
            for _ in range(given.rounds)
        ]
        for kind in ("twin", "colyseus"):
            row = min((one[kind] for one in rounds), key=lambda one: one["pose_us"])
            print(
                f"| {kind} | {visitors:,} | {row['pose_us']:.0f} | {row['per_core']:,.0f} "
                f"| {row['answers']:,} | {row['p50']:.1f} | {row['p99']:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()

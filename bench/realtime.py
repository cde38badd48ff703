"""The live connection beside bare echo servers: cost of a pose, time to its delta, weight of a visitor.

    python bench/realtime.py [throughput] [latency] [idle] [slow] [storm] [resume] [soak]

About eleven minutes for all of them, of which the soak takes five.

One load generator (``bench/load.py``) drives every server over 127.0.0.1; server and generator have a core
each. A shared machine is never quiet, so the figure that counts is the server's processor time, user and
system: a message's cost is that time divided by the messages, and messages per CPU second its reverse. The
museum is that of ``bench/interest.py``: rooms with walls and doors, ten artifacts a room, 1,000 in all.

- *throughput*: echo servers in a closed loop of 50 connections, a 24-byte message in flight each; the twin in
  the same loop, visitors striding a metre a pose so that nearly every pose is answered by a delta, and 500
  visitors at walking pace and 10 Hz, where many poses change nothing
- *latency*: 1,000 visitors at 10 Hz against 1,000 echoes at 10 Hz
- *idle*: memory of a connection that says nothing after its hello, and 10,000 of them
- *slow*, *storm*, *resume*: what 20 who do not read, 500 who come in 5 s, and 1,000 who come back do to
  the others
- *soak*: memory of the server through five minutes of visitors who walk, go and come back; ends with an error
  where it grows by more than 4 MiB after the first minute
"""

import argparse
import asyncio
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields
from pathlib import Path

import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.interest import walks
from bench.load import LOAD_CORE, Load, PoseLoad, Served, masked, served

ARTIFACTS = 1000
STRIDE = 10
"""Poses of a walk that are one in the closed loop: a metre."""
WALKING = 400
GROWTH_MIB = 4.0
"""Most that the server may grow by in a soak after its first minute."""


@dataclass(frozen=True)
class Result:
    """One row."""

    per_cpu: float
    per_second: float
    answered: float
    p50: float
    p99: float


def percentiles(seconds: list[float]) -> tuple[float, float]:
    """Median and 99th percentile in milliseconds."""
    ordered = sorted(seconds) or [0.0]
    return ordered[len(ordered) // 2] * 1e3, ordered[int(len(ordered) * 0.99)] * 1e3


def visitors(stride: int = 1) -> PoseLoad:
    """Visitors on the walks of bench/interest.py, a tenth of a metre a pose times ``stride``."""
    return PoseLoad(walks(ARTIFACTS), stride)


async def closed_loop(server: Served, load: Load, options: argparse.Namespace) -> Result:
    """One message in flight a connection; a pose that changes nothing is followed by the next soon."""
    await load.open(server.port, options.connections)
    load.is_closed_loop = True
    for line in load.lines:
        load.send(line)
    began = cpu = 0.0
    for phase in (1.0, options.seconds):
        load.begin()
        cpu, began = server.cpu(), time.perf_counter()
        while time.perf_counter() - began < phase:
            await asyncio.sleep(0.01)
            late = time.perf_counter() - 0.25
            for line in load.lines:
                if line.sent_at < late:
                    load.send(line)
    return finished(server, load, cpu, began)


async def paced(server: Served, load: Load, seconds: float, hertz: float) -> Result:
    """Every line sends so often, whatever comes back; the lines are spread over the period."""
    load.begin()
    cpu, began = server.cpu(), time.perf_counter()
    due = 0
    while (now := time.perf_counter() - began) < seconds:
        while due < now * hertz * len(load.lines):
            load.send(load.lines[due % len(load.lines)])
            due += 1
        await asyncio.sleep(0.001)
    return finished(server, load, cpu, began)


def finished(server: Served, load: Load, cpu: float, began: float) -> Result:
    """What was counted since ``began``."""
    spent, wall = server.cpu() - cpu, time.perf_counter() - began
    return Result(
        load.sent / max(spent, 0.01),
        load.sent / wall,
        load.answered / max(load.sent, 1),
        *percentiles(load.latencies),
    )


async def throughput(options: argparse.Namespace) -> None:
    """Rounds of every server in turn; medians."""
    closed: dict[str, list[Result]] = {}
    pacing: dict[str, list[Result]] = {}
    for _ in range(options.rounds):
        for kind in echoes():
            async with served(kind) as server:
                load = Load()
                closed.setdefault(f"echo, {kind}", []).append(await closed_loop(server, load, options))
                load.close()
        async with served("twin") as server:
            crowd = visitors(STRIDE)
            closed.setdefault("twin, a metre a pose", []).append(await closed_loop(server, crowd, options))
            crowd.close()
        for name, kind in (("echo, websockets", "websockets"), ("twin, walking", "twin")):
            async with served(kind) as server:
                load = visitors() if kind == "twin" else Load()
                await load.open(server.port, WALKING)
                await paced(server, load, 2.0, 10.0)
                pacing.setdefault(name, []).append(await paced(server, load, options.seconds, 10.0))
                load.close()
    told(closed)
    print(f"\n{WALKING} connections, ten messages a second each:\n")
    told(pacing)


def echoes() -> list[str]:
    """Echo servers that are installed; picows is no dependency of ours."""
    try:
        import picows  # noqa: F401
    except ImportError:
        return ["websockets", "uvicorn"]
    return ["websockets", "uvicorn", "picows"]


def told(rows: dict[str, list[Result]]) -> None:
    """Print the table."""
    names = [one.name for one in fields(Result)]
    names = [one.name for one in fields(Result)]
    middle = {
        name: [statistics.median(getattr(one, key) for one in results) for key in names]
        for name, results in rows.items()
    }
    base = middle["echo, websockets"][0]
    print("| server | messages/CPU s | times websockets | messages/s | answered | p50 ms | p99 ms |")
    print("|---|---|---|---|---|---|---|")
    for name, (per_cpu, wall, answered, p50, p99) in middle.items():
        print(
            f"| {name} | {per_cpu:,.0f} | {per_cpu / base:.2f} | {wall:,.0f} | {answered:.0%} "
            f"| {p50:.2f} | {p99:.2f} |"
        )


async def latency(options: argparse.Namespace) -> None:
    """1,000 at 10 Hz on one core, the echo and the twin in turn."""
    rows: dict[str, list[Result]] = {}
    for _ in range(options.rounds):
        for name, kind in (("echo, websockets", "websockets"), ("twin, walking", "twin")):
            async with served(kind) as server:
                load = visitors() if kind == "twin" else Load()
                await load.open(server.port, options.visitors)
                await paced(server, load, 2.0, 10.0)
                rows.setdefault(name, []).append(await paced(server, load, options.seconds, 10.0))
                load.close()
    told(rows)
    echo, twin = (statistics.median(one.p99 for one in results) for results in rows.values())
    print(f"\np99 of the twin is {twin / echo:.2f} times the echo's")


async def idle(options: argparse.Namespace) -> None:
    """Memory a connection, and ten thousand held."""
    print("| server | connections | KiB a connection |\n|---|---|---|")
    for kind, load in (("websockets", Load()), ("twin", visitors())):
        async with served(kind) as server:
            await load.open(server.port, 500)
            before = server.memory()
            await load.open(server.port, 2000)
            print(f"| {kind} | 2,000 | {(server.memory() - before) / 2000 / 1024:.1f} |")
            load.close()
    most = min(10_000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200)
    async with served("twin") as server:
        load = visitors()
        await load.open(server.port, 100)
        before = server.memory()
        began = time.perf_counter()
        await load.open(server.port, most - 100, at_once=200)
        opened = time.perf_counter() - began
        cpu, began = server.cpu(), time.perf_counter()
        await asyncio.sleep(options.seconds)
        share = (server.cpu() - cpu) / (time.perf_counter() - began)
        each = (server.memory() - before) / (most - 100) / 1024
        print(f"| twin | {most:,} | {each:.1f} |")
        alive = load.lines[:: most // 100]
        load.begin()
        for line in alive:
            load.send(line)
        await asyncio.sleep(1.0)
        print(f"\n{most:,} joined in {opened:.1f} s; holding them takes {share:.1%} of a core;")
        print(f"of {len(alive)} asked afterwards {load.answered} had a delta")
        load.close()


async def others(
    name: str, during: Callable[[Served, PoseLoad], Awaitable[str]], options: argparse.Namespace
) -> None:
    """200 visitors at 10 Hz: their p99 before and while something happens."""
    async with served("twin") as server:
        crowd, guests, seconds = visitors(), visitors(STRIDE), options.seconds
        await crowd.open(server.port, 200)
        await paced(server, crowd, 2.0, 10.0)
        before = await paced(server, crowd, seconds, 10.0)
        happening = asyncio.create_task(collected(during(server, guests)))
        while_it = await paced(server, crowd, seconds, 10.0)
        outcome = await happening
        crowd.close()
        print("| others at 10 Hz | p50 ms | p99 ms |\n|---|---|---|")
        print(f"| before | {before.p50:.2f} | {before.p99:.2f} |")
        print(f"| {name} | {while_it.p50:.2f} | {while_it.p99:.2f} |")
        print(f"\n{outcome}; events lost or told twice among the others: {crowd.lost}")


async def collected(happening: Awaitable[str]) -> str:
    return await happening


async def slow(options: argparse.Namespace) -> None:
    """20 clients that send poses and never read; the system takes as little for them as it can."""

    async def deaf(server: Served, load: PoseLoad) -> str:
        before = server.memory()
        load.is_narrow = True
        await load.open(server.port, 20)
        for line in load.lines:
            line.transport.pause_reading()
        for _ in range(int(options.seconds * 30)):
            for line in load.lines:
                load.send(line)
            await asyncio.sleep(1 / 30)
        grown = (server.memory() - before) / 1024 / 20
        load.close()
        return f"20 clients sent {load.sent:,} poses and read nothing: {grown:.0f} KiB of memory each"

    await others("20 that do not read", deaf, options)


async def storm(options: argparse.Namespace) -> None:
    """500 join within 5 s."""

    async def joining(server: Served, load: PoseLoad) -> str:
        loop = asyncio.get_running_loop()
        began = time.perf_counter()
        ready = []
        for number in range(500):
            await asyncio.sleep(max(0.0, began + number * 0.01 - time.perf_counter()))
            future: asyncio.Future[None] = loop.create_future()
            ready.append(future)
            await load.dial(server.port, future)
        async with asyncio.timeout(60):
            await asyncio.gather(*ready)
        p50, p99 = percentiles(load.joined)
        took = time.perf_counter() - began
        load.close()
        return (
            f"500 joined in {took:.1f} s, none refused; hello to snapshot p50 {p50:.1f} ms, p99 {p99:.1f} ms"
        )

    await others("500 joining", joining, options)


async def resume(options: argparse.Namespace) -> None:
    """1,000 resumes of 100 visitors."""

    async def returning(server: Served, load: PoseLoad) -> str:
        draw = random.Random(1)
        await load.open(server.port, 100)
        for _ in range(1000):
            line = draw.choice(load.lines)
            for _ in range(3):
                load.send(line)
            await load.resume(server.port, line)
        p50, p99 = percentiles(load.resumed)
        load.close()
        return f"1,000 resumes, p50 {p50:.1f} ms, p99 {p99:.1f} ms; events lost or told twice: {load.lost}"

    await others("1,000 coming back", returning, options)


async def soak(options: argparse.Namespace) -> None:
    """Five minutes: 100 walk; every second some go for good, some drop and come back, new ones come."""
    draw, sizes = random.Random(2), list[float]()
    async with served("twin") as server:
        crowd = visitors()
        await crowd.open(server.port, 100)
        print("| minute | MiB | CPU | p99 ms |\n|---|---|---|---|")
        for half in range(options.minutes * 2):
            crowd.begin()
            cpu, began = server.cpu(), time.perf_counter()
            for _ in range(30):
                await paced_keeping(server, crowd, 1.0)
                for line in draw.sample(crowd.lines, 5):
                    await crowd.resume(server.port, line)
                for line in draw.sample(crowd.lines, 5):
                    line.transport.write(masked(b"\x94\x07\x01\xa0\x00"))
                    crowd.lines.remove(line)
                await crowd.open(server.port, 5)
            share = (server.cpu() - cpu) / (time.perf_counter() - began)
            p99 = percentiles(crowd.latencies)[1]
            sizes.append(server.memory() / 2**20)
            print(
                f"| {(half + 1) / 2:g} | {sizes[-1]:.1f} | {share:.0%} | {p99:.1f} |",
                flush=True,
            )
        counts = f"{len(crowd.resumed):,} resumes, {len(crowd.joined):,} joins"
        print(f"\n{counts}; events lost or told twice: {crowd.lost}")
        crowd.close()
    grown = sizes[-1] - sizes[min(1, len(sizes) - 1)]
    if grown > GROWTH_MIB or crowd.lost:
        sys.exit(f"memory grew by {grown:.1f} MiB after the first minute, {crowd.lost} events were lost")


async def paced_keeping(server: Served, load: PoseLoad, seconds: float) -> None:
    """``paced``, with what was counted before kept."""
    kept = list(load.latencies)
    await paced(server, load, seconds, 10.0)
    load.latencies[:0] = kept


MEASURES: dict[str, Callable[[argparse.Namespace], Awaitable[None]]] = {
    "throughput": throughput, "latency": latency, "idle": idle, "slow": slow, "storm": storm,
    "resume": resume, "soak": soak,
}  # fmt: skip


async def measured(options: argparse.Namespace) -> None:
    for name in options.measures:
        print(f"\n## {name}\n", flush=True)
        await MEASURES[name](options)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=", ".join(MEASURES))
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=2, help="of throughput and latency")
    parser.add_argument("--connections", type=int, default=50, help="in the closed loop")
    parser.add_argument("--visitors", type=int, default=1000, help="of the latency measure")
    parser.add_argument("--minutes", type=int, default=5, help="of the soak")
    options = parser.parse_args()
    options.measures = options.measures or [*MEASURES]
    if strange := [name for name in options.measures if name not in MEASURES]:
        parser.error(f"no such measure: {', '.join(strange)}; there are {', '.join(MEASURES)}")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {LOAD_CORE})
    uvloop.run(measured(options))


if __name__ == "__main__":
    main()

"""The load that every server of one model gets: one client, many without pause, bursts."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import numpy as np

Ask = Callable[[str], Awaitable[object]]
"""Asks once, as the client of that name."""

SPREAD_S = 0.005
"""Within which the frames of a burst come."""


@dataclass(frozen=True, slots=True)
class Bursts:
    """``size`` frames at a time, one burst each ``period`` seconds, give or take a quarter."""

    size: int
    period: float
    seconds: float


async def one_client(ask: Ask, seconds: float) -> list[float]:
    """Seconds of each answer, one at a time."""
    end, took = time.perf_counter() + seconds, []
    while (began := time.perf_counter()) < end:
        await ask("one")
        took.append(time.perf_counter() - began)
    return took


async def without_pause(ask: Ask, clients: int, seconds: float) -> float:
    """Answers per second of clients that ask again at once."""
    began = time.perf_counter()
    done = 0

    async def client(name: str) -> None:
        nonlocal done
        while time.perf_counter() - began < seconds:
            await ask(name)
            done += 1

    await asyncio.gather(*(client(f"client {n}") for n in range(clients)))
    return done / (time.perf_counter() - began)


async def in_bursts(ask: Ask, bursts: Bursts) -> list[float]:
    """Seconds from each frame's time to its answer; bursts come whether the last one is answered or not."""
    draw, began = np.random.default_rng(7), time.perf_counter()
    starts = np.arange(max(round(bursts.seconds / bursts.period), 1), dtype=np.float64)
    starts = (starts + draw.uniform(-0.25, 0.25, len(starts)) + 0.25) * bursts.period

    async def frame(name: str, due: float) -> float:
        await asyncio.sleep(max(due - (time.perf_counter() - began), 0.0))
        await ask(name)
        return time.perf_counter() - began - due

    # A client has one frame in the queue: each frame of two bursts that meet is another client's.
    return await asyncio.gather(
        *(frame(f"burst {n} {m}", float(start + draw.uniform(0, SPREAD_S)))
          for n, start in enumerate(starts) for m in range(bursts.size))
    )  # fmt: skip

"""A million hostile messages against session and connection: no crash, no hang, no growth.

    python bench/fuzz_protocol.py [--messages 1000000] [--seed 1] [--jobs 2]

Half go to sessions, half over whole connections with damaged handshakes and frames
(``tests/server/fuzzing.py``), in as many processes as there are cores. Prints messages a second, the
slowest slice of a thousand, and resident memory; ends with an error where a process's memory grows after
the first tenth by more than 32 MiB.
"""

import argparse
import asyncio
import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from server.hub import Hub, Rules
from tests.server.fuzzing import ConnectionFuzz, SessionFuzz, memory
from tests.server.museum import showing

SLICE = 1000
GROWTH = 32 * 2**20


@dataclass
class Course:
    """How the messages of one kind went in one process."""

    messages: int
    seconds: float = 0.0
    slowest: float = 0.0
    sizes: list[int] = field(default_factory=list)
    """Resident memory after each tenth, bytes."""

    @property
    def growth(self) -> int:
        """Bytes by which memory grew after the first tenth."""
        return self.sizes[-1] - self.sizes[0]


async def sliced(messages: int, run: Callable[[int, int], Awaitable[None]]) -> Course:
    """Run in slices, each with a seed of its own, and watch time and memory."""
    slices = max(1, messages // SLICE)
    course, began = Course(slices * SLICE), time.perf_counter()
    tenths = {max(0, slices * tenth // 10 - 1) for tenth in range(1, 11)}
    for number in range(slices):
        start = time.perf_counter()
        await run(number, SLICE)
        course.slowest = max(course.slowest, time.perf_counter() - start)
        if number in tenths:
            course.sizes.append(memory())
    course.seconds = time.perf_counter() - began
    return course


async def fuzz(messages: int, seed: int) -> dict[str, Course]:
    """Half to sessions, half over connections."""
    hub = Hub(showing(2, 2), rules=Rules(parked=100))

    async def sessions(number: int, count: int) -> None:
        SessionFuzz(seed * 1_000_003 + number).run(count)

    async def connections(number: int, count: int) -> None:
        await ConnectionFuzz(hub, seed * 1_000_033 + number).run(count)

    courses = {
        "sessions": await sliced(messages // 2, sessions),
        "connections": await sliced(messages // 2, connections),
    }
    await hub.drain(1)
    await hub.close()
    return courses


def fuzzed(messages: int, seed: int) -> dict[str, Course]:
    """``fuzz`` in this process."""
    logging.disable(logging.CRITICAL)
    return asyncio.run(fuzz(messages, seed))


def main() -> None:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    jobs, total = options.jobs, 0
    print("| process | kind | messages | messages/s | slowest thousand ms | MiB after a tenth, at the end |")
    print("|---|---|---|---|---|---|")
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as workers:
        shares = [options.messages // jobs] * jobs
        seeds = [options.seed * jobs + job for job in range(jobs)]
        for job, courses in enumerate(workers.map(fuzzed, shares, seeds), start=1):
            for kind, course in courses.items():
                total += course.messages
                first, last = course.sizes[0] / 2**20, course.sizes[-1] / 2**20
                print(
                    f"| {job} | {kind} | {course.messages:,} | {course.messages / course.seconds:,.0f} "
                    f"| {course.slowest * 1e3:,.0f} | {first:.1f}, {last:.1f} |"
                )
                if course.growth > GROWTH:
                    sys.exit(f"{kind}: memory grew by {last - first:.0f} MiB; something is kept")
    print(f"\n{total:,} messages: no exception, no hang, no growth")


if __name__ == "__main__":
    main()

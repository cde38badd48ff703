"""A million hostile messages against session and connection: no crash, no hang, no growth.

    python bench/fuzz_protocol.py [--messages 1000000] [--seed 1]

Half go to sessions, half over whole connections with damaged handshakes and frames
(``tests/server/fuzzing.py``). Prints messages a second, the slowest slice of a thousand, and resident memory
along the way; ends with an error where memory grows after the first tenth by more than 32 MiB.
"""

import argparse
import asyncio
import logging
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from server.hub import Hub, Rules
from tests.server.fuzzing import ConnectionFuzz, SessionFuzz, memory
from tests.server.museum import showing

SLICE = 1000
GROWTH = 32 * 2**20


async def sliced(name: str, messages: int, run: Callable[[int, int], Awaitable[None]]) -> None:
    """Run in slices, each with a seed of its own, and watch time and memory."""
    slices = messages // SLICE
    slowest, began, base = 0.0, time.perf_counter(), 0
    for number in range(slices):
        start = time.perf_counter()
        await run(number, SLICE)
        slowest = max(slowest, time.perf_counter() - start)
        if number == slices // 10:
            base = memory()
        if (number + 1) % max(1, slices // 5) == 0:
            print(f"| {name} | {(number + 1) * SLICE:,} | {memory() / 2**20:.1f} |", flush=True)
    rate = messages / (time.perf_counter() - began)
    print(f"| {name}: {rate:,.0f} messages/s, slowest thousand {slowest * 1e3:.0f} ms | | |")
    if memory() - base > GROWTH:
        sys.exit(f"{name}: memory grew by {(memory() - base) / 2**20:.0f} MiB; something is kept")


async def fuzz(messages: int, seed: int) -> None:
    hub = Hub(showing(2, 2), rules=Rules(parked=100))

    async def sessions(number: int, count: int) -> None:
        SessionFuzz(seed * 1_000_003 + number).run(count)

    async def connections(number: int, count: int) -> None:
        await ConnectionFuzz(hub, seed * 1_000_033 + number).run(count)

    print("| | messages | MiB |\n|---|---|---|")
    await sliced("sessions", messages // 2, sessions)
    await sliced("connections", messages // 2, connections)
    await hub.drain(1)
    await hub.close()


def main() -> None:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    asyncio.run(fuzz(options.messages, options.seed))


if __name__ == "__main__":
    main()

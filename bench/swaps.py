"""Swaps of recognizers under load, and callers who give up: frames lost, calls that hang, memory kept.

    python bench/swaps.py [--model FILE.onnx.json | --small] [--swaps 100] [--clients 4]

Clients ask without pause, and half of all calls are given up: at once, or after a time drawn between
nothing and twice what an answer takes, so that they are cancelled while their frame is decoded, waits, runs
or is searched. Meanwhile one recognizer after the other is loaded, proved, put into service and retired.
Printed: frames answered, given up and lost (answered without a sighting), and the process's memory as it
goes; at the end, calls that hang and leases that were left. The model is the shipped one; ``--small`` makes
a tiny one, whose memory is mostly the interpreter's. Exits with 1 where a frame was lost, a call hangs or a
lease is left.
"""

import argparse
import asyncio
import gc
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inference.enrollment import unfitted
from inference.patches import Axes
from inference.runtime.decoding import Encoding, Frame
from inference.runtime.index import EmbeddingIndex
from inference.runtime.index_files import Entry
from inference.runtime.recognition import Recognition
from inference.runtime.recognizer import Recognizer
from inference.runtime.registry import Registry
from inference.runtime.serving import Serving
from inference.runtime.threads import one_thread_a_caller
from inference.shipped import shipped_model

HANGS_S: Final = 60.0

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def resident() -> float:
    """Megabytes of this process now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


def loader(model: Path, folder: Path, frame: Frame) -> Callable[[], Serving]:
    """Loads a serving whose gallery is the one frame."""
    one_thread_a_caller()
    recognizer = Recognizer.load(model)
    told = recognizer.manifest
    rows = recognizer.run([recognizer.prepare(frame).input])
    axes = Axes.of(told.layout.features(rows)) if told.layout.places else None
    index = EmbeddingIndex.create(folder, model=told.identity, layout=told.layout, axes=axes)
    index = index.added([Entry("artifact", "view")], rows)

    def load() -> Serving:
        fresh = Recognizer.load(model)
        fresh.warm((1, 2))
        return Serving(fresh, index, unfitted(told.identity))

    return load


@dataclass(slots=True)
class Count:
    """What became of calls."""

    answered: int = 0
    lost: int = 0
    given_up: int = 0
    took: float = 0.0
    """Seconds of the last answer."""


async def client(
    number: int, recognition: Recognition, frame: Frame, stop: asyncio.Event, count: Count
) -> None:
    """Ask without pause until told to stop; every other call is given up."""
    draw, turn = random.Random(number), number
    while not stop.is_set():
        began = time.perf_counter()
        call = asyncio.create_task(recognition.look(f"client {number}", frame, 60.0))
        turn += 1
        if turn % 2:
            patience = draw.choice((0.0, draw.uniform(0.0, 2.0 * count.took)))
            await asyncio.wait([call], timeout=patience)
            call.cancel()
            await asyncio.wait([call])
            count.given_up += 1
            continue
        answer = await call
        count.answered += 1
        count.lost += not answer.sightings
        count.took = time.perf_counter() - began


async def swapped(load: Callable[[], Serving], frame: Frame, swaps: int, clients: int) -> bool:
    """Swap under load and print what came of it; whether all went well."""
    count, stop = Count(), asyncio.Event()
    async with Registry() as registry:
        recognition = Recognition(registry)
        registry.promote(await registry.install("0", load))
        asking = [
            asyncio.create_task(client(number, recognition, frame, stop, count)) for number in range(clients)
        ]
        for number in range(1, swaps + 1):
            registry.promote(await registry.install(str(number), load))
            if number in (1, swaps // 4, swaps // 2, 3 * swaps // 4, swaps):
                gc.collect()
                print(
                    f"{number:>4} swaps: {count.answered:,} frames answered, {count.given_up:,} given up, "
                    f"{count.lost} lost; {resident():.0f} MB", flush=True,
                )  # fmt: skip
        stop.set()
        # No frame takes this long: what is not back by then never comes back.
        _, hanging = await asyncio.wait(asking, timeout=HANGS_S)
        for task in hanging:
            task.cancel()
        await asyncio.gather(*asking)
        leases = registry.live.leases if registry.live else 0
        print(f"calls that hang: {len(hanging)}; leases left: {leases}")
        recognition.close()
    return not (count.lost or hanging or leases)


def main() -> None:
    from tests.inference.conftest import encoded, picture, write_model

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--model", type=Path, help="manifest; the shipped model where it is not given")
    chosen.add_argument("--small", action="store_true", help="a tiny network made here")
    parser.add_argument("--swaps", type=int, default=100)
    parser.add_argument("--clients", type=int, default=4)
    options = parser.parse_args()
    frame = Frame(Encoding.jpeg, encoded(picture(1, (320, 240)), "JPEG"), 320, 240)
    with tempfile.TemporaryDirectory() as scratch:
        model = write_model(Path(scratch) / "model") if options.small else options.model or shipped_model()
        load = loader(model, Path(scratch) / "index", frame)
        if not asyncio.run(swapped(load, frame, options.swaps, options.clients)):
            sys.exit(1)


if __name__ == "__main__":
    main()

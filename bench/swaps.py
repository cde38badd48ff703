"""Swaps of recognizers under load: frames lost, memory kept.

    python bench/swaps.py [--model FILE.onnx.json] [--swaps 100] [--clients 4]

Clients ask without pause, half of them give up on every other frame, while one recognizer after the other is
loaded, proved, put into service and retired. Printed: frames answered and lost, and the process's memory as
it goes. Without ``--model`` a small network made here is served; memory is then mostly the interpreter's.
"""

import argparse
import asyncio
import gc
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from inference.enrollment import unfitted
from inference.runtime.decoding import Encoding, Frame
from inference.runtime.index import EmbeddingIndex, Entry
from inference.runtime.recognition import Recognition
from inference.runtime.recognizer import Recognizer
from inference.runtime.registry import Registry
from inference.runtime.serving import Serving

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def resident() -> float:
    """Megabytes of this process now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


def loader(model: Path, folder: Path, frame: Frame) -> Callable[[], Serving]:
    """Loads a serving whose gallery is the one frame."""
    recognizer = Recognizer.load(model)
    told = recognizer.manifest
    index = EmbeddingIndex.create(folder, model=told.identity, dimension=told.dimension)
    index = index.added([Entry("artifact", "view")], recognizer.run([recognizer.prepare(frame).input]))

    def load() -> Serving:
        fresh = Recognizer.load(model)
        fresh.warm((1, 2))
        return Serving(fresh, index, unfitted(told.identity))

    return load


async def swapped(load: Callable[[], Serving], frame: Frame, swaps: int, clients: int) -> None:
    """Swap under load and print what came of it."""
    answered = lost = cancelled = 0
    stop = asyncio.Event()
    async with Registry() as registry:
        recognition = Recognition(registry)
        registry.promote(await registry.install("0", load))

        async def client(number: int) -> None:
            nonlocal answered, lost, cancelled
            turn = 0
            while not stop.is_set():
                task = asyncio.create_task(recognition.look(f"client {number}", frame, 60.0))
                turn += 1
                if number % 2 and turn % 2:
                    await asyncio.sleep(0)
                    task.cancel()
                    await asyncio.gather(task, return_exceptions=True)
                    cancelled += 1
                    continue
                answer = await task
                answered += 1
                lost += not answer.sightings

        asking = [asyncio.create_task(client(number)) for number in range(clients)]
        for number in range(1, swaps + 1):
            registry.promote(await registry.install(str(number), load))
            if number in (1, swaps // 4, swaps // 2, swaps):
                gc.collect()
                print(
                    f"{number:>4} swaps: {answered:,} frames answered, {cancelled:,} given up, {lost} lost; "
                    f"{resident():.0f} MB",
                    flush=True,
                )
        stop.set()
        await asyncio.gather(*asking)
        leases = registry.live.leases if registry.live else 0
        print(f"leases left: {leases}")
        recognition.close()


def main() -> None:
    from tests.inference.conftest import encoded, picture, write_model

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--swaps", type=int, default=100)
    parser.add_argument("--clients", type=int, default=4)
    options = parser.parse_args()
    frame = Frame(Encoding.jpeg, encoded(picture(1, (320, 240)), "JPEG"), 320, 240)
    with tempfile.TemporaryDirectory() as scratch:
        model = options.model or write_model(Path(scratch) / "model")
        load = loader(model, Path(scratch) / "index", frame)
        asyncio.run(swapped(load, frame, options.swaps, options.clients))


if __name__ == "__main__":
    main()

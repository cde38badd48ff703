"""Recognition, served: what the way through decode, batch and search costs beside the network alone.

    python bench/recognition.py [--model FILE.onnx.json] [--frames 200] [--clients 8]

Two figures against the raw limit of the same run. Added latency: one client's frame from bytes to answer,
less the time that decoding and one ``session.run`` take by themselves. Throughput: many clients at once,
beside ``session.run`` alone in a loop at the best batch size. Without ``--model`` a small network made here
is served, which makes overhead as visible as it can be.

What it does not show: a GPU; other servers of models (LitServe, Ray Serve) beside it; the wire.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from inference.enrollment import unfitted
from inference.runtime.decoding import Encoding, Frame
from inference.runtime.index import EmbeddingIndex, Entry
from inference.runtime.recognition import Recognition
from inference.runtime.recognizer import Recognizer
from inference.runtime.registry import Registry
from inference.runtime.serving import Serving

ARTIFACTS = 1000


def small_model(folder: Path) -> Path:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from tests.inference.conftest import write_model

    return write_model(folder)


def camera_frame() -> Frame:
    """A JPEG of 640 x 480 with detail all over, about 40 kB."""
    import io

    from PIL import Image

    coarse = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(coarse).resize((640, 480), Image.Resampling.BICUBIC).save(stream, "JPEG", quality=85)
    return Frame(Encoding.jpeg, stream.getvalue(), 640, 480)


def serving(model: Path, folder: Path) -> Serving:
    recognizer = Recognizer.load(model)
    told = recognizer.manifest
    vectors = np.random.default_rng(1).standard_normal((ARTIFACTS, told.dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = EmbeddingIndex.create(folder, model=told.identity, dimension=told.dimension)
    index = index.added([Entry(str(n), "view") for n in range(ARTIFACTS)], vectors)
    recognizer.warm()
    return Serving(recognizer, index, unfitted(told.identity))


def alone(made: Serving, frame: Frame) -> tuple[float, float]:
    """Seconds of decoding and of one run."""
    began = time.perf_counter()
    prepared = made.prepare(frame)
    decoded = time.perf_counter()
    made.recognizer.run([prepared.input])
    return decoded - began, time.perf_counter() - decoded


def raw_rate(made: Serving, frame: Frame, frames: int, size: int) -> float:
    """Frames per second of ``run`` in a loop."""
    inputs = [made.prepare(frame).input] * size
    began = time.perf_counter()
    for _ in range(max(frames // size, 1)):
        made.recognizer.run(inputs)
    return max(frames // size, 1) * size / (time.perf_counter() - began)


async def served_rate(registry: Registry, made: Serving, frame: Frame, frames: int, clients: int) -> float:
    """Frames per second of the network with many clients."""
    assert registry.live is not None
    batcher, prepared = registry.live.batcher, made.prepare(frame)

    async def client(name: str) -> None:
        for _ in range(frames // clients):
            await batcher.submit(name, prepared.input, time.monotonic() + 60.0)

    began = time.perf_counter()
    await asyncio.gather(*(client(f"client {n}") for n in range(clients)))
    return frames // clients * clients / (time.perf_counter() - began)


async def measured(made: Serving, frame: Frame, frames: int, clients: int) -> None:
    """Print both figures. What is compared is measured in turn, since machines are never quiet."""
    async with Registry() as registry:
        registry.promote(await registry.install("bench", lambda: made))
        recognition = Recognition(registry)
        decode, run, single = [], [], []
        for _ in range(frames):
            parts = alone(made, frame)
            began = time.perf_counter()
            await recognition.look("one", frame, 10.0)
            single.append(time.perf_counter() - began)
            decode.append(parts[0])
            run.append(parts[1])
        added = [whole - d - r for whole, d, r in zip(single, decode, run, strict=True)]
        sizes = (1, 2, 4, 8, 16)
        best = max(sizes, key=lambda size: raw_rate(made, frame, 4 * frames, size))
        rounds = [
            (await served_rate(registry, made, frame, frames, clients), raw_rate(made, frame, frames, best))
            for _ in range(5)
        ]
        recognition.close()
    ms = {name: statistics.median(values) * 1e3 for name, values in
          (("decode", decode), ("run", run), ("served", single), ("added", added))}  # fmt: skip
    print(f"alone    decode and scale {ms['decode']:.2f} ms, run {ms['run']:.2f} ms (medians)")
    print(f"served   {ms['served']:.2f} ms; added, median of pairs {ms['added']:.2f} ms")
    rate, raw = (statistics.median(values) for values in zip(*rounds, strict=True))
    ratio = statistics.median(served / alone for served, alone in rounds)
    print(f"network  {rate:.0f} frames/s with {clients} clients; raw {raw:.0f} at batch {best}: {ratio:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    frame = camera_frame()
    with tempfile.TemporaryDirectory() as scratch:
        model = options.model or small_model(Path(scratch) / "model")
        made = serving(model, Path(scratch) / "index")
        name = "small" if options.model is None else options.model.name
        print(f"model {name}, {ARTIFACTS} artifacts, JPEG of {len(frame.content) / 1000:.0f} kB")
        asyncio.run(measured(made, frame, options.frames, options.clients))


if __name__ == "__main__":
    main()

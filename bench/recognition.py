"""Recognition, served: what our way costs beside the network alone, and beside LitServe and Ray Serve.

    python bench/recognition.py [--model FILE.onnx.json | --small] [--seconds 2] [--limit 220] [--no-peers]
                                [--ready 90] [--triton PYTHON]

The model is the shipped one, in sessions of one thread. In this process, against the raw limit of the same
run: *network*, frames per second of many clients through the batch loop against ``session.run`` in a loop at
its best batch (bar 0.95); *added*, one client's frame from bytes to answer less the decoding and the run that
were timed beside it (bar 1 ms at p50); *bursts*, p99 of the batch loop against twice the raw time of a batch.
Then the same model in a process each behind HTTP: our decoding and batch loop, LitServe, Ray Serve, pytriton,
under one load generator; all decode with the same function. A server that is not installed, does not get
ready or has no time left is told as that; getting ready is not measured. pytriton wants numpy below 2, so it
has an environment of its own, whose interpreter is named: ``python -m venv triton``, then ``triton/bin/pip
install nvidia-pytriton onnxruntime opencv-python-headless pydantic pillow threadpoolctl``. ``--small`` serves
a tiny network, which makes overhead visible.

What it does not show: a GPU; the live connection's wire. Where other work shares the cores only the ratios by
processor time can be trusted: for the servers that is what all processes of each used for a frame.
"""

import argparse
import asyncio
import importlib.util
import io
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import httpx
import numpy as np
import onnxruntime
from PIL import Image

from bench.model_servers.load import Ask, Bursts, in_bursts, one_client, without_pause
from bench.model_servers.model import MOST
from bench.results import record
from inference.enrollment import unfitted
from inference.manifest import read_manifest
from inference.patches import PLACED, Axes
from inference.runtime.batching import BatchLimits
from inference.runtime.decoding import Encoding, Frame
from inference.runtime.index import EmbeddingIndex
from inference.runtime.index_files import Entry
from inference.runtime.recognition import Recognition
from inference.runtime.recognizer import Recognizer
from inference.runtime.registry import Registry
from inference.runtime.serving import Serving
from inference.runtime.threads import one_thread_a_caller
from inference.shipped import shipped_model

HERE: Final = Path(__file__).resolve().parent
ARTIFACTS, CLIENTS = 1000, 8
SIZES: Final = (1, 2, 4, 8, 16)
PEERS: Final = (("ours", ""), ("with_litserve", "litserve"), ("with_ray", "ray"), ("with_triton", ""))
"""Files in ``model_servers``, and the package that each needs here."""
LEAST_S: Final = 6.0
"""Less time than this is no time for another server."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What all parts measure with."""

    model: Path
    made: Serving
    frame: Frame
    raw: Callable[[int], None]
    """Runs a batch of so many frames in a session of its own, and nothing else."""
    seconds: float
    end: float
    """On ``time.monotonic``."""
    ready: float
    """Seconds that a server may take to start."""
    triton: Path | None = None
    """Python of an environment that has pytriton."""


def small_model(folder: Path) -> Path:
    from tests.inference.conftest import write_model

    return write_model(folder)


def camera_frame() -> Frame:
    """A JPEG of 640 x 480 with detail all over, about 40 kB."""
    coarse = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(coarse).resize((640, 480), Image.Resampling.BICUBIC).save(stream, "JPEG", quality=85)
    return Frame(Encoding.jpeg, stream.getvalue(), 640, 480)


def serving(model: Path, folder: Path) -> Serving:
    one_thread_a_caller()
    recognizer = Recognizer.load(model)
    told = recognizer.manifest
    rows = np.random.default_rng(1).standard_normal((ARTIFACTS, told.layout.width)).astype(np.float32)
    rows[:, : told.dimension] /= np.linalg.norm(rows[:, : told.dimension], axis=1, keepdims=True)
    axes = Axes.of(told.layout.features(rows[:PLACED])) if told.layout.places else None
    index = EmbeddingIndex.create(folder, model=told.identity, layout=told.layout, axes=axes)
    index = index.added([Entry(str(n), "view") for n in range(ARTIFACTS)], rows)
    recognizer.warm()
    return Serving(recognizer, index, unfitted(told.identity))


def raw_session(model: Path, made: Serving, frame: Frame) -> Callable[[int], None]:
    """``session.run`` on batches that are stacked already."""
    manifest = read_manifest(model)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(model.parent / manifest.weights), options, providers=["CPUExecutionProvider"]
    )
    one = made.prepare(frame).input
    batches = {size: {manifest.input.name: np.stack([one] * size)} for size in (*SIZES, MOST)}

    def run(size: int) -> None:
        session.run([manifest.output.name], batches[size])

    for size in batches:
        run(size)
    return run


def raw_rate(raw: Callable[[int], None], size: int, seconds: float) -> tuple[float, float]:
    """Frames per second, and per second of processor time."""
    began, cpu, frames = time.perf_counter(), time.process_time(), 0
    while not frames or time.perf_counter() - began < seconds:
        raw(size)
        frames += size
    return frames / (time.perf_counter() - began), frames / (time.process_time() - cpu)


async def network(bench: Bench, ask: Ask) -> dict[str, float]:
    """The batch loop beside the raw limit, in turn, since machines are never quiet."""
    part = bench.seconds / 10
    best = max(SIZES, key=lambda size: raw_rate(bench.raw, size, part)[1])
    ratios, by_cpu, rates = [], [], []
    for _ in range(5):
        cpu, began = time.process_time(), time.perf_counter()
        rate = await without_pause(ask, CLIENTS, 2 * part)
        served = rate * (time.perf_counter() - began) / (time.process_time() - cpu)
        raw, raw_cpu = raw_rate(bench.raw, best, 2 * part)
        ratios.append(rate / raw)
        by_cpu.append(served / raw_cpu)
        rates.append((rate, raw))
    rate, raw = (statistics.median(values) for values in zip(*rates, strict=True))
    return {
        "frames_per_s": rate, "raw_frames_per_s": raw, "best_batch": best,
        "of_raw": statistics.median(ratios), "of_raw_by_cpu": statistics.median(by_cpu),
    }  # fmt: skip


async def added(bench: Bench, recognition: Recognition) -> dict[str, float]:
    """One client's frames, each beside a decoding and a run of its own."""
    rows: list[Any] = []
    end = time.perf_counter() + 2 * bench.seconds
    while len(rows) < 10 or time.perf_counter() < end:
        marks = [(time.perf_counter(), time.process_time())]
        bench.made.prepare(bench.frame)
        marks.append((time.perf_counter(), time.process_time()))
        bench.raw(1)
        marks.append((time.perf_counter(), time.process_time()))
        await recognition.look("one", bench.frame, 30.0)
        marks.append((time.perf_counter(), time.process_time()))
        rows.append(np.diff(np.array(marks), axis=0))
    decode, run, look = np.array(rows).transpose(1, 0, 2) * 1e3
    extra = np.median(look - decode - run, axis=0)
    return {
        "decode_ms": float(np.median(decode[:, 0])), "run_ms": float(np.median(run[:, 0])),
        "look_ms": float(np.median(look[:, 0])), "added_ms": float(extra[0]), "added_cpu_ms": float(extra[1]),
        "pairs": len(rows),
    }  # fmt: skip


async def bursty(bench: Bench, ask: Ask, each: float) -> dict[str, float]:
    """The batch loop under bursts that ask for half of what it can do."""
    batches = []

    def batch() -> float:
        began = time.perf_counter()
        bench.raw(MOST)
        return time.perf_counter() - began

    took: list[float] = []
    for _ in range(4):
        batches += [batch() for _ in range(5)]
        took += await in_bursts(ask, Bursts(MOST, 2 * MOST * each, 3 * bench.seconds / 4))
    p50, p99 = np.percentile(took, [50, 99]) * 1e3
    time_of_batch = statistics.median(batches) * 1e3
    return {
        "p50_ms": p50, "p99_ms": p99, "batch_ms": time_of_batch, "slowest_batch_ms": max(batches) * 1e3,
        "p99_of_batch": p99 / time_of_batch, "frames": len(took),
    }  # fmt: skip


async def in_process(bench: Bench) -> dict[str, float]:
    """Print the three figures that have bars; returns them all."""
    # Bursts come whether the last one is answered or not: on a busy machine very many frames wait.
    async with Registry(BatchLimits(waiting=100_000)) as registry:
        version = await registry.install("bench", lambda: bench.made)
        registry.promote(version)
        recognition, inputs = Recognition(registry), bench.made.prepare(bench.frame).input

        async def ask(client: str) -> object:
            return await version.batcher.submit(client, inputs, time.monotonic() + 60.0)

        net = await network(bench, ask)
        print(f"network  {net['frames_per_s']:.1f} frames/s with {CLIENTS} clients, raw "
              f"{net['raw_frames_per_s']:.1f} at batch {net['best_batch']}: {net['of_raw']:.2f}; by "
              f"processor time {net['of_raw_by_cpu']:.2f} (bar 0.95)", flush=True)  # fmt: skip
        more = await added(bench, recognition)
        print(f"added    {more['added_ms']:.2f} ms at p50 over decode {more['decode_ms']:.2f} and run "
              f"{more['run_ms']:.2f}; of processor time {more['added_cpu_ms']:.2f} (bar 1; "
              f"{more['pairs']} pairs)", flush=True)  # fmt: skip
        burst = await bursty(bench, ask, 1 / net["raw_frames_per_s"])
        print(f"bursts   of {MOST}: p50 {burst['p50_ms']:.0f} ms, p99 {burst['p99_ms']:.0f} ms, "
              f"{burst['p99_of_batch']:.2f} of a batch of {burst['batch_ms']:.0f} ms, whose slowest took "
              f"{burst['slowest_batch_ms']:.0f} (bar 2; {burst['frames']} frames)", flush=True)  # fmt: skip
        recognition.close()
    return net | more | {f"burst_{key}": value for key, value in burst.items()}


@dataclass(frozen=True, slots=True)
class Peer:
    """A server that runs, in a process group of its own."""

    port: int
    group: int

    def processor_s(self) -> float:
        """Seconds of processor time that its processes, and theirs, have used so far."""
        running: dict[int, tuple[int, int, int]] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                # proc(5), after the name: state, parent, group, session; utime and stime are 12th and 13th.
                fields = stat.read_text().rpartition(")")[2].split()
                parent, session, ticks = int(fields[1]), int(fields[3]), int(fields[11]) + int(fields[12])
                running[int(stat.parent.name)] = parent, session, ticks
        ours, more = {self.group}, True
        while more:
            found = {
                pid for pid, (parent, session, _) in running.items() if parent in ours or session in ours
            }
            more, ours = not found <= ours, ours | found
        return sum(running[pid][2] for pid in ours if pid in running) / os.sysconf("SC_CLK_TCK")


@contextmanager
def started(name: str, model: Path, python: str = sys.executable) -> Iterator[Peer]:
    """A server in a session of its own that ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = os.environ | {"PYTHONPATH": str(HERE.parent), "RAY_USAGE_STATS_ENABLED": "0"}
    with subprocess.Popen(
        [python, str(HERE / "model_servers" / f"{name}.py"), str(model.resolve()), str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, env=environment,
    ) as process:  # fmt: skip
        try:
            yield Peer(port, process.pid)
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(3)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def request_of(name: str, frame: Frame) -> tuple[str, dict[str, Any]]:
    """Path and JSON body of one frame's request."""
    told = b64encode(frame.content).decode()
    if name != "with_triton":
        return "/predict", {"frame": told}
    # The inference protocol of KServe 2, which Triton speaks.
    taken = {"name": "frame", "shape": [1, 1], "datatype": "BYTES", "data": [told]}
    return "/v2/models/embedding/infer", {"inputs": [taken]}


async def first_answer(ask: Ask, seconds: float) -> None:
    """Wait until the server answers. Raises ``TimeoutError``."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                await ask("first")
                return
            except httpx.HTTPError:
                await asyncio.sleep(0.1)


async def behind_http(bench: Bench, name: str, each: float) -> dict[str, Any]:
    """One server's figures, or why there are none."""
    package = dict(PEERS)[name]
    if package and importlib.util.find_spec(package) is None:
        return {"skipped": f"{package} is not installed; it comes with the bench extra"}
    if name == "with_triton" and bench.triton is None:
        return {"skipped": "not asked for: --triton PYTHON names an environment that has it"}
    if bench.end - time.monotonic() < LEAST_S:
        return {"skipped": "no time was left"}
    path, body = request_of(name, bench.frame)
    python = str(bench.triton) if name == "with_triton" else sys.executable
    limits = httpx.Limits(max_connections=256, max_keepalive_connections=256)
    with started(name, bench.model, python) as peer:
        async with httpx.AsyncClient(limits=limits, timeout=30.0, trust_env=False) as client:

            async def ask(_: str) -> object:
                answer = await client.post(f"http://127.0.0.1:{peer.port}{path}", json=body)
                answer.raise_for_status()
                return answer

            try:
                began = time.monotonic()
                await first_answer(ask, min(bench.ready, bench.end - began))
                ready = time.monotonic() - began
                async with asyncio.timeout(bench.end - time.monotonic()):
                    bursts = Bursts(MOST, 2 * MOST * each, bench.seconds)
                    found = await loaded(ask, bench.seconds, bursts, peer)
                return found | {"ready_s": ready}
            except TimeoutError:
                return {"skipped": "not ready, or not done, within the time that was left"}
            except httpx.HTTPError as error:
                return {"skipped": f"failed under load: {type(error).__name__} {error}"}


async def loaded(ask: Ask, seconds: float, bursts: Bursts, peer: Peer) -> dict[str, Any]:
    """All three loads on one server; times in milliseconds."""
    await without_pause(ask, CLIENTS, seconds / 6)
    single = statistics.median(await one_client(ask, seconds / 2)) * 1e3
    began, cpu = time.perf_counter(), peer.processor_s()
    rate = await without_pause(ask, CLIENTS, seconds)
    each = 1e3 * (peer.processor_s() - cpu) / max(rate * (time.perf_counter() - began), 1.0)
    p50, p99 = np.percentile(await in_bursts(ask, bursts), [50, 99]) * 1e3
    return {
        "one_ms": single, "frames_per_s": rate, "cpu_ms": each, "burst_p50_ms": p50, "burst_p99_ms": p99
    }  # fmt: skip


async def peers(bench: Bench, own: dict[str, float]) -> list[dict[str, Any]]:
    """Print a line for each server behind HTTP; returns the rows."""
    raw = own["raw_frames_per_s"]
    each, rows = own["decode_ms"] / 1e3 + 1 / raw, []
    print(
        "behind HTTP     ready s  one client ms  frames/s  of raw  cpu ms a frame  burst p50 ms  burst p99 ms"
    )
    for name, _ in PEERS:
        row = await behind_http(bench, name, each)
        label = name.removeprefix("with_")
        if "skipped" in row:
            print(f"{label:<14} {row['skipped']}", flush=True)
        else:
            print(f"{label:<14} {row['ready_s']:8.1f} {row['one_ms']:14.1f} {row['frames_per_s']:9.1f} "
                  f"{row['frames_per_s'] / raw:7.2f} {row['cpu_ms']:15.1f} {row['burst_p50_ms']:13.0f} "
                  f"{row['burst_p99_ms']:13.0f}", flush=True)  # fmt: skip
        rows.append({"server": f"{label} behind HTTP", **row})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--model", type=Path, help="manifest; the shipped model where it is not given")
    chosen.add_argument("--small", action="store_true", help="a tiny network made here")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement")
    parser.add_argument("--limit", type=float, default=220.0, help="seconds of the whole run")
    parser.add_argument("--ready", type=float, default=90.0, help="seconds that a server may take to start")
    parser.add_argument("--triton", type=Path, help="Python of an environment that has pytriton")
    parser.add_argument("--no-peers", action="store_true", help="nothing behind HTTP")
    options = parser.parse_args()
    # What ends a server, and this process, needs some seconds too.
    end, frame = time.monotonic() + options.limit - LEAST_S, camera_frame()
    with tempfile.TemporaryDirectory() as scratch:
        model = small_model(Path(scratch) / "model") if options.small else options.model or shipped_model()
        made = serving(model, Path(scratch) / "index")
        print(
            f"model {model.name}, {ARTIFACTS} artifacts, JPEG of {len(frame.content) / 1000:.0f} kB; "
            f"load {os.getloadavg()[0]:.1f} on {len(os.sched_getaffinity(0))} cores", flush=True,
        )  # fmt: skip
        raw = raw_session(model, made, frame)
        bench = Bench(model, made, frame, raw, options.seconds, end, options.ready, options.triton)
        own = asyncio.run(in_process(bench))
        rows = [] if options.no_peers else asyncio.run(peers(bench, own))
        record("recognition", [{"server": "ours in process", "model": model.name, **own}, *rows])


if __name__ == "__main__":
    main()

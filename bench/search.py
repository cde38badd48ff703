"""Search among embeddings: latency, recall against exact, memory, and what building costs.

    python bench/search.py [--vectors 1000 50000] [--threads 1] [--limit 60] [--memory 4] [--only NAME ...]
    python bench/search.py --vectors 1000000 --limit 7200

Vectors are made up: artifacts drawn on the sphere in 256 dimensions, a few views around each, and queries
around some of them, near enough to be found and far enough to be confused. Beside our index, in the same
run and on the same vectors: numpy's matrix product, usearch (exact and HNSW) and, where it is installed,
faiss (flat, HNSW and inverted lists). Recall is the share of the exact ten nearest that a search also gives.

Memory stays bounded at any number: vectors are made and compared in pieces and lie in a file that is mapped,
and each measure runs in a process of its own that may hold ``--memory`` GiB beside that file and live
``--limit`` seconds; what exceeds them is told. MB is what the process held of its own at the end, mapped what
it held of files.

What it does not show: embeddings of real pictures, which lie closer together; many callers at once.
"""

import argparse
import importlib.util
import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from numpy.typing import NDArray

from bench.results import record

Floats = NDArray[np.float32]
DIMENSION, VIEWS, QUERIES, NEAREST = 256, 5, 200, 10
PIECE: Final = 50_000
"""Vectors that are made, compared or added at a time."""
SEARCHING_S, FEWEST = 20.0, 20
"""How long a measure asks, and how many queries it asks at least."""
GALLERY, ASKED = "gallery.npy", "queries.npz"


@dataclass(frozen=True, slots=True)
class Task:
    """One measure, for a process of its own."""

    name: str
    folder: Path
    """Holds the vectors, and the queries with their ten nearest."""
    threads: int
    memory: float
    """GiB."""


def unit(vectors: NDArray[np.floating[Any]]) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def made_up(rows: int, folder: Path) -> None:
    """Write the gallery (rows, 256), the queries (200, 256) and the ten nearest rows of each (200, 10)."""
    draw = np.random.default_rng(rows)
    spread = np.float32(0.9 / np.sqrt(DIMENSION))
    gallery = np.lib.format.open_memmap(folder / GALLERY, "w+", np.float32, (rows, DIMENSION))
    chosen = np.sort(draw.integers(0, rows // VIEWS, QUERIES)) * VIEWS
    around = np.empty((QUERIES, DIMENSION), dtype=np.float32)
    for start in range(0, rows, PIECE):
        piece = gallery[start : start + PIECE]
        artifacts = unit(draw.standard_normal((len(piece) // VIEWS, DIMENSION), dtype=np.float32))
        here = (chosen >= start) & (chosen < start + len(piece))
        around[here] = artifacts[(chosen[here] - start) // VIEWS]
        views = np.repeat(artifacts, VIEWS, axis=0)
        piece[:] = unit(views + draw.standard_normal(views.shape, dtype=np.float32) * spread)
    queries = unit(around + draw.standard_normal(around.shape, dtype=np.float32) * spread)
    gallery.flush()
    np.savez(folder / ASKED, queries=queries, nearest=exact_nearest(gallery, queries))


def exact_nearest(gallery: Floats, queries: Floats) -> NDArray[np.int64]:
    """(queries, 10) rows, piece by piece."""
    scores = np.empty((len(queries), 0), dtype=np.float32)
    rows = np.empty((len(queries), 0), dtype=np.int64)
    for start in range(0, len(gallery), PIECE):
        more = queries @ gallery[start : start + PIECE].T
        scores = np.concatenate([scores, more], axis=1)
        rows = np.concatenate([rows, np.broadcast_to(np.arange(more.shape[1]) + start, more.shape)], axis=1)
        best = np.argsort(-scores, axis=1)[:, :NEAREST]
        scores, rows = np.take_along_axis(scores, best, 1), np.take_along_axis(rows, best, 1)
    return rows


def held() -> tuple[float, float]:
    """Megabytes of this process now: its own, and of mapped files."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    anonymous, mapped = (int(told[name].split()[0]) / 1024 for name in ("RssAnon", "RssFile"))
    return anonymous, mapped


def numpy_exact(gallery: Floats) -> Callable[[Floats], Any]:
    def search(query: Floats) -> Any:
        scores = gallery @ query
        nearest = np.argpartition(scores, -NEAREST)[-NEAREST:]
        return nearest[np.argsort(scores[nearest])[::-1]]

    return search


def usearch_exact(gallery: Floats, threads: int) -> Callable[[Floats], Any]:
    from usearch.compiled import MetricKind
    from usearch.index import search

    return lambda query: search(
        gallery, query[None], NEAREST, MetricKind.IP, exact=True, threads=threads
    ).keys.ravel()


def usearch_graph(gallery: Floats, dtype: str, threads: int) -> Callable[[Floats], Any]:
    from usearch.index import Index

    index = Index(ndim=DIMENSION, metric="ip", dtype=dtype)
    index.add(np.arange(len(gallery)), gallery, threads=threads)
    return lambda query: index.search(query, NEAREST, threads=threads).keys


def faiss_index(gallery: Floats, kind: str, threads: int) -> Callable[[Floats], Any]:
    import faiss

    faiss.omp_set_num_threads(threads)
    index = faiss.index_factory(DIMENSION, kind, faiss.METRIC_INNER_PRODUCT)
    if not index.is_trained:
        index.train(np.asarray(gallery[: 64 * 1024]))
    for start in range(0, len(gallery), PIECE):
        index.add(np.asarray(gallery[start : start + PIECE]))
    if kind.startswith("HNSW"):
        faiss.ParameterSpace().set_index_parameter(index, "efSearch", 64)
    if kind.startswith("IVF"):
        faiss.ParameterSpace().set_index_parameter(index, "nprobe", 16)
    return lambda query: index.search(query[None], NEAREST)[1][0]


def ours(gallery: Floats, folder: Path, *, compacted: bool) -> Callable[[Floats], Any]:
    """As `twin index` leaves it, or before it is compacted: then all is compared."""
    from inference.runtime.index import EmbeddingIndex, Entry

    index = EmbeddingIndex.create(folder, model="bench", dimension=DIMENSION)
    for start in range(0, len(gallery), 4 * PIECE):
        piece = np.asarray(gallery[start : start + 4 * PIECE])
        entries = [Entry(f"artifact {row // VIEWS}", str(row)) for row in range(start, start + len(piece))]
        index = index.added(entries, piece)
    index = index.compacted() if compacted else index
    return lambda query: [int(match.view) for match in index.search(query, 2)]


def measures(task: Task, gallery: Floats) -> dict[str, Callable[[], Callable[[Floats], Any]]]:
    """By name, what builds it."""
    folder, threads = task.folder / "ours", task.threads
    return {
        "numpy exact": lambda: numpy_exact(gallery),
        "ours, exact": lambda: ours(gallery, folder, compacted=False),
        "usearch exact": lambda: usearch_exact(gallery, threads),
        "faiss flat": lambda: faiss_index(gallery, "Flat", threads),
        "faiss IVF256": lambda: faiss_index(gallery, "IVF256,Flat", threads),
        "ours": lambda: ours(gallery, folder, compacted=True),
        "usearch HNSW f32": lambda: usearch_graph(gallery, "f32", threads),
        "usearch HNSW i8": lambda: usearch_graph(gallery, "i8", threads),
        "faiss HNSW32": lambda: faiss_index(gallery, "HNSW32", threads),
    }


NAMES: Final = tuple(measures(Task("", Path(), 1, 0.0), np.empty((0, DIMENSION), dtype=np.float32)))


def measured(task: Task) -> dict[str, Any]:
    """Build and ask, under the limit of memory; times in milliseconds. Raises ``MemoryError`` beyond it."""
    if task.name.startswith("faiss") and importlib.util.find_spec("faiss") is None:
        return {"skipped": "faiss is not installed; it comes with the bench extra"}
    limit = int(task.memory * 2**30)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    gallery = np.load(task.folder / GALLERY, mmap_mode="r")
    with np.load(task.folder / ASKED) as asked:
        queries, truth = asked["queries"], asked["nearest"]
    before, began = time.process_time(), time.perf_counter()
    search = measures(task, gallery)[task.name]()
    built, built_cpu = time.perf_counter() - began, time.process_time() - before
    times: list[float] = []
    hits, first, end = 0, 0, time.perf_counter() + SEARCHING_S
    for query, nearest in zip(queries, truth, strict=True):
        began = time.perf_counter()
        if len(times) >= FEWEST and began > end:
            break
        found = [int(row) for row in search(query)]
        times.append(time.perf_counter() - began)
        hits += len(set(nearest.tolist()) & set(found))
        first += found[0] in nearest
    p50, p99 = np.percentile(times, [50, 99]) * 1000
    own, mapped = held()
    row = {"build_s": built, "build_cpu_s": built_cpu, "p50_ms": p50, "p99_ms": p99, "queries": len(times),
           "first_found": first / len(times), "own_mb": own, "mapped_mb": mapped}  # fmt: skip
    # Ours names artifacts, so its rows are not ten.
    return row if task.name.startswith("ours") else row | {"recall_at_10": hits / (NEAREST * len(times))}


def reported(pipe: Any, task: Task) -> None:
    """In the process of a measure: send its row."""
    try:
        pipe.send(measured(task))
    except MemoryError:
        pipe.send({"skipped": f"needs more than {task.memory:g} GiB"})


def apart(task: Task, limit: float) -> dict[str, Any]:
    """A measure in a process of its own, ended after ``limit`` seconds."""
    spawn = multiprocessing.get_context("spawn")
    ours_end, theirs = spawn.Pipe(duplex=False)
    process = spawn.Process(target=reported, args=(theirs, task))
    process.start()
    theirs.close()
    try:
        if not ours_end.poll(limit):
            return {"skipped": f"not done within {limit:.0f} s"}
        row: dict[str, Any] = ours_end.recv()
        return row
    except EOFError:
        return {"skipped": f"ended without an answer; {task.memory:g} GiB may be too little"}
    finally:
        process.kill()
        process.join()


def told(name: str, row: dict[str, Any], base: float) -> str:
    if "skipped" in row:
        return f"  {name:<18} {row['skipped']}"
    recall = f"{row['recall_at_10']:.3f}" if "recall_at_10" in row else ""
    return (
        f"  {name:<18} {row['build_s']:9.2f} {row['p50_ms']:9.3f} {row['p99_ms']:9.3f} "
        f"{base / row['p50_ms']:9.1f}x {row['first_found']:8.3f} {recall:>9} {row['own_mb']:7.0f} "
        f"{row['mapped_mb']:7.0f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--vectors", type=int, nargs="+", default=[1_000, 50_000], help="multiples of 5")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--limit", type=float, default=60.0, help="seconds of a measure")
    parser.add_argument("--memory", type=float, default=4.0, help="GiB of a measure, beside the mapped file")
    parser.add_argument("--only", nargs="+", choices=NAMES)
    options = parser.parse_args()
    # Read by the libraries as each measure's process begins.
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[variable] = str(options.threads)
    for rows in options.vectors:
        print(f"{rows:,} vectors of {DIMENSION}, {options.threads} thread(s)")
        print(
            "  measure              build s    p50 ms    p99 ms     speed first ok recall@10      MB  mapped"
        )
        base = 0.0
        with tempfile.TemporaryDirectory() as scratch:
            made_up(rows, Path(scratch))
            for name in options.only or NAMES:
                row = apart(Task(name, Path(scratch), options.threads, options.memory), options.limit)
                base = base or row.get("p50_ms", 0.0)
                print(told(name, row, base), flush=True)
                record("search", [{"vectors": rows, "measure": name, "threads": options.threads, **row}])
                shutil.rmtree(Path(scratch) / "ours", ignore_errors=True)


if __name__ == "__main__":
    main()

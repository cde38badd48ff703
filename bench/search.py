"""Search among embeddings: latency, recall against exact, memory, and what building costs.

    python bench/search.py [--vectors 1000 50000] [--like noise embeddings] [--threads 1] [--limit 60]
                           [--memory 4] [--only NAME ...]
    python bench/search.py --vectors 1000000 --limit 600

Vectors are made up in 256 dimensions: artifacts, a few views around each, and queries around some of them.
Like *noise*, artifacts lie anywhere on the sphere, the hardest case there is. Like *embeddings*, they are
made like those that the shipped model gives of 164 photos of 24 vases and of their details: a mean common
to all, of length 0.68, around it variances that fall as k ** -1.13 from one principal direction to the
next, and a cosine of 0.75 between a query and the nearest view of its artifact. Beside our index, in the
same run and on the same vectors: numpy's matrix product, usearch (exact and HNSW) and faiss (flat, HNSW,
inverted lists, 8-bit codes), where they are installed. Recall is the share of the exact ten nearest that a
search also gives; ours names artifacts, so for it the share of the artifacts of those ten.

Memory stays bounded at any number: vectors are made and compared in pieces and lie in a file that is mapped,
and each measure runs in a process of its own that may hold ``--memory`` GiB beside that file and live
``--limit`` seconds; what exceeds them is told. Building and ``cpu ms`` are processor time, p50 and p99 are
elapsed. MB is what the process held of its own at the end, mapped what it held of files.

What it does not show: embeddings of real pictures in such numbers; many callers at once.
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


@dataclass(frozen=True, slots=True)
class Kind:
    """How vectors are made up: around a mean, wider along some directions than along others."""

    mean: float
    """Length of what all have in common; the rest has length 1 on average."""
    fall: float
    """Variance along the k-th direction goes as k to minus this."""

    def drawn(self, draw: np.random.Generator, rows: int) -> Floats:
        """(rows, 256) of squared length 1 on average, without the mean."""
        widths = np.arange(1, DIMENSION + 1, dtype=np.float32) ** (-self.fall / 2)
        widths /= np.linalg.norm(widths)
        return draw.standard_normal((rows, DIMENSION), dtype=np.float32) * widths

    def placed(self, vectors: Floats) -> Floats:
        """Around the mean, of length 1; the mean lies along the last, narrowest direction."""
        whole = vectors.copy()
        whole[:, -1] += np.float32(self.mean)
        return unit(whole)


KINDS: Final = {
    "noise": Kind(0.0, 0.0),
    # 0.68 of the whole, whose other part is sqrt(1 - 0.68 ** 2) long.
    "embeddings": Kind(0.93, 1.13),
}


def made_up(rows: int, folder: Path, kind: Kind) -> None:
    """Write the gallery (rows, 256), the queries (200, 256) and the ten nearest rows of each (200, 10)."""
    draw = np.random.default_rng(rows)
    spread = np.float32(0.9)
    gallery = np.lib.format.open_memmap(folder / GALLERY, "w+", np.float32, (rows, DIMENSION))
    chosen = np.sort(draw.integers(0, rows // VIEWS, QUERIES)) * VIEWS
    around = np.empty((QUERIES, DIMENSION), dtype=np.float32)
    for start in range(0, rows, PIECE):
        piece = gallery[start : start + PIECE]
        artifacts = kind.drawn(draw, len(piece) // VIEWS)
        here = (chosen >= start) & (chosen < start + len(piece))
        around[here] = artifacts[(chosen[here] - start) // VIEWS]
        views = np.repeat(artifacts, VIEWS, axis=0)
        piece[:] = kind.placed(views + kind.drawn(draw, len(views)) * spread)
    queries = kind.placed(around + kind.drawn(draw, len(around)) * spread)
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
    """As `twin index` leaves it, or without the sketch: then all is compared."""
    from inference.patches import Layout
    from inference.runtime.index import EXACT_ROWS, EmbeddingIndex
    from inference.runtime.index_files import Entry

    index = EmbeddingIndex.create(folder, model="bench", layout=Layout(DIMENSION))
    for start in range(0, len(gallery), 4 * PIECE):
        piece = np.asarray(gallery[start : start + 4 * PIECE])
        entries = [Entry(f"artifact {row // VIEWS}", str(row)) for row in range(start, start + len(piece))]
        index = index.added(entries, piece)
    index = index.compacted(exact_rows=EXACT_ROWS if compacted else len(gallery))
    return lambda query: [int(match.view) for match in index.search(query, NEAREST)]


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
        "faiss SQ8": lambda: faiss_index(gallery, "SQ8", threads),
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
    processor: list[float] = []
    hits, first, end = 0.0, 0, time.perf_counter() + SEARCHING_S
    for query, nearest in zip(queries, truth, strict=True):
        began, cpu = time.perf_counter(), time.process_time()
        if len(times) >= FEWEST and began > end:
            break
        found = [int(row) for row in search(query)]
        times.append(time.perf_counter() - began)
        processor.append(time.process_time() - cpu)
        if task.name.startswith("ours"):
            wanted, found = {int(row) // VIEWS for row in nearest}, [row // VIEWS for row in found]
            hits += len(wanted & set(found)) / len(wanted)
            first += found[0] == nearest[0] // VIEWS
        else:
            hits += len(set(nearest.tolist()) & set(found)) / NEAREST
            first += found[0] == nearest[0]
    p50, p99 = np.percentile(times, [50, 99]) * 1000
    cpu_ms = 1000 * float(np.median(processor))
    own, mapped = held()
    return {
        "build_s": built, "build_cpu_s": built_cpu, "p50_ms": p50, "p99_ms": p99, "cpu_ms": cpu_ms,
        "queries": len(times), "first_found": first / len(times), "recall_at_10": hits / len(times),
        "own_mb": own, "mapped_mb": mapped,
    }  # fmt: skip


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
    return (
        f"  {name:<18} {row['build_cpu_s']:7.1f} {row['p50_ms']:9.3f} {row['p99_ms']:9.3f} "
        f"{row['cpu_ms']:8.3f} "
        f"{base / row['cpu_ms']:6.1f}x {row['first_found']:8.3f} {row['recall_at_10']:9.3f} "
        f"{row['own_mb']:7.0f} {row['mapped_mb']:7.0f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--vectors", type=int, nargs="+", default=[1_000, 50_000], help="multiples of 5")
    parser.add_argument("--like", nargs="+", choices=KINDS, default=["noise"])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--limit", type=float, default=60.0, help="seconds of a measure")
    parser.add_argument("--memory", type=float, default=4.0, help="GiB of a measure, beside the mapped file")
    parser.add_argument("--only", nargs="+", choices=NAMES)
    options = parser.parse_args()
    # Read by the libraries as each measure's process begins.
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[variable] = str(options.threads)
    for rows in options.vectors:
        for kind in options.like:
            compared(rows, kind, options)


def compared(rows: int, kind: str, options: argparse.Namespace) -> None:
    """All measures on one set of vectors, printed as they end."""
    print(f"{rows:,} vectors of {DIMENSION}, like {kind}, {options.threads} thread(s)")
    print(
        "  measure            build s    p50 ms    p99 ms   cpu ms   speed first ok recall@10      MB  mapped"
    )
    base = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        made_up(rows, Path(scratch), KINDS[kind])
        for name in options.only or NAMES:
            row = apart(Task(name, Path(scratch), options.threads, options.memory), options.limit)
            base = base or row.get("cpu_ms", 0.0)
            print(told(name, row, base), flush=True)
            facts = {"vectors": rows, "like": kind, "measure": name, "threads": options.threads}
            record("search", [facts | row])
            shutil.rmtree(Path(scratch) / "ours", ignore_errors=True)


if __name__ == "__main__":
    main()

"""Search among embeddings: latency, recall against exact, memory, and what building costs.

    python bench/search.py [--rows 1000 50000] [--full] [--threads 1]

Vectors are made up: artifacts drawn on the sphere in 256 dimensions, a few views around each, and queries
around some of them, near enough to be found and far enough to be confused. Beside our index, in the same
run and on the same vectors: numpy's matrix product, usearch (exact and HNSW) and, where it is installed,
faiss (flat and HNSW). Recall is the share of the exact ten nearest that a search also gives. ``--full`` adds
a million rows, which takes minutes.

What it does not show: embeddings of real pictures, which lie closer together; many callers at once.
"""

import argparse
import importlib.util
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
DIMENSION, VIEWS, QUERIES, NEAREST = 256, 5, 200, 10


@dataclass(frozen=True, slots=True)
class Searcher:
    """A built index: one query (256,) to the rows of its ten nearest."""

    name: str
    search: Callable[[Floats], Any]
    build_seconds: float
    megabytes: float


def unit(vectors: NDArray[np.floating[Any]]) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def made_up(rows: int) -> tuple[Floats, Floats]:
    """Gallery (rows, 256) and queries (200, 256)."""
    draw = np.random.default_rng(rows)
    artifacts = unit(draw.standard_normal((rows // VIEWS, DIMENSION), dtype=np.float32))
    spread = 0.9 / np.sqrt(DIMENSION)
    gallery = np.repeat(artifacts, VIEWS, axis=0)
    gallery += draw.standard_normal(gallery.shape, dtype=np.float32) * np.float32(spread)
    chosen = artifacts[draw.integers(0, len(artifacts), QUERIES)]
    return unit(gallery), unit(chosen + draw.standard_normal(chosen.shape) * spread)


def resident() -> float:
    """Megabytes of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def built(name: str, make: Callable[[], Callable[[Floats], Any]]) -> Searcher:
    before, began = resident(), time.perf_counter()
    search = make()
    return Searcher(name, search, time.perf_counter() - began, resident() - before)


def numpy_exact(gallery: Floats) -> Callable[[Floats], Any]:
    def search(query: Floats) -> Any:
        scores = gallery @ query
        nearest = np.argpartition(scores, -NEAREST)[-NEAREST:]
        return nearest[np.argsort(scores[nearest])[::-1]]

    return search


def usearch_index(gallery: Floats, dtype: str, *, exact: bool, threads: int) -> Callable[[Floats], Any]:
    from usearch.index import Index

    index = Index(ndim=DIMENSION, metric="ip", dtype=dtype)
    index.add(np.arange(len(gallery)), gallery, threads=threads)
    return lambda query: index.search(query, NEAREST, exact=exact, threads=threads).keys


def faiss_index(gallery: Floats, kind: str, threads: int) -> Callable[[Floats], Any]:
    import faiss

    faiss.omp_set_num_threads(threads)
    index = faiss.index_factory(DIMENSION, kind, faiss.METRIC_INNER_PRODUCT)
    if not index.is_trained:
        index.train(gallery[: 64 * 1024])
    index.add(gallery)
    if kind.startswith("HNSW"):
        faiss.ParameterSpace().set_index_parameter(index, "efSearch", 64)
    return lambda query: index.search(query[None], NEAREST)[1][0]


def ours(gallery: Floats, folder: Path) -> Callable[[Floats], Any]:
    from inference.runtime.index import EmbeddingIndex, Entry

    index = EmbeddingIndex.create(folder, model="bench", dimension=DIMENSION)
    entries = [Entry(f"artifact {row // VIEWS}", str(row)) for row in range(len(gallery))]
    index = index.added(entries, gallery).compacted()
    return lambda query: [int(match.view) for match in index.search(query, 2)]


def measures(gallery: Floats, folder: Path, threads: int) -> list[tuple[str, Callable[[], Any]]]:
    found: list[tuple[str, Callable[[], Any]]] = [
        ("numpy exact", lambda: numpy_exact(gallery)),
        ("ours", lambda: ours(gallery, folder)),
        ("usearch exact f32", lambda: usearch_index(gallery, "f32", exact=True, threads=threads)),
        ("usearch HNSW f32", lambda: usearch_index(gallery, "f32", exact=False, threads=threads)),
        ("usearch HNSW i8", lambda: usearch_index(gallery, "i8", exact=False, threads=threads)),
    ]
    if importlib.util.find_spec("faiss"):
        found += [
            ("faiss flat", lambda: faiss_index(gallery, "Flat", threads)),
            ("faiss HNSW32", lambda: faiss_index(gallery, "HNSW32", threads)),
            ("faiss IVF256", lambda: faiss_index(gallery, "IVF256,Flat", threads)),
        ]
    return found


def report(searcher: Searcher, queries: Floats, truth: list[set[int]], base: float) -> float:
    """Print one line; returns the median milliseconds."""
    times, hits, first = [], 0, 0
    for query, nearest in zip(queries, truth, strict=True):
        began = time.perf_counter()
        found = [int(row) for row in searcher.search(query)]
        times.append(time.perf_counter() - began)
        hits += len(nearest & set(found))
        first += found[0] in nearest
    p50, p99 = np.percentile(times, [50, 99]) * 1000
    ratio = base / p50 if base else 1.0
    recall = "" if searcher.name == "ours" else f"{hits / (NEAREST * len(queries)):.3f}"
    print(
        f"  {searcher.name:<18} {searcher.build_seconds:9.2f} {p50:9.3f} {p99:9.3f} {ratio:9.1f}x "
        f"{first / len(queries):8.3f} {recall:>9} {searcher.megabytes:9.0f}",
        flush=True,
    )
    return float(p50)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 50_000])
    parser.add_argument("--full", action="store_true", help="add a million rows")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", nargs="+", help="names of measures, such as 'ours' 'numpy exact'")
    options = parser.parse_args()
    for rows in [*options.rows, *([1_000_000] if options.full else [])]:
        gallery, queries = made_up(rows)
        exact = numpy_exact(gallery)
        truth = [set(exact(query).tolist()) for query in queries]
        print(f"{rows:,} vectors of {DIMENSION}, {options.threads} thread(s)")
        print("  measure              build s    p50 ms    p99 ms    speed  first ok recall@10        MB")
        base = 0.0
        with tempfile.TemporaryDirectory() as folder:
            for name, make in measures(gallery, Path(folder), options.threads):
                if options.only and name not in options.only:
                    continue
                base = (
                    report(built(name, make), queries, truth, base)
                    if not base
                    else (report(built(name, make), queries, truth, base) and base)
                )


if __name__ == "__main__":
    main()

"""Ingest speed: records per second on one core, end to end, beside what it is built on.

    python bench/ingest.py [--rows 20000 100000] [--full]

End to end means what ``twin ingest`` does with a flat CSV: read, normalize, validate, judge (rights,
personal data, outliers, duplicates), stage, compare, show, index for search, count for the report. Beside
it, in the same run and on the same file: csv.reader alone, polars alone, pydantic alone validating the very
records, and the floor: those records validated, written as JSON, hashed, and inserted into one table of
SQLite, with nothing read, normalized, judged, compared or indexed. ``--full`` adds a million rows. Every
measure runs in a process of its own, pinned to one core where the system allows it; memory is that
process's peak. Rates are of processor time, which a busy machine disturbs less than the clock; both are told.

The profile reads ten columns: one is identifier and accession number, nine fill ten fields by ten rules.
The ingest is timed with the loading of its modules, the floor without.

The export is made up: titles, makers and sizes differ from row to row, dates and media repeat as they do in
museum exports. What the figure does not show: long texts, joins, or a slow disk.
"""

import argparse
import csv
import gc
import hashlib
import json
import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
COLUMNS = (
    "Number", "Title", "Maker", "Date", "Medium", "Classification", "Dimensions", "Culture", "Credit Line",
    "Department",
)  # fmt: skip
STARTED = "2026-01-01T00:00:00+00:00"


def write_export(path: Path, rows: int) -> None:
    """Write a flat CSV of ``rows`` records, the same for the same number."""
    draw = random.Random(rows)
    words = _words(draw, 4000)
    # Word frequencies fall with their rank, as in titles (Zipf); some words are in every tenth title.
    ranks = [1 / (rank + 10) for rank in range(len(words))]
    names = [f"{first} {last}" for first in ("Ann", "Li", "Omar", "Jean") for last in _words(draw, 2000)]
    media = ("Oil on canvas", "Graphite on paper", "Bronze", "Earthenware with glaze", "Silver, gilt", "Wool")
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for number in range(rows):
            year = draw.randint(1500, 2000)
            date = draw.choice(
                (f"{year}", f"c. {year}", f"{year}-{year + 9}", f"{year // 100 + 1}th century")
            )
            height, width = draw.randint(50, 1999) / 10, draw.randint(50, 1999) / 10
            writer.writerow(
                (
                    f"{1900 + number % 120}.{number}",
                    " ".join(draw.choices(words, ranks, k=draw.randint(2, 6))),
                    draw.choice(names),
                    date,
                    draw.choice(media),
                    draw.choice(("Painting", "Vessel", "Textile")),
                    f"{height} x {width} cm",
                    draw.choice(("French", "Japanese", "Persian", "")),
                    f"Gift of {draw.choice(names)}, {year}",
                    draw.choice(("Fine Arts", "Decorative Arts", "Asia")),
                )
            )


def _words(draw: random.Random, count: int) -> list[str]:
    parts = ("bar", "ten", "mo", "ri", "sel", "van", "do", "ku", "lin", "ga", "sha", "per", "no", "wat", "ei")
    made: dict[str, None] = {}
    while len(made) < count:
        made["".join(draw.choices(parts, k=draw.randint(1, 4))).capitalize()] = None
    return list(made)


class Spent:
    """Seconds by the clock and of the processor, summed over the blocks it was entered for."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0

    def __enter__(self) -> None:
        self.wall -= time.perf_counter()
        self.cpu -= time.process_time()

    def __exit__(self, *_: object) -> None:
        self.wall += time.perf_counter()
        self.cpu += time.process_time()


def ingest_alone(path: Path) -> None:
    """The whole ingest."""
    from assets.catalog.ingest import ingest
    from assets.catalog.intake import prepare
    from assets.catalog.store.catalog import Catalog

    with tempfile.TemporaryDirectory(dir=path.parent) as folder, Catalog(Path(folder)) as catalog:
        source, _ = prepare(path, str(HERE / "flat.toml"), on_bytes=lambda _: None)
        ended = ingest(source, catalog, STARTED)
        assert ended.report.read == ended.report.accepted == catalog.count(), ended.report


def csv_alone(path: Path) -> None:
    """csv.reader over the same file."""
    with path.open(encoding="utf-8", newline="") as stream:
        for _ in csv.reader(stream):
            pass


def polars_alone(path: Path) -> None:
    """polars reading the same file into memory."""
    import polars

    polars.read_csv(path)


def _documents(path: Path) -> Iterator[list[dict[str, Any]]]:
    """The records of the export as JSON documents, a thousand at a time."""
    import orjson

    from assets.catalog.row import Mapped
    from assets.catalog.sources.by_profile import load_profile, open_source

    outcomes = open_source(path, load_profile(HERE / "flat.toml"))
    while batch := [o.record for o in islice(outcomes, 1000) if isinstance(o, Mapped)]:
        yield [orjson.loads(record.model_dump_json(exclude_defaults=True)) for record in batch]


def pydantic_alone(path: Path) -> Spent:
    """pydantic validating the same records, already read and normalized; what it alone took."""
    from assets.catalog.record import ArtifactRecord

    spent = Spent()
    for documents in _documents(path):
        with spent:
            for document in documents:
                ArtifactRecord.model_validate(document)
    return spent


def floor(path: Path) -> Spent:
    """Validate, write as JSON, hash and insert into SQLite; what that alone took."""
    from assets.catalog.record import ArtifactRecord

    spent = Spent()
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        store = sqlite3.connect(Path(folder) / "floor.sqlite", isolation_level=None)
        store.execute("PRAGMA journal_mode = WAL")
        store.execute("PRAGMA synchronous = NORMAL")
        store.execute("CREATE TABLE record (id TEXT PRIMARY KEY, digest BLOB, body BLOB) WITHOUT ROWID")
        for documents in _documents(path):
            with spent:
                rows = []
                for document in documents:
                    record = ArtifactRecord.model_validate(document)
                    body = record.model_dump_json(exclude_defaults=True).encode()
                    rows.append((record.id, hashlib.blake2b(body, digest_size=16).digest(), body))
                store.execute("BEGIN")
                store.executemany("INSERT INTO record VALUES (?, ?, ?)", rows)
                store.execute("COMMIT")
        store.close()
    return spent


MEASURES: dict[str, Callable[[Path], Spent | None]] = {
    "ingest": ingest_alone,
    "csv.reader": csv_alone,
    "polars": polars_alone,
    "pydantic": pydantic_alone,
    "floor": floor,
}


def measure(name: str, path: Path) -> tuple[float, float, float]:
    """(seconds by the clock, of the processor, peak MiB) of one measure in a process of its own."""
    ran = subprocess.run(
        [sys.executable, __file__, "--measure", name, str(path)],
        check=True, capture_output=True, text=True, env={**os.environ, "POLARS_MAX_THREADS": "1"},
    )  # fmt: skip
    wall, cpu, peak = json.loads(ran.stdout.splitlines()[-1])
    return float(wall), float(cpu), float(peak)


def _measure_here(name: str, path: Path) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    gc.collect()
    whole = Spent()
    with whole:
        own = MEASURES[name](path)
    spent = own or whole
    print(json.dumps([spent.wall, spent.cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--full", action="store_true", help="add a million rows")
    parser.add_argument("--measure", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        _measure_here(options.measure[0], Path(options.measure[1]))
        return
    print("rows       measure        seconds   of cpu   records/cpu s   x ingest   peak MiB")
    for rows in [*options.rows, *([1_000_000] if options.full else [])]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "export.csv"
            write_export(path, rows)
            base = 0.0
            for name in MEASURES:
                wall, cpu, peak = measure(name, path)
                base = base or cpu
                print(
                    f"{rows:<10,} {name:<12} {wall:9.2f} {cpu:8.2f} {rows / cpu:15,.0f} "
                    f"{base / cpu:9.1f}x {peak:10.0f}"
                )


if __name__ == "__main__":
    main()

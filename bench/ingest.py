"""Ingest speed: records per second on one core, end to end, beside what it is built on.

    python bench/ingest.py [--rows 20000 100000] [--full]

End to end means what ``twin ingest`` does with a flat CSV: read, normalize, validate, judge (rights,
personal data, outliers, duplicates), stage, compare, show, index for search, count for the report. Beside
it, in the same run and on the same file: csv.reader alone, polars alone, and pydantic alone validating
the very records. ``--full`` adds a million rows. Every measure runs in a process of its own, pinned to one
core where the system allows it; memory is that process's peak.

The export is made up: titles, makers and sizes differ from row to row, dates and media repeat as they do in
museum exports. What the figure does not show: long texts, joins, or a slow disk.
"""

import argparse
import csv
import gc
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

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


def pydantic_alone(path: Path) -> float:
    """pydantic validating the same records, already read and normalized; returns its own seconds."""
    import orjson

    from assets.catalog.record import ArtifactRecord
    from assets.catalog.row import Mapped
    from assets.catalog.sources.by_profile import load_profile, open_source

    outcomes = open_source(path, load_profile(HERE / "flat.toml"))
    seconds = 0.0
    while batch := [o.record for o in islice(outcomes, 1000) if isinstance(o, Mapped)]:
        documents = [orjson.loads(record.model_dump_json(exclude_defaults=True)) for record in batch]
        began = time.perf_counter()
        for document in documents:
            ArtifactRecord.model_validate(document)
        seconds += time.perf_counter() - began
    return seconds


MEASURES: dict[str, Callable[[Path], float | None]] = {
    "ingest": ingest_alone,
    "csv.reader": csv_alone,
    "polars": polars_alone,
    "pydantic": pydantic_alone,
}


def measure(name: str, path: Path) -> tuple[float, float]:
    """(seconds, peak MiB) of one measure in a process of its own on one core."""
    ran = subprocess.run(
        [sys.executable, __file__, "--measure", name, str(path)],
        check=True, capture_output=True, text=True, env={**os.environ, "POLARS_MAX_THREADS": "1"},
    )  # fmt: skip
    seconds, peak = json.loads(ran.stdout.splitlines()[-1])
    return float(seconds), float(peak)


def _measure_here(name: str, path: Path) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    gc.collect()
    began = time.perf_counter()
    own = MEASURES[name](path)
    seconds = time.perf_counter() - began if own is None else own
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--full", action="store_true", help="add a million rows")
    parser.add_argument("--measure", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        _measure_here(options.measure[0], Path(options.measure[1]))
        return
    print("rows       measure        seconds   records/s   x ingest   peak MiB")
    for rows in [*options.rows, *([1_000_000] if options.full else [])]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "export.csv"
            write_export(path, rows)
            base = 0.0
            for name in MEASURES:
                seconds, peak = measure(name, path)
                base = base or seconds
                print(
                    f"{rows:<10,} {name:<12} {seconds:9.2f} {rows / seconds:11,.0f} "
                    f"{base / seconds:9.1f}x {peak:10.0f}"
                )


if __name__ == "__main__":
    main()

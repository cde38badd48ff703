"""Runs every bench within a time, and writes what they printed into docs/benchmarks.md.

    python bench/run_all.py [--minutes 28] [--only load_lab search] [--page docs/benchmarks.md]

Each bench runs in a process of its own with the arguments of :data:`PLAN`, short ones, under a limit. What
does not end in time, fails, or has no time left is written down as that. The page's part between the two
marks is replaced, everything else of it stays. Rows for machines lie in ``bench/results.jsonl``.
"""

import argparse
import importlib.metadata
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.results import VARIABLE, record

HERE: Final = Path(__file__).resolve().parent
BEGIN, END = "<!-- measured by make bench -->", "<!-- end of measured -->"
LONGEST: Final = 60
"""Lines of a bench's output that are kept, from the end."""
PACKAGES: Final = ("numpy", "numba", "pydantic", "uvloop", "websockets", "onnxruntime", "usearch", "trimesh")


@dataclass(frozen=True, slots=True)
class Bench:
    """One file of this folder, how it is run here, and for how many seconds at most."""

    name: str
    arguments: tuple[str, ...] = ()
    limit: float = 120.0


PLAN: Final = (
    Bench("ingest", ("--rows", "20000"), 150),
    Bench("search", (), 200),
    Bench("interest", ("--artifacts", "100", "10000", "100000"), 150),
    Bench("mock", (), 60),
    Bench("realtime", ("throughput", "latency", "idle", "slow", "storm", "resume", "--rounds", "1"), 300),
    Bench("load_lab", ("--plot", "docs/images/load-lab.png"), 240),
    Bench("assets_and_api", (), 120),
    Bench("recognition", (), 240),
    Bench("gallery_parts", ("--artifacts", "16"), 120),
    Bench("handover", (), 60),
    Bench("swaps", ("--swaps", "30"), 120),
    Bench("frame_journey", (), 150),
    Bench("newcomer", ("--photos",), 120),
    Bench("render", ("--views", "4"), 240),
    Bench("pipeline", ("--steps", "3"), 240),
    Bench("unity_frame", (), 120),
    Bench("against_colyseus", ("--visitors", "50", "--seconds", "4", "--rounds", "1"), 150),
    Bench("fuzz_protocol", ("--messages", "200000"), 90),
    Bench("precisions", ("--artifacts", "12", "--runs", "30"), 120),
    Bench("adversary", ("--steps", "12", "--artifacts", "16"), 120),
    Bench("fairness", (), 120),
    Bench("pose", ("--photos", "1"), 240),
    Bench("web_client", ("--runs", "1"), 200),
)
"""What most would ask first comes first: at the end the time may be up."""

PARTS: Final = frozenset(
    {"load", "echo_servers", "scans", "simplifiers", "bad_network", "results", "run_all"}
)
"""Files of this folder that are no benches, but parts of them."""


def whole_plan(folder: Path = HERE) -> tuple[Bench, ...]:
    """The plan, and after it every bench of the folder that it does not name, without arguments."""
    named = {bench.name for bench in PLAN} | PARTS
    others = sorted(path.stem for path in folder.glob("[a-z]*.py") if path.stem not in named)
    return (*PLAN, *(Bench(name) for name in others))


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a bench."""

    bench: Bench
    outcome: str
    """``measured``, or why not."""
    seconds: float
    output: str

    @property
    def command(self) -> str:
        """As a person would type it."""
        return " ".join(("python", f"bench/{self.bench.name}.py", *self.bench.arguments))


def run(bench: Bench, limit: float, folder: Path = HERE) -> Ran:
    """Run one bench to its end or its limit; its children end with it."""
    began = time.monotonic()
    command = [sys.executable, str(folder / f"{bench.name}.py"), *bench.arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=HERE.parent,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            output, _ = process.communicate(timeout=limit)
            outcome = "measured" if process.returncode == 0 else f"failed, exit status {process.returncode}"
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            output, _ = process.communicate()
            outcome = f"not ended within {limit:.0f} s"
    # The page is read elsewhere: folders of this machine say nothing there.
    output = output.replace(f"{HERE.parent}/", "")
    return Ran(bench, outcome, time.monotonic() - began, output)


def run_all(plan: Iterable[Bench], seconds: float) -> list[Ran]:
    """Every bench, as long as there is time; told as they end."""
    end = time.monotonic() + seconds
    found = []
    for bench in plan:
        left = end - time.monotonic()
        ran = run(bench, min(bench.limit, left)) if left > 1 else Ran(bench, "no time was left", 0.0, "")
        found.append(ran)
        print(f"== {ran.command}: {ran.outcome}, {ran.seconds:.0f} s\n{ran.output}", flush=True)
        record(
            "run_all", [{"command": ran.command, "outcome": ran.outcome, "seconds": round(ran.seconds, 1)}]
        )
    return found


def machine() -> str:
    """Processor, cores, memory, system, Python and packages, in one paragraph."""
    facts = Path("/proc/cpuinfo")
    models = [line.partition(":")[2].strip() for line in facts.read_text().splitlines()
              if line.startswith("model name")] if facts.exists() else []  # fmt: skip
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version}" for name in PACKAGES if (version := _version(name)))
    load = os.getloadavg()[0]
    return (
        f"{models[0] if models else platform.processor() or 'unknown processor'}, "
        f"{len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB, {platform.platform(terse=True)}, "
        f"CPython {platform.python_version()}; {versions}. Load before: {load:.1f}. "
        f"Graphics processor: {'there is one' if Path('/dev/nvidia0').exists() else 'none, not measured'}."
    )


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def part(ran: Sequence[Ran], machine_told: str, day: str) -> str:
    """The page's part, marks included."""
    lines = [BEGIN, "", f"`make bench`, {day}. {machine_told}", "",
             "| bench | outcome | seconds |", "|---|---|---|"]  # fmt: skip
    lines += [f"| `{one.command}` | {one.outcome} | {one.seconds:.0f} |" for one in ran]
    for one in ran:
        if one.output.strip():
            # Four spaces: what a bench prints may hold fences of its own.
            kept = [f"    {line}".rstrip() for line in one.output.strip().splitlines()[-LONGEST:]]
            lines += ["", f"### bench/{one.bench.name}.py", "", *kept]
    return "\n".join((*lines, "", END))


def placed(page: str, new: str) -> str:
    """The page with its measured part replaced, or added at the end."""
    before, begin, rest = page.partition(BEGIN)
    if not begin:
        return f"{page.rstrip()}\n\n## Everything, measured in one run\n\n{new}\n"
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"the page has {BEGIN} and no {END}; put it back")
    return before + new + after


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=28.0)
    parser.add_argument("--only", nargs="+", choices=[bench.name for bench in whole_plan()])
    parser.add_argument("--page", type=Path, default=HERE.parent / "docs" / "benchmarks.md")
    options = parser.parse_args()
    results = HERE / "results.jsonl"
    results.unlink(missing_ok=True)
    os.environ[VARIABLE] = str(results)
    told, chosen = (
        machine(),
        [bench for bench in whole_plan() if not options.only or bench.name in options.only],
    )
    ran = run_all(chosen, options.minutes * 60)
    new = part(ran, told, f"{datetime.now(UTC):%Y-%m-%d}")
    options.page.write_text(placed(options.page.read_text("utf-8"), new), "utf-8")
    print(f"written: {options.page}, {results}")
    if any(one.outcome.startswith("failed") for one in ran):
        sys.exit(1)


if __name__ == "__main__":
    main()

"""Many scans built at once: those that are current are passed over, the others go to workers."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.pipeline.building.bench import BuildOptions
from assets.pipeline.building.build import Built, build_scan, current
from assets.pipeline.building.jobs import ScanJob
from assets.pipeline.building.store import DerivativeStore
from assets.pipeline.building.workers import Tell, WorkerLimits, run_all
from assets.pipeline.geometry.meshoptimizer import MissingMeshoptimizer
from assets.pipeline.manifest import Manifest
from assets.pipeline.refusal import PipelineError

Watch = Callable[[str, str, float], None]


@dataclass(frozen=True, slots=True)
class Batch:
    """Where and how the scans of one build are built."""

    store: Path
    options: BuildOptions
    limits: WorkerLimits


@dataclass(frozen=True, slots=True)
class Ended:
    """How the build of one scan ended."""

    name: str
    manifest: Manifest | None
    steps: tuple[str, ...]
    """The verbs that computed something."""
    seconds: float
    refusal: PipelineError | None = None

    def to_json(self) -> dict[str, Any]:
        """The outcome as plain values."""
        return {
            "scan": self.name,
            "steps": self.steps,
            "seconds": round(self.seconds, 2),
            "refused": None if self.refusal is None else str(self.refusal),
            "manifest": None if self.manifest is None else self.manifest.model_dump(mode="json"),
        }

    def lines(self) -> Iterator[str]:
        """What a person wants to know of a scan that is published."""
        if self.manifest is None:
            return
        made = f"built in {self.seconds:.1f} s" if self.steps else "up to date"
        source = self.manifest.source
        yield f"{self.name}: {made}; {source.triangles:,} triangles in"
        yield f"  unit {source.unit.value} ({source.unit.reason}); up {source.up.value} ({source.up.reason})"
        for repair in self.manifest.repairs:
            if repair.changed or repair.remark:
                yield f"  {repair.changed:,} {repair.name}{f'; {repair.remark}' if repair.remark else ''}"
        for remark in source.remarks:
            yield f"  {remark}"
        for file in self.manifest.derivatives:
            yield (
                f"  {file.usage:>8} {file.quality} {file.encoding:<8} {file.triangles:>10,} triangles"
                f" {file.bytes:>12,} bytes  error {file.hausdorff_mm:.3f} mm"
            )
        for remark in self.manifest.remarks:
            yield f"  {remark}"
        for point in self.manifest.points:
            if point.review is not None:
                yield f"  look at point {point.name!r}: {point.review}"


def run_batch(batch: Batch, jobs: list[ScanJob], watch: Watch) -> Iterator[Ended]:
    """Build each scan, and yield how it ended. Raises ``StoreError`` where another build holds the store."""
    store = DerivativeStore(batch.store)
    with store.building():
        stale = []
        for job in jobs:
            found = _current(job, batch.options, store)
            if found is None:
                stale.append(job)
            else:
                yield found
        tasks = [(job.name, _Task(job, batch)) for job in stale]
        for outcome in run_all(tasks, _work, batch.limits, watch):
            name = outcome.task.job.name
            if outcome.result is None:
                yield Ended(name, None, (), 0.0, outcome.refusal)
            else:
                built, seconds = outcome.result
                yield Ended(name, built.manifest, built.steps, seconds)


@dataclass(frozen=True, slots=True)
class _Task:
    job: ScanJob
    batch: Batch


def _work(task: _Task, tell: Tell) -> tuple[Built, float]:
    began = time.monotonic()
    try:
        built = build_scan(task.job, task.batch.options, DerivativeStore(task.batch.store), tell)
    except OSError as error:
        problem = f"{error.filename or 'the store'}: {error.strerror or error}"
        raise PipelineError(
            task.job.name, problem, "Free the disk or choose another place, then try again"
        ) from error
    except MissingMeshoptimizer as missing:
        raise PipelineError(task.job.name, "no levels can be made", str(missing)) from missing
    return built, time.monotonic() - began


def _current(job: ScanJob, options: BuildOptions, store: DerivativeStore) -> Ended | None:
    try:
        manifest = current(job, options, store)
    except (PipelineError, OSError):
        return None  # the worker meets it again, and says so
    return None if manifest is None else Ended(job.name, manifest, (), 0.0)

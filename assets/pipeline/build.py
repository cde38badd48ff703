"""The recipe: a file becomes a master, levels of detail, points, a picture and a manifest in the store.

A recipe is a list of verbs. Each leaves its result in the store's cache under the hash of all that it depends
on, so that a build with the same input and options computes nothing, and one with a changed option only what
depends on it. The manifest is published last: until then, the store shows what it showed before.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final

from assets.pipeline.bench import Bench, BuildOptions, Tell
from assets.pipeline.digest import digest
from assets.pipeline.jobs import ScanJob
from assets.pipeline.levels import make_levels
from assets.pipeline.manifest import Manifest
from assets.pipeline.master import make_master, master_key, unchanged_files
from assets.pipeline.points import place_points
from assets.pipeline.store import DerivativeStore

Verb = Callable[[Bench], None]

RECIPE: Final[tuple[tuple[str, Verb], ...]] = (
    ("master", make_master),
    ("levels", make_levels),
    ("points", place_points),
)
"""Name and function of each verb, in order. To add a step is to add a line."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build left in the store for one scan."""

    manifest: Manifest
    steps: tuple[str, ...]
    """The verbs that computed something; none where all was there already."""


def build_scan(job: ScanJob, options: BuildOptions, store: DerivativeStore, tell: Tell) -> Built:
    """Make everything of one scan and publish it.

    Raises ``PipelineError`` where the scan cannot be read, placed or served; the store is then as it was.
    """
    bench = Bench(job, options, store, store.manifest(job.name))
    for done, (name, verb) in enumerate(RECIPE):
        tell(name, done / len(RECIPE))
        verb(bench)
    manifest = _manifest(bench)
    if manifest != bench.previous:
        store.publish(manifest)
    tell("published", 1.0)
    return Built(manifest, tuple(bench.steps))


def current(job: ScanJob, options: BuildOptions, store: DerivativeStore) -> Manifest | None:
    """What is published of a scan, where building it again would change nothing. Reads the scan's files."""
    bench = Bench(job, options, store, store.manifest(job.name))
    files = unchanged_files(bench.previous, job.path)
    if bench.previous is None or files is None:
        return None
    same = bench.previous.key == build_key(bench, files)
    return bench.previous if same and store.is_whole(bench.previous) else None


def build_key(bench: Bench, files: dict[str, str]) -> str:
    """Hash of all that a manifest depends on, beside the points that stay from build to build."""
    points = None if bench.job.points is None else [asdict(point) for point in bench.job.points]
    options = bench.options
    return digest(
        master_key(bench, files), bench.job.name, bench.job.artifact, points,
        options.usages, options.encodings, options.drift_mm, options.sheet,
    )  # fmt: skip


def _manifest(bench: Bench) -> Manifest:
    made = bench.built
    return Manifest(
        scan=bench.job.name,
        artifact=bench.job.artifact,
        key=build_key(bench, made.source.files),
        source=made.source,
        repairs=made.repairs,
        bounds=made.derivative.bounds,
        derivatives=(made.derivative, *bench.levels),
        points=bench.points,
        sheet=bench.sheet,
        remarks=bench.remarks,
        provenance=made.provenance,
    )

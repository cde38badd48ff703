"""The recipe: a file becomes a master, levels of detail, points, a picture and a manifest in the store.

A recipe is a list of verbs. Each leaves its result in the store's cache under the hash of all that it depends
on, so that a build with the same input and options computes nothing, and one with a changed option only what
depends on it. Files come before the manifest that names them: until it is published, the store shows what it
showed before.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final

from assets.pipeline.building.bench import Bench, BuildOptions, Tell
from assets.pipeline.building.digest import digest
from assets.pipeline.building.jobs import ScanJob
from assets.pipeline.building.levels import make_levels
from assets.pipeline.building.master import make_master, master_key, unchanged_files
from assets.pipeline.building.picture import picture_sheet
from assets.pipeline.building.points import place_points
from assets.pipeline.building.store import DerivativeStore
from assets.pipeline.manifest import Manifest

Verb = Callable[[Bench], None]


def publish(bench: Bench) -> None:
    """Show what is made."""
    _published(bench, build_key(bench, bench.built.source.files))


def publish_early(bench: Bench) -> None:
    """Show what clients stream before the picture is made. Killed in between, the next build goes on."""
    if bench.options.sheet and bench.steps:
        _published(bench, digest("unfinished", build_key(bench, bench.built.source.files)))


RECIPE: Final[tuple[tuple[str, Verb], ...]] = (
    ("master", make_master),
    ("levels", make_levels),
    ("points", place_points),
    ("publish", publish_early),
    ("sheet", picture_sheet),
    ("publish", publish),
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
    tell("published", 1.0)
    return Built(_manifest(bench, build_key(bench, bench.built.source.files)), tuple(bench.steps))


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


def _published(bench: Bench, key: str) -> None:
    manifest = _manifest(bench, key)
    if manifest != bench.previous:
        bench.store.publish(manifest)


def _manifest(bench: Bench, key: str) -> Manifest:
    made = bench.built
    return Manifest(
        scan=bench.job.name,
        artifact=bench.job.artifact,
        key=key,
        source=made.source,
        repairs=made.repairs,
        bounds=made.derivative.bounds,
        derivatives=(made.derivative, *bench.levels),
        points=bench.points,
        sheet=bench.sheet,
        remarks=bench.remarks,
        provenance=made.provenance,
    )

"""The first verb: a file becomes a master in the store: read, placed, repaired, written, read back."""

from dataclasses import asdict, replace
from pathlib import Path

from assets.pipeline.building.bench import MASTER, PLAIN, Bench, MasterMade, published
from assets.pipeline.building.digest import digest, file_digest, pipeline_digest
from assets.pipeline.building.servable import checked
from assets.pipeline.files import glb_bytes
from assets.pipeline.formats.load import load
from assets.pipeline.geometry.place import Placement, place
from assets.pipeline.geometry.repair import repair
from assets.pipeline.geometry.units import Ruling
from assets.pipeline.loaded import Loaded
from assets.pipeline.manifest import Decision, Manifest, Repair, SourceFile
from assets.pipeline.refusal import UnservableScan


def make_master(bench: Bench) -> None:
    """Make the master, or find it in the store. Raises ``PipelineError``."""
    known = _known_files(bench)
    if known is not None and _recalled(bench, master_key(bench, known)):
        return
    loaded = load(bench.job.path, bench.options.limits)
    files = {_shown(bench.job.path, path): file_digest(path) for path in loaded.files}
    key = master_key(bench, files)
    if _recalled(bench, key):
        return
    scan, placement = place(loaded, bench.job.place)
    try:
        repaired, steps = repair(replace(scan, name=bench.job.name), bench.options.repair)
    except ValueError as error:
        raise UnservableScan(bench.job.path.name, str(error), "Export the mesh of the scan again") from error
    content = glb_bytes(repaired)
    bench.master = checked(repaired, content)
    bench.made = MasterMade(
        derivative=published(
            repaired,
            content,
            bench.store,
            usage=MASTER,
            quality=0,
            encoding=PLAIN,
            hausdorff_mm=0.0,
            rms_mm=0.0,
        ),
        source=_source(bench.job.path, loaded, placement, files),
        repairs=tuple(Repair(name=s.name, changed=s.changed, remark=s.remark) for s in steps),
        provenance=dict(repaired.provenance),
    )
    bench.store.remember(key, bench.made.model_dump_json().encode())
    bench.steps.append("master")


def master_key(bench: Bench, files: dict[str, str]) -> str:
    """Hash of all that the master depends on."""
    place_options = {**asdict(bench.job.place), "lengths": dict(bench.job.place.lengths)}
    return digest("master", pipeline_digest(), files, [place_options, asdict(bench.options.repair)])


def unchanged_files(previous: Manifest | None, path: Path) -> dict[str, str] | None:
    """The files of the last build with their hashes, where all of them are what they were."""
    if previous is None or path.name not in previous.source.files:
        return None
    try:
        now = {name: file_digest(path.parent / name) for name in previous.source.files}
    except OSError:
        return None
    return now if now == previous.source.files else None


def _known_files(bench: Bench) -> dict[str, str] | None:
    return unchanged_files(bench.previous, bench.job.path)


def _recalled(bench: Bench, key: str) -> bool:
    content = bench.store.recall(key)
    if content is None:
        return False
    made = MasterMade.model_validate_json(content)
    if not bench.store.holds(made.derivative.sha256, made.derivative.bytes):
        return False
    bench.made = made
    return True


def _shown(scan: Path, file: Path) -> str:
    if file == scan:
        return scan.name
    return file.resolve().relative_to(scan.resolve().parent).as_posix()


def _source(path: Path, loaded: Loaded, placement: Placement, files: dict[str, str]) -> SourceFile:
    return SourceFile(
        name=path.name,
        sha256=digest(files),
        files=files,
        bytes=path.stat().st_size,
        triangles=loaded.scan.triangle_count,
        format=loaded.format.value,
        unit=_decision(placement.unit),
        up=_decision(placement.up),
        matrix=tuple(float(value) for value in placement.matrix.reshape(-1)),
        remarks=loaded.remarks,
    )


def _decision(ruling: Ruling) -> Decision:
    ratio = None if ruling.ratio is None else round(ruling.ratio, 6)
    return Decision(value=ruling.value, by=ruling.by, reason=ruling.reason, ratio=ratio)

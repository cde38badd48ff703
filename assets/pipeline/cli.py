"""Commands of the 3D pipeline: look at a scan, build what clients load."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

import orjson
import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from assets.catalog.cli import DEFAULT_STORE, StoreOption, err, out
from assets.catalog.store.catalog import DATABASE_NAME, Catalog
from assets.pipeline.building.batch import Batch, Ended, run_batch
from assets.pipeline.building.bench import USAGES, BuildOptions
from assets.pipeline.building.jobs import ScanJob, find_scans, must_be_text, named, points_beside, slug
from assets.pipeline.building.store import DerivativeStore
from assets.pipeline.building.workers import WorkerLimits
from assets.pipeline.encoding.compress import Encoding, available_encodings, unavailable
from assets.pipeline.formats.load import load
from assets.pipeline.geometry.inspect import inspect as look
from assets.pipeline.geometry.inspect import told
from assets.pipeline.geometry.place import PlaceOptions, place
from assets.pipeline.geometry.repair import RepairOptions
from assets.pipeline.geometry.units import lengths_of
from assets.pipeline.refusal import MIB, PipelineError, UnplacedScan, UnreadableScan, limits_within
from assets.pipeline.rendering.render import RendererMissing
from assets.pipeline.scan import Scan

app = typer.Typer(no_args_is_help=True)

SOME_FAILED = 2
"""Exit status of a build of which some scans are published and others were refused."""

UnitsOption = Annotated[
    str | None, typer.Option("--units", help="Unit of the file: mm, cm, m, in or ft.", metavar="UNIT")
]
UpOption = Annotated[
    str | None,
    typer.Option("--up", help="Axis of the file that points up: x, y, z, -x, -y, -z.", metavar="AXIS"),
]
ArtifactOption = Annotated[
    str | None,
    typer.Option("--artifact", help="Identifier of its record; {name} stands for the scan's name."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write the result as JSON.")]


@app.command()
def inspect(
    scan: Annotated[Path, typer.Argument(help="OBJ, PLY, STL, OFF, 3MF, GLB or glTF.")],
    *,
    store: StoreOption = DEFAULT_STORE,
    units: UnitsOption = None,
    up: UpOption = None,
    artifact: ArtifactOption = None,
    as_json: JsonOption = False,
    sheet: Annotated[Path | None, typer.Option(help="Write a picture from four sides, PNG.")] = None,
) -> None:
    """Tell what there is to know of a scan. Nothing is changed."""
    with _told_plainly():
        must_be_text(scan)
        options = _place_options(units, up, keep_origin=False)
        [options] = _with_records([(slug(scan.stem), options)], artifact, store)
        loaded = load(scan)
        unplaced = None
        try:
            placed, placement = place(loaded, options)
            rulings = [placement.unit, placement.up]
        except UnplacedScan as refusal:
            placed, rulings, unplaced = loaded.scan, [], str(refusal)
        facts = look(placed)
        if as_json:
            found = {
                **facts.to_json(),
                "format": loaded.format,
                "remarks": loaded.remarks,
                "unplaced": unplaced,
            }
            typer.echo(orjson.dumps(found | {"placed_by": rulings}, option=orjson.OPT_INDENT_2))
        else:
            typer.echo(told(facts))
            for name, ruling in zip(("unit", "up"), rulings, strict=False):
                typer.echo(f"  {name:<12} {ruling.value} ({ruling.reason})")
            for remark in loaded.remarks:
                typer.echo(f"  remark       {remark}")
            if unplaced is not None:
                err.print(f"measured as if in metres with +Y up: {unplaced}", style="yellow", markup=False)
        if sheet is not None:
            _write_sheet(placed, sheet)


def _write_sheet(scan: Scan, sheet: Path) -> None:
    from assets.pipeline.building.picture import sheet_png

    sheet.write_bytes(sheet_png(scan))
    err.print(f"picture: {sheet}", markup=False)


@app.command()
def build(
    scans: Annotated[list[Path], typer.Argument(help="Scans, or folders of scans.")],
    *,
    store: StoreOption = DEFAULT_STORE,
    units: UnitsOption = None,
    up: UpOption = None,
    artifact: ArtifactOption = None,
    name: Annotated[
        str | None, typer.Option(help="Name in the store, of one scan; its file's otherwise.")
    ] = None,
    keep_origin: Annotated[
        bool, typer.Option("--keep-origin", help="Leave the origin where the file has it.")
    ] = False,
    usage: Annotated[
        list[str] | None, typer.Option(help=f"What levels are for: {', '.join(USAGES)}; all otherwise.")
    ] = None,
    encoding: Annotated[
        list[str] | None, typer.Option(help="Encodings beside plain GLB; meshopt and draco otherwise.")
    ] = None,
    dust: Annotated[
        float, typer.Option(help="Components below this share of the surface are removed.")
    ] = RepairOptions().dust,
    hole: Annotated[
        float, typer.Option(help="Holes are closed up to this share of the diagonal.")
    ] = RepairOptions().hole,
    drift: Annotated[
        float, typer.Option(help="Millimetres that a point may move unseen by a curator.")
    ] = BuildOptions().drift_mm,
    sheet: Annotated[bool, typer.Option(help="Render a picture from four sides.")] = True,
    jobs: Annotated[int | None, typer.Option(help="Workers at the same time; one a core otherwise.")] = None,
    memory: Annotated[int, typer.Option(help="Memory of a worker, MiB.")] = WorkerLimits().memory_bytes
    // MIB,
    seconds: Annotated[float, typer.Option("--time", help="Seconds for a worker.")] = WorkerLimits().seconds,
    as_json: JsonOption = False,
) -> None:
    """Build master, levels of detail, points and manifest of each scan; what is built already is reused."""
    with _told_plainly():
        found = named(find_scans(scans))
        if name is not None:
            if len(found) != 1:
                _fail("--name is for one scan; these are more")
            found = [(slug(name), found[0][1])]
        options = BuildOptions(
            repair=RepairOptions(dust, hole),
            usages=_usages(usage),
            encodings=_encodings(encoding),
            drift_mm=drift,
            sheet=sheet,
            limits=limits_within(memory * MIB),
        )
        place_options = _place_options(units, up, keep_origin)
        placed = _with_records([(each, place_options) for each, _ in found], artifact, store)
        tasks, refused = _jobs(found, placed, artifact)
        limits = WorkerLimits(memory * MIB, seconds, jobs or len(os.sched_getaffinity(0)))
        ended = [*refused, *_run(Batch(store, options, limits), tasks)]
    _tell(ended, as_json=as_json)
    failed = sum(each.refusal is not None for each in ended)
    if failed:
        raise typer.Exit(1 if failed == len(ended) else SOME_FAILED)


@app.command()
def sweep(
    *,
    store: StoreOption = DEFAULT_STORE,
    days: Annotated[float, typer.Option(help="Keep what was written within so many days.")] = 7.0,
) -> None:
    """Remove files that no manifest names any more, once no client can still be loading them."""
    with _told_plainly():
        swept = DerivativeStore(store).sweep(time.time() - days * 86_400)
    out.print(f"{len(swept):,} files removed", markup=False)


def _run(batch: Batch, tasks: list[ScanJob]) -> list[Ended]:
    columns = (
        TextColumn("{task.fields[scan]}", markup=False), BarColumn(),
        TextColumn("{task.description}", markup=False), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=err, transient=True) as progress:
        whole = progress.add_task(f"0 of {len(tasks)}", scan="scans", total=len(tasks))
        bars: dict[str, TaskID] = {}

        def watch(scan: str, verb: str, share: float) -> None:
            if scan not in bars:
                bars[scan] = progress.add_task(verb, scan=scan, total=1.0)
            progress.update(bars[scan], description=verb, completed=share)

        ended = []
        for each in run_batch(batch, tasks, watch):
            ended.append(each)
            if each.name in bars:
                progress.remove_task(bars.pop(each.name))
            progress.update(whole, completed=len(ended), description=f"{len(ended)} of {len(tasks)}")
    return ended


def _jobs(
    found: list[tuple[str, Path]], placed: list[PlaceOptions], artifact: str | None
) -> tuple[list[ScanJob], list[Ended]]:
    tasks, refused = [], []
    for (each, path), options in zip(found, placed, strict=True):
        try:
            tasks.append(ScanJob(each, path, _record_id(artifact, each), options, points_beside(path)))
        except UnreadableScan as refusal:
            refused.append(Ended(each, None, (), 0.0, refusal))
    return tasks, refused


def _record_id(artifact: str | None, name: str) -> str | None:
    return None if artifact is None else artifact.replace("{name}", name)


def _with_records(
    named_options: list[tuple[str, PlaceOptions]], artifact: str | None, store: Path
) -> list[PlaceOptions]:
    """The options with the sizes that each scan's record states, where records are named."""
    if artifact is None:
        return [options for _, options in named_options]
    if not (store / DATABASE_NAME).exists():
        _fail(f"{store} holds no catalog to find {artifact} in. Name its folder with --store")
    filled = []
    with Catalog(store) as catalog:
        for name, options in named_options:
            record = catalog.record(str(_record_id(artifact, name)))
            if record is None:
                _fail(f"the catalog in {store} has no {_record_id(artifact, name)}. Ingest it first")
            filled.append(replace(options, lengths=lengths_of(record)))
    return filled


def _place_options(units: str | None, up: str | None, keep_origin: bool) -> PlaceOptions:
    from assets.pipeline.examined import UNITS
    from assets.pipeline.geometry.units import AXES

    if units is not None and units not in UNITS:
        _fail(f"--units {units}: not a unit that is known. Take one of {', '.join(UNITS)}")
    if up is not None and up.lstrip("+-") not in AXES:
        _fail(f"--up {up}: not an axis. Take x, y, z, -x, -y or -z")
    return PlaceOptions(units, up, keep_origin)


def _usages(chosen: list[str] | None) -> tuple[str, ...]:
    unknown = sorted(set(chosen or ()) - set(USAGES))
    if unknown:
        _fail(f"--usage {unknown[0]}: not a usage. Take some of {', '.join(USAGES)}")
    return tuple(each for each in USAGES if not chosen or each in chosen)


def _encodings(chosen: list[str] | None) -> tuple[str, ...]:
    known = [encoding.value for encoding in Encoding]
    for each in chosen or ():
        if each not in known:
            _fail(f"--encoding {each}: not an encoding. Take some of {', '.join(known)}")
        lacking = unavailable(Encoding(each))
        if lacking is not None:
            _fail(f"--encoding {each}: {lacking}")
    # KTX2 takes minutes where textures are large: it is made when it is asked for.
    usual = [encoding.value for encoding in available_encodings() if encoding is not Encoding.MESHOPT_KTX2]
    wanted = chosen or usual
    return tuple(each for each in known if each in wanted and each != Encoding.PLAIN.value)


def _tell(ended: list[Ended], *, as_json: bool) -> None:
    if as_json:
        found = [each.to_json() for each in ended]
        typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2))
        return
    for each in sorted(ended, key=lambda one: one.name):
        if each.refusal is not None:
            err.print(f"refused {each.refusal}", style="red", markup=False)
        elif each.manifest is not None:
            for line in each.lines():
                out.print(line, markup=False)


def _fail(message: str) -> NoReturn:
    err.print(f"error: {message}", style="red", markup=False)
    raise typer.Exit(1)


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Errors that a person can mend, in one sentence and without a traceback."""
    try:
        yield
    except (PipelineError, RendererMissing) as error:
        _fail(str(error))
    except OSError as error:
        if error.filename is None:
            raise
        _fail(f"{error.filename}: {error.strerror}. Free the disk or choose another place, then try again")

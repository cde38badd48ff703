"""Commands of the catalog: ingest, decide, search, explain, withdraw, export."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from assets.catalog.row import SourceError
from assets.catalog.store.catalog import DATABASE_NAME, Catalog
from assets.catalog.store.database import StoreError

HELD = 3
"""Exit status of an ingest whose release waits for a person."""

app = typer.Typer(no_args_is_help=True)
# Text of museums is printed as it is: no ":b:" may become a picture.
out = Console(highlight=False, soft_wrap=True, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)

StoreOption = Annotated[
    Path, typer.Option("--store", envvar="TWIN_STORE", help="Folder that holds the museum's catalog.")
]
DEFAULT_STORE = Path("museum")


class Shape(StrEnum):
    """How a record is written out."""

    record = "record"
    linked_art = "linked-art"
    iiif = "iiif"


def now() -> str:
    """The time, ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def told_plainly() -> Iterator[None]:
    """Errors that a person can mend, in one sentence and without a traceback."""
    try:
        yield
    except (SourceError, StoreError) as error:
        _fail(str(error))
    except OSError as error:
        if error.filename is None:
            raise
        _fail(f"{error.filename}: {error.strerror}. Free the disk or choose another place, then try again")


@contextmanager
def _standing(store: Path) -> Iterator[Catalog]:
    """The catalog that is there already: only an ingest makes a new one."""
    if not (store / DATABASE_NAME).exists():
        raise StoreError(
            f"{store}: holds no catalog. Name its folder with --store, or ingest an export first"
        )
    with Catalog(store) as catalog:
        yield catalog


def _fail(message: str) -> NoReturn:
    err.print(f"error: {message}", style="red", markup=False)
    raise typer.Exit(1)


@app.command()
def ingest(
    source: Annotated[Path, typer.Argument(help="File or folder that an institution exported.")],
    profile: Annotated[
        str | None,
        typer.Option(help="A profile's name or file, or a standard: lido, linked-art, iiif, crm-graph."),
    ] = None,
    *,
    store: StoreOption = DEFAULT_STORE,
    institution: Annotated[str | None, typer.Option(help="Short name, where a standard is read.")] = None,
    partial: Annotated[
        bool,
        typer.Option("--partial", help="Records that are not in it stay: an export of some records only."),
    ] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Show the release even where the comparison raises an alarm.")
    ] = False,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Propose a profile for this file instead of ingesting it.")
    ] = False,
    write: Annotated[Path | None, typer.Option(help="Where --suggest writes the profile.")] = None,
) -> None:
    """Take an export into the catalog, or say why not, to the row."""
    with told_plainly():
        if suggest:
            _suggest(source, write)
        elif profile is None:
            _fail("name a profile with --profile, or let one be proposed with --suggest")
        else:
            _ingest(source, profile, store, (institution, partial, accept))


def _suggest(source: Path, write: Path | None) -> None:
    from assets.catalog.suggest import suggest

    with err.status(f"looking at {escape(source.name)}"):
        text = suggest(source).to_toml()
    if write is None:
        typer.echo(text, nl=False)
        return
    write.write_text(text, "utf-8")
    err.print(
        f"wrote {write}: read it, correct it, then: twin ingest {source} --profile {write}", markup=False
    )


def _ingest(source: Path, profile: str, store: Path, options: tuple[str | None, bool, bool]) -> None:
    from assets.catalog.ingest import ingest
    from assets.catalog.intake import prepare
    from assets.catalog.rejects import write_rejects
    from assets.catalog.report import write_report

    institution, partial, accept = options
    started = now()
    with Catalog(store) as catalog:
        with _progress(source.name) as (progress, task):
            prepared, size = prepare(
                source, profile, institution=institution, partial=partial,
                on_bytes=lambda more: progress.advance(task, more),
            )  # fmt: skip
            progress.update(task, total=size)
            ended = ingest(
                prepared, catalog, started, accept=accept,
                watch=lambda rows: progress.update(task, description=f"{source.name}: {rows:,} rows"),
            )  # fmt: skip
        report = ended.report
        out.print(
            f"read {report.read:,} = accepted {report.accepted:,} + rejected {report.rejected:,}"
            f"   (added {report.added:,}, changed {report.changed:,}, unchanged {report.unchanged:,}, "
            f"removed {report.removed:,})"
        )
        if ended.release is None:
            out.print("nothing changed: this is what the catalog already holds")
            return
        name = f"{prepared.name}-{ended.release}"
        try:
            write_report(report, store / "reports" / name)
            out.print(f"report: {store / 'reports' / name}.html", markup=False)
            if write_rejects(store / "rejects" / f"{name}.csv", catalog.rejections(ended.release)):
                out.print(f"rejected rows: {store / 'rejects' / name}.csv", markup=False)
        except OSError as error:
            _fail(
                f"release {ended.release} is {ended.state}, but its report or reject file could not be "
                f"written to {store} ({error.strerror}). The catalog is whole; free the disk, then go on"
            )
    if ended.state == "held":
        for alarm in ended.alarms:
            err.print(f"alarm {alarm.rule}: {alarm.message}", style="red", markup=False)
        err.print(
            f"held: nothing was overwritten. Take it with: twin accept {ended.release}   "
            f"or forget it with: twin refuse {ended.release}"
        )
        raise typer.Exit(HELD)


@contextmanager
def _progress(name: str) -> Iterator[tuple[Progress, TaskID]]:
    columns = (
        TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(),
        TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=err, transient=True) as progress:
        yield progress, progress.add_task(name, total=None)


@app.command()
def releases(
    source: Annotated[str | None, typer.Argument(help="Name of a source; all where left out.")] = None,
    *,
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """List what was ingested and what waits for a decision."""
    with told_plainly(), _standing(store) as catalog:
        table = Table("release", "source", "state", "started", "accepted", "rejected")
        for r in catalog.releases(source):
            table.add_row(str(r.id), r.source, r.state, r.started, f"{r.accepted:,}", f"{r.rejected:,}")
        out.print(table)


@app.command()
def accept(release: int, *, store: StoreOption = DEFAULT_STORE) -> None:
    """Show a release that was held."""
    with told_plainly(), _standing(store) as catalog:
        catalog.decide(release, accept=True)
        out.print(f"release {release} is shown now")


@app.command()
def refuse(release: int, *, store: StoreOption = DEFAULT_STORE) -> None:
    """Forget a release that was held."""
    with told_plainly(), _standing(store) as catalog:
        catalog.decide(release, accept=False)
        out.print(f"release {release} is forgotten")


@app.command()
def search(words: list[str], *, store: StoreOption = DEFAULT_STORE, limit: int = 20) -> None:
    """Find artifacts by words of title, maker, place, material or text."""
    with told_plainly(), _standing(store) as catalog:
        found = catalog.search(" ".join(words), limit=limit)
        for record in found:
            title = record.titles[0].content if record.titles else "untitled"
            typer.echo(f"{record.id}\t{title}")
        if not found:
            err.print("nothing found: every word must occur in the record", style="yellow")


@app.command()
def why(artifact: str, field: str, *, store: StoreOption = DEFAULT_STORE) -> None:
    """Tell where a value came from: file, row, column, original text, transformation."""
    with told_plainly(), _standing(store) as catalog:
        lineages = catalog.why(artifact, field)
        unread = [] if lineages else catalog.remarks(artifact, field)
        for finding in unread:
            typer.echo(f"no {field}: {finding.severity} {finding.rule}: {finding.message} {finding.text!r}")
        if not lineages and not unread:
            _fail(f"{artifact} has no {field!r} with a source. `twin show {artifact}` lists its fields")
        for lineage in lineages:
            place = f"{lineage.source.file}, row {lineage.source.row}" if lineage.source else "no file"
            typer.echo(f"{lineage.pointer} = {lineage.value}")
            typer.echo(
                f"    from {place}, {lineage.origin.field!r}"
                f"{f': {lineage.origin.text!r}' if lineage.origin.text is not None else ''}"
                f" by {lineage.origin.by}; release {lineage.release} of {lineage.started}"
            )
            for finding in lineage.findings:
                typer.echo(f"    {finding.severity} {finding.rule}: {finding.message}")


@app.command()
def show(
    artifact: str,
    *,
    store: StoreOption = DEFAULT_STORE,
    shape: Annotated[Shape, typer.Option("--as", help="record, linked-art or iiif")] = Shape.record,
    base_uri: Annotated[
        str, typer.Option(help="Address under which the twin is served.")
    ] = "http://localhost",
) -> None:
    """Write one record as JSON: all of it as ``record``, what visitors may see in the standards' shapes."""
    from assets.catalog.export.iiif import to_iiif_manifest
    from assets.catalog.export.linked_art import to_linked_art
    from assets.catalog.publication import visitor_record

    with told_plainly(), _standing(store) as catalog:
        _, hidden = catalog.decision(artifact)
        whole = shape is Shape.record
        record = catalog.record(artifact) if whole else visitor_record(catalog, artifact)
        if record is None:
            _fail(f"{artifact} is kept from visitors: {hidden or 'another record stands for it'}")
        if shape is Shape.linked_art:
            document: object = to_linked_art(record, base_uri=base_uri)
        elif shape is Shape.iiif:
            document = to_iiif_manifest(record, base_uri=base_uri)
        else:
            document = record.model_dump(mode="json", exclude_defaults=True)
        typer.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2))


@app.command()
def withdraw(
    artifact: str,
    reason: Annotated[str, typer.Option(help="Who asked for it and why; kept with the identifier.")],
    *,
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """Erase an artifact at its institution's wish, and refuse it from now on."""
    from assets.catalog.withdrawal import withdraw as withdraw_everywhere

    with told_plainly(), _standing(store) as catalog:
        withdraw_everywhere(catalog, artifact, reason, now())
        out.print(f"{artifact} is withdrawn: its content is erased and will not be taken again", markup=False)


@app.command()
def profiles() -> None:
    """List the profiles that come with the project, and the standards."""
    from assets.catalog.intake import STANDARDS
    from assets.catalog.sources.by_profile import load_profile, profile_names

    with told_plainly():
        for name in profile_names():
            typer.echo(f"{name}\t{load_profile(name).institution.name}")
    for standard in STANDARDS:
        typer.echo(f"{standard}\tstandard; needs --institution")

"""Commands of the sample museum."""

import hashlib
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from assets.catalog.cli import DEFAULT_STORE, StoreOption, err, now, out, told_plainly
from assets.sample.build import BuiltMuseum
from assets.sample.catalog import FOLDER, SampleMuseum, load_sample

SOURCE = "sample"
"""Name of the source under which the sample museum's records are kept."""

app = typer.Typer(no_args_is_help=True)


class Pictures(StrEnum):
    """Which pictures of the sample museum are rendered."""

    none = "none"
    sheet = "sheet"
    all = "all"


@app.callback()
def sample() -> None:
    """Build the museum that comes with the project."""


@app.command()
def build(
    *,
    store: StoreOption = DEFAULT_STORE,
    pictures: Annotated[
        Pictures, typer.Option(help="What to render: nothing, the contact sheet, the galleries as well.")
    ] = Pictures.sheet,
    jobs: Annotated[int | None, typer.Option(help="Processes; all cores where left out.")] = None,
) -> None:
    """Build records, geometry and pictures of the sample museum; what is built already is reused."""
    from assets.sample.build import build_sample_museum

    began = time.monotonic()
    with told_plainly():
        museum = load_sample()
        _take(museum, store)
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        with Progress(*columns, console=err, transient=True) as progress:
            task = progress.add_task("building the sample museum")

            def tell(step: str) -> None:
                progress.update(task, description=step)

            built = build_sample_museum(store / "sample", jobs=jobs, on_progress=tell)
            sheets = _pictures(built, store / "pictures", pictures, tell)
    _tell(museum, built, sheets, time.monotonic() - began)


def _take(museum: SampleMuseum, store: Path) -> None:
    from assets.catalog.ingest import Source, ingest
    from assets.catalog.row import Mapped
    from assets.catalog.store.catalog import Catalog

    outcomes = [
        Mapped(artifact.record, (), (FOLDER / "artifacts" / f"{artifact.slug}.toml").read_bytes())
        for artifact in museum.artifacts
    ]
    files = {
        str(file.relative_to(FOLDER)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(FOLDER.rglob("*.toml"))
    }
    with Catalog(store) as catalog:
        # The project's own records replace what an older version of it wrote, without a person's word.
        ingest(Source(SOURCE, museum.name.en, outcomes, files), catalog, now(), accept=True)


def _pictures(built: BuiltMuseum, folder: Path, wanted: Pictures, tell: Callable[[str], None]) -> list[Path]:
    """The wanted pictures; each is rendered anew only when what it shows changed."""
    from assets.sample.picture import render_contact_sheet, render_galleries
    from assets.sample.studio import StudioMissing

    sheet = folder / "contact-sheet.png"
    galleries = [folder / f"{slug}.png" for slug in built.galleries]
    key = hashlib.sha256(built.manifest.read_bytes()).hexdigest()
    try:
        if wanted is not Pictures.none and not _is_current([sheet], key):
            tell("photographing the artifacts")
            render_contact_sheet(built, sheet)
            _stamp([sheet], key)
        if wanted is Pictures.all and not _is_current(galleries, key):
            tell("photographing the galleries")
            render_galleries(built, folder)
            _stamp(galleries, key)
    except StudioMissing as missing:
        err.print(f"no pictures: {missing}", markup=False)
    return [path for path in (sheet, *galleries) if _is_current([path], key)]


def _is_current(pictures: list[Path], key: str) -> bool:
    stamps = [picture.with_suffix(".key") for picture in pictures]
    return all(
        p.exists() and s.exists() and s.read_text() == key for p, s in zip(pictures, stamps, strict=True)
    )


def _stamp(pictures: list[Path], key: str) -> None:
    for picture in pictures:
        picture.with_suffix(".key").write_text(key)


def _tell(museum: SampleMuseum, built: BuiltMuseum, pictures: list[Path], seconds: float) -> None:
    out.print(f"[bold]{museum.name.en}[/bold] · {museum.name.zh}")
    for gallery in museum.galleries:
        table = Table(title=f"{gallery.name.en} · {gallery.name.zh}", title_justify="left", width=100)
        table.add_column("artifact", ratio=5)
        table.add_column("made", ratio=3)
        table.add_column("modeled on", ratio=4)
        for slug in gallery.artifacts:
            record = museum.artifact(slug).record
            made = record.produced.text if record.produced else None
            table.add_row(record.titles[0].content, made or "not known", record.identifiers[0].value)
        out.print(table)
    hotspots = sum(len(artifact.annotations) for artifact in museum.artifacts)
    out.print(
        f"{len(museum.artifacts)} artifacts, {hotspots} hotspots, {len(museum.galleries)} galleries, "
        f"{len(museum.tours)} tours; {built.triangles:,} triangles, {built.size / 1e6:.0f} MB "
        f"in {built.folder}",
        markup=False,
    )
    for picture in pictures:
        out.print(f"picture: {picture}", markup=False)
    out.print(f"{'built' if built.rebuilt else 'up to date'} in {seconds:.0f} s")

"""Commands of recognition in a museum: index with --adapt, recognize, explain; training joins them."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

import inference.training_cli
from assets.catalog.cli import DEFAULT_STORE, StoreOption
from inference.console import err, out, progress_bar, told_plainly
from inference.shipped import shipped_model

if TYPE_CHECKING:
    from inference.enrollment import Enrollment
    from inference.museum_adaptation import AdaptationReport
    from inference.runtime.serving import Serving

app = typer.Typer(no_args_is_help=True)
app.add_typer(inference.training_cli.app)

IndexOption = Annotated[
    Path | None, typer.Option("--index", help="Folder of an index; otherwise the store's.")
]
ServingModelOption = Annotated[
    Path | None, typer.Option(help="Manifest of the model; otherwise the one that serves.")
]

NOT_BETTER = 3
"""Exit status of an adaptation that got no better."""


@app.command()
def index(
    labels: Annotated[
        list[Path] | None, typer.Argument(help="labels.csv of photos, remembered; scans need none.")
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(help="Manifest of a model to put into service; otherwise the one that serves."),
    ] = None,
    store: StoreOption = DEFAULT_STORE,
    index: Annotated[
        Path | None, typer.Option("--index", help="Build an index of the photos alone, in this folder.")
    ] = None,
    false_accepts: Annotated[float, typer.Option(help="Share of other things that may be named.")] = 0.01,
    *,
    verify: Annotated[bool, typer.Option(help="Check sightings by local features; slower, surer.")] = False,
    local_features: Annotated[
        Path | None,
        typer.Option(
            help="ONNX network of local features for --verify; kept with the index. Without it: the index's "
            "own, else SIFT."
        ),
    ] = None,
    adapt: Annotated[
        bool,
        typer.Option(
            "--adapt",
            help="Then adapt the model to the gallery; swap it if better (needs 'train').",
        ),
    ] = False,
    background: Annotated[
        bool, typer.Option("--background", help="Adapt in a process of its own, at low priority.")
    ] = False,
    recipe: Annotated[
        Path | None, typer.Option(help="TOML of how to adapt; otherwise experiments/gallery.toml.")
    ] = None,
) -> None:
    """Make artifacts recognizable, by photos and by views of the store's scans; servers take it in."""
    with told_plainly():
        from inference.enrollment import Enrollment

        if local_features is not None and not verify:
            raise ValueError("--local-features is for --verify: give both")
        how = Enrollment(false_accepts, verify, local_features)
        if background and not adapt:
            raise ValueError("--background is for --adapt: name both")
        if adapt:
            if index is not None:
                raise ValueError("--adapt swaps the model of a store: leave --index out, or --adapt")
            # What it needs is looked for before anything is done.
            import inference.museum_adaptation  # noqa: F401
        _index(labels or [], None if adapt else model, how, store if index is None else None, index)
        if adapt and background:
            _adapt_apart([] if model is None else ["--model", str(model)], how, store, recipe)
        elif adapt:
            _adapt(model, how, store, recipe)


def _index(
    labels: list[Path], model: Path | None, how: "Enrollment", store: Path | None, index: Path | None
) -> None:
    """Index a store, or photos alone in a folder of their own."""
    from inference.enrollment import enroll, read_gallery

    with progress_bar() as progress:
        task = progress.add_task("looking", total=None)

        def tell(what: str, done: int, total: int) -> None:
            progress.update(task, description=what, completed=done, total=total)

        if index is None:
            from inference.museum_index import enroll_museum

            assert store is not None
            made = enroll_museum(store, labels, model, how, tell)
            reports, faults = list(made.reports.values()), made.faults
        else:
            views = [view for path in labels for view in read_gallery(path)]
            progress.update(task, description="embedding", total=len(views))
            advance = partial(progress.advance, task)
            reports, faults = [enroll(model or shipped_model(), views, index, how, advance)], ()
    for fault in faults:
        err.print(f"warning: no views of {fault}", markup=False)
    for report in reports:
        if report.rebuilt:
            out.print(f"{report.folder}: {report.rebuilt}", markup=False)
        out.print(
            f"{report.artifacts} artifacts, {report.views} views in {report.folder}; "
            f"{report.added} added, {report.removed} removed. {report.calibration}",
            markup=False,
        )
    if index is None and model is not None:
        from inference.manifest import read_manifest

        name = read_manifest(model).identity
        told = f"{model} is chosen; a running server takes it, and its /readyz names it {name}"
        out.print(told, markup=False)


def _adapt(model: Path | None, how: "Enrollment", store: Path, recipe: Path | None) -> None:
    """Adapt the model of a store and tell what came of it; exit status 3 where it got no better."""
    from inference.museum_adaptation import Telling, adapt_museum
    from inference.training.adapt import RECIPE
    from inference.training.experiment import read_experiment

    steps = read_experiment(recipe or RECIPE).schedule.steps
    with progress_bar() as progress:
        task = progress.add_task("adapting", total=None)

        def doing(what: str, done: int, total: int) -> None:
            progress.update(task, description=what, completed=done, total=total)

        def step(number: int, figures: dict[str, float]) -> None:
            progress.update(task, description="adapting", completed=number, total=steps)
            if "recall" in figures:
                told = f"step {number} of {steps}: recall@1 {figures['recall']:.3f}, synthetic photos"
                out.print(told, markup=False)

        made = adapt_museum(store, how, start=model, recipe=recipe or RECIPE, telling=Telling(doing, step))
    report = made.report
    _tell_adaptation(report)
    if not report.swapped:
        refused = "worse on real photos" if report.is_refused_by_real_photos else "not better on these photos"
        err.print(f"{refused}, so nothing was changed", markup=False)
        raise typer.Exit(NOT_BETTER)
    out.print(f"{report.after.name} serves from now on: {report.serves}", markup=False)


def _tell_adaptation(report: "AdaptationReport") -> None:
    """Figures of every network and file that was compared, on synthetic photos and on real ones."""
    table = Table(title=f"{report.photos} held-out synthetic photos of {report.artifacts} artifacts")
    columns = ["model", "recall@1", "recall at 1 % false accepts"]
    if report.real_photos:
        columns += ["real: recall@1", "real: at 1 % false accepts"]
    for column in columns:
        table.add_column(column)
    rows = [(f"in service: {report.before.name}", report.before), *((one.name, one) for one in report.tried)]
    rows += [(f"not offered: {one.name}", one) for one in report.withheld]
    for name, judged in rows:
        figures: list[float | None] = [judged.recall, judged.recall_open]
        figures += [judged.real_recall, judged.real_recall_open] if report.real_photos else []
        table.add_row(name, *("" if figure is None else f"{figure:.3f}" for figure in figures))
    out.print(table)
    if report.real_photos:
        out.print(f"{report.real_photos} real photos judged as well; none was learned from.", markup=False)
    else:
        out.print(
            "Only synthetic photos judged: nothing is known of real ones. Name photos of the role query "
            "in a labels.csv, or more than one photo of an artifact.",
            markup=False,
        )
    if report.withheld:
        out.print(
            "Not offered: what learned on a gallery without real photos to judge it; of 100 artifacts and "
            "more, its average with the model before is.",
            markup=False,
        )


def _adapt_apart(words: list[str], how: "Enrollment", store: Path, recipe: Path | None) -> None:
    """Adapt in a process that outlives this one, and say how it is watched and stopped."""
    from inference.runtime.home import NAME

    log = store / NAME / "adaptation.log"
    words = ["index", "--adapt", "--store", str(store), "--false-accepts", str(how.false_accepts), *words]
    words += [*(["--verify"] if how.verify else []), *(["--recipe", str(recipe)] if recipe else [])]
    words += ["--local-features", str(how.local_features)] if how.local_features else []
    with log.open("ab") as stream:
        process = subprocess.Popen(
            [sys.executable, "-c", "import twin; twin.main()", *words],
            stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, start_new_session=True,
        )  # fmt: skip
    # The server, and whoever works at the machine, come first.
    os.setpriority(os.PRIO_PROCESS, process.pid, 15)
    out.print(
        f"adapting in the background, process {process.pid}; what it does is in {log}. It may be stopped "
        f"(kill {process.pid}) and goes on where it was with the same command.",
        markup=False,
    )


@app.command()
def recognize(
    images: Annotated[list[Path], typer.Argument(help="JPEG or PNG files.")],
    model: ServingModelOption = None,
    store: StoreOption = DEFAULT_STORE,
    index: IndexOption = None,
    sheet: Annotated[Path | None, typer.Option(help="Write a contact sheet of all of them as PNG.")] = None,
) -> None:
    """Say which artifact of the gallery each picture shows, or that it shows none."""
    with told_plainly():
        from inference.enrollment import frame_of, look
        from inference.runtime.decoding import decode
        from inference.sheets import Looked, contact_sheet

        serving = _served(model, store, index)
        looked = []
        for image in images:
            found = look(serving, image)
            if found.rejection is not None:
                told = f"{found.rejection.reason.value}: {found.rejection.detail}"
            else:
                told = "; ".join(f"{s.artifact} ({s.score:.2f}, {s.evidence})" for s in found.sightings)
            out.print(f"{image}: {told}", markup=False)
            if sheet is not None:
                looked.append(Looked(image.name, decode(frame_of(image)), found))
        if sheet is not None:
            contact_sheet(looked, sheet)
            out.print(str(sheet), markup=False)


@app.command()
def explain(
    image: Annotated[Path, typer.Argument(help="A JPEG or PNG file.")],
    page: Annotated[Path, typer.Option("--out", help="PNG to write.")],
    model: ServingModelOption = None,
    store: StoreOption = DEFAULT_STORE,
    index: IndexOption = None,
) -> None:
    """Show what in a picture decided: features that agree, and what must not be hidden."""
    with told_plainly():
        from inference.explanation import explained
        from inference.sheets import explanation_page

        told = explained(_served(model, store, index), image)
        explanation_page(told, page)
        seen = told.found.sightings
        out.print(
            f"{image}: {seen[0].artifact if seen else f'rejected; nearest {told.artifact}'}; {page}",
            markup=False,
        )


def _served(model: Path | None, store: Path, index: Path | None) -> "Serving":
    """What serves in a store, or a model with an index of its own."""
    from inference.runtime.home import NAME, Home
    from inference.runtime.serving import Serving

    home = Home(store / NAME)
    chosen = model or (home.models().cpu if index is None else shipped_model())
    return Serving.load(chosen, index or home.index(chosen))

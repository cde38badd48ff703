"""Commands of recognition: train, export, tune, evaluate, index with --adapt, recognize, explain."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from assets.catalog.cli import DEFAULT_STORE, StoreOption
from inference.shipped import shipped_model

if TYPE_CHECKING:
    from inference.enrollment import Enrollment
    from inference.museum_adaptation import AdaptationReport
    from inference.runtime.serving import Serving
    from inference.training.evaluate import Group

app = typer.Typer(no_args_is_help=True)
out = Console(highlight=False, soft_wrap=True, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)

ModelOption = Annotated[
    Path,
    typer.Option(
        "--model",
        default_factory=shipped_model,
        show_default="the one that comes with the project",
        help="The model's manifest (a .onnx.json file).",
    ),
]
IndexOption = Annotated[
    Path | None, typer.Option("--index", help="Folder of an index; otherwise the store's.")
]
ServingModelOption = Annotated[
    Path | None, typer.Option(help="Manifest of the model; otherwise the one that serves.")
]

NOT_BETTER = 3
"""Exit status of an adaptation that got no better."""
NOT_ALIKE = 4
"""Exit status of a comparison beyond the tolerance."""

EXTRAS = {"torch": "train", "onnx": "train", "numba": "train", "onnxscript": "train", "optuna": "train"}
"""Which extra brings a missing module; any other comes with ``cpu`` (or ``gpu``)."""


@contextmanager
def told_plainly() -> Iterator[None]:
    """Errors that a person can mend, in one sentence and without a traceback."""
    try:
        yield
    except typer.Exit:
        # A kind of RuntimeError, and no error: it carries an exit status of its own.
        raise
    except ModuleNotFoundError as missing:
        name = (missing.name or "").split(".")[0]
        _leave(f"{name} is not installed: pip install 'museum-twin[{EXTRAS.get(name, 'cpu')}]'")
    except (ValueError, RuntimeError, OSError, FloatingPointError) as error:
        _leave(str(error))


def _leave(message: str) -> NoReturn:
    err.print(f"error: {message}", markup=False)
    raise typer.Exit(1)


def _progress() -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
    )
    return Progress(*columns, TimeElapsedColumn(), console=err, transient=True)


@app.command()
def train(
    description: Annotated[Path, typer.Argument(help="TOML that describes the run (docs/recognition.md).")],
    run: Annotated[Path, typer.Option(help="Folder of the run; one that is there is continued.")] = Path(
        "run"
    ),
) -> None:
    """Train a recognizer as a TOML file describes; a run that was stopped goes on where it was."""
    with told_plainly():
        from inference.training.curves import curves
        from inference.training.experiment import read_experiment
        from inference.training.train import gather
        from inference.training.train import train as run_training

        experiment = read_experiment(description)
        began = time.monotonic()
        with _progress() as progress:
            task = progress.add_task("pictures", total=experiment.pictures.generated or None)
            shots = gather(experiment, lambda _: progress.advance(task))
            progress.update(task, description=experiment.name, total=experiment.schedule.steps, completed=0)
            with curves(run / "curves") as draw:

                def tell(step: int, figures: dict[str, float]) -> None:
                    progress.update(task, completed=step, description=f"loss {figures['loss']:.2f}")
                    draw(step, figures)

                outcome = run_training(experiment, shots, run, tell)
        out.print(
            f"{outcome.steps} steps in {time.monotonic() - began:.0f} s; best recall@1 {outcome.recall:.3f} "
            f"on {len({shot.artifact for shot in outcome.held_out})} artifacts that were held out; {run}",
            markup=False,
        )


@app.command()
def export(
    description: Annotated[Path, typer.Argument(help="TOML that describes the run.")],
    folder: Annotated[Path, typer.Option("--out", help="Folder of the weight files and manifests.")],
    run: Annotated[
        Path | None, typer.Option(help="Folder of the finished run; without one, the pretrained backbone.")
    ] = None,
    *,
    smaller: Annotated[bool, typer.Option(help="Write fp16 and INT8 files as well.")] = True,
) -> None:
    """Write a trained network as ONNX with its manifest, parity proved, and as INT8."""
    with told_plainly():
        from inference.manifest import read_manifest
        from inference.training.experiment import read_experiment
        from inference.training.release import release

        for path in release(read_experiment(description), run, folder, smaller=smaller):
            told = read_manifest(path)
            out.print(f"{path} ({told.bytes / 1e6:.1f} MB of weights in {told.weights})", markup=False)


@app.command()
def compare(
    description: Annotated[Path, typer.Argument(help="TOML that describes the run of the first model.")],
    made: Annotated[Path, typer.Argument(help="Manifest of a model that was trained anew.")],
    other: Annotated[
        Path,
        typer.Option(
            "--with", default_factory=shipped_model, show_default="the one that comes with the project",
            help="Manifest of the model that it should be.",
        ),
    ],
) -> None:  # fmt: skip
    """Say whether two models are one within the tolerance, on artifacts held out (else status 4)."""
    with told_plainly():
        from inference.training.experiment import read_experiment
        from inference.training.likeness import COSINE, RECALL, likeness
        from inference.training.train import gather, parted

        experiment = read_experiment(description)
        with _progress() as progress:
            task = progress.add_task("pictures", total=experiment.pictures.generated or None)
            shots = gather(experiment, lambda _: progress.advance(task))
            progress.update(task, description="embedding", total=None)
            found = likeness(made, other, parted(experiment, shots)[1], experiment.seed)
    out.print(
        f"{found.pictures} pictures of artifacts that were held out: cosine of both embeddings median "
        f"{found.median:.4f}, least {found.least:.4f} (tolerance: median {COSINE} or more)\n"
        f"recall@1 {found.recall[0]:.3f} and {found.recall[1]:.3f}, difference {found.difference} "
        f"(tolerance: {RECALL} or less)",
        markup=False,
    )
    if not found.is_within:
        err.print("beyond the tolerance: these are two models", markup=False)
        raise typer.Exit(NOT_ALIKE)
    out.print("within the tolerance: the same model", markup=False)


@app.command()
def tune(
    description: Annotated[Path, typer.Argument(help="TOML that describes the run.")],
    space: Annotated[
        Path, typer.Argument(help="TOML of the fields that are varied, and how they are drawn.")
    ],
    run: Annotated[Path, typer.Option(help="Folder of the trials.")] = Path("tuning"),
) -> None:
    """Try hyperparameters over a declared space: grid, random or TPE; judged on held-out artifacts."""
    with told_plainly():
        from inference.training.experiment import read_experiment
        from inference.training.search import Trial, read_search, search
        from inference.training.train import gather

        experiment, described = read_experiment(description), read_search(space)
        with _progress() as progress:
            task = progress.add_task("trials", total=described.trials)

            def tell(_: Trial) -> None:
                progress.advance(task)

            trials = search(experiment, described, gather(experiment), run, tell)
        for trial in trials:
            told = ", ".join(f"{name} = {value}" for name, value in trial.values.items())
            out.print(f"recall@1 {trial.recall:.3f}: {told}", markup=False)


@app.command()
def evaluate(
    labels: Annotated[Path, typer.Argument(help="labels.csv of a collection that trained nothing.")],
    model: ModelOption,
    pages: Annotated[
        Path | None, typer.Option(help="Folder for figures as JSON, worst failures and curves as PNG.")
    ] = None,
    *,
    robustness: Annotated[bool, typer.Option(help="Measure blur, noise, light, scale and so on.")] = True,
    verify: Annotated[bool, typer.Option(help="Measure verification by local features as well.")] = False,
) -> None:
    """Measure a model on labeled photos: recall, open set, robustness, each with its interval."""
    with told_plainly():
        from inference.training.evaluate import Extent, as_json
        from inference.training.evaluate import evaluate as run_evaluation
        from inference.training.pages import failures_page, robustness_page
        from inference.training.pictures import read_labels

        with err.status("evaluating") as status:
            found = run_evaluation(
                model, read_labels(labels), Extent(robustness=robustness, verify=verify), status.update
            )
        table = Table(title=f"{found.model}: {found.queries} queries, {found.artifacts} artifacts")
        table.add_column("figure")
        table.add_column("value (95 % interval)")
        for name, interval in found.figures.items():
            table.add_row(name, str(interval))
        table.add_row("AUROC, artifacts left out", str(found.open_set.auroc))
        table.add_row("GAP, artifacts left out", str(found.open_set.gap))
        table.add_row(
            f"recall at {found.open_set.false_accepts:.0%} false accepts", str(found.open_set.recall)
        )
        if (named := found.open_set.calibrated_recall) is not None:
            told = f"{named:.3f}, {found.open_set.calibrated_false_accepts:.3f}"
            table.add_row("named rightly, false accepts: calibrated on other artifacts", told)
        out.print(table)
        for name, rows in found.groups.items():
            if len(rows) > 1:
                out.print(_groups_table(name, rows))
        if pages is not None:
            pages.mkdir(parents=True, exist_ok=True)
            (pages / "evaluation.json").write_text(json.dumps(as_json(found), indent=1) + "\n")
            failures_page(found.failures, pages / "failures.png")
            if robustness:
                robustness_page(found, pages / "robustness.png")


def _groups_table(column: str, rows: "dict[str, Group]") -> Table:
    """Recall by the values of a column: whom the model serves worse."""
    table = Table(title=f"by {column}")
    for heading in (column, "recall@1, one photo (95 % interval)", "queries", "artifacts"):
        table.add_column(heading)
    for name, group in rows.items():
        table.add_row(name, str(group), str(group.queries), str(group.artifacts))
    return table


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

    with _progress() as progress:
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
    with _progress() as progress:
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

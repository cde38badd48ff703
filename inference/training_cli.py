"""Commands of training: train, export, compare, tune, evaluate."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from inference.console import ModelOption, err, out, progress_bar, told_plainly
from inference.shipped import shipped_model

if TYPE_CHECKING:
    from inference.training.evaluate import Group

app = typer.Typer(no_args_is_help=True)

NOT_ALIKE = 4
"""Exit status of a comparison beyond the tolerance."""


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
        with progress_bar() as progress:
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
        with progress_bar() as progress:
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
        with progress_bar() as progress:
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

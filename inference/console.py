"""What the commands of recognition share: where they write, and how errors are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

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

from inference.shipped import shipped_model

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


def progress_bar() -> Progress:
    """A bar on the error stream that is gone when it is done."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
    )
    return Progress(*columns, TimeElapsedColumn(), console=err, transient=True)

"""Hyperparameters searched over a declared space: grid, random or TPE, by Optuna.

A trial is a shortened run of the experiment with some fields replaced; what it is judged by is recall@1 on
the artifacts that the experiment holds out. Every trial is a folder of its own, so a search that was stopped
goes on with the trials that are left.
"""

import json
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import optuna
from pydantic import Field, ValidationError, model_validator

from inference.training.experiment import Experiment, ExperimentError, Table
from inference.training.pictures import Shot
from inference.training.train import train

STUDY = "study.jsonl"


class Range(Table):
    """Values of one field: ``choices``, or from ``low`` to ``high``."""

    choices: tuple[str | int | float | bool, ...] = ()
    low: float | None = None
    high: float | None = None
    log: bool = False

    @model_validator(mode="after")
    def _is_one_of_both(self) -> "Range":
        bounded = self.low is not None and self.high is not None and self.low < self.high
        if bounded == bool(self.choices):
            raise ValueError("a range is either 'choices' or 'low' below 'high'")
        return self


class Search(Table):
    """What is tried, and how often."""

    sampler: Literal["grid", "random", "tpe"] = "tpe"
    trials: int = Field(default=12, ge=1)
    steps: int = Field(default=100, ge=1)
    """Of each trial."""
    space: dict[str, Range] = Field(min_length=1)
    """By field of the experiment, such as ``schedule.rate``."""

    @model_validator(mode="after")
    def _can_be_listed(self) -> "Search":
        unlisted = [name for name, values in self.space.items() if not values.choices]
        if self.sampler == "grid" and unlisted:
            raise ValueError(f"a grid needs 'choices' for {', '.join(unlisted)}")
        return self


@dataclass(frozen=True, slots=True)
class Trial:
    """What one trial came to."""

    values: dict[str, Any]
    recall: float


def read_search(path: Path) -> Search:
    """Read the TOML description of a search. Raises :class:`ExperimentError`."""
    try:
        return Search.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ExperimentError(f"{path}: cannot be read ({error})") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "file"
        raise ExperimentError(f"{path}: {where}: {first['msg']}") from error


def varied(experiment: Experiment, values: dict[str, Any]) -> Experiment:
    """The experiment with fields replaced. Raises :class:`ExperimentError` for a field that it has not."""
    told = experiment.model_dump()
    for name, value in values.items():
        *tables, field = name.split(".")
        place: dict[str, Any] = told
        for table in tables:
            inner = place.get(table)
            place = inner if isinstance(inner, dict) else {}
        if field not in place:
            raise ExperimentError(f"{name}: an experiment has no such field")
        place[field] = value
    try:
        return Experiment.model_validate(told)
    except ValidationError as error:
        raise ExperimentError(f"{', '.join(values)}: {error.errors()[0]['msg']}") from error


def search(
    experiment: Experiment,
    described: Search,
    shots: Sequence[Shot],
    folder: Path,
    tell: Callable[[Trial], None] = lambda _: None,
) -> list[Trial]:
    """All trials, best first; ``study.jsonl`` in the folder keeps them in the order in which they were made.

    Raises :class:`ExperimentError` for a field that an experiment does not have.
    """
    folder.mkdir(parents=True, exist_ok=True)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=_sampler(described, experiment.seed))
    made: list[Trial] = []

    def judged(trial: optuna.Trial) -> float:
        values = {name: _drawn(trial, name, values) for name, values in described.space.items()}
        chosen = varied(experiment, {**values, "schedule.steps": described.steps})
        recall = train(chosen, shots, folder / chosen.identity[:12], lambda *_: None).recall
        made.append(Trial(values, recall))
        with (folder / STUDY).open("a" if len(made) > 1 else "w", encoding="utf-8") as stream:
            stream.write(json.dumps({"values": values, "recall": recall}) + "\n")
        tell(made[-1])
        return recall

    study.optimize(judged, n_trials=described.trials)
    return sorted(made, key=lambda trial: -trial.recall)


def _sampler(described: Search, seed: int) -> optuna.samplers.BaseSampler:
    if described.sampler == "grid":
        return optuna.samplers.GridSampler(
            {n: list(v.choices) for n, v in described.space.items()}, seed=seed
        )
    if described.sampler == "random":
        return optuna.samplers.RandomSampler(seed=seed)
    return optuna.samplers.TPESampler(seed=seed)


def _drawn(trial: optuna.Trial, name: str, values: Range) -> Any:
    if values.choices:
        return trial.suggest_categorical(name, list(values.choices))
    assert values.low is not None and values.high is not None
    return trial.suggest_float(name, values.low, values.high, log=values.log)

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="no torch: pip install 'museum-twin[train]'")
pytest.importorskip("optuna", reason="no optuna: pip install 'museum-twin[train]'")

from inference.training.experiment import ExperimentError
from inference.training.pictures import Shot
from inference.training.search import STUDY, Search, read_search, search, varied
from tests.inference.training.conftest import toy


@pytest.mark.parametrize(("sampler", "trials"), [("grid", 2), ("random", 2), ("tpe", 2)])
def test_a_search_tries_values_of_the_declared_space_and_ranks_them(
    sampler: str, trials: int, shots: list[Shot], labels: Path, tmp_path: Path
) -> None:
    space: dict[str, Any] = {"loss.kind": {"choices": ["arcface", "contrastive"]}}
    if sampler != "grid":
        space["schedule.rate"] = {"low": 1e-4, "high": 1e-2, "log": True}
    told = Search.model_validate({"sampler": sampler, "trials": trials, "steps": 2, "space": space})
    found = search(toy(labels), told, shots, tmp_path)
    assert len(found) == trials
    assert [trial.recall for trial in found] == sorted((t.recall for t in found), reverse=True)
    lines = [json.loads(line) for line in (tmp_path / STUDY).read_text().splitlines()]
    assert sorted(line["recall"] for line in lines) == sorted(trial.recall for trial in found)
    if sampler == "grid":
        assert {trial.values["loss.kind"] for trial in found} == {"arcface", "contrastive"}
    else:
        assert all(1e-4 <= trial.values["schedule.rate"] <= 1e-2 for trial in found)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"schedule.rat": 1e-3}, "schedule.rat: an experiment has no such field"),
        ({"nowhere.rate": 1e-3}, "nowhere.rate: an experiment has no such field"),
        ({"schedule.rate": 7.0}, "less than or equal to 1"),
    ],
)
def test_a_space_that_no_experiment_has_is_refused(values: dict[str, Any], told: str, labels: Path) -> None:
    with pytest.raises(ExperimentError, match=told):
        varied(toy(labels), values)


def test_a_grid_needs_values_that_can_be_listed(tmp_path: Path) -> None:
    path = tmp_path / "space.toml"
    path.write_text('sampler = "grid"\n[space."schedule.rate"]\nlow = 0.1\nhigh = 0.2\n')
    with pytest.raises(ExperimentError, match=r"a grid needs 'choices' for schedule\.rate"):
        read_search(path)


def test_the_space_that_comes_with_the_project_can_be_searched(repository: Path, labels: Path) -> None:
    told = read_search(repository / "inference/training/experiments/search.toml")
    for name, values in told.space.items():
        varied(toy(labels), {name: values.choices[0] if values.choices else values.low})

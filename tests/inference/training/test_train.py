import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="no torch: pip install 'museum-twin[train]'")

import torch

from inference.training.experiment import Experiment, ExperimentError, Network, Schedule, read_experiment
from inference.training.network import EmbeddingNet
from inference.training.pictures import LeakError, PicturesError, Shot
from inference.training.train import BEST, CHECKPOINT, embed, load_best, train, validated, whitened
from tests.inference.training.conftest import toy, write_collection


def test_training_learns_what_carries_over_to_artifacts_never_seen(
    shots: list[Shot], labels: Path, tmp_path: Path
) -> None:
    experiment = toy(labels)
    losses: dict[int, dict[str, float]] = {}
    outcome = train(experiment, shots, tmp_path / "run", losses.__setitem__)
    assert outcome.steps == 30
    # Prototypes start at the embeddings, so that the first loss is no longer that of chance.
    assert np.mean([losses[n]["loss"] for n in range(26, 31)]) < 0.9 * losses[1]["loss"]
    assert not {shot.institution for shot in outcome.train} & {shot.institution for shot in outcome.held_out}
    network = load_best(experiment, outcome.folder)
    assert validated(network, experiment, outcome.held_out) == outcome.recall
    torch.manual_seed(experiment.seed)
    untrained = EmbeddingNet("toy", experiment.preprocessing, embedding=16).eval()
    assert outcome.recall > validated(untrained, experiment, outcome.held_out)
    white = whitened(network, experiment, outcome.train)
    vectors = embed(white, [np.zeros((32, 32, 3), dtype=np.uint8)])
    assert vectors.shape == (1, 12)
    assert np.linalg.norm(vectors) == pytest.approx(1.0, abs=1e-5)


def test_a_run_that_was_killed_goes_on_to_the_same_weights(
    shots: list[Shot], labels: Path, tmp_path: Path
) -> None:
    class Killed(Exception):
        pass

    def killed_at_15(step: int, _: dict[str, float]) -> None:
        if step == 15:
            raise Killed

    experiment = toy(labels)
    whole = train(experiment, shots, tmp_path / "whole", lambda *_: None)
    with pytest.raises(Killed):
        train(experiment, shots, tmp_path / "killed", killed_at_15)
    steps: list[int] = []
    resumed = train(experiment, shots, tmp_path / "killed", lambda step, _: steps.append(step))
    assert steps[0] == 11
    assert resumed.recall == whole.recall
    for name in (CHECKPOINT, BEST):
        first, second = (torch.load(run.folder / name, weights_only=True) for run in (whole, resumed))
        weights = [run.get("network", run) for run in (first, second)]
        assert all(torch.equal(weights[0][key], weights[1][key]) for key in weights[0])


def test_what_a_run_was_made_of_is_saved_beside_it(shots: list[Shot], labels: Path, tmp_path: Path) -> None:
    experiment = toy(labels, schedule=Schedule(steps=1, artifacts=4))
    train(experiment, shots, tmp_path / "run", lambda *_: None)
    told = json.loads((tmp_path / "run" / "run.json").read_text())
    assert Experiment.model_validate(told["experiment"]) == experiment
    assert told["identity"] == experiment.identity
    assert len(told["pictures_sha256"]) == 64
    assert told["packages"]["torch"] == torch.__version__.split("+")[0] or told["packages"]["torch"]


def test_another_experiment_does_not_continue_a_run(shots: list[Shot], labels: Path, tmp_path: Path) -> None:
    train(toy(labels, schedule=Schedule(steps=1, artifacts=4)), shots, tmp_path, lambda *_: None)
    with pytest.raises(ValueError, match="is of another experiment"):
        train(toy(labels, schedule=Schedule(steps=2, artifacts=4)), shots, tmp_path, lambda *_: None)


def test_a_run_does_not_go_on_with_other_pictures(shots: list[Shot], labels: Path, tmp_path: Path) -> None:
    experiment = toy(labels, schedule=Schedule(steps=1, artifacts=4))
    train(experiment, shots, tmp_path / "run", lambda *_: None)
    with pytest.raises(ValueError, match="its run began with other pictures"):
        train(experiment, shots[:-1], tmp_path / "run", lambda *_: None)


def test_artifacts_of_one_picture_each_are_refused_before_the_first_step(
    shots: list[Shot], labels: Path, tmp_path: Path
) -> None:
    with pytest.raises(PicturesError, match="has a second picture, so nothing can be judged"):
        train(toy(labels), shots[::3], tmp_path / "run", lambda *_: None)
    assert not (tmp_path / "run").exists()


def first_losses(experiment: Experiment, shots: list[Shot], folder: Path, steps: int) -> list[float]:
    losses: list[float] = []
    schedule = {"steps": steps, "rate": 1e-12, "head_rate": 1e-12, "warm_up": 0}
    still = experiment.model_copy(update={"schedule": experiment.schedule.model_copy(update=schedule)})
    train(still, shots, folder, lambda _, figures: losses.append(figures["loss"]))
    return losses


def test_a_step_may_gather_the_gradients_of_several_batches(
    shots: list[Shot], labels: Path, tmp_path: Path
) -> None:
    one = toy(labels, network=Network(backbone="toy", embedding=16, dropout=0.0))
    several = one.model_copy(update={"schedule": one.schedule.model_copy(update={"accumulation": 3})})
    apart = first_losses(one, shots, tmp_path / "one", 3)
    (together,) = first_losses(several, shots, tmp_path / "several", 1)
    assert together == pytest.approx(np.mean(apart), rel=1e-5)


def test_mixed_precision_learns_nearly_the_same(shots: list[Shot], labels: Path, tmp_path: Path) -> None:
    whole, mixed = (
        first_losses(toy(labels, precision=told), shots, tmp_path / told, 1)[0] for told in ("fp32", "bf16")
    )
    assert whole != mixed
    assert mixed == pytest.approx(whole, rel=0.02)


def test_training_stops_when_validation_no_longer_improves(
    shots: list[Shot], labels: Path, tmp_path: Path
) -> None:
    schedule = Schedule(steps=500, artifacts=4, rate=1e-9, head_rate=1e-9, validate_every=1, patience=3)
    outcome = train(toy(labels, schedule=schedule), shots, tmp_path, lambda *_: None)
    assert outcome.steps <= 10


def test_stages_learn_from_their_own_step_on(shots: list[Shot], labels: Path, tmp_path: Path) -> None:
    states = []
    for steps in (1, 4):
        schedule = Schedule(steps=steps, artifacts=4, thaw=(0, 3), warm_up=0, validate_every=1)
        train(toy(labels, schedule=schedule), shots, tmp_path / str(steps), lambda *_: None)
        states.append(torch.load(tmp_path / str(steps) / CHECKPOINT, weights_only=True)["network"])
    changed = [not torch.equal(states[0][f"backbone.layers.{n}.0.weight"],
                               states[1][f"backbone.layers.{n}.0.weight"]) for n in range(3)]  # fmt: skip
    assert changed == [False, True, True]


def test_one_picture_under_two_artifacts_stops_a_run(labels: Path, shots: list[Shot], tmp_path: Path) -> None:
    again = write_collection(tmp_path / "again")
    twins = [Shot(s.path, f"again-{s.artifact}", f"again-{s.institution}") for s in shots]
    assert again.exists()
    with pytest.raises(LeakError):
        train(toy(labels), [*shots, *twins], tmp_path / "run", lambda *_: None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = ", "not TOML"),
        ("name = 'x'\nsede = 1", "sede: Extra inputs"),
        ("name = 'x'\n[schedule]\nsteps = 0", "schedule.steps: Input should be greater"),
        ("name = 'x'\n[pictures]\ngenerated = 0", "there is nothing to learn"),
    ],
)
def test_a_description_that_cannot_be_used_names_its_field(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "experiment.toml"
    path.write_text(text)
    with pytest.raises(ExperimentError, match=told):
        read_experiment(path)


def test_the_description_that_comes_with_the_project_can_be_used(repository: Path) -> None:
    experiment = read_experiment(repository / "inference/training/experiments/default.toml")
    assert experiment.name == "museum"
    assert experiment.pictures.photos == ()

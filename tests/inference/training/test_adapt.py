from pathlib import Path

import pytest

pytest.importorskip("torch", reason="no torch: pip install 'museum-twin[train]'")

import torch

from inference.training.adapt import adapt, adapted, judged_on
from inference.training.experiment import Network, Schedule
from inference.training.network import EmbeddingNet
from inference.training.pictures import Shot
from tests.inference.training.conftest import toy


@pytest.fixture
def start(labels: Path) -> EmbeddingNet:
    torch.manual_seed(0)
    return EmbeddingNet("toy", toy(labels).preprocessing, embedding=16).eval()


def test_a_gallery_of_one_picture_each_is_told_apart_better_after_adaptation(
    shots: list[Shot], labels: Path, start: EmbeddingNet, tmp_path: Path
) -> None:
    gallery = shots[::3]
    schedule = Schedule(
        steps=60, artifacts=12, rate=5e-3, head_rate=5e-3, slower=1.0, thaw=(0, 0, 0), validate_every=20
    )
    experiment = toy(
        labels, augmentation=0.5, schedule=schedule, network=Network(backbone="toy", embedding=16, dropout=0)
    )
    found = adapt(experiment, start, gallery, tmp_path / "run", lambda *_: None)
    assert found.is_better
    recall = judged_on(experiment, gallery)
    assert recall(start) == found.before
    assert recall(adapted(experiment, tmp_path / "run")) == found.after


def test_an_adaptation_that_makes_things_worse_is_refused_and_the_network_stays(
    shots: list[Shot], labels: Path, start: EmbeddingNet, tmp_path: Path
) -> None:
    schedule = Schedule(
        steps=3, artifacts=12, rate=1.0, head_rate=1.0, warm_up=0, thaw=(0, 0, 0), validate_every=1
    )
    experiment = toy(labels, schedule=schedule)
    found = adapt(experiment, start, shots[::3], tmp_path / "run", lambda *_: None)
    assert not found.is_better
    kept = adapted(experiment, tmp_path / "run").state_dict()
    assert all(torch.equal(value, kept[name]) for name, value in start.state_dict().items())


def test_a_gallery_of_one_artifact_cannot_be_adapted_to(
    shots: list[Shot], labels: Path, start: EmbeddingNet, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="nothing to tell apart"):
        adapt(toy(labels), start, shots[:2], tmp_path, lambda *_: None)
